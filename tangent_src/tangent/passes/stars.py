"""Starred arguments, one by one: the callee says how many there are, and what they are called.

linear(x, **layer)      ->      linear(x, w=layer["w"], b=layer["b"])
rotate(p, *angles)      ->      t1, t2 = angles; rotate(p, t1, t2)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby, takewhile
from typing import Any, NoReturn

import gast

from tangent.passes.inert import inert
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.templates import builtin_call, lowered, named
from tangent.rules.language import Constant, Rule
from tangent.syntax.program import Display
from tangent.syntax.trees import is_literal, literal, name, quote, stored


@dataclass(frozen=True)
class Takes:
    """What a callee takes: its parameters by position, those by keyword only, their defaults."""

    positional: tuple[str, ...]
    keyword: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    further: bool = False  # `*args`
    options: bool = False  # `**kwargs`


@dataclass(frozen=True)
class Spread:
    """`*items` or `**entries` in a call, until it meets the signature of the callee."""

    node: Any  # the expression behind the stars


ANY_NUMBER = Takes((), further=True)  # of a function of which nothing else is known
Arguments = tuple[list[Any], dict[str, Any]]
READERS = ("get", "items", "keys", "values", "copy")  # methods that leave a dict as it is
STARS = "**"  # where the entries of `**d` are kept among the keyword arguments


def unstarred(self: Lowering, node: gast.Call) -> gast.Call:
    """A call without the starred arguments that say themselves what they hold: tuples and dicts
    that are written there, and `args` and `kwargs` of this function's own signature.
    """
    starred = any(isinstance(a, gast.Starred) for a in node.args)
    if not starred and all(k.arg is not None for k in node.keywords):
        return node
    args = [one for a in node.args for one in items_of(self, a)]
    words = [one for k in node.keywords for one in _entries(self, k)]
    return gast.copy_location(gast.Call(func=node.func, args=args, keywords=words), node)


def items_of(self: Lowering, argument: Any) -> list[Any]:
    """What `*…` stands for where that says itself what it holds; else the argument alone."""
    if not isinstance(argument, gast.Starred):
        return [argument]
    if isinstance(argument.value, (gast.Tuple, gast.List)):
        return [one for e in argument.value.elts for one in items_of(self, e)]
    packed = packed_items(self, argument.value)
    return [name(p) for p in packed] if isinstance(packed, tuple) else [argument]


def _entries(self: Lowering, keyword: Any) -> list[Any]:
    if keyword.arg is not None:
        return [keyword]
    entries = keyword.value
    if isinstance(entries, gast.Dict) and all(isinstance(k, gast.Constant) for k in entries.keys):
        pairs = zip(entries.keys, entries.values, strict=True)
        return [gast.keyword(arg=k.value, value=v) for k, v in pairs]
    packed = packed_items(self, entries)
    if isinstance(packed, Mapping):
        return [gast.keyword(arg=k, value=name(p)) for k, p in packed.items()]
    return [keyword]


def packed_items(self: Lowering, node: Any) -> Any:
    """The parameters that `args` or `kwargs` of this function's own signature holds."""
    if isinstance(node, gast.Name) and node.id in self.packed:
        own = self.originals.get(node.id, node.id)
        items = self.packed[node.id]
        tree = self.unit.tree
        if _bound_once(tree, own) and (isinstance(items, tuple) or _only_read(self, own)):
            return items
    return None


def _bound_once(tree: Any, own: str) -> bool:
    names = (n for n in gast.walk(tree) if isinstance(n, gast.Name) and n.id == own)
    return not any(isinstance(n.ctx, gast.Store) for n in names)


def _only_read(self: Lowering, own: str) -> bool:
    """Whether nothing is done to the dict `own` that could change its entries, or show it to
    somebody who does.
    """
    return all(
        _reads(self, node, child)
        for node in gast.walk(self.unit.tree)
        for child in gast.iter_child_nodes(node)
        if isinstance(child, gast.Name) and child.id == own
    )


