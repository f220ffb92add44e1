"""Attributes, methods and operators of objects whose class is known.

model.apply(x)          a call of the function that the class has under this name
model.total             a property: a call; else the attribute itself
a + b                   a call of `__add__`, or of `__radd__`
super().__init__(w)     a call of the function of the next class
"""

from __future__ import annotations

import enum
import functools
from collections import namedtuple
from collections.abc import Callable, Mapping
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)
from typing import Any, NoReturn

import gast

from tangent.passes.cached_properties import cached
from tangent.passes.calls import call_function, specialised_call, taken_apart
from tangent.passes.entering import refuse_maker
from tangent.passes.function_values import function_value, passing, values_of
from tangent.passes.functions import function_of
from tangent.passes.inert import captured
from tangent.passes.inlining import inlined, shows_what_is_written
from tangent.passes.kinds import STREAM
from tangent.passes.known import Bound, Closure, Outside, Table
from tangent.passes.later import call_later
from tangent.passes.lowering import Lowering, atom_value, method_key, static_of
from tangent.passes.no_objects import surely_none
from tangent.passes.objects import (
    ANY,
    Each,
    Function,
    Many,
    Object,
    Seen,
    Stream,
    in_class,
    is_bare,
    makes_functions,
    put,
    type_of,
)
from tangent.passes.second_names import first_name
from tangent.passes.signatures import bound_arguments
from tangent.passes.standing_in import written_out
from tangent.passes.units import MISSING
from tangent.rules.language import Constant, class_for, lookup
from tangent.syntax.program import Copy, Item, Plain, Store, Value
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import field, literal, name, names_in

_tuplegetter = type(vars(namedtuple("_", "a"))["a"])


def known_object(self: Lowering, node: Any) -> tuple[Object, Any] | None:
    """The type of an expression that is an object, and an atom for it; None where it is none.

    What was computed to find out is not computed again (`self.done`).
    """
    if isinstance(node, gast.Name) and self.is_local(node.id):
        held = first_name(self, node.id)
        known = self.types.get(held)
        return (known, name(held)) if isinstance(known, Object) else None
    if isinstance(node, (gast.Name, gast.Attribute)):
        found, reference = _outside(self, node)
        known = type_of(found) if found is not MISSING else None
        if isinstance(known, Object):
            if reference is None or isinstance(node, gast.Name):
                expr = captured(self, node).expr
            else:
                expr = name(self.unit.registry.symbols.captured(reference))
            if reference is not None:
                self.unit.registry.watch_type(Seen(reference, known))
            return known, expr
        if found is not MISSING:
            return None
    if isinstance(node, _COMPUTED) and _promising(self, node):
        one = self.atom(node)
        known = self.types.get(one.id) if isinstance(one, gast.Name) else None
        self.local.add(getattr(one, "id", ""))
        if isinstance(known, Object):
            return known, one
        self.done[id(node)] = node, one
    return None


