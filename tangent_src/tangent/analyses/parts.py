"""The shape of a part of an array, `u[1:-1]`, from that of the array and the index alone.

What is cut off at the two ends of an axis counts, not where: `u[2:]`, `u[1:-1]` and `u[:-2]` have
equal shapes, of every length.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import gast

from tangent.syntax.trees import is_literal

WHOLE = ("all but", 0)
DROPPED = "one"


def part_key(index: Any, integers: Collection[str]) -> tuple[Any, ...] | None:
    """What an index leaves of each axis: equal keys leave equal shapes of equal shapes, and the
    empty one leaves all.  None where the index may hold anything but numbers and slices of known
    bounds; `integers` are names that surely hold an integer.
    """
    axes = [_axis(p, integers) for p in (index.elts if isinstance(index, gast.Tuple) else [index])]
    if None in axes:
        return None
    while axes and axes[-1] == WHOLE:
        axes.pop()
    return tuple(axes)


def part_of(whole: Any, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The unknown shape of a part of what has the shape `whole`."""
    return "part", whole, key


def has_axis(unknown: tuple[Any, ...]) -> bool:
    """Is an unknown shape that of a part with at least one axis?"""
    return unknown[0] == "part" and any(axis != DROPPED for axis in unknown[2])


def is_sliced(index: Any) -> bool:
    """Has an index a slice, so that it picks a view, never a number?"""
    parts = index.elts if isinstance(index, gast.Tuple) else [index]
    return any(isinstance(p, gast.Slice) for p in parts)


def _axis(index: Any, integers: Collection[str]) -> Any:
    if not isinstance(index, gast.Slice):
        return DROPPED if _is_integer(index, integers) else None
    bounds = [_bound(b) for b in (index.lower, index.upper, index.step)]
    if "unknown" in bounds:
        return None
    lower, upper, step = bounds
    first = lower or 0
    if step in (None, 1) and first >= 0 and (upper is None or upper < 0):
        return "all but", first - (upper or 0)
    return lower, upper, step


def _bound(bound: Any) -> Any:
    if bound is None:
        return None
    value = _number(bound)
    return "unknown" if value is None else value


def _number(expr: Any) -> int | None:
    """The integer that a literal stands for."""
    if isinstance(expr, gast.UnaryOp) and isinstance(expr.op, gast.USub):
        inner = _number(expr.operand)
        return None if inner is None else -inner
    value = expr.value if isinstance(expr, gast.Constant) else None
    return value if type(value) is int else None


def _is_integer(expr: Any, integers: Collection[str]) -> bool:
    match expr:
        case gast.Name(id=id):
            return id in integers
        case gast.BinOp(left=left, op=gast.Add() | gast.Sub() | gast.Mult(), right=right):
            return _is_integer(left, integers) and _is_integer(right, integers)
    return is_literal(expr) and _number(expr) is not None
