"""The functions of `itertools`, as lists: what is drawn once is a list of its items.

product(a, b)           ->      [(u, v) for u in a for v in b]
combinations(x, 2)      ->      [(x[i], x[j]) for i, j in list(combinations(range(len(x)), 2))]
accumulate(x, f)        ->      a loop that appends
for i in count(1):      ->      while True, with a counter
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from tangent.passes.groups import groups
from tangent.passes.inert import captured, inert
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.templates import builtin_call, comprehension, lowered, named, placed
from tangent.syntax.program import Plain
from tangent.syntax.trees import call, is_literal, literal, name, names_in, quote, stored

# ---------------------------------------------------------------- positions


def _positions(self: Lowering, node: gast.Call) -> Any | None:
    """`combinations`, `permutations` and their kin: those of the positions, then the items."""
    words = {k.arg: k.value for k in node.keywords}
    size: Any = words.get("r", node.args[1] if len(node.args) == 2 else None)
    whole = isinstance(size, gast.Constant) and isinstance(size.value, int)
    if not whole or not node.args or size.value < 1 or words.keys() - {"r"}:
        return None
    items = named(self, _list(node.args[0]), node)
    places = [self.names.fresh("i") for _ in range(size.value)]
    chosen = gast.Call(
        func=captured(self, node.func).expr,
        args=[call("@builtin:range", call("@builtin:len", items)), literal(size.value)],
        keywords=[],
    )
    listed = call("@builtin:list", chosen)
    order = self.temporary(Plain(listed, frozenset(names_in(listed))))
    self.local.add(order.id)
    entries = [gast.Subscript(value=items, slice=name(p), ctx=gast.Load()) for p in places]
    target = gast.Tuple(elts=[stored(p) for p in places], ctx=gast.Store())
    return comprehension(gast.Tuple(elts=entries, ctx=gast.Load()), target, order)


def _list(items: Any) -> Any:
    """Items by position: a name may hold an array, whose rows they are."""
    return items if isinstance(items, gast.Name) else builtin_call("list", items)


def _product(self: Lowering, node: gast.Call) -> Any | None:
    words = {k.arg: k.value for k in node.keywords}
    times = words.pop("repeat", literal(1))
    if words or not isinstance(times, gast.Constant) or not node.args or times.value < 1:
        return None
    held = [named(self, _list(a), node) for a in node.args] * times.value
    items = [self.names.fresh("item") for _ in held]
    whole = gast.Tuple(elts=[name(i) for i in items], ctx=gast.Load())
    listed = comprehension(whole, stored(items[0]), held[0])
    for one, source in zip(items[1:], held[1:], strict=True):
        part = gast.comprehension(target=stored(one), iter=source, ifs=[], is_async=0)
        listed.generators.append(part)
    return listed


def _longest(self: Lowering, node: gast.Call) -> Any | None:
    words = {k.arg: k.value for k in node.keywords}
    fill = named(self, words["fillvalue"], node) if "fillvalue" in words else literal(None)
    held = [named(self, _list(a), node) for a in node.args]
    place = self.names.fresh("i")
    length = name("@builtin:len")
    parts = [
        quote("xs[i] if i < n(xs) else f", xs=h, i=name(place), n=length, f=fill) for h in held
    ]
    lengths = [builtin_call("len", h) for h in held]
    longest = builtin_call("max", *lengths) if len(lengths) > 1 else lengths[0]
    whole = gast.Tuple(elts=parts, ctx=gast.Load())
    return comprehension(whole, stored(place), builtin_call("range", longest))


def _pairwise(self: Lowering, node: gast.Call) -> Any | None:
    items = named(self, _list(node.args[0]), node)
    first, second = self.names.fresh("item"), self.names.fresh("item")
    target = gast.Tuple(elts=[stored(first), stored(second)], ctx=gast.Store())
    whole = gast.Tuple(elts=[name(first), name(second)], ctx=gast.Load())
    return comprehension(whole, target, builtin_call("zip", items, quote("xs[1:]", xs=items)))


def _islice(self: Lowering, node: gast.Call) -> Any | None:
    if node.keywords or not 2 <= len(node.args) <= 4:
        return None
    bounds = [None, node.args[1]] if len(node.args) == 2 else node.args[1:]
    part = gast.Slice(*bounds, *[None] * (3 - len(bounds)))
    if is_endless(self, node.args[0]):
        items = _first_of(self, node.args[0], bounds[1])
        return None if items is None else gast.Subscript(items, part, gast.Load())
    return gast.Subscript(named(self, _list(node.args[0]), node), part, gast.Load())


def _first_of(self: Lowering, endless: gast.Call, count: Any) -> Any | None:
    """So many of the items of an iterator without an end."""
    found, place = static_of(self, endless.func)[0], self.names.fresh("i")
    held = [named(self, _list(a) if found is itertools.cycle else a, a) for a in endless.args]
    if endless.keywords or getattr(count, "value", count) is None:
        return None
    if found is itertools.count:
        if not all(isinstance(getattr(a, "value", None), int) for a in endless.args):
            return None  # of others each item is the sum of the one before and the step
        start, step = [*held, *[literal(0), literal(1)][len(held) :]]
        one = quote("start + i * step", start=start, i=name(place), step=step)
    elif found is itertools.cycle:
        one = quote("xs[i % n]", xs=held[0], i=name(place), n=call("@builtin:len", held[0]))
    else:
        one = held[0]
    return comprehension(one, stored(place), builtin_call("range", count))


# ---------------------------------------------------------------- loops that append


def _chain(self: Lowering, node: gast.Call) -> Any | None:
    return gast.List(
        elts=[gast.Starred(value=a, ctx=gast.Load()) for a in node.args], ctx=gast.Load()
    )


def _flat(self: Lowering, node: gast.Call) -> Any | None:
    row, item = self.names.fresh("row"), self.names.fresh("item")
    listed = comprehension(name(item), stored(row), node.args[0])
    part = gast.comprehension(target=stored(item), iter=name(row), ifs=[], is_async=0)
    listed.generators.append(part)
    return listed


def _filled(self: Lowering, node: Any, items: Any, statement: Any, first: Any = ()) -> Any:
    """A list that a loop fills: `statement(out, item)` are the statements of its body."""
    out, item = self.names.fresh("items"), self.names.fresh("item")
    start = gast.Assign(
        targets=[stored(out)], value=gast.List(list(first), gast.Load()), type_comment=None
    )
    loop = gast.For(
        target=stored(item),
        iter=items,
        body=statement(name(out), name(item)),
        orelse=[],
        type_comment=None,
    )
    lowered(self, [start, loop], node)
    return name(out)


def _append(out: Any, item: Any) -> Any:
    function = gast.Attribute(value=out, attr="append", ctx=gast.Load())
    return gast.Expr(value=gast.Call(func=function, args=[item], keywords=[]))


def _accumulate(self: Lowering, node: gast.Call) -> Any | None:
    words = {k.arg: k.value for k in node.keywords}
    function = words.get("func", node.args[1] if len(node.args) == 2 else None)
    if words.keys() - {"func", "initial"} or not 1 <= len(node.args) <= 2:
        return None
    first = [words["initial"]] if "initial" in words else []

    def body(out: Any, item: Any) -> list[Any]:
        last = quote("xs[-1]", xs=out)
        if function is None or (isinstance(function, gast.Constant) and function.value is None):
            more: Any = gast.BinOp(left=last, op=gast.Add(), right=item)
        else:
            more = gast.Call(func=function, args=[last, item], keywords=[])
        if first:
            return [_append(out, more)]
        some = quote("n(xs) > 0", n=name("@builtin:len"), xs=out)
        return [gast.If(test=some, body=[_append(out, more)], orelse=[_append(out, item)])]

    return _filled(self, node, node.args[0], body, first)


def _takewhile(self: Lowering, node: gast.Call) -> Any | None:
    going = self.names.fresh("going")
    lowered(self, [gast.Assign([stored(going)], literal(True), None)], node)

    def body(out: Any, item: Any) -> list[Any]:
        asked = gast.Call(func=node.args[0], args=[item], keywords=[])
        both = gast.BoolOp(op=gast.And(), values=[name(going), asked])
        stop = gast.Assign([stored(going)], literal(False), None)
        return [gast.If(test=both, body=[_append(out, item)], orelse=[stop])]

    return _filled(self, node, node.args[1], body)


def _dropwhile(self: Lowering, node: gast.Call) -> Any | None:
    def body(out: Any, item: Any) -> list[Any]:
        asked = gast.Call(func=node.args[0], args=[item], keywords=[])
        some = quote("n(xs) > 0", n=name("@builtin:len"), xs=out)
        either = gast.BoolOp(op=gast.Or(), values=[some, gast.UnaryOp(gast.Not(), asked)])
        return [gast.If(test=either, body=[_append(out, item)], orelse=[])]

    return _filled(self, node, node.args[1], body)


def _compress(self: Lowering, node: gast.Call) -> Any | None:
    item, wanted = self.names.fresh("item"), self.names.fresh("wanted")
    target = gast.Tuple(elts=[stored(item), stored(wanted)], ctx=gast.Store())
    return comprehension(name(item), target, builtin_call("zip", *node.args), [name(wanted)])


def _starmap(self: Lowering, node: gast.Call) -> Any | None:
    function, rows = node.args
    if isinstance(rows, gast.Call) and static_of(self, rows.func)[0] is zip and not rows.keywords:
        return builtin_call("list", builtin_call("map", function, *rows.args))
    row = self.names.fresh("row")
    spread = gast.Starred(value=name(row), ctx=gast.Load())
    return comprehension(gast.Call(func=function, args=[spread], keywords=[]), stored(row), rows)


def _repeat(self: Lowering, node: gast.Call) -> Any | None:
    words = {k.arg: k.value for k in node.keywords}
    times = words.get("times", node.args[1] if len(node.args) == 2 else None)
    if times is None or not node.args:
        return None
    one, place = named(self, node.args[0], node), self.names.fresh("i")
    return comprehension(one, stored(place), builtin_call("range", times))


def _places(self: Lowering, node: gast.Call) -> Any | None:
    """The indices of an array of a shape, which is constant: `np.ndindex(*x.shape)`."""
    if node.keywords or (
        len(node.args) > 1 and any(isinstance(a, gast.Starred) for a in node.args)
    ):
        return None
    given = [a.value if isinstance(a, gast.Starred) else a for a in node.args]
    return _indices(self, [named(self, a, node) for a in given])


def _indices(self: Lowering, shape: list[Any]) -> Any:
    module = name(self.unit.registry.symbols.imported(np))
    indices = gast.Attribute(value=module, attr="ndindex", ctx=gast.Load())
    order = call("@builtin:list", gast.Call(func=indices, args=shape, keywords=[]))
    held = self.temporary(Plain(order, frozenset(names_in(order))))
    self.local.add(held.id)
    return held


def cells(self: Lowering, node: gast.Call) -> Any:
    """`np.ndenumerate(x)` as `zip(list(np.ndindex(x.shape)), x.ravel())`."""
    items = named(self, node.args[0], node)
    shape = gast.Attribute(value=items, attr="shape", ctx=gast.Load())
    held = _indices(self, [shape])
    ravel = gast.Attribute(value=items, attr="ravel", ctx=gast.Load())
    flat = gast.Call(func=ravel, args=[], keywords=[])
    return placed(builtin_call("zip", held, flat), node)


LISTS: dict[Any, Callable[[Lowering, gast.Call], Any | None]] = {
    itertools.combinations: _positions,
    itertools.permutations: _positions,
    itertools.combinations_with_replacement: _positions,
    itertools.product: _product,
    itertools.zip_longest: _longest,
    itertools.pairwise: _pairwise,
    itertools.groupby: groups,
    itertools.islice: _islice,
    itertools.chain: _chain,
    itertools.chain.from_iterable: _flat,
    itertools.accumulate: _accumulate,
    itertools.takewhile: _takewhile,
    itertools.dropwhile: _dropwhile,
    itertools.compress: _compress,
    itertools.starmap: _starmap,
    itertools.repeat: _repeat,
    np.ndindex: _places,
}
_CONSTANT = (set, frozenset)


def listed(self: Lowering, node: gast.Call) -> Any | None:
    """The list of the items of an iterator that is made by a call, or a set of constants; None
    where it is neither.
    """
    found = static_of(self, node.func)[0]
    maker = next((m for f, m in LISTS.items() if f == found), None) if callable(found) else None
    if maker is None and not any(found is f for f in _CONSTANT):
        return None
    if maker is not groups and all(map(_constant, (*node.args, *(k.value for k in node.keywords)))):
        args = [_text(self, a) for a in node.args]
        words = [gast.keyword(arg=k.arg, value=_text(self, k.value)) for k in node.keywords]
        made = gast.Call(func=captured(self, node.func).expr, args=args, keywords=words)
        expr = made if found in (set, frozenset) else call("@builtin:list", made)
        one = self.temporary(Plain(expr, frozenset(names_in(expr))))
        self.local.add(one.id)
        return one
    return placed(made, node) if maker and (made := maker(self, node)) is not None else None


def columns(self: Lowering, node: gast.Call) -> Any | None:
    """`zip(*rows)`: the columns of the rows, as many as the shortest row has."""
    alone = len(node.args) == 1 and isinstance(node.args[0], gast.Starred)
    alone = alone and all(k.arg == "strict" and not _true(k.value) for k in node.keywords)
    if not alone or static_of(self, node.func)[0] is not zip:
        return None
    rows, row = named(self, node.args[0].value, node), name(self.names.fresh("row"))
    place = self.names.fresh("i")
    entry = gast.Subscript(value=row, slice=name(place), ctx=gast.Load())
    column = builtin_call("tuple", comprehension(entry, stored(row.id), rows))
    lengths = comprehension(builtin_call("len", row), stored(row.id), rows)
    shortest = builtin_call("min", lengths)
    shortest.keywords.append(gast.keyword(arg="default", value=literal(0)))
    return placed(comprehension(column, stored(place), builtin_call("range", shortest)), node)


def _true(node: Any) -> bool:
    return not isinstance(node, gast.Constant) or bool(node.value)


def _constant(node: Any) -> bool:
    """Does the text show that it holds no numbers that depend on the input?"""
    if isinstance(node, gast.Call):
        ranged = isinstance(node.func, gast.Name) and node.func.id in ("range", "len")
        return ranged and (node.func.id == "len" or all(map(_counted, node.args)))
    if isinstance(node, (gast.List, gast.Tuple, gast.Set)):
        return all(map(_constant, node.elts))
    return isinstance(node, gast.Constant)


def _text(self: Lowering, node: Any) -> Any:
    expr = inert(self, node)
    return self.atom(node) if expr is None else expr


def _counted(node: Any) -> bool:
    return isinstance(node, (gast.Name, gast.BinOp, gast.Attribute, gast.Subscript)) or _constant(
        node
    )


_ENDLESS = (itertools.count, itertools.cycle, itertools.repeat)


def is_endless(self: Lowering, items: Any) -> bool:
    """`count(1)`, `cycle(xs)`, `repeat(v)`."""
    found = static_of(self, items.func)[0] if isinstance(items, gast.Call) else None
    return found in _ENDLESS and not (found is itertools.repeat and len(items.args) != 1)


def without_end(self: Lowering, node: gast.For) -> gast.While | None:
    """`for i in count(1)`, `for v in cycle(xs)`: a loop that only a jump ends."""
    items = node.iter
    found = static_of(self, items.func)[0] if isinstance(items, gast.Call) else None
    if not is_endless(self, items) or items.keywords or node.orelse:
        return None
    counter = self.names.fresh("n")
    start, step = literal(0), literal(1)
    if found is itertools.count:
        numbers = [named(self, a, node) if not is_literal(a) else a for a in items.args]
        start, step = [*numbers, *[literal(0), literal(1)][len(numbers) :]]
        entry: Any = name(counter)
    else:
        held = named(
            self, items.args[0] if found is itertools.repeat else _list(items.args[0]), node
        )
        entry = held
        if found is itertools.cycle:
            entry = quote("xs[n % m(xs)]", xs=held, n=name(counter), m=name("@builtin:len"))
    lowered(self, [gast.Assign([stored(counter)], start, None)], node)
    more = gast.BinOp(left=name(counter), op=gast.Add(), right=step)
    first = [
        gast.Assign([node.target], entry, None),
        gast.Assign([stored(counter)], more, None),
    ]
    body = [*(placed(s, node) for s in first), *node.body]
    return placed(gast.While(test=literal(True), body=body, orelse=[]), node)
