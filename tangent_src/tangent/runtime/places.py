"""Places in arrays: what functions such as `np.put` write to, as an index."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import unbroadcast
from tangent.runtime.refusals import Refusal


def flat_places(a: Any, index: Any) -> Any:
    """The index of the elements that `a.flat[index]` and `np.put(a, index, …)` write to."""
    return np.unravel_index(np.arange(np.size(a))[index], np.shape(a))


def all_of(a: Any) -> Any:
    """The index of all elements of an array; refused for a list, which sorts in another way."""
    if not isinstance(a, np.ndarray):
        message = f"a {type(a).__name__} is sorted in place"
        raise Refusal(message, "list-sort", "sort an array: `np.sort(np.array(...))`")
    return ...


def along_places(a: Any, indices: Any, axis: int | None) -> Any:
    """The index of the elements that `np.put_along_axis(a, indices, …, axis)` writes to."""
    if axis is None:
        return flat_places(a, indices)
    axis = axis % np.ndim(a)
    grid: list[Any] = []
    for position, length in enumerate(np.shape(a)):
        shape = [1] * np.ndim(a)
        shape[position] = length
        grid.append(indices if position == axis else np.arange(length).reshape(shape))
    return tuple(grid)


def diagonal_places(a: Any) -> Any:
    """The index of the elements that `np.fill_diagonal(a, …)` writes to."""
    return (np.arange(min(np.shape(a))),) * np.ndim(a)


def shape_at(a: Any, indices: Any) -> Any:
    """The shape of `a[indices]`."""
    return np.shape(np.broadcast_to(0, np.shape(a))[indices])


def rounds(a: Any, indices: Any) -> list[tuple[Any, Any]]:
    """The places that `np.multiply.at(a, indices, …)` writes to, in as many rounds as one of them
    comes several times, and which of the values they get.
    """
    flat = np.ravel(np.reshape(np.arange(np.size(a)), np.shape(a))[indices])
    order = np.argsort(flat, kind="stable")
    ranks = np.arange(np.size(flat)) - np.searchsorted(flat[order], flat[order])
    ends = np.cumsum(np.bincount(ranks))
    turns = np.split(order[np.argsort(ranks, kind="stable")], ends[:-1]) if np.size(flat) else []
    return [(np.unravel_index(flat[turn], np.shape(a)), turn) for turn in turns]


def masked_value(values: Any, a: Any) -> Any:
    """`values` for `np.putmask(a, …)`; refused where they would be repeated along the elements."""
    if np.shape(values) not in ((), np.shape(a)):
        message = f"values of shape {np.shape(values)} for an array of shape {np.shape(a)}"
        raise Refusal(message, "putmask", "write `a[mask] = values[mask]`")
    return values


def picked(x: Any, where: Any, like: Any) -> Any:
    """The elements of `x` (broadcast to the shape of `like`) for which `where` holds."""
    shape = np.shape(like)
    return np.broadcast_to(x, shape)[np.broadcast_to(where, shape)]


def picked_back(y_bar: Any, x: Any, where: Any, like: Any) -> Any:
    """The adjoint of `x` in `picked(x, where, like)`."""
    result = np.zeros(np.shape(like), np.result_type(y_bar))
    result[np.broadcast_to(where, np.shape(like))] = y_bar
    return unbroadcast(result, x)


def whole_mask(where: Any, like: Any) -> Any:
    """The mask `where`, which may be written in numbers, in the shape of `like`."""
    return np.broadcast_to(np.asarray(where, bool), np.shape(like))
