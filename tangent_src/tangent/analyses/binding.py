"""Which names are bound for sure, whatever path was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent.analyses.activity import writes
from tangent.syntax.program import (
    Assign,
    Call,
    For,
    If,
    Program,
    Statement,
    blocks,
    record_name,
)


@dataclass(frozen=True)
class Binding:
    """The names, records of calls included, that are bound on every path in front of each
    statement, and behind it.

    A loop may run not at all: what is bound for sure behind it was so in front of it.
    """

    before: Mapping[Statement, frozenset[str]]
    behind: Mapping[Statement, frozenset[str]]


def binding(program: Program, kept: frozenset[Statement] | None = None) -> Binding:
    """The names that a program binds for sure; if `kept` is given, by those statements only."""
    before: dict[Statement, frozenset[str]] = {}
    behind: dict[Statement, frozenset[str]] = {}
    _walk(program.body, frozenset(program.parameters), kept, before, behind)
    return Binding(before, behind)


def _walk(
    body: tuple[Statement, ...],
    bound: frozenset[str],
    kept: frozenset[Statement] | None,
    before: dict[Statement, frozenset[str]],
    behind: dict[Statement, frozenset[str]],
) -> frozenset[str]:
    for statement in body:
        before[statement] = bound
        index = {statement.index} if isinstance(statement, For) else set()
        ends = [_walk(b, bound | index, kept, before, behind) for b in blocks(statement)]
        if isinstance(statement, If):
            bound = ends[0] & ends[1]
        elif not isinstance(statement, For) and (kept is None or statement in kept):
            bound = bound | binds(statement)
        behind[statement] = bound
    return bound


def binds(statement: Statement) -> frozenset[str]:
    """The names that a simple statement binds, with the record of a call."""
    if isinstance(statement, Assign) and isinstance(statement.value, Call):
        return frozenset({statement.target, record_name(statement)})
    return frozenset(writes(statement))
