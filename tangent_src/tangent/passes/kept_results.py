"""Functions inside of a function that keep what they gave, under `functools.cache`.

    @cache                              kept = {}
    def f(i):                           def f(i):
        return s * x[i]         ->          if i in kept:
    a = f(1)                                    return kept[i]
    s = 2.0                                 kept[i] = s * x[i]
    return a + f(1)                         return kept[i]

Only where what it reads, or what it gave, may change between two calls; everywhere else the second
call would give the same, and the decorator is left out (`passes.decorators`).
"""

from __future__ import annotations

import functools
from typing import Any

import gast

from tangent.passes.lowering import Lowering, static_of
from tangent.passes.templates import placed
from tangent.passes.yielding import own_nodes
from tangent.rules.language import Constant, Rule, lookup
from tangent.syntax.scopes import bound_names
from tangent.syntax.stores import changed_places
from tangent.syntax.trees import assign, item, literal, name, names_in, quote, replaced

KEEPING = (functools.cache, functools.lru_cache)
_KEPT = functools._lru_cache_wrapper
_BLOCKS = ("body", "orelse", "finalbody")
_NEW = (gast.BinOp, gast.UnaryOp, gast.Compare, gast.Constant, gast.JoinedStr)
_INNER = (gast.FunctionDef, gast.Lambda, gast.ClassDef)


def with_kept_results(self: Lowering, tree: Any) -> Any:
    """The function, where functions in it keep results that may change; else `tree` itself."""
    cached = [n for n in own_nodes(tree) if isinstance(n, gast.FunctionDef) and _keeps(self, n)]
    differing = [n for n in cached if _may_differ(tree, n)]
    for node in differing:
        if not _plain(tree, node):
            what = f"`{node.name}` keeps its results, and reads or gives what may change"
            self.refuse(what, "cache", node, "keep them in a dict")
    if not self.unit.generated:
        _refuse_changed(self, tree)
    chosen = {id(n) for n in differing}
    return replaced(tree, body=_block(self, tree.body, chosen)) if chosen else tree


def _keeps(self: Lowering, node: gast.FunctionDef) -> bool:
    if len(node.decorator_list) != 1:
        return False
    decorator = node.decorator_list[0]
    made = decorator.func if isinstance(decorator, gast.Call) else decorator
    found, _ = static_of(self, made)
    return any(found is one for one in KEEPING)


def _refuse_changed(self: Lowering, tree: Any) -> None:
    """Refuses what changes something that a function from outside gave, and keeps."""
    nodes = list(gast.walk(tree))
    called = [n.func for n in nodes if isinstance(n, gast.Call) and isinstance(n.func, gast.Name)]
    names = {f.id for f in called if isinstance(static_of(self, f)[0], _KEPT)}
    new = (
        {id(n) for n in nodes if isinstance(n, gast.Call) and _is_new(self, n)} if names else set()
    )
    shown = _shown([n for n in nodes if id(getattr(n, "value", None)) not in new], names)
    for node in nodes:
        if any(names_in(place) & shown for place in changed_places(node)):
            what = "this changes what a function gave that keeps its results"
            self.refuse(what, "cache", node, "change a copy: `.copy()`, or bind a new name")


def _is_new(self: Lowering, node: gast.Call) -> bool:
    """Does a copy, or a function of a library, share no memory with what it is given?"""
    if getattr(node.func, "attr", "") == "copy":
        return True
    rule = lookup(static_of(self, node.func)[0])
    return isinstance(rule, Rule | Constant) and rule.fresh


def _plain(tree: Any, node: gast.FunctionDef) -> bool:
    """Do equal arguments mean equal calls?  And is nothing given up?

    `f(1)` and `f(i=1)` are two calls for `functools`, as are `f(1)` and `f(1, 0)` of a default.
    """
    signature, decorator = node.args, node.decorator_list[0]
    limits: list[Any] = []
    if isinstance(decorator, gast.Call):
        limits = [*decorator.args, *(k.value for k in decorator.keywords)]
    calls = [n for n in gast.walk(tree) if isinstance(n, gast.Call)]
    own = [n for n in calls if getattr(n.func, "id", "") == node.name]
    starred = signature.vararg is not None or signature.kwarg is not None or signature.kwonlyargs
    return not (
        starred
        or signature.defaults
        or any(n.keywords for n in own)
        or any(getattr(limit, "value", 0) is not None for limit in limits)
    )


# ---------------------------------------------------------------- what may change


