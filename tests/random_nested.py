"""Writes random programs about containers in containers: lists in dicts, dicts in lists, rows of
rows, tuples, arrays that are changed in place where they are kept, and functions that are handed
containers to read or to write.

`write(seed)` returns a `random_writer.Text`.  A program that fails for a key or an index that is
not there is left out by whoever runs it.
"""

import random

from random_writer import Text

HEAD = """\
import numpy as np


def put(table, key, value):
    table[key] = value


def grow(items, value):
    items.append(value)


def total(table):
    found = 0.0
    for key, entry in table.items():
        found = found + entry * (2.0 if key == "a" else 0.5)
    return found


def pair(items, c):
    return items[0] * c, items[-1]


def both(items, c):
    return items, c


def held(items, c):
    return {"it": items, "c": [c, items]}


def main(x, y, w):
    z = x * 0.5
    k, m = "a", "b"
    i, j = 0, 1
    d = {"a": x, "b": y}
    t = {"a": [x, y], "b": [y, x * y, z]}
    r = [{"a": x, "b": y}, {"a": x * y, "b": z}]
    o = [[x, y], [z, x * y]]
    p = [(x, y), (y, z)]
    n = {"a": w * x, "b": w * w}
    q = [w * y, w + x]
"""
RESULT = {
    "flat": 'd.get("a", y) * z + d.get("b", 0.5) + sum(d.values())',
    "lists": 't["a"][0] * t["b"][-1] + sum(t["b"])',
    "dicts": 'r[0]["a"] * r[-1]["b"] + r[1]["a"]',
    "rows": "o[0][0] * o[-1][1] + sum(o[1])",
    "pairs": "p[0][1] * p[-1][0]",
    "arrays": 'np.sum(n["a"] * q[0]) + np.sum(n["b"]) * y + np.sum(q[-1] * w)',
}
NUMBERS = ("x", "y", "x * y", "y * y", "z", "x * z", "1.5", "np.sin(z)")
TESTS = ("x > 0.2", "y > x", "z < 1.0", "k in d", '"b" in d', "len(t[k]) > 2")


def write(seed):
    """One random program, of two numbers and an array."""
    rng = random.Random(seed)
    about = rng.sample(sorted(RESULT), rng.randint(1, 2))
    lines = _Writer(rng, about).block(0)
    result = f"    return {' + '.join(RESULT[a] for a in about)} + z * y"
    text = "\n".join([HEAD[:-1], *("    " + s for s in lines), result, ""])
    return Text(text, ("f", "f", "v"), seed)


