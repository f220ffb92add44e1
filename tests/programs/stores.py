"""Stores of every kind: elements, slices, masks, integer arrays, and functions that write."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program


@program(normal((5,), (5,)), wrt=(0, 1), smooth=True)
def every_operator_on_slices(x, y):
    z = np.exp(x)
    z[1:3] *= y[:2]
    z[0] /= 2 + y[1]
    z[2] **= 2
    z[3:] -= x[:2] * y[3:]
    z[::2] += x[::2]
    return np.sum(z * z)


@program(positive((4,), (4,)), wrt=(0, 1), smooth=True)
def powers_of_elements(x, y):
    z = x * 1.5
    z[1:] **= y[1:]
    z[0] **= y[3]
    return np.sum(z * x)


@program(normal((3, 3), (3, 3)), wrt=(0, 1), smooth=True)
def matrix_product_into_rows(A, B):
    C = A * 1.0
    C[:2] @= B
    return np.sum(C * A)


@program(normal((5,), (4,)), wrt=(0, 1), smooth=True)
def staircases_in_place(x, y):
    z = x * 3.0
    z[1:3] //= 0.7
    z[3] %= 1.3
    z[0] *= y[0]
    return np.sum(z * z)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def staircases_of_rows_and_elements(x, y):
    z, table = np.stack([x * 3.0, x * x]), {"a": x[0] * 3.0, "b": x * 2.0}
    row = z[0]
    for i in range(2):
        z[i] *= y[i]
        z[1] //= 1.7
        z[1, :2] *= row[:2] * x[:2]
    for k in table:
        table[k] //= 0.45
        table[k] *= y[1]
    return np.sum(z[0] * z[1] * x) + np.sum(table["a"] * table["b"] * x)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def last_writer_wins(x, y):
    z = x * 1.0
    z[[0, 0]] = y[:2]
    z[[1, 3, 1]] = x[1:] * y[1:]
    return np.sum(z * z)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def repeated_index_counts_once(x, y):
    z = x * 1.0
    z[[1, 1]] += y[2:]
    z[[2, 2]] *= y[:2]
    z[np.array([3, 3])] -= x[:2] * y[:2]
    return np.sum(z * z)


@program(normal((3, 2), (2, 2)), wrt=(0, 1), smooth=True)
def repeated_rows(A, B):
    C = A * A
    C[[0, 2, 0]] = np.concatenate([B, B[:1] * 2])
    C[[1, 1], [0, 0]] *= B[0]
    return np.sum(C**3)


@program(normal((4,), (3,)), wrt=(0, 1), smooth=True)
def adds_at_repeated_places(x, y):
    z = x * 1.0
    np.add.at(z, [0, 0, 1], y)
    np.subtract.at(z, np.array([2, 2]), y[:2] * x[:2])
    np.add.at(z, slice(1, 3), y[0])
    return np.sum(z * z)


@program(positive((4,), (6,)), wrt=(0, 1), smooth=True)
def factors_at_repeated_places(x, y):
    z = x * 1.0
    np.multiply.at(z, [0, 2, 2, 1, 2, 0], y)
    np.divide.at(z[1:], 0, y[0])
    np.power.at(z, np.array([True, False, True, False]), y[:2])
    np.negative.at(z, [1, 1, 3])
    return np.sum(z * z)


@program(normal((3, 2), (2, 3)), wrt=(0, 1), smooth=True)
def greatest_of_each_group(A, B):
    top = np.full((2, 3), -9.0)
    np.maximum.at(top, ([0, 1, 0], [0, 2, 2]), A[:, 0])
    np.minimum.at(top, (slice(0, 2), 1), B[:, 1])
    np.logaddexp.at(top, (0, [0, 0]), B[0, :2])
    return np.sum(np.where(top > -9, top, 0) ** 2)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def written_at_places_of_a_parameter_of_a_callee(x, y):
    z, w = x + 2, np.zeros(3)
    for k in range(3):
        scaled_at(z, [k, 0], y)
        w[k] = z[0]
    return np.sum(z * w)


def scaled_at(a, places, b):
    np.multiply.at(a, places, np.exp(b[:2]))


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def copies_where(x, y):
    z = x * 1.0
    np.copyto(z, y * y, where=np.array([True, False, False, True]))
    w = np.zeros(4)
    np.copyto(w, z)
    return np.sum(z * w)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def puts(x, y):
    z = x * 1.0
    np.put(z, [1, 2, 1], y[:3])
    z.put([0], y[3])
    np.putmask(z, np.array([False, True, False, True]), y * x)
    return np.sum(z * z)


@program(normal((3, 4), (4,)), wrt=(0, 1), smooth=True)
def diagonals_and_axes(A, y):
    B = A * A
    np.fill_diagonal(B, y[:3])
    np.put_along_axis(B, np.array([[1], [1], [3]]), A[:, :1] * 2.0, axis=1)
    return np.sum(B * B * A)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def sorts_in_place(x, y):
    z = x * y
    w = z * 1.0
    z.sort()
    return np.sum(z * w * y)


@program(normal((3, 2)), smooth=True)
def sorts_columns(A):
    B = np.exp(A)
    B.sort(axis=0)
    return np.sum(B * A)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def fills(x, y):
    z = x * 1.0
    z.fill(y[0])
    z[2] = x[1]
    return np.sum(z * z * y)


@program(normal((3,)), smooth=True)
def fills_with_a_number(x):
    y = x * 2
    y.fill(0.5)
    return np.sum(y * x)


@program(normal((3, 3)), smooth=True)
def zero_diagonal(A):
    B = A * A
    np.fill_diagonal(B, 0.0)
    return np.sum(B * A)


@program(positive((4,), (4,)), wrt=(0, 1), smooth=True)
def out_of_ufuncs(x, y):
    z = np.zeros(4)
    np.multiply(x, y, out=z)
    np.add(z[1:], x[1:], out=z[:-1])
    np.exp(z, z)
    return np.sum(z * z)


HOLED = (np.array([0.5, 1.5, -0.5]), np.array([2.0, 0.0, 0.7]), np.array([True, False, True]))


@program(exactly(*HOLED), wrt=(0, 1), smooth=True)
def divides_where_it_may(x, y, defined):
    z = x * 0.5
    np.divide(x, y, out=z, where=defined)
    return np.sum(z * z)


@program(normal((3, 4), (3,)), wrt=(0, 1), smooth=True)
def out_of_reductions(A, y):
    w = np.zeros(3)
    np.sum(A * A, axis=1, out=w)
    w *= y
    return np.sum(w * w)


@program(normal((2, 3), (3, 2)), wrt=(0, 1), smooth=True)
def out_of_products(A, B):
    C = np.zeros((3, 2, 2))
    for i in range(3):
        np.matmul(A * (i + 1.0), B, out=C[i])
    return np.sum(C * C)


@program(normal((5,), (5,)), wrt=(0, 1), smooth=True)
def masks(x, y):
    z = x * 1.0
    z[x > 0] *= y[x > 0]
    z[x < 0] = 0.0
    z[y > 0] += 2.0 * x[y > 0]
    return np.sum(z * z)


@program(normal((2, 2), (4,)), wrt=(0, 1), smooth=True)
def flat_elements(A, y):
    B = np.zeros((2, 2))
    B.flat[1:] = y[:3]
    B.flat[0] = A[0, 0] * A[1, 1]
    B.flat[[1, 3]] *= A[0]
    return np.sum(B * B)


@program(normal((4, 4)), smooth=True)
def lu_by_elements(A):
    L = A + 4.0 * np.eye(4)
    n = 4
    for k in range(n):
        for i in range(k + 1, n):
            L[i, k] /= L[k, k]
            for j in range(k + 1, n):
                L[i, j] -= L[i, k] * L[k, j]
    return np.sum(L * L)


@program(normal((4, 4)), smooth=True)
def lu_by_slices(A):
    L = A + 4.0 * np.eye(4)
    for k in range(4):
        L[k + 1 :, k] /= L[k, k]
        L[k + 1 :, k + 1 :] -= np.outer(L[k + 1 :, k], L[k, k + 1 :])
    return np.sum(L * L)


@program(normal((3, 3)), smooth=True)
def cholesky(A):
    S = A @ A.T + 3.0 * np.eye(3)
    L = np.zeros((3, 3))
    for j in range(3):
        L[j, j] = np.sqrt(S[j, j] - np.sum(L[j, :j] ** 2))
        for i in range(j + 1, 3):
            L[i, j] = (S[i, j] - np.sum(L[i, :j] * L[j, :j])) / L[j, j]
    return np.sum(L * L * L)


@program(followed_by(normal((5,), (5,)), 3), wrt=(0, 1), smooth=True, writes=True)
def gauss_seidel(x, b, sweeps):
    for _ in range(sweeps):
        for i in range(1, 4):
            x[i] = 0.5 * (x[i - 1] + x[i + 1] - b[i] * x[i])
    return np.sum(x * x)


@program(followed_by(normal((8,)), 4), smooth=True)
def heat(u, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += 0.2 * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


@program(normal((6,), ()), wrt=(0, 1), smooth=True, writes=True)
def overlapping_slices(x, a):
    x[1:] = a * x[:-1]
    x[0] = x[0] ** 2
    return np.sum(x * x)


@program(normal((6,)), smooth=True)
def cumulative(x):
    y = x * 1.0
    for i in range(1, 6):
        y[i] += y[i - 1] * x[i]
    return np.sum(y)


@program(normal((4, 3), (3,)), wrt=(0, 1), smooth=True)
def rows_and_columns(A, y):
    B = A.copy()
    B[1] = y * B[0]
    B[:, 0] *= A[:, 1]
    B[-1] += B[1]
    B[..., 2] = B[..., 0] * 2
    return np.sum(B * B)


@program(floats(2), wrt=(0, 1), smooth=True)
def table_of_numbers(x, y):
    z = np.empty((2, 2))
    z[0, 0] = x
    z[0, 1] = y * x
    z[1] = z[0] * y
    z[...] = z * z
    z[:] += x
    return np.sum(z)


@program(floats(2), wrt=(0, 1), smooth=True)
def list_elements(x, y):
    z = [x, y, x * y]
    z[0] *= y
    z[1] += z[0]
    z[2] = z[1] / 2
    z[2] **= 2
    return z[0] + z[1] * z[2]


@program(normal((3,)), smooth=True, writes=True)
def argument_updated_as_an_entry(x):
    tree = {"a": x}
    tree["a"] += 1.0
    return np.sum(tree["a"] * tree["a"])


@program(normal((3, 4)), smooth=True)
def store_by_place_and_partition(A):
    B = A * 2.0
    np.place(B, B > 0.5, A[0] ** 2)
    np.place(B, 1 - (B < 1.5), A[1])
    B[B < -1.0] *= A[0, 0]
    B.partition(1)
    return np.sum(B * B * np.arange(4.0))


@program(normal((7,), ()), wrt=(0, 1), smooth=True)
def slices_that_lie_over_each_other(u, c):
    u = u.copy()
    for _ in range(2):
        u[1:-1] += c * (u[2:] - 2 * u[1:-1] + u[:-2])
        u[2:] = np.sin(u[:-2]) * u[1:-1].mean()
    return np.sum(u**2)


@program(normal((6,), (1, 1)), wrt=(0, 1), smooth=True)
def a_value_with_an_axis_more(x, a):
    z = x * 2.0
    z[1:] = a * x[:-1]
    return np.sum(z * x)


@program(normal((4,), (3, 1)), wrt=(0, 1), smooth=True)
def a_product_that_is_larger_than_the_row(x, a):
    z = x * 2.0
    z[1:] @= a * z[:-1]
    return np.sum(z * x)


@program(normal((3, 5), (5,), (1,)), wrt=(0, 1, 2), smooth=True)
def rows_and_columns_of_a_field(A, b, c):
    F = A * A
    for i in range(1, 3):
        F[i, 1:] -= c * F[i - 1, :-1] * b[1:]
        F[:, i] += F[:, i - 1] * c
    return np.sum(F * A)


@program(normal((3,)), smooth=True)
def rows_filled_by_sums_of_as_many(x):
    t = np.ones((3, 3))
    t[2] = np.sum(x**2)
    t[:, 0] += np.sum(x * x) * 0.5
    t[0] *= np.dot(x, x)
    return np.sum(t * np.arange(9.0).reshape(3, 3))


@program(normal((5,)), smooth=True)
def slices_whose_ends_their_memory_names(x):
    y = x * 1.5
    y[int(y[0] > 0) + 1 :] *= y[0]
    y[int(y[1] > 9) : int(y[1] > 9) + 2] = y[1:3] * 2.0
    k = [3, 1]
    y[k[1] : k[0]] = y[0] * x[k[1] : k[0]]
    k[0] = 5
    y[k[1] : k[0]] += y[k[1]] * y[2]
    k.clear()
    return np.sum(y * x)


@program(normal((3, 4)), smooth=True)
def what_stands_in_an_index_is_computed_once(A):
    B = A * 1.5
    k = [2, 1, 0, 1]
    B[k.pop(), int(B[0, 0] > 9)] *= A[0, 0]
    B[k.pop(), int(B[0, 1] > 9) : k.pop() + 1] = A[1, 1] ** 2
    rng = np.random.default_rng(3)
    B[rng.integers(3), int(B[1, 1] > 9)] += A[2, 0] * A[1, 0]
    return np.sum(B * B) * len(k)


@program(normal((3, 4)), smooth=True)
def indices_are_read_from_the_left(A):
    B = A * 1.5
    k = [2, 1, 0, 1, 2]
    B[k[0], k.pop(0)] = A[0, 0] ** 2
    B[k[0] : k.pop(0) + 1, k[0]] = A[k[-1], k.pop()] ** 2
    return np.sum(B * A) + B[k[0], k.pop(0)] * B[k[-1], k.pop()]
