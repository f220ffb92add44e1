"""What changes while others see it, where nothing is known of that.

seen.add(i)              refused, unless the text shows what `seen` is: who reads it in the
if i in seen: …          backward sweep would find all that was ever added
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import gast

from tangent.passes.lowering import Lowering, method_key, static_of
from tangent.passes.objects import Object
from tangent.passes.units import MISSING
from tangent.rules.language import lookup
from tangent.syntax.printing import print_expression

_CHANGES = (  # sets, and what the standard library has of the kind
    *("add", "discard", "remove", "clear", "update", "pop", "popitem", "setdefault"),
    *("difference_update", "intersection_update", "symmetric_difference_update"),
    *("append", "appendleft", "extend", "extendleft", "insert", "popleft", "rotate", "reverse"),
    *("subtract", "move_to_end"),
)


def refuse_change(self: Lowering, node: gast.Call) -> None:
    """Refuses a call of such a method that is left as it is written."""
    method = getattr(node.func, "attr", "")
    if method not in _CHANGES or lookup(method_key(method)) is not None:
        return
    owner: Any = getattr(static_of(self, node.func)[0], "__self__", None)
    local = static_of(self, node.func)[0] is MISSING
    if local or not (owner is None or isinstance(owner, ModuleType)):
        what = f"`{method}` changes a value from outside, or one of which the class is not known"
        advice = "make a new value, as `seen = seen | {v}`, or a list or dict in the same function"
        self.refuse(what, "change", node, advice)


def refuse_named_view(self: Lowering, node: Any) -> None:
    """`v = d.items()` shows what `d` gets later, too; as a value of its own it is a list here."""
    function = node.func if isinstance(node, gast.Call) and not node.args else None
    if not isinstance(function, gast.Attribute) or function.attr not in ("items", "values"):
        return
    known = self.types.get(getattr(function.value, "id", ""))
    if static_of(self, function)[0] is MISSING and not isinstance(known, Object):
        what = f"`.{function.attr}()` of a dict under a name, which shows what the dict gets later"
        advice = f"make a list of it: `list({print_expression(node)})`"
        self.refuse(what, "dict-view", node, advice)
