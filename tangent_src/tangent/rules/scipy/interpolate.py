"""`scipy.interpolate` between neighbours: along one axis, and on a grid.

The values are a linear map of the given ones.
"""

import itertools

import numpy as np
from scipy import interpolate

from tangent.rules.language import constant, defclass, defprogram
from tangent.rules.scipy.piecewise import beside, intervals, turned
from tangent.runtime.refusals import Refusal


@defclass(interpolate.interp1d)
class Linear:
    """`interp1d(x, y)`: linear between the given points, or the value at one beside."""

    def __init__(self, x, y, kind="linear", *, axis=-1, bounds_error=None, fill_value=np.nan):
        refuse_kind(kind)
        self.x, self.y = np.asarray(x), np.moveaxis(y, axis, 0)
        self.axis, self.fill, self.strict, self.kind = axis, fill_value, bounds_error, kind

    def __call__(self, x):
        inside = bounded(self.x, x, self.fill, self.strict)
        if self.kind in ("linear", "slinear"):
            places = intervals(self.x, x)
            left, right = self.x[places], self.x[places + 1]
            part = beside((x - left) / (right - left), self.y)
            values = self.y[places] * (1 - part) + self.y[places + 1] * part
        else:
            values = self.y[places_beside(self.x, x, self.kind)] * 1.0
        if inside is not None:
            below, above = ends_of(self.fill)
            outside = np.where(beside(x < self.x[0], self.y), below, above)
            outside = np.asarray(outside, values.dtype)
            values = np.where(beside(inside, self.y), values, outside)
        return turned(values, np.ndim(x), self.axis % np.ndim(self.y))


def refuse_kind(kind):
    if kind not in ("linear", "slinear", "nearest", "nearest-up", "previous", "next"):
        raise Refusal(f"`interp1d` of kind {kind!r}", "kind", "choose `make_interp_spline`")


def places_beside(x, places, kind):
    """The given point whose value counts; half-way `nearest` is the one before."""
    if kind == "nearest":
        found = np.searchsorted((x[1:] + x[:-1]) / 2, places, "left")
    elif kind == "nearest-up":
        found = np.searchsorted((x[1:] + x[:-1]) / 2, places, "right")
    elif kind == "next":
        found = np.searchsorted(x, places, "left")
    else:
        found = np.searchsorted(x, places, "right") - 1
    return np.clip(found, 0, np.size(x) - 1)


def bounded(x, places, fill, strict):
    """Which places lie inside; None where the outer lines go on."""
    if isinstance(fill, str):
        return None
    inside = (places >= x[0]) & (places <= x[-1])
    if (strict or (strict is None and fill is np.nan)) and not np.all(inside):
        raise ValueError("A value in x_new is outside the interpolation range.")
    return inside


def ends_of(fill):
    """What stands below the first point, and above the last one."""
    return (fill[0], fill[1]) if isinstance(fill, tuple) else (fill, fill)


constant(refuse_kind, bounded, places_beside, pure=False)


# ------------------------------------------------------------------------------ on a grid


@defclass(interpolate.RegularGridInterpolator)
class Grid:
    """`RegularGridInterpolator(points, values)`, linear along each axis."""

    def __init__(self, points, values, method="linear", bounds_error=True, fill_value=np.nan):
        refuse_method(method)
        self.points, self.values = [np.asarray(p) for p in points], np.asarray(values)
        self.bounds_error, self.fill_value = bounds_error, fill_value

    def __call__(self, xi):
        x = np.stack(xi, axis=-1) if isinstance(xi, tuple) else np.asarray(xi)
        n = len(self.points)
        x = np.reshape(x, (-1, n)) if np.ndim(x) == 1 else x
        inside = within(self.points, x, self.bounds_error)
        places, parts = [], []
        for k in range(n):
            i = intervals(self.points[k], x[..., k])
            left, right = self.points[k][i], self.points[k][i + 1]
            places.append(i)
            parts.append((x[..., k] - left) / (right - left))
        total = 0.0
        for corner in corners(n):
            weight = 1.0
            for k in range(n):
                weight = weight * (parts[k] if corner[k] else 1 - parts[k])
            found = self.values[at_corner(places, corner)]
            total = total + behind(weight, found) * found
        if self.fill_value is None:
            return total
        return np.where(behind(inside, total), total, self.fill_value)


@defprogram(interpolate.interpn)
def interpn(points, values, xi, method="linear", bounds_error=True, fill_value=np.nan):
    grid = interpolate.RegularGridInterpolator(points, values, method, bounds_error, fill_value)
    return grid(xi)


def behind(part, found):
    """Numbers for each place, behind which the values have further axes."""
    return np.reshape(part, np.shape(part) + (1,) * (np.ndim(found) - np.ndim(part)))


def corners(n):
    return list(itertools.product((0, 1), repeat=n))


def at_corner(places, corner):
    return tuple(i + step for i, step in zip(places, corner, strict=True))


def within(points, x, strict):
    """Which places lie in the grid."""
    each = [(x[..., k] >= p[0]) & (x[..., k] <= p[-1]) for k, p in enumerate(points)]
    inside = np.all(each, axis=0)
    if strict and not np.all(inside):
        raise ValueError("One of the requested xi is out of bounds")
    return inside


def refuse_method(method):
    if method != "linear":
        raise Refusal(f"a grid by the method {method!r}", "kind", "choose `linear`")


constant(corners, at_corner, within, refuse_method, pure=False)
