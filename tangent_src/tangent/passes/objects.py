"""What is known of objects: of which class a value is, so that its methods are known.

    model = Dense(w, b)         model: an object of Dense
    y = model.apply(x)          a call of the function `Dense.apply`, with `model` in front
    z = model + other           … of `Dense.__add__`

What an argument or a value from outside is, is seen when the text is written, and is part of what
it was written for; what is made inside follows from the text.
"""

from __future__ import annotations

import copy
import enum
import functools
import inspect
import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import FunctionType, SimpleNamespace
from typing import Any

import gast
import numpy as np

from tangent.rules.language import Constant, Rule, class_for, lookup
from tangent.runtime import fields_of, inexact, is_record, no_copier, own, private, tangent_class
from tangent.runtime.calling import Closure, Gradient, Partial
from tangent.syntax.program import Apply, Call, Copy, Display, Item, Plain, Value
from tangent.syntax.trees import is_field


def makes_functions(cls: type) -> bool:
    """Are its objects functions, called by `passes.later`, whatever class they are of?"""
    return issubclass(cls, Closure | Partial | Gradient)


@dataclass(frozen=True)
class Object:
    """An instance of a class; `held` are the attributes that are objects themselves, `own` those
    that the instance itself has (None: not known), `perhaps` those that it has on some paths.
    """

    cls: type
    held: tuple[tuple[str, Any], ...] = ()
    own: frozenset[str] | None = None
    perhaps: frozenset[str] = frozenset()

    def attribute(self, name: str) -> Any:
        return dict(self.held).get(name)

    @property
    def fields(self) -> tuple[str, ...] | None:
        """The names of the items of a named tuple."""
        return getattr(self.cls, "_fields", None) if issubclass(self.cls, tuple) else None


@dataclass(frozen=True)
class Unknown:
    """Something of which nothing is known."""


ANY = Unknown()


@dataclass(frozen=True)
class Many:
    """A list or tuple whose items are all of one type; of an empty one the type is None, of one
    whose items are not known it is `ANY`.
    """

    item: Any = None


