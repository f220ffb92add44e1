"""What users call: `grad`, `value_and_grad`, `vjp`, `stop_gradient`."""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

from tangent import pipeline
from tangent.arguments import check_arguments, positions
from tangent.callables import opened, readable, without
from tangent.errors import InvalidArgument
from tangent.runtime import stop_gradient
from tangent.runtime.checkpoints import checkpoint
from tangent.saving import standalone
from tangent.storing import Stored, stored
from tangent.switching import (
    captured_too,
    check_home,
    check_names,
    chosen,
    explained_device,
    explained_missing,
    known,
    refuse_verify,
)
from tangent.syntax.homes import HOMES
from tangent.tracing import explained, read_again
from tangent.verifying import Verified

__all__ = ["Derivative", "checkpoint", "grad", "stop_gradient", "value_and_grad"]


def grad(
    f: Callable[..., Any] | None = None,
    /,
    *,
    wrt: int | str | tuple[int | str, ...] = 0,
    backend: str | None = None,
    memory: str | None = None,
    checkpoint: bool | None = None,
    verify: bool = False,
    has_aux: bool = False,
) -> Any:
    """The gradient of a function that returns a real scalar, as a function of the same arguments.

    Arguments: `wrt` names the arguments to differentiate by position or name; for a tuple of them
    a tuple of gradients comes back.  A gradient has the structure, key order, shapes and dtypes
    of its argument; integer entries of a container give None.  With `has_aux` the function returns
    a pair: the scalar, and what comes back beside the gradient, as (gradient, aux).  Also a
    decorator: `@grad`, `@grad(wrt="w")`.

    With `verify` each call holds the gradient against the tangent program in a random direction,
    in which rules of yours give way to differences, and looks for arguments that were changed.
    The function runs once more for it (twice more where something is wrong), with the same random
    draws.

    `checkpoint=False` stores all that the checkpoints in the program save, for the same gradient:
    to see what they are worth, or where there is memory enough.

    Raises `UnsupportedSyntax`, `NoRule`, `SourceUnavailable`, `SourceMismatch` when the function
    is read (at the first use of the result), `InvalidArgument` for a `wrt` that fits no parameter
    or an integer argument in it, `NonScalarOutput` when the result is no real number,
    `VerificationError` when `verify` finds a statement whose adjoint is wrong, and names it.

        >>> import tangent
        >>> def f(x):
        ...     return x * x * 3
        >>> tangent.grad(f)(2.0)
        12.0

    Reverse mode: Griewank & Walther, Evaluating Derivatives, section 3.2.
    """
    return _derivative(f, wrt, (False, has_aux, verify), backend, memory, checkpoint)


def value_and_grad(
    f: Callable[..., Any] | None = None,
    /,
    *,
    wrt: int | str | tuple[int | str, ...] = 0,
    backend: str | None = None,
    memory: str | None = None,
    checkpoint: bool | None = None,
    verify: bool = False,
    has_aux: bool = False,
) -> Any:
    """Like `grad`, and what it returns gives (value, gradient); with `has_aux`, ((value, aux),
    gradient).
    """
    return _derivative(f, wrt, (True, has_aux, verify), backend, memory, checkpoint)


grad.__dict__["derivative_by_tangent"] = "grad"
value_and_grad.__dict__["derivative_by_tangent"] = "value_and_grad"


def _derivative(
    f: Any,
    wrt: Any,
    how: tuple[bool, bool, bool],
    backend: str | None,
    memory: Any,
    checkpoint: bool | None,
) -> Any:
    options = *how, known(backend), _annotated(checkpoint)
    _refuse_memory(memory)
    if f is None:
        return lambda function: Derivative(function, wrt, *options)
    return Derivative(f, wrt, *options)


def _annotated(checkpoint: Any) -> bool:
    """Do the checkpoints in the program count?"""
    if not (checkpoint is None or isinstance(checkpoint, bool)):
        raise InvalidArgument(
            f"the option `checkpoint={checkpoint!r}`",
            code="option",
            help="write `checkpoint=False` to store all that the checkpoints in the program save",
        )
    return checkpoint is not False


def _refuse_memory(memory: Any) -> None:
    if memory:
        raise InvalidArgument(
            f"the option `memory={memory!r}` is not there yet",
            code="option",
            help="leave `memory` out",
        )


