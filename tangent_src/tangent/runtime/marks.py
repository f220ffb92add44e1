"""Functions that mean something to the transformer, and hardly anything by themselves."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any


def stop_gradient(x: Any) -> Any:
    """`x` itself, taken as a constant by every derivative."""
    return x


class adjoint_of:  # noqa: N801  (reads as a function of `x`)
    """`with adjoint_of(x) as x_bar:` runs its block in the backward sweep, and nowhere else.

    There it runs where all that reads this value of `x` has been gone through, so that `x_bar` is
    complete: print it, clip it, scale it, stop in the debugger.  What the block leaves in `x_bar`
    is what the sweep goes on with.  The block stands in the generated text as it was written.

    It belongs right behind the statement that binds `x`; where `x` has been read before, it is
    refused.  Where `x` carries no derivative there is no adjoint, and the block is left out.

    In the function itself the block does not run.  (Python has no statement that skips a block:
    this one is left by a trace function that raises at its first instruction, and puts back
    the trace function of a debugger or of a coverage tool.)

        >>> import numpy as np, tangent
        >>> def f(x):
        ...     y = np.exp(x)
        ...     with tangent.adjoint_of(y) as y_bar:
        ...         y_bar = np.clip(y_bar, -1.0, 1.0)
        ...     return np.sum(y ** 2)
        >>> f(np.zeros(2)), tangent.grad(f)(np.zeros(2))
        (np.float64(2.0), array([1., 1.]))
    """

    def __init__(self, x: Any) -> None:
        self._kept: list[tuple[FrameType, Any, Any, bool]] = []

    def __enter__(self) -> Any:
        frame = sys._getframe(1)
        self._kept.append((frame, sys.gettrace(), frame.f_trace, frame.f_trace_opcodes))
        frame.f_trace_opcodes = True  # in front of `settrace`: Python 3.12 looks at it there
        frame.f_trace = _leave
        sys.settrace(_ignore)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        frame, tracing, frame_tracing, opcodes = self._kept.pop()
        frame.f_trace, frame.f_trace_opcodes = frame_tracing, opcodes
        sys.settrace(tracing)
        return kind is _Left


class _Left(BaseException):
    """Leaves the block of `adjoint_of`."""


def _leave(frame: Any, event: str, argument: Any) -> Any:
    raise _Left


def _ignore(frame: Any, event: str, argument: Any) -> None:
    """Calls are not traced."""
