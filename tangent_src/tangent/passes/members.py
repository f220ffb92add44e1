"""Attributes, methods and operators of objects whose class is known.

model.apply(x)          a call of the function that the class has under this name
model.total             a property: a call; else the attribute itself
a + b                   a call of `__add__`, or of `__radd__`
super().__init__(w)     a call of the function of the next class
"""

from __future__ import annotations

import functools
from types import FunctionType
from typing import Any

import gast

from tangent.passes.calls import call_function, specialised_call
from tangent.passes.functions import function_of
from tangent.passes.inert import captured
from tangent.passes.known import Closure, Known, Outside
from tangent.passes.lowering import Lowering, atom_value, method_key, static_of
from tangent.passes.objects import (
    Each,
    Function,
    Many,
    Object,
    Seen,
    in_class,
    put,
    type_of,
)
from tangent.passes.signatures import bound_arguments
from tangent.passes.standing_in import written_out
from tangent.passes.units import MISSING
from tangent.syntax.program import Assign, Copy, Item, Plain, Store, Value
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import field, literal, name, names_in

OPERATORS = {
    gast.Add: "add",
    gast.Sub: "sub",
    gast.Mult: "mul",
    gast.Div: "truediv",
    gast.FloorDiv: "floordiv",
    gast.Mod: "mod",
    gast.Pow: "pow",
    gast.MatMult: "matmul",
    gast.USub: "neg",
    gast.UAdd: "pos",
    gast.Invert: "invert",
}
COMPARISONS = {
    gast.Eq: "eq",
    gast.NotEq: "ne",
    gast.Lt: "lt",
    gast.LtE: "le",
    gast.Gt: "gt",
    gast.GtE: "ge",
}


def known_object(self: Lowering, node: Any) -> tuple[Object, Any] | None:
    """The type of an expression that is an object, and an atom for it; None where it is none.

    Nothing is emitted unless the answer is an object.
    """
    if isinstance(node, gast.Name) and self.is_local(node.id):
        known = self.types.get(node.id)
        return (known, name(node.id)) if isinstance(known, Object) else None
    if isinstance(node, (gast.Name, gast.Attribute)):
        found, reference = _outside(self, node)
        known = type_of(found) if found is not MISSING else None
        if isinstance(known, Object):
            if reference is not None:
                self.unit.registry.watch_type(Seen(reference, known))
            return known, captured(self, node).expr
        if found is not MISSING:
            return None
    if isinstance(node, (gast.Attribute, gast.Call, gast.Subscript)) and _promising(self, node):
        one = self.atom(node)
        known = self.types.get(one.id) if isinstance(one, gast.Name) else None
        self.local.add(getattr(one, "id", ""))
        return (known, one) if isinstance(known, Object) else None
    return None


def has_objects(self: Lowering, node: gast.Attribute) -> bool:
    """Does an attribute of an object hold objects of different classes?"""
    if not isinstance(node.value, gast.Name):
        return False
    known = self.types.get(node.value.id)
    return isinstance(known, Object) and isinstance(known.attribute(node.attr), Each)


def _outside(self: Lowering, node: Any) -> tuple[Any, Reference | None]:
    """An object from outside: a global, or an attribute of one."""
    found, reference = static_of(self, node)
    if found is not MISSING or not isinstance(node, gast.Attribute):
        return found, reference
    base, _ = _outside(self, node.value)
    if base is MISSING or not isinstance(type_of(base), Object):
        return MISSING, None
    held = getattr(base, "__dict__", {})
    return held.get(node.attr, MISSING), Reference(base, node.attr)


