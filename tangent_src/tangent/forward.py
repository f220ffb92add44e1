"""Forward mode: `jvp`, and the function behind it with its text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tangent import pipeline
from tangent.arguments import check_arguments, check_direction, complete, positions
from tangent.callables import readable, without
from tangent.errors import InvalidArgument
from tangent.kept import kept_by
from tangent.saving import standalone
from tangent.switching import (
    captured_too,
    check_home,
    check_names,
    chosen,
    explained_device,
    explained_missing,
    helpers,
)
from tangent.syntax.homes import HOMES
from tangent.tracing import explained, read_again

__all__ = ["Pushforward", "jvp"]


class Pushforward:
    """The value and the tangent of a function: `Pushforward(f, wrt)(args, tangents)`.

    `wrt` names the arguments that move, as in `grad`; `tangents` has one entry for each of them.
    `.source` is the generated text: the statements of `f`, each followed by that of its tangent.
    Without `value` it gives the tangent alone, by a function called `name`, whose keyword-only
    parameters are at their defaults.  With `has_aux` the function returns a pair: what has the
    tangent, and what comes back as it is, behind the tangent.
    """

    def __init__(
        self,
        function: Any,
        wrt: Any = 0,
        *,
        value: bool = True,
        name: str | None = None,
        has_aux: bool = False,
    ) -> None:
        self.primal = function
        self._function, self.leading = readable(function)
        whole = inspect.signature(self._function, follow_wrapped=False)
        self._signature = without(whole, len(self.leading))
        self._parameters = tuple(self._signature.parameters)
        of = getattr(function, "__name__", "function")
        self._order = positions(wrt, self._signature, of) if wrt != () else ()
        self._wrt = tuple(sorted(self._order))
        self._value, self._name, self._has_aux = value, name, has_aux

    def __repr__(self) -> str:
        name = getattr(self.primal, "__qualname__", self.primal)
        along = ", ".join(self._parameters[i] for i in self._wrt)
        return f"<tangent of {name} with respect to {along}>"

    @property
    def source(self) -> str:
        """The generated text."""
        return self.module.source

    @property
    def module(self) -> pipeline.Module:
        """The generated module, kept as long as the function lives and its callees are the same."""
        return self.module_for(())

    def module_for(self, values: tuple[Any, ...], backend: str | None = None) -> pipeline.Module:
        """The module for these arguments: of which classes they are plays a part."""
        backend = chosen(None, values) if backend is None else backend
        wrt = tuple(self._parameters[i] for i in self._wrt)
        types = pipeline.types_of_arguments(self._function, (*self.leading, *values))
        how = self._value, self._name, self._has_aux
        table = kept_by(self._function, "_tangent_jvp")
        key = wrt, *how, backend, *types.items()
        module = table.get(key)
        if module is None or module.stale():
            with read_again(self._function), explained_missing(backend):
                module = pipeline.tangent(self._function, wrt, *how, types, HOMES[backend])
                check_names(module.source, backend)
                table[key] = module
        return module

    def several(self, values: tuple[Any, ...]) -> pipeline.Module | None:
        """The module that takes several seeds at once; None where there is none, and one seed runs
        after another.
        """
        module = self.module_for(values)
        table = kept_by(module[0], "_tangent_several")
        if "module" not in table:
            table["module"] = pipeline.several_seeds(module[0], tangent_names(module))
        found: pipeline.Module | None = table["module"]
        return found

    def save(self, path: str | Path) -> None:
        """Write the text as a module that needs NumPy (or CuPy) only, as `Derivative.save` does."""
        text = standalone(self.module, HOMES[chosen(None)])
        Path(path).write_text(text, encoding="utf-8")

    @property
    def words(self) -> tuple[str, ...]:
        """The keywords under which the generated function takes the tangents."""
        return tangent_names(self.module)

    def at_once(self, args: Sequence[Any], seeds: Sequence[Any], /) -> tuple[Any, ...] | None:
        """(value, tangents) at `args`, where each of `seeds` has an axis of seeds in front; None
        where there is no program for that.
        """
        values = tuple(args)
        module = self.several(values) if chosen(None, values) == "numpy" else None
        if module is None:
            return None
        single = self.module_for(values)
        single.refresh()
        module.refresh()
        check_arguments(single, self._parameters, values, self._wrt)
        moving = dict(zip(self._order, seeds, strict=True))
        positional = (*self.leading, *values, *(moving[i] for i in self._wrt))
        value, tangents, *aux = module[0](*positional)
        return value, helpers("numpy").like_seeds(tangents, value), *aux

    def __call__(self, args: Sequence[Any], tangents: Sequence[Any], /, **kwargs: Any) -> Any:
        """(value, tangent) at `args` in the direction `tangents`."""
        values = complete(self._signature, tuple(args), kwargs)
        backend = chosen(None, values)
        module, run = self.module_for(values, backend), helpers(backend)
        module.refresh()
        check_home(backend, *captured_too(module, self._parameters, values, backend))
        check_arguments(module, self._parameters, values, self._wrt)
        given = dict(zip(self._order, tangents, strict=True))
        for i, tangent in given.items():
            check_direction(tangent, values[i], f"the tangent of `{self._parameters[i]}`")
            check_home(backend, (f"{self._parameters[i]}_dot",), (tangent,))
        with explained(module), explained_device(backend, None):
            moving = [run.tangent_like(given[i], values[i]) for i in self._wrt]
            positional = (*self.leading, *values)[: module[0].__code__.co_argcount]
            result = module[0](*positional, **dict(zip(tangent_names(module), moving, strict=True)))
            if not self._value:
                return result
            value, tangent, *aux = result
            return value, run.like(tangent, value, copy=True), *aux


def tangent_names(module: pipeline.Module) -> tuple[str, ...]:
    """The keywords under which the function of a module takes the tangents."""
    code = module[0].__code__
    start = code.co_argcount
    return tuple(code.co_varnames[start : start + code.co_kwonlyargcount])


def jvp(
    f: Callable[..., Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
    *,
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """(value, tangent): the value of `f` at `primals`, and its derivative in a direction.

    The tangent is the directional derivative `lim (f(x + h v) - f(x)) / h`, with `v` the tangents.

    Arguments: `primals` are the positional arguments; `tangents` has one entry for each of them, in
    its structure and shapes, or None where it does not move (None inside a container, too).  The
    tangent that comes back has the structure, shapes and dtypes of the value; integer entries give
    None.  With `has_aux` the function returns a pair, and (value, tangent, aux) comes back.

    Raises `InvalidArgument` for tangents that do not fit, `NoRule` for a function without forward
    rule, and what `grad` raises when the function is read.

        >>> import numpy as np, tangent
        >>> value, moved = tangent.jvp(lambda x, y: np.sum(x * y), (np.ones(2), 3.0), (None, 0.5))
        >>> float(value), float(moved)
        (6.0, 1.0)

    Forward mode: Griewank & Walther, Evaluating Derivatives, section 3.1.
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise InvalidArgument(
            "the primals and the tangents of `jvp` are no tuples",
            code="tangents",
            help="write `jvp(f, (x,), (x_dot,))`",
        )
    if len(tangents) != len(primals):
        raise InvalidArgument(
            f"{len(tangents)} tangents for {len(primals)} arguments",
            code="tangents",
            help="pass one tangent for each argument; None where it does not move",
        )
    wrt = tuple(i for i, t in enumerate(tangents) if t is not None)
    moving = tuple(tangents[i] for i in wrt)
    found: tuple[Any, ...] = Pushforward(f, wrt, has_aux=has_aux)(primals, moving)
    return found


jvp.__dict__["derivative_by_tangent"] = "jvp"
