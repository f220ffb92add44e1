"""Functions under `functools.singledispatch`: the class of the first argument says which one runs.

area(s)         ->      the function for the class of `s`, where that is known
                        else a branch for each, by [circle, square].index(area.dispatch(type(s)))
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import gast

from tangent.passes.kinds import kind_of_atom
from tangent.passes.known import Choice, Known, Outside, Table
from tangent.passes.lowering import Lowering
from tangent.passes.objects import Object
from tangent.syntax.program import Plain
from tangent.syntax.trees import call, method_call, name, names_in

_WRAPPER = functools.singledispatch(lambda x: x).__code__  # type: ignore[attr-defined]
_CLASSES = {"list": list, "tuple": tuple, "dict": dict}


@dataclass(frozen=True)
class Chosen:
    """Which function runs for a class: another one as soon as one is registered."""

    function: Any
    cls: type

    def get(self) -> Any:
        return self.function.dispatch(self.cls)


def is_dispatched(function: Any) -> bool:
    return getattr(function, "__code__", None) is _WRAPPER


def dispatched(self: Lowering, function: Any, args: list[Any]) -> Known | None:
    """The function that a call with these arguments runs; None where it does not say by what."""
    if not args or not isinstance(args[0], gast.AST):
        return None
    cls = _class_of(self, args[0])
    if cls is not None:
        chosen = Chosen(function, cls)
        self.unit.registry.watch_dispatch(chosen)
        return _outside(self, chosen.get())
    different = list(dict.fromkeys(function.registry.values()))
    if not all(isinstance(one, FunctionType) for one in different):
        return None
    entries = {i: _outside(self, one) for i, one in enumerate(different)}
    kind = call("@builtin:type", args[0])
    found = method_call(_constant(self, function), "dispatch", kind)
    known = gast.List([one.expr for one in entries.values()], gast.Load())
    at = Plain(method_call(known, "index", found), frozenset(names_in(args[0])), scalar=True)
    return Choice(Table(entries, by_position=True), self.temporary(at))


def _class_of(self: Lowering, one: Any) -> type | None:
    """The class of an atom, where it is surely known."""
    known = self.types.get(getattr(one, "id", ""))
    if isinstance(known, Object):
        return known.cls
    return _CLASSES.get(kind_of_atom(self.kinds, one) or "")


def _outside(self: Lowering, function: Callable[..., Any]) -> Outside:
    return Outside(function, _constant(self, function))


def _constant(self: Lowering, function: Callable[..., Any]) -> Any:
    return name(self.unit.registry.symbols.constant(function.__name__, function))
