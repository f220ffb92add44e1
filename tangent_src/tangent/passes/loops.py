"""`for` loops -> loops over an index, with the user's header kept as `sugar`.

    for k, (x, y) in enumerate(zip(xs, ys)):     ->     for k in range(min(len(xs), len(ys))):
                                                            x = xs[k]
                                                            y = ys[k]

A backward sweep runs `reversed(range(…))`, which is right for every step and for no iteration at
all, and pairs the items as the forward sweep did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.expressions import atom
from tangent.passes.functions import function_of
from tangent.passes.inert import inert
from tangent.passes.jumps import jumps_of
from tangent.passes.kinds import joined_kinds, kept_in_loop
from tangent.passes.known import Table, Unclear
from tangent.passes.lowering import Lowering, atom_value, static_of
from tangent.passes.patterns import bind
from tangent.passes.templates import named
from tangent.passes.units import MISSING
from tangent.syntax.program import (
    Assign,
    Copy,
    Display,
    Effect,
    For,
    If,
    Item,
    Plain,
    Statement,
    Unpack,
    While,
    assigned,
)
from tangent.syntax.trees import call, is_literal, item, literal, name, names_in, quote, stored

Element = Callable[[Any], Any]  # index expression -> a value's expression


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


def lower_for(self: Lowering, node: gast.For) -> None:
    if _over_functions(self, node):
        return
    origin = self.here()
    iterable = _iterable(self, _unzipped(self, node), _rebound(node))
    direct = isinstance(node.target, gast.Name) and iterable.range_ is not None
    user_index = _user_index(node) if not direct else None
    written = {
        n.id
        for s in node.body
        for n in gast.walk(s)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    }
    if direct and node.target.id not in written | self.escaping:
        index, sugar = node.target.id, None
        header = iterable.range_
        items: tuple[Statement, ...] = ()
    else:
        usable = user_index is not None and user_index not in written | self.escaping
        index = user_index if usable and user_index else self.names.fresh(_free_index(self))
        header = iterable.range_ if direct else call("@builtin:range", iterable.length)
        sugar = (node.target, iterable.header)
        skip = index if usable else None

        def write() -> None:
            if direct:  # the index runs through the range itself, not through its positions
                itself = Plain(name(index), frozenset({index}), scalar=True)
                self.emit(node.target.id, itself)
            else:
                _bind_items(self, node.target, iterable, index, skip)

        items = self.block(write)
    count = self.flag("count") if jumps_of(node.body, (gast.Break,)) else None
    body = _body(self, node.body, count, node.target)
    simple = iterable.simple if isinstance(node.target, gast.Name) else None
    self.code.append(
        For(origin, index, header, items, body, sugar, _distinct(header), simple, count)
    )
    self.current = origin


def lower_while(self: Lowering, node: gast.While) -> None:
    """`while test`; a test that is more than an expression to be asked again is computed at the
    start of each iteration: `while True: c = …; if c: … else: break`.
    """
    origin = self.here()
    test = inert(self, node.test)
    if test is None:
        leave = gast.copy_location(gast.Break(), node)
        inside: list[Any] = [gast.If(test=node.test, body=node.body, orelse=[leave])]
        inside = [gast.copy_location(inside[0], node)]
        test = literal(True)
    else:
        inside = node.body
    count = self.flag("count")
    body = _body(self, inside, count)
    asked = Plain(test, frozenset(names_in(test)), scalar=True)
    header = call("@builtin:range", name(count))
    self.code.append(While(origin, f"{count}%", header, (), body, count=count, test=asked))
    self.current = origin


def _body(
    self: Lowering, nodes: list[Any], count: str | None, target: Any = None
) -> tuple[Statement, ...]:
    """The body of a loop; one that may end early starts `count` in front, and counts.

    Of the kinds of names it knows those that hold in each iteration.
    """
    before = dict(self.kinds)
    self.kinds = kept_in_loop(self.kinds, nodes, *([target] if target is not None else []))
    made = _counted(self, nodes, count, target)
    self.kinds = joined_kinds(before, self.kinds)
    return made


def _counted(
    self: Lowering, nodes: list[Any], count: str | None, target: Any
) -> tuple[Statement, ...]:
    start: tuple[Statement, ...] = ()
    if count is not None:
        self.emit(count, Plain(literal(0), frozenset(), scalar=True))
        more = Plain(quote("n + 1", n=name(count)), frozenset({count}), scalar=True)
        start = (Assign(self.here(), count, more),)
    items = _bound_in([target] if target is not None else [])
    bound = Counter(items + _bound_in(nodes))
    before = bound.keys() & self.functions.keys()
    self.functions.update({n: Unclear("a loop") for n in before})
    for item_ in items:  # a value here, whatever it is without an iteration
        self.functions.pop(item_, None)
    body = self.block(lambda: self.lower(nodes))
    twice = {n for n, times in bound.items() if times > 1} & self.functions.keys()
    self.functions.update({n: Unclear("a loop") for n in before | twice})
    return (*start, *body)


def _bound_in(nodes: list[Any]) -> list[str]:
    """The names that statements bind, once for each time; those in nested functions, too."""
    inside = [n for s in nodes for n in gast.walk(s)]
    names = [n.id for n in inside if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]
    return names + [n.name for n in inside if isinstance(n, gast.FunctionDef)]


def _over_functions(self: Lowering, node: gast.For) -> bool:
    """`for f in (np.sin, np.cos)`: the body once for each function."""
    table = function_of(self, node.iter)
    if not isinstance(table, Table) or jumps_of(node.body):
        return False
    if not isinstance(node.target, gast.Name) or not table.by_position:
        return False
    for known in table.entries.values():
        self.functions[node.target.id] = known
        self.lower(node.body)
    return True


def _unzipped(self: Lowering, node: gast.For) -> Any:
    """`zip(*rows)` for a pattern of n variables: the zip of n rows."""
    items = node.iter
    alone = (
        isinstance(items, gast.Call)
        and static_of(self, items.func)[0] is zip
        and len(items.args) == 1
        and isinstance(items.args[0], gast.Starred)
        and isinstance(node.target, (gast.Tuple, gast.List))
    )
    if not alone:
        return items
    rows = atom(self, items.args[0].value)
    parts = tuple(self.names.temporary() for _ in node.target.elts)
    self.local.update(parts)
    self.code.append(Unpack(self.here(), parts, rows.id))
    zipped = gast.Call(func=items.func, args=[name(p) for p in parts], keywords=[])
    return gast.copy_location(zipped, items)


def _rebound(node: gast.For) -> set[str]:
    return {
        n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    }


def _free_index(self: Lowering) -> str:
    return next((n for n in "ijkmn" if not self.names.taken(n)), "i")


def _user_index(node: gast.For) -> str | None:
    """`i` in `for i, x in enumerate(xs)`."""
    enumerated = (
        isinstance(node.iter, gast.Call)
        and isinstance(node.iter.func, gast.Name)
        and node.iter.func.id == "enumerate"
        and len(node.iter.args) == 1
        and not node.iter.keywords
    )
    target = node.target
    if enumerated and isinstance(target, gast.Tuple) and isinstance(target.elts[0], gast.Name):
        return str(target.elts[0].id)
    return None


def _bind_items(
    self: Lowering, target: Any, iterable: Iterable, index: str, skip: str | None
) -> None:
    if skip is not None:  # the user's own counter is the index
        _, inner = iterable.parts  # type: ignore[attr-defined]
        inner.bind(self, target.elts[1], name(index))
    else:
        iterable.bind(self, target, name(index))


@dataclass(frozen=True)
class Product(Iterable):
    """`zip` and `enumerate`: each item is a tuple of items."""

    parts: tuple[Iterable, ...] = ()


def _iterable(self: Lowering, node: Any, rebound: set[str]) -> Iterable:
    if isinstance(node, gast.Call):
        found, _ = static_of(self, node.func)
        node = _without_keywords(self, node, found)
        handler = _SEQUENCES.get(found) if isinstance(found, type) else None
        if handler is not None:
            return handler(self, node, rebound)
        if isinstance(node.func, gast.Attribute) and found is MISSING and not node.args:
            view = {"items": _items, "values": _values, "keys": _keys}.get(node.func.attr)
            if view is not None:
                return view(self, node, rebound)
    return _sequence(self, node, rebound)


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
    if literal_items:
        source: Any = node
    else:
        source = atom(self, node)
        if not isinstance(source, gast.Name):
            self.refuse("a loop over a number", "iteration", node, "loop over a range")
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


def _zip(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    parts = tuple(_iterable(self, a, rebound) for a in node.args)
    lengths = [p.length for p in parts]
    length = (
        lengths[0] if len(parts) == 1 else call("@builtin:min", *lengths) if parts else literal(0)
    )
    header = call("@builtin:zip", *(p.header for p in parts))
    return Product(length, _bind_product(parts), header, None, None, parts)


def _enumerate(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    inner = _iterable(self, node.args[0], rebound)
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
    inner = _iterable(self, node.args[0], rebound)
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


def _mapping_keys(self: Lowering, node: gast.Call, rebound: set[str]) -> tuple[str, Any]:
    base = atom(self, node.func.value)
    if isinstance(base, gast.Name) and base.id in rebound:  # the loop goes on with the old dict
        base = self.temporary(Copy(base, frozenset({base.id}), base.id))
    listed = call("@builtin:list", base)
    keys = self.temporary(Plain(listed, frozenset(names_in(listed))))
    return base.id, keys


def _items(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    base, keys = _mapping_keys(self, node, rebound)

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


def _values(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    base, keys = _mapping_keys(self, node, rebound)

    def bind_item(self: Lowering, target: Any, index: Any) -> None:
        _bind_entry(self, target, base, item(keys, index))

    return Iterable(call("@builtin:len", keys), bind_item, _view(base, "values"))


def _keys(self: Lowering, node: gast.Call, rebound: set[str]) -> Iterable:
    base, keys = _mapping_keys(self, node, rebound)

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


def _distinct(header: Any) -> bool:
    """Are the indices never negative?  `range(n)` starts at 0; other ranges may not."""
    return isinstance(header, gast.Call) and len(header.args) == 1


_SEQUENCES: dict[Any, Callable[..., Iterable]] = {
    range: _range,
    zip: _zip,
    enumerate: _enumerate,
    reversed: _reversed,
}
_ = (assigned, atom_value, Statement)