def _promising(self: Lowering, node: Any) -> bool:
    """May the value be an object of a known class?  Then it is computed first, once."""
    inner = node.value if not isinstance(node, gast.Call) else node.func
    if isinstance(node, gast.Call) and isinstance(inner, gast.Attribute):
        inner = inner.value
    if isinstance(node, gast.Call) and isinstance(inner, gast.Name):
        if isinstance(function_of(self, inner), (Closure, Outside)):
            return True
    root = inner
    while isinstance(root, (gast.Attribute, gast.Subscript)):
        root = root.value
    if isinstance(root, gast.Name):
        if self.types.get(root.id) is not None or root.id in self.virtual:
            return True
        found, _ = static_of(self, root)
        return isinstance(found, type) or isinstance(type_of(found), (Object, Many, Each))
    return isinstance(root, gast.Call) and _promising(self, root)


# ---------------------------------------------------------------- attributes


def member(self: Lowering, node: gast.Attribute) -> Value | None:
    """The value of an attribute of an object of a known class."""
    if isinstance(node.value, gast.Name) and node.value.id in self.virtual:
        return _of_virtual(self, node)
    found = known_object(self, node.value)
    if found is None:
        return None
    known, base = found
    inside = in_class(known.cls, node.attr)
    if isinstance(inside, (property, functools.cached_property)):
        getter = inside.fget if isinstance(inside, property) else inside.func
        return call_method_of(self, node, getter, [base], {})
    if known.fields and node.attr in known.fields and base.id[0] != "@":
        expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
        index = literal(known.fields.index(node.attr))
        return Item(expr, frozenset({base.id}), base.id, index)
    expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
    if base.id[0] == "@":
        return Plain(expr, frozenset(), fresh=False)
    own = known.own is not None and node.attr in known.own
    if inside is not None and known.own is None and not _is_default(known.cls, node.attr):
        what = f"`{node.attr}` may be an attribute of the object, or of its class"
        self.refuse(what, "attribute", node, "set it in `__init__`, or name the class")
    if node.attr.startswith("__"):
        self.refuse(f"`{node.attr}` of an object", "attribute", node, "name the attribute")
    if inside is not None and not own and not _is_default(known.cls, node.attr):
        return Plain(expr, frozenset({base.id}), fresh=False)
    return Item(expr, frozenset({base.id}), base.id, field(node.attr))


def _is_default(cls: type, attribute: str) -> bool:
    """Is an attribute of the class the default of a field of its instances?"""
    return attribute in getattr(cls, "__dataclass_fields__", {})


def _of_virtual(self: Lowering, node: gast.Attribute) -> Value:
    fields, cls = self.virtual[node.value.id], self.making[node.value.id]
    if node.attr in fields:
        return Copy(name(fields[node.attr]), frozenset({fields[node.attr]}), fields[node.attr])
    inside = in_class(cls, node.attr)
    if isinstance(inside, property):
        return call_method_of(self, node, inside.fget, [node.value], {})
    if inside is None or isinstance(inside, (FunctionType, staticmethod, classmethod)):
        advice = "set the attribute first"
        self.refuse("an attribute of an object that is being made", "object", node, advice)
    constant = self.unit.registry.symbols.constant(cls.__name__, cls)
    expr = gast.Attribute(value=name(constant), attr=node.attr, ctx=gast.Load())
    return Plain(expr, frozenset(), fresh=False)


def store_member(self: Lowering, target: gast.Attribute, one: Any, operator: Any = None) -> bool:
    """`object.attribute = one`; False if the object is of no known class."""
    if isinstance(target.value, gast.Name) and target.value.id in self.virtual:
        _set_virtual(self, target, one)
        return True
    found = known_object(self, target.value)
    if found is None or found[1].id[0] == "@":
        return False
    known, base = found
    if in_class(known.cls, "__setattr__") is not object.__setattr__ or known.fields:
        self.refuse("an attribute of a frozen object", "attribute-store", target, "make a new one")
    if isinstance(in_class(known.cls, target.attr), property):
        advice = "call a method that sets what it stands for"
        self.refuse("a property is assigned to", "attribute-store", target, advice)
    self.changed.append((self.roots.get(base.id, base.id), target))
    refuse_shown(self, self.changed[-1:])
    if getattr(one, "id", "") in self.types:
        self.shown.add(self.roots.get(one.id, one.id))
    self.code.append(Store(self.here(), base.id, field(target.attr), one, operator))
    if operator is None:
        put(self.types, base.id, target.attr, self.types.get(getattr(one, "id", "")))
    return True


