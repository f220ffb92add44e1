"""Stores that another name shows: where a write in place would be seen through a name that is
read later.

Live variables of the primal, backward over all its statements, met with the sharing facts.  What
the forward sweep leaves out plays no part here: the question is what the user's program means.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent.analyses.activity import weak, writes
from tangent.analyses.sharing import Sharing
from tangent.analyses.terms import reads
from tangent.syntax.program import (
    Append,
    Augment,
    For,
    If,
    Pop,
    Program,
    Statement,
    Store,
)

OUTSIDE = "a value from outside"


def exposure(program: Program, sharing: Sharing, root: bool) -> Mapping[Statement, frozenset[str]]:
    """For each statement that writes in place, the other names that are read later and may show
    the write.

    Memory from outside the call is always seen; so is that of arguments, unless it is the `root`,
    the function that the user calls, which works on copies of what it would change.
    """
    behind: dict[Statement, frozenset[str]] = {}
    _walk(program.body, {program.result}, behind)
    found = {}
    for statement, live in behind.items():
        base = statement.target if isinstance(statement, Augment) else statement.base  # type: ignore[attr-defined]
        seen = sharing.others(statement, base) & live
        if sharing.outside(statement, base) or not (root or sharing.owned(statement, base)):
            seen |= {OUTSIDE}
        if seen:
            found[statement] = seen
    return found


def _walk(
    body: tuple[Statement, ...], live: set[str], behind: dict[Statement, frozenset[str]]
) -> set[str]:
    for statement in reversed(body):
        match statement:
            case If(test=test):
                other = _walk(statement.orelse, set(live), behind)
                live = _walk(statement.body, set(live), behind) | other | test.reads
            case For():
                while True:
                    before = live | _walk(statement.whole, set(live), behind) | reads(statement)
                    if before == live:
                        break
                    live = before
            case _:
                if isinstance(statement, (Augment, Store, Append, Pop)):
                    behind[statement] = behind.get(statement, frozenset()) | live
                if not weak(statement):
                    live = live - set(writes(statement))
                live = live | reads(statement)
    return live
