"""Functions that choose among arrays, put elements in, or take them out."""

import functools

import numpy as np

from tangent.rules.language import linear
from tangent.runtime import (
    count,
    inserted,
    put_back,
    roll_axis_back,
    unblock,
    unbroadcast,
    unbroadcast_each,
    unchoose,
    uninsert,
    unmesh,
    unselect,
    unselect_default,
)

pieces = functools.partial(linear, fresh=False, numeric=False)

# fmt: off

# ------------------------------------------------------------------------------ choices
linear(np.choose,
       transpose=lambda y_bar, a, choices, *, mode="raise": (
           None, unchoose(y_bar, a, choices, mode)))
linear(np.select,
       transpose=lambda y_bar, condlist, choicelist, default=0: (
           None, unselect(y_bar, condlist, choicelist),
           unselect_default(y_bar, condlist, default)))
linear(np.compress,
       transpose=lambda y_bar, condition, a, axis=None: (
           None, put_back(y_bar, a, np.flatnonzero(condition), axis)))
linear(np.ndarray.compress,
       transpose=lambda y_bar, a, condition, axis=None: (
           put_back(y_bar, a, np.flatnonzero(condition), axis), None))
linear(np.extract,
       transpose=lambda y_bar, condition, arr: (
           None, put_back(y_bar, arr, np.flatnonzero(condition))))

# ------------------------------------------------------------------------------ in and out
linear(np.insert,
       transpose=lambda y_bar, arr, obj, values, axis=None: (
           uninsert(y_bar, arr, obj, axis), None, inserted(y_bar, arr, obj, values, axis)))
linear(np.delete,
       transpose=lambda y_bar, arr, obj, axis=None: (
           put_back(y_bar, arr, np.delete(np.arange(count(arr, axis)), obj), axis), None))
linear(np.resize,
       transpose=lambda y_bar, a, new_shape: (
           put_back(y_bar, a, np.resize(np.arange(np.size(a)), new_shape)), None))
linear(np.bincount,
       transpose=lambda y_bar, x, weights=None, minlength=0: (
           None, unbroadcast(np.take(y_bar, x), weights)))

# ------------------------------------------------------------------------------ several arrays
linear(np.block, transpose=lambda y_bar, arrays: unblock(y_bar, arrays))
pieces(np.broadcast_arrays, transpose=lambda y_bars, *args: unbroadcast_each(y_bars, args))
pieces(np.meshgrid,
       transpose=lambda y_bars, *xi, copy=True, sparse=False, indexing="xy":
           unmesh(y_bars, xi, sparse, indexing))

# ------------------------------------------------------------------------------ order of the axes
linear(np.rollaxis,
       transpose=lambda y_bar, a, axis, start=0: roll_axis_back(y_bar, axis, start),
       fresh=False, cheap=True)
# fmt: on
