"""The array libraries for which derivatives are written; each is one small module.

>>> from tangent_backends import numpy_backend
>>> numpy_backend.import_line
'import numpy as np'
"""

from tangent_backends.cupy import cupy_backend
from tangent_backends.numpy import numpy_backend
from tangent_backends.protocol import Backend

BACKENDS = {backend.name: backend for backend in (numpy_backend, cupy_backend)}

__all__ = ["BACKENDS", "Backend", "cupy_backend", "numpy_backend"]
