"""Tangents in several directions, or adjoints for several cotangents, at once: arrays with an axis
of seeds in front.

Each function here does for all seeds what its namesake does for one.  Where only a loop over the
seeds is sure to give the same, it loops.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import spread, unbroadcast
from tangent.runtime.memory import add_at, credited, picks_by_number
from tangent.runtime.products import matmul_adjoint_left, matmul_adjoint_right
from tangent.runtime.refusals import Refusal
from tangent.runtime.structure import fit, like, whole


def lifted(seeds: Any, *others: Any) -> Any:
    """`seeds` with as many axes behind that of the seeds as the largest of `others` has: then it
    is broadcast against them as each seed would be.
    """
    missing = max(map(np.ndim, others)) - (np.ndim(seeds) - 1)
    if missing <= 0:
        return seeds
    return seeds.reshape(seeds.shape[:1] + (1,) * missing + seeds.shape[1:])


def plus_each(a: Any, b: Any) -> Any:
    """The sums of two values with an axis of seeds, each broadcast as for one seed."""
    return lifted(a, b[0]) + lifted(b, a[0])


def for_seeds(value: Any, seeds: Any) -> Any:
    """`value` once for each of `seeds`, in memory of its own."""
    if not isinstance(value, np.ndarray | np.number | float | int | complex):
        message = f"a {type(value).__name__} has no axis of seeds"
        raise Refusal(message, "seeds", "take one seed after another")
    return np.broadcast_to(value, (len(seeds), *np.shape(value))).copy()


def stack_seeds(found: Any) -> Any:
    """What was found for one seed after another, as one array."""
    if not all(isinstance(one, np.ndarray | np.number | float | int | complex) for one in found):
        raise Refusal("what is found is no array", "seeds", "take one seed after another")
    return np.stack(found)


def behind_seeds(index: Any) -> Any:
    """The index of the same part behind an axis of seeds; None if there is no such index.

    Arrays in an index that stand together have their axes where they stand; else these come first,
    in front of the seeds.
    """
    parts = index if isinstance(index, tuple) else (index,)
    sliced = [p is None or p is Ellipsis or isinstance(p, slice) for p in parts]
    numbers = [isinstance(p, int | np.integer) and not isinstance(p, bool) for p in parts]
    if not all(s or n for s, n in zip(sliced, numbers, strict=True)):
        arrays = [i for i, is_slice in enumerate(sliced) if not is_slice]
        known = all(numbers[i] or isinstance(parts[i], np.ndarray | list) for i in arrays)
        if not known or arrays[-1] - arrays[0] >= len(arrays):
            return None
    return (slice(None), *parts)


def part_each(seeds: Any, index: Any) -> Any:
    """`seed[index]` of each seed; numbers are copied, as Python's are."""
    whole = behind_seeds(index)
    if whole is None:
        return np.stack([seed[index] for seed in seeds])
    part = seeds[whole]
    return part if part.ndim > 1 else part.copy()


def put_each(seeds: Any, index: Any, value: Any) -> Any:
    """`seed[index] = value[i]` for the i-th seed.  `seeds` is changed, and comes back."""
    whole = behind_seeds(index)
    if whole is None:
        for seed, one in zip(seeds, value, strict=True):
            seed[index] = one
    else:
        part = seeds[whole]
        extra = value.ndim - part.ndim  # axes of length 1 that a store leaves out
        value = value.reshape(value.shape[:1] + value.shape[1 + max(extra, 0) :])
        seeds[whole] = lifted(value, part[0])
    return seeds


def add_each(seeds: Any, index: Any, value: Any) -> Any:
    """`seed[index] += value[i]` for the i-th seed.  `seeds` is changed, and comes back."""
    whole = behind_seeds(index)
    if whole is None:
        for seed, one in zip(seeds, value, strict=True):
            seed[index] += one
    else:
        seeds[whole] += lifted(value, seeds[whole][0])
    return seeds


