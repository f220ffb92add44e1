"""Which names surely hold a list, a tuple, a dict or a set: `+` and `*` mean something else there.

    ys = [x]            ys: list
    zs = ys + [x]       zs: list, so that this joins two lists
    total = zs[0] + x   a sum

A fact holds from the assignment on.  Where paths meet it survives if each of them gives it; into a
loop it goes if each assignment in the body keeps it, as one sees from its text alone.
"""

from __future__ import annotations

from typing import Any

import gast

import tangent.runtime as runtime
from tangent.analyses.sharing import JOINS
from tangent.runtime import keyed
from tangent.syntax.program import Apply, Copy, Display, Item, Plain, Value

SEQUENCES = ("list", "tuple")
_SAME = (runtime.own, runtime.private, runtime.unshared, runtime.whole)  # of the kind of the first


def note_kind(kinds: dict[str, str], target: str, value: Value) -> None:
    """After `target = value`."""
    found = _kind_of(kinds, value)
    if found is None:
        kinds.pop(target, None)
    else:
        kinds[target] = found


def _kind_of(kinds: dict[str, str], value: Value) -> str | None:
    match value:
        case Display(kind=kind):
            return kind
        case Copy(source=source):
            return kinds.get(source)
        case Item(base=base, index=gast.Slice()):
            return kinds.get(base) if kinds.get(base) in SEQUENCES else None
        case Plain(expr=gast.Call(func=gast.Name(id="@zero_tangent"), args=[first])):
            return kind_of_atom(kinds, first)
        case Plain(expr=gast.Call(func=gast.Name(id="@builtin:set" | "@builtin:frozenset"))):
            return "set"
        case Apply(rule=rule) if rule.function is keyed:
            return "dict"
        case Apply(rule=rule) if rule.function in (list, tuple):
            return str(rule.function.__name__)
        case Apply(rule=rule, arguments=arguments) if rule.function in (*JOINS, *_SAME):
            first = next(iter(arguments.values()))
            return kind_of_atom(kinds, first)
    return None


def kind_of_atom(kinds: dict[str, str], atom: Any) -> str | None:
    return kinds.get(atom.id) if isinstance(atom, gast.Name) else None


def joined_kinds(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """What holds behind a branch."""
    return {n: k for n, k in first.items() if second.get(n) == k}


def kept_in_loop(kinds: dict[str, str], body: list[Any], *targets: Any) -> dict[str, str]:
    """What holds in each iteration, of what holds in front of the loop."""
    lost = {n.id for t in targets for n in gast.walk(t) if isinstance(n, gast.Name)}
    for node in (n for s in body for n in gast.walk(s)):
        if isinstance(node, gast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, gast.Name) and _written(node.value, target.id, kinds):
                continue
        if isinstance(node, gast.AugAssign):
            continue
        for target in getattr(node, "targets", None) or [getattr(node, "target", None)]:
            lost |= {
                n.id
                for n in (gast.walk(target) if target is not None else ())
                if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
            }
    return {n: k for n, k in kinds.items() if n not in lost}


def _written(node: Any, target: str, kinds: dict[str, str]) -> bool:
    """Does the text of a value show that `target` keeps its kind?"""
    kind = kinds.get(target)
    if isinstance(node, gast.Name):
        return str(node.id) == target
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Add):
        return _written(node.left, target, kinds) or _written(node.right, target, kinds)
    if isinstance(node, gast.Subscript) and isinstance(node.slice, gast.Slice):
        return _written(node.value, target, kinds)
    return kind is not None and bool(_DISPLAYS.get(type(node)) == kind)


_DISPLAYS = {
    gast.List: "list",
    gast.ListComp: "list",
    gast.Tuple: "tuple",
    gast.Dict: "dict",
    gast.DictComp: "dict",
}
