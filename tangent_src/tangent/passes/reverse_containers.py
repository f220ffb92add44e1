"""Adjoints of items, displays, unpacking, stores and pops: of parts, and of what has parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gast

from tangent.analyses.parts import is_sliced
from tangent.analyses.terms import ADJOINT, OLD, RESULT, linear_store
from tangent.errors import UnsupportedSyntax
from tangent.passes.backward import Backward, entries, fresh, signed
from tangent.passes.objects import class_in
from tangent.syntax.program import (
    INTO,
    RESTORE,
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
    call,
    is_field,
    is_literal,
    item,
    literal,
    method_call,
    name,
    rebuild,
    same,
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
    shadows = self.facts.shadows
    if is_field(value.index):
        bar, key = name(self.bar(base)), literal(value.index.value)
        if base in shadows.deep:  # surely an attribute, of what was made here
            added = self.runtime("add_into", bar, key, entry)
        else:
            helper = "add_into_field" if base in shadows.perhaps else "add_field"
            added = self.runtime(helper, bar, name(base), key, entry)
        self.emit(gast.Expr(value=added))
        return
    if _adds_axes(value.index) and base not in self.facts.shadows.memory:
        bar = name(self.bar(base))
        self.emit(
            assign(bar.id, gast.BinOp(bar, gast.Add(), self.runtime("reshape_like", entry, bar)))
        )
        return
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
        helper = "add_into" if base in shadows.deep | shadows.perhaps else "add_at"
        added = self.runtime(helper, name(self.bar(base)), as_argument(value.index), entry)
        self.emit(gast.Expr(value=added))


def _adds_axes(index: Any) -> bool:
    """Does an index only give all elements further axes, as that of a number may?"""
    parts = index.elts if isinstance(index, gast.Tuple) else [index]
    return all(isinstance(p, gast.Constant) and (p.value is None or p.value is ...) for p in parts)


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
        [literal(k.value) if is_field(k) else k for k in value.keys]
        if value.kind in ("dict", "object")
        else [literal(i) for i in range(len(value.elements))]
    )
    if value.kind == "object" and pending is None and self.facts.symbols.untyped:
        held = [literal(k.value) for k in value.keys]
        known = call(self.facts.symbols.runtime("only_fields"), name(self.bar(target)), *held)
        known.keywords = [gast.keyword(arg="of", value=cls) for cls in class_in(value)]
        self.emit(assign(self.bar(target), known))
    if value.kind == "object" and pending is not None:
        _refuse_computed(statement, value, pending)
    bar = name(self.bar(target))
    if pending is not None:  # the adjoint of the dict; an element of the same name has none yet
        self.drop(target)
        self.state.displays[f"{target}%"] = (
            pending  # what an element's adjoint is, whoever is bound
        )
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
            entry = pending.pop(key.value)
            self.contribute(element.id, entry, array=self.is_array(statement, element.id))
    self.state.displays.pop(f"{target}%", None)


def _refuse_computed(statement: Statement, value: Display, pending: Any) -> None:
    held = [k.value for k in value.keys]
    for attribute in pending:
        if attribute not in held:
            raise UnsupportedSyntax(
                f"`{attribute}` is no attribute that the object itself holds",
                code="attribute",
                location=statement.origin.location,
                help="call a method that computes it",
            )


def adjoin_unpack(self: Backward, statement: Unpack) -> None:
    bars = []
    for target in statement.targets:
        known = target in self.state.present
        bars.append(self.adjoint(target) if known else self.runtime("zeros_like", name(target)))
    for target in statement.targets:
        self.drop(target)
    packed: Any = gast.List(elts=bars, ctx=gast.Load())
    if statement not in self.facts.plan.reversals:  # of which it is known what is unpacked
        packed = self.runtime("pack_like", packed, name(statement.source))
    self.contribute(statement.source, packed, array=False)


def of_adjoint(bar: Any, index: Any, *, store: bool = False) -> Any:
    """A part of an adjoint: that of an object is a dict."""
    return item(bar, literal(index.value) if is_field(index) else index, store=store)


def adjoin_store(self: Backward, statement: Store) -> None:
    """`u[i] = v` is take, zero, add; `u[i] += v` leaves the adjoint of `u[i]` as it is."""
    shown = _shown(self, statement)
    if not linear_store(statement):
        _adjoin_update(self, statement)
    elif statement.operator == RESTORE:
        taken = _take(self, statement)
        self.emit(gast.Expr(value=taken)) if shown is None else _give_entry(self, shown, taken)
    elif statement.operator is not None:
        if shown is not None:
            place = of_adjoint(self.adjoint(statement.base), statement.index)
            if statement.operator not in (SCATTER, INTO) and not _simple_index(
                self, statement.index
            ):
                place = _credited(self, statement)
            if isinstance(statement.operator, gast.Sub):
                place = gast.UnaryOp(op=gast.USub(), operand=place)
            _give(self, statement, shown, place)
    else:
        if shown is not None and _may_stand(self, statement, shown):
            _unless_there(self, statement, shown)
        elif shown is not None and _takes_all(self, statement, shown):
            _hand_over(self, statement, lambda part: self.contribute(shown, part))
        else:
            taken = _take(self, statement)
            if shown is not None:
                _give(self, statement, shown, taken)
            elif isinstance(taken, gast.Call):
                self.emit(gast.Expr(value=taken))
        _leave_nothing(self, statement)


def _may_stand(self: Backward, statement: Store, value: str) -> bool:
    """May what is stored stand there already, since it is a part of what it is stored into?"""
    array = self.is_array(statement, statement.base)
    return not array and statement.base in self.facts.shadows.bases(statement, value)


def _unless_there(self: Backward, statement: Store, value: str) -> None:
    """What was put where it stood has its adjoint there already."""
    self.buffer(statement.base)
    self.buffer(value)
    bar = name(self.bar(value))
    there = name(self.bar(statement.base)), as_argument(statement.index)
    same_one = self.runtime("shared", bar, self.runtime("credited", *there))
    outer, self.code = self.code, []
    _give(self, statement, value, _take(self, statement))
    body, self.code = self.code, outer
    test = gast.UnaryOp(op=gast.Not(), operand=same_one)
    self.emit(gast.If(test=test, body=body, orelse=[]))


def _give_entry(self: Backward, kept: str, taken: Any) -> None:
    """The adjoint of an entry that was put back: of what `entry` found, which may be nothing."""
    self.contribute(kept, self.runtime("entry_adjoint", taken, name(kept)), array=False)


def _leave_nothing(self: Backward, statement: Store) -> None:
    """Where a container went into another one, what stood there before may have been any."""
    base, value = statement.base, statement.value
    if self.is_shadow(base) or not self.facts.sharing.container(statement):
        return
    if not isinstance(value, gast.Name) or self.is_array(statement, value.id):
        return
    if not isinstance(statement.index, gast.Slice):
        place = of_adjoint(name(self.bar(base)), statement.index, store=True)
        self.emit(assign(place, literal(0.0)))


def _shown(self: Backward, statement: Store) -> str | None:
    """The stored value, if it carries an adjoint."""
    value = statement.value
    active = self.facts.activity.operands[statement]
    return value.id if isinstance(value, gast.Name) and value.id in active else None


def _credited(self: Backward, statement: Store) -> Any:
    """The adjoint of what was written: where an index repeats, the last writer's alone."""
    return self.runtime("credited", self.adjoint(statement.base), as_argument(statement.index))


