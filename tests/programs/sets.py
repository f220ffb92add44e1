"""Sets of constants and the keys of dicts, which are compared and combined as sets are."""

import numpy as np

from programs.registry import exactly, floats, normal, program

WEIGHTS = {"a": 0.3, "b": 0.7}


@program(normal((4,)), smooth=True)
def the_rest_of_the_positions(x):
    fixed = {0, 2}
    free = sorted(set(range(len(x))) - fixed)
    rest = set(range(4)).difference(free)
    other = np.array(list(rest))
    return np.sum(x[free] ** 2) * np.sum(np.sin(x[other]))


@program(normal((4,)), smooth=True)
def operators_of_sets(x):
    first, second = set([0, 1]), {1, 2}
    total = 0.0
    for i in first | second:
        total = total + x[i] ** 2
    for i in first & second:
        total = total * x[i]
    for _, i in enumerate({k + 1 for k in first ^ second}):
        total = total + x[i]
    return total * len(first | second)


@program(normal((3,)), smooth=True)
def sets_are_compared_as_sets(x):
    if {2} < {1, 2} and set([2]) <= set([1, 2]) and set("abc") == set("cba"):
        return np.sum(x * x)
    return np.sum(x)


@program(normal((4,)), smooth=True)
def loop_over_a_set_that_is_made_there(x):
    labels = np.array([0, 1, 1, 0])
    total = 0.0
    for label in set(labels.tolist()):
        total += np.mean(x[labels == label]) ** 2
    return total + sum(x[i] ** 3 for i in set([0, 1, 1]))


@program(exactly(WEIGHTS), smooth=True)
def keys_are_compared_as_a_set(p):
    if p.keys() == {"b", "a"} and p.keys() >= {"b"}:
        return p["a"] ** 2 * p["b"]
    return p["a"]


@program(exactly(WEIGHTS), smooth=True)
def items_are_compared_as_a_set(p):
    first, second = {"p": 1, "q": 2}, {"q": 2, "p": 1}
    if first.items() == second.items() and ("p", 1) in first.items():
        return p["a"] ** 2 * p["b"]
    return p["a"]


@program(exactly(WEIGHTS), smooth=True)
def keys_without_some(p):
    doubled = {k: 2.0 * v for k, v in p.items()}
    doubled["c"] = p["a"] * p["b"]
    total = 1.0
    for k in doubled.keys() - p.keys():
        total = total * doubled[k]
    for k in sorted(set(doubled) & {"a", "c"}):
        total = total + doubled[k] ** 2
    return total


@program(exactly(WEIGHTS), smooth=True)
def keys_under_a_name(p):
    keys = p.keys()
    total = 0.0
    for i, k in enumerate(keys):
        total = total * 2.0 + p[k] ** 2 * (i + 1)
    first, last = keys
    return total * len(keys) + p[first] * p[last] * ("a" in keys)


@program(floats(2), wrt=(0, 1), smooth=True)
def key_that_is_a_frozen_set(x, y):
    pairs = {frozenset([0, 1]): x * y, frozenset([1, 2]): y}
    return pairs[frozenset((1, 0))] ** 2 * pairs[frozenset([2, 1])]
