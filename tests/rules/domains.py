"""One domain for each rule: the arguments at which it is judged.

The keys are dotted names; a method of arrays has the domain of the function of the same name where
it has none of its own.  An elementwise rule has an interval for each operand, any other a list of
cases.
"""

import numpy as np

from rules.draws import C, distinct, positive, r, regular, restart, separated, symmetric

restart(1)

REAL, POSITIVE, UNIT = (-2.0, 2.0), (0.3, 2.5), (-0.9, 0.9)
AWAY, LARGE = (0.3, 1.7), (2.1, 3.5)  # away from 0; beyond 1

# ---------------------------------------------------------------- elementwise functions

# fmt: off
INTERVALS = {
    "positive": [REAL], "pos": [REAL], "negative": [REAL], "neg": [REAL], "add": [REAL, REAL],
    "subtract": [REAL, REAL], "sub": [REAL, REAL], "multiply": [REAL, REAL], "mul": [REAL, REAL],
    "divide": [REAL, AWAY], "truediv": [REAL, AWAY], "reciprocal": [AWAY], "square": [REAL],
    "remainder": [(2.1, 2.3), (0.6, 0.68)], "mod": [(-2.3, -2.1), (0.6, 0.68)],
    "fmod": [(-2.3, -2.1), (0.6, 0.68)], "power": [POSITIVE, REAL], "float_power": [POSITIVE, REAL],
    "pow": [POSITIVE, REAL], "sqrt": [POSITIVE], "cbrt": [AWAY], "hypot": [REAL, AWAY],
    "exp": [REAL], "exp2": [REAL], "expm1": [REAL], "log": [POSITIVE], "log2": [POSITIVE],
    "log10": [POSITIVE], "log1p": [POSITIVE], "logaddexp": [REAL, REAL], "logaddexp2": [REAL, REAL],
    "sin": [REAL], "cos": [REAL], "tan": [UNIT], "arcsin": [UNIT], "arccos": [UNIT],
    "arctan": [REAL], "arctan2": [REAL, AWAY], "asin": [UNIT], "acos": [UNIT], "atan": [REAL],
    "atan2": [REAL, AWAY], "deg2rad": [REAL], "radians": [REAL], "rad2deg": [REAL],
    "degrees": [REAL], "sinc": [REAL], "sinh": [REAL], "cosh": [REAL], "tanh": [REAL],
    "arcsinh": [REAL], "arccosh": [LARGE], "arctanh": [UNIT], "asinh": [REAL], "acosh": [LARGE],
    "atanh": [UNIT], "abs": [AWAY], "absolute": [(-1.7, -0.3)], "fabs": [(-1.7, -0.3)],
    "copysign": [AWAY, (-2.0, -0.5)], "maximum": [(0.0, 1.0), (1.1, 2.0)],
    "fmax": [(1.1, 2.0), (0.0, 1.0)], "minimum": [(0.0, 1.0), (1.1, 2.0)],
    "fmin": [(1.1, 2.0), (0.0, 1.0)], "clip": [(0.3, 0.7), (-0.1, 0.1), (0.9, 1.1)],
    "nan_to_num": [REAL], "i0": [REAL], "nextafter": [REAL, REAL],
    "heaviside": [AWAY, REAL], "conj": [REAL], "conjugate": [REAL], "float": [REAL],
    "float64": [REAL],
    "float32": [REAL], "float16": [REAL], "erf": [REAL], "erfc": [REAL], "quotient": [REAL, AWAY],
    "math.gamma": [POSITIVE], "math.lgamma": [POSITIVE],
    "log_or_zero": [POSITIVE], "power_partial": [POSITIVE, REAL], "logaddexp_share": [REAL, REAL],
    "gammainc_slope": [POSITIVE, POSITIVE], "psi_slope": [POSITIVE],
    "betainc_slope": [POSITIVE, POSITIVE, (0.1, 0.9)],
    "sinc_derivative": [REAL], "abs_adjoint": [REAL, AWAY], "abs_tangent": [REAL, AWAY],
}
# fmt: on

# ---------------------------------------------------------------- all other functions

