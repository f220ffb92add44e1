"""What may be given to `grad` besides a plain function, and what is refused by name."""

import copy
import functools
import math
import pickle

import numpy as np
import pytest

import checks
import tangent
from tangent import check_grads, grad, jvp, value_and_grad, vjp


class Model:
    scale = 3.0

    def __init__(self, weights):
        self.weights = np.asarray(weights)

    def loss(self, x, power=2):
        return np.sum(self.weights * x**power)

    @classmethod
    def cubed(cls, x):
        return cls.scale * x * x * x

    @staticmethod
    def squared(x):
        return x * x

    @grad(wrt="x")
    def slope(self, x):
        return x * x * x

    def __call__(self, x):
        return self.scale * x * x


MODEL = Model([1.0, 2.0])


# ---------------------------------------------------------------- methods


def test_a_bound_method_has_the_parameters_that_its_caller_sees():
    df = grad(MODEL.loss)
    assert df(np.ones(2)).tolist() == [2.0, 4.0]
    assert df(x=np.ones(2), power=3).tolist() == [3.0, 6.0]
    assert grad(MODEL.loss, wrt="x")(np.ones(2)).tolist() == [2.0, 4.0]
    value, gradient = value_and_grad(MODEL.loss)(np.ones(2))
    assert (value, gradient.tolist()) == (3.0, [2.0, 4.0])
    with pytest.raises(tangent.InvalidArgument, match="self"):
        grad(MODEL.loss, wrt="self")


def test_a_bound_method_keeps_its_object():
    first, second = Model([1.0]), Model([5.0])
    df = grad(first.loss)
    assert df(np.ones(1)).tolist() == [2.0]
    assert grad(second.loss)(np.ones(1)).tolist() == [10.0]
    first.weights = np.array([7.0])
    assert df(np.ones(1)).tolist() == [14.0]


def test_the_other_doors_for_a_bound_method():
    value, pullback = vjp(MODEL.loss, np.ones(2))
    assert value == 3.0
    assert pullback(1.0)[0].tolist() == [2.0, 4.0]
    assert jvp(MODEL.loss, (np.ones(2),), (np.ones(2),)) == (3.0, 6.0)
    assert jvp(grad(MODEL.cubed), (2.0,), (1.0,)) == (36.0, 36.0)
    check_grads(MODEL.loss, (np.ones(2),), order=1)


def test_methods_of_a_class_and_of_none():
    assert grad(MODEL.cubed)(2.0) == grad(Model.cubed)(2.0) == 36.0
    assert grad(MODEL.squared)(2.0) == 4.0
    assert grad(MODEL.__call__)(2.0) == 12.0


def test_second_order_through_methods():
    assert grad(grad(MODEL.cubed))(2.0) == 36.0
    assert grad(MODEL.slope)(2.0) == 12.0


def test_a_gradient_of_a_bound_method_is_pickled_with_its_object():
    df = grad(MODEL.loss)
    for again in (pickle.loads(pickle.dumps(df)), copy.deepcopy(df), copy.copy(df)):
        checks.check_same(df(np.ones(2)), again(np.ones(2)))


# ---------------------------------------------------------------- functions with a rule


@pytest.mark.parametrize(
    "function", [np.sin, math.sin, math.exp, np.sum, np.linalg.norm, abs, np.mean]
)
def test_a_function_with_a_rule(function):
    argument = 0.5 if function in (math.sin, math.exp, np.sin, abs) else np.array([0.5, 1.5])
    df = grad(function)
    checks.check_value((df(argument),), function, (argument,), (0,))
    assert df.primal is function
    assert df.__name__ == function.__name__


def test_a_function_with_a_rule_in_the_text():
    assert "    x_bar = result_bar * np.cos(x)\n" in grad(np.sin).source
    assert grad(grad(np.sin))(0.5) == -np.sin(0.5)
    assert grad(math.hypot, wrt=(0, 1))(3.0, 4.0) == (0.6, 0.8)
    assert vjp(np.sin, np.zeros(2))[1](np.ones(2))[0].tolist() == [1.0, 1.0]
    assert jvp(np.sin, (0.0,), (2.0,)) == (0.0, 2.0)
    assert pickle.loads(pickle.dumps(grad(np.sin)))(0.0) == 1.0


# ---------------------------------------------------------------- what is refused


def plain(x):
    return x * x


REFUSED = {
    "partial": (functools.partial(plain), "hidden in a partial"),
    "cached": (functools.lru_cache(plain), "_lru_cache_wrapper around a function"),
    "class": (Model, "a class"),
    "object": (MODEL, "an object of the class Model"),
    "builtin": (len, "without derivative|no Python function|declared"),
    "stopped": (tangent.stop_gradient, "declared to have no derivative"),
    "steps": (np.sign, "declared to have no derivative"),
    "number": (3, "no Python function"),
    "list": ([plain], "no Python function"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize(
    "door", [grad, value_and_grad, lambda f: vjp(f, 1.5), lambda f: jvp(f, (1.5,), (1.0,))]
)
def test_what_is_refused_is_named(name, door):
    function, words = REFUSED[name]
    with pytest.raises(tangent.InvalidArgument, match=words) as caught:
        door(function)
    assert caught.value.help


def test_what_a_refusal_of_a_callable_advises_works():
    assert grad(MODEL.__call__)(1.0) == 6.0
    assert grad(functools.lru_cache(plain).__wrapped__)(3.0) == 6.0
    assert grad(lambda x: pow(x, 2.0))(3.0) == 6.0
