"""Functions that a comprehension makes, and that read its variables: by what these are at its end.

    fs = [lambda v: v * i for i in xs]      ->      items = list(xs)
                                                    if items: i_2 = items[-1]
                                                    fs = [lambda v: v * i_2 for i in items]

So it is in Python, since none of them is called before the comprehension is through.  What is
given to a call may be called at once, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.renaming import renamed
from tangent.passes.templates import builtin_call, lowered, named
from tangent.syntax.scopes import bound_names, outer_names
from tangent.syntax.trees import literal, name, quote, rebuild, replaced

_HOLDING = (gast.Tuple, gast.List, gast.Dict, gast.IfExp)


def with_last_items(self: Lowering, node: Any) -> Any:
    """The comprehension, where the functions that it makes read what its variables are last."""
    parts = [node.key, node.value] if isinstance(node, gast.DictComp) else [node.elt]
    lambdas = [one for part in parts for one in _kept(part)]
    generator = node.generators[0]
    own = {n.id for n in gast.walk(generator.target) if isinstance(n, gast.Name)}
    read = {n.id for one in lambdas for n in outer_names(one)} & own
    if not read or len(node.generators) > 1:
        return node
    items = named(self, builtin_call("list", generator.iter), node)
    new = {one: self.names.fresh(one) for one in sorted(own)}
    last = quote("xs[i]", xs=items, i=literal(-1))
    bound = gast.Assign([renamed(generator.target, new)], last, None)
    lowered(self, [gast.If(test=name(items.id), body=[bound], orelse=[])], node)
    chosen = {id(one) for one in lambdas}
    whole = rebuild(node, lambda n: _late(n, new) if id(n) in chosen else None)
    whole = replaced(whole, generators=[replaced(generator, iter=items)])
    left = {n.id for n in gast.walk(whole) if isinstance(n, gast.Name) and _is_read(n)}
    unread = dict.fromkeys(own - left, "_")
    target = renamed(generator.target, unread)
    return replaced(whole, generators=[replaced(generator, iter=items, target=target)])


def _is_read(node: gast.Name) -> bool:
    return isinstance(node.ctx, gast.Load)


def _kept(node: Any) -> Iterator[Any]:
    """The lambdas of which the value of an expression is made."""
    if isinstance(node, gast.Lambda):
        yield node
    elif isinstance(node, _HOLDING):
        for part in gast.iter_child_nodes(node):
            yield from _kept(part)


def _late(node: gast.Lambda, new: dict[str, str]) -> Any:
    """Its defaults are taken when it is made."""
    inside = {old: one for old, one in new.items() if old not in bound_names(node)}
    return replaced(node, body=renamed(node.body, inside))
