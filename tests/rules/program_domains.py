"""One domain for each function that is known by a program: see `rules.domains`."""

import numpy as np
from numpy.polynomial import polynomial

from rules.draws import C, r, regular, restart

restart(2)

POINTS = np.array([0.0, 0.5, 1.2, 1.5, 3.0])
PLACES = np.array([0.1, 0.38, 0.9, 0.42, 0.72, 0.55])
WEIGHTS = np.array([0.5, 1.5, 0.7, 1.1, 0.9])


def outer(low=-2.0):
    return [C(r(2, low=low, high=2.5), r(3, low=low, high=2.5)), C(0.7, r(2, low=low, high=2.5))]


def folded(*places):
    """Arrays whose parts are taken one after another."""
    return [C(r(4, low=0.4), *places), C(r(2, 3, low=0.4), *places, axis=1)]


EXTREMES = ("maximum", "minimum", "fmax", "fmin")
OTHERS = (
    "divide", "hypot", "logaddexp2", "copysign", "remainder", "fmod", "heaviside", "nextafter",
    "logaddexp",
)  # fmt: skip
UFUNCS = (*EXTREMES, *OTHERS, "multiply", "power", "float_power", "arctan2")
UNARY = ("negative", "square", "reciprocal", "absolute", "exp", "log", "sqrt", "sin", "cos")

