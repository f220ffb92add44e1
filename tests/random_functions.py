"""Writes random programs about functions: nested ones over variables that change, defaults, partial
and decorated functions, functions in lists, dicts and objects, chosen by branches, returned by
functions, recursion, starred calls, and gradients inside.

`write(seed)` returns a `random_writer.Text`.
"""

import random

from random_writer import Text

HEAD = """\
import functools

import numpy as np

import tangent

TABLE = {"sin": np.sin, "half": lambda v: v * 0.5}


class Scaled:
    def __init__(self, k, f=np.sin):
        self.k, self.f = k, f

    def __call__(self, v):
        return self.f(v * self.k)

    def add(self, v, c=0.5):
        return v * c + self.k


def compose(f, g):
    return lambda v: f(g(v))


def through(fs, v):
    for f in fs:
        v = f(v)
    return v


def passed(f, *args, **words):
    return f(*args, **words)


def doubled(f):
    @functools.wraps(f)
    def wrapper(*args, **words):
        return 2.0 * f(*args, **words)

    return wrapper


def scaled(k):
    def decorate(f):
        return lambda v: k * f(v)

    return decorate


@doubled
def shifted(v, c=0.25):
    return np.cos(v) + c


@functools.cache
def power(v, n):
    return v if n <= 0 else power(v, n - 1) * 0.5 + v


def main(x, y, w):
    z = x * 0.5
    i, n, u = 0, 2, x * y
    f = np.sin
    g = lambda v: v * u
    h = shifted
    fs = [np.tanh]
    d = {"a": np.cos, "b": lambda v, k=y: v * k}
    o = Scaled(y)
"""
FREE = ("x", "u", "x * u", "1.5", "u * u", "0.3 * x")  # of variables that are bound once
NUMBERS = ("x", "y", "z", "x * y", "y * y", "1.5", "0.3 * z")
TESTS = ("x > 0.2", "y > x", "z < 1.0", "len(fs) > 2", "i == 0")
NAMES = ("f", "g", "h")


def write(seed):
    """One random program, of two numbers and an array."""
    rng = random.Random(seed)
    lines = _Writer(rng).block(0)
    result = "    return z * y + f(z) + g(x) * 0.5 + h(y) * 0.25 + np.sum(through(fs, w)) * 0.1"
    text = "\n".join([HEAD[:-1], *("    " + s for s in lines), result, ""])
    return Text(text, ("f", "f", "v"), seed)


