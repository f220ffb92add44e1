"""Forward mode: each active statement, followed by the statement of its tangent.

    y = np.tanh(A @ x)          ->          y = np.tanh(A @ x)
    return np.sum(y * y)                    y_dot = (1 - y * y) * (A @ x_dot)
                                            return np.sum(y * y), np.sum(2 * y * y_dot)

A tangent has the structure, the shapes and the dtypes of its primal, and is laid out as it is: what
is a view of `x` has for its tangent the same view of `x_dot`, and a store into the one is a store
into the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import gast

import tangent.runtime
from tangent.analyses.activity import Activity, operands
from tangent.analyses.half_done import repeats
from tangent.analyses.heap import JOINS, UNWRITTEN
from tangent.analyses.shadows import reshaped
from tangent.analyses.tangents import Tangents
from tangent.analyses.terms import RESULT, reads
from tangent.errors import UnsupportedSyntax
from tangent.passes.asking import apart
from tangent.passes.backward import fresh
from tangent.passes.fitting import fixed_keys
from tangent.passes.objects import class_in
from tangent.passes.probes import Watched
from tangent.passes.sweep import WRITERS, Facts, Forward, behind, jumping
from tangent.passes.tangent_loops import by_position, with_tangents
from tangent.passes.tangent_terms import Moved, Terms
from tangent.syntax.program import (
    RESTORE,
    AdjointCode,
    Append,
    Apply,
    Assign,
    Augment,
    Break,
    Call,
    Continue,
    Copy,
    Display,
    Effect,
    For,
    If,
    Item,
    Plain,
    Pop,
    Statement,
    Store,
    Try,
    Unpack,
    assigned,
    every,
    own_jumps,
    targets,
)
from tangent.syntax.trees import (
    as_argument,
    assign,
    augment,
    call,
    is_literal,
    is_number,
    item,
    literal,
    method_call,
    name,
    names_in,
    rebuild,
    same,
    stored,
)

Block = tuple[Statement, ...]


@dataclass
class Interleaved:
    """Writes a program and its tangent."""

    facts: Facts  # those of the primal alone
    activity: Activity
    zeros: Tangents
    forward: Forward
    jvp: Callable[[Any, frozenset[str]], tuple[str, dict[str, str]]]  # symbol, names of tangents
    dots: dict[str, str] = field(default_factory=dict)
    alike: frozenset[str] = frozenset()  # names whose tangents share memory as their primals do
    latest: dict[str, Statement] = field(default_factory=dict)  # what made each name last
    watched: Watched | None = None

    def run(self) -> list[Any]:
        start = [self.zero(n) for n in sorted(self.zeros.start)]
        return [*start, *self.block(self.facts.program.body, ())]

    @cached_property
    def terms(self) -> Terms:
        facts = self.facts
        doubt = self.watched.doubt if self.watched is not None else None
        names = facts.program.names
        return Terms(self.activity, facts.shapes, facts.symbols, names, self.dot, doubt)

    def dot(self, primal: str) -> str:
        """The name of a tangent."""
        if primal not in self.dots:
            self.dots[primal] = self.facts.program.names.fresh(f"{primal}_dot")
        return self.dots[primal]

    def runtime(self, helper: str, *arguments: Any) -> Any:
        return call(self.facts.symbols.runtime(helper), *arguments)

    def zero(self, primal: str) -> Any:
        """The tangent of a value that does not move, written out where it is a number or empty."""
        maker = self.latest.get(primal)
        value = maker.value if isinstance(maker, Assign) else None
        if isinstance(value, Plain) and is_number(value.expr):
            return assign(self.dot(primal), literal(0.0))
        if isinstance(value, Display) and not value.elements and value.kind != "tuple":
            return assign(self.dot(primal), value.expr)
        return assign(self.dot(primal), self.runtime("zero_tangent", name(primal)))

    # ------------------------------------------------------------ blocks

    def block(
        self, body: Block, loops: tuple[For, ...], closing: tuple[str, ...] = ()
    ) -> list[Any]:
        """The statements of a block; `closing` get zeros at the end of each path through it."""
        code: list[Any] = []
        for statement in body:
            if isinstance(statement, (Break, Continue)):
                jump = gast.Break() if isinstance(statement, Break) else gast.Continue()
                return [*code, *map(self.zero, closing), jump]
            if statement in self.facts.plan.live.kept:
                made = [self.zero(n) for n in sorted(self.zeros.before.get(statement, ()))]
                after = tuple(sorted(self.zeros.after.get(statement, ())))
                leaving = isinstance(statement, If) and any(own_jumps((statement,)))
                if leaving:  # the last statement of its block
                    after, closing = (), (*after, *closing)
                made += fixed_keys(self.facts, statement, self.activity)
                made += self.statement(statement, loops, closing if leaving else ())
                self.note(statement)
                if self.watched is not None:
                    made = self.watched.around(self, statement, made)
                code += [self.forward.noted(m, statement) for m in made]
                code += [self.forward.noted(self.zero(n), statement) for n in after]
                if leaving:
                    return code
            elif self.watched is not None and isinstance(statement, AdjointCode):
                code += self.watched.around(self, statement, [])
        return [*code, *map(self.zero, closing)]

    def note(self, statement: Statement) -> None:
        """What made each name last, as far as it is known."""
        if isinstance(statement, Assign):
            self.latest[statement.target] = statement
        else:
            self.forget(assigned((statement,)))

    def forget(self, names: set[str]) -> None:
        for one in names:
            self.latest.pop(one, None)

    def inner(
        self,
        statement: Statement,
        position: int,
        body: Block,
        loops: Any,
        closing: tuple[str, ...] = (),
    ) -> list[Any]:
        """A block inside `statement`, with the zeros that are due at its end."""
        outside = dict(self.latest)
        if isinstance(statement, For):
            self.forget(assigned(statement.whole))
        zeros = sorted(self.zeros.end.get((statement, position), ()))
        code = self.block(body, loops, (*zeros, *closing))
        self.latest = outside
        return code

    def statement(
        self, statement: Statement, loops: tuple[For, ...], closing: tuple[str, ...] = ()
    ) -> list[Any]:
        if isinstance(statement, Try):
            return self.attempt(statement, loops, closing)
        if isinstance(statement, If):
            first = self.inner(statement, 0, statement.body, loops, closing)
            second = self.inner(statement, 1, statement.orelse, loops, closing)
            return jumping(statement.test.expr, first, second)
        if isinstance(statement, For):
            return [self.loop(statement, loops)]
        if self.activity.active(statement):
            return self.active(statement, loops)
        return self.forward.statement(statement, loops)

    def loop(self, loop: For, loops: tuple[For, ...]) -> Any:
        loops = (*loops, loop)
        body = self.inner(loop, 0, loop.body, loops)
        if loop.index in self.zeros.forced:  # the name of something that moves elsewhere
            body = [self.zero(loop.index), *body]
        kept = (s for s in loop.items if s in self.facts.plan.live.kept)
        active = [s for s in kept if self.activity.active(s)]
        if not all(map(_moves, active)):
            return by_position(self, loop, [*self.computed(loop, loops), *body])
        items = self.forward.block(loop.items, loops)
        moving = [part for s in active for part in self.tangent_only(s)]
        still: set[str] = set()
        for s in loop.items:  # of a name that is bound twice the last value counts
            still = (still - set(targets(s))) | self.zeros.after.get(s, frozenset())
        body = [*(self.zero(n) for n in sorted(still)), *body]
        if not moving:
            return self.forward.around(loop, items, body)
        return with_tangents(self, loop, items, moving, body)

    def computed(self, loop: For, loops: tuple[For, ...]) -> list[Any]:
        """Items that take more than a look, each beside its tangent: `for k, *rest in rows`."""
        outside = dict(self.latest)
        self.forget(assigned(loop.whole))
        code = self.block(loop.items, loops)
        self.latest = outside
        return code

    def attempt(
        self, statement: Try, loops: tuple[For, ...], closing: tuple[str, ...]
    ) -> list[Any]:
        """The primal alone under the `try`: what computes tangents may raise, too.  Behind it the
        statements come once more, with their tangents.
        """
        under = [s for s in every(statement.under) if self.activity.active(s)]
        again = statement.orelse if under else behind(statement)
        again_alike = repeats(statement.under, self.facts.sharing)
        if under and (not again_alike or any(map(_once, every(statement.under)))):
            raise UnsupportedSyntax(
                "what stands under this `try` is run again for its tangents, and has effects",
                code="try",
                location=statement.origin.location,
                help="move the effects behind it",
            )
        tried = self.forward.attempt(statement, loops)
        first = self.inner(statement, 0, statement.body, loops, closing)
        second = self.inner(statement, 1, again, loops, closing)
        chosen = jumping(statement.test.expr, first, second) if first or second else []
        return [*tried, *chosen]

    # ------------------------------------------------------------ active statements

    def active(self, statement: Statement, loops: tuple[For, ...]) -> list[Any]:
        def primal() -> list[Any]:
            return self.forward.statement(statement, loops)

        match statement:
            case Assign(value=Call()):
                return self.call(statement)
            case Augment(rule=rule) if rule.function in UNWRITTEN:
                return primal()
            case Assign(value=Apply()) | Augment():
                return self.apply(statement, primal)
            case Assign(target=target, value=Item() as v) if target in names_in(v.index):
                part = item(name(self.dot(v.base)), v.index)  # the tangent reads the old index
                return [assign(self.dot(target), part), *primal(), *self.settled(target)]
            case Assign(target=target, value=Display() as v) if _reads(v, target):
                return [*self.tangent_only(statement), *primal()]  # zeros like the old value
            case Assign() | Unpack():
                return [*primal(), *self.tangent_only(statement)]
            case Store():
                return [*primal(), *self.store(statement)]
            case Append(base=base, value=value):
                dot = self.terms.tangent(statement, value)
                appended = gast.Expr(value=method_call(name(self.dot(base)), "append", dot))
                return [*primal(), appended]
            case Pop(target=target, base=base):
                popped = method_call(name(self.dot(base)), "pop")
                return [*primal(), assign(self.dot(target), popped), *self.settled(target)]
        raise AssertionError(statement)

    def tangent_only(self, statement: Statement) -> list[Any]:
        """The tangent of a statement that moves values, and computes none."""
        match statement:
            case Assign(target=target, value=Item(base=base, index=index)):
                part = item(name(self.dot(base)), index)
                sure = self.facts.shapes.is_numeric(statement, base)
                return [assign(self.dot(target), part if sure else self.of_kind(target, part))]
            case Assign(target=target, value=Copy(source=source)):
                return [assign(self.dot(target), self.of_kind(target, name(self.dot(source))))]
            case Assign(target=target, value=Display() as value):
                return [assign(self.dot(target), self.display(statement, value))]
            case Unpack(targets=targets, source=source):
                parts = [stored(self.dot(t)) for t in targets]
                pattern = gast.Tuple(elts=parts, ctx=gast.Store())
                return [assign(pattern, name(self.dot(source))), *self.settled(*targets)]
        raise AssertionError(statement)

    @cached_property
    def updated(self) -> set[str]:
        """The names that are updated where others may see it."""
        updates = (s for s in every(self.facts.program.body) if isinstance(s, Augment))
        unlike = (*JOINS, *UNWRITTEN)
        return {s.target for s in updates if s.rule.function not in unlike} & self.alike

    def of_kind(self, target: str, expr: Any) -> Any:
        """A tangent that is updated is a number where its primal is one, and not an array of no
        dimension, which would be changed in place.
        """
        if target not in self.updated:
            return expr
        return self.runtime("of_kind", expr, name(target))

    def settled(self, *targets: str) -> list[Any]:
        """`of_kind`, for tangents that have come from elsewhere."""
        dots = {t: name(self.dot(t)) for t in targets if t in self.updated}
        return [assign(d.id, self.of_kind(t, d)) for t, d in dots.items()]

    def display(self, statement: Statement, value: Display) -> Any:
        elements = [self.terms.tangent(statement, e) for e in value.elements]
        if value.kind == "object":
            words = {k.value: e for k, e in zip(value.keys, elements, strict=True)}
            return call(self.facts.symbols.runtime("tangent_parts"), *class_in(value), **words)
        if value.kind == "dict":
            return gast.Dict(keys=list(value.keys), values=elements)
        if value.kind == "tuple" and value.made is not None:
            return gast.Call(func=value.expr.func, args=elements, keywords=[])
        made = gast.List if value.kind == "list" else gast.Tuple
        return made(elts=elements, ctx=gast.Load())

    def store(self, statement: Store) -> list[Any]:
        base, index, value = self.dot(statement.base), statement.index, statement.value
        dot = self.terms.tangent(statement, value)
        place = item(name(base), index, store=True)
        if statement.operator is None:
            still = not self.terms.moves(statement, value)
            return [assign(place, literal(0.0) if still and self.number(value) else dot)]
        if statement.operator != RESTORE and not self.terms.moves(statement, value):
            return []
        if statement.operator in WRITERS:
            writer = WRITERS[statement.operator]
            return [gast.Expr(value=self.runtime(writer, name(base), as_argument(index), dot))]
        return [augment(place, statement.operator, dot)]

    def number(self, value: Any) -> bool:
        return not isinstance(value, gast.Name)

    def call(self, statement: Assign) -> list[Any]:
        value = statement.value
        assert isinstance(value, Call)
        active = operands(value) & self.activity.operands[statement]
        parameters = frozenset(
            p
            for p, a in value.arguments.items()
            if p in value.callee.useful_parameters and names_in(a) & active
        )
        symbol, words = self.jvp(value.callee, parameters)
        dots = {w: name(self.dot(value.arguments[p].id)) for p, w in words.items()}
        both = [stored(statement.target), stored(self.dot(statement.target))]
        dots |= value.callee.options(parameters, "jvp")
        made = call(symbol, *value.arguments.values(), **dots)
        code = [assign(gast.Tuple(elts=both, ctx=gast.Store()), made)]
        if statement.target in self.facts.sharing.written:
            dot = self.dot(statement.target)
            code += apart(self.facts, statement)
            code.append(assign(dot, self.runtime("own", name(dot))))
        return [*code, *self.settled(statement.target)]

    # ------------------------------------------------------------ rules

    def apply(self, statement: Assign | Augment, primal: Callable[[], list[Any]]) -> list[Any]:
        target, moved = statement.target, self.terms.of(statement)
        dot = self.dot(target)
        texts = [*(p.value for p in moved.body), moved.expr]
        seen = {n.id for t in texts for n in gast.walk(t) if isinstance(n, gast.Name)}
        old, new = target in seen, RESULT in seen
        if isinstance(statement, Augment) and (target in self.alike or statement.rule.updates):
            return self.update(statement, moved, primal())
        fit = not moved.whole and target not in self.may_stay_loose
        if not moved.whole and not fit:
            self.terms.loose.add(target)
        expr = self.conformed(statement, moved, fit and not old)
        if not old:
            code = primal()
            if isinstance(statement, Augment) and len(code) == 1 and not moved.body:
                update = _update(statement, expr, dot)
                if update is not None:
                    return [*code, update]
            return [*code, *self.written(moved, expr, dot, name(target))]
        behind = [assign(dot, self.runtime("conform", name(dot), name(target)))] if fit else []
        if not new:
            return [*self.written(moved, expr, dot, name(target)), *primal(), *behind]
        before = self.facts.program.names.temporary()  # both the old and the new value are read
        kept = self.runtime("own", name(target)) if isinstance(statement, Augment) else name(target)
        swap = {target: name(before)}
        body = tuple(rebuild(p, lambda n: _swapped(n, swap)) for p in moved.body)
        expr = rebuild(expr, lambda n: _swapped(n, swap))
        made = self.written(Moved(expr, body), expr, dot, name(target))
        return [assign(before, kept), *primal(), *made, *behind]

    def update(self, statement: Augment, moved: Moved, code: list[Any]) -> list[Any]:
        """`v *= e`, where another name may show `v`: the tangent is changed where it stands, from
        the values of before.
        """
        target, dot = statement.target, self.dot(statement.target)
        own = [assign(dot, self.runtime("own", name(dot)))] if _copied(code) else []
        if not moved.body and (update := _update(statement, moved.expr, dot)) is not None:
            return [*code, *own, update]
        if statement.rule.updates:
            return [*code, *own, assign(dot, moved.expr)]
        result = statement.made
        held = self.facts.program.names.temporary()
        made = self.written(moved, moved.expr, held, result)
        whole = name(held) if moved.whole else self.runtime("conform", name(held), name(target))
        return [*made, *code, *own, assign(dot, self.runtime("overwrite", name(dot), whole))]

    def laid_out(self, statement: Assign | Augment) -> bool:
        """Must a new tangent lie in memory as its primal does, since it may be reshaped?"""
        if statement.target not in self.alike or isinstance(statement, Augment):
            return False
        rule = statement.value.rule  # type: ignore[attr-defined]
        if rule.function is tangent.runtime.own:  # the entry lays it out
            return False
        return rule.fresh and statement.target in self.reshaped

    @cached_property
    def reshaped(self) -> frozenset[str]:
        return reshaped(self.facts.program, self.facts.sharing)

    def written(self, moved: Moved, expr: Any, dot: str, result: Any) -> list[Any]:
        def fill(node: Any) -> Any:
            return rebuild(node, lambda n: _swapped(n, {RESULT: result}))

        body = [assign(p.targets[0], fill(p.value)) for p in moved.body]
        return [*body, assign(dot, fill(expr))]

    def conformed(self, statement: Assign | Augment, moved: Moved, fit: bool) -> Any:
        """A tangent in the shape of its primal, in memory of its own where that is written into."""
        expr = self.runtime("conform", moved.expr, name(RESULT)) if fit else moved.expr
        if not fresh(expr) and not isinstance(statement, Augment):
            expr = self.of_kind(statement.target, expr)
        written = self.facts.sharing.written
        shows = {p for p, d in self.dots.items() if d in names_in(expr)} & written
        if (statement.target in written or shows) and not fresh(expr):
            made = isinstance(statement, Augment) or statement.value.rule.fresh  # type: ignore[attr-defined]
            expr = self.runtime("own", expr) if made else expr
        return self.runtime("laid_out", expr, name(RESULT)) if self.laid_out(statement) else expr

    # ------------------------------------------------------------ smaller tangents

    @cached_property
    def may_stay_loose(self) -> frozenset[str]:
        """Temporaries whose tangent may broadcast: used once, by what copes with that."""
        uses: dict[str, list[Statement]] = {}
        for statement in every(self.facts.program.body):
            for one in reads(statement):
                uses.setdefault(one, []).append(statement)
        return frozenset(
            one
            for one in self.facts.program.names.temporaries
            if len(uses.get(one, ())) == 1 and _elementwise(uses[one][0])
        )


def _reads(value: Display, target: str) -> bool:
    return any(target in names_in(e) for e in value.elements)


def _moves(statement: Statement) -> bool:
    """Does a statement move values, and compute none?"""
    value = getattr(statement, "value", None)
    return isinstance(statement, Unpack) or isinstance(value, (Item, Copy, Display))


def _once(statement: Statement, above: frozenset[Any] = frozenset()) -> bool:
    """May a statement be run only once?"""
    if isinstance(statement, Assign):
        value = statement.value
        if isinstance(value, Call) and value.callee.effects and value.callee not in above:
            inside, within = value.callee.program.body, above | {value.callee}
            return any(_once(s, within) for s in every(inside))
        return isinstance(value, Plain) and not value.pure and not is_literal(value.expr)
    if isinstance(statement, Effect):
        return not isinstance(statement.node, (gast.Raise, gast.Assert))
    return False


def _copied(code: list[Any]) -> bool:
    """Is what is updated copied first?"""
    first = getattr(code[0], "value", None)
    return isinstance(first, gast.Call) and getattr(first.func, "id", "") == "@own"


def _update(statement: Augment, expr: Any, dot: str) -> Any | None:
    """`y_dot = y_dot + e` as the update in place that `y += e` is; `|` joins dicts."""
    sums = (gast.Add, gast.Sub, gast.BitOr)
    if isinstance(expr, gast.BinOp) and isinstance(expr.op, sums) and same(expr.left, name(dot)):
        return augment(dot, expr.op, expr.right)
    return None


def _elementwise(statement: Statement) -> bool:
    value = statement.value if isinstance(statement, Assign) else None
    return isinstance(value, Apply) and value.rule.elementwise


def _swapped(node: Any, values: dict[str, Any]) -> Any | None:
    if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load):
        return values.get(node.id)
    return None
