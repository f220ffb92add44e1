"""Jumps out of nested loops, in callees, in closures, in recursive functions."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, program

GRID = np.array([[0.55, 1.05, -0.3], [0.25, 1.45, 0.7], [-0.95, 0.4, 2.1]])


@program(exactly(GRID, 1.2), exactly(GRID, 0.1), exactly(GRID, 9.0), smooth=True)
def return_out_of_two_loops(A, limit):
    total = 0.0
    for i in range(3):
        for j in range(3):
            total = total + A[i, j] * A[i, j]
            if A[i, j] > limit:
                return total * A[i, j]
        total = np.sin(total)
    return total


@program(exactly(GRID, 1.2), exactly(GRID, 9.0), exactly(GRID, -9.0), smooth=True)
def return_out_of_three_loops(A, limit):
    total = 0.5
    for k in range(2):
        for row in A:
            for v in row:
                total = total * v + k
                if v > limit:
                    return total * total
            total = total + row[0]
        total = total * 0.5
    return total


@program(exactly(GRID, 0.9), exactly(GRID, 9.0), smooth=True)
def inner_break(A, limit):
    total = 1.0
    for row in A:
        for v in row:
            if v > limit:
                break
            total = total * v + v
        total = np.cos(total)
    return total


@program(exactly(GRID, 0.9), exactly(GRID, -0.5), smooth=True)
def inner_continue_outer_break(A, limit):
    total = 1.0
    for row in A:
        for v in row:
            if v > limit:
                continue
            total = total * v + v
        if total < 0:
            break
        total = total + row[1]
    return total


@program(exactly(GRID, 0.9), exactly(GRID, 9.0), exactly(GRID, 1.6), smooth=True)
def else_breaks_the_outer_loop(A, limit):
    total = 0.3
    for row in A:
        for v in row:
            if v > limit:
                break
            total = total + v * v
        else:
            break
        total = np.sin(total)
    return total


@program(exactly(GRID, 0.9), exactly(GRID, 9.0), smooth=True)
def else_continues_the_outer_loop(A, limit):
    total = 0.3
    for row in A:
        for v in row:
            if v > limit:
                total = total * v
                break
        else:
            continue
        total = np.sin(total) + row[0]
    return total


@program(exactly(GRID, 2), exactly(GRID, 0), smooth=True)
def while_around_for(A, n):
    y = A[0, 0]
    while n > 0:
        for v in A[n]:
            if v < 0:
                continue
            y = y * v + v
            if y > 1.5:
                break
        n -= 1
        y = np.sin(y)
    return y


@program(exactly(GRID, 1.0), exactly(GRID, 1.14), smooth=True)
def for_around_while(A, limit):
    total = 0.0
    for row in A:
        v = row[0] * row[0]
        while v < limit:
            v = v + row[1] * row[1]
            if v > 4:
                break
        total = total + v * row[2]
    return total


def searched(x, limit):
    for v in x:
        if v > limit:
            return v * v
    return x[0] * 3.0


@program(exactly(GRID[1], 0.6), exactly(GRID[1], 9.0), smooth=True)
def jumps_in_a_callee(x, limit):
    return searched(x * 1.1, limit) + searched(np.sin(x), limit * 0.5)


def settled(x, k):
    while abs(x) > 0.2:
        x = np.sin(x) * k
    return x


@program(exactly(GRID[1]), smooth=True)
def while_in_a_callee_in_a_loop(x):
    total = 0.0
    for v in x:
        y = settled(v, 0.5 + v * 0.1)
        if y > 0.19:
            continue
        total = total + y * v
    return total


@program(exactly(GRID[1], 0.8), smooth=True)
def jumps_in_a_closure(x, k):
    def partial_sum(limit):
        total = 0.0
        for v in x:
            total = total + v * k
            if total > limit:
                break
        return total * k

    return partial_sum(0.5) * partial_sum(99.0)


@program(followed_by(floats(1), 6), followed_by(floats(1), 0), smooth=True)
def halved(x, n):
    """Recursive, with a loop that returns."""
    for _ in range(3):
        if n < 1:
            return x * x
        n = n - 2
        x = np.sin(x) + 0.5
    return x * halved(x, n)


@program(normal((6,)), smooth=True)
def double_buffer(x):
    old, new = x, x * 0.5
    steps = 0
    while True:
        steps += 1
        old, new = new, new * old + 0.1
        if steps > 3:
            break
    return np.sum(old * new)


@program(exactly(GRID), smooth=True)
def stores_in_nested_loops(A):
    B = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            if j > i:
                break
            B[i, j] = A[i, j] * A[j, i]
            if i == j:
                continue
            B[i, j] += B[j, j] * A[0, 0]
    return np.sum(B * B)


@program(exactly(GRID, 1.0), exactly(GRID, 9.0), smooth=True)
def early_return_before_and_in_a_loop(A, limit):
    start = A[0, 0] * A[1, 1]
    if start < 0:
        return start
    for row in A:
        start = start + row[0] * row[1]
        if start > limit:
            return start * start
    if start < 0.5:
        start = start * 2
    return np.sin(start)
