"""Which elementwise operations must be those of scalars, since the result is a scalar."""

from __future__ import annotations

from tangent.rules.language import BROADCAST, LIKE_FIRST
from tangent.syntax.program import (
    Apply,
    Assign,
    Augment,
    Copy,
    For,
    If,
    Program,
    Statement,
    assigned,
)
from tangent.syntax.trees import names_in

Body = tuple[Statement, ...]


def must_be_scalars(program: Program) -> frozenset[Statement]:
    """The elementwise statements of a program whose operands and target have shape `()` for sure
    if its result has.
    """
    scalars: set[Statement] = set()
    _demand(program.body, {program.result}, scalars)
    return frozenset(scalars)


def _demand(body: Body, after: set[str], scalars: set[Statement]) -> set[str]:
    for statement in reversed(body):
        match statement:
            case If():
                other = _demand(statement.orelse, set(after), scalars)
                after = _demand(statement.body, after, scalars) & other
            case For():
                after = _demand_loop(statement, after, scalars)
            case Assign(target=target, value=value):
                wanted = target in after
                after = after - {target}
                if wanted and isinstance(value, Copy):
                    after.add(value.source)
                elif (
                    wanted
                    and isinstance(value, Apply)
                    and value.rule.shape in (BROADCAST, LIKE_FIRST)
                ):
                    scalars.add(statement)
                    after |= value.reads
            case Augment(target=target, operand=operand) if target in after:
                scalars.add(statement)
                after = after | names_in(operand)
            case _:
                after = after - assigned((statement,))
    return after


def _demand_loop(loop: For, after: set[str], scalars: set[Statement]) -> set[str]:
    """At the head a name must be a scalar if it must be so when the loop ends here and when it
    goes on.
    """
    head = set(after)
    while True:
        trial: set[Statement] = set()
        now = head & _demand(loop.whole, set(head), trial)
        if now == head:
            scalars |= trial
            return head - {loop.index}
        head = now
