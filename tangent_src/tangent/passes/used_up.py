"""Iterators under a name: each of their items comes once, and a list of them would come again.

    doubled = map(twice, x)
    return sum(doubled) + max(doubled)      # of no items, in Python

So a name for an iterator is read in one place, in the loop in which it is bound, or refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.lowering import Lowering, static_of

_MAKERS = (map, filter, zip, enumerate, reversed, iter)
_LOOPS = (gast.For, gast.While, gast.ListComp, gast.DictComp, gast.GeneratorExp, gast.Lambda)


def refuse_used_twice(self: Lowering, body: list[Any]) -> None:
    """Refuses the iterators of a function that may be used twice."""
    around = dict(_around(body, None))
    nodes = [n for s in body for n in gast.walk(s)]
    for node in nodes:
        if not isinstance(node, gast.Assign) or not _makes(self, node.value):
            continue
        own = getattr(node.targets[0], "id", None)
        reads = [n for n in nodes if _reads(n, own)]
        if len(reads) > 1 or any(around.get(id(r)) != around.get(id(node)) for r in reads):
            what = f"the iterator `{own}` may be used twice"
            self.refuse(what, "iterator", node, f"make a list of it: `{own} = list(...)`")


def _makes(self: Lowering, node: Any) -> bool:
    found = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    home = isinstance(found, type) and found.__module__ == itertools.__name__
    return any(found is maker for maker in _MAKERS) or home


def _reads(node: Any, own: Any) -> bool:
    return isinstance(node, gast.Name) and node.id == own and isinstance(node.ctx, gast.Load)


def _around(nodes: list[Any], loop: Any) -> Iterator[tuple[int, Any]]:
    """The innermost loop around each node, by their ids; the header of `for` stands outside."""
    for node in nodes:
        yield id(node), loop
        children = list(gast.iter_child_nodes(node))
        if isinstance(node, gast.For):
            yield from _around([node.iter], loop)
            children = [c for c in children if c is not node.iter]
        yield from _around(children, id(node) if isinstance(node, _LOOPS) else loop)
