"""Calls of which nothing is known may change what they are given; draws are new numbers."""

import bisect
import heapq
import operator
import random
from heapq import heappop

import numpy as np

from programs.registry import exactly, normal, positive, program


def mixed(order, rng):
    rng.shuffle(order)
    return order[0]


class Batches:
    def __init__(self, n):
        self.order, self.rng = np.arange(n), np.random.default_rng(3)

    def following(self):
        self.rng.shuffle(self.order)
        return self.order[:2]


@program(normal((4,)), smooth=True)
def epochs_in_shuffled_order(w):
    rng, order = np.random.default_rng(0), np.arange(4)
    for _ in range(3):
        rng.shuffle(order)
        for k in order:
            w = w - 0.1 * (k + 1) * np.sin(w[k]) * np.cos(w)
    return np.sum(w * w)


@program(normal((3,)), smooth=True)
def lists_that_are_shuffled(x):
    source, order = random.Random(0), [0, 1, 2]
    pairs = [(0, 1.0), (1, 2.0), (2, 3.0)]
    total = 0.0
    for _ in range(3):
        for k in order:
            total = total * x[k] + np.sin(x[k])
        source.shuffle(order)
        source.shuffle(pairs)
        for k, weight in pairs:
            total = total * 0.5 + weight * np.cos(x[k])
    return total


@program(normal((3,)), smooth=True, saves=False)
def constants_that_a_callee_shuffles(x):
    rng, order = np.random.default_rng(0), np.arange(3)
    total = np.sum(np.sin(x[order]) * np.arange(3))
    first = mixed(order, rng)
    batches = Batches(3)
    for _ in range(3):
        part = batches.following()
        total = total * 0.5 + np.sum(np.sin(x[part]) * np.arange(2))
    return total * (first + 1) + np.sum(x[order] ** 2 * np.arange(3))


@program(normal((3,)), smooth=True)
def views_and_second_names_of_what_is_shuffled(x):
    rng, weights = np.random.default_rng(0), np.arange(6.0)
    part, same = weights[1:4], weights
    total = np.sum(part * np.sin(x))
    rng.shuffle(part)
    rng.shuffle(weights)
    return total + np.sum(same[:3] * x**2) + np.sum(part * x**3)


@program(normal((3,)), smooth=True)
def heaps_of_constants(x):
    heap, total, seen = [3, 1, 2], 0.0, []
    heapq.heapify(heap)
    while heap:
        k = heappop(heap)
        bisect.insort(seen, k)
        for one in seen:
            total = total * x[one - 1] + np.sin(x[k - 1])
        if k == 1 and len(seen) < 3:
            heapq.heappush(heap, k + 1)
    return total * len(seen)


@program(normal((3,)), smooth=True)
def constants_changed_by_functions_of_operators(x):
    weights, listed = np.arange(3.0), [1.0, 2.0, 3.0]
    total = np.sum(weights * np.sin(x)) + listed[0] * x[0]
    np.multiply.at(weights, [1, 1], 3.0)
    operator.setitem(listed, 0, 5.0)
    list.insert(listed, 1, 0.5)
    return total + np.sum(weights * x**2) * listed[0] * listed[1]


@program(normal((3,)), smooth=True)
def numbers_drawn_into_an_array(x):
    rng, drawn, total = np.random.default_rng(1), np.empty(3), 0.0
    for _ in range(3):
        rng.standard_normal(out=drawn)
        total = total + np.sum(drawn * np.sin(x))
    return total


def noisy(x, rng, scale=0.1):
    noise = rng.normal(size=x.shape)
    noise *= scale
    return x + noise


@program(normal((3,)), smooth=True)
def draws_that_are_updated(x):
    rng, source = np.random.default_rng(2), np.random.RandomState(2)
    steps = rng.standard_normal(3)
    steps[1] = x[0] * x[1]
    order = rng.permutation(3)
    order[0], order[1] = order[1], order[0]
    kept = source.rand(*x.shape)
    shifted = noisy(x, np.random.default_rng(4)) + noisy(steps, rng)
    return np.sum(shifted[order] ** 2 * np.arange(3)) * np.sum(kept < 0.7)


@program(positive((3,)), smooth=True)
def places_of_results_by_position(x):
    summed, bounded, picked, rounded = np.empty(3), np.zeros(3), np.empty(2), np.arange(3.0)
    np.cumsum(x, 0, None, summed)
    np.clip(x**2, 0.01, 50.0, bounded)
    np.take(x, [0, 2], None, picked)
    np.round(x * 0.01, 0, rounded)
    return np.sum(bounded * summed) * picked[1] + np.sum(rounded + x)


@program(exactly(np.array([0.3, 1.2, -0.7]), np.arange(3.0)), smooth=True)
def arrays_that_are_perhaps_views(x, weights):
    same = np.array(weights, copy=None)
    same = same * 2.0
    doubled = np.array(same, copy=None)
    doubled[0] = 3.0
    return np.sum(same * np.sin(x)) + np.sum(np.array(x, dtype=float, copy=None) ** 2)
