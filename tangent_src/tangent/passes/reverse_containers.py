"""Adjoints of items, displays, unpacking, stores and pops: of parts, and of what has parts."""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.backward import Backward, entries, signed
from tangent.syntax.program import (
    SCATTER,
    Assign,
    Display,
    Item,
    Pop,
    Statement,
    Store,
    Unpack,
)
from tangent.syntax.trees import (
    as_argument,
    assign,
    augment,
    is_literal,
    item,
    literal,
    method_call,
    name,
)


def adjoin_item(self: Backward, statement: Assign, target: str, value: Item) -> None:
    base = value.base
    entry = _entry(self, target)
    if target == base:
        entry = self.hold(target, entry)
    if statement in self.facts.adjoints.keyed:
        _keyed(self, base, value.index.value, entry, target)
        return
    if target != base:
        self.make_whole(statement, base)
    self.buffer(base)
    place = item(name(self.bar(base)), value.index, store=True)
    simple = (
        _simple_index(self, value.index)
        and (target in self.state.arrays or self.facts.shapes.makes_numeric(statement, target))
        and not isinstance(entry, gast.Dict)
    )
    if simple:
        op, amount = signed(entry)
        self.emit(augment(place, op, amount))
    else:
        added = self.runtime("add_at", name(self.bar(base)), as_argument(value.index), entry)
        self.emit(gast.Expr(value=added))


def _entry(self: Backward, target: str) -> Any:
    """The adjoint of an item: as a display where it is one that nobody else reads."""
    pending = self.state.displays.pop(target, None)
    if pending is None:
        return self.adjoint(target)
    return entries(pending)


def _keyed(self: Backward, base: str, key: Any, entry: Any, target: str) -> None:
    display = self.state.displays.setdefault(base, {})
    self.state.present.add(base)
    if key not in display:
        display[key] = entry
        return
    summed = self.saved.names.fresh(
        f"{self.bar(base)}_{key}" if str(key).isidentifier() else self.bar(base)
    )
    self.emit(assign(summed, self.runtime("add", display[key], entry)))
    display[key] = name(summed)


def _simple_index(self: Backward, index: Any) -> bool:
    """Surely not an integer array: literals, loop counters, slices."""
    match index:
        case gast.Slice():
            return True
        case gast.Tuple(elts=elements):
            return all(_simple_index(self, e) for e in elements)
        case gast.Name(id=identifier):
            return identifier in self.indices
        case gast.BinOp(left=left, right=right):
            return _simple_index(self, left) and _simple_index(self, right)
        case gast.Constant(value=value):
            return value is None or value is Ellipsis or isinstance(value, (int, str))
    return is_literal(index)


def adjoin_display(self: Backward, statement: Statement, target: str, value: Display) -> None:
    pending = self.state.displays.pop(target, None)
    positions = (
        list(value.keys)
        if value.kind == "dict"
        else [literal(i) for i in range(len(value.elements))]
    )
    bar = name(self.bar(target))
    if pending is not None:  # the adjoint of the dict; an element of the same name has none yet
        self.drop(target)
    elif target in value.reads:
        bar = self.hold(target, bar)
    for key, element in zip(positions, value.elements, strict=True):
        if (
            not isinstance(element, gast.Name)
            or element.id not in self.facts.activity.operands[statement]
        ):
            continue
        if pending is None:
            self.contribute(
                element.id,
                item(bar, key),
                array=self.is_array(statement, element.id),
            )
        elif isinstance(key, gast.Constant) and key.value in pending:
            self.contribute(
                element.id,
                pending[key.value],
                array=self.is_array(statement, element.id),
            )


def adjoin_unpack(self: Backward, statement: Unpack) -> None:
    bars = []
    for target in statement.targets:
        known = target in self.state.present
        bars.append(self.adjoint(target) if known else self.runtime("zeros_like", name(target)))
    for target in statement.targets:
        self.drop(target)
    listed = gast.List(elts=bars, ctx=gast.Load())
    packed = self.runtime("pack_like", listed, name(statement.source))
    self.contribute(statement.source, packed, array=False)


def adjoin_store(self: Backward, statement: Store) -> None:
    if statement.operator is None:
        self.buffer(statement.base)
    place = item(self.adjoint(statement.base), statement.index)
    if statement.operator is not None and statement.operator != SCATTER:
        if not _simple_index(self, statement.index):
            bar = self.adjoint(statement.base)
            place = self.runtime("part", bar, as_argument(statement.index))
    if statement.operator is not None:
        sign = (
            gast.UnaryOp(op=gast.USub(), operand=place)
            if isinstance(statement.operator, gast.Sub)
            else place
        )
        taken = sign
    else:
        taken = self.runtime("take_out", self.adjoint(statement.base), as_argument(statement.index))
        if not (
            isinstance(statement.value, gast.Name)
            and statement.value.id in self.facts.activity.operands[statement]
        ):
            self.emit(gast.Expr(value=taken))
            return
    if (
        isinstance(statement.value, gast.Name)
        and statement.value.id in self.facts.activity.operands[statement]
    ):
        helper = "unbroadcast" if self.is_array(statement, statement.value.id) else "fit"
        conformed = self.runtime(helper, taken, statement.value)
        self.contribute(statement.value.id, conformed)


def adjoin_pop(self: Backward, statement: Pop, target: str, base: str) -> None:
    self.buffer(base)
    value = (
        self.adjoint(target)
        if target in self.state.present
        else self.runtime("zeros_like", name(target))
    )
    self.emit(gast.Expr(value=method_call(name(self.bar(base)), "append", value)))


def to_atom(self: Backward, statement: Statement, atom: Any, expr: Any) -> bool:
    active = self.facts.activity.operands[statement]
    if isinstance(atom, gast.Name) and atom.id in active:
        self.contribute(atom.id, expr, array=False)
        return True
    return False
