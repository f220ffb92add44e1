"""Objects that are made: by a class, by `dataclasses.replace`, by `_replace` of a named tuple.

    model = Dense(w, 0.5)       ->      model = instance(Dense, w=w, b=0.5)

`__init__` is written out where the object is made; its attributes are variables until it is
through.
"""

from __future__ import annotations

import dataclasses
from types import FunctionType, SimpleNamespace
from typing import Any

import gast

from tangent.passes.calls import call_function, taken_apart
from tangent.passes.function_values import function_atom, passing
from tangent.passes.functions import known_function
from tangent.passes.inert import captured
from tangent.passes.known import Known
from tangent.passes.lowering import Fields, Lowering, atom_value, function_at, static_of
from tangent.passes.members import known_object, refuse_perhaps
from tangent.passes.objects import Function, in_class, is_plain_class
from tangent.passes.signatures import bound_arguments
from tangent.passes.standing_in import written_out
from tangent.passes.stars import STARS, refuse_stars, spread, taken_by_class
from tangent.runtime import tangent_class, tangent_parts
from tangent.syntax.program import Display, Plain, Value
from tangent.syntax.trees import call, field, literal, name, names_in

Arguments = tuple[list[Any], dict[str, Any]]


_OF_LIBRARIES = ("builtins", "numpy", "scipy")


def is_made(cls: Any) -> bool:
    """Is it a class whose instances are made here?"""
    if not isinstance(cls, type) or cls.__module__.partition(".")[0] in _OF_LIBRARIES:
        return False
    if issubclass(cls, tuple):
        return hasattr(cls, "_fields") and cls.__new__.__qualname__.endswith("__new__")
    return is_plain_class(cls) and not issubclass(cls, BaseException)


def made(self: Lowering, node: Any, cls: type, given: Arguments) -> Value:
    """A new instance of a class."""
    if issubclass(cls, tuple) or _is_generated(cls, in_class(cls, "__init__")):
        given = spread(self, node, taken_by_class(cls), *given)
    if issubclass(cls, tuple):
        return _named_tuple(self, node, cls, given)
    values = _plain(self, node, *given)
    instance = self.names.fresh("instance")
    self.virtual[instance], self.making[instance] = Fields(), cls
    self.local.add(instance)
    init = in_class(cls, "__init__")
    if _is_generated(cls, init):
        _fields(self, node, cls, instance, values)
        after = in_class(cls, "__post_init__")
        if isinstance(after, FunctionType):
            _run(self, node, after, instance, ([], {}))
    elif isinstance(init, FunctionType):
        _run(self, node, init, instance, values)
    elif init is in_class(SimpleNamespace, "__init__") and not values[0]:
        _set_words(self, node, instance, values[1])
    elif values[0] or values[1]:
        self.refuse(f"`{cls.__name__}` takes no arguments", "call", node, "leave them out")
    fields = self.virtual.pop(instance)
    del self.making[instance]
    if fields.perhaps:
        refuse_perhaps(self, node, min(fields.perhaps))
    return _object(self, cls, fields.sure)


def _object(self: Lowering, cls: type, fields: dict[str, str]) -> Display:
    symbols = self.unit.registry.symbols
    elements = {a: name(v) for a, v in fields.items()}
    whole = name(symbols.constant(cls.__name__, cls))
    expr = call(symbols.runtime("instance"), whole, **elements)
    keys = tuple(field(a) for a in fields)
    return Display(expr, frozenset(fields.values()), "object", keys, tuple(elements.values()), cls)


def written_object(self: Lowering, node: gast.Call, words: dict[str, Any]) -> Display:
    """`instance(Dense, w=w)`, as generated code has it; and the tangent of such an object."""
    args = [captured(self, a).expr for a in node.args]
    cls = static_of(self, node.args[0])[0] if node.args else object
    if static_of(self, node.func)[0] is tangent_parts:
        cls = tangent_class(cls)
    function = captured(self, node.func).expr
    words = {k: _held(self, a) for k, a in words.items()}
    keywords = [gast.keyword(arg=k, value=v) for k, v in words.items()]
    expr = gast.Call(func=function, args=args, keywords=keywords)
    keys = tuple(field(a) for a in words)
    reads = frozenset(n for a in words.values() for n in names_in(a))
    return Display(expr, reads, "object", keys, tuple(words.values()), cls)


def _held(self: Lowering, one: Any) -> Any:
    """A list or dict that is written as an attribute, under a name: it may be changed."""
    written = isinstance(one, (gast.List, gast.Dict, gast.Set))
    return self.temporary(self.value(one)) if written else one


def _plain(self: Lowering, node: Any, args: list[Any], words: dict[str, Any]) -> Arguments:
    """The arguments as atoms: functions as values."""

    def atom(one: Any) -> Any:
        return function_atom(self, one, node) if isinstance(one, Known) else one

    return [atom(a) for a in args], {k: atom(a) for k, a in words.items()}


def _run(self: Lowering, node: Any, function: Any, instance: str, given: Arguments) -> None:
    unit = self.unit.registry.of(function)
    arguments = bound_arguments(self, node, unit, [name(instance), *given[0]], given[1])
    unit, arguments = taken_apart(self, unit, passing(self, node, unit, arguments))
    written_out(self, node, unit, arguments, frozenset(unit.parameters[:1]))


