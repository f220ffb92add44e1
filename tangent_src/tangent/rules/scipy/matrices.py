"""`scipy.linalg`: factors that NumPy has too, matrices of a pattern, and equations with them."""

import numpy as np
from scipy import linalg

from tangent.rules.language import constant, defprogram
from tangent.rules.scipy.linalg import mirrored, refuse_rows, smallest
from tangent.runtime.refusals import Refusal

# ------------------------------------------------------------------------------ factors


@defprogram(linalg.qr)
def qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    refuse_qr(mode, pivoting)
    if mode == "economic":
        return tuple(np.linalg.qr(a))
    if mode == "r":
        R = np.linalg.qr(a)[1]  # the rows below are zeros, whatever the vectors are
        missing = np.shape(a)[0] - np.shape(R)[0]
        return (np.concatenate((R, np.zeros((missing, np.shape(R)[1]), R.dtype))),)
    return tuple(np.linalg.qr(a, "complete"))


def refuse_qr(mode, pivoting):
    if pivoting or mode == "raw":
        what = f"`scipy.linalg.qr` with mode={mode!r}, pivoting={pivoting!r}"
        raise Refusal(
            what, "qr", "permute the columns before, and choose `full`, `r` or `economic`"
        )


constant(refuse_qr, pure=False)


@defprogram(linalg.lu)
def lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    """Of a square matrix."""
    both, pivots = linalg.lu_factor(a)
    one = np.eye(np.shape(a)[-1], dtype=np.result_type(np.real(both)))
    L, U = np.tril(both, -1) + one, np.triu(both)
    rows = rows_of(pivots)
    if permute_l:
        return L[rows], U
    return (rows if p_indices else one[rows]), L, U


def rows_of(pivots):
    """Which row of L stands where in A = P L U."""
    order = np.arange(len(pivots))
    for i, j in enumerate(pivots):
        order[[i, j]] = order[[j, i]]
    return np.argsort(order).astype(np.intc)


constant(rows_of)


@defprogram(linalg.eigvals)
def eigvals(a, b=None, overwrite_a=False, check_finite=True):
    """Complex numbers, even if all are real."""
    return np.linalg.eigvals(a if b is None else np.linalg.solve(b, a)) + 0j


@defprogram(linalg.polar)
def polar(a, side="right"):
    """A = U P, or P U, from the singular values."""
    W, s, Vh = np.linalg.svd(a, full_matrices=False)
    U = W @ Vh
    if side == "right":
        return U, (np.conj(Vh.T) * s) @ Vh
    return U, (W * s) @ np.conj(W.T)


@defprogram(linalg.pinvh)
def pinvh(a, *, rtol=None, lower=True, check_finite=True):
    whole = mirrored(a, lower)
    return np.linalg.pinv(whole, hermitian=True, rtol=smallest(a) if rtol is None else rtol)


@defprogram(linalg.lstsq)
def lstsq(a, b, cond=None):
    x, _, rank, s = np.linalg.lstsq(a, b, rcond=cond)
    if np.shape(a)[0] > np.shape(a)[1]:
        return x, np.sum(np.abs(b - a @ x) ** 2, axis=0), rank, s
    return x, np.zeros(0), rank, s


# ------------------------------------------------------------------------------ patterns


@defprogram(linalg.circulant)
def circulant(c):
    refuse_rows(c)
    n = np.size(c)
    return np.take(c, (np.arange(n)[:, None] - np.arange(n)) % n)


@defprogram(linalg.hankel)
def hankel(c, r=None):
    refuse_rows(c, r)
    m = np.size(c)
    n = m if r is None else np.size(r)
    further = np.zeros(n - 1, np.result_type(c)) if r is None else np.ravel(r)[1:]
    return np.take(np.concatenate((np.ravel(c), further)), np.arange(m)[:, None] + np.arange(n))


