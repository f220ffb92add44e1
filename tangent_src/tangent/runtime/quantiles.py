"""Order statistics as weighted sums: the weights of the elements between which a quantile lies.

They change nowhere but where two elements meet, and so count as constants.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import axes_from_zero
from tangent.runtime.reductions import axes_as_last, axes_put_back
from tangent.runtime.refusals import Refusal
from tangent.runtime.shapes import along_axis


def quantile_shares(
    a: Any,
    q: Any,
    axis: Any = None,
    method: str = "linear",
    skip: bool = False,
    weights: Any = None,
) -> Any:
    """The derivative of `np.quantile(a, q, axis, method=method)`: an array like `a` for each of
    `q`.  With `skip`, what is not a number is left out.

    Hyndman & Fan 1996, "Sample quantiles in statistical packages", The American Statistician 50.
    """
    rows = axes_as_last(np.asarray(a), axis)
    rank = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    number = np.sum(~np.isnan(rows), -1, keepdims=True) if skip else rows.shape[-1]
    if weights is not None:
        weights = np.broadcast_to(along_axis(weights, a, axis), np.shape(a))
    shares = []
    for one in np.ravel(q):
        if weights is None:
            below, part, _ = quantile_place(one, number, method)
        else:
            below, part = weighted_place(one, rows, axes_as_last(weights, axis)), 0
        share = (1 - part) * (rank == below) + part * (rank == below + 1)
        shares.append(axes_put_back(share.astype(np.result_type(rows, 0.0)), a, axis))
    return np.reshape(np.stack(shares) if shares else np.zeros(0), (*np.shape(q), *np.shape(a)))


def quantile_slopes(
    a: Any,
    q: Any,
    axis: Any = None,
    method: str = "linear",
    skip: bool = False,
    weights: Any = None,
) -> Any:
    """The derivative of `quantile_shares` in `q`; that by weights moves in steps."""
    if weights is not None:
        return np.zeros((*np.shape(q), *np.shape(a)), np.result_type(a, 0.0))
    rows = axes_as_last(np.asarray(a), axis)
    rank = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    number = np.sum(~np.isnan(rows), -1, keepdims=True) if skip else rows.shape[-1]
    slopes = []
    for one in np.ravel(q):
        below, _, slope = quantile_place(one, number, method)
        share = slope * (1.0 * (rank == below + 1) - (rank == below))
        slopes.append(axes_put_back(share.astype(np.result_type(rows, 0.0)), a, axis))
    return np.reshape(np.stack(slopes) if slopes else np.zeros(0), (*np.shape(q), *np.shape(a)))


def quantile_place(q: Any, number: Any, method: str) -> Any:
    """Where the quantile `q` of `number` sorted elements lies: the place below it, the part of the
    way to the next, and how fast it moves with `q`.
    """
    plotting = {
        "linear": (1.0, 1.0),
        "hazen": (0.5, 0.5),
        "weibull": (0.0, 0.0),
        "median_unbiased": (1 / 3, 1 / 3),
        "normal_unbiased": (3 / 8, 3 / 8),
        "interpolated_inverted_cdf": (0.0, 1.0),
    }
    last, steps = number - 1, quantile_steps(q, number, method)
    if steps is not None:
        place = np.clip(steps, 0, last)
        below = np.floor(place)
        return below, place - below, 0.0
    if method not in plotting:
        message = f"the quantile by the method {method!r} has no derivative here"
        raise Refusal(message, "quantile", "use another method: 'linear', 'lower', 'hazen', …")
    alpha, beta = plotting[method]
    slope = number + 1 - alpha - beta
    place = alpha - 1 + q * slope
    inside = (place > 0) & (place < last)
    place = np.clip(place, 0, last)
    below = np.floor(place)
    return below, place - below, slope * inside


def quantile_steps(q: Any, number: Any, method: str) -> Any:
    """The place of a quantile that moves in steps; None for a method that interpolates."""
    place = q * (number - 1)
    if method == "lower":
        return np.floor(place)
    if method == "higher":
        return np.ceil(place)
    if method == "nearest":
        return np.rint(place)
    if method == "midpoint":
        return (np.floor(place) + np.ceil(place)) / 2
    if method == "inverted_cdf":
        return np.ceil(q * number) - 1
    if method == "averaged_inverted_cdf":
        return (np.ceil(q * number) - 1 + np.floor(q * number)) / 2
    return None


def weighted_place(q: Any, rows: Any, weights: Any) -> Any:
    """The place, among the sorted elements of each row, at which the sum of the weights reaches
    the part `q` of all; what is not a number has none.
    """
    order = np.argsort(rows, -1, kind="stable")
    weights = np.where(np.isnan(rows), 0, weights)
    sums = np.cumsum(np.take_along_axis(weights, order, -1), -1, dtype=np.float64)
    parts = sums / sums[..., -1:]
    reached = np.where(parts == 0, -1, parts) < q
    return np.minimum(np.sum(reached, -1, keepdims=True), np.shape(rows)[-1] - 1)


def expand_quantiles(y: Any, a: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Quantiles of `a` with length 1 along the axes that were reduced; those of `q` come first."""
    axes = axes_from_zero(axis, np.ndim(a))
    ones = [1 if x in axes else n for x, n in enumerate(np.shape(a))]
    return np.reshape(y, (*np.shape(q), *ones))


def quantile_axes(a: Any, q: Any, axis: Any = None) -> tuple[int, ...]:
    """The axes of `quantile_shares` along which `a` is reduced."""
    return tuple(np.ndim(q) + x for x in axes_from_zero(axis, np.ndim(a)))


def leading_axes(q: Any) -> tuple[int, ...]:
    """The axes of `q`, which come first in an array of quantiles."""
    return tuple(range(np.ndim(q)))


def own_axes(a: Any, q: Any) -> tuple[int, ...]:
    """The axes of `a`, which come last in an array of quantiles."""
    return tuple(range(np.ndim(q), np.ndim(q) + np.ndim(a)))


def expand_q(q_dot: Any, a: Any) -> Any:
    """The tangent of `q` against an array of quantiles of `a`."""
    return np.reshape(q_dot, np.shape(q_dot) + (1,) * np.ndim(a))
