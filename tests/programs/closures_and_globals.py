"""Nested functions, closures, and names of the module."""

import logging
import warnings

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program

RATE = 0.3
WEIGHTS = np.array([0.5, -1.5, 2.5])
SETTINGS = {"scale": 2.0, "rows": [1.0, 3.0], "name": "demo"}
LAYERS = 3


@program(floats(1), smooth=True)
def global_number(x):
    return RATE * x * x + LAYERS


@program(normal((3,)), smooth=True, captured={"WEIGHTS": WEIGHTS})
def global_array(x):
    return np.sum(WEIGHTS * x * x)


@program(floats(1), smooth=True, captured={"SETTINGS": SETTINGS})
def global_dict(x):
    return SETTINGS["scale"] * x**2 + SETTINGS["rows"][1] * x


def discounted(x):
    return x * RATE + np.sum(WEIGHTS) * x


@program(floats(1), smooth=True, saves=False)
def global_of_a_callee(x):
    return discounted(x) * discounted(x * x)


@program(floats(2), wrt=(0, 1), smooth=True)
def nested_function(x, y):
    def inner(z):
        return z * z + z

    return inner(x) * inner(y)


@program(floats(2), wrt=(0, 1), smooth=True)
def nested_function_reads_the_outer(x, y):
    w = x * y

    def inner(z):
        return w * z + x

    return inner(y) * inner(x)


@program(floats(1), smooth=True)
def cell_written_after_the_definition(x):
    scale = 2.0

    def inner(z):
        return scale * z

    before = inner(x)
    scale = x
    return before * inner(x)


@program(followed_by(floats(1), 4), smooth=True)
def nested_function_in_a_loop(x, n):
    def step(y, i):
        return y * x + i

    y = x
    for i in range(n):
        y = step(y, i)
    return y


@program(floats(2), wrt=(0, 1), smooth=True)
def two_levels_of_nesting(x, y):
    def outer(a):
        def inner(b):
            return a * b * y

        return inner(a + x)

    return outer(x) + outer(y)


def make_power(n):
    def raised(x):
        return x**n

    return raised


square, cube = make_power(2), make_power(3)
program(floats(1), smooth=True, name="closure_squares")(square)
program(floats(1), smooth=True, name="closure_cubes")(cube)


@program(floats(1), smooth=True)
def two_closures_of_one_factory(x):
    return square(x) * cube(x) + square(cube(x))


@program(floats(1), smooth=True)
def factory_called_inside(x):
    double, triple = make_power(2), make_power(3.0)
    return double(x) + triple(x) * x


def make_weighted(weights):
    def weighted(x):
        return np.sum(weights * x**2)

    return weighted


program(
    normal((3,)), smooth=True, name="closure_over_an_array", captured={"weights": np.arange(3.0)}
)(make_weighted(np.arange(3.0)))


@program(normal((3,)), smooth=True, saves=False)
def closure_over_an_active_value(x):
    weighted = make_weighted(x)
    return weighted(x) + weighted(2 * x)


@program(exactly(1.5), exactly(-1.5), smooth=True, saves=False)
def function_chosen_by_branch(x):
    if x > 0:

        def f(z):
            return z * z

    else:

        def f(z):
            return z * 3

    return f(x) * x


def with_defaults(x, weights=WEIGHTS, power=2):
    return np.sum(weights * x**power)


program(normal((3,)), smooth=True, saves=False)(with_defaults)


@program(floats(1), smooth=True)
def shadowed_names(x):
    RATE = x * 2
    sum = RATE * x  # noqa: A001
    return sum + RATE


def apply_twice(f, x):
    return f(f(x))


@program(floats(1), smooth=True, saves=False)
def function_as_an_argument(x):
    return apply_twice(np.sin, x) + apply_twice(square, x)


@program(floats(2), wrt=(0, 1), smooth=True, saves=False)
def own_function_as_an_argument(x, y):
    def inner(z):
        return z * y

    return apply_twice(inner, x)


@program(positive(()), smooth=True)
def accumulator_closure(x):
    total, calls = 0.0, 0

    def add(v, weight=2.0):
        nonlocal total, calls
        calls += 1
        if v > 3:
            return v
        total = total + v * weight
        return total

    for k in range(4):
        v = add(x * k)
        add(v * x, weight=0.5)
        total = total * v * 0.1 + 1.0
    return total * calls


@program(positive(()), smooth=True)
def state_closures(x):
    state = x
    trace = []

    def advance(step):
        nonlocal state
        old = state
        state = state + step * np.sin(state)
        trace.append(old * state)
        return old, state

    def twice(step):
        nonlocal state
        advance(step)
        state = state * 1.5 + 0.5
        advance(step * x)

    old, new = advance(0.1)
    state = old * new
    while state < 6:
        twice(0.3)
    return sum(trace) * state


@program(normal((3,)), smooth=True)
def closure_that_rebinds_an_array(x):
    u = x * 2

    def put(i, v):
        nonlocal u
        u = u * v
        u[i] = v * v

    put(1, x[0])
    for i in range(0):
        put(i, x[2])
    put(0, u[1])
    return np.sum(u * u)


def weights_of(x):
    return WEIGHTS if np.sum(x * x) > 1e9 else x * x


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True, captured={"WEIGHTS": WEIGHTS})
def perhaps_the_global_array_is_written_into(x, y):
    w = weights_of(x)
    w[1:] -= w[:2] * y[0]
    w *= y
    return np.sum(w * w)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True, captured={"WEIGHTS": WEIGHTS})
def global_array_bound_in_a_branch(x, y):
    w = WEIGHTS
    total = np.sum(w * x)
    if np.sum(x * x) < 1e9:
        w = x * y
    for i in range(2):
        w[i] = w[i + 1] * y[i]
    w /= 2.0 + y * y
    return total * np.sum(w)


NOTHING = None


@program(normal((3,)), smooth=True)
def none_from_outside(x):
    return np.sum(x[NOTHING] * x) + np.sum(x * x, axis=NOTHING)


LOGGER = logging.getLogger(__name__)


@program(normal((3,)), smooth=True, saves=False)
def what_is_logged(x):
    total = np.sum(x**2)
    LOGGER.info("total: %s", total)
    logging.debug(f"x: {x}")
    if total > 1e9:
        warnings.warn(f"large: {total}", stacklevel=1)
    if LOGGER.isEnabledFor(logging.ERROR):
        total = total * 2
    for k in range(2):
        total = total * total
        LOGGER.debug("%d: %g", k, total)
    return total


def scaled_into(out, by, x):
    out[:] = by * x
    out[0] *= by[1]


@program(normal((3,)), smooth=True, saves=False)
def captured_beside_what_is_written(x):
    rows = [WEIGHTS, x * 1.5, RATE]
    row = rows[1]
    row *= rows[0]
    row[0] += rows[2]
    out = np.zeros(3)
    scaled_into(out, WEIGHTS, rows[1])
    return np.sum(out * rows[0]) + np.sum(rows[1])
