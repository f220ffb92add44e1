"""Python's operators on truth values and containers, its builtins, and the module `math`."""

import bisect
import builtins
import copy
import logging
import math
import operator
import warnings

import numpy as np

from tangent.rules.language import (
    SCALAR,
    constant,
    defjvp,
    defprogram,
    defvjp,
    elementwise,
    linear,
    multilinear,
    no_rule_yet,
)
from tangent.runtime import (
    conform,
    credited,
    entries_of,
    extreme_adjoint,
    extreme_shares,
    if_moving,
    log_or_zero,
    pack_like,
    polygamma,
    power_partial,
    quotient,
    spread_items,
    tie_share,
    unbroadcast,
    unpack_like,
)

# ------------------------------------------------------------------------------ operators
# `//` is a staircase, flat wherever it is smooth
constant(
    operator.floordiv,
    operator.lt,
    operator.le,
    operator.eq,
    operator.ne,
    operator.gt,
    operator.ge,
    operator.not_,
    operator.is_,
    operator.is_not,
    operator.contains,
    operator.truth,
    operator.and_,
    operator.or_,
    operator.xor,
    operator.invert,
    operator.lshift,
    operator.rshift,
    operator.index,
)

# ------------------------------------------------------------------------------ builtins
constant(len, isinstance, issubclass, callable, hasattr, bool, int, ord, all, any, scalar=True)
constant(range, type, str, repr, chr, format, slice, hash, bin, hex, oct)
constant(round)  # a staircase
constant(bisect.bisect_left, bisect.bisect_right, scalar=True)  # positions
constant(print, input, open, pure=False, cheap=False)
constant(id, pure=False)
_LEVELS = ("debug", "info", "warning", "error", "critical", "exception", "log")
for _level in _LEVELS:
    constant(getattr(logging, _level), getattr(logging.Logger, _level), pure=False, cheap=False)
constant(warnings.warn, logging.getLogger, pure=False, cheap=False)
constant(logging.Logger.isEnabledFor, logging.Logger.getEffectiveLevel, pure=False)
no_rule_yet(
    sorted,
    reversed,
    map,
    filter,
    zip,
    enumerate,
    iter,
    next,
    set,
    frozenset,
    dict,
    reason="build a list in a loop",
)


@defvjp(builtins.sum)
def sum_(y_bar, y, items, start=0):
    """Of a list of numbers or arrays, or of the rows of an array."""
    return spread_items(y_bar, items), unbroadcast(y_bar, start)


@defjvp(builtins.sum)
def sum_tangent(items_dot, start_dot, y, items, start=0):
    return sum(items_dot, start_dot)


@defvjp(builtins.max, builtins.min)
def extreme(z_bar, z, a, b=None):
    """Of one list, or of two numbers; half each at a tie, as `np.maximum`."""
    first = extreme_adjoint(z_bar, z, a) if b is None else z_bar * tie_share(a, b, z)
    return first, z_bar * tie_share(b, a, z)


@defjvp(builtins.max, builtins.min)
def extreme_tangent(a_dot, b_dot, z, a, b=None):
    first = (
        np.sum(np.array(a_dot) * extreme_shares(z, a)) if b is None else a_dot * tie_share(a, b, z)
    )
    return conform(first + (0 if b is None else b_dot * tie_share(b, a, z)), z)


# `+` of lists and tuples, `|` of dicts
linear(
    operator.concat,
    transpose=lambda y_bar, a, b: (
        credited(y_bar, slice(None, len(a))),
        credited(y_bar, slice(len(a), None)),
    ),
    numeric=False,
    fresh=False,
)
linear(
    dict.__or__,
    transpose=lambda y_bar, a, b: (entries_of(y_bar, a, b), entries_of(y_bar, b, ())),
    numeric=False,
    fresh=False,
)


@defvjp(complex)
def complex_(z_bar, z, real=0, imag=0):
    """Of two numbers; the adjoint of a complex one is dL/dx - i dL/dy."""
    return unbroadcast(z_bar, real), unbroadcast(z_bar * 1j, imag)


@defjvp(complex)
def complex_tangent(real_dot, imag_dot, z, real=0, imag=0):
    return complex(real_dot, imag_dot)


@defvjp(list, tuple, numeric=False, fresh=False)
def sequence(y_bar, y, iterable=()):
    return pack_like(y_bar, iterable)


multilinear((list, tuple), "iterable")

# of lists, tuples and dicts of arrays; a shallow copy shares its items
linear(copy.deepcopy, transpose=lambda y_bar, x: y_bar, numeric=False, deep=True)
linear(copy.copy, transpose=lambda y_bar, x: y_bar, numeric=False, fresh=False)


