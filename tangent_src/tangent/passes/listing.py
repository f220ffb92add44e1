"""Which functions may give a list, by what stands behind `return` in their text.

def countdown(n, x):
    if n == 0:
        return []
    return [x * n] + countdown(n - 1, x)
"""

from __future__ import annotations

from typing import Any

import gast


def gives_list(tree: Any) -> bool:
    """Does a `return` show a list, or a name that is bound to one?"""
    nodes = list(gast.walk(tree))
    values = [n.value for n in nodes if isinstance(n, gast.Return)]
    assigned = [n for n in nodes if isinstance(n, gast.Assign)]
    listed = {t.id for n in assigned if _shows(n.value, set()) for t in n.targets if _is_name(t)}
    return any(_shows(v, listed) for v in values)


def _is_name(node: Any) -> bool:
    return isinstance(node, gast.Name)


def _shows(node: Any, listed: set[str]) -> bool:
    match node:
        case gast.List() | gast.ListComp():
            return True
        case gast.Name(id=one):
            return one in listed
        case gast.BinOp(left=left, op=gast.Add(), right=right):
            return _shows(left, listed) or _shows(right, listed)
        case gast.IfExp(body=body, orelse=orelse):
            return _shows(body, listed) or _shows(orelse, listed)
    return False
