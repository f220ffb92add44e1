"""What the forward sweep must still compute: whatever the backward sweep or the result needs, and
all effects.

    keep(I) = t in L, or the backward sweep reads t right after I, or I has an effect
    L-      = (L - {t} if t is a whole name) + before(I) + (reads(I) if keep(I))

It comes before the analysis of what is stored: a statement that is not kept overwrites nothing.
In the other order a value counts as destroyed by a statement that is never run, and gradients go
wrong. Hascoet, Naumann, Pascual, "TBR analysis in reverse-mode AD", FGCS 21(8), 2005.
"""

from __future__ import annotations

from dataclasses import dataclass

from tangent.analyses.activity import weak, writes
from tangent.analyses.needs import Needs
from tangent.analyses.shadows import Shadows
from tangent.analyses.terms import reads
from tangent.syntax.program import (
    AdjointCode,
    Assign,
    Break,
    Call,
    Effect,
    For,
    If,
    Plain,
    Pop,
    Program,
    Statement,
    Try,
    assigned,
    every,
    own_jumps,
    record_name,
)


@dataclass(frozen=True)
class Liveness:
    """The statements of the forward sweep, and the names that are live in front of it."""

    kept: frozenset[Statement]
    start: frozenset[str]


def liveness(
    program: Program,
    needs: Needs,
    at_end: frozenset[str],
    shadows: Shadows,
) -> Liveness:
    """The statements to keep, if `at_end` is read behind the forward sweep.  A store that is
    refused, or that must ask, is kept in any case.
    """
    run = _Run(needs, set(), shadows, shadows.guarded)
    start = run.walk(program.body, set(at_end))
    return Liveness(frozenset(run.kept), frozenset(start))


@dataclass
class _Run:
    needs: Needs
    kept: set[Statement]
    shadows: Shadows
    guarded: frozenset[Statement]

    def walk(self, body: tuple[Statement, ...], live: set[str]) -> set[str]:
        for statement in reversed(body):
            live = self.statement(statement, live)
        return live

    def statement(self, statement: Statement, live: set[str]) -> set[str]:
        """The names that are live in front of a statement; `live`, those behind it, is used up."""
        live |= self.needs.read_after(statement)
        match statement:
            case Try():
                live |= statement.test.reads  # it stays, and all that stands under it
                self.guarded |= frozenset(every(statement.under))
        match statement:
            case If(test=test):
                other = self.walk(statement.orelse, set(live))
                first = self.walk(statement.body, live)
                if self.any_kept(statement.body) or self.any_kept(statement.orelse):
                    self.kept.add(statement)
                    first |= test.reads
                first |= other
                first |= self.needs.read_before(statement)
                return first
            case For():
                return self.loop(statement, live)
        if self.keeps(statement, live):
            self.kept.add(statement)
        if not weak(statement):
            live.difference_update(writes(statement), _record(statement))
        elif isinstance(statement, Pop):
            live.discard(statement.target)
        live |= self.needs.read_before(statement)
        if statement in self.kept:
            live |= self.read(statement)
        return live

    def loop(self, loop: For, live: set[str]) -> set[str]:
        live = self.around(loop, live)
        if self.any_kept(loop.whole):
            self.kept.update(j for j in own_jumps(loop.body) if isinstance(j, Break))
            live = self.around(loop, live | reads(loop))
            for item in every(loop.items):  # the header binds them all, as the user wrote it
                self.kept.add(item)
                live = live | (reads(item) - assigned(loop.items) - {loop.index})
            self.kept.add(loop)
        return live

    def around(self, loop: For, live: set[str]) -> set[str]:
        """What is live at the head of a loop, at its start and in front of each iteration."""
        while True:
            before = live | (self.walk(loop.whole, set(live)) - {loop.index})
            if before == live:
                return live
            live = before

    def any_kept(self, body: tuple[Statement, ...]) -> bool:
        return any(s in self.kept for s in body)

    def read(self, statement: Statement) -> frozenset[str]:
        return reads(statement) | self.shadows.guards.get(statement, frozenset())

    def acts(self, statement: Statement) -> bool:
        """Does a statement do more than give values?"""
        return isinstance(statement, Effect) or draws(statement)

    def keeps(self, statement: Statement, live: set[str]) -> bool:
        if isinstance(statement, AdjointCode):  # it runs in the backward sweep alone
            return False
        seen = self.shadows.exposed.get(statement, frozenset())
        if self.acts(statement) or statement in self.guarded:
            return True
        if isinstance(statement, Break):  # of a loop that is kept
            return statement in self.kept
        if isinstance(statement, Assign):
            value = statement.value
            if isinstance(value, Call) and (
                value.callee.effects or record_name(statement) in self.needs.read_after(statement)
            ):
                return True
        return any(t in live for t in (*writes(statement), *seen))


class Rerun(_Run):
    """What runs when a part of the program is run once more: effects happened, draws are known."""

    def __init__(
        self, needs: Needs, shadows: Shadows, guarded: frozenset[Statement] = frozenset()
    ) -> None:
        super().__init__(needs, set(), shadows, guarded)

    def read(self, statement: Statement) -> frozenset[str]:
        return frozenset() if draws(statement) else reads(statement)

    def acts(self, statement: Statement) -> bool:
        return False


def draws(statement: Statement) -> bool:
    """Does a statement bind a value that it might not give again, such as a random number?"""
    value = statement.value if isinstance(statement, Assign) else None
    return isinstance(value, Plain) and not value.pure


def _record(statement: Statement) -> set[str]:
    call = isinstance(statement, Assign) and isinstance(statement.value, Call)
    return {record_name(statement)} if call else set()
