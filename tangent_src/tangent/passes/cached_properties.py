"""Cached properties: what reads one first sets an attribute of its name, which all others read.

    y = o.norm      ->      if lacks(o, "norm"):
                                o.norm = norm(o)
                            y = o.norm

The test is left out where its answer is known.  To compute the value anew would not do: what the
property reads may have changed since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast

from tangent.passes.kinds import joined_kinds
from tangent.passes.lowering import Lowering
from tangent.passes.objects import Object, joined_types
from tangent.syntax.program import If, Item, Plain, Value
from tangent.syntax.trees import call, field, literal


def cached(
    self: Lowering, known: Object, base: Any, attribute: str, write: Callable[[], None]
) -> Value:
    """The value of a cached property; `write` computes it and sets the attribute."""
    if known.own is None or attribute in known.perhaps:
        _if_lacking(self, base, attribute, write)
    elif attribute not in known.own:
        write()
    expr = gast.Attribute(value=base, attr=attribute, ctx=gast.Load())
    return Item(expr, frozenset({base.id}), base.id, field(attribute))


def _if_lacking(self: Lowering, base: Any, attribute: str, write: Callable[[], None]) -> None:
    lacks = call(self.unit.registry.symbols.runtime("lacks"), base, literal(attribute))
    condition = self.held(Plain(lacks, frozenset({base.id}), scalar=True))
    kinds, types = dict(self.kinds), dict(self.types)
    origin, body = self.here(), self.block(write)
    self.code.append(If(origin, condition, body, ()))
    self.kinds, self.types = joined_kinds(kinds, self.kinds), joined_types(types, self.types)
    known = self.types[base.id]
    if known.own is not None:
        own, perhaps = known.own | {attribute}, known.perhaps - {attribute}
        self.types[base.id] = replace(known, own=own, perhaps=perhaps)
