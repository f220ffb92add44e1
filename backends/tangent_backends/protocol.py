"""What the library asks of an array library."""

from __future__ import annotations

from typing import Any, Protocol


class Backend(Protocol):
    """An array library: how generated text names it, and what it calls an array."""

    @property
    def name(self) -> str:
        """What a user writes: `grad(f, backend="numpy")`."""

    @property
    def alias(self) -> str:
        """The name under which generated text imports it, unless the program uses that name."""

    @property
    def import_line(self) -> str:
        """The import at the head of a generated module, under `alias`."""

    @property
    def namespace(self) -> Any:
        """The module itself; importing it is left to the first use."""

    def is_array(self, value: object) -> bool:
        """Whether `value` is an array of this library."""
