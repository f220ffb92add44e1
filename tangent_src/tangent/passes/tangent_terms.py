"""The tangent of one value: an expression over the program's names and their tangents.

For `z = f(x, y)` with partials p and q it is `p * x_dot + q * y_dot`; for a linear `f` it is `f`
itself, applied to tangents.  Operands that do not move have no term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent.analyses.activity import Activity
from tangent.analyses.instantiate import argument_values, free_values, read, written_body
from tangent.analyses.shapes import POINT, Shapes
from tangent.analyses.terms import RESULT
from tangent.errors import BrokenInvariant, NoRule
from tangent.passes.backward import signed
from tangent.rules.folding import fold
from tangent.rules.language import Jvp, Multilinear, Rule, forward_rule
from tangent.rules.zeros import Still
from tangent.syntax.names import Names
from tangent.syntax.program import Apply, Assign, Augment, Origin
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, is_literal, is_number, literal, name, quote, rebuild, same


@dataclass(frozen=True)
class Moved:
    """The tangent of a statement's result: `expr`, after the assignments of `body`.

    `%result` stands for the result.  `whole` tells whether it surely has the shape of the result;
    else it may be one that broadcasts to it.
    """

    expr: Any
    body: tuple[Any, ...] = ()
    whole: bool = True


# statement, rule, expression, names of tangents, and what the rule says
Doubt = Callable[[Any, Rule, Any, Mapping[str, str], Callable[[], Moved]], Moved]


@dataclass
class Terms:
    """Writes the tangents of applied rules."""

    activity: Activity
    shapes: Shapes
    symbols: Symbols
    names: Names
    dot: Callable[[str], str]  # the name of a tangent
    doubt: Doubt | None = None  # another tangent for rules that are not trusted
    loose: set[str] = field(default_factory=set)  # tangents that may be smaller than their primals

    def of(self, statement: Assign | Augment) -> Moved:
        """The tangent of what an active statement with a rule computes."""
        given, arguments, expr = _applied(statement)
        if self.doubt is None:
            return self.trusted(statement, given, arguments, expr)
        moving = self.activity.operands.get(statement, frozenset())
        dots = {n: self.dot(n) for n in sorted(moving)}

        def trusted() -> Moved:
            return self.trusted(statement, given, arguments, expr)

        return self.doubt(statement, given, expr, dots, trusted)

    def trusted(
        self, statement: Assign | Augment, given: Rule, arguments: Mapping[str, Any], expr: Any
    ) -> Moved:
        """The tangent by the rule."""
        rule = given.variant(arguments)
        forward = forward_rule(rule.function) if rule is given else None
        if rule.converts and "dtype" in arguments:
            return self.converted(statement, rule, forward, arguments, expr)
        if isinstance(forward, Jvp):
            return self.by_rule(statement, rule, forward, arguments)
        if isinstance(forward, Multilinear):
            return self.multilinear(statement, forward, arguments, expr)
        if rule.elementwise:
            return self.elementwise(statement, rule, arguments)
        if rule.kind == "transpose":
            return self.linear(statement, rule, arguments, expr)
        raise _no_rule(rule, statement.origin)

    def converted(
        self, statement: Any, rule: Rule, forward: Any, arguments: Mapping[str, Any], expr: Any
    ) -> Moved:
        """The tangent of a result that `dtype` converts: that of integers is zero."""
        dtype = arguments["dtype"]
        others = {p: a for p, a in arguments.items() if p != "dtype"}
        if isinstance(forward, Jvp):
            moved = self.by_rule(statement, rule, forward, others)
        else:
            moved = self.linear(statement, rule, others, _without(expr, dtype))
        recast = call(self.symbols.runtime("recast"), moved.expr, dtype)
        return replace(moved, expr=recast)

    # ------------------------------------------------------------ partials

    def elementwise(self, statement: Any, rule: Rule, arguments: Mapping[str, Any]) -> Moved:
        values = argument_values(rule.signature, arguments)
        if rule.result:
            values[rule.result] = name(RESULT)
        texts = [*rule.body, *(e for e in rule.entries.values() if e is not None)]
        free_values(texts, rule.namespace, self.symbols, values)
        body = written_body(rule.body, values, self.names)
        found: list[Any] = []
        for parameter, entry in rule.entries.items():
            atom = arguments.get(parameter)
            if entry is None or not self.moves(statement, atom):
                continue
            dot = name(self.dot(atom.id))  # type: ignore[union-attr]
            if rule.adjoint:
                values[rule.adjoint] = dot
            term = fold(rebuild(entry, lambda n: read(n, values)))
            found.append(term if rule.adjoint else times(term, dot))
        expr = _sum(found)
        return Moved(expr, _used(body, expr), self.covers(statement, expr, arguments))

    def covers(self, statement: Any, expr: Any, arguments: Mapping[str, Any]) -> bool:
        """Does an expression read enough to have the shape of the result?"""
        seen = {n.id for n in gast.walk(expr) if isinstance(n, gast.Name)}
        if RESULT in seen or self.shapes.result(statement) == POINT:
            return True
        atoms = [a.id for a in arguments.values() if isinstance(a, gast.Name)]
        others = [a for a in arguments.values() if not (isinstance(a, gast.Name) or is_literal(a))]
        full = [a for a in atoms if a in seen or (self.known(a) in seen and a not in self.loose)]
        if not others and len(full) == len(atoms):
            return True
        shapes = [self.shapes.of(statement, a) for a in full]
        union = frozenset[Any]().union(*(s for s in shapes if s is not None))
        return None not in shapes and bool(full) and union == self.shapes.result(statement)

    def known(self, atom: str) -> str:
        return self.dot(atom) if atom[0] != "@" else ""

    # ------------------------------------------------------------ linear maps

    def linear(self, statement: Any, rule: Rule, arguments: Mapping[str, Any], expr: Any) -> Moved:
        moving = {p for p, e in rule.entries.items() if e is not None}
        atoms = [a for p, a in arguments.items() if p in moving]
        return Moved(self.replaced(statement, expr, atoms))

    def multilinear(
        self, statement: Any, forward: Multilinear, arguments: Mapping[str, Any], expr: Any
    ) -> Moved:
        atoms = [arguments.get(p) for p in forward.parameters]
        active = [a for a in atoms if self.moves(statement, a)]
        return Moved(_sum([self.replaced(statement, expr, [a]) for a in active]))

    def replaced(self, statement: Any, expr: Any, atoms: list[Any]) -> Any:
        """`expr` with tangents in place of these atoms, which are parts of it."""
        parts = {id(e) for a in atoms for e in (a.elts if isinstance(a, gast.Tuple) else [a])} | {
            id(a) for a in atoms
        }
        found: set[int] = set()

        def change(node: Any) -> Any | None:
            if id(node) in parts and not isinstance(node, gast.Tuple):
                found.add(id(node))
                return self.tangent(statement, node)
            return None

        new = rebuild(expr, change)
        if not found:
            message = "the operands of a linear function are not where they were"
            raise BrokenInvariant(message, code="operands")
        return new

    def tangent(self, statement: Any, atom: Any) -> Any:
        """The tangent of an atom: zeros where it does not move."""
        if self.moves(statement, atom):
            return name(self.dot(atom.id))
        if is_literal(atom):
            return literal(0.0 if is_number(atom) else None)
        return call(self.symbols.runtime("zero_tangent"), atom)

    def moves(self, statement: Any, atom: Any) -> bool:
        active = self.activity.operands.get(statement, frozenset())
        return isinstance(atom, gast.Name) and atom.id in active

    # ------------------------------------------------------------ rules by `defjvp`

    def by_rule(
        self, statement: Any, rule: Rule, forward: Jvp, arguments: Mapping[str, Any]
    ) -> Moved:
        values = argument_values(forward.signature, arguments)
        values[forward.result] = name(RESULT)
        zeros = set()
        for parameter, dot in forward.tangents.items():
            if self.moves(statement, arguments.get(parameter)):
                values[dot] = name(self.dot(arguments[parameter].id))
            else:
                zeros.add(dot)
        owners = {d: p for p, d in forward.tangents.items()}

        def written(zero: str) -> Any:
            if rule.elementwise or zero not in owners:
                return literal(0)
            return call(self.symbols.runtime("zero_tangent"), name(owners[zero]))

        still = Still(zeros, forward.namespace, written)
        parts = []
        for part in forward.body:
            value = still(part.value)
            if value is None and isinstance(part.targets[0], gast.Name):
                zeros.add(part.targets[0].id)
            else:
                zeros -= _reads(part.targets[0])  # a name may have been zero before
                parts.append(gast.Assign(targets=part.targets, value=value, type_comment=None))
        entry = still(forward.value)
        free_values([*parts, entry], forward.namespace, self.symbols, values)
        body = written_body(parts, values, self.names)
        expr = fold(rebuild(entry, lambda n: read(n, values)))
        whole = not rule.elementwise or self.covers(statement, expr, arguments)
        return Moved(expr, _used(body, expr), whole)


def _without(expr: Any, dtype: Any) -> Any:
    """A call without the option `dtype`, or with None in its place."""
    words = [k for k in expr.keywords if k.value is not dtype]
    args = [literal(None) if a is dtype else a for a in expr.args]
    return gast.Call(func=expr.func, args=args, keywords=words)


def _applied(statement: Assign | Augment) -> tuple[Rule, Mapping[str, Any], Any]:
    """The rule of a statement, the atoms of its parameters, and the text of the value."""
    if isinstance(statement, Augment):
        first, second = list(statement.rule.signature.parameters)[:2]
        expr = statement.made
        own = expr.args[0] if isinstance(expr, gast.Call) else expr.left
        return statement.rule, {first: own, second: statement.operand}, expr
    value = statement.value
    assert isinstance(value, Apply)
    return value.rule, value.arguments, value.expr


def _no_rule(rule: Rule, origin: Origin) -> NoRule:
    given = ", ".join(rule.signature.parameters)
    dots = ", ".join(f"{p}_dot" for p, e in rule.entries.items() if e is not None)
    return NoRule(
        f"`{rule.name}` has no forward rule",
        code="no-forward-rule",
        location=origin.location,
        help=f"write one: `@defjvp({rule.name})` above "
        f"`def rule({dots}, y, {given}): return y_dot`",
    )


def times(partial: Any, dot: Any) -> Any:
    """`partial * x_dot`, written as one would by hand."""
    if is_number(partial) and isinstance(partial, gast.Constant) and partial.value == 1:
        return dot
    if isinstance(partial, gast.UnaryOp) and isinstance(partial.op, gast.USub):
        return gast.UnaryOp(op=gast.USub(), operand=times(partial.operand, dot))
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Div):
        return gast.BinOp(left=times(partial.left, dot), op=gast.Div(), right=partial.right)
    return quote("a * b", a=partial, b=dot)


def _sum(terms: list[Any]) -> Any:
    """The sum of terms; two equal ones are twice the one."""
    total = terms[0]
    if len(terms) == 2 and same(*terms):
        if isinstance(total, gast.BinOp) and isinstance(total.op, gast.Mult):
            return quote("2 * a * b", a=total.left, b=total.right)
        return quote("2 * a", a=total)
    for term in terms[1:]:
        op, amount = signed(term)
        total = gast.BinOp(left=total, op=op, right=amount)
    return total


def _used(body: list[Any], expr: Any) -> tuple[Any, ...]:
    """The assignments that `expr` needs."""
    needed = _reads(expr)
    kept: list[Any] = []
    for part in reversed(body):
        targets = _reads(part.targets[0])
        if targets & needed:
            kept.insert(0, part)
            needed = (needed - targets) | _reads(part.value)
    return tuple(kept)


def _reads(node: Any) -> set[str]:
    return {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}
