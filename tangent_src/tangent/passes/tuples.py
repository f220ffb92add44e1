"""What is taken out of a tuple that was made here is what was put into it.

    t = u[:2], u[2:]                    t1 = u[:2]
    a, b = t                   ->       t2 = u[2:]
    a[0] = e                            t1[0] = e

So a store through `a` is one into `u`.  A name that was bound anew in between ends the search.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.syntax.program import Assign, Copy, Display, assigned, targets
from tangent.syntax.trees import names_in


def held_in(self: Lowering, identifier: str, parts: list[Any]) -> list[Any]:
    """The atoms that `parts` are bound to, if the tuple was made in this block and nothing that it
    holds has been bound anew; else nothing.
    """
    code = self.code
    for position in range(len(code) - 1, -1, -1):
        statement = code[position]
        if identifier not in targets(statement):
            continue
        match statement:
            case Assign(value=Copy(source=source)):
                identifier = source
                continue
            case Assign(value=Display(kind="tuple", made=None, elements=elements)):
                held = {n for e in elements for n in names_in(e)}
                bound = assigned(tuple(code[position + 1 :])).union(*map(names_in, parts))
                alike = len(elements) == len(parts) and held.isdisjoint(bound)
                return list(elements) if alike and all(map(_is_atom, elements)) else []
        return []
    return []


def _is_atom(node: Any) -> bool:
    return isinstance(node, gast.Constant) or (isinstance(node, gast.Name) and node.id[0] != "@")
