"""Objects as arguments: their gradients are objects of their classes."""

import copy

import numpy as np
import pytest

import checks
from programs.classes import Affine, Frozen, Params, Point
from tangent import AliasedArguments, grad, jvp, vjp

X = np.array([0.5, 1.5, -1.0])


class Dense:
    def __init__(self, W, b, activation=np.tanh):
        self.W, self.b, self.activation = W, b, activation

    def __call__(self, x):
        return self.activation(x @ self.W + self.b)


class Network:
    def __init__(self, layers, scale):
        self.layers, self.scale = layers, scale

    def loss(self, x):
        for layer in self.layers:
            x = layer(x)
        return np.sum((x * self.scale) ** 2)


def network():
    rng = np.random.default_rng(5)
    first = Dense(rng.normal(size=(3, 4)), rng.normal(size=4))
    return Network([first, Dense(rng.normal(size=(4, 2)), rng.normal(size=2), np.sin)], 0.5)


def object_as_argument(model, x):
    return np.sum(model.apply(x) ** 2) + model.w


def object_in_a_loop(model, x):
    total = 0.0
    for v in x:
        total = total * model.w + model.apply(v)
    return total


def dataclass_as_argument(p, x):
    return np.sum(p.apply(x) * p.w) + p.steps[1] * p.b


def frozen_as_argument(p, x):
    return np.sum(p.scaled * x * p.w)


def named_tuple_as_argument(p, x):
    return np.sum(p.x * x) * p.y + p.norm()


def network_as_argument(model, x):
    return model.loss(x)


def argument_that_is_no_number(model, x):
    return np.sum(model.twice(x) * x)


CASES = [
    (object_as_argument, Affine(1.5, np.array([1.0, 2.0, 3.0])), X),
    (object_in_a_loop, Affine(1.5, 0.5), X),
    (dataclass_as_argument, Params(1.5, 0.5, [1.0, 2.0]), X),
    (frozen_as_argument, Frozen(np.array([1.0, 2.0, 3.0])), X),
    (named_tuple_as_argument, Point(1.5, 0.5), X),
    (network_as_argument, network(), np.ones((2, 3))),
    (argument_that_is_no_number, Affine(1.5, 0.5), X),
]
each = pytest.mark.parametrize("case", CASES, ids=[case[0].__name__ for case in CASES])


@each
def test_gradients(case):
    function, *args = case
    found = grad(function, wrt=(0, 1))(*args)
    checks.check_value(found, function, copy.deepcopy(tuple(args)), (0, 1))
    for gradient, argument in zip(found, args, strict=True):
        checks.check_structure(gradient, argument)


@each
def test_pullbacks_and_tangents(case):
    function, *args = case
    checks.check_pullback(vjp, function, tuple(args))
    checks.check_tangents(jvp, vjp, function, tuple(args))


def bumped(model, x):
    model.w = model.w * x
    return model.w * x


def bumped_and_read(model, other, x):
    model.w = model.w * x
    return other.w * x


def test_an_argument_stays_as_it_was():
    model = Affine(2.0)
    assert grad(bumped, wrt="x")(model, 1.5) == pytest.approx(6.0)
    assert grad(bumped)(model, 1.5).w == pytest.approx(2.25)
    assert model.w == 2.0


def test_one_object_in_two_places_is_refused():
    model = Affine(2.0)
    with pytest.raises(AliasedArguments):
        grad(bumped_and_read, wrt="x")(model, model, 1.5)


class Square:
    def apply(self, x):
        return x * x


class Cube:
    def apply(self, x):
        return x**3


class Holder:
    part = None


HOLDER = Holder()
HOLDER.part = Square()


def through_a_holder(x):
    return HOLDER.part.apply(x)


def test_an_object_from_outside_changes_its_class():
    df = grad(through_a_holder)
    try:
        assert df(2.0) == 4.0
        HOLDER.part = Cube()
        assert df(2.0) == pytest.approx(12.0)
    finally:
        HOLDER.part = Square()


def test_a_method_is_differentiated_for_the_arguments_of_each_call():
    def applied(model, x):
        return model.apply(x)

    df = grad(applied, wrt="x")
    assert df(Square(), 2.0) == 4.0
    assert df(Cube(), 2.0) == pytest.approx(12.0)
    assert df(Affine(2.0), 2.0) == 4.0


class Shifted:
    def __init__(self, w):
        self.w = w

    def __add__(self, other):
        return Shifted(self.w + other)


def object_then_counter(x):
    j = Shifted(x[0])
    total = j.w
    for j in range(1, 3):
        k = j + 1
        total = total * k + x[j] * j
    return total


def test_a_counter_has_the_name_of_an_object():
    want = [6.0, 3.0, 2.0]  # total = 3 (2 x[0] + x[1]) + 2 x[2]
    np.testing.assert_allclose(grad(object_then_counter)(X), want)
    _, along = jvp(object_then_counter, (X,), (np.ones(3),))
    assert along == pytest.approx(sum(want))
