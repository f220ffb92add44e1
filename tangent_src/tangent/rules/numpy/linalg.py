"""Products of vectors and matrices, and linear algebra.

In the bilinear convention: transposes, never conjugate transposes, unless the function itself
conjugates.  Giles 2008 is "An extended collection of matrix derivative results for forward and
reverse mode algorithmic differentiation", Oxford NA-08/01.
"""

import operator

import numpy as np

from tangent.rules.language import SCALAR, defjvp, defvjp, multilinear
from tangent.runtime import (
    cofactors,
    contract_adjoint,
    dot_adjoint_left,
    dot_adjoint_right,
    expand_reduced,
    gaps,
    inner_adjoint_left,
    inner_adjoint_right,
    kron_adjoint_left,
    kron_adjoint_right,
    lower_half,
    matmul_adjoint_left,
    matmul_adjoint_right,
    mT,
    norm_adjoint,
    on_matrices,
    operand_first,
    outer_adjoint_left,
    outer_adjoint_right,
    qr_adjoint,
    qr_tangent,
    quotient,
    reshape_like,
    solve_adjoint_matrix,
    solve_adjoint_side,
    solve_tangent_matrix,
    svd_adjoint,
    svd_tangent,
    tensordot_adjoint_left,
    tensordot_adjoint_right,
    triangle_adjoint,
    triangle_sum,
    unbroadcast,
)

# ------------------------------------------------------------------------------ products


@defvjp(operator.matmul, np.matmul, tolerant=True)
def matmul(y_bar, y, a, b):
    return matmul_adjoint_left(y_bar, a, b), matmul_adjoint_right(y_bar, a, b)


@defvjp(np.dot, np.ndarray.dot, tolerant=True)
def dot(y_bar, y, a, b):
    return dot_adjoint_left(y_bar, a, b), dot_adjoint_right(y_bar, a, b)


@defvjp(np.inner, tolerant=True)
def inner(y_bar, y, a, b):
    return inner_adjoint_left(y_bar, a, b), inner_adjoint_right(y_bar, a, b)


@defvjp(np.outer, np.linalg.outer, tolerant=True)
def outer(y_bar, y, a, b):
    return outer_adjoint_left(y_bar, a, b), outer_adjoint_right(y_bar, a, b)


@defvjp(np.vdot, shape=SCALAR)
def vdot(y_bar, y, a, b):
    """y = sum(conj(a) b), of the flattened operands."""
    a_bar = np.conj(y_bar * np.ravel(b))
    return reshape_like(a_bar, a), reshape_like(y_bar * np.conj(np.ravel(a)), b)


@defvjp(np.tensordot, tolerant=True)
def tensordot(y_bar, y, a, b, axes=2):
    a_bar = tensordot_adjoint_left(y_bar, a, b, axes)
    return a_bar, tensordot_adjoint_right(y_bar, a, b, axes)


@defvjp(np.kron)
def kron(y_bar, y, a, b):
    return kron_adjoint_left(y_bar, a, b), kron_adjoint_right(y_bar, a, b)


@defvjp(np.einsum, fresh=False, tolerant=True)
def einsum(y_bar, y, subscripts, a, b=None, c=None):
    """One, two or three operands; not the form with lists of integers."""
    a_bar = contract_adjoint(y_bar, subscripts, a, b, c)
    b_bar = contract_adjoint(y_bar, operand_first(subscripts, 1), b, a, c)
    c_bar = contract_adjoint(y_bar, operand_first(subscripts, 2), c, a, b)
    return None, a_bar, b_bar, c_bar


multilinear((operator.matmul, np.matmul, np.dot, np.ndarray.dot, np.inner), "a", "b")
multilinear((np.outer, np.linalg.outer, np.vdot, np.tensordot, np.kron), "a", "b")
multilinear(np.einsum, "a", "b", "c")


@defvjp(np.cross)
def cross(y_bar, y, a, b):
    """Of vectors of length 3 along the last axis: c . (a x b) = a . (b x c) = b . (c x a)."""
    return unbroadcast(np.cross(b, y_bar), a), unbroadcast(np.cross(y_bar, a), b)


multilinear(np.cross, "a", "b")


# ------------------------------------------------------------------------------ equations


@defvjp(np.linalg.inv)
def inv(Y_bar, Y, a):
    """Y = A^-1, dY = -Y dA Y.  Giles 2008, section 2.2.3."""
    return -mT(Y) @ Y_bar @ mT(Y)


@defjvp(np.linalg.inv)
def inv_tangent(a_dot, Y, a):
    return -Y @ a_dot @ Y


@defvjp(np.linalg.solve)
def solve(X_bar, X, a, b):
    """A X = B: B_bar = A^-T X_bar, A_bar = -B_bar X^T.  Giles 2008, section 2.3.1."""
    B_bar = solve_adjoint_side(X_bar, a, b)
    return solve_adjoint_matrix(B_bar, X, a, b), unbroadcast(B_bar, b)


@defjvp(np.linalg.solve)
def solve_tangent(a_dot, b_dot, X, a, b):
    """dX = A^-1 dB - A^-1 dA X.  Giles 2008, section 2.3.1."""
    return np.linalg.solve(a, b_dot) - solve_tangent_matrix(a_dot, X, a, b)


@defvjp(np.linalg.det)
def det(y_bar, y, a):
    """The cofactors, which exist for singular matrices too."""
    return on_matrices(y_bar) * cofactors(a)


@defjvp(np.linalg.det)
def det_tangent(a_dot, y, a):
    return np.sum(cofactors(a) * a_dot, axis=(-2, -1))


