"""`with`: contexts written in Python, as classes and as generators, and those of `contextlib`."""

import contextlib
import functools

import numpy as np

from programs.registry import exactly, floats, normal
from programs.registry import program as registered

program = functools.partial(registered, saves=False)


class Scaled:
    def __init__(self, k):
        self.k = k
        self.depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.k = self.k * 2.0
        self.depth -= 1
        return False


class Doubling:
    def __init__(self, v):
        self.v = v

    def __enter__(self):
        return self.v * 2.0

    def __exit__(self, *error):
        pass


@program(normal((3,)), smooth=True)
def object_that_is_entered(x):
    with Scaled(x[0]) as s:
        y = np.sum(x * s.k) * s.depth
    return y * s.k


@program(floats(2), wrt=(0, 1), smooth=True)
def two_contexts(x, y):
    with Doubling(x) as u, Doubling(u * y) as v:
        z = u * v
    return z + x


@program(floats(2), wrt=(0, 1), smooth=True)
def return_at_the_end_of_a_with(x, y):
    s = Scaled(x)
    with s:
        return s.k * y * s.depth


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def context_in_a_loop(x, y, z):
    s, total = Scaled(x), 0.0
    for v in (y, z, x):
        with s as inner:
            if v > 100.0:
                total = total - v
            total = total + inner.k * v
    return total * s.k


@program(floats(2), wrt=(0, 1))
def jump_at_the_end_of_a_with(x, y):
    s, total = Scaled(x), y
    for k in range(4):
        if k < 2:
            with s:
                total = total * s.k
                continue
        total = total + s.k
        with s:
            total = total * y
            break
    return total * s.k


@contextlib.contextmanager
def raised(v, power=2):
    w = v**power
    yield w
    w = w * 3.0


@program(floats(2), wrt=(0, 1), smooth=True)
def generator_that_is_entered(x, y):
    with raised(x) as u, raised(y, power=3) as v:
        z = u * v
    return z * x


@contextlib.contextmanager
def logged(log, v):
    log.append(v)
    try:
        yield v * v
    finally:
        log.append(v * 3.0)


@program(floats(2), wrt=(0, 1), smooth=True)
def generator_with_a_finally(x, y):
    log = []
    with logged(log, x) as u:
        z = u * y
    return z * sum(log)


def stepped(s, v):
    with s:
        return s.k * v


@program(floats(2), wrt=(0, 1), smooth=True)
def context_in_a_callee(x, y):
    with Doubling(x) as u:
        v = stepped(Scaled(y), u)
    return v * x


@program(floats(2), wrt=(0, 1), smooth=True)
def contexts_of_contextlib(x, y):
    z = x * y
    with contextlib.nullcontext():
        z = z * x
    with contextlib.nullcontext(y * y) as w:
        z = z + w
    with contextlib.suppress(KeyError):
        z = z * {"a": x}["a"]
    with contextlib.suppress(KeyError, IndexError):
        z = z * {"a": x}["b"]
    return z


class Gain:
    def __init__(self, k):
        self.k, self.n = k, 0

    def __enter__(self):
        self.n += 1
        return self

    def __exit__(self, *error):
        self.k = self.k * 2
        self.n += 10


@program(exactly(np.array([0.7, 1.2, 0.4, -0.9])))
def jumps_out_of_a_context(x):
    gain, total = Gain(x[0]), 0.0
    for v in x:
        with gain:
            for w in x:
                if w * v < 0:
                    continue
                if total > 3:
                    break
                total = total + gain.k * w
            if v < 0:
                break
            if v < 0.5:
                continue
            total = total * 1.5
        total = total + gain.n
    return total * gain.k * gain.n


@contextlib.contextmanager
def noted(k, log):
    log.append(k)
    try:
        yield k * 2
    finally:
        log.append(k * 3)


@program(exactly(np.array([0.7, 1.2, 0.4, -0.9])))
def next_iteration_out_of_a_context(x):
    log, total = [], 0.0
    for v in x:
        with noted(v, log) as k:
            if k < 0.9:
                continue
            total = total + k * k
        total = total * 1.1
    return total + sum(log) * len(log)
