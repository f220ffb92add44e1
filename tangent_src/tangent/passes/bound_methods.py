"""Methods of containers under a name of their own.

    push = out.append               ->      for v in x:
    for v in x:                                 out.append(v * v)
        push(v * v)

The name is for calls alone, and what it belongs to keeps its name.  Anything else that would take
such a method as a value is refused: who calls it changes the container.
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.lowering import Lowering, static_of
from tangent.passes.units import MISSING
from tangent.syntax.scopes import inner_names
from tangent.syntax.trees import copied, rebuild

CHANGING = (
    *("append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort"),
    *("update", "setdefault", "popitem", "add", "discard"),
    *("appendleft", "extendleft", "popleft", "rotate"),
)


def called_by_name(self: Lowering, tree: Any) -> list[Any]:
    """The body of a function in which methods of containers are called as such."""
    nodes = [n for s in tree.body for n in gast.walk(s)]
    bound = {m: n for n in nodes if (m := _method(self, n)) is not None}
    methods = {m: n for m, n in bound.items() if _is_clear(self, tree, nodes, m, n)}

    def change(node: Any) -> Any | None:
        if any(node is n for n in methods.values()):
            return gast.copy_location(gast.Pass(), node)
        if isinstance(node, gast.Name) and node.id in methods:
            return gast.copy_location(copied(methods[node.id].value), node)
        return None

    return [rebuild(s, change) for s in tree.body] if methods else list(tree.body)


def _method(self: Lowering, node: Any) -> str | None:
    """`push` of `push = out.append`."""
    value = node.value if isinstance(node, gast.Assign) and len(node.targets) == 1 else None
    if not isinstance(value, gast.Attribute) or value.attr not in CHANGING:
        return None
    local = isinstance(value.value, gast.Name) and static_of(self, value.value)[0] is MISSING
    return getattr(node.targets[0], "id", None) if local else None


def _is_clear(self: Lowering, tree: Any, nodes: list[Any], method: str, bound: Any) -> bool:
    """Is the name bound in one place and only called, and that of the container bound once?"""
    base, given = bound.value.value.id, self.unit.all_parameters
    stores = [n.id for n in nodes if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load)]
    if stores.count(method) != 1 or method in given or stores.count(base) != (base not in given):
        return False
    inner = inner_names(tree.body)
    called = {id(n.func) for n in nodes if isinstance(n, gast.Call)}
    reads = [n for n in nodes if getattr(n, "id", None) == method and isinstance(n.ctx, gast.Load)]
    own = all(id(n) not in inner for n in nodes if getattr(n, "id", None) in (method, base))
    return own and all(id(n) in called for n in reads) and _one_container(tree, base, bound)


def _one_container(tree: Any, base: str, bound: Any) -> bool:
    """Does the name of the container stand for one, as long as that of the method is called?  In a
    loop both are bound anew, one behind the other.
    """
    nodes = (n for s in tree.body for n in gast.walk(s))
    for loop in (n for n in nodes if isinstance(n, (gast.For, gast.While))):
        inside = [n for s in loop.body for n in gast.walk(s)]
        if any(getattr(n, "id", None) == base and isinstance(n.ctx, gast.Store) for n in inside):
            return _bound_together(loop, base, bound)
    return True


def _bound_together(loop: Any, base: str, bound: Any) -> bool:
    blocks = [loop.body, *(getattr(n, "body", None) for s in loop.body for n in gast.walk(s))]
    block = next((b for b in blocks if isinstance(b, list) and bound in b), None)
    before = block[: block.index(bound)] if block is not None else []
    targets = [t for s in before if isinstance(s, gast.Assign) for t in s.targets]
    return any(getattr(t, "id", None) == base for t in targets)


def refuse_method(self: Lowering, node: gast.Attribute) -> None:
    """Refuses a method that changes what it belongs to, where it is taken as a value."""
    if node.attr in CHANGING:
        what = f"the method `{node.attr}` as a value"
        self.refuse(what, "function-value", node, "call it here, or write a function that calls it")