@defprogram(linalg.khatri_rao)
def khatri_rao(a, b):
    return np.reshape(a[:, None, :] * b[None, :, :], (-1, np.shape(a)[1]))


# ------------------------------------------------------------------------------ equations


@defprogram(linalg.solve_toeplitz)
def solve_toeplitz(c_or_cr, b, check_finite=True):
    """In double precision, as SciPy does."""
    if isinstance(c_or_cr, tuple):
        whole = linalg.toeplitz(c_or_cr[0], c_or_cr[1])
    else:
        whole = linalg.toeplitz(c_or_cr)
    return np.linalg.solve(whole + np.float64(0.0), b)


@defprogram(linalg.solve_circulant)
def solve_circulant(c, b):
    return np.linalg.solve(linalg.circulant(c), b)


@defprogram(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov(a, q):
    """A X + X A^H = Q."""
    return linalg.solve_sylvester(a, np.conj(a.T), q)


@defprogram(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov(a, q, method=None):
    """A X A^H - X + Q = 0."""
    whole = np.eye(np.size(q)) - np.kron(a, np.conj(a))
    return np.reshape(np.linalg.solve(whole, np.ravel(q)), np.shape(q))


# ------------------------------------------------------------------------------ more of NumPy's


@defprogram(linalg.eig)
def eig(
    a,
    b=None,
    left=False,
    right=True,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    homogeneous_eigvals=False,
):
    """The values are complex, whatever they are."""
    refuse_pencil(b, left, homogeneous_eigvals)
    if not right:
        return np.linalg.eigvals(a) + 0j
    w, V = np.linalg.eig(a)
    return w + 0j, V


def refuse_pencil(b, left, homogeneous):
    if b is not None or left or homogeneous:
        what = "`scipy.linalg.eig` of two matrices, or with vectors from the left"
        raise Refusal(what, "eig", "take the vectors from the right, of `np.linalg.solve(b, a)`")


@defprogram(linalg.orth)
def orth(A, rcond=None):
    """The left singular vectors of what is not 0."""
    U, s, _ = np.linalg.svd(A, full_matrices=False)
    return U[:, : rank(s, A, rcond)]


@defprogram(linalg.null_space)
def null_space(A, rcond=None, *, overwrite_a=False, check_finite=True, lapack_driver="gesdd"):
    """The right singular vectors of what is 0."""
    refuse_driver(lapack_driver)
    _, s, V = np.linalg.svd(A, full_matrices=True)
    return np.conj(V[rank(s, A, rcond) :].T)


def refuse_driver(lapack_driver):
    if lapack_driver != "gesdd":
        raise Refusal(f"`null_space` by {lapack_driver!r}", "driver", "leave `lapack_driver` out")


def rank(s, A, rcond):
    part = smallest(A) if rcond is None else rcond
    return int(np.sum(s > np.max(s, initial=0.0) * part))


constant(refuse_pencil, refuse_driver, rank, pure=False)


@defprogram(linalg.solveh_banded)
def solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True):
    """The bands on the other side of the diagonal are the conjugates of the given ones."""
    k, n = np.shape(ab)[0] - 1, np.shape(ab)[1]
    zeros = np.zeros(k, ab.dtype)
    if lower:
        above = [np.concatenate((zeros[:i], np.conj(ab[i, : n - i]))) for i in range(k, 0, -1)]
        bands = [*above, *ab]
    else:
        below = [np.concatenate((np.conj(ab[k - i, i:]), zeros[:i])) for i in range(1, k + 1)]
        bands = [*ab, *below]
    return linalg.solve_banded((k, k), np.stack(bands), b)


@defprogram(linalg.matmul_toeplitz)
def matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None):
    """In double precision, as SciPy does."""
    if isinstance(c_or_cr, tuple):
        whole = linalg.toeplitz(c_or_cr[0], c_or_cr[1])
    else:
        whole = linalg.toeplitz(c_or_cr)
    return (whole + np.float64(0.0)) @ x
