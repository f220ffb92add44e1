"""Writes random programs about objects: attributes that are read and written, methods, inheritance,
properties, operators, dataclasses, named tuples, second names, objects in lists and in one another.

`write(seed)` returns a `random_writer.Text`.
"""

import random

from random_writer import Text

HEAD = """\
import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Layer:
    gain = 0.5

    def __init__(self, w, b):
        self.w, self.b = w, b
        self.calls = 0

    def __call__(self, v):
        return np.tanh(v * self.w + self.b) * self.gain

    @property
    def size(self):
        return self.w * self.w + self.b

    @property
    def bias(self):
        return self.b * 2.0

    @bias.setter
    def bias(self, value):
        self.b = value * 0.5

    def step(self, c=0.1):
        self.w = self.w - c * self.b
        self.calls += 1
        return self

    def weight(self):
        return self.w * self.gain if self.calls > 0 else self.w

    def both(self, v):
        return self(v) + self.weight()


class Scaled(Layer):
    def __init__(self, w, b, k):
        super().__init__(w, b * k)
        self.k = k

    def __call__(self, v):
        return super().__call__(v) * self.k

    def step(self, c=0.2):
        super().step(c * self.k)
        self.k = self.k + self.w * 0.1
        return self


@dataclass
class Vec:
    a: float
    b: float = 0.5

    def __add__(self, other):
        return Vec(self.a + other.a, self.b + other.b)

    def __mul__(self, c):
        return Vec(self.a * c, self.b * c)

    __rmul__ = __mul__

    def __neg__(self):
        return Vec(-self.a, -self.b)

    def __getitem__(self, i):
        return self.a if i == 0 else self.b

    def __matmul__(self, other):
        return self.a * other.a + self.b * other.b

    @classmethod
    def of(cls, v):
        return cls(v, v * 0.3)

    @staticmethod
    def mean(p, q):
        return (p + q) * 0.5

    @property
    def norm(self):
        return np.sqrt(self @ self + 1.0)

    def scale(self, c):
        self.a, self.b = self.a * c, self.b + c
        return self


class Pair(NamedTuple):
    a: float
    b: float

    def product(self):
        return self.a * self.b


class Particle:
    def __init__(self, x, v, m=1.0):
        self.x = x
        self.v = v
        self.m = m
        self.trail = []

    def move(self, dt):
        self.x = self.x + dt * self.v

    def push(self, f):
        self.v += f

    def mark(self, value):
        self.trail.append(value)

    def energy(self):
        return 0.5 * self.m * np.sum(self.v * self.v) + np.sum(np.sin(self.x))


class Value:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data)

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data)

    def relu(self):
        return Value(self.data if self.data > 0.0 else self.data * 0.1)

    def tanh(self):
        return Value(np.tanh(self.data))


class Model:
    def __init__(self, layers, out):
        self.layers = layers
        self.out = out
        self.loss = 0.0

    def __call__(self, v):
        for layer in self.layers:
            v = layer(v)
        return self.out(v)

    def fit(self, c):
        self.out.w = self.out.w * c
        self.loss = self.loss + self.out.b
        return self.loss


def energy(p, c):
    return p.energy() * c + np.sum(p.x) * p.m


def nudge(p, c):
    p.x = p.x * c
    p.m = p.m + c


def call(f, v):
    return f(v) * 0.5


def total(vs):
    found = vs[0]
    for v in vs[1:]:
        found = found + v
    return found


def main(x, y, w):
    z = x * 0.5
    i, n = 0, 2
"""
MADE = {
    "layers": ("l = Layer(x, y)", "k = Scaled(y, z, x)"),
    "vectors": ("p, q = Vec(x, y), Vec.of(y)", "vs = [p, Vec(y, z)]"),
    "pairs": ("c = Pair(x, y)", "e = Pair(b=z, a=y * y)"),
    "particles": ("r = Particle(w * x, w * w, y)", "s = Particle(w + y, w * 0.5)"),
    "swarm": ("ps = [Particle(w * x, w + y), Particle(w * z, w * w, y)]",),
    "values": ("a, b = Value(x), Value(y)",),
    "mixed": ("g = [Layer(x, y), Scaled(y, x, 0.5)]", "h = [Layer(y, z)]"),
    "models": ("m = Model([Layer(x, y), Scaled(y, x, 0.5)], Layer(z, y))",),
}
RESULT = {
    "layers": "l(x) * k.size + l.size * k(y) + k.weight()",
    "vectors": "(p @ q) * vs[0].a + p.norm + q[1] + total(vs).b",
    "pairs": "c.product() + e.a * c[1] + e.b",
    "particles": "r.energy() + energy(s, y) + sum(r.trail) + s.m",
    "swarm": "ps[0].energy() + sum([p.energy() for p in ps]) * y",
    "values": "(a * b + a).tanh().data + b.data",
    "mixed": "g[0](x) * g[-1].size + h[-1](y) + sum([o.w for o in h])",
    "models": "m(x) + m.out.w * y + m.loss + m.layers[0].b",
}
NUMBERS = ("x", "y", "z", "x * y", "y * y", "1.5", "0.3 * z", "np.sin(x)")
TESTS = ("x > 0.2", "y > x", "z < 1.0", "i == 0")


