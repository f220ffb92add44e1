"""Third derivatives, and second ones by one number that are written from the tangent along 1."""

import functools

import numpy as np
import pytest

from tangent import NonScalarOutput, grad, jvp

A = np.array([0.7, -0.4, 1.2])


def chained(x):
    return functools.reduce(lambda a, b: a * b + a, [v * v for v in x])


def reduced(s):
    return chained(A * s)


def shortened(x):
    b = [1.5, x, x * x]
    c = b
    for i in range(1, len(b)):  # the record of a call holds the range
        x = x * c.pop() * i
    return x


def called(s):
    return shortened(1.5 * s)


class Gain:
    def __init__(self, w):
        self.w = w

    def __call__(self, v):
        return self.w * v


class Wave(Gain):
    def __call__(self, v):
        return self.w * np.sin(v) + v


def layers_of_two_classes(x, y):
    layers = [Gain(y), Gain(x)]
    others = layers
    others.append(Wave(x))
    return layers[-1](y) * layers[1](x)


def layered(s):
    return layers_of_two_classes(s * s, s)


class Holder:
    def __init__(self, w):
        self.w = w


def replaced(s):
    held = [Holder(s * a) for a in A]
    held[1] = Holder(held[0].w * s)
    for one in held:
        one.w = one.w * one.w + s
    return held[0].w * held[1].w * held[2].w


def table(s):
    rows = [[s * a, s] for a in A]
    for row in rows:
        row[1] = row[0] * row[1]
        rows[0][0] = rows[0][0] * row[1]
    return sum(a * b for a, b in rows)


@pytest.mark.parametrize("f", [reduced, called, layered, replaced, table])
def test_each_mode_over_the_second_derivative_agrees_with_differences(f):
    second, step = grad(grad(f)), 1e-5
    third = grad(second)(1.1)
    assert third == pytest.approx(jvp(second, (1.1,), (1.0,))[1], rel=1e-10)
    differences = (second(1.1 + step) - second(1.1 - step)) / (2 * step)
    assert third == pytest.approx(differences, rel=1e-6)


def test_a_gradient_that_is_refused_is_written_from_the_tangent():
    source = grad(grad(replaced)).source
    assert "Adjoint of replaced_grad with respect to s." in source
    assert "_backward" not in source


@pytest.mark.parametrize("x", [1.1, np.float32(1.1), np.array(1.1)])
def test_along_one_means_the_one_of_the_number(x):
    assert np.asarray(grad(grad(replaced))(x)).dtype == np.asarray(x).dtype
    assert grad(grad(replaced))(x) == pytest.approx(grad(grad(replaced))(1.1), rel=1e-5)


def test_of_an_array_there_is_no_second_gradient():
    with pytest.raises(NonScalarOutput, match="shape"):
        grad(grad(replaced))(np.array([1.1, 2.0]))


def by_both(x, y, *, power=3):
    held = [Holder(x * y), Holder(y)]
    held[1] = Holder(held[0].w * x)
    for one in held:
        one.w = one.w**power + x
    return held[0].w * held[1].w


def test_with_respect_to_another_argument_and_with_a_keyword():
    slope, step = grad(by_both), 1e-6
    for power in (3, 2):
        mixed = grad(slope, wrt="y")(1.1, 0.9, power=power)
        ends = [slope(1.1, 0.9 + s, power=power) for s in (step, -step)]
        assert mixed == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)