@dataclass(frozen=True)
class Each:
    """A list or tuple whose items are of different types: those of each one."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Function:
    """A function that an attribute holds."""

    function: Any


@dataclass(frozen=True)
class Container:
    """A list, tuple or dict, as `kind` says, of numbers and arrays, or of such."""

    kind: str


@dataclass(frozen=True)
class Stream:
    """A generator of random numbers, which no derivative goes through."""


GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
Type = Any  # an Object, Many, a Function or a Stream


def type_of(value: Any, depth: int = 6) -> Type:
    """The type of a value that is there."""
    home = type(value).__module__.partition(".")[0]
    if isinstance(value, GENERATORS):
        return Stream()
    if isinstance(value, Partial | Closure):  # what it holds may have names like `var`, or `T`
        return Object(type(value), _held(vars(value).items(), depth), frozenset(vars(value)))
    if depth == 0 and is_record(value):
        return ANY
    library = home in ("tangent", "numpy", "scipy") and class_for(type(value)) is not type(value)
    if depth == 0 or (library and not _has_rule(value)):
        return None
    if isinstance(value, FunctionType) or _has_rule(value):
        return Function(value)
    if isinstance(value, tuple) and hasattr(type(value), "_fields"):
        names: Any = type(value)
        entries = zip(names._fields, value, strict=True)
        return Object(type(value), _held(entries, depth), frozenset(names._fields))
    if is_record(value):
        held = _held(fields_of(value).items(), depth)
        return Object(type(value), held, frozenset(fields_of(value)))
    if isinstance(value, list | tuple) and value:
        found = tuple(type_of(v, depth - 1) for v in value)
        if found == (None,) * len(found):
            return None
        return Many(found[0]) if len(set(found)) == 1 else Each(found)
    return None


def _has_rule(value: Any) -> bool:
    try:
        return callable(value) and isinstance(lookup(value), (Rule, Constant))
    except TypeError:
        return False


def _held(entries: Any, depth: int) -> tuple[tuple[str, Any], ...]:
    found = ((name, type_of(value, depth - 1)) for name, value in entries)
    return tuple((name, one) for name, one in found if one is not None)


def types_of(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Type]:
    """The types of arguments; plain numbers, arrays and functions have none."""
    pairs = list(zip(names, values, strict=True))
    found = {n: _container(v) or type_of(v) or _hidden(v) for n, v in pairs}
    told = (Object, Many, Each, Container, Unknown, Stream)
    return {n: t for n, t in found.items() if isinstance(t, told)}


def _hidden(value: Any) -> Unknown | None:
    """Are there objects somewhere in a value?"""
    if isinstance(value, dict | list | tuple):
        entries = value.values() if isinstance(value, dict) else value
        return ANY if any(is_record(v) or _hidden(v) for v in entries) else None
    return None


def _container(value: Any) -> Container | None:
    if type(value) not in (list, tuple, dict) or not value:
        return None
    entries = value.values() if type(value) is dict else value
    plain = all(_is_numeric(v) or _container(v) for v in entries)
    return Container(type(value).__name__) if plain else None


def _is_numeric(value: Any) -> bool:
    """Is a value a number or an array, of whichever library?"""
    arrays = type(value).__module__.partition(".")[0] in ("numpy", "cupy")
    return isinstance(value, int | float | complex) or (arrays and hasattr(value, "dtype"))


@dataclass(frozen=True)
class Leaf:
    """A class without subclasses: a text holds as long as there are none."""

    cls: type

    def get(self) -> type | None:
        return None if self.cls.__subclasses__() else self.cls


@dataclass(frozen=True)
class Seen:
    """What lives somewhere, seen as its type: a text holds while that is the same."""

    where: Any  # a Reference
    known: Any

    def get(self) -> Any:
        found = type_of(self.where.get())
        return self.known if found == self.known else found


# ---------------------------------------------------------------- as the program runs


def note_type(
    types: dict[str, Any], target: str, value: Value, none: Callable[[Any], bool]
) -> None:
    """After `target = value`; `none` says of an atom whether it is surely no object."""
    found = _type(types, value, none)
    if found is None or found == ANY:
        types.pop(target, None)
    else:
        types[target] = found


def note_root(self: Any, target: str, value: Value) -> None:
    """After `target = value`: a second name of an object."""
    if isinstance(value, Copy) and isinstance(self.types.get(value.source), Object):
        self.roots[target] = self.roots.get(value.source, value.source)


def _type(types: Mapping[str, Any], value: Value, none: Callable[[Any], bool]) -> Type:
    match value:
        case Copy(source=source):
            return types.get(source)
        case Item(base=base, index=index):
            return part(types.get(base), index)
        case Display(kind="object", made=cls) if makes_functions(cls):
            return None
        case Display(kind="object", keys=keys, elements=elements, made=cls):
            names = [k.value for k in keys]
            held = _held_by(types, zip(names, elements, strict=True), none)
            return Object(cls, held, frozenset(names))
        case Display(kind="tuple", elements=elements, made=cls) if cls is not None:
            held = _held_by(types, zip(cls._fields, elements, strict=True), none)
            return Object(cls, held, frozenset(cls._fields))
        case Display(kind="tuple", elements=elements) if _are_mixed(types, elements):
            found = [types.get(getattr(e, "id", "")) for e in elements]
            pairs = zip(found, elements, strict=True)
            return Each(tuple(t or (None if none(e) else ANY) for t, e in pairs))
        case Display(kind="list" | "tuple", elements=elements):
            return _of_items([types.get(getattr(e, "id", "")) for e in elements])
        case Call(callee=callee):
            return callee.returns
        case Apply(rule=rule, arguments=arguments) if rule.function in _LIKE:
            copied = next(iter(arguments.values()))
            return types.get(getattr(copied, "id", ""))
        case Apply(rule=rule, arguments=arguments) if rule.function in (list, tuple):
            known = [types.get(getattr(a, "id", "")) for a in arguments.values()]
            return known[0] if known and isinstance(known[0], Many | Each) else None
        case Plain(expr=gast.Call(func=gast.Name(id="@zero_tangent"), args=[gast.Name(id=primal)])):
            return _moving(types.get(primal))
    return None


def _are_mixed(types: Mapping[str, Any], elements: tuple[Any, ...]) -> bool:
    """Are there objects among the items, and what is none, or may be none?"""
    found = [isinstance(types.get(getattr(e, "id", "")), Object) for e in elements]
    return any(found) and not all(found)


# functions that give what is like their argument: its attributes, or its items, are the same
_LIKE = (own, private, inexact, no_copier, copy.copy, copy.deepcopy)


def _moving(known: Type) -> Type:
    """The type of the tangent of a value."""
    match known:
        case Object(cls=cls) if not known.fields:
            moving = ((a, t) for a, t in known.held if not isinstance(t, Function | Stream))
            held = tuple((a, _moving(t)) for a, t in moving)
            return replace(known, cls=tangent_class(cls), held=held)
        case Many(item=item):
            return Many(_moving(item))
        case Each(items=items):
            return Each(tuple(map(_moving, items)))
    return known


def _held_by(
    types: Mapping[str, Any], pairs: Iterable[tuple[str, Any]], none: Callable[[Any], bool]
) -> tuple[tuple[str, Any], ...]:
    """The attributes of an object that is made of these atoms, those that are surely none aside."""
    known = ((k, types.get(getattr(e, "id", "")) or (None if none(e) else ANY)) for k, e in pairs)
    return tuple((k, t) for k, t in known if t is not None)


def _of_items(found: list[Type]) -> Type:
    """The type of a list or tuple, of the types of its items."""
    if not found or len(set(found)) == 1:
        item = found[0] if found else None
        return Many(ANY if found and item is None else item)
    if not all(isinstance(t, Object) for t in found):
        return Many(ANY)
    one = functools.reduce(joined_type, found)
    alike = isinstance(one, Object) and all(map(_numeric, found))
    return Many(one) if alike else Each(tuple(found))


def _numeric(known: Object) -> bool:
    """Of which no attribute is known to be an object?"""
    return all(t == ANY for _, t in known.held)


def part(whole: Type, index: Any) -> Type:
    """The type of `whole[index]`."""
    if isinstance(whole, Many):
        if isinstance(index, gast.Slice):
            return whole
        return None if whole.item == ANY else whole.item
    if isinstance(whole, Each) and isinstance(index, gast.Constant):
        position = index.value if isinstance(index.value, int) else len(whole.items)
        inside = -len(whole.items) <= position < len(whole.items)
        return whole.items[position] if inside else None
    if isinstance(whole, Object) and is_field(index):
        return whole.attribute(index.value)
    if isinstance(whole, Object) and whole.fields and isinstance(index, gast.Constant):
        if isinstance(index.value, int) and -len(whole.fields) <= index.value < len(whole.fields):
            return whole.attribute(whole.fields[index.value])
    return None


def joined_types(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What holds on both of two paths."""
    both = {n: joined_type(t, second.get(n)) for n, t in first.items()}
    return {n: t for n, t in both.items() if t is not None}


