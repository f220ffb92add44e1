"""Which names are iterators that are asked for their items one by one, by `next` and by loops.

What Python computes later is listed when it is made.  So nothing may be written behind that, there
is an end to the items, and to compute one does nothing else.  What has items by position is asked
for them one by one.  In a `try` the item is drawn last: no
exception comes behind it.
"""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import gast
import numpy as np

from tangent.passes.iterators_kept import makes_iterator, own_function, pairs_in, tree_of
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.units import MISSING
from tangent.passes.yielding import YIELDS, yields_of
from tangent.rules.language import of_library
from tangent.syntax.scopes import inner_names, outer_names
from tangent.syntax.trees import names_in

_WITHOUT_END = (itertools.count, itertools.cycle, itertools.repeat, iter)
_DRAWING = (
    *(next, list, tuple, sum, min, max, sorted, set, dict, zip, enumerate, math.fsum, math.prod),
    *(itertools.islice, itertools.takewhile, np.fromiter),
)


@dataclass(frozen=True)
class Uses:
    """Where the names of a body are read and bound: each place with what stands around it."""

    reads: dict[str, list[tuple[Any, Any]]]
    stores: dict[str, list[tuple[Any, Any]]]
    inner: frozenset[str]  # names in functions in it

    @staticmethod
    def of(body: list[Any]) -> Uses:
        found: tuple[Any, Any] = {}, {}
        inner: set[str] = set()
        for parent, node in (pair for s in body for pair in pairs_in(s)):
            if isinstance(node, gast.Name):
                table = found[not isinstance(node.ctx, gast.Load)]
                table.setdefault(node.id, []).append((parent, node))
        for node in (n for s in body for n in gast.walk(s)):
            if isinstance(node, (gast.FunctionDef, gast.Lambda)):
                inner |= names_in(node)
        return Uses(*found, frozenset(inner))


def steps_through(self: Lowering, body: list[Any], node: gast.Assign, uses: Uses) -> bool:
    """Does a name stand for an iterator that is drawn from in several places, each of which is
    understood?
    """
    own = node.targets[0].id
    reads = uses.reads[own]
    if any(p is not node for p, _ in uses.stores[own]) or not goes_through(self, uses, own):
        return False
    by_hand = isinstance(node.value, gast.Call) and static_of(self, node.value.func)[0] is iter
    if not (by_hand or len(reads) > 1 or _is_next(self, reads[0][0])):
        return False
    if not _has_end(self, node.value):
        return False
    if not all(_drawn_last(self, n, own) for n in _trys(body)):
        return False
    return (by_hand and not is_view(node.value.args[0])) or _quiet(self, body, node, uses)


def goes_through(self: Lowering, uses: Uses, own: str) -> bool:
    """Is a name read where something draws from it?"""
    return own not in uses.inner and all(draws(self, p, n) for p, n in uses.reads[own])


def _is(node: Any, own: str, context: type) -> bool:
    return isinstance(node, gast.Name) and node.id == own and isinstance(node.ctx, context)


def _is_next(self: Lowering, node: Any) -> bool:
    return isinstance(node, gast.Call) and static_of(self, node.func)[0] is next


def draws(self: Lowering, parent: Any, node: Any) -> bool:
    """Does what stands around an iterator draw from it, and nothing else?"""
    if isinstance(parent, (gast.For, gast.comprehension)):
        return bool(parent.iter is node)
    if isinstance(parent, gast.Assign):
        return len(parent.targets) == 1 and isinstance(parent.targets[0], gast.Tuple)
    if not isinstance(parent, gast.Call) or node not in parent.args:
        return False
    found = static_of(self, parent.func)[0]
    others = sum(_is(a, node.id, gast.Load) for a in parent.args)
    return others == 1 and any(found is one for one in _DRAWING)


def _has_end(self: Lowering, made: Any) -> bool:
    """Is it made by what ends, as one sees?  (Of `count` each item is known without the others.)"""
    if isinstance(made, gast.GeneratorExp):
        return not any(_endless(self, n) for n in gast.walk(made))
    found = static_of(self, made.func)[0]
    if found is itertools.count:
        return len(made.args) + len(made.keywords) < 3
    if found is iter:
        return len(made.args) == 1
    if makes_iterator(self, made):
        return not any(_endless(self, n) for n in gast.walk(made))
    tree = own_function(self, made.func)
    if tree is None and isinstance(found, FunctionType) and inspect.isgeneratorfunction(found):
        tree = tree_of(self, found)
    if not isinstance(tree, gast.FunctionDef) or not any(yields_of(tree)):
        return False
    own = any(self.is_local(n.id) or n.id in self.functions for n in outer_names(tree))
    nodes = [n for s in tree.body for n in gast.walk(s)]
    shown = {i for n in nodes if isinstance(n, YIELDS) for i in _shown(n.value)}
    return not own and not any(_acts(n) or _updates(n, shown) for n in nodes)


