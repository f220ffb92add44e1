"""The array libraries for which derivatives are written; each is one small module.

>>> from tangent_backends import numpy_backend
>>> numpy_backend.import_line
'import numpy as np'
"""

from tangent_backends.numpy import numpy_backend
from tangent_backends.protocol import Backend

__all__ = ["Backend", "numpy_backend"]
