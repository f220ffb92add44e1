"""`itertools.groupby`: a list of each key with its items.

    for k, group in groupby(xs, f):         keys = [f(v) for v in xs]
        total += sum(group)                 starts = [i for i in range(len(xs)) if …]
                                    ->      for i, j in zip(starts, starts[1:] + [len(xs)]):
                                                k, group = keys[i], xs[i:j]
                                                total += sum(group)

A group is gone through once, before the next one begins, or refused: later, or again, it would be
empty.
"""

from __future__ import annotations

import itertools
from typing import Any

import gast

from tangent.passes.iterators_kept import pairs_in, read_once
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.steps import draws
from tangent.passes.templates import builtin_call, comprehension, named
from tangent.syntax.scopes import inner_names
from tangent.syntax.trees import call, name, quote, stored


def groups(self: Lowering, node: gast.Call) -> Any | None:
    """The list of the pairs."""
    words = {k.arg: k.value for k in node.keywords}
    key = words.pop("key", node.args[1] if len(node.args) == 2 else None)
    if words or not 1 <= len(node.args) <= 2:
        return None
    items = named(self, builtin_call("list", node.args[0]), node)
    keys = items
    if key is not None and getattr(key, "value", key) is not None:
        one = self.names.fresh("item")
        keys = named(self, comprehension(gast.Call(key, [name(one)], []), stored(one), items), node)
    count = call("@builtin:len", items)
    place, stop = self.names.fresh("i"), self.names.fresh("j")
    new = quote("i == 0 or ks[i] != ks[i - 1]", i=name(place), ks=keys)
    every = call("@builtin:range", count)
    starts = named(self, comprehension(name(place), stored(place), every, [new]), node)
    stops = quote("[*ss[1:], n]", ss=starts, n=count)
    pair = quote("(ks[i], xs[i:j])", ks=keys, xs=items, i=name(place), j=name(stop))
    both = gast.Tuple(elts=[stored(place), stored(stop)], ctx=gast.Store())
    return comprehension(pair, both, builtin_call("zip", starts, stops))


def refuse_groups(self: Lowering, body: list[Any]) -> None:
    """Refuses the groups that are not gone through at once."""
    for parent, node in (pair for s in body for pair in pairs_in(s)):
        found = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
        if found is itertools.groupby and not _at_once(self, body, parent, node):
            advice = "go through it in place: `for k, group in groupby(…)`, with one use of `group`"
            self.refuse("a group of `groupby` that may be used later", "iterator", node, advice)


def _at_once(self: Lowering, body: list[Any], loop: Any, node: Any) -> bool:
    """Is each group drawn from in one place of the loop that it comes up in?"""
    if not isinstance(loop, (gast.For, gast.comprehension)) or loop.iter is not node:
        return False
    parts = getattr(loop.target, "elts", [])
    if len(parts) != 2 or not isinstance(parts[1], gast.Name):
        return False
    own, pairs = parts[1].id, [pair for s in body for pair in pairs_in(s)]
    if isinstance(loop, gast.For):
        inside, hidden = loop.body, inner_names(body)
    else:
        around = next(p for p, n in pairs if n is loop)
        rest = around.generators[around.generators.index(loop) + 1 :]
        results = [getattr(around, f) for f in ("elt", "key", "value") if hasattr(around, f)]
        inside, hidden = [*loop.ifs, *rest, *results], set()
        pairs = list(pairs_in(around))
    reads = [(p, n) for p, n in pairs if getattr(n, "id", None) == own and n is not parts[1]]
    reads = [(p, n) for p, n in reads if id(n) not in hidden]
    once = len(reads) == 1 and draws(self, *reads[0]) and read_once(inside, own)
    return not reads or once
