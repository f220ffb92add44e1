"""Lists that grow and shrink: `append` and `pop`."""

import numpy as np

from programs.registry import floats, followed_by, normal, positive, program


@program(followed_by(floats(1), 4), followed_by(floats(1), 0), smooth=True)
def append_in_a_loop(x, n):
    values = []
    for i in range(n):
        values.append(x**i * (i + 1))
    total = 0.5
    for value in values:
        total = total + value * x
    return total


@program(normal((3,)), smooth=True)
def append_then_read(x):
    parts = [x]
    parts.append(np.sin(x))
    parts.append(parts[0] * parts[1])
    return np.sum(parts[-1] * parts[0]) + np.sum(parts[1])


@program(floats(2), wrt=(0, 1), smooth=True)
def append_then_pop(x, y):
    stack = []
    stack.append(x * y)
    stack.append(x)
    stack.append(y * y)
    top = stack.pop()
    second = stack.pop()
    return top * second + stack[0] * x


@program(floats(1), smooth=True)
def pop_what_was_given(x):
    stack = [x, x * x, 3.0]
    constant = stack.pop()
    square = stack.pop()
    return constant * square * stack.pop()


@program(followed_by(normal((5,)), 3), smooth=True)
def trajectory(x, n):
    states = [x]
    for _ in range(n):
        states.append(np.sin(states[-1]) * x)
    total = 0.0
    for state in states:
        total = total + np.sum(state**2)
    return total


@program(followed_by(floats(1), 5), smooth=True)
def push_and_pop_in_a_loop(x, n):
    stack = [x]
    for i in range(n):
        top = stack.pop()
        stack.append(top * x + i)
        if i % 2 == 0:
            stack.append(top)
    total = 0.0
    for item in stack:
        total = total * x + item
    return total


@program(normal((6,)), smooth=True)
def conditional_append(x):
    kept = []
    for item in x:
        if item > 0:
            kept.append(item * item)
    total = 1.0
    for item in kept:
        total = total * item + item
    return total


@program(normal((3,)), smooth=True)
def stacked_parts(x):
    rows = []
    for i in range(3):
        rows.append(x * i + x[i])
    return np.sum(np.stack(rows) ** 2) + np.sum(np.concatenate(rows)[2:7])


@program(floats(1), smooth=True)
def reverse_by_stack(x):
    stack = []
    for i in range(4):
        stack.append(x + i)
    y = 1.0
    for i in range(4):
        y = y * stack.pop() + i
    return y


@program(floats(2), wrt=(0, 1), smooth=True)
def list_of_lists(x, y):
    table = []
    for i in range(3):
        row = []
        for j in range(2):
            row.append(x * i + y * j + x * y)
        table.append(row)
    return table[2][1] * table[0][0] + table[1][1]


def collect(x, n):
    found = []
    for i in range(n):
        found.append(x * i + x * x)
    return found


@program(followed_by(floats(1), 3), smooth=True)
def callee_returns_a_list(x, n):
    values = collect(x, n)
    again = collect(x * 2, 2)
    return values[-1] * again[0] + sum(values) * again[1]


@program(normal((2, 3)), smooth=True)
def array_of_a_list(x):
    values = []
    for row in x:
        values.append(np.sum(row * row))
    return np.sum(np.array(values) ** 2)


@program(normal((4,)), smooth=True, may_refuse=True)
def pop_from_the_front(x):
    queue = [x[0], x[1], x[2]]
    first = queue.pop(0)
    queue.append(first * x[3])
    second = queue.pop(0)
    return first * second * queue[-1]


@program(normal((3,)), smooth=True)
def append_the_carried_array(x):
    history = []
    y = x * 1.0
    for _ in range(3):
        history.append(y)
        y = y * x
    return np.sum(history[0] * history[1] * history[2] * y)


@program(normal((2,)), smooth=True)
def list_that_becomes_an_array(x):
    parts = [x * 2, x * 3]
    first = np.sum(np.array(parts) ** 2)
    second = np.sum(np.stack(parts) ** 3)
    parts = np.array(parts)
    return np.sum(parts * parts) * first + second