class _Writer:
    def __init__(self, rng):
        self.rng = rng
        self.made = 0

    def block(self, depth, most=7):
        """Statements; blocks inside blocks are short, and at most two deep."""
        lines = []
        for _ in range(self.rng.randint(1 if depth else 3, 3 if depth else most)):
            if depth < 2 and self.rng.random() < 0.25:
                lines += self.rng.choice((self.branch, self.loop))(depth)
            else:
                lines += self.rng.choice((self.binding, self.binding, self.call, self.nested))()
        return lines

    def number(self):
        return self.rng.choice(NUMBERS)

    def free(self):
        return self.rng.choice(NUMBERS if self.rng.random() < 0.1 else FREE)

    def function(self, depth=0):
        """An expression that is a function of one number or array."""
        rng, v, f, u = self.rng, self.number(), self.rng.choice(NAMES), self.free()
        kinds = [
            *(f, f, "np.sin", "np.tanh", "shifted", "o", "o.add", "fs[0]", "fs[-1]"),
            f"(lambda v: v * {u})", f"(lambda v, c={v}: np.sin(v) * c + {u})", 'TABLE["half"]',
            f"functools.partial(o.add, c={v})", f"functools.partial(np.multiply, {v})",
            f'd["{rng.choice("ab")}"]', 'd["a" if y > x else "b"]', f"Scaled({v})", "fs[i]",
            "(lambda v: power(v, n))",
        ]  # fmt: skip
        if depth < 2:
            p, q = self.function(depth + 1), self.function(depth + 1)
            kinds += [
                f"compose({p}, {q})", f"({p} if {rng.choice(TESTS)} else {q})", f"doubled({p})",
                f"scaled({v})({p})", f"functools.partial(passed, {p})", f"Scaled({v}, {p})",
                f"(lambda v, f={p}: f(v) * {u})", f"(lambda v, f={p}: f(v) + f({u}))",
                f"tangent.grad(lambda v, f={p}: np.sum(f(v) * v))", f"Scaled({v}, {q}).add",
            ]  # fmt: skip
        return rng.choice(kinds)

    def binding(self):
        rng, f, name = self.rng, self.function(), self.rng.choice(NAMES)
        return rng.choice((
            [f"{name} = {f}"], [f"{name} = {f}"], [f"fs.append({f})"], [f"fs = [{f}, {name}]"],
            [f"fs[i] = {f}"], [f'd["{rng.choice("ab")}"] = {f}'],
            [f"o = Scaled({self.number()}, {f})"],
            [f"fs = [{f} for c in range(2)]"],
            ["fs = [lambda v, c=c: v * u + c for c in range(2)]"],
            [f"{name}, z = {f}, {self.number()}"], ["fs = fs[::-1]"], [f"fs = fs + [{f}]"],
            [f"{name} = functools.reduce(compose, fs)"], [f"o.k = {self.number()}"],
        ))  # fmt: skip

    def call(self):
        rng, f, v, y = self.rng, self.function(), self.number(), self.rng.choice("yz")
        return rng.choice((
            [f"{y} = {f}({v})"], [f"{y} = passed({f}, {v}) * 0.5"], [f"{y} = through([{f}], {v})"],
            [f"{y} = np.sum({f}(w)) * 0.2"], [f"z = sum(map({f}, [x, {v}])) * 0.3"],
            ["for s in fs:", f"    z = s(z) * 0.5 + {v}"], [f"z = through(fs, {v})"],
            ["for s, c in zip(fs, [x, y]):", "    z = s(c) * 0.5 + z * 0.3"],
            ["for s, c in d.items():", "    z = z * 0.5 + c(x) * (0.3 if s == 'a' else 0.7)"],
            [f"z = max([x, y, {v}], key={f}) * 0.5"], [f"z = sorted([x, {v}, y], key={f})[1]"],
            [f"z = functools.reduce(lambda a, b: a * 0.5 + {f}(b), [x, y, {v}])"],
            [f"z = [s({v}) for s in fs][-1] * 0.5"], ["z = o.add(z, c=x) * 0.5"],
            [f"z = passed(o.add, {v}, c=y)"], [f"z = passed(*[{f}, {v}])"], [f"z = {f}(v={v})"],
            [f"z = tangent.jvp({f}, ({v},), (x,))[1]"],
        ))  # fmt: skip

    def nested(self):
        """A function with statements, over variables of `main`."""
        rng, v, p, name = self.rng, self.free(), self.function(2), self.rng.choice(NAMES)
        self.made += 1
        return rng.choice((
            [f"def {name}(v, c={v}):", "    t = v * c", "    return np.sin(t) + u * t"],
            ["@doubled", f"def {name}(v):", f"    return v * {v}"],
            [f"@scaled({v})", f"def {name}(v):", "    if np.sum(v) > 0.3:",
             f"        return {p}(v)", "    return v * x"],
            [f"def make{self.made}(k):", "    b = k * 0.5", "    def inner(v):",
             f"        return v * b + {v}", "    return inner",
             f"{name} = make{self.made}({self.number()})"],
            [f"def pick{self.made}(c):", "    if c > x:", f"        return {p}",
             f"    return lambda v: v * {v}", f"{name} = pick{self.made}({self.number()})"],
            [f"def down{self.made}(v, m):", f"    return v * {v} if m == 0 else "
             f"down{self.made}(np.sin(v), m - 1)", f"z = down{self.made}({self.number()}, n)"],
            [f"def even{self.made}(v, m):",
             f"    return v if m == 0 else odd{self.made}(v * u, m - 1)",
             f"def odd{self.made}(v, m):", f"    return {p}(v) if m == 0 else "
             f"even{self.made}(v + x, m - 1)", f"{name} = lambda v: even{self.made}(v, 2)"],
            [f"def rec{self.made}(f, v, m):",
             "    return v if m == 0 else f(f, v, m - 1) * 0.5 + u",
             f"z = rec{self.made}(rec{self.made}, {v}, 2)"],
        ))  # fmt: skip

    # ------------------------------------------------------------ blocks

    def branch(self, depth):
        lines = [f"if {self.rng.choice(TESTS)}:", *self.inside(depth)]
        return lines if self.rng.random() < 0.5 else [*lines, "else:", *self.inside(depth)]

    def loop(self, depth):
        head = self.rng.choice(("i in range(2)", "i in range(0)", "s in fs", "c in (x, y)"))
        return [f"for {head}:", *self.inside(depth), "    z = z * 0.5 + 0.3 * y"]

    def inside(self, depth):
        return ["    " + line for line in self.block(depth + 1)]