def _may_differ(tree: Any, function: gast.FunctionDef) -> bool:
    """May a second call give something else than the first, as far as the text shows?

    A name is one that the function reads, itself or through functions that it calls, or that shows
    something which such a name shows; too many names cost a dict.
    """
    all_nodes = list(gast.walk(tree))
    read = _read(all_nodes, function)
    if any(isinstance(n, gast.Nonlocal) and read & set(n.names) for n in all_nodes):
        return True
    parameters = {n.id for n in gast.walk(tree.args) if isinstance(n, gast.Name)}
    stores = [n for n in own_nodes(tree) if isinstance(n, gast.Name)]
    for variable in read & (bound_names(tree) | parameters):
        bound = [n for n in stores if n.id == variable and not isinstance(n.ctx, gast.Load)]
        early = all(n.lineno < function.lineno for n in bound)
        if len(bound) + (variable in parameters) > 1 or not early:
            return True
    shown = _shown(all_nodes, read | {function.name})
    return any(names_in(p) & shown for n in all_nodes for p in changed_places(n))


def _read(nodes: list[Any], function: gast.FunctionDef) -> set[str]:
    """The names that a function reads from around, itself or through functions that it names."""
    around = {n.name: n for n in nodes if isinstance(n, gast.FunctionDef)}
    found: set[str] = set()
    todo = [function]
    while todo:
        node = todo.pop()
        nonlocals = {v for n in gast.walk(node) if isinstance(n, gast.Nonlocal) for v in n.names}
        new = nonlocals | (names_in(node) - bound_names(node)) - found
        found |= new
        todo += [around[n] for n in new if n in around]
    return found


def _shown(nodes: list[Any], names: set[str]) -> set[str]:
    """The names that may show what one of these shows, or gives."""
    found, before = set(names), -1
    while before != len(found):
        before = len(found)
        for node in nodes:
            match node:
                case gast.Assign(targets=targets, value=value) if not isinstance(value, _NEW):
                    parts = targets
                case (
                    gast.For(target=target, iter=value) | gast.NamedExpr(target=target, value=value)
                ):
                    parts = [target]
                case _:
                    continue
            if names_in(value) & found:
                found |= {n.id for p in parts for n in gast.walk(p) if _is_bound(n)}
    return found


def _is_bound(node: Any) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store)


# ---------------------------------------------------------------- the text


def _block(self: Lowering, body: list[Any], chosen: set[int]) -> list[Any]:
    written: list[Any] = []
    for node in body:
        if id(node) in chosen:
            written += _keeping(self, node)
            continue
        blocks = {f: getattr(node, f) for f in _BLOCKS if isinstance(getattr(node, f, None), list)}
        inner = {f: _block(self, b, chosen) for f, b in blocks.items()}
        same = isinstance(node, _INNER) or not any(
            id(n) in chosen for b in blocks.values() for s in b for n in gast.walk(s)
        )
        written.append(node if same else replaced(node, **inner))
    return written


def _keeping(self: Lowering, node: gast.FunctionDef) -> list[Any]:
    kept, key = self.flag(f"{node.name}_kept"), self.flag("key")
    parameters = [a.id for a in (*node.args.posonlyargs, *node.args.args)]
    parts = [name(p) for p in parameters] or [literal(0)]
    whole = parts[0] if len(parts) == 1 else gast.Tuple(elts=parts, ctx=gast.Load())
    given = gast.Return(value=item(name(kept), name(key)))
    asked = gast.If(test=quote("k in d", k=name(key), d=name(kept)), body=[given], orelse=[])
    body = _each_return(node.body, kept, key)
    made = replaced(node, decorator_list=[], body=[assign(key, whole), asked, *body])
    empty = assign(kept, gast.Dict(keys=[], values=[]))
    return [placed(empty, node), placed(made, node)]


def _each_return(body: list[Any], kept: str, key: str) -> list[Any]:
    """`return e` keeps the value first."""
    written: list[Any] = []
    for node in body:
        if isinstance(node, gast.Return):
            value = node.value if node.value is not None else literal(None)
            place = item(name(kept), name(key), store=True)
            written.append(gast.copy_location(assign(place, value), node))
            node = gast.copy_location(gast.Return(value=item(name(kept), name(key))), node)
        elif not isinstance(node, _INNER):
            blocks = {f: getattr(node, f, None) for f in (*_BLOCKS, "cases", "handlers")}
            lists = {f: b for f, b in blocks.items() if isinstance(b, list)}
            inner = {f: _each_return(b, kept, key) for f, b in lists.items()}
            node = replaced(node, **inner)
        written.append(node)
    return written
