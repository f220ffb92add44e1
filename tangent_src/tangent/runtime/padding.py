"""`np.pad` backward and forward, one axis after the other, as NumPy does it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import unbroadcast_to, unpack_like
from tangent.runtime.quantiles import quantile_shares
from tangent.runtime.reductions import extreme_shares
from tangent.runtime.refusals import Refusal


def pad_adjoint(
    y_bar: Any,
    x: Any,
    pad_width: Any,
    mode: Any = "constant",
    stat_length: Any = None,
    reflect_type: str = "even",
) -> Any:
    """The adjoint of `x` in `np.pad(x, pad_width, mode, …)`."""
    widths = pad_pairs(pad_width, np.ndim(x))
    if mode in ("constant", "empty"):
        inside = tuple(slice(b, b + n) for (b, _), n in zip(widths, np.shape(x), strict=True))
        return unpack_like(np.asarray(y_bar)[inside], x)
    if mode in ("edge", "reflect", "symmetric", "wrap") and reflect_type == "even":
        places = np.arange(np.size(x)).reshape(np.shape(x))
        result = np.zeros(np.size(x), np.result_type(y_bar))
        np.add.at(result, np.pad(places, pad_width, mode), y_bar)
        return unpack_like(np.reshape(result, np.shape(x)), x)
    lengths = pad_pairs(stat_length, np.ndim(x))
    stages = pad_stages(x, widths, mode, lengths, reflect_type)
    for axis in reversed(range(np.ndim(x))):
        rows = np.moveaxis(y_bar, axis, -1)
        values = np.moveaxis(stages[axis], axis, -1)
        rows = pad_rows_adjoint(rows, values, widths[axis], mode, lengths[axis], reflect_type)
        y_bar = np.moveaxis(rows, -1, axis)
    return unpack_like(y_bar, x)


def pad_tangent(
    x_dot: Any,
    values_dot: Any,
    x: Any,
    pad_width: Any,
    mode: Any = "constant",
    stat_length: Any = None,
    reflect_type: str = "even",
) -> Any:
    """The tangent of `np.pad(x, pad_width, mode, …)`; `values_dot` is that of the values at the
    ends of `constant` and `linear_ramp`.
    """
    if mode == "constant":
        return np.pad(x_dot, pad_width, mode, constant_values=values_dot)
    if mode == "linear_ramp":
        return np.pad(x_dot, pad_width, mode, end_values=values_dot)
    if mode in ("reflect", "symmetric"):
        return np.pad(x_dot, pad_width, mode, reflect_type=reflect_type)
    if mode == "mean":
        return np.pad(x_dot, pad_width, mode, stat_length=stat_length)
    if mode not in ("maximum", "minimum", "median"):
        return np.pad(x_dot, pad_width, mode)
    widths, lengths = pad_pairs(pad_width, np.ndim(x)), pad_pairs(stat_length, np.ndim(x))
    stages = pad_stages(x, widths, mode, lengths, reflect_type)
    for axis in range(np.ndim(x)):
        rows, values = np.moveaxis(x_dot, axis, -1), np.moveaxis(stages[axis], axis, -1)
        left, right = pad_weights(values, mode, lengths[axis])
        first = np.sum(rows * left, -1, keepdims=True)
        last = np.sum(rows * right, -1, keepdims=True)
        before, after = widths[axis]
        pieces = [np.repeat(first, before, -1), rows, np.repeat(last, after, -1)]
        x_dot = np.moveaxis(np.concatenate(pieces, -1), -1, axis)
    return x_dot


def pad_pairs(width: Any, ndim: int) -> list[Any]:
    """A width, or a length, for both ends of each axis: `width` as NumPy reads it."""
    if width is None:
        return [(None, None)] * ndim
    if isinstance(width, dict):
        pairs = [(0, 0)] * ndim
        for axis, pair in width.items():
            pairs[axis] = tuple(pair) if np.ndim(pair) else (pair, pair)
        return pairs
    return [tuple(pair) for pair in np.broadcast_to(width, (ndim, 2)).tolist()]


def pad_stages(
    x: Any, widths: list[Any], mode: Any, lengths: list[Any], reflect_type: str
) -> list[Any]:
    """`x` as it is in front of each axis, padded along the axes before it."""
    stages, now = [], np.asarray(x)
    for axis, width in enumerate(widths):
        stages.append(now)
        if mode in ("maximum", "minimum", "median"):
            own = [(0, 0)] * now.ndim
            own[axis] = width
            length: list[Any] = [(1, 1)] * now.ndim
            length[axis] = lengths[axis]
            given = None if lengths[axis][0] is None else length
            now = np.pad(now, own, mode, stat_length=given)
        else:  # only the lengths of these modes are read
            grown = list(now.shape)
            grown[axis] += sum(width)
            now = np.empty(grown)
    return stages


def pad_rows_adjoint(
    rows: Any, values: Any, width: Any, mode: Any, length: Any, reflect_type: str
) -> Any:
    """The adjoint of the rows `values` that were padded along the last axis."""
    before, n = width[0], np.shape(values)[-1]
    if mode in ("maximum", "minimum", "median"):
        left, right = pad_weights(values, mode, length)
        result = rows[..., before : before + n]
        result = result + np.sum(rows[..., :before], -1, keepdims=True) * left
        return result + np.sum(rows[..., before + n :], -1, keepdims=True) * right
    unit = np.eye(n, dtype=np.result_type(rows))
    options: dict[str, Any] = {}
    if mode in ("reflect", "symmetric"):
        options["reflect_type"] = reflect_type
    elif mode == "mean" and length[0] is not None:
        options["stat_length"] = ((1, 1), length)
    elif mode not in ("mean", "linear_ramp"):
        message = f"`np.pad` by the mode {mode!r} has no derivative here"
        raise Refusal(message, "pad", "use one of the modes that NumPy names")
    return rows @ np.pad(unit, ((0, 0), width), mode, **options).T


def pad_weights(values: Any, mode: Any, length: Any) -> tuple[Any, Any]:
    """How much each element of the rows `values` counts at the left and at the right end."""
    n, both = np.shape(values)[-1], []
    for end, size in enumerate(length):
        size = n if size is None else min(size, n)
        part = values[..., :size] if end == 0 else values[..., n - size :]
        if mode == "median":
            shares = quantile_shares(part, 0.5, -1)
        else:
            best = np.max(part, -1) if mode == "maximum" else np.min(part, -1)
            shares = extreme_shares(best, part, -1)
        rest = np.zeros((*shares.shape[:-1], n - size), shares.dtype)
        both.append(np.concatenate([shares, rest] if end == 0 else [rest, shares], -1))
    return both[0], both[1]


def pad_values_adjoint(y_bar: Any, x: Any, pad_width: Any, mode: Any, values: Any) -> Any:
    """The adjoint of `constant_values` or `end_values` in `np.pad(x, pad_width, mode, …)`."""
    ndim = np.ndim(x)
    found = np.zeros((ndim, 2), np.result_type(y_bar))
    for axis, (before, after) in reversed(list(enumerate(pad_pairs(pad_width, ndim)))):
        rows = np.moveaxis(y_bar, axis, -1)
        n = np.shape(x)[axis]
        left, right = rows[..., :before], rows[..., before + n :]
        ramp = mode == "linear_ramp"
        left = left * (1 - np.arange(before) / max(before, 1)) if ramp else left
        right = right * ((np.arange(after) + 1) / max(after, 1)) if ramp else right
        found[axis] = np.sum(left), np.sum(right)
        if ramp:
            rows = pad_rows_adjoint(rows, np.empty(n), (before, after), mode, (None, None), "even")
        else:
            rows = rows[..., before : before + n]
        y_bar = np.moveaxis(rows, -1, axis)
    return unpack_like(unbroadcast_to(found, np.shape(values)), values)
