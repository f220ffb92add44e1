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


def derivatives_of_a_spline(y, q):
    one = interpolate.CubicSpline(X, y, bc_type=((1, y[0]), "natural"))
    return one.derivative()(q) * one.antiderivative()(q) + one.integrate(0.2, q[1])


def periods(y, q):
    return interpolate.CubicSpline(X, np.append(y[:-1], y[0]), bc_type="periodic")(q * 3)


def parabola(y, q):
    return interpolate.CubicSpline(X[:3], y[:3])(q) * interpolate.CubicSpline(X[:2], y[:2])(q)


def monotonic(z, q):
    return interpolate.PchipInterpolator(X, z.T, axis=1)(q) * interpolate.pchip_interpolate(
        X, z[:, 0], q, 1
    )


def straighter(y, q):
    first = interpolate.Akima1DInterpolator(X, y)(q)
    return first * interpolate.Akima1DInterpolator(X, y, method="makima")(q)


def sums_of_b_splines(y, q):
    one = interpolate.BSpline(np.arange(10.0), y, 3)
    return one(3.2 + q) * one.derivative()(3.5) + interpolate.make_interp_spline(X, y, k=2)(q, 1)


def natural_b_splines(y, q):
    one = interpolate.make_interp_spline(X, y, bc_type="natural")
    return one(q) * interpolate.splev(q, interpolate.splrep(X, y), 1)


def one_polynomial(y, q):
    return interpolate.BarycentricInterpolator(X, y)(q) * interpolate.krogh_interpolate(X, y, q)


def pieces(y, q):
    one = interpolate.PPoly(np.reshape(y, (3, 2)), [0.0, 1.0, 3.0], extrapolate=False)
    return one(q) + interpolate.CubicHermiteSpline(X, y, y**2)(q)


def grid(z, q):
    first = interpolate.RegularGridInterpolator((X, [0.0, 1.0]), z)(np.stack((q, q / 3), -1))
    return first * interpolate.interpn((X,), z[:, 1], q)


CASES = [
    *(
        (f, Y)
        for f in (
            derivatives_of_a_spline,
            periods,
            parabola,
            straighter,
            one_polynomial,
            sums_of_b_splines,
            natural_b_splines,
            pieces,
        )
    ),
    (monotonic, Z),
    (grid, Z),
    (lines, Y),
    (lines_between_rows, Z),
    (lines_that_go_on, Y),
    (lines_that_end, Y),
    (cubic, Y),
    (natural, Z),
    (clamped, Z),
]


SMOOTH = (lines, one_polynomial)


@pytest.mark.parametrize(("f", "y"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_an_interpolator(f, y):
    value = tangent.vjp(f, y, PLACES)[0]
    np.testing.assert_allclose(value, f(y, PLACES), rtol=1e-10, atol=1e-12)
    tangent.check_grads(f, (y, PLACES), order=2 if f in SMOOTH else 1)


def test_the_points_may_move():
    tangent.check_grads(lambda x: interpolate.CubicSpline(x, Y)(PLACES), (X,), order=1)
    tangent.check_grads(lambda x: interpolate.interp1d(x, Y)(PLACES), (X,), order=1)


REFUSED = [
    (lambda y: interpolate.interp1d(X, y, kind="cubic")(0.4), "kind 'cubic'"),
    (lambda y: interpolate.CubicSpline(X, y, bc_type="flat")(0.4), "bc_type='flat'"),
    (lambda y: interpolate.make_interp_spline(X, y, bc_type="flat")(0.4), "bc_type='flat'"),
    (lambda y: interpolate.UnivariateSpline(X, y)(0.4), "a spline that smooths"),
]


@pytest.mark.parametrize(("f", "said"), REFUSED, ids=lambda one: one if type(one) is str else "")
def test_what_is_refused(f, said):
    with pytest.raises(tangent.TangentError, match=said):
        tangent.grad(f)(Y)


def test_a_place_outside_is_an_error_as_in_scipy():
    with pytest.raises(ValueError, match="outside the interpolation range"):
        tangent.grad(lambda y: interpolate.interp1d(X, y)(5.0))(Y)


@pytest.mark.parametrize("kind", ["nearest", "nearest-up", "previous", "next"])
def test_the_value_at_a_point_beside(kind):
    """It moves with the given values, and in steps with the place."""
    f = lambda y, q: interpolate.interp1d(X, y, kind)(q)  # noqa: E731
    for y in (Y, Y.astype(np.float32)):
        value, pullback = tangent.vjp(f, y, PLACES)
        np.testing.assert_array_equal(value, f(y, PLACES))
        assert value.dtype == y.dtype
        y_bar, q_bar = pullback(np.ones_like(value))
        assert np.sum(y_bar) == np.size(PLACES)
        assert not np.any(q_bar)
