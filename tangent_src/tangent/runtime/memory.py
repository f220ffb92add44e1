"""Reading, writing and copying of adjoint buffers, and what may be iterated twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.refusals import Refusal
from tangent.runtime.structure import add, zeros_like


def add_at(buffer: Any, index: Any, adjoint: Any) -> None:
    """`buffer[index] += adjoint`, in place, where every occurrence of a repeated index counts.

    `buffer` is an array, a list or a dict.  An entry of a list or dict is replaced, never written
    to, so it may be shared with another adjoint.
    """
    if adjoint is None or (type(adjoint) is float and adjoint == 0.0):
        return
    if type(buffer) is np.ndarray:
        if buffer.dtype.kind == "f":
            adjoint = adjoint.real if hasattr(adjoint, "real") else np.real(adjoint)
        if type(index) is int or not picks_by_number(index):
            buffer[index] += adjoint
        else:
            np.add.at(buffer, index, adjoint)
    elif type(buffer) is dict:
        buffer[index] = add(buffer.get(index), adjoint)
    elif isinstance(index, slice):
        places = range(len(buffer))[index]
        for place, entry in zip(places, adjoint, strict=True):
            buffer[place] = add(buffer[place], entry)
    else:
        buffer[index] = add(buffer[index], adjoint)


def picks_by_number(index: Any) -> bool:
    """Whether `index` holds an array or list of integers, which may name an element twice."""
    if isinstance(index, tuple):
        return any(picks_by_number(part) for part in index)
    if isinstance(index, list):
        index = np.asarray(index)
    return isinstance(index, np.ndarray) and index.ndim > 0 and index.dtype.kind != "b"


def part(buffer: Any, index: Any) -> Any:
    """`buffer[index]`: what the adjoint of `value` gets in `x[index] += value`.

    Refuses an integer array that names an element twice: NumPy adds only the last value there.
    """
    if type(buffer) is np.ndarray and picks_by_number(index):
        refuse_repeated(buffer, index)
    return buffer[index]


def put_part(w: Any, buffer: Any, index: Any) -> Any:
    """The transposed map of `part`: zeros like `buffer`, with `w` at `index`."""
    result = zeros_like(buffer)
    add_at(result, index, w)
    return result


def refuse_repeated(buffer: Any, index: Any) -> None:
    """Refuses an integer array that names an element of `buffer` twice."""
    places = np.arange(buffer.size).reshape(buffer.shape)[index]
    if np.unique(places).size != places.size:
        raise Refusal(
            "an assignment names an element twice",
            "repeated-index",
            "write each element once, or add up with `np.add.at`",
        )


def take_out(buffer: Any, index: Any) -> Any:
    """A copy of `buffer[index]`, which becomes zero: the adjoint of `x[index] = value`.

    Refuses an integer array that names an element twice: only the last value written there counts.
    """
    if type(buffer) is not np.ndarray:
        missing = type(buffer) is dict and index not in buffer  # an entry that nobody read
        value = 0.0 if missing else buffer[index]
        buffer[index] = zeros_like(value)
        return value
    if picks_by_number(index):
        refuse_repeated(buffer, index)
    value = buffer[index]
    if isinstance(value, np.ndarray):
        value = value.copy()
    buffer[index] = 0
    return value


def own(value: Any, known: dict[int, Any] | None = None) -> Any:
    """A private copy of an array (in the same layout), or of a container with all its arrays.

    What is shared inside the value is shared in the copy: `known` has the copies made so far.
    """
    if isinstance(value, np.ndarray) and known is None:
        return value.copy(order="K")
    known = {} if known is None else known
    if id(value) in known:
        return known[id(value)]
    made: Any = value
    if isinstance(value, np.ndarray):
        made = value.copy(order="K")
    elif isinstance(value, set):
        made = value.copy()
    elif isinstance(value, list):
        made = known[id(value)] = []
        made.extend(own(entry, known) for entry in value)
    elif isinstance(value, dict):
        made = known[id(value)] = {}
        made.update((key, own(entry, known)) for key, entry in value.items())
    elif isinstance(value, tuple):
        entries = [own(entry, known) for entry in value]
        made = type(value)(*entries) if hasattr(value, "_fields") else tuple(entries)
    known[id(value)] = made
    return made


def unshared(value: Any, name: str) -> Any:
    """`value`, refused if it is memory that can be written to: it is also known as `name`."""
    if isinstance(value, np.ndarray | list | dict | set):
        if name.isidentifier():
            whose, instead = f"that also has the name `{name}`", f"copy it first: `{name}.copy()`"
        else:
            whose, instead = f"of {name}", "copy it first, with `.copy()`"
        raise Refusal(f"this statement writes into memory {whose}", "shared-memory", instead)
    return value


def in_place(target: Any, nothing: Any) -> Any:
    """`target`, where a statement that changes it stands for one that binds it anew."""
    return target


def inexact(target: Any) -> Any:
    """`target`, into which a number that moves is stored: refused if it is an array of integers."""
    if isinstance(target, np.ndarray) and target.dtype.kind in "iub":
        raise Refusal(
            "a number that depends on the input is stored into an array of integers",
            "integer-store",
            "make the array of floats: `dtype=float`",
        )
    return target


def replayable(items: Any) -> Any:
    """`items`, which a loop will go through twice; the views of a dict become a list."""
    kind = type(items)
    if kind is range or kind is list or kind is tuple or kind is str or kind is dict:
        return items
    if kind is np.ndarray and items.ndim:
        return items
    if isinstance(items, type({}.keys()) | type({}.values()) | type({}.items())):
        return list(items)
    if isinstance(items, tuple) and hasattr(items, "_fields"):
        return items
    raise Refusal(
        f"a loop over a {kind.__name__} cannot be run backward",
        "not-replayable",
        "collect the items in a list first",
    )


def private(adjoint: Any) -> Any:
    """A deep copy of an adjoint: its containers and arrays may be written into."""
    if isinstance(adjoint, np.ndarray):
        return adjoint.copy()
    if isinstance(adjoint, dict):
        return {key: private(entry) for key, entry in adjoint.items()}
    if isinstance(adjoint, list | tuple):
        return [private(entry) for entry in adjoint]
    return adjoint


def sequence(items: Any) -> Any:
    """`items` itself if it has items by position: a range, list, tuple, string or array."""
    if isinstance(items, dict):
        raise Refusal(
            "a loop over a dict whose keys are needed by position",
            "iteration",
            "loop over `list(d)`",
        )
    return replayable(items)
