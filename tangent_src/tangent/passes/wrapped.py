"""Loops over `zip`, `enumerate`, `islice` and `takewhile` of a generator: loops over the generator.

for k, v in enumerate(steps(x)):        i = 0
    BODY                         ->     for item in steps(x):
                                            k, v = i, item
                                            i = i + 1
                                            BODY

Each asks its parts in their order, so that what stands in front of the generator is asked first,
and ends without a further item of it.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.generators import is_lazy
from tangent.passes.iterables import Iterable, iterable_of
from tangent.passes.jumps import replaced_in, settled
from tangent.passes.kinds import ARRAY, GIVEN, kind_of_atom
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.templates import builtin_call, named, placed
from tangent.syntax.program import Effect
from tangent.syntax.trees import call, literal, name, names_in, quote, stored


def unwrapped(self: Lowering, node: gast.For) -> list[Any]:
    """The statements that stand for a loop over one of these."""
    items = node.iter
    found = static_of(self, items.func)[0]
    if any(isinstance(a, gast.Starred) for a in items.args):
        advice = "pass the arguments one by one"
        self.refuse("a starred argument beside a generator", "generator", items, advice)
    return _WRAPPERS[found](self, node, {k.arg: k.value for k in items.keywords})


def _loop(node: gast.For, target: str, items: Any, body: list[Any]) -> Any:
    loop = gast.For(stored(target), items, body, [], None)
    return placed(gast.copy_location(loop, node), node)


def _set(target: Any, value: Any) -> Any:
    return gast.Assign(targets=[target], value=value, type_comment=None)


def _more(counter: str) -> Any:
    return _set(stored(counter), quote("i + 1", i=name(counter)))


def _pair(target: Any, parts: list[Any]) -> Any:
    return _set(target, gast.Tuple(elts=parts, ctx=gast.Load()))


def _enumerate(self: Lowering, node: gast.For, words: dict[str, Any]) -> list[Any]:
    args = node.iter.args
    start = words.get("start", args[1] if len(args) > 1 else literal(0))
    counter, item = self.flag("i"), self.flag("item")
    bind = _pair(node.target, [name(counter), name(item)])
    inside = [placed(s, node.iter) for s in (bind, _more(counter))]
    loop = _loop(node, item, args[0], [*inside, *node.body])
    return [_set(stored(counter), start), loop]


class Drawn(ast.stmt):
    """`target` gets the item of an iterable at the position `counter`."""

    _fields = ("target",)

    def __init__(self, original: Any, target: Any, items: Iterable, counter: str) -> None:
        self.original, self.target, self.items, self.counter = original, target, items, counter


def lower_drawn(self: Lowering, node: Drawn) -> None:
    node.items.bind(self, node.target, name(node.counter))


@dataclass(frozen=True)
class _Beside:
    """What stands beside a generator in a `zip`: its items, and the variable for each."""

    place: Any
    items: Iterable
    item: str

    def draw(self, counter: str, rest: list[Any]) -> list[Any]:
        """The next item, and `rest`; without a further one the loop ends."""
        drawn = [Drawn(self.place, stored(self.item), self.items, counter), *rest]
        if self.items.length is None:
            return drawn
        test = quote("i < n", i=name(counter), n=self.items.length)
        return [gast.If(test, drawn, [gast.Break()])]


def _zip(self: Lowering, node: gast.For, words: dict[str, Any]) -> list[Any]:
    args = node.iter.args
    lazy = [k for k, a in enumerate(args) if is_lazy(self, a)]
    strict = words.pop("strict", literal(False))
    if len(lazy) > 1 or words or getattr(strict, "value", True):
        what = "a `zip` of several generators, or a strict one"
        advice = "make lists of their items: `list(…)`"
        self.refuse(what, "generator", node.iter, advice)
    at = lazy[0]
    bound = {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}
    beside = [None if k == at else _beside(self, node, a, bound) for k, a in enumerate(args)]
    counter, item = self.flag("i"), self.flag("item")
    front = [b for b in beside[:at] if b is not None]
    behind = [b for b in beside[at + 1 :] if b is not None]
    parts = [name(item) if b is None else name(b.item) for b in beside]
    body = [_pair(node.target, parts), _more(counter), *node.body]
    if front:
        body = replaced_in(body, lambda n: [] if isinstance(n, gast.Continue) else None)
        body += _drawn(front, counter, [])
    loop: Any = _loop(node, item, args[at], _drawn(behind, counter, body))
    first = _drawn(front, counter, [loop])
    whole = [_set(stored(counter), literal(0)), *replaced_in(first, _no_break)]
    return settled([_placed_at(s, node) for s in whole], self.flag)


def _placed_at(statement: Any, node: gast.For) -> Any:
    return placed(statement, node.iter)


def _no_break(node: Any) -> list[Any] | None:
    """In front of the loop there is nothing to break."""
    return [] if isinstance(node, gast.Break) else None


def _has_positions(self: Lowering, items: Any) -> bool:
    """Has it surely items by position?  Those of a dict would be its entries."""
    if isinstance(items, (gast.List, gast.Tuple)):
        return True
    if isinstance(items, gast.Name):
        return self.kinds.get(items.id) in ("list", "tuple", ARRAY, GIVEN)
    if not isinstance(items, gast.Call):
        return False
    found = static_of(self, items.func)[0]
    if found in (zip, enumerate, reversed):
        return all(_has_positions(self, a) for a in items.args[: 1 if found is enumerate else None])
    return found in (range, list, tuple, itertools.count)


def _beside(self: Lowering, node: gast.For, items: Any, bound: set[str]) -> _Beside:
    if isinstance(items, gast.Dict) or kind_of_atom(self.kinds, items) == "dict":
        advice = "make a list of its items: `list(…)`"
        self.refuse("a `zip` of a generator and a dict", "generator", items, advice)
    if not _has_positions(self, items):
        items = named(self, items, node)
        asked = call(self.unit.registry.symbols.runtime("sequence"), items)
        effect = gast.Expr(value=asked)
        self.code.append(Effect(self.here(), effect, frozenset(names_in(items)), asks=True))
    found, item = iterable_of(self, items, bound), self.flag("item")
    if found.length is not None:
        self.local |= {n for n in names_in(found.length) if n[0] != "@"}
    return _Beside(node, found, item)


def _drawn(beside: list[_Beside], counter: str, rest: list[Any]) -> list[Any]:
    for one in reversed(beside):
        rest = one.draw(counter, rest)
    return rest


def _islice(self: Lowering, node: gast.For, words: dict[str, Any]) -> list[Any]:
    args = node.iter.args
    if len(args) != 2 or words:
        advice = "count in the loop"
        self.refuse("`islice` of a generator, with a start", "generator", node.iter, advice)
    number, item = self.flag("i"), self.flag("item")
    pair = gast.Tuple(elts=[stored(number), stored(item)], ctx=gast.Store())
    zipped = builtin_call("zip", builtin_call("range", args[1]), args[0])
    bind = placed(_set(node.target, name(item)), node.iter)
    loop = gast.For(pair, placed(zipped, node.iter), [bind, *node.body], [], None)
    return [placed(gast.copy_location(loop, node), node)]


def _takewhile(self: Lowering, node: gast.For, words: dict[str, Any]) -> list[Any]:
    test, items = node.iter.args
    item = self.flag("item")
    asked = gast.Call(func=test, args=[name(item)], keywords=[])
    bind = _set(node.target, name(item))
    inside = gast.If(asked, [placed(bind, node.iter), *node.body], [gast.Break()])
    return [_loop(node, item, items, [placed(inside, node.iter)])]


_WRAPPERS: Mapping[Any, Callable[[Lowering, gast.For, dict[str, Any]], list[Any]]] = {
    enumerate: _enumerate,
    zip: _zip,
    itertools.islice: _islice,
    itertools.takewhile: _takewhile,
}
