"""`scipy.interpolate`: sums of B-splines, by the recurrence of de Boor and Cox.

De Boor 1978, "A Practical Guide to Splines", chapter X.
"""

import numpy as np
from scipy import interpolate

from tangent.rules.language import constant, defclass, defprogram
from tangent.rules.scipy.piecewise import beside, between, doubled, turned
from tangent.runtime import quotient
from tangent.runtime.refusals import Refusal


@defclass(interpolate.BSpline)
class BSpline:
    """`BSpline(t, c, k)`."""

    def __init__(self, t, c, k, extrapolate=True, axis=0):
        self.t, self.k, self.axis, self.extrapolate = (
            np.asarray(t),
            k,
            axis,
            extrapolate,
        )
        self.c = np.moveaxis(np.asarray(c, doubled(c)), axis, 0)

    def __call__(self, x, nu=0, extrapolate=None):
        beyond = self.extrapolate if extrapolate is None else extrapolate
        return summed(self.t, self.c, self.k, x, nu, beyond, self.axis)

    def derivative(self, nu=1):
        t, c, k = lowered(self.t, self.c, self.k, nu)
        return BSpline(t, np.moveaxis(c, 0, self.axis), k, self.extrapolate, self.axis)


@defclass(interpolate.make_interp_spline)
class Through(BSpline):
    """`make_interp_spline(x, y, k)`."""

    def __init__(self, x, y, k=3, t=None, bc_type=None, axis=0):
        ends = ends_of(bc_type, k)
        values = np.moveaxis(np.asarray(y, doubled(y)), axis, 0)
        self.k, self.axis, self.extrapolate = k, axis % np.ndim(y), True
        self.t = knots(np.asarray(x), k, ends) if t is None else np.asarray(t)
        self.c = through(self.t, k, np.asarray(x), values, ends)


def through(t, k, x, y, order):
    """The coefficients of the spline with these values, and with derivatives 0 at the ends."""
    n = np.size(t) - k - 1
    rows = [summed(t, np.eye(n), k, x, 0, True, 0)]
    sides = [np.reshape(y, (np.size(x), -1))]
    if order > 0:
        zero = 0 * sides[0][:1]
        rows = [summed(t, np.eye(n), k, x[:1], order, True, 0), *rows]
        rows = [*rows, summed(t, np.eye(n), k, x[-1:], order, True, 0)]
        sides = [zero, *sides, zero]
    found = np.linalg.solve(np.concatenate(rows), np.concatenate(sides))
    return np.reshape(found, (n, *np.shape(y)[1:]))


