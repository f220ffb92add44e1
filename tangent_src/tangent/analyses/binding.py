"""Which names are bound for sure, whatever path was taken."""

from __future__ import annotations

from collections.abc import Mapping

from tangent.analyses.activity import writes
from tangent.syntax.program import For, If, Program, Statement


def bound_behind(program: Program) -> Mapping[Statement, frozenset[str]]:
    """For each `If` and `For`, the names that are bound behind it on every path."""
    table: dict[Statement, frozenset[str]] = {}
    _walk(program.body, set(program.parameters), table)
    return table


def _walk(
    body: tuple[Statement, ...], bound: set[str], table: dict[Statement, frozenset[str]]
) -> set[str]:
    for statement in body:
        match statement:
            case If():
                other = _walk(statement.orelse, set(bound), table)
                bound = _walk(statement.body, bound, table) & other
                table[statement] = frozenset(bound)
            case For():
                _walk(statement.whole, bound | {statement.index}, table)
                table[statement] = frozenset(bound)
            case _:
                bound = bound | set(writes(statement))
    return bound
