"""`with checkpoint("name"):` -> a checkpointed function of what its block reads, and a call of it.

    with checkpoint("attention"):               @checkpoint
        s = h @ K                      ->       def attention(h):
        h = softmax(s) @ V                          s = h @ K
                                                    h = softmax(s) @ V
                                                    return h
                                                h = attention(h)

Its parameters are the names that it reads in front of binding them anew; what it reads and leaves
alone is a variable of the function around.  It returns what is read outside of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.scheduled import is_checkpoint
from tangent.syntax.trees import name, stored


def is_block(self: Lowering, node: Any) -> bool:
    """Is a statement `with checkpoint("…"):`?"""
    return isinstance(node, gast.With) and any(
        is_checkpoint(self, part.context_expr) for part in node.items
    )


def outlined(self: Lowering, node: gast.With) -> list[Any]:
    """The function of a block, and its call."""
    wish = _name(self, node)
    for jump in _jumps(node.body):
        advice = "put the test around the block, or leave `checkpoint` out"
        self.refuse("a jump out of a checkpointed block", "checkpoint-block", jump, advice)
    bound = _bound(node.body)
    results = sorted(bound & _read_outside(self.unit.tree, node))
    exposed: dict[str, None] = {}
    sure = _scan(node.body, set(), exposed)
    exposed |= dict.fromkeys(r for r in results if r not in sure)
    parameters = [n for n in exposed if n in bound]
    whole = gast.Tuple(elts=[name(r) for r in results], ctx=gast.Load())
    value = name(results[0]) if len(results) == 1 else whole
    function = self.names.fresh(wish)
    self.local.add(function)
    made = [
        _function(function, parameters, [*node.body, gast.Return(value=value)], node),
        _call(function, parameters, results),
    ]
    for one in made:
        for part in gast.walk(one):
            if not hasattr(part, "lineno"):
                gast.copy_location(part, node)
    return made


def _name(self: Lowering, node: gast.With) -> str:
    context = node.items[0].context_expr
    args = context.args if isinstance(context, gast.Call) else []
    text = args[0].value if len(args) == 1 and isinstance(args[0], gast.Constant) else None
    fits = len(node.items) == 1 and node.items[0].optional_vars is None
    if not isinstance(text, str) or not fits or context.keywords:
        advice = 'write `with checkpoint("name"):`, and nothing else in the line'
        self.refuse("a checkpointed block has a name", "checkpoint-block", context, advice)
    return re.sub(r"\W+|^(?=\d)", "_", str(text)).strip("_") or "block"


def _function(function: str, parameters: list[str], body: list[Any], node: gast.With) -> Any:
    own = [
        gast.Name(id=p, ctx=gast.Param(), annotation=None, type_comment=None) for p in parameters
    ]
    return gast.FunctionDef(
        name=function,
        args=gast.arguments(own, [], None, [], [], None, []),
        body=body,
        decorator_list=[node.items[0].context_expr.func],
        returns=None,
        type_comment=None,
        type_params=[],
    )


def _call(function: str, parameters: list[str], results: list[str]) -> Any:
    called = gast.Call(func=name(function), args=[name(p) for p in parameters], keywords=[])
    if not results:
        return gast.Expr(value=called)
    several = gast.Tuple(elts=[stored(r) for r in results], ctx=gast.Store())
    target = stored(results[0]) if len(results) == 1 else several
    return gast.Assign(targets=[target], value=called, type_comment=None)


# ---------------------------------------------------------------- names


def _scan(body: list[Any], sure: set[str], exposed: dict[str, None]) -> set[str]:
    """The names that a block binds for sure; `exposed` are read where they may not be bound."""
    for node in body:
        match node:
            case gast.If():
                _read(node.test, sure, exposed)
                first = _scan(node.body, set(sure), exposed)
                sure = first & _scan(node.orelse, set(sure), exposed)
            case gast.For() | gast.While():
                header = node.iter if isinstance(node, gast.For) else node.test
                _read(header, sure, exposed)
                inside = _stores(node.target) if isinstance(node, gast.For) else set()
                _scan(node.body, sure | inside, exposed)
                sure = _scan(node.orelse, set(sure), exposed)
            case gast.With():
                sure = _scan(node.body, sure, exposed)
            case _:
                _read(node, sure, exposed)
                sure = sure | _stores(node)
    return sure


def _read(node: Any, sure: set[str], exposed: dict[str, None]) -> None:
    augmented = isinstance(node, gast.AugAssign)
    names = (n for n in gast.walk(node) if isinstance(n, gast.Name))
    for one in names:
        reads = isinstance(one.ctx, gast.Load) or (augmented and one is node.target)
        if reads and one.id not in sure:
            exposed.setdefault(one.id)


def _stores(node: Any) -> set[str]:
    names = (n for n in gast.walk(node) if isinstance(n, gast.Name))
    return {n.id for n in names if isinstance(n.ctx, gast.Store)}


def _bound(body: Iterable[Any]) -> set[str]:
    return {n for statement in body for n in _stores(statement)}


def _read_outside(tree: Any, block: gast.With) -> set[str]:
    """The names that a function reads outside of one of its blocks; in a loop also those that the
    block itself reads in front of binding them.
    """
    found: set[str] = set()
    todo = [tree]
    while todo:
        node = todo.pop()
        if node is block or (isinstance(node, gast.With) and node.body is block.body):
            exposed: dict[str, None] = {}
            _scan(block.body, set(), exposed)
            found |= set(exposed)
            continue
        if isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Store):
            found.add(node.id)
        if isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name):
            found.add(node.target.id)
        todo.extend(gast.iter_child_nodes(node))
    return found


def _jumps(body: list[Any], loop: bool = False) -> Iterator[Any]:
    """The jumps that leave a block."""
    for node in body:
        if isinstance(node, gast.Return) or (
            not loop and isinstance(node, (gast.Break, gast.Continue))
        ):
            yield node
        elif isinstance(node, (gast.For, gast.While)):
            yield from _jumps(node.body, True)
            yield from _jumps(node.orelse, loop)
        elif isinstance(node, gast.If):
            yield from _jumps([*node.body, *node.orelse], loop)
        elif isinstance(node, gast.With):
            yield from _jumps(node.body, loop)
