"""Stored values that must stay the very objects that they are.

What is written into memory that several names show is undone in it, through the name that the write
went through: so whoever else shows it must show the same object in the backward sweep.  That holds
of names of such memory, and of what a list of it gives by `pop`, which goes back into it.
"""

from __future__ import annotations

from typing import Any

from tangent.analyses.recording import Save
from tangent.syntax.program import every, targets


def same_object(facts: Any, save: Save) -> bool:
    """Is a value stored by reference, since what is written into it is undone?"""
    if save.memory is not None or save.undo:
        return False
    return save.name in facts.shadows.memory or (save.name in facts.popped and _binds(save))


def refused_if_memory(facts: Any, save: Save) -> bool:
    """Is what was popped put back as a copy, since it is written into later?"""
    return save.memory is None and save.name in facts.popped and not _binds(save)


def _binds(save: Save) -> bool:
    """Is the value saved since its name is bound again, or ends?"""
    return save.at_end or any(save.name in targets(s) for s in every((save.at,)))
