"""Attributes under names that the text shows: loops over words, `**options`, namespaces."""

import functools
from types import SimpleNamespace

import numpy as np

from programs.registry import floats, normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)  # a class is no part of a saved file

PARTS = ["w", "b"]


class Settings:
    rate = 0.5
    listed = ("w", "b")

    def __init__(self, **options):
        self.power = 2.0
        for word, v in options.items():
            setattr(self, word, v)
        self.checked = hasattr(self, "w") and not hasattr(self, "missing")

    def total(self):
        return sum(getattr(self, word) ** 2 for word in self.listed)

    def pairs(self):
        return {word: getattr(self, word) for word in self.listed}


class Plain:
    def __init__(self, *values, **options):
        for word, v in zip(("w", "b"), values):
            setattr(self, word, v)
        self.__dict__.update(options, scale=values[0] * 2.0)


@program(normal((), (3,)), smooth=True)
def words_of_options(s, x):
    model = Settings(w=x * s, b=s, rate=s)
    found = model.pairs()
    factor = model.rate if model.checked else 1.0
    return np.sum(model.total() * found["w"]) * factor


@program(normal((), (3,)), smooth=True)
def words_beside_values(s, x):
    model = Plain(x, s, shift=s * s)
    for word in PARTS:
        setattr(model, word, getattr(model, word) * model.scale + x[0])
    return np.sum(model.w * model.b) * model.shift


@program(normal((3,)), smooth=True)
def words_that_change_places(x):
    model = SimpleNamespace(a=x, b=x * x)
    for word, v in (("a", model.b), ("b", model.a)):
        setattr(model, word, v)
    for i in range(3):
        setattr(model, f"part_{i}", x[i] * model.a)
    return np.sum(model.a * model.part_0 - model.b * getattr(model, "part_" + "2"))


@program(normal((3,)), smooth=True)
def as_many_words_as_the_shorter_of_two(x):
    model = SimpleNamespace()
    for word, v in zip(["a", "b"], [x, x * x, x * 3.0]):
        setattr(model, word, v)
    for word, v in zip(("c", "d"), x):
        setattr(model, word, v)
    return np.sum(model.a * model.b) * model.c + model.d


class Ball(SimpleNamespace):
    def energy(self):
        return 0.5 * self.v**2 + self.x


def moved(state, dt):
    state.x += state.v * dt
    state.v -= state.x * dt
    return state


@program(floats(2), smooth=True)
def namespace_that_changes(x, v):
    state = SimpleNamespace(x=x, v=v, steps=0)
    for _ in range(3):
        state = moved(state, 0.1)
        state.steps += 1
    return state.x * state.v * state.steps


@program(normal((), ()), smooth=True)
def objects_of_a_namespace(x, v):
    balls = [Ball(x=x * i, v=v) for i in range(3)]
    for ball in balls:
        ball.x = ball.x + ball.v * x
    return sum(ball.energy() * ball.x for ball in balls)


@program(normal((3,)), smooth=True)
def parts_of_lists_taken_out(x):
    rows = [x[0], x[1], x[2], x[0] * x[1], x[1] * x[2]]
    del rows[1:3]
    n = 1
    ends = [x * v for v in rows]
    del ends[n:]
    del rows[:-1]
    none = [x, x]
    del none[:]
    none.append(rows[0])
    return np.sum(ends[0]) * none[0] * len(ends)


class Chosen:
    def __init__(self, **options):
        words = ["w", "b"]
        for word in words:
            if word in options:
                setattr(self, word, options[word])
            else:
                setattr(self, word, options.get("other", 2.0))


@program(normal((), (3,)), smooth=True)
def words_that_options_may_lack(s, x):
    first, second = Chosen(w=x), Chosen(b=s * x, other=s)
    return np.sum(first.w * first.b + second.w * second.b)
