"""Functions that move elements and compute nothing: the adjoint moves them back."""

import functools

import numpy as np

from tangent.rules.language import LIKE_FIRST, defjvp, defprogram, defvjp, linear
from tangent.runtime import (
    diff_adjoint,
    diff_parts,
    join_like,
    repeat_adjoint,
    reshape_like,
    split_like,
    split_rows_like,
    tile_adjoint,
    transpose_back,
    unbroadcast,
    unstack_like,
    windows_adjoint,
)

view = functools.partial(linear, view=True)
turned = functools.partial(view, shape=LIKE_FIRST)
pieces = functools.partial(linear, fresh=False, numeric=False)

# fmt: off

# ---------------------------------------------------------------------------- shape, perhaps a view
view(np.reshape,
     transpose=lambda y_bar, a, shape, order="C", *, copy=None: reshape_like(y_bar, a, order))
view(np.ndarray.reshape,
     transpose=lambda y_bar, a, *shape, order="C", copy=None: reshape_like(y_bar, a, order))
view((np.ravel, np.ndarray.ravel),
     transpose=lambda y_bar, a, order="C": reshape_like(y_bar, a, order))
linear(np.ndarray.flatten,
       transpose=lambda y_bar, a, order="C": reshape_like(y_bar, a, order),
       cheap=True)
view((np.squeeze, np.ndarray.squeeze), transpose=lambda y_bar, a, axis=None: reshape_like(y_bar, a))
view(np.expand_dims, transpose=lambda y_bar, a, axis: reshape_like(y_bar, a))
view((np.atleast_1d, np.atleast_2d, np.atleast_3d),
     transpose=lambda y_bar, a: reshape_like(y_bar, a))
linear(np.broadcast_to,
       transpose=lambda y_bar, array, shape: unbroadcast(y_bar, array),
       fresh=False, cheap=True, tolerant=True)

# ------------------------------------------------------------------------ order of the axes, a view
view(np.ndarray.T, transpose=lambda y_bar, a: y_bar.T)
view((np.matrix_transpose, np.linalg.matrix_transpose, np.ndarray.mT),
     transpose=lambda y_bar, x: np.matrix_transpose(y_bar))
view(np.transpose,
     transpose=lambda y_bar, a, axes=None: y_bar.T if axes is None else transpose_back(y_bar, axes))
view(np.ndarray.transpose, transpose=lambda y_bar, a, *axes: transpose_back(y_bar, axes))
view((np.swapaxes, np.ndarray.swapaxes),
     transpose=lambda y_bar, a, axis1, axis2: np.swapaxes(y_bar, axis1, axis2))
view(np.moveaxis,
     transpose=lambda y_bar, a, source, destination: np.moveaxis(y_bar, destination, source))

# ---------------------------------------------------------------------------- order of the elements
turned(np.flip, transpose=lambda y_bar, m, axis=None: np.flip(y_bar, axis))
turned(np.fliplr, transpose=lambda y_bar, m: np.fliplr(y_bar))
turned(np.flipud, transpose=lambda y_bar, m: np.flipud(y_bar))
view(np.rot90, transpose=lambda y_bar, m, k=1, axes=(0, 1): np.rot90(y_bar, -k, axes))
linear(np.roll,
       transpose=lambda y_bar, a, shift, axis=None: np.roll(y_bar, np.negative(shift), axis),
       shape=LIKE_FIRST, cheap=True)

# ------------------------------------------------------------------------------ joining
linear(np.concatenate,
       transpose=lambda y_bar, arrays, axis=0, *, dtype=None: split_like(y_bar, arrays, axis),
       cheap=True)
linear(np.stack,
       transpose=lambda y_bar, arrays, axis=0, *, dtype=None: unstack_like(y_bar, arrays, axis),
       cheap=True)
linear(np.vstack,
       transpose=lambda y_bar, tup, *, dtype=None: split_like(y_bar, tup, 0, 2), cheap=True)
linear(np.hstack,
       transpose=lambda y_bar, tup, *, dtype=None: split_rows_like(y_bar, tup), cheap=True)
linear(np.dstack, transpose=lambda y_bar, tup: split_like(y_bar, tup, 2, 3), cheap=True)
linear(np.column_stack, transpose=lambda y_bar, tup: split_like(y_bar, tup, 1, 2), cheap=True)
linear(np.c_, transpose=lambda y_bar, key: split_like(y_bar, key, -1, 2), cheap=True)
linear(np.r_, transpose=lambda y_bar, key: split_like(y_bar, key, 0), cheap=True)

# ------------------------------------------------------------------------------ splitting, views
pieces((np.split, np.array_split),
       transpose=lambda y_bars, ary, indices_or_sections, axis=0: join_like(y_bars, ary, axis))
pieces(np.vsplit, transpose=lambda y_bars, ary, indices_or_sections: join_like(y_bars, ary, 0))
pieces(np.hsplit,
       transpose=lambda y_bars, ary, indices_or_sections:
           join_like(y_bars, ary, 0 if np.ndim(ary) == 1 else 1))
pieces(np.dsplit, transpose=lambda y_bars, ary, indices_or_sections: join_like(y_bars, ary, 2))
pieces(np.unstack, transpose=lambda y_bars, x, *, axis=0: np.stack(y_bars, axis))

# --------------------------------------------------------------------------- copies and differences
linear(np.repeat,
       transpose=lambda y_bar, a, repeats, axis=None: repeat_adjoint(y_bar, a, repeats, axis))
linear(np.ndarray.repeat,
       transpose=lambda y_bar, a, repeats, axis=None: repeat_adjoint(y_bar, a, repeats, axis))
linear(np.lib.stride_tricks.sliding_window_view,
       transpose=lambda y_bar, x, window_shape, axis=None:
           windows_adjoint(y_bar, x, window_shape, axis),
       fresh=False, cheap=True)
linear(np.tile, transpose=lambda y_bar, A, reps: tile_adjoint(y_bar, A, reps))
linear(np.diff,
       transpose=lambda y_bar, a, n=1, axis=-1, prepend=None, append=None: (
           (diff_adjoint(y_bar, a, n, axis) if append is None
            else diff_parts(y_bar, a, n, axis, prepend, append)[0]) if prepend is None
           else diff_parts(y_bar, a, n, axis, prepend, append)[0],
           None,
           None,
           None if prepend is None else diff_parts(y_bar, a, n, axis, prepend, append)[1],
           None if append is None else diff_parts(y_bar, a, n, axis, prepend, append)[2]))

# fmt: on


@defvjp(np.append)
def append(y_bar, y, arr, values, axis=None):
    parts = split_like(y_bar, [arr, values], axis)
    return parts[0], parts[1]


@defjvp(np.append)
def append_tangent(arr_dot, values_dot, y, arr, values, axis=None):
    return np.append(arr_dot, values_dot, axis)


def row_stack(tup):
    """The older name of `np.vstack`."""
    return np.vstack(tup)


if hasattr(np, "row_stack"):  # deprecated since NumPy 2.0
    defprogram(vars(np)["row_stack"])(row_stack)
