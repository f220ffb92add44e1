"""Which functions are generators: those with a `yield` of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.lowering import Lowering

YIELDS = (gast.Yield, gast.YieldFrom)
_SCOPES = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef)


def refuse_generator(self: Lowering, tree: Any, place: Any = None) -> None:
    """A generator function that is called as others are: nobody knows when its body runs."""
    for node in yields_of(tree):
        if place is not None:
            advice = "loop over it here: `for v in …`, or make a list of it: `list(…)`"
            self.refuse("a generator that is not gone through here", "generator", place, advice)
        advice = "loop over it in the function that calls it: `for v in …`, or `list(…)`"
        code = type(node).__name__.lower()
        self.refuse("a generator is not supported", code, node, advice)


def yields_of(tree: Any) -> Iterator[Any]:
    return (node for node in own_nodes(tree) if isinstance(node, YIELDS))


def own_nodes(tree: Any) -> Iterator[Any]:
    """The nodes of the body of a function, those of functions in it aside."""
    todo = list(reversed(tree.body))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(reversed(list(gast.iter_child_nodes(node))))