def types_behind(
    first: dict[str, Any], second: dict[str, Any], bound: Collection[str], other: Collection[str]
) -> dict[str, Any]:
    """What holds behind two paths that bind these names: what one does not bind the other tells."""
    alone = {n: t for n, t in first.items() if n not in other}
    alone |= {n: t for n, t in second.items() if n not in bound}
    return joined_types(first, second) | alone


def joined_type(one: Type, other: Type) -> Type:
    """What holds of a value of one type or the other."""
    if one == other:
        return one
    if isinstance(one, Many) and isinstance(other, Many):
        if None in (one.item, other.item):
            return one if other.item is None else other
        return Many(joined_type(one.item, other.item) or ANY)
    if isinstance(one, Object) and isinstance(other, Object) and one.cls is other.cls:
        names = dict.fromkeys(a for a, _ in (*one.held, *other.held))
        pairs = ((a, (one.attribute(a), other.attribute(a))) for a in names)
        held = tuple((a, t) for a, two in pairs if (t := _held_either_way(*two)) is not None)
        if one.own is None or other.own is None:
            return Object(one.cls, held)
        both = one.own & other.own
        return Object(
            one.cls, held, both, (one.own | other.own | one.perhaps | other.perhaps) - both
        )
    return None


def _held_either_way(one: Type, other: Type) -> Type:
    """What holds of an attribute that is of one type or the other; None is surely no object."""
    return one if one == other else joined_type(one, other) or ANY


