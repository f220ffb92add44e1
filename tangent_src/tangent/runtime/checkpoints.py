"""What the user writes to say what a derivative keeps; by itself it does nothing."""

from __future__ import annotations

import contextlib
from types import FunctionType
from typing import Any

from tangent.runtime.refusals import Refusal


def checkpoint(
    what: Any, /, *, every: Any = None, snapshots: Any = None, states: Any = None
) -> Any:
    """`what` itself; a derivative keeps less of it, and computes the rest again.

    for t in checkpoint(range(n), every=k):        a snapshot of the state every k iterations
    for x in checkpoint(xs, snapshots=c):          never more than c, placed as is best
    for x in checkpoint(xs, states=m):             m slots, for snapshots and recorded iterations
    while checkpoint(error > tol, snapshots=c):    of a loop whose length is not known
    @checkpoint                                    of a function nothing but its arguments is
    def block(h, W): ...                           kept; it runs once more in the backward sweep
    with checkpoint("attention"):                  a block, as if it were such a function
    """
    given = {"every": every, "snapshots": snapshots, "states": states}
    for word, number in given.items():
        if number is not None:
            positive(number, word)
    if isinstance(what, str):
        return contextlib.nullcontext()
    if callable(what):
        if not isinstance(what, FunctionType):
            help_ = "write `@checkpoint` above the `def` of a function"
            raise Refusal(f"`{what!r}` cannot be checkpointed", "checkpoint-function", help_)
        what.__dict__["checkpointed_by_tangent"] = True
    return what


def positive(number: Any, what: str) -> Any:
    """`number`, which is an integer from 1 on."""
    if isinstance(number, bool) or not hasattr(number, "__index__") or number < 1:
        advice = f"give a whole number from 1 on, for example `{what}=10`"
        raise Refusal(f"`{what}={number!r}` of a checkpoint", "checkpoint-number", advice)
    return number.__index__()
