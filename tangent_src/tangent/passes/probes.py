"""Calls that watch a run, written into both programs: what `verify=True` looks through.

    forward                                     backward
    seen.begin({"x": x_dot})                    seen.enter(result_bar)
    seen.watch(0, locals())                     …
    seen.front(0, locals())                     y_bar = result_bar * np.cos(y)
    y = settle(x)                               seen.behind(1, {"y": y_bar})
    y_dot = seen.moved(…)                       x_bar = settle_adjoint(y_bar, x)
    …                                           seen.behind(0, {"x": x_bar})
    seen.leave(result_dot)                      seen.exit({"x": x_bar})

Each statement that has an adjoint has a number: in front of it, the sum of adjoints times tangents
is the same number in the backward sweep as it is behind it.  `moved` takes the tangent of a rule
of the user's by differences, so that its partials are not compared with themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from tangent.analyses.activity import weak, writes
from tangent.errors import NoRule
from tangent.passes.backward import Backward, entries
from tangent.passes.tangent_terms import Moved
from tangent.passes.units import Unit
from tangent.rules.language import Rule
from tangent.syntax.printing import Verbatim
from tangent.syntax.program import For, If, Statement, every
from tangent.syntax.trees import call, literal, method_call, name

Active = frozenset[str]


@dataclass(frozen=True)
class Point:
    """A statement of one function, and the names whose adjoints are set in front of it."""

    unit: Unit
    statement: Statement
    names: tuple[str, ...]
    dots: Mapping[str, str]  # the names of tangents
    written: frozenset[str] = frozenset()  # names into whose memory the function writes
    shadows: frozenset[str] = frozenset()  # names whose adjoints share memory as they do


@dataclass
class Probes:
    """Writes the calls: with `points` those at statements, with `compares` those that compare each
    tangent with differences.
    """

    symbol: str
    points: bool = False
    compares: bool = False
    places: list[Point] = field(default_factory=list)
    numbers: dict[tuple[Statement, Active], int] = field(default_factory=dict)

    def call(self, method: str, *arguments: Any) -> Any:
        return method_call(name(self.symbol), method, *arguments)

    def statement(self, method: str, *arguments: Any) -> Any:
        return Verbatim([gast.Expr(value=self.call(method, *arguments))])

    # ------------------------------------------------------------ backward

    def watch_backward(self, backward: Backward, unit: Unit, active: Active) -> None:
        """Have the backward sweep of a function watched."""
        if self.points:
            own = set(_statements(unit))

            def behind(statement: Statement) -> None:
                if statement in own and statement in backward.facts.adjoints.emitted:
                    number = self.number(unit, statement, active, backward)
                    backward.emit(self.statement("behind", literal(number), adjoints(backward)))

            backward.behind = behind

    def number(self, unit: Unit, statement: Statement, active: Active, backward: Backward) -> int:
        names = tuple(sorted(backward.state.present))
        self.numbers[statement, active] = len(self.places)
        shadows = frozenset(backward.facts.shadows.memory)
        self.places.append(Point(unit, statement, names, {}, shadows=shadows))
        return len(self.places) - 1

    def around_backward(self, tail: list[Any], backward: Backward, result_bar: str) -> list[Any]:
        """The backward half with its start and its end watched."""
        if not self.points:
            return tail
        *body, last = tail
        end = self.statement("exit", adjoints(backward))
        return [self.statement("enter", name(result_bar)), *body, end, last]

    # ------------------------------------------------------------ forward

    def front(
        self, statement: Statement, watched: Watched, dots: Mapping[str, str], written: Active
    ) -> list[Any]:
        """What is called in front of a statement of the tangent program."""
        number = self.numbers.get((statement, watched.active))
        if number is None:
            self.places.append(Point(watched.unit, statement, (), dots, written))
            return [self.statement("watch", literal(len(self.places) - 1), _LOCALS)]
        self.places[number] = replace(self.places[number], dots=dots, written=written)
        return [self.statement(c, literal(number), _LOCALS) for c in ("watch", "front")]

    def around_forward(self, code: list[Any], words: Mapping[str, str]) -> list[Any]:
        """The tangent function with its start and its end watched."""
        if not self.points:
            return code
        *body, last = code
        moving = _display({p: name(w) for p, w in words.items()})
        end = self.statement("leave", last.value.elts[1], _LOCALS)
        return [self.statement("begin", moving), *body, end, last]

    def moved(self, made: Any, expr: Any, dots: Mapping[str, str]) -> Any:
        """The tangent of an expression by differences; `made` is what a rule says."""
        return self.call("moved", made, *_difference(expr, dots))

    def compared(self, number: int, moved: Any, expr: Any, dots: Mapping[str, str]) -> Any:
        """A tangent, compared with that by differences."""
        return self.call("compared", literal(number), moved, *_difference(expr, dots))


_LOCALS = call("@builtin:locals")


@dataclass(frozen=True)
class Watched:
    """The tangent program of one function, watched."""

    probes: Probes
    unit: Unit
    active: Active

    def around(self, writer: Any, statement: Statement, made: list[Any]) -> list[Any]:
        """The code of a statement with what is called in front of it.

        What it binds without derivative has a tangent of before, which no longer holds.
        """
        if not self.probes.points or isinstance(statement, (If, For)):
            return made
        front = self.probes.front(statement, self, writer.dots, writer.facts.sharing.written)
        still = not writer.activity.active(statement) and not weak(statement)
        idle = [n for n in writes(statement) if still and n in writer.dots]
        return [*front, *made, *map(writer.zero, idle)]

    def doubt(
        self,
        statement: Any,
        rule: Rule,
        expr: Any,
        dots: Mapping[str, str],
        trusted: Callable[[], Moved],
    ) -> Moved:
        """The tangent of what a rule is for, as far as the rule is there and trusted."""
        try:
            made = trusted()
        except NoRule:
            return Moved(self.probes.moved(literal(None), expr, dots))
        if self.probes.compares:
            self.probes.places.append(Point(self.unit, statement, (), dots))
            number = len(self.probes.places) - 1
            return replace(made, expr=self.probes.compared(number, made.expr, expr, dots))
        if rule.call.__module__.startswith("tangent.rules."):
            return made
        return replace(made, expr=self.probes.moved(made.expr, expr, dots))


def _statements(unit: Unit) -> Iterator[Statement]:
    """The simple statements of a function, without those that bind the items of loops."""
    body = unit.program.body
    items = {i for s in every(body) if isinstance(s, For) for i in every(s.items)}
    return (s for s in every(body) if s not in items and not isinstance(s, (If, For)))


def adjoints(backward: Backward) -> Any:
    """The display of the adjoints that are set."""
    state = backward.state
    pending = state.displays
    return _display(
        {
            n: entries(pending[n]) if n in pending else name(backward.bar(n))
            for n in sorted(state.present)
        }
    )


def _display(values: Mapping[str, Any]) -> Any:
    return gast.Dict(keys=[literal(k) for k in values], values=list(values.values()))


def _difference(expr: Any, dots: Mapping[str, str]) -> tuple[Any, Any, Any]:
    """An expression as a function of what moves, and where and along what it moves."""
    values = gast.Tuple(elts=[name(n) for n in dots], ctx=gast.Load())
    tangents = gast.Tuple(elts=[name(d) for d in dots.values()], ctx=gast.Load())
    return _function(list(dots), expr), values, tangents


def _function(parameters: list[str], expr: Any) -> Any:
    own = [_parameter(p) for p in parameters]
    none: dict[str, Any] = dict.fromkeys(("vararg", "kwarg"))
    empty: dict[str, Any] = {
        f: [] for f in ("posonlyargs", "kwonlyargs", "kw_defaults", "defaults")
    }
    return gast.Lambda(args=gast.arguments(args=own, **none, **empty), body=expr)


def _parameter(identifier: str) -> Any:
    return gast.Name(id=identifier, ctx=gast.Param(), annotation=None, type_comment=None)
