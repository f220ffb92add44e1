"""Views that are written to, and bases that are written to while a view is in use."""

import numpy as np

from programs.registry import normal, program


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def view_scaled(x, y):
    z = x * y
    v = z[1:4]
    v *= 2.0
    v += y[:3]
    return np.sum(z * z * x)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def view_needs(x, y):
    z = x * y
    w = z * z
    v = z[1:4]
    v *= x[:3]
    u = v * v
    z[2] = y[0] * z[1]
    return np.sum(z * z * x) + np.sum(w) + np.sum(u * v)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def rows_as_loop_variables(A, y):
    B = A * A
    for row in B:
        row -= row[0] * y[:4]
        row *= 2.0
    return np.sum(B * B)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def elimination_by_rows(A, y):
    B = A[:, :3] * 1.0 + 3 * np.eye(3)
    for k in range(3):
        p = B[k]
        for i in range(k + 1, 3):
            row = B[i]
            f = row[k] / p[k]
            row -= f * p
    return np.sum(B * B)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def transposed_view(A, y):
    B = A * 1.0
    C = B.T
    C[0] *= y[0]
    C += 1.0
    B[0] = B[1] * C[2, 0]
    return np.sum(C * C) + np.sum(B)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def reshaped_views(A, y):
    B = A * 1.0
    v = B.reshape(6, 2)
    v[1] *= y[:2]
    w = B.T.reshape(12)
    w *= 3.0
    r = B.ravel()
    r[3:5] = r[:2] * y[1]
    return np.sum(B * B) + np.sum(v) + np.sum(w * w)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def diagonal_sees_the_store(A, y):
    B = A[:, :3] * 1.0
    d = B.diagonal()
    e = d * d
    B[1, 1] = y[0]
    return np.sum(d * e) + np.sum(B)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def zero_dimensional_view(x, y):
    z = x * 1.0
    v = z[2, ...]
    v *= y[0]
    u = z[3]
    u *= 5.0
    return np.sum(z * z) + u


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def views_of_views(x, y):
    z = x * y
    v = z[1:5]
    w = v[::2]
    w *= y[:2]
    v -= w[0]
    u = w[1:]
    u += x[:1]
    return np.sum(z * z) + np.sum(v * v)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def views_in_branches_and_loops(x, y):
    z = x * y
    v = z[1:5]
    for i in range(3):
        if y[i] > 0:
            v *= y[i]
        else:
            z[i] = v[0] * v[1]
        w = v[:2]
        w += z[4]
    return np.sum(z * z)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def overlapping_views(x, y):
    z = x * y
    v = z[1:]
    w = z[:-1]
    v *= w
    w += v * y[1:]
    v -= w
    return np.sum(z * z)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def view_times_itself(x, y):
    z = x * y
    v = z[1:4]
    v *= v
    v /= y[:3]
    v **= 2
    return np.sum(z * x)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def columns(A, y):
    B = A * 1.0
    for j in range(4):
        c = B[:, j]
        c /= np.sum(c)
        if j > 0:
            c -= B[:, j - 1]
    return np.sum(B * A)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def gram_schmidt(A, y):
    A = A + np.eye(3, 4)
    Q = A.T[:, :3] * 1.0
    for j in range(3):
        q = Q[:, j]
        for k in range(j):
            q -= np.sum(Q[:, k] * q) * Q[:, k]
        q /= np.sqrt(np.sum(q * q))
    return np.sum(Q * A.T * y[:4, None])


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def view_updated_in_a_loop(x, y):
    z = x * 1.0
    v = z[2:4]
    s = 0.0
    for i in range(4):
        s += np.sum(v * v)
        v += y[i]
        s *= z[2]
    return s


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def reversed_views(x, y):
    z = x * 1.0
    v = z[::-1]
    v[0] = y[0]
    v[1:] *= z[0]
    f = np.flip(z)
    f += y
    return np.sum(z * z)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def unpacked_rows_kept(A, y):
    A = A[:2] * 1.0
    a, b = A
    z = a * a
    A[0] = 0.0
    return np.sum(z) + np.sum(A)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def rows_of_two_matrices(A, y):
    B = A * 1.0
    C = A * 2.0
    for b, c in zip(B, C):
        b *= c
        c[0] = b[1]
    return np.sum(B * C)


@program(normal((3, 4), (6,)), wrt=(0, 1), smooth=True)
def rows_with_their_index(A, y):
    B = A * 1.0
    for i, b in enumerate(B):
        b *= y[i]
        B[i, 0] = b[1] * b[2]
    return np.sum(B * B)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def views_in_nested_loops(x, y):
    z = x * 1.0
    a = z[:3]
    for i in range(2):
        b = z[i : i + 3]
        for j in range(3):
            c = b[j:]
            c *= y[j]
            a += c[0] * y[i]
        z[4] = a[0] * b[1]
    return np.sum(z * z)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def elements_of_a_view_in_a_branch(x, y):
    z = x * y
    v = z[:4]
    s = 0.0
    for i in range(4):
        if v[i] < 0:
            v[i] *= -1.0
        s += np.sum(z[: i + 1] * v[i])
    return s


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def masks_of_views(x, y):
    z = x * y
    v = z[1:]
    v[v > 0] *= 2.0
    m = z < 0
    z[m] = y[m]
    return np.sum(v * v) + np.sum(z)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def methods_on_views(x, y):
    z = x * y
    v = z[1:4]
    v.sort()
    z[0] = v[0]
    np.negative(z, out=z)
    v.fill(y[1])
    return np.sum(z * z * x)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True, writes=True)
def view_of_one_path_alone(x, y):
    b = y
    if np.sum(x) > 100.0:
        for v in b[2:]:
            v += 1.5
    z = b
    z /= 1.5
    return np.sum(z * x)


@program(normal((3, 4)), smooth=True)
def row_that_its_own_memory_names(A):
    B = A * 1.5
    row = B[int(np.argmax(B[:, 0]))]
    row *= 3.0
    other = B[int(B[1, 1] > 0)]
    other *= row
    return np.sum(B * B * A)


@program(normal((3, 4)))
def slices_that_their_own_memory_names(A):
    B = A * 1.5
    part = B[: int(np.argmax(B[0, 1:])) + 1]
    part *= A[0, 0]
    large = B[B > 0.5]
    large *= 2.0
    columns = B[:, B[0] > 0.0]
    columns *= columns
    last = B[len(B) - 1]
    last *= part[0]
    return np.sum(B * A) + np.sum(large) + np.sum(columns)


@program(normal((3, 4)), smooth=True)
def row_of_a_list_that_a_row_names(A):
    rows = [A[0] * 1.0, A[1] * 2.0, A[2] * 1.0]
    row = rows[np.argmin(rows[0]) % 3]
    row *= 3.0
    for i in range(2):
        other = rows[int(row[i] > 0)]
        other *= A[i]
    return np.sum(rows[0] * rows[1] * rows[2])


@program(normal((3, 4)))
def contiguous_or_as_it_is(A):
    B = A * 1.5
    same = np.ascontiguousarray(B)
    same += A
    turned = np.ascontiguousarray(B.T)
    turned *= B.T
    columns = np.asarray(B, order="F")
    columns *= B
    made = np.asarray(B, copy=True)
    made *= B
    back = np.require(B, requirements="F")
    back += B
    return np.sum(B * turned.T * columns) + np.sum(made * back)
