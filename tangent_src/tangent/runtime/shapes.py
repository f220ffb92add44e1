"""The adjoints of functions that move elements and compute nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import axes_from_zero, unbroadcast, unpack_like


def reshape_like(y_bar: Any, x: Any, order: Any = "C") -> Any:
    """The adjoint of `x` in a reshape of it: `y_bar` in the shape of `x`, its rows for a list."""
    shape = np.shape(x)
    if order == "C":
        return unpack_like(np.reshape(y_bar, shape), x)
    places, way = reading_order(x, order)
    result = np.empty(np.size(x), np.result_type(y_bar))
    result[places] = np.ravel(y_bar, order=way)
    return unpack_like(np.reshape(result, shape), x)


def reshape_by(x_dot: Any, y: Any, x: Any, order: Any) -> Any:
    """The tangent of `y`, a reshape of `x` in this order, also where `x_dot` lies in memory in
    another way; the transposed map of `reshape_like`.
    """
    places, way = reading_order(x, order)
    return np.reshape(np.ravel(x_dot)[places], np.shape(y), order=way)


def reading_order(x: Any, order: Any) -> tuple[Any, Any]:
    """The places of the elements of `x` in the order in which a reshape reads them, and whether it
    writes them row by row ("C") or column by column ("F").
    """
    if order == "A":
        order = "F" if np.isfortran(x) else "C"
    places = np.reshape(np.arange(np.size(x)), np.shape(x))
    if order == "K":  # the order of the memory: NumPy is asked which element came where
        marked = np.empty_like(x, dtype=places.dtype)
        marked[...] = places
        places = marked
    return np.ravel(places, order=order), "F" if order == "F" else "C"


def transpose_back(y_bar: Any, axes: Any = None) -> Any:
    """The adjoint of `x` in `np.transpose(x, axes)` or `x.transpose(*axes)`."""
    order = permutation(axes, np.ndim(y_bar))
    return np.transpose(y_bar, [order.index(a) for a in range(len(order))])


def transpose_by(x: Any, axes: Any = None) -> Any:
    """`np.transpose(x, axes)`, the transposed map of `transpose_back`."""
    return np.transpose(x, permutation(axes, np.ndim(x)))


def permutation(axes: Any, ndim: int) -> list[int]:
    """What `x.transpose()`, `x.transpose(1, 0)` and `x.transpose((1, 0))` mean, as one list."""
    if axes is None or len(axes) == 0 or axes == (None,):
        return list(range(ndim))[::-1]
    if len(axes) == 1 and isinstance(axes[0], tuple | list):
        axes = axes[0]
    return [a % ndim for a in axes]


def split_like(y_bar: Any, xs: Any, axis: Any = 0, least: int = 1) -> Any:
    """The adjoints of `xs` in `np.concatenate(xs, axis)`: a list, or an array for an array.

    Parts with fewer than `least` dimensions took up one place along `axis`, as in `np.vstack`.
    """
    if axis is None:
        ends = np.cumsum([np.size(x) for x in xs])
        y_bar, axis = np.ravel(y_bar), 0
    else:
        ends = np.cumsum([np.shape(x)[axis] if np.ndim(x) >= least else 1 for x in xs])
    pieces = np.split(y_bar, ends[:-1], axis=axis)
    parts = [np.reshape(p, np.shape(x)) for p, x in zip(pieces, xs, strict=True)]
    if isinstance(xs, np.ndarray):
        return unbroadcast(np.stack(parts), xs)
    return [unpack_like(p, x) for p, x in zip(parts, xs, strict=True)]


def split_rows_like(y_bar: Any, xs: Any) -> Any:
    """The adjoints of `xs` in `np.hstack(xs)`: along axis 0 for vectors, else along axis 1."""
    return split_like(y_bar, xs, 0 if np.ndim(y_bar) == 1 else 1)


def unstack_like(y_bar: Any, xs: Any, axis: int = 0) -> Any:
    """The adjoints of `xs` in `np.stack(xs, axis)`: a list, or an array for an array."""
    return unpack_like(np.moveaxis(y_bar, axis, 0), xs)


def join_like(y_bars: Any, x: Any, axis: int = 0) -> Any:
    """The adjoint of `x` in `np.split(x, sections, axis)`, from those of the parts."""
    return unbroadcast(np.concatenate(y_bars, axis=axis), x)


def repeat_adjoint(y_bar: Any, x: Any, repeats: Any, axis: Any = None) -> Any:
    """The adjoint of `x` in `np.repeat(x, repeats, axis)`: the sum over the copies."""
    axis = None if np.ndim(x) == 0 else axis
    flat = np.reshape(x, -1) if axis is None else np.moveaxis(x, axis, 0)
    rows = y_bar if axis is None else np.moveaxis(y_bar, axis, 0)
    result = np.zeros(flat.shape, np.result_type(y_bar))
    np.add.at(result, np.repeat(np.arange(len(flat)), repeats), rows)
    return reshape_like(result, x) if axis is None else np.moveaxis(result, 0, axis)


def tile_adjoint(y_bar: Any, x: Any, reps: Any) -> Any:
    """The adjoint of `x` in `np.tile(x, reps)`: the sum over the copies."""
    shape = np.shape(x)
    reps = (reps,) if np.ndim(reps) == 0 else tuple(reps)
    reps = (1,) * (len(shape) - len(reps)) + reps
    wide = (1,) * (len(reps) - len(shape)) + shape
    split = [n for pair in zip(reps, wide, strict=True) for n in pair]
    copies = np.reshape(y_bar, split)
    return reshape_like(np.sum(copies, axis=tuple(range(0, len(split), 2))), x)


def windows_adjoint(y_bar: Any, x: Any, window_shape: Any, axis: Any = None) -> Any:
    """The adjoint of `x` in `sliding_window_view(x, window_shape, axis)`: the sum over the windows
    that show an element.
    """
    window = (window_shape,) if np.ndim(window_shape) == 0 else tuple(window_shape)
    axes = tuple(range(len(window))) if axis is None else axis
    axes = (axes,) if np.ndim(axes) == 0 else tuple(axes)
    result = np.zeros(np.shape(x), np.result_type(y_bar))
    for offset in np.ndindex(*window):
        start = [0] * np.ndim(x)
        for a, o in zip(axes, offset, strict=True):
            start[a] += o
        place = tuple(slice(s, s + n) for s, n in zip(start, np.shape(y_bar), strict=False))
        result[place] += y_bar[(..., *offset)]
    return result


def diff_adjoint(y_bar: Any, x: Any, n: int = 1, axis: int = -1) -> Any:
    """The adjoint of `x` in `np.diff(x, n, axis)`: minus its differences between zeros."""
    result = np.moveaxis(y_bar, axis, 0)
    length = np.shape(x)[axis]
    if length <= n:
        return np.zeros_like(x)
    for _ in range(n):
        end = np.zeros_like(result[:1])
        result = -np.diff(np.concatenate([end, result, end]), axis=0)
    return np.moveaxis(result, 0, axis)


def put_back(y_bar: Any, x: Any, indices: Any, axis: Any = None, mode: str = "raise") -> Any:
    """The adjoint of `x` in `np.take(x, indices, axis, mode=mode)`: repeated indices add up."""
    if mode != "raise":
        length = np.size(x) if axis is None else np.shape(x)[axis]
        indices = np.take(np.arange(length), indices, mode=mode)  # type: ignore[call-overload]
    flat = np.reshape(x, -1) if axis is None else np.moveaxis(x, axis, 0)
    rows = y_bar
    if axis is not None:
        first = axis % np.ndim(x)
        moved = range(first, first + np.ndim(indices))
        rows = np.moveaxis(y_bar, list(moved), list(range(np.ndim(indices))))
    result = np.zeros(flat.shape, np.result_type(y_bar))
    np.add.at(result, indices, rows)
    return reshape_like(result, x) if axis is None else np.moveaxis(result, 0, axis)


def put_back_along(y_bar: Any, x: Any, indices: Any, axis: Any = -1) -> Any:
    """The adjoint of `x` in `np.take_along_axis(x, indices, axis)`: repeated indices add up."""
    if axis is None:
        return reshape_like(put_back(y_bar, np.ravel(x), indices), x)
    rows, places = np.moveaxis(x, axis, 0), np.moveaxis(indices, axis, 0)
    result = np.zeros(rows.shape, np.result_type(y_bar))
    others = np.ogrid[tuple(slice(n) for n in places.shape)][1:]
    np.add.at(result, (places, *others), np.moveaxis(y_bar, axis, 0))
    return np.moveaxis(result, 0, axis)


def unsort(y_bar: Any, x: Any, axis: Any = -1) -> Any:
    """The adjoint of `x` in `np.sort(x, axis)`; equal elements keep their order."""
    order = np.argsort(x, axis=axis, kind="stable")
    return put_back_along(y_bar, np.asarray(x), order, axis)


def diagonal_back(y_bar: Any, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The adjoint of `x` in `np.diagonal(x, offset, axis1, axis2)`: zero off the diagonal."""
    result = np.zeros(np.shape(x), np.result_type(y_bar))
    moved = np.moveaxis(result, (axis1, axis2), (-2, -1))
    length = np.shape(y_bar)[-1]
    rows = np.arange(length) + max(-offset, 0)
    moved[..., rows, np.arange(length) + max(offset, 0)] = y_bar
    return result


