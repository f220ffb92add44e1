"""Broadcasting backwards, and the adjoints of sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.refusals import Refusal


def unbroadcast(adjoint: Any, primal: Any) -> Any:
    """`adjoint` in the shape of `primal`: summed over the axes along which `primal` was broadcast.

    An adjoint that is smaller, such as a number that stands for a constant array, is broadcast up.
    The result has the dtype of `primal`, and is real where `primal` is; for an integer `primal` the
    dtype stays that of the adjoint.  A `primal` that is no number and no array is refused.
    """
    kind = type(primal)
    if kind is np.ndarray:
        shape, dtype = primal.shape, primal.dtype
        if type(adjoint) is kind and adjoint.shape == shape and adjoint.dtype == dtype:
            return adjoint
        if isinstance(adjoint, list | tuple):  # of an entry of a list, which held a list before
            adjoint = np.asarray(adjoint)
        return cast(unbroadcast_to(adjoint, shape), dtype)
    if kind is float:
        return adjoint if type(adjoint) is float else float(unbroadcast_to(adjoint, ()).real)
    if isinstance(primal, np.number | np.bool_):
        return cast(unbroadcast_to(adjoint, ()), primal.dtype)
    if kind is complex:
        return complex(unbroadcast_to(adjoint, ()))
    if kind is int or kind is bool:
        return unbroadcast_to(adjoint, ())
    raise Refusal(
        f"a {kind.__name__} is no operand that arithmetic can be differentiated for",
        "not-a-number",
        "convert it to an array first: `np.array(...)`",
    )


def unbroadcast_to(adjoint: Any, shape: tuple[int, ...]) -> Any:
    """`adjoint` in `shape`: summed over its longer axes, broadcast over its shorter ones."""
    have = np.shape(adjoint)
    if have == shape:
        return adjoint
    if not shape:
        return np.add.reduce(adjoint, axis=None)
    extra = len(have) - len(shape)
    if extra > 0:
        adjoint = np.add.reduce(adjoint, axis=tuple(range(extra)))
        if adjoint.shape == shape:
            return adjoint
    wide = shape[max(-extra, 0) :]
    axes = tuple(i for i, n in enumerate(np.shape(adjoint)) if n != 1 == wide[i])
    if axes:
        adjoint = np.add.reduce(adjoint, axis=axes, keepdims=True)
        if adjoint.shape == shape:
            return adjoint
    try:
        return np.broadcast_to(adjoint, shape).copy()
    except ValueError:
        message = f"an adjoint of shape {have} for a value of shape {shape}"
        instead = "pass a cotangent of the shape of the result; a rule may be wrong as well"
        raise Refusal(message, "shape", instead) from None


def chosen(condition: Any, x: Any) -> Any:
    """Which elements of `x` are used at least once where `x` and `condition` are broadcast against
    each other: truth values of the shape of `x`.
    """
    shape = np.shape(x)
    if np.shape(condition) == shape:
        return condition != 0
    whole = np.broadcast_shapes(np.shape(condition), shape)
    return unbroadcast_to(np.broadcast_to(np.where(condition, 1, 0), whole), shape) > 0


def cast(adjoint: Any, dtype: Any) -> Any:
    """`adjoint` in `dtype`, real where `dtype` is; as it is where `dtype` is integer."""
    if dtype.kind not in "fc":
        if dtype.kind in "iub":
            return adjoint
        message = f"values of dtype {dtype} have no derivative"
        raise Refusal(message, "dtype", "convert them first: `.astype(float)`")
    if type(adjoint) is np.ndarray:
        if dtype.kind == "f":
            adjoint = adjoint.real
        return adjoint if adjoint.dtype == dtype else adjoint.astype(dtype)
    return dtype.type(adjoint.real if dtype.kind == "f" else adjoint)


def axes_from_zero(axis: Any, ndim: int) -> list[int]:
    """The axes that `axis` of a reduction means; NumPy lets a number, which has none, have 0."""
    if axis is None or ndim == 0:
        return list(range(ndim))
    return [a % ndim for a in (axis if isinstance(axis, tuple | list) else (axis,))]


def spread(adjoint: Any, primal: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `primal` in `np.sum(primal, axis, keepdims=keepdims)`: a fresh array.

    `adjoint` may still be broadcast, larger than the sum.  The adjoint of a list is a list.
    """
    kind = type(primal)
    if kind is not np.ndarray:
        if kind is list or kind is tuple:
            return unpack_like(spread(adjoint, np.array(primal), axis, keepdims), primal)
        return unbroadcast(adjoint, primal)
    shape = primal.shape
    if axis is None and np.ndim(adjoint) == 0 and primal.dtype.kind in "fc":
        result = np.empty(shape, primal.dtype)
        result.fill(adjoint.real if primal.dtype.kind == "f" else adjoint)
        return result
    axes = axes_from_zero(axis, len(shape))
    ones = [1 if a in axes else n for a, n in enumerate(shape)]
    reduced = [n for a, n in enumerate(ones) if keepdims or a not in axes]
    if np.ndim(adjoint):
        adjoint = unbroadcast_to(adjoint, tuple(reduced)).reshape(ones)
    if primal.dtype.kind == "f":
        adjoint = adjoint.real
    result = np.empty(shape, primal.dtype if primal.dtype.kind in "fc" else np.result_type(adjoint))
    result[...] = adjoint
    return result


