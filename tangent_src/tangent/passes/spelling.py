"""Calls of builtins and of methods of dicts that say in other words what the language holds.

list(map(f, xs))        ->      [f(x) for x in xs]
list(zip(xs, ys))       ->      [(x, y) for x, y in zip(xs, ys)]
options.get("k", 1.0)   ->      options["k"] if "k" in options else 1.0
"""

from __future__ import annotations

import functools
from typing import Any

import gast

from tangent.passes.functions import function_of
from tangent.passes.lowering import Lowering, method_key, static_of
from tangent.passes.units import MISSING
from tangent.syntax.trees import is_literal, literal, name, stored


def spelled_out(self: Lowering, node: gast.Call) -> Any | None:
    """The expression that a call stands for; None if it is an ordinary call."""
    if node.keywords:
        return None
    found, _ = static_of(self, node.func)
    if found is map and len(node.args) >= 2:
        return _mapped(self, node)
    if found is functools.reduce and len(node.args) == 3:
        return _reduced(self, node)
    if found in (list, tuple) and len(node.args) == 1 and _pairs(self, node.args[0]):
        listed = _listed(self, node.args[0])
        return listed if found is list else _call(node.func, listed)
    if found is MISSING and isinstance(node.func, gast.Attribute) and node.func.attr == "get":
        return _got(self, node) if method_key("get") is None else None
    return None


def _mapped(self: Lowering, node: gast.Call) -> Any | None:
    if function_of(self, node.args[0]) is None:
        return None
    items = [self.names.fresh("item") for _ in node.args[1:]]
    element = _call(node.args[0], *(name(i) for i in items))
    if len(items) == 1:
        return _comprehension(element, stored(items[0]), node.args[1])
    target = gast.Tuple(elts=[stored(i) for i in items], ctx=gast.Store())
    zipped = _call(gast.Name("zip", gast.Load(), None, None), *node.args[1:])
    return _comprehension(element, target, gast.copy_location(zipped, node))


def _reduced(self: Lowering, node: gast.Call) -> Any | None:
    """`functools.reduce(f, xs, start)`: a loop that carries the value so far."""
    function, items, start = node.args
    if function_of(self, function) is None:
        return None
    total, item = self.names.fresh("total"), self.names.fresh("item")
    self.local.update((total, item))
    first = gast.Assign(targets=[stored(total)], value=start, type_comment=None)
    step = gast.Assign(
        targets=[stored(total)],
        value=_call(function, name(total), name(item)),
        type_comment=None,
    )
    loop = gast.For(target=stored(item), iter=items, body=[step], orelse=[], type_comment=None)
    origin = self.current
    self.lower([_at(first, node), _at(loop, node)])
    self.current = origin
    return name(total)


def _pairs(self: Lowering, node: Any) -> bool:
    """`zip(…)`, `enumerate(…)`, `d.items()`: iterables that `for` takes apart."""
    if not isinstance(node, gast.Call):
        return False
    if static_of(self, node.func)[0] in (zip, enumerate):
        return not any(isinstance(a, gast.Starred) for a in node.args)
    return isinstance(node.func, gast.Attribute) and node.func.attr == "items" and not node.args


def _listed(self: Lowering, node: gast.Call) -> Any:
    several = static_of(self, node.func)[0] is zip
    items = [self.names.fresh("item") for _ in (node.args if several else range(2))]
    element = gast.Tuple(elts=[name(i) for i in items], ctx=gast.Load())
    target = gast.Tuple(elts=[stored(i) for i in items], ctx=gast.Store())
    return _at(_comprehension(element, target, node), node)


def _got(self: Lowering, node: gast.Call) -> Any | None:
    """`d.get(key, default)` of a key and a default that may be read twice, or not at all."""
    base, key = node.func.value, node.args[0]
    default = node.args[1] if len(node.args) == 2 else literal(None)
    if not (isinstance(base, gast.Name) and is_literal(key)):
        return None
    has = gast.Compare(left=key, ops=[gast.In()], comparators=[base])
    entry = gast.Subscript(value=base, slice=key, ctx=gast.Load())
    if not isinstance(default, (gast.Constant, gast.Name, gast.UnaryOp)):
        return None
    return _at(gast.IfExp(test=has, body=entry, orelse=default), node)


def _comprehension(element: Any, target: Any, items: Any) -> Any:
    generator = gast.comprehension(target=target, iter=items, ifs=[], is_async=0)
    return gast.ListComp(elt=element, generators=[generator])


def _call(function: Any, *args: Any) -> Any:
    return gast.Call(func=function, args=list(args), keywords=[])


def _at(node: Any, place: Any) -> Any:
    for one in gast.walk(node):
        if not hasattr(one, "lineno") and "lineno" in getattr(one, "_attributes", ()):
            gast.copy_location(one, place)
    return gast.copy_location(node, place)
