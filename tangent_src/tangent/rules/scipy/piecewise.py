"""`scipy.interpolate`: polynomials between points, and the cubic ones that go through given values.

Classes that stand for the interpolators.  `c[j]` are the coefficients of (x - x[i])^(k - j).
"""

import numpy as np
from scipy import interpolate

from tangent.rules.language import constant, defclass
from tangent.runtime import quotient
from tangent.runtime.refusals import Refusal


@defclass(interpolate.PPoly)
class Piecewise:
    """`PPoly(c, x)`."""

    def __init__(self, c, x, extrapolate=None, axis=0):
        self.c, self.x, self.axis = np.asarray(c, doubled(c)), np.asarray(x), axis
        self.extrapolate = True if extrapolate is None else extrapolate

    def __call__(self, x, nu=0, extrapolate=None):
        beyond = self.extrapolate if extrapolate is None else extrapolate
        return evaluated(derived(self.c, nu), self.x, x, beyond, self.axis)

    def derivative(self, nu=1):
        return Piecewise(derived(self.c, nu), self.x, self.extrapolate, self.axis)

    def antiderivative(self, nu=1):
        beyond = False if self.extrapolate == "periodic" else self.extrapolate
        return Piecewise(integrated(self.c, self.x, nu), self.x, beyond, self.axis)

    def integrate(self, a, b, extrapolate=None):
        beyond = self.extrapolate if extrapolate is None else extrapolate
        refuse_periods(beyond)
        c = integrated(self.c, self.x, 1)
        return evaluated(c, self.x, b, beyond, 0) - evaluated(c, self.x, a, beyond, 0)


@defclass(interpolate.CubicHermiteSpline)
class Hermite(Piecewise):
    """`CubicHermiteSpline(x, y, dydx)`."""

    def __init__(self, x, y, dydx, axis=0, extrapolate=None):
        values = np.moveaxis(np.asarray(y, doubled(y)), axis, 0)
        self.x, self.axis = np.asarray(x), axis % np.ndim(y)
        self.c = cubics(self.x, values, np.moveaxis(np.asarray(dydx), axis, 0))
        self.extrapolate = True if extrapolate is None else extrapolate


@defclass(interpolate.CubicSpline)
class Spline(Piecewise):
    """`CubicSpline(x, y)`: with two continuous derivatives."""

    def __init__(self, x, y, axis=0, bc_type="not-a-knot", extrapolate=None):
        values = np.moveaxis(np.asarray(y, doubled(y)), axis, 0)
        self.x, self.axis = np.asarray(x), axis % np.ndim(y)
        h, flat = np.diff(self.x), np.reshape(values, (np.size(x), -1))
        r = np.diff(flat, axis=0) / np.expand_dims(h, -1)
        periodic = is_word(bc_type, "periodic")
        found = periodic_slopes(h, r) if periodic else slopes_between(h, r, bc_type)
        self.c = cubics(self.x, values, np.reshape(found, np.shape(values)))
        self.extrapolate = (
            ("periodic" if periodic else True) if extrapolate is None else extrapolate
        )


@defclass(interpolate.PchipInterpolator)
class Pchip(Piecewise):
    """`PchipInterpolator(x, y)`: monotonic where the values are."""

    def __init__(self, x, y, axis=0, extrapolate=None):
        values = np.moveaxis(np.asarray(y, doubled(y)), axis, 0)
        self.x, self.axis = np.asarray(x), axis % np.ndim(y)
        self.c = cubics(self.x, values, monotonic_slopes(self.x, values))
        self.extrapolate = True if extrapolate is None else extrapolate


@defclass(interpolate.Akima1DInterpolator)
class Akima(Piecewise):
    """`Akima1DInterpolator(x, y)`: without ripples behind outliers."""

    def __init__(self, x, y, axis=0, *, method="akima", extrapolate=None):
        values = np.moveaxis(np.asarray(y, doubled(y)), axis, 0)
        self.x, self.axis = np.asarray(x), axis % np.ndim(y)
        self.c = cubics(self.x, values, slopes_of_akima(self.x, values, method))
        self.extrapolate = False if extrapolate is None else extrapolate


# ------------------------------------------------------------------------------ places


