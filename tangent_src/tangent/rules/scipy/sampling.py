"""`scipy.ndimage`: the values of an array between its elements, by splines of order 0 to 5.

The coefficients of a spline are a linear map of the elements along each axis; `order + 1` of them
along each axis give a value.  Thévenaz, Blu, Unser 2000, "Interpolation revisited", IEEE
Transactions on Medical Imaging 19.  What lies beyond the ends, is SciPy's own choice for each mode.
"""

import numpy as np
from scipy import ndimage

from tangent.rules.language import constant, defprogram
from tangent.rules.scipy.ndimage import each
from tangent.runtime.refusals import Refusal

WIDENED = {"nearest": "edge", "grid-constant": "constant"}  # by twelve elements at each end


@defprogram(ndimage.spline_filter1d)
def spline_filter1d(input, order=3, axis=-1, *, mode="mirror"):
    rows = np.moveaxis(input, axis, -1)
    return np.moveaxis(rows @ filter_of(np.shape(rows)[-1], order, mode), -1, axis)


@defprogram(ndimage.spline_filter)
def spline_filter(input, order=3, *, mode="mirror"):
    for axis in range(np.ndim(input)):
        input = ndimage.spline_filter1d(input, order, axis, mode=mode)  # noqa: A001
    return input


def filter_of(length, order, mode):
    """The matrix that rows are multiplied by."""
    return ndimage.spline_filter1d(np.eye(length), order, 0, mode=mode).T


@defprogram(ndimage.map_coordinates)
def map_coordinates(input, coordinates, *, order=3, mode="constant", cval=0.0, prefilter=True):
    places, knots, filtered = np.asarray(coordinates), input, prefilter and order > 1
    if filtered:
        if widening(mode):
            knots = np.pad(knots, 12, "edge") if mode == "nearest" else padded(knots, cval)
            places = places + 12
        knots = ndimage.spline_filter(knots, order, mode=mode)
    shape = np.shape(knots)
    signs, shifts = folding(places, shape, mode)
    places = signs * places + shifts
    part = np.expand_dims(places - starts(places, order), -1)
    weights = part ** np.arange(order + 1) @ pieces(order)
    values = knots[around(places, shape, order, mode)]
    if mode == "grid-constant":
        values = np.where(beyond(places, shape, order), cval, values)
    for axis in range(len(shape) - 1, -1, -1):
        values = np.sum(values * np.reshape(weights[axis], room(places, axis, order)), axis=-1)
    if whole(input):
        values = rounded(values)
    value = np.asarray(values, np.result_type(input))
    if mode == "constant":
        return np.where(within(places, shape), value, np.asarray(cval, value.dtype))
    return value


def widening(mode):
    if mode not in WIDENED and mode not in FOLDS and mode != "constant":
        raise Refusal(f"mode={mode!r} of `scipy.ndimage`", "mode", "choose `constant`")
    return mode in WIDENED


def padded(x, value):
    return np.pad(x, 12, "constant", constant_values=value)


# ------------------------------------------------------------------------------ beyond the ends


def mirror(x, n):
    """The sign and the place inside: mirrored at the middle of the last element."""
    period = max(2 * n - 2, 1)
    rest = np.mod(x, period)
    return np.where(rest > n - 1, period - rest, rest), np.where(rest > n - 1, -1.0, 1.0)


def reflect(x, n):
    """Mirrored at the end of the last element."""
    rest = np.mod(x + 0.5, 2 * n) - 0.5
    return np.where(rest > n - 0.5, 2 * n - 1 - rest, rest), np.where(rest > n - 0.5, -1.0, 1.0)


def wrap(x, n):
    """The first element stands in the place of the last one."""
    outside = (x < 0) | (x > n - 1)
    return np.where(outside, np.mod(x, max(n - 1, 1)), x), np.ones(np.shape(x))


def grid_wrap(x, n):
    return np.mod(x, n), np.ones(np.shape(x))


def nearest(x, n):
    """The elements at the ends go on."""
    return np.clip(x, 0, n - 1), np.ones(np.shape(x))


FOLDS = {
    "mirror": mirror,
    "reflect": reflect,
    "grid-mirror": reflect,
    "wrap": wrap,
    "grid-wrap": grid_wrap,
    "nearest": nearest,
}


def folding(places, shape, mode):
    """Signs and shifts that take each place to one inside."""
    if mode not in FOLDS or mode == "nearest":
        return 1.0, 0.0
    each_axis = [FOLDS[mode](x, n) for x, n in zip(places, shape, strict=True)]
    inside, signs = (np.stack(parts) for parts in zip(*each_axis, strict=True))
    return signs, inside - signs * places


def within(places, shape):
    """Which places get a value, and not `cval`."""
    ends = np.reshape(shape, (-1,) + (1,) * (np.ndim(places) - 1)) - 1
    return np.all((places >= 0) & (places <= ends), axis=0)


