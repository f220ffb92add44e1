"""Stored values that must stay the very objects that they are.

What is written into memory that several names show is undone in it, through the name that the write
went through: so whoever else shows it must show the same object in the backward sweep.  That holds
of names of such memory, and of what a list of it gives by `pop`, which goes back into it.
"""

from __future__ import annotations

from typing import Any

from tangent.analyses.activity import into
from tangent.analyses.recording import Save
from tangent.syntax.program import Assign, Copy, Item, Unpack, every, targets


def same_object(facts: Any, save: Save) -> bool:
    """Is a value stored by reference, since what is written into it is undone?"""
    if save.memory is not None or save.undo:
        return False
    return save.name in facts.shadows.memory or (save.name in facts.popped and _binds(save))


def refused_if_memory(facts: Any, save: Save) -> bool:
    """Is what was popped put back as a copy, since it is written into later?"""
    return save.memory is None and save.name in facts.popped and not _binds(save)


def entry_copier(facts: Any, save: Save) -> str:
    """What stores an entry that is replaced: a copy.

    What was written into it before, by a name of its own, is undone by that name, and not in a copy
    of a list, dict or object; such a copy is refused.
    """
    first = facts.written_inside.get(save.name)
    later = save.depth == 0 and first is not None and first > facts.positions[save.at]
    return "own" if first is None or later else "own_entry"


def written_inside(facts: Any) -> dict[str, int]:
    """The names of containers into whose entries something writes by a name that shows an entry, or
    did, and the place of the first such statement.
    """
    inside: dict[str, set[str]] = {}  # the containers of which a name shows a part
    found: dict[str, int] = {}
    for statement, position in facts.positions.items():
        for target, whole in _taken(statement):
            inside.setdefault(target, set()).update((whole, *inside.get(whole, ())))
        for owner in inside.get(into(statement) or "", ()):
            found.setdefault(owner, position)
    return found


def _taken(statement: Any) -> list[tuple[str, str]]:
    """The names that a statement binds to parts of others, or to what others show."""
    match statement:
        case Assign(target=target, value=Item(base=whole) | Copy(source=whole)):
            return [(target, whole)]
        case Unpack(targets=names, source=whole):
            return [(n, whole) for n in names]
    return []


def _binds(save: Save) -> bool:
    """Is the value saved since its name is bound again, or ends?"""
    return save.at_end or any(save.name in targets(s) for s in every((save.at,)))
