"""Recursive functions, which stop by an early return."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(followed_by(floats(1), 4), followed_by(floats(1), 0), smooth=True)
def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


@program(followed_by(floats(1), 5), smooth=True)
def fibonacci_of_numbers(x, n):
    if n < 2:
        return x * n + x * x
    return fibonacci_of_numbers(x, n - 1) * 0.5 + fibonacci_of_numbers(x, n - 2) * x


@program(normal((6,)), normal((1,)), smooth=True)
def sum_by_halves(x):
    n = len(x)
    if n == 1:
        return x[0] * x[0]
    return sum_by_halves(x[: n // 2]) * 1.5 + sum_by_halves(x[n // 2 :])


@program(exactly(((1.5, 0.5), (2.5, (0.7, 1.1)))), exactly(2.0), smooth=True)
def product_of_leaves(tree):
    if isinstance(tree, tuple):
        return product_of_leaves(tree[0]) * product_of_leaves(tree[1])
    return tree


def even(x, n):
    if n == 0:
        return x
    return odd(np.sin(x), n - 1) * x


def odd(x, n):
    if n == 0:
        return x * x
    return even(x * 2, n - 1) + x


@program(followed_by(floats(1), 5), followed_by(floats(1), 4), smooth=True)
def mutual_recursion(x, n):
    return even(x, n) + odd(x, n)


@program(exactly(9.7), exactly(0.3), smooth=True)
def stops_by_value(x):
    if x < 1:
        return x * x
    y = stops_by_value(x / 2)
    return y * x


@program(followed_by(normal((2, 2)), 5), followed_by(normal((2, 2)), 2), smooth=True)
def matrix_power(A, n):
    def power_of(B, k):
        if k == 1:
            return B
        half = power_of(B, k // 2)
        if k % 2 == 0:
            return half @ half
        return half @ half @ B

    return np.sum(power_of(A, n))


@program(followed_by(normal((3,)), 3), smooth=True)
def accumulator(x, n, total=0.0):
    if n == 0:
        return total
    return accumulator(x * 0.5, n - 1, total + np.sum(x * x))


@program(exactly([0.5, [1.5, 2.5], [[0.7]]]), smooth=True)
def sum_of_a_nested_list(tree):
    if isinstance(tree, float):
        return tree * tree
    total = 0.0
    for branch in tree:
        total = total + sum_of_a_nested_list(branch)
    return total * 1.5


def countdown(n, x):
    if n == 0:
        return []
    return [x * n] + countdown(n - 1, x)


@program(floats(2), wrt=(0, 1))
def lists_joined_on_the_way_back(x, y):
    xs = countdown(3, x) + countdown(2, y)
    return xs[0] * xs[4] * len(xs) + sum(countdown(2, x * y))


def flat(part):
    if not isinstance(part, list):
        return [part]
    out = []
    for one in part:
        out = out + flat(one)
    return out


@program(floats(3), wrt=(0, 1, 2))
def nested_lists_made_flat(x, y, z):
    total = 1.0
    for v in flat([x, [y, [z * x]], y]):
        total = total * v + x
    return total


def quicksorted(xs):
    if len(xs) < 2:
        return xs
    pivot = xs[0]
    less = quicksorted([v for v in xs[1:] if v < pivot])
    return less + [pivot] + quicksorted([v for v in xs[1:] if v >= pivot])


@program(floats(3), wrt=(0, 1, 2))
def sorted_by_recursion(x, y, z):
    a, b, c = quicksorted([x, y, z])
    return a * b + c * c


def pair(x):
    return [x, x * x]


@program(floats(2), wrt=(0, 1))
def lists_of_functions_joined(x, y):
    xs = [x, x]
    xs += pair(y)
    ys = [y] + pair(x * y) + xs
    return ys[2] * ys[3] * xs[3]


def halved(n, w):
    return w * w if n == 0 else halved(n - 1, w * 0.5)


def up(n, w):
    return np.sin(w) if n == 0 else down(n - 1, w)


def down(n, w):
    return w * 2.0 if n == 0 else up(n - 1, w * w)


@program(normal((3,)), smooth=True)
def results_of_recursions_written_into(w):
    r, s = halved(3, w), up(2, w)
    r[0] *= s[1]
    s[1:] -= r[:2]
    return np.sum(r * s * w)