def refuse_shown(self: Lowering, changed: list[tuple[str, Any]]) -> None:
    """What changes an object that has a second name, or is held by another one, is refused."""
    for root, target in changed:
        if root in self.shown:
            what = "this changes an object that another name, or another object, shows as well"
            self.refuse(what, "shared-store", target, "make a new object: `dataclasses.replace(…)`")


def _set_virtual(self: Lowering, target: gast.Attribute, one: Any) -> None:
    fields = self.virtual[target.value.id]
    fields.setdefault(target.attr, self.names.temporary())
    self.local.add(fields[target.attr])
    self.emit(fields[target.attr], atom_value(one))


# ---------------------------------------------------------------- calls


def call_member(self: Lowering, node: gast.Call, arguments: Any) -> Value | None:
    """The value of a call of a method, or of an object; None if it is an ordinary call.

    `arguments()` computes the arguments, behind the object.
    """
    function = node.func
    if isinstance(function, gast.Attribute) and _is_super(self, function.value):
        return _call_super(self, node, arguments)
    if isinstance(function, gast.Attribute):
        if isinstance(function.value, gast.Name) and function.value.id in self.virtual:
            cls = self.making[function.value.id]
            inside = in_class(cls, function.attr)
            return _call_inside(self, node, cls, inside, function.value, arguments)
        if static_of(self, function)[0] is not MISSING:
            return _call_of_class(self, node, arguments)
        if method_key(function.attr) is not None and not _promising(self, function):
            return None
        found = known_object(self, function.value)
        if found is None:
            return None
        known, base = found
        held = known.attribute(function.attr)
        if isinstance(held, Function) and base.id[0] == "@":
            held_expr = gast.Attribute(value=base, attr=function.attr, ctx=gast.Load())
            args, words = arguments()
            return call_function(self, node, Outside(held.function, held_expr), args, words)
        if isinstance(held, Function):
            expr = gast.Attribute(value=base, attr=function.attr, ctx=gast.Load())
            args, words = arguments()
            return call_function(self, node, Outside(held.function, expr), args, words)
        if isinstance(held, Object):
            one = self.atom(function)
            inside = in_class(held.cls, "__call__")
            return _call_inside(self, node, held.cls, inside, one, arguments)
        inside = in_class(known.cls, function.attr)
        return _call_inside(self, node, known.cls, inside, base, arguments)
    found = known_object(self, function) if not isinstance(function, gast.Call) else None
    if found is not None:
        inside = in_class(found[0].cls, "__call__")
        return _call_inside(self, node, found[0].cls, inside, found[1], arguments)
    return None


def _call_of_class(self: Lowering, node: gast.Call, arguments: Any) -> Value | None:
    """`Class.method(…)`: static and class methods; other functions are called as any."""
    cls, _ = static_of(self, node.func.value)
    if not isinstance(cls, type):
        return None
    inside = in_class(cls, node.func.attr)
    if isinstance(inside, (staticmethod, classmethod)):
        return _call_inside(self, node, cls, inside, None, arguments)
    return None


def _call_inside(
    self: Lowering, node: Any, cls: type, inside: Any, base: Any, arguments: Any
) -> Value | None:
    """A call of what a class has under a name."""
    if isinstance(inside, staticmethod):
        args, words = arguments()
        return call_method_of(self, node, inside.__func__, args, words)
    if isinstance(inside, classmethod):
        args, words = arguments()
        whole = name(self.unit.registry.symbols.constant(cls.__name__, cls))
        return call_method_of(self, node, inside.__func__, [whole, *args], words)
    if isinstance(inside, FunctionType):
        args, words = arguments()
        return call_method_of(self, node, inside, [base, *args], words)
    return None


