"""Order and choice: `sorted`, `min` and `max` with a key, `filter`, `reversed`, `reduce`."""

import functools
import math

import numpy as np

from programs.registry import floats, normal, program


@program(floats(2), wrt=(0, 1), smooth=True)
def sorted_numbers(x, y):
    a, b, c = sorted([x + 3.0, y, x * y - 5.0])
    return a * b + c * c


@program(normal((4,)), smooth=True)
def sorted_array(x):
    values = sorted(x, reverse=True)
    return values[0] * values[1] + values[3] ** 2


@program(floats(1), smooth=True)
def sorted_by_a_key(x):
    pairs = [(2, x), (0, x * x), (1, 3.0)]
    ordered = sorted(pairs, key=lambda pair: pair[0])
    return ordered[0][1] * ordered[1][1] + ordered[2][1]


@program(floats(1), smooth=True)
def equal_keys_keep_their_order(x):
    ordered = sorted([x, x * x, 2.0], key=lambda v: 0, reverse=True)
    return ordered[0] + ordered[1] * ordered[2]


@program(floats(1), smooth=True)
def least_by_a_key(x):
    return min([x + 4.0, -x, 3.0], key=abs) * max([x, -x * x], key=lambda v: -v)


@program(normal((3,)), smooth=True)
def position_of_the_greatest(x):
    k = max(range(3), key=lambda i: x[i])
    return x[k] ** 2 + k * x[0]


@program(floats(1), smooth=True)
def key_with_the_greatest_value(x):
    scores = {"a": x, "b": 3 * x + 1}
    return scores[max(scores, key=scores.get)] * x


@program(floats(1), smooth=True)
def greatest_of_nothing(x):
    return max([], default=x * x) + min([x, 5.0], default=2.0)


@program(normal((4,)), smooth=True)
def filtered(x):
    kept = list(filter(lambda v: v > 0, x))
    return sum(kept) * x[0] + len(list(filter(None, [0.0, 1.0])))


@program(normal((4,)), smooth=True)
def loop_over_a_filter(x):
    total = 0.5
    for v in filter(lambda v: v > -0.5, x):
        total = total * v + v
    return total


@program(normal((3,)), smooth=True)
def loop_over_a_map(x):
    total = 1.0
    for v in map(lambda v: v * v + 1, x):
        total = total * v
    return total


@program(normal((3,)), smooth=True)
def reversed_as_a_list(x):
    backwards = list(reversed([x[0], x[1] * x[2], 2.0]))
    return backwards[0] * backwards[1] + backwards[2]


@program(normal((3,)), smooth=True)
def reduce_over_what_is_made_on_the_way(x):
    backwards = functools.reduce(lambda a, b: a * 1.5 + b, reversed(x))
    pairs = functools.reduce(lambda a, b: a + b[0] * b[1], zip(x, x[1:], strict=False), 2.0)
    return backwards * pairs + math.prod(v * v for v in x)


@program(normal((3,)), smooth=True)
def reduce_without_a_start(x):
    return functools.reduce(lambda a, b: a * b + a, [v * v for v in x])


@program(normal((2, 3)), smooth=True)
def elements_in_the_order_of_memory(A):
    turned = np.ravel((A * A).T, "K")
    return np.sum(turned**2 * np.arange(6.0)) + np.sum(A.T.flatten("A") * turned)


@program(normal((4,)), smooth=True)
def greatest_of_pairs(x):
    pairs = [(v * v, i) for i, v in enumerate(x)]
    best, place = max(pairs)
    last = min((np.sin(v), i) for i, v in enumerate(x))
    return best * x[place] + last[0] * x[last[1]] + max(zip(x, x[::-1]))[1] ** 2


@program(normal((4,)), smooth=True)
def best_so_far(x):
    best, found = (-math.inf, None), []
    for i, v in enumerate(x):
        best = max(best, (v * v, i))
        found.append((np.cos(v), i))
    return best[0] * x[best[1]] * min(found)[0]


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def greatest_of_tuples_and_lists(x, y, z):
    first = max((x, 1), (y * 2, 0), (z, 3))[0]
    return first**2 * min([x, y], [y, x * 3])[1] + sorted(zip((x, y), (z, x)))[0][1]
