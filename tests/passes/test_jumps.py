"""Before and after: jumps at the ends of their paths; and that the meaning stays."""

import random

import gast
import pytest

from passes.texts import lines, parsed, printed
from tangent.passes.jumps import structured
from tangent.syntax.names import Names


def rewritten(text):
    return printed(structured(parsed(text), Names().fresh))


CASES = {
    "at the end": ("y = x\nreturn y", "y = x\nreturn y"),
    "nothing": ("y = x", "y = x\nreturn None"),
    "what follows is never run": ("return x\ny = x", "return x"),
    "early": (
        """
        if n == 0:
            return x
        y = f(x)
        return y
        """,
        """
        if n == 0:
            return x
        else:
            y = f(x)
            return y
        """,
    ),
    "both": (
        """
        if c:
            return x
        else:
            return y
        return z
        """,
        """
        if c:
            return x
        else:
            return y
        """,
    ),
    "in the else": (
        """
        if c:
            y = 1
        else:
            return x
        return y
        """,
        """
        if c:
            y = 1
            return y
        else:
            return x
        """,
    ),
    "a chain": (
        """
        if a:
            return x
        elif b:
            return y
        return z
        """,
        """
        if a:
            return x
        elif b:
            return y
        else:
            return z
        """,
    ),
    "nested": (
        """
        if a:
            if b:
                return x
            y = 1
        return y
        """,
        """
        if a:
            if b:
                return x
            else:
                y = 1
                return y
        else:
            return y
        """,
    ),
    "a path without": (
        """
        if a:
            return x
        y = 1
        """,
        """
        if a:
            return x
        else:
            y = 1
            return None
        """,
    ),
    "listing": (
        """
        for v in x:
            if v < 0:
                continue
            total = total + v
            if total > limit:
                return total * v
        return total
        """,
        """
        returned = False
        for v in x:
            if v < 0:
                continue
            else:
                total = total + v
                if total > limit:
                    returned = True
                    break
        if returned:
            return total * v
        else:
            return total
        """,
    ),
    "the only way out": (
        """
        while True:
            x = f(x)
            if x < tol:
                return x
        """,
        """
        returned = False
        while True:
            x = f(x)
            if x < tol:
                returned = True
                break
        return x
        """,
    ),
    "out of two loops": (
        """
        for row in A:
            for a in row:
                if a > 0:
                    return a
            n = n + 1
        return n
        """,
        """
        returned = False
        for row in A:
            returned = False
            for a in row:
                if a > 0:
                    returned = True
                    break
            if returned:
                break
            else:
                n = n + 1
        if returned:
            return a
        else:
            return n
        """,
    ),
    "else": (
        """
        for a in x:
            if a > 0:
                break
        else:
            a = 1
        return a
        """,
        """
        broken = False
        for a in x:
            if a > 0:
                broken = True
                break
        if broken:
            pass
        else:
            a = 1
        return a
        """,
    ),
    "else without break": (
        """
        while a:
            a = f(a)
        else:
            b = 1
        return b
        """,
        """
        while a:
            a = f(a)
        b = 1
        return b
        """,
    ),
    "jumps or falls through": (
        """
        for a in x:
            if a > 0:
                if a > 1:
                    break
                b = 1
            b = b + a
        return b
        """,
        """
        for a in x:
            left = False
            if a > 0:
                if a > 1:
                    left = True
                else:
                    b = 1
            if left:
                break
            else:
                b = b + a
        return b
        """,
    ),
    "a branch without return stays": (
        """
        if a:
            y = 1
        return y
        """,
        """
        if a:
            y = 1
        return y
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_structured(case):
    before, after = CASES[case]
    assert rewritten(before) == lines(after)


def test_the_returns_of_a_nested_function_are_its_own():
    text = "def g(x):\n    return x\nreturn g(y)"
    assert "return g(y)" in rewritten(text)


def test_much_code_is_written_once():
    """Behind an `if` that may return or fall through."""
    rest = "\n".join(f"y = y + {i}" for i in range(30))
    text = f"if a:\n    if b:\n        return x\n    y = 1\n{rest}\nreturn y"
    assert rewritten(text).count("y = y + 7") == 1


# ---------------------------------------------------------------- the meaning stays


class _Writer:
    """Random bodies of loops, branches and jumps; `say(n)` and `ask()` show which way they went."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.said = 0

    def body(self, depth, loops):
        return [s for _ in range(self.rng.choice((1, 2, 3))) for s in self.statement(depth, loops)]

    def statement(self, depth, loops):
        self.said += 1
        jumps = ["return say({n})", "return x"] + ["break", "continue"] * 2 * bool(loops)
        if depth and self.rng.random() < 0.6:
            head = self.rng.choice(("if", "if", "for", "while"))
            inside = self.body(depth - 1, loops + (head != "if"))
            lines = [
                {"if": "if ask():", "for": "for x in range(3):", "while": "while ask():"}[head]
            ]
            lines += indented(inside)
            if self.rng.random() < 0.3:
                lines += ["else:", *indented(self.body(depth - 1, loops))]
            return lines
        word = self.rng.choice((*jumps, *["x = say({n})"] * len(jumps)))
        return [word.format(n=self.said)]


def indented(code):
    return ["    " + line for line in code]


def traces(code, count):
    """What a body says, and what it returns, for as many ways of answering `ask()`."""
    state = {}

    def say(n):
        state["said"].append(n)
        return n + len(state["said"])

    def ask():
        if len(state["said"]) > 60:
            raise OverflowError
        return say(state["rng"].random() < 0.4) and state["said"][-1]

    space = {"say": say, "ask": ask}
    exec("\n".join(["def f(x):", *indented(code)]), space)
    for seed in range(count):
        state.update(rng=random.Random(seed), said=[])
        try:
            yield space["f"](0), state["said"]
        except OverflowError:
            yield None, state["said"]


def jumps_stand_last(body, loops):
    """Behind a jump, on its path, comes nothing; loops hold no `return` and have no `else`."""
    for position, node in enumerate(body):
        last = position == len(body) - 1
        inside = [*node.body, *node.orelse] if isinstance(node, gast.If) else []
        jumps = (gast.Break, gast.Continue, gast.Return)
        assert last or not isinstance(node, jumps)
        if isinstance(node, gast.If):
            assert jumps_stand_last(node.body, loops)
            assert jumps_stand_last(node.orelse, loops)
            leaving = any(isinstance(n, jumps) for n in own(inside))
            assert last or not leaving
        elif isinstance(node, (gast.For, gast.While)):
            assert not node.orelse
            assert not any(isinstance(n, gast.Return) for n in gast.walk(node))
            assert jumps_stand_last(node.body, loops + 1)
    return True


def own(body):
    for node in body:
        yield node
        if isinstance(node, gast.If):
            yield from own([*node.body, *node.orelse])


@pytest.mark.parametrize("seed", range(200))
def test_every_path_does_what_it_did(seed):
    before = _Writer(seed).body(4, 0)
    code = structured(parsed("\n".join(before)), Names({"x", "say", "ask"}).fresh)
    assert jumps_stand_last(code, 0)
    after = printed(code).splitlines()
    assert list(traces(before, 20)) == list(traces(after, 20)), "\n".join([*before, "->", *after])
