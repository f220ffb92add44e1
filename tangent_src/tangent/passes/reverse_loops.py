"""Branches and loops, reversed: the same test, the same items from last to first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.analyses.recording import Block
from tangent.passes.backward import Backward
from tangent.passes.replay import backward_loop
from tangent.syntax.printing import Noted
from tangent.syntax.program import (
    Append,
    Assign,
    Call,
    For,
    If,
    Item,
    Pop,
    Statement,
    Store,
    assigned,
    every,
    targets,
)
from tangent.syntax.trees import (
    assign,
    branch,
    call,
    item,
    literal,
    name,
    names_in,
    same,
    stored,
)


def reverse_branches(self: Backward, statement: If) -> None:
    if statement not in self.facts.plan.needs.reversed:
        for one in sorted(self.facts.adjoints.used_up[statement] & self.state.present):
            self.drop(one)
        return
    self.at = statement
    _settle(self, statement)
    start, headed = self.state.copy(), self.headed
    codes, ends = [], []
    for body in (statement.body, statement.orelse):
        self.state = start.copy()
        self.headed = headed if headed == statement.origin.line else None
        codes.append(_nested(self, lambda body=body: _inside(self, body)))  # type: ignore[misc]
        ends.append(self.state)
    union = ends[0].present | ends[1].present
    for position, end in enumerate(ends):
        self.state, self.at = end, statement
        codes[position] += _nested(self, lambda: _zeros(self, union, statement))
    self.state = ends[0]
    self.state.meet(ends[1])
    self.state.arrays &= ends[1].arrays
    self.state.views |= ends[1].views
    noted = headed == statement.origin.line
    self.headed = headed if noted else None
    if codes[0] or codes[1]:
        made = branch(statement.test.expr, codes[0], codes[1])
        self.emit(made if noted else Noted(made, str(statement.origin.line)))


def reverse_loop(self: Backward, loop: For) -> None:
    if loop not in self.facts.plan.needs.reversed:
        return
    self.at = loop
    _settle(self, loop)
    before, _ = self.facts.adjoints.zeros[loop]
    entry = self.facts.adjoints.collected.get(loop)
    keyed = entry.value.base if entry is not None else None  # type: ignore[attr-defined]
    if keyed is not None:
        self.emit(assign(self.bar(keyed), gast.Dict(keys=[], values=[])))
        self.state.present.add(keyed)
        self.state.own(keyed)
    _zeros(self, before | self.facts.adjoints.maybe[loop], loop)
    for base in sorted(_written_into(self, loop) & (self.state.present - self.state.owned)):
        self.buffer(base)
    required = set(self.state.present)
    owned, arrays, views = (set(s) for s in (self.state.owned, self.state.arrays, self.state.views))
    bound = {
        t for s in every(loop.whole) for t in targets(s) if not self.is_shadow(t) or t != into(s)
    }
    self.state.owned -= bound  # at the head of a later iteration nothing is known of them
    self.state.groups = {}
    kept = frozenset(self.state.owned)
    self.state.arrays -= bound
    self.headed = None
    self.indices.append(loop.index)
    body = _nested(self, lambda: _loop_body(self, loop, required, keyed, kept))
    self.indices.pop()
    self.state.present, self.state.groups = required, {}
    self.state.owned &= owned
    self.state.arrays &= arrays
    self.state.views |= views
    self.headed = None
    if loop in self.facts.plan.checkpoints.loops:
        self.code += backward_loop(self, loop, body)
    elif body:
        self.emit(_header(self, loop, body))


def _inside(self: Backward, body: Block) -> None:
    self.block(body)
    for one in sorted(self.state.displays):
        self.flush_display(one)


def _loop_body(
    self: Backward, loop: For, required: set[str], keyed: str | None, owned: frozenset[str]
) -> None:
    _inside(self, loop.whole)
    self.at = loop
    for one in sorted(self.state.present - required):
        self.state.leave(one)
    _apart(self, required, owned)
    for one in sorted(required - self.state.present):  # of what kind its value was is not known
        self.emit(assign(self.bar(one), literal(0.0)))
        self.state.present.add(one)
        self.state.own(one)
    if keyed is not None:
        self.code = [
            _assigning(n, self.bar(keyed), self.facts.symbols.runtime("add_at")) for n in self.code
        ]


def _apart(self: Backward, carried: set[str], owned: frozenset[str]) -> None:
    """What an iteration hands on shows no memory that the next one takes for owned."""
    for one in sorted(self.state.groups.keys() & carried - owned):
        if self.state.groups.get(one, frozenset()) & owned:
            self.emit(assign(self.bar(one), self.runtime("private", name(self.bar(one)))))
            self.state.own(one)


def _nested(self: Backward, write: Callable[[], None]) -> list[Any]:
    outer, self.code = self.code, []
    write()
    made, self.code = self.code, outer
    return made


def _settle(self: Backward, statement: Statement) -> None:
    """In front of a nested block: collected dicts get their names, values read inside are put
    back, and so are entries whose keys get other values inside.
    """
    for one in sorted(self.state.displays):
        self.flush_display(one)
    needs = self.facts.plan.reads
    wanted: set[str] = set()
    for inner in every((statement,)):
        wanted |= needs.read_before(inner) | needs.read_after(inner)
        for save in self.facts.plan.saves_at(inner):
            wanted |= {save.name, save.memory or save.name}
        if isinstance(inner, Assign) and inner in self.facts.plan.repeated:
            wanted |= {inner.target, *inner.value.reads}
    changed = wanted | assigned((statement,))
    users = {one for one, used in self.state.using.items() if used & changed}
    self.put_back(wanted | users)


def _zeros(self: Backward, names: frozenset[str] | set[str], behind: Statement) -> None:
    """Set adjoints that are not set yet to zero; a plain 0.0 where the name may be unbound, or the
    need was not foreseen.
    """
    for one in sorted(names):
        if self.viewed(one):
            owner = self.facts.shadows.bases(behind, one)[-1]
            if not self.views_of(owner):
                self.make_whole(behind, owner)
            self.buffer(one)
        if one in self.state.present:  # perhaps for a view of it
            continue
        foreseen = one in self.facts.adjoints.inits(behind)
        bound = foreseen and one in self.facts.bound[behind]
        if bound and isinstance(behind, If):
            self.put_back({one})
        collects = _collects(behind, one) and not self.is_shadow(one)
        helper = "blank_like" if collects else "zeros_like"
        zero = self.runtime(helper, name(one)) if bound else literal(0.0)
        self.emit(assign(self.bar(one), zero))
        self.state.present.add(one)
        self.state.own(one)


def _collects(behind: Statement, one: str) -> bool:
    """Is the adjoint of what a loop runs over collected entry by entry, where memory is dear?"""
    if not isinstance(behind, For) or behind.simple != one or behind.count is not None:
        return False
    inside = [s.value for s in every(behind.whole) if isinstance(s, Assign)]
    bases = [v.base for v in inside if isinstance(v, Item)]
    recalled = any(isinstance(v, Call) and v.callee.checkpointed for v in inside)
    return recalled and bases.count(one) == 1 and one not in assigned(behind.whole)


def _written_into(self: Backward, loop: For) -> set[str]:
    """Names whose adjoints are written into, entry by entry, in a loop."""
    found = set()
    for statement in every((loop,)):
        if statement not in self.facts.adjoints.emitted:
            continue
        if isinstance(statement, Assign) and isinstance(statement.value, Item):
            found.add(statement.value.base)
        elif isinstance(statement, (Store, Append, Pop)):
            found.add(statement.base)
    found -= assigned(loop.whole)
    shadows, touched = self.facts.shadows, self.facts.adjoints.touched
    for statement in every((loop,)):
        for one in touched.get(statement, ()):
            found.update(shadows.bases(statement, one))
    return found | {
        s.base
        for s in every((loop,))
        if isinstance(s, (Store, Append, Pop)) and s in self.facts.adjoints.emitted
    }


def _header(self: Backward, loop: For, body: list[Any]) -> Any:
    """`for i in reversed(range(n))`, or over the items themselves where that is all the body
    reads.
    """
    reads = {n for s in body for n in names_in(s)}
    item_read = _item_of(self, loop, body)
    if item_read is not None:
        position, target, sequence = item_read
        rest = body[:position] + body[position + 1 :]
        if loop.index not in {n for s in rest for n in names_in(s)}:
            if loop.count is not None:
                self.indexed.add(loop)
                sequence = item(sequence, gast.Slice(None, name(loop.count), None))
            return _for(name(target), call("@builtin:reversed", sequence), rest)
    if loop.index not in reads:
        return _for(name("_"), loop.passed, body)
    self.indexed.add(loop)
    return _for(name(loop.index), _reversed(loop.passed), body)


def _item_of(self: Backward, loop: For, body: list[Any]) -> tuple[int, str, Any] | None:
    if len(loop.items) != 1 or not isinstance(loop.items[0], Assign):
        return None
    first = loop.items[0]
    expr = first.value.expr
    if not isinstance(expr, gast.Subscript) or not same(expr.slice, name(loop.index)):
        return None
    if sum(first.target in assigned((s,)) for s in loop.whole) != 1:
        return None
    for position, node in enumerate(body):
        if isinstance(node, gast.Assign) and same(node, assign(first.target, expr)):
            return position, first.target, expr.value
    return None


def _for(target: Any, header: Any, body: list[Any]) -> Any:
    bound = stored(target.id)
    return gast.For(target=bound, iter=header, body=body, orelse=[], type_comment=None)


def _reversed(header: Any) -> Any:
    if (
        isinstance(header, gast.Subscript)
        and isinstance(header.slice, gast.Slice)
        and header.slice.step is not None
    ):
        return header.value  # range(n)[::-1], backwards
    return call("@builtin:reversed", header)


def _assigning(node: Any, bar: str, add_at: str) -> Any:
    """`add_at(bar, key, value)` as `bar[key] = value`."""
    made = node.value if isinstance(node, gast.Expr) else None
    if (
        isinstance(made, gast.Call)
        and same(made.func, name(add_at))
        and same(made.args[0], name(bar))
    ):
        return assign(
            item(name(bar), made.args[1], store=True), made.args[2]
        )  # a key, never a slice
    if (
        isinstance(node, gast.AugAssign)
        and isinstance(node.target, gast.Subscript)
        and same(node.target.value, name(bar))
    ):
        return assign(node.target, node.value)
    return node
