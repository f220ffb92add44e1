"""What a store asks of the value that it writes into: that it is no list, and holds no integers.

x[1:] = y               ->      no_list(x)
                                x = inexact(x)
                                x[1:] = y
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from tangent.syntax.program import INTO, SCATTER, Apply, Assign, Display, Statement, Store
from tangent.syntax.trees import as_argument, assign, call, is_literal, item, name, names_in

if TYPE_CHECKING:
    from tangent.analyses.activity import Activity
    from tangent.passes.sweep import Facts


def checks(facts: Facts, statement: Store, again: bool) -> list[Any]:
    """What is asked in front of a store; `again` where most of it was asked before."""
    asked = [inexact] if again else [no_list, inexact, alike, no_growth]
    return [code for ask in asked for code in ask(facts, statement)]


def fixed_keys(facts: Facts, statement: Statement, activity: Activity) -> list[Any]:
    """Keys of dicts that depend on the input have no derivative when they are read back: asked
    where what may be one goes in.
    """
    if statement not in activity.keyed:
        return []
    match statement:
        case Store(base=base, index=index):
            given = [_tuple([as_argument(index)]), name(base)]
        case Assign(value=Apply(arguments=arguments)):
            given = [arguments["keys"]]
        case Assign(value=Display(keys=keys)):
            given = [_tuple([k for k in keys if k is not None])]
    return [gast.Expr(value=call(facts.symbols.runtime("fixed_keys"), *given))]


def _tuple(elements: list[Any]) -> Any:
    return gast.Tuple(elts=elements, ctx=gast.Load())


def no_list(facts: Facts, statement: Store) -> list[Any]:
    """A slice that is written belongs to an array: asked, where it could be a list."""
    base, value = statement.base, statement.value
    number = not isinstance(value, gast.Name) and is_literal(value)
    by_entry = number or statement.operator in (SCATTER, INTO)
    if not isinstance(statement.index, gast.Slice) or by_entry:
        return []
    if not facts.activity.active(statement) or facts.shapes.is_numeric(statement, base):
        return []
    return [gast.Expr(value=call(facts.symbols.runtime("no_list"), name(base)))]


def inexact(facts: Facts, statement: Store) -> list[Any]:
    """A moving value is stored into floating-point numbers only: asked, where it is unknown."""
    base, operands = statement.base, facts.activity.operands.get(statement, frozenset())
    moves = not operands.isdisjoint(names_in(statement.value))
    if statement.operator is not None or not moves or base in facts.inexact:
        return []
    if facts.sharing.container(statement):
        return []
    return [assign(base, call(facts.symbols.runtime("inexact"), name(base)))]


def alike(facts: Facts, statement: Store) -> list[Any]:
    """What comes into the place of a container whose adjoint is written into has its structure:
    asked, since the adjoint of what stood there is zeros of the structure of what comes.
    """
    if statement not in facts.shadows.replaced or not facts.activity.active(statement):
        return []
    place = name(statement.base), as_argument(statement.index)
    return [gast.Expr(value=call(facts.symbols.runtime("alike"), *place, statement.value))]


def no_growth(facts: Facts, statement: Store) -> list[Any]:
    """`d[k] += e` adds numbers: asked, where both may be lists, and a list would get longer."""
    base, value = statement.base, statement.value
    known = facts.shapes.is_numeric
    if not isinstance(statement.operator, gast.Add) or not isinstance(value, gast.Name):
        return []
    if known(statement, base) or known(statement, value.id):
        return []
    entry = item(name(base), statement.index)
    return [gast.Expr(value=call(facts.symbols.runtime("no_growth"), entry))]