def intervals(x, places):
    """The interval in which each place lies, the outer ones for what lies outside."""
    return np.clip(np.searchsorted(x, places, side="right") - 1, 0, np.size(x) - 2)


def beside(part, y):
    """Numbers for each place, beside which `y` has further axes."""
    return np.reshape(part, np.shape(part) + (1,) * (np.ndim(y) - 1))


def turned(values, places, axis):
    """The axes of the places stand where that of the points was."""
    first = tuple(range(places))
    return np.moveaxis(values, first, tuple(axis + k for k in first))


# ------------------------------------------------------------------------------ polynomials


def evaluated(c, x, places, extrapolate, axis):
    """The values at the places; nan beyond the outer points, if nothing is extrapolated."""
    if extrapolate == "periodic":
        places = x[0] + (places - x[0]) % (x[-1] - x[0])
    i = intervals(x, places)
    t = beside(places - x[i], c[0])
    values = c[0][i]
    for k in range(1, len(c)):
        values = values * t + c[k][i]
    if not extrapolate:
        values = np.where(beside(between(x, places), c[0]), values, np.nan)
    return turned(values, np.ndim(places), axis)


def derived(c, nu):
    for _ in range(nu):
        c = c[:-1] * counted(len(c) - 1, c) if len(c) > 1 else 0 * c
    return c


def integrated(c, x, nu):
    """The integrals from the first point on."""
    for _ in range(nu):
        raised = c / counted(len(c), c)
        h = beside(np.diff(x), c[0])
        areas = 0 * raised[0]
        for k in range(len(raised)):
            areas = (areas + raised[k]) * h
        before = np.cumsum(areas, axis=0) - areas
        c = np.concatenate((raised, np.expand_dims(before, 0)))
    return c


def counted(n, c):
    """n, …, 2, 1 along the first axis."""
    return np.reshape(np.arange(n, 0, -1.0), (n,) + (1,) * (np.ndim(c) - 1))


def cubics(x, y, slopes):
    """The coefficients of the cubic polynomials with these values and slopes."""
    h = beside(np.diff(x), y)
    rises = np.diff(y, axis=0) / h
    bend = (slopes[:-1] + slopes[1:] - 2 * rises) / h
    return np.stack((bend / h, (rises - slopes[:-1]) / h - bend, slopes[:-1], y[:-1]))


# ------------------------------------------------------------------------------ slopes of splines
# De Boor 1978, "A Practical Guide to Splines", chapter IV: from steps h and slopes of chords r.


def slopes_between(h, r, kind):
    """The slopes for conditions at both ends."""
    first, last = end_of(kind, 0), end_of(kind, 1)
    alone = first[0] == 0 and last[0] == 0
    d0, n0, s0 = at_end(first[0], first[1], h, r, alone)
    sign = -1.0 if last[0] == 2 else 1.0
    d1, n1, s1 = at_end(last[0], sign * last[1], h[::-1], r[::-1], alone)
    wide = np.expand_dims(h, -1)
    inner = 3 * (wide[1:] * r[:-1] + wide[:-1] * r[1:])
    middle = np.concatenate((d0, 2 * (h[:-1] + h[1:]), d1))
    above, below = np.concatenate((n0, h[:-1])), np.concatenate((h[1:], n1))
    matrix = np.diag(middle) + np.diag(above, 1) + np.diag(below, -1)
    return np.linalg.solve(matrix, np.concatenate((s0, inner, s1)))


def at_end(order, value, h, r, alone):
    """One equation: what stands before the outer slope and the next, and the right-hand side."""
    if order == 1:
        return np.ones(1), np.zeros(1), 0 * r[:1] + np.reshape(value, (1, -1))
    if order == 2:
        side = 3 * r[:1] - np.reshape(value, (1, -1)) * h[0] / 2
        return 2 * np.ones(1), np.ones(1), side
    if len(h) == 1:
        return np.ones(1), np.zeros(1), r[:1]
    if len(h) == 2 and alone:  # one parabola
        return np.ones(1), np.ones(1), 2 * r[:1]
    both = h[:1] + h[1:2]
    side = ((h[:1] + 2 * both) * h[1:2] * r[:1] + h[:1] ** 2 * r[1:2]) / both
    return h[1:2], both, side


