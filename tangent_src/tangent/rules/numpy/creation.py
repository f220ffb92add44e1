"""Arrays made of numbers that may be differentiated: copies, conversions, fills."""

import functools

import numpy as np

from tangent.rules.language import LIKE_FIRST, defjvp, defprogram, defvjp, elementwise, linear
from tangent.runtime import (
    conform,
    item_back,
    recast,
    unbroadcast,
    unpack_like,
    weighted,
    weighted_sum,
)

shared = functools.partial(linear, fresh=False, cheap=True, shape=LIKE_FIRST)

# fmt: off

# --------------------------------------------------------------------------- copies and conversions
linear(np.array,
       transpose=lambda y_bar, x, dtype=None, *, copy=True, order="K", ndmin=0:
           unpack_like(y_bar if ndmin == 0 else np.reshape(y_bar, np.shape(x)), x, dtype),
       cheap=True)
linear((np.ascontiguousarray, np.asfortranarray),
       transpose=lambda y_bar, a, dtype=None: unpack_like(y_bar, a, dtype),
       view=True)
linear((np.asarray, np.asanyarray),
       transpose=lambda y_bar, a, dtype=None, order=None, *, copy=None:
           unpack_like(y_bar, a, dtype),
       view=True)
linear(np.asarray_chkfinite,
       transpose=lambda y_bar, a, dtype=None, order=None: unpack_like(y_bar, a, dtype),
       view=True)
linear(np.require,
       transpose=lambda y_bar, a, dtype=None, requirements=None: unpack_like(y_bar, a, dtype),
       view=True)
linear(np.copy, transpose=lambda y_bar, a, order="K": y_bar, shape=LIKE_FIRST, cheap=True)
# also of lists and dicts, whose copies hold the same arrays
linear(np.ndarray.copy,
       transpose=lambda y_bar, a, order="K": y_bar,
       shape=LIKE_FIRST, cheap=True, numeric=False)
linear(np.ndarray.item,
       transpose=lambda y_bar, a, *args:
           item_back(y_bar, a, args) if args else unbroadcast(y_bar, a))
linear(np.ndarray.view, transpose=lambda y_bar, a: y_bar, view=True, shape=LIKE_FIRST)
linear(np.ndarray.tolist,
       transpose=lambda y_bars, a: unbroadcast(np.array(y_bars), a),
       numeric=False)
# the adjoint of a real number that was multiplied by a complex one: its real part counts
shared(np.real, real=True, transpose=lambda y_bar, val: unbroadcast(np.real(y_bar), val))
shared(np.ndarray.real, real=True,
       transpose=lambda y_bar, val: unbroadcast(np.real(y_bar), val))
# dF = y_bar Im(dz) = Re(-i y_bar dz), which is 0 for a real operand
shared(np.imag, real=True, transpose=lambda y_bar, val: unbroadcast(-1j * np.real(y_bar), val))
shared(np.ndarray.imag, real=True,
       transpose=lambda y_bar, val: unbroadcast(-1j * np.real(y_bar), val))

# a number of another type: the engine casts the adjoint back
elementwise((float, np.float64, np.float32, np.float16), terms=lambda y_bar, y, x: y_bar)
# fmt: on


@defjvp(np.array)
def array_tangent(x_dot, y, x, dtype=None, *, copy=True, order="K", ndmin=0):
    """Of integers the tangent is zero: they are a staircase."""
    made = np.array(x_dot, ndmin=ndmin) if ndmin else np.array(x_dot)
    return made if dtype is None else recast(made, dtype)


# the tangent of a view is a view, and that of a copy a copy: both are written into


@defjvp(np.ascontiguousarray)
def contiguous_tangent(a_dot, y, a, dtype=None):
    return recast(np.ascontiguousarray(a_dot), dtype)


@defjvp(np.asfortranarray)
def fortran_tangent(a_dot, y, a, dtype=None):
    return recast(np.asfortranarray(a_dot), dtype)


@defjvp(np.asarray, np.asanyarray)
def asarray_tangent(a_dot, y, a, dtype=None, order=None, *, copy=None):
    made = np.asarray(a_dot) if order is None else np.asarray(a_dot, order=order)
    return recast(made if copy is None else np.asarray(made, copy=copy), dtype)


@defjvp(np.asarray_chkfinite)
def chkfinite_tangent(a_dot, y, a, dtype=None, order=None):
    return recast(np.asarray(a_dot) if order is None else np.asarray(a_dot, order=order), dtype)


