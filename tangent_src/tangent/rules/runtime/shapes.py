"""Rules of what lays adjoints out anew: broadcasting, shapes, joints, choices."""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import numpy as np

import tangent.runtime as runtime
from tangent.rules.language import (
    constant,
    linear,
)
from tangent.runtime import (
    along_axis,
    along_axis_back,
    collect,
    collect_items,
    join_parts,
    mesh,
    mT,
    pack_array_like,
    reshape_by,
    reshape_like,
    split_like,
    spread,
    spread_items,
    transpose_back,
    transpose_by,
    unbroadcast,
    unbroadcast_each,
    unmesh,
    unpack_like,
    weighted,
    weighted_sum,
)

view = functools.partial(linear, fresh=False, cheap=True)
shared = functools.partial(linear, fresh=False)
structure = functools.partial(linear, fresh=False, numeric=False)

# fmt: off

# ------------------------------------------------------------------------------ broadcasting
view(runtime.unbroadcast, transpose=lambda w, adjoint, primal: (unbroadcast(w, adjoint), None))
view(runtime.unbroadcast_to, transpose=lambda w, adjoint, shape: unbroadcast(w, adjoint))
view(runtime.cast, transpose=lambda w, adjoint, dtype: unbroadcast(w, adjoint))
linear(runtime.spread,
       transpose=lambda w, adjoint, primal, axis=None, keepdims=False:
           (collect(w, adjoint, axis, keepdims), None),
       numeric=False)
linear(runtime.collect,
       transpose=lambda w, y_bar, adjoint, axis=None, keepdims=False:
           (spread(w, y_bar, axis, keepdims), None),
       tolerant=True)
view(runtime.expand_reduced,
     transpose=lambda w, y, x, axis=None, keepdims=False: (collect(w, y, axis, keepdims), None))
structure(runtime.spread_items,
          transpose=lambda w, adjoint, items: (collect_items(w, adjoint), None))
shared(runtime.collect_items, transpose=lambda w, y_bar, adjoint: (spread_items(w, y_bar), None))
structure(runtime.unpack_like,
          transpose=lambda w, adjoint, primal, dtype=None:
              (pack_array_like(w, adjoint, dtype), None))
shared(runtime.pack_array_like,
       transpose=lambda w, y_bar, adjoint, dtype=None: (unpack_like(w, y_bar, dtype), None))

# ------------------------------------------------------------------------------ shapes
view(runtime.reshape_like,
     transpose=lambda w, y_bar, x, order="C": (
         reshape_like(w, y_bar) if order == "C" else reshape_by(w, y_bar, x, order), None),
     numeric=False)
linear(runtime.reshape_by,
       transpose=lambda w, x_dot, y, x, order: (reshape_like(w, x, order), None, None, None))
constant(runtime.reading_order, runtime.chosen)
constant(runtime.selected, runtime.by_default, runtime.picked_number)
constant(runtime.touched, runtime.taken, runtime.taken_along)
view(runtime.transpose_back, transpose=lambda w, y_bar, axes=None: transpose_by(w, axes))
view(runtime.transpose_by, transpose=lambda w, x, axes=None: transpose_back(w, axes))
view(runtime.mT, transpose=lambda w, A: mT(w))
view(runtime.on_matrices, transpose=lambda w, y_bar: reshape_like(w, y_bar))
structure(runtime.split_like,
          transpose=lambda w, y_bar, xs, axis=0, least=1: (join_parts(w, y_bar, axis), None))
structure(runtime.split_rows_like,
          transpose=lambda w, y_bar, xs:
              (join_parts(w, y_bar, 0 if np.ndim(y_bar) == 1 else 1), None))
linear(runtime.join_parts,
       transpose=lambda w, parts, y_bar, axis=0: (split_like(w, parts, axis, np.ndim(w)), None))
structure(runtime.unstack_like, transpose=lambda w, y_bar, xs, axis=0: (np.stack(w, axis), None))
linear(runtime.join_like,
       transpose=lambda w, y_bars, x, axis=0: (split_like(w, y_bars, axis), None))
linear(runtime.repeat_adjoint,
       transpose=lambda w, y_bar, x, repeats, axis=None: (np.repeat(w, repeats, axis), None, None))
