"""Writes random programs in the language that the library promises to differentiate.

`write(seed)` returns a `Text`: source with helper functions and a `main`, and arguments for it.
The writer knows the kind of every name (see `random_expressions`), so that the programs run; a
program that does not (an empty list popped through a second name) is left out by whoever runs it.
"""

import ast
import random
from dataclasses import dataclass

import numpy as np

from random_expressions import (
    GLOBALS,
    HEADS,
    HEADS_OF_LISTS,
    NUMBERS,
    Expressions,
    Helper,
    Scope,
    fresh,
)
from random_jumps import Jumps

SHAPES = {"v": (3,), "u": (2,), "m": (3, 3), "c": (3, 1), "w": (1,), "o": (0,), "s": ()}
NAMES = [*"abcdeghpqrstwyz", "like", "seed", "t1", "x_bar", "result", "record", "spread"]
NAMES += ["x_stored", "copy", "zeros_like"]
VIEWS = (
    ("u", ("{v}[1:]", "{v}[:2]", "{v}[::2]")),
    ("v", ("{v}[::-1]", "{m}[1]", "{m}[:, 0]")),
    ("m", ("{m}.T", "{m}[::-1]", "{m}.reshape(9).reshape(3, 3)")),
    ("c", ("{v}[:, None]", "{m}[:, 1:2]")),
    ("w", ("{v}[-1:]", "{c}[1]")),
)


@dataclass(frozen=True)
class Text:
    """A program: its source, and the function that draws the arguments of `main`."""

    source: str
    kinds: tuple[str, ...]
    seed: int
    single: bool = False  # float32 arrays
    second: bool = False  # its second derivatives are to be judged

    def arguments(self):
        rng = np.random.default_rng(self.seed)
        return tuple(
            argument(kind, rng, np.float32 if self.single else float) for kind in self.kinds
        )


def argument(kind, rng, dtype=float):
    if kind in SHAPES:
        return np.asarray(rng.normal(size=SHAPES[kind]), dtype)
    if kind == "f":
        return float(rng.normal())
    if kind == "L":
        return [float(rng.normal()) for _ in range(3)]
    if kind == "V":
        return [rng.normal(size=3).astype(dtype) for _ in range(2)]
    if kind == "D":
        return {k: argument(n, rng, dtype) for k, n in (("b", "f"), ("w", "v"), ("l", "L"))}
    if kind == "P":
        return {k: float(rng.normal()) for k in "ba"}
    if kind == "n":
        return rng.integers(0, 3, size=3)
    if kind == "K":
        return "a"
    if kind == "T":
        return argument("f", rng, dtype), argument("v", rng, dtype)
    return int(rng.integers(0, 3))


def write(seed, *, scalar=True, risky=0.15):
    """One random program; `risky` is how often memory is written that another name may see."""
    rng = random.Random(seed)
    writer = _Writer(rng, risky)
    single = rng.random() < 0.1
    for i in range(rng.choice((0, 0, 1, 1, 2, 3))):
        writer.helper(i)
    kinds = ["v", *rng.choices("fvmLVDTkucwosnP", k=rng.choice((0, 1, 1, 2)))]
    if rng.random() < 0.4:
        kinds[0] = "f"
    main = writer.main(tuple(kinds), scalar)
    source = "\n".join(["import math", "", "import numpy as np", "", *writer.text, *main])
    return Text(ast.unparse(ast.parse(source)) + "\n", tuple(kinds), seed, single)


