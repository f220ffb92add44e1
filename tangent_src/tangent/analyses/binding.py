"""Which names are bound for sure, whatever path was taken."""

from __future__ import annotations

from collections.abc import Mapping

from tangent.analyses.activity import writes
from tangent.syntax.program import For, If, Program, Statement


def surely_bound(program: Program) -> Mapping[Statement, frozenset[str]]:
    """The names that are bound on every path: in front of each `If`, behind each `For`."""
    return _tables(program)[0]


def bound_at_end(program: Program) -> Mapping[Statement, frozenset[str]]:
    """The names that are bound on every path at the end of each loop's body."""
    return _tables(program)[1]


def _tables(program: Program) -> tuple[dict[Statement, frozenset[str]], ...]:
    table: dict[Statement, frozenset[str]] = {}
    ends: dict[Statement, frozenset[str]] = {}
    _walk(program.body, set(program.parameters), table, ends)
    return table, ends


def _walk(
    body: tuple[Statement, ...],
    bound: set[str],
    table: dict[Statement, frozenset[str]],
    ends: dict[Statement, frozenset[str]],
) -> set[str]:
    for statement in body:
        match statement:
            case If():
                table[statement] = frozenset(bound)
                other = _walk(statement.orelse, set(bound), table, ends)
                bound = _walk(statement.body, set(bound), table, ends) & other
            case For():
                ends[statement] = frozenset(
                    _walk(statement.whole, bound | {statement.index}, table, ends)
                )
                table[statement] = frozenset(bound)
            case _:
                bound = bound | set(writes(statement))
    return bound
