"""Sets of numbers, sorted: each result is one of the elements, the first of equal ones."""

import numpy as np

from tangent.rules.language import defprogram
from tangent.runtime import shared_places, unique_extras, unique_places


@defprogram(np.unique)
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None):
    """The values, and what is asked for beside them: constants."""
    ar = np.asarray(ar)
    values = np.take(ar, unique_places(ar, axis), axis)
    if not (return_index or return_inverse or return_counts):
        return values
    extras = unique_extras(ar, return_index, return_inverse, return_counts, axis)
    if len(extras) == 1:
        return values, extras[0]
    if len(extras) == 2:
        return values, extras[0], extras[1]
    return values, extras[0], extras[1], extras[2]


@defprogram(np.unique_values)
def unique_values(x):
    return np.unique(x)


@defprogram(np.unique_counts)
def unique_counts(x):
    return np.unique(x), unique_extras(x, False, False, True)[0]


@defprogram(np.unique_inverse)
def unique_inverse(x):
    return np.unique(x), np.reshape(unique_extras(x, False, True, False)[0], np.shape(x))


@defprogram(np.unique_all)
def unique_all(x):
    extras = unique_extras(x, True, True, True)
    return np.unique(x), extras[0], np.reshape(extras[1], np.shape(x)), extras[2]


@defprogram(np.union1d)
def union1d(ar1, ar2):
    return np.unique(np.concatenate((np.ravel(ar1), np.ravel(ar2))))


@defprogram(np.intersect1d)
def intersect1d(ar1, ar2, assume_unique=False):
    return np.take(ar1, shared_places(ar1, ar2))


@defprogram(np.setdiff1d)
def setdiff1d(ar1, ar2, assume_unique=False):
    values = np.ravel(ar1) if assume_unique else np.unique(ar1)
    return np.compress(~np.isin(values, ar2), values)


@defprogram(np.setxor1d)
def setxor1d(ar1, ar2, assume_unique=False):
    values = np.sort(np.concatenate((np.unique(ar1), np.unique(ar2))))
    edge = np.concatenate(([True], values[1:] != values[:-1], [True]))
    return np.compress(edge[1:] & edge[:-1], values)


@defprogram(np.trim_zeros)
def trim_zeros(filt, trim="fb"):
    """Without the zeros at the front, at the back, or at both ends."""
    filt = np.asarray(filt)
    found = np.flatnonzero(filt)
    if np.size(found) == 0:
        return filt[:0]
    start = found[0] if "f" in trim.lower() else 0
    stop = found[-1] + 1 if "b" in trim.lower() else np.size(filt)
    return filt[start:stop]
