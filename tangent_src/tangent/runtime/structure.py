"""Adjoints of whole values: numbers, arrays, and containers of them.

The adjoint of a list or tuple is a list, that of a dict is a dict, and the adjoint of what has no
derivative (a string, a function, None) is None.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.broadcasting import cast, unbroadcast
from tangent.runtime.records import attributes, fields_of, is_record, no_field, place_of, remade
from tangent.runtime.refusals import Refusal


def seed(result_bar: Any, result: Any) -> Any:
    """The adjoint that the backward sweep starts with: `result_bar` in the dtype of `result`.

    Refuses a result that is not one real number.
    """
    if type(result) is float:
        return float(result_bar)
    if isinstance(result, np.ndarray | np.floating) and np.shape(result) == ():
        if result.dtype.kind == "f":
            return result.dtype.type(result_bar)
    if isinstance(result, int | np.integer | np.bool_):
        return float(result_bar)
    if isinstance(result, np.ndarray) and result.shape == () and result.dtype.kind in "iub":
        return float(result_bar)
    if isinstance(result, np.ndarray) and result.shape:
        met, instead = f"the result has shape {result.shape}", "return one number: `np.sum(...)`"
    elif isinstance(result, complex | np.complexfloating | np.ndarray):
        met, instead = "the result is not real", "return `np.abs(...)` or `np.real(...)` of it"
    elif result is None:
        met, instead = "the result is None", "return the value to differentiate"
    else:
        met = f"the result is a {type(result).__name__}"
        instead = "return one number, and the rest with `has_aux=True`"
    raise Refusal(f"{met}, and a gradient is of one real number", "non-scalar", instead)


def like(adjoint: Any, primal: Any, copy: bool = False) -> Any:
    """The gradient for `primal`: `adjoint` in its structure, key order, kind, shape and dtype.

    An adjoint of None means zeros; integers and what is no number give None.  The result is
    writeable; with `copy` it shares memory with nothing.
    """
    kind = type(primal)
    if kind is np.ndarray:
        if not copy and type(adjoint) is kind and adjoint.shape == primal.shape:
            if adjoint.dtype == primal.dtype and adjoint.flags.writeable:
                return adjoint
        return like_array(adjoint, primal, copy)
    if kind is float or kind is complex:
        return kind(0.0 if adjoint is None else unbroadcast(adjoint, primal))
    if kind is dict:
        return like_dict(adjoint, primal, copy)
    if kind is list or isinstance(primal, tuple):
        return like_sequence(adjoint, primal, copy)
    if isinstance(primal, np.inexact):
        return kind(0.0) if adjoint is None else unbroadcast(adjoint, primal)[()]
    if is_record(primal):
        held = fields_of(primal)
        return remade(primal, like_dict(of_fields(entries_in(adjoint), primal, held), held, copy))
    refuse_unknown(primal)
    return None


def inside(adjoint: Any, primal: Any) -> Any:
    """A gradient for `primal`, as `like` gives it, as generated code has adjoints: dicts for
    objects, and zeros for None, since a text may compute with the adjoint of an integer.
    """
    if adjoint is None:
        return zeros_like(primal)
    held = attributes(primal)
    if held is not None:
        given = entries_in(adjoint)
        return {key: inside(given[key], entry) for key, entry in held.items()}
    if isinstance(primal, list | tuple):
        return [inside(a, p) for a, p in zip(adjoint, primal, strict=True)]
    return adjoint


def entries_in(adjoint: Any) -> Any:
    """The dict of what an adjoint or tangent of an object holds; anything else as it is."""
    found = attributes(adjoint)
    return adjoint if found is None else found


def of_fields(adjoint: Any, primal: Any, held: dict[str, Any]) -> Any:
    """What the adjoint of an object says of the attributes that it holds itself.  A number of its
    class is constant; an attribute that it does not have yet has no adjoint but zero.
    """
    if type(adjoint) is not dict:
        return adjoint
    for field in adjoint:
        if field not in held and not is_zero(adjoint[field]):
            place_of(primal, field)
    return {field: entry for field, entry in adjoint.items() if field in held}


def like_array(adjoint: Any, primal: Any, copy: bool) -> Any:
    """`like` for an array: None for integers; never larger than `primal`, never read-only."""
    if primal.dtype.kind not in "fc":
        return None if primal.dtype.kind in "iubSUMm" else cast(adjoint, primal.dtype)
    if adjoint is None:
        return np.zeros(primal.shape, primal.dtype)
    if isinstance(adjoint, list | tuple | dict) or np.ndim(adjoint) > primal.ndim:
        plain = isinstance(adjoint, np.ndarray)
        met = f"of shape {np.shape(adjoint)}" if plain else f"of type {type(adjoint).__name__}"
        message = f"an adjoint {met} for an array of shape {primal.shape}"
        raise Refusal(message, "shape", "pass a cotangent of the shape of the result")
    value = cast(np.asarray(adjoint), primal.dtype)
    if value.shape != primal.shape:
        try:
            value = np.broadcast_to(value, primal.shape)
        except ValueError:
            message = f"an adjoint of shape {value.shape} for an array of shape {primal.shape}"
            instead = "pass a cotangent of the shape of the result"
            raise Refusal(message, "shape", instead) from None
    return value.copy() if copy or not value.flags.writeable else value


def like_dict(adjoint: Any, primal: dict[Any, Any], copy: bool) -> Any:
    """`like` for a dict: the keys of `primal` in its order.

    Of an entry that the function added, nothing but zeros is left when it is not there yet.
    """
    if adjoint is None or (type(adjoint) is float and adjoint == 0.0):
        adjoint = {}
    if type(adjoint) is not dict or any(
        key not in primal and not is_zero(entry) for key, entry in adjoint.items()
    ):
        message = "the adjoint of a dict has other keys than the dict"
        raise Refusal(message, "structure", "pass a dict with the keys of the result")
    return {key: like(adjoint.get(key), value, copy) for key, value in primal.items()}


def is_zero(adjoint: Any) -> bool:
    """Is an adjoint zero, with all that is in it?"""
    if isinstance(adjoint, dict | list | tuple):
        entries = adjoint.values() if isinstance(adjoint, dict) else adjoint
        return all(is_zero(entry) for entry in entries)
    return adjoint is None or not np.any(adjoint)


def like_sequence(adjoint: Any, primal: Any, copy: bool) -> Any:
    """`like` for a list, a tuple or a named tuple."""
    kind = type(primal)
    if kind is not list and kind is not tuple and not hasattr(kind, "_fields"):
        refuse_unknown(primal)
    if adjoint is None or (type(adjoint) is float and adjoint == 0.0):
        adjoint = [None] * len(primal)
    adjoint = in_order(adjoint, primal)
    if not isinstance(adjoint, list | tuple) or len(adjoint) != len(primal):
        message = f"an adjoint of type {type(adjoint).__name__} for a {kind.__name__}"
        instead = f"pass a {kind.__name__} of the length of the result"
        raise Refusal(f"{message} of length {len(primal)}", "structure", instead)
    entries = [like(a, p, copy) for a, p in zip(adjoint, primal, strict=True)]
    return kind(*entries) if hasattr(kind, "_fields") else kind(entries)


def in_order(adjoint: Any, primal: Any) -> Any:
    """The adjoint of a named tuple, collected by the names of its fields, as a list."""
    fields = getattr(type(primal), "_fields", None)
    if type(adjoint) is not dict or fields is None:
        return adjoint
    for field in adjoint:
        if field not in fields:
            raise no_field(primal, field)
    return [adjoint.get(field) for field in fields]


def unlike(y_bar: Any, adjoint: Any) -> Any:
    """The transposed map of `like`: what `y_bar` says about each leaf of `adjoint`."""
    if isinstance(adjoint, dict):
        found = {} if y_bar is None else entries_in(y_bar)
        return {key: unlike(found.get(key), value) for key, value in adjoint.items()}
    if isinstance(adjoint, list | tuple):
        found = [None] * len(adjoint) if y_bar is None else y_bar
        return [unlike(y, a) for y, a in zip(found, adjoint, strict=True)]
    if y_bar is None or adjoint is None:
        return zeros_like(adjoint)
    if isinstance(y_bar, list | dict) and not np.ndim(adjoint):
        return 0.0  # `adjoint` was the number 0.0, for zeros of any structure
    return unbroadcast(stacked_rows(y_bar, adjoint), adjoint)


def zeros_like(primal: Any) -> Any:
    """An adjoint of zeros for `primal`: its arrays, lists and dicts are new, free to be written."""
    kind = type(primal)
    if kind is np.ndarray:
        if primal.dtype.kind in "fc":
            return np.zeros_like(primal)  # in the same layout
        cast(0.0, primal.dtype)
        return np.zeros(primal.shape)
    if kind is float or kind is int or kind is bool:
        return 0.0
    if isinstance(primal, np.inexact):
        return kind(0.0)
    if kind is list or kind is range or isinstance(primal, tuple):
        return [zeros_like(entry) for entry in primal]
    if kind is dict:
        return {key: zeros_like(entry) for key, entry in primal.items()}
    if kind is complex:
        return 0j
    if is_record(primal):
        return {field: zeros_like(entry) for field, entry in fields_of(primal).items()}
    refuse_unknown(primal)
    return 0.0 if isinstance(primal, np.integer | np.bool_) else None


def blank_like(primal: Any) -> Any:
    """`zeros_like`, in which arrays inside lists and dicts take no memory: they are read-only, and
    replaced one after the other.
    """
    return zeros_like(primal) if isinstance(primal, np.ndarray) else blank(primal)


def blank(primal: Any) -> Any:
    """Zeros for an entry of a container."""
    if type(primal) is np.ndarray and primal.dtype.kind in "fc":
        return np.broadcast_to(np.zeros((), primal.dtype), primal.shape)
    if type(primal) is list or isinstance(primal, tuple):
        return [blank(entry) for entry in primal]
    if type(primal) is dict:
        return {key: blank(entry) for key, entry in primal.items()}
    return zeros_like(primal)


def refuse_unknown(primal: Any) -> None:
    """Refuses an object that may hold numbers the library does not see; lets constants pass."""
    constant = None | str | bytes | int | np.integer | np.bool_ | slice | range | np.dtype | type
    stream = np.random.Generator | np.random.RandomState
    if isinstance(primal, constant | stream) or callable(primal) or primal is ...:
        return
    name = type(primal).__name__
    known = "a subclass of an array" if isinstance(primal, np.ndarray) else "no number or container"
    raise Refusal(
        f"a value of type {name}, {known}, cannot be differentiated",
        "unknown-type",
        "pass plain arrays, numbers, lists, tuples and dicts",
    )


def whole(adjoint: Any, primal: Any) -> Any:
    """`adjoint` in the structure of `primal`: with zeros for the number 0.0, which stands for
    zeros of any structure, and for the entries that the adjoint of a dict lacks; without zeros for
    attributes that an object does not have yet.
    """
    held = attributes(primal)
    if held is not None and type(adjoint) is dict:
        given = adjoint if type(primal) is dict else of_fields(adjoint, primal, held)
        made = {key: whole(given.get(key, 0.0), entry) for key, entry in held.items()}
        kept = [made[k] for k in adjoint if k in made], list(adjoint.values())
        return adjoint if len(made) == len(adjoint) and same_values(*kept) else made
    if isinstance(primal, tuple) and type(adjoint) is dict:
        listed = in_order(adjoint, primal)
        return [
            zeros_like(p) if a is None else whole(a, p) for a, p in zip(listed, primal, strict=True)
        ]
    if isinstance(primal, list | tuple) and type(adjoint) is list and len(adjoint) == len(primal):
        entries = [whole(a, p) for a, p in zip(adjoint, primal, strict=True)]
        return adjoint if same_values(entries, adjoint) else entries
    if type(adjoint) is float and adjoint == 0.0:
        return zeros_like(primal)
    number = isinstance(adjoint, np.generic | np.ndarray) and adjoint.ndim == 0
    if number and isinstance(primal, np.ndarray) and primal.ndim:
        return np.broadcast_to(adjoint, primal.shape).copy()  # that 0.0 times a number
    return adjoint


def same_values(made: list[Any], given: list[Any]) -> bool:
    """Are these the same objects, or equal numbers, one after the other?"""
    pairs = list(zip(made, given, strict=False))
    numbers = (type(a) is type(b) is float and a == b for a, b in pairs)
    same = (a is b or number for (a, b), number in zip(pairs, numbers, strict=True))
    return len(made) == len(given) and all(same)


def add(a: Any, b: Any) -> Any:
    """The sum of two adjoints, entry by entry in containers; None and a number 0 count as
    zeros of any structure, and an array beside a list as the list of its rows.

    Neither is changed; where an entry is missing on one side the result holds that of the other.
    """
    if type(a) is np.ndarray and type(b) is np.ndarray:
        return a + b
    if a is None or (type(a) in (int, float) and a == 0):
        return a if b is None else b
    if b is None or (type(b) in (int, float) and b == 0):
        return a
    listed = isinstance(a, list | tuple), isinstance(b, list | tuple)
    rows = isinstance(a, list | tuple | np.ndarray) and isinstance(b, list | tuple | np.ndarray)
    if any(listed) and rows and len(a) == len(b):
        return [add(x, y) for x, y in zip(a, b, strict=True)]
    if isinstance(a, dict) and isinstance(b, dict):
        return {key: add(a.get(key), b.get(key)) for key in {**a, **b}}
    if isinstance(a, list | tuple | dict) or isinstance(b, list | tuple | dict):
        message = f"adjoints of type {type(a).__name__} and {type(b).__name__} do not match"
        raise Refusal(message, "structure", "convert a list to an array first: `np.array(...)`")
    return a + b


def pack_like(adjoints: Any, primal: Any) -> Any:
    """The adjoint of `primal` in `a, b, … = primal`; an adjoint of None means zeros."""
    if adjoints is None:
        return zeros_like(primal)
    if len(adjoints) != len(primal):
        message = f"{len(adjoints)} adjoints for a {type(primal).__name__} of {len(primal)}"
        raise Refusal(message, "structure", "give as many names as there are values")
    if isinstance(primal, list | tuple):
        pairs = zip(adjoints, primal, strict=True)
        return [zeros_like(p) if a is None else row_list(a, p) for a, p in pairs]
    result = zeros_like(primal)
    if type(primal) is not np.ndarray:
        message = f"a {type(primal).__name__} cannot be unpacked"
        raise Refusal(message, "unpack", "convert it to a list first: `list(...)`")
    for i, adjoint in enumerate(adjoints):
        if adjoint is not None:
            result[i] = cast(adjoint, result.dtype)
    return result


def keyed(keys: Any, entries: Any) -> Any:
    """The dict of `entries` under `keys`, the last one where a key comes twice."""
    return dict(zip(keys, entries, strict=True))


def entries_at(adjoint: Any, keys: Any, entries: Any) -> Any:
    """The adjoint of `entries` in `keyed(keys, entries)`: only the last one of a key counts."""
    last = {key: position for position, key in enumerate(keys)}
    return [
        adjoint[key] if key in adjoint and last[key] == position else zeros_like(entry)
        for position, (key, entry) in enumerate(zip(keys, entries, strict=True))
    ]


def without(d: Any, key: Any) -> Any:
    """The dict without one of its keys."""
    return {k: entry for k, entry in d.items() if k != key}


def entries_of(adjoint: Any, primal: Any, later: Any) -> Any:
    """The adjoint of `primal` in `primal | later`: zeros for what `later` replaces."""
    return {
        key: adjoint[key] if key in adjoint and key not in later else zeros_like(entry)
        for key, entry in primal.items()
    }


def fit(adjoint: Any, primal: Any) -> Any:
    """`adjoint` as the adjoint of `primal`: summed over broadcast axes for numbers and arrays,
    containers as they are, but for the number 0.0 (see `whole`); so is the one of None, which is
    itself the adjoint of no number.
    """
    if isinstance(primal, list | tuple | dict) or is_record(primal):
        zero = type(adjoint) is float and adjoint == 0.0
        return zeros_like(primal) if zero else row_list(adjoint, primal)
    return adjoint if primal is None else unbroadcast(stacked_rows(adjoint, primal), primal)


def row_list(adjoint: Any, primal: Any) -> Any:
    """An adjoint, where a function of arrays gave that of a list: the list of its rows."""
    if not isinstance(adjoint, np.ndarray) or not isinstance(primal, list | tuple):
        return adjoint
    return [row_list(a, p) for a, p in zip(adjoint, primal, strict=True)]


def stacked_rows(adjoint: Any, primal: Any) -> Any:
    """The transposed map of `row_list`: the rows of an array as one."""
    listed = isinstance(adjoint, list) and isinstance(primal, np.ndarray) and primal.ndim
    return np.array(adjoint) if listed else adjoint
