"""What is asked of arguments before generated code runs."""

from __future__ import annotations

import inspect
import operator
from typing import Any

import numpy as np

from tangent.errors import AliasedArguments, InvalidArgument
from tangent.runtime import fields_of, is_record
from tangent_backends import cupy_backend

_PLAIN = (float, complex, int, bool, str, bytes, type(None), np.generic)


def positions(wrt: Any, signature: inspect.Signature, function: str) -> tuple[int, ...]:
    """The positions that `wrt` means."""
    names = list(signature.parameters)
    found = []
    for one in wrt if isinstance(wrt, tuple) else (wrt,):
        if isinstance(one, str):
            if one not in names:
                raise _no_parameter(one, names, function)
            found.append(names.index(one))
        else:
            try:
                index = operator.index(one)
            except TypeError:
                raise _no_parameter(one, names, function) from None
            if isinstance(one, bool) or not -len(names) <= index < len(names):
                raise _no_parameter(one, names, function)
            found.append(index % len(names))
    if len(set(found)) != len(found) or not found:
        raise InvalidArgument(
            f"`wrt={wrt!r}` names a parameter twice, or none",
            code="wrt",
            help="name each parameter once",
        )
    return tuple(found)


def complete(
    signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """All arguments by the position of their parameters, defaults included."""
    if kwargs or not args:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments[p] for p in signature.parameters)
    rest = list(signature.parameters.values())[len(args) :]
    lacking = next((p.name for p in rest if p.default is p.empty), None)
    if lacking is not None or len(args) > len(signature.parameters):
        signature.bind(*args)  # raises as Python does
    return (*args, *(p.default for p in rest))


def _no_parameter(one: Any, names: list[str], function: str) -> InvalidArgument:
    return InvalidArgument(
        f"`wrt={one!r}` names no parameter of `{function}`",
        code="wrt",
        help=f"its parameters are: {', '.join(names) or 'none'}",
    )


def check_arguments(
    module: Any,
    parameters: tuple[str, ...],
    values: tuple[Any, ...],
    wrt: tuple[int, ...],
    integers: bool = False,
) -> None:
    """Refuse arguments for which the generated code would not hold."""
    for position, value in enumerate(values):
        _check_value(value, parameters[position], position in wrt)
        if position in wrt and not integers:
            check_differentiable(value, parameters[position])
    captured = [(str(where.key), module.namespace[name]) for name, where in module.captured]
    for name, value in captured:
        if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
            raise _subclass(name, value)
    written = module.unit.summary.writes
    if written:
        names = (*parameters, *(name for name, _ in captured))
        _check_shared(names, (*values, *(value for _, value in captured)), written)


def _check_value(value: Any, name: str, differentiated: bool) -> None:
    kind = type(value)
    if kind.__module__ == "cupy" and kind.__name__ == "ndarray":
        return
    if kind is np.ndarray:
        if value.dtype == object:
            raise InvalidArgument(
                f"the argument `{name}` is an array of objects",
                code="object-array",
                help="use a list",
            )
        return
    if isinstance(value, np.ndarray):
        raise _subclass(name, value)
    if kind is dict:
        for key, entry in value.items():
            _check_value(entry, f"{name}[{key!r}]", differentiated)
    elif isinstance(value, (list, tuple)):
        for index, entry in enumerate(value):
            _check_value(entry, f"{name}[{index}]", differentiated)
    elif is_record(value):
        for attribute, entry in fields_of(value).items():
            _check_value(entry, f"{name}.{attribute}", differentiated)
    elif differentiated and not (isinstance(value, _PLAIN) or callable(value)):
        raise InvalidArgument(
            f"the argument `{name}` is a {kind.__name__}",
            code="argument-kind",
            help="pass numbers, arrays, or lists, tuples and dicts of them",
        )


def _subclass(name: str, value: Any) -> InvalidArgument:
    return InvalidArgument(
        f"`{name}` is a {type(value).__module__}.{type(value).__name__}, "
        "whose operators may differ from those of an array",
        code="array-subclass",
        help=f"pass `np.asarray({name})`",
    )


def check_differentiable(value: Any, name: str) -> None:
    """Refuse an argument that is an integer, or no number."""
    dtype = getattr(value, "dtype", None)
    kind = (
        dtype.kind
        if dtype is not None
        else "b"
        if isinstance(value, bool)
        else "i"
        if isinstance(value, int)
        else ""
    )
    if kind in ("i", "u", "b"):
        what = "a boolean" if kind == "b" else "an integer"
        raise InvalidArgument(
            f"the argument `{name}` is {what}, which has no derivative",
            code="integer-argument",
            help=f"pass a float: `float({name})`"
            if dtype is None or not value.ndim
            else f"pass `{name}.astype(float)`",
        )
    if isinstance(value, str) or value is None:
        raise InvalidArgument(
            f"the argument `{name}` is no number",
            code="argument-kind",
            help="leave it out of `wrt`",
        )


