"""Attributes of an object that hide those of its class, or that options of `__init__` decide on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from programs.registry import normal, program


def squared(v):
    return v * v


def scaled(v, k=2.0):
    return v * k


@dataclass
class Dense:
    w: np.ndarray
    act: Callable = squared
    out: Callable = np.sin

    def __call__(self, x):
        return self.out(self.act(self.w @ x))


@dataclass
class Seen(Dense):
    act: Callable = np.tanh
    seen: list = field(default_factory=list)

    def __call__(self, x):
        self.seen.append(self.w @ x)
        return self.act(self.seen[-1])


@program(normal((3, 3), (3,)), wrt=(0, 1), smooth=True, saves=False)
def functions_as_defaults_of_fields(w, x):
    layers = [Dense(w), Dense(w.T, act=np.tanh), Dense(w, out=scaled)]
    for layer in layers:
        x = layer(x)
    return np.sum(x)


@program(normal((3, 3), (3,)), wrt=(0, 1), smooth=True, saves=False)
def field_that_is_bound_to_a_closure(w, x):
    layer = Dense(w)
    layer.act = lambda v: v * x
    return np.sum(layer(x)) + np.sum(layer.act(x))


@program(normal((3, 3), (3,)), wrt=(0, 1), smooth=True, saves=False)
def layer_that_keeps_what_it_saw(w, x):
    one, other = Seen(w), Seen(w.T, np.sin)
    y = other(one(one(x)))
    return np.sum(y) + one.seen[0] @ one.seen[1] + np.sum(other.seen[-1])


class Linear:
    scale = 0.5

    def __init__(self, w, bias=True, act=None, kind="linear"):
        self.w = w
        if bias:
            self.b = np.ones(3) * w[0, 0]
        if act is not None:
            self.act = act
        if kind == "linear":
            self.out = lambda v: v
        elif kind in ("square", "squared"):
            self.out = squared
        else:
            raise ValueError(kind)
        if not bias and act is None:
            self.scale = w[1, 1]

    def act(self, v):
        return np.tanh(v) * self.scale

    def __call__(self, x):
        y = self.w @ x
        if hasattr(self, "b"):
            y = y + self.b
        y = self.act(y)
        return self.out(y)


@program(normal((3, 3), (3,)), wrt=(0, 1), smooth=True, saves=False)
def options_of_a_layer(w, x):
    return np.sum(Linear(w)(x) * Linear(w, kind="square")(x))


@program(normal((3, 3), (3,)), wrt=(0, 1), smooth=True, saves=False)
def layer_with_less(w, x):
    return np.sum(Linear(w, bias=False)(x))


@program(normal((3, 3), (3,)), wrt=(0, 1), smooth=True, saves=False)
def function_that_hides_a_method(w, x):
    y = Linear(w, act=np.sin, kind="square")(x)
    return np.sum(Linear(w.T, True, lambda v: v * x)(y)) + np.sum(y)


class Hidden:
    act = staticmethod(squared)

    def __init__(self, w, act=None):
        self.w = w
        if act is not None:
            self.act = act

    def apply(self, v):
        return self.act(v) * self.w


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True, saves=False)
def function_that_hides_a_static_method(w, x):
    one, other = Hidden(w), Hidden(w, scaled)
    two = one.act(x) + other.act(x) * other.apply(x)
    one.apply = lambda v: v * v * x
    return np.sum(two * one.apply(w))


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True, saves=False)
def methods_hidden_in_some_of_many(w, x):
    y = x
    for one in [Hidden(w), Hidden(x, np.sin), Hidden(w, lambda v: v * x)]:
        y = one.act(y)
    return np.sum(y)


class Early:
    def __init__(self, w, n=None, **options):
        self.w = w
        if n is None:
            self.n = len(w)
            return
        self.n = n * options.get("twice", 1.0)

    def total(self):
        return np.sum(self.w**2) * self.n


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True, saves=False)
def returns_in_the_middle_of_init(w, x):
    return Early(w).total() * Early(x, w[0], twice=x[1]).total()


class Chosen:
    def __init__(self, w):
        self.w = w
        if w[0] > 0:
            self.k, self.e = w[1], 1.0
        else:
            self.k = w[2]
            self.e = w[0]


@program(normal((3,), (3,)), wrt=(0, 1), saves=False)
def attributes_that_both_branches_set(w, x):
    one, other = Chosen(w), Chosen(x)
    return one.k * other.e + other.k * one.e


class Kernel:
    def __init__(self, w):
        self.w, self.made = w, 0

    @cached_property
    def even(self):
        self.made += 1
        return (self.w + self.w[::-1]) * self.made

    def __call__(self, v):
        return np.tanh(self.even * v)


@program(normal((3,), (3,)), smooth=True, saves=False)
def cached_property_computed_once(w, x):
    kernel = Kernel(w)
    for _ in range(3):
        x = kernel(x)
        kernel.w = kernel.w * x
    return np.sum(x * kernel.even) * kernel.made + np.sum(kernel.w)


@program(normal((3,), (3,)), smooth=True, saves=False)
def cached_property_read_on_one_path(w, x):
    first, second = Kernel(w), Kernel(w * x)
    second.even = x
    early = 2.0
    if len(x) == 3:
        early = np.sum(first.even)
    first.w = w * x
    return early * np.sum(first.even * second.even)
