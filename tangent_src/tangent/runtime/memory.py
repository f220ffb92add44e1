"""Reading, writing and copying of adjoint buffers, and what may be iterated twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.records import fields_of, filled_in, has_field, is_record, place_of, remade
from tangent.runtime.refusals import Refusal
from tangent.runtime.structure import add, fit, unlike, zeros_like


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
            scatter_add(buffer, index, adjoint)
    elif type(buffer) is dict:
        buffer[index] = add(buffer.get(index), adjoint)
    elif isinstance(index, slice):
        places = range(len(buffer))[index]
        for place, entry in zip(places, adjoint, strict=True):
            buffer[place] = add(buffer[place], entry)
    else:
        buffer[index] = add(buffer[index], adjoint)


def add_into(buffer: Any, index: Any, adjoint: Any) -> None:
    """`add_at` for an entry that others show: a list or dict is changed where it stands, and
    shares nothing with what is added to it.
    """
    if type(buffer) is np.ndarray or isinstance(index, slice):
        add_at(buffer, index, adjoint)
    else:
        old = buffer.get(index) if type(buffer) is dict else buffer[index]
        buffer[index] = gathered(old, adjoint)


def gathered(old: Any, more: Any) -> Any:
    """The sum of two entries: `old` itself, changed in place, where it is more than a number."""
    if isinstance(old, list | dict | np.ndarray):
        return accumulate(old, more)
    total = add(old, more)
    return private(total) if total is more else total


def scatter_add(buffer: Any, index: Any, adjoint: Any) -> None:
    """`buffer[index] += adjoint` for an array, where every occurrence of a repeated index counts.

    A function of its own, since array libraries differ here.
    """
    np.add.at(buffer, index, adjoint)


def add_field(buffer: Any, primal: Any, field: str, adjoint: Any) -> None:
    """`add_at` for an attribute of an object, or a named entry of a tuple; a number of the class
    of the object is constant.
    """
    place = place_of(primal, field)
    if not is_record(primal) or has_field(primal, field):
        add_at(buffer, place, adjoint)


def add_into_field(buffer: Any, primal: Any, field: str, adjoint: Any) -> None:
    """`add_field` for an entry that others show: an array, list or dict is changed where it
    stands, and shares nothing with what is added to it.
    """
    place = place_of(primal, field)
    if not is_record(primal) or has_field(primal, field):
        add_into(buffer, place, adjoint)


def picks_by_number(index: Any) -> bool:
    """Whether `index` holds an array or list of integers, which may name an element twice."""
    if isinstance(index, tuple):
        return any(picks_by_number(part) for part in index)
    if isinstance(index, list):
        index = np.asarray(index)
    return isinstance(index, np.ndarray) and index.ndim > 0 and index.dtype.kind != "b"


def take_out(buffer: Any, index: Any) -> Any:
    """A copy of `buffer[index]`, which becomes zero: the adjoint of `x[index] = value`.

    Where an index array names an element twice, only the last value written there has an adjoint.
    """
    value = credited(buffer, index)
    if type(buffer) is np.ndarray:
        buffer[index] = 0
    else:  # what stood there before may be of another shape, or another structure
        buffer[index] = 0.0
    return value


def take_back(buffer: Any, index: Any, primal: Any) -> Any:
    """`take_out` of an entry that others may show, where `primal` holds again what stood there:
    zeros for that stay behind, and nothing where nothing was.
    """
    if type(buffer) is np.ndarray or isinstance(index, slice):
        return take_out(buffer, index)
    value = credited(buffer, index)
    held = fields_of(primal) if is_record(primal) else primal
    if isinstance(held, dict) and index not in held:
        buffer.pop(index, None)
    else:
        buffer[index] = left_behind(buffer, index, primal)
    return value


def left_behind(buffer: Any, index: Any, primal: Any) -> Any:
    """What `take_back` leaves in a buffer: what was replaced may be of another shape."""
    if type(buffer) is np.ndarray or isinstance(index, slice):
        return zeros_like(credited(buffer, index))
    held = fields_of(primal) if is_record(primal) else primal
    return 0.0 if isinstance(held, dict) and index not in held else zeros_like(held[index])


def credited(buffer: Any, index: Any) -> Any:
    """A copy of `buffer[index]`; of places that an index array names twice, the last one counts.

    That is the adjoint of a value that was written there: NumPy keeps the last one.
    """
    if type(buffer) is dict and index not in buffer:
        return 0.0  # an entry that nobody read
    value = buffer[index]
    if type(buffer) is not np.ndarray:
        return value
    if picks_by_number(index):
        value[~last_written(buffer, index)] = 0
        return value
    return value.copy() if isinstance(value, np.ndarray) else value


def credited_back(w: Any, buffer: Any, index: Any) -> Any:
    """The transposed map of `credited`: `w` where it was taken from, zero elsewhere."""
    result = zeros_like(buffer)
    if type(buffer) is np.ndarray and picks_by_number(index):
        np.add.at(result, index, np.where(last_written(buffer, index), w, 0))
    else:
        result[index] = w
    return result


def last_written(buffer: np.ndarray, index: Any) -> np.ndarray:
    """Which of the values in `buffer[index] = values` stay: asked of NumPy itself."""
    places = np.empty(buffer.shape, np.intp)
    numbers = np.arange(places[index].size).reshape(places[index].shape)
    places[index] = numbers
    return np.asarray(places[index] == numbers)


def is_array(value: Any) -> bool:
    """Is a value an array, which `+=` changes in place, and no number?"""
    return isinstance(value, np.ndarray)


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
    elif is_record(value):
        made = known[id(value)] = remade(value, {})
        filled_in(made, {key: own(entry, known) for key, entry in fields_of(value).items()})
    known[id(value)] = made
    return made


def entry(target: Any, index: Any) -> tuple[Any, ...]:
    """A copy of `target[index]`, alone in a tuple; nothing in it if a dict lacks the key, or an
    object the attribute.
    """
    if is_record(target):
        found = fields_of(target)
        return (own(found[index]),) if index in found else ()
    if isinstance(target, dict) and index not in target:
        return ()
    return (own(target[index]),)


def restore(target: Any, index: Any, kept: tuple[Any, ...]) -> None:
    """Undoes a store: `target[index]` is what `entry` found there; what was not there is gone."""
    if is_record(target):
        if kept:
            filled_in(target, {index: kept[0]})
        else:
            object.__delattr__(target, index)
    elif kept:
        target[index] = kept[0]
    else:
        del target[index]


def entry_adjoint(taken: Any, kept: tuple[Any, ...]) -> list[Any]:
    """The adjoint of what `entry` found and `restore` put back: `taken`, if there was anything."""
    return [fit(taken, kept[0])] if kept else []


def only_entry(w: Any, taken: Any) -> Any:
    """The transposed map of `entry_adjoint`."""
    return unlike(w[0], taken) if isinstance(w, list | tuple) and w else zeros_like(taken)


def entry_back(w: Any, target: Any, index: Any) -> Any:
    """The transposed map of `entry`: `w` where the entry stands in `target`, zero elsewhere."""
    result = zeros_like(target)
    for entry in w if isinstance(w, list | tuple) else ():  # none for the number 0.0
        add_at(result, index, entry)
    return result


def separate(**values: Any) -> None:
    """Refuses values that share memory with the first one, into which somebody is about to write.

    The names are those of the program: `separate(v=v, x=x)`.
    """
    (target, written), *others = values.items()
    for name, value in others:
        if overlap(written, value):
            raise Refusal(
                f"this writes into `{target}`, and `{name}` shows the same memory",
                "shared-store",
                f"write into a copy: `{target} = {target}.copy()`",
            )


def separate_itself(**values: Any) -> None:
    """`separate`, where an entry is about to be replaced: of a list or dict only the container
    itself changes, and what it holds stays as it was.
    """
    written, *_ = values.values()
    if isinstance(written, np.ndarray) or any(
        part is written for value in list(values.values())[1:] for part in parts(value)
    ):
        separate(**values)


def separate_entry(index: Any, /, **values: Any) -> None:
    """`separate`, where `target[index] += e` is about to run: the array that stands there changes,
    and of other values only the container.
    """
    target, *_ = values
    written, entry = values[target], None
    if is_record(written):
        entry = fields_of(written).get(index)
    elif isinstance(written, list | dict):
        entry = written[index]
    changes = isinstance(entry, np.ndarray | list | dict) or is_record(entry)
    separate_itself(**{**values, target: entry if changes else written})


def overlap(a: Any, b: Any) -> bool:
    """Whether some array, list or dict in `a` is, or shares memory with, one in `b`."""
    first, second = parts(a), parts(b)
    if any(x is y for x in first for y in second):
        return True
    arrays = [[p for p in found if isinstance(p, np.ndarray)] for found in (first, second)]
    return any(shared(x, y) for x in arrays[0] for y in arrays[1])


def parts(value: Any) -> list[Any]:
    """The arrays, lists and dicts in a value, it included."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, list | tuple | dict | set):
        entries = value.values() if isinstance(value, dict) else value
        own = [] if isinstance(value, tuple) else [value]
        return own + [part for entry in entries for part in parts(entry)]
    if is_record(value):
        return [value, *(part for entry in fields_of(value).values() for part in parts(entry))]
    return []


