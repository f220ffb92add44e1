"""`scipy.linalg`, of square matrices one at a time."""

import numpy as np
from scipy import linalg

from tangent.rules.language import constant, defjvp, defprogram, defvjp, linear
from tangent.runtime import (
    bands_of,
    bands_times,
    bands_turned,
    blocks_back,
    conform,
    diagonal,
    gaps_for,
    gaps_or_nan,
    lu_adjoint,
    lu_tangent,
    mT,
    outer_rows,
    phase_adjoint,
    phase_tangent,
    pivot_order,
    triangle_adjoint,
    triangle_sum,
    unbroadcast,
)
from tangent.runtime.refusals import Refusal

# ------------------------------------------------------------------------------ as in NumPy


@defprogram(linalg.solve)
def solve(
    a,
    b,
    lower=False,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    assume_a="general",
    transposed=False,
):
    """Of a matrix that is said to have a pattern only that is read."""
    if assume_a in ("her", "hermitian", "pos", "positive definite"):
        a = mirrored(a, lower)
    elif assume_a in ("sym", "symmetric"):
        a = one_half(a, lower) + one_half(a, lower, 1).mT
    elif assume_a == "upper triangular":
        a = np.triu(a)
    elif assume_a == "lower triangular":
        a = np.tril(a)
    elif assume_a == "tridiagonal":
        a = np.tril(np.triu(a, -1), 1)
    elif assume_a == "diagonal":
        a = np.tril(np.triu(a))
    return np.linalg.solve(a.mT if transposed else a, b)


def one_half(a, lower, k=0):
    """One triangle of a matrix, with its diagonal or without."""
    return np.tril(a, -k) if lower else np.triu(a, k)


def mirrored(a, lower):
    """The Hermitian matrix of which one triangle is given, and the real part of the diagonal."""
    half = one_half(a, lower, 1)
    return half + np.conj(half).mT + np.real(np.tril(np.triu(a)))


@defprogram(linalg.inv)
def inv(a, overwrite_a=False, check_finite=True):
    return np.linalg.inv(a)


@defprogram(linalg.det)
def det(a, overwrite_a=False, check_finite=True):
    return np.linalg.det(np.asarray(a).astype(np.result_type(a, np.float64)))


@defprogram(linalg.pinv)
def pinv(a, *, rtol=None, check_finite=True):
    return np.linalg.pinv(a, rtol=smallest(a) if rtol is None else rtol)


def smallest(a):
    """The singular values that count as 0, as a part of the greatest."""
    return np.max(np.shape(a)) * np.finfo(np.result_type(a, np.float32)).eps


constant(smallest)


@defprogram(linalg.norm)
def norm(a, ord=None, axis=None, keepdims=False, check_finite=True):
    found = np.linalg.norm(a, ord, axis, keepdims)
    lapack = np.ndim(a) == 2 and np.size(a) > 0 and axis is None and not keepdims
    if lapack and (ord == 1 or ord == np.inf) and (a.flags.fnc or a.T.flags.fnc):
        return float(found)  # a number of Python, as LAPACK gives it
    return found


# The row of the vectors that LAPACK turns to real numbers.  Of the vectors of two matrices, by
# their lower triangles, it is the first of B V, and none is known here.


@defvjp(linalg.eigh, numeric=False, differentiable=("b",))
def eigh(y_bar, y, a, b=None, *, lower=True):
    """A V = B V diag(w) and V^H B V = 1, so that with M = V^H (dA V - dB V diag(w)) dw = diag(M)
    and dV = V (F * M - diag(V^H dB V) / 2).  Giles 2008, section 3.1, is the case B = 1.
    """
    w, V = y[0], y[1]
    V_bar = phase_adjoint(y_bar[1], V, -1 if not lower else 0 if b is None else None)
    turned = mT(V) @ V_bar
    inner = gaps_for(turned, w) * turned + diagonal(y_bar[0])
    scaled = -inner * w - diagonal(np.real(np.diagonal(turned))) / 2
    return (
        unbroadcast(triangle_adjoint(np.conj(V) @ inner @ mT(V), not lower), a),
        None
        if b is None
        else unbroadcast(triangle_adjoint(np.conj(V) @ scaled @ mT(V), not lower), b),
    )


