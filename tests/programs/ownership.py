"""Values whose adjoints would share memory: sums, views and names that reach several places."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def sum_used_with_its_terms(x, y):
    z = x + y
    w = z + x
    return np.sum(z * w) + np.sum(x * w * y) + np.sum(z)


@program(normal((3,)), smooth=True)
def doubled_by_addition(x):
    y = x
    z = y + y
    w = z + y
    v = w + z + x
    return np.sum(v * w) + np.sum(x)


@program(normal((4,)), smooth=True)
def reshaped_and_used_again(x):
    y = x.reshape(2, 2)
    z = y.T
    a = np.sum(z * y) + np.sum(x * x * x)
    b = y.ravel()
    return a + np.sum(b * x) + np.sum(z[0] * b[1:3]) + np.sum(y)


@program(normal((3, 3), (3, 3)), wrt=(0, 1), smooth=True)
def transposed_and_used_again(A, B):
    C = A.T
    D = C + B
    E = D.T + A
    return np.sum(D * C) + np.sum(E * B) + np.sum(C)


@program(normal((3,)), smooth=True)
def reduced_and_used_again(x):
    total = np.sum(x)
    mean = np.mean(x)
    return total * mean + np.sum(x * x) + x[0] * total + np.sum(x[1:]) + np.sum(x)


@program(normal((2,), (3,)), wrt=(0, 1), smooth=True)
def joined_and_used_again(x, y):
    z = np.concatenate([x, y, x])
    w = np.concatenate([z, y])
    return np.sum(z * z * z) + np.sum(w * w) + np.sum(x * x) + np.sum(w[2:4])


@program(normal((4,)), smooth=True)
def split_and_used_again(x):
    a, b = np.split(x, 2)
    c = np.stack([a, b, a])
    d = a + b
    return np.sum(c * d) + np.sum(a * b) + np.sum(x * x) + np.sum(d)


@program(followed_by(normal((3,), (3,)), 4), wrt=(0, 1), smooth=True)
def butterfly(a, b, n):
    for _ in range(n):
        a, b = a + b, a - b
    return np.sum(a * a * b)


@program(followed_by(normal((3,), (3,)), 3), wrt=(0, 1), smooth=True)
def names_exchanged(a, b, n):
    c = a
    for _ in range(n):
        c = c + b
        a, b, c = c, a, b
    return np.sum(a * b) + np.sum(c * a)


@program(followed_by(normal((3,)), 4), smooth=True)
def same_addend_each_time(x, n):
    total = x
    for _ in range(n):
        total = total + x
    return np.sum(total * total) + np.sum(x)


@program(followed_by(normal((3,)), 3), smooth=True)
def kept_and_carried(x, n):
    y = x
    kept = x
    for i in range(n):
        kept = y
        y = y + kept
        if i == 1:
            y = kept
    return np.sum(y * kept * x)


def both(x, y):
    return x, x + y, x


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def callee_returns_one_value_twice(x, y):
    a, b, c = both(x, y)
    d = a + b
    return np.sum(a * b) + np.sum(c * d) + np.sum(d) + np.sum(x * y)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def callee_is_given_one_value_twice(x, y):
    a, b, c = both(x, x)
    e, f, _ = both(a, b)
    return np.sum(e * f) + np.sum(c * y)


@program(normal((3,)), smooth=True)
def one_value_in_a_list_twice(x):
    parts = [x, x * 2, x]
    first = parts[0] + parts[2]
    parts.append(first)
    total = np.sum(parts[3] * parts[1])
    for part in parts:
        total = total + np.sum(part * part)
    return total + np.sum(first)


@program(exactly(np.array([0.5, 1.5]), 1), exactly(np.array([0.5, 1.5]), 0), smooth=True)
def same_value_by_one_branch(x, n):
    y = x if n else x * 2
    z = y + x
    if n:
        z = y
    return np.sum(y * z) + np.sum(z) + np.sum(x * x)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def updated_by_its_own_sum(x, y):
    z = x * y
    w = z + x
    z += w
    w += z
    z += x
    return np.sum(z * w)


@program(normal((2, 3), (3,)), wrt=(0, 1), smooth=True)
def broadcast_sum_used_again(A, b):
    C = A + b
    D = C + A
    return np.sum(C * D) + np.sum(b * b) + np.sum(D + b) + np.sum(C)


@program(normal((3,)), smooth=True)
def tree_with_one_value_twice(x):
    tree = {"a": x, "b": (x, x + x)}
    y = tree["a"] + tree["b"][0]
    return np.sum(y * tree["b"][1]) + np.sum(tree["a"]) + np.sum(y)


@program(normal((3,), (3,)), smooth=True)
def returned_sum(x, y):
    z = x + y
    return z, z + x, y


@program(floats(2), normal((2,), (2,)), smooth=True)
def returned_as_it_came(x, y):
    return [x, {"y": y, "both": (x, y)}]


@program(normal((4,)), smooth=True)
def returned_views(x):
    y = x * x
    return y[1:], y.reshape(2, 2), y


@program(followed_by(normal((3,)), 3), smooth=True)
def last_of_a_growing_list(x, n):
    states = [x]
    for _ in range(n):
        states.append(states[-1] + x)
    return np.sum(states[-1] * states[0]) + np.sum(states[1] * x)


@program(normal((3, 4), (4,)), wrt=(0, 1), smooth=True)
def rows_joined_and_then_overwritten(h, w):
    """The tuple that is stored in each iteration shows rows that are written later."""
    rows = h * 1.0
    x = w
    for i in range(3):
        joined = np.concatenate((x, rows[i]))
        rows[i] = np.tanh(joined[:4] * joined[4:] + w)
        x = rows[i]
    return np.sum(rows * rows)


@program(normal((4,), (4,), (4,)), wrt=(0, 1, 2), smooth=True)
def added_as_a_whole_and_read_in_the_next_iteration(x, w, y):
    """The adjoint of `y` is handed on to the iteration before, in which that of `x` changes."""
    x, s = x.copy(), 0.0
    for _ in range(3):
        x[:] += y
        y = np.sin(w)
        s = s + np.sum(x[1:] ** 2)
    return s + np.sum(x * x)


@program(normal((5,)), smooth=True)
def product_of_slices_added_to_a_slice(u):
    """Both adjoints are made of that of the middle before either end of it changes."""
    u = u.copy()
    for _ in range(2):
        u[1:-1] += u[2:] * u[:-2]
    return np.sum(u**2)
