"""The backward sweep: the statements that have an adjoint, last one first.

For `t = f(x)` it writes `x_bar += t_bar * f'(x)`; the first contribution to an adjoint assigns.
Values that the forward sweep overwrote are put back (popped, or computed again) right before they
are first read.  An adjoint is updated in place only where it was freshly computed here and is not
shared with another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import gast
import numpy as np

import tangent.runtime
from tangent.analyses.needs import constant_key
from tangent.analyses.recording import Block, Save
from tangent.analyses.terms import ADJOINT, HERE, RESULT, SHAPE, Term
from tangent.passes.sweep import Facts, Saved, active_parameters
from tangent.rules.language import Rule, lookup
from tangent.syntax.printing import Comment
from tangent.syntax.program import (
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
    assigned,
    every,
    record_name,
    targets,
)
from tangent.syntax.trees import (
    as_argument,
    assign,
    augment,
    call,
    is_literal,
    item,
    literal,
    method_call,
    name,
    names_in,
    rebuild,
    same,
    stored,
)


@dataclass
class State:
    """What is known of adjoints at one point of the backward sweep."""

    present: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)
    displays: dict[str, dict[Any, Any]] = field(
        default_factory=dict
    )  # adjoints of dicts, entry by entry
    pending: dict[str, Callable[[], list[Any]]] = field(default_factory=dict)  # values to put back
    must: set[str] = field(default_factory=set)  # pending ones that pop: they may not be left out

    def copy(self) -> State:
        displays = {n: dict(d) for n, d in self.displays.items()}
        return State(
            set(self.present), set(self.owned), displays, dict(self.pending), set(self.must)
        )


@dataclass
class Backward:
    """Writes the backward sweep."""

    facts: Facts
    saved: Saved
    halves: Callable[[Any, frozenset[str]], str]  # the backward half of a callee
    bars: dict[str, str] = field(default_factory=dict)
    state: State = field(default_factory=State)
    code: list[Any] = field(default_factory=list)
    indices: list[str] = field(default_factory=list)
    headed: int | None = None
    halved: bool = False  # a backward half, whose record may be used again
    indexed: set[For] = field(default_factory=set)

    @cached_property
    def written_back(self) -> set[str]:
        """Names into whose values the backward sweep writes what was overwritten."""
        return {s.name for s in self.facts.plan.saves if s.region or s.undo}

    def run(self) -> list[Any]:
        """The whole sweep; the adjoint of the result is set."""
        self.state.present.add(self.facts.program.result)
        self.block(self.facts.program.body)
        return self.code

    # ------------------------------------------------------------ names and helpers

    def bar(self, primal: str) -> str:
        if primal not in self.bars:
            self.bars[primal] = self.saved.names.fresh(f"{primal}_bar")
        return self.bars[primal]

    def adjoint(self, primal: str) -> Any:
        """The adjoint of a name, to be read."""
        self.flush_display(primal)
        return name(self.bar(primal))

    def runtime(self, helper: str, *arguments: Any) -> Any:
        return call(self.facts.symbols.runtime(helper), *arguments)

    def emit(self, node: Any) -> None:
        self.code.append(node)

    def put_back(self, names: frozenset[str] | set[str]) -> None:
        """Put back the pending values among `names`, and what they are computed from."""
        for one in sorted(names):
            restore = self.state.pending.pop(one, None)
            self.state.must.discard(one)
            if restore is not None:
                self.code += restore()

    # ------------------------------------------------------------ blocks

    def block(self, body: Block) -> None:
        self.open(body)
        for statement in reversed(body):
            self.statement(statement)
        for one in sorted(self.state.must & self.scope(body)):
            self.put_back({one})

    def scope(self, body: Block) -> set[str]:
        return {s.name for s in self.facts.plan.saves if s.block is body or s.at in body}

    def open(self, body: Block) -> None:
        """What went out of scope at the end of a block is pending when its reversal begins."""
        for save in self.facts.plan.saves:
            if save.at_end and save.block is body:
                self.pend(save)
        for block, statement in self.facts.plan.recomputed:
            if block is body:
                self.state.pending[statement.target] = self.again(statement)

    def again(self, statement: Assign) -> Callable[[], list[Any]]:
        def restore() -> list[Any]:
            outer, self.code = self.code, []
            self.put_back(statement.value.reads)
            made, self.code = self.code, outer
            return [*made, assign(statement.target, statement.value.expr)]

        return restore

    def pend(self, save: Save) -> None:
        self.put_back({save.name})
        target = self.saved.record(save.name)

        def restore() -> list[Any]:
            if save.undo:
                return [self.undone(save)]
            place = name(self.saved.place(save))
            value = method_call(place, "pop") if save.depth else place
            if self.halved and save.name in self.written_back:  # the record stays as it is
                value = self.runtime("own", value)
            if save.region:
                assert isinstance(save.at, Store)
                return [assign(item(name(target), save.at.index, store=True), value)]
            return [assign(target, value)]

        self.state.pending[save.name] = restore
        if save.depth or save.region or save.undo or save.block is not self.facts.program.body:
            self.state.must.add(save.name)

    def undone(self, save: Save) -> Any:
        if isinstance(save.at, Append):
            return gast.Expr(value=method_call(name(save.name), "pop"))
        assert isinstance(save.at, Pop)
        return gast.Expr(value=method_call(name(save.name), "append", name(save.at.target)))

    def statement(self, statement: Statement) -> None:
        if isinstance(statement, If):
            self.branches(statement)
        elif isinstance(statement, For):
            self.loop(statement)
        else:
            self.simple(statement)

    # ------------------------------------------------------------ simple statements

    def simple(self, statement: Statement) -> None:
        needs = self.facts.plan.reads
        saves = [s for s in self.facts.plan.saves if s.at is statement and not s.at_end]
        emitted = statement in self.facts.adjoints.emitted and self.reached(statement)
        if emitted:
            self.heading(statement)
            self.put_back(needs.read_after(statement))
        results: dict[str, str] = {}
        if (
            emitted
            and saves
            and not isinstance(statement, Pop)
            and needs.read_after(statement) & {s.name for s in saves}
        ):
            results = self.hold_results(statement, saves)
        if emitted and isinstance(statement, Pop):
            self.adjoin(statement, results)
        for save in saves:
            self.pend(save)
        if emitted and not isinstance(statement, Pop):
            if not results or needs.read_before(statement):
                self.put_back(needs.read_before(statement))
            self.adjoin(statement, results)
        self.forget(statement)

    def hold_results(self, statement: Statement, saves: list[Save]) -> dict[str, str]:
        """The result of a statement under another name, if its own is about to be put back."""
        held: dict[str, str] = {}
        needs = self.facts.plan.reads
        for save in saves:
            if save.name in needs.read_after(statement):
                temporary = self.saved.names.temporary()
                self.emit(assign(temporary, name(self.saved.record(save.name))))
                held[save.name] = temporary
        return held

    def reached(self, statement: Statement) -> bool:
        """Is there an adjoint to pass on?"""
        written: tuple[str, ...]
        match statement:
            case Assign(target=target) | Augment(target=target):
                written = (target,)
            case Unpack(targets=written):
                pass
            case Store(base=base) | Append(base=base):
                written = (base,)
            case Pop(target=target, base=base):
                written = (target, base)
            case _:
                return False
        return any(t in self.state.present for t in written)

    def forget(self, statement: Statement) -> None:
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
            case Augment(target=target):
                gone = (target,)
        for one in gone:
            reassigned = one in operands and statement in self.facts.adjoints.emitted
            if not reassigned:
                self.drop(one)
            if one not in getattr(getattr(statement, "value", None), "reads", ()):
                if one not in self.state.must:
                    self.state.pending.pop(one, None) if self.is_repeat(one, statement) else None

    def is_repeat(self, one: str, statement: Statement) -> bool:
        return any(s is statement for _, s in self.facts.plan.recomputed)

    def drop(self, one: str) -> None:
        self.state.present.discard(one)
        self.state.owned.discard(one)
        self.state.displays.pop(one, None)

    def heading(self, statement: Statement) -> None:
        """`# line: primal text` opens the group of each primal statement."""
        origin = statement.origin
        entry = origin.line == self.facts.program.line
        if self.headed != origin.line and not entry:
            self.emit(Comment(f"{origin.line}: {origin.text}"))
            self.headed = origin.line

    def adjoin(self, statement: Statement, results: dict[str, str]) -> None:
        match statement:
            case Assign(value=Apply()) | Augment():
                self.apply(statement, results)
            case Assign(target=target, value=Copy(source=source)):
                self.copy(target, source)
            case Assign(target=target, value=Item() as value):
                self.item(statement, target, value)
            case Assign(target=target, value=Display() as value):
                self.display(statement, target, value)
            case Assign(target=target, value=Call()):
                self.call(statement, target, results)
            case Unpack():
                self.unpack(statement)
            case Store():
                self.store(statement)
            case Append(base=base, value=value):
                popped = method_call(self.adjoint(base), "pop")
                if not self.to_atom(statement, value, popped):
                    self.emit(gast.Expr(value=popped))
            case Pop(target=target, base=base):
                self.pop(statement, target, base)

    def apply(self, statement: Any, results: dict[str, str]) -> None:
        target = statement.target
        bar = self.adjoint(target)
        held = name(results.get(target, target))
        values = {ADJOINT: bar, RESULT: held}

        def fill(node: Any) -> Any:
            return rebuild(node, lambda n: values.get(n.id) if isinstance(n, gast.Name) else None)

        for part in self.facts.terms.bodies.get(statement, ()):
            self.emit(assign(part.targets[0], fill(part.value)))
        terms = self.facts.terms.terms[statement]
        last = [t for t in terms if t.operand == target]
        if len(last) > 1 or (
            last
            and len(terms) > 1
            and target in self.state.owned
            and isinstance(statement, Augment)
        ):
            self.emit(assign(held_bar := self.saved.names.fresh(f"{target}_bar"), bar))
            values[ADJOINT] = name(held_bar)
        own = [(t, fill(t.expr)) for t in last]
        for term in terms:
            if term.operand != target:
                array = self.array_term(statement, term)
                self.contribute(term.operand, self.conformed(term, fill(term.expr)), array)
        if last:
            self.drop_value(target)
            for term, expr in own:
                self.contribute(
                    target, self.conformed(term, expr), self.array_term(statement, term)
                )

    def array_term(self, statement: Any, term: Term) -> bool:
        """Is a contribution surely a number or an array?"""
        if isinstance(statement, Augment) or self.is_array(term.operand):
            return True
        rule = statement.value.rule
        return bool(rule.elementwise or (rule.tolerant and rule.kind == "vjp"))

    def drop_value(self, target: str) -> None:
        self.drop(target)

    def conformed(self, term: Term, expr: Any) -> Any:
        if term.conform == HERE:
            return self.runtime("unbroadcast", expr, name(str(term.like)))
        if term.conform == SHAPE:
            shape = (
                self.shape_of(term.like)
                if term.like is not None
                else gast.Tuple(elts=[], ctx=gast.Load())
            )
            return self.runtime("unbroadcast_to", expr, shape)
        return expr

    def shape_of(self, like: str) -> Any:
        symbol = self.facts.symbols.imported(np)
        shape = gast.Attribute(value=name(symbol), attr="shape", ctx=gast.Load())
        return gast.Call(func=shape, args=[name(like)], keywords=[])

    def contribute(self, operand: str, expr: Any, array: bool = True) -> None:
        """`operand_bar += expr`; the first contribution assigns."""
        bar = self.bar(operand)
        if operand not in self.state.present:
            if not same(expr, name(bar)):
                self.emit(assign(bar, expr))
            self.state.present.add(operand)
            self.state.owned.add(operand)
            if not fresh(expr):  # now two names may show one adjoint: neither is written into
                shown = names_in(expr)
                self.state.owned -= {operand} | {p for p, b in self.bars.items() if b in shown}
            return
        self.flush_display(operand)
        if not array:
            self.emit(assign(bar, self.runtime("add", name(bar), expr)))
            self.state.owned.discard(operand)  # entries of a sum of containers may be shared
            return
        op, amount = _signed(expr)
        if operand in self.state.owned and operand not in self.facts.terms.loose:
            self.emit(augment(bar, op, amount))
        else:
            self.emit(assign(bar, gast.BinOp(left=name(bar), op=op, right=amount)))
            self.state.owned.add(operand)

    def to_atom(self, statement: Statement, atom: Any, expr: Any) -> bool:
        active = self.facts.activity.operands[statement]
        if isinstance(atom, gast.Name) and atom.id in active:
            self.contribute(atom.id, expr, array=False)
            return True
        return False

    def copy(self, target: str, source: str) -> None:
        if source in self.state.displays or target in self.state.displays:
            self.flush_display(source)
        expr = self.adjoint(target)
        owned = target in self.state.owned
        if target in self.facts.terms.loose and source not in self.facts.terms.loose:
            expr = self.runtime("unbroadcast", expr, name(source))
        self.drop(target)
        self.contribute(source, expr, array=self.is_array(source))
        if owned and isinstance(expr, gast.Name):
            self.state.owned.add(source)

    def is_array(self, identifier: str) -> bool:
        """Is a value surely a number or an array, no container?"""
        return identifier in self.facts.shapes.numeric_names

    # ------------------------------------------------------------ items and containers

    def item(self, statement: Assign, target: str, value: Item) -> None:
        base = value.base
        entry = self.entry(target)
        if target == base:
            entry = self.hold(target, entry)
        if constant_key(value) and (base not in self.state.present or base in self.state.displays):
            self.keyed(base, value.index.value, entry, target)
            return
        self.buffer(base)
        place = item(name(self.bar(base)), value.index, store=True)
        simple = (
            self.simple_index(value.index)
            and self.is_array(target)
            and not isinstance(entry, gast.Dict)
        )
        if simple:
            op, amount = _signed(entry)
            self.emit(augment(place, op, amount))
        else:
            added = self.runtime("add_at", name(self.bar(base)), as_argument(value.index), entry)
            self.emit(gast.Expr(value=added))

    def hold(self, target: str, entry: Any) -> Any:
        """The adjoint of a target under a name of its own: that of the same name comes next."""
        held = self.saved.names.fresh(self.bar(target))
        self.emit(assign(held, entry))
        self.drop(target)
        return name(held)

    def entry(self, target: str) -> Any:
        """The adjoint of an item: as a display where it is one that nobody else reads."""
        pending = self.state.displays.pop(target, None)
        if pending is None:
            return self.adjoint(target)
        return entries(pending)

    def keyed(self, base: str, key: Any, entry: Any, target: str) -> None:
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

    def flush_display(self, primal: str) -> None:
        """Give a collected dict of adjoints its name, with zeros for the entries that were not
        visited.
        """
        pending = self.state.displays.pop(primal, None)
        if pending is not None:
            complete = self.runtime("like", entries(pending), name(primal))
            self.emit(assign(self.bar(primal), complete))
            self.state.owned.discard(primal)

    def buffer(self, base: str) -> None:
        """An adjoint of `base` that may be written into."""
        zeros = self.runtime("zeros_like", name(base))
        bar = self.bar(base)
        self.flush_display(base)
        if base not in self.state.present:
            self.emit(assign(bar, zeros))
        elif base not in self.state.owned:
            self.emit(assign(bar, self.runtime("private", name(bar))))
        self.state.present.add(base)
        self.state.owned.add(base)

    def simple_index(self, index: Any) -> bool:
        """Surely not an integer array: literals, loop counters, slices."""
        match index:
            case gast.Slice():
                return True
            case gast.Tuple(elts=elements):
                return all(self.simple_index(e) for e in elements)
            case gast.Name(id=identifier):
                return identifier in self.indices
            case gast.BinOp(left=left, right=right):
                return self.simple_index(left) and self.simple_index(right)
            case gast.Constant(value=value):
                return value is None or value is Ellipsis or isinstance(value, (int, str))
        return is_literal(index)

    def display(self, statement: Statement, target: str, value: Display) -> None:
        pending = self.state.displays.pop(target, None)
        positions = (
            list(value.keys)
            if value.kind == "dict"
            else [literal(i) for i in range(len(value.elements))]
        )
        bar = name(self.bar(target))
        if pending is None and target in value.reads:
            bar = self.hold(target, bar)
        for key, element in zip(positions, value.elements, strict=True):
            if (
                not isinstance(element, gast.Name)
                or element.id not in self.facts.activity.operands[statement]
            ):
                continue
            if pending is None:
                self.contribute(element.id, item(bar, key), array=self.is_array(element.id))
            elif isinstance(key, gast.Constant) and key.value in pending:
                self.contribute(element.id, pending[key.value], array=self.is_array(element.id))

    def unpack(self, statement: Unpack) -> None:
        bars = []
        for target in statement.targets:
            known = target in self.state.present
            bars.append(self.adjoint(target) if known else self.runtime("zeros_like", name(target)))
        for target in statement.targets:
            self.drop(target)
        listed = gast.List(elts=bars, ctx=gast.Load())
        packed = self.runtime("pack_like", listed, name(statement.source))
        self.contribute(statement.source, packed, array=False)

    def store(self, statement: Store) -> None:
        if statement.operator is None:
            self.buffer(statement.base)
        place = item(self.adjoint(statement.base), statement.index)
        if statement.operator is not None:
            sign = (
                gast.UnaryOp(op=gast.USub(), operand=place)
                if isinstance(statement.operator, gast.Sub)
                else place
            )
            taken = sign
        else:
            taken = self.runtime(
                "take_out", self.adjoint(statement.base), as_argument(statement.index)
            )
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
            helper = "unbroadcast" if self.is_array(statement.value.id) else "fit"
            conformed = self.runtime(helper, taken, statement.value)
            self.contribute(statement.value.id, conformed)

    def pop(self, statement: Pop, target: str, base: str) -> None:
        self.buffer(base)
        value = (
            self.adjoint(target)
            if target in self.state.present
            else self.runtime("zeros_like", name(target))
        )
        self.emit(gast.Expr(value=method_call(name(self.bar(base)), "append", value)))

    # ------------------------------------------------------------ calls

    def call(self, statement: Assign, target: str, results: dict[str, str]) -> None:
        value = statement.value
        assert isinstance(value, Call)
        active = active_parameters(self.facts, statement)
        record = record_name(statement)
        held = name(results.get(record, self.saved.record(record)))
        invoked = call(self.halves(value.callee, active), self.adjoint(target), held)
        atoms = [a.id for p, a in value.arguments.items() if p in active]
        self.drop(target)
        direct = len(set(atoms)) == len(atoms) and all(a not in self.state.present for a in atoms)
        if len(atoms) == 1:
            self.contribute(atoms[0], invoked, array=self.is_array(atoms[0]))
            return
        parts = [self.bar(a) if direct else self.saved.names.fresh(f"{a}_part") for a in atoms]
        self.emit(assign(gast.Tuple(elts=[stored(p) for p in parts], ctx=gast.Store()), invoked))
        for atom, part in zip(atoms, parts, strict=True):
            self.contribute(atom, name(part), array=self.is_array(atom))

    # ------------------------------------------------------------ branches and loops

    def nested(self, write: Callable[[], None]) -> list[Any]:
        outer, self.code = self.code, []
        write()
        made, self.code = self.code, outer
        return made

    def settle(self, statement: Statement) -> None:
        """In front of a nested block: collected dicts get their names, values read inside are put
        back.
        """
        for one in sorted(self.state.displays):
            self.flush_display(one)
        needs = self.facts.plan.reads
        reads = needs.read_after(statement)
        for inner in every((statement,)):
            reads |= needs.read_before(inner) | needs.read_after(inner)
        inside = set(every((statement,)))
        saved = {s.name for s in self.facts.plan.saves if s.at in inside}
        again = {s.target for _, s in self.facts.plan.recomputed if s in inside}
        self.put_back(reads | saved | again)

    def zeros(self, names: frozenset[str] | set[str], behind: Statement) -> None:
        """Set adjoints that are not set yet to zero; a plain 0.0 where the name may be unbound."""
        inside = isinstance(behind, For) and behind.index in self.indices
        table = self.facts.bound_at_end if inside else self.facts.bound
        for one in sorted(names):
            if one not in self.state.present:
                bound = one in table[behind]
                if bound and isinstance(behind, If):
                    self.put_back({one})
                zero = self.runtime("zeros_like", name(one)) if bound else literal(0.0)
                self.emit(assign(self.bar(one), zero))
                self.state.present.add(one)
                self.state.owned.add(one)

    def branches(self, statement: If) -> None:
        if statement not in self.facts.plan.needs.reversed:
            return
        self.settle(statement)
        start = self.state.copy()
        codes, ends = [], []
        for body in (statement.body, statement.orelse):
            self.state, self.headed = start.copy(), None
            codes.append(self.nested(lambda body=body: self.inside(body)))  # type: ignore[misc]
            ends.append(self.state)
        union = ends[0].present | ends[1].present
        for position, end in enumerate(ends):
            self.state = end
            codes[position] += self.nested(lambda: self.zeros(union, statement))
        self.state = ends[0]
        self.state.owned &= ends[1].owned
        self.headed = None
        if codes[0] or codes[1]:
            self.emit(_if(statement.test.expr, codes[0], codes[1]))

    def inside(self, body: Block) -> None:
        self.block(body)
        for one in sorted(self.state.displays):
            self.flush_display(one)

    def loop(self, loop: For) -> None:
        if loop not in self.facts.plan.needs.reversed:
            return
        self.settle(loop)
        before, _ = self.facts.adjoints.zeros[loop]
        keyed = self.distinct_item(loop, before)
        if keyed is not None:
            self.emit(assign(self.bar(keyed), gast.Dict(keys=[], values=[])))
            self.state.present.add(keyed)
            self.state.owned.add(keyed)
        self.zeros(before, loop)
        for base in sorted(self.written_into(loop) & self.state.present - self.state.owned):
            self.buffer(base)
        self.state.owned -= {t for s in every(loop.whole) for t in targets(s)}
        required = set(self.state.present)
        owned = set(self.state.owned)
        self.headed = None
        self.indices.append(loop.index)
        body = self.nested(lambda: self.loop_body(loop, required, keyed))
        self.indices.pop()
        self.state.present = required
        self.state.owned &= owned
        self.headed = None
        if body:
            self.emit(self.header(loop, body))

    def loop_body(self, loop: For, required: set[str], keyed: str | None) -> None:
        self.inside(loop.whole)
        self.zeros(required, loop)
        if keyed is not None:
            self.code = [
                _assigning(n, self.bar(keyed), self.facts.symbols.runtime("add_at"))
                for n in self.code
            ]

    def written_into(self, loop: For) -> set[str]:
        """Names whose adjoints are written into, entry by entry, in a loop."""
        found = set()
        for statement in every((loop,)):
            if statement not in self.facts.adjoints.emitted:
                continue
            if isinstance(statement, Assign) and isinstance(statement.value, Item):
                found.add(statement.value.base)
            elif isinstance(statement, (Store, Append, Pop)):
                found.add(statement.base)
        return found - assigned(loop.whole) | {
            s.base
            for s in every((loop,))
            if isinstance(s, (Store, Append, Pop)) and s in self.facts.adjoints.emitted
        }

    def distinct_item(self, loop: For, before: frozenset[str]) -> str | None:
        """The dict whose entries a loop over distinct literal keys visits once each: they are
        assigned.
        """
        if loop.sugar is None or not isinstance(loop.sugar[0], gast.Name):
            return None
        target, keys = loop.sugar[0].id, loop.sugar[1]
        if not isinstance(keys, (gast.Tuple, gast.List)):
            return None
        values = [getattr(k, "value", None) for k in keys.elts]
        if len(set(values)) != len(values) or not all(isinstance(v, str) for v in values):
            return None
        if sum(target in assigned((s,)) for s in loop.whole) != 1:
            return None
        for base in sorted(before):
            users = [s for s in every((loop,)) if base in self.facts.activity.operands.get(s, ())]
            if len(users) == 1 and users[0] in loop.whole:
                value = getattr(users[0], "value", None)
                if (
                    isinstance(value, Item)
                    and isinstance(value.index, gast.Name)
                    and value.index.id == target
                ):
                    return base
        return None

    def header(self, loop: For, body: list[Any]) -> Any:
        """`for i in reversed(range(n))`, or over the items themselves where that is all the body
        reads.
        """
        reads = {n for s in body for n in names_in(s)}
        item_read = self.item_of(loop, body)
        if item_read is not None:
            position, target, sequence = item_read
            rest = body[:position] + body[position + 1 :]
            if loop.index not in {n for s in rest for n in names_in(s)}:
                return _for(name(target), call("@builtin:reversed", sequence), rest)
        if loop.index not in reads:
            return _for(name("_"), loop.header, body)
        self.indexed.add(loop)
        return _for(name(loop.index), _reversed(loop.header), body)

    def item_of(self, loop: For, body: list[Any]) -> tuple[int, str, Any] | None:
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


# ---------------------------------------------------------------- small builders


def fresh(expr: Any) -> bool:
    """Does an expression make new memory?"""
    if isinstance(expr, (gast.BinOp, gast.UnaryOp)):
        return True
    if isinstance(expr, gast.Call) and isinstance(expr.func, gast.Name):
        helper = expr.func.id
        if helper in ("@unbroadcast", "@unbroadcast_to"):
            return fresh(expr.args[0])
        known = lookup(getattr(tangent.runtime, helper[1:], None))
        return helper == "@zeros_like" or (isinstance(known, Rule) and known.fresh)
    return False


def _signed(expr: Any) -> tuple[Any, Any]:
    """`-e` is subtracted."""
    if isinstance(expr, gast.UnaryOp) and isinstance(expr.op, gast.USub) and not is_literal(expr):
        return gast.Sub(), expr.operand
    if isinstance(expr, gast.BinOp) and isinstance(expr.op, (gast.Mult, gast.Div)):
        op, left = _signed(expr.left)
        return op, gast.BinOp(left=left, op=expr.op, right=expr.right)
    if (
        isinstance(expr, gast.Call)
        and isinstance(expr.func, gast.Name)
        and expr.func.id == "@unbroadcast"
    ):
        first = expr.args[0]
        if isinstance(first, gast.UnaryOp) and isinstance(first.op, gast.USub):
            inner = gast.Call(func=expr.func, args=[first.operand, *expr.args[1:]], keywords=[])
            return gast.Sub(), inner
    return gast.Add(), expr


def entries(collected: dict[Any, Any]) -> Any:
    """The display of collected adjoints, in the order in which the primal reads the entries."""
    order = list(reversed(collected))
    return gast.Dict(keys=[literal(k) for k in order], values=[collected[k] for k in order])


def _if(test: Any, body: list[Any], orelse: list[Any]) -> Any:
    if body:
        return gast.If(test=test, body=body, orelse=orelse)
    negated = (
        test.operand if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not) else None
    )
    return gast.If(
        test=negated or gast.UnaryOp(op=gast.Not(), operand=test), body=orelse, orelse=[]
    )


def _for(target: Any, header: Any, body: list[Any]) -> Any:
    bound = stored(target.id)
    return gast.For(target=bound, iter=header, body=body, orelse=[], type_comment=None)


def _reversed(header: Any) -> Any:
    if (
        isinstance(header, gast.Subscript)
        and isinstance(header.slice, gast.Slice)
        and header.slice.lower is None
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
