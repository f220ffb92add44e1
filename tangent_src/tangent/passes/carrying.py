"""Nested functions that change variables of the function around: they get them, and give them back.

    def add(v):                         def add(v, *, total):
        nonlocal total                      total = total + v
        total = total + v       ->          return total, total
        return total
    y = 2 * add(x)                      t1, total = add(x, total=total)
                                        y = 2 * t1

So do functions that call themselves and change a list or dict of the function around.  It is copied
where it changes, since the backward sweep may ask for what it was:

    if n not in memo:                   if n not in memo:
        memo[n] = x * f(n - 1)              t1, memo = f(n - 1, memo=memo)
    return memo[n]              ->          memo = memo.copy()
                                            memo[n] = x * t1
                                        return memo[n], memo

This is done to the text before anything looks at it, so that each binding of a variable is seen.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.carriers import Carriers, carriers, mutates, statement_nodes
from tangent.passes.functions import held
from tangent.passes.lowering import Lowering, atom_value
from tangent.passes.templates import named, placed
from tangent.passes.tuples import held_in
from tangent.syntax.program import Copy, Item, Plain, Value
from tangent.syntax.trees import (
    item,
    literal,
    method_call,
    name,
    names_in,
    rebuild,
    replaced,
    stored,
)

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Carried(gast.expr):  # type: ignore[misc]
    """A call whose result is `(value, *targets)`: it binds the targets, and gives the value."""

    _fields = ("call", "targets", "counters")


class Held(gast.expr):  # type: ignore[misc]
    """The value that a name has where it is read, whatever a later part of the statement does."""

    _fields = ("name",)


def carried(self: Lowering, node: Carried) -> Value:
    """The value of such a call; the variables are bound in front of it."""
    result = named(self, node.call, node)
    targets = tuple(t.id for t in node.targets)
    for target in targets:
        self.functions.pop(target, None)
    if held := held_in(self, result.id, [result, *node.targets]):
        for target, part in zip(targets, held[1:], strict=True):
            self.emit(target, atom_value(part))
        return atom_value(held[0])
    one = self.names.temporary()
    if node.counters:
        parts = (one, *targets)
        for position, target in enumerate(parts):
            self.emit(target, _part(result, position, target in node.counters))
    else:
        self.unpack((one, *targets), result.id)
    return Copy(name(one), frozenset({one}), one)


def _part(whole: Any, position: int, counts: bool) -> Value:
    """An item of a tuple; that of a number that counts something has no derivative."""
    index = literal(position)
    part, reads = item(whole, index), frozenset({whole.id})
    return Plain(part, reads, scalar=True) if counts else Item(part, reads, whole.id, index)


def kept(self: Lowering, node: Held) -> Value:
    one = held(self, node.name)
    self.local.update(names_in(one))
    return atom_value(one)


def with_carried(self: Lowering, tree: Any) -> Any:
    """The function, where nested functions get the variables that they change."""
    known = carriers(self, tree)
    if not known.variables:
        return tree
    return replaced(tree, body=_Writer(self, known).body(tree.body))


class _Writer:
    def __init__(self, lowering: Lowering, known: Carriers) -> None:
        self.lowering, self.known = lowering, known
        self.copied: tuple[str, ...] = ()  # where we are
        self.counters: frozenset[str] = frozenset()

    def body(self, nodes: list[Any]) -> list[Any]:
        code: list[Any] = []
        for node in nodes:
            if isinstance(node, gast.FunctionDef) and node.name in self.known.variables:
                code.append(self.function(node))
            else:
                code += self.statement(node)
        return code

    def function(self, node: gast.FunctionDef) -> gast.FunctionDef:
        """`def f(…, *, total)`, with `return value, total`."""
        variables = self.known.variables[node.name]
        own = [gast.Name(v, gast.Param(), None, None) for v in variables]
        args = replaced(
            node.args,
            kwonlyargs=[*node.args.kwonlyargs, *(placed(a, node) for a in own)],
            kw_defaults=[*node.args.kw_defaults, *(None for _ in own)],
        )
        body = [s for s in node.body if not isinstance(s, gast.Nonlocal)]
        self.copied = tuple(v for v in self.known.copied if v in variables)
        self.counters = self.known.counters & set(variables)
        if not body or not isinstance(body[-1], gast.Return):
            end = gast.copy_location(gast.Return(value=literal(None)), (body or [node])[-1])
            body.append(placed(end, node))
        body = _giving(self.body(body), variables)
        self.copied, self.counters = (), frozenset()
        return replaced(node, args=args, body=body)

    def statement(self, node: Any) -> list[Any]:
        if isinstance(node, (gast.FunctionDef, gast.ClassDef, gast.Nonlocal)):
            return [] if isinstance(node, gast.Nonlocal) else [node]
        fields = {f: getattr(node, f) for f in _BLOCKS if isinstance(getattr(node, f, None), list)}
        new: dict[str, Any] = {f: self.body(inner) for f, inner in fields.items()}
        for field, part in vars(node).items():
            if field not in fields and not field.endswith(("lineno", "offset")):
                new[field] = self.expressions(part)
        return self.copies(node, self.kept(self.counted(replaced(node, **new))))

    def counted(self, node: Any) -> Any:
        """`n += 1` as `n = n + 1`: a number is bound anew, and no argument is written into."""
        match node:
            case gast.AugAssign(target=gast.Name(id=one)) if one in self.counters:
                new = gast.BinOp(left=name(one), op=node.op, right=node.value)
                return placed(gast.Assign([node.target], new, None), node)
        return node

    def expressions(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self.expressions(p) for p in part]
        return rebuild(part, self.call) if isinstance(part, gast.AST) else part

    def call(self, node: Any) -> Any | None:
        """`f(x)` as a call that gets the variables, and binds them."""
        if not isinstance(node, gast.Call) or getattr(node.func, "id", "") not in (
            self.known.variables
        ):
            return None
        variables = self.known.variables[node.func.id]
        words = [gast.keyword(v, name(v)) for v in variables]
        call = replaced(
            node,
            args=self.expressions(node.args),
            keywords=[*self.expressions(node.keywords), *words],
        )
        targets = [stored(v) for v in variables]
        counters = self.known.counters & set(variables)
        made = Carried(call=call, targets=targets, counters=counters)
        return placed(gast.copy_location(made, node), node)

    def kept(self, node: Any) -> Any:
        """What is read of a number or array in front of a call that binds it anew is kept."""
        calls = [n for n in statement_nodes(node) if isinstance(n, Carried)]
        last: dict[str, tuple[int, int]] = {}
        for one in calls:
            for target in one.targets:
                if target.id not in self.known.copied:
                    last[target.id] = max(_place(one), last.get(target.id, (0, 0)))
        given = {id(k.value) for c in calls for k in c.call.keywords[-len(c.targets) :]}

        def change(n: Any) -> Any | None:
            if isinstance(n, gast.stmt) and n is not node:
                return n
            early = isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load) and n.id in last
            if not early or id(n) in given or _place(n) >= last[n.id]:
                return None
            return gast.copy_location(Held(name=n), n)

        return rebuild(node, change) if last else node

    def copies(self, old: Any, node: Any) -> list[Any]:
        """A statement, with copies of the containers that it changes in front of it."""
        changed = [v for v in self.copied if any(mutates(n, v) for n in statement_nodes(old))]
        code: list[Any] = []
        if not changed:
            return [node]
        if any(isinstance(n, Carried) for n in statement_nodes(node)):
            value = node.value if isinstance(node, gast.Assign) else node.value.args[0]
            held = self.lowering.flag("value")
            code.append(gast.Assign([stored(held)], value, None))
            instead = name(held)
            if isinstance(node, gast.Assign):
                node = replaced(node, value=instead)
            else:
                node = replaced(node, value=replaced(node.value, args=[instead]))
        for one in changed:
            code.append(gast.Assign([stored(one)], method_call(name(one), "copy"), None))
        return [placed(s, old) for s in [*code, node]]


def _giving(body: list[Any], variables: tuple[str, ...]) -> list[Any]:
    """`return value, total` for `return value`."""

    def change(node: Any) -> Any | None:
        if isinstance(node, (gast.FunctionDef, gast.ClassDef, gast.expr)):
            return node
        if not isinstance(node, gast.Return):
            return None
        value = node.value if node.value is not None else literal(None)
        whole = gast.Tuple([value, *map(name, variables)], gast.Load())
        return replaced(node, value=placed(whole, node.value or node))

    return [rebuild(s, change) for s in body]


def _place(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset
