"""Iterators under a name: each of their items comes once, and a list of them would come again.

    doubled = map(twice, x)
    return sum(doubled) + max(doubled)      # of no items, in Python

So a name for an iterator is read in one place, in the loop in which it is bound, or refused.

    doubled = map(twice, x)
    x[0] = 5.0                              # seen by `doubled`, which has not begun

What an iterator reads may not change before it is used up either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.acting import acts, refuse_acting
from tangent.passes.groups import refuse_groups
from tangent.passes.iterators_kept import (
    TO_THE_END,
    is_class_of,
    is_lazy,
    makes_iterator,
    pairs_in,
    refuse_kept,
)
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.stepping import note_stepped
from tangent.passes.steps import Uses, changed_in, goes_through, steps_through, writes
from tangent.syntax.trees import names_in

_LOOPS = (gast.For, gast.While, gast.ListComp, gast.DictComp, gast.GeneratorExp, gast.Lambda)


def refuse_used_twice(self: Lowering, body: list[Any]) -> None:
    """Refuses the iterators of a function that may be used twice, or too late; notes those that
    are asked for their items one by one (`passes.stepping`).
    """
    refuse_groups(self, body)
    refuse_kept(self, body)
    _refuse_interleaved(self, body)
    around, uses = dict(_around(body, None)), Uses.of(body)
    for node in (n for s in body for n in gast.walk(s)):
        if isinstance(node, gast.For) and is_lazy(self, node.iter):
            _refuse_changed(self, node, node.iter, node.body)
        own = _named(node)
        if own is None:
            continue
        iterator = makes_iterator(self, node.value)
        reads = [n for _, n in uses.reads.get(own, ())]
        once = len(reads) == 1 and around.get(id(reads[0])) == around.get(id(node))
        stepped = bool(reads) and steps_through(self, body, node, uses)
        lazy = stepped or is_lazy(self, node.value)
        if reads and lazy and acts(self, node.value):
            refuse_acting(self, node.value)
        if stepped:
            note_stepped(self, own, node.value)
        elif iterator and reads and not once:
            what = f"the iterator `{own}` may be used twice"
            self.refuse(what, "iterator", node, f"make a list of it: `{own} = list(...)`")
        elif iterator:
            later = _until_used(body, node, own)
            _refuse_changed(self, node, node.value, later)
            if later and is_lazy(self, node.value):
                _refuse_written(self, node, body, own, uses)
        elif once and goes_through(self, uses, own):
            if not changed_in(node.value, _until_used(body, node, own)):
                self.once.add(own)


def _refuse_interleaved(self: Lowering, body: list[Any]) -> None:
    """Refuses items that change something for a function that does something between them."""
    for parent, node in (pair for s in body for pair in pairs_in(s)):
        if not isinstance(parent, gast.Call) or not any(node is a for a in parent.args):
            continue
        found = static_of(self, parent.func)[0]
        passed_on = is_lazy(self, parent) or any(found is f for f in (next, zip, enumerate))
        keyed = any(k.arg == "key" for k in parent.keywords)
        plain = any(found is f for f in TO_THE_END) or is_class_of(self, parent.func)
        plain = plain and not keyed
        if not (plain or passed_on) and is_lazy(self, node) and acts(self, node):
            refuse_acting(self, node)


def _refuse_written(self: Lowering, node: Any, body: list[Any], own: str, uses: Uses) -> None:
    """Refuses writes between an iterator and its use, under whatever name."""
    between = [s for s in _until_used(body, node, own) if not _inside_use(s, body, own)]
    read = names_in(node.value) | uses.inner
    if any(writes(self, n, read) for s in between for n in gast.walk(s)):
        what = "what an iterator reads is changed before it is used up"
        self.refuse(what, "iterator", node, "make a list of its items: `list(...)`")


def _inside_use(statement: Any, body: list[Any], own: str) -> bool:
    """Does it stand in the loop that goes through the iterator?"""
    loops = (n for s in body for n in gast.walk(s) if isinstance(n, gast.For))
    return any(own in names_in(n.iter) and statement in n.body for n in loops)


def _named(node: Any) -> Any:
    """The name that a call or generator is bound to."""
    if not isinstance(node, gast.Assign) or len(node.targets) != 1:
        return None
    made = isinstance(node.value, (gast.Call, gast.GeneratorExp))
    return getattr(node.targets[0], "id", None) if made else None


def _until_used(body: list[Any], node: Any, own: Any) -> list[Any]:
    """The statements behind the binding of an iterator, to the end of its block or its use."""
    inside = [n for s in body for n in gast.walk(s)]
    blocks = [getattr(n, f, None) for n in inside for f in ("body", "orelse", "finalbody")]
    block = next(b for b in [body, *blocks] if isinstance(b, list) and node in b)
    found: list[Any] = []
    for statement in block[block.index(node) + 1 :]:
        if any(_reads(n, own) for n in gast.walk(statement)):
            return [*found, *(statement.body if isinstance(statement, gast.For) else [])]
        found.append(statement)
    return found


def _refuse_changed(self: Lowering, place: Any, iterator: Any, body: list[Any]) -> None:
    if changed_in(iterator, body):
        what = "what an iterator reads is changed before it is used up"
        self.refuse(what, "iterator", place, "make a list of its items: `list(...)`")


def _reads(node: Any, own: Any) -> bool:
    return isinstance(node, gast.Name) and node.id == own and isinstance(node.ctx, gast.Load)


def _around(nodes: list[Any], loop: Any) -> Iterator[tuple[int, Any]]:
    """The innermost loop around each node, by their ids; what a loop goes through, and the first
    part of a comprehension, stand outside.
    """
    for node in nodes:
        yield id(node), loop
        inside = id(node) if isinstance(node, _LOOPS) else loop
        yield from _around(list(gast.iter_child_nodes(node)), inside)
        if isinstance(node, gast.For):
            yield from _around([node.iter], loop)
        if isinstance(node, (gast.ListComp, gast.DictComp, gast.GeneratorExp)):
            yield from _around([node.generators[0].iter], loop)
