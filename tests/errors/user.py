"""Exceptions of the user's own programs: they pass through, and a note names the primal's line."""

import numpy as np

from errors import other


def raised(x):
    y = x * x
    if y > 1:
        raise ValueError("too large")  # raises
    return y


def divides(x):
    y = x - x
    z = x * x
    return z / y  # raises


def shapes_do_not_fit(x):
    y = x * x
    return np.sum(y @ np.ones(7))  # raises


def key_is_missing(params):
    scale = params["scale"]  # raises
    return params["x"] * scale


def fails_in_a_loop(x):
    y = 1.0
    for i in range(4):
        y = y * x[i]  # raises
    return y


def asserts(x):
    assert x < 1, "must be small"  # raises
    return x * x


def callee(x):
    rows = np.ones((2, 2))
    return rows @ x  # raises


def fails_in_a_callee(x):
    y = x * 2
    return np.sum(callee(y))


def fails_in_a_lambda(x):
    ratio = lambda y: y / 0  # noqa: E731  # raises
    return ratio(x * x)


def fails_in_a_comprehension(x):
    return x * sum([1.0 / k for k in (2, 1, 0)])  # raises


def fails_in_a_comprehension_over_the_input(x):
    parts = [v / (2 - i) for i, v in enumerate(x)]  # raises
    return sum(parts)


def fails_in_a_nested_function(x):
    def rows(y):
        return np.ones((2, 2)) @ y  # raises

    return np.sum(rows(x * 2))


def fails_in_another_module(x):
    return np.sum(other.shifted(x * 2))


def fails_in_a_call_over_lines(x):
    y = x * 2
    return np.sum(  # raises
        y + np.ones(7),
    )


def fails_in_a_branch(x):
    if x > 1:
        return x / (x - x)  # raises
    return x


def fails_in_a_condition(x):
    y = x * x
    if y / 0 > 1:  # raises
        return y
    return x


CASES = (
    (raised, (1.5,), ValueError, raised),
    (divides, (1.5,), ZeroDivisionError, divides),
    (shapes_do_not_fit, (np.ones(3),), ValueError, shapes_do_not_fit),
    (key_is_missing, ({"x": 1.5},), KeyError, key_is_missing),
    (fails_in_a_loop, (np.ones(3),), IndexError, fails_in_a_loop),
    (asserts, (1.5,), AssertionError, asserts),
    (fails_in_a_callee, (np.ones(3),), ValueError, callee),
    (fails_in_a_lambda, (1.5,), ZeroDivisionError, fails_in_a_lambda),
    (fails_in_a_comprehension, (1.5,), ZeroDivisionError, fails_in_a_comprehension),
    (
        fails_in_a_comprehension_over_the_input,
        ([1.0, 2.0, 3.0],),
        ZeroDivisionError,
        fails_in_a_comprehension_over_the_input,
    ),
    (fails_in_a_nested_function, (np.ones(3),), ValueError, fails_in_a_nested_function),
    (fails_in_another_module, (np.ones(3),), ValueError, other.shifted),
    (fails_in_a_call_over_lines, (np.ones(3),), ValueError, fails_in_a_call_over_lines),
    (fails_in_a_branch, (1.5,), ZeroDivisionError, fails_in_a_branch),
    (fails_in_a_condition, (1.5,), ZeroDivisionError, fails_in_a_condition),
)
