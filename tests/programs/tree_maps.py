"""Values that are made of the class of another: `type(t)(…)`, of lists, tuples and objects."""

import functools
from collections import namedtuple

import numpy as np

from programs.registry import exactly, normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)  # a class is no part of a saved file

Pair = namedtuple("Pair", "a b")


def each(f, t):
    if isinstance(t, tuple) and hasattr(t, "_fields"):
        return type(t)(*(each(f, v) for v in t))
    if isinstance(t, (list, tuple)):
        return type(t)(each(f, v) for v in t)
    return f(t)


def both(f, s, t):
    if isinstance(s, dict):
        return {k: both(f, s[k], t[k]) for k in s}
    if isinstance(s, (list, tuple)):
        return type(s)([both(f, u, v) for u, v in zip(s, t)])
    return f(s, t)


@program(exactly([1.5, (0.5, [2.0]), 0.7]), smooth=True)
def map_over_lists_and_tuples(t):
    found = each(lambda v: v * v, t)
    return found[0] * found[1][0] + found[1][1][0] * found[2]


@program(exactly(Pair(1.5, [0.5, (2.0,)])), smooth=True)
def map_over_a_named_tuple(t):
    found = each(lambda v: v * v * v, t)
    return found.a * found.b[0] + found.b[1][0] * found.a


@program(exactly(1.5, 0.5), wrt=(0, 1))
def named_tuple_in_a_list(x, y):
    found = each(lambda v: v * x, [Pair(x, y), (y, y * y)])
    return found[0][0] * found[0][1] + found[1][1]


@program(exactly({"w": np.array([1.0, 2.0]), "rest": [0.5, (2.0,)]}))
def step_of_a_tree(params):
    moved = both(lambda p, q: p - 0.1 * q * q, params, params)
    return np.sum(moved["w"] ** 2) * moved["rest"][0] + moved["rest"][1][0]


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return type(self)(self.x + other.x, self.y + other.y)

    def __mul__(self, other):
        if type(other) is type(self):
            return self.x * other.x + self.y * other.y
        return self.__class__(self.x * other, self.y * other)

    def __eq__(self, other):
        return self.__class__ == other.__class__ and self.x == other.x


class Unit(Vector):
    __hash__ = None


@program(normal((3,)), smooth=True)
def class_of_the_object(x):
    v = Unit(x[0], x[1]) + Vector(x[1], x[2]) * x[0]
    assert type(v) is Unit
    return v * v * (v * 2.0).x if v == Unit(v.x, 1.0) else v.x


@program(normal((3,)), smooth=True)
def class_of_a_polynomial(x):
    p = np.poly1d([x[0], 1.0, x[1]])
    known = type(p)
    q = type(p)([x[2], x[0]])
    return (p(x[2]) if known is np.poly1d else 0.0) * (q(1.0) if p.__class__ is known else 1.0)
