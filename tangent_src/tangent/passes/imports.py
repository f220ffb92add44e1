"""Imports inside a function: what they bind is found when the function is read.

An import that cannot be followed, or a name that is bound in another way as well, is refused where
it stands.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import gast

from tangent.syntax.symbols import Reference


def imported_names(tree: Any, package: str | None) -> Mapping[str, tuple[Any, Reference | None]]:
    """What the imports of a function bind: name -> object, and where that lives."""
    found: dict[str, tuple[Any, Reference | None]] = {}
    bound = [n.id for n in gast.walk(tree) if isinstance(n, gast.Name) and _stores(n)]
    for node in _imports(tree.body):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            one = _follow(node, alias, package)
            if one is None or name in bound or (name in found and found[name][0] is not one[0]):
                found.pop(name, None)
                bound.append(name)
            else:
                found[name] = one
    return found


def _stores(node: gast.Name) -> bool:
    return not isinstance(node.ctx, gast.Load)


def _imports(body: list[Any]) -> Iterator[Any]:
    """The imports of a function itself, not those under a `try` or in nested functions."""
    for node in body:
        if isinstance(node, (gast.Import, gast.ImportFrom)):
            yield node
        elif isinstance(node, (gast.If, gast.For, gast.While, gast.With)):
            yield from _imports([*node.body, *getattr(node, "orelse", [])])


def _follow(node: Any, alias: Any, package: str | None) -> tuple[Any, Reference | None] | None:
    try:
        if isinstance(node, gast.Import):
            module = importlib.import_module(alias.name)
            whole = module if alias.asname else importlib.import_module(alias.name.split(".")[0])
            return whole, None
        source = "." * (node.level or 0) + (node.module or "")
        module = importlib.import_module(source, package)
        value = getattr(module, alias.name)
    except (ImportError, AttributeError):
        return None
    return value, None if isinstance(value, ModuleType) else Reference(module, alias.name)
