"""What a text asks in front of a store or a repetition, where the program alone does not say it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.memory import own, parts, shared
from tangent.runtime.records import fields_of, is_record
from tangent.runtime.refusals import Refusal


def alike(target: Any, index: Any, value: Any) -> None:
    """Refuses a container or value in the place of one of another structure: names show the
    entries of `target`, and their adjoints are those of one structure.
    """
    held = fields_of(target) if is_record(target) else target
    if isinstance(held, np.ndarray) or (isinstance(held, dict) and index not in held):
        return
    if not same_structure(held[index], value):
        raise Refusal(
            "this puts a list or dict of another length into the place of one that is written into",
            "shared-store",
            "give the new one a name, and write into that",
        )


def same_structure(a: Any, b: Any) -> bool:
    """Have two values the same lists and dicts, in the same places?"""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_structure(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same_structure, a, b))
    return not isinstance(a, list | tuple | dict) and not isinstance(b, list | tuple | dict)


def no_list(target: Any) -> None:
    """Refuses a list, a slice of which somebody is about to write: it may get longer or shorter."""
    if isinstance(target, list):
        raise Refusal(
            "a slice of a list is written to",
            "list-slice",
            "write entry by entry, or build the list anew: `xs = xs[:i] + ... + xs[j:]`",
        )


def distinct(target: Any) -> None:
    """Refuses a container or object that holds memory twice: what one entry shows changes with
    another.
    """
    if not isinstance(target, list | tuple | dict) and not is_record(target):
        return
    found: list[np.ndarray] = []
    once = gathered_once(target, found, set())
    owners: dict[int, list[np.ndarray]] = {}
    for array in found:
        owners.setdefault(owner_of(array), []).append(array)
    twice = any(shared(a, b) for one in owners.values() for k, a in enumerate(one) for b in one[:k])
    if twice or not once:
        raise Refusal(
            "this writes into an entry of a list, dict or object that holds the same memory twice",
            "shared-store",
            "put copies into it",
        )


def gathered_once(value: Any, found: list[np.ndarray], seen: set[int]) -> bool:
    """Collects the arrays in a value; False if it holds a container or object twice, or itself."""
    if isinstance(value, np.ndarray):
        found.append(value)
        return True
    if is_record(value):
        entries: Any = fields_of(value).values()
    elif isinstance(value, list | tuple | dict | set):
        entries = value.values() if isinstance(value, dict) else value
    else:
        return True
    if not isinstance(value, tuple):
        if id(value) in seen:
            return False
        seen.add(id(value))
    return all(gathered_once(entry, found, seen) for entry in entries)


def owner_of(array: np.ndarray) -> int:
    """Which array owns the memory; 0 where it belongs to something else."""
    base: Any = array
    while isinstance(base, np.ndarray):
        array, base = base, base.base
    return id(array) if base is None else 0


def no_entry(target: Any) -> None:
    """Refuses a list, dict or object of arrays, an entry of which is replaced while another name
    shows it; a name for a number is a copy.
    """
    held = fields_of(target) if is_record(target) else target
    entries = held.values() if isinstance(held, dict) else held
    if isinstance(held, list | dict) and any(map(parts, entries)):
        raise Refusal(
            "this replaces an entry of a list or dict, and another name shows what it holds",
            "shared-store",
            "write into the entry itself: `xs[i][...] = ...`",
        )


def no_arrays(copied: Any) -> None:
    """Refuses a copy of a list or dict of arrays, which are written into through the copy."""
    if isinstance(copied, tuple):  # what a call gave
        for part in copied:
            no_arrays(part)
    entries = copied.values() if isinstance(copied, dict) else copied
    if isinstance(copied, list | dict) and any(map(parts, entries)):
        raise Refusal(
            "this is a copy of a list or dict, and arrays that both hold are written into",
            "shared-store",
            "copy the arrays, too: `{k: v.copy() for k, v in d.items()}`",
        )


def no_joined(value: Any) -> None:
    """Refuses what turns out to be no sum or product, but lists that are joined or repeated, where
    arrays in them are written into.
    """
    if isinstance(value, list | tuple) and any(map(parts, value)):
        raise Refusal(
            "this joins or repeats lists, and arrays in them are written into",
            "shared-store",
            "copy the arrays, too: `[x.copy() for x in xs]`",
        )


def no_part(value: Any) -> Any:
    """`value`, refused if it is an array or container: it was popped from a list that has other
    names, and is written into.
    """
    if isinstance(value, np.ndarray | list | dict) or is_record(value):
        raise Refusal(
            "what was popped from a list is changed, and other names show the list",
            "shared-store",
            "change a copy of it",
        )
    return value


def own_entry(value: Any) -> Any:
    """A copy of an entry that is replaced; refused if it is a list, dict or object, into which a
    name wrote: that name and the place would show two in the backward sweep.
    """
    parts_of = value if isinstance(value, tuple) else (value,)
    if any(isinstance(one, list | dict) or is_record(one) for one in parts_of):
        raise Refusal(
            "an entry that is changed is replaced by another one",
            "shared-store",
            "change a copy of it, or put the new one into a new list or dict",
        )
    return own(value)


def no_growth(entry: Any) -> None:
    """Refuses a list, to which `+=` would append: it is an entry of another container."""
    if isinstance(entry, list | tuple | dict):
        raise Refusal(
            "a list that is kept in another one is made longer by `+=`",
            "list-growth",
            "append to it: `xs[i].extend(...)`",
        )


def fixed_keys(keys: Any, owner: Any = None) -> None:
    """Refuses keys that are no whole numbers, texts, …, where `owner` is a dict or none is given:
    they depend on the input.
    """
    if owner is None or isinstance(owner, dict):
        for key in keys:
            if isinstance(key, tuple):
                fixed_keys(key)
            elif isinstance(key, float | complex | np.inexact):
                raise Refusal(
                    "a key of a dict depends on the input",
                    "key",
                    "keep pairs in a list; a key that is only looked up: `stop_gradient(key)`",
                )


def no_dict(operand: Any) -> None:
    """Refuses a dict, which `|=` merges: it stands where a mask was expected."""
    if isinstance(operand, dict):
        raise Refusal(
            "`|=` of what may be a dict", "structure", "write `d.update(e)`, or `d = {**d, **e}`"
        )


def no_count(factor: Any) -> None:
    """Refuses a count, by which a list is repeated: it stands where an array was expected."""
    if isinstance(factor, int | np.integer):
        raise Refusal(
            "a list is repeated by a number that may be an array",
            "repetition",
            "write the list where it is repeated: `[x] * n`",
        )


def a_count(number: Any) -> None:
    """Refuses what repeats no list: it stands where a count was expected."""
    if not isinstance(number, int | np.integer):
        raise Refusal(
            f"a list times a {type(number).__name__}",
            "repetition",
            "convert the list to an array first: `np.array([...])`",
        )


def a_list(joined: Any) -> None:
    """Refuses what is no list: it stands where `+` joins lists, or where an item is taken out."""
    if type(joined) is not list:
        raise Refusal(
            f"a {type(joined).__name__} stands where a list is joined or changed",
            "joined",
            "make a list of it, or convert both to arrays: `np.array(...)`",
        )
