"""What an exception half-way through a `try` would leave half done: refused.

    try:
        a[0] = x
        y = g(x)           if this raises, `a[0]` has changed, and the backward sweep does not know
    except ValueError:
        y = x

Asked of the program, in which functions that write into their arguments, attributes and generators
are statements like any others.  What is made under the `try` itself may be left half done: nobody
can see it.  What a `try` binds for what follows has names of its own (`passes.attempts`).
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent.analyses.activity import into
from tangent.analyses.sharing import Sharing
from tangent.analyses.terms import reads
from tangent.errors import UnsupportedSyntax
from tangent.syntax.program import (
    AdjointCode,
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    Display,
    For,
    If,
    Plain,
    Program,
    Statement,
    Store,
    Try,
    every,
    targets,
)
from tangent.syntax.trees import is_literal

Block = tuple[Statement, ...]


def refuse_half_done(program: Program, sharing: Sharing) -> None:
    """Refuse a `try` in which something may be raised behind a change that is seen outside."""
    for attempt in (s for s in every(program.body) if isinstance(s, Try)):
        inner, written = set(every(attempt.under)), outer_writes(attempt.under, sharing)
        others = (t for s in every(program.body) if s not in inner for t in targets(s))
        outside = {*program.parameters, *others}
        for statement in early(attempt.under):
            if statement in written or not outside.isdisjoint(targets(statement)):
                raise UnsupportedSyntax(
                    "a `try` changes memory before something in it may fail",
                    code="try",
                    location=statement.origin.location,
                    help="change it in the last statement of the `try`",
                )


def early(block: Block, behind: bool = False) -> Iterator[Statement]:
    """The simple statements behind which something may be raised; `behind` says so of the block."""
    for statement in reversed(block):
        match statement:
            case For():
                again = behind or any(map(may_raise, every(statement.whole)))
                yield from early(statement.whole, again)
                behind = True
            case If(body=body, orelse=orelse):
                yield from early(body, behind)
                yield from early(orelse, behind)
                behind = behind or any(map(may_raise, every(body + orelse)))
            case _:
                if behind:
                    yield statement
                behind = behind or may_raise(statement)


def may_raise(statement: Statement) -> bool:
    """Could an exception come out of a statement?  None comes out of names and literals."""
    match statement:
        case Append() | AdjointCode():  # of a list; not in the forward sweep
            return False
        case Assign(value=Copy() | Display()):
            return False
        case Assign(value=Plain(expr=expr)):
            return not is_literal(expr)
    return True


def outer_writes(under: Block, sharing: Sharing) -> frozenset[Statement]:
    """The statements that write into what was there before the block, also where the block has put
    it into something new.
    """
    found: set[Statement] = set()
    _fresh(under, set(), found)
    inside = set(every(under))
    return frozenset(  # no sites: a number is a new one
        s for s in inside if (sites := sharing.sites.get(s)) and (s in found or sites - inside)
    )


def _fresh(block: Block, fresh: set[str], found: set[Statement]) -> set[str]:
    """The names that show what the block itself made, behind it; those in front are used up."""
    for statement in block:
        match statement:
            case For():
                fresh -= {t for s in (statement, *every(statement.whole)) for t in targets(s)}
                _fresh(statement.whole, set(fresh), found)
            case If(body=body, orelse=orelse):
                fresh = _fresh(body, set(fresh), found) & _fresh(orelse, fresh, found)
            case Assign(target=target, value=value):
                made = _makes(value, fresh)
                fresh = fresh | {target} if made else fresh - {target}
            case _:
                if into(statement) is not None and into(statement) not in fresh:
                    found.add(statement)
                if not isinstance(statement, Augment):
                    fresh -= set(targets(statement))
    return fresh


def _makes(value: object, fresh: set[str]) -> bool:
    match value:
        case Display(kind=kind):
            return kind != "tuple"
        case Copy(source=source):
            return source in fresh
        case Apply(rule=rule):
            return bool(rule.fresh)
        case Plain():
            return value.fresh and value.array
    return False


def repeats(under: Block, sharing: Sharing) -> bool:
    """Do the statements give the same when they run again, at once?"""
    outer = outer_writes(under, sharing)
    inside = tuple(every(under))
    read = {n for s in inside if s not in outer for n in reads(s)}
    for statement in outer:
        if not isinstance(statement, Store) or not statement.replaces:
            return False
        if statement.base in read or any(sharing.shows(statement, n) for n in read):
            return False
    carried: set[str] = set()
    _carried(under, set(), carried)
    return carried.isdisjoint(t for s in inside for t in targets(s))


def _carried(block: Block, bound: set[str], found: set[str]) -> set[str]:
    """Adds the names that are read before the block has bound them; gives what it binds."""
    for statement in block:
        found |= reads(statement) - bound
        match statement:
            case For():
                _carried(statement.whole, {*bound, statement.index}, found)
            case If(body=body, orelse=orelse):
                bound = _carried(body, set(bound), found) & _carried(orelse, bound, found)
            case _:
                bound |= set(targets(statement))
    return bound
