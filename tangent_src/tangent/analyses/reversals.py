"""Calls of reversible functions that put their arguments back by themselves.

    x, v = step(x, v, dt)       backward:   x, v = unstep(x, v, dt)

Where a call binds its results to the very names that it was given, the values of before come from
those of behind, by the inverse that the user gave: nothing of them is stored.  Elsewhere, and where
the memory of the names is written into or shown by others, a reversible function is a checkpointed
one: its arguments are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent.syntax.program import Assign, Call, Program, Statement, Unpack, blocks
from tangent.syntax.trees import names_in


@dataclass(frozen=True)
class Reversal:
    """`targets = inverse(*arguments)`; `call` is the statement that calls the function itself."""

    call: Assign
    targets: tuple[str, ...]
    arguments: tuple[Any, ...]

    @property
    def reads(self) -> frozenset[str]:
        """The names that the inverse reads."""
        return frozenset(n for a in self.arguments for n in names_in(a))


def reversals(
    program: Program, emitted: Collection[Statement], shown: frozenset[str]
) -> Mapping[Statement, Reversal]:
    """The statements that bind what the inverse puts back, of the calls whose adjoint is
    `emitted`; memory of the names `shown` is written into.
    """
    found: dict[Statement, Reversal] = {}
    for binding, made, targets in _results(program.body):
        assert isinstance(made.value, Call)
        arguments = tuple(made.value.arguments.values())
        given = tuple(a.id for a in arguments if isinstance(a, gast.Name))[: len(targets)]
        others = {n for a in arguments[len(targets) :] for n in names_in(a)}
        alone = len(set(targets)) == len(targets) and others.isdisjoint(targets)
        if made in emitted and given == targets and alone and shown.isdisjoint(targets):
            found[binding] = Reversal(made, targets, arguments)
    return found


def _results(
    block: tuple[Statement, ...],
) -> Iterator[tuple[Statement, Assign, tuple[str, ...]]]:
    """The statements that bind the results of calls of reversible functions, these calls, and the
    names bound.
    """
    for position, statement in enumerate(block):
        for inner in blocks(statement):
            yield from _results(inner)
        match statement:
            case Assign(value=Call(callee=callee), target=target) if callee.inverse is not None:
                following = block[position + 1 : position + 2]
                match following:
                    case (Unpack(source=source, targets=targets),) if source == target:
                        yield following[0], statement, targets
                    case _:
                        yield statement, statement, (target,)
