"""`with` of contexts that are written in Python: what they do on the way in and out, as calls.

    with Scaled(k) as s:                context = Scaled(k)
        y = s.apply(x)          ->      s = context.__enter__()
                                        y = s.apply(x)
                                        context.__exit__(None, None, None)

A function under `contextlib.contextmanager` is a generator of one item, and the block is gone
through with that.  An exception leaves the function, and nobody sees what `__exit__` would do then;
where somebody may (the function is called, or under a `try`) it stands in a `finally`.
"""

from __future__ import annotations

import ast
import contextlib
from types import FunctionType
from typing import Any

import gast

from tangent.errors import TangentError
from tangent.passes.leaving import led_out
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.objects import in_class
from tangent.passes.templates import placed
from tangent.passes.yielding import yields_of
from tangent.rules.language import of_library
from tangent.syntax.symbols import Reference
from tangent.syntax.trees import literal, method_call, name, stored

_MANAGED = contextlib.contextmanager(lambda: iter(())).__code__  # of what the decorator gives


class Entering(ast.stmt):
    """In front of `context.__enter__()`: is it an object whose class is known, and written so?"""

    _fields = ("context",)

    def __init__(self, original: Any, context: Any) -> None:
        self.original, self.context = original, context


def entered(
    self: Lowering, node: gast.With, part: gast.withitem, body: list[Any], tried: bool
) -> list[Any]:
    """The statements that stand for a `with` of one context; `tried`: under a `try`."""
    expr, target = part.context_expr, part.optional_vars
    found = static_of(self, expr.func)[0] if isinstance(expr, gast.Call) else None
    if found is contextlib.nullcontext:
        first = [_bind(target, expr.args[0] if expr.args else literal(None))] if target else []
        return _at(node, [*first, *body])
    if found is contextlib.suppress and target is None:
        kinds = gast.Tuple(elts=expr.args, ctx=gast.Load())
        handler = gast.ExceptHandler(type=kinds, name=None, body=[gast.Pass()])
        return _at(node, [gast.Try(body, [handler], [], [])])
    if isinstance(found, type) and not isinstance(in_class(found, "__exit__"), FunctionType):
        refuse_context(self, expr)
    body, jump = _parted(self, body)
    if getattr(found, "__code__", None) is _MANAGED:
        return _at(node, [_managed(self, expr, found, target, body), *jump])
    context = self.flag("context")
    enter = method_call(name(context), "__enter__")
    leave = gast.Expr(method_call(name(context), "__exit__", *(literal(None) for _ in range(3))))
    first = _bind(target, enter) if target is not None else gast.Expr(enter)
    start = [_bind(stored(context), expr), Entering(expr, name(context)), first]
    if tried or self.unit is not self.unit.registry.root:
        return _at(node, [*start, gast.Try(body, [], [], [leave]), *jump])
    return _at(node, [*start, *body, leave, *jump])


def _bind(target: Any, value: Any) -> Any:
    return gast.Assign(targets=[target], value=value, type_comment=None)


def _at(node: Any, body: list[Any]) -> list[Any]:
    return [placed(s, node) for s in body]


def _parted(self: Lowering, body: list[Any]) -> tuple[list[Any], list[Any]]:
    """The block without the jump at its end, which stands behind; what it returns is computed
    before.
    """
    jump: list[Any] = []
    if isinstance(body[-1], (gast.Return, gast.Break, gast.Continue)):
        body, jump = body[:-1], body[-1:]
        if isinstance(jump[0], gast.Return) and jump[0].value is not None:
            value = self.flag("value")
            body = [*body, gast.copy_location(_bind(stored(value), jump[0].value), jump[0])]
            jump = [gast.copy_location(gast.Return(value=name(value)), jump[0])]
    out = led_out(self, body)
    return out.body or [gast.Pass()], [*out.behind, *jump]


def own_statements(node: Any) -> list[Any]:
    """The statements in a statement, those of functions aside."""
    if isinstance(node, (gast.FunctionDef, gast.ClassDef)):
        return []
    inner = (
        c for c in gast.iter_child_nodes(node) if isinstance(c, (gast.stmt, gast.ExceptHandler))
    )
    return [node, *(n for c in inner for n in own_statements(c))]


def _managed(self: Lowering, expr: Any, found: Any, target: Any, body: list[Any]) -> Any:
    """The block as a loop over the one item of a generator."""
    generator = found.__wrapped__
    if of_library(generator):
        refuse_context(self, expr)
    try:
        tree = self.unit.registry.of(generator).tree
    except TangentError:
        refuse_context(self, expr)
    given = list(yields_of(tree))
    if len(given) != 1 or not _surely(tree.body, given[0]):
        advice = "yield once, in front of what is done on the way out"
        self.refuse("a context that may yield twice, or not at all", "with", expr, advice)
    made = self.names.fresh(generator.__name__)
    self.unit.imported[made] = generator, Reference(found, "__wrapped__")  # type: ignore[index]
    items = gast.copy_location(gast.Call(name(made), expr.args, expr.keywords), expr)
    return gast.For(target or stored(self.flag("entered")), items, body, [], None)


def _surely(body: list[Any], given: Any) -> bool:
    """Does a `yield` stand on the only path through a body?"""
    for node in body:
        if isinstance(node, gast.Expr) and node.value is given:
            return True
        if isinstance(node, (gast.Try, gast.With)) and _surely(node.body, given):
            return True
        if any(isinstance(n, (gast.Return, gast.Raise)) for n in gast.walk(node)):
            return False
    return False


def refuse_maker(self: Lowering, function: Any, node: Any) -> None:
    """Refuses a call that makes a context of a generator, where it is not entered at once."""
    if function is contextlib.contextmanager or getattr(function, "__code__", None) is _MANAGED:
        what = "a context of `contextlib.contextmanager` that is a method, or not entered here"
        self.refuse(what, "with", node, "define it at module level, and enter it by its name")


def refuse_context(self: Lowering, expr: Any) -> Any:
    self.refuse(
        "a `with` statement of a context that is not known",
        "with",
        expr,
        "enter it outside the differentiated function; `np.errstate` that ignores or warns,"
        " and contexts that are written in Python, may stand inside",
    )
