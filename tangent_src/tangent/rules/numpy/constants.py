"""Functions of NumPy without a derivative, or whose derivative is 0 wherever it exists."""

import numpy as np

from tangent.rules.language import constant
from tangent.runtime import sign

# ------------------------------------------------------------------------------ what an array is
constant(
    np.shape,
    np.einsum_path,
    np.ndarray.shape,
    np.ndarray.dtype,
    np.ndarray.strides,
    np.ndarray.flags,
    np.broadcast_shapes,
    np.result_type,
    np.dtype,
    np.finfo,
    np.iinfo,
)
constant(
    np.ndim,
    np.size,
    np.ndarray.ndim,
    np.ndarray.size,
    np.ndarray.itemsize,
    np.ndarray.nbytes,
    np.isscalar,
    np.iscomplexobj,
    np.isrealobj,
    np.issubdtype,
    np.array_equal,
    np.allclose,
    np.array_equiv,
    np.linalg.matrix_rank,
    np.iterable,
    np.shares_memory,
    np.may_share_memory,
    scalar=True,
)

# ------------------------------------------------------------------------------ arrays of constants
constant(
    np.zeros,
    np.ones,
    np.empty,
    np.eye,
    np.identity,
    np.zeros_like,
    np.ones_like,
    np.empty_like,
    np.tri,
    np.indices,
    np.hanning,
    np.hamming,
    np.blackman,
    np.bartlett,
    array=True,
)
constant(np.diag_indices, np.tril_indices, np.triu_indices, np.ix_)

# ------------------------------------------------------------------------------ steps
constant(
    np.signbit,
    np.floor,
    np.ceil,
    np.trunc,
    np.rint,
    np.fix,
    np.round,
    np.around,
    np.ndarray.round,
    np.floor_divide,
    np.spacing,
)

constant(np.sign, checked="sign")  # of a complex number it is x / |x|
constant(sign)

# ------------------------------------------------------------------------------ truth values
constant(
    np.equal,
    np.not_equal,
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
    np.logical_and,
    np.logical_or,
    np.logical_xor,
    np.logical_not,
    np.isfinite,
    np.isinf,
    np.isnan,
    np.isneginf,
    np.isposinf,
    np.isclose,
    np.isreal,
    np.iscomplex,
    np.isin,
    np.any,
    np.all,
    np.ndarray.any,
    np.ndarray.all,
)

# ------------------------------------------------------------------------------ places and counts
constant(
    np.argmax,
    np.argmin,
    np.argsort,
    np.argpartition,
    np.argwhere,
    np.nanargmax,
    np.nanargmin,
    np.nonzero,
    np.flatnonzero,
    np.count_nonzero,
    np.searchsorted,
    np.ndarray.searchsorted,
    np.digitize,
    np.lexsort,
    np.unravel_index,
    np.ravel_multi_index,
    np.ndarray.argmax,
    np.ndarray.argmin,
    np.ndarray.argsort,
    np.ndarray.nonzero,
)

# ------------------------------------------------------------------------------ integers
constant(
    np.int8,
    np.int16,
    np.int32,
    np.int64,
    np.uint8,
    np.uint16,
    np.uint32,
    np.uint64,
    np.bool_,
    np.bitwise_and,
    np.bitwise_or,
    np.bitwise_xor,
    np.invert,
    np.bitwise_count,
    np.packbits,
    np.unpackbits,
    np.left_shift,
    np.right_shift,
    np.gcd,
    np.lcm,
    scalar=False,
)

# ---------------------------------------------------------------------------- random draws, effects
constant(
    np.random.rand,
    np.random.randn,
    np.random.random,
    np.random.random_sample,
    np.random.randint,
    np.random.standard_normal,
    np.random.standard_exponential,
    np.random.default_rng,
    np.random.RandomState,
    np.random.seed,
    np.set_printoptions,
    np.seterr,
    pure=False,
    cheap=False,
)
