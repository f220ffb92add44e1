"""Which calls make objects, or belong to them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

import gast

import tangent.runtime
from tangent.passes.construction import is_made, made, replaced_object, written_object
from tangent.passes.copying import copied_object
from tangent.passes.function_values import gradient_value, values_of, written_closure
from tangent.passes.inert import inert
from tangent.passes.iterators_kept import is_class_of
from tangent.passes.later import call_later, moved_value, written_later
from tangent.passes.literals import literal_truth, literal_word
from tangent.passes.lowering import Lowering, class_of_object, static_of
from tangent.passes.members import call_member, call_method_of, known_object, store_member
from tangent.passes.objects import Function, in_class
from tangent.passes.stars import refuse_stars, updates_attributes
from tangent.passes.templates import builtin_call, placed
from tangent.passes.written_words import shown
from tangent.rules.language import class_for
from tangent.syntax.program import Plain, Value
from tangent.syntax.trees import literal, name, names_in


def call_of_object(self: Lowering, node: gast.Call, arguments: Callable[[], Any]) -> Value | None:
    """The value of a call that makes an object, or is one of its methods; None of any other.

    `arguments` computes what is passed.
    """
    if isinstance(node.func, gast.Call) and _class_of(self, node.func.func) is not None:
        one = self.atom(node.func)
        self.local.add(one.id)
        node = gast.copy_location(gast.Call(one, node.args, node.keywords), node)
    asked = class_of_object(self, node)
    if asked is not None:
        return Plain(expr := inert(self, node), frozenset(names_in(expr)), fresh=False)
    cls = _class_of(self, node.func)
    if (
        cls is None
        and is_class_of(self, node.func)
        and [type(a) for a in node.args] == [gast.Starred]
    ):
        return _rebuilt(self, node)
    if cls is not None:
        return made(self, node, cls, arguments())
    found = static_of(self, node.func)[0]
    if found is tangent.runtime.instance or found is tangent.runtime.tangent_parts:
        return written_object(self, node, values_of(self, node, *arguments())[1])
    if (found is setattr or found is object.__setattr__) and len(node.args) == 3:
        return _set(self, node)
    if found is hasattr and (truth := literal_truth(self, node)) is not None:
        return Plain(literal(truth), frozenset(), scalar=True)
    if updates_attributes(node.func):
        return _update(self, node)
    if found is tangent.runtime.closure:
        return written_closure(self, node, values_of(self, node, *arguments())[1])
    kind = getattr(found, "derivative_by_tangent", None)
    if kind == "jvp":
        return moved_value(self, node)
    if kind is not None:
        return gradient_value(self, node, kind)
    again = written_later(self, node, found)
    if again is not None:
        return again
    copied = copied_object(self, node, found)
    if copied is not None:
        return copied
    if found is dataclasses.replace and len(node.args) == 1:
        return replaced_object(self, node, node.args[0], lambda: arguments()[1])
    if isinstance(node.func, gast.Attribute) and node.func.attr == "_replace" and not node.args:
        return replaced_object(self, node, node.func.value, lambda: arguments()[1])
    method = next((m for f, m in _BY_METHOD.items() if f is found), None)
    if method is not None and len(node.args) == 1 and not node.keywords:
        known = known_object(self, node.args[0])
        inside = in_class(known[0].cls, method) if known is not None else None
        if known is not None and isinstance(inside, FunctionType):
            return call_method_of(self, node, inside, [known[1]], {})
    return call_member(self, node, arguments)


def _rebuilt(self: Lowering, node: gast.Call) -> Value:
    """`type(t)(*items)` of a class that is known when the program runs: of a named tuple."""
    if self.unit.function is tangent.runtime.rebuilt or node.keywords:
        refuse_stars(self, node)
    given = [self.atom(node.func.args[0]), self.atom(builtin_call("list", node.args[0].value))]
    function = name(self.unit.registry.symbols.runtime("rebuilt"))
    return call_later(self, node, function, given, {})


def _set(self: Lowering, node: gast.Call) -> Value:
    """`setattr(p, "x", one)`."""
    base, word, one = node.args
    field = literal_word(self, word)
    if field is None:
        advice = "write the name of the attribute"
        self.refuse("an attribute is set under a name that is computed", "object", word, advice)
    target = gast.Attribute(value=base, attr=field, ctx=gast.Store())
    if not store_member(self, gast.copy_location(target, node), self.atom(one)):
        advice = "keep the value in a variable, or in a dict"
        self.refuse("an attribute is assigned to", "attribute-store", node, advice)
    return Plain(literal(None), frozenset())


def _update(self: Lowering, node: gast.Call) -> Value | None:
    """`p.__dict__.update(options)`, where the text shows the words."""
    base = node.func.value.value
    view = [gast.Call(gast.Attribute(a, "items", gast.Load()), [], []) for a in node.args]
    items = [shown(self, v) for v in view]
    if None in items or any(k.arg is None for k in node.keywords):
        return None
    pairs = [pair.elts for found in items if found is not None for pair in found()]
    pairs += [(literal(k.arg), k.value) for k in node.keywords]
    for word, one in pairs:
        made = gast.Call(func=name("@builtin:setattr"), args=[base, word, one], keywords=[])
        _set(self, placed(gast.copy_location(made, node), node))
    return Plain(literal(None), frozenset())


_BY_METHOD = {
    len: "__len__",
    next: "__next__",
    iter: "__iter__",
    abs: "__abs__",
    float: "__float__",
    round: "__round__",
    math.floor: "__floor__",
    math.ceil: "__ceil__",
    math.trunc: "__trunc__",
}


def _class_of(self: Lowering, node: Any) -> type | None:
    """The class that is called."""
    of_object = class_of_object(self, node)
    if of_object is not None:
        return of_object
    known = self.types.get(node.id) if isinstance(node, gast.Name) else None
    if isinstance(known, Function) and isinstance(known.function, type):
        return known.function
    if isinstance(node, (gast.Name, gast.Attribute)):
        found, reference = static_of(self, node)
        if is_made(found):
            self.unit.registry.resolve(reference, found)
            return found if isinstance(found, type) else None
        return class_for(found)
    return None
