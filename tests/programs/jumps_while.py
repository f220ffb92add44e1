"""`while`: iterations to a tolerance, integer control, stacks, no iteration at all."""

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program


@program(exactly(2.0, 3.0), exactly(9.0, 3.0), exactly(0.5, 0.9), wrt=(0, 1), smooth=True)
def newton_sqrt(a, x):
    while abs(x * x - a) > 0.1:
        x = 0.5 * (x + a / x)
    return x


@program(exactly(3.0, 2), exactly(0.7, 6), smooth=True)
def newton_by_an_endless_loop(a, digits):
    x = a
    while True:
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < 10.0**-digits:
            return x * a


@program(exactly(np.array([2.0, 3.0, 5.0])), exactly(np.ones(3)))
def newton_on_arrays(a):
    x = a.copy()
    while np.max(np.abs(x * x - a)) > 1e-2:
        x = 0.5 * (x + a / x)
    return np.sum(x * a)


@program(exactly(2.0, 0.0, 4.0), exactly(5.0, 1.0, 3.5), wrt=(0, 1, 2), smooth=True)
def bisection_by_secants(c, low, high):
    """Each step keeps the half in which the sign changes."""
    while high - low > 0.05:
        middle = low + (high - low) * 0.45
        if middle * middle < c:
            low = middle
        else:
            high = middle
    return low + (high - low) * c


@program(
    followed_by(floats(1), 7), followed_by(floats(1), 1), followed_by(floats(1), 12), smooth=True
)
def collatz(x, n):
    y = x
    while n != 1:
        if n % 2 == 0:
            n = n // 2
            y = np.sin(y) + x
        else:
            n = 3 * n + 1
            y = y * x
    return y


@program(exactly(1.25), exactly(12.0), smooth=True)
def until_it_is_large(x):
    y = x
    while y < 10:
        y = y * x + 1
    return y * x


@program(exactly(np.array([0.3, 0.4]), 3.0), exactly(np.array([3.0, 0.4]), 1.0), smooth=True)
def until_the_norm_is_large(x, limit):
    steps = 0
    while np.sum(x * x) < limit and steps < 4:
        x = x * 1.5 + np.sin(x)
        steps += 1
    return np.sum(x) * (steps + 1)


@program(normal((4,)), smooth=True)
def stack_of_numbers(x):
    stack = [x[0], x[1], x[2] * x[3]]
    total = 1.0
    while stack:
        top = stack.pop()
        total = total * top + top
    return total


@program(normal((5,)), smooth=True)
def queue_that_grows(x):
    """What is popped may be pushed again, changed."""
    stack = [x[0], x[1]]
    total, rounds = 0.0, 0
    while len(stack) > 0:
        top = stack.pop()
        total = total + top * top
        if rounds < 3:
            stack.append(top * x[rounds + 2])
        rounds = rounds + 1
    return total


@program(exactly(1.5, 3), exactly(1.5, 0), smooth=True)
def test_that_pops(x, n):
    """The test is asked once per iteration, and changes the list."""
    todo = [0, 2, 1, n]
    y = x
    while todo.pop() > 0:
        y = y * x + np.sin(y)
    return y + len(todo)


def gap(x, y):
    return np.sum((x - y) * (x - y))


@program(exactly(np.array([1.0, 2.0]), np.array([3.0, -1.0])), wrt=(0, 1), smooth=True)
def test_that_calls(x, y):
    while gap(x, y) > 0.1:
        x = x + (y - x) * 0.5
    return np.sum(x * y)


@program(followed_by(floats(1), 3), followed_by(floats(1), 0), smooth=True)
def counted_down(x, n):
    y = x
    while n:
        n -= 1
        y = np.sin(y) * n + x
    return y


@program(followed_by(normal((6,)), 0), followed_by(normal((6,)), 4), smooth=True)
def index_by_hand(x, i):
    total = 0.0
    while i < len(x):
        total = total + x[i] * x[i] * i
        i += 2
    return total * i


@program(normal((5,)), smooth=True)
def two_ends_meet(x):
    i, j = 0, len(x) - 1
    total = 0.0
    while i < j:
        total = total + x[i] * x[j]
        i, j = i + 1, j - 1
    return total * x[i]


@program(positive((3,)), smooth=True)
def endless_with_two_ways_out(x):
    total, i = 0.0, 0
    while True:
        total = total + x[i] * x[i]
        if total > 5.0:
            break
        i += 1
        if i == 3:
            break
        total = total * 1.1
    return total * i + total


@program(exactly(0.5), exactly(1.2), smooth=True)
def while_in_while(x):
    y, outer = x, 0
    while outer < 3:
        inner = 0
        while inner < outer:
            y = y * x + inner
            inner += 1
        y = np.sin(y)
        outer += 1
    return y


@program(exactly(0.5, 2), exactly(1.5, 0), smooth=True)
def while_with_else(x, n):
    y = x
    while n > 0:
        y = y * x
        n -= 1
        if y > 3:
            break
    else:
        y = np.sin(y)
    return y * x


@program(normal((4,)), smooth=True)
def stores_until_done(x):
    y = np.zeros(4)
    i = 0
    while i < 4:
        y[i] = x[i] * x[i]
        if i > 0:
            y[i] += y[i - 1] * x[0]
        i += 1
    return np.sum(y * y)


@program(exactly(0.8), smooth=True)
def loop_that_never_runs(x):
    y = x * x
    while y > 10:
        y = y * x
        z = y * x
        y = np.sin(z)
    return y


@program(exactly(1.2), exactly(0.2), smooth=True)
def bound_in_the_loop_only(x):
    while True:
        y = x * x
        z = np.sin(y)
        if z > 0.01:
            break
        x = x * 2
    return y * z


@program(exactly(2.0, np.array([0.3, -0.2])), wrt=(0, 1), smooth=True)
def fixed_point_on_an_array(k, x):
    while True:
        new = np.tanh(x) / k + 0.1
        done = np.max(np.abs(new - x)) < 0.03
        x = new
        if done:
            break
    return np.sum(x) * k