@defjvp(linalg.eigh)
def eigh_tangent(a_dot, b_dot, y, a, b=None, *, lower=True):
    w, V = y[0], y[1]
    moved = 0.0 if b is None else np.conj(mT(V)) @ triangle_sum(b_dot, not lower) @ V
    inner = np.conj(mT(V)) @ triangle_sum(a_dot, not lower) @ V - moved * w
    scale = np.real(moved) * np.eye(np.size(w), dtype=w.dtype) / 2
    V_dot = V @ (gaps_or_nan(inner, w) * inner - scale)
    V_dot = phase_tangent(V_dot, V, -1 if not lower else 0 if b is None else None)
    return np.real(np.diagonal(inner, 0, -2, -1)), V_dot


@defprogram(linalg.eigvalsh)
def eigvalsh(a, b=None, *, lower=True):
    if b is None:
        return np.linalg.eigvalsh(a, "L" if lower else "U")
    return linalg.eigh(a, b, lower=lower)[0]


@defprogram(linalg.svd)
def svd(a, full_matrices=True, compute_uv=True):
    return np.linalg.svd(a, full_matrices, compute_uv)


@defprogram(linalg.svdvals)
def svdvals(a, overwrite_a=False, check_finite=True):
    return np.linalg.svdvals(a)


@defprogram(linalg.cholesky)
def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    return np.linalg.cholesky(a, upper=not lower)


# ------------------------------------------------------------------------------ triangles and bands


@defvjp(linalg.solve_triangular)
def solve_triangular(X_bar, X, a, b, trans=0, lower=False, unit_diagonal=False):
    """As any solution, B_bar = A^-T X_bar, A_bar = -B_bar X^T; of the triangle that is read."""
    turned = trans in (1, 2, "T", "C")
    read = np.conj(a) if trans in (2, "C") else a
    B_bar = linalg.solve_triangular(read, X_bar, 0 if turned else 1, lower, unit_diagonal)
    A_bar = -outer_rows(X, B_bar) if turned else -outer_rows(B_bar, X)
    part = (
        np.tril(A_bar, -1 if unit_diagonal else 0)
        if lower
        else np.triu(A_bar, 1 if unit_diagonal else 0)
    )
    return np.conj(part) if trans in (2, "C") else part, B_bar


@defjvp(linalg.solve_triangular)
def triangular_tangent(a_dot, b_dot, X, a, b, trans=0, lower=False, unit_diagonal=False):
    k = 1 if unit_diagonal else 0
    part = np.tril(a_dot, -k) if lower else np.triu(a_dot, k)
    turned = part.T if trans in (1, "T") else np.conj(part.T) if trans in (2, "C") else part
    moved = turned @ X
    return linalg.solve_triangular(a, b_dot - moved, trans, lower, unit_diagonal)


@defvjp(linalg.solve_banded)
def solve_banded(X_bar, X, l_and_u, ab, b):
    """The transposed matrix has the bands in the other order."""
    turned = bands_turned(ab, l_and_u[0], l_and_u[1])
    B_bar = linalg.solve_banded((l_and_u[1], l_and_u[0]), turned, X_bar)
    return None, -bands_of(B_bar, X, l_and_u[0], l_and_u[1]), B_bar


@defjvp(linalg.solve_banded)
def banded_tangent(ab_dot, b_dot, X, l_and_u, ab, b):
    moved = bands_times(ab_dot, X, l_and_u[0], l_and_u[1])
    return linalg.solve_banded(l_and_u, ab, b_dot - moved)


# ------------------------------------------------------------------------------ factors


@defprogram(linalg.cho_factor)
def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    return np.linalg.cholesky(a, upper=not lower), lower


@defprogram(linalg.cho_solve)
def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    c, lower = c_and_lower
    L = np.tril(c) if lower else np.conj(np.triu(c).T)
    return linalg.solve_triangular(L, linalg.solve_triangular(L, b, 0, True), 2, True)


@defvjp(linalg.lu_factor, numeric=False)
def lu_factor(y_bar, y, a):
    return lu_adjoint(y_bar[0], y[0], y[1])


@defjvp(linalg.lu_factor)
def lu_factor_tangent(a_dot, y, a):
    return lu_tangent(a_dot, y[0], y[1]), 0.0 * y[1]


@defprogram(linalg.lu_solve)
def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    lu, piv = lu_and_piv
    order = pivot_order(piv)
    if trans == 0:
        half = linalg.solve_triangular(lu, b[order], 0, True, True)
        return linalg.solve_triangular(lu, half)
    half = linalg.solve_triangular(lu, linalg.solve_triangular(lu, b, trans), trans, True, True)
    return half[np.argsort(order)]


