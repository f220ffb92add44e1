"""Reads the functions by which rules are given: what their text may be, and what it says."""

from __future__ import annotations

import builtins
import inspect
import math
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

import tangent.runtime
from tangent.errors import Location, RuleError
from tangent.rules.kinds import Jvp, Rule
from tangent.syntax.source import Source, read


def read_jvp(function: Any, rule_function: Callable[..., Any]) -> Jvp:
    source = read(rule_function)
    own = list(inspect.signature(rule_function).parameters.values())
    dots = [p.name for p in own if p.name.endswith("_dot")]
    rest = own[len(dots) :]
    tangents = {d.removesuffix("_dot"): d for d in dots}
    if [p.name for p in own[: len(dots)]] != dots or not rest:
        raise error("the tangents come first, then the result", source, source.tree)
    result, parameters = rest[0].name, rest[1:]
    for parameter in tangents.keys() - {p.name for p in parameters}:
        raise error(f"`{parameter}_dot` is the tangent of no parameter", source, source.tree)
    *body, last = [s for s in source.tree.body if not _is_docstring(s)]
    if not isinstance(last, gast.Return) or not all(isinstance(s, gast.Assign) for s in body):
        raise error("a rule is assignments and one `return`", source, last)
    check_names(source, rule_function, {p.name for p in own})
    _check_keywords(function, parameters, source)
    signature = inspect.Signature(parameters)
    namespace = rule_function.__globals__
    return Jvp(
        function, result, signature, tangents, tuple(body), last.value, namespace, rule_function
    )


def name_of(function: Any) -> str:
    return getattr(function, "__name__", None) or type(function).__name__


def read_rule(
    function: Any,
    kind: str,
    rule_function: Callable[..., Any],
    differentiable: tuple[str, ...] = (),
    **slots: Any,
) -> Rule:
    source = read(rule_function)
    own = list(inspect.signature(rule_function).parameters.values())
    adjoint = own.pop(0).name if kind != "partials" else None
    result = own.pop(0).name if kind != "transpose" else None
    *body, last = [s for s in source.tree.body if not _is_docstring(s)]
    if not isinstance(last, gast.Return) or not all(isinstance(s, gast.Assign) for s in body):
        raise error("a rule is assignments and one `return`", source, last)
    values = list(last.value.elts) if isinstance(last.value, gast.Tuple) else [last.value]
    several = kind in ("partials", "terms") or len(values) > 1
    entries = _entries(values, own, differentiable, several, source, last)
    bound: set[str | None] = {adjoint, result, *(p.name for p in own)}
    check_names(source, rule_function, bound)
    _check_keywords(function, own, source)
    signature = inspect.Signature(own)
    return Rule(
        function,
        name_of(function),
        kind,
        adjoint,
        result,
        signature,
        tuple(body),
        entries,
        rule_function.__globals__,
        rule_function,
        **slots,
    )


def _is_docstring(statement: gast.AST) -> bool:
    return isinstance(statement, gast.Expr) and isinstance(statement.value, gast.Constant)


def _entries(
    values: list[gast.AST],
    own: list[inspect.Parameter],
    differentiable: tuple[str, ...],
    several: bool,
    source: Source,
    node: gast.AST,
) -> dict[str, gast.AST | None]:
    names = [p.name for p in own[: len(values) - len(differentiable)]] + list(differentiable)
    if len(names) != len(values):
        raise error(f"{len(values)} entries for {len(own)} inputs", source, node)
    inputs = [p for p in own if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    if len(values) < len(inputs) and not differentiable and several:
        raise error(f"{len(values)} entries for {len(inputs)} inputs", source, node)
    entries: dict[str, gast.AST | None] = {}
    for name, entry in zip(names, values, strict=True):
        constant = entry.value if isinstance(entry, gast.Constant) else entry
        if constant is not ...:
            entries[name] = entry if constant is not None else None
    return entries


def check_names(source: Source, rule_function: Callable[..., Any], bound: set[str | None]) -> None:
    """Every free name is NumPy, math, a builtin or a function of the runtime, and its attributes
    resolve.
    """
    local = {
        n.id
        for n in gast.walk(source.tree)
        if isinstance(n, gast.Name) and isinstance(n.ctx, (gast.Store, gast.Param))
    }
    for node in gast.walk(source.tree):
        if isinstance(node, gast.Name) and node.id not in local | bound:
            value = rule_function.__globals__.get(node.id, getattr(builtins, node.id, None))
            if not _allowed(value, node.id):
                raise error(f"`{node.id}` is no name that a rule may use", source, node)
        if isinstance(node, gast.Attribute) and isinstance(node.value, gast.Name):
            base = rule_function.__globals__.get(node.value.id)
            if inspect.ismodule(base) and not hasattr(base, node.attr):
                raise error(f"`{node.value.id}.{node.attr}` does not exist", source, node)


def _allowed(value: object, name: str) -> bool:
    if value is None:
        return False
    if inspect.ismodule(value):
        return value in (np, math) or value.__name__.startswith("scipy.")
    return hasattr(builtins, name) or getattr(tangent.runtime, name, None) is value


def _check_keywords(function: Any, own: list[inspect.Parameter], source: Source) -> None:
    try:
        theirs = inspect.signature(function).parameters
    except (ValueError, TypeError):
        return
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in theirs.values()):
        return
    for parameter in own:
        if parameter.default is not parameter.empty and parameter.name not in theirs:
            message = f"`{name_of(function)}` has no parameter `{parameter.name}`"
            raise error(message, source, source.tree)


def error(message: str, source: Source, node: gast.AST) -> RuleError:
    location: Location = source.location(node)
    return RuleError(message, code="rule", location=location, help="see docs/writing_rules.md")
