"""Iterators under a name that are asked for one item after the other.

    it = iter(x)                    items = list(x)
    first = next(it)                at = 0
    for v in it:            ->      if at >= len(items):
        …                               raise StopIteration
                                    first = items[at]
                                    at = at + 1
                                    while at < len(items):
                                        v = items[at]
                                        …

A generator that is gone through once, behind the statement that makes it, keeps what it was given
until then.  `next` of one that is made on the spot is a loop that ends with its first item.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.jumps import settled
from tangent.passes.kinds import kind_of_atom, may_be_set
from tangent.passes.lowering import Lowering, atom_value, static_of
from tangent.passes.steps import is_view
from tangent.passes.templates import builtin_call, placed
from tangent.syntax.program import Effect, Value
from tangent.syntax.trees import call, literal, name, names_in, quote, rebuild, stored


@dataclass(frozen=True)
class Stepped:
    """The names of the items and of the number of those that are drawn; of `itertools.count`,
    `items` is the first item, and there is a step.
    """

    items: str
    at: str
    step: str | None = None

    def rest(self) -> Any:
        """Is there a further item?"""
        if self.step is not None:
            return literal(True)
        return quote("at < len(items)", at=name(self.at), items=name(self.items), len=_LEN)

    def draw(self, target: Any) -> list[Any]:
        """The next item, which is there."""
        values = {"items": name(self.items), "at": name(self.at)}
        if self.step is not None:
            item = quote("items + at * step", step=name(self.step), **values)
        else:
            item = quote("items[at]", **values)
        return [_set(target, item), _set(stored(self.at), quote("n + 1", n=name(self.at)))]


_LEN = name("@builtin:len")


def _set(target: Any, value: Any) -> Any:
    return gast.Assign(targets=[target], value=value, type_comment=None)


def note_stepped(self: Lowering, own: str, made: Any) -> None:
    """From here on a name stands for such an iterator."""
    step = self.flag(f"{own}_step") if _called(self, made) is itertools.count else None
    self.iterators[own] = Stepped(self.flag(f"{own}_items"), self.flag(f"{own}_at"), step)


def step_through(self: Lowering, node: gast.Assign) -> None:
    """`it = iter(x)` of a name that is noted."""
    known = self.iterators[node.targets[0].id]
    made = node.value
    if known.step is None:
        begin = [_set(stored(known.items), _items(self, made))]
    else:
        given = dict(zip(("start", "step"), made.args, strict=False))
        given |= {k.arg: k.value for k in made.keywords}
        begin = [
            _set(stored(known.items), given.get("start", literal(0))),
            _set(stored(known.step), given.get("step", literal(1))),
        ]
    self.lower([placed(s, node) for s in (*begin, _set(stored(known.at), literal(0)))])


def _items(self: Lowering, made: Any) -> Any:
    """What has the items: of `iter(x)` this is `x`, which others may change, asked whether it has
    them by position; else a list.
    """
    if _called(self, made) is not iter:
        return builtin_call("list", made)
    items = made.args[0]
    if is_view(items) or may_be_set(items) or isinstance(items, (gast.Dict, gast.Set)):
        return builtin_call("list", items)
    one = self.atom(items)
    if kind_of_atom(self.kinds, one) in ("dict", "set"):
        return builtin_call("list", items)
    asked = call(self.unit.registry.symbols.runtime("sequence"), one)
    effect = gast.Expr(value=asked)
    self.code.append(Effect(self.here(), effect, frozenset(names_in(one)), asks=True))
    self.local.update(n for n in names_in(one) if n[0] != "@")
    return one


def _called(self: Lowering, made: Any) -> Any:
    return static_of(self, made.func)[0] if isinstance(made, gast.Call) else None


def asked_first(self: Lowering, node: gast.Try) -> gast.If | None:
    """`try: v = next(it)`, `except StopIteration: …`, as an `if` that asks for a further item."""
    match node:
        case gast.Try(
            body=[gast.Assign(targets=[target], value=gast.Call(func=called, args=[source]))],
            handlers=[gast.ExceptHandler(type=kind, name=None, body=instead)],
            finalbody=[],
        ):
            known = self.iterators.get(getattr(source, "id", ""))
            stops = kind is not None and static_of(self, kind)[0] is StopIteration
            if known is not None and stops and static_of(self, called)[0] is next:
                drawn = [placed(s, node.body[0]) for s in known.draw(target)]
                asked = gast.If(known.rest(), [*drawn, *node.orelse], instead)
                return placed(gast.copy_location(asked, node), node)
    return None


def over_stepped(self: Lowering, node: gast.For) -> bool:
    """A loop over what is left of such an iterator."""
    known = self.iterators.get(getattr(node.iter, "id", ""))
    if known is None:
        return False
    start = [placed(s, node.iter) for s in known.draw(node.target)]
    loop = gast.While(known.rest(), [*start, *node.body], [])
    self.lower([placed(gast.copy_location(loop, node), node)])
    return True


def lower_next(self: Lowering, node: gast.Call) -> Value | None:
    """`next(it)`; None for what has a `__next__` of its own."""
    source, result = node.args[0], self.flag("item")
    default = [self.atom(a) for a in node.args[1:]]
    self.local.update(d.id for d in default if isinstance(d, gast.Name) and d.id[0] != "@")
    end: list[Any] = [_set(stored(result), d) for d in default] or [_stop()]
    known = self.iterators.get(getattr(source, "id", ""))
    if known is not None:
        rest: list[Any] = [gast.If(known.rest(), known.draw(stored(result)), end)]
    elif (loop := _first_of(self, source, result)) is not None:
        rest = [*end, loop] if default else _found(self, loop, end)
    else:
        return None
    self.lower(settled([placed(s, node) for s in rest], self.flag))
    return atom_value(name(result))


def _stop() -> Any:
    return gast.Raise(exc=name("@builtin:StopIteration"), cause=None)


def _found(self: Lowering, loop: gast.For, end: list[Any]) -> list[Any]:
    """The loop, and `end` behind it if there was no item."""
    found = self.flag("found")
    inside: Any = next(n for n in ast.walk(loop) if gast.Break in map(type, getattr(n, "body", ())))
    inside.body.insert(0, _set(stored(found), literal(True)))
    asked = gast.If(gast.UnaryOp(gast.Not(), name(found)), end, [])
    return [_set(stored(found), literal(False)), loop, asked]


def _first_of(self: Lowering, source: Any, result: str) -> Any | None:
    """A loop that ends with the first item of an iterator, which is made here."""
    if isinstance(source, gast.GeneratorExp) and len(source.generators) == 1:
        source = rebuild(source, _apart(self, source.generators[0].target))
        part = source.generators[0]
        body = [_set(stored(result), source.elt), gast.Break()]
        for condition in reversed(part.ifs):
            body = [gast.If(condition, body, [])]
        return gast.For(part.target, part.iter, body, [], None)
    kept = getattr(source, "id", "") in self.drawn
    if not kept and not isinstance(source, (gast.Call, gast.GeneratorExp)):
        return None
    item = self.flag("item")
    return gast.For(
        stored(item), source, [_set(stored(result), name(item)), gast.Break()], [], None
    )


def _apart(self: Lowering, target: Any) -> Any:
    """Gives the variables of a comprehension names of their own."""
    own = {n.id: self.flag(n.id) for n in gast.walk(target) if isinstance(n, gast.Name)}

    def change(node: Any) -> Any | None:
        if isinstance(node, gast.Name) and node.id in own:
            return gast.copy_location(gast.Name(own[node.id], node.ctx, None, None), node)
        return None

    return change
