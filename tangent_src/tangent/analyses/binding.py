"""Which names are bound for sure, whatever path was taken."""

from __future__ import annotations

from collections.abc import Mapping

from tangent.analyses.activity import writes
from tangent.syntax.program import For, If, Program, Statement


def surely_bound(program: Program) -> Mapping[Statement, frozenset[str]]:
    """The names that are bound on every path: in front of each `If`, behind each `For`."""
    table: dict[Statement, frozenset[str]] = {}
    _walk(program.body, set(program.parameters), table)
    return table


def _walk(
    body: tuple[Statement, ...], bound: set[str], table: dict[Statement, frozenset[str]]
) -> set[str]:
    for statement in body:
        match statement:
            case If():
                table[statement] = frozenset(bound)
                other = _walk(statement.orelse, set(bound), table)
                bound = _walk(statement.body, set(bound), table) & other
            case For():
                _walk(statement.whole, bound | {statement.index}, table)
                table[statement] = frozenset(bound)
            case _:
                bound = bound | set(writes(statement))
    return bound
