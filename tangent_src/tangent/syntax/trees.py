"""Small tools on `gast` expressions: build, quote, substitute, and ask what they read.

A name that begins with `@` is a *symbol*: it belongs to the module of the generated text (NumPy,
a runtime helper, another generated function, a captured value) and gets its spelling from the
linker, last of all.
"""

from __future__ import annotations

import contextlib
import operator
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import gast

Expr = Any  # a gast expression; gast has no types


def name(identifier: str) -> Expr:
    """A name that is read."""
    return gast.Name(id=identifier, ctx=gast.Load(), annotation=None, type_comment=None)


def stored(identifier: str) -> Expr:
    """A name that is bound."""
    return gast.Name(id=identifier, ctx=gast.Store(), annotation=None, type_comment=None)


def literal(value: object) -> Expr:
    return gast.Constant(value=value, kind=None)


def call(function: str, /, *arguments: Expr, **keywords: Expr) -> Expr:
    """`function(*arguments, **keywords)`, where `function` is a name or a symbol."""
    words = [gast.keyword(arg=k, value=v) for k, v in keywords.items()]
    return gast.Call(func=name(function), args=list(arguments), keywords=words)


def field(attribute: str) -> Expr:
    """An attribute in the place of an index."""
    return gast.Constant(value=attribute, kind="field")


def is_field(index: Expr) -> bool:
    return isinstance(index, gast.Constant) and index.kind == "field"


def item(base: Expr, index: Expr, *, store: bool = False) -> Expr:
    """`base[index]`, or `base.attribute`."""
    ctx = gast.Store() if store else gast.Load()
    if is_field(index):
        return gast.Attribute(value=base, attr=index.value, ctx=ctx)
    return gast.Subscript(value=base, slice=index, ctx=ctx)


def assign(target: str | Expr, value: Expr) -> Any:
    bound = stored(target) if isinstance(target, str) else target
    return gast.Assign(targets=[bound], value=value, type_comment=None)


def augment(target: str | Expr, op: Any, value: Expr) -> Any:
    bound = stored(target) if isinstance(target, str) else target
    return gast.AugAssign(target=bound, op=op, value=value)


def branch(test: Expr, body: list[Any], orelse: list[Any]) -> Any:
    """`if test: body else: orelse`, or `if not test: orelse` where that is all."""
    if body or not orelse:
        return gast.If(test=test, body=body or [gast.Pass()], orelse=orelse)
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return gast.If(test=test.operand, body=orelse, orelse=[])
    return gast.If(test=gast.UnaryOp(op=gast.Not(), operand=test), body=orelse, orelse=[])


def method_call(base: Expr, method: str, *arguments: Expr) -> Expr:
    function = gast.Attribute(value=base, attr=method, ctx=gast.Load())
    return gast.Call(func=function, args=list(arguments), keywords=[])


def is_literal(node: Expr) -> bool:
    """A number, string, None, … written in the program, a sign before it included."""
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, (gast.USub, gast.UAdd)):
        return isinstance(node.operand, gast.Constant)
    return isinstance(node, gast.Constant)


def is_number(node: Expr) -> bool:
    inner = node.operand if isinstance(node, gast.UnaryOp) and is_literal(node) else node
    return isinstance(inner, gast.Constant) and isinstance(inner.value, (int, float, complex))


def names_in(node: Any) -> set[str]:
    """The names (symbols apart) that an expression or statement mentions."""
    return {n.id for n in walk(node) if type(n) is gast.Name and n.id[0] != "@"}


def contents_in(node: Any) -> set[str]:
    """The names of which an expression reads more than length and shape, which no store changes."""
    match node:
        case gast.Name():
            return names_in(node)
        case gast.Attribute(value=gast.Name(), attr="shape" | "ndim" | "size"):
            return set()
        case gast.Call(func=gast.Name(id="@builtin:len"), args=[gast.Name()]):
            return set()
    return set().union(*map(contents_in, parts(node)))


def walk(node: Any) -> list[Any]:
    """All nodes below but operators and contexts, parents first.

    Iterative, and also through our own statement nodes.
    """
    found = []
    todo = [node]
    while todo:
        current = todo.pop()
        found.append(current)
        for field in _PARTS[type(current)]:
            value = getattr(current, field, None)
            if type(value) is list:
                todo += [v for v in reversed(value) if isinstance(v, gast.AST)]
            elif isinstance(value, gast.AST):
                todo.append(value)
    return found


def parts(node: Any) -> list[Any]:
    """The nodes right below one, operators and contexts apart."""
    found = []
    for field in _PARTS[type(node)]:
        value = getattr(node, field, None)
        if type(value) is list:
            found += [v for v in value if isinstance(v, gast.AST)]
        elif isinstance(value, gast.AST):
            found.append(value)
    return found


