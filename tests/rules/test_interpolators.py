"""Interpolators of SciPy: linear maps of the values, differentiated in the places, too."""

import numpy as np
import pytest
from scipy import interpolate

import tangent

X = np.array([0.0, 0.7, 1.1, 2.0, 3.1, 4.0])
Y = np.array([0.4, 1.3, -0.2, 0.9, 0.1, 0.6])
Z = np.stack([Y, Y**2 - 1], axis=1)
PLACES = np.array([0.3, 2.5, 1.05])


def lines(y, q):
    return interpolate.interp1d(X, y)(q)


def lines_between_rows(z, q):
    return interpolate.interp1d(X, z.T, axis=1)(q) * interpolate.interp1d(X, z, axis=0)(q).T


def lines_that_go_on(y, q):
    return interpolate.interp1d(X, y, fill_value="extrapolate")(2.1 * q - 1)


def lines_that_end(y, q):
    return interpolate.interp1d(X, y, bounds_error=False, fill_value=0.5)(2.1 * q - 1)


def cubic(y, q):
    one = interpolate.CubicSpline(X, y)
    return one(q) * one(1.0, 1) + one(q, 2) + one(3 * q - 1)


def natural(z, q):
    one = interpolate.CubicSpline(X, z, bc_type="natural")
    return one(q, 1) + one(q, nu=3)


def clamped(z, q):
    return interpolate.CubicSpline(X, z.T, axis=1, bc_type="clamped")(q)


CASES = [
    (lines, Y),
    (lines_between_rows, Z),
    (lines_that_go_on, Y),
    (lines_that_end, Y),
    (cubic, Y),
    (natural, Z),
    (clamped, Z),
]


@pytest.mark.parametrize(("f", "y"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_an_interpolator(f, y):
    value = tangent.vjp(f, y, PLACES)[0]
    np.testing.assert_allclose(value, f(y, PLACES), rtol=1e-10, atol=1e-12)
    tangent.check_grads(f, (y, PLACES))


def test_the_points_may_move():
    tangent.check_grads(lambda x: interpolate.CubicSpline(x, Y)(PLACES), (X,))
    tangent.check_grads(lambda x: interpolate.interp1d(x, Y)(PLACES), (X,))


REFUSED = [
    (lambda y: interpolate.interp1d(X, y, kind="cubic")(0.4), "kind 'cubic'"),
    (lambda y: interpolate.CubicSpline(X, y, bc_type="periodic")(0.4), "bc_type='periodic'"),
    (lambda y: interpolate.CubicSpline(X[:3], y[:3])(0.4), "less than four points"),
    (lambda y: interpolate.make_interp_spline(X, y)(0.4), "make_interp_spline"),
]


@pytest.mark.parametrize(("f", "said"), REFUSED, ids=lambda one: one if type(one) is str else "")
def test_what_is_refused(f, said):
    with pytest.raises(tangent.TangentError, match=said):
        tangent.grad(f)(Y)


def test_a_place_outside_is_an_error_as_in_scipy():
    with pytest.raises(ValueError, match="outside the interpolation range"):
        tangent.grad(lambda y: interpolate.interp1d(X, y)(5.0))(Y)
