"""Functions of samples along an axis: integrals, differences, interpolation, convolution."""

import numpy as np

from tangent.rules.language import defjvp, defprogram, defvjp, elementwise, multilinear
from tangent.runtime import (
    bessel_i,
    convolve_adjoint,
    correlate_adjoint_left,
    correlate_adjoint_right,
    gradient_along,
    gradient_axes,
    only,
    pad_adjoint,
    pad_tangent,
    pad_values_adjoint,
)

# ------------------------------------------------------------------------------ integrals


@defprogram(np.trapezoid)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The sum of the trapezoids between neighbouring samples."""
    rows = np.moveaxis(np.asarray(y), axis, -1)
    if x is None:
        steps = dx
    elif np.ndim(x) == 1:
        steps = np.diff(x)
    else:
        steps = np.moveaxis(np.diff(x, axis=axis), axis, -1)
    return np.sum(steps * (rows[..., 1:] + rows[..., :-1]) / 2.0, -1)


# ------------------------------------------------------------------------------ differences


@defprogram(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    """The differences of neighbours, with what is given at both ends."""
    steps = np.diff(np.ravel(ary))
    if to_begin is not None:
        steps = np.concatenate((np.ravel(to_begin).astype(steps.dtype), steps))
    if to_end is not None:
        steps = np.concatenate((steps, np.ravel(to_end).astype(steps.dtype)))
    return steps


@defprogram(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1):
    """Central differences along each axis; a single one is no list."""
    axes = gradient_axes(axis, np.ndim(f))
    if len(varargs) == 0:
        return only([gradient_along(f, 1.0, a, edge_order) for a in axes])
    if len(varargs) == 1:
        return only([gradient_along(f, varargs[0], a, edge_order) for a in axes])
    return only([gradient_along(f, h, a, edge_order) for h, a in zip(varargs, axes)])  # noqa: B905


# ------------------------------------------------------------------------------ interpolation


@defprogram(np.interp)
def interp(x, xp, fp, left=None, right=None, period=None):
    """On a straight line between neighbouring points, and constant beyond them."""
    xp, fp = np.asarray(xp), np.asarray(fp)
    fp = fp.astype(np.result_type(fp, np.float64))
    if period is not None:
        x, xp = x % period, xp % period
        order = np.argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = np.concatenate((xp[-1:] - period, xp, xp[:1] + period))
        fp = np.concatenate((fp[-1:], fp, fp[:1]))
    i = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, np.size(xp) - 2)
    slope = (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i])
    y = fp[i] + slope * (x - xp[i])
    y = np.where(x < xp[0], fp[0] if left is None else left, y)
    return np.where(x > xp[-1], fp[-1] if right is None else right, y)


# a multiple of the period is added, which changes in steps
elementwise(np.unwrap, lambda y, p, discont=None, axis=-1, *, period=None: 1)


# ------------------------------------------------------------------------------ convolution


@defvjp(np.convolve)
def convolve(y_bar, y, a, v, mode="full"):
    return convolve_adjoint(y_bar, a, v, mode), convolve_adjoint(y_bar, v, a, mode)


multilinear(np.convolve, "a", "v")


@defvjp(np.correlate)
def correlate(y_bar, y, a, v, mode="valid"):
    """y_k = sum_n a_(n+k) conj(v_n)."""
    a_bar = correlate_adjoint_left(y_bar, a, v, mode)
    return a_bar, correlate_adjoint_right(y_bar, a, v, mode)


multilinear(np.correlate, "a", "v")


# ------------------------------------------------------------------------------ padding


@defvjp(np.pad, differentiable=("constant_values", "end_values"))
def pad(
    y_bar,
    y,
    array,
    pad_width,
    mode="constant",
    *,
    constant_values=0,
    end_values=0,
    stat_length=None,
    reflect_type="even",
):
    array_bar = pad_adjoint(y_bar, array, pad_width, mode, stat_length, reflect_type)
    constant_bar = pad_values_adjoint(y_bar, array, pad_width, mode, constant_values)
    end_bar = pad_values_adjoint(y_bar, array, pad_width, mode, end_values)
    return array_bar, None, constant_bar, end_bar


@defjvp(np.pad)
def pad_tangent_(
    array_dot,
    constant_values_dot,
    end_values_dot,
    y,
    array,
    pad_width,
    mode="constant",
    *,
    constant_values=0,
    end_values=0,
    stat_length=None,
    reflect_type="even",
):
    values_dot = constant_values_dot if mode == "constant" else end_values_dot
    return (
        np.pad(array_dot, pad_width, constant_values=values_dot)
        if mode == "constant"
        else pad_tangent(array_dot, values_dot, array, pad_width, mode, stat_length, reflect_type)
    )


# ------------------------------------------------------------------------------ Bessel functions
# Abramowitz & Stegun, 9.6.27

elementwise(np.i0, lambda y, x: bessel_i(x, 1))


@defprogram(np.kaiser)
def kaiser(M, beta):
    """The window of Kaiser and Schafer 1980."""
    if M == 1:
        return np.ones(1)
    n = np.arange(M) * 2.0 / (M - 1) - 1.0
    return np.i0(beta * np.sqrt(1 - n**2)) / np.i0(beta)
