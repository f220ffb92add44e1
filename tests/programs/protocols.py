"""What classes define for themselves: operators, items, order, setters, slots; and enums."""

import abc
import dataclasses
import enum
import functools
import math
from dataclasses import dataclass

import numpy as np

from programs.registry import floats, normal, positive
from programs.registry import program as registered


class Vector:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        return Vector(self.v + (other.v if isinstance(other, Vector) else other))

    __radd__ = __add__

    def __sub__(self, other):
        return Vector(self.v - 2 * (other.v if isinstance(other, Vector) else other))

    def __rsub__(self, other):
        return Vector(other - self.v)

    def __iadd__(self, other):
        self.v = self.v + other
        return self

    def __getitem__(self, i):
        return self.v[i] * 2

    def __setitem__(self, i, value):
        self.v = np.where(np.arange(3) == i, value, self.v)

    def __lt__(self, other):
        return self.v[0] < other.v[0]

    def __gt__(self, other):
        return self.v[0] > other.v[0]

    def __call__(self, k):
        return np.sum(self.v) * k


class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __mul__(self, other):
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a

    def product(self):
        self.b = self.a * self.a
        return self.a * self.b


class Scale:
    def __init__(self, low):
        self.low = low

    @property
    def low(self):
        return self._low * 3

    @low.setter
    def low(self, value):
        self._low = value * value if value > 1.0 else value


class Shape(abc.ABC):
    @property
    @abc.abstractmethod
    def area(self): ...

    def double(self):
        return self.area * 2


class Square(Shape):
    def __init__(self, a):
        self.a = a

    @property
    def area(self):
        return self.a**2


class Other(Square):
    @property
    def area(self):
        return super().area * self.a


@dataclass(frozen=True, slots=True)
class Settled:
    a: float
    b: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "b", self.a * 2)


class Kind(enum.Enum):
    SQUARE = 2
    CUBE = 3

    def apply(self, v):
        return v * v if self is Kind.SQUARE else v**self.value


program = functools.partial(registered, saves=False)  # a class is no part of a saved file


@program(normal((3,)), smooth=True)
def operators_of_both_sides(x):
    v = Vector(x) + Vector(x * x) + 1.0
    w = 2.0 - (1.0 + v) - Vector(x)
    return np.sum(w.v**2) + (1.0 - Vector(x))[0] * Vector(x)(x[1])


@program(normal((3,)), smooth=True)
def items_and_updates_of_a_class(x):
    v = Vector(x)
    v[0] = x[1] * x[2]
    v[1] += x[0]
    v += x
    v -= 1.0
    return v[0] * v[1] + np.sum(v.v)


@program(normal((3,)), smooth=True)
def order_of_a_class(x):
    best = max(Vector(x), Vector(x * x))
    return np.sum(min(best, Vector(x * 2)).v ** 2)


@program(floats(2), wrt=(0, 1), smooth=True)
def object_carried_by_a_loop(x, y):
    d = Dual(x, 1.0)
    for _ in range(3):
        d = d * Dual(y, x)
    return d.slope * d.value


@program(positive((3,)), smooth=True)
def setter_of_a_property(x):
    s = Scale(x[0])
    s.low = x[1] * s.low
    s.low += x[2]
    return s.low * x[0]


@program(floats(1), smooth=True)
def slots_and_frozen_fields(x):
    s, t = Slots(x * x), Settled(x)
    return s.product() * t.b + dataclasses.asdict(t)["b"] * dataclasses.astuple(t)[0]


@program(floats(1), smooth=True)
def abstract_class(x):
    return Square(x).double() * Other(x * x).double()


@program(floats(1), smooth=True)
def enum_members(x):
    return Kind.SQUARE.apply(x) + Kind.CUBE.apply(x) * Kind.CUBE.value


@program(floats(1), smooth=True)
def attributes_by_name(x):
    d = Dual(x, x * x)
    setattr(d, "value", getattr(d, "slope") * x)  # noqa: B009, B010
    return d.value * getattr(d, "other", x) * (2.0 if hasattr(d, "other") else 1.0)


class Layer:
    def __init__(self, w):
        self.w = w

    def forward(self, x):
        self.h = np.tanh(self.w * x)
        return np.sum(self.h)

    def energy(self):
        return np.sum(self.h * self.w)


@program(normal((3,)), smooth=True)
def attributes_that_are_set_later(x):
    layer, total = Layer(x), 0.0
    same = layer
    for i in range(3):
        total = total + layer.forward(x * i) * layer.energy()
        same.w = layer.w * same.h
    return total * np.sum(layer.w)


def noisy(rng, x):
    return x * rng.normal(size=3)


@program(normal((3,)), smooth=True)
def drawn_once_whatever_is_asked(x):
    rng = np.random.default_rng(3)
    return noisy(rng, x).sum() * noisy(rng, x)[0]


class Gate:
    """Operators that are constants of numbers, and are none here."""

    def __init__(self, level):
        self.level = level

    def __and__(self, other):
        return Gate(self.level * other.level)

    def __rand__(self, other):
        return Gate(other * self.level)

    def __iand__(self, other):
        self.level = self.level * other.level
        return self

    def __or__(self, other):
        return Gate(self.level + 2 * other.level)

    def __rshift__(self, f):
        return Gate(f(self.level))

    def __lt__(self, other):
        return Gate(self.level + 3 * other.level)

    def __gt__(self, other):
        return Gate(self.level * 2 + other.level)

    def __eq__(self, other):
        return Gate(self.level - other.level)

    def __hash__(self):
        return 0

    def __floor__(self):
        return Gate(self.level * 4)

    def __round__(self):
        return Gate(self.level**2)


class Late(Gate):
    """What Python asks first, as the right operand."""

    def __rand__(self, other):
        return Gate(self.level**2 + other.level)

    def __gt__(self, other):
        return Gate(self.level**3 + other.level)


@program(floats(2), wrt=(0, 1), smooth=True)
def operators_that_are_constants_of_numbers(x, y):
    a, b = Gate(x), Gate(y)
    c = (a & b) | (b >> np.sin)
    d = 2.0 & c
    return (c < d).level * (c == a).level + math.floor(a).level * round(d).level


@program(floats(2), wrt=(0, 1), smooth=True)
def operator_in_place_that_is_a_constant_of_numbers(x, y):
    a, b = Gate(x), Gate(y)
    a &= b
    return a.level * math.floor(b).level


@program(floats(2), wrt=(0, 1), smooth=True)
def operators_of_which_the_right_one_is_asked_first(x, y):
    a, b = Gate(x), Late(y)
    return (a & b).level * (a < b).level + (b & a).level * (b > a).level + (a > b).level


@program(floats(2), wrt=(0, 1), smooth=True)
def comparisons_of_objects_as_tests(x, y):
    def louder(g, h):
        return g.level > h.level

    g, h = Gate(x), Gate(y)
    return x * y if louder(g, h) and 0.0 < (g & h).level ** 2 < 100.0 else x + y * y


HELD = Vector(2.0)


@program(normal((3,)), smooth=True)
def updates_beside_a_class_with_operators(x):
    z = x * x
    for _ in range(2):
        w = z
        w += np.sin(w * x)
    return np.sum(z * z) * (HELD + 1.0).v
