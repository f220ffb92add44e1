"""Iterators that are handed on: to whoever may go through one twice, it would be a list.

    rates(map(f, x))            # def rates(items): return sum(items) / max(items)
    self.items = zip(x, y)

An iterator is used up where it is made, or under a name (`used_up`); a function of the user's may
get one that reads it in one place, outside of loops, and may return one.
"""

from __future__ import annotations

import functools
import itertools
import math
import sys
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import gast
import numpy as np

from tangent.errors import TangentError
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.objects import in_class
from tangent.passes.units import MISSING

_MAKERS = (map, filter, zip, enumerate, reversed, iter)
_DRAWN = (gast.Starred, gast.For, gast.comprehension, gast.Compare, gast.AugAssign, gast.Expr)
# those that ask for each item, whatever the items are
TO_THE_END = (sum, max, min, list, tuple, sorted, dict, set, math.fsum, math.prod, np.fromiter)
_METHODS = ("extend", "update", "join", "fromkeys", "extendleft", "union", "difference")
_LIBRARIES = ("builtins", "itertools", "collections", "numpy", "scipy", "tangent")
_LOOPS = (
    *(gast.For, gast.While, gast.Lambda, gast.FunctionDef),
    *(gast.ListComp, gast.DictComp, gast.SetComp, gast.GeneratorExp),
)


def makes_iterator(self: Lowering, node: Any) -> bool:
    """Is the value of an expression an iterator, whose items come once?"""
    if isinstance(node, gast.GeneratorExp):
        return True
    found = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    if isinstance(found, type) and found.__module__ == itertools.__name__:
        return True
    if any(found is maker for maker in _MAKERS):
        return True
    if not isinstance(found, FunctionType) or _of_library(found):
        return False
    return _returns_iterator(self, found)


def is_lazy(self: Lowering, node: Any) -> bool:
    """Does it compute its items one by one, where a list of them is written?"""
    if isinstance(node, gast.GeneratorExp):
        return True
    found = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    if found in (zip, enumerate):
        return any(is_lazy(self, a) for a in node.args)
    home = isinstance(found, type) and found.__module__ == itertools.__name__
    return found in (map, filter) or home


def _returns_iterator(self: Lowering, function: FunctionType) -> bool:
    """Does a function say that it returns an iterator?  Its names are those of its module."""
    tree = tree_of(self, function)
    returned = [n.value for n in gast.walk(tree) if isinstance(n, gast.Return)] if tree else []
    return any(_made_by_name(function, value) for value in returned)


def _made_by_name(function: FunctionType, node: Any) -> bool:
    if isinstance(node, gast.GeneratorExp):
        return True
    called = getattr(node.func, "id", None) if isinstance(node, gast.Call) else None
    known = {maker.__name__: maker for maker in _MAKERS}
    return called in known and called not in function.__globals__


def tree_of(self: Lowering, function: FunctionType) -> Any | None:
    try:
        return self.unit.registry.of(function).tree
    except TangentError:
        return None


def refuse_kept(self: Lowering, body: list[Any]) -> None:
    """Refuses iterators that somebody may go through twice."""
    pairs = [pair for node in body for pair in pairs_in(node)]
    made = [n for _, n in pairs if isinstance(n, (gast.Call, gast.GeneratorExp))]
    made = [n for n in made if makes_iterator(self, n)]
    given = [p for p, n in pairs if isinstance(p, gast.Assign) and any(n is m for m in made)]
    named = {getattr(p.targets[0], "id", None) for p in given}
    for parent, node in pairs:
        read = isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load) and node.id in named
        if (read or any(node is m for m in made)) and not _is_drawn(self, parent, node):
            what = "an iterator is handed on, and may be gone through twice"
            self.refuse(what, "iterator", node, "make a list of it: `list(...)`")


def pairs_in(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each node in a node, with what stands around it; methods of classes in it are apart."""
    todo = [(node, child) for child in gast.iter_child_nodes(node)][::-1]
    while todo:
        pair = todo.pop()
        yield pair
        if isinstance(pair[1], gast.ClassDef):
            continue
        todo += [(pair[1], child) for child in gast.iter_child_nodes(pair[1])][::-1]


def _is_drawn(self: Lowering, parent: Any, node: Any) -> bool:
    """Does what stands around an iterator go through it, once?"""
    if isinstance(parent, _DRAWN):
        return True
    if isinstance(parent, gast.Assign):  # of a name, `used_up` knows more
        named = len(parent.targets) == 1 and isinstance(parent.targets[0], gast.Name)
        return named or all(isinstance(t, (gast.Tuple, gast.List)) for t in parent.targets)
    if isinstance(parent, gast.Return):
        return self.unit.registry.root is not self.unit
    if isinstance(parent, gast.keyword):
        return False
    return isinstance(parent, gast.Call) and _draws(self, parent, node)


def is_class_of(self: Lowering, node: Any) -> bool:
    """`type(t)`, which is called: of a list, tuple or set."""
    asked = isinstance(node, gast.Call) and len(node.args) == 1 and not node.keywords
    return asked and static_of(self, node.func)[0] is type


def _draws(self: Lowering, node: gast.Call, given: Any) -> bool:
    """Does the function that is called go through an argument once, at once?"""
    if is_class_of(self, node.func):
        return True
    found = static_of(self, node.func)[0]
    tree, before = own_function(self, node.func), 0
    if tree is None and found is MISSING:
        return getattr(node.func, "attr", "") in _METHODS
    if tree is None and isinstance(found, type) and found.__module__ not in _LIBRARIES:
        found, before = in_class(found, "__init__"), 1
    if tree is None and (not isinstance(found, FunctionType) or _of_library(found)):
        return True
    tree = tree or tree_of(self, found)
    position = before + next(i for i, a in enumerate(node.args) if a is given)
    if tree is None or position >= len(tree.args.args):
        return False
    body = tree.body if isinstance(tree.body, list) else [tree.body]
    return read_once(body, tree.args.args[position].id)


def _of_library(function: Any) -> bool:
    home = str(function.__module__).partition(".")[0]
    return home in _LIBRARIES or home in sys.stdlib_module_names


def own_function(self: Lowering, node: Any) -> Any | None:
    """The text of a function that this one defines."""
    if isinstance(node, gast.Lambda):
        return node
    found = _functions_in(self.unit.tree).get(getattr(node, "id", ""), [])
    return found[0] if len(found) == 1 else None


@functools.lru_cache(maxsize=4)  # it is asked for each name of an iterator
def _functions_in(tree: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in gast.walk(tree):
        if isinstance(node, gast.FunctionDef):
            found.setdefault(node.name, []).append(node)
    return found


def read_once(body: list[Any], identifier: str) -> bool:
    """Is a name read in one place of a body, outside of loops, and never bound in it?"""
    inside = [n for s in body for n in gast.walk(s) if getattr(n, "id", None) == identifier]
    if len(inside) != 1:
        return False
    looped = [n for s in body for n in gast.walk(s) if isinstance(n, _LOOPS)]
    again = [n for one in looped for n in _again(one)]
    return all(inside[0] is not n for n in again)


def _again(loop: Any) -> Iterator[Any]:
    """What a loop evaluates in each iteration."""
    first = [loop.iter] if isinstance(loop, gast.For) else []
    if hasattr(loop, "generators"):
        first = [loop.generators[0].iter]
    once = {id(n) for one in first for n in gast.walk(one)}
    return (n for n in gast.walk(loop) if id(n) not in once)