# fmt: off
CASES = {
    # numpy/series.py
    "as_series": [C([r(3), r(2)]), C([r(3), r(2)], False)], "trimseq": [C(r(3))],
    "trimcoef": [C(r(3), 0.1)], "_add": [C(r(3), r(2))], "_sub": [C(r(2), r(3))],
    "polynomial.polydiv": [C(r(4), r(2)), C(r(2), r(3))], "getdomain": [C(r(4))],
    "_fit": [
        C(polynomial.polyvander, POINTS, r(5), 2),
        C(polynomial.polyvander, POINTS, r(5, 2), [0, 2], w=WEIGHTS),
    ],
    "_valnd": [C(polynomial.polyval, r(3, 2), r(2), r(2))],
    "_gridnd": [C(polynomial.polyval, r(3, 2), r(2), r(3))],
    # numpy/reductions.py, numpy/statistics.py
    "cumulative_prod": [C(r(2, 3), axis=1, include_initial=True), C(r(3))],
    "average": [
        C(r(2, 3), 1, r(3, low=0.3)), C(r(2, 3), weights=r(2, 3, low=0.3)), C(r(2, 3)),
        C(r(2, 3), 0, r(2, low=0.3), True, keepdims=True),
    ],
    "cov": [
        C(r(3, 5)), C(r(5), r(5)), C(r(5, 3), rowvar=False), C(r(3, 5), aweights=WEIGHTS),
        C(r(2, 5), bias=True, fweights=[1, 2, 1, 1, 3]),
    ],
    "histogram": [
        C(PLACES, 4, weights=r(6)), C(PLACES, 4, (0.2, 0.8), weights=r(6)), C(PLACES, 3),
        C(PLACES, [0.0, 0.3, 0.7], weights=r(6), density=True),
        C(PLACES, 3, weights=r(6), density=True),
    ],
    "corrcoef": [C(r(3, 5)), C(r(5), r(5))],
    "histogram2d": [
        C(PLACES, PLACES[::-1], 3, weights=r(6)),
        C(PLACES, PLACES**2, [0.0, 0.4, 1.0], [[0, 1], [0, 1]], True, r(6)),
    ],
    "histogramdd": [C(np.stack((PLACES, PLACES[::-1]), 1), (2, 3), weights=r(6))],
    # numpy/signals.py
    "trapezoid": [
        C(r(5), POINTS), C(r(2, 4), dx=0.3), C(r(3, 2), axis=0), C(r(2, 3), r(2, 3), 1.0, 1),
    ],
    "ediff1d": [C(r(4), 0.5, r(2)), C(r(2, 3))],
    "gradient": [C(r(5), POINTS, edge_order=2), C(r(3, 4), 0.3, POINTS[:4])],
    "interp": [
        C(r(3, low=0.1, high=2.9), POINTS, r(5)),
        C(np.array([-0.5, 1.4, 3.5]), POINTS, r(5), 0.4, 2.0),
        C(np.array([-0.5, 1.3, 4.2]), POINTS, r(5), period=4.0), C(0.7, [0.0, 1.0], [0.5, 1.5]),
    ],
    "kaiser": [C(5, 2.0), C(1, 2.0)],
    # numpy/mapping.py
    "apply_along_axis": [
        C(np.cumsum, 0, r(2, 3)), C(np.sum, 1, r(2, 3)), C(np.diff, -1, r(2, 3), 2),
    ],
    "apply_over_axes": [C(np.sum, r(2, 3), [0, 1]), C(np.prod, r(2, 3), 0)],
    "fromfunction": [],
    "vectorize": [], "piecewise": [],  # tested in test_options
    "jacobian": [],  # tested in test_operators
    # numpy/polynomials.py
    # python.py
    "heapq.nlargest": [C(2, [0.5, 1.5, -0.7])],
    "heapq.nsmallest": [C(2, [0.5, 1.5, -0.7], key=abs)],
    **dict.fromkeys(  # what they do to the list is in tests/programs/heaps.py
        ("heappush", "heappop", "heapify", "heapreplace", "heappushpop"), ()),
    "math.prod": [C([0.5, 1.5, -0.7]), C(r(3), start=2.0), C([0.0, 1.5])],
    "polyadd": [C(r(3), r(2)), C(r(2), r(4))], "polysub": [C(r(2), r(3))],
    "polymul": [C(r(3), r(2))], "polydiv": [C(r(4), r(2, low=0.5)), C(r(2), r(3, low=0.5))],
    "polyval": [C(r(3), r(4)), C(r(3), 0.5), C([0.5, 1.5], r(2, 2))],
    "polyder": [C(r(4)), C(r(4), 2)], "polyint": [C(r(4)), C(r(3), 2, 0.5)],
    "vander": [C(r(3)), C(r(3), 4, increasing=True)],
    # numpy/sets.py
    "unique": [
        C(np.array([0.5, -1.0, 2.0])), C(r(2, 3), return_counts=True, return_index=True),
        C(r(3), True), C(r(3), True, True, True),
    ],
    "unique_values": [C(r(3))], "unique_counts": [C(r(3))], "unique_inverse": [C(r(2, 2))],
    "unique_all": [C(r(3))], "union1d": [C(r(3), r(2))], "setdiff1d": [C(r(3), r(2))],
    "intersect1d": [C(r(3), r(2))],
    "setxor1d": [C(r(3), r(2))], "trim_zeros": [C(r(3))],
    # numpy/creation.py, numpy/shape.py
    "logspace": [C(0.5, 1.5, 5), C(0.5, 1.5, 4, False, 3.0)],
    "geomspace": [
        C(1.0, 7.0, 5), C(2.0, 7.0, 4, endpoint=False), C(r(2, low=0.5), r(2, low=0.5), 4, axis=1),
    ],
    "fromiter": [C([0.5, 1.5], float)],
    "row_stack": [],
    # numpy/linalg.py
    "numpy.linalg.cross": [C(r(3), r(3)), C(r(3, 2), r(3, 2), axis=0)],
    "numpy.linalg.matmul": [C(r(2, 3), r(3, 2))],
    "numpy.linalg.tensordot": [C(r(2, 3), r(3, 2), axes=1)],
    "vecdot": [C(r(2, 3), r(3)), C(r(3, 2), r(3, 2), axis=0)],
    "matvec": [C(r(2, 2, 3), r(2, 3))], "vecmat": [C(r(4, 2), r(2, 3))],
    "matrix_power": [C(r(3, 3), 3), C(regular(2), -2), C(r(2, 2, 2), 1), C(r(2, 2), 0)],
    "lstsq": [C(r(5, 3), r(5, 2)), C(r(3, 5), r(3)), C(r(5, 3), r(5), None)],
    "tensorsolve": [
        C(regular(6).reshape(2, 3, 2, 3), r(2, 3)),
        C(np.moveaxis(regular(6).reshape(2, 3, 2, 3), 3, 0), r(2, 3), (0,)),
    ],
    "tensorinv": [C(regular(4).reshape(2, 2, 4)), C(regular(4).reshape(4, 2, 2), 1)],
    "cond": [C(regular(3)), C(regular(3), 1), C(r(4, 3), -2)],
    "matrix_norm": [C(r(2, 3), ord="nuc"), C(r(2, 2, 3), keepdims=True)],
    "vector_norm": [
        C(r(2, 3)), C(r(2, 3), axis=1, ord=3), C(r(2, 3, 2), axis=(0, 2), ord=1, keepdims=True),
    ],
    "poly": [C(r(3))], "polyfit": [C(r(6), r(6), 2), C(r(6), r(6, 2), 1)],
    # numpy/fourier.py
    "rfftn": [C(r(2, 3, 4)), C(r(2, 3, 4), (2, 5), (0, 2), "forward")],
    "irfftn": [C(r(2, 3)), C(r(2, 3, 4), (3, 5), axes=(1, 2))],
    "rfft2": [C(r(3, 5), norm="ortho")], "irfft2": [C(r(4, 3), s=(4, 5))],
    "hfft": [C(r(4)), C(r(4), 5)], "ihfft": [C(r(6)), C(r(6), 5, norm="ortho")],
    "fftfreq": [C(4, 0.5), C(5, 0.5)], "rfftfreq": [C(4, 0.5), C(5, 0.5)],
    # numpy/ufunc_methods.py; what is written at places is in tests/programs/stores.py
    **dict.fromkeys((f"{f}.at" for f in (*UFUNCS, "ldexp", *UNARY)), ()),
    **{f"{f}.reduceat": folded([0, 2, 1]) for f in ("subtract", "multiply", *EXTREMES, *OTHERS)},
    **{f"{f}.accumulate": folded() for f in ("subtract", "fmax", "fmin", *OTHERS)},
    **{f"{f}.reduce": [*folded(), C(r(2, 3, low=0.4), axis=1, keepdims=True, initial=0.7)]
       for f in ("subtract", *OTHERS)},
    "ldexp.outer": [], "heaviside.outer": outer(0.4), "nextafter.outer": outer(),
    **{f"{f}.outer": outer() for f in (
        "add", "subtract", "multiply", "hypot", "arctan2", "logaddexp", "logaddexp2", "maximum",
        "minimum", "fmax", "fmin", "copysign")},
    **{f"{f}.outer": outer(0.4) for f in ("divide", "power", "float_power", "remainder", "fmod")},
    # numpy/draws.py: another number each time, see test_draws.py
    **dict.fromkeys(
        ("normal", "lognormal", "uniform", "logistic", "gumbel", "exponential", "weibull",
         "pareto"), ()),
}
# fmt: on
