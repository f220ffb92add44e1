"""What a text asks when it runs, in front of a store: that names which may show the same memory do
not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import gast

from tangent.analyses.exposure import OUTSIDE
from tangent.analyses.sharing import joins_perhaps
from tangent.errors import UnsupportedSyntax
from tangent.runtime import is_record
from tangent.syntax.program import Append, Call, Item, Pop, Statement, Store, every
from tangent.syntax.trees import as_argument, call, name, names_in, same, walk

if TYPE_CHECKING:
    from tangent.passes.sweep import Facts


def guard(facts: Facts, statement: Statement, base: str, again: bool) -> list[Any]:
    """A store into memory from outside the function is refused; of other names that may show
    it the text asks when it runs.
    """
    seen = facts.shadows.exposed.get(statement, frozenset())
    if OUTSIDE in seen:
        _refuse(statement, base, OUTSIDE)
    return asked(facts, statement, base, again)


def asked(facts: Facts, statement: Statement, base: str, again: bool) -> list[Any]:
    """`separate(v=v, x=x)`: a refusal where the names share memory after all."""
    others = sorted(facts.shadows.guards.get(statement, ()))
    if again:
        return []
    once = _distinct(facts, statement, base)
    if not others:
        return once
    table = facts.symbols.table
    words = {table[n].wish if n in table else n: name(n) for n in (base, *others)}
    around = isinstance(statement, Append | Pop)  # only the list itself changes
    around = around or (isinstance(statement, Store) and statement.replaces)
    helper, place = "separate_itself" if around else "separate", []
    if isinstance(statement, Store) and not around and not _is_slice(statement.index):
        helper, place = "separate_entry", [as_argument(statement.index)]
    return [*once, gast.Expr(value=call(facts.symbols.runtime(helper), *place, **words))]


def no_arrays(facts: Facts, statement: Statement, target: str) -> list[Any]:
    """`no_arrays(ys)`: a refusal of a copy of a list or dict whose entries, which what it is a copy
    of holds as well, are written into.
    """
    if not facts.sharing.doubtful(statement):
        return []
    helper = "no_joined" if joins_perhaps(statement) else "no_arrays"
    return [gast.Expr(value=call(facts.symbols.runtime(helper), name(target)))]


def apart(facts: Facts, statement: Any) -> list[Any]:
    """`separate(ys=ys, xs=xs)`, behind a call that may have joined lists, if entries of these are
    written into: a refusal where the result holds arrays that the arguments hold.  Of those that
    it shows as they are the analysis knows.
    """
    if not facts.sharing.doubtful(statement):
        return []
    table, value = facts.symbols.table, statement.value
    callee = value.callee
    joined = (a for p, a in value.arguments.items() if p not in callee.shared_parameters)
    given = sorted({n for a in joined for n in names_in(a)})
    outside = _captured(callee, set()) - callee.shares_outside
    given += sorted(n for n in outside if _holds(table[n].payload.get()))
    if not given:
        return []
    words = {table[n].wish if n in table else n: name(n) for n in (statement.target, *given)}
    return [gast.Expr(value=call(facts.symbols.runtime("separate"), **words))]


def _captured(callee: Any, known: set[Any]) -> set[str]:
    """The captured values that a function and its callees read."""
    known.add(callee)
    found: set[str] = set()
    for statement in every(callee.program.body):
        value = getattr(statement, "value", None)
        expr = getattr(value, "expr", value)
        found |= {n.id for n in walk(expr) if isinstance(n, gast.Name)} if expr else set()
        if isinstance(value, Call) and value.callee not in known:
            found |= _captured(value.callee, known)
    return {n for n in found if n.startswith("@value:")}


def _holds(value: Any) -> bool:
    """May it be a container of arrays?"""
    return isinstance(value, list | tuple | dict) or is_record(value)


def _distinct(facts: Facts, statement: Statement, base: str) -> list[Any]:
    """`distinct(xs)`: a refusal where entries that are written into show the same memory."""
    shadows, runtime = facts.shadows, facts.symbols.runtime
    if statement in facts.sharing.twice and facts.activity.active(statement):
        owner = (base, *shadows.bases(statement, base))[-1]
        return [gast.Expr(value=call(runtime("distinct"), name(owner)))]
    if base not in shadows.perhaps or not shadows.seen(statement):
        return []
    owner = (base, *shadows.bases(statement, base))[-1]
    questions = [gast.Expr(value=call(runtime("distinct"), name(owner)))]
    if isinstance(statement, Store) and _may_replace(facts, statement):
        questions.append(gast.Expr(value=call(runtime("no_entry"), name(base))))
    return questions


def _is_slice(index: Any) -> bool:
    """Is it surely one of arrays, or of lists as a whole?"""
    return isinstance(index, gast.Slice | gast.Tuple)


def _may_replace(facts: Facts, store: Store) -> bool:
    """If the base is a container: may an entry be replaced that has a name?"""
    if _is_slice(store.index):
        return False
    memory = facts.shadows.memory
    items = (m.value for m in facts.shadows.taken if isinstance(m.value, Item))
    named = [i.index for i in items if memory.get(i.base) == memory.get(store.base)]
    literal = all(isinstance(i, gast.Constant) for i in (store.index, *named))
    return not literal or any(same(store.index, i) for i in named)


def _refuse(statement: Statement, base: str, other: str) -> NoReturn:
    raise UnsupportedSyntax(
        f"this writes into `{base}`, whose memory {other} sees as well",
        code="shared-store",
        location=statement.origin.location,
        help=f"write into a copy: `{base} = {base}.copy()`",
    )
