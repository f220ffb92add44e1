"""Which adjoints are set at which point of the backward sweep.

A contribution to an adjoint that is not set yet assigns it, later ones add.  Where paths join,
both must agree: `zeros` names the adjoints that a branch, a loop's start or the end of its
reversed body has to set to zero.

    set, backward      S- = (S - {t}) + operands   if t in S and the statement is active
    if                 S- = S_body + S_orelse, the other branch fills in zeros
    for                S grows to the fixed point over the body; what was not set behind the loop
                       starts as zeros

A zero is of the structure of the value that its name holds at that point, where this value is at
hand.  It is not at the end of a reversed body (an earlier iteration may have bound another kind
of value), nor for a name that only some paths bind: there the number 0.0 stands for zeros of any
structure.  The adjoint of a dict, too, may lack the entries that nobody has read.  Such adjoints
are *vague*; a statement that takes one apart, hands it on, or writes into it gives it the
structure of its value first (`made_whole`).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import gast

from tangent.analyses.activity import Activity, into, sources, weak, writes
from tangent.analyses.binding import Bound
from tangent.analyses.shadows import Shadows
from tangent.analyses.shapes import Shapes
from tangent.syntax.program import (
    AdjointCode,
    Apply,
    Assign,
    Augment,
    Copy,
    Display,
    For,
    If,
    Item,
    Pop,
    Program,
    Statement,
    Store,
    assigned,
    every,
)
from tangent.syntax.trees import names_in


@dataclass(frozen=True)
class Adjoints:
    """`emitted` are the statements that have an adjoint; `first` the (statement, operand) that
    assign.

    `zeros[s]` is one set of names for each block of an `If`; for a `For`: before the loop, at the
    end of its body.
    """

    emitted: frozenset[Statement]
    first: frozenset[tuple[Statement, str]]
    keyed: frozenset[Statement]  # reads of entries whose adjoints are collected, entry by entry
    zeros: Mapping[Statement, tuple[frozenset[str], frozenset[str]]]
    used_up: Mapping[If, frozenset[str]]  # adjoints of names that both branches bind
    at_start: frozenset[str]
    vague_at_start: frozenset[str]
    unset: Mapping[
        Statement, frozenset[str]
    ]  # targets of an emitted `Unpack` or `Pop` without adjoint
    made_whole: Mapping[Statement, frozenset[str]]  # names whose vague adjoint needs its structure
    collected: Mapping[For, Statement]  # loops over the keys of a dict, and what reads the entry
    maybe: Mapping[For, frozenset[str]]  # adjoints that may be missing where a loop is reversed
    touched: Mapping[Statement, frozenset[str]]  # names whose adjoints are read or written into
    allocated: Mapping[Statement, frozenset[str]]  # those whose shadow starts as zeros here

    def inits(self, statement: Statement) -> frozenset[str]:
        """The adjoints that are set to zeros of the structure of their values."""
        one, other = self.zeros.get(statement, (frozenset(), frozenset()))
        return one | other if isinstance(statement, If) else one


# KEYED: a dict collected entry by entry in straight code; MAYBE: it may turn out that there is no
# adjoint, since it would come from an entry that nobody has read
WHOLE, KEYED, VAGUE, MAYBE = 0, 1, 2, 3
NONE: frozenset[str] = frozenset()
Now = dict[str, int]  # the adjoints that are set, and how well


@dataclass
class _Facts:
    activity: Activity
    bound: Mapping[Statement, Bound]
    counters: frozenset[str]  # indices of loops
    shadows: Shadows
    shapes: Shapes
    emitted: set[Statement] = field(default_factory=set)
    first: set[tuple[Statement, str]] = field(default_factory=set)
    keyed: set[Statement] = field(default_factory=set)
    zeros: dict[Statement, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    used_up: dict[If, frozenset[str]] = field(default_factory=dict)
    unset: dict[Statement, frozenset[str]] = field(default_factory=dict)
    whole: dict[Statement, frozenset[str]] = field(default_factory=dict)
    collected: dict[For, Statement] = field(default_factory=dict)
    maybe: dict[For, frozenset[str]] = field(default_factory=dict)
    touched: dict[Statement, frozenset[str]] = field(default_factory=dict)
    allocated: dict[Statement, frozenset[str]] = field(default_factory=dict)


def adjoints(
    program: Program,
    activity: Activity,
    bound: Mapping[Statement, Bound],
    shadows: Shadows,
    shapes: Shapes,
) -> Adjoints:
    """The adjoints that are set, with that of the result set first.

    The adjoint of a shadowed view is set with those of all that it is a view of.
    """
    counters = frozenset(s.index for s in every(program.body) if isinstance(s, For))
    facts = _Facts(activity, bound, counters, shadows, shapes)
    start = _walk(program.body, {program.result: WHOLE}, facts)
    return Adjoints(
        frozenset(facts.emitted),
        frozenset(facts.first),
        frozenset(facts.keyed),
        facts.zeros,
        facts.used_up,
        frozenset(start),
        frozenset(n for n, state in start.items() if state != WHOLE),
        facts.unset,
        facts.whole,
        facts.collected,
        facts.maybe,
        facts.touched,
        facts.allocated,
    )


def _walk(body: tuple[Statement, ...], now: Now, facts: _Facts) -> Now:
    for statement in reversed(body):
        match statement:
            case If():
                now = _branches(statement, _flushed(now), facts)
            case For():
                now = _loop(statement, _flushed(now), facts)
            case AdjointCode():
                _completed(statement, now, facts)
            case _:
                _statement(statement, now, facts)
    return now


def _completed(statement: AdjointCode, now: Now, facts: _Facts) -> None:
    """The user sees an adjoint, if there is one, in the structure of its value."""
    state = now.get(statement.of)
    if state is not None:
        facts.emitted.add(statement)
        facts.whole[statement] = frozenset({statement.of} if state != WHOLE else ())
        facts.unset[statement] = NONE
        now[statement.of] = MAYBE if state == MAYBE else WHOLE


def _flushed(now: Now) -> Now:
    """At the edges of blocks the dicts collected so far become values."""
    return {n: VAGUE if state == KEYED else state for n, state in now.items()}


def _branches(statement: If, now: Now, facts: _Facts) -> Now:
    first = _flushed(_walk(statement.body, dict(now), facts))
    second = _flushed(_walk(statement.orelse, dict(now), facts))
    facts.zeros[statement] = frozenset(second.keys() - first), frozenset(first.keys() - second)
    facts.whole[statement] = _owners(
        statement, first.keys() ^ second.keys(), (first, second), facts
    )
    joined = _joined(first, second)
    for one in facts.bound[statement].missing(first.keys() ^ second.keys()):
        joined[one] = VAGUE
    facts.used_up[statement] = frozenset(now.keys() - joined.keys())
    return joined


def _loop(loop: For, now: Now, facts: _Facts) -> Now:
    facts.maybe[loop] = frozenset(n for n, state in now.items() if state == MAYBE)
    inside = now = {n: min(state, VAGUE) for n, state in now.items()}
    while True:
        after = _flushed(_walk(loop.whole, dict(inside), facts))
        joined = _joined(inside, after)
        grown = {n: min(state, VAGUE) for n, state in joined.items()}
        before = grown.keys() - now.keys()  # zeros in front of the first reversed iteration
        vague = facts.bound[loop].missing(before) | (grown.keys() - after.keys())  # … behind each
        facts.collected.pop(loop, None)
        entry = _distinct_entry(loop, sorted(before), facts)
        if entry is not None:
            facts.collected[loop] = entry
            vague |= {entry.value.base}  # type: ignore[attr-defined]
        grown |= dict.fromkeys(vague, VAGUE)
        if grown == inside:
            break
        inside = grown
    if facts.emitted.isdisjoint(every(loop.whole)):  # what it does not bind it does not set to zero
        same = facts.maybe[loop] - assigned(loop.whole)
        facts.maybe[loop] -= same
        inside = inside | dict.fromkeys(same, MAYBE)
    facts.zeros[loop] = frozenset(inside.keys() - now), frozenset(inside.keys() - after)
    facts.whole[loop] = _owners(loop, inside.keys() - now.keys() | facts.maybe[loop], (now,), facts)
    return inside


def _owners(
    statement: Statement, views: AbstractSet[str], states: tuple[Now, ...], facts: _Facts
) -> frozenset[str]:
    """Those of whose vague adjoints views are taken at a branch or loop, where they are set."""
    chains = (facts.shadows.bases(statement, n) for n in views)
    owners = {bases[-1] for bases in chains if bases}
    return frozenset(o for o in owners if any(now.get(o, WHOLE) != WHOLE for now in states))


def _joined(first: Now, second: Now) -> Now:
    joined = {n: max(first.get(n, WHOLE), second.get(n, WHOLE)) for n in {**first, **second}}
    for one in first.keys() & second.keys():
        if joined[one] == MAYBE and min(first[one], second[one]) != MAYBE:
            joined[one] = VAGUE  # where it is missing it is set to zero
    return joined


def _statement(statement: Statement, now: Now, facts: _Facts) -> None:
    written, memory = writes(statement), _memory(statement, facts.shadows)
    reached = {t: now[t] for t in written if t in now}
    if memory and memory & now.keys():
        reached[str(into(statement))] = WHOLE
    if facts.shadows.certain(statement):  # the adjoint of the view is a part of that of its base
        reached = {}
    active = facts.activity.operands.get(statement, NONE) if reached else NONE
    if isinstance(statement, Pop):
        now.pop(statement.target, None)
    elif not weak(statement) and not memory:
        for target in written:
            now.pop(target, None)
    if not active:
        return
    keyed = _keyed(statement, now, facts.shadows)
    (facts.keyed.add if keyed else facts.keyed.discard)(statement)
    copes = VAGUE if keyed else _copes(statement, facts.counters)
    whole = {t for t, state in reached.items() if state > copes}
    facts.emitted.add(statement)
    facts.unset[statement] = frozenset(t for t in written if reached.get(t, MAYBE) == MAYBE)
    vague = any(state != WHOLE for t, state in reached.items() if t not in whole)
    maybe = all(s == MAYBE for s in reached.values()) or _partly(statement, reached)
    if isinstance(statement, Assign) and isinstance(statement.value, Item):
        base = statement.value.base
        exempt = keyed or statement in facts.collected.values()
        whole |= {base} if now.get(base, WHOLE) != WHOLE and not exempt else set()
        vague = vague and exempt  # of zeros that are whole one entry gets more
    shown = _touched(statement, active & sources(statement), memory, now, facts)
    whole |= {n for n in shown & now.keys() if now[n] != WHOLE}
    facts.whole[statement] = frozenset(whole)
    for one in whole & now.keys():  # not, where it turns out that there is nothing to emit
        now[one] = max(VAGUE, now[one]) if maybe else WHOLE
    for operand in active & sources(statement):
        if maybe:
            known = now.get(operand, MAYBE)
            now[operand] = known if known == WHOLE else max(VAGUE, known)
            if known == MAYBE:
                facts.first.add((statement, operand))
        elif now.get(operand) == MAYBE:
            now[operand] = VAGUE
        elif operand not in now:
            facts.first.add((statement, operand))
            handed = isinstance(statement, Assign) and isinstance(statement.value, Copy)
            kept = handed and reached[statement.target] == KEYED  # type: ignore[attr-defined]
            now[operand] = KEYED if keyed or kept else VAGUE if vague else WHOLE
        else:
            facts.first.discard((statement, operand))
            if not vague and not keyed:
                now[operand] = WHOLE
            elif now[operand] == KEYED and not keyed:
                now[operand] = VAGUE
    now.update(dict.fromkeys(shown, WHOLE))
    if _replaces(statement, facts) and statement.base not in facts.shadows.memory:  # type: ignore[attr-defined]
        now[statement.base] = MAYBE if maybe else VAGUE  # type: ignore[attr-defined]


def _replaces(statement: Statement, facts: _Facts) -> bool:
    """Does a store put something where something of another structure or shape may have been?"""
    if not isinstance(statement, Store) or not statement.replaces:
        return False
    return not facts.shapes.is_numeric(statement, statement.base)


def _memory(statement: Statement, shadows: Shadows) -> set[str]:
    """The name into whose memory a statement writes, and all that it is a view of."""
    base = into(statement)
    if base is None or base not in shadows.memory:
        return set()
    return {base, *shadows.bases(statement, base)}


def _touched(
    statement: Statement, operands: frozenset[str], memory: set[str], now: Now, facts: _Facts
) -> set[str]:
    """Notes which adjoints are met, and which shadows start here; those that are shadows."""
    shadows = facts.shadows
    facts.touched[statement] = operands | memory
    shown = {n for n in operands | memory if shadows.bases(statement, n)} | memory
    chains = {n: shadows.bases(statement, n) for n in shown}
    owners = frozenset(bases[-1] for bases in chains.values() if bases)
    facts.allocated[statement] = owners - now.keys()
    return shown | {b for bases in chains.values() for b in bases}


def _partly(statement: Statement, reached: Now) -> bool:
    """Is it a display of which only some entries have an adjoint?"""
    display = isinstance(statement, Assign) and isinstance(statement.value, Display)
    return display and KEYED in reached.values()


def _keyed(statement: Statement, now: Now, shadows: Shadows) -> bool:
    """Does a statement contribute one entry to a dict that is collected?

    The adjoint of a dict that other names show is one dict from the start.
    """
    if not (isinstance(statement, Assign) and isinstance(statement.value, Item)):
        return False
    if statement.value.base in shadows.memory:
        return False
    return constant_key(statement.value) and now.get(statement.value.base, KEYED) == KEYED


def constant_key(value: Item) -> bool:
    """`params["W"]`: an entry of a dict under a written key."""
    return isinstance(value.index, gast.Constant) and isinstance(value.index.value, str)


def _copes(statement: Statement, counters: frozenset[str]) -> int:
    """How vague may the adjoint of the target be, for a statement that passes it on?"""
    match statement:
        case Assign(value=Apply() as value):
            rule = value.rule.variant(value.arguments)
            return VAGUE if rule.elementwise or rule.tolerant else WHOLE
        case Augment(rule=rule):
            return VAGUE if rule.elementwise else WHOLE
        case Assign(value=Item() as value):  # `x_bar[i] += 0.0` does no harm
            known = names_in(value.index) <= counters and not constant_key(value)
            return VAGUE if known else KEYED
        case Assign(value=Display(keys=keys)):  # an entry is told by its written key
            return KEYED if all(isinstance(k, gast.Constant) for k in keys) else WHOLE
        case Assign(value=Copy()):
            return VAGUE
    return WHOLE


def _distinct_entry(loop: For, before: list[str], facts: _Facts) -> Statement | None:
    """The statement by which a loop over distinct literal keys visits entries of a dict once
    each: they are assigned.
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
    for base in (b for b in before if b not in assigned(loop.whole)):
        users = [s for s in every((loop,)) if base in facts.activity.operands.get(s, ())]
        if len(users) == 1 and users[0] in loop.whole and _by_name(users[0], base, target):
            return users[0]
    return None


def _by_name(statement: Statement, base: str, target: str) -> bool:
    value = getattr(statement, "value", None)
    if not isinstance(value, Item) or value.base != base:
        return False
    return isinstance(value.index, gast.Name) and value.index.id == target
