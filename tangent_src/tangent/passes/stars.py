"""Starred arguments, one by one: the callee says how many there are, and what they are called.

linear(x, **layer)      ->      linear(x, w=layer["w"], b=layer["b"])
rotate(p, *angles)      ->      t1, t2 = angles; rotate(p, t1, t2)
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import gast

from tangent.passes.calls import is_own, unit_of
from tangent.passes.functions import function_of
from tangent.passes.inert import inert
from tangent.passes.known import Bound, Closure, Known, Outside
from tangent.passes.lowering import Lowering, method_key, rule_of, static_of
from tangent.passes.units import MISSING
from tangent.rules.language import Constant, Rule
from tangent.syntax.program import Plain, Unpack
from tangent.syntax.trees import is_literal, literal, name, names_in


@dataclass(frozen=True)
class _Takes:
    """What a callee takes: its parameters by position, those by keyword only, their defaults."""

    positional: tuple[str, ...]
    keyword: tuple[str, ...]
    defaults: Mapping[str, Any]
    further: bool = False  # `*args`
    options: bool = False  # `**kwargs`


def unstarred(self: Lowering, node: gast.Call) -> gast.Call:
    """A call without starred arguments; refused where their number is not known."""
    starred = any(isinstance(a, gast.Starred) for a in node.args)
    if not starred and all(k.arg is not None for k in node.keywords):
        return node
    takes = _takes(self, node)
    args = [one for a in node.args for one in _argument(self, node, a, takes)]
    words = [k for k in node.keywords if k.arg is not None]
    for double in (k for k in node.keywords if k.arg is None):
        words += _options(self, node, double, args, words, takes)
    return gast.copy_location(gast.Call(func=node.func, args=args, keywords=words), node)


def _takes(self: Lowering, node: gast.Call) -> _Takes | None:
    known = function_of(self, node.func)
    if isinstance(known, Closure) or (isinstance(known, Outside) and is_own(known.function)):
        return _of_unit(self, node, known)
    if isinstance(known, Bound):
        return None
    found, _ = static_of(self, node.func)
    if found is MISSING and isinstance(node.func, gast.Attribute):
        found = method_key(node.func.attr)
    rule = rule_of(found)
    if isinstance(rule, Constant):
        return _Takes((), (), {}, further=True, options=True)
    return _of_signature(rule.signature) if isinstance(rule, Rule) else None


def _of_unit(self: Lowering, node: gast.Call, known: Known) -> _Takes:
    unit, more = unit_of(self, node, known)
    tree = unit.tree.args
    positional = tuple(a.id for a in (*tree.posonlyargs, *tree.args))
    words = tuple(a.id for a in tree.kwonlyargs)
    own = {p: unit.default(p) for p in (*positional, *words) if unit.default(p) is not None}
    defaults = {**own, **{p: a for p, a in more.items() if p in (*positional, *words)}}
    return _Takes(positional, words, defaults, tree.vararg is not None, tree.kwarg is not None)


def _of_signature(signature: inspect.Signature) -> _Takes:
    parameters = signature.parameters.values()
    positional = tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
    words = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    further = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return _Takes(positional, words, defaults, further, options=True)  # `**` is not taken apart


def _argument(self: Lowering, node: gast.Call, argument: Any, takes: _Takes | None) -> list[Any]:
    if not isinstance(argument, gast.Starred):
        return [argument]
    items = argument.value
    if isinstance(items, (gast.Tuple, gast.List)):
        return list(items.elts)
    packed = _packed(self, items)
    if isinstance(packed, tuple):
        return [name(p) for p in packed]
    if takes is not None and takes.further:
        expr = inert(self, items)
        if expr is not None and not isinstance(function_of(self, node.func), (Closure, Outside)):
            return [argument]
        if expr is not None and rule_of(static_of(self, node.func)[0]) is not None:
            return [argument]
    if takes is None or takes.further or argument is not node.args[-1]:
        _refuse(self, node)
    given = len(node.args) - 1
    rest = [p for p in takes.positional[given:] if all(k.arg != p for k in node.keywords)]
    if any(p in takes.defaults for p in rest) or any(k.arg is None for k in node.keywords):
        _refuse(self, node)
    parts = tuple(self.names.temporary() for _ in rest)
    self.local.update(parts)
    self.code.append(Unpack(self.here(), parts, _held(self, items).id))
    return [name(p) for p in parts]


def _packed(self: Lowering, node: Any) -> Any:
    """The parameters that `args` or `kwargs` of this function's own signature holds."""
    if isinstance(node, gast.Name) and node.id in self.unit.packed:
        stores = (n for n in gast.walk(self.unit.tree) if isinstance(n, gast.Name))
        if not any(n.id == node.id and isinstance(n.ctx, gast.Store) for n in stores):
            return self.unit.packed[node.id]
    return None


def _options(
    self: Lowering,
    node: gast.Call,
    double: Any,
    args: list[Any],
    words: list[Any],
    takes: _Takes | None,
) -> list[Any]:
    entries = double.value
    if isinstance(entries, gast.Dict) and all(isinstance(k, gast.Constant) for k in entries.keys):
        pairs = zip(entries.keys, entries.values, strict=True)
        return [gast.keyword(arg=k.value, value=v) for k, v in pairs]
    packed = _packed(self, entries)
    if packed is not None:
        return [gast.keyword(arg=k, value=name(p)) for k, p in packed.items()]
    if takes is None or takes.further or takes.options:
        _refuse(self, node)
    base = _held(self, entries)
    taken = {k.arg for k in words} | set(takes.positional[: len(args)])
    rest = [p for p in (*takes.positional, *takes.keyword) if p not in taken]
    return [_option(self, node, base, p, takes.defaults.get(p)) for p in rest]


def _option(self: Lowering, node: gast.Call, base: Any, word: str, default: Any) -> Any:
    """`d[word]`, or its default where `d` does not have it."""
    entry: Any = gast.Subscript(value=base, slice=literal(word), ctx=gast.Load())
    if default is not None:
        if not is_literal(default):
            _refuse(self, node)
        has = gast.Compare(left=literal(word), ops=[gast.In()], comparators=[base])
        entry = gast.IfExp(test=has, body=entry, orelse=default)
    return gast.keyword(arg=word, value=gast.copy_location(entry, node))


def _held(self: Lowering, node: Any) -> Any:
    """A name of the program for a tuple or dict."""
    one = self.atom(node)
    if not isinstance(one, gast.Name) or one.id[0] == "@":
        one = self.temporary(Plain(one, frozenset(names_in(one)), fresh=False))
        self.local.add(one.id)
    return one


def _refuse(self: Lowering, node: gast.Call) -> NoReturn:
    self.refuse(
        "a starred argument, and how many it stands for is not known",
        "star-call",
        node,
        "pass the arguments one by one",
    )