MASK = np.array([[True, False, True], [False, False, True]])
# fmt: off
REDUCED = [
    C(r(2, 3)), C(r(3)), C(r()), C(r(2, 3), 0), C(r(2, 3, 2), (0, 2)),
    C(r(2, 3), -1, keepdims=True), C(r(2, 3), keepdims=True), C(0.7),
]
# fmt: on
SUMS = [*REDUCED, C(r(0)), C([0.5, 1.5, 2.5]), C([r(3), r(3)], 0)]
WHERE = [C(r(2, 3), where=MASK), C(r(2, 3), 1, keepdims=True, where=MASK)]
SPREADS = [
    C(r(5)),
    C(r(2, 3)),
    C(r(2, 3), 0, ddof=1),
    C(r(2, 3, 2), (0, 2)),
    C(r(2, 3), 1, keepdims=True),
]
MEANS = [
    *SPREADS,
    C(r(2, 3), where=MASK),
    C(r(2, 3), 0, keepdims=True, correction=1),
    C(r(2, 3), axis=1, where=[True, False, True]),
    C(r(2, 3), 1, mean=r(2, 1), keepdims=True),
]
# a method of arrays has no `correction`
MEANS_OF_METHODS = [c for c in MEANS if "correction" not in c.options]
AXIS = [C(r(4)), C(r(2, 3)), C(r(2, 3), 0), C(r(2, 3), axis=-1)]
MATRIX_PAIRS = [
    C(r(2, 3), r(3, 4)), C(r(3), r(3)), C(r(3), r(3, 2)), C(r(2, 3), r(3)), C(r(2, 2, 3), r(3, 4)),
    C(r(2, 3), r(4, 3, 2)), C(r(5, 1, 2, 3), r(4, 3, 2)), C(r(3), r(2, 3, 2)), C(r(2, 2, 3), r(3)),
    C(r(1, 1), r(1, 3)), C(r(0, 3), r(3, 2)), C(r(2, 0), r(0, 2)),
]  # fmt: skip
# fmt: off
DOT_PAIRS = [
    C(r(2, 3), r(3, 4)), C(r(3), r(3)), C(r(3), r(3, 2)), C(r(2, 3), r(3)), C(r(), r(2, 3)),
    C(r(2, 3), 0.7), C(0.5, 1.5), C(r(2, 2, 3), r(3)), C(r(2, 2, 3), r(3, 2)),
    C(r(2, 3), r(4, 3, 2)), C(r(3), r(4, 3, 2)), C(r(2, 2, 3), r(4, 3, 2)),
]
# fmt: on
INNER_PAIRS = [
    C(r(3), r(3)),
    C(r(2, 3), r(4, 3)),
    C(r(2, 3), r(3)),
    C(r(2), 0.7),
    C(r(2, 2, 3), r(4, 3)),
]
OUTER_PAIRS = [C(r(2), r(3)), C(r(2, 2), r(3)), C(0.7, r(3)), C(r(3), r(2, 1)), C(r(0), r(2))]
KRON_PAIRS = [C(r(2), r(3)), C(r(2, 2), r(3, 2)), C(r(2), r(3, 2)), C(r(2, 1, 2), r(2, 2))]
# fmt: off
TENSORDOT = [
    C(r(2, 3), r(3, 4), 1), C(r(2, 3, 4), r(3, 4, 2)), C(r(2), r(3), 0),
    C(r(2, 3, 4), r(4, 5, 2), ([0, 2], [2, 0])), C(r(2, 3), r(4, 3), axes=(1, 1)),
    C(r(2, 3, 4), r(4, 3), ((1, 2), (1, 0))),
]
# fmt: on
# fmt: off
EINSUM = [
    C("ij,jk->ik", r(2, 3), r(3, 4)), C("ij->ji", r(2, 3)), C("ij->", r(2, 3)), C("ii->", r(3, 3)),
    C("ii->i", r(3, 3)), C("ij->j", r(2, 3)), C("ij,j", r(2, 3), r(3)),
    C("ij,ij->i", r(2, 3), r(2, 3)), C("...ij,...jk->...ik", r(5, 2, 3), r(3, 4)),
    C("iij,j->i", r(2, 2, 3), r(3)), C("i,j->ij", r(2), r(3)),
    C("ij,jk,kl->il", r(2, 3), r(3, 4), r(4, 2)), C("i,i,i", r(3), r(3), r(3)),
    C("ij,jk", r(2, 1), r(3, 4)), C("bi,bj,bk->ijk", r(2, 2), r(2, 3), r(2, 2)),
    C("ij,k->k", r(2, 3), r(2)), C("...i,...i", r(4, 3), r(4, 3)),
]
# fmt: on
PARTS = [r(2, 3), r(1, 3)]
JOINED = [
    C(PARTS),
    C([r(3), r(2)]),
    C([r(2, 2), r(2, 1)], 1),
    C([r(2, 2), r(3)], None),
    C((r(2), r(1)), axis=-1),
    C(r(3, 2, 2)),
]
FFT = [
    C(r(6)),
    C(r(5)),
    C(r(2, 4), axis=0),
    C(r(6), 4),
    C(r(3), 5),
    C(r(4), norm="ortho"),
    C(r(5), norm="forward"),
]
FFTN = [C(r(2, 4)), C(r(3, 5), norm="ortho"), C(r(2, 3, 4)), C(r(2, 3, 4), axes=(0, 1))]
SAME_SHAPE = [C(r(3)), C(r(2, 3)), C(r())]
INDICES = np.array([[0, 2], [1, 2]])

