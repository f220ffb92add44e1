"""Classes that a function defines: plain ones, dataclasses, named tuples, bases and operators."""

import functools
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from programs.registry import floats, normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)


@program(floats(2), wrt=(0, 1), smooth=True)
def class_in_a_function(x, y):
    class Square:
        scale = 2.0

        def __init__(self, side):
            self.side = side

        def area(self):
            return self.side**2 * self.scale

    return Square(x * y).area() + Square.scale * y


@program(floats(2), wrt=(0, 1), smooth=True)
def dataclass_in_a_function(x, y):
    @dataclass(frozen=True)
    class Particle:
        q: float
        p: float = 0.5
        mass: float = field(default=2.0)

        def energy(self):
            return self.p**2 / self.mass + self.q**4

    def step(s, h):
        return Particle(s.q + h * s.p, s.p - h * s.q)

    s = replace(Particle(x), p=y)
    for _ in range(3):
        s = step(s, 0.1)
    return s.energy() + Particle(y).energy()


@program(floats(2), wrt=(0, 1), smooth=True)
def named_tuple_in_a_function(x, y):
    class Point(NamedTuple):
        a: float
        b: float

    p = Point(x * y, y)
    a, b = p._replace(b=x)
    return p.a * p.b + a * b


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def class_that_names_itself(x, y, z):
    class Dual:
        def __init__(self, a, b):
            self.a = a
            self.b = b

        def __add__(self, other):
            return Dual(self.a + other.a, self.b + other.b)

        def __mul__(self, other):
            return Dual(self.a * other.a, self.a * other.b + self.b * other.a)

    d = Dual(x, 1.0) * Dual(y, z) + Dual(z, x)
    return (d * d).b


@program(normal((3,)), smooth=True)
def classes_made_from_one_another(x):
    class Layer:
        def __init__(self, w):
            self.w = w

        def __call__(self, v):
            return np.tanh(self.w * v)

    class Shifted(Layer):
        def __init__(self, w, b):
            super().__init__(w)
            self.b = b

        def __call__(self, v):
            return super().__call__(v) + self.b

    class Net:
        def __init__(self, *layers):
            self.layers = layers

        def __call__(self, v):
            for layer in self.layers:
                v = layer(v)
            return v

    return Net(Layer(x[0]), Shifted(x[1], x[2]))(x[0] + 1.0)


def scaling(w):
    def scaled(v):
        class Scale:
            def __call__(self, u):
                return u * w

        return Scale()(v) * v

    return scaled


twice, thrice = scaling(2.0), scaling(3.0)


@program(floats(2), wrt=(0, 1), smooth=True)
def class_that_reads_what_stands_around_its_function(x, y):
    return twice(x) * thrice(y)


@program(floats(2), wrt=(0, 1), smooth=True)
def exception_in_a_function(x, y):
    class Negative(Exception):
        pass

    try:
        if x * y > -1.0:
            raise Negative
        z = x
    except Negative:
        z = y * y
    return z * x


@program(floats(1), smooth=True)
def class_in_a_nested_function(x):
    def descended(p, rate):
        class Momentum:
            def __init__(self, rate, m):
                self.rate = rate
                self.m = m

            def step(self, g):
                return Momentum(self.rate, 0.9 * self.m + g)

        optimiser = Momentum(rate, 0.0)
        for _ in range(3):
            optimiser = optimiser.step(2.0 * p * x)
            p = p - optimiser.rate * optimiser.m
        return p

    return descended(x, 0.1) * descended(2.0, x)
