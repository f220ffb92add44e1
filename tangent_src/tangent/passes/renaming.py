"""Pieces of text under other names, by Python's rules of scopes.

def f(v):               def f(v):
    y = n * v               y = n_2 * v         # for `n` as `n_2`
    n = 1           ->      n = 1               # another variable would not be renamed
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent.passes.yielding import own_nodes
from tangent.syntax.scopes import bound_names
from tangent.syntax.trees import name, rebuild, replaced

_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def renamed(node: Any, new: Mapping[str, str]) -> Any:
    """A piece of text under other names; what a scope inside binds stays as it is."""

    def change(n: Any) -> Any | None:
        match n:
            case gast.Name(id=one) if one in new:
                return gast.copy_location(gast.Name(new[one], n.ctx, None, None), n)
            case gast.Nonlocal(names=names):
                return replaced(n, names=[new.get(one, one) for one in names])
            case gast.FunctionDef() | gast.Lambda():
                return _renamed_function(n, new)
            case _ if isinstance(n, _COMPREHENSIONS) and bound_names(n) & new.keys():
                return _renamed_comprehension(n, new)
        return None

    return rebuild(node, change)


def _renamed_function(node: Any, new: Mapping[str, str]) -> Any:
    nonlocals = [] if isinstance(node, gast.Lambda) else own_nodes(node)
    shared = {v for n in nonlocals if isinstance(n, gast.Nonlocal) for v in n.names}
    inside = _without(new, bound_names(node) - shared)
    signature = node.args
    defaults = [renamed(d, new) for d in signature.defaults]
    of_words = [d and renamed(d, new) for d in signature.kw_defaults]
    args = replaced(signature, defaults=defaults, kw_defaults=of_words)
    if isinstance(node, gast.Lambda):
        return replaced(node, args=args, body=renamed(node.body, inside))
    body = [renamed(s, inside) for s in node.body]
    decorators = [renamed(d, new) for d in node.decorator_list]
    own = new.get(node.name, node.name)
    return replaced(node, name=own, args=args, body=body, decorator_list=decorators)


def _renamed_comprehension(node: Any, new: Mapping[str, str]) -> Any:
    """What a comprehension goes through first stands outside of it."""
    inside = _without(new, bound_names(node))
    first, *rest = node.generators
    whole = renamed(replaced(node, generators=[replaced(first, iter=name("_")), *rest]), inside)
    head = replaced(whole.generators[0], iter=renamed(first.iter, new))
    return replaced(whole, generators=[head, *whole.generators[1:]])


def _without(new: Mapping[str, str], hidden: set[str]) -> dict[str, str]:
    return {old: one for old, one in new.items() if old not in hidden}
