"""How arrays lie in memory: it decides which of their reshaped parts are views."""

from __future__ import annotations

from typing import Any

import numpy as np


def laid_out(adjoint: Any, primal: Any) -> Any:
    """`adjoint` in the layout of `primal`, so that a reshaped one is a view where the other is.

    Arrays in lists, tuples and dicts are laid out where they stand.
    """
    if isinstance(adjoint, dict) and isinstance(primal, dict):
        adjoint.update((key, laid_out(entry, primal[key])) for key, entry in adjoint.items())
    elif isinstance(adjoint, list) and isinstance(primal, list):
        adjoint[:] = [laid_out(a, p) for a, p in zip(adjoint, primal, strict=True)]
    if not (isinstance(adjoint, np.ndarray) and isinstance(primal, np.ndarray)):
        return adjoint
    strides = [s // a.itemsize for a in (adjoint, primal) for s in a.strides]
    if strides[: adjoint.ndim] == strides[adjoint.ndim :]:
        return adjoint
    dense = primal.flags.forc or not primal.size
    result = (
        np.empty_like(primal, dtype=adjoint.dtype) if dense else room_like(primal, adjoint.dtype)
    )
    result[...] = adjoint
    return result


def room_like(primal: Any, dtype: Any) -> Any:
    """Memory in which the axes follow each other as in `primal`, with gaps where that has some."""
    sizes = primal.shape
    strides = [abs(s) if size > 1 else 0 for s, size in zip(primal.strides, sizes, strict=True)]
    order = sorted(range(primal.ndim), key=lambda axis: strides[axis])
    room, taken, below = [1], [slice(0, 1)], primal.itemsize
    for axis in order:  # the innermost first
        if strides[axis]:
            wide = 2 * room[-1]  # no slice with a step comes to an end there
            exact = strides[axis] % below == 0
            room[-1] = min(strides[axis] // below, wide) if exact else wide
            below = strides[axis]
        room.append(sizes[axis])
        forward = primal.strides[axis] >= 0
        taken.append(slice(None, sizes[axis]) if forward else slice(sizes[axis] - 1, None, -1))
    whole = np.empty(room[::-1], dtype)[tuple(taken[::-1])][..., 0]
    return whole.transpose(np.argsort(order[::-1]))