def as_atom(self: Lowering, node: Any, given: Any) -> Any:
    """An atom for an argument: what `*args` and `**kwargs` hold as the tuple or dict that they are,
    functions as values.
    """
    if isinstance(given, Known):
        return function_atom(self, given, node)
    if isinstance(given, tuple):
        whole: Any = gast.Tuple(elts=list(given), ctx=gast.Load())
        return self.temporary(Display(whole, frozenset(names_in(whole)), "tuple", (), given))
    if isinstance(given, dict):
        keys, entries = tuple(map(literal, given)), tuple(given.values())
        whole = gast.Dict(keys=list(keys), values=list(entries))
        return self.temporary(Display(whole, frozenset(names_in(whole)), "dict", keys, entries))
    return given


def _set_words(self: Lowering, node: Any, instance: str, words: dict[str, Any]) -> None:
    """The attributes of a namespace: its keyword arguments."""
    if STARS in words:
        refuse_stars(self, node)
    for word, one in words.items():
        variable = self.virtual[instance].variable(word, self.names.temporary)
        self.local.add(variable)
        self.emit(variable, _held_value(self, one))


def _is_generated(cls: type, init: Any) -> bool:
    """Did `dataclass` write `__init__`?"""
    own = isinstance(init, FunctionType) and init.__code__.co_filename == "<string>"
    return dataclasses.is_dataclass(cls) and own


def _fields(self: Lowering, node: Any, cls: type, instance: str, given: Arguments) -> None:
    """The attributes that the `__init__` of a dataclass sets."""
    inits = [f for f in dataclasses.fields(cls) if f.init]
    positional = [f.name for f in inits if not f.kw_only]
    atoms = dict(zip(positional, given[0], strict=False)) | given[1]
    known = {f.name for f in inits}
    if len(given[0]) > len(positional) or not atoms.keys() <= known:
        what = f"the call of `{cls.__name__}` does not fit its fields"
        self.refuse(what, "call", node, "Python would raise a TypeError here")
    for one in dataclasses.fields(cls):
        if one.name in atoms and one.init:
            atom: Any = atoms[one.name]
        elif one.default is not dataclasses.MISSING:
            atom = _constant(self, one.name, one.default)
        elif one.default_factory is not dataclasses.MISSING:
            atom = _from_factory(self, node, one.default_factory)
        elif one.init:
            what = f"the call of `{cls.__name__}` lacks `{one.name}`"
            self.refuse(what, "call", node, "Python would raise a TypeError here")
        else:
            continue
        variable = self.names.temporary()
        self.local.add(variable)
        self.virtual[instance].sure[one.name] = variable
        self.emit(variable, atom if isinstance(atom, Value) else _held_value(self, atom))
        if (function := function_at(self, atom)) is not None:
            self.types[variable] = Function(function)


def _held_value(self: Lowering, atom: Any) -> Value:
    """The value of an atom that an attribute holds; a function shows no memory."""
    of_function = function_at(self, atom) is not None
    return Plain(atom, frozenset()) if of_function else atom_value(atom)


def _constant(self: Lowering, wish: str, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, complex, str)):
        return literal(value)
    return name(self.unit.registry.symbols.constant(wish, value))


def _from_factory(self: Lowering, node: Any, factory: Any) -> Value:
    """The value of a field that is made anew for each object."""
    if factory is list:
        return Display(gast.List(elts=[], ctx=gast.Load()), frozenset(), "list", (), ())
    if factory is dict:
        return Display(gast.Dict(keys=[], values=[]), frozenset(), "dict", (), ())
    if is_made(factory):
        return made(self, node, factory, ([], {}))
    known = known_function(self, factory)
    if known is not None:
        return call_function(self, node, known, [], {})
    return self.refuse("a default factory", "object", node, "pass the value")


def _named_tuple(self: Lowering, node: Any, cls: Any, given: Arguments) -> Value:
    args, words = _plain(self, node, *given)
    fields, defaults = cls._fields, cls._field_defaults
    atoms = dict(zip(fields, args, strict=False)) | words
    for one in fields:
        if one not in atoms and one in defaults:
            atoms[one] = _constant(self, one, defaults[one])
    if len(args) > len(fields) or set(atoms) != set(fields):
        what = f"the call of `{cls.__name__}` does not fit its fields"
        self.refuse(what, "call", node, "Python would raise a TypeError here")
    elements = tuple(atoms[f] for f in fields)
    whole = name(self.unit.registry.symbols.constant(cls.__name__, cls))
    expr = gast.Call(func=whole, args=list(elements), keywords=[])
    return Display(expr, frozenset(names_in(expr)), "tuple", (), elements, cls)


def replaced_object(self: Lowering, node: gast.Call, source: Any, words: Any) -> Value | None:
    """`dataclasses.replace(p, b=…)` and `p._replace(b=…)`."""
    found = known_object(self, source)
    if found is None:
        return None
    known, base = found
    changed = words()
    if STARS in changed:
        refuse_stars(self, node)
    if known.fields:
        names = known.fields
    else:
        names = tuple(f.name for f in dataclasses.fields(known.cls) if f.init)
    atoms = {}
    for one in names:
        if one in changed:
            atoms[one] = changed.pop(one)
        else:
            part = gast.Attribute(value=base, attr=one, ctx=gast.Load())
            self.local.add(base.id)
            atoms[one] = self.atom(gast.copy_location(part, node))
    if changed:
        what = f"`{next(iter(changed))}` is no field of `{known.cls.__name__}`"
        self.refuse(what, "call", node, "Python would raise an error here")
    return made(self, node, known.cls, ([], atoms))
