"""Lambdas: as programs, two on a line, inside programs, over cells and globals."""

import numpy as np

from programs.registry import floats, normal, program

SCALE = 1.7

program(floats(1), smooth=True, name="square")(lambda x: x * x * SCALE)
program(normal((3,), (3,)), wrt=(0, 1), smooth=True, name="dot")(lambda x, y: np.sum(x * y * y))

first, second = lambda x: x * x * x, lambda x: np.sin(x)
program(floats(1), smooth=True, name="first_of_two_on_a_line")(first)
program(floats(1), smooth=True, name="second_of_two_on_a_line")(second)

program(floats(1), smooth=True, name="over_several_lines")(
    lambda x: (
        x * x + np.cos(x)  # a comment in between
    )
)

program(floats(1), smooth=True, name="with_a_default")(lambda x, scale=2.5: x * x * scale)
program(floats(1), smooth=True, name="calls_lambdas")(lambda x: first(x) * second(x))


@program(floats(2), wrt=(0, 1), smooth=True)
def bound_to_a_name(x, y):
    f = lambda z: z * z + y
    return f(x) * f(y)


@program(floats(1), smooth=True)
def called_at_once(x):
    return (lambda z: z * z * x)(x + 1)


def apply(f, x):
    return f(x)


@program(floats(2), wrt=(0, 1), smooth=True, saves=False, may_refuse=True)
def passed_on(x, y):
    return apply(lambda z: z * y, x) + apply(lambda z: z**2, y)


def multiplier(a):
    return lambda x: a * x


@program(floats(2), wrt=(0, 1), smooth=True, saves=False, may_refuse=True)
def made_by_a_factory(x, y):
    double, by_y = multiplier(2.0), multiplier(y)
    return double(x) * by_y(x)


@program(floats(2), wrt=(0, 1), smooth=True)
def what_it_calls_is_bound_again(x, y):
    inner = lambda q: q * x
    outer = lambda q: inner(q) * 2.0
    inner = lambda q: q * y * 3.0
    return outer(y)


@program(floats(2), wrt=(0, 1), smooth=True, may_refuse=True)
def made_in_each_iteration(x, y):
    for i in range(3):
        f = lambda q: q * x + i
        y = f(y)
    return f(y)


@program(normal((3,)), smooth=True)
def loop_variable_that_was_a_function(x):
    f = lambda q: q * 2.0
    total = f(x[0])
    for f in x:
        total = total + f * f
    return total