def _give(self: Backward, statement: Store, operand: str, taken: Any) -> None:
    if statement in self.facts.terms.fitting:
        self.contribute(operand, taken)
        return
    array = self.is_array(statement, operand)
    expr = self.runtime("unbroadcast" if array else "fit", taken, name(operand))
    if not statement.replaces:  # `add_at` and `add_into` add lists and dicts, too
        plain = isinstance(statement.operator, gast.operator)
        array = array or plain or self.is_array(statement, statement.base)
    self.contribute(operand, expr, array=array)


def _takes_all(self: Backward, statement: Store, operand: str) -> bool:
    """Is the adjoint of the part, as it is, the whole adjoint of the operand so far?"""
    fitting = _is_slice(self, statement) and statement in self.facts.terms.fitting
    apart = not self.viewed(operand) and not self.is_shadow(operand)
    return fitting and apart and operand not in self.state.present


def _is_slice(self: Backward, statement: Store) -> bool:
    """Is it surely a slice of an array that is written to?"""
    index = statement.index
    sliced = is_sliced(index) and _simple_index(self, index)
    return sliced and self.is_array(statement, statement.base)


def _hand_over(self: Backward, statement: Store, take: Callable[[Any], None]) -> None:
    """The adjoint of a slice, which becomes zero: a copy, since what it goes to may overlap it."""
    base, index = statement.base, statement.index
    self.buffer(base)
    take(method_call(of_adjoint(name(self.bar(base)), index), "copy"))
    self.emit(assign(of_adjoint(name(self.bar(base)), index, store=True), literal(0)))