# ------------------------------------------------------------------------------ between elements


def starts(places, order):
    """The next element below; of even orders half a step before the next one at all."""
    return np.floor(places) if order % 2 else np.floor(places + 0.5) - 0.5


def pieces(order):
    """The polynomials of a spline between two knots, one a column: de Boor's recurrence."""
    table = np.ones((1, 1))
    for d in range(1, order + 1):
        left, right = np.zeros((d + 1, d + 1)), np.zeros((d + 1, d + 1))
        j = np.arange(d)
        left[:-1, 1:], right[:-1, :-1] = (d - 1 - j) * table, (j + 1) * table
        left[1:, 1:] += table
        right[1:, :-1] -= table
        table = (left + right) / d
    return table


def numbers(places, order):
    """The elements from which a value is made, along a last axis."""
    first = np.floor(places + 0.5 * (1 - order % 2)).astype(int) - order // 2
    return np.expand_dims(first, -1) + np.arange(order + 1)


def around(places, shape, order, mode):
    """An index that gives these elements, with one axis for each axis of the array."""
    fold = mirror if mode in ("constant", "wrap") else FOLDS.get(mode, nearest)
    parts = zip(numbers(places, order), shape, strict=True)
    found = [fold(x, n)[0].astype(int) for x, n in parts]
    return tuple(np.expand_dims(x, spare(x, a, len(shape))) for a, x in enumerate(found))


def spare(x, axis, count):
    first = np.ndim(x) - 1
    return tuple(first + k for k in range(count) if k != axis)


def beyond(places, shape, order):
    """Which of these elements lie outside."""
    parts = zip(numbers(places, order), shape, strict=True)
    outside = [(x < 0) | (x > n - 1) for x, n in parts]
    spread = [np.expand_dims(x, spare(x, a, len(shape))) for a, x in enumerate(outside)]
    return np.logical_or.reduce(np.broadcast_arrays(*spread))


def whole(x):
    return np.result_type(x).kind in "biu"


def rounded(values):
    """Halves go away from 0."""
    return np.trunc(values + np.copysign(0.5, values))


def room(places, axis, order):
    return (*np.shape(places)[1:], *(1,) * axis, order + 1)


constant(filter_of, widening, folding, within, starts, pieces, around, beyond, room, whole, rounded)

# ------------------------------------------------------------------------------ on other grids


@defprogram(ndimage.shift)
def shift(input, shift, *, order=3, mode="constant", cval=0.0, prefilter=True):
    steps = np.broadcast_to(np.asarray(shift), (np.ndim(input),))
    places = np.indices(np.shape(input)) - np.reshape(steps, (-1,) + (1,) * np.ndim(input))
    return ndimage.map_coordinates(
        input, places, order=order, mode=mode, cval=cval, prefilter=prefilter
    )


@defprogram(ndimage.zoom)
def zoom(input, zoom, *, order=3, mode="constant", cval=0.0, prefilter=True, grid_mode=False):
    if prefilter and unchanged(input, zoom):
        return input * 1
    places = zoomed(input, zoom, grid_mode)
    return ndimage.map_coordinates(
        input, places, order=order, mode=mode, cval=cval, prefilter=prefilter
    )


def unchanged(x, factor):
    return all(f == 1 for f in each(factor, x))


def zoomed(x, factor, grid_mode):
    """The places of the elements of a result, whose shape is rounded."""
    old = np.shape(x)
    new = [round(float(n * f)) for n, f in zip(old, each(factor, x), strict=True)]
    less = 0 if grid_mode else 1
    half = 0.5 if grid_mode else 0.0
    steps = [(n - less) / (m - less) if m != less else 1.0 for n, m in zip(old, new, strict=True)]
    lines = [s * (np.arange(m) + half) - half for s, m in zip(steps, new, strict=True)]
    return np.stack(np.meshgrid(*lines, indexing="ij"))


constant(unchanged, zoomed)


@defprogram(ndimage.affine_transform)
def affine_transform(
    input,
    matrix,
    offset=0.0,
    output_shape=None,
    *,
    order=3,
    mode="constant",
    cval=0.0,
    prefilter=True,
):
    """The places are a linear map of the indices; a matrix of one axis is a diagonal."""
    A, n = np.asarray(matrix), np.ndim(input)
    given = np.indices(np.shape(input) if output_shape is None else output_shape)
    if np.ndim(A) == 1:
        A = np.diag(A)
    if np.shape(A)[1] == n + 1:
        offset, A = A[:n, n], A[:n, :n]
    steps = np.broadcast_to(np.asarray(offset), (n,))
    places = np.tensordot(A, given, 1) + np.reshape(steps, (-1,) + (1,) * n)
    return ndimage.map_coordinates(
        input, places, order=order, mode=mode, cval=cval, prefilter=prefilter
    )
