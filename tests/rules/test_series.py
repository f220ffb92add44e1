"""Objects of `numpy.polynomial` and of `np.poly1d`, whose coefficients move."""

import numpy as np
import pytest
from numpy.polynomial import Chebyshev, HermiteE, Laguerre, Legendre, Polynomial

import tangent

C = np.array([0.4, 1.3, -0.2, 0.9])
D = np.array([0.7, -1.1, 0.5])
X = np.array([0.0, 0.7, 1.1, 2.0])


def arithmetic(c, d, x):
    p, q = Polynomial(c), Polynomial(d, domain=[-1.0, 1.0])
    return (p * q - 2.0 * p + q**2)(x) + (p // q)(x) * (p % q)(x) / (-q)(1.5)


def derivatives_and_integrals(c, d, x):
    p = Chebyshev(c, domain=[0, 3])
    return p.deriv()(x) * p.integ(2, lbnd=0.3)(x) + Laguerre(d).deriv(2)(x)


def other_domains(c, d, x):
    return Legendre(c, [0.0, 2.0]).convert().coef, HermiteE(d).convert(domain=[1.0, 4.0])(x)


def fitted(c, d, x):
    p = Polynomial.fit(X, c, 2)
    return p.convert().coef, p(x), Chebyshev.fit(x, d, 1)(0.3), Polynomial.fromroots(d)(x)


def highest_power_first(c, d, x):
    p, q = np.poly1d(c), np.poly1d(d)
    return (p * q + p**2)(x) + p.deriv()(x) * q.integ()(x), p[1] * p.coeffs, (p / q)[0](x)


CASES = [arithmetic, derivatives_and_integrals, other_domains, fitted, highest_power_first]


@pytest.mark.parametrize("f", CASES)
def test_a_series(f):
    x = np.array([0.3, 1.7, -0.4])
    for found, wanted in zip(tangent.vjp(f, C, D, x)[0], f(C, D, x), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-10)
    tangent.check_grads(f, (C, D, x), order=1)


def test_what_stands_for_a_polynomial_is_one():
    def asked(c, x):
        p = Polynomial(c)
        known = p(x) if isinstance(p, Polynomial) else 0.0
        later = [one(x) for one in [p, p.deriv()] if isinstance(one, (int, Polynomial))]
        return known + later[1]

    assert tangent.value_and_grad(asked, wrt=1)(C, 0.3)[0] == asked(C, 0.3)
    tangent.check_grads(asked, (C, 0.3), order=1)
