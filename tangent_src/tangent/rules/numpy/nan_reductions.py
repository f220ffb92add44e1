"""Reductions that leave out what is not a number: nothing flows to it."""

import numpy as np

from tangent.rules.language import defjvp, defvjp, linear
from tangent.runtime import (
    count,
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
)

# fmt: off

# ------------------------------------------------------------------------------ sums
linear(np.nansum,
       transpose=lambda y_bar, a, axis=None, dtype=None, *, keepdims=False:
           known(spread(y_bar, a, axis, keepdims), a))
linear(np.nanmean,
       transpose=lambda y_bar, a, axis=None, dtype=None, *, keepdims=False:
           known(spread(y_bar / count(a, axis, ~np.isnan(a), keepdims), a, axis, keepdims), a))
linear(np.nancumsum,
       transpose=lambda y_bar, a, axis=None, dtype=None:
           known(cumsum_adjoint(y_bar, a, axis), a))
# fmt: on


@defjvp(np.nansum)
def nansum_tangent(a_dot, y, a, axis=None, dtype=None, *, keepdims=False):
    return np.sum(known(a_dot, a), axis, keepdims=keepdims)


@defjvp(np.nanmean)
def nanmean_tangent(a_dot, y, a, axis=None, dtype=None, *, keepdims=False):
    total = np.sum(known(a_dot, a), axis, keepdims=keepdims)
    return total / count(a, axis, ~np.isnan(a), keepdims)


@defjvp(np.nancumsum)
def nancumsum_tangent(a_dot, y, a, axis=None, dtype=None):
    return np.cumsum(known(a_dot, a), axis)


# ------------------------------------------------------------------------------ spread


@defvjp(np.nanvar, real=True)
def nanvar(y_bar, y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, correction=None):
    free = count(a, axis, ~np.isnan(a), keepdims) - (ddof if correction is None else correction)
    bars = spread(y_bar * (2 / free), a, axis, keepdims)
    return known(bars * deviation(a, axis, ~np.isnan(a)), a)


@defjvp(np.nanvar)
def nanvar_tangent(a_dot, y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, correction=None):
    free = count(a, axis, ~np.isnan(a), keepdims) - (ddof if correction is None else correction)
    product = np.real(deviation(a, axis, ~np.isnan(a)) * known(a_dot, a))
    return 2 * np.sum(product, axis, keepdims=keepdims) / free


@defvjp(np.nanstd, real=True)
def nanstd(y_bar, y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, correction=None):
    free = count(a, axis, ~np.isnan(a), keepdims) - (ddof if correction is None else correction)
    scaled = quotient(y_bar, y) / free
    return known(spread(scaled, a, axis, keepdims) * deviation(a, axis, ~np.isnan(a)), a)


@defjvp(np.nanstd)
def nanstd_tangent(a_dot, y, a, axis=None, dtype=None, *, ddof=0, keepdims=False, correction=None):
    free = count(a, axis, ~np.isnan(a), keepdims) - (ddof if correction is None else correction)
    product = np.real(deviation(a, axis, ~np.isnan(a)) * known(a_dot, a))
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
def nanprod(y_bar, y, a, axis=None, dtype=None, *, keepdims=False):
    others = product_of_others(np.where(np.isnan(a), 1, a), axis)
    return known(expand_reduced(y_bar, a, axis, keepdims) * others, a)


@defjvp(np.nanprod)
def nanprod_tangent(a_dot, y, a, axis=None, dtype=None, *, keepdims=False):
    others = product_of_others(np.where(np.isnan(a), 1, a), axis)
    return np.sum(known(a_dot, a) * others, axis, keepdims=keepdims)


@defvjp(np.nancumprod)
def nancumprod(y_bar, y, a, axis=None, dtype=None):
    return known(cumprod_adjoint(y_bar, np.where(np.isnan(a), 1, a), axis), a)


@defjvp(np.nancumprod)
def nancumprod_tangent(a_dot, y, a, axis=None, dtype=None):
    return cumprod_tangent(known(a_dot, a), y, np.where(np.isnan(a), 1, a), axis)
