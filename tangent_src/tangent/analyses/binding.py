"""Which names are bound for sure, whatever path was taken.

Names are never unbound, so that each block notes once when it binds a name; a set of bound names is
a time in a block, and the like in the blocks around.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import gast

from tangent.analyses.activity import writes
from tangent.syntax.program import (
    Apply,
    Assign,
    Copy,
    For,
    If,
    Item,
    Program,
    Statement,
    Unpack,
    While,
)


@dataclass(frozen=True)
class Bound(Container[str]):
    """The names that are bound for sure at one place."""

    block: Mapping[str, int]  # when the block binds each name
    now: int
    around: Bound | None

    def __contains__(self, name: object) -> bool:
        here: Bound | None = self
        while here is not None:
            if here.block.get(name, here.now) < here.now:  # type: ignore[call-overload]
                return True
            here = here.around
        return False

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """The names that are bound for sure."""
        return frozenset(n for n in names if n in self)

    def missing(self, names: Iterable[str]) -> frozenset[str]:
        """The names that may be unbound."""
        return frozenset(n for n in names if n not in self)


def surely_bound(program: Program) -> Mapping[Statement, Bound]:
    """The names that are bound on every path in front of each statement.

    A loop may run not at all: what is bound for sure behind it was so in front of it, unless its
    only way out is a `break`.
    """
    table: dict[Statement, Bound] = {}
    _walk(program.body, program.parameters, None, table)
    return table


def _walk(
    body: tuple[Statement, ...],
    first: Iterable[str],
    around: Bound | None,
    table: dict[Statement, Bound],
) -> Mapping[str, int]:
    """What a block binds itself, `first` at its start."""
    block = dict.fromkeys(first, 0)
    for now, statement in enumerate(body, 1):
        here = table[statement] = Bound(block, now, around)
        names: Iterable[str] = ()
        match statement:
            case If():
                other = _walk(statement.orelse, (), here, table)
                names = _walk(statement.body, (), here, table).keys() & other.keys()
            case For():
                end = _walk(statement.whole, (statement.index,), here, table)
                if isinstance(statement, While) and statement.endless:  # it runs at least once
                    names = end.keys() - {statement.index}
            case _:
                names = (*writes(statement), *_read(statement))
        for name in names:
            block.setdefault(name, now)
    return block


def _read(statement: Statement) -> tuple[str, ...]:
    """What a statement takes as it stands, and which is therefore bound behind it."""
    match statement:
        case Assign(value=Copy(source=one) | Item(base=one)) | Unpack(source=one):
            return (one,)
        case Assign(value=Apply(arguments=arguments)):
            return tuple(a.id for a in arguments.values() if isinstance(a, gast.Name))
    return ()
