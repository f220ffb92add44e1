"""Arrays made of numbers that may be differentiated: copies, conversions, fills."""

import functools

import numpy as np

from tangent.rules.language import LIKE_FIRST, defjvp, defvjp, elementwise, linear
from tangent.runtime import conform, recast, unbroadcast, unpack_like

view = functools.partial(linear, fresh=False, cheap=True)
turned = functools.partial(view, shape=LIKE_FIRST)

# fmt: off

# --------------------------------------------------------------------------- copies and conversions
linear(np.array, transpose=lambda y_bar, x, dtype=None: unpack_like(y_bar, x, dtype), cheap=True)
view((np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray),
     transpose=lambda y_bar, a, dtype=None: unpack_like(y_bar, a, dtype))
linear(np.copy, transpose=lambda y_bar, a, order="K": y_bar, shape=LIKE_FIRST, cheap=True)
# also of lists and dicts, whose copies hold the same arrays
linear(np.ndarray.copy,
       transpose=lambda y_bar, a, order="K": y_bar,
       shape=LIKE_FIRST, cheap=True, numeric=False)
linear(np.ndarray.item, transpose=lambda y_bar, a: unbroadcast(y_bar, a))
linear(np.ndarray.tolist,
       transpose=lambda y_bars, a: unbroadcast(np.array(y_bars), a),
       numeric=False)
# the adjoint of a real number that was multiplied by a complex one: its real part counts
turned(np.real, real=True, transpose=lambda y_bar, val: np.real(y_bar))
turned(np.ndarray.real, real=True, transpose=lambda y_bar, val: np.real(y_bar))
# dF = y_bar Im(dz) = Re(-i y_bar dz), which is 0 for a real operand
turned(np.imag, real=True, transpose=lambda y_bar, val: unbroadcast(-1j * np.real(y_bar), val))
turned(np.ndarray.imag, real=True,
       transpose=lambda y_bar, val: unbroadcast(-1j * np.real(y_bar), val))

# a number of another type: the engine casts the adjoint back
elementwise((float, np.float64, np.float32, np.float16), terms=lambda y_bar, y, x: y_bar)
# fmt: on


@defjvp(np.array)
def array_tangent(x_dot, y, x, dtype=None):
    """Of integers the tangent is zero: they are a staircase."""
    return np.array(x_dot) if dtype is None else recast(np.array(x_dot), dtype)


@defjvp(np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray)
def asarray_tangent(a_dot, y, a, dtype=None):
    return recast(np.asarray(a_dot), dtype)


@defjvp(float, np.float64, np.float32, np.float16)
def number_tangent(x_dot, y, x):
    return conform(x_dot, y)


@defvjp(np.ndarray.astype, fresh=False)
def astype(y_bar, y, x, dtype, *, copy=True):
    """The identity between inexact types; integers are a staircase, flat almost everywhere."""
    return unpack_like(y_bar, x, dtype)


@defjvp(np.ndarray.astype)
def astype_tangent(x_dot, y, x, dtype, *, copy=True):
    return recast(x_dot, dtype, copy)


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


@defvjp(np.linspace)
def linspace(y_bar, y, start, stop, num=50, endpoint=True):
    """Of numbers `start` and `stop`; the weights of the two ends are linear from 1 to 0."""
    start_bar = np.sum(y_bar * np.linspace(1, 0, num, endpoint))
    stop_bar = np.sum(y_bar * np.linspace(0, 1, num, endpoint))
    return unbroadcast(start_bar, start), unbroadcast(stop_bar, stop)


@defjvp(np.linspace)
def linspace_tangent(start_dot, stop_dot, y, start, stop, num=50, endpoint=True):
    return start_dot * np.linspace(1, 0, num, endpoint) + stop_dot * np.linspace(
        0, 1, num, endpoint
    )


@defvjp(np.arange)
def arange(y_bar, y, start, stop=None, step=None):
    """`start` moves all elements; where the range stops decides only how many there are."""
    start_bar = 0.0 if stop is None else np.sum(y_bar)
    return start_bar, None, np.sum(y_bar * np.arange(np.size(y_bar)))


@defjvp(np.arange)
def arange_tangent(start_dot, step_dot, y, start, stop=None, step=None):
    moved = 0.0 if stop is None else start_dot
    return conform(moved + step_dot * np.arange(np.size(y)), y)
