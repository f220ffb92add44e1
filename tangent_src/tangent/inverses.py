"""Does the inverse of a reversible function give back what the function was given?"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument, VerificationError


def check_inverse(step: Callable[..., Any], *args: Any, rtol: float = 1e-9) -> None:
    """Run a reversible function forward and back again, and compare with what it was given.

    Arguments: `step` has `@reversible(inverse)` above it, `args` are its arguments; `rtol` bounds
    the difference beside the largest number of an array (1e-4 and more for float32).  Raises
    `VerificationError`, which names the argument, where shape, dtype or numbers differ;
    `InvalidArgument` for a function that is not reversible.

        >>> import numpy as np, tangent
        >>> def back(x, k):
        ...     return x / k
        >>> @tangent.reversible(back)
        ... def stretch(x, k):
        ...     return x * k
        >>> tangent.check_inverse(stretch, np.ones(3), 1.1)
    """
    inverse = getattr(step, "reversed_by_tangent", None)
    if inverse is None:
        raise InvalidArgument(
            f"`{getattr(step, '__name__', step)}` is not reversible",
            code="reversible-function",
            help="write `@reversible(inverse)` above its `def`",
        )
    names = tuple(inspect.signature(step).parameters)
    result = step(*args)
    several = isinstance(result, tuple) and not isinstance(args[0], tuple)
    results = result if several else (result,)
    back = inverse(*results, *args[len(results) :])
    for name, was, found in zip(names, args, back if several else (back,), strict=False):
        met = next(_differences(found, was, rtol), None)
        if met is not None:
            raise VerificationError(
                f"`{inverse.__name__}` does not give back what `{step.__name__}` was given:"
                f" `{name}` {met}",
                code="inverse",
                help=f"run `{inverse.__name__}(*{step.__name__}(...))` by hand",
            )


def _differences(found: Any, was: Any, rtol: float) -> Iterator[str]:
    """What is different, in words."""
    if isinstance(was, dict):
        keys = was.keys() if isinstance(found, dict) else ()
        found, was = [found.get(k) for k in keys], list(was.values())
    if isinstance(was, list | tuple):
        if not isinstance(found, list | tuple) or len(found) != len(was):
            yield "has another structure"
            return
        for one, other in zip(found, was, strict=True):
            yield from _differences(one, other, rtol)
        return
    have, want = np.asarray(found), np.asarray(was)
    if have.shape != want.shape or have.dtype != want.dtype:
        yield f"was {want.dtype}{list(want.shape)}, and is {have.dtype}{list(have.shape)}"
    elif want.dtype.kind not in "fciub":
        return
    elif want.size:
        bound = (rtol if want.dtype.itemsize > 4 else max(rtol, 1e-4)) * np.max(np.abs(want))
        off = np.max(np.abs(have - want)) if want.dtype.kind != "b" else np.sum(have != want)
        if not off <= bound:
            yield f"is off by {off:.1e}, its largest number being {np.max(np.abs(want)):.1e}"
