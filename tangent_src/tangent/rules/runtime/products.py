"""Rules of adjoints and tangents of matrices and products."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

import tangent.runtime as runtime
from tangent.rules.language import (
    constant,
    defjvp,
    defprogram,
    defvjp,
    linear,
    multilinear,
)
from tangent.runtime import (
    cofactors_adjoint,
    contract,
    contract_adjoint,
    convolve_adjoint,
    correlate_adjoint_left,
    correlate_adjoint_right,
    dot_adjoint_left,
    dot_adjoint_right,
    inner_adjoint_left,
    inner_adjoint_right,
    kron_adjoint_left,
    kron_adjoint_right,
    lagged_products,
    lower_half,
    matmul_adjoint_left,
    matmul_adjoint_right,
    minus_product,
    mT,
    operand_first,
    outer_adjoint_left,
    outer_adjoint_right,
    solve_adjoint_matrix,
    solve_adjoint_side,
    solve_tangent_matrix,
    tensordot_adjoint_left,
    tensordot_adjoint_right,
    triangle_adjoint,
    triangle_sum,
    unbroadcast,
)

# fmt: off

# ------------------------------------------------------------------------------ matrices
linear(runtime.lower_half, transpose=lambda w, A: lower_half(w))
linear(runtime.triangle_adjoint, transpose=lambda w, S, upper=False: triangle_sum(w, upper))
linear(runtime.triangle_sum, transpose=lambda w, S, upper=False: triangle_adjoint(w, upper))

# fmt: on


constant(
    runtime.refuse_equal,
    runtime.refuse_phase,
    runtime.refuse_raw,
    runtime.refuse_turns,
    runtime.refuse_lists,
)


@defvjp(runtime.gaps_for, runtime.gaps_or_nan)
def gaps_for(F_bar, F, inner, w):
    """As `gaps`; which entries are refused does not move."""
    t = -F_bar * F * F
    return None, np.sum(t, axis=-2) - np.sum(t, axis=-1)


@defjvp(runtime.gaps_for, runtime.gaps_or_nan)
def gaps_for_tangent(w_dot, F, inner, w):
    return -F * F * (w_dot[..., None, :] - w_dot[..., :, None])


@defvjp(runtime.gaps)
def gaps(F_bar, F, w):
    """dF_ij = -F_ij^2 (dw_j - dw_i)."""
    t = -F_bar * F * F
    return np.sum(t, axis=-2) - np.sum(t, axis=-1)


@defjvp(runtime.gaps)
def gaps_tangent(w_dot, F, w):
    return -F * F * (w_dot[..., None, :] - w_dot[..., :, None])


@defvjp(runtime.cofactors)
def cofactors(C_bar, C, A):
    return cofactors_adjoint(C_bar, C, A)


@defjvp(runtime.cofactors)
def cofactors_tangent(A_dot, C, A):
    """The matrix of the second derivatives of the determinant is symmetric."""
    return cofactors_adjoint(A_dot, C, A)


@defvjp(runtime.solve_adjoint_side)
def side(w, B_bar, X_bar, A, B):
    """B_bar = A^-T X_bar: X_bar_bar = A^-1 w, A_bar = -B_bar X_bar_bar^T."""
    inner = solve_adjoint_side(w, mT(A), B)
    return unbroadcast(inner, X_bar), solve_adjoint_matrix(B_bar, inner, A, B), None


@defjvp(runtime.solve_adjoint_side)
def side_tangent(X_bar_dot, A_dot, B_bar, X_bar, A, B):
    """dB_bar = A^-T dX_bar - A^-T dA^T B_bar."""
    direct = solve_adjoint_side(X_bar_dot, A, B)
    return direct - solve_tangent_matrix(mT(A_dot), B_bar, mT(A), B)


@defvjp(runtime.solve_tangent_matrix)
def change(w, T, change, X, A, B):
    """A T = dA X: with R = A^-T w, dA_bar = R X^T, X_bar = dA^T R, A_bar = -R T^T."""
    R = solve_adjoint_side(w, A, B)
    change_term = -solve_adjoint_matrix(R, X, change, B)
    X_term = unbroadcast(-minus_product(mT(change), R, B), X)
    return change_term, X_term, solve_adjoint_matrix(R, T, A, B), None


@defjvp(runtime.solve_tangent_matrix)
def change_tangent(change_dot, X_dot, A_dot, T, change, X, A, B):
    direct = solve_tangent_matrix(change_dot, X, A, B) + solve_tangent_matrix(change, X_dot, A, B)
    return direct - solve_tangent_matrix(A_dot, T, A, B)


@defvjp(runtime.solve_adjoint_matrix)
def matrix(w, A_bar, B_bar, X, A, B):
    """A_bar = -B_bar X^T."""
    B_term = unbroadcast(minus_product(w, X, B), B_bar)
    return B_term, unbroadcast(minus_product(mT(w), B_bar, B), X), None, None


# ------------------------------------------------------------------------------ products
# r is the adjoint of a in y = a b, so <w, r> = <y_bar, w b>: linear in y_bar and in b.


@defvjp(runtime.matmul_adjoint_left)
def matmul_left(w, r, y_bar, a, b):
    return unbroadcast(w @ b, y_bar), None, matmul_adjoint_right(y_bar, w, b)


@defvjp(runtime.matmul_adjoint_right)
def matmul_right(w, r, y_bar, a, b):
    return unbroadcast(a @ w, y_bar), matmul_adjoint_left(y_bar, a, w), None


@defvjp(runtime.dot_adjoint_left)
def dot_left(w, r, y_bar, a, b):
    return unbroadcast(np.dot(w, b), y_bar), None, dot_adjoint_right(y_bar, w, b)


@defvjp(runtime.dot_adjoint_right)
def dot_right(w, r, y_bar, a, b):
    return unbroadcast(np.dot(a, w), y_bar), dot_adjoint_left(y_bar, a, w), None


@defvjp(runtime.inner_adjoint_left)
def inner_left(w, r, y_bar, a, b):
    return unbroadcast(np.inner(w, b), y_bar), None, inner_adjoint_right(y_bar, w, b)


@defvjp(runtime.inner_adjoint_right)
def inner_right(w, r, y_bar, a, b):
    return unbroadcast(np.inner(a, w), y_bar), inner_adjoint_left(y_bar, a, w), None


@defvjp(runtime.outer_adjoint_left)
def outer_left(w, r, y_bar, a, b):
    return unbroadcast(np.outer(w, b), y_bar), None, outer_adjoint_right(y_bar, w, b)


@defvjp(runtime.outer_adjoint_right)
def outer_right(w, r, y_bar, a, b):
    return unbroadcast(np.outer(a, w), y_bar), outer_adjoint_left(y_bar, a, w), None


@defvjp(runtime.kron_adjoint_left)
def kron_left(w, r, y_bar, a, b):
    return np.kron(w, b), None, kron_adjoint_right(y_bar, w, b)


@defvjp(runtime.kron_adjoint_right)
def kron_right(w, r, y_bar, a, b):
    return np.kron(a, w), kron_adjoint_left(y_bar, a, w), None


@defvjp(runtime.convolve_adjoint)
def convolved_back(w, r, y_bar, a, v, mode="full"):
    return np.convolve(w, v, mode), None, convolve_adjoint(y_bar, v, w, mode)


@defvjp(runtime.correlate_adjoint_left)
def correlated_left(w, r, y_bar, a, v, mode="valid"):
    return np.correlate(w, v, mode), None, correlate_adjoint_right(y_bar, w, v, mode)


@defvjp(runtime.correlate_adjoint_right)
def correlated_right(w, r, y_bar, a, v, mode="valid"):
    return np.correlate(a, w, mode), correlate_adjoint_left(y_bar, a, w, mode), None


multilinear((runtime.convolve_adjoint, runtime.correlate_adjoint_left), "y_bar", "v")
multilinear(runtime.correlate_adjoint_right, "y_bar", "a")


@defvjp(runtime.tensordot_adjoint_left)
def tensordot_left(w, r, y_bar, a, b, axes=2):
    y_term = unbroadcast(np.tensordot(w, b, axes), y_bar)
    return y_term, None, tensordot_adjoint_right(y_bar, w, b, axes)


@defvjp(runtime.tensordot_adjoint_right)
def tensordot_right(w, r, y_bar, a, b, axes=2):
    y_term = unbroadcast(np.tensordot(a, w, axes), y_bar)
    return y_term, tensordot_adjoint_left(y_bar, a, w, axes), None


@defvjp(runtime.contract, fresh=False)
def contracted(y_bar, y, subscripts, a, b=None, c=None, d=None, e=None):
    a_bar = contract_adjoint(y_bar, subscripts, a, b, c, d, e)
    b_bar = contract_adjoint(y_bar, operand_first(subscripts, 1), b, a, c, d, e)
    c_bar = contract_adjoint(y_bar, operand_first(subscripts, 2), c, a, b, d, e)
    d_bar = contract_adjoint(y_bar, operand_first(subscripts, 3), d, a, b, c, e)
    e_bar = contract_adjoint(y_bar, operand_first(subscripts, 4), e, a, b, c, d)
    return None, a_bar, b_bar, c_bar, d_bar, e_bar


@defvjp(runtime.contract_adjoint, fresh=False)
def contracted_back(w, r, y_bar, subscripts, a, b=None, c=None, d=None, e=None):
    y_term = unbroadcast(contract(subscripts, w, b, c, d, e), y_bar)
    b_term = contract_adjoint(y_bar, operand_first(subscripts, 1), b, w, c, d, e)
    c_term = contract_adjoint(y_bar, operand_first(subscripts, 2), c, w, b, d, e)
    d_term = contract_adjoint(y_bar, operand_first(subscripts, 3), d, w, b, c, e)
    e_term = contract_adjoint(y_bar, operand_first(subscripts, 4), e, w, b, c, d)
    return y_term, None, None, b_term, c_term, d_term, e_term


bilinear = (
    runtime.matmul_adjoint_left,
    runtime.dot_adjoint_left,
    runtime.inner_adjoint_left,
    runtime.outer_adjoint_left,
    runtime.kron_adjoint_left,
    runtime.tensordot_adjoint_left,
)
multilinear(bilinear, "y_bar", "b")
bilinear = (
    runtime.matmul_adjoint_right,
    runtime.dot_adjoint_right,
    runtime.inner_adjoint_right,
    runtime.outer_adjoint_right,
    runtime.kron_adjoint_right,
    runtime.tensordot_adjoint_right,
)
multilinear(bilinear, "y_bar", "a")
multilinear(runtime.contract, "a", "b", "c", "d", "e")
multilinear(runtime.contract_adjoint, "y_bar", "b", "c", "d", "e")
multilinear(runtime.solve_adjoint_matrix, "B_bar", "X")
constant(runtime.operand_first, runtime.einsum_subscripts, runtime.tensordot_axes)

defprogram(lagged_products)(lagged_products)


@defvjp(runtime.of_its_rank, fresh=False)
def of_its_rank_adjoint(y_bar, y, Y, A):
    """It asks about `Y`, and gives it back: what comes in is no pseudo-inverse."""
    return y_bar, None


@defjvp(runtime.of_its_rank)
def of_its_rank_tangent(Y_dot, y, Y, A):
    return Y_dot
