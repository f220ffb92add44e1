"""Binding of targets: names, patterns, elements."""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.companions import widen_by
from tangent.passes.container_methods import list_slice, replace_slice
from tangent.passes.expressions import atom
from tangent.passes.lowering import Lowering, atom_value
from tangent.passes.members import store_item, store_member
from tangent.passes.tuples import held_in
from tangent.passes.writes import place
from tangent.syntax.program import Effect, If, Plain, Store
from tangent.syntax.trees import call, item, literal, name, names_in


def bind(self: Lowering, target: Any, one: Any) -> None:
    """Bind a target (a name, a pattern, an element) to an atom."""
    if isinstance(target, gast.Name):
        identifier = target.id
        self.functions.pop(identifier, None)
        self.emit(identifier, atom_value(one))
    elif isinstance(target, (gast.Tuple, gast.List)):
        _unpack(self, target, one)
    elif isinstance(target, gast.Subscript) and list_slice(self, target):
        replace_slice(self, target, one)
    elif isinstance(target, gast.Subscript) and store_item(self, target, lambda: one):
        pass
    elif isinstance(target, gast.Subscript):
        base, index = place(self, target)
        self.code.append(Store(self.here(), base, index, one))
        widen_by(self, base, one)
    elif not (isinstance(target, gast.Attribute) and store_member(self, target, one)):
        text = "an attribute is assigned to"
        self.refuse(text, "attribute-store", target, "keep the value in a variable, or in a dict")


def _unpack_starred(self: Lowering, target: Any, one: Any) -> None:
    """`first, *rest = xs`: by position; a list too short is an error, as in Python."""
    self.local.add(one.id)
    at = next(i for i, e in enumerate(target.elts) if isinstance(e, gast.Starred))
    behind = len(target.elts) - at - 1
    length = call("@builtin:len", one)
    short = gast.Compare(left=length, ops=[gast.Lt()], comparators=[literal(at + behind)])
    error = call("@builtin:ValueError", literal("not enough values to unpack"))
    raised = Effect(self.here(), gast.Raise(exc=error, cause=None), frozenset())
    test = self.held(Plain(short, frozenset(names_in(short)), scalar=True))
    self.code.append(If(self.here(), test, (raised,), ()))
    for position, element in enumerate(target.elts):
        if position == at:
            stop = literal(-behind) if behind else None
            part: Any = item(one, gast.Slice(literal(at), stop, None))
            if self.kinds.get(one.id) != "list":
                part = call("@builtin:list", part)
            bind(self, element.value, atom(self, gast.copy_location(part, element)))
            continue
        index = literal(position if position < at else position - len(target.elts))
        bind(self, element, atom(self, gast.copy_location(item(one, index), element)))


def _unpack(self: Lowering, target: Any, one: Any) -> None:
    if not isinstance(one, gast.Name):
        self.refuse("a literal is unpacked", "unpack", target, "assign the values one by one")
    if one.id[0] == "@":
        one = self.temporary(Plain(one, frozenset(), fresh=False))
    if any(isinstance(e, gast.Starred) for e in target.elts):
        _unpack_starred(self, target, one)
        return
    held = held_in(self, one.id, target.elts)
    for element, part in zip(target.elts, held, strict=False):
        bind(self, element, part)
    if held:
        return
    parts: list[tuple[str, Any]] = []
    for element in target.elts:
        if isinstance(element, gast.Name):
            identifier = element.id
            self.functions.pop(identifier, None)
            parts.append((identifier, None))
        else:
            parts.append((self.names.temporary(), element))
    self.unpack(tuple(p for p, _ in parts), one.id)
    for part, element in parts:
        if element is not None:
            bind(self, element, name(part))
