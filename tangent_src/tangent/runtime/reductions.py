"""The adjoints of reductions that are not sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import axes_from_zero, unbroadcast_to, unpack_like
from tangent.runtime.partials import refuse_order


def expand_reduced(y: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The result `y` of a reduction of `x`, with length 1 along the axes that were reduced.

    Broadcasts against `x`; `y` may still be broadcast, larger than the result, and is then summed.
    """
    shape = np.shape(x)
    axes = axes_from_zero(axis, len(shape))
    kept = tuple(n for a, n in enumerate(shape) if a not in axes)
    ones = tuple(1 if a in axes else n for a, n in enumerate(shape))
    if np.shape(y) == ones:
        return y
    return np.reshape(unbroadcast_to(y, ones if keepdims else kept), ones)


def extreme_shares(
    y: Any,
    x: Any,
    axis: Any = None,
    keepdims: bool = False,
    where: Any = None,
    initial: Any = None,
) -> Any:
    """The part of the adjoint of `y`, an extreme of `x`, that each element gets: evenly at ties.

    Elements outside of `where` get nothing; `initial` is one more element.
    """
    refuse_order(y)
    value = expand_reduced(y, x, axis, keepdims)
    here = np.asarray(x) == value
    if where is not None:
        here = here & where
    number = np.sum(here, axis=axis, keepdims=True)
    if initial is not None:
        number = number + (value == initial)
    # where nothing equals the extreme (NaN), nothing gets anything
    shares = here / np.maximum(number, 1)
    return shares.astype(np.result_type(y))


def extreme_adjoint(
    y_bar: Any,
    y: Any,
    x: Any,
    axis: Any = None,
    keepdims: bool = False,
    where: Any = None,
    initial: Any = None,
) -> Any:
    """The adjoint of `x` in `y = np.max(x, axis, keepdims=keepdims, …)`, or `np.min`."""
    shares = extreme_shares(y, x, axis, keepdims, where, initial)
    adjoint = expand_reduced(y_bar, x, axis, keepdims) * shares
    return unpack_like(adjoint, x)


def product_of_others(x: Any, axis: Any = None) -> Any:
    """For each element of `x` the product of the others along `axis`, without a division."""
    rows = axes_as_last(x, axis)
    return axes_put_back(products_before(rows) * products_after(rows), x, axis)


def product_of_others_adjoint(w_bar: Any, x: Any, axis: Any = None) -> Any:
    """The adjoint of `x` in `product_of_others(x, axis)`: sums of products of all but two."""
    rows, bars = axes_as_last(x, axis), axes_as_last(w_bar, axis)
    result = np.zeros_like(rows)
    for k in range(rows.shape[-1]):
        rest = np.delete(rows, k, axis=-1)
        products = products_before(rest) * products_after(rest)
        result[..., k] = np.sum(np.delete(bars, k, axis=-1) * products, axis=-1)
    return axes_put_back(result, x, axis)


def axes_as_last(x: Any, axis: Any = None) -> Any:
    """`x` with the axes `axis` made into one, which comes last."""
    ndim = np.ndim(x)
    axes = axes_from_zero(axis, ndim)
    rest = [a for a in range(ndim) if a not in axes]
    length = 1
    for a in axes:
        length *= np.shape(x)[a]
    return np.reshape(np.transpose(x, rest + axes), [*(np.shape(x)[a] for a in rest), length])


def axes_put_back(rows: Any, x: Any, axis: Any = None) -> Any:
    """The array in the shape of `x` of which `axes_as_last` gives `rows`."""
    places = axes_as_last(np.reshape(np.arange(np.size(x)), np.shape(x)), axis)
    result = np.empty(np.size(x), rows.dtype)
    result[places] = rows
    return np.reshape(result, np.shape(x))


def products_before(rows: Any) -> Any:
    """For each element the product of those before it along the last axis."""
    ones = np.ones_like(rows[..., :1])
    return np.concatenate([ones, np.cumprod(rows[..., :-1], axis=-1)], axis=-1)


def products_after(rows: Any) -> Any:
    """For each element the product of those after it along the last axis."""
    return np.flip(products_before(np.flip(rows, -1)), -1)


def cumprod_adjoint(y_bar: Any, x: Any, axis: Any = None) -> Any:
    """The adjoint of `x` in `y = np.cumprod(x, axis)`; zeros in `x` are allowed.

    `x_bar[k] = (x[0] … x[k-1]) r[k]` with `r[k] = y_bar[k] + x[k+1] r[k+1]`.
    """
    axis = None if np.ndim(x) == 0 else axis
    flat = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    bars = y_bar if axis is None else np.moveaxis(y_bar, axis, -1)
    rest = np.array(bars)
    for k in range(flat.shape[-1] - 2, -1, -1):
        rest[..., k] = rest[..., k] + flat[..., k + 1] * rest[..., k + 1]
    result = products_before(flat) * rest
    return np.reshape(result, np.shape(x)) if axis is None else np.moveaxis(result, -1, axis)


