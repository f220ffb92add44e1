"""Functions that write into their arguments: through the name, through a view, in loops, twice."""

import numpy as np

from programs.registry import followed_by, normal, positive, program


def set_first(u, value):
    u[0] = value


def scale(u, k):
    u *= k
    return u


def smooth(u, steps):
    for _ in range(steps):
        u[1:-1] = 0.25 * u[:-2] + 0.5 * u[1:-1] + 0.25 * u[2:]
        u[0] = u[1] * u[1]


def factor(A):
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, A.shape[0]):
            A[i, j] -= A[i, :i] @ A[:i, j]


def twice(u, v):
    smooth(u, 2)
    set_first(v, u[1])


def count_down(u, n):
    if n == 0:
        return u[0]
    u[n] = u[n] * u[0]
    return u[n] * 2.0


def collect(found, x):
    found.append(x * x)
    found[0] = found[-1] * 2.0


def fill_entry(table, key, x):
    table[key] = table["a"] * x


@program(normal((3,)), smooth=True)
def element_set(x):
    y = x * x
    set_first(y, x[1] * x[2])
    return np.sum(y * x)


@program(followed_by(normal((5,)), 2), followed_by(normal((5,)), 0), smooth=True)
def steps_in_place(x, steps):
    u = x.copy()
    smooth(u, steps)
    return np.sum(u * u)


@program(normal((3,)), writes=True, smooth=True)
def its_own_argument_handed_on(x):
    set_first(x, x[1] * x[1])
    return np.sum(x * x)


@program(positive((3, 3)), smooth=True)
def factorised_in_place(A):
    B = A + 3.0 * np.eye(3)
    factor(B)
    return np.sum(B * B)


@program(normal((3, 3)), may_refuse=True, smooth=True)
def row_of_a_matrix(x):
    y = x * 2.0
    set_first(y[1], x[0, 0] * x[2, 2])
    smooth(y[2], 1)
    return np.sum(y * y * x)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def one_writes_what_the_other_reads(x, z):
    u, v = x * 1.0, z * 1.0
    twice(u, v)
    return np.sum(u * v) + u[0] * v[0]


@program(normal((4,)), smooth=True)
def same_array_for_both(x):
    u = x * 1.0
    twice(u, u)
    return np.sum(u * u * x)


@program(normal((4,)), smooth=True)
def called_in_a_loop(x):
    u = x * 1.0
    for i in range(3):
        set_first(u, u[i] * u[1])
        total = np.sum(u)
    return total * u[0]


@program(normal((4,)), smooth=True)
def called_in_a_branch(x):
    u = x * 1.0
    if x[0] < 100.0:
        smooth(u, 1)
    else:
        set_first(u, 1.0)
    return np.sum(u * x)


@program(followed_by(normal((4,)), 2), followed_by(normal((4,)), 0), smooth=True)
def early_return_after_a_store(x, n):
    u = x * 1.0
    value = count_down(u, n)
    return value * np.sum(u)


@program(normal((3,)), smooth=True)
def what_it_reads_before(x):
    u = x * 1.0
    before = u[0] * u[1]
    set_first(u, u[2])
    return before * u[0] + u[0] * u[1]


@program(normal((3,)), smooth=True)
def list_that_grows(x):
    found = [x]
    collect(found, x * 3.0)
    collect(found, found[1])
    return np.sum(found[0] * found[1] + found[2])


@program(normal((3,)), smooth=True)
def dict_that_is_filled(x):
    table = {"a": x}
    fill_entry(table, "b", x)
    fill_entry(table, "a", table["b"])
    return np.sum(table["a"] * table["b"])


@program(normal((3,)), smooth=True)
def nested_function_that_writes(x):
    u = np.zeros(3)

    def put(i, value):
        u[i] = value * x[i]

    for i in range(3):
        put(i, x[2 - i])
    return np.sum(u * u)


@program(normal((3,)), may_refuse=True, smooth=True)
def result_and_store(x):
    u = x * x
    w = scale(u[1:], 3.0)
    return np.sum(w * x[1:]) + np.sum(u)


def add_to(u, v):
    u += v


@program(normal((3,), (3,)), wrt=(0, 1), may_refuse=True, smooth=True)
def update_in_a_helper(x, z):
    u = x * z
    add_to(u, z * z)
    return np.sum(u * x)


@program(normal((3,), ()), wrt=(0, 1), smooth=True)
def update_of_a_number_in_a_helper(x, z):
    u = float(z) * 2.0
    add_to(u, x[0])
    w = z * 1.0
    add_to(w, x[1])
    return u * np.sum(x) * w


@program(normal((3,)), may_refuse=True, smooth=True)
def second_name_of_an_array_updated(x):
    y = x * 1.0
    z = y
    y += x
    z *= y
    return np.sum(z * y * x)


@program(normal((3,)), may_refuse=True, smooth=True)
def second_name_updated_in_a_loop(x):
    y = z = x * 1.0
    for i in range(3):
        y += z * x[i]
        z -= 0.1 * y
    return np.sum(z * y)


def puts_last(x, v):
    x[-1] = 1.5 * v
    return v * v


class Held:
    def __init__(self, w):
        self.w = w

    def put(self, v):
        self.w = v * 3
        return v * v


@program(normal((3,)))
def element_updated_by_what_writes_it(x):
    y = x * 1.0
    y[-1] += puts_last(y, x[0])
    entries = [x[0], x[1]]
    entries[1] *= puts_last(entries, x[2])
    return np.sum(y * y) * entries[1]


@program(normal((3,)), saves=False)
def attribute_updated_by_what_sets_it(x):
    held = Held(x[0])
    held.w += held.put(x[1])
    return held.w * x[2]


@program(normal((3, 4)))
def slices_updated_by_what_a_callee_writes(x):
    y = x * 1.0
    y[:, :1] += puts_last(y[0], x[0, 1])
    y[1:, 1] *= puts_last(y[1], x[0, 2])
    y[[0, 1], :2] += puts_last(y[1], x[2, 2])
    return np.sum(y * y)


def plus(u, v):
    return u + v


@program(normal((3,)), smooth=True)
def an_element_and_its_array_together(x):
    y = x * x
    z = y[1]
    y[1] -= 1.0
    both = plus(z, y)
    return np.sum(both * both)


@program(normal((3, 3)), smooth=True)
def a_row_and_its_array_together(x):
    y = x * x
    row = y[1]
    y[1] *= 2.0
    both = plus(row, y) * plus(y, row)
    return np.sum(both * x)