class Derivative:
    """The gradient of a function: call it, or look at `.source`, `.primal`, `.save(path)`.

    It looks like the primal (`functools.wraps`), binds as a method, and is safe to call from
    threads.  The text is written at the first use, and again if a function that the primal calls
    has been rebound since.
    """

    def __init__(
        self,
        function: Any,
        wrt: Any = 0,
        value: bool = False,
        has_aux: bool = False,
        verify: bool = False,
        backend: str | None = None,
        checkpoints: bool = True,
    ) -> None:
        _, self.leading = opened(function)
        self.primal = function
        self._types: dict[str, Any] = {}
        self.with_value, self.has_aux, self._verify = value, has_aux, verify
        self._lock = threading.RLock()
        self._backend, self._checkpoints = backend, checkpoints
        self._modules: dict[str, tuple[pipeline.Module, Any]] = {}  # and what was read for it
        functools.update_wrapper(self, function, updated=())
        del self.__dict__["__wrapped__"]
        if isinstance(function, FunctionType):
            for attribute, its_value in vars(function).items():
                if attribute != "__wrapped__" and not attribute.startswith("_tangent_"):
                    self.__dict__.setdefault(attribute, its_value)
        signature = self.__signature__ = signature_of(function)
        self._parameters = tuple(signature.parameters)
        self.wrt = positions(wrt, signature, getattr(function, "__name__", "function"))
        self.single = not isinstance(wrt, tuple)
        self._names = tuple(self._parameters[i] for i in self.wrt)

    def __reduce__(self) -> Any:
        name = getattr(self, "__qualname__", "")
        if _found(self.__module__, name) is self:
            return name  # a decorated function is pickled by its name
        wrt: Any = self._names[0] if self.single else self._names
        options = self.with_value, self.has_aux, self._verify, self._backend, self._checkpoints
        return Derivative, (self.primal, wrt, *options)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        primal = getattr(self.primal, "__qualname__", self.primal)
        return f"<gradient of {primal} with respect to {', '.join(self._names)}>"

    @property
    def source(self) -> str:
        """The generated text."""
        return self.module.source

    @property
    def module(self) -> pipeline.Module:
        """The generated module, written if it is not there or no longer holds."""
        return self.module_on(chosen(self._backend))

    def _known(self, args: tuple[Any, ...]) -> dict[str, Any]:
        """The arguments that are objects, and of which classes."""
        inner = opened(self.primal)[0]
        if isinstance(inner, Derivative):
            inner.written_for((*self.leading, *args))
        return pipeline.types_of_arguments(self._readable(), (*self.leading, *args))

    def written_for(self, args: tuple[Any, ...]) -> None:
        """Write the text for the types of these arguments, as a call with them does."""
        if len(args) == len(self._parameters):
            self.module_on(chosen(self._backend, args), self._known(args))

    def module_on(self, backend: str, types: dict[str, Any] | None = None) -> pipeline.Module:
        """The generated module for an array library, and for arguments of these types: those of
        the latest call.
        """
        function = self._readable()
        types = self._types or self._known(()) if types is None else types
        how = function, types
        module, read = self._modules.get(backend, (None, None))
        if module is None or read != how or module.stale():
            with self._lock, read_again(function), explained_missing(backend):
                options = self._names, self.with_value, not self.single, self.has_aux
                home = HOMES[backend]
                module = pipeline.gradient(function, *options, home, types, self._checkpoints)
                check_names(module.source, backend)
                self._modules[backend], self._types = (module, how), types
        return module

    def _readable(self) -> Any:
        """The function whose source is read: of a derivative, what was generated for it."""
        return readable(self.primal)[0]

    @property
    def generated(self) -> FunctionType:
        """The generated Python function: what is read when the derivative is differentiated
        again.
        """
        function = self.module[0]
        assert isinstance(function, FunctionType)
        return function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args = self._bind(args, kwargs)
        backend = chosen(self._backend, args)
        module = self.module_on(backend, self._known(args))
        module.refresh()
        check_home(backend, *captured_too(module, self._parameters, args, backend))
        check_arguments(module, self._parameters, args, self.wrt)
        if self._verify:
            refuse_verify(backend)
            return self._verified(module, args)
        with explained(module), explained_device(backend, module[0].__doc__):
            return module[0](*self.leading, *args)

    def _verified(self, module: pipeline.Module, args: tuple[Any, ...]) -> Any:
        """What a call returns, once it has been held against what must be true of it."""
        held = Verified(self._readable(), self._parameters, args, self.wrt, self.leading)
        with explained(module):
            found = module[0](*self.leading, *args)
        held.refuse_changed("during the call")
        gradient = found[1] if self.with_value else found[0] if self.has_aux else found
        gradients = (gradient,) if self.single else gradient
        held.check(dict(zip(self.wrt, gradients, strict=True)), 1.0, 0 if self.has_aux else None)
        return found

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        if not kwargs and len(args) == len(self._parameters):
            return args
        bound = self.__signature__.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments[p] for p in self._parameters)

    def stored(self, *args: Any, **kwargs: Any) -> Stored:
        """What a call stores for its backward sweep: print it for a table, `.draw(path)` it, ask
        for the `.account()` of a training step.

        >>> import numpy as np, tangent
        >>> def f(x):
        ...     for _ in range(3):
        ...         x = np.sin(x)
        ...     return np.sum(x)
        >>> [(r.value, r.count, r.bytes) for r in tangent.grad(f).stored(np.ones(4)).rows]
        [('x', 3, 64)]
        """
        self(*args, **kwargs)  # writes the text, and refuses what must be
        values = self._bind(args, kwargs)
        module = self.module_on(chosen(self._backend, values))
        return stored(
            module.source, module[0], (*self.leading, *values), [values[i] for i in self.wrt]
        )

    def save(self, path: str | Path) -> None:
        """Write the derivative as a module that needs NumPy only; or CuPy only, where that is the
        backend of the derivative, or the one in use.

        Captured numbers and strings become constants, other captured values keyword-only
        parameters.
        """
        backend = chosen(self._backend)
        text = standalone(self.module_on(backend), HOMES[backend])
        Path(path).write_text(text, encoding="utf-8")


def signature_of(function: Any) -> inspect.Signature:
    """The parameters that a caller of the derivative gives."""
    inner, leading = opened(function)
    if leading and isinstance(function, MethodType):
        return without(signature_of(function.__func__), 1)
    return inspect.signature(inner, follow_wrapped=False)


def _found(module: str, name: str) -> Any:
    """What the dotted name `name` stands for in a module that is imported, or None."""
    try:
        return functools.reduce(getattr, name.split("."), sys.modules[module])
    except (KeyError, AttributeError):
        return None
