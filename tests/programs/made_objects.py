"""Objects whose fields are made by factories, and classes that a call of `namedtuple` makes."""

import collections
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from programs.registry import floats, normal, program


@dataclass
class Params:
    w: float
    b: float = 0.5


class Switch:
    def __init__(self):
        self.on = True


@dataclass
class Weights:
    first: np.ndarray = field(default_factory=lambda: np.array([1.0, 2.0, 3.0]))
    scales: dict = field(default_factory=lambda: {"a": 1.5})
    params: Params = field(default_factory=lambda: Params(0.3))
    switch: Switch = field(default_factory=Switch)
    seen: list = field(default_factory=list)


@program(normal((3,)), saves=False)
def fields_that_factories_make(x):
    one, other = Weights(), Weights(first=x)
    one.seen.append(x[1] * x[2])
    other.params.w = x[1]
    return np.sum(one.first * other.first) * one.scales["a"] + (
        one.seen[0] * one.params.w * other.params.w
    )


class Trace:
    def __init__(self):
        self.last = None

    def follow(self, x, steps):
        for _ in range(steps):
            self.last = x
            x = np.sin(x) * self.last
        return x


@program(normal((3,)), saves=False, smooth=True)
def parameter_that_is_kept_and_bound_anew(x):
    trace, steps = Trace(), 2
    y = trace.follow(x, steps)
    return np.sum(y * trace.last * x)


@program(floats(2), wrt=(0, 1), saves=False, smooth=True)
def named_tuples_made_by_a_call(x, y):
    Point = collections.namedtuple("Point", "a b", defaults=[2.0])
    Pair = NamedTuple("Pair", [("first", float), ("second", float)])
    p = Point(x)
    for _ in range(2):
        p = p._replace(a=p.a * p.b * y)
    pair = Pair(second=x, first=y)
    return p.a * pair.first + pair.second * p.b


@program(floats(2), wrt=(0, 1), saves=False, smooth=True)
def class_of_a_named_tuple(x, y):
    class Point(collections.namedtuple("Point", ["a", "b"])):
        def area(self, k=1.0):
            return k * self.a * self.b

    return Point(x, b=y).area(k=x) + Point(x * y, 2.0).area()
