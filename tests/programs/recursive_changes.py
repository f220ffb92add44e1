"""Functions that call themselves and change a list or dict that they get, or that an object has."""

import numpy as np

from programs.registry import floats, normal, positive, program


def fibonacci(n, x, memo):
    if n in memo:
        return memo[n]
    if n < 2:
        return x**n
    memo[n] = fibonacci(n - 1, x, memo) + x * fibonacci(n - 2, x, memo)
    return memo[n]


@program(positive((3,)), saves=False, smooth=True)
def memo_as_a_parameter(x):
    return np.sum(fibonacci(6, x, {}))


@program(positive((3,)), saves=False, smooth=True)
def memo_that_is_used_again(x):
    memo, total = {}, 0.0
    for n in range(5):
        total = total + n * np.sum(fibonacci(n, x, memo))
    return total * len(memo) + np.sum(memo[3])


def stirling(n, k, x, memo=None):
    if memo is None:
        memo = {}
    if k in (0, n):
        return x
    if (n, k) not in memo:
        memo[n, k] = x * stirling(n - 1, k - 1, x, memo=memo) + k * stirling(n - 1, k, x, memo)
    return memo[n, k]


@program(positive((2,)), saves=False, smooth=True)
def memo_that_is_left_out(x):
    return np.sum(stirling(5, 2, x) * stirling(4, 2, x))


class Holder:
    def __init__(self):
        self.memo = {}


@program(positive((2,)), saves=False, smooth=True)
def memo_of_an_attribute(x):
    holder = Holder()
    y = fibonacci(4, x, holder.memo)
    return np.sum(y * holder.memo[3]) * len(holder.memo)


def weighed(n, x, memo, f, *, k=2.0):
    if n in memo:
        return memo[n]
    memo[n] = f(k * x) if n == 0 else weighed(n - 1, x, memo, f, k=k + 1) * x
    return memo[n]


@program(normal((3,)), saves=False, smooth=True)
def functions_and_options_beside_a_memo(x):
    return np.sum(weighed(2, x, {}, np.sin) + weighed(1, x, {}, lambda v: v * x, k=0.5))


class Node:
    def __init__(self, value, children):
        self.value, self.children = value, children


def collect(node, found):
    found.append(node.value)
    for child in node.children:
        collect(child, found)


@program(normal((4,)), saves=False, smooth=True)
def values_of_a_tree(x):
    found = [x[3]]
    collect(Node(x[0], [Node(x[1] * x[0], []), Node(x[2], [])]), found)
    collect(Node(x[1], []), found)
    return sum((i + 1) * v * v for i, v in enumerate(found))


class Legendre:
    def __init__(self, x):
        self.x, self.known = x, {0: 1.0, 1: x}

    def at(self, n):
        if n not in self.known:
            before = self.at(n - 2)
            self.known[n] = ((2 * n - 1) * self.x * self.at(n - 1) - (n - 1) * before) / n
        return self.known[n]


@program(floats(1), saves=False)
def polynomials_that_an_object_keeps(x):
    legendre = Legendre(x)
    return legendre.at(4) * legendre.at(3) + len(legendre.known)


class Chain:
    def __init__(self, sizes):
        self.sizes, self.costs = sizes, {}

    def __call__(self, i, j):
        if i == j:
            return 0.0
        if (i, j) in self.costs:
            return self.costs[i, j]
        best = None
        for k in range(i, j):
            ends = self.sizes[i] * self.sizes[k + 1] * self.sizes[j + 1]
            cost = self(i, k) + self(k + 1, j) + ends
            if best is None or cost < best:
                best = cost
        self.costs[i, j] = best
        return best


@program(positive((5,)), saves=False)
def costs_of_a_chain(sizes):
    chain = Chain(sizes)
    return chain(0, 3) + 0.5 * sum(chain.costs.values())


def deep(n, x, memo, table):
    if n not in memo:
        memo[n] = x if n == 0 else deep(n - 1, x, memo, table) * x + len(table)
    return memo[n]


@program(normal((2,)), saves=False, may_refuse=True)
def memo_under_a_second_name(x):
    memo = {}
    return np.sum(deep(3, x, memo, memo)) + np.sum(deep(3, x, {}, [memo]))


def grows(n, x, found):
    found.append(x * n)
    found[0] = found[0] * x
    if n:
        grows(n - 1, x, found)


@program(normal((2,)), saves=False, may_refuse=True)
def list_that_grows_and_changes(x):
    found = [x]
    grows(3, x, found)
    return np.sum(sum((i + 1) * v for i, v in enumerate(found)))
