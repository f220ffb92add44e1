"""CuPy: arrays in the memory of a CUDA device.  Importing this module does not import CuPy."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any

from tangent_backends.protocol import Backend


@dataclass(frozen=True)
class CupyBackend:
    """The backend for NVIDIA's devices."""

    name: str = "cupy"
    alias: str = "cp"
    import_line: str = "import cupy as cp"

    @property
    def namespace(self) -> Any:
        """The `cupy` module; ImportError says which package to install."""
        try:
            return importlib.import_module("cupy")
        except ImportError as error:
            raise ImportError(
                "CuPy is not installed: `pip install cupy-cuda13x` for CUDA 13, `cupy-cuda12x` for"
                " CUDA 12, `'cupy-cuda11x<14'` for CUDA 11; `nvidia-smi` shows which CUDA there is"
            ) from error

    def is_array(self, value: object) -> bool:
        """Whether `value` is an array of CuPy's; without CuPy there is none."""
        module = sys.modules.get("cupy")
        return module is not None and isinstance(value, module.ndarray)


cupy_backend: Backend = CupyBackend()
