"""Writes random programs about sizes that coincide: numbers, vectors of 3, matrices of 3 by 3.

Sums and extremes of arrays meet arrays of the same shape, are stored into rows and columns, and
become arrays in loops.  Where a broadcast is not undone, no shape says so: the gradient is wrong.
`write(seed)` returns a `random_writer.Text`.
"""

import random

from random_writer import Text

HEAD = """\
import numpy as np

C = np.arange(9.0).reshape(3, 3) / 4 - 0.9


def main(x, M, w, s):
    T, U = np.ones((3, 3)), C * 1.0
"""
WHOLE = (
    *("np.sum({})", "np.mean({})", "np.sum({} ** 2)", "np.max({})"),
    *("({}).sum()", "np.sum({}[1:])"),
)
NUMBERS = ("x[1]", "M[0, 2]", "np.dot(x, w)", "np.trace(M)", "x @ M @ w", "np.sum(M[1] * x)", "0.7")
PARTS = (
    *("M[1]", "M[:, 0]", "M.T", "M[:, 1:2]", "x[::-1]"),
    *("np.outer(x, w)", "M @ x", "np.cumsum(x)"),
)
ALONG = (
    "np.sum(M * {}, axis=0)",
    "np.mean(M + {}, axis=1, keepdims=True)",
    "np.max(M * {}, axis=1)",
)
GROWING = ("{0} * (C + 1.0)", "{0} + np.ones(3)", "{0} * x", "{0} + C")
PLACES = ("T[1]", "T[:, 0]", "U[1:]", "U[:]", "T[0, 1]", "U[2, :]", "T[:, 1:]")


def write(seed):
    return Text(_Writer(random.Random(seed)).program(), ("v", "m", "v", "f"), seed)


class _Writer:
    def __init__(self, rng):
        self.rng, self.lines = rng, []
        self.numbers, self.arrays = ["s"], ["x", "M", "w", "C"]

    def program(self):
        self.block("    ", self.rng.randint(3, 6), nested=False)
        names = ["x", "M", "w", *self.numbers, *self.arrays[4:]]
        total = " + ".join(f"np.sum({n} * C)" for n in ["T", "U", *names])
        return HEAD + "".join(self.lines) + f"    return {total}\n"

    def block(self, indent, count, nested):
        for _ in range(count):
            self.statement(indent, nested)

    def statement(self, indent, nested):
        kind = self.rng.random()
        if kind < 0.45:
            self.bind(indent, nested)
        elif kind < 0.75 or nested:
            operator = self.rng.choice(("=", "+=", "*=", "-="))
            self.line(indent, f"{self.rng.choice(PLACES)} {operator} {self.number()}")
        elif kind < 0.9:
            self.grow(indent)
        else:
            self.line(indent, f"if {self.number()} > 0.3:")
            self.block(indent + "    ", 2, nested=True)

    def bind(self, indent, nested):
        number = self.rng.random() < 0.5
        name = f"{'s' if number else 'a'}{len(self.lines)}"
        self.line(indent, f"{name} = {self.number() if number else self.array()}")
        if not nested:
            (self.numbers if number else self.arrays).append(name)

    def grow(self, indent):
        """A loop that makes an array of a number, perhaps."""
        if not self.numbers:
            return
        name = self.rng.choice(self.numbers)
        self.line(indent, f"for _ in range({self.rng.randint(0, 3)}):")
        self.line(indent, f"    {name} = {self.rng.choice(GROWING).format(name)}")
        if self.rng.random() < 0.4:
            self.line(indent, f"    T = T * 1.0 + {name}")
        self.numbers.remove(name)
        self.arrays.append(name)

    def line(self, indent, text):
        self.lines.append(f"{indent}{text}\n")

    def number(self, depth=0):
        kind = self.rng.random()
        if kind < 0.2 and self.numbers:
            return self.rng.choice(self.numbers)
        if kind < 0.75 and depth < 3:
            return self.rng.choice(WHOLE).format(self.array(depth + 1))
        return self.rng.choice(NUMBERS)

    def array(self, depth=0):
        kind = self.rng.random()
        if depth > 2 or kind < 0.25:
            return self.rng.choice(self.arrays)
        if kind < 0.65:
            second = self.array(depth + 1) if kind < 0.5 else self.number(depth + 1)
            return f"({self.array(depth + 1)} {self.rng.choice('+-*')} {second})"
        if kind < 0.75:
            return self.rng.choice(ALONG).format(self.array(depth + 1))
        if kind < 0.85:
            return self.rng.choice(PARTS)
        if kind < 0.93:
            second = self.number(depth + 1)
            return f"np.where(C > 0, {self.array(depth + 1)}, {second})"
        return f"np.sin({self.array(depth + 1)})"
