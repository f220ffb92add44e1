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


def reversible(inverse: Any) -> Any:
    """A function that can be run backward: what a derivative needs of its arguments comes from its
    results, by `inverse`, and is not stored.

    def back(x, v, dt): ...                        takes what `step` returned, then the rest of its
                                                   parameters; returns what `step` was given
    @reversible(back)
    def step(x, v, dt): ...
        return x, v

    for _ in range(n):
        x, v = step(x, v, dt)                      bound to the names that were given

    The inverse is taken at its word: `tangent.check_inverse(step, x, v, dt)` tells how exact it
    is.  What it gives back differs from what was there by rounding, and so does the gradient from
    that of the plain function.  Outside a derivative it does nothing.
    """
    return lambda function: _reversed(function, inverse)


def _reversed(function: Any, inverse: Any) -> Any:
    for one in (function, inverse):
        if not isinstance(one, FunctionType):
            advice = "write `@reversible(inverse)` above the `def` of a function"
            raise Refusal(f"`{one!r}` cannot be reversed", "reversible-function", advice)
    ours, theirs = (one.__code__.co_argcount for one in (function, inverse))
    if ours != theirs:
        met = f"`{inverse.__name__}` takes {theirs} arguments, and `{function.__name__}` {ours}"
        advice = f"give it the parameters of `{function.__name__}`, in their order"
        raise Refusal(met, "reversible-inverse", advice)
    function.__dict__["reversed_by_tangent"] = inverse
    return function