# ------------------------------------------------------------------------------ math
# fmt: off
elementwise(math.fabs,                lambda y, x: np.sign(x))  # 0 at the kink
elementwise(math.sqrt,                lambda y, x: 0.5 / y)
elementwise(math.cbrt,                lambda y, x: 1 / (3 * y * y))
elementwise(math.exp,                 lambda y, x: y)
elementwise(math.exp2,                lambda y, x: y * math.log(2))
elementwise(math.expm1,               lambda y, x: y + 1)
elementwise(math.log,
            terms=lambda z_bar, z, x, base=None: (
                z_bar / x if base is None else z_bar / (x * math.log(base)),
                None if base is None else -z_bar * z / (base * math.log(base))))
elementwise(math.log2,                terms=lambda y_bar, y, x: y_bar / (x * math.log(2)))
elementwise(math.log10,               terms=lambda y_bar, y, x: y_bar / (x * math.log(10)))
elementwise(math.log1p,               terms=lambda y_bar, y, x: y_bar / (1 + x))
elementwise(math.pow,                 lambda z, x, y: (power_partial(x, y), z * log_or_zero(x)),
            literal={"y": lambda z, x, y: (y * x ** (y - 1), None),
                     "x > 0": lambda z, x, y: (None, z * math.log(x))})
elementwise(math.sin,                 lambda y, x: math.cos(x))
elementwise(math.cos,                 lambda y, x: -math.sin(x))
elementwise(math.tan,                 lambda y, x: 1 + y * y)
elementwise(math.asin,                terms=lambda y_bar, y, x: y_bar / math.sqrt(1 - x * x))
elementwise(math.acos,                terms=lambda y_bar, y, x: -y_bar / math.sqrt(1 - x * x))
elementwise(math.atan,                terms=lambda y_bar, y, x: y_bar / (1 + x * x))
# 0 at the origin, where the angle is undefined
elementwise(math.atan2, lambda z, x, y: (quotient(y, x * x + y * y), -quotient(x, x * x + y * y)))
elementwise(math.sinh,                lambda y, x: math.cosh(x))
elementwise(math.cosh,                lambda y, x: math.sinh(x))
elementwise(math.tanh,                lambda y, x: 1 - y * y)
elementwise(math.asinh,               terms=lambda y_bar, y, x: y_bar / math.sqrt(x * x + 1))
elementwise(math.acosh,               terms=lambda y_bar, y, x: y_bar / math.sqrt(x * x - 1))
elementwise(math.atanh,               terms=lambda y_bar, y, x: y_bar / (1 - x * x))
elementwise(math.degrees,             lambda y, x: 180 / math.pi)
elementwise(math.radians,             lambda y, x: math.pi / 180)
# the kink of a norm at 0 gets 0, the subgradient of least norm
elementwise(math.hypot,               lambda z, x, y: (quotient(x, z), quotient(y, z)))
elementwise(math.fmod,                lambda z, x, y: (1, -math.trunc(x / y)))
elementwise(math.copysign, lambda z, x, y: (math.copysign(np.sign(x), np.sign(x) * y), None))
elementwise(math.ldexp,               terms=lambda z_bar, z, x, i: (math.ldexp(z_bar, i), None))
# Abramowitz & Stegun, 7.1.19
elementwise(math.erf,                 lambda y, x: 2 / math.sqrt(math.pi) * math.exp(-x * x))
elementwise(math.erfc,                lambda y, x: -2 / math.sqrt(math.pi) * math.exp(-x * x))
# Abramowitz & Stegun, 6.3.1
elementwise(math.gamma,               lambda y, x: y * polygamma(x))
elementwise(math.lgamma,              lambda y, x: polygamma(x))
linear(math.fsum, transpose=lambda y_bar, items: spread_items(y_bar, items), shape=SCALAR)
# fmt: on


@defjvp(math.pow)
def power_tangent(x_dot, y_dot, z, x, y):
    return power_partial(x, y) * x_dot + z * if_moving(log_or_zero(x), y_dot) * y_dot


@defvjp(math.dist, shape=SCALAR)
def dist(y_bar, y, p, q):
    """0 at the kink, where the points are the same."""
    step = quotient(y_bar, y) * (np.asarray(p) - np.asarray(q))
    return unpack_like(step, p), unpack_like(-step, q)


@defjvp(math.dist)
def dist_tangent(p_dot, q_dot, y, p, q):
    step = np.asarray(p) - np.asarray(q)
    return quotient(np.dot(step, np.asarray(p_dot) - np.asarray(q_dot)), y)


@defprogram(math.prod)
def product(iterable, /, *, start=1):
    """One factor after the other."""
    total = start
    for factor in iterable:
        total = total * factor
    return total


constant(math.floor, math.ceil, math.trunc, math.isfinite, math.isinf, math.isnan, scalar=True)
constant(math.isclose, math.gcd, math.lcm, math.factorial, math.comb, math.isqrt, scalar=True)
no_rule_yet(math.modf, math.frexp, math.remainder, reason="not written")
