"""What a caller must know of a function: which arguments matter, what is written, shared and done
besides.
"""

from __future__ import annotations

from dataclasses import dataclass

from tangent.analyses.activity import useful_parameters
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import sharing
from tangent.syntax.program import (
    Assign,
    Call,
    Effect,
    Plain,
    Program,
    every,
)


@dataclass(frozen=True)
class Summary:
    """`useful`: parameters that reach the result; `shared`: parameters with which it may share
    memory.
    """

    useful: frozenset[str]
    shared: frozenset[str]
    shares_outside: bool
    writes: frozenset[str]
    effects: bool


def unknown(parameters: tuple[str, ...]) -> Summary:
    """What holds of every function: the start of the recursion."""
    everything = frozenset(parameters)
    return Summary(everything, everything, True, frozenset(), True)


def summary(program: Program) -> Summary:
    """The summary of a program (those of its callees are asked for on the way)."""
    useful = useful_parameters(program)
    facts = sharing(program, shapes(program, False))
    shared = frozenset(s[1] for s in facts.result if isinstance(s, tuple) and s[0] == "parameter")
    outside = any(isinstance(s, tuple) and s[0] == "outside" for s in facts.result)
    written = {
        site[1] for site in facts.touched if isinstance(site, tuple) and site[0] == "parameter"
    }
    return Summary(useful, shared, outside, frozenset(written), bool(written) or _effects(program))


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
