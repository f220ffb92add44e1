"""Symbols: the names that belong to the module of the generated text, not to one function in it.

In trees a symbol is a name that begins with `@`.  Which spelling it gets is decided last, when
every name of the user's is known (`passes.link`); so no import, helper or captured value can
collide with a variable.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import CellType, ModuleType
from typing import Any


@dataclass(frozen=True)
class Reference:
    """Where a captured value lives; it is read at each call, as Python does, never frozen."""

    holder: Any  # a dict of globals, a cell, or an object with attributes
    key: str

    def get(self) -> Any:
        """The value; None where there is none (any more)."""
        if isinstance(self.holder, dict):
            return self.holder.get(self.key)
        if isinstance(self.holder, CellType):
            return self.holder.cell_contents
        return getattr(self.holder, self.key, None)


@dataclass(frozen=True)
class Symbol:
    """`kind` is "import", "runtime", "value", "object" or "function"; `payload` what it stands
    for.
    """

    identifier: str
    wish: str
    kind: str
    payload: Any


UNCHANGING = "@unchanging:"  # begins the symbol of a constant that nobody can write into


@dataclass
class Symbols:
    """The symbols of one generated module."""

    table: dict[str, Symbol] = field(default_factory=dict)
    _known: dict[Any, str] = field(default_factory=dict)
    untyped: bool = False  # attributes are read of objects whose class is not known

    def imported(self, module: ModuleType) -> str:
        """A module; CuPy's namespace is NumPy's, on whichever of them the text runs."""
        home, _, inside = module.__name__.partition(".")
        if home == "cupy":
            module = sys.modules.get(f"numpy.{inside}" if inside else "numpy", module)
        wish = {"numpy": "np", "scipy": "scipy"}.get(
            module.__name__, module.__name__.split(".")[-1]
        )
        return self._add("import", wish, module, ("import", module.__name__))

    def builtin(self, identifier: str) -> str:
        return self._add("builtin", identifier, identifier, ("builtin", identifier))

    def runtime(self, function: str) -> str:
        return self._add("runtime", function, function, ("runtime", function))

    def captured(self, reference: Reference) -> str:
        key = ("value", id(reference.holder), reference.key)
        return self._add("value", reference.key, reference, key)

    def constant(self, wish: str, value: object) -> str:
        """A value fixed when the function was read: a default, a function called as it stands."""
        stem = f"{UNCHANGING}{wish}" if _unchanging(value) else f"@object:{wish}"
        return self._add("object", wish, value, ("object", id(value)), stem)

    def function(self, wish: str, key: Any) -> str:
        return self._add("function", wish, key, ("function", key))

    def wish(self, identifier: str, wish: str) -> None:
        """How a symbol wants to be spelled, where that is known only later."""
        self.table[identifier] = replace(self.table[identifier], wish=wish)

    def __getitem__(self, identifier: str) -> Symbol:
        return self.table[identifier]

    def values(self) -> Mapping[str, Symbol]:
        return self.table

    def _add(self, kind: str, wish: str, payload: Any, key: Any, stem: str = "") -> str:
        if key not in self._known:
            stem = stem or (f"@{wish}" if kind == "runtime" else f"@{kind}:{wish}")
            identifier, number = stem, 2
            while identifier in self.table:
                identifier, number = f"{stem}#{number}", number + 1
            self.table[identifier] = Symbol(identifier, wish, kind, payload)
            self._known[key] = identifier
        return self._known[key]


def _unchanging(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_unchanging, value))
    return value is None or isinstance(value, int | float | complex | str | bytes)
