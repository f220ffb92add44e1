"""NumPy: arrays in the host's memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_backends.protocol import Backend


@dataclass(frozen=True)
class NumpyBackend:
    """The default backend."""

    name: str = "numpy"
    alias: str = "np"
    import_line: str = "import numpy as np"

    @property
    def namespace(self) -> Any:
        """The `numpy` module."""
        return np

    def is_array(self, value: object) -> bool:
        """Whether `value` is an `ndarray`, or one of NumPy's scalars."""
        return isinstance(value, (np.ndarray, np.generic))


numpy_backend: Backend = NumpyBackend()
