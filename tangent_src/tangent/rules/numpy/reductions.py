"""Sums, means, extremes, products, running sums.

`where` leaves elements out, `initial` is one more element; a conversion by `dtype` is the engine's
business.
"""

import functools

import numpy as np

from tangent.rules.language import REDUCTION, defjvp, defprogram, defvjp, linear
from tangent.runtime import (
    add,
    count,
    cumprod_adjoint,
    cumprod_tangent,
    cumsum_adjoint,
    deviation,
    expand_reduced,
    extreme_adjoint,
    extreme_shares,
    product_of_others,
    put_back_along,
    quotient,
    running_extreme_places,
    running_sum_adjoint,
    spread,
    spread_segments,
    unbroadcast,
)

reduction = functools.partial(linear, shape=REDUCTION, tolerant=True)

# ------------------------------------------------------------------------------ sums
# fmt: off
reduction((np.sum, np.ndarray.sum),
          transpose=lambda y_bar, a, axis=None, dtype=None, *, keepdims=False, initial=0,
          where=None: (
              spread(y_bar, a, axis, keepdims) if where is None
              else np.where(where, spread(y_bar, a, axis, keepdims), 0),
              unbroadcast(np.sum(y_bar), initial)),
          differentiable=("initial",))
linear(np.add.reduce,
       transpose=lambda y_bar, array, axis=0, dtype=None, *, keepdims=False, initial=0,
       where=None: (
           spread(y_bar, array, axis, keepdims) if where is None
           else np.where(where, spread(y_bar, array, axis, keepdims), 0),
           unbroadcast(np.sum(y_bar), initial)),
       differentiable=("initial",), tolerant=True)
reduction((np.mean, np.ndarray.mean),
          transpose=lambda y_bar, a, axis=None, dtype=None, *, keepdims=False, where=None: (
              spread(y_bar / count(a, axis), a, axis, keepdims) if where is None
              else np.where(where, spread(y_bar / count(a, axis, where, keepdims),
                                          a, axis, keepdims), 0)))
linear((np.cumsum, np.ndarray.cumsum),
       transpose=lambda y_bar, a, axis=None, dtype=None: cumsum_adjoint(y_bar, a, axis))
linear(np.add.accumulate,
       transpose=lambda y_bar, array, axis=0, dtype=None: cumsum_adjoint(y_bar, array, axis))
linear(np.cumulative_sum,
       transpose=lambda y_bar, x, axis=None, dtype=None, *, include_initial=False:
           running_sum_adjoint(y_bar, x, axis, include_initial))
linear(np.add.reduceat,
       transpose=lambda y_bar, array, indices, axis=0, dtype=None: (
           spread_segments(y_bar, array, indices, axis), None))
# fmt: on

# ------------------------------------------------------------------------------ spread
# The deviation of a constant is a kink: its derivative is 0 there, the subgradient of least norm.


