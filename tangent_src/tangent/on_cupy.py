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


def is_array(value: Any) -> bool:
    """Does NumPy have an array here?  Its numbers are arrays without axes on a device."""
    return isinstance(value, cp.ndarray) and value.ndim > 0


def scatter_add(buffer: Any, index: Any, adjoint: Any) -> None:
    """`buffer[index] += adjoint`, where every occurrence of a repeated index counts; complex
    numbers part by part, since CuPy's scatter knows real numbers only.
    """
    if buffer.dtype.kind == "c":
        adjoint = cp.asarray(adjoint)
        cp.add.at(buffer.real, index, adjoint.real)
        cp.add.at(buffer.imag, index, adjoint.imag)
    else:
        cp.add.at(buffer, index, adjoint)


def last_written(buffer: Any, index: Any) -> Any:
    """Which of the values in `buffer[index] = values` stay: in NumPy the last one for a place."""
    last, places = _last(buffer, index)
    return (last[places] == cp.arange(places.size)).reshape(buffer[index].shape)


def latest(target: Any, index: Any, value: Any) -> Any:
    """`value` for `target[index] = value`: where the index names an element twice, all its values
    are the last one, so that their order, which CuPy leaves open, does not matter.
    """
    if not isinstance(target, cp.ndarray) or not picks_by_number(index):
        return value
    if target.dtype.kind in "iub" and cp.result_type(value).kind in "fc":
        advice = "make the array of floats: `dtype=float`"
        raise Refusal("a float is stored into an array of integers", "integer-store", advice)
    last, places = _last(target, index)
    shape = target[index].shape
    return cp.broadcast_to(value, shape).ravel()[last[places]].reshape(shape)


def _last(target: Any, index: Any) -> tuple[Any, Any]:
    """Of each element the number of the last value that an index brings to it, and the elements
    that the values go to.
    """
    places = cp.arange(target.size).reshape(target.shape)[index].ravel()
    last = cp.zeros(target.size, dtype=places.dtype)
    cp.maximum.at(last, places, cp.arange(places.size))
    return last, places


def copied_array(value: Any, known: dict[Any, Any]) -> Any:
    """A copy of an array of a container; refused where another one there shares its memory."""
    if id(value) not in known:
        arrays = [a for a, _ in known.values() if isinstance(a, cp.ndarray)]
        if any(cp.may_share_memory(a, value) for a in arrays):
            what = "a list or dict that is kept holds arrays that share memory, on a device"
            raise Refusal(what, "shared-memory", "put copies into it")
        known[id(value)] = value, value.copy()
    return known[id(value)][1]


Refusal = tangent.runtime.Refusal
picks_by_number = _load("memory").picks_by_number
_load("memory").__dict__.update(
    scatter_add=scatter_add, last_written=last_written, copied_array=copied_array
)
__all__ = sorted({*tangent.runtime.__all__, "_last", "element", "latest"})
