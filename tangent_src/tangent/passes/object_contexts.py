"""Which objects may stand in a `with` (`passes.entering`), told where their classes are known."""

from __future__ import annotations

from types import FunctionType

import gast

from tangent.errors import TangentError
from tangent.passes.entering import Entering, own_statements, refuse_context
from tangent.passes.lowering import Lowering
from tangent.passes.members import known_object
from tangent.passes.objects import in_class


def lower_entering(self: Lowering, node: Entering) -> None:
    known = known_object(self, node.context)
    ways = [in_class(known[0].cls, w) for w in ("__enter__", "__exit__")] if known else [None]
    if not all(isinstance(w, FunctionType) for w in ways):
        refuse_context(self, node.original)
    try:
        leaves = self.unit.registry.of(ways[1]).tree
    except TangentError:
        refuse_context(self, node.original)
    for back in (n for s in leaves.body for n in own_statements(s) if isinstance(n, gast.Return)):
        value = getattr(back.value, "value", back.value)
        if value not in (None, False):
            advice = "return None, and catch what is to be caught by `try`"
            what = "a context whose `__exit__` may say that an exception goes no further"
            self.refuse(what, "with", node.original, advice)
