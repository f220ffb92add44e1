"""Decompositions of matrices.

Where two eigenvalues are equal their vectors have no derivative: what asks for it is refused, or
nan in forward mode; what does not depend on them, such as the eigenvalues, is right.
"""

import numpy as np

from tangent.rules.language import defjvp, defvjp
from tangent.runtime import (
    diagonal,
    eig_adjoint,
    eig_tangent,
    gaps_for,
    gaps_or_nan,
    lower_half,
    mT,
    phase_adjoint,
    phase_tangent,
    qr_adjoint,
    qr_tangent,
    svd_adjoint,
    svd_tangent,
    triangle_adjoint,
    triangle_sum,
    unbroadcast,
)


@defvjp(np.linalg.cholesky)
def cholesky(y_bar, y, a, /, *, upper=False):
    """NumPy reads one triangle only.  Murray 2016, arXiv:1602.07527, section 4."""
    L = np.conj(mT(y)) if upper else y
    L_bar = np.conj(mT(y_bar)) if upper else y_bar
    P = lower_half(mT(L) @ np.tril(L_bar))
    S = mT(np.linalg.solve(np.conj(mT(L)), mT(np.linalg.solve(mT(L), P))))
    return triangle_adjoint(S, upper)


@defjvp(np.linalg.cholesky)
def cholesky_tangent(a_dot, y, a, /, *, upper=False):
    """dL = L P(L^-1 dA L^-H), with P the lower half.  Murray 2016, section 3."""
    L = np.conj(mT(y)) if upper else y
    left = np.linalg.solve(L, triangle_sum(a_dot, upper))
    L_dot = L @ lower_half(np.linalg.solve(L, np.conj(mT(left))))
    return np.conj(mT(L_dot)) if upper else L_dot


@defvjp(np.linalg.eigh, numeric=False, fields=("eigenvalues", "eigenvectors"))
def eigh(y_bar, y, a, UPLO="L"):
    """dw = diag(V^H dA V), dV = V (F * V^H dA V).  Giles 2008, section 3.1."""
    w, V = y[0], y[1]
    inner = mT(V) @ phase_adjoint(y_bar[1], V, 0 if UPLO in "Ll" else -1)
    inner = gaps_for(inner, w) * inner + diagonal(y_bar[0])
    return triangle_adjoint(np.conj(V) @ inner @ mT(V), UPLO in "Uu")


@defjvp(np.linalg.eigh)
def eigh_tangent(a_dot, y, a, UPLO="L"):
    w, V = y[0], y[1]
    inner = np.conj(mT(V)) @ triangle_sum(a_dot, UPLO in "Uu") @ V
    V_dot = V @ (gaps_or_nan(inner, w) * inner)
    V_dot = phase_tangent(V_dot, V, 0 if UPLO in "Ll" else -1)
    return np.real(np.diagonal(inner, 0, -2, -1)), V_dot


@defvjp(np.linalg.eigvalsh)
def eigvalsh(w_bar, w, a, UPLO="L"):
    """dw = diag(V^H dA V).  Giles 2008, section 3.1."""
    V = np.linalg.eigh(a, UPLO)[1]
    return triangle_adjoint((np.conj(V) * w_bar[..., None, :]) @ mT(V), UPLO in "Uu")


@defjvp(np.linalg.eigvalsh)
def eigvalsh_tangent(a_dot, w, a, UPLO="L"):
    V = np.linalg.eigh(a, UPLO)[1]
    return np.real(np.sum(np.conj(V) * (triangle_sum(a_dot, UPLO in "Uu") @ V), axis=-2))


@defvjp(np.linalg.eig, numeric=False, fields=("eigenvalues", "eigenvectors"))
def eig(y_bar, y, a):
    return eig_adjoint(y_bar, y, a)


@defjvp(np.linalg.eig)
def eig_tangent_(a_dot, y, a):
    return eig_tangent(a_dot, y, a)


@defvjp(np.linalg.eigvals)
def eigvals(w_bar, w, a):
    """dw = diag(V^-1 dA V).  Giles 2008, section 3.1."""
    V = np.linalg.eig(a)[1]
    return unbroadcast(np.linalg.solve(mT(V), w_bar[..., :, None] * mT(V)), a)


@defjvp(np.linalg.eigvals)
def eigvals_tangent(a_dot, w, a):
    V = np.linalg.eig(a)[1]
    return np.diagonal(np.linalg.solve(V, a_dot @ V), 0, -2, -1)


@defvjp(np.linalg.svd, numeric=False, fields=("U", "S", "Vh"))
def svd(y_bar, y, a, full_matrices=True, compute_uv=True, hermitian=False):
    """Of a Hermitian matrix the lower triangle is read."""
    a_bar = svd_adjoint(y_bar, y, a, full_matrices, compute_uv)
    return triangle_adjoint(a_bar) if hermitian else a_bar


@defjvp(np.linalg.svd)
def svd_tangent_(a_dot, y, a, full_matrices=True, compute_uv=True, hermitian=False):
    moved = triangle_sum(a_dot) if hermitian else a_dot
    return svd_tangent(moved, y, a, full_matrices, compute_uv)


@defvjp(np.linalg.svdvals)
def svdvals(s_bar, s, x):
    """dA = U dS V^H, conjugated.  Townsend 2016, equation 13 and below."""
    U, _, V = np.linalg.svd(x, False)
    return np.conj((U * s_bar[..., None, :]) @ V)


@defjvp(np.linalg.svdvals)
def svdvals_tangent(x_dot, s, x):
    return svd_tangent(x_dot, s, x, False, False)


@defvjp(np.linalg.qr, numeric=False, fields=("Q", "R"))
def qr(y_bar, y, a, mode="reduced"):
    return qr_adjoint(y_bar, y, a, mode)


@defjvp(np.linalg.qr)
def qr_tangent_(a_dot, y, a, mode="reduced"):
    return qr_tangent(a_dot, y, a, mode)
