"""Nested functions that bind variables of the function around: written where they are called.

    def add(v):                         total = total + x * x
        nonlocal total          ->
        total = total + v
    add(x * x)

This is done to the text before anything looks at it, so that each binding of a variable is seen.
So such a function is called in statements of the function around, and is no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gast

from tangent.passes.jumps import Leave, left
from tangent.passes.lowering import Lowering
from tangent.passes.templates import placed
from tangent.passes.yielding import yields_of
from tangent.passes.yields import bound_in
from tangent.syntax.trees import copied, is_literal, literal, name, rebuild, replaced, stored

_SCOPES = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef)


def without_nonlocal(self: Lowering, tree: Any) -> Any:
    """The function without nested functions that bind its variables."""
    found = {s.name: s for s in tree.body if isinstance(s, gast.FunctionDef) and _shares(s)}
    if not found:
        return tree
    own = bound_in(tree) | {n.id for n in gast.walk(tree.args) if _is_name(n)}
    for one in found.values():
        _check(self, one, own)
    writer = _Writer(self, found)
    body = writer.block([s for s in tree.body if s not in found.values()], ())
    for node in (n for s in body for n in gast.walk(s) if _is_name(n) and n.id in found):
        _refuse(self, node, node.id)
    return replaced(tree, body=body or [gast.copy_location(gast.Pass(), tree)])


def _is_name(node: Any) -> bool:
    return isinstance(node, gast.Name)


def _shares(function: Any) -> bool:
    return any(isinstance(n, gast.Nonlocal) for n in _of(function))


def _of(function: Any) -> Iterator[Any]:
    """The nodes of a function, those of functions in it aside."""
    todo = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(gast.iter_child_nodes(node))


def _shared(function: Any) -> set[str]:
    return {n for s in _of(function) if isinstance(s, gast.Nonlocal) for n in s.names}


def _refuse(self: Lowering, node: Any, function: str) -> None:
    what = f"`{function}` binds variables of this function, and is called within an expression"
    self.refuse(what, "nonlocal", node, f"call it in a statement of its own: `y = {function}(…)`")


def _check(self: Lowering, function: Any, own: set[str]) -> None:
    """What is written where it is called is a plain function of plain parameters."""
    args, nodes = function.args, list(_of(function))
    defaults = [d for d in (*args.defaults, *args.kw_defaults) if d is not None]
    plain = not (args.vararg or args.kwarg or function.decorator_list)
    plain = plain and all(map(is_literal, defaults)) and not any(yields_of(function))
    plain = plain and not any(isinstance(n, (*_SCOPES, gast.Global)) for n in nodes)
    blocks = (n for n in nodes if isinstance(n, (gast.Try, gast.With, gast.Match)))
    plain = plain and not any(r for n in blocks for r in _returns(n))
    if not plain or _shared(function) - own:
        place = next(n for n in nodes if isinstance(n, gast.Nonlocal))
        self.refuse("`nonlocal`", "nonlocal", place, "return the value and assign it outside")


def _returns(node: Any) -> Iterator[Any]:
    return (n for n in gast.walk(node) if isinstance(n, gast.Return))


class _Writer:
    def __init__(self, lowering: Lowering, functions: Mapping[str, Any]) -> None:
        self.lowering, self.functions = lowering, functions
        self.shared = {n for f in functions.values() for n in _shared(f)}

    def block(self, body: list[Any], inside: tuple[str, ...]) -> list[Any]:
        return [s for node in body for s in self.statement(node, inside)]

    def statement(self, node: Any, inside: tuple[str, ...]) -> list[Any]:
        """A statement, with the function that it calls in front of it."""
        called = self.called(getattr(node, "value", None))
        if called is not None and isinstance(node, (gast.Expr, gast.Assign, gast.Return)):
            if called.name in inside or called.lineno > node.lineno:
                _refuse(self.lowering, node.value, called.name)
            code, result = self.written(node.value, called, (*inside, called.name))
            if isinstance(node, gast.Expr):
                return code
            return [*code, replaced(node, value=placed(result, node.value))]
        blocks = ("body", "orelse", "finalbody", "handlers", "cases")
        if isinstance(node, _SCOPES):
            return [node]
        fields = {f: getattr(node, f) for f in blocks if isinstance(getattr(node, f, None), list)}
        new = {f: self.block(value, inside) for f, value in fields.items()}
        return [replaced(node, **new) if new else node]

    def called(self, node: Any) -> Any | None:
        direct = isinstance(node, gast.Call) and isinstance(node.func, gast.Name)
        return self.functions.get(node.func.id) if direct else None

    def written(
        self, call: gast.Call, function: Any, inside: tuple[str, ...]
    ) -> tuple[list[Any], Any]:
        """The statements of a call, and the name of what it returns."""
        names = self.lowering.names
        code, instead = self.arguments(call, function)
        for own in sorted(bound_in(function) - _shared(function) - instead.keys()):
            instead[own] = name(names.fresh(own))
        result = names.fresh("value") if any(_returns(function)) else None

        def change(node: Any) -> Any | None:
            if not _is_name(node) or node.id not in instead:
                return None
            new = copied(instead[node.id])
            new.ctx = node.ctx
            return gast.copy_location(new, node)

        body = [rebuild(copied(s), change) for s in function.body]
        ended = self.block(_without_return(body, result), inside)
        if result is None:
            return [*code, *left(ended, self.lowering.flag)], literal(None)
        if not isinstance(function.body[-1], gast.Return):
            start = gast.Assign([stored(result)], literal(None), None)
            code.append(placed(gast.copy_location(start, call), call))
        return [*code, *left(ended, self.lowering.flag)], name(result)

    def arguments(self, call: gast.Call, function: Any) -> tuple[list[Any], dict[str, Any]]:
        """Assignments of what is passed, and the names that parameters have."""
        args = function.args
        positional = [a.id for a in (*args.posonlyargs, *args.args)]
        keywords = [a.id for a in (*args.args, *args.kwonlyargs)]
        given = dict(zip(positional, call.args, strict=False))
        words = {k.arg: k.value for k in call.keywords}
        fits = len(call.args) <= len(positional) and words.keys() <= set(keywords) - given.keys()
        given |= words
        last = len(positional) - len(args.defaults)
        named = [a.id for a in args.kwonlyargs]
        for one, default in (
            *zip(positional[last:], args.defaults, strict=True),
            *zip(named, args.kw_defaults, strict=True),
        ):
            if default is not None:
                given.setdefault(one, default)
        starred = any(isinstance(a, gast.Starred) for a in call.args)
        if not fits or starred or set(given) != {*positional, *named}:
            _refuse(self.lowering, call, function.name)
        walrus = any(isinstance(n, gast.NamedExpr) for n in gast.walk(call))
        code, instead, bound = [], dict[str, Any](), bound_in(function)
        for one, value in given.items():
            kept = is_literal(value) or (_is_name(value) and value.id not in self.shared)
            if kept and not walrus and one not in bound and one not in self.shared:
                instead[one] = value
                continue
            instead[one] = name(self.lowering.names.fresh(one))
            first = gast.Assign([stored(instead[one].id)], value, None)
            code.append(placed(gast.copy_location(first, call), call))
        return code, instead


def _without_return(body: list[Any], result: str | None) -> list[Any]:
    """`result = e; Leave` for `return e`."""
    code: list[Any] = []
    for node in body:
        match node:
            case gast.Return(value=value):
                if result is not None:
                    one = value if value is not None else literal(None)
                    first = gast.Assign([stored(result)], one, None)
                    code.append(placed(gast.copy_location(first, node), node))
                code.append(gast.copy_location(Leave(value=None), node))
            case gast.Nonlocal():
                pass
            case gast.If() | gast.For() | gast.While():
                both = _without_return(node.body, result), _without_return(node.orelse, result)
                code.append(replaced(node, body=both[0], orelse=both[1]))
            case _:
                code.append(node)
    return code
