"""The function that computes a value and its tangent: `f_jvp(x, A, *, x_dot) -> value, tangent`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from tangent.analyses.mirrored import mirrored
from tangent.analyses.recording import Block
from tangent.analyses.tangents import tangents
from tangent.analyses.terms import linear_store
from tangent.passes.assemble import (
    Wanted,
    Written,
    analyse,
    define,
    documented,
    finish,
    together,
    unbound_first,
)
from tangent.passes.entry import private_parameters, value_and_aux
from tangent.passes.masks import masked, unmasked
from tangent.passes.optimise import optimise
from tangent.passes.probes import Probes, Watched
from tangent.passes.signs import tidy_signs
from tangent.passes.sweep import Forward, Saved
from tangent.passes.tangents import Interleaved
from tangent.passes.units import Unit
from tangent.rules.language import Rule
from tangent.syntax.names import Names
from tangent.syntax.program import (
    Assign,
    Augment,
    For,
    If,
    Item,
    Plain,
    Program,
    Statement,
    Store,
    with_blocks,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import assign, call, item, literal, name, names_in, rebuild

Jvp = Callable[[Unit, frozenset[str]], str]  # the symbol of a callee's tangent function


def tangent_names(unit: Unit, active: frozenset[str]) -> dict[str, str]:
    """The keywords under which a tangent function takes the tangents of its parameters."""
    names = unit.program.names.copy()
    return {p: names.fresh(f"{p}_dot") for p in unit.all_parameters if p in active}


def jvp(
    unit: Unit,
    active: frozenset[str],
    symbol: str,
    wanted: Wanted,
    root: bool,
    value: bool = True,
    probes: Probes | None = None,
    has_aux: bool = False,
    along_one: bool = False,
) -> Written:
    """`f_jvp(x, …, *, x_dot, …)`; without `value` it returns the tangent alone.

    With `has_aux` the primal returns a pair, of which the first part has a tangent; the second
    comes back behind it.  Tangents that are `along_one` are no arguments: of a number, the one.
    """
    symbols = unit.registry.symbols
    words = tangent_names(unit, active)
    program, aux = value_and_aux(unit.program) if has_aux else (unit.program, "")
    program, _ = private_parameters(program, (), symbols, root)
    program = program if value or along_one else _at_seed_one(program, unit)
    for word in words.values():
        program.names.fresh(word)
    steps = step_by_step(program.body, program.names, symbols)
    program = replace(program, body=steps)
    also = frozenset({aux}) if aux else frozenset[str]()
    none = frozenset[str]()
    facts = analyse(program, none, none, False, symbols, root, also, views=False)
    alike, moving = mirrored(program, active, facts.sharing, facts.shadows.exposed)
    forward = Forward(
        facts,
        Saved(program.names),
        lambda callee, some: wanted(callee, some, "forward"),
        lambda callee: wanted(callee, frozenset(), "primal"),
        replayed=False,
        moving=moving.active,
    )
    interleaved = Interleaved(
        facts,
        moving,
        tangents(program, moving, active, alike),
        forward,
        lambda callee, some: (wanted(callee, some, "jvp"), tangent_names(callee, some)),
        dict(words),
        alike,
        watched=Watched(probes, unit, active) if probes is not None else None,
    )
    code = interleaved.run()
    if along_one:
        one = {w: call(symbols.runtime("seed"), literal(1.0), name(p)) for p, w in words.items()}
        code = [*(assign(w, made) for w, made in one.items()), *code]
    code = [*unbound_first(code, [*program.parameters, *words.values()]), *code]
    code.append(gast.Return(value=_returned(interleaved, value, aux)))
    said = _docstring(unit, {} if along_one else words, value)
    if probes is not None:  # as it stands: the probes know its names
        body = [documented(said), *probes.around_forward(code, words)]
    else:
        aliases, written = set(interleaved.dots.values()), _written(interleaved)
        code = masked(code, program, symbols, _shown(interleaved), interleaved.dots)
        body = optimise(code, _movable(interleaved), aliases, _tidy, written)
        body = finish(body, program, said)
    keywords = [(word, None) for word in words.values() if not along_one]
    tree = define(symbol, unit, program.parameters, keywords, body)
    return Written(symbol, tree, unit, "jvp")


def _at_seed_one(program: Program, unit: Unit) -> Program:
    """A generated gradient as it is called: the adjoint of its result is the 1 that it is by
    default.
    """
    seeds = [p for p in unit.tree.args.kwonlyargs if p.id in unit.defaults]
    values = [Plain(unit.defaults[p.id], frozenset(), scalar=True) for p in seeds]
    origin = replace(program.result_origin, line=program.line)
    fixed = [Assign(origin, p.id, v) for p, v in zip(seeds, values, strict=True)]
    rest = tuple(p for p in program.parameters if p not in {s.id for s in seeds})
    return replace(program, parameters=rest, body=(*fixed, *program.body))


def step_by_step(body: Block, names: Names, symbols: Symbols) -> Block:
    """`x[i] *= a` as `t = x[i]; t *= a; x[i] = t`, which is what Python makes of it."""
    code: list[Statement] = []
    for s in body:
        match s:
            case If():
                code.append(with_blocks(s, lambda b: step_by_step(b, names, symbols)))
            case For():
                code.append(replace(s, body=step_by_step(s.body, names, symbols)))
            case Store() if not linear_store(s):
                code += _steps(s, names, symbols)
            case _:
                code.append(s)
    return tuple(code)


def _steps(s: Store, names: Names, symbols: Symbols) -> list[Statement]:
    part, held = names.temporary(), names.temporary()
    whole, atom = item(name(s.base), s.index), name(part)
    if not isinstance(s.rule, Rule):  # a staircase
        made = gast.BinOp(left=atom, op=s.operator, right=s.value)
        asked = call(symbols.runtime("is_array"), atom)
        test = Plain(asked, frozenset({part}), scalar=True)
        there = Store(s.origin, part, literal(...), name(held))
        number = Store(s.origin, s.base, s.index, name(held))
        return [
            Assign(s.origin, part, Item(whole, frozenset(names_in(whole)), s.base, s.index)),
            Assign(s.origin, held, Plain(made, frozenset(names_in(made)))),
            If(s.origin, test, (there,), (number,)),
        ]
    return [
        Assign(s.origin, part, Item(whole, frozenset(names_in(whole)), s.base, s.index)),
        Augment(s.origin, part, s.operator, s.rule, s.value),
        Store(s.origin, s.base, s.index, atom),
    ]


def _returned(interleaved: Interleaved, value: bool, aux: str) -> Any:
    """`value, tangent`, or one of them; what `aux` holds comes last."""
    result = interleaved.facts.program.result
    if interleaved.zeros.result:
        tangent = name(interleaved.dot(result))
    else:
        zero = interleaved.facts.symbols.runtime("zero_tangent")
        tangent = call(zero, name(result))
    parts = [name(result), tangent] if value else [tangent]
    parts += [name(aux)] if aux else []
    return gast.Tuple(elts=parts, ctx=gast.Load()) if len(parts) > 1 else tangent


def _movable(interleaved: Interleaved) -> set[str]:
    """Names of the library's own making."""
    program = interleaved.facts.program
    ours = {*program.names.temporaries, *program.names.made, program.result}
    return ours | {d for p, d in interleaved.dots.items() if p in ours}


def _tidy(node: Any) -> Any:
    """A statement or an expression as one writes it by hand."""
    return rebuild(tidy_signs(node), unmasked)


def _shown(interleaved: Interleaved) -> dict[str, frozenset[str]]:
    """The names, of values and of tangents, that show the memory of each that is written into."""
    dots, shown = interleaved.dots, together(interleaved.facts, {})
    of_tangents = {
        dots[n]: frozenset(dots[o] for o in others if o in dots)
        for n, others in shown.items()
        if n in dots
    }
    return {**shown, **of_tangents}


def _written(interleaved: Interleaved) -> frozenset[str]:
    """The names whose memory is written into, and those of their tangents."""
    names, dots = interleaved.facts.sharing.written, interleaved.dots
    return names | {dots[n] for n in names if n in dots}


def _docstring(unit: Unit, words: dict[str, str], value: bool) -> str:
    along = ", ".join(words.values()) or "1"
    what = f"Value of {unit.name} and its tangent" if value else f"Tangent of {unit.name}"
    return f"{what} in the direction {along}."