def write(seed):
    """One random program, of two numbers and an array."""
    rng = random.Random(seed)
    about = rng.sample(sorted(RESULT), rng.choice((1, 1, 2)))
    made = [s for a in about for s in MADE[a]]
    lines = [*made, *_Writer(rng, about).block(0)]
    result = f"    return {' + '.join(RESULT[a] for a in about)} + z * y"
    text = "\n".join([HEAD[:-1], *("    " + s for s in lines), result, ""])
    return Text(text, ("f", "f", "v"), seed)


class _Writer:
    def __init__(self, rng, about):
        self.rng = rng
        self.makers = [getattr(self, a) for a in about]

    def block(self, depth, most=6):
        """Statements; blocks inside blocks are short, and at most two deep."""
        lines = []
        for _ in range(self.rng.randint(1 if depth else 2, 2 if depth else most)):
            if depth < 2 and self.rng.random() < 0.2:
                lines += self.rng.choice((self.branch, self.loop))(depth)
            else:
                lines += self.rng.choice(self.makers)()
        return lines

    def parts(self):
        """Two numbers, and a name to bind."""
        v, u = self.rng.choices(NUMBERS, k=2)
        return v, u, self.rng.choice("yz")

    def layers(self):
        v, u, y = self.parts()
        o, other = self.rng.choices("lk", k=2)
        return self.rng.choice((
            [f"{y} = {o}({v}) * {u}"], [f"{y} = {o}.size * {v}"], [f"{o}.w = {v}"],
            [f"{o}.b += {v} * 0.1"], [f"{o}.step()"], [f"{y} = {o}.step({v}).w * 0.5"],
            [f"{o}.step(c={v}).step()"], [f"{o}.bias = {v}"], [f"{y} = {o}.bias * {u}"],
            [f"l = Layer({v}, {u})"], [f"k = Scaled({v}, {u}, 0.5)"], [f"{o}.gain = {v}"],
            [f"{y} = {o}.both({v}) * 0.5"], [f"{y} = call({o}, {v})"], [f"{y} = {o}.weight()"],
            [f"g = {o}", f"g.w = {v}", f"{y} = {o}.w * {u}"], [f"{o}.w, {o}.b = {o}.b, {v}"],
            [f"{o}.w = {other}.b * {v}"], [f"{y} = sum([g({v}) for g in [l, k]]) * 0.3"],
            ["for g in (l, k):", f"    z = g(z) + {v}"], [f"f = {o}.both", f"{y} = f({v})"],
            [f"g = l if {self.rng.choice(TESTS)} else k", f"{y} = g.w * {v}"],
            ["for g in [l, k]:", f"    g.w = g.w * {v}"], [f"l = {o}"],
            [f"{y} = getattr({o}, 'w') * {v}"], [f"if hasattr({o}, 'k'):", f"    z = {o}.k"],
            [f"if isinstance({o}, Scaled):", f"    {y} = {o}.k * {v}"],
            [f"{y} = list(map({o}, [x, {v}]))[1]"], [f"{y} = Layer({v}, {u})(x)"],
        ))  # fmt: skip

    def vectors(self):
        v, u, y = self.parts()
        p, q = self.rng.choices("pq", k=2)
        i = self.rng.choice("01")
        return self.rng.choice((
            [f"{p} = {p} + {q}"], [f"{p} = {v} * {q}"], [f"{p} = {q} * {v} + -p"],
            [f"{p} += {q}"], [f"{p} = Vec({v})"], [f"{p} = Vec(b={v}, a={u})"],
            [f"{y} = ({p} @ {q}) * 0.3"], [f"{y} = {p}.norm * {v}"], [f"{p} = Vec.of({v})"],
            [f"{p} = Vec.mean({p}, {q})"], [f"{p}.a = {v}"], [f"{p}.b *= {v}"],
            [f"{y} = {p}[{i}] * {v}"], [f"{p}.scale({v})"], [f"{y} = {p}.scale({v}).a * 0.5"],
            [f"{p} = dataclasses.replace({q}, a={v})"], [f"vs = [{p}, {q}, p + q]"],
            [f"vs.append({p} + q)"], [f"vs[{i}] = {q} * {v}"], [f"{p} = vs[{i}]"],
            ["for g in vs:", f"    z = z * 0.5 + g.a * {v}"], [f"{y} = vs[{i}].b * {v}"],
            ["for g in vs:", f"    {p} = {p} * 0.5 + g"], [f"{p} = total(vs)"],
            [f"vs = [g * {v} for g in vs]"], ["for g in vs:", f"    g.a = g.b * {v}"],
            [f"vs[{i}].a = {v}"], [f"{p} = {q}"], [f"{y} = total([{p}, {q}, Vec({v})]).a"],
            [f"{y} = sum([g.a * g.b for g in vs]) * 0.3"], [f"{p} = total(vs[::-1])"],
            [f"d = {{'a': {p}, 'b': Vec({v})}}", f"{y} = d['a'].a * d['b'].b"],
            [f"{p} = p if {self.rng.choice(TESTS)} else {q} * {v}"],
            [f"g = {p}", f"{p} = {q}", f"{y} = g.a * {p}.b"], [f"vs[{i}].scale({v})"],
            [f"{y} = max([{p}, {q}], key=lambda g: g.a).b"],
        ))  # fmt: skip

    def pairs(self):
        v, u, y = self.parts()
        c, e = self.rng.choices("ce", k=2)
        return self.rng.choice((
            [f"{c} = Pair({v}, {u})"], [f"{c} = {e}._replace(a={v})"], [f"{y} = {c}.a * {v}"],
            [f"y, z = {c}"], [f"{y} = {c}[0] * {v}"], [f"{y} = {c}.product() * 0.3"],
            [f"{c} = Pair(*[{v}, {u}])"], [f"{c} = Pair(*{e})"], [f"{y} = sum({c}) * 0.3"],
            [f"a, b = {c}", f"{c} = Pair(b, a * {v})"], [f"{c} = Pair({e}.b, {c}.a)"],
            [f"for g in {c}:", f"    z = z * 0.5 + g * {v}"], [f"{c} = {e}"],
            ["for g in [c, e]:", f"    z = z * 0.5 + g.b * {v}"],
            [f"{c} = Pair(**{{'a': {v}, 'b': {u}}})"],
            [f"{y} = sum([g.product() for g in (c, e)]) * 0.3"],
            [f"{c} = c if {self.rng.choice(TESTS)} else {e}"],
        ))  # fmt: skip

    def particles(self):
        v, u, y = self.parts()
        r, s = self.rng.choices("rs", k=2)
        return self.rng.choice((
            [f"{r}.move({v} * 0.1)"], [f"{r}.push(w * {v})"], [f"{r}.push({s}.x)"],
            [f"{r}.mark({v})"], [f"{r}.mark({r}.energy() * 0.1)"], [f"{y} = {r}.energy() * 0.1"],
            [f"{y} = energy({r}, {v}) * 0.1"], [f"nudge({r}, {v})"], [f"{r}.x = {s}.v * {v}"],
            [f"{r}.x[{self.rng.choice('012i')}] = {v}"], [f"{r}.v *= {v}"], [f"{r}.m = {v}"],
            [f"{r}.v[1:] = {s}.x[1:] * {v}"], [f"{r} = Particle(w * {v}, w + {u}, {v})"],
            [f"g = {r}", f"g.move({v})"], [f"{r}.x, {r}.v = {r}.v, {r}.x"], [f"{r} = {s}"],
            [f"g = {r}.x", f"{r}.x = g * {v}"], [f"{y} = np.sum({r}.x * {s}.v) * 0.1"],
            ["for _ in range(n):", f"    {r}.move(0.1)", f"    {r}.push(-0.1 * {r}.x)"],
            ["for g in (r, s):", "    z = z * 0.5 + g.energy() * 0.1"],
            ["for g in [r, s]:", f"    g.move({v})"], [f"{r}.x = w", f"{r}.v = w * {v}"],
            [f"{y} = sum({r}.trail) * 0.5"], [f"for t in {r}.trail:", "    z = z * 0.5 + t"],
        ))  # fmt: skip

    def swarm(self):
        v, u, y = self.parts()
        at = self.rng.choice(("0", "1", "-1", "i"))
        return self.rng.choice((
            ["for p in ps:", f"    p.move({v} * 0.1)"], ["for p in ps:", f"    p.push(w * {v})"],
            ["for p in ps:", f"    p.x = p.x + 0.1 * p.v * {v}"], [f"ps[{at}].x = w * {v}"],
            ["for p in ps:", f"    z = z * 0.5 + p.energy() * {v} * 0.1"],
            ["for j, p in enumerate(ps):", f"    p.v = p.v - 0.1 * p.x * {v}"],
            [f"ps[{at}].move({v})"], [f"p = ps[{at}]", f"p.m = {v}"],
            [f"p = ps[{at}]", f"{y} = np.sum(p.x) * {v}"], [f"{y} = energy(ps[{at}], {v}) * 0.1"],
            [f"nudge(ps[{at}], {v})"], [f"ps.append(Particle(w * {v}, w + {u}))"],
            [f"ps = [Particle(p.x + 0.1 * p.v, p.v * {v}) for p in ps]"],
            ["for p, c in zip(ps, [x, y]):", f"    p.m = c * {v}"], ["ps = ps[::-1]"],
            ["for _ in range(n):", "    for p in ps:", "        p.move(0.1)"],
            ["for p in ps:", "    for q in ps:", "        z = z + np.sum(p.x * q.v) * 0.05"],
            ["for j in range(len(ps)):", f"    ps[j].v = ps[j].v * {v}"],
            [f"{y} = max([p.m for p in ps]) * {v}"], [f"ps[{at}].mark({v})"],
            [f"ps[{at}].x[1] = {v}"], [f"ps[{at}] = Particle(w * {v}, w)"],
        ))  # fmt: skip

    def values(self):
        v, _, y = self.parts()
        a, b = self.rng.choices("ab", k=2)
        return self.rng.choice((
            [f"{a} = {b} + {v}"], [f"{a} = {a} * {b}"], [f"{a} = ({b} + {a}).relu()"],
            [f"{a} = ({b} * {v} + a).tanh()"], [f"{y} = ({a} * {b}).data"], [f"{a} = {b}"],
            [f"{a} += {b} * {v}"], [f"{a} = {b}.relu() + {a}.tanh()"], [f"{a}.data = {v}"],
            [f"{a} = Value({v}).tanh()"], [f"{a}.data += {v}"], [f"{y} = {a}.data * {v}"],
            [f"{a} = sum([{a}, {b}], Value({v}))"], ["for g in [a, b]:", f"    {a} = {a} + g"],
            [f"t = [g * {v} for g in [a, b]]", f"{a} = t[0] + t[1]"],
            [f"{a} = a if {self.rng.choice(TESTS)} else {b} * {v}"],
        ))  # fmt: skip

    def mixed(self):
        v, u, y = self.parts()
        g, h = self.rng.choices("gh", k=2)
        at = self.rng.choice(("0", "-1", "i"))
        made = self.rng.choice((f"Layer({v}, {u})", f"Scaled({v}, {u}, 0.5)", f"{h}[{at}]"))
        return self.rng.choice((
            [f"{g}[{at}] = {made}"], [f"{g}.append({made})"], [f"{g} += [{made}]"],
            [f"{g}.insert(0, {made})"], [f"{g}.extend([{made}])"], [f"{g} = {h}"],
            [f"{g} = {h} + [{made}]"], [f"{g} = [{made}] * 2"], [f"{g} = {h}[::-1]"],
            [f"{y} = {g}[{at}]({v})"], [f"{y} = {g}[{at}].size * {v}"], [f"{g}.reverse()"],
            [f"for o in {g}:", f"    z = o(z) * 0.5 + {v}"], [f"{g} = [{made}, {h}[{at}]]"],
            [f"for o in {g}:", f"    z = z * 0.5 + o.size * {v}"], [f"{g} = list({h})"],
            [f"{g} = [o for o in {h}]"], [f"o = {g}.pop()", f"{g}.append(o)", f"{y} = o(x)"],
            [f"o = {g}", f"o.append({made})"], [f"o = {g}", f"o[{at}] = {made}"],
            [f"{g} = sorted({h}, key=lambda o: o.w)"], [f"{y} = sum([o(x) for o in {g}]) * 0.2"],
            [f"t = {{'a': {g}[{at}]}}", f"{y} = t['a'].size * {v}", f"{g}.append(t['a'])"],
            [f"o = Model({g}, {h}[{at}])", f"{y} = o(x)"], [f"{g}[0], {g}[-1] = {g}[-1], {made}"],
        ))  # fmt: skip

    def models(self):
        v, u, y = self.parts()
        at = self.rng.choice(("0", "1", "-1", "i"))
        return self.rng.choice((
            [f"{y} = m({v})"], [f"m.fit({v})"], [f"{y} = m.fit({v}) * 0.5"], [f"m.loss += {v}"],
            [f"m.out.w = {v}"], [f"m.out.b += {v}"], [f"m.out.step({v} * 0.1)"],
            [f"m.out = Layer({v}, {u})"], ["g = m.out", f"g.w = {v}"], [f"{y} = m.out(x) * {v}"],
            [f"m.layers[{at}].w = {v}"], [f"{y} = m.layers[{at}].w * {v}"],
            ["for g in m.layers:", f"    g.w = g.w * {v}"], [f"{y} = m.layers[{at}]({v})"],
            ["for g in m.layers:", f"    z = z * 0.5 + g.size * {v}"],
            ["for g in m.layers:", "    g.step()"], [f"m.layers.append(Layer({v}, {u}))"],
            [f"m = Model([m.out, Layer({v}, y)], Layer(x, {u}))"],
            [f"m.layers = [Layer({v}, {u})]"],
            [f"h = Model([Layer({v}, {u})], m.out)", f"{y} = h(x)"],
            [f"m.loss = m(x) - {v}"], [f"{y} = (m(x) - {v}) ** 2"], ["g = m", f"g.loss = {v}"],
        ))  # fmt: skip

    # ------------------------------------------------------------ blocks

    def branch(self, depth):
        lines = [f"if {self.rng.choice(TESTS)}:", *self.inside(depth)]
        return lines if self.rng.random() < 0.5 else [*lines, "else:", *self.inside(depth)]

    def loop(self, depth):
        head = self.rng.choice(("i in range(2)", "_ in range(n)", "i in range(0)"))
        return [f"for {head}:", *self.inside(depth), "    z = z * 0.5 + 0.3 * y"]

    def inside(self, depth):
        return ["    " + line for line in self.block(depth + 1)]
