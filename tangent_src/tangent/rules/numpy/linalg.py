"""Products of vectors and matrices, and linear algebra.

In the bilinear convention: transposes, never conjugate transposes, unless the function itself
conjugates.  Giles 2008 is "An extended collection of matrix derivative results for forward and
reverse mode algorithmic differentiation", Oxford NA-08/01.
"""

import operator

import numpy as np

from tangent.rules.language import SCALAR, defjvp, defprogram, defvjp, multilinear
from tangent.runtime import (
    axes_as_last,
    cofactors,
    conjugate_transpose,
    contract_adjoint,
    dot_adjoint_left,
    dot_adjoint_right,
    expand_reduced,
    inner_adjoint_left,
    inner_adjoint_right,
    kron_adjoint_left,
    kron_adjoint_right,
    log_det_adjoint,
    matmul_adjoint_left,
    matmul_adjoint_right,
    mT,
    multi_dot_adjoint,
    multi_dot_tangent,
    norm_adjoint,
    of_its_rank,
    on_matrices,
    operand_first,
    outer_adjoint_left,
    outer_adjoint_right,
    quotient,
    refuse_lists,
    reshape_like,
    solve_adjoint_matrix,
    solve_adjoint_side,
    solve_tangent_matrix,
    tensordot_adjoint_left,
    tensordot_adjoint_right,
    triangle_adjoint,
    triangle_sum,
    unbroadcast,
)

# ------------------------------------------------------------------------------ products


@defvjp(operator.matmul, tolerant=True)
def matmul_operator(y_bar, y, a, b):
    return matmul_adjoint_left(y_bar, a, b), matmul_adjoint_right(y_bar, a, b)


@defvjp(np.matmul, tolerant=True)
def matmul(y_bar, y, a, b, *, axes=None):
    """The matrices of an operand lie in its two `axes`."""
    return (
        matmul_adjoint_left(y_bar, a, b)
        if axes is None
        else np.moveaxis(
            matmul_adjoint_left(
                np.moveaxis(unbroadcast(y_bar, y), axes[2], (-2, -1)),
                np.moveaxis(a, axes[0], (-2, -1)),
                np.moveaxis(b, axes[1], (-2, -1)),
            ),
            (-2, -1),
            axes[0],
        ),
        matmul_adjoint_right(y_bar, a, b)
        if axes is None
        else np.moveaxis(
            matmul_adjoint_right(
                np.moveaxis(unbroadcast(y_bar, y), axes[2], (-2, -1)),
                np.moveaxis(a, axes[0], (-2, -1)),
                np.moveaxis(b, axes[1], (-2, -1)),
            ),
            (-2, -1),
            axes[1],
        ),
    )


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
def einsum(y_bar, y, subscripts, a, b=None, c=None, d=None, e=None, *, optimize=False):
    """Of at most five operands."""
    a_bar = contract_adjoint(y_bar, subscripts, a, b, c, d, e)
    b_bar = contract_adjoint(y_bar, operand_first(subscripts, 1), b, a, c, d, e)
    c_bar = contract_adjoint(y_bar, operand_first(subscripts, 2), c, a, b, d, e)
    d_bar = contract_adjoint(y_bar, operand_first(subscripts, 3), d, a, b, c, e)
    e_bar = contract_adjoint(y_bar, operand_first(subscripts, 4), e, a, b, c, d)
    return refuse_lists(subscripts), a_bar, b_bar, c_bar, d_bar, e_bar


multilinear((operator.matmul, np.matmul, np.dot, np.ndarray.dot, np.inner), "a", "b")
multilinear((np.outer, np.linalg.outer, np.vdot, np.tensordot, np.kron), "a", "b")
multilinear(np.einsum, "subscripts", "a", "b", "c", "d", "e")


