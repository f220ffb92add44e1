"""The functions of `tangent.runtime` for CuPy: the same text, with `cupy` in the place of `numpy`.

Generated text for CuPy imports its helpers from here.  Each file of `tangent.runtime` is executed
once more, so that a helper that makes an array makes it on the device; what differs between the
libraries follows below.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from types import ModuleType
from typing import Any

import tangent.runtime
from tangent_backends import cupy_backend

_AS_THEY_ARE = {"refusals", "checkpoints", "marks", "schedules"}
_loaded: dict[str, ModuleType] = {}


def _load(name: str) -> ModuleType:
    """A file of the runtime, executed for CuPy; first those that it imports."""
    if name not in _loaded:
        original = importlib.import_module(f"tangent.runtime.{name}")
        if name in _AS_THEY_ARE:
            _loaded[name] = original
            return original
        text = inspect.getsource(original)
        text = text.replace("import numpy as np", "import cupy as np")
        for other in re.findall(r"^from tangent\.runtime\.(\w+) import", text, re.MULTILINE):
            _load(other)
        text = re.sub(r"^from tangent\.runtime\.(\w+) import", _moved, text, flags=re.MULTILINE)
        module = ModuleType(f"{__name__}.{name}")
        _loaded[name] = sys.modules[module.__name__] = module
        exec(compile(text, str(original.__file__), "exec"), module.__dict__)
    return _loaded[name]


def _moved(found: re.Match[str]) -> str:
    home = "tangent.runtime" if found[1] in _AS_THEY_ARE else __name__
    return f"from {home}.{found[1]} import"


def _all_of(package: ModuleType) -> dict[str, Any]:
    functions: dict[str, Any] = {}
    for name in package.__all__:
        home = getattr(package, name).__module__.rpartition(".")[2]
        functions[name] = getattr(_load(home), name)
    return functions


cp = cupy_backend.namespace
__path__: list[str] = []  # so that the executed files can import each other
globals().update(_all_of(tangent.runtime))


def element(x: Any) -> Any:
    """`x[i]` as NumPy has it: a number of its own, that no update of it writes into the array."""
    return x.copy() if isinstance(x, cp.ndarray) and x.ndim == 0 else x


def add_at(target: Any, index: Any, value: Any) -> None:
    """`target[index] += value` for an index that may repeat; complex numbers part by part, since
    CuPy's scatter knows real numbers only.
    """
    if isinstance(target, cp.ndarray) and target.dtype.kind == "c":
        value = cp.asarray(value)
        _runtime_add_at(target.real, index, value.real)
        _runtime_add_at(target.imag, index, value.imag)
    else:
        _runtime_add_at(target, index, value)


_runtime_add_at = _load("memory").add_at
_load("memory").__dict__["add_at"] = add_at
