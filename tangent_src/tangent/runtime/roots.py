"""Roots that a solver found, and the derivatives of the function there."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.calling import call_jvp
from tangent.runtime.linalg import largest
from tangent.runtime.refusals import Refusal


def zero(f: Any, x: Any) -> Any:
    """`x`, each element of which is a zero of `f` by itself; its derivative follows from `f`."""
    return x


def zeros(f: Any, x: Any) -> Any:
    """`x`, a zero of a system: `f` gives as many values as `x` has elements."""
    return x


def slope(f: Any, x: Any) -> Any:
    """The derivative of `f` at its zero `x`, of each element by itself."""
    value, moved = call_jvp(f, x, x0_dot=np.ones_like(x))
    refuse_no_root(value / moved, x)
    return moved


def slopes(f: Any, x: Any) -> Any:
    """The matrix of the derivatives of `f` at its zero `x`: a column for each element."""
    units = np.eye(np.size(x))
    moved = [call_jvp(f, x, x0_dot=np.reshape(one, np.shape(x)))[1] for one in units]
    matrix = np.stack([np.ravel(one) for one in moved], axis=-1)
    refuse_no_root(np.linalg.solve(matrix, np.ravel(f(x))), x)
    return matrix


def refuse_no_root(step: Any, x: Any) -> None:
    """Refuse an `x` from which Newton's method would still go far."""
    length = largest(step)
    if length > 1e-3 * max(1.0, largest(x)):
        raise Refusal(
            f"the solver found no root: a step of Newton's method from there is {length:.2g} long",
            "no-root",
            "ask for a smaller tolerance, and test `success`",
        )
