"""Functions and methods that write into their first argument: `(target, region, value)`."""

import numpy as np

from tangent.rules.language import constant, linear, store
from tangent.runtime import (
    add_at,
    all_of,
    along_places,
    credited,
    diagonal_places,
    flat_places,
    masked_value,
    picked,
    picked_back,
    take_out,
    whole_mask,
)

# fmt: off

# ------------------------------------------------------------------------------ whole arrays
store(np.copyto, lambda dst, src, casting="same_kind", where=None:
      (dst, ..., src if where is None else np.where(where, src, dst)))
store(np.ndarray.fill, lambda a, value: (a, ..., value))
store(np.ndarray.partition, lambda a, kth, axis=-1: (a, all_of(a), np.partition(a, kth, axis)))
store(np.ndarray.sort, lambda a, axis=-1: (a, all_of(a), np.sort(a, axis)))
store(np.putmask, lambda a, mask, values: (a, ..., np.where(mask, masked_value(values, a), a)))

store(np.place, lambda arr, mask, vals:
      (arr, whole_mask(mask, arr), np.resize(vals, np.count_nonzero(mask))))

# ------------------------------------------------------------------------------ places
store((np.put, np.ndarray.put), lambda a, ind, v: (a, flat_places(a, ind), v))
store(np.put_along_axis,
      lambda arr, indices, values, axis: (arr, along_places(arr, indices, axis), values))
store(np.fill_diagonal, lambda a, val: (a, diagonal_places(a), val))

# ------------------------------------------------------------------------------ sums
store(np.add.at, lambda a, indices, b: (a, indices, b), adds=True)
store(np.subtract.at, lambda a, indices, b: (a, indices, np.negative(b)), adds=True)
store(add_at, lambda buffer, index, adjoint: (buffer, index, adjoint), adds=True)
store(take_out, lambda buffer, index: (buffer, index, 0, credited(buffer, index)))

# ------------------------------------------------------------------------------ helpers of these
constant(all_of, along_places, diagonal_places, flat_places, whole_mask)
linear(masked_value, transpose=lambda y_bar, values, a: (y_bar, None), fresh=False, cheap=True)
linear(picked,
       transpose=lambda y_bar, x, where, like: (picked_back(y_bar, x, where, like), None, None))
linear(picked_back,
       transpose=lambda w, y_bar, x, where, like: (picked(w, where, like), None, None, None))

# fmt: on
