"""Results of calls that show memory of an argument, and are written into."""

import numpy as np

from programs.registry import normal, program


def interior(u):
    return u[1:-1]


def row(A, i):
    return A[i]


def block(A, i, j):
    return A[i : i + 2, j : j + 2]


def halves(v):
    return v[:2], v[2:]


def entry(table, key):
    return table[key]


def as_a_row(A):
    return A.reshape(-1)


@program(normal((5,)), smooth=True)
def view_that_a_function_takes(x):
    u = x * 2.0
    inner = interior(u)
    inner += 0.1 * np.sin(inner)
    return np.sum(u * u)


@program(normal((5,)), smooth=True)
def view_that_is_filled_where_it_is_made(x):
    u = x * 2.0
    interior(u)[:] = x[0] * u[4]
    interior(u)[0] += x[1]
    return np.sum(u * u)


@program(normal((3,)), smooth=True)
def rows_of_a_loop(x):
    A = np.outer(x, x + 1.0)
    for i in range(3):
        one = row(A, i)
        one /= np.sum(one * one) + 1.0
    row(A, 1)[0] = x[2]
    return np.sum(A * x)


@program(normal((3,)), smooth=True)
def blocks_of_blocks(x):
    A = np.outer(x, x + 1.0)
    B = block(A, 0, 1)
    B *= 2.0 + B
    as_a_row(A)[3] = x[0]
    row(block(A, 1, 1), 0)[1] = x[1] * A[1, 1]
    return np.sum(A * A)


@program(normal((4,)), smooth=True)
def two_halves(x):
    v = x * 1.0
    low, high = halves(v)
    low[0] = high[1] * 2.0
    high *= low
    return np.sum(v * v)


@program(normal((4,)), smooth=True)
def tuple_that_is_taken_apart(x):
    v = x * 2.0
    both = v[:2], v[1:]
    first, second = both
    first[1] = x[2] * second[2]
    return np.sum(v * v) + second[0]


@program(normal((3,)), smooth=True)
def parameters_of_a_dict(x):
    p = {"w": x * 2.0, "b": x + 1.0}
    w, b = entry(p, "w"), entry(p, "b")
    for _ in range(2):
        w -= 0.1 * x * w
        b *= w
    return np.sum(p["w"] * p["b"])


@program(normal((3,)), smooth=True)
def state_of_a_closure(x):
    state = {"m": x * 1.0, "v": x * x}

    def slot(key):
        return state[key]

    m = slot("m")
    m *= 0.9
    v = slot("v")
    v += m * m
    return np.sum(state["m"] * state["v"])


class Grid:
    def __init__(self, values):
        self.values = values

    def inner(self):
        return self.values[1:-1]

    @property
    def ends(self):
        return self.values[:: len(self.values) - 1]


@program(normal((5,)), smooth=True, saves=False)
def views_of_an_object(x):
    grid = Grid(x * 2.0)
    grid.inner()[:] = x[0] * x[1:4]
    middle = grid.inner()
    middle *= x[4]
    grid.ends[0] = 3.0 * x[1]
    return np.sum(grid.values * x)
