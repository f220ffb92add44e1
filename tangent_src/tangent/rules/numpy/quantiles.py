"""Medians, percentiles and quantiles: weighted sums of the elements between which they lie."""

import numpy as np

from tangent.rules.language import defjvp, defvjp
from tangent.runtime import (
    conform,
    expand_q,
    expand_quantiles,
    expand_reduced,
    known,
    leading_axes,
    own_axes,
    quantile_axes,
    quantile_shares,
    quantile_slopes,
    unbroadcast,
)

# ------------------------------------------------------------------------------ medians
# The mean of the two in the middle where their number is even.


@defvjp(np.median)
def median(y_bar, y, a, axis=None, *, keepdims=False):
    return expand_reduced(y_bar, a, axis, keepdims) * quantile_shares(a, 0.5, axis)


@defjvp(np.median)
def median_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    return np.sum(a_dot * quantile_shares(a, 0.5, axis), axis, keepdims=keepdims)


@defvjp(np.nanmedian)
def nanmedian(y_bar, y, a, axis=None, *, keepdims=False):
    shares = quantile_shares(a, 0.5, axis, "linear", True)
    return known(expand_reduced(y_bar, a, axis, keepdims) * shares, a)


@defjvp(np.nanmedian)
def nanmedian_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    shares = quantile_shares(a, 0.5, axis, "linear", True)
    return np.sum(known(a_dot, a) * shares, axis, keepdims=keepdims)


# ------------------------------------------------------------------------------ quantiles
# By weights one element is chosen, which changes in steps.


@defvjp(np.quantile, differentiable=("weights",))
def quantile(y_bar, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None):
    bars = expand_quantiles(y_bar, a, q, axis, keepdims)
    a_bar = np.sum(bars * quantile_shares(a, q, axis, method, False, weights), leading_axes(q))
    q_bar = np.sum(bars * quantile_slopes(a, q, axis, method, False, weights) * a, own_axes(a, q))
    return a_bar, unbroadcast(q_bar, q), None


@defjvp(np.quantile)
def quantile_tangent(
    a_dot, q_dot, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None
):
    moved = a_dot * quantile_shares(a, q, axis, method, False, weights)
    moved_place = expand_q(q_dot, a) * quantile_slopes(a, q, axis, method, False, weights) * a
    return conform(np.sum(moved + moved_place, quantile_axes(a, q, axis), keepdims=keepdims), y)


@defvjp(np.percentile, differentiable=("weights",))
def percentile(y_bar, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None):
    part = np.true_divide(q, 100)
    bars = expand_quantiles(y_bar, a, q, axis, keepdims)
    a_bar = np.sum(bars * quantile_shares(a, part, axis, method, False, weights), leading_axes(q))
    q_bar = np.sum(
        bars * quantile_slopes(a, part, axis, method, False, weights) * a, own_axes(a, q)
    )
    return a_bar, unbroadcast(q_bar / 100, q), None


@defjvp(np.percentile)
def percentile_tangent(
    a_dot, q_dot, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None
):
    part = np.true_divide(q, 100)
    moved = a_dot * quantile_shares(a, part, axis, method, False, weights)
    moved_place = (
        expand_q(q_dot, a) * quantile_slopes(a, part, axis, method, False, weights) * a / 100
    )
    return conform(np.sum(moved + moved_place, quantile_axes(a, q, axis), keepdims=keepdims), y)


@defvjp(np.nanquantile, differentiable=("weights",))
def nanquantile(y_bar, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None):
    bars = expand_quantiles(y_bar, a, q, axis, keepdims)
    a_bar = np.sum(bars * quantile_shares(a, q, axis, method, True, weights), leading_axes(q))
    slopes = quantile_slopes(a, q, axis, method, True, weights) * known(a, a)
    return known(a_bar, a), unbroadcast(np.sum(bars * slopes, own_axes(a, q)), q), None


@defjvp(np.nanquantile)
def nanquantile_tangent(
    a_dot, q_dot, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None
):
    moved = known(a_dot, a) * quantile_shares(a, q, axis, method, True, weights)
    slopes = quantile_slopes(a, q, axis, method, True, weights) * known(a, a)
    total = moved + expand_q(q_dot, a) * slopes
    return conform(np.sum(total, quantile_axes(a, q, axis), keepdims=keepdims), y)


@defvjp(np.nanpercentile, differentiable=("weights",))
def nanpercentile(y_bar, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None):
    part = np.true_divide(q, 100)
    bars = expand_quantiles(y_bar, a, q, axis, keepdims)
    a_bar = np.sum(bars * quantile_shares(a, part, axis, method, True, weights), leading_axes(q))
    slopes = quantile_slopes(a, part, axis, method, True, weights) * known(a, a)
    return known(a_bar, a), unbroadcast(np.sum(bars * slopes, own_axes(a, q)) / 100, q), None


@defjvp(np.nanpercentile)
def nanpercentile_tangent(
    a_dot, q_dot, y, a, q, axis=None, *, method="linear", keepdims=False, weights=None
):
    part = np.true_divide(q, 100)
    moved = known(a_dot, a) * quantile_shares(a, part, axis, method, True, weights)
    slopes = quantile_slopes(a, part, axis, method, True, weights) * known(a, a)
    total = moved + expand_q(q_dot, a) * slopes / 100
    return conform(np.sum(total, quantile_axes(a, q, axis), keepdims=keepdims), y)
