"""Which names are bound for sure, whatever path was taken."""

from __future__ import annotations

from collections.abc import Mapping

from tangent.analyses.activity import writes
from tangent.syntax.program import For, If, Program, Statement


def surely_bound(program: Program) -> Mapping[Statement, frozenset[str]]:
    """The names that are bound on every path in front of each statement.

    A loop may run not at all: what is bound for sure behind it was so in front of it.
    """
    table: dict[Statement, frozenset[str]] = {}
    _walk(program.body, frozenset(program.parameters), table)
    return table


def _walk(
    body: tuple[Statement, ...], bound: frozenset[str], table: dict[Statement, frozenset[str]]
) -> frozenset[str]:
    for statement in body:
        table[statement] = bound
        match statement:
            case If():
                other = _walk(statement.orelse, bound, table)
                bound = _walk(statement.body, bound, table) & other
            case For():
                _walk(statement.whole, bound | {statement.index}, table)
            case _:
                bound = bound | frozenset(writes(statement))
    return bound
