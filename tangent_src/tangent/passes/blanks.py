"""A variable `_` that is read gets another name.

    a, _ = pair(x)                      a, _2 = pair(x)
    return a * _                ->      return a * _2

Generated loops count in `_` where nobody reads what they count.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from tangent.errors import UnsupportedSyntax
from tangent.syntax.names import Names

BLANK = "_"


def name_blanks(unit: Any, names: Names) -> None:
    """Renames it in the tree of a function that binds and reads it.

    Raises `UnsupportedSyntax` where it is a parameter that is read, or functions inside know it.
    """
    scopes = [n for n in gast.walk(unit.tree) if _is_scope(n, unit.tree)]
    inner = {id(n) for scope in scopes for n in gast.walk(scope)}
    blanks = _blanks(n for n in gast.walk(unit.tree) if id(n) not in inner)
    used = [n for n in blanks if isinstance(n.ctx, gast.Load)]
    known = [s for s in scopes if (found := _blanks(gast.walk(s))) and not any(map(_binds, found))]
    if not any(map(_binds, blanks)) or not (used or known):
        return  # not there, or a global, or nobody reads it
    if BLANK in unit.all_parameters or known:
        raise UnsupportedSyntax(
            "`_` is a parameter that is read, or a variable that functions inside know",
            code="name",
            location=unit.source.location((used or blanks)[0]),
            help="give it a name: generated loops count in `_`",
        )
    fresh = names.fresh(BLANK)
    for node in blanks:
        node.id = fresh


def _blanks(nodes: Iterable[Any]) -> list[Any]:
    return [n for n in nodes if isinstance(n, gast.Name) and n.id == BLANK]


def _binds(node: Any) -> bool:
    return isinstance(node.ctx, gast.Store | gast.Param)


def _is_scope(node: Any, tree: Any) -> bool:
    inside = isinstance(node, gast.FunctionDef | gast.Lambda | gast.ClassDef)
    return inside and node is not tree