# of larger matrices LAPACK may turn the sign of a vector from one call to the next
TURNS = np.array([[[2.0, 0.3], [0.5, 4.0]], [[3.0, 0.4], [0.2, 1.0]]])
EXTREMES = [C(r(2, 3)), C(r(2, 3), 1, keepdims=True), C(r(2, 3), None, initial=0.2)]
HOLED = np.array([[1.5, np.nan, -0.5], [0.3, 0.7, 1.1]])
HOLES = [C(HOLED), C(HOLED, 1), C(HOLED, axis=0, keepdims=True)]
HOLES_WHERE = [*HOLES, C(HOLED, 1, where=[True, False, True])]
HOLED_SPREADS = [*HOLES_WHERE, C(HOLED, 1, mean=r(2, 1), keepdims=True, where=[True, False, True])]
HOLES_IN_ORDER = [C(HOLED), C(HOLED, -1)]

CONVOLVED = [
    C(r(5), r(3)),
    C(r(5), r(3), "same"),
    C(r(3), r(6), "same"),
    C(r(2), r(5), mode="same"),
    C(r(5), r(3), mode="valid"),
    C(r(3), r(5), "full"),
]
PADDED = [
    C(r(3), 1),
    C(r(2, 3), ((1, 0), (2, 1))),
    C(r(4), 2, "edge"),
    C(r(4), 3, "reflect"),
    C(r(3), 2, mode="wrap"),
    C(r(3), 7, "wrap"),
    C(r(3), (2, 1), "symmetric"),
    C(r(3), (2, 3), "linear_ramp"),
    C(r(2, 3), 2, "minimum"),
    C(r(3), 2, "maximum", stat_length=2),
    C(r(2, 3), ((1, 2), (2, 1)), "mean"),
    C(r(4), 2, "mean", stat_length=(2, 3)),
    C(r(4), 2, "median"),
    C(r(3), 5, "reflect", reflect_type="odd"),
    C(r(2, 3), 2, "symmetric", reflect_type="odd"),
    C(r(2, 3), {-1: (1, 2)}),
]

