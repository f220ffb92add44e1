"""NumPy's universal functions and the operators that call them: one partial for each operand."""

import math
import operator

import numpy as np

from tangent.rules.language import LIKE_FIRST, defjvp, defvjp, elementwise, linear
from tangent.runtime import (
    abs_adjoint,
    abs_tangent,
    if_moving,
    log_or_zero,
    logaddexp_share,
    power_partial,
    quotient,
    sinc_derivative,
    tie_share,
    unbroadcast,
)

# fmt: off

# ------------------------------------------------------------------------------ arithmetic
elementwise((np.positive, operator.pos),             terms=lambda y_bar, y, x: y_bar)
elementwise((np.negative, operator.neg),             terms=lambda y_bar, y, x: -y_bar)
elementwise((np.add, operator.add),                  terms=lambda z_bar, z, x, y: (z_bar, z_bar))
elementwise((np.subtract, operator.sub),             terms=lambda z_bar, z, x, y: (z_bar, -z_bar))
elementwise((np.multiply, operator.mul),             lambda z, x, y: (y, x))
elementwise((np.divide, operator.truediv), terms=lambda z_bar, z, x, y: (z_bar / y, -z_bar * z / y))
elementwise(np.reciprocal,                           lambda y, x: -y * y)
elementwise(np.square,                               lambda y, x: 2 * x)
elementwise((np.remainder, operator.mod),            lambda z, x, y: (1, -np.floor(x / y)))
elementwise(np.fmod,                                 lambda z, x, y: (1, -np.trunc(x / y)))

# ------------------------------------------------------------------------------ powers and roots
# `x ** 0` is constant, also at 0; `0 ** y` is 0 for y > 0, so its partial in y is the limit, 0.
elementwise((np.power, np.float_power, operator.pow, pow),
            lambda z, x, y: (power_partial(x, y), z * log_or_zero(x)),
            literal={"y": lambda z, x, y: (y * x ** (y - 1), None),
                     "x > 0": lambda z, x, y: (None, z * math.log(x))})
elementwise(np.sqrt,                                 lambda y, x: 0.5 / y)
elementwise(np.cbrt,                                 lambda y, x: 1 / (3 * y * y))
# the kink of a norm at 0 gets 0, the subgradient of least norm
elementwise(np.hypot, lambda z, x, y: (quotient(x, z), quotient(y, z)))

# ---------------------------------------------------------------------- exponentials and logarithms
elementwise(np.exp,                                  lambda y, x: y)
elementwise(np.exp2,                                 lambda y, x: y * math.log(2))
elementwise(np.expm1,                                lambda y, x: y + 1)
elementwise(np.log,                                  terms=lambda y_bar, y, x: y_bar / x)
elementwise(np.log2, terms=lambda y_bar, y, x: y_bar / (x * math.log(2)))
elementwise(np.log10, terms=lambda y_bar, y, x: y_bar / (x * math.log(10)))
elementwise(np.log1p,                                terms=lambda y_bar, y, x: y_bar / (1 + x))
# half each where both operands are the same infinity
elementwise(np.logaddexp, lambda z, x, y: (logaddexp_share(x, y), logaddexp_share(y, x)))
elementwise(np.logaddexp2,
            lambda z, x, y: (logaddexp_share(x * math.log(2), y * math.log(2)),
                             logaddexp_share(y * math.log(2), x * math.log(2))))

# ------------------------------------------------------------------------------ angles
elementwise(np.sin,                                  lambda y, x: np.cos(x))
elementwise(np.cos,                                  lambda y, x: -np.sin(x))
elementwise(np.tan,                                  lambda y, x: 1 + y * y)
elementwise(np.arcsin, terms=lambda y_bar, y, x: y_bar / np.sqrt(1 - x * x))
elementwise(np.arccos, terms=lambda y_bar, y, x: -y_bar / np.sqrt(1 - x * x))
elementwise(np.arctan,                               terms=lambda y_bar, y, x: y_bar / (1 + x * x))
# 0 at the origin, where the angle is undefined
elementwise(np.arctan2, lambda z, x, y: (quotient(y, x * x + y * y), -quotient(x, x * x + y * y)))
elementwise((np.deg2rad, np.radians),                lambda y, x: np.pi / 180)
elementwise((np.rad2deg, np.degrees),                lambda y, x: 180 / np.pi)
elementwise(np.sinc,                                 lambda y, x: sinc_derivative(x))

# ----------------------------------------------------------------------------- hyperbolic functions
elementwise(np.sinh,                                 lambda y, x: np.cosh(x))
elementwise(np.cosh,                                 lambda y, x: np.sinh(x))
elementwise(np.tanh,                                 lambda y, x: 1 - y * y)
elementwise(np.arcsinh, terms=lambda y_bar, y, x: y_bar / np.sqrt(x * x + 1))
# two roots: that of x * x - 1 has the other sign in the left half of the complex plane
elementwise(np.arccosh,
            terms=lambda y_bar, y, x: y_bar / (np.sqrt(x - 1) * np.sqrt(x + 1)))
elementwise(np.arctanh,                              terms=lambda y_bar, y, x: y_bar / (1 - x * x))