def _check_shared(
    parameters: tuple[str, ...],
    values: tuple[Any, ...],
    written: frozenset[str],
) -> None:
    """A parameter that the function writes into may share memory with no other argument, and with
    nothing that the function reads from outside.
    """
    holders: dict[int, list[str]] = {}
    for parameter, value in zip(parameters, values, strict=True):
        for one in _objects(value):
            holders.setdefault(id(one), []).append(parameter)
    for first, *again in holders.values():
        if again and {first, *again} & written:
            raise AliasedArguments(
                f"the function changes an object that `{first}` and `{again[0]}` hold",
                code="aliased-arguments",
                help="pass a copy: `copy.deepcopy(…)`",
            )
    arrays = [(parameters[i], a) for i, v in enumerate(values) for a in _arrays(v)]
    for position, (name, array) in enumerate(arrays):
        if name not in written:
            continue
        if _overlaps_itself(array):
            raise AliasedArguments(
                f"the function writes into `{name}`, of which two elements are in one place",
                code="aliased-arguments",
                help=f"pass a copy: `{name}.copy()`",
            )
        for other_position, (other, second) in enumerate(arrays):
            if other_position != position and _may_share(array, second):
                raise AliasedArguments(
                    f"the function writes into `{name}`, which shares memory with `{other}`",
                    code="aliased-arguments",
                    help=f"pass a copy: `{other}.copy()`",
                )


def _overlaps_itself(array: Any) -> bool:
    """May two elements share memory?  Not where each axis goes beyond the inner ones."""
    taken = array.itemsize
    axes = zip(array.strides, array.shape, strict=True)
    for stride, size in sorted((abs(s), n) for s, n in axes if n > 1):
        if stride < taken:
            return True
        taken += stride * (size - 1)
    return False


def _may_share(array: Any, second: Any) -> bool:
    on_device = cupy_backend.is_array(array), cupy_backend.is_array(second)
    if any(on_device):
        return all(on_device) and bool(cupy_backend.namespace.may_share_memory(array, second))
    return bool(np.may_share_memory(array, second))


# ---------------------------------------------------------------- tangents and cotangents


def check_direction(given: Any, value: Any, what: str) -> None:
    """Refuse a tangent or cotangent that does not fit a value: `what` is what it is called.

    None stands for zeros of any structure, a number for as many as there are, and a dict may lack
    keys.
    """
    if given is None:
        return
    if isinstance(value, dict):
        _check_kind(given, value, what, isinstance(given, dict))
        for key in given:
            if key not in value:
                raise _misfit(f"{what} has the key {key!r}, which its value has not")
            check_direction(given[key], value[key], f"{what}, at [{key!r}],")
    elif isinstance(value, (list, tuple)):
        whole = isinstance(given, (list, tuple)) and len(given) == len(value)
        _check_kind(given, value, what, whole)
        for index, (one, entry) in enumerate(zip(given, value, strict=True)):
            check_direction(one, entry, f"{what}, at [{index}],")
    elif isinstance(value, (float, complex, np.ndarray, np.generic)):
        _check_numbers(given, value, what)


def _check_kind(given: Any, value: Any, what: str, fits: bool) -> None:
    if not fits:
        size = f" of {len(given)}" if isinstance(given, (list, tuple)) else ""
        met = f"{what} is a {type(given).__name__}{size}"
        raise _misfit(f"{met}, for a {type(value).__name__} of {len(value)} entries")


def _misfit(message: str) -> InvalidArgument:
    return InvalidArgument(
        message, code="structure", help="give it the structure of its value; None is for no change"
    )


def _check_numbers(given: Any, value: Any, what: str) -> None:
    """Numbers of the shape of a value, or one for all of them; real where the value is."""
    kind = np.asarray(given).dtype.kind if isinstance(given, (*_PLAIN, np.ndarray)) else "O"
    if kind not in "biufc":
        raise InvalidArgument(
            f"{what} is a {type(given).__name__}",
            code="structure",
            help="pass numbers, of the shape of its value",
        )
    if np.shape(given) not in ((), np.shape(value)):
        raise InvalidArgument(
            f"{what} has shape {np.shape(given)}, for a value of shape {np.shape(value)}",
            code="shape",
            help=f"pass numbers of shape {np.shape(value)}",
        )
    if kind == "c" and np.asarray(value).dtype.kind == "f":
        raise InvalidArgument(
            f"{what} is complex, for a value that is real", code="dtype", help="pass its real part"
        )


def _objects(value: Any) -> list[Any]:
    """The objects, lists and dicts in a value, it included."""
    if isinstance(value, dict):
        return [value, *(o for v in value.values() for o in _objects(v))]
    if isinstance(value, (list, tuple)):
        own = [value] if isinstance(value, list) else []
        return [*own, *(o for v in value for o in _objects(v))]
    if is_record(value):
        return [value, *(o for v in fields_of(value).values() for o in _objects(v))]
    return []


def _arrays(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [a for v in value.values() for a in _arrays(v)]
    if isinstance(value, (list, tuple)):
        return [a for v in value for a in _arrays(v)]
    if is_record(value):
        return [a for v in fields_of(value).values() for a in _arrays(v)]
    return [value] if isinstance(value, np.ndarray) or cupy_backend.is_array(value) else []
