"""Third derivatives: a gradient of a gradient of a gradient is read twice as generated text."""

import functools

import numpy as np
import pytest

from tangent import grad, jvp

A = np.array([0.7, -0.4, 1.2])


def chained(x):
    return functools.reduce(lambda a, b: a * b + a, [v * v for v in x])


def reduced(s):
    return chained(A * s)


@pytest.mark.parametrize("f", [reduced])
def test_each_mode_over_the_second_derivative_agrees_with_differences(f):
    second, step = grad(grad(f)), 1e-5
    third = grad(second)(1.1)
    assert third == pytest.approx(jvp(second, (1.1,), (1.0,))[1], rel=1e-10)
    differences = (second(1.1 + step) - second(1.1 - step)) / (2 * step)
    assert third == pytest.approx(differences, rel=1e-6)
