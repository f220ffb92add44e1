"""What is asked of the single statements of a program that is written for several seeds."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from tangent.rules.language import lookup
from tangent.runtime import credited
from tangent.syntax.program import (
    SCATTER,
    Apply,
    Assign,
    Display,
    For,
    If,
    Plain,
    Program,
    Statement,
    Store,
    with_blocks,
)
from tangent.syntax.trees import name, names_in, substitute

Block = tuple[Statement, ...]


def of_arrays(body: Block) -> Block:
    """Statements about arrays alone, as all have that have the axis: what is credited is new, and
    no sum joins lists.
    """
    return tuple(map(_of_array, body))


def _of_array(s: Statement) -> Statement:
    match s:
        case If():
            return with_blocks(s, of_arrays)
        case For():
            return replace(s, items=of_arrays(s.items), body=of_arrays(s.body))
        case Assign(value=Apply(rule=rule) as value) if rule.function is credited:
            return replace(s, value=replace(value, rule=replace(rule, fresh=True)))
        case Assign(value=Apply(rule=rule) as value) if rule.function in _ALIKE:
            return replace(s, value=replace(value, rule=lookup(_ALIKE[rule.function])))
    return s


_ALIKE = {operator.add: np.add, operator.mul: np.multiply}  # of arrays


def gives_several(program: Program) -> bool:
    """Does a program give a tuple?"""
    last = program.body[-1]
    return isinstance(last, Assign) and isinstance(last.value, Display)


def merged(s: Any, following: Any) -> Statement:
    """A call with a list in the place of its name; its arguments are not looked at one by one."""
    expr = substitute(following.value.expr, {s.target: s.value.expr})
    reads = s.value.reads | following.value.reads - {s.target}
    changed = replace(following.value, expr=expr, reads=reads, arguments={})
    return Assign(following.origin, following.target, changed)


def store_helper(operator: Any) -> str | None:
    """What does a store for each seed; None if nothing does."""
    if operator is None:
        return "put_each"
    if operator == SCATTER:
        return "add_at_each"
    return "add_each" if isinstance(operator, gast.Add) else None


def names_read(s: Statement) -> set[str]:
    """The names that a statement itself reads, tests and headers included."""
    found = {getattr(s, k) for k in ("base", "source") if hasattr(s, k)}
    for part in (*vars(s).values(), getattr(s, "value", None)):
        if isinstance(part, gast.AST):
            found |= names_in(part)
        found |= getattr(part, "reads", frozenset())
    return found | getattr(s, "reads", frozenset())


def plain_value(expr: Any) -> Plain:
    return Plain(expr, frozenset(names_in(expr)), cheap=False, fresh=False)


def expressions(s: Statement) -> list[Any]:
    """What a statement reads other than the array into which it stores."""
    match s:
        case Assign(value=value):
            return [value.expr]
        case Store(value=value):
            return [value]
    read = [v for v in vars(s).values() if isinstance(v, gast.AST)]
    return read + [name(getattr(s, k)) for k in ("base", "source") if hasattr(s, k)]


def same_name(a: Any, b: Any) -> bool:
    return isinstance(a, gast.Name) and isinstance(b, gast.Name) and a.id == b.id
