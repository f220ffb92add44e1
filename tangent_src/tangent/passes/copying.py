"""Copies of objects: by `copy.copy` and `copy.deepcopy`.

    q = copy.copy(p)        a call of `p.__copy__` where the class says how it is copied,
                            else an object of the same class with the same attributes

The rules of the two are those of the second.  Where a class that the program knows has something to
say of its copies, and it is not known of which class a value is, the text asks.
"""

from __future__ import annotations

import copy
from types import FunctionType
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.members import call_method_of, known_object
from tangent.passes.no_objects import ANYTHING
from tangent.passes.objects import in_class
from tangent.rules.language import Rule, lookup
from tangent.runtime import no_copier
from tangent.syntax.program import Apply, Display, Value
from tangent.syntax.trees import call, name, names_in

# what a class may say of its copies, as `no_copier` asks
_WORDS = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__")
_BY_METHOD = {copy.copy: "__copy__", copy.deepcopy: "__deepcopy__"}


def copied_object(self: Lowering, node: gast.Call, function: Any) -> Value | None:
    """The value of a call of one of the two; None of any other, and where a copy is like another
    in all that the program knows.
    """
    method = next((m for f, m in _BY_METHOD.items() if f is function), None)
    about = self.unit.registry.objects
    if method is None or len(node.args) != 1 or node.keywords:
        return None
    if ANYTHING not in about and about.isdisjoint(_WORDS):
        return None
    known = known_object(self, node.args[0])
    inside = in_class(known[0].cls, method) if known is not None else None
    if known is not None and isinstance(inside, FunctionType):
        return call_method_of(self, node, inside, [known[1], *_memo(self, method)], {})
    base = known[1] if known is not None else self.atom(node.args[0])
    if not isinstance(base, gast.Name) or base.id[0] == "@":
        self.done[id(node.args[0])] = node.args[0], base
        return None
    return _asked(self, function, base)


def _memo(self: Lowering, method: str) -> list[Any]:
    """What `copy.deepcopy` passes beside the object."""
    if method == "__copy__":
        return []
    empty = gast.Dict(keys=[], values=[])
    return [self.temporary(Display(empty, frozenset(), "dict", (), ()))]


def _asked(self: Lowering, function: Any, base: Any) -> Apply:
    symbols, rule = self.unit.registry.symbols, lookup(function)
    asked = lookup(no_copier)
    assert isinstance(rule, Rule)
    assert isinstance(asked, Rule)
    expr = call(symbols.runtime("no_copier"), base)
    sure = self.temporary(Apply(expr, frozenset(names_in(base)), asked, {"value": base}))
    made = gast.Attribute(name(symbols.imported(copy)), function.__name__, gast.Load())
    whole = gast.Call(func=made, args=[sure], keywords=[])
    return Apply(whole, frozenset({sure.id}), rule, {"x": sure})