linear(runtime.windows_adjoint,
       transpose=lambda w, y_bar, x, window_shape, axis=None:
           (np.lib.stride_tricks.sliding_window_view(w, window_shape, axis), None, None))
linear(runtime.tile_adjoint, transpose=lambda w, y_bar, x, reps: (np.tile(w, reps), None, None))
linear(runtime.item_back, transpose=lambda w, y_bar, x, args: (w.item(*args), None, None))
linear(runtime.weighted_sum,
       transpose=lambda w, y_bar, weights, axis=0: (weighted(w, weights, axis), None))
linear(runtime.weighted,
       transpose=lambda w, x, weights, axis=0: (
           unbroadcast(weighted_sum(w, weights, axis), x), None))
shared(runtime.along_axis,
       transpose=lambda y_bar, w, x, axis: (along_axis_back(y_bar, w, axis), None, None))
shared(runtime.along_axis_back,
       transpose=lambda v, y_bar, w, axis: (along_axis(v, y_bar, axis), None, None))
linear(runtime.diff_adjoint,
       transpose=lambda w, y_bar, x, n=1, axis=-1: (np.diff(w, n, axis), None))
linear(runtime.put_back,
       transpose=lambda w, y_bar, x, indices, axis=None, mode="raise": (
           np.take(w, indices, axis, mode=mode), None, None))
linear(runtime.put_back_along,
       transpose=lambda w, y_bar, x, indices, axis=-1:
           (np.take_along_axis(w, indices, axis), None, None))
linear(runtime.unsort,
       transpose=lambda w, y_bar, x, axis=-1:
           (np.take_along_axis(w, np.argsort(x, axis, kind="stable"), axis), None))
linear(runtime.diagonal_back,
       transpose=lambda w, y_bar, x, offset=0, axis1=0, axis2=1:
           (np.diagonal(w, offset, axis1, axis2), None))
linear(runtime.trace_adjoint,
       transpose=lambda w, y_bar, x, offset=0, axis1=0, axis2=1:
           (np.trace(w, offset, axis1, axis2), None))
shared(runtime.diag_back, transpose=lambda w, y_bar, x, k=0: (np.diag(w, k), None))

# ------------------------------------------------------------------------------ choices
constant(runtime.inserted_places, runtime.unique_places, runtime.unique_extras)
constant(runtime.leading_zeros, runtime.piecewise_masks)
constant(runtime.kept_shape, runtime.rounds, runtime.segments, runtime.shape_at)
constant(runtime.shared_places)
linear(runtime.placed_at,
       transpose=lambda w, values, x, mask: (unbroadcast(w[mask], values), None, None))
structure(runtime.unchoose,
          transpose=lambda w, y_bar, a, choices, mode="raise": (
              unbroadcast(np.choose(a, w, mode=mode), y_bar), None, None))
structure(runtime.unselect,
          transpose=lambda w, y_bar, condlist, choicelist: (
              unbroadcast(np.select(condlist, w), y_bar), None, None))
linear(runtime.unselect_default,
       transpose=lambda w, y_bar, condlist, default: (
           np.select(condlist, [np.zeros_like(y_bar)] * len(condlist), w), None, None))
linear(runtime.uninsert,
       transpose=lambda w, y_bar, arr, obj, axis=None: (np.insert(w, obj, 0, axis), None, None))
linear(runtime.inserted,
       transpose=lambda w, y_bar, arr, obj, values, axis=None: (
           np.insert(np.zeros_like(arr), obj, w, axis), None, None, None))
structure(runtime.unblock, transpose=lambda w, y_bar, arrays: (np.block(w), None))
view(runtime.roll_axis_back, transpose=lambda w, y_bar, axis, start=0: np.rollaxis(w, axis, start))
structure(runtime.unbroadcast_each,
          transpose=lambda w, y_bars, xs: (unbroadcast_each(w, y_bars), None))
structure(runtime.unmesh,
          transpose=lambda w, y_bars, xs, sparse=False, indexing="xy": (
              mesh(w, sparse, indexing), None))
structure(runtime.mesh,
          transpose=lambda w, xs, sparse=False, indexing="xy": unmesh(w, xs, sparse, indexing))

# fmt: on