def _shown(node: Any) -> set[str]:
    """The names whose very values an item holds, which a later update would change."""
    if isinstance(node, gast.Name):
        return {node.id}
    if isinstance(node, (gast.Tuple, gast.List, gast.Subscript, gast.Attribute)):
        return set().union(*map(_shown, gast.iter_child_nodes(node)))
    return set()


def _updates(node: Any, shown: set[str]) -> bool:
    counts = isinstance(node, gast.AugAssign) and isinstance(node.value, gast.Constant)
    return isinstance(node, gast.AugAssign) and not counts and bool(names_in(node.target) & shown)


def _endless(self: Lowering, node: Any) -> bool:
    found = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    return any(found is one for one in _WITHOUT_END)


_ACTS = (gast.While, gast.Raise, gast.Assert, gast.Nonlocal, gast.Global)


def _acts(node: Any) -> bool:
    """Might an item that is never asked for do something else than to be computed?"""
    match node:
        case gast.Expr(value=value):
            return not isinstance(value, (*YIELDS, gast.Constant))
        case gast.Subscript(ctx=context) | gast.Attribute(ctx=context):
            return not isinstance(context, gast.Load)
        case gast.Name(id=word) | gast.Attribute(attr=word):
            return any(word == one.__name__ for one in _WITHOUT_END)
    return isinstance(node, _ACTS)


def _trys(body: list[Any]) -> Iterator[Any]:
    return (n for s in body for n in gast.walk(s) if isinstance(n, gast.Try))


def _drawn_last(self: Lowering, node: gast.Try, own: str) -> bool:
    """Is the iterator drawn from under a `try` in its last statement alone?"""
    reads = sum(_is(n, own, gast.Load) for s in node.body for n in gast.walk(s))
    last = node.body[-1]
    if not reads:
        return True
    return reads == 1 and isinstance(last, (gast.Assign, gast.Expr)) and _is_next(self, last.value)


def is_view(node: Any) -> bool:
    """`d.items()` and its kin."""
    word = getattr(node.func, "attr", "") if isinstance(node, gast.Call) else ""
    return word in ("items", "values", "keys")


def _quiet(self: Lowering, body: list[Any], node: gast.Assign, uses: Uses) -> bool:
    """Is nothing written behind a statement, and no name bound anew that its value may read?"""
    read = names_in(node.value) | uses.inner
    inside = [n for s in _behind(body, node) for n in gast.walk(s)]
    return not any(writes(self, n, read) for n in inside)


def writes_in(self: Lowering, body: list[Any]) -> bool:
    """May a body change what others see?  What is added up under a name is its own."""
    inside = (n for s in body for n in gast.walk(s))
    plain = (n for n in inside if not isinstance(getattr(n, "target", None), gast.Name))
    return any(writes(self, n, set()) for n in plain)


def writes(self: Lowering, node: Any, read: set[str]) -> bool:
    """May a piece of text change memory, or bind one of these names anew?"""
    match node:
        case gast.Name(id=one, ctx=gast.Store() | gast.Del()):
            return one in read
        case gast.Subscript(ctx=context) | gast.Attribute(ctx=context):
            return not isinstance(context, gast.Load)
        case gast.AugAssign() | gast.keyword(arg="out"):
            return True
        case gast.Expr(value=value):
            return not isinstance(value, gast.Constant) and not _is_next(self, value)
        case gast.Call(func=function):
            found = static_of(self, function)[0]
            if found is MISSING:
                word = getattr(function, "attr", "")
                return not hasattr(np.ndarray, word) or word in _IN_PLACE
            return isinstance(found, FunctionType) and not of_library(found)
    return False


_IN_PLACE = ("sort", "fill", "put", "partition", "resize", "itemset", "byteswap", "setfield")


def _behind(body: list[Any], node: gast.Assign) -> list[Any]:
    """What runs behind a statement; all of a loop around it does."""
    loops = [n for s in body for n in gast.walk(s) if isinstance(n, (gast.For, gast.While))]
    around = [s for n in loops if any(p is node for p in gast.walk(n)) for s in n.body]
    flat = [n for s in body for n in gast.walk(s) if isinstance(n, gast.stmt)]
    later = [n for n in flat if (n.lineno, n.col_offset) > (node.lineno, node.col_offset)]
    return [s for s in (*around, *later) if s is not node]


def changed_in(iterator: Any, body: list[Any]) -> bool:
    """May a body change what the text of an iterator reads?"""
    own, inner = inner_names([iterator]), inner_names(body)
    names = (n for n in gast.walk(iterator) if isinstance(n, gast.Name) and id(n) not in own)
    read = {n.id for n in names}
    return any(read & _changed(n) for s in body for n in gast.walk(s) if id(n) not in inner)


def _changed(node: Any) -> set[str]:
    """The names that a piece of text binds anew, or whose value it may write into."""
    match node:
        case gast.Name(id=one, ctx=gast.Store() | gast.Del()):
            return {one}
        case gast.Subscript(value=value, ctx=gast.Store() | gast.Del()):
            return names_in(value)
        case gast.Attribute(value=value, ctx=gast.Store() | gast.Del()):
            return names_in(value)
        case gast.Expr(value=gast.Call() as call):
            return names_in(call)
    return set()
