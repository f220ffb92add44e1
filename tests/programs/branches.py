"""Branches: if, elif, else, conditional expressions, short-circuit operators, early returns."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program


@program(exactly(1.3), exactly(-0.4), smooth=True)
def if_else(x):
    if x > 0:
        y = x * x
    else:
        y = np.sin(x)
    return y * x


@program(exactly(2.3), exactly(0.4), exactly(-1.2), smooth=True)
def if_elif_else(x):
    if x > 1:
        y = x**3
        z = y
    elif x > 0:
        y = x * 2
        z = x
    else:
        y = -x
        z = 1.0
    return y * z


@program(exactly(1.3, 0.2), exactly(-0.4, 0.2), exactly(-0.4, -0.2), wrt=(0, 1), smooth=True)
def nested_ifs(x, y):
    if x > 0:
        if y > 0:
            x = x * y
        z = x
    else:
        z = y * y
        if y > 0:
            z = z * x
    return z * x


@program(exactly(1.3), exactly(-0.4), smooth=True)
def no_else(x):
    y = x * x
    if x > 0:
        y = y * x
    return y


@program(exactly(1.3), exactly(-0.4), smooth=True)
def test_overwritten_by_its_branch(x):
    if x < 0:
        x = -x * x
    if x < 0:
        x = 3 * x
    return x * x


@program(normal((4,)), lambda rng: (rng.normal(size=4) + 3,), smooth=True)
def test_on_an_array(x):
    y = x * 2
    if np.sum(x) > 4:
        y = y * x
    else:
        y = y - x
    return np.sum(y * y)


@program(
    lambda rng: (rng.normal(size=3), "double", True),
    lambda rng: (rng.normal(size=3), "square", True),
    lambda rng: (rng.normal(size=3), "none", False),
    smooth=True,
)
def flags(x, kind, scaled):
    if kind == "double":
        y = x * 2
    elif kind == "square":
        y = x * x
    else:
        y = x
    if scaled:
        y = y / 3
    return np.sum(y * x)


@program(exactly(1.3, None), exactly(1.3, 0.7), smooth=True)
def none_as_default(x, scale=None):
    if scale is None:
        scale = x * 2
    return x * scale


@program(exactly(1.3), exactly(-0.4), exactly(3.5), smooth=True)
def conditional_expressions(x):
    y = x * x if x > 0 else -x
    return (y if y < 2 else y * y) * (2.0 if 0 < x < 3 else x)


@program(exactly(1.3, 0.5), exactly(-0.4, 0.5), exactly(1.3, -0.5), wrt=(0, 1), smooth=True)
def short_circuit_tests(x, y):
    z = x * y
    if x > 0 and y > 0:
        z = z * x
    if x < 0 or not y > 0:
        z = z + y * y
    return z


@program(exactly(0.0, 0.7), exactly(1.3, 0.7), wrt=1, smooth=True)
def short_circuit_values(x, y):
    a = x or y
    b = x and y
    return a * y + b * y


@program(exactly(2.0, 0), exactly(2.0, 4), smooth=True)
def guard_against_division(x, n):
    if n != 0 and x / n > 0.1:
        return x / n
    return x * x


@program(exactly(1.3), exactly(-0.4), smooth=True)
def early_return(x):
    if x > 0:
        return x * x
    y = np.sin(x)
    return y * x


@program(exactly(1.3), exactly(0.3), exactly(-0.4), exactly(-3.0), smooth=True)
def returns_in_every_branch(x):
    if x > 1:
        return x**3
    elif x > 0:
        y = x * 2
        return y * y
    else:
        if x > -1:
            return np.exp(x)
        y = x * x
    return y * 3


@program(exactly(1.3), exactly(-0.4), exactly(-2.0), smooth=True)
def return_between_statements(x):
    y = x * 2
    if x < -1:
        return y
    y = y * x
    if x < 0:
        y = y * y
        return y + x
    z = y * y
    return z - y


@program(exactly(1.3), exactly(-0.4), smooth=True)
def return_a_constant(x):
    if x < 0:
        return 0.0
    return x * x


@program(exactly(0.3, 1.1), exactly(2.4, 1.1), exactly(-2.4, 1.1), wrt=(0, 1), smooth=True)
def huber(r, delta):
    if abs(r) < delta:
        return 0.5 * r**2
    return delta * (abs(r) - 0.5 * delta)


@program(exactly(1.3), exactly(-0.4), smooth=True)
def empty_branch(x):
    if x > 0:
        pass
    else:
        x = x * x
    return x * 3.0


@program(exactly(1.3), exactly(-0.4), smooth=True)
def constant_on_one_side(x):
    y = x * x
    if x > 0:
        y = 5.0
    return y * x


@program(followed_by(floats(1), (1, 2, 3)), followed_by(floats(1), ()), smooth=True)
def membership(x, chosen):
    y = x
    if 2 in chosen and 5 not in chosen:
        y = y * x
    return y if chosen else y * 7.0


@program(exactly(1.3), smooth=True)
def raise_not_reached(x):
    if x < 0:
        raise ValueError("x must not be negative")
    return x * x


@program(normal((3,)), smooth=True)
def assertion(x):
    assert x.shape == (3,), "three numbers"
    y = np.sin(x)
    assert np.all(np.abs(y) <= 1)
    return np.sum(y)


@program(exactly(1.3), exactly(-0.4), smooth=True)
def name_assigned_on_one_side_only(x):
    if x > 0:
        scale = x * 2
    y = x * x
    if x > 0:
        y = y * scale
    return y


@program(exactly(1.3), exactly(3.5), smooth=True)
def test_needed_after_overwriting(x):
    limit = 2.0
    y = x * x
    if x < limit:
        y = y * x
        limit = 1.0
        x = y
    return y * x * limit


@program(exactly(2.0, 1.0), exactly(-2.0, 1.0), wrt=(0, 1), smooth=True)
def arrays_in_one_branch_numbers_in_the_other(x, y):
    if x > 0:
        z = np.full(3, x) * y
    else:
        z = x * y
    return np.sum(z * z)


@program(followed_by(normal((4,)), 3), followed_by(normal((4,)), 0), smooth=True)
def name_bound_in_one_iteration_and_read_in_the_next(x, n):
    y = x
    for k in range(n):
        if k > 0:
            a = np.sin(y)
        y = y * x
        if k > 0:
            y = y * a
    return np.sum(y)


@program(followed_by(normal((4,)), True), followed_by(normal((4,)), False), smooth=True)
def name_that_only_one_branch_binds_is_bound_anew(x, c):
    if c:
        a = x * x
    y = x * 3.0
    if c:
        y = y * a
        a = y * x
        y = y + a * a
    return np.sum(y * y)


@program(
    followed_by(floats(1), 0), followed_by(floats(1), 1), followed_by(floats(1), 2), smooth=True
)
def both_branches_bind_constants_in_a_loop(x, n):
    y, z = x * x, x
    for i in range(n):
        if i > 0:
            y = 1.5
        else:
            y = 2.5
        z = z * x
    return y * z


@program(followed_by(floats(1), 0), followed_by(floats(1), 2), smooth=True)
def all_branches_bind_constants_in_a_loop(x, n):
    y, i = x * x * x, 0
    while i < n:
        if i > 0:
            y = 1.5
        elif x > 1:
            for j in range(1, 3):
                y = j
        else:
            y = 2.5
        i += 1
    return y * x


@program(exactly(1.3), smooth=True)
def flag_that_its_branch_sets_anew(x):
    first = True
    y = x
    for _ in range(3):
        if first:
            first = False
            y = y * y
        else:
            y = y * x
    return y


@program(exactly(1.3), smooth=True)
def flag_that_ends_the_work_of_a_loop(x):
    y, done = x, False
    for i in range(4):
        if done:
            continue
        y = y * x
        done = i > 1
    return y


@program(exactly(1.3), smooth=True)
def number_that_counts_down_under_its_own_test(x):
    left, y = 2, x
    for _ in range(4):
        if left:
            left -= 1
            y = y * y
    return y


@program(exactly(1.3), smooth=True)
def flag_that_a_branch_not_taken_sets_anew(x):
    off = x < 0.0
    y = x * x
    if off:
        off = x < -5.0
    else:
        y = y * y
    return y


@program(exactly(1.3), smooth=True)
def array_that_is_a_flag(x):
    on = np.array([1.0])
    same = on
    y = x
    if on:
        same[0] = 0.0
        y = y * y
    return y


@program(exactly(1.3), smooth=True)
def list_that_is_empty_behind_its_test(x):
    items = [x * x]
    y = x
    if items:
        y = items.pop() * y
    return y * y


@program(exactly(1.3), smooth=True)
def range_of_an_entry_that_changes(x):
    counts = np.array([3, 2])
    y = x
    for _ in range(counts[0]):
        counts[0] = 1
        y = y * x
    return y * counts[0]


@program(exactly(1.5), smooth=True)
def list_that_a_second_name_makes_shorter(x):
    b = [1.5, x, x * x]
    c = b
    for i in range(1, len(b)):
        x = x * c.pop() * i
    return x
