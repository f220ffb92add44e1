"""Which parameters a function may return, or put into something else, as a whole.

    def rate(model):            def both(model, x):
        return model.w              return [model, x]       # `model` escapes

Of an object that does not escape the caller knows all names after the call.
"""

from __future__ import annotations

from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Call,
    Copy,
    Display,
    Program,
    Statement,
    Store,
    every,
)
from tangent.syntax.trees import names_in


def escaping(program: Program) -> frozenset[str]:
    """The parameters that escape, whatever path is taken."""
    return frozenset(p for p in program.parameters if _escapes(program, p))


def _escapes(program: Program, parameter: str) -> bool:
    held, size = {parameter}, 0
    while len(held) > size:
        size = len(held)
        for statement in every(program.body):
            match statement:
                case Assign(target=target, value=Copy(source=source)) if source in held:
                    held.add(target)
    return program.result in held or any(_puts(s, held) for s in every(program.body))


def _puts(statement: Statement, held: set[str]) -> bool:
    """Does a statement give what `held` names to something else?"""
    match statement:
        case Assign(value=Call(callee=callee, arguments=arguments)):
            return any(p in callee.escaping and names_in(a) & held for p, a in arguments.items())
        case Assign(value=Display(elements=elements)):
            return any(names_in(e) & held for e in elements)
        case Assign(value=Apply(reads=reads)):
            return not held.isdisjoint(reads)
        case Append(value=value) | Store(value=value):
            return not held.isdisjoint(names_in(value))
    return False
