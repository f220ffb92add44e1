"""Expressions that may stay as they stand: pure, cheap, and without need of a derivative.

Tests, indices and shapes are such expressions: they may be evaluated again, in either sweep.
"""

from __future__ import annotations

from typing import Any

import gast

import tangent.runtime
from tangent.passes.known import Outside
from tangent.passes.lowering import Lowering, class_of_object, method_key, rule_of, static_of
from tangent.passes.second_names import first_name
from tangent.passes.units import MISSING
from tangent.rules.language import Constant, Rule, stood_for
from tangent.syntax.program import Plain
from tangent.syntax.trees import call, name, rebuild


def inert(self: Lowering, node: Any) -> Any | None:
    """The expression with its symbols, if it is pure and cheap as it stands; else None."""
    if isinstance(node, gast.Constant):
        return node
    if isinstance(node, gast.Name):
        return _inert_name(self, node)
    if isinstance(node, gast.Attribute):
        return _inert_attribute(self, node)
    if isinstance(node, gast.Call):
        return _inert_call(self, node)
    if isinstance(node, _TRANSPARENT):
        parts: dict[int, Any] = {}
        for child in gast.iter_child_nodes(node):
            if isinstance(
                child, (gast.expr_context, gast.operator, gast.unaryop, gast.boolop, gast.cmpop)
            ):
                continue
            changed = inert(self, child)
            if changed is None:
                return None
            parts[id(child)] = changed
        return rebuild(node, lambda n: parts.get(id(n)))
    return None


_TRANSPARENT = (
    gast.BinOp,
    gast.UnaryOp,
    gast.BoolOp,
    gast.Compare,
    gast.Subscript,
    gast.Slice,
    gast.Tuple,
    gast.IfExp,
    gast.Starred,
)


def is_new(expr: Any) -> bool:
    """Is the value of such an expression no memory that others show?"""
    called = isinstance(expr, gast.Call) and getattr(expr.func, "id", "") != "@stop_gradient"
    return called or isinstance(expr, (gast.BinOp, gast.Compare))


def _inert_name(self: Lowering, node: gast.Name) -> Any | None:
    if node.id in self.virtual:  # an object that is not there yet
        return None
    if node.id in self.functions:
        known = self.functions[node.id]
        return known.expr if isinstance(known, Outside) else None
    if self.is_local(node.id):
        return name(first_name(self, node.id))
    result = captured(self, node)
    return result.expr


def _inert_attribute(self: Lowering, node: gast.Attribute) -> Any | None:
    cls = class_of_object(self, node)
    if cls is not None:
        return _class(self, node, cls)
    found, _ = static_of(self, node)
    if found is not MISSING:
        return captured(self, node).expr
    known = rule_of(method_key(node.attr))
    base = inert(self, node.value)
    if base is None or not isinstance(known, Constant) or not known.pure:
        return None
    return gast.Attribute(value=base, attr=node.attr, ctx=gast.Load())


def _inert_call(self: Lowering, node: gast.Call) -> Any | None:
    cls = class_of_object(self, node)
    if cls is not None:
        return _class(self, node, cls)
    found, _ = static_of(self, node.func)
    if found is not MISSING:
        known = rule_of(found)
        function = captured(self, node.func).expr if _pure_cheap(known) else None
    elif isinstance(node.func, gast.Attribute):
        known = rule_of(method_key(node.func.attr))
        base = inert(self, node.func.value)
        function = (
            gast.Attribute(value=base, attr=node.func.attr, ctx=gast.Load())
            if base is not None and _pure_cheap(known)
            else None
        )
    else:
        return None
    if function is None or any(isinstance(a, gast.Starred) for a in node.args):
        return None
    args = [inert(self, a) for a in node.args]
    words = [gast.keyword(arg=k.arg, value=inert(self, k.value)) for k in node.keywords]
    if None in args or any(k.arg is None or k.value is None for k in words):
        return None
    return gast.Call(func=function, args=args, keywords=words)


def _class(self: Lowering, node: Any, cls: type) -> Any:
    """`type(p)`; of what stands for an object of a library's class, that class."""
    one = node.args[0] if isinstance(node, gast.Call) else node.value
    known = stood_for(cls)
    if known is cls and one.id not in self.virtual:
        return call("@builtin:type", name(first_name(self, one.id)))
    return name(self.unit.registry.symbols.constant(known.__name__, known))


def _pure_cheap(known: Any) -> bool:
    return (isinstance(known, Constant) and known.pure) or (isinstance(known, Rule) and known.fresh)


def captured(self: Lowering, node: Any) -> Plain:
    """A value from outside the function: a module's attribute as it is written, other values
    through a symbol.
    """
    symbols = self.unit.registry.symbols
    if isinstance(node, gast.Name):
        found, reference = static_of(self, node)
        if found is MISSING and node.id in symbols.table:  # it has been looked up before
            return Plain(name(node.id), frozenset(), fresh=False)
        if found is MISSING:
            self.refuse(
                f"the name `{node.id}` is not defined",
                "undefined-name",
                node,
                "define it before the call",
            )
        if type(found).__name__ == "module":
            return Plain(name(symbols.imported(found)), frozenset(), fresh=False)
        if node.id in symbols.table:  # a helper
            return Plain(name(node.id), frozenset())
        if reference is None:  # a builtin
            return Plain(name(symbols.builtin(node.id.rpartition(":")[2])), frozenset())
        if getattr(tangent.runtime, node.id, MISSING) is found:
            return Plain(name(symbols.runtime(node.id)), frozenset())
        return Plain(name(symbols.captured(reference)), frozenset(), fresh=False)
    base = captured(self, node.value)
    return Plain(
        gast.Attribute(value=base.expr, attr=node.attr, ctx=gast.Load()), frozenset(), fresh=False
    )
