"""Exceptions of the user's own programs: they pass through, and a note names the primal's line."""

import numpy as np


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


CASES = (
    (raised, (1.5,), ValueError, raised),
    (divides, (1.5,), ZeroDivisionError, divides),
    (shapes_do_not_fit, (np.ones(3),), ValueError, shapes_do_not_fit),
    (key_is_missing, ({"x": 1.5},), KeyError, key_is_missing),
    (fails_in_a_loop, (np.ones(3),), IndexError, fails_in_a_loop),
    (asserts, (1.5,), AssertionError, asserts),
    (fails_in_a_callee, (np.ones(3),), ValueError, callee),
)
