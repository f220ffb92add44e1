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


def gaps(w: Any) -> Any:
    """`1 / (w[j] - w[i])`, and 0 where two are equal."""
    return quotient(1, w[..., None, :] - w[..., :, None])


def norm_adjoint(y_bar: Any, y: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """The adjoint of `x` in `y = np.linalg.norm(x, ord, axis, keepdims)`; 0 at the kink."""
    bar, value = expand_reduced(y_bar, x, axis, keepdims), expand_reduced(y, x, axis, keepdims)
    vectors = isinstance(axis, int) or (axis is None and np.ndim(x) == 1)
    if ord is None or ord == "fro" or (vectors and ord == 2):
        return bar * quotient(np.conj(x), value)
    if vectors:
        signs = np.conj(np.sign(x))
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
        return bar * np.expand_dims(shares, axis) * np.conj(np.sign(A))
    U, s, V = np.linalg.svd(A, full_matrices=False)
    if ord == "nuc":
        weights = (s > 0).astype(s.dtype)
    elif ord in (2, -2):
        weights = extreme_shares(np.max(s, -1) if ord > 0 else np.min(s, -1), s, -1)
    else:
        message = f"the matrix norm of order {ord!r} has no derivative here"
        raise Refusal(message, "norm", "use the order 1, 2, np.inf, 'fro' or 'nuc'")
    return bar * np.conj((U * weights[..., None, :]) @ V)


def svd_adjoint(y_bar: Any, y: Any, A: Any, full_matrices: bool, compute_uv: bool) -> Any:
    """The adjoint of `A` in `y = np.linalg.svd(A, full_matrices, compute_uv)`, for real `A`.

    Townsend 2016, "Differentiating the singular value decomposition".  Where two singular values
    are equal their vectors have no derivative, and what would be its factor is taken as 0.
    """
    if not compute_uv:
        U, _, V = np.linalg.svd(A, full_matrices=False)
        return np.conj((U * y_bar[..., None, :]) @ V)
    U, s, V = y
    U_bar, s_bar, V_bar = y_bar
    if np.iscomplexobj(A) or U.shape[-1] != s.shape[-1] or V.shape[-2] != s.shape[-1]:
        if np.iscomplexobj(A):
            what, instead = "complex matrices", "use the singular values: `compute_uv=False`"
        else:
            what, instead = "the full matrices", "pass `full_matrices=False`"
        raise Refusal(f"the singular vectors of {what} have no rule yet", "svd", instead)
    F = quotient(1, (s[..., None, :] - s[..., :, None]) * (s[..., None, :] + s[..., :, None]))
    left, right = mT(U) @ U_bar, V @ mT(V_bar)
    core = F * (left - mT(left)) * s[..., None, :] + s[..., :, None] * F * (right - mT(right))
    inner = U @ (core + s_bar[..., None, :] * np.eye(s.shape[-1], dtype=s.dtype)) @ V
    out = quotient(U_bar - U @ left, s[..., None, :]) @ V
    return inner + out + U @ quotient(V_bar - mT(right) @ V, s[..., :, None])


def qr_adjoint(y_bar: Any, y: Any, A: Any) -> Any:
    """The adjoint of `A` in `Q, R = np.linalg.qr(A)`, for real `A` with at least as many rows.

    Walter & Lehmann 2010, "Algorithmic differentiation of linear algebra functions", section 2.
    """
    Q, R = y
    Q_bar, R_bar = y_bar
    if np.iscomplexobj(A) or np.shape(A)[-2] < np.shape(A)[-1]:
        message = "`np.linalg.qr` of a wide or complex matrix has no rule yet"
        raise Refusal(message, "qr", "use a real matrix that has as many rows as columns, or more")
    M = R @ mT(R_bar) - mT(Q_bar) @ Q
    symmetric = np.tril(M) + mT(np.tril(M, -1))
    return mT(np.linalg.solve(R, mT(Q_bar + Q @ symmetric)))


def svd_tangent(A_dot: Any, y: Any, A: Any, full_matrices: bool, compute_uv: bool) -> Any:
    """The tangent of `y = np.linalg.svd(A, full_matrices, compute_uv)`, for real `A`.

    Townsend 2016, "Differentiating the singular value decomposition"; as in `svd_adjoint`.
    """
    if not compute_uv:
        U, _, V = np.linalg.svd(A, full_matrices=False)
        return np.real(np.sum(np.conj(U) * (A_dot @ np.conj(mT(V))), axis=-2))
    U, s, V = y
    if np.iscomplexobj(A) or U.shape[-1] != s.shape[-1] or V.shape[-2] != s.shape[-1]:
        if np.iscomplexobj(A):
            what, instead = "complex matrices", "use the singular values: `compute_uv=False`"
        else:
            what, instead = "the full matrices", "pass `full_matrices=False`"
        raise Refusal(f"the singular vectors of {what} have no rule yet", "svd", instead)
    row, column = s[..., None, :], s[..., :, None]
    F = quotient(1, (row - column) * (row + column))
    inner, right, left = mT(U) @ A_dot @ mT(V), A_dot @ mT(V), mT(U) @ A_dot
    U_dot = U @ (F * (inner * row + column * mT(inner)))
    V_dot = mT(F * (column * inner + mT(inner) * row)) @ V
    U_dot = U_dot + quotient(right - U @ inner, row)
    V_dot = V_dot + quotient(left - inner @ V, column)
    return U_dot, np.diagonal(inner, 0, -2, -1), V_dot


def qr_tangent(A_dot: Any, y: Any, A: Any) -> Any:
    """The tangent of `Q, R = np.linalg.qr(A)`, for real `A` with at least as many rows.

    `Q^T dA R^-1 = W + dR R^-1`, with `W` antisymmetric.  Walter & Lehmann 2010, section 2.
    """
    Q, R = y
    if np.iscomplexobj(A) or np.shape(A)[-2] < np.shape(A)[-1]:
        message = "`np.linalg.qr` of a wide or complex matrix has no rule yet"
        raise Refusal(message, "qr", "use a real matrix that has as many rows as columns, or more")
    scaled = mT(np.linalg.solve(mT(R), mT(A_dot)))
    inner = mT(Q) @ scaled
    below = np.tril(inner, -1)
    upper = inner - below + mT(below)
    return scaled - Q @ upper, upper @ R


def minus_product(w: Any, X: Any, B: Any) -> Any:
    """`-w X`, where `X` holds vectors if `B` is one: a transposed map of `solve_adjoint_matrix`."""
    if np.ndim(B) == 1:
        return -(w @ X[..., None])[..., 0]
    return -w @ X


def triangle_sum(w: Any, upper: bool = False) -> Any:
    """The transposed map of `triangle_adjoint`."""
    half = np.triu(w) if upper else np.tril(w)
    half = half * (1 - 0.5 * np.eye(np.shape(w)[-1])).astype(np.result_type(w))
    return half + np.conj(mT(half))
