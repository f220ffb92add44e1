"""Tangents of whole values: they have the structure, the shapes and the dtypes of their primals.

The tangent of a list is a list, that of a tuple a tuple, that of a dict a dict with the same keys;
that of an integer is zero, and that of what is no number is None.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import cast, is_staircase
from tangent.runtime.products import is_sparse
from tangent.runtime.records import class_of, fields_of, instance, is_record, no_field, of_class
from tangent.runtime.refusals import Refusal
from tangent.runtime.structure import entries_in, like


def conform(tangent: Any, value: Any) -> Any:
    """`tangent` in the shape and dtype of `value`: a number for `x + y` becomes a whole array.

    Zeros for an integer `value`, which is a staircase.
    """
    kind = type(value)
    if kind is np.ndarray:
        if type(tangent) is kind and tangent.shape == value.shape and tangent.dtype == value.dtype:
            return tangent
        if value.dtype.kind in "iub":
            return np.zeros(value.shape)
        if np.shape(tangent) != value.shape:
            tangent = np.broadcast_to(tangent, value.shape).copy()
        return cast(np.asarray(tangent), value.dtype)
    if kind is float:
        return float(np.real(tangent))
    if kind is complex:
        return complex(tangent)
    if isinstance(value, np.inexact):
        return np.asarray(cast(tangent, value.dtype))[()]
    if isinstance(value, int | np.integer | np.bool_):
        return 0.0
    raise Refusal(
        f"a {kind.__name__} is no operand that arithmetic can be differentiated for",
        "not-a-number",
        "convert it to an array first: `np.array(...)`",
    )


def of_kind(tangent: Any, value: Any) -> Any:
    """`tangent`, as a number where `value` is one and `tangent` an array of no dimension."""
    return as_number(tangent, is_number(value))


def is_number(value: Any) -> bool:
    """Is `value` no array, whatever its dimensions?"""
    return not isinstance(value, np.ndarray)


def as_number(value: Any, number: bool) -> Any:
    """`value`, or the number in it if that is asked for and it is an array of no dimension."""
    return value[()] if number and isinstance(value, np.ndarray) and not value.ndim else value


def zero_tangent(value: Any) -> Any:
    """The tangent of a value that does not move: zeros in its structure, new and writeable.

    That of an array of integers is read-only: what is stored there is rounded, and does not move.
    """
    kind = type(value)
    if kind is np.ndarray:
        if value.dtype.kind in "fc":
            return np.zeros_like(value, subok=False)
        zeros = np.zeros(value.shape)
        zeros.flags.writeable = False
        return zeros
    if kind is float or kind is int or kind is bool:
        return 0.0
    if kind is list or kind is tuple:
        return kind([zero_tangent(entry) for entry in value])
    if kind in (range, set, frozenset):  # `list(range(n))`: its tangent is made of this one's items
        return [zero_tangent(entry) for entry in value]
    if kind is dict:
        return {key: zero_tangent(entry) for key, entry in value.items()}
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return kind(*[zero_tangent(entry) for entry in value])
    if isinstance(value, np.inexact):
        return kind(0.0)
    if is_record(value):
        parts = {k: zero_tangent(entry) for k, entry in fields_of(value).items()}
        return tangent_parts(kind, **parts)
    if is_sparse(value):
        return 0.0 * value
    return 0j if kind is complex else 0.0 if isinstance(value, np.integer | np.bool_) else None


class Tangent:
    """The tangent of an object: those of its attributes, and zero for a number of its class."""

    def __getattr__(self, field: str) -> Any:
        if field[:2] == "__":
            raise AttributeError(field)
        for constant in of_class(class_of(self), field):
            return zero_tangent(constant)
        raise no_field(self, field)

    def _no_operand(self, *others: Any) -> Any:
        raise Refusal(
            f"a {class_of(self).__name__} is no operand that arithmetic can be differentiated for",
            "not-a-number",
            "convert it to an array first: `np.array(...)`",
        )

    __array_ufunc__ = None  # so that an array asks the operators below
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _no_operand
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = _no_operand
    __neg__ = __pos__ = __abs__ = __getitem__ = __iter__ = _no_operand


def tangent_parts(cls: type = object, /, **entries: Any) -> Any:
    """The tangent of an object of this class: the tangents of its attributes."""
    return instance(tangent_class(cls), **entries)


def tangent_class(cls: type) -> type:
    """The class of the tangents of objects of a class, and of the tangents of those."""
    if issubclass(cls, Tangent):
        return cls
    for known in Tangent.__subclasses__():
        if vars(known)["__primal__"] is cls:
            return known
    return type("Tangent", (Tangent,), {"__primal__": cls})


def recast(tangent: Any, dtype: Any = None, copy: bool = False) -> Any:
    """The tangent of `x.astype(dtype)`: zeros for a `dtype` of integers."""
    if dtype is None:
        return tangent
    if is_staircase(dtype):
        return np.zeros(np.shape(tangent))
    return tangent.astype(dtype, copy=copy)


def tangent_like(tangent: Any, value: Any) -> Any:
    """A private copy of `tangent` that has the structure, shapes and dtypes of `value`.

    None means zero, wherever it stands; what fits nowhere is refused.
    """
    return filled(like(tangent, value, True), value)


def filled(tangent: Any, value: Any) -> Any:
    """`tangent` with zeros for the integers of `value`, in whose structure it is."""
    if isinstance(value, dict):
        return {key: filled(tangent[key], entry) for key, entry in value.items()}
    if is_record(value):
        held = entries_in(tangent)
        parts = {k: filled(held[k], entry) for k, entry in fields_of(value).items()}
        return tangent_parts(type(value), **parts)
    if isinstance(value, list | tuple):
        entries = [filled(t, v) for t, v in zip(tangent, value, strict=True)]
        return type(value)(*entries) if hasattr(type(value), "_fields") else type(value)(entries)
    return zero_tangent(value) if tangent is None else tangent
