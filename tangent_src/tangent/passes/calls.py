"""Calls: which function is called, and which argument goes to which of its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import FunctionType
from typing import Any

import gast

from tangent.errors import NoRule, SourceUnavailable, UnsupportedSyntax
from tangent.passes.inert import captured
from tangent.passes.lowering import Lowering, method_key, static_of
from tangent.passes.units import MISSING, Unit
from tangent.rules.language import Constant, Gap, Rule, lookup, near_matches
from tangent.syntax.program import Apply, Call, Plain, Value
from tangent.syntax.trees import name, names_in

# what they do depends on the variables of their caller, which in a generated text are others
_READERS_OF_FRAMES = (eval, exec, locals, globals, vars, dir, super, breakpoint)


def call_value(
    self: Lowering, node: gast.Call, receiver: Any | None, args: list[Any], words: dict[str, Any]
) -> Value:
    """The value of a call whose arguments are atoms."""
    if isinstance(node.func, gast.Name) and node.func.id in self.functions:
        return _call_nested(self, node, args, words)
    if receiver is not None:
        function = gast.Attribute(value=receiver, attr=node.func.attr, ctx=gast.Load())
        return _known(self, node, method_key(node.func.attr), function, [receiver], args, words)
    found, _ = static_of(self, node.func)
    if found is MISSING:
        self.refuse(
            "a call of a function that is known only at run time",
            "unknown-call",
            node,
            "call a function by its name",
        )
    if any(found is reader for reader in _READERS_OF_FRAMES):
        self.refuse(
            f"`{found.__name__}` sees the variables of the function that calls it",
            "frame",
            node,
            "name the variables that are needed",
        )
    generated = getattr(found, "generated", None)
    if lookup(found) is None and (isinstance(found, FunctionType) or generated is not None):
        return _call_unit(self, node, _unit(self, generated or found, node), args, words)
    return _known(self, node, found, captured(self, node.func).expr, [], args, words)


def _unit(self: Lowering, function: Any, node: Any) -> Unit:
    try:
        return self.unit.registry.of(function() if getattr(function, "lazy", False) else function)
    except SourceUnavailable as error:
        location = self.unit.source.location(node)
        raise NoRule(
            f"`{function.__name__}` has neither a rule nor source that can be read",
            code="no-source",
            location=location,
            help=error.help,
        ) from None


# ---------------------------------------------------------------- functions with a rule, or unknown


def _known(
    self: Lowering,
    node: Any,
    key: Any,
    function: Any,
    first: list[Any],
    args: list[Any],
    words: dict[str, Any],
) -> Value:
    expr = gast.Call(
        func=function, args=args, keywords=[gast.keyword(arg=k, value=v) for k, v in words.items()]
    )
    reads = frozenset(names_in(expr))
    known = lookup(key) if key is not None else None
    if isinstance(known, Rule):
        return Apply(expr, reads, known, bind_arguments(self, known, node, [*first, *args], words))
    if isinstance(known, Constant):
        return Plain(expr, reads, known.pure, known.cheap, True, known.fresh, known.scalar)
    return Plain(expr, reads, pure=False, cheap=False, known=False, fresh=False)


def missing_rule(function_text: str, location: Any, key: Any = None) -> NoRule:
    """The error for a function without rule that meets a differentiated value."""
    known = lookup(key) if key is not None else None
    near = near_matches(function_text)
    hints = f"; near matches: {', '.join(near)}" if near else ""
    reason = f": {known.reason}" if isinstance(known, Gap) else ""
    return NoRule(
        f"`{function_text}` has no rule{' yet' + reason if reason else ''}",
        code="no-rule-yet" if reason else "no-rule",
        location=location,
        help=f"write one: `@defvjp({function_text})` above "
        f"`def rule(y_bar, y, x, …): return x_bar`{hints}",
    )


def bind_arguments(
    self: Lowering, rule: Rule, node: Any, args: list[Any], words: Mapping[str, Any]
) -> dict[str, Any]:
    """Which atom goes to which parameter of the rule; parameters left out have their default."""
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


# ---------------------------------------------------------------- the user's own functions


def _call_nested(self: Lowering, node: Any, args: list[Any], words: dict[str, Any]) -> Value:
    tree, free = self.functions[node.func.id]
    if tree is None:
        advice = "define it once, and put the `if` inside"
        self.refuse(
            f"which function `{node.func.id}` is depends on a branch", "unknown-call", node, advice
        )
    own = {node.func.id: (tree, free)}
    unit = self.unit.registry.nested(tree, self.unit, free, {**self.functions, **own})
    words = {**words, **{f: name(f) for f in free}}
    return _call_unit(self, node, unit, args, words)


def _call_unit(
    self: Lowering, node: Any, unit: Unit, args: list[Any], words: dict[str, Any]
) -> Value:
    arguments = _bind(self, node, unit, args, words)
    reads = frozenset(n for a in arguments.values() for n in names_in(a))
    expr = gast.Call(func=node.func, args=list(arguments.values()), keywords=[])
    self.calls += 1
    return Call(expr, reads, unit, arguments, self.calls)


def _bind(
    self: Lowering, node: Any, unit: Unit, args: list[Any], words: dict[str, Any]
) -> dict[str, Any]:
    tree = unit.tree.args
    positional = [a.id for a in (*tree.posonlyargs, *tree.args)]
    given = dict(zip(positional, args, strict=False))
    problem = ""
    if len(args) > len(positional):
        problem = f"takes {len(positional)} positional arguments"
    for word, atom in words.items():
        if word in given or word not in unit.all_parameters:
            problem = f"`{word}`: unexpected or given twice"
        given[word] = atom
    complete = {p: given.get(p, unit.defaults.get(p)) for p in unit.all_parameters}
    lacking = [p for p, a in complete.items() if a is None]
    if problem or lacking:
        what = problem or f"lacks {', '.join(lacking)}"
        raise UnsupportedSyntax(
            f"the call of `{unit.name}` does not fit its signature: {what}",
            code="call",
            location=self.unit.source.location(node),
            help="Python would raise a TypeError here",
        )
    return complete
