"""Reductions that leave out what is not a number: nothing flows to it."""

import numpy as np

from tangent.rules.language import defjvp, defvjp, linear
from tangent.runtime import (
    count,
    counted,
    cumprod_adjoint,
    cumprod_tangent,
    cumsum_adjoint,
    deviation,
    expand_reduced,
    extreme_adjoint,
    extreme_shares,
    known,
    product_of_others,
    quotient,
    spread,
    unbroadcast,
)

# ------------------------------------------------------------------------------ sums
# fmt: off
linear(np.nancumsum,
       transpose=lambda y_bar, a, axis=None, dtype=None:
           known(cumsum_adjoint(y_bar, a, axis), a))
# fmt: on


@defvjp(np.nansum, differentiable=("initial",))
def nansum(y_bar, y, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=None):
    return known(spread(y_bar, a, axis, keepdims), a, where), unbroadcast(np.sum(y_bar), initial)


@defjvp(np.nansum)
def nansum_tangent(
    a_dot, initial_dot, y, a, axis=None, dtype=None, *, keepdims=False, initial=0, where=None
):
    return np.sum(known(a_dot, a, where), axis, keepdims=keepdims) + initial_dot


@defvjp(np.nanmean)
def nanmean(y_bar, y, a, axis=None, dtype=None, *, keepdims=False, where=None):
    share = y_bar / count(a, axis, counted(a, where), keepdims)
    return known(spread(share, a, axis, keepdims), a, where)


@defjvp(np.nanmean)
def nanmean_tangent(a_dot, y, a, axis=None, dtype=None, *, keepdims=False, where=None):
    total = np.sum(known(a_dot, a, where), axis, keepdims=keepdims)
    return total / count(a, axis, counted(a, where), keepdims)


@defjvp(np.nancumsum)
def nancumsum_tangent(a_dot, y, a, axis=None, dtype=None):
    return np.cumsum(known(a_dot, a), axis)


# ------------------------------------------------------------------------------ spread


@defvjp(np.nanvar, differentiable=("mean",), real=True)
def nanvar(
    y_bar,
    y,
    a,
    axis=None,
    dtype=None,
    *,
    ddof=0,
    keepdims=False,
    where=None,
    mean=None,
    correction=None,
):
    here = counted(a, where)
    free = count(a, axis, here, keepdims) - (ddof if correction is None else correction)
    bars = spread(y_bar * (2 / free), a, axis, keepdims)
    a_bar = known(bars * deviation(a, axis, here, mean), a, where)
    return a_bar, None if mean is None else -unbroadcast(a_bar, mean)


@defjvp(np.nanvar)
def nanvar_tangent(
    a_dot,
    mean_dot,
    y,
    a,
    axis=None,
    dtype=None,
    *,
    ddof=0,
    keepdims=False,
    where=None,
    mean=None,
    correction=None,
):
    here = counted(a, where)
    free = count(a, axis, here, keepdims) - (ddof if correction is None else correction)
    product = np.real(deviation(a, axis, here, mean) * known(a_dot - mean_dot, a, where))
    return 2 * np.sum(product, axis, keepdims=keepdims) / free


@defvjp(np.nanstd, differentiable=("mean",), real=True)
def nanstd(
    y_bar,
    y,
    a,
    axis=None,
    dtype=None,
    *,
    ddof=0,
    keepdims=False,
    where=None,
    mean=None,
    correction=None,
):
    here = counted(a, where)
    free = count(a, axis, here, keepdims) - (ddof if correction is None else correction)
    bars = spread(quotient(y_bar, y) / free, a, axis, keepdims)
    a_bar = known(bars * deviation(a, axis, here, mean), a, where)
    return a_bar, None if mean is None else -unbroadcast(a_bar, mean)


@defjvp(np.nanstd)
def nanstd_tangent(
    a_dot,
    mean_dot,
    y,
    a,
    axis=None,
    dtype=None,
    *,
    ddof=0,
    keepdims=False,
    where=None,
    mean=None,
    correction=None,
):
    here = counted(a, where)
    free = count(a, axis, here, keepdims) - (ddof if correction is None else correction)
    product = np.real(deviation(a, axis, here, mean) * known(a_dot - mean_dot, a, where))
    return quotient(np.sum(product, axis, keepdims=keepdims), y) / free


# ------------------------------------------------------------------------------ extremes, products


@defvjp(np.nanmax, np.nanmin)
def extreme(y_bar, y, a, axis=None, *, keepdims=False, initial=None, where=None):
    """What is not a number equals no extreme, and gets nothing."""
    return known(extreme_adjoint(y_bar, y, a, axis, keepdims, where, initial), a)


@defjvp(np.nanmax, np.nanmin)
def extreme_tangent(a_dot, y, a, axis=None, *, keepdims=False, initial=None, where=None):
    shares = extreme_shares(y, a, axis, keepdims, where, initial)
    return np.sum(known(a_dot, a) * shares, axis, keepdims=keepdims)


@defvjp(np.nanprod)
def nanprod(y_bar, y, a, axis=None, dtype=None, *, keepdims=False, initial=None, where=None):
    others = product_of_others(np.where(counted(a, where), a, 1), axis)
    others = others * (1 if initial is None else initial)
    return known(expand_reduced(y_bar, a, axis, keepdims) * others, a, where)


@defjvp(np.nanprod)
def nanprod_tangent(
    a_dot, y, a, axis=None, dtype=None, *, keepdims=False, initial=None, where=None
):
    others = product_of_others(np.where(counted(a, where), a, 1), axis)
    others = others * (1 if initial is None else initial)
    return np.sum(known(a_dot, a, where) * others, axis, keepdims=keepdims)


@defvjp(np.nancumprod)
def nancumprod(y_bar, y, a, axis=None, dtype=None):
    return known(cumprod_adjoint(y_bar, np.where(np.isnan(a), 1, a), axis), a)


@defjvp(np.nancumprod)
def nancumprod_tangent(a_dot, y, a, axis=None, dtype=None):
    return cumprod_tangent(known(a_dot, a), y, np.where(np.isnan(a), 1, a), axis)
