"""Which names a function reads of what stands around it, by Python's rules of scopes.

def outer(v):
    def inner(z):
        y = 3.0             # a variable of `inner`
        return y * z
    return inner(v) * y     # `y` of what stands around `outer`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import gast

_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
_FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)
_SCOPES = (*_FUNCTIONS, *_COMPREHENSIONS, gast.ClassDef)


def outer_names(tree: Any) -> list[Any]:
    """The names read in a function that neither it binds, nor a scope in it around them."""
    body = _parts(tree)
    bound, hidden = bound_names(tree), inner_names(body)
    inside = (n for part in body for n in gast.walk(part))
    read = (n for n in inside if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load))
    return [n for n in read if id(n) not in hidden and n.id not in bound]


def inner_names(body: Iterable[Any]) -> set[int]:
    """The nodes, by `id`, of the names that mean what a scope inside binds."""
    inside = (n for part in body for n in gast.walk(part))
    return {id(n) for one in inside if isinstance(one, _SCOPES) for n in _hidden(one)}


def _hidden(scope: Any) -> Iterator[Any]:
    bound = bound_names(scope)
    head = [scope.args] if isinstance(scope, _FUNCTIONS) else []
    yield from (n for part in head for n in gast.walk(part) if _is_parameter(n))
    for part in _parts(scope):
        yield from (n for n in gast.walk(part) if getattr(n, "id", None) in bound)


def _parts(scope: Any) -> list[Any]:
    """What stands in a scope; defaults and what a comprehension goes through stand outside."""
    match scope:
        case gast.Lambda():
            return [scope.body]
        case gast.FunctionDef() | gast.AsyncFunctionDef():
            return list(scope.body)
        case gast.ClassDef():
            return []  # its names are attributes
    first, *rest = scope.generators
    items = [scope.key, scope.value] if isinstance(scope, gast.DictComp) else [scope.elt]
    return [first.target, *first.ifs, *rest, *items]


def bound_names(scope: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(scope, _FUNCTIONS):
        found = {n.id for n in gast.walk(scope.args) if _is_parameter(n)}
    todo = _parts(scope)
    while todo:
        node = todo.pop()
        found |= _binds(node)
        if isinstance(node, _COMPREHENSIONS):  # `:=` binds in the function around
            if not isinstance(scope, _COMPREHENSIONS):
                found |= {n.target.id for n in gast.walk(node) if isinstance(n, gast.NamedExpr)}
            todo.append(node.generators[0].iter)
        elif isinstance(node, gast.Lambda):
            todo.extend(d for d in (*node.args.defaults, *node.args.kw_defaults) if d)
        elif not isinstance(node, _SCOPES):
            todo.extend(gast.iter_child_nodes(node))
    return found


def _is_parameter(node: Any) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, gast.Param)


def _binds(node: Any) -> set[str]:
    match node:
        case gast.Name(id=one, ctx=gast.Store() | gast.Del()):
            return {one}
        case gast.FunctionDef(name=one) | gast.AsyncFunctionDef(name=one) | gast.ClassDef(name=one):
            return {one}
        case gast.Import(names=aliases) | gast.ImportFrom(names=aliases):
            return {(a.asname or a.name).split(".")[0] for a in aliases}
        case gast.MatchAs(name=str(one)) | gast.MatchStar(name=str(one)):
            return {one}
        case gast.MatchMapping(rest=str(one)):
            return {one}
    return set()
