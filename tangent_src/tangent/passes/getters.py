"""The functions that `operator` makes, as what they stand for.

itemgetter(0, 2)            ->      lambda x: (x[0], x[2])
attrgetter("a.b")           ->      lambda x: x.a.b
methodcaller("sum", 0)      ->      lambda x: x.sum(0)
"""

from __future__ import annotations

import functools
import operator
from typing import Any

import gast

from tangent.passes.lowering import Lowering, static_of
from tangent.syntax.trees import is_literal, item, literal, name

GETTERS = (operator.itemgetter, operator.attrgetter, operator.methodcaller)


def written_getter(self: Lowering, node: gast.Call) -> Any | None:
    """The `lambda` that such a call stands for; None if it is another call."""
    maker = static_of(self, node.func)[0]
    words = {k.arg: k.value for k in node.keywords}
    if maker not in GETTERS or None in words or not all(map(is_literal, _given(node))):
        return None
    return _lambda(self, maker, node.args, words)


def _given(node: gast.Call) -> list[Any]:
    return [*node.args, *(k.value for k in node.keywords)]


def met_getter(self: Lowering, getter: Any) -> Any | None:
    """The same for one that is found outside."""
    maker: Any
    maker, args = getter.__reduce__()[:2]
    words: dict[str, Any] = {}
    if isinstance(maker, functools.partial):
        maker, args, words = maker.func, (*maker.args, *args), maker.keywords
    nodes = [literal(a) for a in args if isinstance(a, (int, str))]
    given = {k: literal(a) for k, a in words.items() if isinstance(a, (int, str))}
    whole = len(nodes) == len(args) and given.keys() == words.keys()
    return _lambda(self, maker, nodes, given) if whole else None


def _lambda(self: Lowering, maker: Any, args: list[Any], words: dict[str, Any]) -> Any | None:
    if not args:
        return None
    own = self.names.fresh("x")
    parts = [_part(maker, name(own), a, args[1:], words) for a in args]
    if maker is operator.methodcaller or len(args) == 1:
        body = parts[0]
    else:
        body = gast.Tuple(elts=parts, ctx=gast.Load())
    parameter = gast.Name(own, gast.Param(), None, None)
    return gast.Lambda(gast.arguments([parameter], [], None, [], [], None, []), body)


def _part(maker: Any, base: Any, first: Any, rest: list[Any], words: dict[str, Any]) -> Any:
    if maker is operator.itemgetter:
        return item(base, first)
    if maker is operator.methodcaller:
        method = gast.Attribute(base, first.value, gast.Load())
        return gast.Call(method, rest, [gast.keyword(arg=k, value=v) for k, v in words.items()])
    for attribute in first.value.split("."):
        base = gast.Attribute(base, attribute, gast.Load())
    return base
