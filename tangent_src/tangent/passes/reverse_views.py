"""Adjoints of views and of updates of what views show.

row = A[i]               ->      row_bar = A_bar[i]      where the sweep meets it first
row *= f                         …
                                 row_bar *= f
                                 (nothing at the statement that took the view)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from tangent.analyses.terms import ADJOINT, HERE, RESULT, SHAPE, Term
from tangent.analyses.versions import base_of
from tangent.passes.backward import Backward
from tangent.passes.reverse_containers import in_place
from tangent.syntax.program import Apply, Assign, Augment, Copy, Item
from tangent.syntax.trees import as_argument, assign, literal, name, names_in, rebuild, same


def merge(self: Backward, maker: Assign) -> None:
    """What was no view after all (a number, a copy) has an adjoint of its own: it is added."""
    view, base = maker.target, base_of(maker)
    bar, whole = name(self.bar(view)), name(self.bar(base))
    value = maker.value
    if isinstance(value, Item):
        added = self.runtime("add_at", whole, as_argument(value.index), bar)
        body = [gast.Expr(value=added)]
    elif isinstance(value, Copy):
        body = [assign(self.bar(base), self.runtime("accumulate", whole, bar))]
    else:
        assert isinstance(value, Apply)
        outer, self.code = self.code, []
        for term in self.facts.terms.terms[maker]:
            expr = rebuild(term.expr, lambda n: bar if same(n, name(ADJOINT)) else None)
            self.contribute(base, expr)
        body, self.code = self.code, outer
    test = gast.UnaryOp(op=gast.Not(), operand=self.runtime("shared", bar, whole))
    self.emit(gast.If(test=test, body=body, orelse=[]))


def update_shadow(self: Backward, statement: Augment, results: dict[str, str]) -> None:
    """`v *= w`: the adjoint of `v` is changed where it stands, after `w` has its part of it.

    Where `w` may show the same memory, the adjoint of `v` is taken, and changed, first.
    """
    from tangent.passes.reverse import array_term, conformed

    def give(bar: Any) -> None:
        fill = _filler(bar, held)
        for term in others:
            array = array_term(self, statement, term)  # `accumulate` adds lists, too
            self.contribute(term.operand, conformed(self, term, fill(term.expr)), array)

    target = statement.target
    bar = name(self.bar(target))
    held = name(results.get(target, target))
    terms = self.facts.terms.terms[statement]
    own = [t for t in terms if t.operand == target]
    others = [t for t in terms if t.operand != target]
    memory = self.facts.shadows.memory
    if any(memory.get(t.operand) == memory[target] for t in others):
        kept = name(self.saved.names.fresh(f"{target}_bar"))
        self.emit(assign(kept.id, self.runtime("own", bar)))
        _change(self, target, own, _filler(kept, held))
        give(kept)
    else:
        give(bar)
        _change(self, target, own, _filler(bar, held))


def _filler(bar: Any, held: Any) -> Callable[[Any], Any]:
    values = {ADJOINT: bar, RESULT: held}
    return lambda node: rebuild(
        node, lambda n: values.get(n.id) if isinstance(n, gast.Name) else None
    )


def _change(self: Backward, target: str, own: list[Term], fill: Callable[[Any], Any]) -> None:
    """The adjoint of the old value, in place of that of the new one."""
    bar = self.bar(target)
    parts = [fill(t.expr) for t in own]
    if not parts:
        return
    total = parts[0]
    for other in parts[1:]:
        total = gast.BinOp(left=total, op=gast.Add(), right=other)
    if same(total, name(bar)):
        return
    zero = same(total, self.runtime("zeros_like", name(target)))
    if not self.facts.shadows.surely_array(target):  # of a list this would be nonsense
        total = self.runtime(*(("zeros_like",) if zero else ("unbroadcast", total)), name(bar))
        self.emit(assign(bar, self.runtime("overwrite", name(bar), total)))
        return
    changed = in_place(name(bar), total)
    if changed is not None and not names_in(total.right) & {bar}:
        self.emit(changed)
    else:
        total = literal(0) if zero else total
        self.emit(assign(gast.Subscript(name(bar), gast.Constant(..., None), gast.Store()), total))


_ = (HERE, SHAPE)