class _Writer(Jumps, Expressions):
    def __init__(self, rng, risky):
        super().__init__(rng)
        self.risky = risky
        self.text = ["FACTOR = 0.75", "TABLE = np.array([0.5, -1.25, 2.0])", ""]
        self.loops = self.nesting = 0
        self.gives = ()
        self.ends = []

    # ------------------------------------------------------------ functions

    def helper(self, number):
        takes = tuple(self.rng.choices("ffvvvmLDPcs", k=self.rng.choice((1, 2, 2, 3))))
        gives = tuple(self.rng.choices("fvfvm", k=self.rng.choice((1, 1, 2))))
        parameters = Helper(f"helper{number}", takes, gives).parameters()
        defaults = 1 if takes[-1] == "f" and len(takes) > 1 and self.rng.random() < 0.5 else 0
        if self.rng.random() < 0.15:
            self.recursive(number)
            return
        signature = [*parameters]
        if defaults:
            signature[-1] += "=0.4"
        lines = self.function(f"helper{number}", signature, parameters, takes, gives, 3)
        self.text += [*lines, ""]
        self.helpers.append(Helper(f"helper{number}", takes, gives, defaults))

    def recursive(self, number):
        """A helper that calls itself, its arguments in other places."""
        name = f"helper{number}"
        kind = self.rng.choice("fv")
        x, u, v = Helper(name, (kind, kind, "k"), (kind,)).parameters()
        self.scope = Scope({x: kind, u: kind, v: "k"})
        first, second = self.expression(kind, 1), self.expression(kind, 1)
        last = self.expression(kind, 1)
        again = f"{name}({first}, {self.rng.choice((x, u, second))}, {v} - 1)"
        self.text += [
            f"def {name}({x}, {u}, {v}):", f"    if {v} <= 0:", f"        return {last}",
            f"    return {again} * {self.rng.choice((x, u))}", "",
        ]  # fmt: skip
        self.helpers.append(Helper(name, (kind, kind, "k"), (kind,)))

    def main(self, kinds, scalar):
        parameters = ["x", "y", "z", "w"][: len(kinds)]
        gives = (
            ("f",) if scalar else tuple(self.rng.choices("fvmuLV", k=self.rng.choice((1, 2, 2))))
        )
        return self.function(
            "main", parameters, parameters, kinds, gives, self.rng.choice((4, 6, 9))
        )

    def function(self, name, signature, parameters, takes, gives, size):
        self.scope, self.loops, self.functions = Scope(), 0, {}
        for parameter, kind in zip(parameters, takes, strict=True):
            length = {"L": 3, "V": 2}.get(kind, 0) if name == "main" else 0
            self.scope.bind(parameter, kind, length=length)
        self.scope.bind("FACTOR", "f")
        self.scope.bind("TABLE", "v")
        self.scope.fixed = set(GLOBALS)
        self.gives = gives
        body = self.block(size, early=True)
        body.append(self.ending())
        return [f"def {name}({', '.join(signature)}):", *indented(body)]

    def ending(self):
        results = []
        for kind in self.gives:
            names = self.scope.of(kind)
            bare = names and self.rng.random() < 0.2 and kind != "f"
            terms = [self.rng.choice(names) if bare else self.expression(kind, 2)]
            if kind == "f":
                terms += [self.total(n) for n in self.some("fvumLVDTcwosP", 4)]
                results.append(" + ".join(t for t in terms if t))
            else:
                results.append(terms[0])
        return "return " + ", ".join(results)

    def some(self, kinds, count):
        names = self.scope.of(*kinds)
        return self.rng.sample(names, min(count, len(names)))

    def total(self, name):
        """A number that depends on the whole of what a name holds."""
        kind = self.scope.kinds[name]
        return {
            "f": name,
            "L": f"sum({name})",
            "V": f"np.sum(sum({name}))" if self.scope.length(name) else "0.0",
            "D": f"{name}['b'] * np.sum({name}['w'])",
            "T": f"{name}[0] * np.sum({name}[1])",
            "P": f"{name}['a'] * {name}['b']",
        }.get(kind, f"np.sum({name} * {self.rng.choice(NUMBERS)})")

    # ------------------------------------------------------------ statements

    def block(self, size, early=False):
        lines = []
        for _ in range(size):
            lines += self.statement(early)
        return lines or ["pass"]

    def statement(self, early=False):
        table = [
            (self.assign, 9), (self.update, 4), (self.pair, 2), (self.swap, 1), (self.chain, 1),
            (self.alias, 1), (self.view, 1), (self.make_list, 2), (self.append, 3), (self.pop, 1),
            (self.store, 3), (self.buffer, 1), (self.make_dict, 1), (self.call, 2),
            (self.lambda_, 1), (self.inner, 0.7), (self.test_name, 2), (self.build_list, 0.7),
            (self.fill, 0.7), (self.pairs, 0.7), (self.entry, 0.7), (self.unused, 0.4),
        ]  # fmt: skip
        if self.loops < 2:
            table += [(self.branch, 4), (self.loop, 5 if self.loops == 0 else 2)]
            table.append((self.while_, 3 if self.loops == 0 else 1))
        if self.loops:
            table.append((self.jump, 3 if self.nesting < 3 else 1))
        if early and self.loops == 0 and len(self.gives) == 1:
            table.append((self.leave, 0.5))
        makers, weights = zip(*table, strict=True)
        return self.rng.choices(makers, weights)[0]()

    def assign(self):
        kind = self.rng.choice("fffvvvmukcwos" if self.loops == 0 else "fffvvvmcws")
        if kind == "k":
            name = self.target("k")
            value = self.rng.choice(("0", "1", "2"))
            self.scope.bind(name, "k")
            return [f"{name} = {value}"]
        value = self.expression(kind, 3)
        name = self.target(kind)
        self.scope.bind(name, kind, owned=fresh(value))
        return [f"{name} = {value}"]

    def target(self, kind):
        """A name to bind: an old one of this kind, or in straight code of any, or a new one."""
        old = [n for n in self.scope.of(kind) if n not in self.scope.fixed]
        if self.rng.random() < (0.05 if self.loops else 0.15):  # of another kind
            old = [n for n in self.scope.kinds if n not in self.scope.fixed]
        if old and self.rng.random() < (0.6 if self.loops else 0.3):
            return self.rng.choice(old)
        free = [n for n in NAMES if n not in self.scope.kinds]
        return self.rng.choice(free) if free else f"n{len(self.scope.kinds)}"

    def update(self):
        names = [n for n in self.scope.of("f", "v", "m", "u") if n not in self.scope.fixed]
        safe = [n for n in names if self.scope.kinds[n] == "f" or n in self.scope.owned]
        names = names if self.rng.random() < self.risky else safe
        if not names:
            return self.assign()
        name = self.rng.choice(names)
        kind = self.scope.kinds[name]
        value = self.expression(self.rng.choice((kind, "f")), 2)
        operator = self.rng.choice(("+=", "+=", "-=", "*=", "/="))
        if operator == "/=":
            value = f"(1.5 + np.square({value}))"
        return [f"{name} {operator} {value}"]

    def pair(self):
        kinds = self.rng.choices("fv", k=2)
        values = [self.expression(k, 2) for k in kinds]
        names = [self.target(kinds[0])]
        names.append(next(n for n in iter(lambda: self.target(kinds[1]), None) if n != names[0]))
        for name, kind, value in zip(names, kinds, values, strict=True):
            self.scope.bind(name, kind, owned=fresh(value))
        return [f"{', '.join(names)} = {', '.join(values)}"]

    def swap(self):
        kind = self.rng.choice("fv")
        names = [n for n in self.scope.of(kind) if n not in self.scope.fixed]
        if len(names) < 2:
            return self.assign()
        a, b = self.rng.sample(names, 2)
        both = {a, b} <= self.scope.owned
        second = b if self.rng.random() < 0.5 else self.expression(kind, 1)
        self.scope.owned -= set() if both and second == b else {a, b}
        return [f"{b}, {a} = {a}, {second}"]

    def chain(self):
        kind = self.rng.choice("fv")
        value = self.expression(kind, 2)
        a = self.target(kind)
        b = next(n for n in iter(lambda: self.target(kind), None) if n != a)
        self.scope.bind(a, kind)
        self.scope.bind(b, kind)
        return [f"{a} = {b} = {value}"]

    def alias(self):
        names = [n for n in self.scope.of("f", "v", "m", "L", "D") if n not in self.scope.fixed]
        if not names:
            return self.assign()
        old = self.rng.choice(names)
        kind = self.scope.kinds[old]
        new = self.target(kind)
        self.scope.bind(new, kind, length=self.scope.length(old))
        self.scope.owned.discard(old)
        return [f"{new} = {old}"]

    def view(self):
        shape, forms = self.rng.choice(VIEWS)
        form = self.rng.choice(forms)
        olds = [n for n in self.scope.of(form[1]) if n not in self.scope.fixed]
        if not olds:
            return self.assign()
        old, new = self.rng.choice(olds), self.target(shape)
        self.scope.owned.discard(old)
        self.scope.bind(new, shape)
        return [f"{new} = {form.format(**{form[1]: old})}"]

    def make_list(self):
        kind = self.rng.choice("LV")
        count = self.rng.choice((0, 1, 2, 3))
        entries = [self.expression("f" if kind == "L" else "v", 1) for _ in range(count)]
        if self.loops and self.scope.of(kind):
            return self.append()
        for entry in entries:
            self.scope.owned.discard(entry)
        name = self.target(kind)
        self.scope.bind(name, kind, owned=True, length=count)
        return [f"{name} = [{', '.join(entries)}]"]

    def lists(self):
        names = [n for n in self.scope.of("L", "V") if n not in self.scope.fixed]
        return (
            names if self.rng.random() < self.risky else [n for n in names if n in self.scope.owned]
        )

    def append(self):
        names = self.lists()
        if not names:
            return self.assign()
        name = self.rng.choice(names)
        value = self.expression("f" if self.scope.kinds[name] == "L" else "v", 2)
        self.scope.owned.discard(value)
        self.scope.lengths[name] = self.scope.length(name) + 1
        return [f"{name}.append({value})"]

    def pop(self):
        names = [n for n in self.lists() if self.scope.length(n)]
        if not names or self.loops:
            return self.append_and_pop(names)
        name = self.rng.choice(names)
        self.scope.lengths[name] -= 1
        kind = "f" if self.scope.kinds[name] == "L" else "v"
        target = self.target(kind)
        self.scope.bind(target, kind)
        return [f"{target} = {name}.pop()"]

    def append_and_pop(self, names):
        if not names:
            return self.append()
        name = self.rng.choice(names)
        kind = "f" if self.scope.kinds[name] == "L" else "v"
        value, target = self.expression(kind, 1), self.target(kind)
        self.scope.owned.discard(value)
        self.scope.bind(target, kind)
        return [f"{name}.append({value})", f"{target} = {name}.pop()"]

    def buffer(self):
        kind = self.rng.choice("vm")
        name = self.target(kind)
        if self.loops and name in self.scope.kinds:
            return self.store()
        size = {"v": "3", "m": "(3, 3)"}[kind]
        self.scope.bind(name, kind, owned=True)
        return [f"{name} = {self.rng.choice(('np.zeros', 'np.ones'))}({size})"]

    def store(self):
        names = [n for n in self.scope.of("v", "m", "n") if n not in self.scope.fixed]
        names = (
            names if self.rng.random() < self.risky else [n for n in names if n in self.scope.owned]
        )
        if not names:
            return self.buffer() if not self.loops else self.assign()
        name = self.rng.choice(names)
        if self.scope.kinds[name] == "n":
            return [f"{name}[{self.index()}] = {self.rng.choice('012')}"]
        forms = {
            "v": (("{k}", "f"), ("{k}", "f"), ("1:", "u"), (":", "v"), ("::-1", "v"), ("-1", "f")),
            "m": (("{k}", "v"), ("{k}, {k}", "f"), (":, 1", "v"), ("1:, 0", "u"), ("{k}", "f")),
        }[self.scope.kinds[name]]
        where, kind = self.rng.choice(forms)
        where = "".join(self.index() if part == "k" else part for part in fields(where))
        operator = self.rng.choice(("=", "=", "+=", "-="))
        value = self.expression(kind, 2)
        if name in value and not fresh(value):
            value = f"1.0 * ({value})"  # NumPy itself copies wrongly in `m[1] = m[:, 2]`
        return [f"{name}[{where}] {operator} {value}"]

    def make_dict(self):
        if self.loops:
            return self.assign()
        entries = {"b": self.expression("f", 1), "w": self.expression("v", 1)}
        many = ", ".join(self.expression("f", 1) for _ in range(3))
        self.scope.owned -= set(entries.values())
        name = self.target("D")
        self.scope.bind(name, "D")
        return [f"{name} = {{'b': {entries['b']}, 'w': {entries['w']}, 'l': [{many}]}}"]

    def call(self):
        able = [h for h in self.helpers if len(h.gives) == 2]
        if not able:
            return self.assign()
        helper = self.rng.choice(able)
        value = self.helper_call(helper)
        names = [self.target(helper.gives[0])]
        names.append(
            next(n for n in iter(lambda: self.target(helper.gives[1]), None) if n != names[0])
        )
        for name, kind in zip(names, helper.gives, strict=True):
            self.scope.bind(name, kind)
        return [f"{', '.join(names)} = {value}"]

    def lambda_(self):
        if self.loops or self.nesting:
            return self.assign()
        name = f"form{len(self.functions)}"
        outer, self.scope = self.scope, self.scope.copy()
        self.scope.bind("j", "f")
        body = self.expression("f", 2)
        self.scope = outer
        self.functions[name] = "f"
        return [f"{name} = lambda j: {body} * j"]

    def inner(self):
        if self.loops or self.nesting or len(self.functions) > 2:
            return self.assign()
        name = f"inner{len(self.functions)}"
        outer, self.scope, gives = self.scope, self.scope.copy(), self.gives
        self.scope.fixed = set(outer.kinds)
        self.scope.bind("j", "v")
        self.gives = ("v",)
        known, self.functions = self.functions, {}
        body = [*self.block(1), self.ending()]
        self.scope, self.gives, self.functions = outer, gives, known
        self.functions[name] = "v"
        return [f"def {name}(j):", *indented(body)]

    def pairs(self):
        """A dict of numbers."""
        entries = self.expression("f", 1), self.expression("f", 1)
        name = self.target("P")
        self.scope.bind(name, "P")
        return [f"{name} = {{'a': {entries[0]}, 'b': {entries[1]}}}"]

    def entry(self):
        """An entry of a dict of numbers, put into a new dict of the same name."""
        names = [n for n in self.scope.of("P") if n not in self.scope.fixed]
        if not names:
            return self.pairs()
        name = self.rng.choice(names)
        return [f"{name} = {{'b': {self.expression('f', 1)}, 'a': {name}['b']}}"]

    def unused(self):
        """A value that nobody takes."""
        calls = [h for h in self.helpers if len(h.gives) == 1]
        return [self.helper_call(self.rng.choice(calls)) if calls else self.expression("f", 2)]

    def test_name(self):
        test = self.test()
        name = self.target("b")
        self.scope.bind(name, "b")
        return [f"{name} = {test}"]

    def build_list(self):
        """A list built by one loop and read by another."""
        if self.loops:
            return self.assign()
        entry = self.expression("f", 2)
        name, result = self.target("L"), self.target("f")
        if name == result:
            return self.assign()
        self.scope.bind(name, "L", owned=True, length=3)
        self.scope.bind(result, "f")
        head = self.rng.choice((name, f"reversed({name})"))
        return [
            f"{name} = []", "for i in range(3):", f"    {name}.append({entry} * (i + 0.5))",
            f"{result} = 0.3", f"for j in {head}:", f"    {result} = np.sin({result} * j) + j",
        ]  # fmt: skip

    def fill(self):
        """An array filled element by element, each from the one before."""
        if self.loops:
            return self.assign()
        first, name = self.expression("f", 1), self.target("v")
        self.scope.bind(name, "v", owned=True)
        body = self.expression("f", 2)
        return [
            f"{name} = np.zeros(3)", f"{name}[0] = {first}", "for i in range(1, 3):",
            f"    {name}[i] = np.sin({name}[i - 1]) * {body}",
        ]  # fmt: skip

    def leave(self):
        test = self.test()
        outer, self.scope = self.scope, self.scope.copy()
        lines = [f"if {test}:", *indented([*self.block(1), self.ending()])]
        self.scope = outer
        return lines

    # ------------------------------------------------------------ blocks

    def branch(self):
        tests = [self.test() for _ in range(self.rng.choice((1, 1, 2)))]
        lines, ends = [], []
        for i, test in enumerate(tests):
            body, end = self.nested(self.rng.choice((1, 2)))
            if self.scope.kinds.get(test) in ("b", "k") and test not in self.scope.fixed:
                self.decided_anew(test, body, end)
            lines += [f"{'elif' if i else 'if'} {test}:", *indented(body)]
            ends.append(end)
        if self.rng.random() < 0.6:
            body, end = self.nested(self.rng.choice((1, 2)))
            lines += ["else:", *indented(body)]
            ends.append(end)
        else:
            ends.append(self.scope)
        self.scope = ends[0]
        self.scope.meet(*ends[1:])
        return lines

    def decided_anew(self, flag, body, end):
        """Binds, under a test that is a name, this name to something else."""
        if end.kinds.get(flag) == self.scope.kinds[flag] and self.rng.random() < 0.7:
            text = self.test() if end.kinds[flag] == "b" else self.rng.choice("012")
            last = bool(body) and body[-1].startswith(("return", "break", "continue", "raise"))
            place = self.rng.randint(0, len(body) - last) if flat(body) else 0
            body.insert(place, f"{flag} = {text}")

    def nested(self, size):
        outer, self.scope = self.scope, self.scope.copy()
        self.nesting += 1
        body = self.block(size)
        self.nesting -= 1
        end, self.scope = self.scope, outer
        return body, end

    def loop(self):
        head, targets, sure = self.iteration()
        before = self.scope
        self.scope = before.copy()
        self.scope.fixed |= {n for n in fields_of(head) if before.kinds.get(n) in ("L", "V")}
        for name, kind in targets:
            self.scope.bind(name, kind)
        kinds = dict(before.kinds)
        body, ends = self.body_of_loop(self.rng.choice((1, 2, 3)))
        after, self.scope = self.scope, before
        if sure and not ends and all(after.kinds.get(n) == k for n, k in kinds.items()):
            self.scope = after
            self.scope.fixed = before.fixed
        else:
            self.scope.meet(after, *ends)
        for name, kind in targets:
            if name in self.scope.kinds and self.scope.kinds[name] != kind:
                del self.scope.kinds[name]
        self.scope.owned -= fields_of(head)
        return [f"for {head}:", *indented(body), *self.otherwise()]

    def iteration(self):
        """(`i in range(3)`, the targets with their kinds, whether it surely runs)."""
        lists = [n for n in self.scope.of("L", "V") if n not in self.scope.fixed]
        head, kinds, sure = self.rng.choice([*HEADS, *HEADS_OF_LISTS] if lists else HEADS)
        name = self.rng.choice(lists or [""])
        entry = "v" if lists and self.scope.kinds[name] == "V" else "f"
        kinds = kinds.replace("e", entry)
        plain = "ij" if self.loops == 0 else "kl"
        targets = []
        for kind, new in zip(
            kinds, plain if len(kinds) > 1 else self.rng.choice(plain), strict=False
        ):
            old = [n for n in self.scope.of(kind) if n not in {*self.scope.fixed, *targets}]
            targets.append(self.rng.choice(old) if old and self.rng.random() < 0.15 else new)
        iterated = self.made(head.replace("LIST", name), "", 1)
        return f"{', '.join(targets)} in {iterated}", list(zip(targets, kinds, strict=True)), sure


def flat(lines):
    """Does each line stand at the start?"""
    return not any(line.startswith(" ") for line in lines)


def indented(lines):
    return ["    " + line for line in lines]


def fields(form):
    """The parts of an index: `{k}` becomes `k`, and the rest stays text."""
    return [
        part
        for piece in form.split("{")
        for part in (piece.split("}") if "}" in piece else [piece])
    ]


def fields_of(head):
    """The names in the head of a loop."""
    return {n.id for n in ast.walk(ast.parse(f"for {head}: pass")) if isinstance(n, ast.Name)}