_COMPUTED = (*(gast.Attribute, gast.Call, gast.Subscript), *(gast.BinOp, gast.UnaryOp, gast.IfExp))


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
    if isinstance(node, (gast.BinOp, gast.UnaryOp, gast.IfExp)):
        return any(isinstance(self.types.get(n), Object) for n in names_in(node))
    inner = node.value if not isinstance(node, gast.Call) else node.func
    if isinstance(node, gast.Call) and isinstance(inner, (gast.Name, gast.Attribute)):
        made = static_of(self, inner)[0]  # `layers.Dense(w).apply(x)`
        if isinstance(made, type) or class_for(made) is not None:
            return True
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
    if _is_super(self, node.value):
        inside, _, base = _next_in_line(self, node)
        if not isinstance(inside, property):
            self.refuse("`super()` for a value of the class", "super", node, "name the class")
        return call_method_of(self, node, inside.fget, [base], {})
    found = known_object(self, node.value)
    if found is None:
        return None
    known, base = found
    inside = in_class(known.cls, node.attr)
    if isinstance(inside, property):
        return call_method_of(self, node, inside.fget, [base], {})
    if isinstance(inside, functools.cached_property):
        return _cached(self, node, known, base, inside.func)
    if issubclass(known.cls, enum.Enum):
        expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
        return Plain(expr, frozenset(n for n in [base.id] if n[0] != "@"), fresh=False)
    if known.fields and node.attr in known.fields and base.id[0] != "@":
        expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
        index = literal(known.fields.index(node.attr))
        return Item(expr, frozenset({base.id}), base.id, index)
    expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
    if base.id[0] == "@":
        return Plain(expr, frozenset(), fresh=False)
    if isinstance(known.attribute(node.attr), Stream):
        return _stream(self, Plain(expr, frozenset({base.id}), fresh=False))
    if hasattr(type(inside), "__get__") and not isinstance(inside, _PLAINLY_READ):
        advice = "write a property"
        self.refuse(f"`{node.attr}` is a descriptor", "attribute", node, advice)
    own = known.own is not None and node.attr in known.own
    unsure = known.own is None or node.attr in known.perhaps
    if inside is not None and unsure and not _is_default(known.cls, node.attr):
        what = f"`{node.attr}` may be an attribute of the object, or of its class"
        self.refuse(what, "attribute", node, "set it in `__init__`, or name the class")
    if node.attr.startswith("__"):
        self.refuse(f"`{node.attr}` of an object", "attribute", node, "name the attribute")
    if isinstance(inside, FunctionType) and not own:
        constant = self.unit.registry.symbols.constant(inside.__name__, inside)
        return function_value(self, Bound(Outside(inside, name(constant)), (base,), {}), node)
    if inside is not None and not own and not _is_default(known.cls, node.attr):
        return Plain(expr, frozenset({base.id}), fresh=False)
    return Item(expr, frozenset({base.id}), base.id, field(node.attr))


def _cached(self: Lowering, node: gast.Attribute, known: Object, base: Any, getter: Any) -> Value:
    """A cached property.  An object from outside is left as it is, and never changes."""

    def value() -> Value:
        return call_method_of(self, node, getter, [base], {})

    if base.id[0] != "@":
        return cached(
            self,
            known,
            base,
            node.attr,
            lambda: _set(self, base, node.attr, self.temporary(value())),
        )
    if known.own is None or node.attr not in known.own:
        return value()
    expr = gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())
    return Plain(expr, frozenset(), fresh=False)


_PLAINLY_READ = (
    *(FunctionType, classmethod, staticmethod, BuiltinFunctionType, WrapperDescriptorType),
    *(MemberDescriptorType, GetSetDescriptorType, MethodDescriptorType, type, _tuplegetter),
)


def _stream(self: Lowering, value: Plain) -> Value:
    """A generator of random numbers, which is no part of what an object is differentiated for."""
    held = self.temporary(value)
    self.kinds[held.id] = STREAM
    self.local.add(held.id)
    return Copy(held, frozenset({held.id}), held.id)


def _is_default(cls: type, attribute: str) -> bool:
    """Is an attribute of the class the default of a field of its instances, or a slot?"""
    slot = isinstance(in_class(cls, attribute), MemberDescriptorType)
    return slot or attribute in getattr(cls, "__dataclass_fields__", {})


def _of_virtual(self: Lowering, node: gast.Attribute) -> Value:
    fields, cls = self.virtual[node.value.id], self.making[node.value.id]
    variable = fields.sure.get(node.attr)
    if variable is not None:
        return Copy(name(variable), frozenset({variable}), variable)
    if node.attr in fields.perhaps:
        refuse_perhaps(self, node, node.attr)
    inside = in_class(cls, node.attr)
    if isinstance(inside, property):
        return call_method_of(self, node, inside.fget, [node.value], {})
    if isinstance(inside, functools.cached_property):
        _set_virtual(
            self, node, self.temporary(call_method_of(self, node, inside.func, [node.value], {}))
        )
        return _of_virtual(self, node)
    if inside is None or isinstance(inside, (FunctionType, staticmethod, classmethod)):
        advice = "set the attribute first"
        self.refuse("an attribute of an object that is being made", "object", node, advice)
    constant = self.unit.registry.symbols.constant(cls.__name__, cls)
    expr = gast.Attribute(value=name(constant), attr=node.attr, ctx=gast.Load())
    return Plain(expr, frozenset(), fresh=False)