def add_at_each(seeds: Any, index: Any, value: Any) -> Any:
    """`add_at(seed, index, value[i])` for the i-th seed.  `seeds` is changed, and comes back."""
    whole = None if picks_by_number(index) else behind_seeds(index)
    if whole is None:
        for seed, one in zip(seeds, value, strict=True):
            add_at(seed, index, one)
    else:
        moved = value.real if seeds.dtype.kind == "f" else value
        seeds[whole] += lifted(moved, seeds[whole][0])
    return seeds


def credited_each(buffer: Any, index: Any) -> Any:
    """`credited(seed, index)` of each seed."""
    whole = None if picks_by_number(index) else behind_seeds(index)
    if whole is None:
        return stack_seeds([credited(seed, index) for seed in buffer])
    return buffer[whole].copy()


def own_each(value: Any) -> Any:
    """The seeds in memory of their own."""
    return value.copy()


def private_each(adjoint: Any) -> Any:
    """The seeds in memory of their own, to be written into."""
    return adjoint.copy()


def axes_each(seeds: Any, axis: Any) -> tuple[int, ...]:
    """The axes of each seed that `axis` names, where they are in `seeds`."""
    if axis is None:
        return tuple(range(1, np.ndim(seeds)))
    chosen = axis if isinstance(axis, tuple) else (axis,)
    return tuple(a % (np.ndim(seeds) - 1) + 1 for a in chosen)


