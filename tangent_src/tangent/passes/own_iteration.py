"""Objects that are gone through by what their classes say.

    class Powers:                       while True:
        def __iter__(self):                 if powers.n == 0:
            return self                         break
                                            powers.n -= 1
        def __next__(self):     ->          v = powers.x ** powers.n
            if self.n == 0:                 …
                raise StopIteration
            self.n -= 1
            return self.x ** self.n

`__next__` is a generator that yields what it returns; a class with `__getitem__` alone is asked for
the positions from 0 on, until there is an `IndexError`.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from types import FunctionType
from typing import Any

import gast

from tangent.passes.attempts import attempted
from tangent.passes.construction import is_made
from tangent.passes.jumps import settled
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.members import known_object
from tangent.passes.objects import in_class
from tangent.passes.templates import placed
from tangent.passes.units import Unit
from tangent.syntax.trees import copied, literal, name, quote, stored


def goes_itself(self: Lowering, node: Any) -> bool:
    """Is it an object that says what its items are, but not by a generator?"""
    cls = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    if isinstance(node, (gast.Name, gast.Attribute)):
        known = known_object(self, node)
        cls = known[0].cls if known is not None and known[0].fields is None else None
    if not isinstance(cls, type) or not is_made(cls) or issubclass(cls, tuple):
        return False
    way = in_class(cls, "__iter__")
    if way is None:
        return isinstance(in_class(cls, "__getitem__"), FunctionType)
    return isinstance(way, FunctionType) and not inspect.isgeneratorfunction(way)


def is_its_own(self: Lowering, cls: type) -> bool:
    """Does `__iter__` return the object, and do nothing else?"""
    tree = self.unit.registry.of(in_class(cls, "__iter__")).tree
    match tree.body:
        case [gast.Return(value=gast.Name(id=one))]:
            return bool(tree.args.args) and one == tree.args.args[0].id
    return False


def shows_items(self: Lowering, cls: type) -> bool:
    """Does `__iter__` return `iter(…)` of what has the items, and not what computes them later?"""
    tree = self.unit.registry.of(in_class(cls, "__iter__")).tree
    returned = [n.value for n in gast.walk(tree) if isinstance(n, gast.Return)]
    called = [n.func if isinstance(n, gast.Call) else None for n in returned]
    plain = [n.args[0] for n in returned if isinstance(n, gast.Call) and len(n.args) == 1]
    held = all(isinstance(n, (gast.Name, gast.Attribute)) for n in plain)
    return held and all(getattr(f, "id", "") == "iter" for f in called)


def by_position(self: Lowering, node: gast.For, base: Any) -> list[Any]:
    """The loop that asks an object for the items at 0, 1, …"""
    at = self.flag("i")
    item = gast.Subscript(value=base, slice=name(at), ctx=gast.Load())
    draw = gast.Assign([node.target], item, None)
    end = gast.ExceptHandler(name("@builtin:IndexError"), None, [gast.Break()])
    tried = gast.Try([placed(draw, node.iter)], [end], [], [])
    more = gast.Assign([stored(at)], quote("i + 1", i=name(at)), None)
    loop = gast.While(literal(True), [tried, more, *node.body], [])
    begin = gast.Assign([stored(at)], literal(0), None)
    body = [placed(gast.copy_location(s, node), node) for s in (begin, loop)]
    return settled(attempted(self, body), self.flag)


def as_generator(self: Lowering, unit: Unit, place: Any) -> Unit:
    """`__next__` as a generator."""
    body = _yielding(self, [copied(s) for s in unit.tree.body], place)
    loop = gast.copy_location(gast.While(literal(True), body, []), unit.tree)
    tree = copied(unit.tree)
    tree.body = [placed(loop, unit.tree)]
    return replace(unit, tree=tree)


def _yielding(self: Lowering, body: list[Any], place: Any) -> list[Any]:
    """A block in which `return` yields, and the end of the items is a `return`."""
    code: list[Any] = []
    for node in body:
        match node:
            case gast.Return(value=value):
                given = gast.Expr(gast.Yield(value if value is not None else literal(None)))
                made = [given, gast.Continue()]
            case gast.Raise(exc=error) if _stops(error):
                made = [gast.Return(None)]
            case gast.If():
                node.body = _yielding(self, node.body, place)
                node.orelse = _yielding(self, node.orelse, place)
                made = [node]
            case _:
                if any(isinstance(n, (gast.Return, gast.Raise)) for n in gast.walk(node)):
                    advice = "write `__iter__` as a generator"
                    what = "a `__next__` that returns in a loop, or under a `try`"
                    self.refuse(what, "iteration", place, advice)
                made = [node]
        code += [placed(s, node) for s in made]
    return code


def _stops(error: Any) -> bool:
    error = error.func if isinstance(error, gast.Call) else error
    return isinstance(error, gast.Name) and error.id == "StopIteration"
