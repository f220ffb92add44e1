"""The backward sweep: the statements that have an adjoint, last one first.

For `t = f(x)` it writes `x_bar += t_bar * f'(x)`; the first contribution to an adjoint assigns.
Values that the forward sweep overwrote are put back (popped, or computed again) right before they
are first read.  An adjoint is updated in place only where it was freshly computed here and is not
shared with another one.
"""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from tangent.analyses.activity import into, writes
from tangent.analyses.needs import item_base
from tangent.analyses.recording import Block, Save
from tangent.analyses.terms import ADJOINT, HERE, RESULT, SHAPE, Term
from tangent.errors import BrokenInvariant
from tangent.passes.adjoint_code import adjoin_code
from tangent.passes.backward import Backward, Pending, faded
from tangent.passes.recalls import forwarded, put_back_by_inverse, record_again
from tangent.passes.reverse_containers import (
    adjoin_display,
    adjoin_item,
    adjoin_pop,
    adjoin_store,
    adjoin_unpack,
    to_atom,
)
from tangent.passes.reverse_loops import reverse_branches, reverse_loop
from tangent.passes.reverse_views import merge, update_shadow
from tangent.passes.sweep import active_parameters
from tangent.rules.kinds import Rule
from tangent.syntax.program import (
    AdjointCode,
    Append,
    Apply,
    Assign,
    Augment,
    Call,
    Copy,
    Display,
    For,
    If,
    Item,
    Pop,
    Statement,
    Store,
    Unpack,
    record_name,
)
from tangent.syntax.trees import (
    as_argument,
    assign,
    call,
    item,
    literal,
    method_call,
    name,
    names_in,
    rebuild,
    stored,
)


def backward_sweep(self: Backward) -> list[Any]:
    """The whole sweep; the adjoint of the result is set."""
    self.block = lambda body: _block(self, body)
    self.state.present.add(self.facts.program.result)
    _block(self, self.facts.program.body)
    return self.code


def _block(self: Backward, body: Block) -> None:
    _open(self, body)
    for statement in reversed(body):
        _statement(self, statement)
        self.behind(statement)
    for one in sorted(self.state.must & _scope(self, body)):
        self.put_back({one})


def _scope(self: Backward, body: Block) -> set[str]:
    return {s.memory or s.name for s in self.facts.plan.saves_in(body)}


def _open(self: Backward, body: Block) -> None:
    """What went out of scope at the end of a block is pending when its reversal begins."""
    ended = [s for s in self.facts.plan.saves_in(body) if s.at_end]
    for save in ended:
        _pend(self, save)
    for statement in self.facts.plan.recomputed_in(body):
        if any(statement.target in (s.name, s.memory) for s in ended):
            message = f"`{statement.target}` is stored, and computed again"
            raise BrokenInvariant(message, code="plan")
        self.state.pending[statement.target] = _again(statement)


def _again(statement: Assign) -> Pending:
    again = assign(statement.target, statement.value.expr)
    return Pending(lambda: [again], statement.value.reads)


def _pend(self: Backward, save: Save) -> None:
    key = save.memory or save.name
    self.put_back({key})
    first = frozenset({save.name} if save.memory else ())
    if put_by := save.put_by:
        self.put_back(put_by)
        self.state.using[key] = set(put_by)
    self.state.pending[key] = Pending(lambda: [_restored(self, save)], first)
    if save.depth or save.region or save.undo or save.block is not self.facts.program.body:
        self.state.must.add(key)


def _restored(self: Backward, save: Save) -> Any:
    """The statement that puts a value back."""
    if save.undo:
        return _undone(self, save)
    target, place = self.saved.record(save.name), name(self.saved.place(save))
    value = method_call(place, "pop") if save.depth else place
    shadows = self.facts.shadows
    entered = save.region and save.name in shadows.deep | shadows.perhaps
    restored = save.name in self.written_back and not self.is_shadow(save.name)
    if self.halved and (entered or restored):
        value = self.runtime("own", value)  # the record stays as it is
    if save.region:
        assert isinstance(save.at, Store)
        if save.at in self.facts.perhaps_new:
            place = name(target), as_argument(save.at.index)
            return gast.Expr(value=self.runtime("restore", *place, value))
        return assign(item(name(target), save.at.index, store=True), value)
    return _overwrite(self, save, target, value) if save.memory else assign(target, value)


