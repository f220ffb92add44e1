"""Generators of the user's: which calls and objects give one.

def steps(x, n):                for v in steps(x, 3):       a call of a generator function
    for _ in range(n):          for v in model.steps(3):    of a method
        x = np.tanh(x)          for xb, yb in loader:       an object: its class has a generator
        yield x                                             for `__iter__`

Nothing of its body runs before somebody asks for the first item.  So it is written where its items
are asked for (`passes.yields`), and refused anywhere else.
"""

from __future__ import annotations

import inspect
import itertools
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent.passes.known import Bound, Closure, Known, Outside
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.members import known_object
from tangent.passes.objects import in_class, method_of
from tangent.passes.own_iteration import goes_itself
from tangent.passes.units import MISSING
from tangent.passes.yielding import yields_of
from tangent.syntax.trees import name

WRAPPERS = (zip, enumerate, itertools.islice, itertools.takewhile)


@dataclass(frozen=True)
class Generator:
    """The function of a generator, and what is passed in front of what the call has."""

    function: Closure | Outside
    args: tuple[Any, ...] = ()
    words: dict[str, Any] = field(default_factory=dict)
    call: Any = None  # the call that makes it; None where an object is gone through


def generator_of(self: Lowering, node: Any) -> Generator | None:
    """The generator that an expression makes; None if it makes none."""
    if isinstance(node, gast.Name) and node.id in self.drawn:
        return self.drawn[node.id]  # type: ignore[no-any-return]
    if isinstance(node, gast.Call) and isinstance(node.func, (gast.Name, gast.Attribute)):
        return _of_call(self, node)
    if isinstance(node, (gast.Name, gast.Attribute)):
        return _of_object(self, node)
    return None


def is_lazy(self: Lowering, node: Any) -> bool:
    """Is it a generator, or does it draw from one?"""
    if isinstance(node, gast.Call) and static_of(self, node.func)[0] in WRAPPERS:
        return any(is_lazy(self, a) for a in node.args)
    if isinstance(node, gast.Name) and node.id in self.iterators:
        return True
    return goes_itself(self, node) or generator_of(self, node) is not None


def _of_call(self: Lowering, node: gast.Call) -> Generator | None:
    known = self.functions.get(node.func.id) if isinstance(node.func, gast.Name) else None
    if known is not None:
        return _of_function(known, node)
    found = static_of(self, node.func)[0]
    if isinstance(found, type) and inspect.isgeneratorfunction(in_class(found, "__iter__")):
        return _of_object(self, node)
    if found is not MISSING:
        return _outside(self, found, (), node)
    if isinstance(node.func, gast.Name):
        return None
    base = node.func.value
    if not isinstance(base, (gast.Name, gast.Attribute)):
        return None
    inside = known_object(self, base)
    if inside is None:
        return None
    return _outside(self, method_of(inside[0], node.func.attr), (inside[1],), node)


def _of_object(self: Lowering, node: Any) -> Generator | None:
    inside = known_object(self, node)
    if inside is None or inside[0].fields is not None:
        return None
    return _outside(self, in_class(inside[0].cls, "__iter__"), (inside[1],), None)


def _of_function(known: Known, node: gast.Call) -> Generator | None:
    match known:
        case Closure(tree=tree) if any(yields_of(tree)):
            return Generator(known, call=node)
        case Outside(function=function) if inspect.isgeneratorfunction(function):
            return Generator(known, call=node)
        case Bound(inner=inner, args=args, words=words):
            made = _of_function(inner, node)
            if made is not None:
                return Generator(made.function, (*args, *made.args), {**words, **made.words}, node)
    return None


def _outside(self: Lowering, found: Any, args: tuple[Any, ...], node: Any) -> Generator | None:
    if not inspect.isfunction(found) or not inspect.isgeneratorfunction(found):
        return None
    constant = self.unit.registry.symbols.constant(found.__name__, found)
    return Generator(Outside(found, name(constant)), args, {}, node)
