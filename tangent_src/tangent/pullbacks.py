"""Reverse mode at one place: `vjp`, and the pullback that it gives."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tangent import pipeline
from tangent.arguments import check_arguments, check_direction, complete
from tangent.callables import readable, without
from tangent.kept import kept_by
from tangent.runtime import fields_of, is_record
from tangent.switching import (
    captured_too,
    check_home,
    check_names,
    chosen,
    explained_device,
    explained_missing,
    helpers,
    refuse_verify,
)
from tangent.syntax.homes import HOMES
from tangent.tracing import explained, read_again
from tangent.verifying import Verified

__all__ = ["Pullback", "halves_of", "pullback_at", "vjp"]


def vjp(f: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, ...]:
    """(value, pullback): the value of `f`, and the function that maps a cotangent to one entry
    per argument.

    An entry is None where the argument has no derivative (integers, strings).  The pullback may
    be called any number of times.  It holds references: do not write to an argument between `vjp`
    and the pullback.

    Two options, unless `f` has parameters of these names: `verify=True` catches such writes, and
    does for each call of the pullback what it does for `grad`; with `has_aux=True` the function
    returns a pair, and (value, pullback, aux) comes back.

        >>> import numpy as np, tangent
        >>> value, pullback = tangent.vjp(lambda x: np.sin(x), np.zeros(2))
        >>> pullback(np.ones(2))[0]
        array([1., 1.])
    """
    signature = reading_signature(f)
    ours = {"verify", "has_aux"} - signature.parameters.keys()
    options = {name: bool(kwargs.pop(name)) for name in ours & kwargs.keys()}
    values = complete(signature, args, kwargs)
    wrt = tuple(i for i, v in enumerate(values) if _differentiable(v))
    value, pullback = pullback_at(f, values, wrt, max(len(args), 1), **options)
    return (value[0], pullback, value[1]) if options.get("has_aux") else (value, pullback)


def reading_signature(f: Any) -> inspect.Signature:
    """The parameters of the function that is read for a callable, but for its leading ones."""
    function, leading = readable(f)
    return without(inspect.signature(function, follow_wrapped=False), len(leading))


def pullback_at(
    f: Callable[..., Any],
    values: tuple[Any, ...],
    wrt: tuple[int, ...],
    count: int | None = None,
    verify: bool = False,
    has_aux: bool = False,
) -> tuple[Any, Pullback]:
    """`vjp` at `values`, all arguments by position, with entries for the positions `wrt` alone;
    `count` tells how many entries there are.  With `has_aux` the value is the pair (value, aux).
    """
    signature, leading = reading_signature(f), readable(f)[1]
    values, parameters = complete(signature, values, {}), tuple(signature.parameters)
    given = (*leading, *values)
    backend = chosen(None, values)
    module = halves_of(f, tuple(parameters[i] for i in wrt), has_aux, given, backend)
    module.refresh()
    check_home(backend, *captured_too(module, parameters, values, backend))
    check_arguments(module, parameters, values, wrt, integers=True)
    if verify:
        refuse_verify(backend)
    held = Verified(readable(f)[0], parameters, values, wrt, leading) if verify else None
    run = helpers(backend)
    with explained(module), explained_device(backend, module[0].__doc__):
        whole, record = module[0](*leading, *values)
    value = whole[0] if has_aux else whole
    if held is not None:
        held.refuse_changed("during the call")
    pullback = Pullback(module, backend, value, record, values, wrt, count, held, has_aux)
    mine = copy.deepcopy(value)  # the record keeps its own
    return ((mine, run.own(whole[1])) if has_aux else mine), pullback


@dataclass(frozen=True, eq=False, repr=False)
class Pullback:
    """The map from a cotangent of a value to the adjoints of the positional arguments."""

    _module: pipeline.Module
    _backend: str
    _value: Any
    _record: Any
    _args: tuple[Any, ...]
    _wrt: tuple[int, ...]
    _count: int | None
    _held: Verified | None
    _has_aux: bool

    def __repr__(self) -> str:
        return f"<pullback by {self._module[1].__name__}>"

    def __call__(self, cotangent: Any) -> tuple[Any, ...]:
        """One entry for each argument."""
        run, args, held = helpers(self._backend), self._args, self._held
        check_direction(cotangent, self._value, "the cotangent")
        check_home(self._backend, ("cotangent",), (cotangent,))
        if held is not None:
            held.refuse_changed("after `vjp`, and the pullback needs it")
        with explained(self._module), explained_device(self._backend, self._module[0].__doc__):
            seed = run.like(cotangent, self._value, copy=True)
            found = self._module[1](run.inside(seed, self._value), self._record)
            adjoints = {i: run.like(a, args[i], copy=True) for i, a in self._paired(found)}
        if held is not None:
            held.check(adjoints, seed, 0 if self._has_aux else None)
        return tuple(adjoints.get(i) for i in range(len(args[: self._count])))

    def at_once(self, seeds: Any) -> tuple[Any, ...] | None:
        """The adjoints for several cotangents, which stand one behind the other along the first
        axis of `seeds`, and so do the adjoints; None where there is no program for that.
        """
        module = self.several() if self._backend == "numpy" and self._held is None else None
        if module is None:
            return None
        module.refresh()
        found, like = module[0](seeds, self._record), helpers("numpy").like_seeds
        adjoints = {i: like(a, self._args[i]) for i, a in self._paired(found)}
        return tuple(adjoints.get(i) for i in range(len(self._args)))

    def several(self) -> pipeline.Module | None:
        """The backward half for several cotangents at once, if there is one."""
        return several_cotangents(self._module)

    def _paired(self, found: Any) -> Any:
        return zip(self._wrt, (found,) if len(self._wrt) == 1 else found, strict=True)


def several_cotangents(module: pipeline.Module) -> pipeline.Module | None:
    """The module that does what the backward half of `module` does, for several cotangents."""
    table = kept_by(module[1], "_tangent_several")
    if "module" not in table:
        cotangent = module[1].__code__.co_varnames[0]
        table["module"] = pipeline.several_seeds(module[1], (cotangent,), adjoints=True)
    found: pipeline.Module | None = table["module"]
    return found


def halves_of(
    f: Any,
    wrt: tuple[str, ...],
    has_aux: bool = False,
    values: tuple[Any, ...] = (),
    backend: str = "numpy",
) -> pipeline.Module:
    """The halves of a function, kept as long as the function lives and its callees are what they
    were; `values` are its arguments.
    """
    function, _ = readable(f)
    types = pipeline.types_of_arguments(function, values)
    table = kept_by(function, "_tangent_halves")
    key = wrt, has_aux, backend, *types.items()
    module = table.get(key)
    if module is None or module.stale():
        with read_again(function), explained_missing(backend):
            module = pipeline.halves(function, wrt, has_aux, types, HOMES[backend])
            check_names(module.source, backend)
            table[key] = module
    return module


def _differentiable(value: Any) -> bool:
    """Is there a floating-point number in a value?"""
    if isinstance(value, dict):
        return any(_differentiable(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return any(_differentiable(v) for v in value)
    if is_record(value):
        return any(_differentiable(v) for v in fields_of(value).values())
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return kind in ("f", "c") or isinstance(value, (float, complex))
