"""Picking elements by functions, and functions of triangles and diagonals."""

import functools

import numpy as np

from tangent.rules.language import LIKE_FIRST, defjvp, defvjp, linear
from tangent.runtime import (
    diag_back,
    diagonal_back,
    put_back,
    put_back_along,
    reshape_like,
    trace_adjoint,
    unsort,
)

view = functools.partial(linear, view=True)

# fmt: off

# ------------------------------------------------------------------------------ by indices
linear((np.take, np.ndarray.take),
       transpose=lambda y_bar, a, indices, axis=None, *, mode="raise":
           put_back(y_bar, a, indices, axis, mode))
linear(np.take_along_axis,
       transpose=lambda y_bar, arr, indices, axis=-1: put_back_along(y_bar, arr, indices, axis))

# -------------------------------------------------------------------------- triangles and diagonals
linear(np.tril, transpose=lambda y_bar, m, k=0: np.tril(y_bar, k), shape=LIKE_FIRST, cheap=True)
linear(np.triu, transpose=lambda y_bar, m, k=0: np.triu(y_bar, k), shape=LIKE_FIRST, cheap=True)
view(np.diag, transpose=lambda y_bar, v, k=0: diag_back(y_bar, v, k))
view(np.diagonal,
     transpose=lambda y_bar, a, offset=0, axis1=0, axis2=1:
         diagonal_back(y_bar, a, offset, axis1, axis2))
view(np.ndarray.diagonal,
     transpose=lambda y_bar, a, offset=0, axis1=0, axis2=1:
         diagonal_back(y_bar, a, offset, axis1, axis2))
linear((np.trace, np.ndarray.trace),
       transpose=lambda y_bar, a, offset=0, axis1=0, axis2=1, dtype=None:
           trace_adjoint(y_bar, a, offset, axis1, axis2))
view(np.linalg.diagonal,
       transpose=lambda y_bar, x, *, offset=0: diagonal_back(y_bar, x, offset, -2, -1))
linear(np.linalg.trace,
       transpose=lambda y_bar, x, *, offset=0, dtype=None: trace_adjoint(y_bar, x, offset, -2, -1))
linear(np.diagflat,
       transpose=lambda y_bar, v, k=0: reshape_like(np.diagonal(y_bar, k), v))

# fmt: on


@defvjp(np.sort)
def sort(y_bar, y, a, axis=-1, kind=None, *, stable=None):
    """Equal elements keep their order, as in a stable sort."""
    return unsort(y_bar, a, axis)


@defjvp(np.sort)
def sort_tangent(a_dot, y, a, axis=-1, kind=None, *, stable=None):
    return np.take_along_axis(a_dot, np.argsort(a, axis, kind="stable"), axis)


@defvjp(np.partition)
def partition(y_bar, y, a, kth, axis=-1):
    """NumPy's own partition of the places tells where each element came from."""
    return put_back_along(y_bar, np.asarray(a), np.argpartition(a, kth, axis), axis), None


@defjvp(np.partition)
def partition_tangent(a_dot, y, a, kth, axis=-1):
    return np.take_along_axis(a_dot, np.argpartition(a, kth, axis), axis)
