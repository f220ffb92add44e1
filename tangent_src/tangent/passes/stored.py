"""Loops that run through what was stored.

A gradient owns its lists: where a loop pops one of them in each iteration, the list says how many
there are to come, and nobody counts.

    for _ in range(count):                      while x_stored:
        x = x_stored.pop()           ->             x = x_stored.pop()

How a backward half reads its lists: a loop that pops one value each time runs over the
reversed list.

    for _ in range(steps):                      for u in reversed(u_stored):
        u = u_stored.pop()           ->             t = np.exp(-k * u)
        t = np.exp(-k * u)

So the record is not changed, and needs no copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import gast

from tangent.passes.glance import inner
from tangent.syntax.trees import call, name, names_in, stored, walk


def read_reversed(code: list[Any], record: list[str]) -> list[Any]:
    """`code` with such loops rewritten, for lists in `record`; loops inside others stay as they
    are.
    """
    uses = _uses(code)
    return [_loop(s, uses, record) if isinstance(inner(s), gast.For) else s for s in code]


def until_empty(code: list[Any], counts: set[str | None], lists: set[str]) -> list[Any]:
    """`code` with such loops rewritten; `lists` are those with one value for each iteration."""
    uses = _uses(code)
    return [_until_empty(s, uses, counts, lists) for s in code]


def _until_empty(
    statement: Any, uses: Mapping[str, int], counts: set[str | None], lists: set[str]
) -> Any:
    node = inner(statement)
    match node:
        case gast.For(
            target=gast.Name(id="_"),
            iter=gast.Call(func=gast.Name(id="@builtin:range"), args=[gast.Name(id=count)]),
        ) if count in counts:
            found = (_pop(inner(s)) for s in node.body)
            popped = [f[1] for f in found if f is not None and f[1] in lists]
            once = [n for n in popped if uses[n] == 1]
            if once:
                return gast.While(test=name(once[0]), body=node.body, orelse=[])
    return statement


def _uses(code: list[Any]) -> Mapping[str, int]:
    """How often each name stands there."""
    return Counter(n.id for s in code for n in walk(s) if isinstance(n, gast.Name))


def _loop(statement: Any, uses: Mapping[str, int], record: list[str]) -> Any:
    node = inner(statement)
    if not (isinstance(node.target, gast.Name) and node.target.id == "_"):
        return statement
    pops = [(s, *found) for s in node.body if (found := _pop(inner(s))) is not None]
    pops = [
        (s, target, source)
        for s, target, source in pops
        if _movable(target, source, node, uses, record)
    ]
    if not pops:
        return statement
    gone = {id(s) for s, _, _ in pops}
    body = [s for s in node.body if id(s) not in gone]
    lists = [call("@builtin:reversed", name(source)) for _, _, source in pops]
    if len(pops) == 1:
        return gast.For(stored(pops[0][1]), lists[0], body, [], None)
    target = gast.Tuple(elts=[stored(t) for _, t, _ in pops], ctx=gast.Store())
    return gast.For(target, call("@builtin:zip", *lists), body, [], None)


def _pop(node: Any) -> tuple[str, str] | None:
    """(target, list) of `target = list.pop()`."""
    match node:
        case gast.Assign(
            targets=[gast.Name(id=target)],
            value=gast.Call(func=gast.Attribute(value=gast.Name(id=source), attr="pop"), args=[]),
        ):
            return target, source
    return None


def _movable(
    target: str, source: str, loop: Any, uses: Mapping[str, int], record: list[str]
) -> bool:
    """Is the list read here alone, and the value neither bound again in the loop nor read before
    it is popped?
    """
    binds = sum(
        isinstance(n, gast.Name) and n.id == target and isinstance(n.ctx, gast.Store)
        for s in loop.body
        for n in walk(s)
    )
    if source not in record or uses[source] != 1 or binds != 1 or target in names_in(loop.iter):
        return False
    for statement in loop.body:
        if _pop(inner(statement)) == (target, source):
            return True
        if target in names_in(inner(statement)):
            return False
    return False
