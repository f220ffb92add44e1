"""What a branch or a loop was decided by is held where what it leads to changes it.

    if first:                 ->      t1 = bool(first)
        first = False                 if t1:
        y = y * y                         first = False
                                          y = y * y

The backward sweep asks a condition, and runs through a range, once more behind the statements that
they led to.  A name that these bind, or memory that they write into, would answer differently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import Sharing, sharing
from tangent.syntax.program import (
    Append,
    Assign,
    For,
    If,
    Plain,
    Pop,
    Program,
    Statement,
    While,
    every,
    targets,
    with_blocks,
)
from tangent.syntax.trees import call, name, names_in, walk

Block = tuple[Statement, ...]


def with_decisions(program: Program) -> Program:
    """The program in which each condition and each range lasts as long as it is asked for."""
    body = _Decisions(program).block(program.body)
    return program if body is program.body else replace(program, body=body)


class _Decisions:
    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def sharing(self) -> Sharing:
        return sharing(self.program, shapes(self.program, False))

    def block(self, body: Block) -> Block:
        made = tuple(part for s in body for part in self.statement(s))
        return body if made == body else made

    def statement(self, s: Statement) -> list[Statement]:
        match s:
            case If():
                new = with_blocks(s, self.block)
                if isinstance(s.test.expr, gast.Name) and self.changes(s.test.reads, s):
                    truth = call("@builtin:bool", s.test.expr)
                    return self.held(truth, lambda test: replace(new, test=test), s)
                return [new]
            case For():
                body = self.block(s.body)
                new_loop = s if body is s.body else replace(s, body=body)
                if isinstance(s, While) or not self.changes(names_in(s.header), s):
                    return [new_loop]
                return self.run_through(new_loop, s)
        return [s]

    def run_through(self, new: For, s: For) -> list[Statement]:
        """The loop through a range that is held, or a number of iterations that is."""
        if not isinstance(s.header, gast.Call) or len(s.header.args) != 1:
            return self.held(s.header, lambda r: replace(new, header=r.expr), s)
        length = call("@builtin:len", s.header)
        return self.held(length, lambda n: replace(new, header=call("@builtin:range", n.expr)), s)

    def held(self, expr: Any, decided: Any, s: Statement) -> list[Statement]:
        """The statement behind one that gives a name to what decides it."""
        held = name(self.program.names.temporary())
        first = Assign(s.origin, held.id, Plain(expr, frozenset(names_in(expr)), scalar=True))
        return [first, decided(Plain(held, frozenset({held.id}), scalar=True))]

    def changes(self, read: Iterable[str], s: If | For) -> bool:
        """May what `s` leads to change one of these names, or what it shows?"""
        names = set(read)
        inside = list(every(s.whole if isinstance(s, For) else (*s.body, *s.orelse)))
        if any(names.intersection(targets(one)) for one in inside):
            return True
        lengths = _lengths(s.header) if isinstance(s, For) else frozenset[str]()
        writing = [one for one in inside if into(one) is not None]
        return any(
            self.sharing.shows(one, n)
            for one in writing
            for n in (names if isinstance(one, (Append, Pop)) else names - lengths)
        )


def _lengths(header: Any) -> frozenset[str]:
    """The names of which a header reads the length alone, which no store changes."""
    names = Counter(n.id for n in walk(header) if isinstance(n, gast.Name))
    calls = [n for n in walk(header) if isinstance(n, gast.Call) and len(n.args) == 1]
    lengths = [c.args[0] for c in calls if getattr(c.func, "id", "") == "@builtin:len"]
    measured = Counter(a.id for a in lengths if isinstance(a, gast.Name))
    return frozenset(n for n, count in measured.items() if names[n] == count)
