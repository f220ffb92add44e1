"""Starred arguments whose number the callee, or only the call itself, knows."""

import functools
from dataclasses import dataclass
from functools import partial

import numpy as np

from programs.registry import floats, followed_by, normal, program


def lotka(t, y, a, b):
    return np.array([a * y[0] - b * y[0] * y[1], t + y[0] * y[1] - y[1]])


def euler(f, y, t, step, *parameters):
    return y + step * f(t, y, *parameters) * len(parameters)


def bowl(x, slope, offset=2.0, power=3.0):
    return x * slope + offset**2 * power


def weighted(*items):
    total = 0.0
    for i, one in enumerate(items):
        total = total + (i + 1) * one
    return total * items[0] + items[-1]


@dataclass
class Box:
    width: float
    height: float = 2.0

    def scaled(self, factor, shift=0.5):
        return self.width * self.height * factor + shift


class Interval:
    def __init__(self, low, high, scale=1.0):
        self.low, self.length = low, (high - low) * scale


def total_of_a_tree(node):
    if node is None:
        return 0.0
    value, *children = node
    return value**2 + sum([total_of_a_tree(child) for child in children])


@program(normal((2,)), smooth=True)
def parameters_of_an_equation(parameters):
    y = np.array([1.0, 0.5])
    for i in range(3):
        y = euler(lotka, y, 0.1 * i, 0.1, *parameters)
    return np.sum(y * y)


@program(lambda rng: (tuple(rng.standard_normal(2).tolist()),), smooth=True)
def tuple_into_defaults(parameters):
    return bowl(3.0, *parameters) * bowl(*parameters)


@program(normal((3,)), smooth=True)
def items_of_any_number(x):
    return weighted(*x) + weighted(2.0, *[one * one for one in x[:2]])


@program(normal((2,)), smooth=True, saves=False)  # a class is no part of a saved file
def fields_and_method(sides):
    return Box(*sides).scaled(*sides) + partial(bowl, 1.5)(*sides)


@program(followed_by(normal((2,)), 1.5), smooth=True)
def keywords_of_a_comprehension(sides, x):
    named = {"slope": sides[0], "power": sides[1]}
    return bowl(x, **{key: named[key] * x for key in ("slope", "power")})


@program(normal((4,)), smooth=True)
def the_largest_of_starred_numbers(x):
    return max(*x[:3]) * x[3] + min(x[0], *x[1:])


@program(normal((2,)), smooth=True, saves=False)
def objects_made_of_starred_arguments(x):
    return Interval(*x).length * Interval(x[0], *x).length


@program(normal((3,)), smooth=True)
def tree_of_tuples(x):
    return total_of_a_tree((x[0], (x[1] * x[0],), (x[2], None, (x[0] * x[2],))))


def composed(*functions):
    return lambda z: functools.reduce(lambda v, f: f(v), functions, z)


def chained(*weights, **options):
    def run(z):
        for w in weights:
            z = z * w + options["shift"] * len(options)
        return z

    return run


@program(normal((3,)), smooth=True)
def closures_over_starred_arguments(x):
    first = composed(np.sin, lambda v: v * v)(x)
    return np.sum(first * chained(x, 2.0, shift=np.sum(x))(x)) + np.sum(chained(shift=1.0)(x))


RATES = (0.5, 1.5)


@program(normal((2,)), smooth=True, saves=False)
def starred_tuple_from_outside(y):
    return np.sum(euler(lotka, y, 0.1, 0.2, *RATES)) + weighted(y[0], *RATES)


def sloped(x, slope=1.5, offset=0.5):
    return x * slope + offset * offset


def with_an_entry_set(x, **options):
    options["slope"] = options.get("slope", 2.0) * x
    return sloped(x, **options)


def with_an_entry_removed(x, **options):
    del options["slope"]
    return sloped(x, **options)


def under_a_second_name(x, **options):
    same = options
    same["offset"] = 3.0 * x
    return sloped(x, **options) * same["slope"]


def in_a_nested_function(x, **options):
    def double():
        for word in options:
            options[word] *= 2.0

    double()
    return sloped(x, **options)


def on_one_path(x, **options):
    if x > 10.0:
        options["slope"] = x
    if not options.keys() & {"offset"}:
        options.update(offset=x)
    return sloped(x, **options)


def merely_read(x, **options):
    words = len(options) + sum(1 for word in options if word in dict(options))
    return sloped(x, **options) * words * options["slope"]


@program(floats(2), wrt=(0, 1), smooth=True)
def keywords_that_change_before_they_are_handed_on(x, y):
    total = with_an_entry_set(x, offset=y) + with_an_entry_set(x, slope=y)
    total = total + with_an_entry_removed(x, slope=y, offset=y) + in_a_nested_function(x, slope=y)
    return (
        total + under_a_second_name(x, slope=y) + on_one_path(y, slope=x) + merely_read(x, slope=y)
    )