def trace_adjoint(y_bar: Any, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The adjoint of `x` in `np.trace(x, offset, axis1, axis2)`: `y_bar` on the diagonal."""
    length = np.shape(np.diagonal(x, offset, axis1, axis2))[-1]
    rows = np.broadcast_to(np.expand_dims(y_bar, -1), (*np.shape(y_bar), length))
    return diagonal_back(rows, x, offset, axis1, axis2)


def diag_back(y_bar: Any, x: Any, k: int = 0) -> Any:
    """The adjoint of `x` in `np.diag(x, k)`, which makes a matrix of a vector or the reverse."""
    return np.diagonal(y_bar, k) if np.ndim(x) == 1 else diagonal_back(y_bar, x, k)


def join_parts(parts: Any, y_bar: Any, axis: Any = 0) -> Any:
    """The transposed map of `split_like`: the parts side by side, in the shape of `y_bar`."""
    shape = np.shape(y_bar)
    if axis is None:
        return np.reshape(np.concatenate([np.ravel(part) for part in parts]), shape)
    pieces = []
    for part in parts:
        whole = list(shape)
        whole[axis] = np.shape(part)[axis] if np.ndim(part) == len(shape) else 1
        pieces.append(np.reshape(part, whole))
    return np.concatenate(pieces, axis=axis)


def along_axis(w: Any, x: Any, axis: Any) -> Any:
    """`w`, one number for each place along `axis`, against `x`; as it is where its shape is that
    of `x`.
    """
    if np.shape(w) == np.shape(x):
        return w
    axes = axes_from_zero(axis, np.ndim(x))
    ordered = np.transpose(w, np.argsort(axes))
    return np.reshape(ordered, [n if a in axes else 1 for a, n in enumerate(np.shape(x))])


def along_axis_back(y_bar: Any, w: Any, axis: Any) -> Any:
    """The adjoint of `w` in `along_axis(w, x, axis)`."""
    if np.shape(w) == np.shape(y_bar):
        return unbroadcast(y_bar, w)
    axes = axes_from_zero(axis, np.ndim(y_bar))
    back = np.argsort(np.argsort(axes))
    return unpack_like(
        np.transpose(np.reshape(y_bar, np.take(np.shape(w), np.argsort(axes))), back), w
    )


def without_leading_zeros(p: Any) -> Any:
    """The coefficients of a polynomial from the first that is not 0; the last one at least."""
    p = np.atleast_1d(p)
    found = np.flatnonzero(p)
    return p[found[0] if np.size(found) else np.size(p) - 1 :]


def weighted_sum(y_bar: Any, weights: Any, axis: int = 0) -> Any:
    """The sum of `y_bar` along `axis`, with `weights`."""
    return np.tensordot(weights, y_bar, (0, axis))


def weighted(x: Any, weights: Any, axis: int = 0) -> Any:
    """The transposed map of `weighted_sum`: `x` times each of `weights`, along a new `axis`."""
    return np.moveaxis(np.multiply.outer(weights, x), 0, axis)


def item_back(y_bar: Any, x: Any, args: Any) -> Any:
    """The adjoint of `x` in `x.item(*args)`: zeros, and `y_bar` in that place."""
    result = np.zeros(np.shape(x), np.result_type(x))
    place = args[0] if len(args) == 1 else args
    if isinstance(place, tuple):
        result[place] = y_bar
    else:
        result.flat[place] = y_bar
    return result


def leading_zeros(p: Any) -> int:
    """How many leading coefficients `np.polydiv` takes for zero, the last one never."""
    number = 0
    while number < np.size(p) - 1 and np.allclose(p[number], 0, rtol=1e-14):
        number += 1
    return number
