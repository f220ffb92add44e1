"""Objects whose attributes hold numbers: instances of classes that are written in Python.

The adjoint of an object is the dict of the adjoints of its attributes, its tangent an object with
their tangents, of a class without methods; that of a named tuple is a list, as that of any tuple.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.refusals import Refusal


def is_record(value: Any) -> bool:
    """Is it an object that is nothing but its attributes?"""
    if isinstance(value, type) or not (hasattr(value, "__dict__") or slots(type(value))):
        return False
    if hasattr(type(value), "__array__") or hasattr(type(value), "dtype"):
        return False  # an array of another library
    return bare_base(type(value)) is not None


def bare_base(cls: Any) -> Any:
    """`object` or `SimpleNamespace`, if no other base of a class was made by anything but a `class`
    statement; else None.
    """
    heap = 1 << 9  # of the flags of a type: it was made by a `class` statement
    made = [one for one in cls.__mro__ if not one.__flags__ & heap]
    return made[0] if {one.__name__ for one in made} <= {"object", "SimpleNamespace"} else None


def slots(cls: type) -> tuple[str, ...]:
    """The attributes that a class and its bases name in `__slots__`."""
    named = [one.__dict__.get("__slots__", ()) for one in cls.__mro__]
    listed = [(one,) if isinstance(one, str) else tuple(one) for one in named]
    return tuple(s for one in reversed(listed) for s in one if s[:2] != "__")


def fields_of(value: Any) -> dict[str, Any]:
    """The attributes of an object by name, those in slots first."""
    inside = {s: getattr(value, s) for s in slots(type(value)) if hasattr(value, s)}
    return inside | getattr(value, "__dict__", {})


def lacks(value: Any, attribute: str) -> bool:
    """Has an object no attribute of its own under this name, whatever its class has?"""
    return attribute not in fields_of(value)


def attributes(value: Any) -> dict[str, Any] | None:
    """The attributes of an object, or the entries of its adjoint; None of anything else."""
    if type(value) is dict:
        return value
    return fields_of(value) if is_record(value) else None


def remade(value: Any, entries: dict[str, Any]) -> Any:
    """An object like `value` with other attributes; nothing of its class runs."""
    return instance(type(value), **entries)


def instance(cls: Any, **entries: Any) -> Any:
    """An object of a class with these attributes; its `__init__` does not run."""
    return filled_in(bare_base(cls).__new__(cls), entries)


def has_field(value: Any, field: str) -> bool:
    """Is it an object that itself holds this attribute?"""
    return is_record(value) and field in fields_of(value)


def filled_in(new: Any, entries: dict[str, Any]) -> Any:
    """`new` with these attributes, set as no method of its class sees it."""
    inside = slots(type(new))
    for field, entry in entries.items():
        if field in inside:
            object.__setattr__(new, field, entry)
        else:
            new.__dict__[field] = entry
    return new


def of_class(cls: type, field: str) -> tuple[Any, ...]:
    """The number or word that a class has under a name, alone in a tuple: of an object that shows
    it, it is constant, whatever is written to.
    """
    found = [vars(one)[field] for one in cls.__mro__ if field in vars(one)][:1]
    return tuple(one for one in found if isinstance(one, int | float | complex | str | np.generic))


def class_of(value: Any) -> type:
    """The class of an object, or of what it is the tangent of."""
    return getattr(type(value), "__primal__", type(value))


def no_object(value: Any) -> Any:
    """`value`, of which something is asked that an array has: an object may mean something else."""
    shown = hasattr(type(value), "__array__") and not hasattr(value, "dtype")  # as an array
    if is_record(value) or shown:
        raise Refusal(
            f"of a {type(value).__name__} something is asked that arrays have, too,"
            " and its class was not known in time",
            "attribute",
            "name the attribute or method otherwise, or loop over objects of one class",
        )
    return value


def no_copier(value: Any) -> Any:
    """`value`, of which a copy is made: a class in it may say itself what that is."""
    words = (
        "__copy__",
        "__deepcopy__",
        "__reduce__",
        "__reduce_ex__",
        "__getstate__",
        "__setstate__",
    )
    todo, seen = [value], {id(value)}
    while todo:
        one = todo.pop()
        own = [vars(cls) for cls in type(one).__mro__[:-1] if cls.__flags__ & 1 << 9]
        written = [(w, named[w]) for named in own for w in words if w in named]
        for word, made in written:
            if getattr(made, "__module__", "") != "dataclasses":  # what that writes is as usual
                raise Refusal(
                    f"a {type(one).__name__} is copied, whose class defines `{word}`",
                    "object",
                    "call a method that makes the copy",
                )
        inside = (attributes(one) or {}).values()
        more = [*one, *inside] if isinstance(one, list | tuple) else [*inside]
        todo += [v for v in more if id(v) not in seen]
        seen.update(map(id, more))
    return value


def no_array(value: Any) -> Any:
    """`value`, which an object is to meet in an operator: an array would go entry by entry, and
    another object has an operator of its own.
    """
    if type(value).__module__ == "numpy":
        raise Refusal(
            "an array is the left operand of an operator that the class of the right one defines",
            "operator",
            "put the object on the left",
        )
    if is_record(value):
        raise Refusal(
            f"the class of a {type(value).__name__}, the left operand here, was not known in time",
            "operator",
            "call a function that does it, and returns the object",
        )
    return value


def place_of(primal: Any, field: str) -> Any:
    """Where the adjoint of an object or named tuple holds that of an attribute."""
    if isinstance(primal, tuple) and hasattr(primal, "_fields") and field in primal._fields:
        return primal._fields.index(field)
    if has_field(primal, field) or of_class(class_of(primal), field):
        return field
    raise no_field(primal, field)


def only_fields(adjoint: Any, *fields: str, of: type = object) -> Any:
    """The adjoint of an object, `of` a class, that holds these attributes, and no other."""
    for field in adjoint:
        if field not in fields and not of_class(of, field):
            raise Refusal(
                f"`{field}` is no attribute that the object itself holds",
                "attribute",
                "call a method that computes it",
            )
    return adjoint


def no_field(primal: Any, field: str) -> Refusal:
    """The error of an attribute that is computed, or lives in the class."""
    return Refusal(
        f"`{field}` is no attribute that a {class_of(primal).__name__} itself holds",
        "attribute",
        "call a method that computes it",
    )
