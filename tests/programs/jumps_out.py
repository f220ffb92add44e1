"""`break`, `continue` and `return` in loops over everything that a loop may run over."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program

SIGNS = np.array([0.95, -2.1, 0.55, -0.3, 2.45, 1.52])


@program(
    followed_by(normal((8,)), 2.0),
    followed_by(normal((4,)), 100.0),
    exactly(np.empty(0), 1.0),
    smooth=True,
)
def first_above(x, limit):
    total = 0.0
    for v in x:
        if v < 0:
            continue
        total = total + v * v
        if total > limit:
            return total * v
    return total


@program(exactly(SIGNS, 2.0), exactly(SIGNS, -9.0), smooth=True)
def break_out_of_an_array(x, limit):
    total = 1.0
    for v in x:
        if v > limit:
            break
        total = total * v + v
    return total


@program(exactly(SIGNS, 3), exactly(SIGNS, 0), exactly(SIGNS, 99), smooth=True)
def break_out_of_a_range(x, stop):
    total = 0.0
    for i in range(len(x)):
        if i == stop:
            break
        total = np.sin(total) + x[i] * x[i]
    return total


@program(exactly(SIGNS, 1.2), exactly(SIGNS, 99.0), smooth=True)
def break_out_of_a_range_with_steps(x, limit):
    y = 0.0
    for i in range(5, 0, -2):
        y = y + x[i] * x[i - 1] * i
        if y * y > limit:
            break
        y = y * 1.5
    return y


@program(exactly(SIGNS, 1.2), exactly(SIGNS, 99.0), smooth=True)
def break_out_of_a_reversed_range(x, limit):
    y = 0.1
    for i in reversed(range(1, 6, 2)):
        y = y * x[i] + x[i - 1]
        if y * y > limit:
            break
    return y * y


@program(exactly(SIGNS, 0.4), exactly(SIGNS, 9.0), smooth=True)
def break_out_of_a_reversed_array(x, limit):
    y = 0.1
    for v in reversed(x):
        y = y * v + v
        if y > limit:
            break
    return y * y


@program(exactly(SIGNS, SIGNS * 0.7, 1.0), exactly(SIGNS, SIGNS, -99.0), wrt=(0, 1), smooth=True)
def break_out_of_zip(x, y, limit):
    total = 0.0
    for a, b in zip(x, y):
        if a * b < limit:
            total = total + a * a * b
            continue
        total = total * b
        break
    return total + x[0]


@program(exactly(SIGNS, 2), exactly(SIGNS, 9), smooth=True)
def break_out_of_enumerate(x, most):
    total = 0.0
    for i, v in enumerate(x):
        if v < 0:
            continue
        if i > most:
            break
        total = total + i * v * v
    return total


@program(exactly([1.0, 2.0, -3.0, 4.0], 0.5), exactly([0.5, 0.25], 2.0), wrt=(0, 1), smooth=True)
def break_out_of_a_list(xs, k):
    total = 0.0
    for v in xs:
        if v < 0:
            break
        total = total * k + v * v
    return total * k


@program(
    exactly({"a": 0.5, "b": 1.5, "c": 2.5}, 1.0), exactly({"a": 0.5, "c": 0.1}, 3.0), smooth=True
)
def break_out_of_a_dict(weights, limit):
    total = 0.3
    for key, weight in weights.items():
        if key == "z":
            continue
        total = total + weight * weight * total
        if total > limit:
            break
    return total


@program(exactly({"a": 0.5, "b": 1.5, "c": 2.5}), smooth=True)
def break_out_of_written_keys(weights):
    total = 0.0
    for key in ("a", "b", "c"):
        total = total + weights[key] ** 2
        if total > 1:
            break
    return total


@program(normal((4, 3)), exactly(np.ones((2, 3))), smooth=True)
def break_out_of_rows(A):
    y = np.zeros(3)
    for row in A:
        y = y + row * row
        if np.sum(y) > 3.5:
            break
    return np.sum(np.sin(y))


@program(exactly(SIGNS), exactly(np.abs(SIGNS)), exactly(np.empty(0)), smooth=True)
def variable_read_behind_a_break(x):
    v, i = 1.5, -1
    for i, v in enumerate(x):
        if v < 0:
            break
    return v * v * (i + 2)


@program(exactly(SIGNS, 0.1), exactly(SIGNS, 3.0), smooth=True)
def index_read_behind_a_break(x, limit):
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] * x[i]
        if total > limit:
            break
    return total * x[i]


@program(exactly(SIGNS, 1.0), exactly(-SIGNS, 1.0), exactly(SIGNS, 9.0), smooth=True)
def two_returns(x, limit):
    for v in x:
        if v < -1:
            return v * x[0]
        if v > limit:
            return np.sin(v)
    return np.sum(x) * 0.5


@program(exactly(SIGNS), exactly(-SIGNS), smooth=True)
def return_in_both_branches(x):
    y = x[0]
    for v in x:
        y = y * v
        if v > 0:
            return y * v
        else:
            return np.exp(y)
    return y


@program(exactly(SIGNS, 1.0), exactly(SIGNS, 99.0), smooth=True)
def return_of_what_only_the_loop_binds(x, limit):
    for v in x:
        square = v * v
        cube = square * v
        if square > limit:
            return cube + square
    return cube * x[0]


@program(exactly(SIGNS, 2.0), exactly(SIGNS, 9.0), smooth=True)
def return_a_tuple(x, limit):
    total = 0.0
    for v in x:
        total = total + v * v
        if total > limit:
            return total, v
    return total, x[0]


@program(exactly(SIGNS, 2.0), exactly(SIGNS, 99.0), smooth=True)
def for_with_else(x, limit):
    total = 0.0
    for v in x:
        total = total + v * v
        if total > limit:
            break
    else:
        total = total * x[0]
    return total * total


@program(exactly(SIGNS, 2.0), exactly(SIGNS, 99.0), smooth=True)
def else_that_returns(x, limit):
    total = 0.0
    for v in x:
        if total > limit:
            break
        total = total + v * v
    else:
        return np.sin(total)
    return total * x[1]


@program(exactly(SIGNS), smooth=True)
def else_without_break(x):
    total = 0.0
    for v in x:
        if v < 0:
            continue
        total = total + v * v
    else:
        total = np.sin(total)
    return total


@program(exactly(SIGNS, 0.2), exactly(SIGNS, -9.0), smooth=True)
def falls_through_or_continues(x, limit):
    total = 0.0
    for v in x:
        scale = 1.0
        if v > limit:
            if v > 2:
                continue
            scale = v * v
        total = total * 0.5 + scale * v
    return total


@program(exactly(SIGNS, 2.0), exactly(SIGNS, 1.4), exactly(SIGNS, 9.0), smooth=True)
def falls_through_or_breaks_or_continues(x, limit):
    total = 1.0
    for v in x:
        if v > 0:
            total = total * v
            if v > limit:
                break
            if v > 1:
                continue
            total = total + v
        total = np.sin(total) * v
    return total


@program(exactly(SIGNS), smooth=True)
def break_behind_a_store(x):
    y = np.zeros(6)
    for i in range(6):
        y[i] = x[i] * x[i]
        if y[i] > 3:
            y[i] = y[i] * x[0]
            break
        y[i] = y[i] + x[i]
    return np.sum(y * y)


@program(positive((5,)), smooth=True)
def overwritten_then_continued(x):
    y = x[0]
    for i in range(5):
        y = y * x[i]
        if i % 2:
            continue
        y = np.exp(-y)
        if i == 4:
            continue
        y = y + x[i] * y
    return y


@program(exactly(SIGNS), smooth=True)
def carried_on_some_paths(x):
    best = x[0]
    for v in x:
        if v < best:
            continue
        if v > 2:
            break
        best = v * best
    return best * best


@program(exactly(SIGNS), smooth=True)
def appended_until(x):
    kept = []
    for v in x:
        if v < 0:
            continue
        kept.append(v * v)
        if len(kept) == 3:
            break
    total = 1.0
    for v in kept:
        total = total * v + v
    return total


@program(floats(1), smooth=True)
def list_that_a_loop_without_iterations_binds(x):
    while x > 100.0:
        record = [x]
        if x > 200.0:
            return sum(record)
        record.append(1.5)
    return 1.5 * x * x