def cumprod_tangent(x_dot: Any, y: Any, x: Any, axis: Any = None) -> Any:
    """The tangent of `y = np.cumprod(x, axis)`: `y_dot[k] = y_dot[k-1] x[k] + y[k-1] x_dot[k]`."""
    axis = None if np.ndim(x) == 0 else axis
    flat = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    dots = np.ravel(x_dot) if axis is None else np.moveaxis(x_dot, axis, -1)
    result = products_before(flat) * dots
    for k in range(1, flat.shape[-1]):
        result[..., k] += result[..., k - 1] * flat[..., k]
    return result if axis is None else np.moveaxis(result, -1, axis)


def cumsum_adjoint(y_bar: Any, x: Any, axis: Any = None) -> Any:
    """The adjoint of `x` in `y = np.cumsum(x, axis)`: the sums from the other end."""
    if axis is None or np.ndim(x) == 0:
        return np.reshape(np.flip(np.cumsum(np.flip(y_bar))), np.shape(x))
    return np.flip(np.cumsum(np.flip(y_bar, axis), axis), axis)


def running_sum_adjoint(
    y_bar: Any, x: Any, axis: int | None = None, include_initial: bool = False
) -> Any:
    """The adjoint of `x` in `np.cumulative_sum(x, axis=axis, include_initial=…)`."""
    axis = -1 if axis is None else axis
    if include_initial:
        y_bar = np.moveaxis(np.moveaxis(y_bar, axis, 0)[1:], 0, axis)
    return cumsum_adjoint(y_bar, x, axis)


def kept_shape(x: Any, axis: Any = None) -> Any:
    """The shape of a reduction of `x` with `keepdims`."""
    axes = axes_from_zero(axis, np.ndim(x))
    return tuple(1 if a in axes else n for a, n in enumerate(np.shape(x)))


def segments(indices: Any, length: int) -> list[tuple[int, int]]:
    """From where to where `reduceat` goes."""
    return list(zip(indices, [*indices[1:], length], strict=True))


def spread_segments(y_bar: Any, x: Any, indices: Any, axis: int = 0) -> Any:
    """The adjoint of `x` in `np.add.reduceat(x, indices, axis)`: each sum's elements get its own.

    A sum whose end does not lie behind its start is the one element at its start.
    """
    length, rows = np.shape(x)[axis], np.moveaxis(y_bar, axis, 0)
    result = np.zeros((length, *rows.shape[1:]), rows.dtype)
    ends = [*indices[1:], length]
    for start, end, row in zip(indices, ends, rows, strict=True):
        result[start : max(end, start + 1)] += row
    return np.moveaxis(result, 0, axis)


def running_extreme_places(y: Any, x: Any, axis: int = 0) -> Any:
    """Where each value of `y = np.maximum.accumulate(x, axis)`, or `minimum`, stands in `x`."""
    length = np.shape(x)[axis]
    shape = [1] * np.ndim(x)
    shape[axis] = length
    places = np.reshape(np.arange(length), shape)
    before = np.take(y, range(length - 1), axis)
    same = np.take(y, range(1, length), axis) == before
    first = np.take(np.zeros(np.shape(x), bool), range(min(length, 1)), axis)
    kept = np.concatenate([first, same], axis)
    return np.maximum.accumulate(np.where(kept, 0, places), axis)


def deviation_adjoint(w: Any, x: Any, axis: Any = None, where: Any = None, mean: Any = None) -> Any:
    """The adjoint of `x` in `deviation(x, axis, where, mean)`."""
    if np.iscomplexobj(x):
        w = np.conj(w)
    if where is not None:
        w = np.where(where, w, 0)
    return w if mean is not None else deviation_of_mean(w, axis, where)


def deviation_of_mean(w: Any, axis: Any, where: Any) -> Any:
    """`w` less its mean along `axis`, over `where` only."""
    result = w - mean_over(w, axis, where)
    return result if where is None else np.where(where, result, 0)


def mean_over(x: Any, axis: Any, where: Any) -> Any:
    """The mean along `axis`, which is kept, over `where` only."""
    if where is None:
        return np.mean(x, axis, keepdims=True)
    number = np.sum(np.broadcast_to(where, np.shape(x)), axis, keepdims=True)
    total = np.sum(np.where(where, x, 0), axis, keepdims=True)  # CuPy's mean has no `where`
    return total / number.astype(np.real(total).dtype)


def deviation(x: Any, axis: Any = None, where: Any = None, mean: Any = None) -> Any:
    """`x` less its mean along `axis`; the conjugate of it for complex `x`; 0 outside of `where`."""
    if mean is None:
        mean = mean_over(x, axis, where)
    result = x - mean
    if where is not None:
        result = np.where(where, result, 0)
    return np.conj(result) if np.iscomplexobj(result) else result
