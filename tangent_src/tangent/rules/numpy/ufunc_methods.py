"""Methods of universal functions that are programs: of all pairs, at places, and one after another.

`add`, `multiply`, `maximum`, … have rules for some of them, which cost less.
"""

import numpy as np

from tangent.rules.language import defprogram
from tangent.runtime import kept_shape, rounds, segments, shape_at

SUMS = (np.add, np.subtract)
EXTREMES = (np.maximum, np.minimum, np.fmax, np.fmin)
OTHERS = (
    np.divide,
    np.remainder,
    np.fmod,
    np.hypot,
    np.logaddexp,
    np.logaddexp2,
    np.copysign,
    np.heaviside,
    np.nextafter,
)
# `reduce` and its kin do something of their own with these
PAIRS = (np.power, np.float_power, np.ldexp, np.arctan2)
BINARY = (*SUMS, np.multiply, *EXTREMES, *OTHERS)
UNARY = (np.negative, np.square, np.reciprocal, np.abs, np.exp, np.log, np.sqrt, np.sin, np.cos)


def outer(ufunc, A, B):
    """The function of each element of `A` and each of `B`."""
    return ufunc(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B)


# ------------------------------------------------------------------------------ at places
# A place that comes several times is written to several times: in as many rounds.


def at(ufunc, a, indices, b):
    values = np.ravel(np.array(np.broadcast_to(b, shape_at(a, indices))))  # `b` may show `a`
    for places, turn in rounds(a, indices):
        a[places] = ufunc(a[places], values[turn])


def at_alone(ufunc, a, indices):
    for places, _ in rounds(a, indices):
        a[places] = ufunc(a[places])


# ------------------------------------------------------------------------------ one after another


def reduce(ufunc, array, axis=0, *, keepdims=False, initial=None):
    """From the first on."""
    rows = np.ravel(array) if axis is None else np.moveaxis(array, axis, 0)
    total = rows[0] if initial is None else ufunc(initial, rows[0])
    for row in rows[1:]:
        total = ufunc(total, row)
    if not keepdims:
        return total
    return np.reshape(total, kept_shape(array, axis))


def accumulate(ufunc, array, axis=0):
    rows = np.moveaxis(array, axis, 0)
    totals = [rows[0]]
    for row in rows[1:]:
        totals.append(ufunc(totals[-1], row))
    return np.moveaxis(np.stack(totals), 0, axis)


def reduceat(ufunc, array, indices, axis=0):
    """From each index up to the next one; the element alone where that does not lie behind."""
    rows = np.moveaxis(array, axis, 0)
    totals = []
    for start, end in segments(indices, len(rows)):
        total = rows[start]
        for row in rows[start + 1 : end]:
            total = ufunc(total, row)
        totals.append(total)
    return np.moveaxis(np.stack(totals), 0, axis)


for _ufunc in (*BINARY, *PAIRS):
    defprogram(_ufunc.outer, first=(_ufunc,))(outer)
    if _ufunc not in SUMS:
        defprogram(_ufunc.at, first=(_ufunc,))(at)

for _ufunc in BINARY:
    if _ufunc is not np.add:
        defprogram(_ufunc.reduceat, first=(_ufunc,))(reduceat)

for _ufunc in (np.subtract, np.fmax, np.fmin, *OTHERS):
    defprogram(_ufunc.accumulate, first=(_ufunc,))(accumulate)
    if _ufunc not in (np.logaddexp, np.fmax, np.fmin):
        defprogram(_ufunc.reduce, first=(_ufunc,))(reduce)

for _alone in UNARY:
    defprogram(_alone.at, first=(_alone,))(at_alone)
