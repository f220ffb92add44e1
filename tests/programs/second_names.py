"""Second names that are updated as a whole: of an array both change, of a number one."""

import numpy as np

from programs.registry import normal, program


def number(rng):
    return float(rng.normal()), 0.4


def numbers_and_arrays(rng):
    return rng.normal(size=3), rng.normal(size=3)


@program(numbers_and_arrays, number, wrt=(0, 1), smooth=True)
def both_change_or_one(x, y):
    d = np.maximum(x * y, 0.25) * x
    h = d
    h -= y * h
    return np.sum(h * y) + np.sum(d * x)


@program(numbers_and_arrays, number, wrt=(0, 1), smooth=True)
def three_names(x, y):
    a = b = x * y
    c = b
    c *= np.sin(a)
    b += c * x
    return np.sum(a * y) + np.sum(b * c)


@program(numbers_and_arrays, number, wrt=(0, 1), writes=True, smooth=True)
def an_argument_has_two_names(x, y):
    z = x
    z *= y
    return np.sum(x * z) + np.sum(x)


@program(numbers_and_arrays, number, wrt=(0, 1), smooth=True)
def bound_in_each_iteration(x, y):
    z = x * y
    total = 0.0
    for _ in range(3):
        w = z
        w += np.sin(w * y)
        total = total + np.sum(w * x)
    return total + np.sum(z * z)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def what_a_loop_runs_over(x, y):
    z = x * y
    total = 0.0
    for row in z:
        z *= y
        total = total + row * np.sum(z)
    return total + np.sum(z)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def bound_to_a_number_behind(x, y):
    z = x * y
    for last in z:
        z *= y
    for _ in range(2):
        z = 1.5
    return z - last


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def no_view_any_more(x, y):
    z = x * y
    v = z
    v *= y
    total = np.sum(v * z)
    if total > 0:
        z = np.cos(z)
    for _ in range(2):
        z = z * y
    return total + np.sum(z)


def halved(u, v):
    u /= 2.0 + np.sum(v * v)
    return u + v, u


@program(numbers_and_arrays, number, wrt=(0, 1), smooth=True)
def callee_updates_its_argument(x, y):
    z = x * y
    first, second = halved(z, y)
    return np.sum(first * z) + np.sum(second * x)


@program(numbers_and_arrays, number, wrt=(0, 1), smooth=True)
def callee_updates_it_in_a_loop(x, y):
    z = np.sin(x)
    for _ in range(2):
        first, _ = halved(z, y)
        z = first * z
    return np.sum(z * y)


def with_a_dict(u, table):
    u *= table["w"]
    return u * table["b"]


@program(numbers_and_arrays, number, wrt=(0, 1), smooth=True)
def callee_with_a_dict_updates_its_argument(x, y):
    z = x * y
    out = with_a_dict(z, {"w": y, "b": 0.5})
    return np.sum(out * z)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def bound_in_a_loop_and_run_over(x, y):
    z = np.zeros(3)
    for _ in z:
        t = np.outer(x, y)
    for row, _ in zip(t, z, strict=True):
        t += 1.5 * row[0]
        last = row
    return np.sum(last * x)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def bound_to_itself(x, y):
    z = x * y
    w = z
    for _ in range(2):
        z = z
        z[1:] *= y[:2]
        w -= x * z
    return np.sum(z * w)


@program(normal((3,)), smooth=True, writes=True)
def argument_updated_and_bound_anew(x):
    x *= 1.5
    x = y = 1.5 * x
    y += 1.5
    return np.sum(x * x * y)


@program(normal((5, 2)))
def shortest_tree_by_union_and_find(points):
    edges, parent = [], list(range(len(points)))
    for i in range(len(points)):
        for j in range(i):
            edges.append((np.linalg.norm(points[i] - points[j]), i, j))
    edges.sort(key=lambda edge: edge[0])

    def find(a):
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    total = 0.0
    for length, i, j in edges:
        a, b = find(i), find(j)
        if a != b:
            parent[a] = b
            total += length
    return total


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def borders_of_two_fields(height, flow):
    height, flow = height * 1.0, flow * 0.5
    for step in range(2):
        new_height, new_flow = np.empty_like(height), np.empty_like(flow)
        new_height[1:-1] = height[1:-1] - 0.1 * (flow[2:] - flow[:-2])
        new_flow[1:-1] = flow[1:-1] * np.cos(height[1:-1])
        for field in (new_height, new_flow):
            field[0], field[-1] = field[1], field[-2] * (step + 1)
        height, flow = new_height, new_flow
    return np.sum(height * flow)


@program(normal((3,)), smooth=True)
def lists_and_arrays_that_one_loop_writes_into(x):
    row, listed, other = x * x, [x[0], x[1], 1.0], x * 2.0
    same = row
    for place in [row, listed, other]:
        place[0] = place[1] * same[2]
    return np.sum(row * other) * listed[0]


@program(normal((3,)), smooth=True)
def row_that_is_a_counter_later(x):
    y = x * 1.0
    for j in y[1:]:
        j *= 2.0
    last = y[0]
    for j in range(3):
        last = j * 0.25
    return last * np.sum(y)
