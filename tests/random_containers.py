"""Writes random programs about dicts and lists of numbers: entries that are read, bound again,
named twice or under computed keys, with names that go in and come back.

`write(seed)` returns a `random_writer.Text`.  A program that fails for a key or an index that is
not there is left out by whoever runs it.
"""

import random

from random_writer import Text

HEAD = """\
import numpy as np


def both(items, c):
    return items, c


def main(x, y):
    z = x * 0.5
    k, m = "a", "b"
    i, j = 0, 1
    v = x
    d = {"a": x, "b": y}
    e = {"a": y, "b": x * y}
    a = [x, y, x * y]
    b = [y, x * y]
"""
NUMBERS = ("x", "y", "x * y", "y * y", "z", "x * z", "1.5", "np.sin(z)")
TESTS = ("x > 0.2", "y > x", "z < 1.0")


def write(seed):
    """One random program, of two numbers."""
    lines = _Writer(random.Random(seed)).block(0)
    result = '    return d["a"] * y + e["b"] + d[k] * z + a[0] * a[1] + b[i] + sum(a) * v'
    return Text("\n".join([HEAD[:-1], *("    " + s for s in lines), result, ""]), ("f", "f"), seed)


class _Writer:
    def __init__(self, rng):
        self.rng = rng
        about = rng.choice((("dict",), ("list",), ("dict", "list")))
        self.kinds = [
            (self.dict_bound, 3, "dict"), (self.dict_read, 4, "dict"),
            (self.dict_stored, 4, "dict"), (self.dict_handed, 2, "dict"),
            (self.key_bound, 1, "dict"), (self.list_bound, 3, "list"),
            (self.list_read, 4, "list"), (self.list_stored, 3, "list"),
            (self.list_changed, 3, "list"), (self.branch, 2, ""), (self.loop, 2, ""),
        ]  # fmt: skip
        self.kinds = [k for k in self.kinds if k[2] in ("", *about)]

    def block(self, depth, most=9):
        """Statements; blocks inside blocks are short, and at most two deep."""
        lines = []
        for _ in range(self.rng.randint(2 if depth else 4, 3 if depth else most)):
            makers, weights, _ = zip(*self.kinds, strict=True)
            lines += self.rng.choices(makers, weights)[0](depth)
        return lines

    def number(self):
        return self.rng.choice(NUMBERS)

    def key(self):
        return self.rng.choice(('"a"', '"b"', '"a"', "k", "m"))

    def position(self):
        return self.rng.choice(("0", "1", "-1", "i", "j"))

    # ------------------------------------------------------------ dicts

    def dict_bound(self, depth):
        one, other = self.rng.choices("de", k=2)
        entries = [f"{self.key()}: {self.number()}" for _ in range(self.rng.randint(0, 2))]
        last = self.rng.choice((self.number(), f'{other}["b"]', f"{other}[{self.key()}]"))
        shown = [*entries, f'"b": {self.number()}', f'"a": {last}']
        return [f"{one} = {{{', '.join(shown)}}}"]

    def dict_read(self, depth):
        times = self.rng.choice(("", f" * {self.number()}"))
        name = self.rng.choice("yz")
        return [f"{name} = {self.rng.choice('de')}[{self.key()}]{times}"]

    def dict_stored(self, depth):
        one, other = self.rng.choices("de", k=2)
        value = self.rng.choice((self.number(), f"{other}[{self.key()}] * {self.number()}"))
        return [f"{one}[{self.key()}] = {value}"]

    def dict_handed(self, depth):
        one, other = self.rng.choices("de", k=2)
        handed = f"{one}, _ = both({other}, {self.number()})"
        return [self.rng.choice((f"{one} = {other}", f"{one} = {other}.copy()", handed))]

    def key_bound(self, depth):
        return [f"k = {self.rng.choice(('m', repr('a'), repr('b')))}"]

    # ------------------------------------------------------------ lists

    def list_bound(self, depth):
        one, other = self.rng.choices("ab", k=2)
        n, p = self.number(), self.position()
        return [f"{one} = " + self.rng.choice((
            f"[{n}, {self.number()}, y]", f"[{n}, {other}[{p}], {self.number()}]", f"{other}",
            f"list({other})", f"{other}[:]", f"{other} + [{n}]", f"[{n}] + {other}[::-1]",
            f"{other}.copy()", f"both({other}, {n})[0]", f"[q * {n} for q in {other}[:4]]",
            f"[{n} for q in {other} if q > 0.3] + [x, y]",
        ))]  # fmt: skip

    def list_read(self, depth):
        one, n = self.rng.choice("ab"), self.number()
        name = self.rng.choice("yz")
        return [self.rng.choice((
            f"{name} = {one}[{self.position()}] * {n}", f"{name} = {one}[{self.position()}]",
            f"y, z = {one}[0], {one}[1]", f"z = sum({one}) * 0.3",
            f"{name} = ({one}, {n})[0][{self.position()}]",
        ))]  # fmt: skip

    def list_stored(self, depth):
        one, sign = self.rng.choice("ab"), self.rng.choice(("=", "=", "=", "+=", "*="))
        return [f"{one}[{self.position()}] {sign} {self.number()}"]

    def list_changed(self, depth):
        one, n = self.rng.choice("ab"), self.number()
        return self.rng.choice((
            [f"{one}.append({n})"], [f"z = {one}.pop()", f"{one}.append({n})"],
            [f"{one}.extend([{n}])"], [f"{one}.insert(0, {n})"], [f"{one}.reverse()"],
            [f"y = {one}.pop(0) * y", f"{one}.append({n})"],
        ))  # fmt: skip

    # ------------------------------------------------------------ blocks

    def branch(self, depth):
        if depth == 2:
            return []
        lines = [f"if {self.rng.choice(TESTS)}:", *self.nested(depth)]
        return lines if self.rng.random() < 0.5 else [*lines, "else:", *self.nested(depth)]

    def loop(self, depth):
        if depth == 2:
            return []
        head = self.rng.choice((
            'k in ("a", "b")', 'm in ("b", "a")', "i in range(2)", "j, v in enumerate(a[:2])",
            f"v in {self.rng.choice('ab')}[:3]", "u, v in zip(a[:2], b)",
        ))  # fmt: skip
        return [f"for {head}:", *self.nested(depth), "    z = z * 0.5 + 0.3 * y"]

    def nested(self, depth):
        return ["    " + line for line in self.block(depth + 1) or ["pass"]]
