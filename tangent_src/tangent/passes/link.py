"""The last pass: every symbol gets its spelling, and the module its imports.

A symbol is spelled as wished (`np`, `spread`, `dense_forward`) unless a variable of one of the
functions has that name; then it gives way by a numeric suffix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gast

from tangent.syntax.homes import NUMPY, Home
from tangent.syntax.names import Names
from tangent.syntax.symbols import Symbol, Symbols
from tangent.syntax.trees import assign, name, walk


@dataclass(frozen=True)
class Linked:
    """The statements of a module, and how each symbol in it is spelled."""

    nodes: tuple[Any, ...]
    spelling: dict[str, str]


def link(functions: Sequence[Any], symbols: Symbols, home: Home = NUMPY) -> Linked:
    """Spell the symbols in `functions`, and put the imports in front."""
    used: dict[str, None] = {}
    local: set[str] = set()
    for function in functions:
        used.setdefault(function.name)
        for node in walk(function):
            if isinstance(node, gast.Name):
                if node.id[0] == "@":
                    used.setdefault(node.id)
                else:
                    local.add(node.id)
    names = Names(local)
    order = sorted(used, key=lambda s: _RANK[_kind(s, symbols)])
    spelling = {identifier: _spell(identifier, symbols, names, home) for identifier in order}
    for function in functions:
        function.name = spelling[function.name]
        for node in walk(function):
            if isinstance(node, gast.Name) and node.id[0] == "@":
                node.id = spelling[node.id]
    return Linked((*_imports(spelling, symbols, home), *functions), spelling)


_RANK = {"builtin": 0, "import": 1, "function": 2, "runtime": 3, "value": 4, "object": 5}


def _kind(identifier: str, symbols: Symbols) -> str:
    if identifier.startswith("@builtin:"):
        return "builtin"
    return symbols[identifier].kind


def _spell(identifier: str, symbols: Symbols, names: Names, home: Home) -> str:
    kind = _kind(identifier, symbols)
    if kind == "builtin":
        return names.fresh(identifier.partition(":")[2])
    if kind == "import" and symbols[identifier].payload.__name__ == "numpy":
        return names.fresh(home.alias)
    return names.fresh(symbols[identifier].wish)


def _imports(spelling: dict[str, str], symbols: Symbols, home: Home) -> list[Any]:
    modules, helpers = [], []
    for identifier, spelled in spelling.items():
        kind = _kind(identifier, symbols)
        if kind == "import":
            modules.append(_import(symbols[identifier], spelled, home))
        elif kind == "runtime":
            wish = symbols[identifier].wish
            helpers.append(gast.alias(name=wish, asname=spelled if spelled != wish else None))
    hidden = [
        assign(spelled, name(identifier.partition(":")[2]))
        for identifier, spelled in spelling.items()
        if identifier.startswith("@builtin:") and spelled != identifier.partition(":")[2]
    ]
    modules.sort(key=lambda node: str(node.names[0].name))
    if helpers:
        helpers.sort(key=lambda alias: str(alias.name))
        modules.append(gast.ImportFrom(module=home.helpers, names=helpers, level=0))
    return [*modules, *hidden]


def _import(symbol: Symbol, spelled: str, home: Home) -> Any:
    full = symbol.payload.__name__
    full = home.module if full == "numpy" else full
    return gast.Import(names=[gast.alias(name=full, asname=spelled if spelled != full else None)])
