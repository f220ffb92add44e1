"""The halves of a generated gradient, from the tangent program of its primal.

    <u, grad f(x)>  is the tangent of f at x along u, for all x and u

So the adjoint of a gradient, given `u`, is the adjoint of that tangent: reverse over forward in the
place of reverse over reverse.  The forward sweep calls the gradient as it stands.

It is written where the text of the gradient, read as a program, would ask when it runs whether
names share memory, or is refused: a backward sweep keeps names of what it writes into in lists,
and binds adjoints on some paths alone.  A tangent program is laid out as its primal is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import gast

from tangent.analyses.summary import repeatable
from tangent.passes.assemble import Wanted
from tangent.passes.halves import Pair
from tangent.passes.units import Unit
from tangent.rules.language import Rule
from tangent.syntax.printing import Comment
from tangent.syntax.program import AdjointCode, Statement, every
from tangent.syntax.trees import assign, call, item, literal, name, stored


@dataclass(frozen=True)
class Origin:
    """What a generated gradient is the gradient of: `how` are the arguments of
    `pipeline.gradient`.
    """

    function: Any
    wrt: tuple[str, ...]
    value: bool
    tupled: bool
    types: Mapping[str, Any]


def follows(units: Collection[Unit], runtime: Collection[str]) -> bool:
    """Is a gradient that was written from these surely the transpose of the tangent, and may its
    primal run once more?

    Code in the backward sweep is in no tangent, and a user may write two rules for one function.
    What is called when it runs (`runtime` are the helpers of the text) nobody has looked at.
    """
    if {"call", "call_forward"} & {*runtime}:
        return False
    return all(_ours(u.program.body) and repeatable(u.program.body, units) for u in units)


def _ours(body: tuple[Statement, ...]) -> bool:
    """Without code in the backward sweep, and without rules of the user's?"""
    rules = [getattr(getattr(s, "value", s), "rule", None) for s in every(body)]
    ours = (r.call.__module__.startswith("tangent.rules.") for r in rules if isinstance(r, Rule))
    return all(ours) and not any(isinstance(s, AdjointCode) for s in every(body))


def pair_by_tangents(
    unit: Unit,
    active: frozenset[str],
    symbols: tuple[str, str],
    origin: Origin,
    tangent: Unit,
    words: Mapping[str, str],
    wanted: Wanted,
) -> Pair:
    """The pair of a gradient; `tangent` is the program of the tangent, which takes that of each
    parameter under its name in `words`.
    """
    order = tuple(p for p in unit.all_parameters if p in active)
    writer = _Writer(unit, order, origin, tangent, words, wanted)
    tail, head = writer.backward(), writer.forward()
    places = {p: p for p in unit.all_parameters}
    return Pair(
        unit, order, symbols, unit.program, head, places, {}, tail, writer.bar, writer.record
    )


@dataclass
class _Writer:
    """Both halves; `order` are the active parameters, of which the seed is the last one of all."""

    unit: Unit
    order: tuple[str, ...]
    origin: Origin
    tangent: Unit
    words: Mapping[str, str]
    wanted: Wanted

    def __post_init__(self) -> None:
        fresh = self.unit.program.names.copy().fresh
        self.runtime = self.unit.registry.symbols.runtime
        self.seed = self.unit.all_parameters[-1]
        self.bar, self.record = fresh("result_bar"), fresh("record")
        self.moved, self.held = fresh("moved"), fresh("moved_record")
        self.bars = {p: fresh(f"{p}_bar") for p in self.order}

    def forward(self) -> tuple[Any, ...]:
        """The gradient as it stands, and its arguments for the record."""
        given = self.unit.all_parameters
        as_it_stands = call(self.wanted(self.unit, frozenset(), "primal"), *map(name, given))
        return (gast.Return(value=_tuple([as_it_stands, _tuple([name(p) for p in given])])),)

    def backward(self) -> tuple[Any, ...]:
        """The adjoints of the parameters, from the tangent along the adjoint of the gradient."""
        of = self.origin.function.__name__
        said = f"the adjoint of a gradient is that of the tangent of {of} along it"
        tail = [Comment(said), *self.moves()]
        if self.seed in self.order:
            tail.append(assign(self.bars[self.seed], self.slope()))
        tail.append(gast.Return(value=_one_or_tuple([name(self.bars[p]) for p in self.order])))
        return tuple(tail)

    def moves(self) -> list[Any]:
        """The tangent and its adjoint, or the tangent alone if nothing else is asked for."""
        arguments, moved = self.arguments(), stored(self.moved)
        varied = [p for p in self.order if p != self.seed]
        if not varied:
            symbol = self.wanted(self.tangent, frozenset(), "primal")
            return [assign(moved, call(symbol, *arguments))]
        forward = self.wanted(self.tangent, frozenset(varied), "forward")
        both = _tuple([moved, stored(self.held)], gast.Store())
        bars = _one_or_tuple([stored(self.bars[p]) for p in varied], gast.Store())
        backward = self.wanted(self.tangent, frozenset(varied), "backward")
        return [
            assign(both, call(forward, *arguments)),
            assign(bars, call(backward, self.seeded(), name(self.held))),
        ]

    def arguments(self) -> list[Any]:
        """What the tangent program takes: the tangents are the parts of the gradient's adjoint."""
        whole = self.part(self.bar)
        taken: dict[str, Any] = {p: name(p) for p in self.unit.all_parameters}
        for i, p in enumerate(self.origin.wrt):
            along = item(whole, literal(i)) if self.origin.tupled else whole
            taken[self.words[p]] = call(self.runtime("tangent_like"), along, name(p))
        return [taken[p] for p in self.tangent.all_parameters]

    def seeded(self) -> Any:
        """The adjoint of what the tangent program returns."""
        seeded = call(self.runtime("seed"), name(self.seed), self.slope())
        return _tuple([item(name(self.bar), literal(0)), seeded]) if self.origin.value else seeded

    def slope(self) -> Any:
        """The tangent, of what the tangent program returns."""
        return self.part(self.moved)

    def part(self, of: str) -> Any:
        """What stands behind the value, where there is one."""
        return item(name(of), literal(1)) if self.origin.value else name(of)


def _tuple(elements: list[Any], context: Any = None) -> Any:
    return gast.Tuple(elts=elements, ctx=context or gast.Load())


def _one_or_tuple(elements: list[Any], context: Any = None) -> Any:
    return _tuple(elements, context) if len(elements) > 1 else elements[0]
