"""`scipy.ndimage`: filters with given weights, as sums of shifted arrays.

SciPy fills the borders in its own words: `reflect` is NumPy's `symmetric`, `mirror` its `reflect`.
"""

import numpy as np
from scipy import ndimage

from tangent.rules.language import constant, defprogram


def border(x, before, after, axis, mode, cval):
    """An array with further elements at both ends of one axis."""
    around = widths(x, before, after, axis)
    if mode in ("constant", "grid-constant"):
        return np.pad(x, around, "constant", constant_values=cval)
    if mode in ("nearest",):
        return np.pad(x, around, "edge")
    if mode in ("wrap", "grid-wrap"):
        return np.pad(x, around, "wrap")
    if mode in ("mirror",):
        return np.pad(x, around, "reflect")
    return np.pad(x, around, "symmetric")


def widths(x, before, after, axis):
    around = [(0, 0)] * np.ndim(x)
    around[axis] = (before, after)
    return around


def parts(x, start, axis):
    """The part of a widened array that stands `start` elements further on."""
    chosen = [slice(None)] * np.ndim(x)
    chosen[axis] = slice(start, start + np.shape(x)[axis])
    return tuple(chosen)


def each(given, x):
    """One number for each axis."""
    return [given] * np.ndim(x) if np.ndim(given) == 0 else list(given)


def kind_of(x, weights):
    """The dtype of a result: that of the array, or its complex one."""
    given = np.result_type(x)
    return np.promote_types(given, np.complex64) if np.iscomplexobj(weights) else given


constant(widths, parts, each, kind_of)

# ------------------------------------------------------------------------------ along one axis


@defprogram(ndimage.correlate1d)
def correlate1d(input, weights, axis=-1, *, mode="reflect", cval=0.0, origin=0):
    size = len(weights)
    if np.iscomplexobj(weights):
        weights = np.conj(weights)
    before = size // 2 + origin
    wide = border(input, before, size - 1 - before, axis, mode, cval)
    total = 0.0
    for j in range(size):
        total = total + weights[j] * wide[parts(input, j, axis)]
    return np.asarray(total, kind_of(input, weights))


@defprogram(ndimage.convolve1d)
def convolve1d(input, weights, axis=-1, *, mode="reflect", cval=0.0, origin=0):
    even = 1 if len(weights) % 2 == 0 else 0
    turned = np.asarray(weights)[::-1]
    if np.iscomplexobj(turned):
        turned = np.conj(turned)
    return ndimage.correlate1d(
        input, turned, axis=axis, mode=mode, cval=cval, origin=-origin - even
    )


@defprogram(ndimage.uniform_filter1d)
def uniform_filter1d(input, size, axis=-1, *, mode="reflect", cval=0.0, origin=0):
    weights = np.full(size, 1.0 / size)
    return ndimage.correlate1d(input, weights, axis=axis, mode=mode, cval=cval, origin=origin)


@defprogram(ndimage.gaussian_filter1d)
def gaussian_filter1d(
    input,
    sigma,
    axis=-1,
    *,
    mode="reflect",
    cval=0.0,
    truncate=4.0,
    radius=None,
):
    reach = int(truncate * float(sigma) + 0.5) if radius is None else radius
    bell = np.exp(-0.5 / (sigma * sigma) * np.arange(-reach, reach + 1) ** 2)
    weights = bell / np.sum(bell)
    return ndimage.correlate1d(input, weights, axis=axis, mode=mode, cval=cval)


# ------------------------------------------------------------------------------ along all axes


@defprogram(ndimage.correlate)
def correlate(input, weights, *, mode="reflect", cval=0.0, origin=0):
    wide = input
    if np.iscomplexobj(weights):
        weights = np.conj(weights)
    shape, shifts = np.shape(weights), each(origin, input)
    for axis in range(len(shape)):
        before = shape[axis] // 2 + shifts[axis]
        wide = border(wide, before, shape[axis] - 1 - before, axis, mode, cval)
    total = 0.0
    for index in np.ndindex(shape):
        total = total + weights[index] * wide[block(input, index)]
    return np.asarray(total, kind_of(input, weights))


def block(x, starts):
    return tuple(slice(s, s + n) for s, n in zip(starts, np.shape(x), strict=True))


constant(block)


@defprogram(ndimage.convolve)
def convolve(input, weights, *, mode="reflect", cval=0.0, origin=0):
    turned = np.flip(weights)
    if np.iscomplexobj(turned):
        turned = np.conj(turned)
    return ndimage.correlate(
        input, turned, mode=mode, cval=cval, origin=turned_origin(origin, weights)
    )


def turned_origin(origin, weights):
    even = [1 - n % 2 for n in np.shape(weights)]
    return [-o - e for o, e in zip(each(origin, weights), even, strict=True)]


constant(turned_origin)


@defprogram(ndimage.uniform_filter)
def uniform_filter(input, size=3, *, mode="reflect", cval=0.0, origin=0):
    sizes, shifts = each(size, input), each(origin, input)
    for axis in range(len(sizes)):
        input = ndimage.uniform_filter1d(  # noqa: A001
            input, sizes[axis], axis=axis, mode=mode, cval=cval, origin=shifts[axis]
        )
    return input


@defprogram(ndimage.gaussian_filter)
def gaussian_filter(input, sigma, *, mode="reflect", cval=0.0, truncate=4.0):
    for axis in range(np.ndim(input)):
        one = sigma if np.ndim(sigma) == 0 else sigma[axis]
        if one > 1e-15:
            input = ndimage.gaussian_filter1d(  # noqa: A001
                input, one, axis=axis, mode=mode, cval=cval, truncate=truncate
            )
    return input


# ------------------------------------------------------------------------------ slopes


@defprogram(ndimage.prewitt)
def prewitt(input, axis=-1, *, mode="reflect", cval=0.0):
    return slope(input, axis, (1.0, 1.0, 1.0), mode, cval)


@defprogram(ndimage.sobel)
def sobel(input, axis=-1, *, mode="reflect", cval=0.0):
    return slope(input, axis, (1.0, 2.0, 1.0), mode, cval)


def slope(x, axis, across, mode, cval):
    along = axis % np.ndim(x)
    total = ndimage.correlate1d(x, (-1.0, 0.0, 1.0), axis=along, mode=mode, cval=cval)
    for other in range(np.ndim(x)):
        if other != along:
            total = ndimage.correlate1d(total, across, axis=other, mode=mode, cval=cval)
    return total


@defprogram(ndimage.laplace)
def laplace(input, *, mode="reflect", cval=0.0):
    total = 0.0
    for axis in range(np.ndim(input)):
        total = total + ndimage.correlate1d(
            input, (1.0, -2.0, 1.0), axis=axis, mode=mode, cval=cval
        )
    return total
