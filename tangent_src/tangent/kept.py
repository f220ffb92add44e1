"""What is kept for a function, for as long as it lives."""

from __future__ import annotations

import weakref
from typing import Any


def kept_by(function: Any, name: str) -> dict[Any, Any]:
    """A table that a function holds under a name; an empty one, if it can hold none.

    A function that got the attributes of another one (`functools.wraps`) has a table of its own.
    """
    held = getattr(function, "__dict__", None)
    if type(held) is not dict:
        return {}
    owner, table = held.get(name, (None, {}))
    if owner is None or owner() is not function:
        table = {}
        held[name] = weakref.ref(function), table
    found: dict[Any, Any] = table
    return found
