"""Functions that call themselves and change a list or dict that they are given, or that their
object holds: they change one of their own, which is put back at the end.

    def f(n, x, memo):                  def f(n, x, memo):
        if n not in memo:                   memo_2 = {**memo}
            memo[n] = x * f(n - 1, x,       def f_2(n, x):
                            memo)     ->        if n not in memo_2:
        return memo[n]                              memo_2[n] = x * f_2(n - 1, x)
                                                return memo_2[n]
                                            value = f_2(n, x)
                                            memo.update(memo_2.copy())
                                            return value

The inner one is a nested function that carries what it changes (`passes.carrying`); the outer one
does not call itself, so that it can be written into its callers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.carriers import mutates
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.objects import Object, in_class
from tangent.passes.templates import placed
from tangent.passes.units import named_defaults
from tangent.syntax.trees import (
    call,
    is_literal,
    method_call,
    name,
    quote,
    rebuild,
    replaced,
    same,
    stored,
    walk,
)

_OF_DICTS = ("get", "items", "keys", "values", "update", "setdefault")
_OF_LISTS = ("append", "extend")
_INNER = (gast.FunctionDef, gast.Lambda, gast.ClassDef, gast.Yield, gast.YieldFrom)
_EMPTY = ("{}", "[]", "dict()", "list()")


@dataclass(frozen=True)
class _Own:
    """A container that such a function changes: where it is, and what stands for it inside."""

    outer: Any
    inner: str
    kind: str


def with_own_containers(self: Lowering, tree: Any) -> Any:
    """The function, where it changes what it is given and calls itself; else `tree` itself."""
    plain = tree.args.vararg is None and tree.args.kwarg is None and not tree.decorator_list
    body = [s for s in tree.body if not _is_text(s)]
    if (
        not plain
        or not _calls(self, tree)
        or any(isinstance(n, _INNER) for s in body for n in walk(s))
    ):
        return tree
    start = [s for s in body if _is_default(s)]
    rest = body[len(start) :]
    if body[: len(start)] != start:
        return tree
    first = _first(self)
    places = (
        _attributes(self, tree, rest) if first is not None else list(map(name, _parameters(tree)))
    )
    made = [_given(self, tree, c) for c in _calls(self, tree)]
    own = [one for p in places if (one := _changed(self, p, rest)) is not None]
    if not own or not all(_is_passed_on(self, tree, one, c) for one in own for c in made):
        return tree
    if first is None and {s.test.left.id for s in start} - {o.outer.id for o in own}:
        return tree
    return _written(self, tree, start, rest, own)


def _is_text(statement: Any) -> bool:
    return isinstance(statement, gast.Expr) and isinstance(statement.value, gast.Constant)


def _is_default(statement: Any) -> bool:
    """`if memo is None: memo = {}`"""
    match statement:
        case gast.If(
            test=gast.Compare(
                left=gast.Name(id=one),
                ops=[gast.Is()],
                comparators=[gast.Constant(value=None)],
            ),
            body=[gast.Assign(targets=[gast.Name(id=other)], value=value)],
            orelse=[],
        ):
            return one == other and any(same(value, quote(e)) for e in _EMPTY)
    return False


def _parameters(tree: Any) -> list[str]:
    return [a.id for a in (*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs)]


# ---------------------------------------------------------------- who calls itself


def _first(self: Lowering) -> str | None:
    """The parameter that holds the object, of a method."""
    first = self.unit.parameters[:1]
    known = self.unit.types.get(first[0]) if first else None
    if not isinstance(known, Object):
        return None
    is_method = in_class(known.cls, self.unit.tree.name) is self.unit.function
    return first[0] if is_method else None


def _calls(self: Lowering, tree: Any) -> list[Any]:
    """The calls of the function itself."""
    return [n for n in walk(tree) if isinstance(n, gast.Call) and _is_itself(self, n.func)]


def _is_itself(self: Lowering, node: Any) -> bool:
    first = _first(self)
    if first is not None:
        match node:
            case gast.Attribute(value=gast.Name(id=base), attr=word):
                return bool(base == first) and bool(word == self.unit.tree.name)
            case gast.Name(id=base):
                return bool(base == first) and self.unit.tree.name == "__call__"
        return False
    named = isinstance(node, gast.Name) and node.id == self.unit.tree.name
    return named and static_of(self, node)[0] is self.unit.function


def _attributes(self: Lowering, tree: Any, body: list[Any]) -> list[Any]:
    """The attributes that the object itself holds, if nothing else is done with it."""
    first, cls = _first(self), self.unit.types[self.unit.parameters[0]].cls
    nodes = [n for s in body for n in walk(s)]
    calls = {id(c.func) for c in _calls(self, tree)}
    named = (n for n in nodes if isinstance(n, gast.Name) and n.id == first)
    names = {id(n) for n in named if id(n) not in calls}
    read = [n for n in nodes if isinstance(n, gast.Attribute) and id(n.value) in names]
    plain = [n for n in read if id(n) not in calls]
    held = all(isinstance(n.ctx, gast.Load) and in_class(cls, n.attr) is None for n in plain)
    if len(read) != len(names) or not held:
        return []
    return [next(n for n in plain if n.attr == a) for a in dict.fromkeys(n.attr for n in plain)]


# ---------------------------------------------------------------- what it changes


def _changed(self: Lowering, outer: Any, body: list[Any]) -> _Own | None:
    """A list or dict that it changes, if it is surely one of the two and is handed to nobody."""
    wish = outer.id if isinstance(outer, gast.Name) else outer.attr
    inside = [rebuild(s, _instead({wish: outer}, {wish: wish})) for s in body]
    nodes = [n for s in inside for n in walk(s)]
    if not any(mutates(n, wish) for n in nodes):
        return None
    asked = {n.attr for n in nodes if _is_of(n, wish)}
    stored_to = any(isinstance(n, gast.Subscript) and mutates(n, wish) for n in nodes)
    keyed = any(isinstance(n, gast.Compare) and _asks(n, wish) for n in nodes)
    given = [n.value for n in nodes if isinstance(n, gast.Return)]
    if any(getattr(n, "id", "") == wish for g in given for n in ([g, *getattr(g, "elts", [])])):
        return None
    if asked <= set(_OF_LISTS) and asked and not keyed and not stored_to:
        return _Own(outer, self.flag(wish), "list")
    if asked <= set(_OF_DICTS) and (asked or keyed) and not _deletes(nodes):
        return _Own(outer, self.flag(wish), "dict")
    return None


def _is_of(node: Any, one: str) -> bool:
    return isinstance(node, gast.Attribute) and getattr(node.value, "id", "") == one


def _asks(node: Any, one: str) -> bool:
    words = isinstance(node.ops[0], (gast.In, gast.NotIn))
    return words and getattr(node.comparators[0], "id", "") == one


def _deletes(nodes: list[Any]) -> bool:
    return any(isinstance(n, gast.Delete) for n in nodes)


def _is_passed_on(self: Lowering, tree: Any, own: _Own, given: dict[str, Any] | None) -> bool:
    """Does the function pass to itself what it was given?"""
    if given is None or isinstance(own.outer, gast.Attribute):
        return given is not None
    return same(given[own.outer.id], own.outer)


def _given(self: Lowering, tree: Any, made: gast.Call) -> dict[str, Any] | None:
    """What a call of the function itself gives to each parameter, in their order; None where this
    is not plain.
    """
    order = [p for p in _parameters(tree) if p != _first(self)]
    if any(isinstance(a, gast.Starred) for a in made.args) or len(made.args) > len(order):
        return None
    given = dict(zip(order, made.args, strict=False))
    words = [k.arg for k in made.keywords]
    if words != [p for p in order if p in words] or given.keys() & set(words):
        return None
    given |= {k.arg: k.value for k in made.keywords}
    defaults = dict(named_defaults(tree))
    given |= {p: defaults[p] for p in order if p not in given and is_literal(defaults.get(p))}
    return {p: given[p] for p in order} if given.keys() == set(order) else None


# ---------------------------------------------------------------- as it is written


def _instead(outer: dict[str, Any], names: dict[str, str]) -> Callable[[Any], Any | None]:
    """Each place in `outer` by the name in `names`."""

    def change(node: Any) -> Any | None:
        for key, place in outer.items():
            if type(node) is type(place) and same(node, place):
                return gast.copy_location(gast.Name(names[key], node.ctx, None, None), node)
        return None

    return change


def _place(body: list[Any]) -> Any | None:
    """The last statement that stands on one line: it is shown for what is added here."""
    nodes = [n for s in body for n in walk(s) if isinstance(n, gast.stmt)]
    lines = [n for n in nodes if n.lineno == n.end_lineno]
    return max(lines, key=lambda n: n.lineno, default=None)


def _written(self: Lowering, tree: Any, start: list[Any], rest: list[Any], own: list[_Own]) -> Any:
    place = _place(rest)
    if place is None:
        return tree
    inner, one = self.flag(tree.name.strip("_")), self.flag("value")
    passed = {o.outer.id for o in own if isinstance(o.outer, gast.Name)} | {_first(self)}
    places = {o.inner: o.outer for o in own}
    change = _instead(places, {i: i for i in places})

    left = [p for p in _parameters(tree) if p not in passed]

    def inside(node: Any) -> Any | None:
        if not isinstance(node, gast.Call) or not _is_itself(self, node.func):
            return change(node)
        given = _given(self, tree, node) or {}
        again = [rebuild(given[p], inside) for p in left]
        return gast.copy_location(gast.Call(name(inner), again, []), node)

    body = [rebuild(s, inside) for s in rest]
    step = gast.FunctionDef(inner, _signature(left), body, [], None, None, [])
    value = gast.Assign([stored(one)], call(inner, *map(name, left)), None)
    apart = self.unit.registry.symbols.runtime("separate_itself")
    others = {p: name(p) for p in left}
    asked = [gast.Expr(call(apart, **{o.inner: o.outer}, **others)) for o in own if others]
    taken = [gast.Assign([stored(o.inner)], _all_of(o), None) for o in own]
    back = [_put_back(self, o) for o in own]
    code = [*start, *asked, *taken, step, value, *back, gast.Return(name(one))]
    return replaced(tree, body=[placed(s, place) for s in code])


def _signature(parameters: list[str]) -> Any:
    args = [gast.Name(p, gast.Param(), None, None) for p in parameters]
    return gast.arguments(args, [], None, [], [], None, [])


def _all_of(own: _Own) -> Any:
    if own.kind == "list":
        return gast.List([gast.Starred(own.outer, gast.Load())], gast.Load())
    return gast.Dict([None], [own.outer])


def _put_back(self: Lowering, own: _Own) -> Any:
    if own.kind == "dict":
        return gast.Expr(method_call(own.outer, "update", method_call(name(own.inner), "copy")))
    item = self.flag("item")
    more = quote("new[len(old) :]", new=name(own.inner), old=own.outer)
    append = gast.Expr(method_call(own.outer, "append", name(item)))
    return gast.For(stored(item), more, [append], [], None)