def store_member(self: Lowering, target: gast.Attribute, one: Any, operator: Any = None) -> bool:
    """`object.attribute = one`; False if the object is of no known class."""
    if isinstance(target.value, gast.Name) and target.value.id in self.virtual:
        cls = self.making[target.value.id]
        if isinstance(in_class(cls, target.attr), property):
            return _set_property(self, cls, target, target.value, one, operator)
        _set_virtual(self, target, one)
        return True
    found = known_object(self, target.value)
    if found is None or found[1].id[0] == "@":
        return False
    known, base = found
    if not is_bare(known.cls, "__setattr__") or known.fields:
        self.refuse("an attribute of a frozen object", "attribute-store", target, "make a new one")
    if isinstance(in_class(known.cls, target.attr), property):
        return _set_property(self, known.cls, target, base, one, operator)
    _set(self, base, target.attr, one, operator)
    return True


def _set(self: Lowering, base: Any, attribute: str, one: Any, operator: Any = None) -> None:
    self.code.append(Store(self.here(), base.id, field(attribute), one, operator))
    self.companions.put(base.id, one)
    if operator is None:
        held = self.types.get(getattr(one, "id", "")) or (None if surely_none(self, one) else ANY)
        put(self.types, base.id, attribute, held)
        same = [n for n, root in self.roots.items() if root == base.id]
        self.types.update(dict.fromkeys(same, self.types[base.id]))


def _set_property(
    self: Lowering, cls: type, target: gast.Attribute, base: Any, one: Any, operator: Any
) -> bool:
    """`object.attribute = one` where the class has a property: a call of its setter."""
    setter = in_class(cls, target.attr).fset
    if not isinstance(setter, FunctionType):
        advice = "call a method that sets what it stands for"
        self.refuse("a property without setter", "attribute-store", target, advice)
    if operator is not None:
        old = gast.Attribute(value=base, attr=target.attr, ctx=gast.Load())
        new = gast.BinOp(left=gast.copy_location(old, target), op=operator, right=one)
        self.local.update(n for n in names_in(one) if n[0] != "@")
        one = self.atom(gast.copy_location(new, target))
    call_method_of(self, target, setter, [base, one], {})
    return True


def store_item(
    self: Lowering, target: gast.Subscript, new: Callable[[], Any], operator: Any = None
) -> bool:
    """`object[index] = one`, or `object[index] += one`, by the methods of the class; False if there
    are none.  `new` computes the atom.
    """
    found = known_object(self, target.value)
    setter = in_class(found[0].cls, "__setitem__") if found is not None else None
    if found is None or not isinstance(setter, FunctionType):
        return False
    base, index, old = found[1], self.atom(target.slice), None
    if operator is not None:
        getter = in_class(found[0].cls, "__getitem__")
        old = self.temporary(call_method_of(self, target, getter, [base, index], {}))
    one = new()
    if operator is not None:
        self.local.update(n for n in names_in(old) | names_in(one) if n[0] != "@")
        sum_ = gast.BinOp(left=old, op=operator, right=one)
        one = self.atom(gast.copy_location(sum_, target))
    call_method_of(self, target, setter, [base, index, one], {})
    return True


def _set_virtual(self: Lowering, target: gast.Attribute, one: Any) -> None:
    variable = self.virtual[target.value.id].variable(target.attr, self.names.temporary)
    self.local.add(variable)
    self.emit(variable, atom_value(one))