def _reads(self: Lowering, node: Any, child: Any) -> bool:
    if isinstance(node, gast.Subscript):
        return child is node.value and isinstance(node.ctx, gast.Load)
    if isinstance(node, gast.Attribute):
        return node.attr in READERS
    if isinstance(node, gast.keyword):
        return node.arg is None
    if isinstance(node, gast.Dict):
        entries = zip(node.keys, node.values, strict=True)
        return all(key is None or value is not child for key, value in entries)
    if isinstance(node, gast.Call):
        called = static_of(self, node.func)[0]
        return updates_attributes(node.func) or any(
            called is reader for reader in (len, dict, list, sorted)
        )
    if isinstance(node, (gast.For, gast.comprehension)):
        return child is node.iter
    if isinstance(node, (gast.If, gast.IfExp, gast.While)):
        return child is node.test
    return isinstance(node, (gast.arguments, gast.Compare))


def updates_attributes(function: Any) -> bool:
    """`p.__dict__.update`, which leaves what it is given as it is."""
    match function:
        case gast.Attribute(
            value=gast.Attribute(value=gast.Name(), attr="__dict__"), attr="update"
        ):
            return True
    return False


def pack(self: Lowering) -> None:
    """`args = (args_0, args_1)`, and `kwargs = {"k": k}`: the parameters that a call asked for."""
    for star, items in self.packed.items():
        if isinstance(items, str):
            continue  # a parameter as any
        if isinstance(items, tuple):
            whole: Any = gast.Tuple(elts=[name(i) for i in items], ctx=gast.Load())
            value = Display(whole, frozenset(items), "tuple", (), tuple(whole.elts))
        else:
            keys, entries = [literal(k) for k in items], [name(i) for i in items.values()]
            whole = gast.Dict(keys=keys, values=entries)
            value = Display(whole, frozenset(items.values()), "dict", tuple(keys), tuple(entries))
        self.emit(star, value)


def gathered(items: list[Any]) -> Any:
    """`(a, b) + tuple(c)` for the arguments `a, b, *c`: Python that is still to be lowered."""
    parts: list[Any] = []
    for starred, run in groupby(items, lambda one: isinstance(one, gast.Starred)):
        if starred:
            parts += [builtin_call("tuple", one.value) for one in run]
        else:
            parts.append(gast.Tuple(elts=list(run), ctx=gast.Load()))
    return reduce(lambda a, b: gast.BinOp(left=a, op=gast.Add(), right=b), parts)


# ---------------------------------------------------------------- at the signature


def taken_by(tree: Any, default: Callable[[str], Any]) -> Takes:
    """What a function takes that is known by its text."""
    positional = tuple(a.id for a in (*tree.posonlyargs, *tree.args))
    words = tuple(a.id for a in tree.kwonlyargs)
    defaults = {p: default(p) for p in (*positional, *words) if default(p) is not None}
    return Takes(positional, words, defaults, tree.vararg is not None, tree.kwarg is not None)


def taken_by_rule(rule: Any, receivers: int) -> Takes | None:
    """What a function takes that is known by a rule, behind the array of which it is a method."""
    if isinstance(rule, Constant):
        return Takes((), further=True, options=True)
    if not isinstance(rule, Rule):
        return None
    parameters = list(rule.signature.parameters.values())[receivers:]
    return _of_parameters(parameters, options=True)  # `**` is not taken apart


def taken_by_class(cls: type) -> Takes:
    """What a dataclass or a named tuple takes."""
    return _of_parameters(list(inspect.signature(cls).parameters.values()), options=False)


def _of_parameters(parameters: list[inspect.Parameter], options: bool) -> Takes:
    positional = tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
    words = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    further = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return Takes(positional, words, defaults, further, options)


def spread(
    self: Lowering, node: Any, takes: Takes | None, args: list[Any], words: Mapping[str, Any]
) -> Arguments:
    """The arguments of a call, those with stars one by one as its callee takes them; refused
    where their number is not known.
    """
    words = dict(words)
    if STARS not in words and not any(isinstance(a, Spread) for a in args):
        return args, words
    if takes is None:
        refuse_stars(self, node)
    entries = words.pop(STARS, None)
    found: list[Any] = []
    for position, one in enumerate(args):
        last = position == len(args) - 1 and entries is None
        found += _spread_items(self, node, takes, one, found, words, last)
    if entries is not None:
        if takes.options:
            refuse_stars(self, node)
        held = named(self, entries.node, node)
        taken = {*words, *takes.positional[: len(found)]}
        for parameter in (*takes.positional, *takes.keyword):
            if parameter not in taken:
                words[parameter] = _option(self, node, held, parameter, takes.defaults)
    return found, words