class _Writer:
    def __init__(self, rng, about):
        self.rng = rng
        self.makers = [getattr(self, a) for a in about]

    def block(self, depth, most=8):
        """Statements; blocks inside blocks are short, and at most two deep."""
        lines = []
        for _ in range(self.rng.randint(2 if depth else 3, 3 if depth else most)):
            if depth < 2 and self.rng.random() < 0.2:
                lines += self.rng.choice((self.branch, self.loop))(depth)
            else:
                lines += self.rng.choice(self.makers)()
        return lines

    def parts(self):
        """What the statements are made of: keys, places, numbers and names to bind."""
        rng = self.rng
        key, other = (rng.choice(('"a"', '"b"', "k", "m")) for _ in range(2))
        at, to = (rng.choice(("0", "1", "-1", "i", "j")) for _ in range(2))
        v, u = rng.choices(NUMBERS, k=2)
        return key, other, at, to, v, u, rng.choice("yz")

    def flat(self):
        a, b, _, _, v, u, y = self.parts()
        return self.rng.choice((
            [f"d[{a}] = {v}"], [f"{y} = d.get({a}, {v}) * {u}"], [f"{y} = d.setdefault({a}, {v})"],
            [f"{y} = d.pop({a}, {v})", f"d[{a}] = {u}"], [f"del d[{a}]", f"d[{a}] = {v}"],
            [f"d.update({{{a}: {v}}})"], [f"d.update(b={v}, c={u})"], [f"put(d, {a}, {v})"],
            [f"{y} = total(d)"], ["e = d.copy()", f"e[{a}] = {v}", f"{y} = total(e)"],
            [f"d |= {{{a}: {v}, {b}: {u}}}"], [f"d = {{**d, {a}: {v}}}"], [f"d[{a}] *= {v}"],
            ["d.clear()", f'd["a"] = {v}', f'd["b"] = {u}'],
            [f"d = {{s: c * {v} for s, c in d.items()}}"], [f"{y} = max(d.values()) * {v}"],
            [f"if {a} in d:", f"    {y} = d[{a}] * {v}"], ["for s in d:", f"    {y} = d[s] * {v}"],
            ["for s, c in d.items():", f"    z = z * 0.5 + c * {v}", f"    d[s] = z * {u}"],
            [f"if {a} not in d:", f"    d[{a}] = {v}", f"d[{a}] += {u}"],
        ))  # fmt: skip

    def lists(self):
        a, b, at, to, v, u, y = self.parts()
        return self.rng.choice((
            [f"t[{a}].append({v})"], [f"t[{a}][{at}] = {v}"], [f"t[{a}][{at}] *= {v}"],
            [f"t[{a}] = [{v}, {u}]"], [f"{y} = t[{a}][{at}] * {v}"], [f"grow(t[{a}], {v})"],
            [f"{y} = t[{a}].pop()", f"t[{a}].append({v})"], [f"t[{a}] = t[{b}] + [{v}]"],
            [f"t[{a}] = [c * {v} for c in t[{b}]]"], [f"l = t[{a}]", f"l.append({v})"],
            [f"l = t[{a}]", f"{y} = l[{at}]"], [f"{y} = sum(t[{a}]) * 0.3"],
            [f"t.setdefault({a}, []).append({v})"], [f"t[{a}].extend([{v}, {u}])"],
            [f"t[{a}] += [{v}]"], [f"for c in t[{a}]:", f"    z = z * 0.5 + c * {v}"],
            ["for s, l in t.items():", f"    z = z * 0.5 + l[{at}] * {v}"],
            ["for s in t:", f"    t[s][0] = t[s][1] * {v}"], [f"y, z = pair(t[{a}], {v})"],
            [f"l, _ = both(t[{a}], {v})", f"t[{b}][{at}] = {u}", f"{y} = l[{to}] * {v}"],
            [f"h = held(t[{a}], {v})", f"t[{b}].append({u})", f"{y} = h['c'][1][-1] * h['c'][0]"],
            [f"t[{a}] = t[{b}]"], [f"t[{a}] = sorted(t[{b}])"], [f"t[{a}] = t[{b}][::-1]"],
        ))  # fmt: skip

    def dicts(self):
        a, b, at, to, v, u, y = self.parts()
        return self.rng.choice((
            [f"r[{at}][{a}] = {v}"], [f"r[{at}][{a}] += {v}"],
            [f'r[{at}] = {{"a": {v}, "b": {u}}}'],
            [f'r.append({{"b": {v}, "a": {u}}})'], [f"{y} = r[{at}][{a}] * {v}"],
            [f"put(r[{at}], {a}, {v})"], [f"{y} = total(r[{at}])"], [f"r[{at}].update(b={v})"],
            [f"e = r[{at}]", f"e[{a}] = {v}"], [f"e = r[{at}]", f"{y} = e[{a}] * {v}"],
            ["for e in r:", f"    z = z * 0.5 + e[{a}] * {v}"],
            ["for e in r:", f"    e[{a}] = e[{b}] * {v}"],
            [f"r = [{{**e, {a}: {v}}} for e in r]"], [f"r[{at}] = r[{to}].copy()"],
            [f"{y} = sum([e[{a}] for e in r]) * {v}"], [f"r[{at}] = r[{to}]"],
            [f"e, _ = both(r[{at}], {v})", f"r[{to}][{a}] = {u}", f"{y} = e[{b}] * {v}"],
            [f"{y} = r[{at}].get({a}, {v}) * {u}"], ["r = r[::-1]"], [f"r[{at}][{a}] *= {v}"],
        ))  # fmt: skip

    def rows(self):
        _, _, at, to, v, u, y = self.parts()
        return self.rng.choice((
            [f"o[{at}][{to}] = {v}"], [f"o[{at}][{to}] += {v}"], [f"o[{at}] = [{v}, {u}]"],
            [f"l = o[{at}]", f"l[{to}] = {v}"], [f"l = o[{at}]", f"{y} = l[{to}] * {v}"],
            [f"o.append([{v}, {u}])"], [f"{y} = o[{at}][{to}] * {v}"], [f"o[{at}] = o[{to}]"],
            ["for l in o:", f"    l[{at}] = l[{to}] * {v}"], [f"grow(o[{at}], {v})"],
            ["for l in o:", f"    z = z * 0.5 + l[{at}] * {v}"], [f"put(o[{at}], {to}, {v})"],
            [f"o = [[c * {v} for c in l] for l in o]"], [f"o[{at}] = [*o[{to}], {v}]"],
            ["for i in range(2):", "    for j in range(2):", f"        o[i][j] = o[j][i] * {v}"],
            [f"{y} = sum([sum(l) for l in o]) * 0.2"], ["o = [list(l) for l in zip(*o)]"],
            [f"l, o[{at}] = o[{to}], [{v}, {u}]", f"{y} = l[0]"], [f"o[{at}].append({v})"],
            [f"for l, c in zip(o, [{v}, {u}]):", f"    l[{at}] = c * l[{to}]"],
        ))  # fmt: skip

    def pairs(self):
        _, _, at, to, v, u, y = self.parts()
        return self.rng.choice((
            [f"p[{at}] = ({v}, p[{to}][0])"], [f"y, z = p[{at}]"], [f"p.append(({v}, {u}))"],
            [f"{y} = p[{at}][{to if to in '01' else 0}] * {v}"], [f"p[{at}] = pair(p[{to}], {v})"],
            ["for c, s in p:", f"    z = z * 0.5 + c * s * {v}"],
            [f"p = [(s, c * {v}) for c, s in p]"],
            ["for i, (c, s) in enumerate(p):", f"    p[i] = (s, c * {v})"],
            [f"y, z = pair(p[{at}], {v})"], [f"p[{at}], p[{to}] = p[{to}], p[{at}]"],
        ))  # fmt: skip

    def arrays(self):
        a, b, at, to, v, _, y = self.parts()
        return self.rng.choice((
            [f"n[{a}] += w * {v}"], [f"n[{a}] = n[{b}] * {v}"], [f"n[{a}][{at}] *= {v}"],
            [f"n[{a}][1:] = w[1:] * {v}"], [f"q[{at}][{to}] = {v}"], [f"q[{at}] *= {v}"],
            [f"q[{at}] = n[{a}] * {v}"], [f"z = np.sum(n[{a}] * q[{at}]) * 0.1"],
            [f"g = n[{a}]", f"g[{at}] = {v}"],
            [f"g = n[{a}] * 1.0", f"g[{at}] = {v}", 'n["b"] = g'],
            ["for s in n:", f"    n[s] = n[s] * {v}"], ["for s in n:", "    n[s] -= 0.1 * w"],
            ["for g in q:", f"    z = z * 0.5 + np.sum(g) * {v}"], [f"q.append(w * {v})"],
            ["for g in q:", f"    g *= {v}"], [f"q = [g * {v} for g in q]"],
            [f"n = {{s: g - 0.1 * {v} for s, g in n.items()}}"], [f"{y} = n[{a}][{at}] * {v}"],
            [f"put(n[{a}], {at}, {v})"], [f"put(n, {a}, w * {v})"], [f"n[{a}][::2] += {v}"],
            [f"g, _ = both(n[{a}], {v})", f"n[{b}][{at}] = {v}", f"{y} = g[{to}] * {v}"],
            [f"h = held(q, {v})", f"q[{at}][{to}] = {v}", f"{y} = h['c'][1][{to}][{at}]"],
            [f"n[{a}] = q[{at}]"], [f"q[{at}] = q[{to}] + q[{at}]"], [f"q[{at}][w > 0.0] = {v}"],
        ))  # fmt: skip

    # ------------------------------------------------------------ blocks

    def branch(self, depth):
        lines = [f"if {self.rng.choice(TESTS)}:", *self.nested(depth)]
        return lines if self.rng.random() < 0.5 else [*lines, "else:", *self.nested(depth)]

    def loop(self, depth):
        head = self.rng.choice(('k in ("a", "b")', 'm in ("b", "a")', "i in range(2)"))
        return [f"for {head}:", *self.nested(depth), "    z = z * 0.5 + 0.3 * y"]

    def nested(self, depth):
        return ["    " + line for line in self.block(depth + 1)]
