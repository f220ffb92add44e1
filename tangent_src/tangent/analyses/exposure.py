"""Stores that another name shows: where a write in place would be seen through a name that is
read later.

Live variables of the primal, backward over all its statements, met with the sharing facts.  What
the forward sweep leaves out plays no part here: the question is what the user's program means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangent.analyses.activity import weak, writes
from tangent.analyses.heap import JOINS, UNWRITTEN
from tangent.analyses.sharing import Sharing
from tangent.analyses.terms import reads
from tangent.runtime import may_change
from tangent.syntax.program import (
    Append,
    Augment,
    For,
    If,
    Pop,
    Program,
    Statement,
    Store,
    While,
    assigned,
    every,
)

OUTSIDE = "a value from outside"


def exposure(program: Program, sharing: Sharing, root: bool) -> Mapping[Statement, frozenset[str]]:
    """For each statement that writes in place, the other names that are read later and may show
    the write.

    Memory from outside the call is always seen; so is that of arguments, unless it is the `root`,
    the function that the user calls, which works on copies of what it would change.
    """
    exposed: dict[Statement, frozenset[str]] = {}

    def note(statement: Statement, live: set[str]) -> None:
        if isinstance(statement, (Augment, Store, Append, Pop)):
            if seen := sharing.among(statement, live):
                exposed[statement] = exposed.get(statement, frozenset()) | seen

    _walk(program.body, {program.result}, note)
    changed = assigned(program.body)
    for statement in sharing.sites:
        seen = sharing.captured(statement)
        if not seen and sharing.outside(statement) and not by_others(statement):
            seen = frozenset({OUTSIDE})
        if not root and sharing.into(statement) & changed:
            seen |= {OUTSIDE}
        if seen:
            exposed[statement] = exposed.get(statement, frozenset()) | seen
    return exposed


def by_others(statement: Statement) -> bool:
    """Does it stand for what a call does, of which nothing is known?"""
    return isinstance(statement, Augment) and statement.rule.function is may_change


def named(exposed: Mapping[Statement, frozenset[str]]) -> dict[Statement, frozenset[str]]:
    """The names alone that may show each store."""
    names = {s: seen - captured(seen) - {OUTSIDE} for s, seen in exposed.items()}
    return {s: seen for s, seen in names.items() if seen}


def captured(seen: frozenset[str]) -> frozenset[str]:
    """The captured values among those who may show a store: the text asks for them."""
    return frozenset(n for n in seen if n[0] == "@")


def arguments_shown(sharing: Sharing, root: bool) -> Mapping[Statement, frozenset[str]]:
    """The arguments that may show what a called function writes into: the text asks for them."""
    return {} if root else {s: found for s in sharing.sites if (found := sharing.into(s))}


def lengthens(statement: Statement) -> bool:
    """Does a statement change what a list or dict holds as a whole, and not just an entry?"""
    if isinstance(statement, Augment):
        return statement.rule.function in (*JOINS, *UNWRITTEN)
    return isinstance(statement, (Append, Pop))


def run_over(program: Program, sharing: Sharing) -> Mapping[Statement, frozenset[str]]:
    """The names that a loop runs over, which may show a list that its body makes longer or
    shorter: the text asks for them.
    """
    found: dict[Statement, frozenset[str]] = {}
    for loop in every(program.body):
        if isinstance(loop, For) and not isinstance(loop, While):  # its test is asked each time
            items = (n for s in loop.items for n in reads(s))
            sources = reads(loop).union(items) - {loop.index}
            for statement in every(loop.whole):
                if lengthens(statement) and (seen := sharing.among(statement, sources)):
                    found[statement] = found.get(statement, frozenset()) | seen
    return found


def live_around(program: Program) -> Mapping[Statement, frozenset[str]]:
    """The names that are read inside each branch or loop, or behind it, before they are bound."""
    around: dict[Statement, frozenset[str]] = {}

    def note(statement: Statement, live: set[str]) -> None:
        if isinstance(statement, (If, For)):
            around[statement] = around.get(statement, frozenset()) | live

    _walk(program.body, {program.result}, note)
    return around


def _walk(
    body: tuple[Statement, ...],
    live: set[str],
    note: Callable[[Statement, set[str]], None],
) -> set[str]:
    """The names that are live in front of `body`; `live`, those behind it, is used up.  `note` is
    told what is live behind each statement, and of branches and loops what is in front, too.
    """
    for statement in reversed(body):
        note(statement, live)
        match statement:
            case If(test=test):
                other = _walk(statement.orelse, set(live), note)
                live = _walk(statement.body, live, note) | other | test.reads
                note(statement, live)
            case For():
                while True:
                    before = _walk(statement.whole, set(live), note) | reads(statement)
                    if before <= live:
                        break
                    live |= before
                note(statement, live)
            case _:
                if not weak(statement):
                    live.difference_update(writes(statement))
                live |= reads(statement)
    return live