def count(x: Any, axis: Any = None, where: Any = None, keepdims: bool = False) -> Any:
    """How many elements `np.sum(x, axis)` adds for each element of its result; with `where`, an
    array of these numbers, in the precision of `x`.
    """
    if where is not None:
        chosen = np.broadcast_to(where, np.shape(x))
        return np.sum(chosen, axis, np.result_type(np.real(x)), keepdims=keepdims)
    if axis is None:
        return int(np.size(x))
    number = 1
    for a in axes_from_zero(axis, np.ndim(x)):
        number *= np.shape(x)[a]
    return number


def is_staircase(dtype: Any) -> bool:
    """Is the conversion to `dtype` flat almost everywhere?  Only numbers and truth values are."""
    kind = np.dtype(dtype).kind
    if kind not in "fcbiu":
        raise Refusal(
            f"a value that depends on the input is converted to {np.dtype(dtype)!r}",
            "dtype",
            "convert it to a type of numbers",
        )
    return kind in "biu"


def smooth(y_bar: Any, dtype: Any) -> Any:
    """The adjoint of what was converted to `dtype`: zeros for integers, which are a staircase."""
    return 0.0 * y_bar if is_staircase(dtype) else y_bar


def unpack_like(adjoint: Any, primal: Any, dtype: Any = None) -> Any:
    """The adjoint of `primal` in `np.array(primal, dtype)`: lists where `primal` has lists.

    Zeros for a `dtype` of integers, which is a staircase.
    """
    if dtype is not None and is_staircase(dtype):
        adjoint = np.zeros(np.shape(primal))
    if isinstance(primal, list | tuple):
        return [unpack_like(adjoint[i], entry) for i, entry in enumerate(primal)]
    return unbroadcast(adjoint, primal)


def spread_items(adjoint: Any, items: Any) -> Any:
    """The adjoint of `items` in Python's `sum(items)`: each item gets all of it."""
    if isinstance(items, list | tuple):
        return [unbroadcast(adjoint, item) for item in items]
    return unbroadcast(adjoint, items)


def collect(y_bar: Any, adjoint: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`spread` transposed: the sum of `y_bar` along `axis`, in the shape of `adjoint`."""
    if isinstance(y_bar, list):
        y_bar = np.array(y_bar)
    total = np.sum(y_bar, axis=axis, keepdims=keepdims) if np.ndim(y_bar) else y_bar
    return unbroadcast(total, adjoint)


def collect_items(y_bar: Any, adjoint: Any) -> Any:
    """The transposed map of `spread_items`: the sum of the items, in the shape of `adjoint`."""
    if not isinstance(y_bar, list | tuple):
        return unbroadcast(y_bar, adjoint)
    total = np.zeros_like(adjoint) if isinstance(adjoint, np.ndarray) else 0.0 * adjoint
    for item in y_bar:
        total = total + unbroadcast(item, adjoint)
    return total


def pack_array_like(y_bar: Any, adjoint: Any, dtype: Any = None) -> Any:
    """The transposed map of `unpack_like`: nested lists as one array, in the shape of `adjoint`."""
    if dtype is not None and np.dtype(dtype).kind not in "fc":
        y_bar = 0.0
    return unbroadcast(np.array(y_bar) if isinstance(y_bar, list | tuple) else y_bar, adjoint)