def _spread_items(
    self: Lowering,
    node: Any,
    takes: Takes,
    one: Any,
    before: list[Any],
    words: Mapping[str, Any],
    last: bool,
) -> list[Any]:
    if not isinstance(one, Spread):
        return [one]
    if takes.further and len(before) >= len(takes.positional):
        plain = None if takes is ANY_NUMBER else inert(self, one.node)
        whole = plain or named(self, one.node, node)
        return [gast.Starred(value=whole, ctx=gast.Load())]
    rest = [p for p in takes.positional[len(before) :] if p not in words]
    if takes.further and last and rest and not takes.defaults.keys() & set(rest):
        return _first_and_rest(self, node, one.node, len(rest))
    if takes.further or not last:
        refuse_stars(self, node)
    held = named(self, one.node, node)
    required = [p for p in rest if p not in takes.defaults]
    rest = list(takewhile(lambda p: p in required or _is_plain(takes.defaults[p]), rest))
    if required == rest:
        parts = tuple(self.names.temporary() for _ in rest)
        self.local.update(parts)
        self.unpack(parts, held.id)
        return [name(p) for p in parts]
    _check_number(self, node, held, len(required), len(rest))
    return [_item(self, node, held, i, p, takes.defaults) for i, p in enumerate(rest)]


def _first_and_rest(self: Lowering, node: Any, items: Any, count: int) -> list[Any]:
    """`f(*x)` of `def f(a, *rest)`: as `a, *rest = x` binds them."""
    parts = [self.names.fresh("first") for _ in range(count)]
    rest = self.names.fresh("rest")
    starred = gast.Starred(value=stored(rest), ctx=gast.Store())
    pattern = gast.Tuple(elts=[*map(stored, parts), starred], ctx=gast.Store())
    lowered(self, [gast.Assign([pattern], named(self, items, node), None)], node)
    whole = named(self, builtin_call("tuple", name(rest)), node)
    return [*map(name, parts), gast.Starred(value=whole, ctx=gast.Load())]


def _check_number(self: Lowering, node: Any, held: Any, least: int, most: int) -> None:
    """Too few and too many items are the error that Python raises for them."""
    count = builtin_call("len", held)
    bounds = [literal(least), literal(most)]
    outside = quote("not (least <= n <= most)", least=bounds[0], n=count, most=bounds[1])
    text = f"the derivative was written for {least} to {most} arguments behind the star"
    error = builtin_call("TypeError", literal(text))
    raised = gast.Raise(exc=error, cause=None)
    lowered(self, [gast.If(test=outside, body=[raised], orelse=[])], node)


def _item(
    self: Lowering, node: Any, held: Any, i: int, word: str, defaults: Mapping[str, Any]
) -> Any:
    """`items[i]`, or the default where there are no more."""
    entry: Any = gast.Subscript(value=held, slice=literal(i), ctx=gast.Load())
    if word in defaults:
        there = quote("n > i", n=builtin_call("len", held), i=literal(i))
        default = _default(self, node, word, defaults)
        entry = gast.IfExp(test=there, body=entry, orelse=default)
    return named(self, entry, node)


def _option(self: Lowering, node: Any, held: Any, word: str, defaults: Mapping[str, Any]) -> Any:
    """`d[word]`, or its default where `d` does not have it."""
    entry: Any = gast.Subscript(value=held, slice=literal(word), ctx=gast.Load())
    if word in defaults:
        has = gast.Compare(left=literal(word), ops=[gast.In()], comparators=[held])
        entry = gast.IfExp(test=has, body=entry, orelse=_default(self, node, word, defaults))
    return named(self, entry, node)


def _default(self: Lowering, node: Any, word: str, defaults: Mapping[str, Any]) -> Any:
    if not _is_plain(defaults[word]):
        refuse_stars(self, node)
    return defaults[word] if is_literal(defaults[word]) else literal(defaults[word])


def _is_plain(default: Any) -> bool:
    values = (bool, int, float, complex, str, type(None))
    return isinstance(default, values) or is_literal(default)


def refuse_stars(self: Lowering, node: Any) -> NoReturn:
    self.refuse(
        "a starred argument, and how many it stands for is not known",
        "star-call",
        node,
        "pass the arguments one by one",
    )