@defvjp(np.var, np.ndarray.var, differentiable=("mean",), shape=REDUCTION, tolerant=True, real=True)
def var(
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
    number = count(a, axis) if where is None else count(a, axis, where, keepdims)
    free = number - (ddof if correction is None else correction)
    a_bar = spread(y_bar * (2 / free), a, axis, keepdims) * deviation(a, axis, where, mean)
    return a_bar, None if mean is None else -unbroadcast(a_bar, mean)


@defjvp(np.var, np.ndarray.var)
def var_tangent(
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
    number = count(a, axis) if where is None else count(a, axis, where, keepdims)
    free = number - (ddof if correction is None else correction)
    product = np.real(deviation(a, axis, where, mean) * (a_dot - mean_dot))
    return 2 * np.sum(product, axis, keepdims=keepdims) / free


@defvjp(np.std, np.ndarray.std, differentiable=("mean",), shape=REDUCTION, real=True)
def std(
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
    number = count(a, axis) if where is None else count(a, axis, where, keepdims)
    free = number - (ddof if correction is None else correction)
    scaled = quotient(y_bar, y) / free
    a_bar = spread(scaled, a, axis, keepdims) * deviation(a, axis, where, mean)
    return a_bar, None if mean is None else -unbroadcast(a_bar, mean)


@defjvp(np.std, np.ndarray.std)
def std_tangent(
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
    number = count(a, axis) if where is None else count(a, axis, where, keepdims)
    free = number - (ddof if correction is None else correction)
    product = np.real(deviation(a, axis, where, mean) * (a_dot - mean_dot))
    return quotient(np.sum(product, axis, keepdims=keepdims), y) / free


# ------------------------------------------------------------------------------ extremes
# At a tie every extreme element gets the same share: the subgradient that does not depend on the
# order of the elements.  `initial` counts as one more element.


@defvjp(np.max, np.amax, np.min, np.amin, shape=REDUCTION, tolerant=True)
def extreme(y_bar, y, a, axis=None, *, keepdims=False, initial=None, where=None):
    return extreme_adjoint(y_bar, y, a, axis, keepdims, where, initial)


@defvjp(np.ndarray.max, np.ndarray.min, shape=REDUCTION, tolerant=True)
def extreme_method(y_bar, y, a, axis=None, *, keepdims=False, initial=None, where=None):
    return extreme_adjoint(y_bar, y, a, axis, keepdims, where, initial)


@defvjp(np.maximum.reduce, np.minimum.reduce, np.fmax.reduce, np.fmin.reduce, tolerant=True)
def extreme_reduce(y_bar, y, array, axis=0, *, keepdims=False, initial=None, where=None):
    return extreme_adjoint(y_bar, y, array, axis, keepdims, where, initial)


@defjvp(np.max, np.amax, np.min, np.amin, np.ndarray.max, np.ndarray.min)
def extreme_tangent(a_dot, y, a, axis=None, *, keepdims=False, initial=None, where=None):
    shares = extreme_shares(y, a, axis, keepdims, where, initial)
    return np.sum(a_dot * shares, axis, keepdims=keepdims)


@defjvp(np.maximum.reduce, np.minimum.reduce, np.fmax.reduce, np.fmin.reduce)
def reduce_tangent(array_dot, y, array, axis=0, *, keepdims=False, initial=None, where=None):
    shares = extreme_shares(y, array, axis, keepdims, where, initial)
    return np.sum(array_dot * shares, axis, keepdims=keepdims)


@defvjp(np.ptp, shape=REDUCTION)
def ptp(y_bar, y, a, axis=None, *, keepdims=False):
    top = extreme_adjoint(y_bar, np.max(a, axis, keepdims=keepdims), a, axis, keepdims)
    low = np.min(a, axis, keepdims=keepdims)
    return add(top, extreme_adjoint(-y_bar, low, a, axis, keepdims))  # they may be lists


@defjvp(np.ptp)
def ptp_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    top = extreme_shares(np.max(a, axis, keepdims=keepdims), a, axis, keepdims)
    shares = top - extreme_shares(np.min(a, axis, keepdims=keepdims), a, axis, keepdims)
    return np.sum(a_dot * shares, axis, keepdims=keepdims)


# the first of the elements that are extreme so far is what the running extreme shows


@defvjp(np.maximum.accumulate, np.minimum.accumulate)
def running_extreme(y_bar, y, array, axis=0):
    return put_back_along(y_bar, array, running_extreme_places(y, array, axis), axis)


@defjvp(np.maximum.accumulate, np.minimum.accumulate)
def running_extreme_tangent(array_dot, y, array, axis=0):
    return np.take_along_axis(array_dot, running_extreme_places(y, array, axis), axis)


# logaddexp.reduce: the shares are exp(x - y), which is 0 where x is -inf


@defvjp(np.logaddexp.reduce, tolerant=True)
def logaddexp_reduce(y_bar, y, array, axis=0, *, keepdims=False):
    shares = np.exp(array - expand_reduced(y, array, axis, keepdims))
    return expand_reduced(y_bar, array, axis, keepdims) * shares


@defjvp(np.logaddexp.reduce)
def logaddexp_reduce_tangent(array_dot, y, array, axis=0, *, keepdims=False):
    shares = np.exp(array - expand_reduced(y, array, axis, keepdims))
    return np.sum(array_dot * shares, axis, keepdims=keepdims)


# ------------------------------------------------------------------------------ products


@defvjp(np.prod, np.ndarray.prod, shape=REDUCTION, tolerant=True)
def prod(y_bar, y, a, axis=None, dtype=None, *, keepdims=False, initial=None, where=None):
    factors = a if where is None else np.where(where, a, 1)
    others = product_of_others(factors, axis) * (1 if initial is None else initial)
    a_bar = expand_reduced(y_bar, a, axis, keepdims) * others
    return a_bar if where is None else np.where(where, a_bar, 0)


@defjvp(np.prod, np.ndarray.prod)
def prod_tangent(a_dot, y, a, axis=None, dtype=None, *, keepdims=False, initial=None, where=None):
    factors = a if where is None else np.where(where, a, 1)
    others = product_of_others(factors, axis) * (1 if initial is None else initial)
    moved = a_dot * others if where is None else np.where(where, a_dot * others, 0)
    return np.sum(moved, axis, keepdims=keepdims)


@defvjp(np.multiply.reduce, tolerant=True)
def multiply_reduce(
    y_bar, y, array, axis=0, dtype=None, *, keepdims=False, initial=None, where=None
):
    factors = array if where is None else np.where(where, array, 1)
    others = product_of_others(factors, axis) * (1 if initial is None else initial)
    array_bar = expand_reduced(y_bar, array, axis, keepdims) * others
    return array_bar if where is None else np.where(where, array_bar, 0)


@defjvp(np.multiply.reduce)
def multiply_reduce_tangent(
    array_dot, y, array, axis=0, dtype=None, *, keepdims=False, initial=None, where=None
):
    factors = array if where is None else np.where(where, array, 1)
    others = product_of_others(factors, axis) * (1 if initial is None else initial)
    moved = array_dot * others if where is None else np.where(where, array_dot * others, 0)
    return np.sum(moved, axis, keepdims=keepdims)


@defvjp(np.cumprod, np.ndarray.cumprod)
def cumprod(y_bar, y, a, axis=None, dtype=None):
    return cumprod_adjoint(y_bar, a, axis)


@defjvp(np.cumprod, np.ndarray.cumprod)
def cumprod_tangent_(a_dot, y, a, axis=None, dtype=None):
    return cumprod_tangent(a_dot, y, a, axis)


@defvjp(np.multiply.accumulate)
def multiply_accumulate(y_bar, y, array, axis=0, dtype=None):
    return cumprod_adjoint(y_bar, array, axis)


@defjvp(np.multiply.accumulate)
def multiply_accumulate_tangent(array_dot, y, array, axis=0, dtype=None):
    return cumprod_tangent(array_dot, y, array, axis)


@defprogram(np.cumulative_prod)
def cumulative_prod(x, *, axis=None, dtype=None, include_initial=False):
    products = np.cumprod(x, -1 if axis is None else axis, dtype)
    if not include_initial:
        return products
    first = np.ones_like(np.take(products, [0], -1 if axis is None else axis))
    return np.concatenate([first, products], -1 if axis is None else axis)
