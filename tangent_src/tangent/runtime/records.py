"""Objects whose attributes hold numbers: instances of classes that are written in Python.

The adjoint of an object is the dict of the adjoints of its attributes, its tangent an object with
their tangents, of no class; that of a named tuple is a list, as that of any tuple.
"""

from __future__ import annotations

from typing import Any

from tangent.runtime.refusals import Refusal


def is_record(value: Any) -> bool:
    """Is it an object that is nothing but its attributes?"""
    if not hasattr(value, "__dict__") or isinstance(value, type):
        return False
    if hasattr(type(value), "__array__") or hasattr(type(value), "dtype"):
        return False  # an array of another library
    heap = 1 << 9  # of the flags of a type: it was made by a `class` statement
    kinds = type(value).__mro__[:-1]
    return all(one.__flags__ & heap and not one.__dict__.get("__slots__") for one in kinds)


def attributes(value: Any) -> dict[str, Any] | None:
    """The attributes of an object, or the entries of its adjoint; None of anything else."""
    if type(value) is dict:
        return value
    return dict(vars(value)) if is_record(value) else None


def remade(value: Any, entries: dict[str, Any]) -> Any:
    """An object like `value` with other attributes; nothing of its class runs."""
    return instance(type(value), **entries)


def instance(cls: Any, **entries: Any) -> Any:
    """An object of a class with these attributes; its `__init__` does not run."""
    new = object.__new__(cls)
    new.__dict__.update(entries)
    return new


def tangent_parts(**entries: Any) -> Any:
    """The tangent of an object: those of its attributes."""
    return instance(type("Tangent", (), {}), **entries)


def no_array(value: Any) -> Any:
    """`value`, which an object is to meet in an operator: an array would go entry by entry."""
    if type(value).__module__ == "numpy":
        raise Refusal(
            "an array is the left operand of an operator that the class of the right one defines",
            "operator",
            "put the object on the left",
        )
    return value


def place_of(primal: Any, field: str) -> Any:
    """Where the adjoint of an object or named tuple holds that of an attribute."""
    if isinstance(primal, tuple) and hasattr(primal, "_fields") and field in primal._fields:
        return primal._fields.index(field)
    if is_record(primal) and field in vars(primal):
        return field
    raise no_field(primal, field)


def only_fields(adjoint: Any, *fields: str) -> Any:
    """The adjoint of an object that holds these attributes, and no other."""
    for field in adjoint:
        if field not in fields:
            raise Refusal(
                f"`{field}` is no attribute that the object itself holds",
                "attribute",
                "call a method that computes it",
            )
    return adjoint


def no_field(primal: Any, field: str) -> Refusal:
    """The error of an attribute that is computed, or lives in the class."""
    return Refusal(
        f"`{field}` is no attribute that a {type(primal).__name__} itself holds",
        "attribute",
        "call a method that computes it",
    )
