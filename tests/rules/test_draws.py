"""Draws whose place and scale are differentiated: NumPy's own numbers, and their partials."""

import numpy as np
import pytest

from rules.test_given_programs import check, check_single_precision

PLACE, SCALE = np.array([0.5, -1.0, 2.0]), np.array([[0.7], [1.3]])


def normal(x, y):
    np.random.seed(3)
    return np.random.normal(x, y)


def normal_of_a_size(x, y):
    np.random.seed(3)
    return np.random.normal(x[0], scale=y[0, 0], size=(2, 2)) * np.random.normal(size=2)


def lognormal(x, y):
    np.random.seed(3)
    return np.random.lognormal(x, y)


def uniform(x, y):
    np.random.seed(3)
    return np.random.uniform(x, x + y)


def logistic(x, y):
    np.random.seed(3)
    return np.random.logistic(x, y)


def gumbel(x, y):
    np.random.seed(3)
    return np.random.gumbel(x, y)


def exponential(x, y):
    np.random.seed(3)
    return np.random.exponential(y) * x


def weibull(x, y):
    np.random.seed(3)
    return np.random.weibull(y, (2, 3)) * x


def pareto(x, y):
    np.random.seed(3)
    return np.random.pareto(y) * x


DRAWS = [
    *(normal, normal_of_a_size, lognormal, uniform, logistic, gumbel, exponential, weibull),
    pareto,
]


@pytest.mark.parametrize("f", DRAWS, ids=[f.__name__ for f in DRAWS])
def test_draws(f):
    check(f, (PLACE, SCALE))
    check_single_precision(f, (PLACE, SCALE))