@program(normal((3, 2)), smooth=True)
def list_that_becomes_an_array_after_a_loop(A):
    rows = []
    for i in range(3):
        v = A[i]
        for row in rows:
            v = v - row @ v * row
        rows.append(v)
    rows = np.array(rows)
    return np.sum(rows**2 * A)


@program(normal((2,), (2,)), wrt=(0, 1), smooth=True)
def list_that_is_reduced_and_read(x, y):
    rows = [x, x * y]
    doubled = [2 * row for row in rows]
    top = np.max(rows, axis=0)
    return np.sum(top * rows[0]) * np.prod(doubled) + np.ptp(rows) * np.var(doubled)


@program(floats(2), wrt=(0, 1), smooth=True)
def sum_of_a_list_that_was_stored_into(x, y):
    j = 1
    a = [1.5, y, 1.5]
    y = a.pop(0)
    a[j] = x
    return a[0] * a[1] * y + sum(a) * x


# What is popped goes back where the list is read, though nothing else reads it backward.


@program(positive((3,)), smooth=True)
def all_of_a_list_before_each_pop(x):
    left, s = [x[0], x[1], x[2]], 0.0
    for _ in range(2):
        s = s + np.prod(np.array(left))
        s = s * 2.0 + left.pop()
    return s + left[0]


@program(positive((3,)), smooth=True)
def popped_under_a_second_name(x):
    left = [x[0], x[1], x[2]]
    same, s, top = left, 0.0, x[0]
    for _ in range(2):
        s = s * top + left[-1] ** 2
        top = same.pop()
    return s + left[0] * top


@program(positive((3,)), smooth=True)
def popped_from_a_list_in_a_list(x):
    table, s = [[x[0], x[1], x[2]], [x[1]]], 0.0
    while len(table[0]) > 1:
        s = s + table[0][-1] * table[0][0]
        top = table[0].pop()
        table[1][0] = table[1][0] * 2.0 + top
    return s + table[1][0]


@program(positive((3,)), smooth=True)
def popped_in_nested_loops(x):
    left, s = [x[0], x[1], x[2], x[0]], 0.0
    for k in range(2):
        for _ in range(k + 1):
            s = s + np.prod(np.array(left))
            top = left.pop()
        s = s * top
    return s


@program(positive((3,)), smooth=True)
def popped_arrays_that_change(x):
    left, s = [x * 1.0, x * x, x**3], 0.0
    while left:
        s = s + np.sum(np.array(left) ** 2)
        top = left.pop()
        top *= x
        s = s * 2.0 + np.sum(top)
    return s


@program(normal((2,), (2,)), wrt=(0, 1), smooth=True)
def lists_that_one_iteration_binds(x, y):
    for i in range(2):
        if i == 1:
            rows = [x, x * y]
            doubled = [2 * row for row in rows]
    return np.ptp(rows) * np.prod(doubled) + np.var(doubled)


@program(floats(2), wrt=(0, 1), smooth=True)
def append_in_an_expression(x, y):
    xs, seen = [x, y], []

    def push(v):
        return seen.append(v * x)

    [seen.append(v * v) for v in xs]
    xs[0] -= (xs.append(x * y) or y) * xs[-1]
    push(xs[0])
    return sum(seen) * xs[2] + xs[0] * len(xs)


@program(followed_by(normal((3,), (4,)), 2), smooth=True)
def rows_of_a_table_that_start_with_a_number(a, b, n):
    before = [0.1 * j for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        row = [0.1 * i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = before[j - 1] * np.sin(x - y) + row[j - 1] * 0.5 + before[j]
        before, row = row, before
    both = [0.0] * n + [a[0]] + [1.0] * 2
    both += [2.0] * n
    return before[-1] * both[n] * len(both)


@program(normal((3,)), smooth=True, saves=False)
def list_of_the_name_out(x):
    out = []
    for i in range(2):
        s = np.zeros(3)
        for j in range(2):
            s += (i + j + 1.0) * x * x
        out.append(s)
    return np.sum(out[0] * out[1])
