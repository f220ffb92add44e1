"""`with adjoint_of(x) as x_bar:` -> its block in the backward sweep, as it was written.

    y = f(x)                                        # 3: with adjoint_of(y) as y_bar
    with adjoint_of(y) as y_bar:            ->      y_bar = np.clip(y_bar, -1, 1)
        y_bar = np.clip(y_bar, -1, 1)               # 2: y = f(x)
    return g(y)                                     x_bar = …

The block is no part of the small language: nothing in it is moved, joined or left out.  It may
bind the adjoint and names of its own, and read everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.backward import FOREIGN, Backward
from tangent.passes.inert import captured
from tangent.passes.lowering import Lowering, static_of
from tangent.runtime.marks import adjoint_of
from tangent.syntax.printing import Verbatim
from tangent.syntax.program import AdjointCode
from tangent.syntax.trees import assign, name, rebuild, substitute

# ---------------------------------------------------------------- reading


def is_adjoint_code(self: Lowering, node: Any) -> bool:
    """Is a statement `with adjoint_of(…):`?"""
    return isinstance(node, gast.With) and any(
        isinstance(part.context_expr, gast.Call)
        and static_of(self, part.context_expr.func)[0] is adjoint_of
        for part in node.items
    )


def lower_adjoint_code(self: Lowering, node: gast.With) -> None:
    """The statement of a block for the backward sweep."""
    of, bar = _header(self, node)
    own = _bound(node.body) | {bar}
    for inner in _walk(node.body):
        _refuse_inside(self, inner, own)
    for jump in _jumps_out(node):
        self.refuse("a jump out of a block of `adjoint_of`", "adjoint-of", jump, "use `if`")
    _refuse_bound_elsewhere(self, node, own)
    reads: set[str] = set()
    code = tuple(_resolved(self, statement, own, reads) for statement in node.body)
    self.code.append(AdjointCode(self.here(), of, bar, code, frozenset(reads)))


def _header(self: Lowering, node: gast.With) -> tuple[str, str]:
    """The names in `with adjoint_of(x) as x_bar`."""
    if len(node.items) > 1:
        advice = "write one `with` for each"
        self.refuse("`adjoint_of` beside another context", "adjoint-of", node, advice)
    context, bound = node.items[0].context_expr, node.items[0].optional_vars
    of = context.args[0] if len(context.args) == 1 and not context.keywords else None
    if not isinstance(of, gast.Name) or not self.is_local(of.id) or of.id in self.functions:
        advice = "give the value a name first, and pass that: `with adjoint_of(x) as x_bar`"
        what = "`adjoint_of` takes one variable of the function"
        self.refuse(what, "adjoint-of", context, advice)
    if bound is not None and not isinstance(bound, gast.Name):
        advice = "write one name: `as x_bar`"
        self.refuse("an adjoint is bound to a pattern", "adjoint-of", bound, advice)
    return of.id, bound.id if bound is not None else self.names.fresh(f"{of.id}_bar")


def _bound(body: list[Any]) -> set[str]:
    """The names that a block binds, those of its own functions and comprehensions included."""
    names = (n for n in _walk(body) if isinstance(n, gast.Name))
    return {n.id for n in names if not isinstance(n.ctx, (gast.Load, gast.Del))}


def _walk(body: list[Any]) -> Iterator[Any]:
    return (n for statement in body for n in gast.walk(statement))


def _jumps_out(node: Any) -> Iterator[Any]:
    """The jumps of loops around a block."""
    for child in gast.iter_child_nodes(node):
        if isinstance(child, (gast.Break, gast.Continue)):
            yield child
        elif not isinstance(child, (gast.For, gast.While)):
            yield from _jumps_out(child)


def _refuse_inside(self: Lowering, node: Any, own: set[str]) -> None:
    """What has no meaning in the backward sweep, or would spoil its values."""
    if type(node) in _REFUSED:
        what = f"{_REFUSED[type(node)]} in a block of `adjoint_of`"
        self.refuse(what, "adjoint-of", node, "call a function that does it")
    if isinstance(node, (gast.Subscript, gast.Attribute)) and isinstance(node.ctx, gast.Store):
        base = node
        while isinstance(base, (gast.Subscript, gast.Attribute)):
            base = base.value
        if isinstance(base, gast.Name) and self.is_local(base.id) and base.id not in own:
            advice = "change a copy, or the adjoint itself"
            what = f"a block of `adjoint_of` writes into `{base.id}`, a value of the function"
            self.refuse(what, "adjoint-of", node, advice)


_REFUSED = {
    gast.Return: "`return`",
    gast.Yield: "`yield`",
    gast.YieldFrom: "`yield`",
    gast.Await: "`await`",
    gast.AsyncFor: "an `async` loop",
    gast.AsyncWith: "an `async with`",
    gast.FunctionDef: "a `def`",
    gast.AsyncFunctionDef: "a `def`",
    gast.ClassDef: "a class definition",
    gast.Import: "an import",
    gast.ImportFrom: "an import",
    gast.Global: "`global`",
    gast.Nonlocal: "`nonlocal`",
    gast.Delete: "`del`",
    gast.Match: "a `match` statement",
}


def _refuse_bound_elsewhere(self: Lowering, node: gast.With, own: set[str]) -> None:
    """The block runs at another time than the function: they share no name that it binds."""
    todo: list[tuple[Any, set[str]]] = [(self.unit.tree, own)]
    while todo:
        other, shared = todo.pop()
        if other is node:
            continue
        if is_adjoint_code(self, other):
            bars = {p.optional_vars.id for p in other.items if p.optional_vars is not None}
            shared = shared - _bound(other.body) - bars
        if isinstance(other, gast.Name) and other.id in shared:
            what = f"`{other.id}` is bound in a block of `adjoint_of`, which runs later"
            self.refuse(what, "adjoint-of", other, "give it another name in the block")
        todo.extend((child, shared) for child in gast.iter_child_nodes(other))


def _resolved(self: Lowering, statement: Any, own: set[str], reads: set[str]) -> Any:
    """A statement of the block with its symbols; the variables that it reads are noted."""

    def resolve(node: Any) -> Any | None:
        if not isinstance(node, gast.Name) or node.id in own:
            return None
        if node.id in self.functions:
            what = f"a block of `adjoint_of` uses `{node.id}`, a function defined in this one"
            self.refuse(what, "adjoint-of", node, "define it at module level")
        if not self.is_local(node.id):
            return captured(self, node).expr
        reads.add(node.id)
        return name(node.id)

    return rebuild(statement, resolve)


# ---------------------------------------------------------------- the sweep


def name_adjoints(self: Backward, statements: list[AdjointCode]) -> None:
    """The sweep calls an adjoint as the user does; of two that have one name, the first."""
    for statement in statements:
        if statement.of not in self.bars and statement.bar not in self.bars.values():
            self.called(statement.of, statement.bar)


def adjoin_code(self: Backward, statement: AdjointCode) -> None:
    """The block, with an adjoint of its own to change; behind it, one that fits the value."""
    of = statement.of
    bar = self.adjoint(of)
    if of not in self.state.owned:
        self.emit(assign(bar.id, self.runtime("own", bar)))
    own = {statement.bar: bar}
    self.emit(Verbatim([substitute(s, own) for s in statement.code]))
    if statement.rebinds:
        self.emit(assign(bar.id, self.runtime("like", bar, name(of))))
    self.state.share(of, {FOREIGN})  # the user may have kept it
