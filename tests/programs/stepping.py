"""Iterators that are asked by `next`, generators under a name, objects that are gone through."""

import functools
import itertools

import numpy as np

from programs.registry import floats, normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)


def squares(x):
    for v in x:
        yield v * v


def growing(x):
    while True:
        yield x
        x = x * 1.5


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def items_one_by_one(x, y, z):
    it = iter([x, y * z, z])
    first = next(it)
    second = next(it, 2.0)
    return first * second * next(it) + next(it, x)


@program(normal((4,)), smooth=True)
def first_and_the_rest(x):
    it = iter(x)
    total = next(it)
    for v in it:
        total = total * v + v
    return total


@program(floats(2), wrt=(0, 1))
def iterator_over_a_list_that_grows(x, y):
    xs = [x, y]
    ys = xs
    it = iter(xs)
    first = next(it)
    ys.append(x * y)
    return first * sum(it)


@program(normal((4,)))
def loop_that_goes_on_where_another_stopped(x):
    it = iter(x)
    total = 0.0
    for v in it:
        total = total + v
        if v > 0.0:
            break
    for v in it:
        total = total * v
    return total + next(it, 3.0) * x[0]


@program(normal((3,)), smooth=True)
def until_there_are_no_more(x):
    it = iter(x)
    total = 1.0
    while True:
        try:
            v = next(it)
        except StopIteration:
            break
        total = total * v + v
    return total


@program(floats(2), wrt=(0, 1), smooth=True)
def until_a_sentinel(x, y):
    it = iter([x, y, x * y])
    total = 1.0
    while (v := next(it, None)) is not None:
        total = total * v + x
    return total


@program(floats(2), wrt=(0, 1), smooth=True)
def handler_of_the_end(x, y):
    it = iter((x,))
    total = next(it)
    try:
        total = next(it)
    except StopIteration:
        total = total * y * y
    return total


@program(normal((3,)), smooth=True)
def counts_and_letters(x):
    count = itertools.count(2, 3)
    letters = iter("ab")
    total = 0.0
    for v in x:
        total = total + v * next(count)
        if next(letters, "c") == "c":
            total = total * v
    return total * next(count)


@program(normal((4,)), smooth=True)
def some_items_at_once(x):
    it = map(lambda v: v * v, x)
    first = [next(it) for _ in range(2)]
    third = list(itertools.islice(it, 1))
    return first[0] * first[1] + third[0] * sum(it)


@program(floats(2), wrt=(0, 1), smooth=True)
def first_of_a_dict(x, y):
    d = {"a": x, "b": y * x}
    keys = iter(d)
    return d[next(keys)] * d[next(keys)] ** 2 * next(iter(d.values()))


@program(normal((4,)))
def first_that_fits(x):
    big = next(v * x[0] for v in x if v > -9.0)
    none = next((v for v in x if v > 9.0), x[1])
    return big * none * next(growing(x[2])) + next(k for k, v in enumerate(x) if v == x[3])


@program(normal((3,)), smooth=True)
def generators_under_a_name(x):
    g = squares(x * 2.0)
    h = squares(x)
    kept = squares(x + 1.0)
    total = 0.0
    for v in g:
        total = total + v
    for v, w in zip(kept, x, strict=False):
        total = total + v * w
    a, b, c = h
    return total * a + b * c


@program(normal((3,)), smooth=True)
def generator_that_is_asked_first(x):
    it = squares(x)
    first = next(it)
    return first * sum(it)


@program(floats(1))
def endless_generator_under_a_name(x):
    numbers = growing(x)
    total = 0.0
    for v in numbers:
        if v > 4.0:
            break
        total = total + v * x
    return total


class Powers:
    def __init__(self, x, n):
        self.x = x
        self.n = n

    def __iter__(self):
        self.k = 0
        self.power = 1.0
        return self

    def __next__(self):
        if self.k == self.n:
            raise StopIteration
        self.k += 1
        self.power = self.power * self.x
        return self.power


@program(floats(2), wrt=(0, 1), smooth=True)
def object_with_next(x, y):
    powers, total = Powers(x, 3), 0.0
    for p in powers:
        total = total + p * y
    return total * powers.power + sum(v * x for v in powers)


@program(floats(2), wrt=(0, 1), smooth=True)
def object_with_next_that_is_left(x, y):
    powers, total = Powers(x, 100), y
    for k, p in enumerate(powers):
        if k == 2:
            break
        total = total * p
    return total * powers.power * next(powers)


class Bag:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def object_with_the_items_of_another(x, y, z):
    bag, total = Bag([x, y * z, z]), 0.0
    for v in bag:
        for w in bag:
            total = total + v * w
    a, b, c = bag
    return total * a + b * c + sum(v * len(bag) for v in bag)


class Scaled:
    def __init__(self, items, scale):
        self.items = items
        self.scale = scale

    def __getitem__(self, i):
        return self.items[i] * self.scale


@program(normal((3,), ()), wrt=(0, 1), smooth=True)
def object_with_positions(x, s):
    total = 1.0
    for v in Scaled(x, s):
        total = total * v + s
    return total + np.sum(list(Scaled([x[0], x[1]], s)))


@program(floats(3), wrt=(0, 1, 2))
def object_that_gets_other_items_meanwhile(x, y, z):
    bag = Bag([x, y])
    total = 1.0
    for v in bag:
        total = total * v + x
        bag.items = [z]
    return total * bag.items[0]