def shared(a: Any, b: Any) -> bool:
    """Whether a write into `a` is seen in `b`: the same list or dict, or an entry of it, or arrays
    that overlap.
    """
    if isinstance(b, list | dict) and a is not b:
        return holds(b, a)
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return a is b and (isinstance(a, np.ndarray | list | dict) or is_record(a))
    try:
        return bool(np.shares_memory(a, b, max_work=10000))  # type: ignore[arg-type]
    except np.exceptions.TooHardError:
        return True


def shadow(candidate: Any, whole: Any) -> Any:
    """The adjoint of a view: `candidate`, a view of the adjoint `whole`; zeros if it is a copy.

    `x[i]` is a number, a view or a copy, as the rank of `x` and the kind of `i` will have it.
    """
    return shadow_if(candidate, shows(candidate, whole))


def shows(candidate: Any, whole: Any) -> bool:
    """Is `candidate` a view of `whole`, or an entry, and no copy?"""
    if isinstance(candidate, np.ndarray) and isinstance(whole, np.ndarray):
        return not candidate.size or np.may_share_memory(candidate, whole)
    if isinstance(whole, list | dict) and (candidate is whole or holds(whole, candidate)):
        return True
    if isinstance(candidate, np.ndarray | list | tuple | dict):
        raise Refusal(
            "this writes into what is inside a container, through a second name",
            "shared-store",
            "write into the entry itself, or into a copy",
        )
    return False


