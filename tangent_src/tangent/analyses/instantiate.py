"""A rule written out for one call: its names become those of the program."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import gast

import tangent.runtime
from tangent.rules.folding import fold
from tangent.syntax.names import Names
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import is_literal, literal, name, rebuild


def argument_values(signature: inspect.Signature, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What each parameter of a rule stands for in a call; its default where nothing is given."""
    values = {}
    for parameter in signature.parameters.values():
        given = arguments.get(parameter.name)
        if given is None:
            empty = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            given = gast.Tuple(elts=[], ctx=gast.Load()) if empty else literal(parameter.default)
        values[parameter.name] = given
    return values


def free_values(
    nodes: Iterable[Any], namespace: Mapping[str, Any], symbols: Symbols, values: dict[str, Any]
) -> None:
    """Add to `values` the symbols of the free names in the texts of a rule."""
    for node in nodes:
        for one in gast.walk(node):
            free = isinstance(one, gast.Name) and isinstance(one.ctx, gast.Load)
            if free and one.id not in values:
                symbol = _symbol(namespace.get(one.id), one.id, symbols)
                if symbol is not None:
                    values[one.id] = symbol


def _symbol(value: Any, identifier: str, symbols: Symbols) -> Any | None:
    if inspect.ismodule(value):
        return name(symbols.imported(value))
    if value is not None and getattr(tangent.runtime, identifier, None) is value:
        return name(symbols.runtime(identifier))
    if value is None and hasattr(builtins, identifier):
        return name(symbols.builtin(identifier))
    return None


def written_body(body: Iterable[Any], values: dict[str, Any], names: Names) -> list[Any]:
    """The assignments of a rule, with fresh names for its locals (added to `values`)."""
    code = []
    for part in body:
        value = fold(rebuild(part.value, lambda n: read(n, values)))
        target = part.targets[0]
        for one in gast.walk(target):
            if isinstance(one, gast.Name):
                values[one.id] = name(names.fresh(one.id))
        bound = rebuild(target, lambda n: _bound(n, values))
        code.append(gast.Assign(targets=[bound], value=value, type_comment=None))
    return code


def read(node: Any, values: Mapping[str, Any]) -> Any | None:
    """What a name that is read stands for; a mask that a program passes is there."""
    if isinstance(node, gast.Compare) and isinstance(node.ops[0], gast.Is):
        if isinstance(node.left, gast.Name) and node.left.id == "where":
            return literal(is_literal(values.get("where", literal(None))))
    if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load):
        return values.get(node.id)
    return None


def _bound(node: Any, values: Mapping[str, Any]) -> Any | None:
    if isinstance(node, gast.Name) and node.id in values:
        return gast.Name(values[node.id].id, gast.Store(), None, None)
    return None
