"""Names that loops assign and whose values no adjoint in these loops reads: sums, linear
recurrences.

    for i in range(n):
        total = total + x[i] * x[i]      # the adjoint of `total` passes through as it is

Such a value would be stored for nothing but its shape, to undo a broadcast.  Instead the adjoint
may stay *loose*, larger than the value: the broadcast is undone where the loose adjoint is used
up, which is the same sum, since it commutes with all that is elementwise.  That holds if the
adjoint is never the sum of two contributions, and if each statement that binds the name copes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tangent.analyses.activity import Activity, writes
from tangent.analyses.adjoints import Adjoints
from tangent.analyses.terms import reads
from tangent.syntax.program import (
    AdjointCode,
    Apply,
    Assign,
    Augment,
    Call,
    Copy,
    For,
    If,
    Plain,
    Program,
    Statement,
    assigned,
    every,
)
from tangent.syntax.trees import name, names_in, walk


def unread(program: Program, activity: Activity) -> frozenset[str]:
    """The names whose values no adjoint reads in the loops that assign them."""
    found: set[str] = set()
    spoiled: set[str] = set()
    for loop in every(program.body):
        if isinstance(loop, For):
            changed = assigned(loop.whole)
            found |= changed
            spoiled |= changed & names_in(loop.header)
            for statement in every(loop.whole):
                spoiled |= changed & _read(statement, activity)
    return frozenset(found - spoiled - _perhaps_containers(program))


def _perhaps_containers(program: Program) -> set[str]:
    """The parameters that something else than a rule reads, also under a second name."""
    read: set[str] = set()
    copies: list[tuple[str, str]] = []
    for statement in every(program.body):
        value = getattr(statement, "value", None)
        if isinstance(value, Copy):
            copies.append((statement.target, value.source))  # type: ignore[attr-defined]
        elif not isinstance(value, Apply) and not isinstance(statement, (If, For, Augment)):
            read |= reads(statement)
    while more := {source for target, source in copies if target in read} - read:
        read |= more
    return read.intersection(program.parameters) - {program.result}


def _read(statement: Statement, activity: Activity) -> set[str]:
    """The values that the reversal of a statement may read, or that are no plain numbers."""
    active = activity.operands.get(statement, frozenset())
    match statement:
        case If(test=test):
            return set(test.reads)
        case For(header=header):
            return names_in(header)
        case Assign(target=target, value=Apply(rule=rule, arguments=arguments)):
            return _rule_reads(rule.variant(arguments), arguments, target, active)
        case Augment(target=target, operand=operand, rule=rule) if hasattr(rule, "signature"):
            first, second = list(rule.signature.parameters)[:2]
            arguments = {first: name(target), second: operand}
            return _rule_reads(rule.variant(arguments), arguments, target, active)
        case Assign(value=Plain() | Copy() | Call()):
            return set()
        case AdjointCode(of=of, reads=reads):
            return {of, *reads}
    return {*writes(statement), *getattr(getattr(statement, "value", None), "reads", ())} | {
        n
        for part in ("index", "value", "source", "base", "operand")
        for n in _names(getattr(statement, part, None))
    }


def _names(part: Any) -> set[str]:
    if isinstance(part, str):
        return {part}
    return names_in(part) if hasattr(part, "_fields") else set()


def _rule_reads(
    rule: Any, arguments: Mapping[str, Any], target: str, active: frozenset[str]
) -> set[str]:
    entries = [
        entry
        for parameter, entry in rule.entries.items()
        if entry is not None and names_in(arguments.get(parameter, name("@"))) & active
    ]
    if not entries:
        return set()
    read = {n.id for e in (*entries, *rule.body) for n in walk(e) if hasattr(n, "id")}
    values = {n for p, atom in arguments.items() if p in read for n in names_in(atom)}
    return values | ({target} if rule.result in read else set())


def loose(
    program: Program, activity: Activity, adjoints: Adjoints, unread: frozenset[str]
) -> frozenset[str]:
    """Those of the names in `unread` whose adjoints may be larger than they are."""
    spoiled: set[str] = set()
    for statement in every(program.body):
        operands = activity.operands.get(statement, frozenset()) & unread
        if statement in adjoints.emitted:
            spoiled |= {n for n in operands if (statement, n) not in adjoints.first}
            spoiled |= _twice(statement) & operands
            if not _copes(statement):
                spoiled |= set(writes(statement))
    return unread - spoiled


def _copes(statement: Statement) -> bool:
    if isinstance(statement, Augment):
        return True
    if not isinstance(statement, Assign) or not isinstance(statement.value, Apply):
        return False
    rule = statement.value.rule
    return bool(rule.tolerant or rule.variant(statement.value.arguments).elementwise)


def _twice(statement: Statement) -> set[str]:
    """Operands with two contributions of one statement."""
    if isinstance(statement, Augment):
        atoms = [name(statement.target), statement.operand]
    elif isinstance(statement, Assign) and isinstance(statement.value, (Apply, Call)):
        atoms = list(statement.value.arguments.values())
    else:
        return set()
    counts = Counter(n for atom in atoms for n in names_in(atom))
    return {n for n, c in counts.items() if c > 1}