# fmt: off
CASES = {
    # numpy/reductions.py
    "sum": [*SUMS, *WHERE, C(r(2, 3), axis=0, initial=2.0)],
    "mean": [*(c for c in SUMS if np.size(c.args[0])), *WHERE], "cumsum": [*AXIS, C(r(0))],
    "var": MEANS, "std": MEANS,
    "ndarray.var": MEANS_OF_METHODS, "ndarray.std": MEANS_OF_METHODS,
    "prod": [
        *REDUCED, *WHERE, C(r(2, 3), 0, initial=2.0),
        C(np.array([1.5, 0.0, 2.0])), C(np.array([0.0, 0.0, 2.0])),
    ],
    "max": [
        *REDUCED, C(r(2, 3), 1, where=MASK, initial=-3.0), C(r(2, 3), initial=0.1),
        C([0.3, 1.7, 0.9]),
    ],
    "amax": REDUCED, "min": REDUCED, "amin": REDUCED,
    "ptp": [c for c in REDUCED if np.ndim(c.args[0])],
    "cumprod": [*AXIS, C(np.array([1.5, 0.0, 2.0, 0.0]))],
    # numpy/shape.py
    "reshape": [
        C(r(2, 3), (3, 2)), C(r(6), (2, -1)), C(r(2, 3), 6), C(r(2, 3), (3, 2), order="F"),
        C(r(2, 3).T, (3, 2), order="A"), C(r(0), (0, 2)),
    ],
    "ndarray.reshape": [C(r(2, 3), 3, 2), C(r(2, 3), (6,)), C(r(2, 3), -1, order="F")],
    "ravel": [
        C(r(2, 3)), C(r(2, 3), "F"), C(r(2, 3).T, order="K"), C(r(2, 3).T, order="A"), C(r()),
    ],
    "flatten": [C(r(2, 3)), C(r(2, 3), "F"), C(r(2, 3).T, "K")],
    "squeeze": [C(r(1, 3, 1)), C(r(1, 3, 1), 0), C(r(3))],
    "expand_dims": [C(r(3), 0), C(r(2, 3), (0, -1))], "atleast_1d": [C(r()), C(r(2)), C(0.5)],
    "atleast_2d": [C(r(3)), C(r(2, 3))], "atleast_3d": [C(r(3)), C(r(2, 3))],
    "broadcast_to": [C(r(3), (2, 3)), C(r(2, 1), (4, 2, 3)), C(0.7, (2,))],
    "T": [C(r(2, 3)), C(r(3)), C(r(2, 3, 4))], "mT": [C(r(2, 3)), C(r(2, 3, 4))],
    "matrix_transpose": [C(r(2, 3)), C(r(2, 3, 4))],
    "transpose": [C(r(2, 3)), C(r(2, 3, 4), (2, 0, 1)), C(r(2, 3, 4), axes=(1, -1, 0))],
    "ndarray.transpose": [C(r(2, 3)), C(r(2, 3, 4), 2, 0, 1), C(r(2, 3, 4), (2, 0, 1))],
    "swapaxes": [C(r(2, 3, 4), 0, -1)],
    "moveaxis": [C(r(2, 3, 4), 0, -1), C(r(2, 3, 4), (0, 1), (1, 2))],
    "flip": [C(r(2, 3)), C(r(2, 3), 0), C(r(2, 3, 2), (0, 2))], "fliplr": [C(r(2, 3))],
    "flipud": [C(r(2, 3))], "rot90": [C(r(2, 3)), C(r(2, 3), 3), C(r(2, 3, 2), k=1, axes=(1, 2))],
    "roll": [C(r(4), 1), C(r(2, 3), 2), C(r(2, 3), (1, 2), (0, 1)), C(r(2, 3), -1, axis=1)],
    "concatenate": JOINED,
    "stack": [
        C([r(3), r(3)]), C([r(2, 3), r(2, 3)], 1), C([r(2), r(2)], axis=-1), C([0.4, r()]),
    ],
    "vstack": [C([r(3), r(3)]), C([r(2, 3), r(3)])],
    "hstack": [C([r(3), r(2)]), C([r(2, 3), r(2, 1)]), C([0.5, 1.5])],
    "dstack": [C([r(3), r(3)]), C([r(2, 3), r(2, 3)])],
    "column_stack": [C([r(3), r(3)]), C([r(3, 2), r(3)])],
    "split": [C(r(6), 3), C(r(4, 3), [1, 2]), C(r(2, 4), 2, axis=1)],
    "array_split": [C(r(5), 3), C(r(2, 5), 2, 1)], "vsplit": [C(r(4, 2), 2)],
    "hsplit": [C(r(4), 2), C(r(2, 4), [1])], "dsplit": [C(r(2, 2, 4), 2)],
    "unstack": [C(r(3, 2)), C(r(3, 2), axis=1)],
    "repeat": [
        C(r(3), 2), C(r(2, 3), 2, 0), C(r(2, 3), 3, axis=-1), C(r(3), np.array([1, 0, 2])),
        C(r(2, 2), 2),
    ],
    "tile": [
        C(r(3), 2), C(r(2, 3), 2), C(r(2, 3), (2, 1)), C(r(3), (2, 2)), C(r(2, 2, 2), 3), C(0.5, 3),
    ],
    "sliding_window_view": [
        C(r(5), 2), C(r(3, 4), (2, 3)), C(r(3, 4), 2, 1), C(r(5), (2, 2), axis=(0, 0)), C(r(3), 3),
    ],
    "diff": [C(r(5)), C(r(2, 4)), C(r(5), 2), C(r(4, 2), axis=0), C(r(1))],
    "append": [C(r(3), r(2)), C(r(2, 2), r(3)), C(r(2, 2), r(1, 2), axis=0), C(r(3), 0.4)],
    # numpy/indexing.py
    "take": [
        C(r(4), np.array([0, 2, 2])), C(r(3, 4), INDICES, 0), C(r(3, 4), INDICES, axis=1),
        C(r(3, 4), 2, 0), C(r(3, 4), np.array([0, 11, 0])), C(r(2, 3, 2), INDICES, 1),
    ],
    "take_along_axis": [
        C(r(2, 3), np.array([[0, 2, 2], [1, 1, 0]])), C(r(2, 3), np.array([[0, 1, 1]]), 0),
        C(r(2, 3), np.array([0, 5, 5]), None),
    ],
    "tril": [C(r(3, 3)), C(r(2, 3), 1), C(r(2, 3, 3), -1)], "triu": [C(r(3, 3)), C(r(2, 3), 1)],
    "diag": [C(r(3)), C(r(3), 1), C(r(3, 3)), C(r(2, 3), 1), C(r(3, 2), -1)],
    "diagonal": [
        C(r(3, 3)), C(r(2, 3), 1), C(r(2, 3, 4), 0, 1, 2), C(r(2, 3, 4), -1, axis1=1, axis2=0),
    ],
    "trace": [C(r(3, 3)), C(r(2, 3), 1), C(r(2, 3, 4), 0, 1, 2), C(r(3, 3), offset=-1)],
    "sort": [C(r(5)), C(r(2, 3)), C(r(3, 2), 0), C(r(2, 3), axis=None)],
    # numpy/linalg.py
    "matmul": [*MATRIX_PAIRS, C(r(3, 2, 4), r(4, 3, 2), axes=[(0, 2), (0, 1), (1, 2)])],
    "_operator.matmul": MATRIX_PAIRS, "dot": DOT_PAIRS, "inner": INNER_PAIRS, "outer": OUTER_PAIRS,
    "numpy.linalg.outer": [C(r(2), r(3))], "vdot": [C(r(3), r(3)), C(r(2, 3), r(2, 3))],
    "tensordot": TENSORDOT, "kron": KRON_PAIRS, "einsum": EINSUM,
    "cross": [C(r(3), r(3)), C(r(2, 3), r(3)), C(r(1, 3), r(4, 3))],
    "inv": [C(regular(3)), C(regular(2, 3))],
    "solve": [
        C(regular(3), r(3)), C(regular(3), r(3, 2)), C(regular(2, 3), r(2, 2)),
        C(regular(2, 3), r(3, 2, 2)), C(regular(2), r(3, 2, 2)), C(regular(2, 3), r(2)),
    ],
    "det": [
        C(regular(3)), C(regular(2, 3)), C(np.array([[1.0, 2.0], [2.0, 4.0]])),
        C(np.array([[0.7]])),
    ],
    "slogdet": [C(regular(3)), C(regular(2, 3))],
    "pinv": [C(r(4, 2)), C(r(2, 4)), C(regular(3)), C(regular(3), hermitian=True)],
    "norm": [
        C(r(3)), C(r(2, 3)), C(r(2, 3), None, 1), C(r(2, 3), axis=0, keepdims=True), C(r(3), 1),
        C(r(3), np.inf), C(r(3), -np.inf), C(r(3), 3), C(r(2, 3), 2, 1), C(r(3, 3), 2),
        C(r(3, 2), "nuc"), C(r(3, 3), "fro"), C(r(2, 3), 1), C(r(2, 3), np.inf),
        C(r(2, 3, 2), 1, (0, 2)), C(r(2, 3, 2), "fro", (0, 2), True), C(r(2, 3, 2), -2, (1, 2)),
    ],
    "cholesky": [
        C(positive(3)), C(positive(2, 3)), C(positive(3), upper=True),
    ],
    "eigh": [C(symmetric(3)), C(symmetric(2, 3)), C(symmetric(3), UPLO="U")],
    "eigvalsh": [C(symmetric(3)), C(symmetric(2, 3), "U")],
    "svd": [
        C(separated(3, 2), False), C(separated(2, 3), full_matrices=False), C(regular(3)),
        C(separated(3, 2)), C(separated(2, 3)), C(separated(3, 2), compute_uv=False),
        C(separated(3, 2, 2), False), C(symmetric(3), hermitian=True),
    ],
    "svdvals": [C(separated(3, 2)), C(regular(3))],
    "qr": [
        C(r(4, 2)), C(regular(3)), C(r(2, 3, 2)), C(r(2, 4)), C(r(4, 2), "r"), C(r(2, 3), mode="r"),
        C(regular(2), "complete"), C(r(4, 2), "complete"), C(r(2, 3, 1), "complete"),
    ],
    "eig": [C(TURNS[0]), C(TURNS)], "eigvals": [C(distinct(3))],
    "multi_dot": [
        C([r(2, 3), r(3, 2)]), C([r(2, 3), r(3, 2), r(2, 4)]), C([r(2), r(2, 3), r(3)]),
    ],
    # numpy/fourier.py
    "fft": FFT, "ifft": FFT, "rfft": FFT,
    "irfft": [
        C(r(4)), C(r(3), 5), C(r(2, 3), axis=0), C(r(4), norm="ortho"), C(r(4), norm="forward"),
        C(r(6), 4),
    ],
    "fft2": FFTN[:3], "ifft2": FFTN, "fftn": FFTN, "ifftn": [*FFTN, C(r(2, 3), (3, 2), (0, 1))],
    "fftshift": [C(r(5)), C(r(2, 3), 1)], "ifftshift": [C(r(5)), C(r(2, 3), 1)],
    # numpy/creation.py
    "array": [
        C(r(3)), C([0.4, 0.7]), C([[0.4, 0.7], [r(), 1.0]]), C([r(2), r(2)]), C((0.5, 1)),
    ],
    "copy": SAME_SHAPE, "real": SAME_SHAPE, "imag": SAME_SHAPE,
    "complex": [C(0.4, 0.7), C(0.4)],
    "asarray": [
        C(r(3)), C([0.4, 0.7]), C(r(3), np.float64), C(0.4), C(r(2, 3), order="F"),
        C(r(2, 3).T, order="F"), C(r(3), copy=True), C(r(2, 3), order="F", copy=True),
    ],
    "asanyarray": [C(r(3)), C(0.5), C(r(2, 3), order="F"), C(r(3), copy=True)],
    "ascontiguousarray": [C(r(2, 3).T), C(r(2, 3)), C(r(3)[::-1])],
    "asfortranarray": [C(r(2, 3)), C(r(2, 3).T)], "tolist": [C(r(2, 3)), C(r(3))],
    "astype": [C(r(3), np.float64), C(r(3), int), C(r(3), float, copy=False)],
    "full": [C(3, 0.7), C((2, 3), r(3)), C((2,), 0.3, float)],
    "full_like": [
        C(np.zeros(3, int), 0.7), C(MASK * 1.0, r(3)), C(np.arange(3), 0.3, np.float64),
    ],
    "linspace": [
        C(0.3, 1.7, 4, retstep=True), C(0.3, 1.7, 5), C(0.3, 1.7), C(0.5, -1.0, 4, endpoint=False),
    ],
    "arange": [C(0.25, 3.1), C(0.25, 3.1, 0.5)],
    # elementwise, with operands of other types
    "where": [
        C(MASK, r(2, 3), r(2, 3)), C(MASK, r(3), 0.5), C(np.array([True, False]), 1.5, 0.5),
        C(MASK, r(2, 1), r(3)),
    ],
    "ldexp": [C(r(3), 2), C(0.7, 3)], "angle": [C(r(3)), C(0.7, True)],
    # python.py
    "builtins.sum": [
        C([0.5, 1.5]), C([r(3), r(3)]), C(r(3)), C(r(2, 3)), C([0.5, 1.5], 2.0),
        C((r(2), 1.0), r(2)),
    ],
    "builtins.max": [C([0.5, 1.5, 0.2]), C(0.5, 1.5), C(2.5, 1.5), C(r(4))],
    "builtins.min": [C([0.5, 1.5, 0.2]), C(0.5, 1.5), C(r(4))],
    "copy.copy": [C(r(3)), C([r(2), 0.3])], "copy.deepcopy": [C(r(3)), C([r(2), 0.3])],
    "builtins.list": [C((0.5, 1.5)), C([r(2), 0.3]), C(r(3))], "builtins.tuple": [C([0.5, 1.5])],
    "math.fsum": [C([0.5, 1.5, 0.25])], "math.ldexp": [C(0.7, 3)],
    "add.reduce": [
        C(r(2, 3)), C(r(2, 3), 1, keepdims=True), C(r(2, 3), None),
        C(r(2, 3), where=MASK), C(r(2, 3), axis=-1, initial=0.5),
    ],
    "add.accumulate": [C(r(2, 3)), C(r(2, 3), -1)],
    "add.reduceat": [C(r(5), [0, 3, 1]), C(r(2, 5), [1, 4], axis=1)],
    "multiply.reduce": [
        C(r(2, 3)), C(r(2, 3), None), C(r(2, 3), 1, where=MASK, initial=2.0),
        C(np.array([1.5, 0.0, 2.0]), keepdims=True),
    ],
    "multiply.accumulate": [C(r(4)), C(r(2, 3), -1)],
    "maximum.reduce": EXTREMES, "minimum.reduce": EXTREMES,
    "fmax.reduce": EXTREMES[:1], "fmin.reduce": EXTREMES[:1],
    "maximum.accumulate": [C(r(5)), C(r(2, 4), -1), C(r(1)), C(r(0))],
    "minimum.accumulate": [C(r(5)), C(r(4, 2))],
    "logaddexp.reduce": [C(r(3)), C(r(2, 3), axis=1, keepdims=True), C(r(2, 3), None)],
    "cumulative_sum": [
        C(r(3)), C(r(2, 3), axis=1, include_initial=True), C(r(2, 3), axis=-2), C(r(0)),
    ],
    # numpy/choosing.py
    "choose": [
        C(np.array([0, 1, 0]), [r(3), r(3)]),
        C(np.array([[0, 1, 2], [2, 1, 0]]), [r(3), 0.5, r(2, 3)]),
        C(np.array([0, 3, 5]), [r(3), r(3)], mode="wrap"), C([1, 0], r(2, 2)),
    ],
    "select": [
        C([MASK, ~MASK], [r(2, 3), r(3)], 0.5), C([MASK, MASK], [r(2, 3), r(2, 3)], r(3)),
        C([MASK], r(1, 2, 3)),
    ],
    "compress": [
        C([True, False, True], r(4)), C([True, False, True], r(2, 3), axis=1), C([False], r(2)),
    ],
    "ndarray.compress": [C(r(4), [True, False, True]), C(r(2, 3), [False, True], axis=0)],
    "extract": [C(MASK, r(2, 3)), C([True, False], r(2))],
    "insert": [
        C(r(3), 1, 0.5), C(r(3), [2, 1], r(2)), C(r(2, 3), 1, r(2), axis=1), C(r(3), 1, r(2)),
        C(r(2, 3), [0, 2], r(3), axis=0), C(r(4), slice(0, 2), r(2)), C(r(2, 3), 1, 0.5, 1),
    ],
    "delete": [C(r(4), 1), C(r(2, 4), [0, 2], axis=1), C(r(4), slice(0, 2)), C(r(2, 3), 2)],
    "resize": [C(r(3), (2, 5)), C(r(3), 2), C(r(2, 2), (3,))],
    "bincount": [C(np.array([0, 1, 1, 3]), r(4)), C(np.array([0, 2]), r(2), 5)],
    "block": [
        C([[r(2, 2), r(2, 1)], [r(1, 2), r(1, 1)]]), C([r(2), r(3)]), C([[r(2)], [r(2)]]), C(r(2)),
        C([0.5, r(2)]),
    ],
    "broadcast_arrays": [C(r(3), r(2, 1)), C(r(3), 0.5), C(r(2))],
    "meshgrid": [
        C(r(3), r(2)), C(r(3), r(2), indexing="ij"), C(r(3), r(2), sparse=True), C(r(2)),
        C(r(3), r(2), 0.5),
    ],
    "rollaxis": [C(r(2, 3, 4), 2), C(r(2, 3, 4), -1, 1), C(r(2, 3, 4), 0, 3), C(r(2, 3), 1, 1)],
    "asarray_chkfinite": [C(r(3)), C([0.5, 1.5], np.float64), C(r(2, 3), order="F")], "require": [
        C(r(3)), C([0.5, 1.5]), C(r(2, 3), requirements="F"), C(r(2, 3), np.float64, ["C"]),
    ],
    "ndarray.view": SAME_SHAPE, "real_if_close": SAME_SHAPE,
    "ndarray.item": [C(r()), C(r(3), 1), C(r(2, 3), 1, 2), C(r(2, 3), (1, 2)), C(r(2, 3), 4)],
    "diagflat": [C(r(3)), C(r(2, 2), 1), C(0.5)],
    "numpy.linalg.diagonal": [C(r(2, 3, 3)), C(r(3, 3), offset=1)],
    "numpy.linalg.trace": [C(r(2, 3, 3)), C(r(3, 3), offset=1)],
    "partition": [C(r(5), 2), C(r(4, 3), 1, axis=0), C(r(5), [1, 3]), C(r(2, 3), 2, None)],
    # numpy/quantiles.py
    "median": [C(r(5)), C(r(4)), C(r(4, 3), 0), C(r(4, 3), (0, 1), keepdims=True)],
    "quantile": [
        C(r(5), 0.37), C(r(3, 4), np.array([0.2, 0.7]), 1), C(r(5), 0.4, method="lower"),
        C(r(5), 0.4, method="midpoint"), C(r(5), 0.41, method="hazen"), C(r(4), 1),
        C(r(2, 3), 0.3, (0, 1), keepdims=True), C(r(5), 0.41, method="inverted_cdf"),
        C(r(5), 0.41, method="median_unbiased"),
        C(r(5), 0.41, method="inverted_cdf", weights=[2, 1, 3, 1, 2]),
    ],
    "percentile": [C(r(5), 37.0), C(r(3, 4), np.array([20.0, 70.0]), 1, keepdims=True)],
    "nanmedian": HOLES,
    "nanquantile": [C(HOLED, 0.3, 1), C(HOLED, np.array([0.3, 0.6]))],
    "nanpercentile": [
        C(HOLED, 30.0, 1), C(HOLED, 30.0, keepdims=True),
        C(HOLED, 30.0, 1, method="inverted_cdf", weights=[[1, 2, 4], [2, 1, 3]]),
    ],
    # numpy/signals.py
    "convolve": CONVOLVED, "correlate": [*CONVOLVED, C(r(4), r(3))],
    "pad": [
        *PADDED, C(r(3), (2, 3), "linear_ramp", end_values=(1.0, 2.0)),
        C(r(2, 3), ((1, 2), (0, 1)), constant_values=((1.0, 2.0), (3.0, 4.0))),
    ],
    "unwrap": [C(r(3)), C(r(2, 3) * 2, axis=0), C(r(4), 4.0, period=5.0)],
    "roots": [C(np.array([1.0, -6.0, 11.0, -6.1])), C(np.array([2.0, 1.0, 3.0]))],
    "modf": SAME_SHAPE, "frexp": SAME_SHAPE,
    "divmod": [C(np.array([2.3, -1.4]), 0.6), C(2.3, 0.6), C(2.3, np.array([0.6, 0.9]))],
    "builtins.divmod": [C(np.array([2.3, -1.4]), 0.6), C(2.3, 0.6)],
    "nansum": [*HOLES_WHERE, C(HOLED, 0, initial=2.0)], "nanmean": HOLES_WHERE,
    "nanvar": HOLED_SPREADS, "nanstd": HOLED_SPREADS,
    "nanprod": [*HOLES_WHERE, C(HOLED, 1, initial=2.0)],
    "nanmax": HOLES, "nanmin": HOLES,
    "nancumsum": HOLES_IN_ORDER, "nancumprod": HOLES_IN_ORDER,
    "c_": [C((r(3), r(3))), C((r(3, 2), r(3))), C((0.5, 1.5))],
    "math.dist": [C(r(3), r(3)), C([0.5, 1.5], (0.2, 0.9))],
    "concat": [C([0.5, r(2)], [r(3)]), C((0.5,), (1.5, r(2))), C([], [r(2)])],
    "__or__": [C({"a": 0.5, "b": r(2)}, {"b": r(2), "c": 1.5}), C({}, {"a": r(2)})],
    "no_array": [C(0.5)],
    "no_copier": [C(0.5), C([0.5, {"a": r(2)}])],
    "no_object": [C(0.5)],
    "no_part": [C(0.5)],
    "own_entry": [C(0.5)],
    "only_fields": [C({"a": 0.5, "b": r(2)}, "a", "b"), C({"a": 0.5}, "a", of=float)],
    "in_place": [C([0.5, r(2)], []), C({"a": r(2)}, [])],
    "may_change": [C([0.5, r(2)], []), C({"a": r(2)}, [])],
    "keyed": [C(["a", "b", "a"], [0.5, r(2), 1.5])],
    "entries_at": [C({"a": 0.5, "b": r(2)}, ["a", "b", "a"], [0.5, r(2), 1.5])],
    "without": [C({"a": 0.5, "b": r(2)}, "a"), C({"a": 0.5, "b": r(2)}, "c")],
    "entries_of": [C({"a": 0.5, "b": r(2)}, {"a": 1.5, "b": r(2)}, {"b": 0.5})],
    "r_": [C((r(3), r(2))), C((r(3), 0.5)), C((r(2, 2), r(1, 2)))],
}
# fmt: on