@defvjp(np.linalg.slogdet, numeric=False)
def slogdet(y_bar, y, a):
    """The sign is constant; d log|det A| = tr(A^-1 dA).  Giles 2008, section 2.2.4."""
    return on_matrices(y_bar[1]) * mT(np.linalg.inv(a))


@defjvp(np.linalg.slogdet)
def slogdet_tangent(a_dot, y, a):
    return 0.0 * y[0], np.sum(mT(np.linalg.inv(a)) * a_dot, axis=(-2, -1))


@defvjp(np.linalg.pinv)
def pinv(Y_bar, Y, a):
    """Of constant rank.  Golub & Pereyra 1973, SIAM J. Numer. Anal. 10, theorem 4.3."""
    outside = mT(Y_bar) @ Y @ mT(Y)
    inside = mT(Y) @ Y @ mT(Y_bar)
    direct = mT(Y) @ Y_bar @ mT(Y)
    return outside - a @ (Y @ outside) + inside - (inside @ Y) @ a - direct


@defjvp(np.linalg.pinv)
def pinv_tangent(a_dot, Y, a):
    outside = Y @ mT(Y) @ mT(a_dot)
    inside = mT(a_dot) @ mT(Y) @ Y
    return outside - (outside @ a) @ Y + inside - Y @ (a @ inside) - Y @ a_dot @ Y


# ------------------------------------------------------------------------------ norms


@defvjp(np.linalg.norm, shape="reduction", real=True)
def norm(y_bar, y, x, ord=None, axis=None, keepdims=False):
    """x / |x|, and 0 at the kink of the norm, its subgradient of least norm."""
    ratio = quotient(y_bar, y)
    return (
        np.conj(x) * expand_reduced(ratio, x, axis, keepdims)
        if ord is None
        else norm_adjoint(y_bar, y, x, ord, axis, keepdims)
    )


@defjvp(np.linalg.norm)
def norm_tangent(x_dot, y, x, ord=None, axis=None, keepdims=False):
    """Each norm depends on entries of its own, so the adjoint of ones holds all partials."""
    products = (
        np.conj(x) * x_dot
        if ord is None
        else norm_adjoint(np.ones_like(y), y, x, ord, axis, keepdims) * x_dot
    )
    total = np.sum(np.real(products), axis, keepdims=keepdims)
    return quotient(total, y) if ord is None else total


# ------------------------------------------------------------------------------ decompositions
# The vectors of equal eigenvalues have no derivative: their factor 1 / (w_j - w_i) is taken as 0.


@defvjp(np.linalg.cholesky)
def cholesky(L_bar, L, a):
    """NumPy reads the lower triangle only.  Murray 2016, arXiv:1602.07527, section 4."""
    P = lower_half(mT(L) @ np.tril(L_bar))
    S = mT(np.linalg.solve(mT(L), mT(np.linalg.solve(mT(L), P))))
    return triangle_adjoint(S)


@defjvp(np.linalg.cholesky)
def cholesky_tangent(a_dot, L, a):
    """dL = L P(L^-1 dA L^-H), with P the lower half.  Murray 2016, section 3."""
    left = np.linalg.solve(L, triangle_sum(a_dot))
    return L @ lower_half(np.linalg.solve(L, np.conj(mT(left))))


@defvjp(np.linalg.eigh, numeric=False)
def eigh(y_bar, y, a, UPLO="L"):
    """dw = diag(V^H dA V), dV = V (F * V^H dA V).  Giles 2008, section 3.1."""
    w, V = y[0], y[1]
    inner = gaps(w) * (mT(V) @ y_bar[1]) + y_bar[0][..., None, :] * np.eye(
        V.shape[-1], dtype=w.dtype
    )
    return triangle_adjoint(np.conj(V) @ inner @ mT(V), UPLO == "U")


@defjvp(np.linalg.eigh)
def eigh_tangent(a_dot, y, a, UPLO="L"):
    w, V = y[0], y[1]
    inner = np.conj(mT(V)) @ triangle_sum(a_dot, UPLO == "U") @ V
    return np.real(np.diagonal(inner, 0, -2, -1)), V @ (gaps(w) * inner)


@defvjp(np.linalg.eigvalsh)
def eigvalsh(w_bar, w, a, UPLO="L"):
    """dw = diag(V^H dA V).  Giles 2008, section 3.1."""
    V = np.linalg.eigh(a, UPLO)[1]
    return triangle_adjoint((np.conj(V) * w_bar[..., None, :]) @ mT(V), UPLO == "U")


@defjvp(np.linalg.eigvalsh)
def eigvalsh_tangent(a_dot, w, a, UPLO="L"):
    V = np.linalg.eigh(a, UPLO)[1]
    return np.real(np.sum(np.conj(V) * (triangle_sum(a_dot, UPLO == "U") @ V), axis=-2))


@defvjp(np.linalg.svd, numeric=False)
def svd(y_bar, y, a, full_matrices=True, compute_uv=True):
    return svd_adjoint(y_bar, y, a, full_matrices, compute_uv)


@defjvp(np.linalg.svd)
def svd_tangent_(a_dot, y, a, full_matrices=True, compute_uv=True):
    return svd_tangent(a_dot, y, a, full_matrices, compute_uv)


@defvjp(np.linalg.svdvals)
def svdvals(s_bar, s, x):
    """ds = diag(U^H dA V)."""
    return svd_adjoint(s_bar, s, x, False, False)


@defjvp(np.linalg.svdvals)
def svdvals_tangent(x_dot, s, x):
    return svd_tangent(x_dot, s, x, False, False)


@defvjp(np.linalg.qr, numeric=False)
def qr(y_bar, y, a):
    return qr_adjoint(y_bar, y, a)


@defjvp(np.linalg.qr)
def qr_tangent_(a_dot, y, a):
    return qr_tangent(a_dot, y, a)
