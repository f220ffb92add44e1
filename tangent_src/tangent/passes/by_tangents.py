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
    program, runtime = unit.program, unit.registry.symbols.runtime
    names = program.names.copy()
    given, seed = unit.all_parameters, unit.all_parameters[-1]
    bar, record = names.fresh("result_bar"), names.fresh("record")
    moved, held = names.fresh("moved"), names.fresh("moved_record")
    order = tuple(p for p in given if p in active)
    varied = frozenset(order) - {seed}
    bars = {p: names.fresh(f"{p}_bar") for p in order}

    along = item(name(bar), literal(1)) if origin.value else name(bar)
    parts = [item(along, literal(i)) if origin.tupled else along for i in range(len(origin.wrt))]
    taken: dict[str, Any] = {p: name(p) for p in given}
    for p, part in zip(origin.wrt, parts, strict=True):
        taken[words[p]] = call(runtime("tangent_like"), part, name(p))
    arguments = [taken[p] for p in tangent.all_parameters]
    slope: Any = item(name(moved), literal(1)) if origin.value else name(moved)
    seeded: Any = call(runtime("seed"), name(seed), slope)
    if origin.value:
        elements = [item(name(bar), literal(0)), seeded]
        seeded = gast.Tuple(elts=elements, ctx=gast.Load())

    said = (
        f"the adjoint of a gradient is that of the tangent of {origin.function.__name__} along it"
    )
    tail: list[Any] = [Comment(said)]
    if varied:
        both = gast.Tuple(elts=[stored(moved), stored(held)], ctx=gast.Store())
        tail.append(assign(both, call(wanted(tangent, varied, "forward"), *arguments)))
        targets = [stored(bars[p]) for p in order if p in varied]
        target = gast.Tuple(elts=targets, ctx=gast.Store()) if len(targets) > 1 else targets[0]
        back = call(wanted(tangent, varied, "backward"), seeded, name(held))
        tail.append(assign(target, back))
    else:
        tail.append(assign(moved, call(wanted(tangent, varied, "primal"), *arguments)))
    if seed in active:
        tail.append(assign(bars[seed], slope))
    values: list[Any] = [name(bars[p]) for p in order]
    returned = gast.Tuple(elts=values, ctx=gast.Load()) if len(values) > 1 else values[0]
    tail.append(gast.Return(value=returned))

    as_it_stands = call(wanted(unit, frozenset(), "primal"), *map(name, given))
    kept = gast.Tuple(elts=[name(p) for p in given], ctx=gast.Load())
    head = (gast.Return(value=gast.Tuple(elts=[as_it_stands, kept], ctx=gast.Load())),)
    places = {p: p for p in given}
    return Pair(unit, order, symbols, program, head, places, {}, tuple(tail), bar, record)