def knots(x, k, order):
    if k == 1 or order > 0:
        inner = x[1:-1]
    elif k % 2 == 1:
        inner = x[(k + 1) // 2 : -((k + 1) // 2)]
    else:
        inner = ((x[1:] + x[:-1]) / 2)[k // 2 : -(k // 2)]
    return np.concatenate((np.repeat(x[:1], k + 1), inner, np.repeat(x[-1:], k + 1)))


def summed(t, c, k, places, nu, extrapolate, axis):
    """The values, or derivatives of order `nu`, at the places."""
    n = np.size(t) - k - 1
    if extrapolate == "periodic":
        places = t[k] + (places - t[k]) % (t[n] - t[k])
    inside = between(t[k : n + 1], places)
    t, c, k = lowered(t, c, k, nu)
    i = spans(t, k, places)
    parts = [c[i - k + j] for j in range(k + 1)]
    for r in range(1, k + 1):
        moved = []
        for j in range(k + 1 - r):
            low, high = t[i - k + r + j], t[i + 1 + j]
            share = beside((places - low) / (high - low), c)
            moved.append((1 - share) * parts[j] + share * parts[j + 1])
        parts = moved
    values = parts[0]
    if not extrapolate:
        values = np.where(beside(inside, c), values, np.nan)
    return turned(values, np.ndim(places), axis)


def lowered(t, c, k, nu):
    """Knots, coefficients and degree of a derivative."""
    for _ in range(nu):
        if k == 0:
            c = 0 * c
        else:
            widths = t[k + 1 : len(c) + k] - t[1 : len(c)]
            c = k * np.diff(c, axis=0) * beside(quotient(1.0, widths), c)
            t, k = t[1:-1], k - 1
    return t, c, k


def spans(t, k, places):
    """The interval between knots in which each place lies, the outer ones for what lies outside."""
    n = np.size(t) - k - 1
    return np.clip(np.searchsorted(t, places, side="right") - 1, k, n - 1)


def ends_of(kind, k):
    """The order of the derivative that is 0 at both ends, or 0 if none is."""
    orders = {None: 0, "not-a-knot": 0, "natural": 2, "clamped": 1}
    if not (kind is None or isinstance(kind, str)) or kind not in orders:
        what = f"`make_interp_spline` with bc_type={kind!r}"
        raise Refusal(what, "spline", "choose `natural` or `clamped`, or `CubicSpline`")
    return orders[kind]


constant(spans, ends_of)

# ------------------------------------------------------------------------------ of FITPACK


@defclass(interpolate.InterpolatedUnivariateSpline)
class Fitted(BSpline):
    """`InterpolatedUnivariateSpline(x, y)`."""

    def __init__(self, x, y, *, k=3):
        self.k, self.axis, self.extrapolate = k, 0, True
        self.t = knots(np.asarray(x), k, 0)
        self.c = through(self.t, k, np.asarray(x), np.asarray(y, doubled(y)), 0)


@defclass(interpolate.UnivariateSpline)
class Univariate(BSpline):
    """`UnivariateSpline(x, y, s=0)`, which goes through the values."""

    def __init__(self, x, y, *, k=3, s=None):
        refuse_smoothing(s)
        self.k, self.axis, self.extrapolate = k, 0, True
        self.t = knots(np.asarray(x), k, 0)
        self.c = through(self.t, k, np.asarray(x), np.asarray(y, doubled(y)), 0)


@defprogram(interpolate.splrep)
def splrep(x, y, *, k=3, s=None):
    refuse_smoothing(0 if s is None else s)
    t = knots(np.asarray(x), k, 0)
    c = through(t, k, np.asarray(x), np.asarray(y, doubled(y)), 0)
    return t, np.concatenate((c, np.zeros(k + 1))), k


@defprogram(interpolate.splev)
def splev(x, tck, der=0, ext=0):
    refuse_ends(ext)
    t, c, k = tck[0], tck[1], tck[2]
    return summed(t, c[: np.size(t) - k - 1], k, np.asarray(x), der, True, 0)


def refuse_smoothing(s):
    if s != 0:
        raise Refusal("a spline that smooths", "spline", "give `s=0`, or fit by least squares")


def refuse_ends(ext):
    if ext != 0:
        raise Refusal(f"`splev` with ext={ext!r}", "spline", "leave out what lies outside")


constant(refuse_smoothing, refuse_ends, pure=False)

# ------------------------------------------------------------------------------ one polynomial


@defclass(interpolate.BarycentricInterpolator)
class Polynomial:
    """`BarycentricInterpolator(xi, yi)`: the polynomial through all points, as Lagrange has it."""

    def __init__(self, xi, yi, axis=0):
        self.xi, self.axis = np.asarray(xi), axis % np.ndim(yi)
        self.yi = np.moveaxis(np.asarray(yi, doubled(yi)), axis, 0)

    def __call__(self, x):
        return lagrange(self.xi, self.yi, x, self.axis)


@defclass(interpolate.KroghInterpolator)
class Krogh(Polynomial):
    """`KroghInterpolator(xi, yi)`: the same polynomial."""


@defprogram(interpolate.barycentric_interpolate)
def barycentric_interpolate(xi, yi, x, axis=0):
    return lagrange(np.asarray(xi), np.moveaxis(np.asarray(yi), axis, 0), x, axis % np.ndim(yi))


@defprogram(interpolate.krogh_interpolate)
def krogh_interpolate(xi, yi, x, axis=0):
    return lagrange(np.asarray(xi), np.moveaxis(np.asarray(yi), axis, 0), x, axis % np.ndim(yi))


def lagrange(xi, yi, x, axis):
    total = 0.0
    for j in range(np.size(xi)):
        others = np.delete(xi, j)
        factors = (np.expand_dims(x, -1) - others) / (xi[j] - others)
        total = total + beside(np.prod(factors, axis=-1), yi) * yi[j]
    return turned(total, np.ndim(x), axis)


@defprogram(interpolate.pchip_interpolate)
def pchip_interpolate(xi, yi, x, der=0, axis=0):
    return interpolate.PchipInterpolator(xi, yi, axis)(x, der)
