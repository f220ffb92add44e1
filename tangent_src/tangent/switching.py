"""On which array library a derivative runs, and moving whole structures from one to the other."""

from __future__ import annotations

import ast
import contextlib
import importlib
import re
from collections.abc import Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from tangent.errors import InvalidArgument, UnsupportedSyntax
from tangent.syntax.homes import HOMES
from tangent_backends import BACKENDS, cupy_backend, numpy_backend

_used: ContextVar[str | None] = ContextVar("used", default=None)


def known(name: str | None) -> str | None:
    """The name of a backend, if there is one of that name."""
    if name is not None and name not in BACKENDS:
        raise InvalidArgument(
            f"there is no backend `{name}`",
            code="backend",
            help=f"there are: {', '.join(BACKENDS)}",
        )
    return name


class use_backend:  # noqa: N801  (reads as a function)
    """`use_backend("cupy")` from here on, or in a block: `with use_backend("cupy"):`.

    Derivatives with a `backend` of their own keep it; arrays of the other kind are refused.

        >>> import numpy as np, tangent
        >>> with tangent.use_backend("numpy"):
        ...     tangent.grad(lambda x: x * x)(3.0)
        6.0
    """

    def __init__(self, name: str) -> None:
        self._token = _used.set(known(name))

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _used.reset(self._token)


def chosen(own: str | None, values: tuple[Any, ...] = ()) -> str:
    """The backend of a call: that of the derivative, else that in use, else the arguments'."""
    by_type = any(cupy_backend.is_array(leaf) for value in values for leaf in leaves(value))
    return own or _used.get() or ("cupy" if by_type else "numpy")


def helpers(backend: str) -> Any:
    """The functions of the runtime for an array library."""
    with explained_missing(backend):
        return importlib.import_module(HOMES[backend].helpers)


def captured_too(
    module: Any, names: tuple[str, ...], values: tuple[Any, ...], backend: str
) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The arguments, and the captured values that live on the device as they do."""
    held = [(s, module.namespace[s]) for s, _ in module.captured] if backend == "cupy" else []
    return (*names, *(s for s, _ in held)), (*values, *(v for _, v in held))


def refuse_verify(backend: str) -> None:
    """Directions and differences are those of NumPy's arrays."""
    if backend != numpy_backend.name:
        raise InvalidArgument(
            "`verify=True` runs on NumPy",
            code="option",
            help="verify the derivative on NumPy; the text for CuPy is the same",
        )


def check_home(backend: str, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
    """Refuse arrays that live elsewhere, naming the argument."""
    for name, value in zip(names, values, strict=True):
        for leaf in leaves(value):
            on_device = cupy_backend.is_array(leaf)
            on_host = not on_device and numpy_backend.is_array(leaf) and hasattr(leaf, "setflags")
            if (backend == "cupy" and on_host and getattr(leaf, "ndim", 0) + _is_array(leaf)) or (
                backend != "cupy" and on_device
            ):
                where, move = ("host", "to_device") if on_host else ("device", "to_host")
                raise InvalidArgument(
                    f"the argument `{name}` holds an array in the memory of the {where},"
                    f" and the derivative runs on {'CuPy' if backend == 'cupy' else 'NumPy'}",
                    code="mixed-backends",
                    help=f"pass `tangent.{move}({name})`",
                )


@contextlib.contextmanager
def explained_missing(backend: str) -> Iterator[None]:
    """An array library that is not there is an error of ours."""
    try:
        BACKENDS[backend].namespace  # noqa: B018  (imports it)
        yield
    except ImportError as error:
        if "is not installed" not in str(error):
            raise
        raise InvalidArgument(
            str(error).partition(":")[0],
            code="no-backend",
            help=str(error).partition(": ")[2],
        ) from None


def check_names(source: str, backend: str) -> None:
    """Refuse text that calls what the array library does not have."""
    if backend == numpy_backend.name:
        return
    library = BACKENDS[backend]
    tree = ast.parse(source)
    aliases = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == backend
    }
    for node in ast.walk(tree):
        dotted = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        root, *parts = dotted.split(".") if re.fullmatch(r"[\w.]+", dotted) else [""]
        if root in aliases and _missing(library.namespace, parts):
            raise UnsupportedSyntax(
                f"CuPy has no `{'.'.join(parts)}`, which the derivative calls",
                code="cupy-name",
                help="write it with functions that CuPy has, or run the derivative on NumPy",
            )


def _missing(home: Any, parts: list[str]) -> bool:
    for part in parts:
        if isinstance(home, type) or not hasattr(home, part):
            return not isinstance(home, type)
        home = getattr(home, part)
    return False


@contextlib.contextmanager
def explained_device(backend: str, said: str | None) -> Iterator[None]:
    """What a device lacks: itself, or memory; then the error tells what is stored."""
    if backend == cupy_backend.name:
        _check_device()
    try:
        yield
    except Exception as error:
        if type(error).__name__ == "OutOfMemoryError" and said:
            error.add_note(f"the derivative keeps: {' '.join(said.split())}")
            error.add_note("help: `tangent.checkpoint` around a loop or function stores less")
        raise


def _check_device() -> None:
    cuda = getattr(cupy_backend.namespace, "cuda", None)
    if cuda is None:
        return
    try:
        count = cuda.runtime.getDeviceCount()
    except Exception as error:
        raise InvalidArgument(
            f"there is no CUDA device that works: {error}",
            code="no-device",
            help='leave `backend="cupy"` out to run on NumPy',
        ) from None
    if not count:
        raise InvalidArgument(
            "there is no CUDA device", code="no-device", help="run the derivative on NumPy"
        )


def _is_array(leaf: Any) -> bool:
    return type(leaf).__name__ == "ndarray"


def leaves(value: Any) -> Iterator[Any]:
    """The entries of lists, tuples and dicts, at all depths."""
    if isinstance(value, dict):
        for entry in value.values():
            yield from leaves(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from leaves(entry)
    else:
        yield value


def to_device(tree: Any) -> Any:
    """The same structure with its arrays in the memory of the device."""
    cp = cupy_backend.namespace
    return _mapped(tree, lambda x: cp.asarray(x) if _is_array(x) else x)


def to_host(tree: Any) -> Any:
    """The same structure with its arrays in the memory of the host."""
    return _mapped(tree, lambda x: x.get() if cupy_backend.is_array(x) else x)


def _mapped(tree: Any, change: Any) -> Any:
    if isinstance(tree, dict):
        return type(tree)((k, _mapped(v, change)) for k, v in tree.items())
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(_mapped(v, change) for v in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(_mapped(v, change) for v in tree)
    return change(tree)
