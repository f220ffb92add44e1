"""Imports every rule of the library, once; those of SciPy where SciPy is in use."""

import sys
from importlib import import_module

from tangent.rules import heaps as _heaps
from tangent.rules import python as _python
from tangent.rules.numpy import choosing as _choosing
from tangent.rules.numpy import constants as _constants
from tangent.rules.numpy import creation as _creation
from tangent.rules.numpy import decompositions as _decompositions
from tangent.rules.numpy import draws as _draws
from tangent.rules.numpy import fourier as _fourier
from tangent.rules.numpy import gaps as _gaps
from tangent.rules.numpy import histograms as _histograms
from tangent.rules.numpy import indexing as _indexing
from tangent.rules.numpy import linalg as _linalg
from tangent.rules.numpy import mapping as _mapping
from tangent.rules.numpy import nan_reductions as _nan_reductions
from tangent.rules.numpy import polynomials as _polynomials
from tangent.rules.numpy import quantiles as _quantiles
from tangent.rules.numpy import reductions as _reductions
from tangent.rules.numpy import series as _series
from tangent.rules.numpy import sets as _sets
from tangent.rules.numpy import shape as _shape
from tangent.rules.numpy import signals as _signals
from tangent.rules.numpy import statistics as _statistics
from tangent.rules.numpy import stores as _stores
from tangent.rules.numpy import ufunc_methods as _ufunc_methods
from tangent.rules.numpy import ufuncs as _ufuncs
from tangent.rules.runtime import integrals as _integrals
from tangent.rules.runtime import memory as _memory
from tangent.rules.runtime import numbers as _numbers
from tangent.rules.runtime import products as _products
from tangent.rules.runtime import roots as _roots
from tangent.rules.runtime import shapes as _shapes

FILES = (
    _ufuncs,
    _reductions,
    _nan_reductions,
    _quantiles,
    _signals,
    _statistics,
    _histograms,
    _mapping,
    _ufunc_methods,
    _choosing,
    _polynomials,
    _series,
    _sets,
    _shape,
    _indexing,
    _linalg,
    _decompositions,
    _draws,
    _fourier,
    _creation,
    _stores,
    _constants,
    _gaps,
    _heaps,
    _python,
    _integrals,
    _memory,
    _shapes,
    _numbers,
    _products,
    _roots,
)

OPTIONAL = {
    "scipy.special": ("special", "series", "bessel", "tails"),
    "scipy.linalg": ("linalg", "matrices"),
    "scipy.fft": ("fourier",),
    "scipy.integrate": ("integrate", "adaptive"),
    "scipy.spatial.distance": ("distance",),
    "scipy.optimize": ("optimize",),
    "scipy.signal": ("signal",),
    "scipy.interpolate": ("piecewise", "splines", "interpolate"),
    "scipy.ndimage": ("ndimage", "ranks", "sampling"),
    "scipy.stats": ("stats", "densities", "cumulative", "frozen"),
}


def load_optional() -> None:
    """The rules for modules that somebody has imported: asked where a function is unknown."""
    for module, files in OPTIONAL.items():
        for rules in (f"tangent.rules.scipy.{file}" for file in files):
            if module in sys.modules and rules not in sys.modules:
                import_module(rules)
