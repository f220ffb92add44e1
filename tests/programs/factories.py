"""Functions that make functions with a state: accumulators, filters, memories of results."""

import functools

import numpy as np

from programs.registry import normal, program


def accumulator(start=0.0, rate=1.0):
    """Adds up what it is given."""
    total = start
    n = 0

    def add(v, weight=1.0):
        nonlocal total, n
        n += 1
        total = total + rate * v * weight
        return total

    def mean():
        return total / n if n else 0.0

    def reset():
        nonlocal total, n
        total, n = 0.0, 0

    return add, mean, reset


def smoothed(alpha):
    state = None

    def update(v):
        nonlocal state
        state = v if state is None else alpha * v + (1 - alpha) * state
        return state

    return update


def averaging():
    seen = []

    def average(v):
        seen.append(v)
        return sum(seen) / len(seen)

    return average


def ring(n):
    held = np.zeros(n)
    i = 0

    def push(v):
        nonlocal i
        held[i % n] = v
        i += 1
        return held.sum()

    return push


def remembering(f):
    kept = {}

    @functools.wraps(f)
    def wrapper(*args):
        if args not in kept:
            kept[args] = f(*args)
        return kept[args]

    return wrapper


@program(normal((), (3,)), smooth=True)
def state_of_three_functions(rate, x):
    add, mean, reset = accumulator(rate=rate)
    total = add(x[0]) + add(x[1], weight=2.0) * rate
    before = mean()
    reset()
    for v in x:
        add(v * v)
    return total * before + mean()


@program(normal((), (3,)), smooth=True)
def two_states_of_one_text(alpha, x):
    first, second = smoothed(alpha), smoothed(alpha * alpha)
    for v in x:
        first(v)
        second(v * v)
    return first(0.5) * second(alpha)


@program(normal((3,)), smooth=True)
def state_in_a_list(x):
    average = averaging()
    return sum([average(v) for v in x]) * average(x[0] * x[1])


@program(normal((3,)), smooth=True)
def state_in_an_array(x):
    push = ring(2)
    return push(x[0]) * push(x[1]) * push(x[2] * x[2])


@program(normal((3,)), smooth=True)
def maker_that_stands_inside(x):
    scale = x[0] * 2.0

    def make(total, factor):
        def grow(v):
            nonlocal total
            total = total * factor + v * scale
            return total

        return grow

    values = [x[1], x[2]]
    grow = make(factor=values.pop(), total=values.pop())
    grow(x[0])
    scale = x[1]
    return grow(scale)


@program(normal((2,)), smooth=True)
def memory_by_a_decorator(x):
    @remembering
    def power(n):
        return x[1] if n == 0 else x[0] * power(n - 1)

    return power(3) * power(4) + power(2)


@program(normal(()), smooth=True)
def numbers_that_only_look_random(x):
    def generator(seed):
        def draw():
            nonlocal seed
            seed = (seed * 1103515245 + 12345) % 2147483648
            return seed / 2147483648

        return draw

    draw = generator(42)
    return sum(x**i * draw() for i in range(3)) + draw() * x
