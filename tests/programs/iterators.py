"""The functions of `itertools`, and loops over sets, texts, enums and the cells of arrays."""

import enum
import itertools
import math
from itertools import accumulate, chain, combinations, pairwise, product
from operator import itemgetter

import numpy as np

from programs.registry import normal, positive, program


class Cell(enum.Enum):
    FIRST = 0
    LAST = -1


@program(normal((3,)), smooth=True)
def pairs_of_items(x):
    total = sum(a * b for a, b in combinations(x, 2))
    for i, j in combinations(range(3), 2):
        total = total + x[i] * x[j] ** 2 * total
    for a, b in pairwise(x):
        total = total * 0.5 + a * b
    return total + sum(a * b * c for a, b, c in itertools.permutations(x, 3))


@program(normal((3,)), smooth=True)
def products_and_chains(x):
    total = sum(a * b for a, b in product(x, repeat=2))
    for i, j in product(range(3), range(2)):
        total = total + x[i] * x[j]
    for v in chain(x, x * x, [x[0]]):
        total = total * 0.5 + v * v
    return total + sum(chain.from_iterable([x, x * 2])) ** 2


@program(normal((3,)), smooth=True)
def running_values(x):
    total = 0.0
    for v in accumulate(x):
        total = total + v * v
    for v in accumulate(x, lambda a, b: a * b + 1.0, initial=x[1]):
        total = total * 0.5 + v
    return total


@program(positive((4,)), smooth=True)
def parts_of_iterables(x):
    low = sum(v * v for v in itertools.takewhile(lambda v: v < 1.3, x))
    high = sum(v * v * v for v in itertools.dropwhile(lambda v: v < 1.3, x))
    some = sum(itertools.compress(x, [1, 0, 1, 1])) * sum(itertools.islice(x, 1, None, 2))
    pairs = sum(itertools.starmap(lambda a, b: a * b, zip(x, x[1:], strict=False)))
    longest = [a * b for a, b in itertools.zip_longest(x, [2.0, 3.0], fillvalue=x[0])]
    return low * high + some * pairs + sum(longest)


@program(normal((3,)), smooth=True)
def without_end(x):
    total = 0.0
    for v, sign, n in zip(x, itertools.cycle([1.0, -1.0]), itertools.count(1), strict=False):
        total = total + sign * v**n
    for n in itertools.count(2, 2):
        if n > 7:
            break
        if n == 4:
            continue
        total = total + x[0] * n * total
    for v in itertools.cycle(x):
        total = total * 0.5 + v * v
        if abs(total) < 100.0:
            break
    return total


@program(normal((2, 3)), smooth=True, saves=False)  # a class is no part of a saved file
def cells_texts_and_columns(x):
    total = 0.0
    for i, j in np.ndindex(2, 3):
        total = total + x[i, j] * (i + j)
    for (i, j), v in np.ndenumerate(x):
        total = total + v * v * i * j
    for v in x.flat:
        total = total * 0.9 + v * v
    for i in {0, 1}:
        total = total + x[i, 0] ** 2
    for digit in "021":
        total = total + x[0, int(digit)] * total
    for cell in Cell:
        total = total + x[0, cell.value] ** 2
    rows = [[x[0, 0], x[0, 1]], [x[1, 1], x[1, 2]]]
    for column in zip(*rows, strict=False):
        total = total + column[0] * column[1]
    return total


def dot(pairs):
    total = 0.0
    for a, b in pairs:
        total += a * b
    return total


def neighbours(x):
    return zip(x, x[1:])


class Pairs:
    def __init__(self, items, weights):
        self.items = [a * b for a, b in zip(items, weights)]


@program(normal((4,)), smooth=True)
def iterators_that_are_handed_on(x):
    def squares(items):
        return sum(v * v for v in items)

    total = dot(zip(x, x[::-1])) + dot(neighbours(x)) + squares(map(np.sin, x))
    for a, b in neighbours(x):
        total += a * b
    return total + squares(v + 1 for v in x)