def periodic_slopes(h, r):
    """The last point is the first one of the next period."""
    last, before = np.roll(h, 1), np.roll(r, 1, axis=0)
    eye = np.eye(np.size(h))
    matrix = np.diag(2 * (h + last)) + np.expand_dims(h, -1) * np.roll(eye, -1, axis=1)
    matrix = matrix + np.expand_dims(last, -1) * np.roll(eye, 1, axis=1)
    sides = 3 * (np.expand_dims(h, -1) * before + np.expand_dims(last, -1) * r)
    slopes = np.linalg.solve(matrix, sides)
    return np.concatenate((slopes, slopes[:1]))


def end_of(kind, side):
    """The order of the derivative that is given at an end, 0 for none, and its value."""
    one = kind if isinstance(kind, str) else kind[side]
    return named_end(one) if isinstance(one, str) else one


def named_end(kind):
    known = {"not-a-knot": (0, 0.0), "natural": (2, 0.0), "clamped": (1, 0.0)}
    if kind not in known:
        what = f"`CubicSpline` with bc_type={kind!r}"
        raise Refusal(what, "spline", "choose `not-a-knot`, `natural` or `clamped`")
    return known[kind]


# ------------------------------------------------------------------------------ slopes of others


def monotonic_slopes(x, y):
    """Fritsch & Butland 1984, SIAM J. Sci. Stat. Comput. 5, 300: a harmonic mean."""
    h = beside(np.diff(x), y)
    m = np.diff(y, axis=0) / h
    if len(m) == 1:
        return np.concatenate((m, m))
    first, last = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = alike(m[1:], m[:-1])
    left, right = np.where(same, m[:-1], 1.0), np.where(same, m[1:], 1.0)
    inner = np.where(same, (first + last) / (first / left + last / right), 0.0)
    start = monotonic_end(h[:1], h[1:2], m[:1], m[1:2])
    stop = monotonic_end(h[-1:], h[-2:-1], m[-1:], m[-2:-1])
    return np.concatenate((start, inner, stop))


def monotonic_end(h0, h1, m0, m1):
    """Of three points, without an extreme between them."""
    d = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
    steep = np.where(too_steep(d, m0, m1), 3 * m0, d)
    return np.where(alike(d, m0) | both_zero(d, m0), steep, 0.0)


def slopes_of_akima(x, y, method):
    """Akima 1970, Journal of the ACM 17, 589: a mean that leans to the straighter side."""
    m = np.diff(y, axis=0) / beside(np.diff(x), y)
    if len(m) == 1:
        return np.concatenate((m, m))
    left, right = 2 * m[:1] - m[1:2], 2 * m[-1:] - m[-2:-1]
    m = np.concatenate((2 * left - m[:1], left, m, right, 2 * right - m[-1:]))
    after, before = np.abs(m[3:] - m[2:-1]), np.abs(m[1:-2] - m[:-3])
    if method == "makima":
        after = after + np.abs(m[3:] + m[2:-1]) / 2
        before = before + np.abs(m[1:-2] + m[:-3]) / 2
    share = quotient(before, after + before)
    leaning = m[1:-2] + share * (m[2:-1] - m[1:-2])
    return np.where(is_small(after + before), (m[3:] + m[:-3]) / 2, leaning)


def doubled(y):
    return np.result_type(np.asarray(y), np.float64)


def is_word(one, word):
    return isinstance(one, str) and one == word


def between(x, places):
    return (places >= x[0]) & (places <= x[-1])


def alike(a, b):
    """Have both the same sign, which is not 0?"""
    return np.sign(a) * np.sign(b) > 0


def both_zero(a, b):
    return (np.sign(a) == 0) & (np.sign(b) == 0)


def too_steep(d, m0, m1):
    return (np.sign(m0) != np.sign(m1)) & (np.abs(d) > 3 * np.abs(m0))


def is_small(size):
    return size <= 1e-9 * np.max(size, initial=0.0)


def refuse_periods(extrapolate):
    if extrapolate == "periodic":
        what = "the integral of a periodic interpolator"
        raise Refusal(what, "spline", "integrate over each period by itself")


constant(
    intervals,
    doubled,
    is_word,
    named_end,
    between,
    alike,
    both_zero,
    too_steep,
    is_small,
    counted,
)
constant(refuse_periods, pure=False)
