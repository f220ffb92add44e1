"""The adjoint of a gradient, from the tangent program: where it is, and where it must not be."""

from dataclasses import dataclass

import numpy as np
import pytest

import tangent
from tangent import TangentError
from tangent.pullbacks import halves_of
from tangent.rules.language import defjvp, defvjp

X = np.array([0.3, -0.2])
U = np.array([1.0, 2.0])


def scaled(z, x):
    total = 0.0
    for _ in range(2):
        w = z
        w += np.sin(w * x)
        total = total + np.sum(w * x)
    return total + np.sum(z * z)


def stores(x):
    z = x * x
    return scaled(z, x)


def text_of(f):
    return halves_of(tangent.grad(f), ("x",), False, (X,)).source


def adjoint_and_tangent(f):
    df = tangent.grad(f)
    return tangent.vjp(df, X)[1](U)[0], tangent.jvp(df, (X,), (U,))[1]


def test_the_text_of_a_gradient_that_shares_memory():
    assert "stores_tangent_backward(seed(result_bar, moved), moved_record)" in text_of(stores)
    np.testing.assert_allclose(*adjoint_and_tangent(stores), rtol=1e-12)


def test_a_gradient_that_shares_nothing_is_read_as_it_stands():
    assert "_tangent" not in text_of(lambda x: np.sum(x**3))


@dataclass
class Sum:
    a: float

    def __add__(self, other):
        return Sum(self.a + other.a)


HELD = Sum(2.0)


def test_what_the_text_asks_of_objects_does_not_keep_the_primal_from_running_again():
    """Beside a class with operators `w += …` asks first whether `w` is an object."""

    def f(x):
        w = x * x
        return scaled(w, x) * HELD.a

    assert "no_object" in tangent.grad(f).source
    assert "_tangent_backward(" in text_of(f)
    np.testing.assert_allclose(*adjoint_and_tangent(f), rtol=1e-12)


def test_value_and_gradient():
    both = tangent.value_and_grad(stores)

    def h(x):
        value, g = both(x)
        return value * np.sum(g * U)

    assert "stores_jvp_backward" in tangent.grad(h).source
    tangent.check_grads(h, (X,), order=1)


def code_in_the_backward_sweep(x):
    y = x * x
    with tangent.adjoint_of(y) as y_bar:
        y_bar = 2.0 * y_bar
    return scaled(1.0 * y, x)


def straight(x):
    return x * x


@defvjp(straight)
def straight_vjp(y_bar, y, x):
    return 3.0 * y_bar * x


@defjvp(straight)
def straight_jvp(x_dot, y, x):
    return 2.0 * x * x_dot


def two_rules(x):
    z = straight(x)
    return scaled(z, x)


RNG = np.random.default_rng(0)


def draws(x):
    z = x * RNG.normal()
    return scaled(z, x)


def prints(x):
    print("once")
    return stores(x)


@pytest.mark.parametrize("f", [code_in_the_backward_sweep, two_rules, draws, prints])
def test_what_is_no_transpose_or_does_something_else_is_refused(f):
    assert np.all(np.isfinite(tangent.grad(f)(X)))
    with pytest.raises(TangentError, match="shared-store"):
        adjoint_and_tangent(f)
