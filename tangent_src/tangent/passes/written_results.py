"""Calls whose results are written into, as the text of the caller shows.

    inner = interior(u)                      def interior(u):
    inner *= 2.0                                 return u[1:-1]
    row(A, i)[0] = e

If such a result shows the memory of an argument, the function is written into its caller
(`passes.inlining`): then a store is one into the argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from tangent.syntax.trees import names_in

_CHANGES = frozenset({"sort", "fill", "partition", "put", "resize", "append", "extend", "insert"})


def written_results(tree: Any) -> frozenset[int]:
    """The calls and attributes of a function through whose values something may be written."""
    nodes = list(gast.walk(tree))
    places = [place for node in nodes for place in _written(node)]
    bound = [pair for node in nodes for pair in _bound(node)]
    done = 0
    names: set[str] = set()
    while done < len(places):
        names |= {n for place in places[done:] for n in names_in(place)}
        done = len(places)
        places += [value for target, value in bound if names_in(target) & names]
        bound = [(target, value) for target, value in bound if not names_in(target) & names]
    inside = (n for place in places for n in gast.walk(place))
    return frozenset(id(n) for n in inside if isinstance(n, gast.Call | gast.Attribute))


def _written(node: Any) -> Iterator[Any]:
    """What a statement or call may write into."""
    match node:
        case gast.AugAssign(target=target):
            yield target
        case gast.Subscript(value=value, ctx=gast.Store()):
            yield value
        case gast.Attribute(value=value, ctx=gast.Store()):
            yield value
        case gast.Call(func=gast.Attribute(value=value, attr=attribute)) if attribute in _CHANGES:
            yield value
        case gast.Expr(value=gast.Call(args=args)):  # called for what it does
            yield from args
        case gast.keyword(arg="out", value=value):
            yield value


def _bound(node: Any) -> Iterator[tuple[Any, Any]]:
    """What a name is bound to, and what it is taken from."""
    match node:
        case gast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case gast.AnnAssign(target=target, value=value) if value is not None:
            yield target, value
        case gast.NamedExpr(target=target, value=value):
            yield target, value
        case gast.For(target=target, iter=value):
            yield target, value
