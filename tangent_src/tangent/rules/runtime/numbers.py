"""Rules of what computes with numbers: reductions, quantiles, samples, partials, transforms."""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import numpy as np

import tangent.runtime as runtime
from tangent.rules.language import (
    LIKE_FIRST,
    constant,
    defjvp,
    defvjp,
    elementwise,
    linear,
)
from tangent.runtime import (
    abs_adjoint,
    abs_tangent,
    axes_as_last,
    axes_put_back,
    bessel_i,
    collect,
    conform,
    deviation_adjoint,
    expand_q,
    exponent_moved,
    extreme_shares,
    if_moving,
    known,
    only,
    only_back,
    own_axes,
    pad_adjoint,
    pad_tangent,
    pad_values_adjoint,
    polygamma,
    power_partial,
    power_partial_in_exponent,
    product_of_others_adjoint,
    quantile_slopes,
    quotient,
    reshape_like,
    resize_like,
    sinc_derivative,
    smooth,
    turned,
    turning,
    unbroadcast,
)

view = functools.partial(linear, fresh=False, cheap=True)
shared = functools.partial(linear, fresh=False)
structure = functools.partial(linear, fresh=False, numeric=False)

# fmt: off

# ------------------------------------------------------------------------------ samples
elementwise(runtime.located, lambda y, standard, loc, scale: (scale, 1, (y - loc) / scale))
elementwise(runtime.between, lambda y, standard, low, high:
            (high - low, (high - y) / (high - low), (y - low) / (high - low)))
elementwise(runtime.scaled, lambda y, standard, scale: (scale, y / scale))
elementwise(runtime.log_located, lambda y, standard, mean, sigma:
            (y * sigma, y, y * (np.log(y) - mean) / sigma))
elementwise(runtime.rooted, lambda y, standard, a: (y / (a * standard), -y * np.log(y) / a))
elementwise(runtime.grown, lambda y, standard, a: ((1 + y) / a, -(1 + y) * np.log1p(y) / a))
constant(runtime.drawing)

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
            None if mean is None
            else -unbroadcast(deviation_adjoint(w, x, axis, where, mean), mean)),
       differentiable=("mean",))
view(runtime.smooth, transpose=lambda w, y_bar, dtype: smooth(w, dtype))
linear(runtime.extreme_adjoint,
       transpose=lambda w, y_bar, y, x, axis=None, keepdims=False, where=None, initial=None:
           (collect(w * extreme_shares(y, x, axis, keepdims, where, initial),
                    y_bar, axis, keepdims), None, None),
       numeric=False)  # of a list it is a list
linear(runtime.known, transpose=lambda w, adjoint, x, where=None: (known(w, x, where), None),
       shape=LIKE_FIRST)
# which element is extreme, and how many share it, changes nowhere but at the ties
constant(runtime.extreme_shares, runtime.tie_share, runtime.running_extreme_places, runtime.counted)

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
           (pad_tangent(np.zeros_like(x), w, x, pad_width, mode), None, None, None, None),
       numeric=False)

# ------------------------------------------------------------------------------ partials
elementwise(runtime.bessel_i,
            lambda y, x, order=0: (bessel_i(x, order - 1) + bessel_i(x, order + 1)) / 2)
elementwise(runtime.polygamma,        lambda y, x, n=0: polygamma(x, n + 1))
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

# fmt: on


@defjvp(runtime.abs_adjoint)
def abs_adjoint_tangent(y_bar_dot, x_dot, r, y_bar, x):
    return abs_adjoint(y_bar_dot, x) + np.real(y_bar) * turned(x_dot, x)


@defjvp(runtime.abs_tangent)
def abs_tangent_tangent(v_dot, x_dot, r, v, x):
    return abs_tangent(v_dot, x) + np.real(turned(x_dot, x) * v)


@defvjp(runtime.quantile_shares, differentiable=("weights",))
def quantile_shares(w, s, a, q, axis=None, method="linear", skip=False, weights=None):
    slopes = quantile_slopes(a, q, axis, method, skip, weights)
    return None, unbroadcast(np.sum(w * slopes, own_axes(a, q)), q), None


@defjvp(runtime.quantile_shares)
def quantile_shares_tangent(q_dot, s, a, q, axis=None, method="linear", skip=False, weights=None):
    return conform(expand_q(q_dot, a) * quantile_slopes(a, q, axis, method, skip, weights), s)


constant(
    runtime.axes_from_zero,
    runtime.last_axes,
    runtime.transform_axes,
    runtime.transform_lengths,
    runtime.other_norm,
)


@defjvp(runtime.power_partial)
def power_partial_tangent(x_dot, y_dot, z, x, y, order=1):
    return power_partial(x, y, order + 1) * x_dot + exponent_moved(y_dot, x, y, order)


@defvjp(runtime.product_of_others)
def product_of_others(w, y, x, axis=None):
    return product_of_others_adjoint(w, x, axis)


@defjvp(runtime.product_of_others)
def product_of_others_tangent(x_dot, y, x, axis=None):
    """The matrix of the second derivatives of a product is symmetric."""
    return product_of_others_adjoint(x_dot, x, axis)
