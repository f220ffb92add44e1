"""Names that are bound again to another kind of value, another shape, or not on every path."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(normal((3,)), smooth=True)
def every_kind(x):
    y = x
    y = [y, y * 2]
    y = {"a": y[0], "b": y}
    y = (y["a"], y["b"][1])
    y = np.sum(y[0] * y[1])
    y = [y, 1.0]
    y = y[0] * 3
    return y


@program(followed_by(normal((3,)), 3), followed_by(normal((3,)), 0), smooth=True)
def array_then_number(x, n):
    total = 0.3
    for row in [x, x * x]:
        total = total * row[1]
    for row in x[:n]:
        total = total + row
    return total + np.sum(row)


@program(normal((3,)), smooth=True)
def read_after_the_loop(x):
    for i, part in zip(np.eye(3), 2.0 * x, strict=False):
        pass
    entry = {"b": part, "w": 1.5}
    part = i
    return part + entry["b"]


@program(normal((4,)), smooth=True)
def another_shape_each_time(x):
    for i in range(1, 4):
        part = x[:i] * 2
        square = np.outer(part, part)
    return np.sum(square)


@program(followed_by(normal((3,)), 3), followed_by(normal((3,)), 0), smooth=True)
def list_and_number_in_turn(x, n):
    y = np.sum(x)
    for _ in range(n):
        total = y * 2
        y = [total, total * total]
        y = y[0] * y[1]
    return y


@program(followed_by(floats(1), 3), followed_by(floats(1), 1), smooth=True)
def read_before_it_is_bound(x, n):
    total = 0.0
    if n < 0:
        entry = x
    for i in range(n):
        if i > 0:
            total = total + entry * entry
        entry = np.sin(x) * (total + i)
    return total + x


@program(normal((3,), (3, 3)), wrt=(0, 1), smooth=True)
def array_read_before_it_is_bound(x, A):
    total = 0.0
    if len(x) > 3:
        y = x
    for i in range(3):
        if i > 0:
            total = total + np.sum(y * y)
        y = A @ x * (total + i)
    return total + x[0]


@program(normal((3,), (3, 3)), wrt=(0, 1), smooth=True)
def list_read_before_it_is_bound(x, A):
    total = 0.0
    if len(x) > 3:
        y = [x, x]
    for i in range(3):
        if i > 0:
            total = total + np.sum(y[0] * y[1])
        y = [A @ x, x]
    return total + x[0]


def wave(x):
    return np.sin(x) * x


@program(normal((3,), (3, 3)), wrt=(0, 1), smooth=True)
def call_in_some_iterations(x, A):
    total = 0.0
    for i in range(3):
        if i > 0:
            y = wave(A @ x * (total + i))
        if i > 0:
            total = total + np.sum(wave(y)) * y[0]
            z = wave(y)
    return total + x[0] + z[0]


@program(exactly([0.5, 1.5], False), exactly(np.array([0.5, 1.5]), True), smooth=True)
def list_or_array(x, divided):
    total = x[0] * x[1]
    if divided:
        total = total + np.sum(x / 2.0)
    return total + sum(x) + sum(x) * 2


@program(exactly([0.5, 1.5], 0), exactly(np.array([0.5, 1.5]), 2), smooth=True)
def list_unless_the_loop_runs(x, n):
    total = x[0] * x[1]
    for _ in range(n):
        total = total + np.sum(x / 2.0)
    return total + sum(x) + sum(x) * 2


def tree(rng):
    return ({"a": rng.normal(size=3), "b": {"c": rng.normal(size=3), "d": [0.4, 1.5]}},)


@program(tree, smooth=True)
def dict_of_its_own_entries(d):
    d = d["b"]
    d = {"c": d["c"], "e": d["d"], "f": d}
    d = {"z": d["c"] * d["e"][0], "y": d["f"]["d"]}
    return np.sum(d["z"]) * d["y"][1]


@program(followed_by(tree, True), followed_by(tree, False), smooth=True)
def dict_or_list(d, short):
    if short:
        d = {"a": np.sum(d["a"])}
    else:
        d = d["b"]["d"]
        d = {"a": d[0] * d[1]}
    return d["a"] * 3


@program(followed_by(tree, 2), followed_by(tree, 0), smooth=True)
def dict_carried(d, n):
    for i in range(n):
        d = {"a": d["a"] * d["b"]["c"][i], "b": d["b"]}
    return np.sum(d["a"]) + np.sum(d["b"]["c"] ** 2)


@program(normal((3,)), smooth=True)
def range_with_a_needed_name(x):
    i = 2
    y = x * i
    for i in range(1, 5, 2):
        y = y * i + x
    return np.sum(y) * i


@program(normal((3,)), smooth=True)
def range_whose_name_the_body_binds(x):
    i = 2
    y = x * i
    for i in range(3, 1, -1):
        y = y * i + x
        i = i + 1
        y = y * i
    for i in reversed(range(1, 4)):
        y = y + x * i
    return np.sum(y) * i


@program(normal((3,)), smooth=True)
def second_name_written_to(x):
    q, part = 1.5 / (2 + np.cos(x)), x[0]
    q[1] += 1.5
    return q * part


@program(exactly({"a": 0.5, "b": 1.5}), smooth=True)
def dict_bound_anew_while_its_items_are_read(d):
    total = 0.0
    for key, value in d.items():
        total = total * value + d[key]
        d = {"a": value * 2, "b": total}
    for value in d.values():
        d = {"a": total * value}
    return total * d["a"]


@program(normal((3,)), smooth=True)
def entries_that_nobody_reads(x):
    inner = {"b": x[0] * 2, "l": x}
    outer = {"b": x[1], "l": [inner, 1.5, [inner, x]]}
    return outer["b"] * inner["b"]


@program(followed_by(normal((3,)), 3), followed_by(normal((3,)), 0), smooth=True)
def loop_in_front_of_entries_that_nobody_reads(x, n):
    twice, total = x * 2, 0.0
    for _ in range(n):
        total = total + np.sum(twice * twice)
    first = {"a": total, "b": twice, "c": [twice, x]}
    second = {"p": first, "q": twice}
    return second["p"]["a"] * 2 + x[0]


@program(normal((3,)), smooth=True)
def dict_bound_to_itself(x):
    d = {"b": x[0] * x[1], "l": x}
    e = d
    d = e
    e = e
    return d["b"] * e["b"]


@program(normal((3,)), smooth=True)
def needed_array_under_a_name_that_is_written_to(x):
    c = np.ones(3)
    x = x * np.dot(x, c)
    q = c
    c = 1.5
    q += 1.5
    return q[0] * np.sum(x)


def number_and_list(x):
    return x, [x, 2 * x]


def number_and_array(x):
    return x, np.array([x, 2 * x])


@program(floats(1), smooth=True)
def list_unpacked_in_place_of_an_array(x):
    y, parts = number_and_array(x)
    z, parts = number_and_list(y * x)
    parts.append(z)
    return parts[0] * parts[2] + parts[1] * y


@program(floats(1), smooth=True)
def array_unpacked_in_place_of_a_list(x):
    parts = [x, x]
    y, parts = number_and_array(x)
    return np.sum((parts + parts) * y)


@program(followed_by(floats(2), {"b": 3.0}), wrt=(0, 1, 2), smooth=True)
def dict_that_a_loop_may_replace(x, y, d):
    e = d
    x = x * d["b"]
    while True:
        if x > -1e9:
            break
        d = 1.5
    return x * e["b"] + y


@program(normal((3,)), smooth=True)
def product_that_only_the_last_iteration_leaves(x):
    for _ in x:
        t = np.outer(x, x).reshape(9).reshape(3, 3) * x.sum()
    return np.sum(t * t)


@program(normal((3,)), smooth=True)
def row_then_counter(x):
    for i, j in zip(x, x):
        pass
    for j in range(2):
        i += j
        x = (i * np.eye(3)).mean(axis=0)
    return np.sum(x * x) * i


@program(normal((3,)), smooth=True)
def list_then_counter(x):
    total = 0.0
    for j in [[x[0]], [x[1], x[2]]]:
        total = total + sum(j)
    for j in range(1, 3):
        j2 = j
        j2 += j
        total = total * j2 + x[j] * j
    return total