class _Parts(dict[Any, tuple[str, ...]]):
    """The fields of each kind of node that may hold nodes."""

    def __missing__(self, kind: Any) -> tuple[str, ...]:
        none = {"ctx", "op", "ops", "kind", "type_comment", "id", "attr", "text", "note"}
        self[kind] = tuple(field for field in kind._fields if field not in none)
        return self[kind]


_PARTS = _Parts({gast.Constant: ()})


@contextlib.contextmanager
def room_for(tree: Any) -> Iterator[None]:
    """Allows recursion over a tree, however deep its expressions are nested.

    A sum of a thousand terms is a thousand levels deep.  Frames of Python functions take no room
    on the C stack, so that the limit may grow with the tree.
    """
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [part for node in level for part in parts(node)]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + FRAMES * depth)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


FRAMES = 8  # that a visitor needs for one level

_LEAVES = (gast.Name, gast.Constant)


def rebuild(node: Any, change: Callable[[Any], Any | None]) -> Any:
    """`node` with `change(n)` in place of each `n` for which it is not None (outermost first).

    What nothing changes in is not copied: the result may share parts with `node`.
    """
    changed = change(node)
    if changed is not None:
        return changed
    if isinstance(node, _LEAVES):
        return node
    return _with_parts(node, lambda part: rebuild(part, change))


def rebuild_inside_out(node: Any, change: Callable[[Any], Any | None]) -> Any:
    """As `rebuild`, but `change` is given each node with its parts changed (innermost first)."""
    if not isinstance(node, _LEAVES):
        node = _with_parts(node, lambda part: rebuild_inside_out(part, change))
    changed = change(node)
    return node if changed is None else changed


def _with_parts(node: Any, change: Callable[[Any], Any]) -> Any:
    """`node` with `change(part)` for each part; itself if all of them are the same."""
    fields: dict[str, Any] = {}
    for field in _PARTS[type(node)]:
        value = getattr(node, field, None)
        if type(value) is list:
            parts = [change(v) if isinstance(v, gast.AST) else v for v in value]
            if any(map(operator.is_not, parts, value)):
                fields[field] = parts
        elif isinstance(value, gast.AST):
            part = change(value)
            if part is not value:
                fields[field] = part
    return replaced(node, **fields) if fields else node


def replaced(node: Any, **fields: Any) -> Any:
    """A copy of one node with other fields; it shares the rest."""
    kind: Any = type(node)
    new = kind.__new__(kind)
    new.__dict__.update(node.__dict__)
    new.__dict__.update(fields)
    return new


def copied(node: Any) -> Any:
    """A copy of a whole tree, which may be changed in place: each part of it stands there once."""
    new = replaced(node)
    for field in _PARTS[type(node)]:
        value = getattr(node, field, None)
        if type(value) is list:
            setattr(new, field, [copied(v) if isinstance(v, gast.AST) else v for v in value])
        elif isinstance(value, gast.AST):
            setattr(new, field, copied(value))
    return new


def substitute(node: Any, values: Mapping[str, Expr]) -> Any:
    """`node` with expressions in place of the names that are read (bound names may be
    renamed).
    """

    def change(n: Any) -> Any | None:
        if not isinstance(n, gast.Name) or n.id not in values:
            return None
        value = values[n.id]
        if isinstance(n.ctx, gast.Load):
            return value
        return stored(value.id) if isinstance(value, gast.Name) else None

    return rebuild(node, change)


@lru_cache(maxsize=512)
def _template(text: str) -> Any:
    return gast.parse(text, mode="eval").body


def quote(text: str, **values: Expr) -> Expr:
    """The expression `text` with the given expressions in place of names: `quote("a * b", a=x,
    b=y)`.
    """
    return substitute(_template(text), values)


def same(a: Any, b: Any) -> bool:
    """Equal as trees, positions aside."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if not hasattr(a, "_fields"):
        return bool(a == b)
    if isinstance(a, gast.Constant):
        return type(a.value) is type(b.value) and repr(a.value) == repr(b.value)
    return all(same(getattr(a, f, None), getattr(b, f, None)) for f in a._fields if f != "ctx")


def as_argument(index: Any) -> Any:
    """An index as an argument of a call: `1:n` is `slice(1, n)` there."""
    if is_field(index):
        return literal(index.value)
    if isinstance(index, gast.Slice):
        parts = [literal(None) if p is None else p for p in (index.lower, index.upper, index.step)]
        return call("@builtin:slice", *(parts if index.step is not None else parts[:2]))
    if isinstance(index, gast.Tuple):
        return gast.Tuple(elts=[as_argument(e) for e in index.elts], ctx=gast.Load())
    return index
