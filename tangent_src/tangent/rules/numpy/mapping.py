"""Functions that apply a function: to the vectors of an array, or to its elements.

They are programs; the function that they are given is read as the user's are.
"""

import numpy as np

from tangent.rules.language import defprogram
from tangent.runtime import piecewise_masks, placed_at


@defprogram(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """A function of the vectors along one axis; what it returns stands where that axis was."""
    rows = np.moveaxis(arr, axis, -1)
    vectors = np.reshape(rows, (-1, np.shape(rows)[-1]))
    values = np.array([func1d(vector, *args, **kwargs) for vector in vectors])
    whole = np.reshape(values, np.shape(rows)[:-1] + np.shape(values)[1:])
    if np.ndim(values) == 1:
        return whole
    last = tuple(range(np.ndim(rows) - 1, np.ndim(whole)))
    first = axis % np.ndim(arr)
    return np.moveaxis(whole, last, tuple(range(first, first + len(last))))


@defprogram(np.apply_over_axes)
def apply_over_axes(func, a, axes):
    """A function of an array and an axis, for one axis after the other."""
    axes = np.atleast_1d(axes).tolist()
    for axis in axes:
        value = func(a, axis)
        a = value if np.ndim(value) == np.ndim(a) else np.expand_dims(value, axis)
    return a


@defprogram(np.fromfunction)
def fromfunction(function, shape, *, dtype=float):
    """A function of the indices of an array of at most three axes."""
    places = np.indices(shape, dtype=dtype)
    if len(shape) == 1:
        return function(places[0])
    if len(shape) == 2:
        return function(places[0], places[1])
    return function(places[0], places[1], places[2])


@defprogram(np.vectorize, makes=True)
def vectorize(pyfunc, *args):
    """A function of numbers, for each element of at most three arrays."""
    if len(args) == 1:
        values = np.array([pyfunc(x) for x in np.ravel(args[0])])
        return np.reshape(values, np.shape(args[0]))
    if len(args) == 2:
        A, B = np.broadcast_arrays(args[0], args[1])
        values = np.array([pyfunc(x, y) for x, y in zip(np.ravel(A), np.ravel(B))])  # noqa: B905
        return np.reshape(values, np.shape(A))
    A, B, C = np.broadcast_arrays(args[0], args[1], args[2])
    values = np.array(
        [pyfunc(x, y, z) for x, y, z in zip(np.ravel(A), np.ravel(B), np.ravel(C))]  # noqa: B905
    )
    return np.reshape(values, np.shape(A))


@defprogram(np.piecewise)
def piecewise(x, condlist, funclist, *args, **kw):
    """Each function of the elements that are its own, those of the last condition that is true; a
    number stands for itself.
    """
    own = piecewise_masks(condlist, len(funclist))
    f = funclist[0]
    y = placed_at(f(x[own[0]], *args, **kw) if callable(f) else f, x, own[0])
    if len(funclist) > 1:
        f = funclist[1]
        y = y + placed_at(f(x[own[1]], *args, **kw) if callable(f) else f, x, own[1])
    if len(funclist) > 2:
        f = funclist[2]
        y = y + placed_at(f(x[own[2]], *args, **kw) if callable(f) else f, x, own[2])
    if len(funclist) > 3:
        f = funclist[3]
        y = y + placed_at(f(x[own[3]], *args, **kw) if callable(f) else f, x, own[3])
    if len(funclist) > 4:
        f = funclist[4]
        y = y + placed_at(f(x[own[4]], *args, **kw) if callable(f) else f, x, own[4])
    return y
