"""Decorated functions in a function.

    @twice                          def step(v): …
    def step(v):            ->      step = twice(step)
        …

`functools.wraps` gives a function another name and text, `functools.cache` and `lru_cache` keep
what it gave.  These are left out, since a second call would give the same; where it may not,
`passes.kept_results` has written a dict.
"""

from __future__ import annotations

import copy
import functools
from typing import Any

import gast

from tangent.passes.kept_results import KEEPING
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.templates import placed
from tangent.syntax.trees import name, stored

_IDLE = (functools.wraps, *KEEPING)


def undecorated(self: Lowering, node: gast.FunctionDef) -> gast.FunctionDef:
    """The function without the decorators that play no part."""
    rest = [d for d in node.decorator_list if not _is_idle(self, d)]
    if len(rest) == len(node.decorator_list):
        return node
    bare = copy.copy(node)
    bare.decorator_list = rest
    return bare


def _is_idle(self: Lowering, decorator: Any) -> bool:
    function = decorator.func if isinstance(decorator, gast.Call) else decorator
    found, _ = static_of(self, function)
    return any(found is one for one in _IDLE)


def decorated(self: Lowering, node: gast.FunctionDef, decorators: list[Any]) -> list[Any]:
    """The statements that define the bare function under another name, and decorate it."""
    bare = copy.copy(node)
    bare.name = self.flag(f"{node.name}_bare")
    bare.decorator_list = [d for d in node.decorator_list if d not in decorators]
    whole: Any = name(bare.name)
    for decorator in reversed(decorators):
        whole = gast.Call(func=decorator, args=[whole], keywords=[])
    made = gast.Assign(targets=[stored(node.name)], value=whole, type_comment=None)
    return [bare, placed(made, node)]