linear(linalg.block_diag, transpose=lambda Y_bar, *arrs: blocks_back(Y_bar, arrs))

# ------------------------------------------------------------------------------ matrix functions
# f([[A, E], [0, A]]) = [[f(A), L(A, E)], [0, f(A)]], where L is the derivative of f at A along E.
# Mathias 1996, SIAM J. Matrix Anal. Appl. 17, theorem 2.1.


@defvjp(linalg.expm)
def expm(Y_bar, Y, A):
    n = np.shape(A)[-1]
    return linalg.expm(np.block([[A.mT, Y_bar], [np.zeros_like(A), A.mT]]))[..., :n, n:]


@defjvp(linalg.expm)
def expm_tangent(A_dot, Y, A):
    n = np.shape(A)[-1]
    return linalg.expm(np.block([[A, A_dot], [np.zeros_like(A), A]]))[..., :n, n:]


@defvjp(linalg.logm)
def logm(Y_bar, Y, A):
    n = np.shape(A)[0]
    whole = linalg.logm(np.block([[A.T, Y_bar], [np.zeros_like(A), A.T]]))
    return unbroadcast(whole[:n, n:], A)


@defjvp(linalg.logm)
def logm_tangent(A_dot, Y, A):
    n = np.shape(A)[0]
    whole = linalg.logm(np.block([[A, A_dot], [np.zeros_like(A), A]]))
    return conform(whole[:n, n:], Y)


@defvjp(linalg.sqrtm)
def sqrtm(Y_bar, Y, A):
    """Y Y = A: Y dY + dY Y = dA."""
    return linalg.solve_sylvester(Y.T, Y.T, Y_bar)


@defjvp(linalg.sqrtm)
def sqrtm_tangent(A_dot, Y, A):
    return linalg.solve_sylvester(Y, Y, A_dot)


@defvjp(linalg.solve_sylvester)
def solve_sylvester(X_bar, X, a, b, q):
    """A X + X B = Q: Q_bar = A^-T (X_bar - Q_bar B^T), A_bar = -Q_bar X^T, B_bar = -X^T Q_bar."""
    Q_bar = linalg.solve_sylvester(a.T, b.T, X_bar)
    return -Q_bar @ X.T, -X.T @ Q_bar, Q_bar


@defjvp(linalg.solve_sylvester)
def sylvester_tangent(a_dot, b_dot, q_dot, X, a, b, q):
    return linalg.solve_sylvester(a, b, q_dot - a_dot @ X - X @ b_dot)


@defprogram(linalg.toeplitz)
def toeplitz(c, r=None):
    """A constant along each diagonal."""
    refuse_rows(c, r)
    m, n = np.size(c), np.size(c) if r is None else np.size(r)
    if r is None:
        values = np.concatenate((np.conj(np.ravel(c))[:0:-1], np.ravel(c)))
    else:
        values = np.concatenate((np.ravel(r)[:0:-1], np.ravel(c)))
    return np.take(values, np.arange(m)[:, None] - np.arange(n)[None, :] + n - 1)


def refuse_rows(*given):
    """Refuses what SciPy 1.17 reads as several rows, and other versions as one."""
    if any(np.ndim(x) > 1 for x in given):
        raise Refusal("a matrix of a pattern, of several rows", "shape", "call it for each row")


constant(refuse_rows, pure=False)


@defprogram(linalg.cosm)
def cosm(A):
    if np.iscomplexobj(A):
        return (linalg.expm(1j * A) + linalg.expm(-1j * A)) / 2
    return np.real(linalg.expm(1j * A))


@defprogram(linalg.sinm)
def sinm(A):
    if np.iscomplexobj(A):
        return (linalg.expm(1j * A) - linalg.expm(-1j * A)) / 2j
    return np.imag(linalg.expm(1j * A))


@defprogram(linalg.tanm)
def tanm(A):
    return np.linalg.solve(linalg.cosm(A), linalg.sinm(A))


@defprogram(linalg.coshm)
def coshm(A):
    return (linalg.expm(A) + linalg.expm(-A)) / 2


@defprogram(linalg.sinhm)
def sinhm(A):
    return (linalg.expm(A) - linalg.expm(-A)) / 2


@defprogram(linalg.tanhm)
def tanhm(A):
    return np.linalg.solve(linalg.coshm(A), linalg.sinhm(A))
