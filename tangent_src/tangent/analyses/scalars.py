"""Which elementwise operations must be those of scalars, since the result is a scalar."""

from __future__ import annotations

from tangent.analyses.demands import demanded
from tangent.rules.language import BROADCAST, LIKE_FIRST
from tangent.syntax.program import Apply, Assign, Augment, Program, Statement


def must_be_scalars(program: Program) -> frozenset[Statement]:
    """The elementwise statements of a program whose operands and target have shape `()` for sure
    if its result has.
    """
    return frozenset(s for s in demanded(program, _elementwise) if _is_elementwise(s))


def _elementwise(value: Apply) -> bool:
    return value.rule.shape in (BROADCAST, LIKE_FIRST)


def _is_elementwise(statement: Statement) -> bool:
    if isinstance(statement, Assign):
        return isinstance(statement.value, Apply) and _elementwise(statement.value)
    return isinstance(statement, Augment)
