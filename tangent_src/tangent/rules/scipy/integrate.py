"""`scipy.integrate`: on given points and on those of Gauss."""

import numpy as np
from scipy import integrate, special

from tangent.rules.language import constant, defprogram

# ------------------------------------------------------------------------------ on given points


@defprogram(integrate.trapezoid)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    return np.trapezoid(y, x, dx, axis)


@defprogram(integrate.cumulative_trapezoid)
def cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None):
    rows = np.moveaxis(y, axis, -1)
    parts = widths(x, dx, axis) * (rows[..., 1:] + rows[..., :-1]) / 2.0
    sums = np.cumsum(parts, axis=-1)
    if initial is not None:
        first = np.full((*np.shape(rows)[:-1], 1), initial, sums.dtype)
        return np.moveaxis(np.concatenate((first, sums), axis=-1), -1, axis)
    return np.moveaxis(sums, -1, axis)


def widths(x, dx, axis):
    """The widths of the intervals, along the last axis."""
    if x is None:
        return dx
    return np.diff(x) if np.ndim(x) == 1 else np.diff(np.moveaxis(x, axis, -1))


def widths_in_double(x, dx, axis):
    return np.asarray(widths(x, dx, axis), np.float64)


# SciPy 1.17 takes the steps between given points in double precision, 1.18 as they are
_single = np.arange(3, dtype=np.float32)
_doubled = integrate.simpson(_single, x=_single).dtype == np.float64
steps = widths_in_double if _doubled else widths


@defprogram(integrate.simpson)
def simpson(y, x=None, *, dx=1.0, axis=-1):
    """Parabolas through three points; of an even number of points the last interval gets that of
    the last three.  Cartwright 2017, Journal of Mathematical Sciences and Mathematics Education 12.
    """
    rows = np.moveaxis(y, axis, -1)
    count = np.shape(rows)[-1]
    if x is None:
        h = np.full(count - 1, dx, np.result_type(rows, np.float32))
    else:
        h = steps(x, dx, axis)
    if count == 2:
        return h[..., 0] * (rows[..., 0] + rows[..., 1]) / 2.0
    last = count - 1 if count % 2 == 0 else count
    h0, h1 = h[..., 0 : last - 2 : 2], h[..., 1 : last - 1 : 2]
    both = h0 + h1
    first = rows[..., 0 : last - 2 : 2] * (2.0 - h1 / h0)
    middle = rows[..., 1 : last - 1 : 2] * (both * both / (h0 * h1))
    parts = both / 6.0 * (first + middle + rows[..., 2:last:2] * (2.0 - h0 / h1))
    whole = np.sum(parts, axis=-1)
    if count % 2 == 1:
        return whole
    before, end = h[..., -2], h[..., -1]
    if x is None and np.ndim(y) == 1:  # SciPy adds the correction of a number in double precision
        before, end = h[-2:].astype(np.float64)
    alpha = (2.0 * end**2 + 3.0 * before * end) / (6.0 * (end + before))
    beta = (end**2 + 3.0 * before * end) / (6.0 * before)
    eta = end**3 / (6.0 * before * (before + end))
    return whole + alpha * rows[..., -1] + beta * rows[..., -2] - eta * rows[..., -3]


@defprogram(integrate.romb)
def romb(y, dx=1.0, axis=-1):
    """Trapezoids of halved widths, and what their limit would be."""
    rows = np.moveaxis(y, axis, -1)
    step = np.shape(rows)[-1] - 1
    refuse_points(step)
    width = step * np.asarray(dx, np.float64)  # SciPy adds up in double precision
    best = [(rows[..., 0] + rows[..., -1]) / 2.0 * width]
    while step > 1:
        step, width = step // 2, width / 2
        found = [best[0] / 2 + width * np.sum(rows[..., step :: 2 * step], axis=-1)]
        for k in range(len(best)):
            found.append(found[k] + (found[k] - best[k]) / (4.0 ** (k + 1) - 1))
        best = found
    return best[-1]


def refuse_points(count):
    if count < 1 or count & (count - 1):
        raise ValueError("Number of samples must be one plus a non-negative power of 2.")


constant(refuse_points, pure=False)


# ------------------------------------------------------------------------------ points of Gauss


@defprogram(integrate.fixed_quad)
def fixed_quad(func, a, b, args=None, n=5):
    places, weights = special.roots_legendre(n)
    points = (b - a) * (places + 1.0) / 2.0 + a
    if args is None:
        return (b - a) / 2.0 * np.sum(weights * func(points), axis=-1), None
    return (b - a) / 2.0 * np.sum(weights * func(points, *args), axis=-1), None
