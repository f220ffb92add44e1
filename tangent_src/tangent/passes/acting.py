"""Expressions that do more than give a value: what is computed later than it stands there, item by
item, must not be computed at once where others see what it does.

    m = map(step, x)        # def step(v): state["n"] += 1; …
    before = state["n"]     # of none of the items, in Python
    return sum(m) * before
"""

from __future__ import annotations

import inspect
from types import FunctionType, ModuleType
from typing import Any

import gast

from tangent.passes.bound_methods import CHANGING
from tangent.passes.iterators_kept import own_function, tree_of
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.objects import Object, in_class
from tangent.passes.units import MISSING
from tangent.rules.language import of_library

_DISPLAYS = (gast.List, gast.Dict, gast.Set, gast.ListComp, gast.DictComp, gast.SetComp)
_NEW = (
    "zeros",
    "ones",
    "empty",
    "full",
    "zeros_like",
    "ones_like",
    "array",
    "copy",
    "list",
    "dict",
)


def acts(self: Lowering, node: Any) -> bool:
    """May the value of an expression not be computed without anybody seeing that it was?"""
    return _any(self, node, None, frozenset())


def _any(self: Lowering, node: Any, home: Any, seen: frozenset[int]) -> bool:
    return any(_acts(self, n, node, home, seen) for n in gast.walk(node))


def refuse_acting(self: Lowering, node: Any) -> None:
    what = "an iterator whose items change something when they are computed"
    self.refuse(what, "iterator", node, "compute them in the loop that goes through them")


def _acts(self: Lowering, node: Any, body: Any, home: Any, seen: frozenset[int]) -> bool:
    match node:
        case gast.Nonlocal() | gast.Global() | gast.keyword(arg="out"):
            return True
        case gast.Subscript(value=base, ctx=gast.Store() | gast.Del()):
            return not _is_new(base, body)
        case gast.Attribute(ctx=gast.Store() | gast.Del()):
            return True
        case gast.AugAssign(target=gast.Name() as target):
            return not _is_new(target, body, (gast.Constant, gast.UnaryOp, gast.Call))
        case gast.Call(func=gast.Attribute(value=base, attr=word)) if word in CHANGING:
            return not _is_new(base, body)
        case gast.Call(func=function) if _found(self, function, home) is next:
            return True
        case gast.Name() | gast.Attribute() | gast.Lambda():
            tree, inside = _function(self, node, home)
            if tree is None or id(tree) in seen:
                return False
            return _any(self, tree, inside, seen | {id(tree)})
    return False


def _function(self: Lowering, node: Any, home: Any) -> tuple[Any, Any]:
    """The text of the function of the user's that a name or attribute stands for, and the function
    that says what its names mean; (None, None) if it is no function.
    """
    if isinstance(node, gast.Lambda):
        return None, None  # its text stands in the expression
    found = _found(self, node, home)
    if found is MISSING and isinstance(node, gast.Attribute):
        known = self.types.get(getattr(node.value, "id", "")) if home is None else None
        found = in_class(known.cls, node.attr) if isinstance(known, Object) else MISSING
    if isinstance(found, FunctionType) and not of_library(found):
        return tree_of(self, found), found
    if found is MISSING and isinstance(node, gast.Name) and home is None:
        return own_function(self, node), None
    return None, None


def _found(self: Lowering, node: Any, home: Any) -> Any:
    """What a dotted name means in a function; MISSING if it is a variable of it."""
    if home is None:
        return static_of(self, node)[0]
    if isinstance(node, gast.Attribute):
        base = _found(self, node.value, home)
        return getattr(base, node.attr, MISSING) if isinstance(base, ModuleType | type) else MISSING
    if not isinstance(node, gast.Name):
        return MISSING
    outside = inspect.getclosurevars(home)
    for names in (outside.nonlocals, outside.globals, outside.builtins):
        if node.id in names:
            return names[node.id]
    return MISSING


def _is_new(base: Any, body: Any, more: tuple[type, ...] = ()) -> bool:
    """Is it a variable of the function that holds nothing but what is made there?"""
    if not isinstance(base, gast.Name):
        return False
    nodes = list(gast.walk(body))
    bindings = [n for n in nodes if isinstance(n, (gast.Assign, gast.AnnAssign))]
    values = [
        n.value
        for n in bindings
        for t in getattr(n, "targets", None) or [n.target]
        if getattr(t, "id", None) == base.id
    ]
    stores = [n for n in nodes if getattr(n, "id", None) == base.id]
    stores = [n for n in stores if not isinstance(n.ctx, gast.Load)]
    updates = sum(isinstance(n, gast.AugAssign) and n.target in stores for n in nodes)
    made = all(isinstance(v, (*_DISPLAYS, *more)) or _makes(v) for v in values)
    return bool(values) and made and len(stores) == len(values) + updates


def _makes(value: Any) -> bool:
    function = getattr(value, "func", None)
    return getattr(function, "attr", getattr(function, "id", "")) in _NEW
