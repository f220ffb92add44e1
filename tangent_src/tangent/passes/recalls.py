"""Checkpointed functions: their forward half runs in the backward sweep.

    h = block(h, W)       ...       h_bar, W_bar = block_backward(h_bar, block_forward(h, W)[1])

Their arguments are needed, and the record of the call is not (`analyses.terms` says so); so the
forward sweep calls the function as it stands.  The record has no name: it is gone when the backward
half returns, in front of the next one.
"""

from __future__ import annotations

from typing import Any

from tangent.errors import UnsupportedSyntax
from tangent.passes.sweep import active_parameters
from tangent.syntax.program import Assign, Call
from tangent.syntax.trees import call, item, literal


def record_again(self: Any, statement: Assign) -> Any:
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
    half = self.forward.halves(value.callee, active_parameters(self.facts, statement))
    self.saved.recalls.append((statement.origin.line, value.callee.name))
    return item(call(half, *value.arguments.values()), literal(1))
