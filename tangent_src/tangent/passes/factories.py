"""Calls of functions that make functions with a state: they are written into their caller.

    def counter(n):                         n = 0
        def count():                        def tick():
            nonlocal n              ->          nonlocal n
            n += 1                              n += 1
            return n                            return n
        return count                        tick(); tick()
    tick = counter(0)
    tick(); tick()

There `passes.carrying` and `passes.recursive_changes` see each change of the state.  A decorator
that keeps something, as a memory of results does, is such a function.  Done to the text, before
anything looks at it; what does not fit is left as it stands.
"""

from __future__ import annotations

import builtins
import copy
from types import FunctionType
from typing import Any

import gast

from tangent.errors import TangentError
from tangent.passes.decorators import undecorated
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.renaming import renamed
from tangent.passes.templates import placed
from tangent.passes.yielding import own_nodes
from tangent.rules.language import lookup
from tangent.syntax.scopes import bound_names, outer_names
from tangent.syntax.stores import changed_roots
from tangent.syntax.trees import assign, is_literal, name, replaced

_UNKNOWN = (gast.ClassDef, gast.Import, gast.ImportFrom, gast.Global, gast.Try, gast.Match)
_ENDING = (gast.Return, gast.Yield, gast.YieldFrom, gast.Await)


def with_written_factories(self: Lowering, tree: Any) -> Any:
    """The function, with such calls written out; `tree` itself if there is none."""
    if self.unit.generated:
        return tree
    body = [one for s in tree.body for one in _statement(self, tree, s)]
    body = _without_factories(tree, body)
    same = len(body) == len(tree.body) and all(a is b for a, b in zip(body, tree.body, strict=True))
    return tree if same else replaced(tree, body=body)


def _without_factories(tree: Any, body: list[Any]) -> list[Any]:
    """The statements but for functions that were called before, and stand written out now."""
    defined = {s.name for s in body if isinstance(s, gast.FunctionDef) and _keeps(s)}
    left = {n.id for s in body for n in gast.walk(s) if isinstance(n, gast.Name)}
    called = {n.id for s in tree.body for n in gast.walk(s) if isinstance(n, gast.Name)}
    gone = defined & called - left
    return [s for s in body if getattr(s, "name", None) not in gone]


def _statement(self: Lowering, tree: Any, node: Any) -> list[Any]:
    match node:
        case gast.Assign(targets=[gast.Tuple(elts=targets)], value=gast.Tuple(elts=values)):
            alone = [gast.Assign([t], v, None) for t, v in zip(targets, values, strict=False)]
            parts = [_statement(self, tree, gast.copy_location(one, node)) for one in alone]
            all_written = len(targets) == len(values) and all(len(p) > 1 for p in parts)
            return [s for part in parts for s in part] if all_written else [node]
        case gast.Assign(targets=[target], value=gast.Call() as called):
            return _written(self, tree, node, target, called) or [node]
        case gast.FunctionDef(decorator_list=[gast.Name() as decorator], name=own):
            bare = replaced(node, name=self.names.fresh(f"{own}_bare"), decorator_list=[])
            called = gast.Call(func=decorator, args=[name(bare.name)], keywords=[])
            made = _written(self, tree, node, name(own), called, bare)
            return [bare, *made] if made else [node]
    return [node]


def _written(
    self: Lowering, tree: Any, node: Any, target: Any, called: gast.Call, bare: Any = None
) -> list[Any]:
    """The statements of the function that is called, for the names of what it gives; none if it
    makes no function with a state.
    """
    factory = _factory(self, tree, called.func)
    names = [str(getattr(t, "id", "")) for t in getattr(target, "elts", [target])]
    made = _returned(self, factory) if factory is not None else []
    if factory is None or len(made) != len(names) or "" in names:
        return []
    given = _given(factory, called)
    if given is None or not _is_once(tree, names):
        return []
    functions = {s.name for s in tree.body if isinstance(s, gast.FunctionDef)}
    functions |= {bare.name} if bare is not None else set()
    new: dict[str, str] = dict(zip(made, names, strict=True))
    for one in sorted(bound_names(factory) - set(made)):
        argument = getattr(given.get(one), "id", "")
        passed_on = argument in functions and not _is_stored_in(factory, one)
        new[one] = argument if passed_on else self.names.fresh(one)
    first = [assign(new[p], a) for p, a in given.items() if new[p] != getattr(a, "id", None)]
    body = [renamed(copy.deepcopy(s), new) for s in _body(factory)[:-1]]
    body = [undecorated(self, s) if isinstance(s, gast.FunctionDef) else s for s in body]
    place = node if node.lineno == node.end_lineno else called.func
    return [*(placed(s, place) for s in first), *(_moved(s, place) for s in body)]


