"""Products of the Jacobians of a chain of functions, in the order that takes least work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent.errors import InvalidArgument
from tangent.jacobians import jacobian

__all__ = ["ChainedJacobian", "chain_jacobian"]


@dataclass(frozen=True)
class ChainedJacobian:
    """The Jacobian of a chain of functions, and how it was found.

    `order` brackets the product (J3 is the Jacobian of the third function), `multiplications` is
    what it takes; `forward` and `reverse` are what the two plain orders take.
    """

    value: Any
    jacobian: Any
    order: str
    multiplications: int
    forward: int
    reverse: int


def chain_jacobian(functions: Sequence[Callable[[Any], Any]], x: Any) -> ChainedJacobian:
    """The Jacobian of `functions[-1](… functions[0](x))`, multiplied in the order of least work.

    The Jacobian of each function is found by itself, in the mode that its shapes ask for.  Their
    product is one of matrices of given sizes; the number of multiplications is least for one way to
    bracket it, which dynamic programming finds.  Forward mode goes from the first function to the
    last, reverse mode from the last to the first.

    Arguments: each function takes and returns one number or array of floats; `x` is that of the
    first.  Returns a `ChainedJacobian`, whose `jacobian` has the shape of the result followed by
    that of `x`.  Raises `InvalidArgument` for an empty chain.

        >>> import numpy as np, tangent
        >>> def spread(x):
        ...     return np.sin(np.outer(x, np.ones(50)))
        >>> def total(y):
        ...     return np.sum(y * y, axis=1)
        >>> found = tangent.chain_jacobian([spread, total, np.sum], np.ones(3))
        >>> found.order, found.multiplications, found.forward
        ('(J3 J2) J1', 900, 1359)

    Griewank & Walther, Evaluating Derivatives, section 10.1; Naumann 2004, "Optimal accumulation of
    Jacobian matrices by elimination methods on the dual computational graph".
    """
    if not isinstance(functions, (list, tuple)) or not functions:
        raise InvalidArgument(
            "the chain is no list of functions", code="chain", help="pass one or more: `[f, g]`"
        )
    value, matrices, sizes = x, [], [int(np.size(x))]
    for function in functions:
        given, value = value, function(value)
        _refuse_containers(value, function)
        matrix = np.asarray(jacobian(function)(given))
        matrices.append(matrix.reshape(np.size(value), np.size(given)))
        sizes.append(int(np.size(value)))
    best = _brackets(sizes)
    product = _multiplied(matrices, best, 0, len(matrices))
    forward = sum(sizes[k] * sizes[k + 1] * sizes[0] for k in range(1, len(matrices)))
    reverse = sum(sizes[k] * sizes[k + 1] * sizes[-1] for k in range(len(matrices) - 1))
    shaped = product.reshape(np.shape(value) + np.shape(x))[()]
    work = best[0, len(matrices)][0]
    order = _written(best, 0, len(matrices))
    return ChainedJacobian(value, shaped, order, work, forward, reverse)


def _refuse_containers(value: Any, function: Any) -> None:
    if isinstance(value, (dict, list, tuple)):
        name = getattr(function, "__name__", "function")
        raise InvalidArgument(
            f"`{name}` of the chain returns a {type(value).__name__}",
            code="chain",
            help="return one array: `np.concatenate([…])`",
        )


Best = dict[tuple[int, int], tuple[int, int]]


def _brackets(sizes: Sequence[int]) -> Best:
    """For the product of the matrices from i to j the least work, and where it is split."""
    count = len(sizes) - 1
    best: Best = {(i, i + 1): (0, i) for i in range(count)}
    for length in range(2, count + 1):
        for i in range(count - length + 1):
            j = i + length
            best[i, j] = min(
                (best[i, k][0] + best[k, j][0] + sizes[i] * sizes[k] * sizes[j], k)
                for k in range(i + 1, j)
            )
    return best


def _multiplied(matrices: Sequence[Any], best: Best, i: int, j: int) -> Any:
    if j == i + 1:
        return matrices[i]
    k = best[i, j][1]
    return _multiplied(matrices, best, k, j) @ _multiplied(matrices, best, i, k)


def _written(best: Best, i: int, j: int, nested: bool = False) -> str:
    if j == i + 1:
        return f"J{j}"
    k = best[i, j][1]
    text = f"{_written(best, k, j, True)} {_written(best, i, k, True)}"
    return f"({text})" if nested else text
