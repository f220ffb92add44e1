"""What the result of a program asks of the values that it is made of: if it is a scalar, or real,
which statements must give one?

Backwards over the program: the property that is asked of a target is asked of the operands where
the value has it only if they have.
"""

from __future__ import annotations

from collections.abc import Callable

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
Through = Callable[[Apply], bool]  # has a value the property only if its operands have?


def demanded(program: Program, through: Through) -> frozenset[Statement]:
    """The statements whose target must have the property if the result has it."""
    found: set[Statement] = set()
    _walk(program.body, {program.result}, through, found)
    return frozenset(found)


def _walk(body: Body, after: set[str], through: Through, found: set[Statement]) -> set[str]:
    """The names of which it is asked in front of `body`; `after`, those behind it, is used up."""
    for statement in reversed(body):
        match statement:
            case If():
                other = _walk(statement.orelse, set(after), through, found)
                after = _walk(statement.body, after, through, found) & other
            case For():
                after = _loop(statement, after, through, found)
            case Assign(target=target, value=value) if target in after:
                found.add(statement)
                after = after - {target}
                if isinstance(value, Copy) or (isinstance(value, Apply) and through(value)):
                    after |= value.reads
            case Augment(target=target, operand=operand) if target in after:
                found.add(statement)
                after = after | names_in(operand)
            case _:
                after = after - assigned((statement,))
    return after


def _loop(loop: For, after: set[str], through: Through, found: set[Statement]) -> set[str]:
    """At the head it is asked of a name if it is when the loop ends here and when it goes on."""
    head = set(after)
    while True:
        trial: set[Statement] = set()
        now = head & _walk(loop.whole, set(head), through, trial)
        if now == head:
            found |= trial
            return head - {loop.index}
        head = now
