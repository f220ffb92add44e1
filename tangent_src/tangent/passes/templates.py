"""Python that the lowering writes for itself, at the place of what it stands for."""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.lowering import Lowering, atom_value
from tangent.syntax.trees import name, stored


def placed(node: Any, place: Any) -> Any:
    """`node`, with the position of `place` wherever it has none."""
    for one in gast.walk(node):
        if not hasattr(one, "lineno") and "lineno" in getattr(one, "_attributes", ()):
            gast.copy_location(one, place)
    return gast.copy_location(node, place) if not hasattr(node, "lineno") else node


def lowered(self: Lowering, body: list[Any], place: Any) -> None:
    """Lower statements that stand for `place`; errors and comments go on naming its statement."""
    bound = (n for s in body for n in gast.walk(s) if isinstance(n, gast.Name))
    names = {n.id for n in bound if isinstance(n.ctx, gast.Store)}
    self.local |= names
    self.valued |= names
    origin = self.current
    self.lower([placed(s, place) for s in body])
    self.current = origin


def named(self: Lowering, node: Any, place: Any) -> Any:
    """A name that holds the value of an expression, computed here and now."""
    one = self.atom(placed(node, place))
    if not isinstance(one, gast.Name) or one.id[0] == "@":
        one = self.temporary(atom_value(one))
    self.local.add(one.id)
    return one


def builtin_call(function: str, *args: Any) -> Any:
    """A call of a builtin in Python that is still to be lowered."""
    return gast.Call(func=name(f"@builtin:{function}"), args=list(args), keywords=[])


def comprehension(element: Any, target: Any, items: Any, conditions: Any = ()) -> Any:
    generator = gast.comprehension(target=target, iter=items, ifs=list(conditions), is_async=0)
    return gast.ListComp(elt=element, generators=[generator])


def dict_comprehension(key: str, entry: str, pairs: Any) -> Any:
    """`{key: entry for key, entry in pairs}`."""
    target = gast.Tuple(elts=[stored(key), stored(entry)], ctx=gast.Store())
    generator = gast.comprehension(target=target, iter=pairs, ifs=[], is_async=0)
    return gast.DictComp(key=name(key), value=name(entry), generators=[generator])