def _overwrite(self: Backward, save: Save, target: str, value: Any) -> Any:
    """The value of an array (or a number, or nothing on some paths) as it was, for whoever shows
    it.
    """
    if self.facts.shadows.surely_array(target) and target in self.facts.bound[save.at]:
        return assign(item(name(target), literal(...), store=True), value)
    return assign(target, self.runtime("overwrite", name(target), value))


def _undone(self: Backward, save: Save) -> Any:
    if isinstance(save.at, Append):
        return gast.Expr(value=method_call(name(save.name), "pop"))
    assert isinstance(save.at, Pop)
    return gast.Expr(value=method_call(name(save.name), "append", name(save.at.target)))


def _statement(self: Backward, statement: Statement) -> None:
    if not isinstance(statement, If | For):
        _simple(self, statement)
        return
    for save in self.facts.plan.saves_at(statement):
        if not save.at_end:
            _pend(self, save)
    if isinstance(statement, If):
        reverse_branches(self, statement)
    else:
        reverse_loop(self, statement)


def _simple(self: Backward, statement: Statement) -> None:
    self.at = statement
    self.hides = _hides(self, statement)
    if self.hides:
        self.state.doubt({*writes(statement), *self.facts.activity.operands.get(statement, ())})
    needs = self.facts.plan.reads
    saves = [s for s in self.facts.plan.saves_at(statement) if not s.at_end]
    emitted = statement in self.facts.adjoints.emitted and _reached(self, statement)
    if emitted:
        self.heading(statement)
        self.put_back(needs.read_after(statement))
        carriers = _carriers(self, statement) | self.facts.shadows.memory.keys()
        carriers -= item_base(statement)  # once it is back
        for one in sorted(carriers & self.facts.adjoints.made_whole[statement]):
            self.make_whole(statement, one)
    results: dict[str, str] = {}
    if (
        emitted
        and saves
        and not isinstance(statement, Pop)
        and needs.read_after(statement) & {s.name for s in saves}
    ):
        results = _hold_results(self, statement, saves)
    if emitted and isinstance(statement, Pop):
        _adjoin(self, statement, results)
    for save in saves:
        _pend(self, save)
    if statement in self.facts.plan.reversals:
        _by_inverse(self, statement, emitted)
    elif emitted and not isinstance(statement, Pop):
        if not results or needs.read_before(statement):
            self.put_back(needs.read_before(statement))
        _adjoin(self, statement, results)
    _forget(self, statement)
    for one in writes(statement):
        self.state.leave(faded(one))


def _hides(self: Backward, statement: Statement) -> bool:
    """May the memory of adjoints go where no adjoint's name shows it: into a container, through a
    callee, through a name that is local to a rule?
    """
    match statement:
        case Assign(value=Apply()):
            return bool(self.facts.terms.bodies.get(statement))
        case Assign(value=Copy()) | Store():
            return False
        case Augment(rule=rule):
            return isinstance(rule, Rule) and not rule.numeric
        case Assign(target=target, value=Item(base=base)):
            return not (self.is_array(statement, base) or target in self.state.arrays)
    return True


def _by_inverse(self: Backward, statement: Statement, emitted: bool) -> None:
    """The adjoint of what binds the results of a reversible function: an unpacking reads nothing,
    a call what the inverse gives back.
    """
    unpacked = isinstance(statement, Unpack)
    if emitted and unpacked:
        _adjoin(self, statement, {})
    self.put_back(self.facts.plan.reads.read_after(statement))
    put_back_by_inverse(self, statement)
    if emitted and not unpacked:
        self.put_back(self.facts.plan.reads.read_before(statement))
        _adjoin(self, statement, {})


