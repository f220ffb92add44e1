"""Lists, tuples, dicts and sets as they are written, and what joins and repeats them.

[*a, x]                 ->      a + [x]
{**d, "k": x}           ->      d | {"k": x}
[x] * n                 ->      [x for _ in range(n)]
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.inert import inert
from tangent.passes.kinds import kind_of_atom
from tangent.passes.lowering import Lowering
from tangent.passes.stars import items_of
from tangent.passes.templates import (
    builtin_call,
    comprehension,
    dict_comprehension,
    named,
    placed,
)
from tangent.syntax.program import Copy, Display, Plain, Value
from tangent.syntax.trees import is_literal, name, names_in, stored


def display(self: Lowering, node: Any) -> Value:
    if any(isinstance(e, gast.Starred) for e in node.elts):
        items = [one for e in node.elts for one in items_of(self, e)]
        if not any(isinstance(e, gast.Starred) for e in items):
            return display(self, gast.copy_location(type(node)(items, gast.Load()), node))
        expr = inert(self, node)
        if isinstance(node, gast.Tuple) and expr is not None and _shape_only(node):
            return Plain(expr, frozenset(names_in(expr)))
        return self.value(_joined_parts(self, node))
    elements = tuple(self.atom(e) for e in node.elts)
    kind = "list" if isinstance(node, gast.List) else "tuple"
    expr = type(node)(elts=list(elements), ctx=gast.Load())
    return Display(expr, frozenset(names_in(expr)), kind, (), elements)


def _shape_only(node: Any) -> bool:
    """`(n, *x.shape)`"""
    starred = [e.value for e in node.elts if isinstance(e, gast.Starred)]
    return all(isinstance(v, gast.Attribute) and v.attr == "shape" for v in starred)


def _joined_parts(self: Lowering, node: Any) -> Any:
    """`[*a, x]` as `a + [x]`, where `a` is a list or made one."""
    parts: list[Any] = []
    for element in node.elts:
        if isinstance(element, gast.Starred):
            items = named(self, element.value, node)
            if self.kinds.get(items.id) != "list" or len(node.elts) == 1:
                item = self.names.fresh("item")
                items = named(self, comprehension(name(item), stored(item), items), node)
            parts.append(items)
        elif parts and isinstance(parts[-1], gast.List):
            parts[-1].elts.append(element)
        else:
            parts.append(gast.List(elts=[element], ctx=gast.Load()))
    whole = parts[0]
    for part in parts[1:]:
        whole = gast.BinOp(left=whole, op=gast.Add(), right=part)
    whole = placed(whole, node)
    if isinstance(node, gast.Tuple):
        return placed(builtin_call("tuple", whole), node)
    return whole


def set_display(self: Lowering, node: Any) -> Value:
    """A set of constants: it can be asked what it holds, not looked into."""
    if isinstance(node, gast.Set) and not all(map(is_literal, node.elts)):
        advice = "keep what depends on the input in a list, or a dict"
        self.refuse("a set of values", "set", node, advice)
    listed: Any = gast.List(elts=getattr(node, "elts", None), ctx=gast.Load())
    if isinstance(node, gast.SetComp):
        listed = gast.ListComp(elt=node.elt, generators=node.generators)
    return self.value(placed(builtin_call("set", placed(listed, node)), node))


def _merged(self: Lowering, node: gast.Dict) -> Any:
    """`{**d, "k": x}` as `d | {"k": x}`."""
    parts: list[Any] = []
    for key, element in zip(node.keys, node.values, strict=True):
        if key is None:
            entries = named(self, element, node)
            if self.kinds.get(entries.id) != "dict" or len(node.keys) == 1:
                one, entry = self.names.fresh("key"), self.names.fresh("entry")
                view = gast.Attribute(value=entries, attr="items", ctx=gast.Load())
                pairs = gast.Call(func=view, args=[], keywords=[])
                entries = named(self, dict_comprehension(one, entry, pairs), node)
            parts.append(entries)
        elif parts and isinstance(parts[-1], gast.Dict):
            parts[-1].keys.append(key)
            parts[-1].values.append(element)
        else:
            parts.append(gast.Dict(keys=[key], values=[element]))
    whole = parts[0]
    for part in parts[1:]:
        whole = gast.BinOp(left=whole, op=gast.BitOr(), right=part)
    return placed(whole, node)


def dict_display(self: Lowering, node: gast.Dict) -> Value:
    if None in node.keys:
        return self.value(_merged(self, node))
    if not _keys_differ(node.keys):
        return _entry_by_entry(self, node)
    keys, elements = [], []
    for key, element in zip(node.keys, node.values, strict=True):
        keys.append(self.index(key))
        elements.append(self.atom(element))
    expr = gast.Dict(keys=list(keys), values=list(elements))
    return Display(expr, frozenset(names_in(expr)), "dict", tuple(keys), tuple(elements))


def _keys_differ(keys: list[Any]) -> bool:
    """Surely, by their text alone: one key, or literals (`1`, `1.0` and `True` are one key)."""
    written = [k.value for k in keys if isinstance(k, gast.Constant)]
    return len(keys) < 2 or len(set(written)) == len(keys)


def _entry_by_entry(self: Lowering, node: gast.Dict) -> Value:
    """`{a: x, b: y}`, where `b` may be `a`, as an empty dict and its stores."""
    empty = gast.Dict(keys=[], values=[])
    target = str(self.temporary(Display(empty, frozenset(), "dict", (), ())).id)
    self.local.add(target)
    origin = self.current
    for key, element in zip(node.keys, node.values, strict=True):
        index = self.index(key)
        self.local.update(n for n in names_in(index) if n[0] != "@")
        place = gast.Subscript(value=name(target), slice=index, ctx=gast.Store())
        put = gast.Assign(targets=[place], value=element, type_comment=None)
        self.lower([gast.copy_location(put, node)])
    self.current = origin
    return Copy(name(target), frozenset({target}), target)


def repeated(self: Lowering, node: Any, items: Any, times: Any) -> Any:
    """`[x] * n`: a list comprehension."""
    item = self.names.fresh("item")
    self.local.update(n for a in (items, times) for n in names_in(a))
    listed = comprehension(name(item), stored(item), named(self, items, node))
    around = gast.comprehension(
        target=stored(self.names.fresh("i")),
        iter=builtin_call("range", named(self, times, node)),
        ifs=[],
        is_async=0,
    )
    listed.generators.insert(0, around)
    is_tuple = kind_of_atom(self.kinds, items) == "tuple"
    return placed(builtin_call("tuple", listed) if is_tuple else listed, node)
