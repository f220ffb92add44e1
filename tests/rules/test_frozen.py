"""Distributions whose parameters are given beforehand."""

import numpy as np
import pytest
from scipy import special, stats

import tangent

X = np.array([0.4, 0.5, 0.7])


def at_once(x):
    return stats.norm(x[0], x[1]).logpdf(0.3) * stats.gamma(x[0], scale=x[1]).pdf(0.3)


def under_a_name(x):
    d, e = stats.norm(loc=x[0], scale=x[1]), stats.norm(0, 1)
    return d.cdf(x) + e.pdf(x) * d.ppf(0.3) + e.mean()


def of_constants(x):
    d = stats.expon(scale=2.0)
    return d.rvs(3, random_state=0) * x + d.std()


def of_shapes(x):
    return stats.beta(x[0], x[1]).logpdf(0.3) * stats.t(df=x[0]).logpdf(x)


def discrete(x):
    return stats.poisson(x[0]).logpmf(2) + stats.binom(5, x[1]).pmf(3)


def of_several_variables(x):
    one = stats.multivariate_normal(x, np.eye(3) * x[2]).logpdf(np.ones(3))
    return one + stats.multivariate_normal(mean=np.zeros(3), cov=np.eye(3)).pdf(x)


def in_a_list(x):
    several = [stats.norm(v, 1) for v in (0.0, 1.0)]
    return several[0].pdf(x) + several[1].sf(x)


@pytest.mark.parametrize(
    "f",
    [
        at_once,
        under_a_name,
        of_constants,
        of_shapes,
        discrete,
        of_several_variables,
        in_a_list,
    ],
)
def test_a_frozen_distribution(f):
    np.testing.assert_allclose(tangent.vjp(f, X)[0], f(X), rtol=1e-12)
    tangent.check_grads(f, (X,))


def test_a_moment_has_no_rule():
    with pytest.raises(tangent.NoRule, match=r"stats\.norm\.std"):
        tangent.grad(lambda x: stats.norm(x, x).std())(0.5)


def test_parameters_that_are_numbers_of_python():
    """Their slopes have double precision, too."""
    tangent.check_grads(lambda a, x: special.gammainc(a, x) * special.gammaincc(x, a), (1.3, 0.6))
    tangent.check_grads(lambda a, b: special.betainc(a, b, 0.4), (1.3, 0.6))
    tangent.check_grads(lambda df, x: stats.t(df).cdf(x), (2.3, 0.4))
    assert tangent.grad(special.gammainc)(np.float32(1.3), np.float32(0.6)).dtype == np.float32
