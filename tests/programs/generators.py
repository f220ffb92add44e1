"""Generators of the user's, gone through once: by loops, comprehensions, `sum`, `zip`, `islice`."""

import itertools

import numpy as np

from programs.registry import normal, positive, program

SCALE = 1.5


def steps(x, n):
    for _ in range(n):
        x = np.tanh(x) * SCALE
        yield x


def multiples(x):
    k = 0
    while True:
        k += 1
        yield x * k


def pairs(xs):
    for i in range(len(xs)):
        for j in range(i):
            if j % 2:
                continue
            yield xs[i], xs[j]


def until(x, last):
    for i in range(5):
        if i == last:
            return
        yield x * i
    yield x * 100


def several(x):
    yield x
    yield from steps(x, 2)
    yield from [x * x, x]


def windows(u):
    for i in range(1, len(u) - 1):
        yield u[i - 1 : i + 2]


def products(u):
    for i in range(1, len(u)):
        u[i] = u[i] * u[i - 1]
        yield u[i]


class Batches:
    def __init__(self, xs, ys, size):
        self.xs, self.ys, self.size = xs, ys, size

    def __iter__(self):
        for i in range(0, len(self.xs), self.size):
            yield self.xs[i : i + self.size], self.ys[i : i + self.size]

    def scaled(self, k):
        for xb, yb in self:
            yield k * xb, yb


class Cell:
    def __init__(self, w):
        self.w, self.h = w, 0.1

    def run(self, n):
        for _ in range(n):
            self.h = np.tanh(self.w * self.h + 0.3)
            yield self.h


BATCHES = Batches(np.arange(7.0), np.sin(np.arange(7.0)), 3)


@program(normal((3,)), smooth=True)
def loop_over_steps(x):
    total = 0.0
    for v in steps(x, 3):
        total = total * v + np.sum(v * v)
    return np.sum(total)


@program(normal((3,), dtype=np.float32), smooth=True)
def steps_in_single_precision(x):
    total = np.float32(0.0)
    for k, v in enumerate(steps(x, 3), start=1):
        if k == 2:
            continue
        total = total + np.sum(v * v) * np.float32(k)
    return total


@program(positive(()), smooth=True)
def left_early(x):
    total = 0.0
    for v in multiples(x):
        total = total + v * v
        if total > 20:
            break
    else:
        total = total * 100
    for v in multiples(x):
        if v * total > 60:
            return v * total
    return total


@program(normal((4,)), smooth=True)
def items_of_two(xs):
    total = 0.0
    for a, b in pairs(xs):
        total = total * 0.9 + a * b
    return total


@program(normal(()), smooth=True)
def ends_of_generators(x):
    return sum(until(x, 3)) ** 2 + sum(until(x, 9)) + sum(until(x, 0)) + len(list(until(x, 0))) * x


@program(positive(()), smooth=True)
def delegated(x):
    total = 1.0
    for v in several(x):
        total = total * v + x
        if total > 8:
            break
    return total


@program(positive(()), smooth=True)
def consumer_writes_what_is_read_later(x):
    u = np.ones(5) * x
    total = 0.0
    for w in windows(u):
        u[2] = u[2] * 2
        w[0] = w[1] * w[2]
        total = total + np.sum(w * w)
    return total


@program(positive((4,)), smooth=True)
def generator_that_writes(x):
    u = x * 2
    total = 0.0
    for v in products(u):
        u[1] = v * 0.5
        total = total + v
        if total > 10:
            break
    return total * u[1] + u[3]


@program(normal(()), smooth=True)
def used_up_at_once(x):
    first, second, third = steps(x, 3)
    squares = [v * w for v in steps(x, 3) for w in steps(v, 2)]
    table = {k: v for k, v in enumerate(steps(x, 3))}
    return first * second * third + sum(squares) + table[0] * table[2] + np.sum(list(steps(x, 2)))


@program(positive(()), smooth=True)
def beside_other_iterables(x):
    total = sum(v * v for v in itertools.islice(multiples(x), 4))
    total = total + sum(itertools.takewhile(lambda v: v < 5.0, multiples(x)))
    for w, v, k in zip([1.0, x, 3.0, 4.0], multiples(x), range(3), strict=False):
        if k == 1:
            continue
        total = total * 0.5 + v * w
    for v, w in zip(steps(x, 3), [x, 2.0], strict=False):
        total = total + v * w
    for k, (v, w) in enumerate(zip(steps(x, 4), [x, x, x], strict=False), start=1):
        total = total * v + w * k
    return total


@program(normal(()), smooth=True)
def nested_generator(x):
    def local(n):
        for i in range(n):
            yield y * i + SCALE

    y = x
    total = 0.0
    for v in local(4):
        y = y * v * 0.3
        total = total + v * v
    return total


@program(normal(()), smooth=True)
def names_that_mean_something_else(x):
    scale, i, k = x * 2, 3, 4
    SCALE = scale  # noqa: N806
    total = 0.0
    for v in steps(x, 3):
        for w in steps(v, 2):
            total = total + v * w * SCALE * i * k
            x = x + w
    return total * x


@program(normal(()), smooth=True, saves=False)
def batches_from_outside(w):
    total = 0.0
    for _ in range(2):
        for xb, yb in BATCHES:
            w = w - 0.01 * np.sum(2 * (w * xb - yb) * xb)
            total = total + np.sum((w * xb - yb) ** 2)
    for xb, yb in BATCHES.scaled(w):
        total = total + np.sum((w * xb - yb) ** 2)
    return total


@program(normal(()), smooth=True, saves=False)
def batches_made_inside(w):
    for xb, yb in Batches(np.arange(5.0) * w, np.arange(5.0), 2):
        w = w + 0.01 * np.sum(xb * yb)
    return w


@program(positive(()), saves=False, smooth=True)
def generator_that_changes_its_object(w):
    cell, total = Cell(w), 0.0
    for h in cell.run(4):
        total = total + h
        cell.w = cell.w * 1.1
        if total > 1:
            break
    return total * cell.h
