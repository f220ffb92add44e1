"""Which names hold floating-point numbers for sure, so that what is stored there keeps its value.

An array of integers cuts off the fraction of what is stored into it: the derivative is zero then,
which no rule would know.  A name is sure if all that binds it is: arguments that are
differentiated, results of moving values, arrays made without a dtype, displays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent.analyses.activity import Activity, writes
from tangent.analyses.shapes import Shapes
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    Display,
    Item,
    Pop,
    Program,
    Statement,
    Store,
    Value,
    every,
)

_FLOATS = ("zeros", "ones", "empty")
_ALIKE = ("zeros_like", "ones_like", "empty_like", "copy")


def inexact(
    program: Program, activity: Activity, shapes: Shapes, wrt: frozenset[str]
) -> frozenset[str]:
    """The names that hold no array of integers, whatever path is taken."""
    makers: dict[str, list[Statement]] = {p: [] for p in wrt}
    for statement in every(program.body):
        if not isinstance(statement, (Augment, Store, Append, Pop)):
            for target in writes(statement):
                makers.setdefault(target, []).append(statement)
    sure = set(makers) - (set(program.parameters) - wrt)
    while True:
        still = {n for n in sure if all(_sure(s, activity, shapes, sure) for s in makers[n])}
        if still == sure:
            return frozenset(sure)
        sure = still


def _sure(statement: Statement, activity: Activity, shapes: Shapes, sure: set[str]) -> bool:
    match statement:
        case Assign(value=Copy(source=source)):
            return source in sure
        case Assign(value=Item(base=base)):  # a part of an array
            return base in sure and shapes.is_numeric(statement, base)
        case Assign(value=Display()):
            return True
        case Assign(value=Apply(arguments=arguments)) if activity.active(statement):
            return not _typed(arguments)
        case Assign(value=value):
            return _made(value, sure)
    return False


def _typed(arguments: Mapping[str, Any]) -> bool:
    """Is a dtype given?"""
    return "dtype" in arguments


def _made(value: Value, sure: set[str]) -> bool:
    """`np.zeros(n)`, `np.zeros_like(x)`, `x.copy()`, without a dtype."""
    expr = value.expr
    if not isinstance(expr, gast.Call) or not isinstance(expr.func, gast.Attribute):
        return False
    if expr.keywords:
        return False
    if expr.func.attr in _FLOATS:
        return len(expr.args) == 1
    of = expr.args[0] if len(expr.args) == 1 else expr.func.value
    return expr.func.attr in _ALIKE and isinstance(of, gast.Name) and of.id in sure
