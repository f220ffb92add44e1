"""What a caller must know of a function: which arguments matter, what is written, shared and done
besides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tangent.analyses.activity import useful_parameters
from tangent.analyses.exposure import exposure, named
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import UNKNOWN, sharing
from tangent.syntax.program import (
    Append,
    Assign,
    Call,
    Effect,
    Plain,
    Pop,
    Program,
    Statement,
    Store,
    every,
)


@dataclass(frozen=True)
class Summary:
    """`useful`: parameters that reach the result; `shared`: parameters with which it may share
    memory, as with the captured values of `shares_outside`; `repeatable`: it may run once more,
    and gives the same.
    """

    useful: frozenset[str]
    shared: frozenset[str]
    shares_outside: frozenset[str]
    writes: frozenset[str]
    effects: bool
    repeatable: bool
    shown: Mapping[Statement, frozenset[str]]  # the names that may show what a store writes
    lends: bool  # may the result hold arrays of what was copied for it?
    doubles: bool  # may it hold something twice?
    stores: frozenset[str]  # the parameters into which it stores, under whatever name


def nothing() -> Summary:
    """What holds of a function that does nothing: the start of the recursion."""
    none = frozenset[str]()
    return Summary(none, none, none, none, False, True, {}, False, False, none)


def unknown(parameters: tuple[str, ...]) -> Summary:
    """What holds of every function."""
    everything = frozenset(parameters)
    none = frozenset[str]()
    outside = frozenset({UNKNOWN})
    return Summary(everything, everything, outside, none, True, False, {}, True, True, none)


def summary(program: Program) -> Summary:
    """The summary of a program (those of its callees are asked for on the way)."""
    shape = shapes(program, False)
    facts = sharing(program, shape)
    shown = named(exposure(program, facts, True))
    useful = useful_parameters(program, shown)
    shared = frozenset(s[1] for s in facts.result if isinstance(s, tuple) and s[0] == "parameter")
    outside = frozenset(s[1] for s in facts.result if isinstance(s, tuple) and s[0] == "outside")
    written = {
        site[1] for site in facts.touched if isinstance(site, tuple) and site[0] == "parameter"
    }
    stores = (s for s in facts.sites if isinstance(s, (Store, Append, Pop)))
    effects = bool(written) or _effects(program)
    again = not written and repeatable(program.body)
    return Summary(
        useful,
        shared,
        outside,
        frozenset(written),
        effects,
        again,
        shown,
        facts.lends,
        facts.doubles,
        frozenset().union(*map(facts.into, stores)),
    )


def repeatable(body: tuple[Statement, ...], known: Collection[Any] = ()) -> bool:
    """Do statements do the same when they are run once more?  Checks that passed pass again.

    Of the callees `known` that is asked elsewhere: recursion is no answer.
    """
    for statement in every(body):
        value = statement.value if isinstance(statement, Assign) else None
        if isinstance(statement, Effect) and not (statement.raises or statement.asks):
            return False
        if isinstance(value, Plain) and not value.pure:
            return False
        if isinstance(value, Call) and not (value.callee in known or value.callee.repeatable):
            return False
    return True


def _effects(program: Program) -> bool:
    for statement in every(program.body):
        if isinstance(statement, Effect):
            return True
        if isinstance(statement, Assign):
            value = statement.value
            if isinstance(value, Plain) and not value.pure:
                return True
            if isinstance(value, Call) and value.callee.effects:
                return True
    return False
