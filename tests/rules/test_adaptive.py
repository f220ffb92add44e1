"""Integrals and differential equations of SciPy, which choose their own points and steps."""

import math

import numpy as np
import pytest
from scipy import integrate

import tangent

X = np.array([0.6, -0.3])
TIMES = np.linspace(0.0, 1.5, 4)


def to_an_end(a, b):
    return integrate.quad(lambda x: math.exp(-a * x * x), 0.0, b)[0]


def over_all(a, b):
    return integrate.quad(lambda x: np.exp(-a * x * x + b * x), -np.inf, np.inf)[0]


def from_below(a, b):
    return integrate.quad(lambda x: np.exp(a * x), -np.inf, b)[0]


def singular(a, b):
    return integrate.quad(lambda x: a * math.log(x) / math.sqrt(x), 0.0, b, limit=100)[0]


def backward(a, b):
    return integrate.quad(lambda x, p, q: p * x**3 + q, b, a, args=(a, b))[0]


def over_a_triangle(a, b):
    return integrate.dblquad(lambda y, x: np.exp(-a * x * y), 0.0, 1.0, 0.0, lambda x: b * x)[0]


def over_a_square(a, b):
    return integrate.dblquad(lambda y, x, c: c * b * x * y * y, 0, a, 0, 2, args=(3.0,))[0]


def twice(a, b):
    def inner(x):
        return integrate.quad(lambda y: np.sin(a * x * y), 0.0, x * b)[0]

    return integrate.quad(inner, 0.2, 1.0)[0]


def in_a_loop(a, b):
    total = 0.0
    for k in range(3):
        total = total * a + integrate.quad(lambda x, k=k: np.cos(b * x + k), 0.0, a)[0]
    return total


INTEGRALS = [
    over_a_triangle,
    over_a_square,
    to_an_end,
    over_all,
    from_below,
    singular,
    backward,
    in_a_loop,
]


@pytest.mark.parametrize("f", INTEGRALS, ids=lambda f: f.__name__)
def test_integrals(f):
    value, _ = tangent.vjp(f, 0.7, 1.2)
    assert value == f(0.7, 1.2)
    tangent.check_grads(f, (0.7, 1.2))


def test_an_integral_over_an_array_that_the_function_holds():
    def f(v):
        return integrate.quad(lambda x: np.sum(v * x**2 + np.sin(v * x)), 0.0, 1.0)[0]

    tangent.check_grads(f, (X,))
    assert tangent.grad(f)(X.astype(np.float32)).dtype == np.float32


def test_an_integral_of_integrals():
    wanted = (twice(0.7 + 1e-5, 1.2) - twice(0.7 - 1e-5, 1.2)) / 2e-5
    np.testing.assert_allclose(tangent.grad(twice)(0.7, 1.2), wanted, rtol=1e-7)


@pytest.mark.filterwarnings("ignore")
def test_an_integral_whose_derivative_diverges_is_refused():
    def f(a):
        return integrate.quad(lambda x: np.abs(x) ** (a - 1.0), 0.0, 1.0)[0]

    with pytest.raises(tangent.TangentError, match="integral"):
        tangent.grad(f)(1e-9)


# ---------------------------------------------------------------- equations


def pendulum(v, a):
    def slopes(y, time):
        return np.array([y[1], -a * np.sin(y[0]) + time * y[1]])

    return integrate.odeint(slopes, v, TIMES, rtol=1e-11, atol=1e-11)


def decay_with_arguments(v, a):
    times = TIMES * a
    return integrate.odeint(
        lambda t, y, rate: -rate * y * t, v, times, (a,), tfirst=True, rtol=1e-11, atol=1e-11
    )


def in_steps(method, times):
    def solved(v, a):
        def slopes(time, y):
            return np.array([y[1], -a * np.sin(y[0]) - time * y[1]])

        found = integrate.solve_ivp(slopes, (0.0, 1.0 + a), v, method, times, rtol=1e-9, atol=1e-9)
        return found.y

    return solved


def with_arguments(v, a):
    found = integrate.solve_ivp(
        lambda t, y, rate: -rate * y, [0.0, 1.0], v, args=(a,), rtol=1e-9, atol=1e-9
    )
    return found.y[:, -1] * found.t[-1]


EQUATIONS = [
    pendulum,
    decay_with_arguments,
    in_steps("RK45", None),
    in_steps("RK45", [0.3, 0.5, 1.3]),
    in_steps("RK23", [0.0, 1.2]),
    in_steps("DOP853", None),
    with_arguments,
]


@pytest.mark.parametrize("f", EQUATIONS)
def test_equations(f):
    def last(v, a):
        return np.sum(f(v, a)[-1] ** 2) if f in EQUATIONS[:2] else np.sum(f(v, a)[..., -1] ** 2)

    np.testing.assert_array_equal(tangent.vjp(f, X, 0.4)[0], f(X, 0.4))
    _, moved = tangent.jvp(last, (X, 0.4), (np.array([0.3, -0.5]), 1.0))
    step = 1e-4
    change = (
        last(X + step * np.array([0.3, -0.5]), 0.4 + step)
        - last(X - step * np.array([0.3, -0.5]), 0.4 - step)
    ) / (2 * step)
    np.testing.assert_allclose(moved, change, rtol=1e-5)
    x_bar, a_bar = tangent.grad(last, wrt=(0, 1))(X, 0.4)
    np.testing.assert_allclose(x_bar @ np.array([0.3, -0.5]) + a_bar, moved, rtol=1e-10)


@pytest.mark.parametrize(("method", "times"), [("LSODA", None), ("DOP853", [0.5])])
def test_a_method_whose_steps_are_not_known_is_refused(method, times):
    with pytest.raises(tangent.TangentError, match="by the method"):
        tangent.grad(lambda v: np.sum(in_steps(method, times)(v, 0.4)))(X)


def test_an_equation_that_needs_too_many_steps_is_refused():
    def f(a):
        return integrate.odeint(lambda y, t: -a * (y - np.cos(t)), [0.0], [0.0, 10.0])[-1, 0]

    with pytest.raises(tangent.TangentError, match="too many steps"):
        tangent.grad(f)(1e6)
