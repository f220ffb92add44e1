"""Lists that change: `extend`, `insert`, `pop(i)`, `reverse`, `sort`, `del`, `+` and `*`."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(floats(2), wrt=(0, 1), smooth=True)
def extend_by_a_list(x, y):
    values = [x]
    values.extend([x * y, y])
    return values[0] * values[1] + values[2]


@program(normal((2,)), smooth=True)
def extend_by_an_array(x):
    values = [x[0]]
    values.extend(x * x)
    return sum(values) * x[1]


@program(followed_by(floats(1), 3), smooth=True)
def plus_equals_in_a_loop(x, n):
    values = [x]
    for i in range(n):
        values += [values[-1] * x + i]
    return sum(values)


@program(followed_by(floats(1), 3), smooth=True)
def returns_from_the_end(x, n):
    returns, total = [], 0.0
    for i in range(n):
        total = total * x + i + x
        returns.insert(0, total)
    return returns[0] * returns[-1] * x


@program(floats(2), wrt=(0, 1), smooth=True)
def insert_in_the_middle(x, y):
    values = [x, 2.0]
    values.insert(1, y * x)
    return values[1] * values[2] + values[0]


@program(floats(1), smooth=True)
def pop_from_the_front(x):
    queue = [x, x * x, 2.0]
    first = queue.pop(0)
    second = queue.pop(-2)
    return first * second * queue[0]


@program(followed_by(floats(1), 1), followed_by(floats(1), -1), smooth=True)
def pop_at_a_position_known_later(x, i):
    values = [x, x * x, x + 2.0]
    taken = values.pop(i)
    return taken * values[0] + values[1] * x


@program(floats(1), smooth=True)
def delete_entries(x):
    values = [x, x * x, 3.0, x]
    del values[0]
    del values[-1]
    return values[0] * values[1]


@program(normal((3,)), smooth=True)
def reverse_in_place(x):
    parts = [x, np.sin(x)]
    parts.reverse()
    return np.sum(parts[0] * x) + np.sum(parts[1][:2])


@program(floats(1), smooth=True)
def sort_in_place(x):
    values = [x * x, x + 1.0, -x]
    values.sort()
    return values[0] * values[1] + values[2] ** 2


@program(floats(2), wrt=(0, 1), smooth=True)
def lists_joined(x, y):
    values = [x] + [x * y, y] + []
    return values[0] * values[1] * values[2]


@program(floats(1), smooth=True)
def tuples_joined(x):
    pair = (x, x * x) + (2.0,)
    return pair[0] * pair[1] * pair[2]


@program(followed_by(floats(1), 3), smooth=True)
def a_list_times_a_number(x, n):
    values = [x, 2.0] * n
    return values[0] * values[2] * values[-1]


@program(followed_by(floats(1), 2), smooth=True)
def a_number_times_a_tuple(x, n):
    values = n * (x * x,)
    return values[0] * values[1]


@program(followed_by(floats(1), 4), smooth=True)
def filled_from_zeros(x, n):
    values = [0.0] * n
    for i in range(n):
        values[i] = x * i
    return sum(values) * values[-1]


@program(normal((2,)), smooth=True)
def joined_in_a_loop(x):
    path = [x]
    for _ in range(2):
        path = path + [np.tanh(path[-1] * x)]
    return np.sum(path[-1] * path[0])


@program(floats(1), smooth=True)
def starred_elements(x):
    inner = [x, x * x]
    values = [2.0, *inner, x]
    pair = (*inner, 3.0)
    return values[2] * values[3] + pair[0] * pair[2]


@program(normal((4,)), smooth=True)
def starred_targets(x):
    first, *middle, last = x
    head, *rest = [last * first, middle[0], middle[1]]
    return head * rest[0] + rest[1] * first


@program(floats(1), smooth=True)
def starred_target_that_gets_nothing(x):
    first, *rest, last = (x, x * x)
    return first * last + len(rest)


@program(floats(1), smooth=True)
def columns_of_rows(x):
    rows = [(x, 1.0), (x * x, 2.0), (3.0, x)]
    firsts, seconds = zip(*rows)
    return sum(a * b for a, b in zip(firsts, seconds, strict=True))


@program(floats(1), smooth=True)
def pairs_in_one_variable(x):
    total = 0.0
    for pair in zip([x, 2.0], [3.0, x * x], strict=True):
        total = total + pair[0] * pair[1]
    for pair in enumerate([x, x * x]):
        total = total * pair[1] + pair[0]
    return total


@program(floats(2), wrt=(0, 1), smooth=True)
def slices_that_change_the_length(x, y):
    b = [x, y, x * y]
    b[0:1] = [y * y, y]
    b[-1:] = (x, y)
    b[1:2] += [b[0] * x]
    b[3:1] = [x * x]
    first = b[0] * b[1] + b[2] * b[3] * b[4]
    b[:] = [y * first]
    b[1:] = np.array([x, y])
    return b[0] * b[1] * b[2] * len(b)


@program(followed_by(floats(2), 3), wrt=(0, 1), smooth=True)
def slices_between_places_that_are_computed(x, y, n):
    b = [x, y, x * y, x]
    for i in range(n):
        b[i : i + 1] = [b[0] * b[i], x]
    b[n:-n] = [y]
    return b[0] * b[1] + b[-1] * b[-3] * b[3]


@program(floats(2), wrt=(0, 1), smooth=True)
def length_taken_before_the_list_gets_longer(x, y):
    b = [x, y, x * y]
    for i in range(len(b)):
        b.append(b[i] * x)
    for i in range(1, len(b)):
        x = x + b.pop(0) * i
    return sum(b) * x


@program(floats(2), wrt=(0, 1), smooth=True)
def entries_ahead_of_the_loop(x, y):
    b = [1.5, x, y, x * y]
    for i, v in enumerate(b):
        if i < 3:
            b[i + 1] = v * x
        x = x + v * v
    return x


@program(floats(1), smooth=True)
def numbers_of_a_set_in_order(x):
    total = 0.0
    for k in sorted({2, 1}):
        total = total * x + k
    return total


@program(normal((3,)), may_refuse=True)
def deeper_at_each_turn(x):
    q = [[[x[0] * 2, x[1]]]]
    k = 0
    while k < 2:
        k += 1
        q = q.pop()
    return q[0] * q[1] * x[2]


@program(exactly([1.0, 2.0]), smooth=True, writes=True)
def appended_to_and_read_by_another_name(y):
    e = y
    i = 0
    while i < 2:
        i += 1
        y.append(y[0] * 1.5)
        z = sum(e)
    return sum(y) * z


@program(normal((3,)))
def number_in_the_place_of_a_tuple(x):
    p = [1.5, 1.5]
    p[0] = (x, 1.5)
    p[0] = 1
    return p


def _chosen(rows, x):
    return rows[int(x[0] > 0)]


@program(exactly(np.array([0.5, -0.7, 1.2])), exactly(np.array([-0.5, 0.7, 0.2])), smooth=True)
def appended_what_it_already_holds(x):
    a = x * 2
    rows = [a, x * 3]
    r = _chosen(rows, x)
    rows.append(r)
    return np.sum(rows[2] * rows[1] * a * r)


@program(exactly(np.array([0.5, -0.7, 1.2])), exactly(np.array([-0.5, 0.7, 0.2])), smooth=True)
def popped_what_may_have_a_name(x):
    rows = [x * 2, np.sin(x)]
    r = _chosen(rows, x)
    s = rows.pop()
    s = s * 2
    return np.sum(r * s * rows[0])


def _swapped(x, u):
    u, x = x, u
    x -= 1.5
    return (u, 1.5)


@program(normal((2,)), smooth=True)
def popped_in_the_last_line(x):
    s = x @ x
    t, q = _swapped(s, s)
    spread = [1.5, x[0]]
    j = spread.pop()
    return j * x[1] + s


def _pair(rows, x):
    return (rows, x)


@program(floats(1), smooth=True)
def popped_after_a_callee_put_it_into_a_tuple(x):
    rows = [x * 2, np.sin(x)]
    r, t = rows[1] * x, _pair(rows, x)
    t = (3, t[1])
    s = rows.pop()
    return r * s * t[1]


@program(floats(1), may_refuse=True)
def stored_while_what_a_callee_made_shows_it(x):
    rows = [x * 2, np.sin(x)]
    pair = _pair(rows, x)
    other = pair[0]
    rows[1] = x * 3
    return rows[1] * other[1]


@program(floats(1), may_refuse=True)
def stored_while_an_unpacked_name_shows_it(x):
    rows = [x * 2, np.sin(x)]
    other, _ = _pair(rows, x)
    rows[1] = x * 3
    return rows[1] * other[1]


@program(floats(2))
def a_number_where_another_path_appends(x, y):
    if x > 99:
        y.append(x)
        return y[0]
    q, y = (1.5, 1.5)
    return y * x * q


@program(normal((4,)), smooth=True)
def methods_under_names(x):
    squares = []
    push = squares.append
    last = squares.pop
    for v in x:
        push(v * v)
    return sum(squares) * last() + len(squares) * x[0]


@program(normal((3,)), smooth=True)
def method_under_a_name_in_a_function(x):
    found = []
    keep = found.append

    def kept(v):
        keep(v * 2)
        return v

    return kept(x[0]) * kept(x[1]) + sum(found) ** 2


@program(normal((3,)), smooth=True)
def method_of_a_set_under_a_name(x):
    seen = set()
    add = seen.add
    total = 0.0
    for i in (0, 1, 0, 2):
        if i not in seen:
            total = total + x[i] ** 2
        add(i)
    return total


@program(normal((3,)), smooth=True)
def method_of_the_list_of_an_iteration(x):
    total = 0.0
    for i in range(3):
        squares = [1.0]
        push = squares.append
        for v in x:
            push(v * v)
        total = total + sum(squares) * i
    return total * x[0]


@program(exactly([1.5, 0.5, 0.9, 0.7]), smooth=True, writes=True)
def items_taken_out_of_an_argument(x):
    del x[0]
    first = x.pop(0)
    return first * x[0] + x[-1] ** 2


def merged(values):
    if len(values) <= 1:
        return values
    half = len(values) // 2
    first, second = merged(values[:half]), merged(values[half:])
    found = []
    while first and second:
        found.append(first.pop(0) if first[0] < second[0] else second.pop(0))
    return found + first + second


@program(exactly([1.5, 0.5, 0.9]))
def items_taken_out_of_what_a_call_gave(x):
    found = merged([v * v for v in x])
    return found[0] + 2.0 * found[1] * found[2]