def sum_each(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """`np.sum` of each seed."""
    if a.ndim == 1:
        return a.copy() if dtype is None else a.astype(dtype)
    return np.sum(a, axes_each(a, axis), dtype, keepdims=keepdims)


def mean_each(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """`np.mean` of each seed."""
    if a.ndim == 1:
        return a.copy() if dtype is None else a.astype(dtype)
    return np.mean(a, axes_each(a, axis), dtype, keepdims=keepdims)


def reshape_each(a: Any, shape: Any) -> Any:
    """`np.reshape(seed, shape)` of each seed."""
    return np.reshape(a, (len(a), *(shape if isinstance(shape, tuple | list) else (shape,))))


def ravel_each(a: Any) -> Any:
    """`np.ravel` of each seed."""
    return np.reshape(a, (len(a), -1))


def transpose_each(a: Any, axes: Any = None) -> Any:
    """`np.transpose` of each seed."""
    ranks = np.ndim(a) - 1
    axes = range(ranks)[::-1] if axes is None else axes
    return np.transpose(a, (0, *(axis % ranks + 1 for axis in axes)))


def cumsum_each(a: Any, axis: Any = None) -> Any:
    """`np.cumsum` of each seed."""
    return np.cumsum(ravel_each(a), 1) if axis is None else np.cumsum(a, axes_each(a, axis)[0])


def matmul_left(a: Any, b: Any) -> Any:
    """`seed @ b` for each seed of `a`."""
    if a.ndim > 2:
        return np.matmul(lifted(a, b) if np.ndim(b) > 2 else a, b)
    return np.matmul(a, b) if np.ndim(b) < 3 else np.stack([np.matmul(one, b) for one in a])


def matmul_right(a: Any, b: Any) -> Any:
    """`a @ seed` for each seed of `b`."""
    if b.ndim > 2:
        return np.matmul(a, lifted(b, a) if np.ndim(a) > 2 else b)
    if np.ndim(a) > 2:
        return np.stack([np.matmul(a, one) for one in b])
    return np.matmul(b, np.transpose(a))  # one product of matrices


def dot_left(a: Any, b: Any) -> Any:
    """`np.dot(seed, b)` for each seed of `a`."""
    if np.ndim(b) == 0:
        return a * b
    return np.dot(a, b) if a.ndim > 1 else np.multiply.outer(a, b)


def dot_right(a: Any, b: Any) -> Any:
    """`np.dot(a, seed)` for each seed of `b`."""
    if np.ndim(a) == 0:
        return a * b
    if b.ndim == 1:
        return np.multiply.outer(b, a)
    if np.ndim(a) < 3 and b.ndim < 4:
        return matmul_right(a, b)
    return np.stack([np.dot(a, one) for one in b])


def unbroadcast_seeds(adjoint: Any, primal: Any) -> Any:
    """`unbroadcast(seed, primal)` of each seed."""
    alike = type(primal) is np.ndarray and adjoint.shape[1:] == primal.shape
    if alike and adjoint.dtype == primal.dtype:
        return adjoint
    return np.stack([unbroadcast(one, primal) for one in adjoint])


def fit_seeds(adjoint: Any, primal: Any) -> Any:
    """`fit(seed, primal)` of each seed."""
    alike = type(primal) is np.ndarray and adjoint.shape[1:] == primal.shape
    if alike and adjoint.dtype == primal.dtype:
        return adjoint
    return stack_seeds([fit(one, primal) for one in adjoint])


def whole_seeds(adjoint: Any, primal: Any) -> Any:
    """`whole(seed, primal)` of each seed."""
    if type(primal) is np.ndarray and adjoint.shape[1:] == primal.shape:
        return adjoint
    return stack_seeds([whole(one, primal) for one in adjoint])


def matmul_adjoint_left_seeds(y_bar: Any, a: Any, b: Any) -> Any:
    """`matmul_adjoint_left(seed, a, b)` for each seed of `y_bar`."""
    dense = type(a) is type(b) is np.ndarray and {a.ndim, b.ndim} in ({1, 2}, {2})
    if dense and y_bar.shape[1:] == a.shape[:-1] + b.shape[1:]:
        moved = y_bar[..., None] * b if b.ndim == 1 else y_bar @ b.T
        return unbroadcast_seeds(moved, a)
    return np.stack([matmul_adjoint_left(one, a, b) for one in y_bar])


def matmul_adjoint_right_seeds(y_bar: Any, a: Any, b: Any) -> Any:
    """`matmul_adjoint_right(seed, a, b)` for each seed of `y_bar`."""
    dense = type(a) is type(b) is np.ndarray and {a.ndim, b.ndim} in ({1, 2}, {2})
    if dense and y_bar.shape[1:] == a.shape[:-1] + b.shape[1:]:
        if b.ndim == 1:
            return unbroadcast_seeds(y_bar @ a, b)
        wide = y_bar[:, None] * a[:, None] if a.ndim == 1 else np.matmul(a.T, y_bar)
        return unbroadcast_seeds(wide, b)
    return np.stack([matmul_adjoint_right(one, a, b) for one in y_bar])


def like_seeds(adjoint: Any, primal: Any, copy: bool = False) -> Any:
    """`like(seed, primal)` of each seed."""
    alike = type(primal) is np.ndarray and adjoint.shape[1:] == primal.shape
    if alike and adjoint.dtype == primal.dtype:
        return adjoint.copy() if copy else adjoint
    return stack_seeds([like(one, primal) for one in adjoint])


def spread_seeds(adjoint: Any, primal: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`spread(seed, primal, axis, keepdims)` of each seed."""
    shape = np.shape(primal)
    axes = axes_each(np.empty((1, *shape)), axis)
    ones = tuple(1 if a in axes else n for a, n in enumerate(shape, 1))
    reduced = tuple(n for a, n in enumerate(shape, 1) if keepdims or a not in axes)
    if type(primal) is not np.ndarray or adjoint.shape[1:] not in (
        (),
        ones if keepdims else reduced,
    ):
        return stack_seeds([spread(one, primal, axis, keepdims) for one in adjoint])
    dtype = primal.dtype if primal.dtype.kind in "fc" else np.result_type(adjoint)
    result = np.empty((len(adjoint), *shape), dtype)
    wide = ones if adjoint.ndim > 1 else (1,) * len(shape)
    moved = adjoint.real if primal.dtype.kind == "f" else adjoint
    result[...] = moved.reshape((len(adjoint), *wide))
    return result