def refuse_perhaps(self: Lowering, node: Any, attribute: str) -> NoReturn:
    what = f"`{attribute}` of an object is set on some paths of its `__init__` only"
    self.refuse(what, "object", node, "set it on every path: to None, for instance")


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
            if inside is not None and function.attr in self.virtual[function.value.id]:
                one = self.atom(function)  # a function of its own hides that of the class
                return call_later(self, node, one, *values_of(self, node, *arguments()))
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
        if isinstance(held, Object) and not makes_functions(held.cls):
            one = self.atom(function)
            inside = in_class(held.cls, "__call__")
            return _call_inside(self, node, held.cls, inside, one, arguments)
        inside = in_class(known.cls, function.attr)
        held_by = {*(known.own or ()), *known.perhaps} if base.id[0] != "@" else set()
        if function.attr in held_by and not hasattr(type(inside), "__set__"):
            one = self.atom(function)  # a function that the object holds, or may hold
            args, words = values_of(self, node, *arguments())
            return call_later(self, node, one, args, words)
        return _call_inside(self, node, known.cls, inside, base, arguments)
    of_table = isinstance(function, gast.Subscript) and isinstance(
        self.functions.get(getattr(function.value, "id", "")), Table
    )
    computed = isinstance(function, gast.Call) or of_table
    found = known_object(self, function) if not computed else None
    if found is not None and not makes_functions(found[0].cls):
        inside = in_class(found[0].cls, "__call__")
        return _call_inside(self, node, found[0].cls, inside, found[1], arguments)
    return None


def _call_of_class(self: Lowering, node: gast.Call, arguments: Any) -> Value | None:
    """`Class.method(…)`: static and class methods; other functions are called as any."""
    cls, _ = static_of(self, node.func.value)
    if not isinstance(cls, type):
        return None
    cls = class_for(cls) or cls
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
    if isinstance(inside, FunctionType) and isinstance(lookup(inside), Constant):
        args, words = arguments()
        method = gast.Attribute(value=base, attr=inside.__name__, ctx=gast.Load())
        return call_function(self, node, Outside(inside, method), args, words)
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
    """`super().method(…)`."""
    inside, cls, first = _next_in_line(self, node.func)
    if inside is in_class(object, node.func.attr):
        arguments()
        return Plain(literal(None), frozenset())
    return _call_inside(self, node, cls, inside, first, arguments)


def _next_in_line(self: Lowering, node: gast.Attribute) -> tuple[Any, type, Any]:
    """What `super().name` is, seen from the class in which the function stands; the class of the
    object, and the object.
    """
    here, _ = self.unit.lookup("__class__")
    first = self.first
    cls = self.making.get(first.id) or getattr(self.types.get(first.id), "cls", None)
    if here is MISSING or cls is None:
        self.refuse("`super()` of an unknown object", "super", node, "name the class")
    order = cls.__mro__
    for one in order[order.index(here) + 1 :]:
        if node.attr in one.__dict__:
            return one.__dict__[node.attr], cls, first
    return self.refuse("no class has this method", "super", node, "name the class")


def call_method_of(
    self: Lowering, node: Any, function: Any, args: list[Any], words: dict[str, Any]
) -> Value:
    """A call of a function of the user's; written out here if it changes an object."""
    constant = self.unit.registry.symbols.constant(function.__name__, function)
    if not isinstance(function, FunctionType):
        return call_function(self, node, Outside(function, name(constant)), args, words)
    refuse_maker(self, function, node)
    unit = self.unit.registry.of(function)
    virtual = any(isinstance(a, gast.Name) and a.id in self.virtual for a in args)
    arguments = bound_arguments(self, node, unit, args, words)
    arguments = passing(self, node, unit, arguments)
    if virtual:
        unit, arguments = taken_apart(self, unit, arguments)
        objects = {p for p, a in arguments.items() if getattr(a, "id", None) in self.virtual}
        return written_out(self, node, unit, arguments, frozenset(objects))
    made = specialised_call(self, unit, arguments)
    changed = made.callee.changes
    if not changed:
        return inlined(self, made) if shows_what_is_written(self, node, made.callee) else made
    shared = _objects(self, made.arguments, changed)
    return written_out(self, node, made.callee, made.arguments, shared)


def _objects(
    self: Lowering, arguments: Mapping[str, Any], changed: frozenset[str]
) -> frozenset[str]:
    """The parameters whose arguments are objects, or are written into."""
    typed = {p for p, a in arguments.items() if getattr(a, "id", None) in self.types}
    return frozenset(typed | changed)