def _take(self: Backward, statement: Store) -> Any:
    """The adjoint of a part, which becomes zero."""
    base, index = statement.base, statement.index
    if not _is_slice(self, statement):
        self.buffer(base)
        shadows, bar, place = self.facts.shadows, name(self.bar(base)), as_argument(index)
        if shadows.enters(statement):
            return self.runtime("take_back", bar, place, name(base))
        return self.runtime("take_out", bar, place)
    taken = self.saved.names.fresh(f"{self.bar(base)}_part")
    self.saved.names.made.append(taken)
    _hand_over(self, statement, lambda part: self.emit(assign(taken, part)))
    return name(taken)


def _adjoin_update(self: Backward, statement: Store) -> None:
    """`u[i] *= v` and its kin: by the partials of the operator."""
    base, index = statement.base, statement.index
    terms = {t.operand: t for t in self.facts.terms.terms.get(statement, ())}
    self.buffer(base)
    bar = name(self.bar(base))
    direct = self.is_array(statement, base) and _simple_index(self, index)
    direct = direct and not _same_memory(self, base, terms)
    taken = of_adjoint(bar, index) if direct else _take(self, statement)
    if not direct and not isinstance(taken, gast.Name):
        if not terms:  # a staircase: nothing arrives anywhere
            self.emit(gast.Expr(value=taken))
            return
        held = self.saved.names.fresh(f"{self.bar(base)}_part")
        self.emit(assign(held, taken))
        taken = name(held)
    values = {
        ADJOINT: taken,
        OLD: item(name(base), index),
        RESULT: self.results.get(base, item(name(base), index)),
    }

    def fill(node: Any) -> Any:
        return rebuild(node, lambda n: values.get(n.id) if isinstance(n, gast.Name) else None)

    for operand, term in terms.items():
        if operand != OLD:
            _give(self, statement, operand, fill(term.expr))
    expr = fill(terms[OLD].expr) if OLD in terms else literal(0)
    if direct and same(expr, of_adjoint(bar, index)):
        return
    if direct:
        place = of_adjoint(bar, index, store=True)
        self.emit(in_place(place, expr) or assign(place, expr))
    elif OLD in terms:
        self.emit(gast.Expr(value=self.runtime("add_at", bar, as_argument(index), expr)))


def _same_memory(self: Backward, base: str, terms: Iterable[str]) -> bool:
    """May an operand show the memory that is written into?"""
    memory = self.facts.shadows.memory
    return any(t == base or memory.get(t, "") == memory.get(base) for t in terms if t != OLD)


def in_place(place: Any, expr: Any) -> Any | None:
    """`place = place * e` as `place *= e`, if it is such an update."""
    if isinstance(expr, gast.BinOp) and same(expr.left, place):
        target = place if not isinstance(place, gast.Name) else place.id
        return augment(target, expr.op, expr.right)
    return None


def adjoin_pop(self: Backward, statement: Pop, target: str, base: str) -> None:
    self.buffer(base)
    value = (
        self.adjoint(target)
        if target in self.state.present
        else self.runtime("zeros_like", name(target))
    )
    if base in self.facts.shadows.deep and not fresh(value):
        value = self.runtime("private", value)
    self.emit(gast.Expr(value=method_call(name(self.bar(base)), "append", value)))


def to_atom(self: Backward, statement: Statement, atom: Any, expr: Any) -> bool:
    active = self.facts.activity.operands[statement]
    if isinstance(atom, gast.Name) and atom.id in active:
        self.contribute(atom.id, expr, array=False)
        return True
    return False