def _hold_results(self: Backward, statement: Statement, saves: list[Save]) -> dict[str, str]:
    """The result of a statement under another name, if its own is about to be put back."""
    held: dict[str, str] = {}
    needs = self.facts.plan.reads
    for save in saves:
        if save.name in {*writes(statement), into(statement)} & needs.read_after(statement):
            temporary = self.saved.names.temporary()
            value = name(self.saved.record(save.name))
            if isinstance(statement, Store):
                value = self.runtime("own", item(value, statement.index))
            elif save.memory:
                value = self.runtime("own", value)
            self.emit(assign(temporary, value))
            held[save.name] = temporary
    return held


def _carriers(self: Backward, statement: Statement) -> set[str]:
    """The names whose adjoints a statement passes on; with a view those that it shows."""
    if isinstance(statement, AdjointCode):
        return {statement.of}
    base = into(statement)
    shown = self.facts.shadows.bases(statement, base) if base is not None else ()
    return {*writes(statement), *shown}


def _reached(self: Backward, statement: Statement) -> bool:
    """Is there an adjoint to pass on?"""
    return not self.state.present.isdisjoint(_carriers(self, statement))


def _forget(self: Backward, statement: Statement) -> None:
    """In front of the statement that binds a name, its adjoint (of the value bound) is used
    up.
    """
    operands = self.facts.activity.operands.get(statement, frozenset())
    gone: tuple[str, ...] = ()
    match statement:
        case Assign(target=target) | Pop(target=target):
            gone = (target,)
        case Unpack(targets=gone):
            pass
        case Augment(target=target) if not self.is_shadow(target):
            gone = (target,)
    for one in gone:
        reassigned = one in operands and statement in self.facts.adjoints.emitted
        if not reassigned:
            self.drop(one)
        if one not in getattr(getattr(statement, "value", None), "reads", ()):
            asked = any(one in other.reads for other in self.state.pending.values())
            if not asked and one not in self.state.must and statement in self.facts.plan.repeated:
                self.state.pending.pop(one, None)


def _adjoin(self: Backward, statement: Statement, results: dict[str, str]) -> None:
    if statement in self.facts.shadows.taken:
        assert isinstance(statement, Assign)
        merge(self, statement)
        return
    base = into(statement)
    if base is not None and self.is_shadow(base):
        self.buffer(base)
        if isinstance(statement, Augment):
            update_shadow(self, statement, results)
            return
    match statement:
        case Assign(value=Apply()) | Augment():
            _apply(self, statement, results)
        case Assign(target=target, value=Copy(source=source)):
            _copy(self, statement, target, source)
        case Assign(target=target, value=Item() as value):
            adjoin_item(self, statement, target, value)
        case Assign(target=target, value=Display() as value):
            adjoin_display(self, statement, target, value)
        case Assign(target=target, value=Call()):
            _call(self, statement, target, results)
        case Unpack():
            adjoin_unpack(self, statement)
        case Store():
            self.results = {b: name(t) for b, t in results.items()}
            adjoin_store(self, statement)
        case Append(base=base, value=value):
            self.buffer(base)
            popped = method_call(self.adjoint(base), "pop")
            if not to_atom(self, statement, value, popped):
                self.emit(gast.Expr(value=popped))
        case Pop(target=target, base=base):
            adjoin_pop(self, statement, target, base)
        case AdjointCode():
            adjoin_code(self, statement)


