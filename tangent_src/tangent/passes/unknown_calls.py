"""Calls of which nothing is known: what they are given they may change.

random.shuffle(order)       ->      order = may_change(order, [])
                                    random.shuffle(order)

The update in front stands for the change: what the backward sweep needs of `order` is saved there,
and another name of the same memory is asked for.  What depends on the input is not given to such a
call (`analyses.activity` refuses it), so that there is nothing to differentiate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import gast
import numpy as np

from tangent.passes.companions import widen
from tangent.passes.kinds import STREAM, kind_of_atom
from tangent.passes.lowering import Lowering, owned_base, rule_of
from tangent.passes.objects import Stream
from tangent.runtime import may_change
from tangent.syntax.program import Augment, Plain
from tangent.syntax.stores import CHANGES
from tangent.syntax.trees import names_in

# methods of arrays and containers, which may change these
OF_CONTAINERS = {word for kind in (np.ndarray, list, dict, set, deque) for word in dir(kind)}


def unknown_call(
    self: Lowering,
    node: Any,
    key: Any,
    function: Any,
    args: list[Any],
    words: Mapping[str, Any],
    gap: str = "",
) -> Plain:
    """A call of which nothing is known: refused where it is given what depends on the input.

    `key` is what is called, as far as it is there; `gap` says why it has no rule yet.
    """
    keywords = [gast.keyword(arg=k, value=v) for k, v in words.items()]
    expr = gast.Call(func=function, args=args, keywords=keywords)
    reads = frozenset(names_in(expr))
    for one in sorted(_changed(self, node, key, expr)):
        if not is_stream(self, gast.Name(id=one, ctx=gast.Load())):
            nothing = gast.List(elts=[], ctx=gast.Load())
            update = Augment(self.here(), one, gast.Add(), rule_of(may_change), nothing)
            self.code.append(update)
            widen(self, one, None)
    return Plain(expr, reads, pure=False, cheap=False, known=False, fresh=False, gap=gap)


def _changed(self: Lowering, node: Any, key: Any, call: gast.Call) -> Iterable[str]:
    """The names of what a call may change: what it is given, and that of which it is a method."""
    word = getattr(call.func, "attr", getattr(key, "__name__", ""))
    base = getattr(call.func, "value", None)
    owner = type(getattr(key, "__self__", None))
    home = "numpy" if is_stream(self, base) else getattr(key, "__module__", None)
    home = str(home or owner.__module__).partition(".")[0]
    if word in CHANGES and call.args:
        owned_base(self, call.args[0], node)
        return names_in(call.args[0])
    given = [k.value for k in call.keywords if k.arg == "out"]
    if home not in _READERS and not self.tries:  # a `try` asks what is changed before it fails
        given = [*call.args, *(k.value for k in call.keywords)]
        if word in OF_CONTAINERS and base is not None:
            given.append(base)
    return {n for one in given for n in names_in(one)}


# modules whose functions leave what they are given as it is, but for a few
_READERS = (
    *("numpy", "scipy", "math", "cmath", "random", "_random", "_bisect"),
    *("time", "logging", "warnings", "json"),
)


def is_stream(self: Lowering, atom: Any) -> bool:
    """Is it surely a generator of random numbers?"""
    known = self.types.get(getattr(atom, "id", ""))
    return kind_of_atom(self.kinds, atom) == STREAM or isinstance(known, Stream)
