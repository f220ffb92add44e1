"""The adjoints of functions of matrices, which act on stacks of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import unbroadcast
from tangent.runtime.partials import quotient
from tangent.runtime.reductions import expand_reduced, extreme_shares, product_of_others
from tangent.runtime.refusals import Refusal


def mT(A: Any) -> Any:
    """The transposes of a stack of matrices."""
    return np.swapaxes(A, -1, -2)


def on_matrices(y_bar: Any) -> Any:
    """One number for each matrix of a stack, as a stack of matrices with one element."""
    return np.reshape(y_bar, (*np.shape(y_bar), 1, 1))


def solve_adjoint_side(X_bar: Any, A: Any, B: Any) -> Any:
    """`A^-T X_bar`, the adjoint of `B` in `X = np.linalg.solve(A, B)` before the sum over batches.

    `B` is a vector where it has one dimension, and a stack of matrices elsewhere, as in NumPy 2.
    """
    if np.ndim(B) == 1:
        return np.linalg.solve(mT(A), X_bar[..., None])[..., 0]
    return np.linalg.solve(mT(A), X_bar)


def solve_tangent_matrix(change: Any, X: Any, A: Any, B: Any) -> Any:
    """`A^-1 dA X` for a `change` dA: by so much less `X = np.linalg.solve(A, B)` moves."""
    if np.ndim(B) == 1:
        return np.linalg.solve(A, change @ X[..., None])[..., 0]
    return np.linalg.solve(A, change @ X)


def solve_adjoint_matrix(B_bar: Any, X: Any, A: Any, B: Any) -> Any:
    """`-B_bar X^T`, the adjoint of `A` in `X = np.linalg.solve(A, B)`, summed over batches."""
    if np.ndim(B) == 1:
        return unbroadcast(-B_bar[..., :, None] * X[..., None, :], A)
    return unbroadcast(-B_bar @ mT(X), A)


def cofactors(A: Any) -> Any:
    """The derivative of `np.linalg.det(A)`, right for singular `A` too.

    `A = U S V` gives `det(U V) U P V` with `P` the products of the other singular values.
    """
    U, s, V = np.linalg.svd(A)
    sign = np.linalg.det(U) * np.linalg.det(V)
    products = product_of_others(s, -1)
    return on_matrices(sign) * np.conj((U * products[..., None, :]) @ V)


def cofactors_adjoint(C_bar: Any, C: Any, A: Any) -> Any:
    """The adjoint of `A` in `C = cofactors(A)`, for invertible `A`, where `C = det(A) A^-T`."""
    inverse = mT(np.linalg.inv(A))
    inner = np.sum(C_bar * C, axis=(-2, -1))
    return on_matrices(inner) * inverse - inverse @ mT(C_bar) @ C


def lower_half(A: Any) -> Any:
    """The lower triangle of a stack of matrices with half of the diagonal."""
    return np.tril(A) * (1 - 0.5 * np.eye(np.shape(A)[-1])).astype(np.result_type(A))


def triangle_adjoint(S: Any, upper: bool = False) -> Any:
    """The adjoint of the one triangle that is read, from that of the whole symmetric matrix."""
    both = S + np.conj(mT(S))
    half = np.triu(both) if upper else np.tril(both)
    return half * (1 - 0.5 * np.eye(np.shape(S)[-1])).astype(np.result_type(S))


def largest(x: Any) -> Any:
    """The size of the largest element; 0 where there is none."""
    return np.max(np.abs(x)) if np.size(x) else 0.0


def gaps(w: Any) -> Any:
    """`1 / (w[j] - w[i])`, and 0 where two are equal."""
    return quotient(1, w[..., None, :] - w[..., :, None])


def log_det_adjoint(y_bar: Any, y: Any) -> Any:
    """The adjoint of log det A, of which `y` holds exp(i Im) and Re: `np.linalg.slogdet(A)`."""
    turn = y_bar[0] * y[0]
    return np.real(y_bar[1]) + 1j * np.imag(turn) if np.iscomplexobj(turn) else y_bar[1]


def norm_adjoint(y_bar: Any, y: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """The adjoint of `x` in `y = np.linalg.norm(x, ord, axis, keepdims)`; 0 at the kink."""
    bar, value = expand_reduced(y_bar, x, axis, keepdims), expand_reduced(y, x, axis, keepdims)
    vectors = isinstance(axis, int) or (axis is None and np.ndim(x) == 1)
    if ord is None or ord == "fro" or (vectors and ord == 2):
        return bar * quotient(np.conj(x), value)
    if vectors:
        signs = np.conj(quotient(x, np.abs(x)))
        if ord == 0:
            return np.zeros_like(x)
        if abs(ord) == np.inf:
            return bar * signs * extreme_shares(y, np.abs(x), axis, keepdims)
        return bar * signs * quotient(np.abs(x), value) ** (ord - 1)
    rows, columns = (-2, -1) if axis is None else axis
    stack = np.moveaxis(x, (rows, columns), (-2, -1))
    lead = np.moveaxis(bar, (rows, columns), (-2, -1))
    return np.moveaxis(matrix_norm_adjoint(lead, stack, ord), (-2, -1), (rows, columns))


def matrix_norm_adjoint(bar: Any, A: Any, ord: Any) -> Any:
    """The adjoint of `A` in a matrix norm; `bar` is that of the norm, with shape (…, 1, 1)."""
    if abs(ord) in (1, np.inf) if not isinstance(ord, str) else False:
        axis = -2 if abs(ord) == 1 else -1
        sums = np.sum(np.abs(A), axis=axis)
        best = np.max(sums, axis=-1) if ord > 0 else np.min(sums, axis=-1)
        shares = extreme_shares(best, sums, -1)
        return bar * np.expand_dims(shares, axis) * np.conj(quotient(A, np.abs(A)))
    U, s, V = np.linalg.svd(A, full_matrices=False)
    if ord == "nuc":
        weights = (s > 0).astype(s.dtype)
    elif ord in (2, -2):
        weights = extreme_shares(np.max(s, -1) if ord > 0 else np.min(s, -1), s, -1)
    else:
        message = f"the matrix norm of order {ord!r} has no derivative here"
        raise Refusal(message, "norm", "use the order 1, 2, np.inf, 'fro' or 'nuc'")
    return bar * np.conj((U * weights[..., None, :]) @ V)


def minus_product(w: Any, X: Any, B: Any) -> Any:
    """`-w X`, where `X` holds vectors if `B` is one: a transposed map of `solve_adjoint_matrix`."""
    if np.ndim(B) == 1:
        return -(w @ X[..., None])[..., 0]
    return -w @ X


def multi_dot_adjoint(y_bar: Any, arrays: Any) -> Any:
    """The adjoints of the factors in `np.linalg.multi_dot(arrays)`: what stands left and right of
    each, transposed.  The ends may be vectors.
    """
    first = np.reshape(arrays[0], (-1, np.shape(arrays[0])[-1]))
    last = np.reshape(arrays[-1], (np.shape(arrays[-1])[0], -1))
    turned = [mT(x) for x in [first, *arrays[1:-1], last]]
    bar, bars = np.reshape(y_bar, (np.shape(first)[0], np.shape(last)[1])), []
    for i in range(len(arrays)):
        chain = [*turned[:i][::-1], bar, *turned[i + 1 :][::-1]]
        bars.append(np.reshape(np.linalg.multi_dot(chain), np.shape(arrays[i])))
    return bars


def multi_dot_tangent(dots: Any, arrays: Any) -> Any:
    """The tangent of `np.linalg.multi_dot(arrays)`: one factor after the other moves."""
    total = np.linalg.multi_dot([dots[0], *arrays[1:]])
    for i in range(1, len(arrays)):
        total = total + np.linalg.multi_dot([*arrays[:i], dots[i], *arrays[i + 1 :]])
    return total


def triangle_sum(w: Any, upper: bool = False) -> Any:
    """The transposed map of `triangle_adjoint`."""
    half = np.triu(w) if upper else np.tril(w)
    half = half * (1 - 0.5 * np.eye(np.shape(w)[-1])).astype(np.result_type(w))
    return half + np.conj(mT(half))