@defvjp(np.cross)
def cross(y_bar, y, a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Of vectors of length 3: c . (a x b) = a . (b x c) = b . (c x a)."""
    a_bar = np.cross(b, y_bar, axisb, axisc, axisa, axis)
    return unbroadcast(a_bar, a), unbroadcast(np.cross(y_bar, a, axisc, axisa, axisb, axis), b)


multilinear(np.cross, "a", "b")


@defprogram(np.linalg.cross)
def linalg_cross(x1, x2, /, *, axis=-1):
    return np.cross(x1, x2, axis=axis)


@defprogram(np.linalg.matmul)
def linalg_matmul(x1, x2, /):
    return np.matmul(x1, x2)


@defprogram(np.linalg.tensordot)
def linalg_tensordot(x1, x2, /, *, axes=2):
    return np.tensordot(x1, x2, axes)


@defprogram(np.vecdot, np.linalg.vecdot)
def vecdot(x1, x2, /, *, axis=-1):
    """Of vectors along one axis; the first is conjugated."""
    return np.sum(np.conj(x1) * x2, axis)


@defprogram(np.matvec)
def matvec(x1, x2, /):
    return np.matmul(x1, x2[..., None])[..., 0]


@defprogram(np.vecmat)
def vecmat(x1, x2, /):
    """The vector is conjugated."""
    return np.matmul(np.conj(x1)[..., None, :], x2)[..., 0, :]


@defvjp(np.linalg.multi_dot)
def multi_dot(y_bar, y, arrays):
    return multi_dot_adjoint(y_bar, arrays)


@defjvp(np.linalg.multi_dot)
def multi_dot_tangent_(arrays_dot, y, arrays):
    return multi_dot_tangent(arrays_dot, arrays)


@defprogram(np.linalg.matrix_power)
def matrix_power(a, n):
    """A product of `n` factors, of the inverse for negative `n`."""
    if n == 0:
        return np.zeros_like(a) + np.eye(np.shape(a)[-1], dtype=np.result_type(a))
    factor = np.linalg.inv(a) if n < 0 else a
    power = factor
    for _ in range(abs(n) - 1):
        power = power @ factor
    return power


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


@defvjp(np.linalg.slogdet, numeric=False, fields=("sign", "logabsdet"))
def slogdet(y_bar, y, a):
    """d log det A = tr(A^-1 dA): the sign of a complex matrix turns by the imaginary part.  Giles
    2008, section 2.2.4.
    """
    return on_matrices(log_det_adjoint(y_bar, y)) * mT(np.linalg.inv(a))


@defjvp(np.linalg.slogdet)
def slogdet_tangent(a_dot, y, a):
    moved = np.sum(mT(np.linalg.inv(a)) * a_dot, axis=(-2, -1))
    return y[0] * (moved - np.real(moved)), np.real(moved)


@defvjp(np.linalg.pinv)
def pinv(Y_bar, Y, a, rcond=None, hermitian=False, *, rtol=None):
    """Of constant rank.  Golub & Pereyra 1973, SIAM J. Numer. Anal. 10, theorem 4.3."""
    A = triangle_sum(a) if hermitian else a
    H = conjugate_transpose(of_its_rank(Y, A))
    outside, inside = mT(Y_bar) @ Y @ H, H @ Y @ mT(Y_bar)
    projected = outside - A @ (Y @ outside) + inside - (inside @ Y) @ A
    A_bar = np.conj(projected - H @ np.conj(Y_bar) @ H)
    return triangle_adjoint(A_bar) if hermitian else A_bar


@defjvp(np.linalg.pinv)
def pinv_tangent(a_dot, Y, a, rcond=None, hermitian=False, *, rtol=None):
    A, A_dot = (triangle_sum(a), triangle_sum(a_dot)) if hermitian else (a, a_dot)
    H, H_dot = conjugate_transpose(of_its_rank(Y, A)), conjugate_transpose(A_dot)
    outside, inside = Y @ H @ H_dot, H_dot @ H @ Y
    return outside - (outside @ A) @ Y + inside - Y @ (A @ inside) - Y @ A_dot @ Y


@defprogram(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """The solution of least norm, by the pseudo-inverse: of constant rank."""
    cut = np.finfo(np.result_type(a)).eps * max(np.shape(a)) if rcond is None else rcond
    x = np.linalg.pinv(a, cut) @ b
    s = np.linalg.svdvals(a)
    rank = np.sum(s > cut * np.max(s, initial=0.0)).astype(np.int32)
    rest = b - a @ x
    squares = np.sum(np.real(rest * np.conj(rest)), axis=0)
    residuals = np.reshape(squares, (-1,))
    if rank < np.shape(a)[1] or np.shape(a)[0] <= np.shape(a)[1]:
        residuals = residuals[:0]
    return x, residuals, rank, s


@defprogram(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    """The system whose matrix has the axes of `b` as rows, and the others as columns."""
    if axes is not None:
        a = np.moveaxis(a, axes, tuple(range(np.ndim(a) - len(axes), np.ndim(a))))
    columns = np.shape(a)[np.ndim(b) :]
    x = np.linalg.solve(np.reshape(a, (np.size(b), -1)), np.ravel(b))
    return np.reshape(x, columns)


@defprogram(np.linalg.tensorinv)
def tensorinv(a, ind=2):
    """The inverse of the matrix whose rows are the first `ind` axes."""
    rows = int(np.prod(np.shape(a)[ind:]))
    inverse = np.linalg.inv(np.reshape(a, (-1, rows)))
    return np.reshape(inverse, np.shape(a)[ind:] + np.shape(a)[:ind])


@defprogram(np.linalg.cond)
def cond(x, p=None):
    """The norm times that of the inverse, or the ratio of the singular values."""
    if p is None or p == 2 or p == -2:
        s = np.linalg.svdvals(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    inverse = np.linalg.inv(x)
    axes = (-2, -1)
    return np.linalg.norm(x, p, axes) * np.linalg.norm(inverse, p, axes)


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


@defprogram(np.linalg.matrix_norm)
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, (-2, -1), keepdims)


@defprogram(np.linalg.vector_norm)
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Of all elements, or of those along one axis or several."""
    if isinstance(axis, int):
        return np.linalg.norm(x, ord, axis, keepdims)
    norm = np.linalg.norm(axes_as_last(x, axis), ord, -1)
    return expand_reduced(norm, x, axis) if keepdims else norm
