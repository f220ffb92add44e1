"""Writes random programs about places that get something else: entries of lists, dicts and objects
that hold a small dict or a pair, replaced by one whose numbers and arrays have other shapes.

`write(seed)` returns a `random_writer.Text`.  A program that fails for a key or an index that is
not there is left out by whoever runs it.
"""

import random

from random_writer import Text

HEAD = """\
import numpy as np


class Box:
    pass


def made(b, c):
    return {"b": b, "c": c}


def both(v, n):
    return v, n


def size(s):
    return np.sum(s["b"]) * 0.7 + np.sum(s["c"] * s["b"])


def main(x, y, w):
    z = x * 0.5
    k, i = "p", 0
    h = [{"b": x, "c": y}, {"b": w, "c": y}]
    d = {"p": {"b": w, "c": x}, "q": {"b": y, "c": z}}
    o = Box()
    o.s = {"b": x, "c": w}
    o.t = [x, w]
    l = [[x, w], [w, y]]
    e = d["p"]
"""
RESULT = (
    "size(h[0])", "size(h[-1]) * y", 'size(d["p"])', "size(d[k]) * z", "size(o.s)",
    "np.sum(o.t[0])", "np.sum(l[0][0]) * z", "np.sum(l[i][1]) * x", 'np.sum(e["c"])',
)  # fmt: skip
VALUES = (
    "x", "y", "z", "w", "w * z", "w[:1]", "w[:1] * y", "x * y", "1.5", "np.sin(w)",
    "w[:2] * 0 + z", "np.ones(3)", "w[0]",
)  # fmt: skip
SLOTS = ("h[0]", "h[1]", "h[i]", "h[-1]", 'd["p"]', 'd["q"]', "d[k]", "o.s")
PAIRS = ("l[0]", "l[1]", "l[i]", "o.t")
TESTS = ("x > 0.2", "y > x", "z < 1.0")
LOOPS = ("i in range(2)", 'k in ("p", "q")')


def write(seed):
    """One random program, of two numbers and an array."""
    rng = random.Random(seed)
    lines = _Writer(rng).block(0)
    parts = rng.sample(RESULT, rng.randint(1, 3))
    result = f"    return {' + '.join(parts)} + z * y"
    text = "\n".join([HEAD[:-1], *("    " + s for s in lines), result, ""])
    return Text(text, ("f", "f", "v"), seed)


class _Writer:
    def __init__(self, rng):
        self.rng = rng

    def block(self, depth, most=8):
        """Statements; blocks inside blocks are short, and at most two deep."""
        lines = []
        for _ in range(self.rng.randint(2 if depth else 3, 3 if depth else most)):
            if depth < 2 and self.rng.random() < 0.25:
                lines += self.rng.choice((self.branch, self.loop, self.loop))(depth)
            else:
                lines += self.rng.choice((self.slot, self.slot, self.pair))()
        return lines

    def slot(self):
        one, other = (self.rng.choice(SLOTS) for _ in range(2))
        v, u = (self.rng.choice(VALUES) for _ in range(2))
        y = self.rng.choice("yz")
        shown = f'{{"b": {v}, "c": {u}}}'
        return self.rng.choice((
            [f"{one} = {shown}"], [f"{one} = made({v}, {u})"], [f'{one}["b"] = {v}'],
            [f'{one}["c"] = {v}'], [f"{one} = {other}"], [f"{one} = dict({other})"],
            [f'{one} = {{**{other}, "b": {v}}}'], [f"{y} = size({one}) * 0.3"],
            [f'{y} = np.sum({one}["b"]) * 0.3'], [f'{y} = np.sum({one}["c"] * z) * 0.3'],
            [f"e = {one}", f'{y} = np.sum(e["b"]) * 0.3'], [f"h.append({shown})"],
            [f"e, _ = both({one}, {v})", f'{y} = np.sum(e["c"]) * 0.3'],
            [f'{y} = np.sum(h.pop()["b"]) * 0.2', f"h.append({shown})"],
        ))  # fmt: skip

    def pair(self):
        one, other = (self.rng.choice(PAIRS) for _ in range(2))
        v, u = (self.rng.choice(VALUES) for _ in range(2))
        y = self.rng.choice("yz")
        return self.rng.choice((
            [f"{one} = [{v}, {u}]"], [f"{one}[0] = {v}"], [f"{one} = {other}"],
            [f"{one} = list({other})"],
            [f"{y} = np.sum({one}[1]) * 0.3 + np.sum({one}[0] * z) * 0.1"],
        ))  # fmt: skip

    # ------------------------------------------------------------ blocks

    def branch(self, depth):
        lines = [f"if {self.rng.choice(TESTS)}:", *self.nested(depth)]
        return lines if self.rng.random() < 0.5 else [*lines, "else:", *self.nested(depth)]

    def loop(self, depth):
        return [f"for {self.rng.choice(LOOPS)}:", *self.nested(depth)]

    def nested(self, depth):
        return ["    " + line for line in self.block(depth + 1)]