def _apply(self: Backward, statement: Any, results: dict[str, str]) -> None:
    target = statement.target
    bar = self.adjoint(target)
    held = name(results.get(target, target))
    values = {ADJOINT: bar, RESULT: held}

    def fill(node: Any) -> Any:
        return rebuild(node, lambda n: values.get(n.id) if isinstance(n, gast.Name) else None)

    for part in self.facts.terms.bodies.get(statement, ()):
        self.emit(assign(part.targets[0], fill(part.value)))
        self.locals |= names_in(part.targets[0])
    terms = self.facts.terms.terms[statement]
    last = [t for t in terms if t.operand == target]
    if len(last) > 1:
        self.emit(assign(held_bar := self.saved.names.fresh(f"{target}_bar"), bar))
        values[ADJOINT] = name(held_bar)
    own = [(t, fill(t.expr)) for t in last]
    for term in terms:
        if term.operand != target:
            array = array_term(self, statement, term)
            self.contribute(term.operand, conformed(self, term, fill(term.expr)), array)
    if last:
        self.state.fade(target)
        self.drop(target)
        for term, expr in own:
            self.contribute(target, conformed(self, term, expr), array_term(self, statement, term))


def array_term(self: Backward, statement: Any, term: Term) -> bool:
    """Is a contribution surely a number or an array?"""
    rule = statement.rule if isinstance(statement, Augment) else statement.value.rule
    if isinstance(statement, Augment) and rule.numeric:
        return True
    if self.is_array(statement, term.operand):
        return True
    return bool(rule.elementwise)


def conformed(self: Backward, term: Term, expr: Any) -> Any:
    if term.conform == HERE:
        return self.runtime("unbroadcast", expr, name(str(term.like)))
    if term.conform == SHAPE:
        shape = (
            _shape_of(self, term.like)
            if term.like is not None
            else gast.Tuple(elts=[], ctx=gast.Load())
        )
        return self.runtime("unbroadcast_to", expr, shape)
    return expr


def _shape_of(self: Backward, like: str) -> Any:
    symbol = self.facts.symbols.imported(np)
    shape = gast.Attribute(value=name(symbol), attr="shape", ctx=gast.Load())
    return gast.Call(func=shape, args=[name(like)], keywords=[])


def _copy(self: Backward, statement: Assign, target: str, source: str) -> None:
    pending = self.state.displays.get(target)
    if pending is not None and source not in self.state.present - {target}:
        self.drop(target)
        self.state.displays[source] = pending
        self.state.present.add(source)
        return
    expr = self.adjoint(target)
    if target in self.facts.terms.loose and source not in self.facts.terms.loose:
        expr = self.runtime("unbroadcast", expr, name(source))
    self.state.fade(target)
    self.drop(target)
    self.contribute(source, expr, array=self.is_array(statement, source))


def _forwarded(value: Call, active: frozenset[str]) -> tuple[Call, frozenset[str]]:
    """The call that is reversed, and its active parameters."""
    made = forwarded(value)
    if made is value:
        return value, active
    moving = {a.id for p, a in value.arguments.items() if p in active}
    found = (p for p, a in made.arguments.items() if isinstance(a, gast.Name) and a.id in moving)
    return made, frozenset(found)


def _call(self: Backward, statement: Assign, target: str, results: dict[str, str]) -> None:
    value = statement.value
    assert isinstance(value, Call)
    active = active_parameters(self.facts, statement)
    record = record_name(statement)
    held: Any = name(results.get(record, self.saved.record(record)))
    if value.callee.checkpointed:
        value, active = _forwarded(value, active)
        half = self.forward.halves(value.callee, active)
        held = record_again(self, statement, half, value.arguments.values())
    invoked = call(self.halves(value.callee, active), self.adjoint(target), held)
    atoms = [a.id for p, a in value.arguments.items() if p in active]
    self.drop(target)
    if len(atoms) == 1:
        self.contribute(atoms[0], invoked, array=self.is_array(statement, atoms[0]))
        return
    taken = self.state.present | {a for a in atoms if self.viewed(a) or self.is_shadow(a)}
    direct = [atoms.count(a) == 1 and a not in taken for a in atoms]
    parts = [
        self.bar(a) if d else self.saved.names.fresh(f"{a}_part")
        for a, d in zip(atoms, direct, strict=True)
    ]
    self.emit(assign(gast.Tuple(elts=[stored(p) for p in parts], ctx=gast.Store()), invoked))
    for atom, part in zip(atoms, parts, strict=True):
        self.contribute(atom, name(part), array=self.is_array(statement, atom))
