"""Counted loops and loops over things: what is carried, overwritten, and read afterwards."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program


@program(followed_by(floats(1), 5), followed_by(floats(1), 0), smooth=True)
def repeated_product(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


@program(
    followed_by(normal((4,), (4,)), 5), followed_by(normal((4,), (4,)), 0), wrt=(0, 1), smooth=True
)
def recurrence(x, y, n):
    for _ in range(n):
        y = y * x + np.sin(y)
    return np.sum(y)


@program(followed_by(normal((3,)), 4), followed_by(normal((3,)), 0), smooth=True)
def sum_of_powers(x, n):
    total = 0.0
    for i in range(n):
        total = total + np.sum(x**i) / (i + 1)
    return total


@program(normal((6,)), normal((1,)), normal((0,)), smooth=True)
def sum_by_index(x):
    total = 0
    for i in range(len(x)):
        total += x[i] * x[i] * i
    return total + 0.0


@program(normal((7,)), smooth=True)
def strides(x):
    total = 0.0
    for i in range(1, 7, 2):
        total = total * x[i] + x[i - 1]
    for i in range(6, -1, -3):
        total = total * x[i] - i
    for i in range(5, 2):
        total = total * x[i] * 100
    for i in range(2, 5, -1):
        total = total * x[i] * 100
    return total


@program(followed_by(normal((5,)), 4, 0, -2), followed_by(normal((5,)), 0, 5, 3), smooth=True)
def stride_from_arguments(x, first, last, step):
    y = 1.0
    for i in range(first, last, step):
        y = np.cos(y) * x[i] + i
    return y * x[0]


@program(normal((3, 3), (3, 2), (3,), (4, 2)), wrt=(0, 1, 2, 3), smooth=True)
def over_rows(W, U, h, xs):
    for x in xs:
        h = np.tanh(W @ h + U @ x)
    return np.sum(h)


@program(normal((5,)), normal((0,)), smooth=True)
def over_numbers_of_an_array(x):
    product = 1.0
    for item in x:
        product = product * np.cos(item)
    return product


@program(lambda rng: ([float(v) for v in rng.normal(size=4)],), lambda rng: ([],), smooth=True)
def over_a_list(xs):
    total = 1.0
    for x in xs:
        total = total + x * total
    return total


@program(lambda rng: (tuple(rng.normal(size=n) for n in (2, 3, 1)),), smooth=True)
def over_a_tuple_of_arrays(xs):
    total = 0.0
    for x in xs:
        total = total + np.sum(x * x) * (1 + total)
    return total


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def zipped(x, y):
    total = 1.0
    for a, b in zip(x, y):
        total = total * a + b
    return total


@program(normal((5,), (3,)), normal((2,), (3,)), wrt=(0, 1), smooth=True)
def zip_of_unequal_lengths(x, y):
    total = 1.0
    for a, b in zip(x, y, strict=False):
        total = total * a + b * a
    return total


@program(
    lambda rng: (rng.normal(size=3), [rng.normal(size=2) for _ in range(4)], 0.5),
    wrt=(0, 1),
    smooth=True,
)
def zip_of_different_kinds(x, rows, s):
    total = s
    for a, row, i in zip(x, rows, range(10)):
        total = total * a + np.sum(row * row) * i
    return total


@program(normal((4,)), smooth=True)
def enumerated(x):
    total = 0.5
    for i, item in enumerate(x):
        total = total * item + i * x[i]
    for i, item in enumerate(x, start=2):
        total = total - item * i
    for i, item in enumerate(x, 1):
        total = total * item - i
    return total


@program(normal((4,), (3, 4)), wrt=(0, 1), smooth=True)
def enumerated_zip(w, rows):
    total = 1.0
    for i, (a, row) in enumerate(zip(w, rows)):
        total = total * a + np.sum(row) * i
    return total


@program(followed_by(normal((4,)), [0.5, 1.5]), smooth=True)
def reversed_things(x, ys):
    total = 1.0
    for item in reversed(x):
        total = total * item + 1
    for i in reversed(range(3)):
        total = total * x[i] - i
    for y in reversed(ys):
        total = total * y + x[0]
    for i in reversed(range(0, 4, 2)):
        total = total + x[i] * total
    return total


@program(followed_by(normal((3, 2)), 3), smooth=True)
def nested_loops(x, n):
    total = 1.0
    for i in range(n):
        inner = total
        for j in range(2):
            inner = inner * x[i, j] + j
        total = total + inner * i
    return total


@program(normal((4,)), smooth=True)
def triangular(x):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            total = total + x[i] * x[j] * total + x[j]
    return total


@program(followed_by(floats(1), 4), smooth=True)
def loop_variable_overwritten(x, n):
    total = 0.0
    for i in range(n):
        i = i * 2
        total = total + x**i
        i = 100
    return total * x


@program(normal((3,)), smooth=True)
def item_overwritten(xs):
    total = 1.0
    for x in xs:
        x = x * x
        total = total * x
        x = x + total
        total = total + x
    return total


@program(followed_by(floats(1), 3), followed_by(floats(1), 1), smooth=True)
def loop_variable_afterwards(x, n):
    y = x
    for i in range(n):
        y = y * x
    return y * i + i


@program(normal((3,)), smooth=True)
def last_item_afterwards(xs):
    total = 0.0
    for x in xs:
        total = total + x * x
    return total * x


@program(followed_by(floats(1), 4), followed_by(floats(1), 0), smooth=True)
def used_after_the_loop_only(x, n):
    y = x
    z = 2.0
    for i in range(n):
        y = np.sin(z * x) + i
        z = z + x
    return y * x


@program(followed_by(floats(1), 4), followed_by(floats(1), 0), smooth=True)
def assigned_in_some_iterations(x, n):
    kept = x
    y = x
    for i in range(n):
        y = y * x
        if i % 2 == 1:
            kept = y * y
    return kept * x


@program(normal((6,)), smooth=True)
def branch_on_what_is_carried(x):
    y = 0.3
    for item in x:
        y = y * item if y > 0 else y - item * item
    return y


@program(normal((6,)), smooth=True)
def branches_in_a_loop(x):
    total = 1.0
    for i in range(6):
        if x[i] > 0.5:
            total = total * x[i]
        elif x[i] > 0:
            total = total + x[i]
        else:
            x = x * 1.1
    return total + np.sum(x)


@program(followed_by(floats(2), 5), wrt=(0, 1), smooth=True)
def several_carried_values(x, y, n):
    a, b = x, y
    for _ in range(n):
        a, b = b, a * b + x
    return a * b


@program(followed_by(normal((3,)), 3), followed_by(normal((3,)), 0), smooth=True)
def augmented_in_a_loop(x, n):
    y = x * 1.0
    for i in range(n):
        y *= x
        y += i
    return np.sum(y * y)


@program(normal((2, 3), (4, 3)), wrt=(0, 1), smooth=True)
def fresh_array_updated_each_time(A, xs):
    total = np.zeros(2)
    for x in xs:
        total += A @ x
    return np.sum(total * total)


@program(
    lambda rng: ({k: rng.normal(size=(2, 2)) for k in "abc"}, rng.normal(size=2)),
    wrt=(0, 1),
    smooth=True,
)
def over_literal_keys(params, x):
    for key in ("c", "a", "b"):
        x = np.tanh(params[key] @ x)
    return np.sum(x)


@program(lambda rng: ({k: rng.normal(size=2) for k in "abc"}, 0.7), wrt=(0, 1), smooth=True)
def repeated_keys(params, s):
    for key in ["c", "a", "c"]:
        s = s * np.sum(params[key] ** 2) + s
    return s


@program(followed_by(floats(1), 6), smooth=True)
def bound_changed_by_the_body(x, n):
    y = x
    for i in range(n):
        n = n - 1
        y = y * x + i * n
    return y * n


@program(
    lambda rng: ([0.5, 1.5, 0.7], float(rng.normal())), wrt=(0, 1), may_refuse=True, smooth=True
)
def iterable_rebound_by_the_body(xs, y):
    for x in xs:
        y = y * x
        xs = [y, x]
    return xs[0] * xs[1]


@program(normal((4, 3)), smooth=True)
def array_rebound_by_the_body(x):
    y = 1.0
    for row in x:
        x = x * 0.5
        y = y * np.sum(row) + np.sum(x)
    return y


@program(followed_by(floats(1), 4), smooth=True)
def value_of_the_last_round(x, n):
    before = x
    y = x * x
    for _ in range(n):
        step = y - before
        before = y
        y = y + 0.3 * step * x
    return y * before


@program(
    followed_by(floats(1), 3, 2),
    followed_by(floats(1), 0, 2),
    followed_by(floats(1), 2, 0),
)
def carried_by_the_inner_loop(x, n, m):
    y = x
    z = 1.0
    for _ in range(n):
        z = z * y
        for _ in range(m):
            y = np.sin(y) + 0.1 * z * x
        y = y * z
    return y * z


@program(positive(()), exactly(2.0), smooth=True)
def newton_square_root(a):
    x = a
    for _ in range(6):
        x = 0.5 * (x + a / x)
    return x


@program(normal((3,)), smooth=True)
def loop_over_computed_list(x):
    parts = [x * 2, x * x, np.sin(x)]
    total = 1.0
    for part in parts:
        total = total * np.sum(part)
    return total


@program(normal((3, 2)), smooth=True)
def bounds_from_shapes(x):
    rows, columns = x.shape
    total = 0.0
    for i in range(rows):
        for j in range(columns):
            total += x[i, j] * x[rows - 1 - i, columns - j - 1] * total + x[i, j]
    return total


@program(normal((4,)), smooth=True)
def two_loops_one_name(x):
    y = 1.0
    for i in range(3):
        y = y * x[i]
    z = y
    for i in range(2, 4):
        y = y + z * x[i]
    return y * z


@program(floats(1), smooth=True)
def fifty_steps(y):
    x = 0.9
    for _ in range(50):
        y = y * x + np.sin(y) * 0.1
    return y


@program(normal((3,)), smooth=True)
def index_computed_in_the_body(x):
    total = 1.0
    k = 0
    for i in range(5):
        k = (k + i) % 3
        total = total * x[k] + k
    return total


@program(normal((2, 3, 2)), smooth=True)
def rows_of_rows(x):
    total = 1.0
    for table in x:
        for row in table:
            a, b = row
            total = total * a + b
    return total


@program(normal((3,)), smooth=True)
def sliced_iteration(x):
    total = 1.0
    for item in x[1:]:
        total = total * item + 2
    for item in x * 2:
        total = total - item * total
    return total


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def unused_item(x, y):
    total = y
    for _ in x:
        total = total * y
    return np.sum(total) * x[0]


@program(followed_by(normal((3,)), 5), smooth=True)
def old_and_new(x, n):
    old, new = x, x * x
    for _ in range(n):
        old, new = new, 0.5 * new - 0.3 * old * x
    return np.sum(old * new)


@program(
    lambda rng: (
        [(rng.normal(size=s), rng.normal(size=s[1])) for s in [(2, 3), (3, 1), (1, 4)]],
        rng.normal(size=(5, 2)),
    ),
    smooth=True,
)
def layers_of_several_widths(params, inputs):
    for W, b in params:
        outputs = np.dot(inputs, W) + b
        inputs = np.tanh(outputs)
    return np.sum(outputs**2)


@program(lambda rng: (rng.normal(size=3), 0.5), wrt=(0, 1), smooth=True)
def header_computed_again_two_loops_inside(x, y):
    for part in x:
        part = part * np.sum(x)
        x = x * sum([sum([y * entry for entry in x * part]) for _ in range(2)])
    return np.sum(x) + part


@program(normal((3, 3)), smooth=True)
def a_number_that_becomes_a_matrix(x):
    s = np.sum(x**2)
    for k in range(3):
        s = s * (np.eye(3) + 0.5 * k)
    return np.sum(s * np.arange(9.0).reshape(3, 3))


@program(normal((2, 3)), smooth=True)
def a_number_of_a_part_that_becomes_an_array(x):
    s, t = np.sum(x[1] * x[1]), np.dot(x[0], x[1])
    for _ in range(2):
        s = s + np.ones(3)
        t = t * np.arange(3.0)
    return np.sum(s * t)


@program(normal((3, 3)), smooth=True)
def rows_of_which_the_rest_is_a_list(rows):
    total = 0.0
    for first, *rest in rows:
        total = total + first * rest[0] * rest[1]
    for k, (first, *_) in enumerate(rows):
        total = total * first + k
    return total


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def made_and_stored_into_in_one_iteration(x, y):
    for _ in range(2):
        z = x * y
        i = 0
        z[i] = z[i + 1] * y[0]
        u = x[i] * y[i]
        i = 3
        z[i] = z[0] * y[1]
    return np.sum(z * z) * u


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def made_and_stored_into_through_a_view(x, y):
    for _ in range(2):
        z = x * y
        v = z[1:]
        u = x[0] * np.sum(z * z)
        v[0] = z[0] * y[1]
        w = z * z
    return np.sum(w) * u


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def view_stored_into_in_each_iteration(x, y):
    for _ in range(2):
        z = x * y
        v = z[1:]
        v[2] = y[1]
    return np.sum(z * z)


@program(normal(2, 2), wrt=(0, 1))
def stored_values_that_a_swapped_name_writes_into(x, y):
    for _ in range(2):
        x = g = np.outer(x, x)
        g, y = y, g
    t = g
    t[0] = 1.5
    return np.sum(y * x)


@program(normal(3), smooth=True)
def entry_without_adjoint_in_front_of_a_loop(x):
    for _ in range(1):
        y = x * x
    q = {"b": x, "w": 1.5, "l": [1.5 for _ in x]}
    return np.sum((q["w"] + y) * x)


@program(floats(1), smooth=True)
def a_loop_variable_read_behind_an_inner_loop_of_its_name(x):
    h = [x, x * 2]
    for i in range(2):
        for i in range(2):
            y = h[1] * np.sin(h[0])
        h[i] = y
    return y * h[i]
