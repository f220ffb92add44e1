"""What the branches of an `if` bind has the name that it is given behind it.

if x > 0:                           if x > 0:
    t1, f_5 = f_forward(x)              t1, f_5 = f_forward(x)
    t2 = t1[0]                          a = t1[0]
else:                      ->       else:
    t2 = x                              a = x
a = t2
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import gast

from tangent.passes.glance import COMPOUND, inner
from tangent.syntax.printing import Noted
from tangent.syntax.trees import name, rebuild, replaced, walk


def under_one_name(body: list[Any], movable: set[str]) -> list[Any]:
    """`body` without `movable` names that only an `if` and the copy behind it mention."""
    return _block(body, movable, _mentioned(body))


def _mentioned(body: list[Any]) -> Counter[str]:
    return Counter(n.id for s in body for n in walk(s) if isinstance(n, gast.Name))


def _block(body: list[Any], movable: set[str], everywhere: Counter[str]) -> list[Any]:
    made: list[Any] = []
    for whole in body:
        statement = _inside(whole, movable, everywhere)
        match inner(statement):
            case gast.Assign(targets=[gast.Name(id=new)], value=gast.Name(id=old)) if (
                made and old in movable and isinstance(inner(made[-1]), gast.If)
            ):
                here = _mentioned([made[-1]])
                if here[old] + 1 == everywhere[old] and not here[new]:
                    made[-1] = rebuild(made[-1], lambda n: _renamed(n, old, new))
                    everywhere[new] += here[old] - 1
                    continue
        made.append(statement)
    return made


def _inside(statement: Any, movable: set[str], everywhere: Counter[str]) -> Any:
    node = inner(statement)
    if not isinstance(node, COMPOUND):
        return statement
    blocks = {f: _block(getattr(node, f), movable, everywhere) for f in ("body", "orelse")}
    node = replaced(node, **blocks)
    return Noted(node, statement.note) if isinstance(statement, Noted) else node


def _renamed(node: Any, old: str, new: str) -> Any | None:
    """The name in place of another one."""
    is_old = isinstance(node, gast.Name) and node.id == old
    return replaced(name(new), ctx=node.ctx) if is_old else None
