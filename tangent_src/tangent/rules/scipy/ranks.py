"""`scipy.ndimage`: the greatest, the least and the middle ones around each element."""

import numpy as np
from scipy import ndimage

from tangent.rules.language import constant, defprogram
from tangent.rules.scipy.ndimage import block, border, each


def around(x, size, mode, cval, origin):
    """All elements of the window of each element, along a first axis."""
    wide, sizes, shifts = x, each(size, x), each(origin, x)
    for axis in range(np.ndim(x)):
        before = sizes[axis] // 2 + shifts[axis]
        wide = border(wide, before, sizes[axis] - 1 - before, axis, mode, cval)
    parts = []
    for index in np.ndindex(tuple(sizes)):
        parts.append(wide[block(x, index)])
    return np.stack(parts)


@defprogram(ndimage.maximum_filter)
def maximum_filter(input, size, *, mode="reflect", cval=0.0, origin=0):
    return np.max(around(input, size, mode, cval, origin), axis=0)


@defprogram(ndimage.minimum_filter)
def minimum_filter(input, size, *, mode="reflect", cval=0.0, origin=0):
    return np.min(around(input, size, mode, cval, origin), axis=0)


@defprogram(ndimage.rank_filter)
def rank_filter(input, rank, size, *, mode="reflect", cval=0.0, origin=0):
    return np.sort(around(input, size, mode, cval, origin), axis=0)[rank]


@defprogram(ndimage.median_filter)
def median_filter(input, size, *, mode="reflect", cval=0.0, origin=0):
    rank = number(input, size) // 2
    return ndimage.rank_filter(input, rank, size, mode=mode, cval=cval, origin=origin)


@defprogram(ndimage.percentile_filter)
def percentile_filter(input, percentile, size, *, mode="reflect", cval=0.0, origin=0):
    rank = rank_of(percentile, number(input, size))
    return ndimage.rank_filter(input, rank, size, mode=mode, cval=cval, origin=origin)


def number(x, size):
    """How many elements a window has."""
    return int(np.prod(each(size, x)))


def rank_of(percentile, size):
    part = percentile + 100.0 if percentile < 0 else percentile
    return size - 1 if part == 100.0 else int(size * part / 100.0)


constant(number, rank_of)
