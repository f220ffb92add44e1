"""Objects: made inside, given as arguments, found outside; attributes, methods and operators."""

import dataclasses
import functools
from collections import namedtuple
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from programs.registry import exactly, floats, followed_by, normal
from programs.registry import program as registered


class Affine:
    gain = 2.0

    def __init__(self, w, b=0.5):
        self.w = w
        self.b = b

    def apply(self, x):
        return self.w * x * self.gain + self.b

    def twice(self, x):
        return self.apply(self.apply(x))

    def __call__(self, x):
        return self.apply(x) + 1.0

    @property
    def total(self):
        return self.w + self.b * self.w

    @staticmethod
    def square(x):
        return x * x

    @classmethod
    def diagonal(cls, v):
        return cls(v, v * v)


class Shifted(Affine):
    def __init__(self, w, shift):
        super().__init__(w, b=shift * w)
        self.shift = shift

    def apply(self, x):
        return super().apply(x) + self.shift


class Vector:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __add__(self, other):
        return Vector(self.a + other.a, self.b + other.b)

    def __mul__(self, k):
        return Vector(self.a * k, self.b * k)

    def __rmul__(self, k):
        return self * k

    def __neg__(self):
        return Vector(-self.a, -self.b)

    def __matmul__(self, other):
        return self.a * other.a + self.b * other.b

    def __getitem__(self, i):
        return self.a if i == 0 else self.b

    def __len__(self):
        return 2


class Counter:
    def __init__(self):
        self.total = 0.0
        self.count = 0

    def add(self, v):
        self.total += v
        self.count += 1
        return self


@dataclass
class Params:
    w: float
    b: float = 0.5
    steps: list = field(default_factory=list)

    def apply(self, x):
        return self.w * x + self.b


@dataclass(frozen=True)
class Frozen:
    w: np.ndarray
    b: float = 0.25

    @property
    def scaled(self):
        return self.w * self.b


@dataclass
class Scaled:
    w: float
    k: float = 2.0

    def __post_init__(self):
        self.v = self.w * self.k


class Point(NamedTuple):
    x: float
    y: float = 0.5

    def norm(self):
        return np.sqrt(self.x**2 + self.y**2)


Pair = namedtuple("Pair", "first second")
MODEL = Shifted(1.5, 0.5)

program = functools.partial(registered, saves=False)  # a class is no part of a saved file


@program(floats(2), wrt=(0, 1), smooth=True)
def made_and_applied(w, x):
    return Affine(w).apply(x) * Affine(w, x).b


@program(floats(1), smooth=True)
def method_calls_method(x):
    return Affine(x, 1.0).twice(x)


@program(floats(1), smooth=True)
def called_object(x):
    model = Affine(x * x)
    return model(x) * model.w


@program(floats(1), smooth=True)
def inherited(x):
    model = Shifted(x, x * x)
    return model.apply(x) * model.shift + model(2.0)


@program(floats(1), smooth=True)
def properties_and_class_attributes(x):
    model = Affine(x, x * x)
    return model.total * model.gain + Affine.gain * x


@program(floats(1), smooth=True)
def static_and_class_methods(x):
    model = Affine.diagonal(x)
    return Affine.square(model.b) * model.square(x) + Shifted.diagonal(x).shift


@program(floats(1), smooth=True)
def object_from_outside(x):
    return MODEL.apply(x) * MODEL.w + MODEL.total * x + MODEL(x)


@program(floats(1), smooth=True)
def attributes_written(x):
    model = Affine(x)
    model.w = model.w * x
    model.b += x
    return model.apply(2.0) * model.b


@program(followed_by(floats(1), 3), smooth=True)
def changed_by_its_methods(x, n):
    counter = Counter()
    for i in range(n):
        counter.add(x * i)
    return counter.total * x * counter.count + Counter().add(x).add(x * x).total


@program(floats(1), smooth=True)
def operators(x):
    v = Vector(x, 1.0) + 2.0 * Vector(x * x, x) * x
    u = -v
    return v @ u + v[0] * u[1] * len(v)


@program(floats(1), smooth=True)
def objects_in_a_list(x):
    models = [Affine(x), Affine(x * x), Affine(2.0)]
    y = x
    for model in models:
        y = model.apply(y)
    return y + sum(m.w for m in models)


@program(floats(1), smooth=True)
def objects_in_a_comprehension(x):
    models = [Affine(x * k) for k in range(1, 4)]
    return sum(m.apply(x) for m in models)


