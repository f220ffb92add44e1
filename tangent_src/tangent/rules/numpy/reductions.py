"""Sums, means, extremes, products, running sums."""

import numpy as np

from tangent.rules.language import REDUCTION, defjvp, defvjp, linear, multilinear
from tangent.runtime import (
    count,
    cumprod_adjoint,
    cumprod_tangent,
    cumsum_adjoint,
    deviation,
    expand_reduced,
    extreme_adjoint,
    extreme_shares,
    product_of_others,
    quotient,
    spread,
    trapezoid_adjoint,
)

# ------------------------------------------------------------------------------ sums
# fmt: off
linear((np.sum, np.ndarray.sum),
       transpose=lambda y_bar, a, axis=None, *, keepdims=False: spread(y_bar, a, axis, keepdims),
       shape=REDUCTION, tolerant=True)
linear((np.mean, np.ndarray.mean),
       transpose=lambda y_bar, a, axis=None, *, keepdims=False:
           spread(y_bar / count(a, axis), a, axis, keepdims),
       shape=REDUCTION, tolerant=True)
linear(np.cumsum, transpose=lambda y_bar, a, axis=None: cumsum_adjoint(y_bar, a, axis))
linear(np.ndarray.cumsum, transpose=lambda y_bar, a, axis=None: cumsum_adjoint(y_bar, a, axis))
# fmt: on


@defvjp(np.trapezoid)
def trapezoid(s_bar, s, y, x=None, dx=1.0, *, axis=-1):
    """The weights of the trapezoidal rule; only the samples `y` have an adjoint."""
    return trapezoid_adjoint(s_bar, y, x, dx, axis)


multilinear(np.trapezoid, "y")

# ------------------------------------------------------------------------------ spread
# The deviation of a constant is a kink: its derivative is 0 there, the subgradient of least norm.


@defvjp(np.var, np.ndarray.var, shape=REDUCTION, tolerant=True, real=True)
def var(y_bar, y, a, axis=None, *, ddof=0, keepdims=False):
    scaled = y_bar * (2 / (count(a, axis) - ddof))
    return spread(scaled, a, axis, keepdims) * deviation(a, axis)


@defjvp(np.var, np.ndarray.var)
def var_tangent(a_dot, y, a, axis=None, *, ddof=0, keepdims=False):
    total = np.sum(np.real(deviation(a, axis) * a_dot), axis, keepdims=keepdims)
    return 2 * total / (count(a, axis) - ddof)


@defvjp(np.std, np.ndarray.std, shape=REDUCTION, real=True)
def std(y_bar, y, a, axis=None, *, ddof=0, keepdims=False):
    scaled = quotient(y_bar, y) / (count(a, axis) - ddof)
    return spread(scaled, a, axis, keepdims) * deviation(a, axis)


@defjvp(np.std, np.ndarray.std)
def std_tangent(a_dot, y, a, axis=None, *, ddof=0, keepdims=False):
    total = np.sum(np.real(deviation(a, axis) * a_dot), axis, keepdims=keepdims)
    return quotient(total, y) / (count(a, axis) - ddof)


# ------------------------------------------------------------------------------ extremes
# At a tie every extreme element gets the same share: the subgradient that does not depend on the
# order of the elements.


@defvjp(np.max, np.amax, np.min, np.amin, shape=REDUCTION, tolerant=True)
def extreme(y_bar, y, a, axis=None, *, keepdims=False):
    return extreme_adjoint(y_bar, y, a, axis, keepdims)


@defvjp(np.ndarray.max, np.ndarray.min, shape=REDUCTION, tolerant=True)
def extreme_method(y_bar, y, a, axis=None, *, keepdims=False):
    return extreme_adjoint(y_bar, y, a, axis, keepdims)


@defjvp(np.max, np.amax, np.min, np.amin)
def extreme_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    return np.sum(a_dot * extreme_shares(y, a, axis, keepdims), axis, keepdims=keepdims)


@defjvp(np.ndarray.max, np.ndarray.min)
def extreme_method_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    return np.sum(a_dot * extreme_shares(y, a, axis, keepdims), axis, keepdims=keepdims)


@defvjp(np.ptp, shape=REDUCTION)
def ptp(y_bar, y, a, axis=None, *, keepdims=False):
    top = extreme_adjoint(y_bar, np.max(a, axis, keepdims=keepdims), a, axis, keepdims)
    return top - extreme_adjoint(y_bar, np.min(a, axis, keepdims=keepdims), a, axis, keepdims)


@defjvp(np.ptp)
def ptp_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    top = extreme_shares(np.max(a, axis, keepdims=keepdims), a, axis, keepdims)
    shares = top - extreme_shares(np.min(a, axis, keepdims=keepdims), a, axis, keepdims)
    return np.sum(a_dot * shares, axis, keepdims=keepdims)


# ------------------------------------------------------------------------------ products


@defvjp(np.prod, np.ndarray.prod, shape=REDUCTION, tolerant=True)
def prod(y_bar, y, a, axis=None, *, keepdims=False):
    return expand_reduced(y_bar, a, axis, keepdims) * product_of_others(a, axis)


@defjvp(np.prod, np.ndarray.prod)
def prod_tangent(a_dot, y, a, axis=None, *, keepdims=False):
    return np.sum(a_dot * product_of_others(a, axis), axis, keepdims=keepdims)


@defvjp(np.cumprod, np.ndarray.cumprod)
def cumprod(y_bar, y, a, axis=None):
    return cumprod_adjoint(y_bar, a, axis)


@defjvp(np.cumprod, np.ndarray.cumprod)
def cumprod_tangent_(a_dot, y, a, axis=None):
    return cumprod_tangent(a_dot, y, a, axis)
