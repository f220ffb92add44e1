"""`y += e` where another name shows the value of `y`: an array is written into, a number is not.

Where the program does not tell which of them it is, the text asks.

z = y                           z = y
y += e              ->          if isinstance(y, np.ndarray):
                                    y[...] += e
                                else:
                                    y += e
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast
import numpy as np

from tangent.analyses.exposure import exposure
from tangent.analyses.shadows import shadows
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import sharing
from tangent.passes.units import Unit
from tangent.rules.language import Rule
from tangent.runtime import in_place
from tangent.syntax.program import Augment, For, If, Plain, Program, Statement, Store, every
from tangent.syntax.trees import call, literal, name


def asked_of_its_kind(unit: Unit, program: Program) -> Program:
    """The program with the updates of names that are not the only ones of their values split."""
    updates = [s for s in every(program.body) if isinstance(s, Augment) and _arithmetic(s.rule)]
    if not updates:
        return program
    registry = unit.registry
    registry.guessed = False
    shape = shapes(program, False)
    facts = sharing(program, shape)
    asked = shadows(program, facts, exposure(program, facts, True), shape, {}, {}).guards
    if registry.guessed:
        registry.forget_summaries()
    split = {s for s in updates if s in asked}
    module = name(registry.symbols.imported(np))
    kind = gast.Attribute(value=module, attr="ndarray", ctx=gast.Load())
    return replace(program, body=_block(program.body, split, kind)) if split else program


def _arithmetic(rule: Rule) -> bool:
    return rule.function is not in_place


def _block(body: tuple[Statement, ...], split: set[Augment], kind: Any) -> tuple[Statement, ...]:
    return tuple(_statement(s, split, kind) for s in body)


def _statement(statement: Statement, split: set[Augment], kind: Any) -> Statement:
    match statement:
        case Augment(origin=origin, target=target) if statement in split:
            test = Plain(
                call("@builtin:isinstance", name(target), kind), frozenset({target}), scalar=True
            )
            operator, rule = statement.operator, statement.rule
            whole = Store(origin, target, literal(...), statement.operand, operator, rule)
            return If(origin, test, (whole,), (statement,))
        case If(body=body, orelse=orelse):
            inner = (_block(body, split, kind), _block(orelse, split, kind))
            return replace(statement, body=inner[0], orelse=inner[1])
        case For(items=items, body=body):
            return replace(
                statement, items=_block(items, split, kind), body=_block(body, split, kind)
            )
    return statement