@defjvp(np.require)
def require_tangent(a_dot, y, a, dtype=None, requirements=None):
    return recast(np.require(a_dot, requirements=requirements), dtype)


@defjvp(float, np.float64, np.float32, np.float16)
def number_tangent(x_dot, y, x):
    return conform(x_dot, y)


@defvjp(np.ndarray.astype, np.astype, fresh=False)
def astype(y_bar, y, x, dtype, *, copy=True):
    """The identity between inexact types; integers are a staircase, flat almost everywhere."""
    return unpack_like(y_bar, x, dtype)


@defjvp(np.ndarray.astype, np.astype)
def astype_tangent(x_dot, y, x, dtype, *, copy=True):
    return recast(x_dot, dtype, copy)


@defvjp(np.real_if_close, fresh=False)
def real_if_close(y_bar, y, a, tol=100):
    return unbroadcast(y_bar, a)


@defjvp(np.real_if_close)
def real_if_close_tangent(a_dot, y, a, tol=100):
    return conform(a_dot, y)


@defprogram(np.fromiter)
def fromiter(iter, dtype, count=-1):
    """Of a list; NumPy takes any iterable."""
    return np.array(iter if count == -1 else iter[:count], dtype)


# ------------------------------------------------------------------------------ fills


@defvjp(np.full)
def full(y_bar, y, shape, fill_value, dtype=None):
    return None, unpack_like(y_bar, fill_value, dtype)


@defjvp(np.full)
def full_tangent(fill_value_dot, y, shape, fill_value, dtype=None):
    return conform(fill_value_dot, y)


@defvjp(np.full_like, shape=LIKE_FIRST)
def full_like(y_bar, y, a, fill_value, dtype=None):
    kind = np.result_type(a) if dtype is None else dtype
    return None, unpack_like(y_bar, fill_value, kind)


@defjvp(np.full_like)
def full_like_tangent(fill_value_dot, y, a, fill_value, dtype=None):
    return conform(fill_value_dot, y)


# The weights of the two ends are linear from 1 to 0.


@defvjp(np.linspace, numeric=False)
def linspace(
    y_bar, y, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None
):
    bars = y_bar[0] if retstep else y_bar
    step = y_bar[1] / (num - endpoint) if retstep else 0.0
    start_bar = weighted_sum(bars, np.linspace(1, 0, num, endpoint), axis) - step
    stop_bar = weighted_sum(bars, np.linspace(0, 1, num, endpoint), axis) + step
    return unbroadcast(start_bar, start), unbroadcast(stop_bar, stop)


@defjvp(np.linspace)
def linspace_tangent(
    start_dot, stop_dot, y, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0,
    *, device=None
):  # fmt: skip
    moved = weighted(start_dot, np.linspace(1, 0, num, endpoint), axis)
    moved = moved + weighted(stop_dot, np.linspace(0, 1, num, endpoint), axis)
    return (
        (conform(moved, y[0]), conform((stop_dot - start_dot) / (num - endpoint), y[1]))
        if retstep
        else conform(moved, y)
    )


@defprogram(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, *, axis=0):
    """Powers of `base`, whose exponents are evenly spaced."""
    exponents = np.linspace(start, stop, num, endpoint, axis=axis)
    return np.power(base, exponents) if dtype is None else np.power(base, exponents).astype(dtype)


@defprogram(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, *, axis=0):
    """A geometric progression between two numbers of one sign."""
    double = np.result_type(start, stop, np.float64)
    first, last = np.asarray(start, double), np.asarray(stop, double)
    exponents = np.linspace(np.log(np.abs(first)), np.log(np.abs(last)), num, endpoint)
    values = np.moveaxis(np.sign(first) * np.exp(exponents), 0, axis)
    return values if dtype is None else values.astype(dtype)


@defvjp(np.arange)
def arange(y_bar, y, start, stop=None, step=None):
    """`start` moves all elements; where the range stops decides only how many there are."""
    start_bar = 0.0 if stop is None else np.sum(y_bar)
    return start_bar, None, np.sum(y_bar * np.arange(np.size(y_bar)))


@defjvp(np.arange)
def arange_tangent(start_dot, step_dot, y, start, stop=None, step=None):
    moved = 0.0 if stop is None else start_dot
    return conform(moved + step_dot * np.arange(np.size(y)), y)
