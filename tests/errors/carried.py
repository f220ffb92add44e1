"""Nested functions that change variables of the function around, where that is not understood."""

import functools

import numpy as np

from errors.registry import refused


@refused("UnsupportedSyntax", 1.5)
def passed_on(x):
    n = 0

    def f(v):
        nonlocal n
        n += 1
        return v * n

    def twice(g, v):
        return g(g(v))

    return twice(f, x)  # error[nonlocal]: `f` changes variables of this function


@refused("UnsupportedSyntax", 1.5)
def called_by_a_lambda(x):
    n = 0

    def f(v):
        nonlocal n
        n += 1
        return v * n

    g = lambda v: f(v) * 2  # error[nonlocal]: `f` changes variables of this function
    return g(x)


@refused("UnsupportedSyntax", 1.5)
def read_by_a_lambda(x):
    n = x
    g = lambda v: v * n  # error[nonlocal]: `n` is read by a function that is a value

    def f(v):
        nonlocal n
        n = n * v
        return g(v)

    return f(2.0) + g(x)


@refused("UnsupportedSyntax", 1.5)
def called_under_a_try(x):
    n = 0

    def f(v):
        nonlocal n
        n += 1
        if v < 0:
            raise ValueError
        return v

    try:
        y = f(x)  # error[nonlocal]: `f` is called under a `try`
    except ValueError:
        y = 0.0
    return y * n


@refused("UnsupportedSyntax", 1.5)
def added_to_what_it_changes(x):
    total = x

    def f(v):
        nonlocal total
        total = total * v
        return total

    total += f(x)  # error[nonlocal]: `total` is changed by what is added to it
    return total


@refused("UnsupportedSyntax", 1.5)
def bound_by_it_alone(x):
    def start(v):
        nonlocal state
        state = v

    start(x)  # error[nonlocal]: `state` is not bound in front of the call of `start`
    state = state * 2 if x > 0 else x  # noqa: F821
    return state


@refused("UnsupportedSyntax", 1.5)
def another_variable_of_that_name(x):
    t = x

    def f(v):
        nonlocal t
        t = t * v
        return t

    def g(v):
        t = v * 3
        return f(t) + t  # error[nonlocal]: `f` changes `t`, which is another variable here

    return g(x) * t


@refused("UnsupportedSyntax", 1.5)
def variable_of_a_comprehension(x):
    t = x

    def f(v):
        nonlocal t
        t = t * v
        return t

    return sum([f(t) for t in (1.0, 2.0)]) * t  # error[nonlocal]: two variables of one name


@refused("UnsupportedSyntax", 1.5)
def function_of_a_function(x):
    def make():
        n = 0

        def f(v):
            nonlocal n  # error[nonlocal]: `nonlocal`
            n += 1
            return v * n

        return f

    total = 0.0
    for _ in range(2):
        f = make()
        total = total + f(x) + f(x * x)
    return total


@refused("UnsupportedSyntax", 1.5)
def variable_of_two_functions_around(x):
    n = x

    def outer(v):
        def inner(u):
            nonlocal n  # error[nonlocal]: `nonlocal`
            n = n * u

        inner(v)
        return v

    return outer(x) * n


@refused("UnsupportedSyntax", 1.5)
def memo_under_two_names(x):
    memo = {}
    cache = memo

    def f(n):
        if n not in memo:
            memo[n] = x if n < 2 else f(n - 1) + f(n - 2)  # error[callee-store]
        return memo[n]

    return f(4) + cache[3]


@refused("UnsupportedSyntax", 1.5)
def memo_that_is_returned(x):
    memo = {}

    def f(n):
        memo[n] = x * n
        if n > 0:
            f(n - 1)  # error[callee-store]
        return memo

    kept = f(3)
    f(4)
    return kept[4] * kept[0]


@refused("UnsupportedSyntax", 1.5)
def memo_changed_in_a_loop_over_it(x):
    memo = {0: x, 1: x * x}

    def f(n):
        memo[1] = memo[1] * x
        if n > 0:
            f(n - 1)  # error[callee-store]
        return memo[0]

    total = 0.0
    for v in memo.values():
        total = total + v * f(2)
    return total


@refused("UnsupportedSyntax", 1.5)
def entries_of_entries_by_a_recursion(x):
    grid = [[x, x * x], [1.0, 2.0]]

    def f(n):
        grid[0][n % 2] = grid[0][n % 2] * x
        if n > 0:
            f(n - 1)  # error[callee-store]: writes into its argument `grid`
        return grid[0][0]

    return f(3) * grid[0][1]


@refused("UnsupportedSyntax", np.ones(3))
def view_changed_by_a_recursion(x):
    y = x * 2

    def f(n):
        part = y[:2]
        part[n % 2] = part[n % 2] * x[1]
        if n > 0:
            f(n - 1)  # error[callee-store]: writes into its argument `y`
        return part[0]

    return f(3) * y[1]


@refused("UnsupportedSyntax", 1.5)
def results_kept_for_calls_that_differ(x):
    s = x

    @functools.cache
    def f(i, k=0):  # error[cache]: `f` keeps its results, and reads or gives what may change
        return s * i

    a = f(1)
    s = x * x
    return a + f(1, 0)


@functools.cache
def kept_outside(x):
    return [x]


@refused("UnsupportedSyntax", 1.5)
def what_was_kept_is_changed(x):
    values = kept_outside(x)
    values.append(x)  # error[cache]: this changes what a function gave that keeps its results
    return sum(kept_outside(x))
