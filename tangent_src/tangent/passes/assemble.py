"""Whole functions: the fused gradient, the two halves, and the primal of a callee without
adjoint.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent.analyses.activity import activity, only_raises
from tangent.analyses.adjoints import adjoints
from tangent.analyses.binding import surely_bound
from tangent.analyses.complete import refuse_incomplete
from tangent.analyses.entries import perhaps_new
from tangent.analyses.exposure import arguments_shown, captured, exposure, run_over
from tangent.analyses.half_done import refuse_half_done
from tangent.analyses.inexact import inexact
from tangent.analyses.plan import plan
from tangent.analyses.realness import turned_complex
from tangent.analyses.shadows import Shadows, both, shadows
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import sharing
from tangent.analyses.terms import terms
from tangent.analyses.unread import loose, unread
from tangent.passes.adjoint_code import name_adjoints
from tangent.passes.backward import Backward, entries
from tangent.passes.contexts import under
from tangent.passes.describe import describe
from tangent.passes.entry import private_parameters, refuse_writers, value_and_aux, with_aux
from tangent.passes.free import free, free_block
from tangent.passes.masks import masked
from tangent.passes.optimise import optimise
from tangent.passes.peephole import Peephole
from tangent.passes.reverse import backward_sweep
from tangent.passes.stored import until_empty
from tangent.passes.sweep import Facts, Forward, Saved
from tangent.passes.units import Unit
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.program import (
    AdjointCode,
    Assign,
    Augment,
    For,
    If,
    Program,
    Unpack,
    assigned,
    every,
    targets,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import (
    assign,
    augment,
    call,
    copied,
    name,
    names_in,
    rebuild,
    substitute,
    walk,
)

NO_NAMES: Mapping[str, frozenset[str]] = {}
Wanted = Callable[[Unit, frozenset[str], str], str]  # (callee, active parameters, half) -> symbol


@dataclass(frozen=True)
class Written:
    """A generated function, and what it was made from: tracebacks name the primal's line.

    `kind` is "gradient", "forward", "backward" or "primal"; `asks`: does a gradient ask, when it
    runs, whether names share memory?
    """

    symbol: str
    tree: Any
    unit: Unit
    kind: str
    asks: bool = False


def analyse(
    program: Program,
    wrt: frozenset[str],
    likes: frozenset[str],
    scalar: bool,
    symbols: Symbols,
    root: bool,
    also: frozenset[str] = frozenset(),
    views: bool = True,
) -> Facts:
    """All facts about a program, each from those before it; activity, then liveness, then
    recording.  `also` is read at the end besides the result; without `views` the text asks in front
    of every store that a second name might show, and none is understood.
    """
    plain = shapes(program, scalar)
    share = sharing(program, plain)
    refuse_writers(program)
    refuse_half_done(program, share)
    exposed = exposure(program, share, root)
    outside = {s: found for s, seen in exposed.items() if (found := captured(seen))}
    always = both(run_over(program, share), outside)
    shadow = shadows(program, share, exposed, plain, arguments_shown(share, root), always, views)
    active = activity(program, wrt, shadow.shown)
    shadow = shadow.asked(active) if views else shadow
    bound = surely_bound(program)
    refuse_incomplete(program, active, shadow.memory)
    set_ = adjoints(program, active, bound, shadow, plain)
    silent = unread(program, active) - shadow.memory.keys()
    assumed = silent & wrt
    shape = shapes(program, scalar, assumed)
    carried = loose(program, active, set_, silent)
    turned = turned_complex(program, scalar)
    term = terms(program, active, shape, turned, symbols, carried, shadow.memory)
    end = frozenset({program.result}) | also
    stored_ = plan(program, term, set_, share, shape, bound, shadow, likes, end)
    facts = active, shape, term, set_, share, shadow, stored_, bound
    sure = inexact(program, active, shape, wrt), perhaps_new(program, plain, share)
    return Facts(program, *facts, symbols, root, assumed, *sure)


# ---------------------------------------------------------------- the three kinds of function


def gradient(
    unit: Unit,
    wrt: tuple[str, ...],
    value: bool,
    tupled: bool,
    symbol: str,
    wanted: Wanted,
    has_aux: bool = False,
) -> Written:
    """`f_grad(x, …, *, result_bar=1.0)`: both sweeps in one function; with `value`, the result
    comes back as well, and with `has_aux` the second of two values that the primal returns.
    """
    program, aux = value_and_aux(unit.program) if has_aux else (unit.program, "")
    program, originals = private_parameters(program, wrt, unit.registry.symbols, True)
    likes = frozenset(originals[w] for w in wrt)
    also = frozenset({aux}) if aux else frozenset[str]()
    facts = analyse(program, frozenset(wrt), likes, True, unit.registry.symbols, True, also)
    saved = Saved(program.names)
    seed_bar = program.names.fresh("result_bar")
    forward, backward = sweeps(facts, saved, wanted, seed_bar)
    checked = call(unit.registry.symbols.runtime("seed"), name(seed_bar), name(program.result))
    backward_code = backward_sweep(backward)
    again = restored(facts, wrt)
    backward.put_back(likes | again)
    originals |= {p: p for p in again}
    forward_code = [*run(forward, backward), assign(seed_bar, checked)]
    lists = {place for save, place in saved.places.items() if save.depth == 1}
    backward_code = until_empty(backward_code, _counts(program), lists)
    if aux and aux in facts.sharing.written:  # the backward sweep may put other values there
        forward_code.append(assign(aux, call(unit.registry.symbols.runtime("own"), name(aux))))
    returned = _gradients(facts, backward, wrt, originals, value, tupled, aux)
    backward_code = _apart(backward_code, returned, program)
    names = dict.fromkeys(wrt, "")
    bars, shown = set(backward.bars.values()), together(facts, backward.bars, backward.past())
    body = [
        Comment("forward"),
        *forward_code,
        Comment(""),
        Comment("backward"),
        *masked(backward_code, program, facts.symbols, shown, backward.bars),
        *returned,
    ]
    body = optimise(body, movable(program, backward), bars, peephole(facts), together=shown)
    text = f"Adjoint of {unit.name} with respect to {', '.join(names)}."
    body = finish(body, program, describe(text, saved, body, _inherited(body)))
    keyword = [(seed_bar, gast.Constant(value=1.0, kind=None))]
    tree = define(symbol, unit, unit.all_parameters, keyword, body)
    return Written(symbol, tree, unit, "gradient", facts.asks)


def primal(unit: Unit, symbol: str, wanted: Wanted, said: str = "") -> Written:
    """A callee that carries no derivative, as it stands; its docstring may be `said`."""
    program, _ = private_parameters(unit.program, (), unit.registry.symbols, False)
    facts = analyse(program, frozenset(), frozenset(), False, unit.registry.symbols, False)
    # no adjoint has to follow its stores: nothing is asked
    facts = replace(facts, shadows=Shadows(exposed=facts.shadows.exposed))
    saved = Saved(program.names)
    forward, _ = sweeps(facts, saved, wanted, "")
    code = forward.run()
    code += [] if only_raises(program.body) else [gast.Return(value=name(program.result))]
    movable = set(program.names.temporaries) | {program.result}
    body = optimise(code, movable, set(), together=together(facts, {}))
    body = finish(body, program, said or f"{unit.name}, as it stands.")
    return Written(symbol, define(symbol, unit, unit.all_parameters, [], body), unit, "primal")


# ---------------------------------------------------------------- parts


def sweeps(facts: Facts, saved: Saved, wanted: Wanted, seed_bar: str) -> tuple[Forward, Backward]:
    saved.name_records(facts)
    for save in facts.plan.saves:  # named in the order of the program
        if not save.undo:
            saved.place(save)
    forward = Forward(
        facts,
        saved,
        lambda unit, active: wanted(unit, active, "forward"),
        lambda unit: wanted(unit, frozenset(), "primal"),
    )
    backward = Backward(
        facts, saved, lambda unit, active: wanted(unit, active, "backward"), forward
    )
    if seed_bar:
        backward.called(facts.program.result, seed_bar)
    name_adjoints(backward, [s for s in every(facts.program.body) if isinstance(s, AdjointCode)])
    return forward, backward


def restored(facts: Facts, wrt: tuple[str, ...]) -> frozenset[str]:
    """Parameters that hold their first value again behind the backward sweep, which puts back what
    each statement overwrote: so their gradients need no other name for it.
    """
    saves = {(s.at, s.name) for s in facts.plan.saves if not (s.at_end or s.region or s.undo)}
    writers: dict[str, list[bool]] = {}
    for statement in every(facts.program.body):
        if statement in facts.plan.live.kept:
            for one in assigned((statement,)) & set(wrt):
                simple = isinstance(statement, (Assign, Augment, Unpack, If, For))
                nested = isinstance(statement, (If, For)) and one not in targets(statement)
                sure = nested or (simple and (statement, one) in saves)
                writers.setdefault(one, []).append(sure)
    return frozenset(one for one, sure in writers.items() if all(sure))


def together(
    facts: Facts, bars: Mapping[str, str], past: Mapping[str, frozenset[str]] = NO_NAMES
) -> dict[str, frozenset[str]]:
    """The names, of values and of adjoints, that show the memory of each name that is written
    into; `past` are adjoints that did so once.
    """
    groups: dict[Any, set[str]] = {n: {n} for n in facts.sharing.written}
    for one, memory in facts.shadows.memory.items():
        groups.setdefault(memory, set()).add(one)
        if one in bars:
            groups.setdefault(f"{memory}_bar", set()).add(bars[one])
    for site in facts.sharing.touched:  # other names for what is written into, or for what holds it
        groups[site] = facts.sharing.named(site)
    shown: dict[str, set[str]] = {}
    for group in groups.values():
        for one in group:
            shown[one] = group if one not in shown else shown[one] | group
    for one, others in past.items():
        shown[one] = shown.get(one, {one}) | others
    return {one: frozenset(group) for one, group in shown.items()}


def _inherited(body: list[Any]) -> list[str]:
    """What the backward sweep reads of the forward sweep."""
    position = next(
        i for i, s in enumerate(body) if isinstance(s, Comment) and s.text == "backward"
    )
    return free(body[position:], set())


def peephole(facts: Facts) -> Peephole:
    """The rewritings that the shape facts of names bound once allow."""
    counts = Counter(t for s in every(facts.program.body) for t in targets(s))
    shapes = {p: frozenset({p}) for p in facts.program.parameters if not counts[p]}
    for statement, shape in facts.shapes.after.items():
        target = targets(statement)[0]
        if counts[target] == 1 and target not in facts.program.parameters:
            shapes[target] = facts.shapes.result(statement) or shape
    alike = {
        s.target: frozenset(
            n for n in s.value.reads if facts.shapes.of(s, n) == facts.shapes.result(s) is not None
        )
        for s in every(facts.program.body)
        if isinstance(s, Assign) and counts[s.target] == 1
    }
    return Peephole(shapes, alike, facts.symbols)


def run(forward: Forward, backward: Backward) -> list[Any]:
    """The forward sweep for a backward sweep that is already written."""
    forward.indexed = frozenset(backward.indexed)
    code = forward.run()
    return [*unbound_first(code, forward.facts.program.parameters), *code]


def unbound_first(code: list[Any], parameters: Iterable[str]) -> list[Any]:
    """Names that are stored, or asked for their memory, where only some paths have bound them
    start as None.
    """
    unbound: dict[str, None] = {}
    free_block(code, set(parameters), unbound)
    read = {n for s in code for node in walk(s) for n in _read_unbound(node)}
    names = [n for n in unbound if n in read]
    return [Noted(assign(n, gast.Constant(value=None, kind=None)), "") for n in names]


def _read_unbound(node: Any) -> set[str]:
    if isinstance(node, Noted) and node.note.startswith(("store", "checkpoint")):
        return set(names_in(node.statement))
    if isinstance(node, gast.Call) and getattr(node.func, "id", "") in _GUARDS:
        return {k.value.id for k in node.keywords}
    return set()


_GUARDS = ("@separate", "@separate_entry", "@separate_itself")


def movable(program: Program, backward: Backward) -> set[str]:
    """Names of the library's own making: temporaries, and adjoints that have another name as
    well.
    """
    temporaries = set(program.names.temporaries)
    bars = {b for p, b in backward.bars.items() if p in temporaries}
    return temporaries | bars | {program.result} | set(program.names.made) | backward.locals


def _apart(backward: list[Any], returned: list[Any], program: Program) -> list[Any]:
    """The backward sweep with names of its own for the temporaries that it computes again."""
    inherited = set(free([*backward, *returned], set()))
    ours = set(program.names.temporaries) | set(program.names.made)
    bound = {
        n.id
        for s in backward
        for n in walk(s)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    }
    again = {n: name(program.names.temporary()) for n in sorted(bound & ours - inherited)}
    return [substitute(s, again) for s in backward] if again else backward


def _gradients(
    facts: Facts,
    backward: Backward,
    wrt: tuple[str, ...],
    originals: dict[str, str],
    with_value: bool,
    tupled: bool,
    aux: str,
) -> list[Any]:
    """The closing `return`: each gradient in the structure, kind, shape and dtype of its
    argument, memory of its own.
    """
    values: list[Any] = []
    seen: set[str] = set()
    for one in wrt:
        values.append(_gradient(facts, backward, one, originals[one], seen))
    value = gast.Tuple(elts=values, ctx=gast.Load()) if tupled else values[0]
    result = name(facts.program.result)
    if with_value:
        value = gast.Tuple(elts=[with_aux(result, aux), value], ctx=gast.Load())
    else:
        value = with_aux(value, aux)
    return [gast.Return(value=value)]


def _gradient(facts: Facts, backward: Backward, one: str, original: str, seen: set[str]) -> Any:
    runtime = facts.symbols.runtime
    display = backward.state.displays.pop(one, None)
    if display is not None:
        return call(
            runtime("like"),
            entries(display),
            name(original),
            copy=gast.Constant(value=True, kind=None),
        )
    if one not in backward.state.present:
        return call(runtime("like"), gast.Constant(value=None, kind=None), name(original))
    expr = name(backward.bar(one))
    if one in facts.terms.loose:
        expr = call(runtime("unbroadcast"), expr, name(original))
    if one in backward.state.owned and not (names_in(expr) & seen):
        seen |= names_in(expr)
        return call(runtime("like"), expr, name(original))
    return call(runtime("like"), expr, name(original), copy=gast.Constant(value=True, kind=None))


# ---------------------------------------------------------------- finishing


def finish(body: list[Any], program: Program, docstring: str) -> list[Any]:
    """A tidy body under its docstring, in which temporaries have their new names as well."""
    body, renamed = tidied(body, program)
    return [documented(in_new_names(docstring, renamed)), *body]


def in_new_names(text: str, renamed: Mapping[str, str]) -> str:
    """A text about a body of which `tidied` gave the temporaries new names."""
    return re.sub(r"\bt\d+", lambda m: renamed.get(m[0], m[0]), text)


def documented(text: str) -> Any:
    return gast.Expr(value=gast.Constant(value=text, kind=None))


def tidied(body: list[Any], program: Program) -> tuple[list[Any], dict[str, str]]:
    """Number temporaries in order of appearance, say each line number once, drop empty sections.

    The new names of the temporaries come back as well.
    """
    counts = _counts(program)
    body = [rebuild(copied(s), lambda node: _counting(node, counts)) for s in _sections(body)]
    _quiet(body, "")
    return body, _renumber(body, program)


def _counts(program: Program) -> set[str | None]:
    return {s.count for s in every(program.body) if isinstance(s, For)} - {None}


def _counting(node: Any, counts: set[str | None]) -> Any | None:
    """`count = count + 1` as one writes it."""
    match node:
        case gast.Assign(targets=[gast.Name(id=one)], value=gast.BinOp(op=op, right=step)):
            return augment(one, op, step) if one in counts else None
    return None


def _sections(body: list[Any]) -> list[Any]:
    """No `# forward` above nothing."""
    texts = [n.text if isinstance(n, Comment) else None for n in body]
    if "forward" in texts and "backward" in texts:
        start, end = texts.index("forward"), texts.index("backward")
        if all(isinstance(n, Comment) for n in body[start:end]):
            return body[end:]
    return body


def _quiet(body: list[Any], last: str) -> str:
    for position, statement in enumerate(body):
        if not isinstance(statement, Noted):
            continue
        note = statement.note
        node = statement.statement
        if note == last or not note:
            body[position] = node
        elif not note.startswith("store"):
            last = note
        if isinstance(node, (gast.If, gast.For, gast.While)):
            last = _quiet(node.body, last)
            last = _quiet(node.orelse, last)
    return last


def _renumber(body: list[Any], program: Program) -> dict[str, str]:
    """`t7, t12` become `t1, t2`, their adjoints and stores with them."""
    temporaries = set(program.names.temporaries)
    order: dict[str, str] = {}
    given: set[str] = set()
    nodes = [n for s in body for n in walk(s) if isinstance(n, gast.Name)]
    stems = {n.id.partition("_")[0] for n in nodes} | set(program.parameters)
    stems -= temporaries
    for node in nodes:
        stem, _, rest = node.id.partition("_")
        if stem in temporaries and stem not in order:
            number = len(order) + 1
            while f"t{number}" in stems or f"t{number}" in given:
                number += 1
            order[stem] = f"t{number}"
            given.add(order[stem])
    for node in nodes:
        stem, bar, rest = node.id.partition("_")
        if stem in order:
            node.id = order[stem] + bar + rest
    return order


def define(
    symbol: str,
    unit: Unit,
    parameters: tuple[str, ...],
    keywords: list[tuple[str, Any]],
    body: list[Any],
    defaults: bool = True,
) -> Any:
    own = [
        gast.Name(id=p, ctx=gast.Param(), annotation=None, type_comment=None) for p in parameters
    ]
    given: list[Any] = []
    if defaults:
        for parameter in parameters:
            if parameter in unit.defaults:
                given.append(unit.defaults[parameter])
            elif given:
                given.append(gast.Constant(value=None, kind=None))
    words = [
        gast.Name(id=k, ctx=gast.Param(), annotation=None, type_comment=None) for k, _ in keywords
    ]
    arguments = gast.arguments(
        args=own,
        posonlyargs=[],
        vararg=None,
        kwonlyargs=words,
        kw_defaults=[d for _, d in keywords],
        kwarg=None,
        defaults=given,
    )
    return gast.FunctionDef(
        name=symbol,
        args=arguments,
        body=under(unit.program.contexts, body),
        decorator_list=[],
        returns=None,
        type_comment=None,
        type_params=[],
    )
