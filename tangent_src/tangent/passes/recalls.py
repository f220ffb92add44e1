"""Checkpointed functions: their forward half runs in the backward sweep.

    h = block(h, W)       ...       h_bar, W_bar = block_backward(h_bar, block_forward(h, W)[1])

Their arguments are needed, and the record of the call is not (`analyses.terms` says so); so the
forward sweep calls the function as it stands.  The record has no name: it is gone when the backward
half returns, in front of the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import gast

from tangent.errors import UnsupportedSyntax
from tangent.syntax.printing import Noted
from tangent.syntax.program import Apply, Assign, Call, Display, Statement
from tangent.syntax.trees import call, item, literal, stored, substitute


def put_back_by_inverse(self: Any, statement: Statement) -> None:
    """What a reversible function was given, from what it returned."""
    reversal = self.facts.plan.reversals[statement]
    callee = reversal.call.value.callee
    inverse = callee.registry.of(callee.inverse)
    refuse_unfit(callee, inverse, statement)
    targets = [stored(t) for t in reversal.targets]
    one = targets[0] if len(targets) == 1 else gast.Tuple(elts=targets, ctx=gast.Store())
    again = call(self.forward.primal(inverse), *reversal.arguments)
    code = gast.Assign(targets=[one], value=again, type_comment=None)
    self.emit(Noted(code, f"reversible: what {statement.origin.line} was given"))
    self.saved.inverses.append((statement.origin.line, callee.name, inverse.name))


def refuse_unfit(callee: Any, inverse: Any, statement: Statement) -> None:
    """Refuses an inverse that cannot stand for what was there."""
    met = _unfit(callee, inverse)
    if met is not None:
        raise UnsupportedSyntax(
            f"`{callee.name}` is reversible by `{inverse.name}`, which {met}",
            code="reversible-inverse",
            location=statement.origin.location,
            help=f"`{inverse.name}` takes the parameters of `{callee.name}`, with what that"
            " returned in front, and returns what it was given there",
        )


def _unfit(callee: Any, inverse: Any) -> str | None:
    if len(callee.all_parameters) != len(inverse.all_parameters):
        return "takes another number of parameters"
    if inverse.summary.writes:
        return "writes into what it is given"
    if not inverse.repeatable:
        return "prints, draws or changes what others see"
    given, returned = _returned(callee), _returned(inverse)
    if given is not None and returned is not None and given != returned:
        return f"returns {returned} values in the place of {given}"
    return None


def _returned(unit: Any) -> int | None:
    """How many values a function returns, if it shows."""
    program = unit.program
    for statement in program.body[::-1]:
        if isinstance(statement, Assign) and statement.target == program.result:
            value = statement.value
            if isinstance(value, Display) and value.kind == "tuple":
                return len(value.elements)
            return 1 if isinstance(value, Apply) else None
    return None


def forwarded(value: Call) -> Call:
    """The call that a checkpointed function is, where it does nothing but call another one."""
    program = value.callee.program
    match program.body:
        case (Assign(target=target, value=Call(plain=None) as only),) if (
            target == program.result
            and not only.callee.checkpointed
            and not program.contexts
            and not value.callee.free
            and _alone(only)
        ):
            given = {p: substitute(a, value.arguments) for p, a in only.arguments.items()}
            return replace(only, arguments=given)
    return value


def _alone(only: Call) -> bool:
    """Is no name given twice?  The order in which its adjoints are added is to stay."""
    names = [a.id for a in only.arguments.values() if isinstance(a, gast.Name)]
    return len(names) == len(set(names))


def record_again(self: Any, statement: Assign, half: str, arguments: Iterable[Any]) -> Any:
    """The record of a call of the forward half."""
    value = statement.value
    assert isinstance(value, Call)
    if not value.callee.repeatable:
        raise UnsupportedSyntax(
            f"`{value.callee.name}` is checkpointed, and prints, draws or changes what others see:"
            " it would do so once more in the backward sweep",
            code="checkpoint-effect",
            location=statement.origin.location,
            help="do that outside of it, or leave `checkpoint` out",
        )
    if not any(r.call is statement for r in self.facts.plan.reversals.values()):
        self.saved.recalls.append((statement.origin.line, value.callee.name))
    return item(call(half, *arguments), literal(1))