def put(types: dict[str, Any], base: str, attribute: str, value: Type) -> None:
    """After `base.attribute = value`: whoever knows the object by another name forgets what the
    attribute was.
    """
    mine = types.get(base)
    for name, known in list(types.items()):
        types[name] = _either_way(known, attribute, value)
    if isinstance(mine, Object):
        rest = tuple(pair for pair in mine.held if pair[0] != attribute)
        new = ((attribute, value),) if value is not None else ()
        mine_own = None if mine.own is None else mine.own | {attribute}
        types[base] = replace(
            mine, held=(*rest, *new), own=mine_own, perhaps=mine.perhaps - {attribute}
        )


def _either_way(known: Any, attribute: str, value: Type) -> Any:
    """A type, whether or not an attribute of it has got another value."""
    if isinstance(known, Many):
        return Many(_either_way(known.item, attribute, value))
    if isinstance(known, Each):
        return Each(tuple(_either_way(i, attribute, value) for i in known.items))
    if isinstance(known, Object):
        held = {a: _either_way(t, attribute, value) for a, t in known.held}
        sure = known.own is None or attribute in known.own
        known_here = held.get(attribute)
        if sure and known_here != value:
            held[attribute] = _held_either_way(known_here, value)
        perhaps = known.perhaps if sure else known.perhaps | {attribute}
        return replace(known, held=tuple(held.items()), perhaps=perhaps)
    return known


def same_classes(one: Type, other: Type) -> bool:
    """Do two lists hold objects of the same classes, one after the other?"""
    if not (isinstance(one, Each) and isinstance(other, Each)):
        return False
    return [getattr(i, "cls", i) for i in one.items] == [getattr(i, "cls", i) for i in other.items]


def has_lists(known: Type) -> bool:
    """Is there a list, of which something is known, in a value of this type?"""
    if isinstance(known, Object):
        return any(has_lists(inside) for _, inside in known.held)
    return isinstance(known, (Many, Each))


def holds_objects(known: Type) -> bool:
    """Does a type say of which class something is?"""
    if isinstance(known, Many):
        return known.item is None or holds_objects(known.item)
    return isinstance(known, (Object, Each))


# ---------------------------------------------------------------- classes


def in_class(cls: type, name: str) -> Any:
    """What a class has under a name, its bases included; None if nothing."""
    return inspect.getattr_static(cls, name, None)


def method_of(known: Any, attribute: str) -> FunctionType | None:
    """The function that an object of a known class binds to itself under a name."""
    if not isinstance(known, Object) or attribute in (known.own or set()) | known.perhaps:
        return None
    inside = in_class(known.cls, attribute)
    return inside if isinstance(inside, FunctionType) else None


def class_in(made: Display) -> list[Any]:
    """The class in the text that makes an object, alone in a list; none of a function."""
    return [] if makes_functions(made.made) else list(made.expr.args)


def is_plain_class(cls: Any) -> bool:
    """A class whose instances are their attributes, and whose attributes are plainly read."""
    if not isinstance(cls, type) or in_class(type(cls), "__call__") is not _MAKES:
        return False
    if getattr(cls, "__abstractmethods__", None) or issubclass(cls, enum.Enum):
        return False
    if not is_bare(cls, "__new__"):
        return False
    if in_class(cls, "__getattr__") is not None or not is_bare(cls, "__getattribute__"):
        return False
    frozen = getattr(getattr(cls, "__dataclass_params__", None), "frozen", False)
    return frozen or is_bare(cls, "__setattr__")


def is_bare(cls: type, method: str) -> bool:
    """Is a method that of a class of which the objects are nothing but attributes?"""
    return any(in_class(cls, method) is in_class(one, method) for one in BARE)


BARE = object, SimpleNamespace  # whose objects are attributes, and nothing else
_MAKES = inspect.getattr_static(type, "__call__")
