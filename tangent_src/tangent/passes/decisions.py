"""What a branch or a loop was decided by is held where what it leads to changes it.

    if first:                 ->      t1 = bool(first)
        first = False                 if t1:
        y = y * y                         first = False
                                          y = y * y

The backward sweep asks a condition, and runs through a range, once more behind the statements that
they led to.  A name that these bind, or memory that they write into, would answer differently.

    row = w[int(w[0, 0])]     ->      t1 = int(w[0, 0])
    row *= 3                          row = w[t1]
                                      row *= 3

It takes a view once more, of the adjoint.  Where the index reads memory that is written into, the
memory of the view above all, the index is held in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import Sharing, sharing
from tangent.passes.inert import is_new
from tangent.syntax.program import (
    Append,
    Assign,
    For,
    If,
    Item,
    Plain,
    Pop,
    Program,
    Statement,
    While,
    every,
    targets,
    with_blocks,
)
from tangent.syntax.trees import call, contents_in, item, name, names_in, walk

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
            case Assign(value=Item(base=base, index=index)) if _asks(index):
                if base in self.sharing.written:
                    return self.with_index(s, base, index)
        return [s]

    def with_index(self, s: Assign, base: str, index: Any) -> list[Statement]:
        """The item behind statements that hold those parts of its index that stores may change."""
        made: list[Statement] = []
        held = self.index(index, s, made)
        expr = item(name(base), held)
        return [*made, replace(s, value=Item(expr, frozenset(names_in(expr)), base, held))]

    def index(self, index: Any, s: Assign, made: list[Statement]) -> Any:
        if isinstance(index, gast.Tuple):
            elements = [self.index(e, s, made) for e in index.elts]
            return gast.Tuple(elts=elements, ctx=gast.Load())
        if isinstance(index, gast.Slice):
            ends = index.lower, index.upper, index.step
            return gast.Slice(*(e and self.index(e, s, made) for e in ends))
        if not _asks(index) or contents_in(index).isdisjoint(self.sharing.written):
            return index
        held = self.program.names.temporary()
        value = Plain(index, frozenset(names_in(index)), fresh=is_new(index))
        made.append(Assign(s.origin, held, value))
        return name(held)

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
        contents = contents_in(s.header) if isinstance(s, For) else names
        writing = [one for one in inside if into(one) is not None]
        return any(
            self.sharing.shows(one, n)
            for one in writing
            for n in (names if isinstance(one, (Append, Pop)) else names & contents)
        )


def _asks(index: Any) -> bool:
    """Does an index read what a store may change: elements, or what a function makes of them?"""
    return any(isinstance(n, (gast.Call, gast.Subscript, gast.Compare)) for n in walk(index))
