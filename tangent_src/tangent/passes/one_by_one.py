"""Loops over items that are computed as they are asked for, where these, or the body, write into
memory.

    for v in map(f, xs):          ->      for t1 in xs:
        ys[0] = v                             v = f(t1)
                                              ys[0] = v

`ys` may be `xs`: the next item is computed from what it holds by then.  Where nothing is written
the items may as well stand in a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.acting import acts, refuse_acting
from tangent.passes.iterators_kept import is_lazy
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.steps import writes_in
from tangent.syntax.trees import name, names_in, stored, substitute


@dataclass(frozen=True)
class _Items:
    """What is gone through, under which pattern; what an item is made of it, and if it is one."""

    source: Any
    target: Any
    value: Any
    tests: tuple[Any, ...] = ()


def one_by_one(self: Lowering, node: gast.For) -> gast.For:
    """The loop that computes each item where it is bound; the loop itself if none has to be."""
    acting = acts(self, node.iter)
    found = _items(self, node.iter) if acting or writes_in(self, node.body) else None
    if found is None:
        if acting and is_lazy(self, node.iter):
            refuse_acting(self, node.iter)
        return node
    bound = gast.Assign(targets=[node.target], value=found.value, type_comment=None)
    bound.original = node
    body = [gast.copy_location(bound, node), *node.body]
    return one_by_one(self, _loop(node, found.target, found.source, body, found.tests))


def _loop(node: gast.For, target: Any, source: Any, body: list[Any], tests: Any) -> gast.For:
    for test in reversed(tests):
        body = [gast.copy_location(gast.If(test=test, body=body, orelse=[]), node)]
    loop = gast.For(
        target=target, iter=source, body=body, orelse=node.orelse, type_comment=node.type_comment
    )
    return gast.copy_location(loop, node)


def _items(self: Lowering, node: Any) -> _Items | None:
    if isinstance(node, gast.GeneratorExp):
        return _of_generator(self, node)
    kind = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    if kind in (zip, enumerate):
        return _side_by_side(self, node, kind is enumerate)
    if kind not in (map, filter) or len(node.args) != 2 or isinstance(node.args[1], gast.Starred):
        return None
    function, source = node.args
    one = _fresh(self)
    made: Any = name(one)
    if not (isinstance(function, gast.Constant) and function.value is None):
        if not isinstance(function, (gast.Name, gast.Attribute, gast.Lambda)):
            return None  # it is computed once
        made = gast.Call(func=function, args=[name(one)], keywords=[])
    made = gast.copy_location(made, node)
    if kind is map:
        return _Items(source, stored(one), made)
    return _Items(source, stored(one), gast.copy_location(name(one), node), (made,))


def _side_by_side(self: Lowering, node: Any, counted: bool) -> _Items | None:
    """`zip(map(f, xs), ys)`: pairs of an item of `xs` and one of `ys`; `enumerate(map(f, xs))`."""
    parts = [_items(self, a) for a in node.args]
    if not any(parts) or any(p and p.tests for p in parts):
        return None
    names = [_fresh(self) for _ in parts]
    targets = [p.target if p else stored(n) for p, n in zip(parts, names, strict=True)]
    values = [p.value if p else name(n) for p, n in zip(parts, names, strict=True)]
    if counted:
        number = _fresh(self)
        targets, values = [stored(number), *targets[:1]], [name(number), *values[:1]]
    sources = [p.source if p else a for p, a in zip(parts, node.args, strict=True)]
    call = gast.Call(func=node.func, args=sources, keywords=node.keywords)
    made = gast.Tuple(elts=values, ctx=gast.Load()), gast.Tuple(elts=targets, ctx=gast.Store())
    value, target = (gast.copy_location(n, node) for n in made)
    return _Items(gast.copy_location(call, node), target, value)


def _fresh(self: Lowering) -> str:
    made = str(self.names.temporary())
    self.local.add(made)
    return made


def _of_generator(self: Lowering, node: gast.GeneratorExp) -> _Items | None:
    """Its variables are its own: they get other names."""
    first, *rest = node.generators
    if rest or first.is_async:
        return None
    own = {n: name(self.names.fresh(n)) for n in sorted(names_in(first.target))}
    self.local.update(n.id for n in own.values())
    tests = tuple(substitute(t, own) for t in first.ifs)
    return _Items(first.iter, substitute(first.target, own), substitute(node.elt, own), tests)
