"""The adjoints of the operands of products."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import unbroadcast, unbroadcast_to
from tangent.runtime.refusals import Refusal


def matmul_adjoint_left(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = a @ b`, for all shapes: `y_bar @ b.T`, summed over batches.

    `y_bar` may still be broadcast, larger than `y`.  The result has the shape and dtype of `a`.
    """
    if is_sparse(b):
        return unbroadcast(unbroadcast_to(y_bar, np.shape(a)[:-1] + b.shape[1:]) @ b.T, a)
    b = np.asarray(b)
    if np.ndim(a) == 2 and b.ndim == 2 and np.shape(y_bar) == (len(a), b.shape[1]):
        return unbroadcast(y_bar @ b.T, a)
    shape = np.shape(a)
    columns = b[:, None] if b.ndim == 1 else b
    rows_shape = (1, *shape) if len(shape) == 1 else shape
    result = matmul_adjoint(y_bar, shape, b.shape) @ np.swapaxes(columns, -1, -2)
    return unbroadcast(unbroadcast_to(result, rows_shape).reshape(shape), a)


def matmul_adjoint_right(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `y = a @ b`, for all shapes: `a.T @ y_bar`, summed over batches.

    `y_bar` may still be broadcast, larger than `y`.  The result has the shape and dtype of `b`.
    """
    if is_sparse(a):
        return unbroadcast(a.T @ unbroadcast_to(y_bar, a.shape[:1] + np.shape(b)[1:]), b)
    a = np.asarray(a)
    if a.ndim == 2 and np.ndim(b) == 2 and np.shape(y_bar) == (len(a), np.shape(b)[1]):
        return unbroadcast(a.T @ y_bar, b)
    shape = np.shape(b)
    rows = a[None, :] if a.ndim == 1 else a
    columns_shape = (*shape, 1) if len(shape) == 1 else shape
    result = np.swapaxes(rows, -1, -2) @ matmul_adjoint(y_bar, a.shape, shape)
    return unbroadcast(unbroadcast_to(result, columns_shape).reshape(shape), b)


def is_sparse(A: Any) -> bool:
    """Is it a matrix of `scipy.sparse`, which NumPy takes for an object?"""
    return hasattr(A, "tocsr")


def matmul_adjoint(y_bar: Any, a: tuple[int, ...], b: tuple[int, ...]) -> Any:
    """`y_bar` as a stack of matrices, for operands of shapes `a` and `b`."""
    batch = np.broadcast_shapes(a[:-2], b[:-2])
    rows, columns = a[-2:-1], b[-1:] if len(b) > 1 else ()
    full = unbroadcast_to(y_bar, batch + rows + columns)
    return np.reshape(full, batch + (rows or (1,)) + (columns or (1,)))


def dot_adjoint_left(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = np.dot(a, b)`, for all shapes."""
    n, m = np.ndim(a), np.ndim(b)
    if n == 0 or m == 0:
        return unbroadcast(y_bar * b, a)
    if m <= 2 and (n == 1 or n == 2):
        return matmul_adjoint_left(y_bar, a, b)
    b = np.moveaxis(b, -2, 0) if m > 1 else np.asarray(b)
    y_bar = unbroadcast_to(y_bar, np.shape(a)[:-1] + b.shape[1:])
    return unbroadcast(np.tensordot(y_bar, b, (range(n - 1, n + m - 2), range(1, m))), a)


def dot_adjoint_right(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `y = np.dot(a, b)`, for all shapes."""
    n, m = 2 if is_sparse(a) else np.ndim(a), np.ndim(b)
    if n == 0 or m == 0:
        return unbroadcast(y_bar * a, b)
    if m <= 2 and n <= 2:
        return matmul_adjoint_right(y_bar, a, b)
    shape = np.shape(b)
    y_bar = unbroadcast_to(y_bar, np.shape(a)[:-1] + shape[:-2] + shape[m - 1 :] * (m > 1))
    result = np.tensordot(a, y_bar, (range(n - 1), range(n - 1)))
    return unbroadcast(np.moveaxis(result, 0, -2) if m > 1 else result, b)


def inner_adjoint_left(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = np.inner(a, b)`, for all shapes."""
    n, m = np.ndim(a), np.ndim(b)
    if n == 0 or m == 0:
        return unbroadcast(y_bar * b, a)
    y_bar = unbroadcast_to(y_bar, np.shape(a)[:-1] + np.shape(b)[:-1])
    return unbroadcast(np.tensordot(y_bar, b, (range(n - 1, n + m - 2), range(m - 1))), a)


def inner_adjoint_right(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `y = np.inner(a, b)`, for all shapes."""
    n, m = np.ndim(a), np.ndim(b)
    if n == 0 or m == 0:
        return unbroadcast(y_bar * a, b)
    y_bar = unbroadcast_to(y_bar, np.shape(a)[:-1] + np.shape(b)[:-1])
    return unbroadcast(np.tensordot(y_bar, a, (range(n - 1), range(n - 1))), b)


def outer_adjoint_left(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = np.outer(a, b)`, where both operands are flattened."""
    y_bar = unbroadcast_to(y_bar, (np.size(a), np.size(b)))
    return unbroadcast(np.reshape(y_bar @ np.ravel(b), np.shape(a)), a)


def outer_adjoint_right(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `y = np.outer(a, b)`, where both operands are flattened."""
    y_bar = unbroadcast_to(y_bar, (np.size(a), np.size(b)))
    return unbroadcast(np.reshape(np.ravel(a) @ y_bar, np.shape(b)), b)


def tensordot_axes(axes: Any, n: int, m: int) -> tuple[list[int], list[int]]:
    """The axes that `np.tensordot` sums, of an operand with `n` and one with `m` dimensions."""
    if isinstance(axes, int | np.integer):
        return list(range(n - int(axes), n)), list(range(int(axes)))
    left, right = ([x] if np.ndim(x) == 0 else list(x) for x in axes)
    return [x % n for x in left], [x % m for x in right]


def tensordot_adjoint_left(y_bar: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """The adjoint of `a` in `y = np.tensordot(a, b, axes)`."""
    n, m = np.ndim(a), np.ndim(b)
    left, right = tensordot_axes(axes, n, m)
    rest, others = [x for x in range(n) if x not in left], [x for x in range(m) if x not in right]
    shape = tuple(np.shape(a)[x] for x in rest) + tuple(np.shape(b)[x] for x in others)
    y_bar = unbroadcast_to(y_bar, shape)
    # the summed axes of b come last, in the order in which b has them
    result = np.tensordot(y_bar, b, (range(len(rest), len(shape)), others))
    order = rest + [left[right.index(x)] for x in sorted(right)]
    return unbroadcast(np.transpose(result, np.argsort(order)), a)


def tensordot_adjoint_right(y_bar: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """The adjoint of `b` in `y = np.tensordot(a, b, axes)`."""
    n, m = np.ndim(a), np.ndim(b)
    left, right = tensordot_axes(axes, n, m)
    rest, others = [x for x in range(n) if x not in left], [x for x in range(m) if x not in right]
    shape = tuple(np.shape(a)[x] for x in rest) + tuple(np.shape(b)[x] for x in others)
    y_bar = unbroadcast_to(y_bar, shape)
    # the summed axes of a come first, in the order in which a has them
    result = np.tensordot(a, y_bar, (rest, range(len(rest))))
    order = [right[left.index(x)] for x in sorted(left)] + others
    return unbroadcast(np.transpose(result, np.argsort(order)), b)


def contract(
    subscripts: str, a: Any, b: Any = None, c: Any = None, d: Any = None, e: Any = None
) -> Any:
    """`np.einsum` of at most five operands; those that are None are left out."""
    return np.einsum(subscripts, *[x for x in (a, b, c, d, e) if x is not None])


def contract_adjoint(
    y_bar: Any,
    subscripts: str,
    a: Any,
    b: Any = None,
    c: Any = None,
    d: Any = None,
    e: Any = None,
) -> Any:
    """The adjoint of `a` in `y = np.einsum(subscripts, a, b, …)`; those that are None are left out.

    An index that only `a` has is broadcast over; one that `a` has twice stands for its diagonal.
    """
    if a is None:
        return None
    others = [x for x in (b, c, d, e) if x is not None]
    inputs, result = einsum_subscripts(subscripts, [np.ndim(x) for x in (a, *others)])
    sizes: dict[str, int] = {}
    for letters, x in zip(inputs, [a, *others], strict=True):
        for letter, n in zip(letters, np.shape(x), strict=True):
            sizes[letter] = max(n, sizes.get(letter, n)) if n else 0
    y_bar = unbroadcast_to(y_bar, tuple(sizes[letter] for letter in result))
    own = "".join(dict.fromkeys(inputs[0]))
    known = "".join(letter for letter in own if letter in result + "".join(inputs[1:]))
    value = np.einsum(",".join([result, *inputs[1:]]) + "->" + known, y_bar, *others)
    value = value.reshape([value.shape[known.index(x)] if x in known else 1 for x in own])
    # an axis of `a` that has one element was broadcast by einsum
    if own == inputs[0]:
        return unbroadcast(value, a)
    full = np.zeros(np.shape(a), value.dtype)
    np.einsum(inputs[0] + "->" + own, full)[...] = value
    return unbroadcast(full, a)


def einsum_subscripts(subscripts: str, dimensions: list[int]) -> tuple[list[str], str]:
    """The letters of each operand and of the result, with the ellipsis and `->` written out."""
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    used = set(subscripts)
    free = [
        chr(c) for c in range(ord("A"), ord("z") + 1) if chr(c).isalpha() and chr(c) not in used
    ]
    widths = [n - len(s.replace("...", "")) for s, n in zip(inputs, dimensions, strict=True)]
    width = max([w for s, w in zip(inputs, widths, strict=True) if "..." in s], default=0)
    batch = "".join(free[:width])
    if not arrow:
        letters = left.replace("...", "").replace(",", "")
        once = sorted(x for x in set(letters) if letters.count(x) == 1)
        result = ("..." if "..." in left else "") + "".join(once)
    inputs = [s.replace("...", batch[width - w :]) for s, w in zip(inputs, widths, strict=True)]
    return inputs, result.replace("...", batch)


def operand_first(subscripts: str, position: int) -> str:
    """`subscripts` of `np.einsum` where the operand at `position` comes first."""
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    if position >= len(inputs):
        return subscripts
    first = inputs.pop(position)
    if not arrow:
        letters = left.replace("...", "").replace(",", "")
        once = sorted(x for x in set(letters) if letters.count(x) == 1)
        arrow, result = "->", ("..." if "..." in left else "") + "".join(once)
    return ",".join([first, *inputs]) + arrow + result


def kron_adjoint_left(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = np.kron(a, b)`, for all shapes."""
    blocks = kron_blocks(y_bar, np.shape(a), np.shape(b))
    axes = tuple(range(1, blocks.ndim, 2))
    wide = np.reshape(
        b, [n for pair in zip([1] * len(axes), blocks.shape[1::2], strict=True) for n in pair]
    )
    return unbroadcast(np.reshape(np.sum(blocks * wide, axis=axes), np.shape(a)), a)


def kron_adjoint_right(y_bar: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `y = np.kron(a, b)`, for all shapes."""
    blocks = kron_blocks(y_bar, np.shape(a), np.shape(b))
    axes = tuple(range(0, blocks.ndim, 2))
    wide = np.reshape(
        a, [n for pair in zip(blocks.shape[::2], [1] * len(axes), strict=True) for n in pair]
    )
    return unbroadcast(np.reshape(np.sum(blocks * wide, axis=axes), np.shape(b)), b)


def kron_blocks(y_bar: Any, a: tuple[int, ...], b: tuple[int, ...]) -> Any:
    """`y_bar` with two axes for each of the product's, along `a` and along `b`."""
    ndim = max(len(a), len(b))
    a, b = (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
    return np.reshape(y_bar, [n for pair in zip(a, b, strict=True) for n in pair])


def refuse_lists(subscripts: Any) -> Any:
    """The adjoint of what stands first in `np.einsum`: a text has none, an array is refused."""
    if not isinstance(subscripts, str):
        raise Refusal(
            "`np.einsum` with lists of indices that are not written out",
            "subscripts",
            "write the indices as a text: 'ij,jk->ik'",
        )
    return None
