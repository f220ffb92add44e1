"""Adjoints that code of the user's sees before they are complete: refused.

    y = f(x)                      y = f(x)
    with adjoint_of(y): …         z = g(y)                 # its share of the adjoint comes later
    z = g(y)                      with adjoint_of(y): …    # in the backward sweep: refused

Forward over the program: for each variable the line in which its value was read, with a
derivative, since it was bound.  A store makes a new value of what it writes into.
"""

from __future__ import annotations

from collections.abc import Collection

from tangent.analyses.activity import Activity, writes
from tangent.errors import UnsupportedSyntax
from tangent.syntax.program import AdjointCode, For, If, Program, Statement, every

Read = dict[str, int]


def refuse_incomplete(program: Program, activity: Activity, memory: Collection[str]) -> None:
    """Refuse a block of `adjoint_of(x)` behind a statement that reads the same value of `x`, or
    where other names show the `memory` of `x` and it is written into.
    """
    blocks = [s for s in every(program.body) if isinstance(s, AdjointCode)]
    for block in blocks:
        if block.of in memory:
            raise UnsupportedSyntax(
                f"the memory of `{block.of}` is written into, and other names show it",
                code="incomplete-adjoint",
                location=block.origin.location,
                help=f"write into a copy: `{block.of}.copy()`",
            )
    if blocks:
        _walk(program.body, {}, activity)


def _walk(body: tuple[Statement, ...], read: Read, activity: Activity) -> Read:
    """What has been read behind `body`; `read`, what was in front of it, is used up."""
    for statement in body:
        match statement:
            case If():
                other = _walk(statement.orelse, dict(read), activity)
                read = other | _walk(statement.body, read, activity)
            case For():
                while (after := _walk(statement.whole, dict(read), activity)).keys() - read:
                    read = after | read
            case AdjointCode(of=of):
                if of in read:
                    raise _incomplete(statement, read[of])
            case _:
                operands = activity.operands.get(statement, frozenset())
                read.update(dict.fromkeys(operands, statement.origin.line))
                for name in writes(statement):
                    read.pop(name, None)
    return read


def _incomplete(statement: AdjointCode, line: int) -> UnsupportedSyntax:
    return UnsupportedSyntax(
        f"line {line} reads `{statement.of}` before this, so that its adjoint is not complete here",
        code="incomplete-adjoint",
        location=statement.origin.location,
        help=f"write the block right behind the statement that binds `{statement.of}`",
    )
