"""Updates whose operand changes something: Python reads the target first.

x[-1] += f(x)         ->      old = x[-1]
                              new = f(x)          may write into `x`
                              old += new
                              x[-1] = old
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.analyses.activity import into
from tangent.passes.functions import function_of
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.units import MISSING
from tangent.syntax.program import Assign, Call, Statement, every
from tangent.syntax.trees import assign, copied, is_literal, name, stored, walk


def changes_on_the_way(self: Lowering, node: gast.AugAssign) -> bool:
    """Does what an element or attribute is updated by change anything?  It is written once to see
    that, where it calls what may.
    """
    target = node.target
    part = isinstance(target, gast.Subscript) and not isinstance(target.slice, gast.Slice)
    if not (part or isinstance(target, gast.Attribute)):
        return False
    calls = [n for n in walk(node.value) if isinstance(n, gast.Call)]
    if not any(_own(self, call) for call in calls):
        return False
    state, start = self.state(), len(self.code)
    self.atom(copied(node.value))
    made = tuple(self.code[start:])
    self.restore(state)
    return any(map(_writes, every(made)))


def _sliced(index: Any) -> bool:
    """Is it a literal, or has it slices, which are no values?"""
    return is_literal(index) or any(isinstance(n, gast.Slice) for n in walk(index))


def _own(self: Lowering, call: gast.Call) -> bool:
    """Is it a call of the user's, or of what is known later?"""
    found = static_of(self, call.func)[0]
    return found is MISSING or function_of(self, call.func) is not None


def _writes(statement: Statement) -> bool:
    value = statement.value if isinstance(statement, Assign) else None
    return into(statement) is not None or (
        isinstance(value, Call) and bool(getattr(value.callee, "writes", True))
    )


def read_first(self: Lowering, node: gast.AugAssign) -> list[Any]:
    """The statements of such an update, in the order in which Python runs them."""
    target: Any = copied(node.target)
    first = []
    if isinstance(target, gast.Subscript) and not _sliced(target.slice):
        index = self.flag("index")
        first = [assign(index, target.slice)]
        target.slice = name(index)
    old, new = self.flag("old"), self.flag("new")
    read = copied(target)
    read.ctx = gast.Load()
    update = gast.AugAssign(target=stored(old), op=node.op, value=name(new))
    code = [*first, assign(old, read), assign(new, node.value), update, assign(target, name(old))]
    return [gast.fix_missing_locations(gast.copy_location(s, node)) for s in code]
