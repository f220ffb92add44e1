"""The rules of the runtime: what generated code calls can be differentiated again.

Most of its functions are linear in the adjoint that they move, and the transposed map is the
function that they transposed.  `add_at` and `take_out` write: they are the engine's business.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import numpy as np

import tangent.runtime as runtime
from tangent.rules.language import (
    LIKE_FIRST,
    SCALAR,
    constant,
    defjvp,
    defvjp,
    elementwise,
    linear,
    multilinear,
    no_rule_yet,
)
from tangent.runtime import (
    abs_adjoint,
    abs_tangent,
    along_axis,
    along_axis_back,
    axes_as_last,
    axes_put_back,
    bessel_i,
    cofactors_adjoint,
    collect,
    collect_items,
    conform,
    contract,
    contract_adjoint,
    convolve_adjoint,
    correlate_adjoint_left,
    correlate_adjoint_right,
    credited,
    credited_back,
    deviation_adjoint,
    dot_adjoint_left,
    dot_adjoint_right,
    entries_at,
    entries_of,
    expand_q,
    exponent_moved,
    extreme_shares,
    fit,
    if_moving,
    inner_adjoint_left,
    inner_adjoint_right,
    join_parts,
    keyed,
    known,
    kron_adjoint_left,
    kron_adjoint_right,
    lower_half,
    matmul_adjoint_left,
    matmul_adjoint_right,
    mesh,
    minus_product,
    mT,
    only,
    only_back,
    operand_first,
    outer_adjoint_left,
    outer_adjoint_right,
    own_axes,
    pack_array_like,
    pad_adjoint,
    pad_tangent,
    pad_values_adjoint,
    power_partial,
    power_partial_in_exponent,
    product_of_others_adjoint,
    quantile_slopes,
    quotient,
    reshape_like,
    resize_like,
    sinc_derivative,
    smooth,
    solve_adjoint_matrix,
    solve_adjoint_side,
    solve_tangent_matrix,
    split_like,
    spread,
    spread_items,
    tensordot_adjoint_left,
    tensordot_adjoint_right,
    transpose_back,
    transpose_by,
    triangle_adjoint,
    triangle_sum,
    turned,
    turning,
    unbroadcast,
    unbroadcast_each,
    unlike,
    unmesh,
    unpack_like,
    weighted,
    weighted_sum,
)

view = functools.partial(linear, fresh=False, cheap=True)
shared = functools.partial(linear, fresh=False)
structure = functools.partial(linear, fresh=False, numeric=False)

# fmt: off

# ------------------------------------------------------------------------------ broadcasting
view(runtime.unbroadcast, transpose=lambda w, adjoint, primal: (unbroadcast(w, adjoint), None))
view(runtime.unbroadcast_to, transpose=lambda w, adjoint, shape: unbroadcast(w, adjoint))
view(runtime.cast, transpose=lambda w, adjoint, dtype: unbroadcast(w, adjoint))
linear(runtime.spread,
       transpose=lambda w, adjoint, primal, axis=None, keepdims=False:
           (collect(w, adjoint, axis, keepdims), None))
linear(runtime.collect,
       transpose=lambda w, y_bar, adjoint, axis=None, keepdims=False:
           (spread(w, y_bar, axis, keepdims), None),
       tolerant=True)
view(runtime.expand_reduced,
     transpose=lambda w, y, x, axis=None, keepdims=False: (collect(w, y, axis, keepdims), None))
structure(runtime.spread_items,
          transpose=lambda w, adjoint, items: (collect_items(w, adjoint), None))
shared(runtime.collect_items, transpose=lambda w, y_bar, adjoint: (spread_items(w, y_bar), None))
shared(runtime.unpack_like,
       transpose=lambda w, adjoint, primal, dtype=None: (pack_array_like(w, adjoint, dtype), None))
shared(runtime.pack_array_like,
       transpose=lambda w, y_bar, adjoint, dtype=None: (unpack_like(w, y_bar, dtype), None))

# ------------------------------------------------------------------------------ tangents
view(runtime.recast,
     transpose=lambda w, tangent, dtype=None, copy=False: unbroadcast(w, tangent))
view(runtime.conform, transpose=lambda w, tangent, value: (unbroadcast(w, tangent), None))
structure(runtime.tangent_like, transpose=lambda w, tangent, value: (unlike(w, tangent), None))
constant(runtime.zero_tangent, runtime.filled)

# ------------------------------------------------------------------------------ structure
structure(runtime.like, transpose=lambda w, adjoint, primal, copy=False: (unlike(w, adjoint), None))
structure(runtime.unlike, transpose=lambda w, y_bar, adjoint: (unlike(w, y_bar), None))
linear(runtime.seed,
       transpose=lambda w, result_bar, result: (unbroadcast(w, result_bar), None),
       shape=SCALAR, cheap=True)
structure(runtime.whole,
          transpose=lambda w, adjoint, primal: (unlike(w, adjoint), None), cheap=True)
structure(runtime.add, transpose=lambda w, a, b: (unlike(w, a), unlike(w, b)))
structure(runtime.pack_like, transpose=lambda w, adjoints, primal: (unlike(w, adjoints), None))
linear(runtime.own, transpose=lambda w, value: w, numeric=False)
linear(runtime.private, transpose=lambda w, adjoint: w, numeric=False, deep=True)
structure(runtime.credited, transpose=lambda w, buffer, index: credited_back(w, buffer, index))
structure(runtime.credited_back,
          transpose=lambda w, y_bar, buffer, index: (credited(w, index), None, None))
structure(runtime.fit,
          transpose=lambda w, adjoint, primal: (fit(w, adjoint), None),
          cheap=True)
linear(runtime.apart, transpose=lambda w, value: w, numeric=False)
structure(runtime.inexact, transpose=lambda w, target: w, cheap=True)
structure(runtime.no_array, transpose=lambda w, value: w, cheap=True)
structure(runtime.only_fields, transpose=lambda w, adjoint, *fields: w, cheap=True)
structure(runtime.in_place, transpose=lambda w, target, nothing: (w, None), cheap=True)
structure(runtime.keyed,
          transpose=lambda y_bar, keys, entries: (None, entries_at(y_bar, keys, entries)))
structure(runtime.entries_at,
          transpose=lambda w, adjoint, keys, entries: (keyed(keys, w), None, None))
structure(runtime.entries_of,
          transpose=lambda w, adjoint, primal, later:
              (entries_of(w, adjoint, later), None, None))
view(runtime.unshared, transpose=lambda w, value, name: w)
linear((runtime.replayable, runtime.sequence),
       transpose=lambda w, items: w,
       fresh=False, cheap=True, numeric=False)
constant(runtime.zeros_like, runtime.refuse_unknown, runtime.picks_by_number, runtime.permutation)
constant(runtime.last_written, runtime.overlap, runtime.parts)
constant(runtime.is_staircase)
constant(runtime.shared, scalar=True)
constant(runtime.separate, runtime.no_list, pure=False)
no_rule_yet(runtime.entry, runtime.restore, reason="they undo a store into a dict")
no_rule_yet(
    runtime.accumulate,
    runtime.copied,
    runtime.fill,
    runtime.laid_out,
    runtime.overwrite,
    runtime.shadow,
    reason="second derivatives through views that may be copies are not there yet",
)
constant(runtime.operand_first, runtime.einsum_subscripts, runtime.tensordot_axes)
constant(runtime.count, scalar=True)

# ------------------------------------------------------------------------------ shapes
view(runtime.reshape_like,
     transpose=lambda w, y_bar, x, order="C": (reshape_like(w, y_bar, order), None))
view(runtime.transpose_back, transpose=lambda w, y_bar, axes=None: transpose_by(w, axes))
view(runtime.transpose_by, transpose=lambda w, x, axes=None: transpose_back(w, axes))
view(runtime.mT, transpose=lambda w, A: mT(w))
view(runtime.on_matrices, transpose=lambda w, y_bar: reshape_like(w, y_bar))
structure(runtime.split_like,
          transpose=lambda w, y_bar, xs, axis=0, least=1: (join_parts(w, y_bar, axis), None))
structure(runtime.split_rows_like,
          transpose=lambda w, y_bar, xs:
              (join_parts(w, y_bar, 0 if np.ndim(y_bar) == 1 else 1), None))
linear(runtime.join_parts,
       transpose=lambda w, parts, y_bar, axis=0: (split_like(w, parts, axis, np.ndim(w)), None))
structure(runtime.unstack_like, transpose=lambda w, y_bar, xs, axis=0: (np.stack(w, axis), None))
linear(runtime.join_like,
       transpose=lambda w, y_bars, x, axis=0: (split_like(w, y_bars, axis), None))
linear(runtime.repeat_adjoint,
       transpose=lambda w, y_bar, x, repeats, axis=None: (np.repeat(w, repeats, axis), None, None))
linear(runtime.tile_adjoint, transpose=lambda w, y_bar, x, reps: (np.tile(w, reps), None, None))
linear(runtime.item_back, transpose=lambda w, y_bar, x, args: (w.item(*args), None, None))
linear(runtime.weighted_sum,
       transpose=lambda w, y_bar, weights, axis=0: (weighted(w, weights, axis), None))
linear(runtime.weighted,
       transpose=lambda w, x, weights, axis=0: (
           unbroadcast(weighted_sum(w, weights, axis), x), None))
shared(runtime.along_axis,
       transpose=lambda y_bar, w, x, axis: (along_axis_back(y_bar, w, axis), None, None))
shared(runtime.along_axis_back,
       transpose=lambda v, y_bar, w, axis: (along_axis(v, y_bar, axis), None, None))
linear(runtime.diff_adjoint,
       transpose=lambda w, y_bar, x, n=1, axis=-1: (np.diff(w, n, axis), None))
linear(runtime.put_back,
       transpose=lambda w, y_bar, x, indices, axis=None, mode="raise": (
           np.take(w, indices, axis, mode=mode), None, None))
linear(runtime.put_back_along,
       transpose=lambda w, y_bar, x, indices, axis=-1:
           (np.take_along_axis(w, indices, axis), None, None))
linear(runtime.unsort,
       transpose=lambda w, y_bar, x, axis=-1:
           (np.take_along_axis(w, np.argsort(x, axis, kind="stable"), axis), None))
linear(runtime.diagonal_back,
       transpose=lambda w, y_bar, x, offset=0, axis1=0, axis2=1:
           (np.diagonal(w, offset, axis1, axis2), None))
linear(runtime.trace_adjoint,
       transpose=lambda w, y_bar, x, offset=0, axis1=0, axis2=1:
           (np.trace(w, offset, axis1, axis2), None))
shared(runtime.diag_back, transpose=lambda w, y_bar, x, k=0: (np.diag(w, k), None))

# ------------------------------------------------------------------------------ choices
constant(runtime.inserted_places, runtime.unique_places, runtime.unique_extras)
constant(runtime.leading_zeros, runtime.piecewise_masks)
constant(runtime.shared_places)
linear(runtime.placed_at,
       transpose=lambda w, values, x, mask: (unbroadcast(w[mask], values), None, None))
structure(runtime.unchoose,
          transpose=lambda w, y_bar, a, choices, mode="raise": (
              unbroadcast(np.choose(a, w, mode=mode), y_bar), None, None))
structure(runtime.unselect,
          transpose=lambda w, y_bar, condlist, choicelist: (
              unbroadcast(np.select(condlist, w), y_bar), None, None))
linear(runtime.unselect_default,
       transpose=lambda w, y_bar, condlist, default: (
           np.select(condlist, [np.zeros_like(y_bar)] * len(condlist), w), None, None))
linear(runtime.uninsert,
       transpose=lambda w, y_bar, arr, obj, axis=None: (np.insert(w, obj, 0, axis), None, None))
linear(runtime.inserted,
       transpose=lambda w, y_bar, arr, obj, values, axis=None: (
           np.insert(np.zeros_like(arr), obj, w, axis), None, None, None))
structure(runtime.unblock, transpose=lambda w, y_bar, arrays: (np.block(w), None))
view(runtime.roll_axis_back, transpose=lambda w, y_bar, axis, start=0: np.rollaxis(w, axis, start))
structure(runtime.unbroadcast_each,
          transpose=lambda w, y_bars, xs: (unbroadcast_each(w, y_bars), None))
structure(runtime.unmesh,
          transpose=lambda w, y_bars, xs, sparse=False, indexing="xy": (
              mesh(w, sparse, indexing), None))
structure(runtime.mesh,
          transpose=lambda w, xs, sparse=False, indexing="xy": unmesh(w, xs, sparse, indexing))

# ------------------------------------------------------------------------------ reductions
linear(runtime.cumsum_adjoint, transpose=lambda w, y_bar, x, axis=None: (np.cumsum(w, axis), None))
linear(runtime.running_sum_adjoint,
       transpose=lambda w, y_bar, x, axis=None, include_initial=False:
           (np.cumulative_sum(w, axis=axis, include_initial=include_initial), None))
linear(runtime.spread_segments,
       transpose=lambda w, y_bar, x, indices, axis=0:
           (np.add.reduceat(w, indices, axis), None, None))
shared(runtime.axes_as_last, transpose=lambda w, x, axis=None: axes_put_back(w, x, axis))
linear(runtime.axes_put_back,
       transpose=lambda w, rows, x, axis=None: (axes_as_last(w, axis), None))
linear(runtime.deviation,
       transpose=lambda w, x, axis=None, where=None, mean=None:
           (deviation_adjoint(w, x, axis, where, mean),
            None if mean is None else -unbroadcast(w, mean)),
       differentiable=("mean",))
view(runtime.smooth, transpose=lambda w, y_bar, dtype: smooth(w, dtype))
linear(runtime.extreme_adjoint,
       transpose=lambda w, y_bar, y, x, axis=None, keepdims=False, where=None, initial=None:
           (collect(w * extreme_shares(y, x, axis, keepdims, where, initial),
                    y_bar, axis, keepdims), None, None))
linear(runtime.known, transpose=lambda w, adjoint, x: (known(w, x), None), shape=LIKE_FIRST)
# which element is extreme, and how many share it, changes nowhere but at the ties
constant(runtime.extreme_shares, runtime.tie_share, runtime.running_extreme_places)

# ------------------------------------------------------------------------------ quantiles
constant(runtime.quantile_axes, runtime.leading_axes, runtime.own_axes, runtime.quantile_slopes)
shared(runtime.expand_quantiles,
       transpose=lambda w, y, a, q, axis=None, keepdims=False:
           (reshape_like(w, y), None, None))
shared(runtime.expand_q, transpose=lambda w, q_dot, a: (reshape_like(w, q_dot), None))

# ------------------------------------------------------------------------------ samples
constant(runtime.gradient_axes)
structure(runtime.only, transpose=lambda w, parts: only_back(w, parts))
structure(runtime.only_back, transpose=lambda v, w, parts: (only(v), None))
shared(runtime.pad_adjoint,
       transpose=lambda w, y_bar, x, pad_width, mode="constant", stat_length=None,
       reflect_type="even": (
           pad_tangent(w, 0, x, pad_width, mode, stat_length, reflect_type), None, None))
linear(runtime.pad_tangent,
       transpose=lambda w, x_dot, values_dot, x, pad_width, mode="constant", stat_length=None,
       reflect_type="even": (
           pad_adjoint(w, x, pad_width, mode, stat_length, reflect_type),
           pad_values_adjoint(w, x, pad_width, mode, values_dot), None, None))
linear(runtime.pad_values_adjoint,
       transpose=lambda w, y_bar, x, pad_width, mode, values:
           (pad_tangent(np.zeros_like(x), w, x, pad_width, mode), None, None, None, None))

# ------------------------------------------------------------------------------ partials
elementwise(runtime.bessel_i,
            lambda y, x, order=0: (bessel_i(x, order - 1) + bessel_i(x, order + 1)) / 2)
elementwise(runtime.quotient,         lambda z, x, y: (quotient(1, y), -quotient(z, y)))
elementwise(runtime.abs_adjoint, terms=lambda w, y, y_bar, x: (
    abs_tangent(w, x), turning(w * np.real(y_bar), x)))
elementwise(runtime.abs_tangent, terms=lambda w, y, v, x: (
    abs_adjoint(w, x), turning(np.real(w) * v, x)))
elementwise(runtime.log_or_zero,      lambda y, x: quotient(1, x))
elementwise(runtime.power_partial,
            lambda z, x, y, order=1: (power_partial(x, y, order + 1),
                                      power_partial_in_exponent(x, y, order)))
elementwise(runtime.if_moving, terms=lambda w, r, partial, x_dot: (if_moving(w, x_dot), None))
elementwise(runtime.logaddexp_share,  lambda s, x, y: (s * (1 - s), -s * (1 - s)))
elementwise(runtime.sinc_derivative,  lambda y, x, order=1: sinc_derivative(x, order + 1))

# ------------------------------------------------------------------------------ Fourier transforms
shared(runtime.resize_like, transpose=lambda w, y_bar, x: (resize_like(w, y_bar), None))
linear(runtime.rfft_adjoint,
       transpose=lambda w, y_bar, x, n=None, axis=-1, norm=None:
           (unbroadcast(np.fft.rfft(w, n, axis, norm), y_bar), None))
linear(runtime.irfft_adjoint,
       transpose=lambda w, y_bar, x, n=None, axis=-1, norm=None:
           (np.fft.irfft(w, n, axis, norm), None))

# ------------------------------------------------------------------------------ matrices
linear(runtime.lower_half, transpose=lambda w, A: lower_half(w))
linear(runtime.triangle_adjoint, transpose=lambda w, S, upper=False: triangle_sum(w, upper))
linear(runtime.triangle_sum, transpose=lambda w, S, upper=False: triangle_adjoint(w, upper))
# fmt: on


@defjvp(runtime.abs_adjoint)
def abs_adjoint_tangent(y_bar_dot, x_dot, r, y_bar, x):
    return abs_adjoint(y_bar_dot, x) + np.real(y_bar) * turned(x_dot, x)


@defjvp(runtime.abs_tangent)
def abs_tangent_tangent(v_dot, x_dot, r, v, x):
    return abs_tangent(v_dot, x) + np.real(turned(x_dot, x) * v)


@defvjp(runtime.quantile_shares)
def quantile_shares(w, s, a, q, axis=None, method="linear", skip=False):
    slopes = quantile_slopes(a, q, axis, method, skip)
    return None, unbroadcast(np.sum(w * slopes, own_axes(a, q)), q)


@defjvp(runtime.quantile_shares)
def quantile_shares_tangent(q_dot, s, a, q, axis=None, method="linear", skip=False):
    return conform(expand_q(q_dot, a) * quantile_slopes(a, q, axis, method, skip), s)


constant(runtime.refuse_equal, runtime.refuse_phase, runtime.refuse_complete, runtime.refuse_lists)
constant(runtime.transform_axes, runtime.transform_lengths, runtime.other_norm)


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


@defjvp(runtime.power_partial)
def power_partial_tangent(x_dot, y_dot, z, x, y, order=1):
    return power_partial(x, y, order + 1) * x_dot + exponent_moved(y_dot, x, y, order)


@defjvp(runtime.gaps)
def gaps_tangent(w_dot, F, w):
    return -F * F * (w_dot[..., None, :] - w_dot[..., :, None])


@defvjp(runtime.product_of_others)
def product_of_others(w, y, x, axis=None):
    return product_of_others_adjoint(w, x, axis)


@defjvp(runtime.product_of_others)
def product_of_others_tangent(x_dot, y, x, axis=None):
    """The matrix of the second derivatives of a product is symmetric."""
    return product_of_others_adjoint(x_dot, x, axis)


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
constant(runtime.stop_gradient, fresh=False)
schedules = (runtime.stride, runtime.wait, runtime.dispensable, runtime.best_segment)
constant((runtime.positive, *schedules), scalar=True)
