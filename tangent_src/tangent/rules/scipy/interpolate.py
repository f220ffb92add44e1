"""`scipy.interpolate` along one axis: classes that stand for the interpolators.

The values are a linear map of the given ones, whose matrix solves for the slopes.
"""

import numpy as np
from scipy import interpolate

from tangent.rules.language import constant, defclass
from tangent.runtime.refusals import Refusal


@defclass(interpolate.interp1d)
class Linear:
    """`interp1d(x, y)`, linear between the given points."""

    def __init__(self, x, y, kind="linear", *, axis=-1, bounds_error=None, fill_value=np.nan):
        refuse_kind(kind)
        self.x, self.y = np.asarray(x), np.moveaxis(y, axis, 0)
        self.axis, self.fill, self.strict = axis, fill_value, bounds_error

    def __call__(self, x):
        places, inside = intervals(self.x, x), bounded(self.x, x, self.fill, self.strict)
        left, right = self.x[places], self.x[places + 1]
        part = beside((x - left) / (right - left), self.y)
        values = self.y[places] * (1 - part) + self.y[places + 1] * part
        if inside is not None:
            below, above = ends_of(self.fill)
            outside = np.where(beside(x < self.x[0], self.y), below, above)
            values = np.where(beside(inside, self.y), values, outside)
        return turned(values, np.ndim(x), self.axis % np.ndim(self.y))


@defclass(interpolate.CubicSpline)
class Spline:
    """`CubicSpline(x, y)`: cubic between the points, with two continuous derivatives."""

    def __init__(self, x, y, *, axis=0, bc_type="not-a-knot"):
        refuse_ends(x, bc_type)
        self.x, self.y, self.axis = np.asarray(x), np.moveaxis(y, axis, 0), axis
        flat = np.reshape(self.y, (np.shape(self.y)[0], -1))
        steps = np.diff(self.x)
        rises = np.diff(flat, axis=0) / np.expand_dims(steps, -1)
        matrix, sides = matrix_of(steps, bc_type), conditions(steps, rises, bc_type)
        self.slopes = np.reshape(np.linalg.solve(matrix, sides), np.shape(self.y))

    def __call__(self, x, nu=0):
        i = intervals(self.x, x)
        h, t = self.x[i + 1] - self.x[i], x - self.x[i]
        h, t = beside(h, self.y), beside(t, self.y)
        first, rise = self.slopes[i], (self.y[i + 1] - self.y[i]) / h
        c = (3 * rise - 2 * first - self.slopes[i + 1]) / h
        d = (first + self.slopes[i + 1] - 2 * rise) / (h * h)
        if nu == 0:
            values = self.y[i] + t * (first + t * (c + t * d))
        elif nu == 1:
            values = first + t * (2 * c + 3 * t * d)
        elif nu == 2:
            values = 2 * c + 6 * t * d
        else:
            values = 6 * d if nu == 3 else 0 * d
        return turned(values, np.ndim(x), self.axis % np.ndim(self.y))


def conditions(h, r, kind):
    """The right-hand sides of the equations for the slopes, from steps and slopes of chords."""
    h = np.expand_dims(h, -1)
    inner = 3 * (h[1:] * r[:-1] + h[:-1] * r[1:])
    if kind == "natural":
        first, last = 3 * r[:1], 3 * r[-1:]
    elif kind == "clamped":
        first, last = 0 * r[:1], 0 * r[-1:]
    else:
        both, end = h[:1] + h[1:2], h[-1:] + h[-2:-1]
        first = ((h[:1] + 2 * both) * h[1:2] * r[:1] + h[:1] ** 2 * r[1:2]) / both
        last = (h[-1:] ** 2 * r[-2:-1] + (2 * end + h[-1:]) * h[-2:-1] * r[-1:]) / end
    return np.concatenate((first, inner, last), axis=0)


def matrix_of(h, kind):
    """The matrix of these equations.  De Boor 1978, "A Practical Guide to Splines", chapter IV."""
    if kind == "natural":
        ends = np.array([2.0, 1.0, 1.0, 2.0])
    elif kind == "clamped":
        ends = np.array([1.0, 0.0, 0.0, 1.0])
    else:
        ends = np.stack([h[1], h[0] + h[1], h[-1] + h[-2], h[-2]])
    middle = np.concatenate((ends[:1], 2 * (h[:-1] + h[1:]), ends[3:]))
    above, below = np.concatenate((ends[1:2], h[:-1])), np.concatenate((h[1:], ends[2:3]))
    return np.diag(middle) + np.diag(above, 1) + np.diag(below, -1)


def ends_of(fill):
    """What stands below the first point, and above the last one."""
    return (fill[0], fill[1]) if isinstance(fill, tuple) else (fill, fill)


def refuse_ends(x, kind):
    if not isinstance(kind, str) or kind not in ("not-a-knot", "natural", "clamped"):
        what = f"`CubicSpline` with bc_type={kind!r}"
        raise Refusal(what, "spline", "choose `not-a-knot`, `natural` or `clamped`")
    if np.size(x) < 4:
        raise Refusal("`CubicSpline` of less than four points", "spline", "give more points")


def refuse_kind(kind):
    if kind not in ("linear", "slinear"):
        raise Refusal(f"`interp1d` of kind {kind!r}", "kind", "choose `CubicSpline`")


def intervals(x, places):
    """The interval in which each place lies, the outer ones for what lies outside."""
    return np.clip(np.searchsorted(x, places, side="right") - 1, 0, np.size(x) - 2)


def bounded(x, places, fill, strict):
    """Which places lie inside; None where the outer lines go on."""
    if isinstance(fill, str):
        return None
    inside = (places >= x[0]) & (places <= x[-1])
    if (strict or (strict is None and fill is np.nan)) and not np.all(inside):
        raise ValueError("A value in x_new is outside the interpolation range.")
    return inside


constant(refuse_kind, refuse_ends, intervals, bounded, pure=False)


def beside(part, y):
    """Numbers for each place, beside which `y` has further axes."""
    return np.reshape(part, np.shape(part) + (1,) * (np.ndim(y) - 1))


def turned(values, places, axis):
    """The axes of the places stand where that of the points was."""
    first = tuple(range(places))
    return np.moveaxis(values, first, tuple(axis + k for k in first))
