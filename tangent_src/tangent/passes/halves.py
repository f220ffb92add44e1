"""The two halves of a function, and which functions share a forward half.

    y, record = f_forward(x, …)            what `f` does, and what its adjoint needs
    x_bar, … = f_backward(y_bar, record)   reads the record, never changes it

There is one backward half for each set of *active* arguments.  Forward halves that do the same are
one function: its record holds what any of its backward halves reads, and the others take `_`.

A half is named after the parameters that are active (`dense_backward_W_b`), except where these are
all the parameters of the function that are active anywhere in the module: `dense_backward`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gast

from tangent.passes.assemble import (
    Wanted,
    Written,
    analyse,
    define,
    documented,
    in_new_names,
    movable,
    peephole,
    run,
    sweeps,
    tidied,
    together,
)
from tangent.passes.backward import Backward
from tangent.passes.describe import sentences, stored_value
from tangent.passes.entry import private_parameters, value_and_aux, with_aux
from tangent.passes.free import free, free_block
from tangent.passes.glance import inner
from tangent.passes.identity import same_object
from tangent.passes.masks import masked
from tangent.passes.merging import ONE_LINE_EACH, alike, redirected
from tangent.passes.optimise import optimise
from tangent.passes.probes import Probes
from tangent.passes.reverse import backward_sweep
from tangent.passes.stored import read_reversed
from tangent.passes.sweep import Facts, Saved
from tangent.passes.units import Unit
from tangent.syntax.printing import Verbatim, print_expression, print_source
from tangent.syntax.program import Assign, Plain, Program, Statement, Unpack, every, targets
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import (
    assign,
    call,
    literal,
    method_call,
    name,
    names_in,
    same,
    stored,
    substitute,
    walk,
)


@dataclass(frozen=True)
class Pair:
    """Both halves of a function for one set of active parameters, before they are named.

    `kept` is what the backward half reads of the forward half, each with what its place in the
    record is called there; `asks`: do they ask, when they run, whether names share memory?
    """

    unit: Unit
    active: tuple[str, ...]
    symbols: tuple[str, str]
    program: Program
    head: tuple[Any, ...]
    kept: Mapping[str, str]
    stores: Mapping[str, str]  # lists of the record, and what is said of them
    tail: tuple[Any, ...]
    result_bar: str
    record: str
    asks: bool = False


def halves(
    unit: Unit,
    active: frozenset[str],
    symbols: tuple[str, str],
    wanted: Wanted,
    root: bool,
    probes: Probes | None = None,
    has_aux: bool = False,
) -> Pair:
    """The pair of a function; `shared` makes functions of it.

    With `has_aux` the forward half returns both values of the pair that the primal returns, and the
    backward half takes the adjoint of the first.
    """
    order = tuple(p for p in unit.all_parameters if p in active)
    program, aux = value_and_aux(unit.program) if has_aux else (unit.program, "")
    program, originals = private_parameters(program, order, unit.registry.symbols, root)
    likes = frozenset(originals[w] for w in order)
    also = frozenset({aux}) if aux else frozenset[str]()
    facts = analyse(program, active, likes, False, unit.registry.symbols, root, also)
    saved = Saved(program.names)
    result_bar = program.names.fresh("result_bar")
    record = program.names.fresh("record")
    forward, backward = sweeps(facts, saved, wanted, result_bar)
    backward.halved = True
    if probes is not None:
        probes.watch_backward(backward, unit, active)
    backward_sweep(backward)
    forward_code = run(forward, backward)
    tail = _adjoints(facts, backward, order, originals)
    if probes is not None:
        tail = probes.around_backward(tail, backward, result_bar)
    moved = movable(program, backward)
    bars, shown = set(backward.bars.values()), together(facts, backward.bars, backward.past())
    tail = masked(tail, program, facts.symbols, shown, backward.bars)
    tail = optimise(tail, moved, bars, peephole(facts), together=shown)
    tail = read_reversed(tail, free(tail, {result_bar}))
    kept = _in_order(free(tail, {result_bar}), program, forward_code)
    result = with_aux(name(program.result), aux)
    returned = _return(result, [name(k) for k in kept])
    unbound = _unbound(forward_code, kept, program)
    nothing = [assign(k, gast.Constant(value=None, kind=None)) for k in unbound]
    head = [*nothing, *forward_code, returned]
    empty = _empty(head)
    head, renamed = tidied(optimise(head, moved, set(), together=shown), program)
    head[-1] = inner(head[-1])
    there = [print_expression(e) for e in head[-1].value.elts[1].elts]
    stores = {
        n: in_new_names(stored_value(save, place), renamed)
        for save, place in saved.places.items()
        for k, n in zip(kept, there, strict=True)
        if k == place
    }
    tail = [*_private_copies(tail, kept, empty, facts, saved), *tail]
    held = dict(zip(kept, there, strict=True))
    texts = tuple(head), held, stores, tuple(tail)
    return Pair(unit, order, symbols, program, *texts, result_bar, record, facts.asks)


def _return(result: Any, record: list[Any]) -> Any:
    held = gast.Tuple(elts=record, ctx=gast.Load())
    return gast.Return(value=gast.Tuple(elts=[result, held], ctx=gast.Load()))


def _in_order(kept: list[str], program: Program, forward: Sequence[Any]) -> list[str]:
    """What a record holds: arguments in the order of the parameters, the rest as it is made, and
    the records of callees last, which `releasing` gives on one by one.
    """
    made = [
        n.id
        for s in forward
        for n in walk(s)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    ]
    order = list(dict.fromkeys([*program.parameters, *made, *kept]))
    records = {r for s in forward for r in _callee_records(inner(s))}
    return sorted(kept, key=lambda one: (one in records, order.index(one)))


def _callee_records(statement: Any) -> list[str]:
    match statement:
        case gast.Assign(
            targets=[gast.Tuple(elts=[_, gast.Name(id=record)])],
            value=gast.Call(func=gast.Name(id=function)),
        ) if function.startswith("@function:"):
            return [record]
    return []


# ---------------------------------------------------------------- sharing and names


def shared(pairs: Sequence[Pair], symbols: Symbols) -> tuple[list[Written], dict[str, str]]:
    """The functions of all pairs, and which symbol stands for that of a forward half that is
    shared.
    """
    instead = _same_forward(pairs)
    activated: dict[int, set[str]] = {}
    for pair in pairs:
        activated.setdefault(id(pair.unit), set()).update(pair.active)
    written: list[Written] = []
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(instead[pair.symbols[0]], []).append(pair)
    for group in groups.values():
        leader, every = group[0], activated[id(group[0].unit)]
        _rename(
            leader.symbols[0], leader.unit, {a for p in group for a in p.active}, every, symbols
        )
        record = _record(group)
        written.append(_forward(leader, group, record))
        for pair in group:
            _rename(pair.symbols[1], pair.unit, set(pair.active), every, symbols)
            written.append(_backward(pair, record))
    return written, instead


def _rename(symbol: str, unit: Unit, active: set[str], every: set[str], symbols: Symbols) -> None:
    symbols.wish(symbol, symbols[symbol].wish + suffix(unit, active, every))


def suffix(unit: Unit, active: Iterable[str], every: Iterable[str]) -> str:
    """`_W_b` if only W and b are active, of all that could be."""
    chosen = set(active)
    return (
        "" if chosen >= set(every) else "".join(f"_{p}" for p in unit.all_parameters if p in chosen)
    )


def _same_forward(pairs: Sequence[Pair]) -> dict[str, str]:
    """For each forward half of a function the first one that does the same."""
    table = {p.symbols[0]: p for p in pairs}

    def text(symbol: str, classes: Mapping[str, str]) -> str:
        """What a forward half does, its record apart."""
        *body, last = redirected(list(table[symbol].head), classes)
        return print_source([*body, gast.Return(value=last.value.elts[0])], ONE_LINE_EACH)

    return alike({symbol: id(p.unit) for symbol, p in table.items()}, text)


def _record(group: Sequence[Pair]) -> dict[str, Any]:
    """What the backward halves of a group read, as their forward half writes it."""
    there = {print_expression(e): e for p in group for e in p.head[-1].value.elts[1].elts}
    order = _in_order(list(there), group[0].program, group[0].head)
    return {text: there[text] for text in order}


def _forward(leader: Pair, group: Sequence[Pair], record: Mapping[str, Any]) -> Written:
    *body, last = leader.head
    stores = {n: s for p in group for n, s in p.stores.items()}
    keeps = ", ".join(n for n in record if n not in stores) or "nothing"
    parts = [f"Keeps: {keeps}."]
    if stores:
        parts.append(f"Stores: {', '.join(stores[n] for n in record if n in stores)}.")
    said = sentences(f"Forward half of {leader.unit.name}.", parts)
    returned = _return(last.value.elts[0], list(record.values()))
    symbol, unit = leader.symbols[0], leader.unit
    code = [documented(said), *body, returned]
    return Written(symbol, define(symbol, unit, unit.all_parameters, [], code), unit, "forward")


def _backward(pair: Pair, record: Mapping[str, Any]) -> Written:
    """The backward half, which takes the record apart."""
    mine, tail = _taken_apart(pair)
    pattern = gast.Tuple(elts=[stored(mine.get(n, "_")) for n in record], ctx=gast.Store())
    unpack = [assign(pattern, name(pair.record))] if record else []
    body, _ = tidied([*unpack, *tail], pair.program)
    said = f"Backward half of {pair.unit.name}: adjoints of {', '.join(pair.active)}."
    symbol, unit = pair.symbols[1], pair.unit
    parameters = (pair.result_bar, pair.record)
    tree = define(symbol, unit, parameters, [], [documented(said), *body], False)
    return Written(symbol, tree, unit, "backward")


def _taken_apart(pair: Pair) -> tuple[dict[str, str], list[Any]]:
    """What the backward half calls each entry of the record, and its body: where an entry has two
    names, one of them is enough.
    """
    mine: dict[str, str] = {}
    second: dict[str, str] = {}
    for here, there in pair.kept.items():
        if mine.setdefault(there, here) != here:
            second[here] = mine[there]
    names = [n for s in pair.tail for n in walk(s) if isinstance(n, gast.Name)]
    bound = {n.id for n in names if isinstance(n.ctx, gast.Store)}
    instead = {h: name(n) for h, n in second.items() if not bound & {h, n}}
    copies = [assign(h, name(n)) for h, n in second.items() if h not in instead]
    return mine, [*copies, *(substitute(s, instead) for s in pair.tail)]


# ---------------------------------------------------------------- parts


def _adjoints(
    facts: Facts, backward: Backward, order: tuple[str, ...], originals: dict[str, str]
) -> list[Any]:
    """The backward sweep, closed by the return of the bare adjoints."""
    runtime = facts.symbols.runtime
    for one in order:
        backward.flush_display(one)
    values = []
    for one in order:
        if one not in backward.state.present:
            values.append(call(runtime("zeros_like"), name(originals[one])))
        elif one in facts.terms.loose | facts.assumed:
            values.append(
                call(runtime("unbroadcast"), name(backward.bar(one)), name(originals[one]))
            )
        elif one in facts.adjoints.vague_at_start:
            whole = call(runtime("whole"), name(backward.bar(one)), name(originals[one]))
            values.append(whole)
        else:
            values.append(name(backward.bar(one)))
    value = values[0] if len(values) == 1 else gast.Tuple(elts=values, ctx=gast.Load())
    return [*backward.code, gast.Return(value=value)]


def _empty(forward: list[Any]) -> set[str]:
    """The names that are None at the start."""
    plain = (inner(s) for s in forward)
    made = [s for s in plain if isinstance(s, gast.Assign) and same(s.value, literal(None))]
    return {t.id for s in made for t in s.targets if isinstance(t, gast.Name)}


def _private_copies(
    code: list[Any], kept: list[str], empty: set[str], facts: Facts, saved: Saved
) -> list[Any]:
    """A backward half never changes its record: lists that it pops, values that it writes into
    are copied, those that share memory together; `empty` names may be None, and so may what is
    `given`, in a record.
    """
    symbols, memory = facts.symbols, facts.shadows.memory
    given = {t for s in every(facts.program.body) if _perhaps_no_list(s) for t in targets(s)}
    lists: set[str] = set()
    values: set[str] = set()
    nodes = [n for statement in code for n in walk(statement)]
    theirs = {id(n) for v in nodes if isinstance(v, Verbatim) for n in walk(v)}
    for node in (n for n in nodes if id(n) not in theirs):
        match node:
            case gast.Call(func=gast.Attribute(value=gast.Name(id=one), attr="pop" | "append")):
                lists.add(one)
            case gast.Call(func=gast.Attribute(value=base, attr="pop" | "append")):
                values |= owner(base)  # an entry of it grows or shrinks
            case (
                gast.Subscript(value=base, ctx=gast.Store())
                | gast.Attribute(value=base, ctx=gast.Store())
            ):
                values |= owner(base)
            case gast.Call(func=gast.Name(id="@overwrite" | "@restore"), args=[base, *_]):
                values |= owner(base)
    places = {saved.places.get(s): s for s in facts.plan.saves if same_object(facts, s)}
    objects = {place for place, s in places.items() if not s.depth}  # and no lists of them
    shown = memory.keys() | facts.popped | places.keys()
    changed = lists & (memory.keys() | objects) or values & shown
    alike = [one for one in kept if one in shown] if changed else []
    made = []
    if alike:
        pattern = gast.Tuple(elts=[stored(n) for n in alike], ctx=gast.Store())
        held = gast.Tuple(elts=[name(n) for n in alike], ctx=gast.Load())
        made.append(assign(pattern, call(symbols.runtime("apart"), held)))
    for one in kept:
        if one in alike:
            continue
        if one in lists - empty - given:
            made.append(assign(one, method_call(name(one), "copy")))
        elif one in lists | values:
            made.append(assign(one, call(symbols.runtime("own"), name(one))))
    return made


def _perhaps_no_list(statement: Statement) -> bool:
    """Does it bind names to what may be a number, or None?"""
    plain = isinstance(statement, Assign) and isinstance(statement.value, Plain)
    return plain or isinstance(statement, Unpack)


def owner(base: Any) -> set[str]:
    """The name of which this is a part of a part."""
    while isinstance(base, gast.Subscript | gast.Attribute):
        base = base.value
    return names_in(base)


def _unbound(forward: list[Any], kept: list[str], program: Program) -> list[str]:
    """Names of the record that only some paths bind: they start as None."""
    sure = free_block(forward, set(program.parameters), {})
    return [k for k in kept if k not in sure]
