"""Binding of targets: names, patterns, elements."""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.expressions import atom, store_index
from tangent.passes.lowering import Lowering, atom_value, owned_base
from tangent.syntax.program import Plain, Store, Unpack
from tangent.syntax.trees import name


def bind(self: Lowering, target: Any, one: Any) -> None:
    """Bind a target (a name, a pattern, an element) to an atom."""
    if isinstance(target, gast.Name):
        identifier = target.id
        self.functions.pop(identifier, None)
        self.emit(identifier, atom_value(one))
    elif isinstance(target, (gast.Tuple, gast.List)):
        _unpack(self, target, one)
    elif isinstance(target, gast.Subscript):
        base = atom(self, target.value)
        index = store_index(self, target.slice)
        self.code.append(Store(self.here(), owned_base(self, base, target), index, one))
    elif isinstance(target, gast.Starred):
        self.refuse(
            "a starred target", "starred", target, "unpack by slices: `first, rest = x[0], x[1:]`"
        )
    else:
        text = "an attribute is assigned to"
        self.refuse(text, "attribute-store", target, "keep the value in a variable, or in a dict")


def _unpack(self: Lowering, target: Any, one: Any) -> None:
    if not isinstance(one, gast.Name):
        self.refuse("a literal is unpacked", "unpack", target, "assign the values one by one")
    if one.id[0] == "@":
        one = self.temporary(Plain(one, frozenset(), fresh=False))
    parts: list[tuple[str, Any]] = []
    for element in target.elts:
        if isinstance(element, gast.Name):
            identifier = element.id
            self.functions.pop(identifier, None)
            parts.append((identifier, None))
        elif isinstance(element, gast.Starred):
            self.refuse(
                "a starred target",
                "starred",
                element,
                "unpack by slices: `first, rest = x[0], x[1:]`",
            )
        else:
            parts.append((self.names.temporary(), element))
    self.code.append(Unpack(self.here(), tuple(p for p, _ in parts), one.id))
    for part, element in parts:
        if element is not None:
            bind(self, element, name(part))
