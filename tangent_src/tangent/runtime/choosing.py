"""The adjoints of functions that choose among arrays, put elements in, or take them out."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import chosen, unbroadcast, unpack_like
from tangent.runtime.refusals import Refusal
from tangent.runtime.shapes import reshape_like


def unchoose(y_bar: Any, a: Any, choices: Any, mode: str = "raise") -> Any:
    """The adjoints of `choices` in `np.choose(a, choices, mode=mode)`."""
    number = np.take(np.arange(len(choices)), a, mode=mode)  # type: ignore[call-overload]
    bars = [np.where(number == i, y_bar, 0) for i in range(len(choices))]
    if isinstance(choices, np.ndarray):
        return np.stack([unbroadcast(bar, row) for bar, row in zip(bars, choices, strict=True)])
    return [unbroadcast(bar, choice) for bar, choice in zip(bars, choices, strict=True)]


def unselect(y_bar: Any, condlist: Any, choicelist: Any) -> Any:
    """The adjoints of `choicelist` in `np.select(condlist, choicelist)`: the first that is true."""
    bars, left = [], True
    for condition, choice in zip(condlist, choicelist, strict=True):
        bars.append(unbroadcast(np.where(np.logical_and(left, condition), y_bar, 0), choice))
        left = np.logical_and(left, np.logical_not(condition))
    return np.stack(bars) if isinstance(choicelist, np.ndarray) else bars


def unselect_default(y_bar: Any, condlist: Any, default: Any) -> Any:
    """The adjoint of `default` in `np.select(condlist, choicelist, default)`."""
    chosen = False
    for condition in condlist:
        chosen = np.logical_or(chosen, condition)
    return unbroadcast(np.where(chosen, 0, y_bar), default)


def selected(number: int, condlist: Any, choicelist: Any) -> Any:
    """Which elements of `choicelist[number]` are used in `np.select(condlist, choicelist)`."""
    first = condlist[number]
    for condition in condlist[:number]:
        first = np.logical_and(first, np.logical_not(condition))
    return chosen(first, choicelist[number])


def by_default(condlist: Any, default: Any) -> Any:
    """Which elements of `default` are used in `np.select(condlist, choicelist, default)`."""
    none = True
    for condition in condlist:
        none = np.logical_and(none, np.logical_not(condition))
    return chosen(none, default)


def picked_number(number: int, a: Any, choices: Any, mode: str = "raise") -> Any:
    """Which elements of `choices[number]` are used in `np.choose(a, choices, mode=mode)`."""
    numbers = np.take(np.arange(len(choices)), a, mode=mode)  # type: ignore[call-overload]
    return chosen(numbers == number, choices[number])


def touched(x: Any, index: Any, there: Any = True) -> Any:
    """Which elements of `x` get something by `x[index] += e`, where `e` is something `there`."""
    marks = np.zeros(np.shape(x), bool)
    if there is True:
        marks[index] = True
        return marks
    places = np.arange(marks.size).reshape(marks.shape)
    some = places[index]
    return np.isin(places, some[np.broadcast_to(there, np.shape(some)) != 0])


def taken(x: Any, indices: Any, axis: Any = None, mode: str = "raise") -> Any:
    """Which elements of `x` stand in `np.take(x, indices, axis, mode=mode)`."""
    places = np.arange(np.size(x)).reshape(np.shape(x))
    return np.isin(places, np.take(places, indices, axis, mode=mode))  # type: ignore[call-overload]


def taken_along(x: Any, indices: Any, axis: Any = -1) -> Any:
    """Which elements of `x` stand in `np.take_along_axis(x, indices, axis)`."""
    places = np.arange(np.size(x)).reshape(np.shape(x))
    return np.isin(places, np.take_along_axis(places, indices, axis))


def inserted_places(y_bar: Any, arr: Any, obj: Any, axis: Any = None) -> tuple[Any, Any]:
    """Where the elements of `arr` stand in `np.insert(arr, obj, values, axis)`, and the values."""
    length = np.size(arr) if axis is None else np.shape(arr)[axis]
    number = (np.size(y_bar) if axis is None else np.shape(y_bar)[axis]) - length
    marks = np.insert(np.full(length, -1), obj, np.arange(number))
    return np.flatnonzero(marks < 0), np.argsort(marks, kind="stable")[length:]


def uninsert(y_bar: Any, arr: Any, obj: Any, axis: Any = None) -> Any:
    """The adjoint of `arr` in `np.insert(arr, obj, values, axis)`."""
    own, _ = inserted_places(y_bar, arr, obj, axis)
    return reshape_like(np.take(y_bar, own, axis), arr)


def inserted(y_bar: Any, arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """The adjoint of `values` in `np.insert(arr, obj, values, axis)`."""
    _, theirs = inserted_places(y_bar, arr, obj, axis)
    bars = np.take(y_bar, theirs, axis)
    if axis is not None and isinstance(obj, int | np.integer):
        bars = np.moveaxis(bars, axis, 0)
    return unpack_like(unbroadcast(bars, np.asarray(values, bars.dtype)), values)


def unblock(y_bar: Any, arrays: Any) -> Any:
    """The adjoints of the blocks in `np.block(arrays)`: nested lists as `arrays` is."""
    if not isinstance(arrays, list):
        return reshape_like(y_bar, arrays)
    depth = 0
    inner: Any = arrays
    while isinstance(inner, list):
        depth, inner = depth + 1, inner[0]
    blocks, bars, start = [np.block(part) for part in arrays], [], 0
    y_bar = np.reshape(y_bar, (1,) * (depth - np.ndim(y_bar)) + np.shape(y_bar))
    for part, block in zip(arrays, blocks, strict=True):
        size = np.shape(block)[-depth] if np.ndim(block) >= depth else 1
        own = np.take(y_bar, range(start, start + size), -depth)
        bars.append(unblock(own, part))
        start += size
    return bars


def roll_axis_back(y_bar: Any, axis: int, start: int = 0) -> Any:
    """The transposed map of `np.rollaxis(a, axis, start)`."""
    ndim = np.ndim(y_bar)
    axis, start = axis % ndim, start + ndim if start < 0 else start
    return np.moveaxis(y_bar, start - 1 if axis < start else start, axis)


def unbroadcast_each(y_bars: Any, xs: Any) -> Any:
    """The adjoints of `xs` in `np.broadcast_arrays(*xs)`."""
    return [unbroadcast(bar, x) for bar, x in zip(y_bars, xs, strict=True)]


def unmesh(y_bars: Any, xs: Any, sparse: bool = False, indexing: str = "xy") -> Any:
    """The adjoints of `xs` in `np.meshgrid(*xs, sparse=sparse, indexing=indexing)`."""
    found = []
    for i, (bar, x) in enumerate(zip(y_bars, xs, strict=True)):
        axis = 1 - i if indexing == "xy" and i < 2 and len(xs) > 1 else i
        others = tuple(a for a in range(np.ndim(bar)) if a != axis)
        found.append(reshape_like(np.sum(bar, others), x))
    return found


def mesh(xs: Any, sparse: bool = False, indexing: str = "xy") -> Any:
    """`np.meshgrid(*xs, …)` as a list."""
    return list(np.meshgrid(*xs, sparse=sparse, indexing=indexing))  # type: ignore[call-overload]


def diff_parts(
    y_bar: Any, a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None
) -> tuple[Any, Any, Any]:
    """The adjoints of `a`, `prepend` and `append` in `np.diff(a, n, axis, prepend, append)`."""
    bars, length = np.moveaxis(y_bar, axis, 0), np.shape(a)[axis]
    for _ in range(n):
        end = np.zeros_like(bars[:1])
        bars = -np.diff(np.concatenate([end, bars, end]), axis=0)
    before = 0 if prepend is None else np.shape(prepend)[axis] if np.ndim(prepend) else 1
    ends = [
        np.moveaxis(part, 0, axis)
        for part in (bars[before : before + length], bars[:before], bars[before + length :])
    ]
    first = None if prepend is None else unbroadcast(ends[1], prepend)
    return unbroadcast(ends[0], a), first, None if append is None else unbroadcast(ends[2], append)


def unique_places(x: Any, axis: Any = None) -> Any:
    """Where the first of each of the unique elements of `x` stands."""
    return np.unique(x, return_index=True, axis=axis)[1]


def unique_extras(
    x: Any, index: bool, inverse: bool, counts: bool, axis: Any = None
) -> tuple[Any, ...]:
    """What `np.unique` gives beside the values."""
    return tuple(np.unique(x, index, inverse, counts, axis)[1:])  # type: ignore[call-overload]


def shared_places(x: Any, y: Any) -> Any:
    """Where the elements of `np.intersect1d(x, y)` stand in `x`."""
    return np.intersect1d(x, y, return_indices=True)[1]


def piecewise_masks(condlist: Any, number: int) -> list[Any]:
    """Which elements each of at most five functions of `np.piecewise` is for."""
    masks = [np.asarray(condition, bool) for condition in condlist]
    if number == len(masks) + 1:
        masks.append(~np.any(masks, axis=0))
    if number != len(masks) or number > 5:
        raise Refusal(
            f"{number} functions for {len(condlist)} conditions",
            "piecewise",
            "give one function for each condition, five at most, or one more for all else",
        )
    later = np.zeros_like(masks[0])
    for i in reversed(range(number)):
        masks[i], later = masks[i] & ~later, masks[i] | later
    return masks


def placed_at(values: Any, x: Any, mask: Any) -> Any:
    """Zeros like `x`, with `values` where `mask` is true."""
    result = np.zeros(np.shape(x), np.result_type(x))
    result[mask] = values
    return result
