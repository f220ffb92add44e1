"""Imports every rule of the library, once."""

from tangent.rules import python as _python
from tangent.rules import runtime as _runtime
from tangent.rules.numpy import constants as _constants
from tangent.rules.numpy import creation as _creation
from tangent.rules.numpy import fourier as _fourier
from tangent.rules.numpy import gaps as _gaps
from tangent.rules.numpy import indexing as _indexing
from tangent.rules.numpy import linalg as _linalg
from tangent.rules.numpy import nan_reductions as _nan_reductions
from tangent.rules.numpy import reductions as _reductions
from tangent.rules.numpy import shape as _shape
from tangent.rules.numpy import ufuncs as _ufuncs

FILES = (
    _ufuncs,
    _reductions,
    _nan_reductions,
    _shape,
    _indexing,
    _linalg,
    _fourier,
    _creation,
    _constants,
    _gaps,
    _python,
    _runtime,
)