# ------------------------------------------------------------------------------ kinks
elementwise((np.abs, operator.abs, abs), terms=lambda y_bar, y, x: abs_adjoint(y_bar, x), real=True)
elementwise(np.fabs,                                 lambda y, x: np.sign(x))
elementwise(np.copysign, lambda z, x, y: (np.copysign(np.sign(x), np.sign(x) * y), None))
# `maximum`, `minimum`: half each at a tie.  Against a literal the result is read, and a tie gives
# 0, so that `np.maximum(x, 0)` needs nothing but its result.
elementwise((np.maximum, np.fmax),
            lambda z, x, y: (tie_share(x, y, z), tie_share(y, x, z)),
            literal={"y": lambda z, x, y: (z > y, None),
                     "x": lambda z, x, y: (None, z > x)})
elementwise((np.minimum, np.fmin),
            lambda z, x, y: (tie_share(x, y, z), tie_share(y, x, z)),
            literal={"y": lambda z, x, y: (z < y, None),
                     "x": lambda z, x, y: (None, z < x)})

# `clip`: a value on a bound counts as clipped, so that the bound gets the adjoint
elementwise(np.clip,
            lambda z, a, a_min=None, a_max=None, *, min=None, max=None: (  # noqa: A006
                (((1 if max is None else a < max) if min is None
                 else a > min if max is None else (a > min) & (a < max)) if a_max is None
                else a < a_max) if a_min is None
                else a > a_min if a_max is None else (a > a_min) & (a < a_max),
                None if a_min is None else a <= a_min,
                None if a_max is None else a >= a_max,
                None if min is None else a <= min,
                None if max is None else a >= max))
elementwise(np.ndarray.clip,
            lambda z, a, min=None, max=None: (  # noqa: A006  (they are the method's own names)
                a < max if min is None else a > min if max is None else (a > min) & (a < max),
                None if min is None else a <= min,
                None if max is None else a >= max))

# ------------------------------------------------------------------------------ choices
elementwise(np.where,
            terms=lambda z_bar, z, condition, x=None, y=None: (
                None, np.where(condition, z_bar, 0), np.where(condition, 0, z_bar)))
elementwise(np.nan_to_num,
            terms=lambda y_bar, y, x, *, nan=0.0, posinf=None, neginf=None:
                np.where(np.isfinite(x), y_bar, 0))
elementwise(np.nextafter,                            lambda z, x, y: (1, None))
# a step; its value at 0 is the second operand
elementwise(np.heaviside,                            lambda z, x, y: (None, x == 0))
elementwise(np.ldexp, terms=lambda z_bar, z, x, y: (np.ldexp(z_bar, y), None))

# ------------------------------------------------------------------------------ complex numbers
# Bilinear convention: the adjoint of z for a real F is dF/dx - i dF/dy, so that dF = Re(z_bar dz).
elementwise(np.conj,                                 terms=lambda y_bar, y, x: np.conj(y_bar))
linear((np.ndarray.conj, np.ndarray.conjugate),
       transpose=lambda y_bar, x: np.conj(y_bar),
       shape=LIKE_FIRST, fresh=False, cheap=True)
elementwise(np.angle,
            terms=lambda y_bar, y, z, deg=False: (
                unbroadcast(np.real(y_bar) * (-1j) / z * (180 / np.pi if deg else 1), z)),
            real=True)
# fmt: on


# ------------------------------------------------------------------------------ two results


@defvjp(np.modf, numeric=False)
def modf(y_bar, y, x):
    """The whole part is a staircase."""
    return y_bar[0]


@defjvp(np.modf)
def modf_tangent(x_dot, y, x):
    return x_dot + 0.0 * y[0], 0.0 * y[1]


@defvjp(np.frexp, numeric=False)
def frexp(y_bar, y, x):
    """The mantissa; the exponent is a staircase."""
    return np.ldexp(y_bar[0], -y[1])


@defjvp(np.frexp)
def frexp_tangent(x_dot, y, x):
    return np.ldexp(x_dot, -y[1]), 0.0 * y[1]


@defvjp(np.divmod, divmod, numeric=False)
def divmod_(y_bar, y, x, x2):
    """The quotient is a staircase; the rest is x - q x2."""
    return unbroadcast(y_bar[1], x), unbroadcast(-y_bar[1] * y[0], x2)


@defjvp(np.divmod, divmod)
def divmod_tangent(x_dot, x2_dot, y, x, x2):
    return 0.0 * y[0], x_dot - y[0] * x2_dot + 0.0 * y[1]


# ------------------------------------------------------------------------------ own tangents


@defjvp(np.power, np.float_power, operator.pow, pow)
def power_tangent(x_dot, y_dot, z, x, y):
    """An exponent that stays may stand over a negative number, which has no logarithm."""
    return power_partial(x, y) * x_dot + z * if_moving(log_or_zero(x), y_dot) * y_dot


@defjvp(np.where)
def where_tangent(x_dot, y_dot, z, condition, x=None, y=None):
    return np.where(condition, x_dot, y_dot)


@defjvp(np.abs, operator.abs, abs)
def absolute_tangent(x_dot, y, x):
    """Real for complex operands, too."""
    return abs_tangent(x_dot, x)


@defjvp(np.angle)
def angle_tangent(z_dot, y, z, deg=False):
    return np.imag(z_dot / z) * (180 / np.pi if deg else 1)
