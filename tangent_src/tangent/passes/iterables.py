"""What a loop goes through: its length, and how its items are bound from an index.

range, arrays, lists and tuples, `zip`, `enumerate`, `reversed`, and the views of dicts.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from tangent.passes.expressions import atom
from tangent.passes.inert import captured, inert
from tangent.passes.itertools_ import cells, columns
from tangent.passes.kinds import may_be_set
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.patterns import bind
from tangent.passes.templates import builtin_call, named, placed
from tangent.passes.units import MISSING
from tangent.runtime import sequence
from tangent.syntax.program import (
    Copy,
    Display,
    Effect,
    If,
    Item,
    Plain,
)
from tangent.syntax.trees import call, is_literal, item, literal, name, names_in, quote, stored


@dataclass(frozen=True)
class Iterable:
    """`length` is an expression (or None where `range_` is the exact range itself); `bind` binds
    the item.
    """

    length: Any
    bind: Callable[[Lowering, Any, Any], None]  # (self, target, index)
    header: Any
    simple: str | None = None
    range_: Any = None


@dataclass(frozen=True)
class Product(Iterable):
    """`zip` and `enumerate`: each item is a tuple of items."""

    parts: tuple[Iterable, ...] = ()


def iterable_of(self: Lowering, node: Any, rebound: set[str]) -> Iterable:
    node = _spelled(self, node)
    if isinstance(node, gast.Call):
        found, _ = static_of(self, node.func)
        node = _without_keywords(self, node, found)
        handler = _SEQUENCES.get(found) if isinstance(found, type) else None
        if handler is not None:
            return handler(self, node, rebound)
        if isinstance(node.func, gast.Attribute) and found is MISSING and not node.args:
            view = {"items": _items, "values": _values, "keys": _keys}.get(node.func.attr)
            if view is not None:
                return view(self, atom(self, node.func.value), rebound)
    return _sequence(self, node, rebound)


def _spelled(self: Lowering, node: Any) -> Any:
    """Iterables in other words: `pairwise(x)` as `zip(x, x[1:])`, a set as a list, …"""
    found = static_of(self, node.func)[0] if isinstance(node, gast.Call) else MISSING
    if found is itertools.pairwise and len(node.args) == 1:
        items = named(self, node.args[0], node)
        pairs = builtin_call("zip", items, quote("xs[1:]", xs=items))
        return placed(pairs, node)
    if found is np.ndenumerate:
        return cells(self, node)
    if found in (iter, sequence) and len(node.args) == 1:  # the text asks again
        return _spelled(self, node.args[0])
    if isinstance(node, gast.Attribute) and node.attr == "flat" and not _typed(self, node.value):
        ravel = gast.Attribute(value=node.value, attr="ravel", ctx=gast.Load())
        return placed(gast.Call(func=ravel, args=[], keywords=[]), node)
    items = found if found is not MISSING else static_of(self, node)[0]
    if isinstance(node, (gast.Set, gast.SetComp)) or isinstance(items, enum.EnumType):
        expr = call("@builtin:list", atom(self, node))
        return _kept(self, Plain(expr, frozenset(names_in(expr)), fresh=False))
    if may_be_set(node) or found in (set, frozenset):
        node = named(self, node, node)
    if isinstance(node, gast.Name) and self.kinds.get(node.id) == "set":
        return _kept(self, Plain(call("@builtin:list", name(node.id)), frozenset({node.id})))
    if isinstance(node, gast.Call) and (listed := columns(self, node)) is not None:
        return named(self, listed, node)
    return node


def _kept(self: Lowering, value: Plain) -> Any:
    one = self.temporary(value)
    self.local.add(one.id)
    return one


def _typed(self: Lowering, node: Any) -> bool:
    return isinstance(node, gast.Name) and node.id in self.types


def _without_keywords(self: Lowering, node: gast.Call, found: Any) -> gast.Call:
    """`zip(…, strict=False)` and `enumerate(…, start=n)` without their keywords."""
    words = {k.arg: k.value for k in node.keywords}
    if found is zip and isinstance(words.get("strict"), gast.Constant):
        args = node.args
        if words["strict"].value:
            args = [named(self, a, node) for a in args]
            _check_lengths(self, args)
        return gast.copy_location(gast.Call(func=node.func, args=args, keywords=[]), node)
    if found is enumerate and set(words) == {"start"}:
        return gast.copy_location(
            gast.Call(func=node.func, args=[*node.args, words["start"]], keywords=[]), node
        )
    if found in (zip, enumerate) and words:
        self.refuse("a keyword of `zip` or `enumerate`", "loop-keyword", node, "leave it out")
    return node


def _check_lengths(self: Lowering, names: list[Any]) -> None:
    """`zip(…, strict=True)`: what is too short or too long is an error, as in Python."""
    first = call("@builtin:len", names[0]) if names else literal(0)
    for other in names[1:]:
        length = call("@builtin:len", other)
        differs = gast.Compare(left=length, ops=[gast.NotEq()], comparators=[first])
        error = call("@builtin:ValueError", literal("the arguments of zip() differ in length"))
        raised = Effect(self.here(), gast.Raise(exc=error, cause=None), frozenset())
        test = self.held(Plain(differs, frozenset(names_in(differs)), scalar=True))
        self.code.append(If(self.here(), test, (raised,), ()))


def _range(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    args = []
    for argument in node.args:
        expr = inert(self, argument)
        expr = atom(self, argument) if expr is None else expr
        if names_in(expr) & rebound:  # the bounds are taken once, before the loop
            expr = self.temporary(Plain(expr, frozenset(names_in(expr)), scalar=True))
        args.append(expr)
    whole = call("@builtin:range", *args)
    length = args[0] if len(args) == 1 else call("@builtin:len", whole)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        entry = index if len(args) == 1 else item(whole, index)
        one = (
            self.temporary(Plain(entry, frozenset(names_in(entry)), scalar=True))
            if not isinstance(target, gast.Name)
            else None
        )
        if one is None:
            self.emit(target.id, Plain(entry, frozenset(names_in(entry)), scalar=True))
        else:
            bind(self, target, one)

    length = length if len(args) > 1 else call("@builtin:max", length, literal(0))
    return Iterable(length, bind_item, whole, None, whole)


def _sequence(self: Lowering, node: Any, rebound: set[str]) -> Iterable:
    """An array, a list, a tuple, a dict: whatever has a length and items by position, checked at
    run time.
    """
    literal_items = isinstance(node, (gast.Tuple, gast.List)) and all(
        is_literal(e) for e in node.elts
    )
    literal_items = literal_items or _is_text(node)
    if literal_items:
        source: Any = node
    else:
        source = atom(self, node)
        if not isinstance(source, gast.Name):
            self.refuse("a loop over a number", "iteration", node, "loop over a range")
        if self.kinds.get(source.id) == "dict":
            return _keys(self, source, rebound)
        if source.id in rebound:
            source = self.temporary(Copy(source, frozenset({source.id}), source.id))
    base = source if literal_items else None

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        whole = item(source, index)
        reads = frozenset(names_in(whole))
        if base is not None or source.id[0] == "@":
            one: Any = Plain(whole, reads, fresh=False, scalar=base is not None)
        else:
            one = Item(whole, reads, source.id, index)
        if isinstance(target, gast.Name):
            self.emit(target.id, one)
        else:
            bind(self, target, self.temporary(one))

    simple = None if literal_items else source.id
    return Iterable(call("@builtin:len", source), bind_item, source, simple)


def _is_text(node: Any) -> bool:
    return isinstance(node, gast.Constant) and isinstance(node.value, str)


def _zip(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    parts = tuple(iterable_of(self, a, rebound) for a in node.args)
    lengths = [p.length for p in parts if p.length is not None]
    if parts and not lengths:
        self.refuse("a loop without an end", "iteration", node, "loop over a range")
    length = (
        lengths[0] if len(lengths) == 1 else call("@builtin:min", *lengths) if parts else literal(0)
    )
    header = call("@builtin:zip", *(p.header for p in parts))
    return Product(length, _bind_product(parts), header, None, None, parts)


def _enumerate(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    inner = iterable_of(self, node.args[0], rebound)
    start = atom(self, node.args[1]) if len(node.args) > 1 else None

    def bind_count(self: Lowering, target: Any, index: Any) -> None:
        entry = index if start is None else quote("i + s", i=index, s=start)
        bind_value = Plain(entry, frozenset(names_in(entry)), scalar=True)
        self.emit(target.id, bind_value)

    counter = Iterable(inner.length, bind_count, None)
    extra = [start] if start is not None else []
    header = call("@builtin:enumerate", inner.header, *extra)
    parts = (counter, inner)
    return Product(inner.length, _bind_product(parts), header, None, None, parts)


def _bind_product(parts: tuple[Iterable, ...]) -> Callable[[Lowering, Any, Any], None]:
    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        if isinstance(target, gast.Name):
            _bind_tuple(self, target, parts, index)
            return
        if not isinstance(target, (gast.Tuple, gast.List)) or len(target.elts) != len(parts):
            advice = f"give it {len(parts)} loop variables"
            self.refuse(
                "the items of `zip` or `enumerate` in another number of variables",
                "loop-target",
                target,
                advice,
            )
        for part, element in zip(parts, target.elts, strict=True):
            part.bind(self, element, index)

    return bind_item


def _bind_tuple(self: Lowering, target: Any, parts: tuple[Iterable, ...], index: Any) -> None:
    """The item of a `zip` in one variable: a tuple."""
    names = [self.names.temporary() for _ in parts]
    self.local.update(names)
    for part, one in zip(parts, names, strict=True):
        part.bind(self, stored(one), index)
    whole = gast.Tuple(elts=[name(n) for n in names], ctx=gast.Load())
    display = Display(whole, frozenset(names), "tuple", (), tuple(whole.elts))
    self.emit(target.id, display)


def _reversed(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    inner = iterable_of(self, node.args[0], rebound)
    header = call("@builtin:reversed", inner.header)
    if inner.range_ is not None:
        backwards = item(
            inner.range_, gast.Slice(None, None, gast.UnaryOp(gast.USub(), literal(1)))
        )

        def bind_range(self: Lowering, target: Any, index: Any) -> None:
            entry = item(backwards, index)
            self.emit(target.id, Plain(entry, frozenset(names_in(entry)), scalar=True))

        return Iterable(call("@builtin:len", inner.range_), bind_range, header, None, backwards)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        inner.bind(self, target, quote("n - 1 - i", n=inner.length, i=index))

    return Iterable(inner.length, bind_item, header)


def _mapping_keys(self: Lowering, base: Any, rebound: set[str]) -> tuple[str, Any]:
    if isinstance(base, gast.Name) and base.id in rebound:  # the loop goes on with the old dict
        base = self.temporary(Copy(base, frozenset({base.id}), base.id))
    listed = call("@builtin:list", base)
    keys = self.temporary(Plain(listed, frozenset(names_in(listed))))
    return base.id, keys


def _items(self: Lowering, whole: Any, rebound: set[str]) -> Iterable:
    base, keys = _mapping_keys(self, whole, rebound)

    def bind_key(self: Lowering, target: Any, index: Any) -> None:
        _bind_key(self, target, item(keys, index))

    def bind_entry(self: Lowering, target: Any, index: Any) -> None:
        _bind_entry(self, target, base, item(keys, index))

    parts = Iterable(None, bind_key, None), Iterable(None, bind_entry, None)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        if isinstance(target, gast.Name):
            _bind_tuple(self, target, parts, index)
            return
        key_target, value_target = _pair(self, target)
        key = _bind_key(self, key_target, item(keys, index))
        _bind_entry(self, value_target, base, key)

    return Iterable(call("@builtin:len", keys), bind_item, _view(base, "items"))


def _values(self: Lowering, whole: Any, rebound: set[str]) -> Iterable:
    base, keys = _mapping_keys(self, whole, rebound)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        _bind_entry(self, target, base, item(keys, index))

    return Iterable(call("@builtin:len", keys), bind_item, _view(base, "values"))


def _keys(self: Lowering, whole: Any, rebound: set[str]) -> Iterable:
    base, keys = _mapping_keys(self, whole, rebound)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        _bind_key(self, target, item(keys, index))

    return Iterable(call("@builtin:len", keys), bind_item, _view(base, "keys"))


def _pair(self: Lowering, target: Any) -> tuple[Any, Any]:
    if not isinstance(target, (gast.Tuple, gast.List)) or len(target.elts) != 2:
        self.refuse(
            "the items of a dict in another number of variables",
            "loop-target",
            target,
            "give it two loop variables: `for key, value in d.items()`",
        )
    key, entry = target.elts
    return key, entry


def _bind_key(self: Lowering, target: Any, key: Any) -> Any:
    """Bind a key of a dict, which may be a tuple; the name that holds it."""
    one = Plain(key, frozenset(names_in(key)), scalar=isinstance(target, gast.Name))
    if isinstance(target, gast.Name):
        self.emit(target.id, one)
        return name(target.id)
    held = self.temporary(one)
    bind(self, target, held)
    return held


def _bind_entry(self: Lowering, target: Any, base: str, key: Any) -> None:
    whole = item(name(base), key)
    entry = Item(whole, frozenset(names_in(whole)), base, key)
    if isinstance(target, gast.Name):
        self.emit(target.id, entry)
    else:
        bind(self, target, self.temporary(entry))


def _view(base: str, method: str) -> Any:
    function = gast.Attribute(value=name(base), attr=method, ctx=gast.Load())
    return gast.Call(func=function, args=[], keywords=[])


def _count(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    """`itertools.count(start, step)` beside something that ends."""
    start, step = [*(named(self, a, node) for a in node.args), literal(0), literal(1)][:2]
    step = literal(1) if len(node.args) < 2 else step

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        entry = quote("s + i * d", s=start, i=index, d=step)
        self.emit(target.id, Plain(entry, frozenset(names_in(entry)), scalar=True))

    return Iterable(None, bind_item, _again(self, node, [start, step]))


def _cycle(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    """`itertools.cycle(xs)` beside something that ends."""
    inner = iterable_of(self, named(self, node.args[0], node), rebound)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        inner.bind(self, target, quote("i % n", i=index, n=inner.length))

    return Iterable(None, bind_item, _again(self, node, [inner.header]))


def _repeat(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    """`itertools.repeat(x)` beside something that ends."""
    if len(node.args) != 1 or node.keywords:
        return _sequence(self, node, rebound)
    one = named(self, node.args[0], node)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        bind(self, target, one)

    return Iterable(None, bind_item, _again(self, node, [one]))


def _again(self: Lowering, node: gast.Call, args: list[Any]) -> Any:
    return gast.Call(func=captured(self, node.func).expr, args=args, keywords=[])


_SEQUENCES: dict[Any, Callable[..., Iterable]] = {
    range: _range,
    zip: _zip,
    enumerate: _enumerate,
    reversed: _reversed,
    itertools.count: _count,
    itertools.cycle: _cycle,
    itertools.repeat: _repeat,
}
