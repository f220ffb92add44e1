"""The adjoints and tangents of eigenvectors, singular vectors and orthogonal factors.

Adjoints are bilinear: `dF = Re(sum(A_bar * dA))`.  The formulas of the literature are those for the
conjugates, and hold for complex matrices; for real ones conjugation does nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.linalg import gaps, largest, mT
from tangent.runtime.partials import quotient
from tangent.runtime.refusals import Refusal


def conjugate_transpose(A: Any) -> Any:
    """The conjugate of a matrix, its last two axes exchanged."""
    return np.conj(mT(A))


def diagonal(d: Any) -> Any:
    """A stack of diagonal matrices."""
    return d[..., None, :] * np.eye(np.shape(d)[-1], dtype=np.result_type(np.real(d)))


def gaps_for(inner: Any, w: Any) -> Any:
    """`gaps(w)`, by which `inner` is multiplied; refused where equal values have no vectors of
    their own, and `inner` asks for the derivative of them.
    """
    refuse_equal(inner, w[..., None, :] == w[..., :, None])
    return gaps(w)


def refuse_equal(inner: Any, equal: Any) -> None:
    """Refuses entries of `inner` off the diagonal where two values are `equal`."""
    # what rounding leaves of a zero is let through
    off = equal & ~np.eye(np.shape(inner)[-1], dtype=bool)
    size = largest(inner)
    if np.any(np.abs(np.where(off, inner, 0)) > 1e-6 * size):
        raise Refusal(
            "the vectors of two equal eigenvalues or singular values have no derivative",
            "equal-values",
            "use what does not depend on the choice of the vectors, such as the values alone",
        )


def gaps_or_nan(inner: Any, w: Any) -> Any:
    """`gaps(w)` for a tangent: nan where the vectors of equal values move."""
    equal = (w[..., None, :] == w[..., :, None]) & ~np.eye(np.shape(w)[-1], dtype=bool)
    return np.where(equal & (inner != 0), np.nan, gaps(w)).astype(np.result_type(w))


# ---------------------------------------------------------------- phases of complex vectors
# A^H = A: LAPACK turns one row of the vectors to real numbers, the first where it reads the lower
# triangle, else the last.  Where that number is 0 the phase is not determined.


def phase_adjoint(V_bar: Any, V: Any, row: int | None) -> Any:
    """The adjoint of eigenvectors before they were turned such that `V[..., row, :]` is real; with
    None no entry is.
    """
    if not np.iscomplexobj(V):
        return V_bar
    held = np.zeros_like(V[..., 0, :]) if row is None else V[..., row, :]
    turn = np.real(np.sum(V_bar * (1j * V), -2))
    size = np.sum(np.abs(V_bar), -2)
    refuse_phase(turn, held, size)
    at_row = np.arange(np.shape(V)[-2]) == (row or 0) % np.shape(V)[-2]
    return V_bar + 1j * at_row[:, None] * quotient(turn, held)[..., None, :]


def phase_tangent(V_dot: Any, V: Any, row: int | None) -> Any:
    """The tangent of eigenvectors of which `V[..., row, :]` stays real; nan with None."""
    if not np.iscomplexobj(V):
        return V_dot
    if row is None:
        return V_dot * np.nan
    turn = np.imag(quotient(V_dot[..., row, :], V[..., row, :]))
    return V_dot - 1j * V * turn[..., None, :]


def phases_adjoint(U_bar: Any, V_bar: Any, U: Any, V: Any) -> Any:
    """The adjoints of singular vectors before they were turned, a column of U with a row of V: the
    first column of V is real, or the first row of U where the matrix is wide.
    """
    turn = np.real(np.sum(U_bar * (1j * U), -2) - np.sum(V_bar * (1j * V), -1))
    tall = np.shape(U)[-2] >= np.shape(V)[-1]
    held = V[..., 0] if tall else U[..., 0, :]
    size = np.sum(np.abs(U_bar), -2) + np.sum(np.abs(V_bar), -1)
    refuse_phase(turn, held, size)
    share = 1j * quotient(turn, held)
    if tall:
        first = np.arange(np.shape(V)[-1]) == 0
        return U_bar, V_bar - share[..., None] * first
    first = np.arange(np.shape(U)[-2]) == 0
    return U_bar + first[:, None] * share[..., None, :], V_bar


def phases_tangent(U_dot: Any, V_dot: Any, U: Any, V: Any) -> Any:
    """The tangents of singular vectors that stay turned so."""
    if np.shape(U)[-2] >= np.shape(V)[-1]:
        turn = -np.imag(quotient(V_dot[..., 0], V[..., 0]))
    else:
        turn = np.imag(quotient(U_dot[..., 0, :], U[..., 0, :]))
    return U_dot - 1j * U * turn[..., None, :], V_dot + 1j * turn[..., None] * V


def refuse_phase(turn: Any, held: Any, size: Any) -> None:
    """Refuses adjoints of complex vectors that depend on a phase which no real entry determines."""
    free = np.abs(np.imag(held)) >= 1e-6 * np.abs(held)
    if np.any(free & (np.abs(turn) > 1e-6 * size)):
        raise Refusal(
            "this depends on the phases of complex vectors, which are not determined",
            "phase",
            "use what does not depend on the phases, such as `np.abs` of the entries",
        )


# ---------------------------------------------------------------- eigenvalues of any matrix


def eig_adjoint(y_bar: Any, y: Any, A: Any) -> Any:
    """The adjoint of `A` in `w, V = np.linalg.eig(A)`.

    Giles 2008, section 3.1, for vectors of length 1 whose largest entry is real, as LAPACK's are.
    """
    w, V, w_bar, V_bar = y[0], y[1], y_bar[0], y_bar[1]
    if np.iscomplexobj(V):
        largest = np.max(np.abs(V), -2, keepdims=True) == np.abs(V)
        turn = np.sum(V_bar * (-1j * V), -2, keepdims=True)
        V_bar = V_bar + np.real(turn) * -1j * np.where(largest, 1 / V, 0)
    V_bar = V_bar - np.conj(V) * np.real(np.sum(V_bar * V, -2, keepdims=True))
    inner = mT(V) @ V_bar
    inner = gaps_for(inner, w) * inner + diagonal(w_bar)
    A_bar = np.linalg.solve(mT(V), inner @ mT(V))
    return A_bar if np.iscomplexobj(A) else np.real(A_bar)


def eig_tangent(A_dot: Any, y: Any, A: Any) -> Any:
    """The tangent of `w, V = np.linalg.eig(A)`; as in `eig_adjoint`."""
    w, V = y[0], y[1]
    inner = np.linalg.solve(V, A_dot @ V)
    V_dot = V @ (gaps_or_nan(inner, w) * inner)
    V_dot = V_dot - V * np.real(np.sum(np.conj(V) * V_dot, -2, keepdims=True))
    if np.iscomplexobj(V):
        largest = np.max(np.abs(V), -2, keepdims=True) == np.abs(V)
        turn = np.sum(np.where(largest, np.imag(V_dot / V), 0), -2, keepdims=True)
        V_dot = V_dot - 1j * V * turn
    return np.diagonal(inner, 0, -2, -1), V_dot


# ---------------------------------------------------------------- singular values


def svd_adjoint(y_bar: Any, y: Any, A: Any, full_matrices: bool, compute_uv: bool) -> Any:
    """The adjoint of `A` in `y = np.linalg.svd(A, full_matrices, compute_uv)`.

    Townsend 2016, "Differentiating the singular value decomposition"; Wan & Zhang 2019,
    arXiv:1909.02659, for complex matrices.  The vectors beyond the shorter side are those that
    move the least.
    """
    if not compute_uv:
        U, _, V = np.linalg.svd(A, full_matrices=False)
        return np.conj((U * np.real(y_bar)[..., None, :]) @ V)
    k = np.shape(y[1])[-1]
    U, s, V = y[0][..., :k], y[1], y[2][..., :k, :]
    U_rest, V_rest = y[0][..., k:], y[2][..., k:, :]
    U_bar, V_bar = y_bar[0][..., :k], y_bar[2][..., :k, :]
    refuse_turns(mT(U_rest) @ y_bar[0][..., k:])
    refuse_turns(y_bar[2][..., k:, :] @ mT(V_rest))
    if np.iscomplexobj(A):
        U_bar, V_bar = phases_adjoint(U_bar, V_bar, U, V)
    gU, gV = np.conj(U_bar), mT(V_bar)
    gU = gU - U_rest @ conjugate_transpose(conjugate_transpose(U) @ np.conj(y_bar[0][..., k:]))
    gV = gV - conjugate_transpose(V_rest) @ conjugate_transpose(V @ mT(y_bar[2][..., k:, :]))
    left, right = conjugate_transpose(U) @ gU, V @ gV
    row, column = s[..., None, :], s[..., :, None]
    skew_left, skew_right = left - conjugate_transpose(left), right - conjugate_transpose(right)
    refuse_equal(skew_left, row == column)
    refuse_equal(skew_right, row == column)
    F = quotient(1, (row - column) * (row + column))
    inner = F * skew_left * row + column * F * skew_right + diagonal(np.real(y_bar[1]))
    inner = inner + quotient(0.5 * skew_left * np.eye(k, dtype=s.dtype), row)
    gA = U @ inner @ V + quotient(gU - U @ left, row) @ V
    return np.conj(gA + U @ conjugate_transpose(quotient(gV - conjugate_transpose(V) @ right, row)))


def refuse_turns(inner: Any) -> None:
    """Refuses adjoints of singular vectors of nothing that depend on how these are turned among
    themselves: `inner` is symmetric where they do not.
    """
    turn = np.abs(inner - conjugate_transpose(inner))
    if np.max(turn, initial=0.0) > 1e-6 * np.max(np.abs(inner), initial=0.0):
        raise Refusal(
            "this depends on which of the vectors beyond the shorter side LAPACK chooses",
            "equal-values",
            "use what does not depend on the choice, such as `V.T @ V`, or full_matrices=False",
        )


def of_its_rank(Y: Any, A: Any) -> Any:
    """`Y`, the pseudo-inverse of `A`; refused where it leaves out singular values that are not 0,
    for what is known of it holds for matrices of its rank.
    """
    left_out, size = largest(A - A @ Y @ A), largest(A)
    if left_out > np.sqrt(np.finfo(np.result_type(A, np.float32)).eps) * size:
        raise Refusal(
            "a pseudo-inverse without singular values that are not 0 has no derivative here",
            "rank",
            "choose a smaller `rcond` or `rtol`, or take the parts from `np.linalg.svd`",
        )
    return Y


def svd_tangent(A_dot: Any, y: Any, A: Any, full_matrices: bool, compute_uv: bool) -> Any:
    """The tangent of `y = np.linalg.svd(A, full_matrices, compute_uv)`; as in `svd_adjoint`."""
    if not compute_uv:
        U, _, V = np.linalg.svd(A, full_matrices=False)
        return np.real(np.sum(np.conj(U) * (A_dot @ conjugate_transpose(V)), axis=-2))
    k = np.shape(y[1])[-1]
    U, s, V = y[0][..., :k], y[1], y[2][..., :k, :]
    row, column = s[..., None, :], s[..., :, None]
    right, left = A_dot @ conjugate_transpose(V), conjugate_transpose(U) @ A_dot
    inner = conjugate_transpose(U) @ right
    F = quotient(1, (row - column) * (row + column))
    moved = inner * row + column * conjugate_transpose(inner)
    equal = (row == column) & ~np.eye(k, dtype=bool)
    F = np.where(equal & (moved != 0), np.nan, F).astype(s.dtype)
    turn = 0.25 * quotient(inner - conjugate_transpose(inner), row) * np.eye(k, dtype=s.dtype)
    U_dot = U @ (F * moved + turn) + quotient(right - U @ inner, row)
    back = F * (column * inner + conjugate_transpose(inner) * row) - turn
    V_dot = conjugate_transpose(back) @ V + quotient(left - inner @ V, column)
    if np.iscomplexobj(A):
        U_dot, V_dot = phases_tangent(U_dot, V_dot, U, V)
    U_rest, V_rest = y[0][..., k:], y[2][..., k:, :]
    U_rest_dot = -U @ (conjugate_transpose(U_dot) @ U_rest)
    V_rest_dot = -(V_rest @ conjugate_transpose(V_dot)) @ V
    return (
        np.concatenate([U_dot, U_rest_dot], -1),
        np.real(np.diagonal(inner, 0, -2, -1)),
        np.concatenate([V_dot, V_rest_dot], -2),
    )


# ---------------------------------------------------------------- orthogonal factors


def qr_adjoint(y_bar: Any, y: Any, A: Any, mode: str = "reduced") -> Any:
    """The adjoint of `A` in `Q, R = np.linalg.qr(A, mode)`, or in `R` alone.

    Walter & Lehmann 2010, "Algorithmic differentiation of linear algebra functions", section 2;
    of a wide matrix the left square is decomposed, and the rest is multiplied.
    """
    m, n = np.shape(A)[-2:]
    refuse_raw(mode)
    k = min(m, n)
    if mode == "complete" and m > n:
        first_bar = y_bar[0][..., :k] + further_columns_adjoint(y_bar[0][..., k:], y[0], k)
        y_bar, y = (first_bar, y_bar[1][..., :k, :]), (y[0][..., :k], y[1][..., :k, :])
    if mode == "r":
        R, gR = y, np.conj(y_bar)
        Q = conjugate_transpose(
            np.linalg.solve(conjugate_transpose(R[..., :k]), conjugate_transpose(A[..., :k]))
        )
        gQ = np.zeros_like(Q)
    else:
        Q, R, gQ, gR = y[0], y[1], np.conj(y_bar[0]), np.conj(y_bar[1])
    if m < n:
        gQ = gQ + A[..., k:] @ conjugate_transpose(gR[..., k:])
    square = R[..., :k]
    M = np.triu(gR[..., :k] @ conjugate_transpose(square) - conjugate_transpose(Q) @ gQ)
    symmetric = M + conjugate_transpose(M) - np.real(M) * np.eye(k, dtype=np.real(M).dtype)
    first = conjugate_transpose(np.linalg.solve(square, conjugate_transpose(gQ + Q @ symmetric)))
    if m < n:
        return np.conj(np.concatenate([first, Q @ gR[..., k:]], -1))
    return np.conj(first)


def qr_tangent(A_dot: Any, y: Any, A: Any, mode: str = "reduced") -> Any:
    """The tangent of `Q, R = np.linalg.qr(A, mode)`.

    `Q^H dA R^-1 = W + dR R^-1`, with `W` skew.  Walter & Lehmann 2010, section 2.
    """
    m, n = np.shape(A)[-2:]
    refuse_raw(mode)
    k = min(m, n)
    R = y if mode == "r" else y[1][..., :k, :]
    square = conjugate_transpose(R[..., :k])
    Q = (
        conjugate_transpose(np.linalg.solve(square, conjugate_transpose(A[..., :k])))
        if mode == "r"
        else y[0][..., :k]
    )
    scaled = conjugate_transpose(np.linalg.solve(square, conjugate_transpose(A_dot[..., :k])))
    inner = conjugate_transpose(Q) @ scaled
    below = np.tril(inner, -1)
    turn = 1j * np.imag(inner) * np.eye(k) if np.iscomplexobj(inner) else 0.0
    skew = below - conjugate_transpose(below) + turn
    Q_dot = scaled - Q @ (inner - skew)
    R_dot = (inner - skew) @ R[..., :k]
    if m < n:
        rest = conjugate_transpose(Q_dot) @ A[..., k:] + conjugate_transpose(Q) @ A_dot[..., k:]
        R_dot = np.concatenate([R_dot, rest], -1)
    if mode == "r":
        return R_dot
    if mode == "complete" and m > n:
        rest = further_columns_tangent(Q_dot, y[0], k)
        below = np.zeros((*np.shape(R_dot)[:-2], m - k, n), np.result_type(R_dot))
        return np.concatenate([Q_dot, rest], -1), np.concatenate([R_dot, below], -2)
    return Q_dot, R_dot


# LAPACK makes Q of reflections, 1 - V T V^H with the columns of V below a triangle.  So the further
# columns follow from the first ones: Q_2 = E_2 + D W^H with D = Q_1 - E_1, W = D[k:] D[:k]^-1, and
# the identity E.  Ballard et al. 2014, "Reconstructing Householder vectors from TSQR".


def further_columns_adjoint(further_bar: Any, Q: Any, k: int) -> Any:
    """The adjoint of the first `k` columns of `Q` from that of the further ones."""
    D = Q[..., :k] - np.eye(np.shape(Q)[-2], k, dtype=np.real(Q).dtype)
    turned = mT(D[..., :k, :])
    W = mT(np.linalg.solve(turned, mT(D[..., k:, :])))
    W_bar = conjugate_transpose(mT(D) @ further_bar)
    below_bar = mT(np.linalg.solve(D[..., :k, :], mT(W_bar)))
    return further_bar @ np.conj(W) + np.concatenate([-mT(W) @ below_bar, below_bar], -2)


def further_columns_tangent(first_dot: Any, Q: Any, k: int) -> Any:
    """The tangent of the further columns of `Q` from that of its first `k` columns."""
    D = Q[..., :k] - np.eye(np.shape(Q)[-2], k, dtype=np.real(Q).dtype)
    turned = mT(D[..., :k, :])
    W = mT(np.linalg.solve(turned, mT(D[..., k:, :])))
    moved = first_dot[..., k:, :] - W @ first_dot[..., :k, :]
    W_dot = mT(np.linalg.solve(turned, mT(moved)))
    return first_dot @ conjugate_transpose(W) + D @ conjugate_transpose(W_dot)


def refuse_raw(mode: str) -> None:
    """Refuses the vectors of the reflections of which `Q` is made."""
    if mode not in ("reduced", "complete", "r"):
        raise Refusal(
            f"`np.linalg.qr` by the mode {mode!r} has no derivative here",
            "qr",
            "use the mode 'reduced', 'complete' or 'r'",
        )