def holds(container: Any, part: Any) -> bool:
    """Is an array, list or dict itself an entry of a list or dict?"""
    entries = container.values() if isinstance(container, dict) else container
    return isinstance(part, np.ndarray | list | dict) and any(part is entry for entry in entries)


def shadow_if(candidate: Any, shown: bool) -> Any:
    """`candidate` if it is a view that shows what is written to; else zeros."""
    if not shown:
        return zeros_like(candidate)
    if isinstance(candidate, np.ndarray) and not candidate.flags.writeable:
        candidate.flags.writeable = True  # a diagonal
    return candidate


def accumulate(adjoint: Any, contribution: Any) -> Any:
    """`adjoint += contribution`, in place, for whatever it is the adjoint of."""
    if contribution is None or (type(contribution) is float and contribution == 0.0):
        return adjoint
    if isinstance(contribution, dict | list) and not isinstance(adjoint, dict | list):
        return private(add(adjoint, contribution))  # the number 0.0 stood for zeros
    if isinstance(adjoint, np.ndarray):
        adjoint += np.real(contribution) if adjoint.dtype.kind == "f" else contribution
        return adjoint
    if isinstance(adjoint, dict):
        for key, entry in contribution.items():
            adjoint[key] = gathered(adjoint.get(key), entry)
        return adjoint
    if isinstance(adjoint, list):
        if len(adjoint) != len(contribution):
            add(adjoint, contribution)  # refuses them
        for position, entry in enumerate(contribution):
            adjoint[position] = gathered(adjoint[position], entry)
        return adjoint
    return adjoint + contribution


def overwrite(target: Any, value: Any) -> Any:
    """`value`, written into the memory of `target` where that is an array."""
    if isinstance(target, np.ndarray):
        target[...] = value
        return target
    if isinstance(target, list):
        target[:] = value
        return target
    return value


def apart(values: Any) -> Any:
    """A copy of a tuple of values, and of what is inside them: what shared memory does so again."""
    return copied(values, {})


def copied(value: Any, known: dict[Any, Any]) -> Any:
    """A copy of a value; `known` holds those of the containers and of the memory met before."""
    if isinstance(value, list | tuple | dict):
        if id(value) not in known:
            known[id(value)] = value, {} if isinstance(value, dict) else []
            fill(known[id(value)][1], value, known)
        found = known[id(value)][1]
        if not isinstance(value, tuple):
            return found
        return type(value)(*found) if hasattr(value, "_fields") else tuple(found)
    if is_record(value):
        if id(value) not in known:
            known[id(value)] = value, remade(value, {})
            entries = {key: copied(entry, known) for key, entry in fields_of(value).items()}
            filled_in(known[id(value)][1], entries)
        return known[id(value)][1]
    return copied_array(value, known) if isinstance(value, np.ndarray) else value


def copied_array(value: Any, known: dict[Any, Any]) -> Any:
    """A copy of an array, in a copy of the memory that it shares with others."""
    owner = value
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    low, high = np.lib.array_utils.byte_bounds(owner)
    start = owner.__array_interface__["data"][0]
    if not value.size:
        return value.copy()
    if id(owner) not in known:
        axes = sorted(range(owner.ndim), key=lambda a: -owner.strides[a])  # as they lie in memory
        memory = owner.transpose(axes)
        known[id(owner)] = owner, np.ndarray((high - low,), np.uint8, memory, low - start).copy()
    offset = value.__array_interface__["data"][0] - low
    return np.ndarray(value.shape, value.dtype, known[id(owner)][1], offset, value.strides)


def fill(copy: Any, value: Any, known: dict[Any, Any]) -> None:
    """Copy the entries of a container."""
    if isinstance(value, dict):
        copy.update({key: copied(entry, known) for key, entry in value.items()})
    else:
        copy.extend(copied(entry, known) for entry in value)


def unshared(value: Any, name: str) -> Any:
    """`value`, refused if it is memory that can be written to: it is also known as `name`."""
    if isinstance(value, np.ndarray | list | dict | set) or is_record(value):
        if name.isidentifier():
            whose, instead = f"that also has the name `{name}`", f"copy it first: `{name}.copy()`"
        else:
            whose, instead = f"of {name}", "copy it first, with `.copy()`"
        raise Refusal(f"this statement writes into memory {whose}", "shared-memory", instead)
    return value


def in_place(target: Any, nothing: Any) -> Any:
    """`target`, where a statement that changes it stands for one that binds it anew."""
    return target


def may_change(target: Any, nothing: Any = None) -> Any:
    """`target`, in front of a call of which nothing is known, and which may change it."""
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