def _is_super(self: Lowering, node: Any) -> bool:
    return (
        isinstance(node, gast.Call)
        and isinstance(node.func, gast.Name)
        and static_of(self, node.func)[0] is super
        and not node.args
    )


def _call_super(self: Lowering, node: gast.Call, arguments: Any) -> Value | None:
    """`super().method(…)`, seen from the class in which the function stands."""
    here, _ = self.unit.lookup("__class__")
    first = self.first
    cls = self.making.get(first.id) or getattr(self.types.get(first.id), "cls", None)
    if here is MISSING or cls is None:
        self.refuse("`super()` of an unknown object", "super", node, "name the class")
    order = cls.__mro__
    for one in order[order.index(here) + 1 :]:
        inside = one.__dict__.get(node.func.attr)
        if inside is not None:
            if one is object:
                arguments()
                return Plain(literal(None), frozenset())
            return _call_inside(self, node, cls, inside, first, arguments)
    return self.refuse("no class has this method", "super", node, "name the class")


def call_method_of(
    self: Lowering, node: Any, function: Any, args: list[Any], words: dict[str, Any]
) -> Value:
    """A call of a function of the user's; written out here if it changes an object."""
    constant = self.unit.registry.symbols.constant(function.__name__, function)
    if not isinstance(function, FunctionType):
        return call_function(self, node, Outside(function, name(constant)), args, words)
    unit = self.unit.registry.of(function)
    virtual = any(isinstance(a, gast.Name) and a.id in self.virtual for a in args)
    arguments = bound_arguments(self, node, unit, args, words)
    if virtual:
        objects = {p for p, a in arguments.items() if getattr(a, "id", None) in self.virtual}
        return written_out(self, node, unit, arguments, frozenset(objects))
    made = specialised_call(self, unit, arguments)
    changed = made.callee.changes
    if changed:
        del made
        plain = not any(isinstance(a, (Known, tuple, dict)) for a in arguments.values())
        if not plain:
            self.refuse("a method that changes its object", "object", node, "pass values only")
        return written_out(self, node, unit, arguments, _objects(self, arguments, changed))
    return made


def _objects(self: Lowering, arguments: dict[str, Any], changed: frozenset[str]) -> frozenset[str]:
    """The parameters whose arguments are objects, or are written into."""
    typed = {p for p, a in arguments.items() if getattr(a, "id", None) in self.types}
    return frozenset(typed | changed)


# ---------------------------------------------------------------- operators


def operator_call(self: Lowering, node: Any, op: Any, atoms: list[Any]) -> Value | None:
    """`a + b`, `-a`, `a < b` of objects whose class defines the operator."""
    word = OPERATORS.get(type(op)) or COMPARISONS.get(type(op))
    if word is None:
        return None
    for position, (one, prefix) in enumerate(zip(atoms, ("", "r"), strict=False)):
        known = self.types.get(getattr(one, "id", ""))
        if not isinstance(known, Object):
            continue
        inside = in_class(known.cls, f"__{prefix}{word}__")
        if isinstance(inside, FunctionType) and inside.__code__.co_filename != "<string>":
            args = atoms if position == 0 else atoms[::-1]
            if position == 1 and not isinstance(args[1], gast.Constant):
                args = [args[0], _no_array(self, args[1])]
            return call_method_of(self, node, inside, args, {})
    return None


def _no_array(self: Lowering, atom: Any) -> Any:
    """An array would take the operator itself, entry by entry: asked at run time."""
    symbol = self.unit.registry.symbols.runtime("no_array")
    from tangent.rules.language import lookup
    from tangent.runtime import no_array
    from tangent.syntax.program import Apply
    from tangent.syntax.trees import call

    return self.temporary(
        Apply(call(symbol, atom), frozenset(names_in(atom)), lookup(no_array), {"value": atom})
    )


_ = Assign
