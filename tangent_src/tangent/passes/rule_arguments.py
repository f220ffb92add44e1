"""Which argument of a call goes to which parameter of the rule of a function.

np.sum(x, 0, None, None, True)      ->      x, 0, None, keepdims=True

A rule lists fewer options than the function has, and takes some by their words only.  An option
that has its default says nothing, and is left out; one that stands by position goes by its word.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import gast
import numpy as np

from tangent.errors import NoRule
from tangent.passes.lowering import Lowering
from tangent.rules.language import Rule


def by_words(
    function: Any, own: inspect.Signature, args: list[Any], words: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call of `function` as the signature `own` takes them, if it does."""
    try:
        own.bind(*args, **words)
    except TypeError:
        pass
    else:
        return args, dict(words)
    theirs = _parameters(function)
    positional = sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in own.parameters.values())
    further = list(theirs)[positional : len(args)]
    if len(args) > len(theirs):
        return args, dict(words)
    given = {**dict(zip(further, args[positional:], strict=True)), **words}
    told = {
        w: a for w, a in given.items() if w in own.parameters or not _is_default(theirs.get(w), a)
    }
    return args[:positional], told


def _parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    """The parameters of a function; a method of arrays has those of NumPy's function, and some
    that its own signature does not tell.
    """
    word = getattr(function, "__name__", "")
    if getattr(np.ndarray, word, None) is function:
        function = getattr(np, word, function)
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}


def _is_default(parameter: inspect.Parameter | None, given: Any) -> bool:
    if parameter is None or not isinstance(given, gast.Constant):
        return False
    return type(given.value) is type(parameter.default) and given.value == parameter.default


def fits(rule: Rule, args: list[Any], words: Mapping[str, Any]) -> bool:
    """Does a rule handle these arguments?  Else the call is one of constants, or refused."""
    if isinstance(rule.function, np.ufunc):
        return True
    try:
        rule.signature.bind(*args, **words)
    except TypeError:
        return False
    return True


def bind_arguments(
    self: Lowering, rule: Rule, node: Any, args: list[Any], words: Mapping[str, Any]
) -> dict[str, Any]:
    """Which atom goes to which parameter of the rule; parameters left out have their default."""
    if isinstance(rule.function, np.ufunc):  # NumPy converts by them as `casting` allows
        words = {k: a for k, a in words.items() if k not in ("dtype", "order", "subok")}
    try:
        bound = rule.signature.bind(*args, **words)
    except TypeError as error:
        raise NoRule(
            f"the rule of `{rule.name}` does not handle these arguments: {error}",
            code="rule-arguments",
            location=self.unit.source.location(node),
            help=f"it handles `{rule.name}{rule.signature}`",
        ) from None
    arguments: dict[str, Any] = {}
    for parameter, given in bound.arguments.items():
        if rule.signature.parameters[parameter].kind is inspect.Parameter.VAR_POSITIONAL:
            given = gast.Tuple(elts=list(given), ctx=gast.Load())
        arguments[parameter] = given
    return arguments
