"""`for` loops -> loops over an index, with the user's header kept as `sugar`.

    for k, (x, y) in enumerate(zip(xs, ys)):     ->     for k in range(min(len(xs), len(ys))):
                                                            x = xs[k]
                                                            y = ys[k]

A backward sweep runs `reversed(range(…))`, which is right for every step and for no iteration at
all, and pairs the items as the forward sweep did.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import gast

from tangent.errors import UnsupportedSyntax
from tangent.passes.container_methods import list_slice
from tangent.passes.expressions import atom
from tangent.passes.function_values import bound_before, forget_function
from tangent.passes.functions import function_of, written_number
from tangent.passes.generators import is_lazy
from tangent.passes.inert import inert
from tangent.passes.iterables import Iterable, iterable_of
from tangent.passes.itertools_ import is_endless, without_end
from tangent.passes.jumps import jumps_of
from tangent.passes.kinds import Kinds, joined_kinds, kept_in_loop
from tangent.passes.known import Table
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.members import has_objects
from tangent.passes.objects import Each, joined_types, same_classes, types_behind
from tangent.passes.one_by_one import one_by_one
from tangent.passes.patterns import bind
from tangent.passes.scheduled import scheduled_for, scheduled_while
from tangent.passes.second_names import in_front
from tangent.passes.written_words import over_words
from tangent.passes.yields import over_generator
from tangent.syntax.program import (
    Assign,
    For,
    Plain,
    Statement,
    While,
)
from tangent.syntax.trees import call, item, literal, name, names_in, quote, rebuild


def lower_for(self: Lowering, node: gast.For) -> None:
    if _over_functions(self, node) or _over_objects(self, node) or _over_written(self, node):
        return
    if over_words(self, node) or over_generator(self, node):
        return
    endless = without_end(self, node)
    if endless is not None:
        lower_while(self, endless)
        return
    origin = self.here()
    in_front(self, [node])
    node, schedule = scheduled_for(self, node)
    node = one_by_one(self, node)
    if schedule is not None and is_endless(self, node.iter):
        advice = "write `while checkpoint(True, …)`, and count in it"
        self.refuse("a `for` loop without end is checkpointed", "iteration", node.iter, advice)
    if schedule is not None and is_lazy(self, node.iter):
        advice = "make a list of its items: `list(…)`"
        self.refuse("a loop over a generator is checkpointed", "iteration", node.iter, advice)
    longer = _resized(self, node)
    _refuse_resized(self, node.iter, longer - _rebound(node))
    iterable = iterable_of(self, _unzipped(self, node), _rebound(node) | longer)
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
        self.counts(index)
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
        For(origin, index, header, items, body, sugar, _distinct(header), simple, count, schedule)
    )
    self.current = origin


def lower_while(self: Lowering, node: gast.While) -> None:
    """`while test`; a test that is more than an expression to be asked again is computed at the
    start of each iteration: `while True: c = …; if c: … else: break`.
    """
    origin = self.here()
    in_front(self, [node])
    node, schedule = scheduled_while(self, node)
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
    self.code.append(
        While(origin, f"{count}%", header, (), body, count=count, schedule=schedule, test=asked)
    )
    self.current = origin


def _body(
    self: Lowering, nodes: list[Any], count: str | None, target: Any = None
) -> tuple[Statement, ...]:
    """The body of a loop; one that may end early starts `count` in front, and counts.

    Of the kinds of names it knows those that hold in each iteration.
    """
    before = dict(self.kinds)
    self.kinds = kept_in_loop(self.kinds, nodes, *([target] if target is not None else []))
    types = dict(self.types)
    made = _settled(self, nodes, count, target, before)
    self.types = types_behind(types, self.types, before, self.kinds)
    self.kinds = joined_kinds(before, self.kinds)
    return made


def _settled(
    self: Lowering, nodes: list[Any], count: str | None, target: Any, known: Kinds
) -> tuple[Statement, ...]:
    """The body, written for the types and kinds that names have at the start of each iteration:
    where the body does not keep them it is written once more, for what holds in each.  What is
    not bound in front of the loop (not `known`) is read only where an earlier iteration bound it.
    """
    bound, tried = set(_bound_in(nodes)), set(known)
    while True:
        before, state, met = dict(self.types), self.state(), self.companions.met
        unclear: set[str] = set()
        try:
            made = _counted(self, nodes, count, target)
            new = (self.kinds.keys() & self.kinded) - state["kinds"].keys()
            unclear = {n for n in new if self.kinds[n] is None}
            own = {n: t for n, t in self.types.items() if n in bound - tried}
            tried |= own.keys()
            start = joined_types(before, self.types) | own
        except UnsupportedSyntax:
            start = {n: t for n, t in before.items() if n not in bound}
            if start == before:
                raise
        if start == before and self.companions.met == met and not unclear:
            return made
        self.restore(state)
        self.types.clear()
        self.types.update(start)
        self.kinds.update(dict.fromkeys(unclear))


def _counted(
    self: Lowering, nodes: list[Any], count: str | None, target: Any
) -> tuple[Statement, ...]:
    start: tuple[Statement, ...] = ()
    if count is not None:
        self.emit(count, Plain(literal(0), frozenset(), scalar=True))
        more = Plain(quote("n + 1", n=name(count)), frozenset({count}), scalar=True)
        start = (Assign(self.here(), count, more),)
    items = _bound_in([target] if target is not None else [])
    bound = dict.fromkeys(items + _bound_in(nodes))
    tables = {n for n, f in self.functions.items() if isinstance(f, Table)}
    for one in bound.keys() & self.functions.keys():
        forget_function(self, one, "a loop")
    before = {n for n in bound if n not in self.functions}
    for item_ in items:  # a value here, whatever it is without an iteration
        self.functions.pop(item_, None)
    body = self.block(lambda: self.lower(nodes))
    for table in sorted(tables - self.functions.keys() - bound.keys()):
        what = f"`{table}` holds functions, and may be changed in a loop that calls them"
        self.refuse(what, "function-value", nodes[0], f"loop over a copy: `list({table})`")
    for one in sorted(before & self.unheld.keys()):  # the next iteration has another function
        if bound_before(self, one, nodes[0]):
            raise self.unheld[one]
    for one in bound.keys() & self.functions.keys():
        forget_function(self, one, "a loop")
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


_SHOWN = (gast.Name, gast.Attribute, gast.List, gast.Tuple)


def _over_objects(self: Lowering, node: gast.For) -> bool:
    """A loop over objects of different classes: its body once for each of them."""
    counted = _is_call(self, node.iter, enumerate) and len(getattr(node.target, "elts", ())) == 2
    shown, steps = _steps(self, node.iter.args[0] if counted else node.iter)
    if jumps_of(node.body) or not isinstance(shown, _SHOWN):
        return False
    if isinstance(shown, gast.Name) and not isinstance(self.types.get(shown.id), Each):
        return False
    if isinstance(shown, gast.Attribute) and not has_objects(self, shown):
        return False
    items = atom(self, shown)
    known = self.types.get(items.id)
    if not isinstance(known, Each):
        return False
    self.local.add(items.id)
    positions = range(len(known.items))
    for step in steps:
        positions = positions[step]
    for count, position in enumerate(positions):
        entry = gast.copy_location(item(items, literal(position)), node.iter)
        if counted:
            bind(self, node.target.elts[0], literal(count))
        bind(self, node.target.elts[1] if counted else node.target, atom(self, entry))
        self.lower(node.body)
        if not same_classes(self.types.get(items.id), known):
            met = "the list of a loop gets other objects while it runs"
            self.refuse(met, "loop-length", node.iter, "loop over a copy: `list(…)`")
    return True


def _is_call(self: Lowering, node: Any, function: Any) -> bool:
    """`reversed(xs)`, `enumerate(xs)`"""
    plain = isinstance(node, gast.Call) and len(node.args) == 1 and not node.keywords
    return plain and static_of(self, node.func)[0] is function


def _steps(self: Lowering, node: Any) -> tuple[Any, list[slice]]:
    """`reversed(xs[1:])`: the list that a loop goes through, and the slices of it, one by one."""
    if _is_call(self, node, reversed):
        inner, steps = _steps(self, node.args[0])
        return inner, [*steps, slice(None, None, -1)]
    match node:
        case gast.Subscript(value=inner, slice=gast.Slice(lower=lower, upper=upper, step=None)):
            ends = [None if p is None else written_number(p) for p in (lower, upper)]
            if all(p is None or e is not None for p, e in zip((lower, upper), ends, strict=True)):
                return inner, [slice(*ends)]
    return node, []


def _over_written(self: Lowering, node: gast.For) -> bool:
    """`for a in (u, v): a[0] = 0.0`: the body once for each of these names, of which it writes into
    the memory, in the place of its variable.
    """
    shown = isinstance(node.iter, (gast.Tuple, gast.List)) and len(node.iter.elts) <= MOST
    if not shown or not isinstance(node.target, gast.Name) or jumps_of(node.body):
        return False
    one, items = node.target.id, node.iter.elts
    names = {n.id for n in items if isinstance(n, gast.Name)} & self.local
    inside = [n for s in node.body for n in gast.walk(s)]
    bound = {n.id for n in inside if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
    plain = not any(isinstance(n, _LATER) for n in inside) and not bound & (names | {one})
    if len(names) < max(len(items), 1) or one in self.escaping or not plain:
        return False
    if not any(_stores_into(n, one) for n in inside):
        return False
    for other in items:
        self.lower([rebuild(s, partial(_renamed, one, other.id)) for s in node.body])
    return True


MOST = 6
_LATER = (gast.Lambda, gast.FunctionDef, gast.GeneratorExp)


def _renamed(one: str, other: str, node: Any) -> Any | None:
    if isinstance(node, gast.Name) and node.id == one:
        return gast.copy_location(gast.Name(id=other, ctx=node.ctx), node)
    return None


def _stores_into(node: Any, one: str) -> bool:
    stored = isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store)
    return stored and getattr(node.value, "id", "") == one


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
    self.unpack(parts, rows.id)
    zipped = gast.Call(func=items.func, args=[name(p) for p in parts], keywords=[])
    return gast.copy_location(zipped, items)


def _rebound(node: gast.For) -> set[str]:
    return {
        n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    }


_RESIZING = ("append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort", "popitem")


def _resized(self: Lowering, node: gast.For) -> set[str]:
    """The names of lists that the body may make longer or shorter, or put in another order."""
    inside = [n for s in node.body for n in gast.walk(s)]
    called = [n.func for n in inside if isinstance(n, gast.Call)]
    deleted = [t for n in inside if isinstance(n, gast.Delete) for t in n.targets]
    changed = [f for f in called if isinstance(f, gast.Attribute) and f.attr in _RESIZING]
    changed += [t for t in deleted if isinstance(t, gast.Subscript)]
    places = [n for n in inside if isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store)]
    changed += [p for p in places if list_slice(self, p)]
    return {c.value.id for c in changed if isinstance(c.value, gast.Name)}


def _refuse_resized(self: Lowering, items: Any, resized: set[str]) -> None:
    """Python goes on with what the list holds then: no loop over positions does the same."""
    if isinstance(items, gast.Call) and static_of(self, items.func)[0] in (
        zip,
        enumerate,
        reversed,
    ):
        for part in items.args:
            _refuse_resized(self, part, resized)
    if isinstance(items, gast.Name) and items.id in resized:
        met = f"`{items.id}` gets longer or shorter while a loop runs over it"
        self.refuse(met, "loop-length", items, f"loop over a copy: `list({items.id})`")


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


def _distinct(header: Any) -> bool:
    """Are the indices never negative?  `range(n)` starts at 0; other ranges may not."""
    return isinstance(header, gast.Call) and len(header.args) == 1
