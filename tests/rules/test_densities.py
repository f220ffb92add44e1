"""Densities of several variables, in programs: their arguments hang together."""

import numpy as np
import pytest
from scipy import stats

import tangent

POINTS = np.array([[0.2, -0.4, 1.1], [1.3, 0.5, -0.7]])
X = np.array([0.4, -0.9, 1.2])
S = np.array([[0.3, -1.2, 0.5], [0.8, 0.1, -0.4], [-0.6, 1.1, 0.9]])


def dirichlet(x):
    p = np.exp(x) / np.sum(np.exp(x))
    return stats.dirichlet.logpdf(p, np.exp(x) + 0.5) + stats.dirichlet.pdf(p, x * x + 1.0)


def multinomial(x):
    return stats.multinomial.logpmf([1, 2, 1], 4, np.exp(x) / np.sum(np.exp(x)))


def normal_of_a_covariance(x, S):
    H = S @ S.T + 3 * np.eye(3)
    several = stats.multivariate_normal.logpdf(POINTS, x, H)
    return np.sum(several) + stats.multivariate_normal.entropy(x, H)


def normal_of_one_dimension(x):
    first = stats.multivariate_normal.logpdf(x)
    s = x[0]
    return np.sum(first) + np.sum(stats.multivariate_normal.pdf(x, s, s * s + 0.5))


def of_several_kinds(a, x):
    likely = stats.gumbel_r.logpdf(x, a) + stats.skewnorm.logpdf(x, a, scale=a)
    tails = stats.gamma.sf(x, 2.0) * stats.pareto.pdf(x + 1.0, b=a)
    return np.sum(likely * tails) + np.sum(stats.weibull_min.ppf(tails, a))


CASES = [
    (dirichlet, (X,)),
    (multinomial, (X,)),
    (normal_of_a_covariance, (X, S)),
    (normal_of_one_dimension, (X,)),
    (of_several_kinds, (1.3, np.array([0.4, 0.9, 2.1]))),
]


@pytest.mark.parametrize(("f", "args"), CASES, ids=[f.__name__ for f, _ in CASES])
def test_densities_in_programs(f, args):
    value, _ = tangent.vjp(f, *args)
    np.testing.assert_allclose(value, f(*args), rtol=1e-13)
    tangent.check_grads(f, args)


def half_a_line(x, a):
    first = stats.pareto.cdf(x + 1.0, a) + stats.rayleigh.logsf(x) * stats.weibull_min.logcdf(x, a)
    second = stats.maxwell.sf(x) + stats.chi.logcdf(x, a) + stats.invgamma.cdf(x, a)
    third = stats.f.cdf(x, a, a + 1) + stats.fisk.cdf(x, a) + stats.levy.cdf(x)
    return first * second + third * stats.lognorm.sf(x, a) + stats.gamma.logsf(x, a, scale=a)


def the_whole_line(x, a):
    first = stats.gumbel_r.logcdf(x, a) + stats.gumbel_l.logsf(x, 0.1, a) * stats.gumbel_r.sf(x)
    second = stats.skewnorm.cdf(x, a) + stats.hypsecant.logcdf(x) + stats.laplace.logcdf(x, 0.1)
    return first * second + stats.truncnorm.cdf(x, -a, a + 1) + stats.cauchy.logsf(x, a)


@pytest.mark.parametrize("f", [half_a_line, the_whole_line])
def test_distribution_functions(f):
    x = np.array([0.4, 0.9, 1.6])
    np.testing.assert_allclose(tangent.vjp(f, x, 1.7)[0], f(x, 1.7), rtol=1e-12)
    tangent.check_grads(f, (x, 1.7), order=1)


def test_where_distribution_functions_are_smooth():
    """At the middle of a symmetric one; and outside of the support they are flat."""
    assert tangent.grad(stats.laplace.cdf)(0.0) == 0.5
    for one in (stats.logistic, stats.hypsecant):
        second = tangent.hvp(lambda x: one.logpdf(x))(0.0, 1.0)  # noqa: B023
        assert second == pytest.approx(-0.5 if one is stats.logistic else -1.0)
    for slope in (
        tangent.grad(lambda x: stats.gamma.cdf(x, 0.5)),
        tangent.grad(lambda x: stats.beta.sf(x, 0.5, 0.5)),
        tangent.grad(lambda x: stats.chi.cdf(x, 0.5)),
    ):
        assert slope(-1.0) == 0.0


OUTSIDE = [
    (stats.pareto, 0.5, (1.7,)),
    (stats.rayleigh, -0.5, ()),
    (stats.arcsine, 1.5, ()),
    (stats.triang, -0.1, (0.4,)),
    (stats.truncnorm, 2.0, (-1.0, 1.0)),
    (stats.genpareto, 3.0, (-0.5,)),
    (stats.weibull_max, 0.5, (1.7,)),
]


@pytest.mark.parametrize(("one", "x", "shapes"), OUTSIDE, ids=[d.name for d, *_ in OUTSIDE])
def test_outside_of_its_support_a_density_is_flat(one, x, shapes):
    assert tangent.value_and_grad(lambda x: one.pdf(x, *shapes))(x) == (0.0, 0.0)
    assert tangent.grad(lambda x: one.logpdf(x, *shapes))(x) == 0.0


def test_the_lower_half_of_a_covariance_counts():
    """As in SciPy: the entries above the diagonal are not read."""

    def likely(C):
        return stats.multivariate_normal.logpdf(X, np.zeros(3), C) * X[0]

    C = S @ S.T + 3 * np.eye(3)
    assert np.count_nonzero(np.triu(tangent.grad(likely)(C), 1)) == 0
    for place in ((1, 0), (2, 1), (1, 1)):
        step = np.zeros((3, 3))
        step[place] = 1e-5
        wanted = (likely(C + step) - likely(C - step)) / 2e-5
        np.testing.assert_allclose(tangent.grad(likely)(C)[place], wanted, rtol=1e-7)
