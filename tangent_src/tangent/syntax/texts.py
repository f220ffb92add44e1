"""The lines of generated texts, in `linecache` for as long as somebody can meet them."""

from __future__ import annotations

import contextlib
import linecache
import weakref
from collections import deque
from typing import Any

_gone: deque[str] = deque()


def show(filename: str, text: str) -> None:
    """Put a text where tracebacks and debuggers look for lines; drop those of objects that died."""
    with contextlib.suppress(IndexError):  # another thread may have been faster
        while True:
            linecache.cache.pop(_gone.popleft(), None)
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)


def hide_after(owner: Any, filename: str) -> None:
    """Take the lines away when `owner` dies."""
    weakref.finalize(owner, _emptied, filename).atexit = False


def _emptied(filename: str) -> None:
    """The name stays until the next text comes: an object may die at any moment, also while
    `linecache.checkcache` goes through the names.
    """
    linecache.cache[filename] = (0, None, [], filename)
    _gone.append(filename)