@program(normal((4,)), smooth=True, saves=False)
def iterator_for_what_makes_an_object(x):
    return sum(Pairs((v * v for v in x), x).items)


@program(normal((4,)), smooth=True)
def generator_expressions_that_are_taken_apart(x):
    a, b, *rest = (v * v for v in x)
    (c, d), (e, f) = ((v, np.sin(v)) for v in x[:2])
    doubled = (2 * v for v in rest)
    return a * b + c * f - d * e + sum(doubled) + math.hypot(*(v + 3 for v in x))


@program(normal((4,)), smooth=True)
def loops_over_generator_expressions(x):
    total = 0.0
    for v in (2 * v for v in x if v < 2):
        total += v * v
    for i, (a, b) in enumerate((u, v) for u, v in zip(x, x[1:])):
        total += i * a * b
    return total + sum(a * b for a, b in zip((v + 1 for v in x), x)) + sum([*(v * v for v in x)])


@program(normal(3), smooth=True)
def list_mapped_while_another_name_changes_it(x):
    xs = [x[0], x[1], x[2]]
    ys, total = xs, 0.0
    for v in map(lambda t: t * t, xs):
        ys[2] = v * 3.0
        total = total * x[0] + v
    return total


@program(normal(3), smooth=True)
def items_computed_while_another_name_changes_the_array(x):
    y = x * 1.0
    z, total = y, 0.0
    for a in (t * t for t in y):
        z[2] = a * 2.0
        total = total * x[0] + a
    return total


@program(positive(3), smooth=True)
def items_chosen_while_another_name_changes_the_list(x):
    xs = [x[0], x[1], x[2]]
    ys, total = xs, 0.0
    for v in filter(lambda t: t > 0.0, xs):
        ys[2] = v * 3.0
        total = total * x[0] + v
    return total


@program(normal(3))
def items_side_by_side_while_another_name_changes_the_array(x):
    y = x * 1.0
    z, total = y, 0.0
    for k, (a, b) in enumerate(zip(map(np.sin, y), (t * t for t in y))):
        z[2] = a * b
        total = total * x[0] + a * k
    else:
        total = total * 2.0
    return total


@program(normal((4,)), smooth=True)
def groups_of_neighbours(x):
    total = 0.0
    for high, group in itertools.groupby(x, key=lambda v: v > 0):
        items = list(group)
        total = total * 0.5 + sum(v * v for v in items) * len(items) * (2 if high else 1)
    return total


@program(normal((4,)), smooth=True)
def groups_by_a_name(x):
    rows = [("a", x[0]), ("a", x[1]), ("b", x[2]), ("b", x[3])]
    out = {k: sum(v for _, v in g) for k, g in itertools.groupby(rows, key=itemgetter(0))}
    counts = [k * len(list(g)) for k, g in itertools.groupby([1, 1, 2, 3, 3, 3])]
    return out["a"] * out["b"] ** 2 + sum(counts) * x[0]


@program(normal((4,)), smooth=True)
def parts_of_what_has_no_end(x):
    ring = itertools.islice(itertools.cycle(x), 6)
    total = sum(a * b for a, b in zip(ring, itertools.islice(itertools.count(2, 3), 1, 7)))
    steps = list(itertools.islice(itertools.count(), 2, 4))
    return total + sum(itertools.islice(itertools.repeat(x[0]), 3)) * steps[0] * steps[1]


def counted(state, v):
    state["n"] += 1
    return v * state["n"]


@program(normal((4,)), smooth=True)
def items_that_change_what_the_loop_reads(x):
    state = {"n": 0}
    total = 0.0
    for v in (counted(state, u) for u in x):
        total = total + v * state["n"]
    for v in map(lambda u: counted(state, u), x):
        total = total + v * state["n"]
    for u, v in zip((counted(state, u) for u in x), (counted(state, u) for u in x)):
        total = total + u * v * state["n"]
    return total + sum(v * state["n"] for v in (counted(state, u) for u in x))
