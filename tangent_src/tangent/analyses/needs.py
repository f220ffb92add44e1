"""What the backward sweep reads at each statement: the needs from which storage is planned.

`before[s]` is read once what `s` overwrote is back; `after[s]` in front of that, when the values
are still those that `s` left behind.  An `If` is reversed by its test, a loop by its header; both
come `after`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent.analyses.adjoints import Adjoints
from tangent.analyses.binding import Bound
from tangent.analyses.terms import Terms
from tangent.syntax.program import (
    AdjointCode,
    Assign,
    For,
    If,
    Item,
    Pop,
    Program,
    Statement,
    Unpack,
    every,
)
from tangent.syntax.trees import names_in


@dataclass(frozen=True)
class Needs:
    """Names read by the backward sweep at each statement; `end` at its start, before any
    statement.
    """

    before: Mapping[Statement, frozenset[str]]
    after: Mapping[Statement, frozenset[str]]
    reversed: frozenset[Statement]  # the `If`s and `For`s that the backward sweep repeats

    def read_before(self, statement: Statement) -> frozenset[str]:
        return self.before.get(statement, frozenset())

    def read_after(self, statement: Statement) -> frozenset[str]:
        return self.after.get(statement, frozenset())


def needs(
    program: Program,
    terms: Terms,
    adjoints: Adjoints,
    also: frozenset[Statement],
    bound: Mapping[Statement, Bound],
) -> Needs:
    """The needs of a program; `also` are branches and loops to reverse because values are put
    back in them.
    """
    before: dict[Statement, frozenset[str]] = {}
    after: dict[Statement, frozenset[str]] = {}
    inside = set(also) | {s for s in adjoints.zeros if any(adjoints.zeros[s]) and isinstance(s, If)}
    inside |= {s for s in adjoints.zeros if adjoints.zeros[s][1] and isinstance(s, For)}
    for statement in every(program.body):
        if statement in adjoints.emitted:
            before[statement] = terms.before.get(statement, frozenset())
            after[statement] = terms.after.get(statement, frozenset()) | _of_code(statement)
            (after if isinstance(statement, Pop) else before)[statement] |= _allocated(
                statement, adjoints
            )
            after[statement] |= _unset(statement, adjoints)
            base = _item_base(statement)
            before[statement] |= adjoints.made_whole[statement] & base
            after[statement] |= adjoints.made_whole[statement] - base
    _reverse(program.body, before, inside)
    for statement in every(program.body):
        if statement in inside and isinstance(statement, If):
            after[statement] = statement.test.reads
            before[statement] = bound[statement].among(adjoints.inits(statement))
        elif statement in inside and isinstance(statement, For):
            header = frozenset(names_in(statement.passed))
            after[statement] = header | bound[statement].among(adjoints.inits(statement))
    return Needs(before, after, frozenset(inside))


def _allocated(statement: Statement, adjoints: Adjoints) -> frozenset[str]:
    """The container whose adjoint is allocated at its first contribution: `zeros_like(x)` reads
    `x`.
    """
    if isinstance(statement, Assign) and isinstance(statement.value, Item):
        value = statement.value
        if (statement, value.base) in adjoints.first and statement not in adjoints.keyed:
            return frozenset({value.base})
    if isinstance(statement, Pop) and (statement, statement.base) in adjoints.first:
        return frozenset({statement.base})
    return frozenset()


def _of_code(statement: Statement) -> frozenset[str]:
    """What code of the user's reads, and the value that an adjoint bound anew must fit."""
    if not isinstance(statement, AdjointCode):
        return frozenset()
    return statement.reads | ({statement.of} if statement.rebinds else frozenset())


def _item_base(statement: Statement) -> frozenset[str]:
    """What an item is taken from: its adjoint is written into once its value is back."""
    if isinstance(statement, Assign) and isinstance(statement.value, Item):
        return frozenset({statement.value.base}) - {statement.target}
    return frozenset()


def _unset(statement: Statement, adjoints: Adjoints) -> frozenset[str]:
    """Targets without adjoint, of which zeros are taken."""
    return adjoints.unset[statement] if isinstance(statement, (Unpack, Pop)) else frozenset()


def _reverse(
    body: tuple[Statement, ...], emitted: Mapping[Statement, frozenset[str]], inside: set[Statement]
) -> bool:
    found = False
    for statement in body:
        if isinstance(statement, If):
            both = [_reverse(b, emitted, inside) for b in (statement.body, statement.orelse)]
            hit = any(both)
        elif isinstance(statement, For):
            hit = _reverse(statement.whole, emitted, inside)
        else:
            hit = statement in emitted
        if hit and isinstance(statement, (If, For)):
            inside.add(statement)
        found = found or hit or statement in inside
    return found