@program(floats(1), smooth=True)
def objects_in_objects(x):
    outer = Affine(Affine(x, x * x), x)
    return outer.w.apply(x) * outer.b


@program(floats(1), smooth=True)
def passed_and_returned(x):
    def make(v):
        return Affine(v * v)

    def use(model, v):
        return model.apply(v) * model.w

    return use(make(x), x) + make(x).apply(x)


@program(floats(1), smooth=True)
def changed_by_a_function(x):
    def bump(model, v):
        model.w = model.w + v

    model = Affine(x)
    bump(model, x * x)
    return model.w * x


@program(followed_by(floats(1), 0), followed_by(floats(1), 1), smooth=True)
def made_in_a_branch(x, n):
    model = Affine(x) if n else Affine(x * x, x)
    return model.apply(x) * model.b


@program(floats(1), smooth=True)
def of_a_class(x):
    model = Shifted(x, 1.0)
    return model.w * x if isinstance(model, Affine) and hasattr(model, "shift") else x


@program(floats(1), smooth=True)
def dataclass_made_and_replaced(x):
    p = Params(w=x)
    q = dataclasses.replace(p, b=x * x)
    return p.apply(x) * q.apply(x) + len(p.steps)


@program(floats(1), smooth=True)
def dataclass_completed(x):
    s = Scaled(x * x)
    return s.v * x + Scaled(x, k=x).v


@program(normal((3,)), smooth=True)
def frozen_dataclass(w):
    p = Frozen(w * w)
    return np.sum(p.scaled) + np.sum(dataclasses.replace(p, w=w, b=2.0).scaled)


@program(floats(1), smooth=True)
def named_tuples(x):
    p = Point(x, x * x)
    q = p._replace(x=x + 1.0)
    a, b = q
    return p.norm() * q[0] * b + a * p.y + Pair(x, 2.0).first


@program(floats(2), wrt=(0,))
def objects_and_numbers_in_a_result(x, y):
    n = 3 if y > -100.0 else x
    return [Point(2 * n, x * y), {"at": (n, Point(x, 1))}]


class Switch:
    def __init__(self):
        self.on = True

    def __bool__(self):
        return self.on


@program(exactly(1.3), smooth=True)
def object_that_is_false_behind_its_test(x):
    switch = Switch()
    y = x
    if switch:
        switch.on = False
        y = y * y
    return y


class State:
    pass


@program(normal(4))
def array_of_an_attribute_that_is_added_to(x):
    v = State()
    v.x = x
    v.y = x * 1.0
    for i in range(1, 4):
        v.y[i] += v.y[i - 1] * v.x[i]
    return np.sum(v.y * v.y)


@program(normal(4), smooth=True)
def attribute_that_gets_another_shape(x):
    v = State()
    v.y = x * 1.0
    v.y[0] = v.y[1] * x[2]
    z = np.sum(v.y * v.y)
    v.y = x * x * np.ones((2, 4))
    return z * np.sum(v.y)


@program(normal(4), smooth=True)
def attribute_that_becomes_an_array(x):
    v = State()
    v.s = np.sum(x)
    for _ in range(2):
        v.s = v.s * np.arange(1.0, 4.0) + x[0]
    return np.sum(v.s * v.s)


class Network:
    def __init__(self, sizes):
        self.weights = [0.3 * np.ones((b, a)) for a, b in zip(sizes, sizes[1:])]

    def run(self, x):
        self.h = x
        for w in self.weights:
            self.h = np.tanh(w @ self.h)
        return np.sum(self.h)


@program(normal(4), smooth=True)
def layers_of_several_widths_in_an_attribute(x):
    return Network((4, 3, 2, 5)).run(x)


@program(normal(4), smooth=True)
def entry_that_becomes_an_array(x):
    v = {"s": np.sum(x)}
    for _ in range(2):
        v["s"] = v["s"] * np.arange(1.0, 4.0) + x[0]
    return np.sum(v["s"] * v["s"])


@program(floats(1), smooth=True)
def dict_in_a_dict_that_is_merged(x):
    v = {"p": {"a": x}}
    v["p"] |= {"b": x * x}
    return v["p"]["a"] * v["p"]["b"]


class Pile:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def calculator_with_a_stack(x, y, z):
    stack = Pile()
    for word in "x y * z + x - y *".split():
        if word in "xyz":
            stack.push(x if word == "x" else y if word == "y" else z)
        else:
            b, a = stack.pop(), stack.pop()
            stack.push(a * b if word == "*" else a + b if word == "+" else a - b)
    return stack.pop()
