"""What each active statement contributes to the adjoints of its operands, and what that reads.

A rule becomes expressions over the program's names: `y_bar` is the adjoint of the target, the
result of the statement is written `RESULT` (its name may hold another value by then), parameters
are the atoms of the call. Here, and only here, it is decided how a broadcast is undone:

* not at all where the shapes are known equal,
* by `unbroadcast(t_bar, x)` where `x` is at hand, by `unbroadcast_to(t_bar, np.shape(r))` where
  only `r` of equal shape is,
* later, where the operand is a temporary whose own rule copes with an adjoint that is still too
  large (`loose`), or a name that a loop only adds to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent.analyses.activity import Activity
from tangent.analyses.instantiate import argument_values, free_values, read, written_body
from tangent.analyses.shapes import POINT, Shapes
from tangent.rules.folding import fold
from tangent.rules.language import Rule
from tangent.syntax.program import (
    INTO,
    RESTORE,
    SCATTER,
    Append,
    Apply,
    Assign,
    Augment,
    Call,
    Display,
    For,
    If,
    Item,
    Pop,
    Program,
    Statement,
    Store,
    Unpack,
    While,
    blocks,
    every,
    is_elementwise,
    record_name,
    targets,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, is_field, literal, name, names_in, quote, rebuild, same

RESULT = "%result"  # the value that the statement made
OLD = "%old"  # the value of the part of an array that the statement overwrote
ADJOINT = "%adjoint"  # its adjoint
NONE, HERE, SHAPE = "none", "here", "shape"  # how a broadcast is undone


@dataclass(frozen=True, eq=False)
class Term:
    """One contribution: `operand_bar += expression`.

    `conform` says how its broadcast is undone, `like` by which name; `loose` terms stay too large
    on purpose. `uniform` is set where the expression is a scalar that stands for an array of the
    operand's shape.
    """

    operand: str
    expr: Any
    conform: str = NONE
    like: str | None = None
    uniform: bool = False


@dataclass(frozen=True)
class Terms:
    """The terms of each active statement, assignments that come before them, and the names that
    are read.

    `before[s]` are read after the overwritten value of `s` has been put back, `after[s]` in front
    of that.
    """

    terms: Mapping[Statement, tuple[Term, ...]]
    bodies: Mapping[Statement, tuple[Any, ...]]
    before: Mapping[Statement, frozenset[str]]
    after: Mapping[Statement, frozenset[str]]
    loose: frozenset[str]  # names whose adjoint may be larger than they are
    fitting: frozenset[Statement]  # stores where the adjoint of the part is that of the value


Turned = frozenset[tuple[Statement, str]]


def terms(
    program: Program,
    activity: Activity,
    shapes: Shapes,
    turned: Turned,
    symbols: Symbols,
    carried: frozenset[str] = frozenset(),
    memory: Collection[str] = (),
) -> Terms:
    """The adjoint terms of a program; `carried` are names that a loop hands on, whose adjoints
    may be loose (`analyses.unread`), but those of names in `memory` have their very shape.
    """
    builder = _Builder(program, activity, shapes, turned, symbols, memory)
    builder.carry(carried.difference(memory))
    return builder.build()


class _Builder:
    def __init__(
        self,
        program: Program,
        activity: Activity,
        shapes: Shapes,
        turned: Turned,
        symbols: Symbols,
        memory: Collection[str],
    ) -> None:
        self.memory = memory
        self.program, self.activity, self.shapes, self.symbols = program, activity, shapes, symbols
        self.terms: dict[Statement, tuple[Term, ...]] = {}
        self.bodies: dict[Statement, tuple[Any, ...]] = {}
        self.before: dict[Statement, frozenset[str]] = {}
        self.after: dict[Statement, frozenset[str]] = {}
        self.loose: set[str] = set()
        self.fitting: set[Statement] = set()
        self.carried: set[str] = set()
        self.temporaries = set(program.names.temporaries)
        self.uses = _count_uses(program)
        self.makers = {
            t: s for s in every(program.body) if isinstance(s, Assign) for t in targets(s)
        }
        self.block_of = _block_of(program.body)
        self.turned = turned
        self.complex: set[str] = (
            set()
        )  # loose ones that are real, with an adjoint that may be complex

    def carry(self, names: frozenset[str]) -> None:
        """Of these, the names that are surely numbers or arrays, never turned from real to
        complex, and may be broadcast.
        """
        shapes = self.shapes
        users = [
            (s, n) for s in every(self.program.body) for n in self.activity.operands.get(s, ())
        ]
        broadcast = {n for s, n in users if n in names and shapes.of(s, n) != shapes.result(s)}
        unsure = {n for s, n in users if not shapes.is_numeric(s, n)}
        self.carried = broadcast - unsure - {n for _, n in self.turned}
        self.loose |= self.carried

    def build(self) -> Terms:
        for statement in reversed(list(every(self.program.body))):
            if self.activity.active(statement):
                self.statement(statement)
        loose, fitting = frozenset(self.loose), frozenset(self.fitting)
        return Terms(self.terms, self.bodies, self.before, self.after, loose, fitting)

    def statement(self, statement: Statement) -> None:
        active = self.activity.operands[statement]
        match statement:
            case Assign(value=Apply() as value):
                rule = value.rule.variant(value.arguments)
                self.apply(statement, rule, value.arguments, value.reads, active)
            case Augment(target=target, operand=operand, rule=rule):
                first, second = list(rule.signature.parameters)[:2]
                arguments = {first: name(target), second: operand}
                self.apply(statement, rule.variant(arguments), arguments, frozenset(), active)
            case Assign(value=Call(callee=callee, reads=reads)) if callee.checkpointed:
                self.reads(statement, reads, frozenset())  # its record is made again from them
            case Assign(value=Call()):
                self.reads(statement, frozenset(), frozenset({record_name(statement)}))
            case Assign(value=Item(base=base, index=index)):
                held = {base} if is_field(index) else set()
                self.reads(statement, frozenset(names_in(index) | held), frozenset())
            case Assign(value=Display(keys=keys)):
                self.reads(statement, frozenset(n for k in keys for n in names_in(k)), frozenset())
            case Store():
                self.store(statement, active)
            case Unpack(source=source):
                self.reads(statement, frozenset({source}), frozenset())
            case Assign() | Append() | Pop():
                self.reads(statement, frozenset(), frozenset())

    def reads(self, statement: Statement, before: frozenset[str], after: frozenset[str]) -> None:
        self.before[statement], self.after[statement] = before, after

    # ------------------------------------------------------------ rules

    def apply(
        self,
        statement: Any,
        rule: Rule,
        arguments: Mapping[str, Any],
        _: Any,
        active: frozenset[str],
    ) -> None:
        values, body = self.instantiate(rule, arguments)
        found: list[Term] = []
        for parameter, entry in rule.entries.items():
            atom = arguments.get(parameter)
            if entry is None or atom is None or not names_in(atom) & active:
                continue
            expr = fold(rebuild(entry, lambda n: read(n, values)))
            found.extend(self.term(statement, rule, atom, expr))
        found = _combined(found)
        self.terms[statement] = tuple(found)
        needed = {n for t in found for n in names_in(t.expr)}
        kept_body: list[Any] = []
        for part in reversed(body):
            if names_in(part.targets[0]) & needed:
                kept_body.insert(0, part)
                needed = (needed - names_in(part.targets[0])) | names_in(part.value)
        self.bodies[statement] = tuple(kept_body)
        local = {n for part in kept_body for n in names_in(part.targets[0])}
        likes = {t.like for t in found if t.like is not None}
        before = frozenset(n for n in needed - local if n[0] != "%") | likes
        after = frozenset({statement.target}) if RESULT in needed else frozenset()
        self.reads(statement, before, after)

    def instantiate(
        self, rule: Rule, arguments: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[Any]]:
        """What each name of the rule stands for here, and the rule's assignments with their own
        fresh names.
        """
        values = argument_values(rule.signature, arguments)
        if rule.adjoint:
            values[rule.adjoint] = name(ADJOINT)
            if "dtype" in arguments and rule.converts:
                smooth = self.symbols.runtime("smooth")
                values[rule.adjoint] = call(smooth, name(ADJOINT), arguments["dtype"])
        if rule.result:
            values[rule.result] = name(RESULT)
        texts = [*rule.body, *(e for e in rule.entries.values() if e is not None)]
        free_values(texts, rule.namespace, self.symbols, values)
        return values, written_body(rule.body, values, self.program.names)

    def store(self, statement: Store, active: frozenset[str]) -> None:
        """An update of a part: the terms of the part (its operand is `OLD`) and of the value."""
        index, shown = frozenset(names_in(statement.index)), names_in(statement.value) & active
        if all(self.fits(statement, n) for n in shown):
            self.fitting.add(statement)
            shown = set()
        if linear_store(statement) or not isinstance(statement.rule, Rule):
            self.reads(statement, index | shown, frozenset())
            return
        first, second = list(statement.rule.signature.parameters)[:2]
        arguments = {first: name(OLD), second: statement.value}
        rule = statement.rule.variant(arguments)
        values, _ = self.instantiate(rule, arguments)
        found = []
        for parameter, operand in ((first, OLD), (second, None)):
            entry, atom = rule.entries.get(parameter), arguments[parameter]
            if entry is not None and (operand or names_in(atom) & active):
                expr = fold(rebuild(entry, lambda n: read(n, values)))
                expr = times(expr) if rule.kind == "partials" else expr
                found.append(Term(operand or atom.id, expr))
        self.terms[statement] = tuple(found)
        used = {n for t in found for n in names_in(t.expr)}
        before = frozenset(n for n in used if n[0] != "%") | index | shown
        base = frozenset({statement.base})
        after = (base | index) if RESULT in used else frozenset()
        self.reads(statement, before | (base if OLD in used else frozenset()), after)

    def fits(self, statement: Store, operand: str) -> bool:
        """Is the adjoint of the part written to good for the value as it is?"""
        turned = (statement, operand) in self.turned
        numeric = self.shapes.is_numeric(statement, operand)
        if statement in self.shapes.fills and numeric and not turned:
            return True
        if statement.operator is not None and not is_elementwise(statement.operator):
            return False
        return operand in self.temporaries and self.stays_loose(statement, operand, turned)

    # ------------------------------------------------------------ one term

    def term(self, statement: Any, rule: Rule, atom: Any, expr: Any) -> list[Term]:
        if not isinstance(
            atom, gast.Name
        ):  # a display of varied names: one term for the whole, taken apart
            return self.container_terms(statement, atom, expr)
        operand = atom.id
        if rule.kind == "partials":
            expr = times(expr)
        if not rule.elementwise:
            if statement.target in self.loose and self.shapes.result(statement) == POINT:
                expr = rebuild(expr, self.of_a_number)
            uniform = _is_spread(expr) and rule.kind == "transpose"
            return [Term(operand, expr, NONE, None, uniform)]
        conform, like = self.conform(statement, operand)
        return [Term(operand, expr, conform, like)]

    def of_a_number(self, node: Any) -> Any | None:
        """The adjoint of a number, which may come back as large as what the number met."""
        if not isinstance(node, gast.Name) or node.id != ADJOINT:
            return None
        point = gast.Tuple(elts=[], ctx=gast.Load())
        return call(self.symbols.runtime("unbroadcast_to"), node, point)

    def container_terms(self, statement: Any, atom: Any, expr: Any) -> list[Term]:
        held = name(self.program.names.temporary())
        found = []
        for position, element in enumerate(atom.elts):
            if isinstance(element, gast.Name) and element.id in self.activity.operands[statement]:
                part = gast.Subscript(value=expr, slice=literal(position), ctx=gast.Load())
                found.append(Term(element.id, part))
        del held
        return found

    def conform(self, statement: Any, operand: str) -> tuple[str, str | None]:
        """How the broadcast of an operand is undone."""
        shapes = self.shapes
        mine, whole = shapes.of(statement, operand), shapes.result(statement)
        target = statement.target
        turned = (statement, operand) in self.turned or target in self.complex
        exact = target not in self.loose and mine is not None and mine == whole and not turned
        if operand in self.carried or (exact and shapes.is_numeric(statement, operand)):
            return NONE, None
        if operand in self.temporaries:
            if mine == POINT and shapes.is_numeric(statement, operand):
                return (HERE, operand) if turned else (SHAPE, None)
            holder = shapes.holders.get((statement, operand))
            if (
                holder is not None
                and holder not in self.temporaries
                and shapes.is_numeric(statement, operand)
                and not turned
            ):
                return SHAPE, holder
            if self.stays_loose(statement, operand, turned):
                return NONE, None
        return HERE, operand

    def stays_loose(self, statement: Statement, operand: str, turned: bool) -> bool:
        """Notes a temporary whose own rule copes with an adjoint as it comes: larger than it is,
        and complex for a real one where it is `turned`, which its operands then are, too.
        """
        loose = self.may_stay_loose(statement, operand, turned)
        if loose:
            self.loose.add(operand)
            self.complex |= {operand} if turned else set()
        return loose

    def may_stay_loose(self, statement: Statement, operand: str, turned: bool) -> bool:
        """A temporary, used here alone, made in the same block by a rule that copes with a larger
        adjoint.
        """
        maker = self.makers.get(operand)
        if isinstance(maker, Assign) and isinstance(maker.value, Apply) and turned:
            rule = maker.value.rule.variant(maker.value.arguments)
            if rule.real or not rule.elementwise:
                return False
        return (
            isinstance(maker, Assign)
            and operand not in self.memory
            and self.uses.get(operand) == 1
            and self.block_of[maker] is self.block_of[statement]
            and isinstance(maker.value, Apply)
            and (
                maker.value.rule.tolerant
                or maker.value.rule.variant(maker.value.arguments).elementwise
            )
            and self.shapes.is_numeric(statement, operand)
        )


def linear_store(statement: Store) -> bool:
    """A store that needs no partials: `=`, `+=`, `-=`, `np.add.at`, `restore`."""
    linear = (gast.Add, gast.Sub)
    known = statement.operator in (None, SCATTER, INTO, RESTORE)
    return known or isinstance(statement.operator, linear)


def _combined(found: list[Term]) -> list[Term]:
    """`x * x`: two equal terms are twice the one."""
    if (
        len(found) == 2
        and found[0].operand == found[1].operand
        and same(found[0].expr, found[1].expr)
    ):
        expr = found[0].expr
        if (
            isinstance(expr, gast.BinOp)
            and isinstance(expr.op, gast.Mult)
            and same(expr.left, name(ADJOINT))
        ):
            return [replace(found[0], expr=quote("a * 2 * b", a=expr.left, b=expr.right))]
    return found


def times(partial: Any) -> Any:
    """`adjoint * partial`, written as one would by hand."""
    bar = name(ADJOINT)
    if (
        isinstance(partial, gast.Constant)
        and partial.value == 1
        and not isinstance(partial.value, bool)
    ):
        return bar
    if isinstance(partial, gast.UnaryOp) and isinstance(partial.op, gast.USub):
        inner = times(partial.operand)
        return gast.UnaryOp(op=gast.USub(), operand=inner)
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Div):
        return gast.BinOp(left=times(partial.left), op=gast.Div(), right=partial.right)
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Mult):
        return gast.BinOp(left=times(partial.left), op=gast.Mult(), right=partial.right)
    return quote("a * b", a=bar, b=partial)


def _is_spread(expr: Any) -> bool:
    return (
        isinstance(expr, gast.Call)
        and isinstance(expr.func, gast.Name)
        and expr.func.id == "@spread"
        and len(expr.args) == 2
    )


def _count_uses(program: Program) -> dict[str, int]:
    """How many statements read each name."""
    counts: dict[str, int] = {program.result: 1}
    for statement in every(program.body):
        for one in reads(statement):
            counts[one] = counts.get(one, 0) + 1
    return counts


def reads(statement: Statement) -> frozenset[str]:
    """The names that a statement itself reads in the forward sweep."""
    match statement:
        case Assign(value=value):
            return value.reads
        case Unpack(source=source):
            return frozenset({source})
        case Augment(target=target, operand=operand):
            return frozenset({target, *names_in(operand)})
        case Store(base=base, index=index, value=value):
            return frozenset({base, *names_in(index), *names_in(value)})
        case Append(base=base, value=value):
            return frozenset({base, *names_in(value)})
        case Pop(base=base):
            return frozenset({base})
        case If(test=test):
            return test.reads
        case While(test=test):
            return test.reads | statement.scheduled
        case For(header=header):
            return statement.scheduled | names_in(header)
    return getattr(statement, "reads", frozenset())


def _block_of(body: tuple[Statement, ...]) -> dict[Statement, tuple[Statement, ...]]:
    table: dict[Statement, tuple[Statement, ...]] = {}
    todo = [body]
    while todo:
        block = todo.pop()
        for statement in block:
            table[statement] = block
            todo.extend(blocks(statement))
    return table