def _moved(node: Any, place: Any) -> Any:
    """A copy of a statement of the function that is called, which stands for the call."""
    for one in gast.walk(node):
        if hasattr(one, "lineno"):
            gast.copy_location(one, place)
    return node


def _is_once(tree: Any, names: list[Any]) -> bool:
    """Is each of the names bound in one place?"""
    nodes = list(own_nodes(tree))
    stored = [n.id for n in nodes if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)]
    stored += [n.name for n in nodes if isinstance(n, gast.FunctionDef)]
    inside = (n for s in tree.body for n in gast.walk(s) if isinstance(n, gast.Nonlocal))
    stored += [one for n in inside for one in n.names]
    return all(stored.count(one) == 1 for one in names)


# ---------------------------------------------------------------- the function that is called


def _factory(self: Lowering, tree: Any, function: Any) -> Any | None:
    """The text of a function that makes such functions, and means here what it does there."""
    found = None
    if isinstance(function, gast.Name) and function.id in self.local:
        own = [s for s in tree.body if getattr(s, "name", None) == function.id]
        found = own[0] if len(own) == 1 and isinstance(own[0], gast.FunctionDef) else None
    elif isinstance(function, (gast.Name, gast.Attribute)):
        found = _from_outside(self, function)
    plain = found is not None and not found.decorator_list and _keeps(found)
    return found if plain and not any(isinstance(n, _UNKNOWN) for n in gast.walk(found)) else None


def _from_outside(self: Lowering, function: Any) -> Any | None:
    known = static_of(self, function)[0]
    if not isinstance(known, FunctionType) or known.__closure__ or lookup(known) is not None:
        return None
    try:
        tree = self.unit.registry.of(known).tree
    except TangentError:
        return None
    here = known.__globals__ is self.unit.function.__globals__
    for one in outer_names(tree):
        meant = known.__globals__.get(one.id, getattr(builtins, one.id, None))
        same = here or meant is getattr(builtins, one.id, self)
        if not same or static_of(self, name(one.id))[0] is not meant:
            return None
    return tree


def _keeps(tree: Any) -> bool:
    """Does a function in it change a variable of the function, or what one holds?"""
    bound = bound_names(tree)
    inner = [s for s in tree.body if isinstance(s, gast.FunctionDef)]
    for one in inner:
        if any(set(n.names) & bound for n in own_nodes(one) if isinstance(n, gast.Nonlocal)):
            return True
        read = {n.id for n in outer_names(one)} & bound
        if any(changed_roots(n) & read for n in gast.walk(one)):
            return True
    return False


def _body(tree: Any) -> list[Any]:
    return [s for s in tree.body if not (isinstance(s, gast.Expr) and _is_text(s.value))]


def _is_text(node: Any) -> bool:
    return isinstance(node, gast.Constant) and isinstance(node.value, str)


def _returned(self: Lowering, tree: Any) -> list[str]:
    """The functions that it defines and returns at its end, and there alone; else none."""
    body = _body(tree)
    ends = [n for n in own_nodes(tree) if isinstance(n, _ENDING)]
    if not body or ends != [body[-1]] or not isinstance(ends[0], gast.Return):
        return []
    value = ends[0].value
    names = [getattr(e, "id", "") for e in getattr(value, "elts", [value])]
    defined = [s for s in body if isinstance(s, gast.FunctionDef)]
    bare = [s.name for s in defined if not undecorated(self, s).decorator_list]
    outside = [n.id for n in own_nodes(tree) if isinstance(n, gast.Name)]
    once = all(bare.count(n) == 1 and outside.count(n) == 1 for n in names)
    return names if once and len(bare) == len(defined) and len(set(names)) == len(names) else []


def _given(tree: Any, called: gast.Call) -> dict[str, Any] | None:
    """The arguments by parameter; defaults are literals."""
    signature = tree.args
    words = {k.arg: k.value for k in called.keywords}
    starred = any(isinstance(a, gast.Starred) for a in called.args) or None in words
    if starred or signature.vararg or signature.kwarg or signature.kwonlyargs:
        return None
    parameters = [a.id for a in (*signature.posonlyargs, *signature.args)]
    behind = parameters[len(parameters) - len(signature.defaults) :]
    found = {p: d for p, d in zip(behind, signature.defaults, strict=True) if is_literal(d)}
    given = dict(zip(parameters, called.args, strict=False))
    if len(called.args) > len(parameters) or given.keys() & words.keys():
        return None
    found = given | words | {p: d for p, d in found.items() if p not in given | words}
    return found if found.keys() == set(parameters) else None


def _is_stored_in(tree: Any, variable: str) -> bool:
    names = (n for n in gast.walk(tree) if isinstance(n, gast.Name) and n.id == variable)
    return any(isinstance(n.ctx, gast.Store) for n in names)
