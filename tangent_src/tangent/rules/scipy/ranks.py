"""`scipy.ndimage`: the greatest, the least and the middle ones around each element."""

import numpy as np
from scipy import ndimage

from tangent.rules.language import constant, defprogram
from tangent.rules.scipy.ndimage import block, border, each
from tangent.runtime.refusals import Refusal


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

# ------------------------------------------------------------------------------ between elements


@defprogram(ndimage.map_coordinates)
def map_coordinates(input, coordinates, *, order, mode="constant", cval=0.0):
    """The element that is next, or linear between two along each axis."""
    places = np.asarray(coordinates)
    shape = np.reshape(np.shape(input), (-1,) + (1,) * (np.ndim(places) - 1))
    inside = within(places, shape, mode)
    if order == 0:
        return np.where(inside, input[rounded(places, shape)], np.asarray(cval, input.dtype))
    low = lower(places, shape)
    places = np.clip(places, 0, shape - 1)
    part = places - low
    total = 0.0
    for corner in np.ndindex((2,) * np.ndim(input)):
        weight = 1.0
        for axis in range(len(corner)):
            weight = weight * (part[axis] if corner[axis] else 1 - part[axis])
        total = total + weight * input[corner_of(low, corner, shape)]
    return np.where(inside, np.asarray(total, np.result_type(input)), np.asarray(cval, input.dtype))


def within(places, shape, mode):
    """Which places get an element, and not `cval`."""
    if mode == "nearest":
        return np.ones(np.shape(places)[1:], bool)
    if mode != "constant":
        what = f"`map_coordinates` with mode={mode!r}"
        raise Refusal(
            what, "mode", "choose `constant` or `nearest`, or widen the array by `np.pad`"
        )
    return np.all((places >= 0) & (places <= shape - 1), axis=0)


def rounded(places, shape):
    return tuple(np.floor(np.clip(places, 0, shape - 1) + 0.5).astype(int))


def lower(places, shape):
    """The elements next below places, of which there is one above."""
    return np.clip(np.floor(places), 0, np.maximum(shape - 2, 0)).astype(int)


def corner_of(low, corner, shape):
    shift = np.reshape(corner, (-1,) + (1,) * (np.ndim(low) - 1))
    return tuple(np.minimum(low + shift, shape - 1))


constant(within, rounded, lower, corner_of)


@defprogram(ndimage.shift)
def shift(input, shift, *, order, mode="constant", cval=0.0):
    steps = np.broadcast_to(np.asarray(shift), (np.ndim(input),))
    places = np.indices(np.shape(input)) - np.reshape(steps, (-1,) + (1,) * np.ndim(input))
    return ndimage.map_coordinates(input, places, order=order, mode=mode, cval=cval)
