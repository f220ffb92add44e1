"""Where an operation may turn a real operand into a complex result: `2j * x`, `x + z`.

The adjoint of a real value is real.  Where a complex one may come back, it is made real at once,
even if the shapes ask for nothing: what made the value may take complex numbers (`np.abs`), and
real buffers cannot hold them.

Each name has a set of *causes*, the values of which one must be complex for it to be so: none for
a real number, each parameter is its own, `x * y` has those of `x` and of `y`, `np.abs(z)` none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent.analyses.demands import demanded
from tangent.rules.language import BROADCAST, LIKE_FIRST, REDUCTION
from tangent.syntax.program import (
    Apply,
    Assign,
    Augment,
    Copy,
    For,
    If,
    Plain,
    Program,
    Statement,
    Store,
    assigned,
    every,
)
from tangent.syntax.trees import names_in, walk

Causes = frozenset[Any]
REAL: Causes = frozenset()


def turned_complex(program: Program, real_result: bool) -> frozenset[tuple[Statement, str]]:
    """The (statement, operand) of which the result may be complex while the operand is real; none
    in a program that shows no sign of complex numbers, nor where a `real_result` would be none.
    """
    if not any(_sign(s) for s in every(program.body)):
        return frozenset()
    found: set[tuple[Statement, str]] = set()
    causes: dict[str, Causes] = {p: frozenset({p}) for p in program.parameters}
    _walk(program.body, causes, found)
    real = demanded(program, _keeps) if real_result else frozenset()
    return frozenset((s, n) for s, n in found if s not in real)


def _sign(statement: Statement) -> bool:
    """Does a statement make complex numbers, or real ones of them?"""
    value = getattr(statement, "value", None)
    if isinstance(value, Apply) and (value.rule.real or "fft" in value.rule.name):
        return True
    expr = getattr(value, "expr", getattr(statement, "operand", value))
    if not hasattr(expr, "_fields"):
        return False
    named = {getattr(n, "attr", getattr(n, "id", "")) for n in walk(expr)}
    return _complex(expr) or any("complex" in n for n in named)


def _walk(
    body: tuple[Statement, ...], causes: dict[str, Causes], found: set[tuple[Statement, str]]
) -> None:
    for statement in body:
        match statement:
            case If():
                other = dict(causes)
                _walk(statement.body, causes, found)
                _walk(statement.orelse, other, found)
                _join(causes, other)
            case For():
                causes[statement.index] = REAL
                while True:
                    before = dict(causes)
                    _walk(statement.whole, causes, found)
                    _join(causes, before)
                    if causes == before:
                        break
            case Assign(target=target, value=value):
                causes[target] = _value(statement, value, causes)
                _note(statement, target, value.reads, causes, found)
            case Augment(target=target, operand=operand):
                mine = causes.get(target, REAL)
                causes[target] = mine | _of(statement, operand, causes)
                for one in names_in(operand) - {target}:
                    _note(statement, target, frozenset({one}), causes, found)
                if not causes[target] <= mine:
                    found.add((statement, target))
            case _:
                for one in assigned((statement,)):  # of several, one may be real and another not
                    causes[one] = causes.get(one, REAL) | {(statement, one)}
                if isinstance(statement, Store):
                    operands = frozenset(names_in(statement.value))
                    _note(statement, statement.base, operands, causes, found)


def _join(into: dict[str, Causes], other: Mapping[str, Causes]) -> None:
    for one, causes in other.items():
        into[one] = into.get(one, REAL) | causes


def _note(
    statement: Statement,
    target: str,
    operands: frozenset[str],
    causes: Mapping[str, Causes],
    found: set[tuple[Statement, str]],
) -> None:
    for one in operands:
        if one != target and not causes[target] <= causes.get(one, REAL):
            found.add((statement, one))


def _value(statement: Assign, value: Any, causes: Mapping[str, Causes]) -> Causes:
    unknown: Causes = frozenset({statement})
    match value:
        case Copy(source=source):
            return causes.get(source, REAL)
        case Plain(expr=expr, scalar=scalar):
            return REAL if scalar and not _complex(expr) else unknown
        case Apply(rule=rule, arguments=arguments):
            if rule.real:
                return REAL
            if _keeps(value):
                parts = [_of(statement, a, causes) for a in arguments.values()]
                return frozenset().union(*parts)
    return unknown


def _keeps(value: Apply) -> bool:
    """Is the result complex if and only if an operand is?"""
    known = value.rule.shape in (BROADCAST, LIKE_FIRST, REDUCTION)
    return known and not value.rule.real and "dtype" not in value.arguments


def _of(statement: Statement, atom: Any, causes: Mapping[str, Causes]) -> Causes:
    """The causes of an atom; another symbol or a complex literal is a cause by itself."""
    parts = [causes.get(n, REAL) for n in names_in(atom)]
    symbol = isinstance(atom, gast.Name) and atom.id[0] == "@"
    return frozenset().union(*parts, {statement} if symbol or _complex(atom) else ())


def _complex(expr: Any) -> bool:
    return any(isinstance(n, gast.Constant) and isinstance(n.value, complex) for n in walk(expr))
