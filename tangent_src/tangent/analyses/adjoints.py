"""Which adjoints are set at which point of the backward sweep.

A contribution to an adjoint that is not set yet assigns it, later ones add.  Where paths join,
both must agree: `zeros` names the adjoints that a branch, a loop's start or the end of its
reversed body has to set to zero.

    set, backward      S- = (S - {t}) + operands   if t in S and the statement is active
    if                 S- = S_body + S_orelse, the other branch fills in zeros
    for                S grows to the fixed point over the body; what was not set behind the loop
                       starts as zeros
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent.analyses.activity import Activity, sources, weak, writes
from tangent.syntax.program import For, If, Pop, Program, Statement


@dataclass(frozen=True)
class Adjoints:
    """`emitted` are the statements that have an adjoint; `first` the (statement, operand) that
    assign.

    `zeros[s]` is one set of names for each block of an `If`; for a `For`: before the loop, at the
    end of its body.
    """

    emitted: frozenset[Statement]
    first: frozenset[tuple[Statement, str]]
    zeros: Mapping[Statement, tuple[frozenset[str], frozenset[str]]]
    at_start: frozenset[str]
    unset: Mapping[
        Statement, frozenset[str]
    ]  # targets of an emitted `Unpack` or `Pop` without adjoint

    def inits(self, statement: Statement) -> frozenset[str]:
        one, other = self.zeros.get(statement, (frozenset(), frozenset()))
        return one | other


@dataclass
class _Facts:
    activity: Activity
    emitted: set[Statement] = field(default_factory=set)
    first: set[tuple[Statement, str]] = field(default_factory=set)
    zeros: dict[Statement, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    unset: dict[Statement, frozenset[str]] = field(default_factory=dict)


def adjoints(program: Program, activity: Activity) -> Adjoints:
    """The adjoints that are set, with that of the result set first."""
    facts = _Facts(activity)
    start = _walk(program.body, {program.result}, facts)
    return Adjoints(
        frozenset(facts.emitted), frozenset(facts.first), facts.zeros, frozenset(start), facts.unset
    )


def _walk(body: tuple[Statement, ...], now: set[str], facts: _Facts) -> set[str]:
    for statement in reversed(body):
        match statement:
            case If():
                first = _walk(statement.body, set(now), facts)
                second = _walk(statement.orelse, set(now), facts)
                now = first | second
                facts.zeros[statement] = frozenset(now - first), frozenset(now - second)
            case For():
                now = _loop(statement, now, facts)
            case _:
                _statement(statement, now, facts)
    return now


def _loop(loop: For, now: set[str], facts: _Facts) -> set[str]:
    inside = set(now)
    while True:
        after = _walk(loop.whole, set(inside), facts)
        if after <= inside:
            break
        inside |= after
    facts.zeros[loop] = frozenset(inside - now), frozenset(inside - after)
    return inside


def _statement(statement: Statement, now: set[str], facts: _Facts) -> None:
    written = writes(statement)
    reached = [t for t in written if t in now]
    active = facts.activity.operands.get(statement, frozenset()) if reached else frozenset()
    if isinstance(statement, Pop):
        now.discard(statement.target)
    elif not weak(statement):
        now.difference_update(written)
    if not active:
        return
    facts.emitted.add(statement)
    facts.unset[statement] = frozenset(written) - frozenset(reached)
    for operand in active & sources(statement):
        if operand not in now:
            facts.first.add((statement, operand))
        else:
            facts.first.discard((statement, operand))
        now.add(operand)
