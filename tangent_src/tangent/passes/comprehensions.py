"""List comprehensions, as loops that append.

    [f(v) for v in xs]      ->      t1 = []
                                    for v in xs:
                                        t1.append(f(v))

A generator that is handed to a function which uses it up at once is the list of its items.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import gast
import numpy as np

from tangent.passes.generators import is_lazy
from tangent.passes.iterators_kept import TO_THE_END, is_class_of, makes_iterator
from tangent.passes.kinds import CONTAINERS
from tangent.passes.late_lambdas import with_last_items
from tangent.passes.lowering import Lowering, class_of_object, static_of
from tangent.passes.templates import comprehension, placed
from tangent.passes.written_words import written_elements
from tangent.rules.language import lookup
from tangent.runtime import keyed
from tangent.syntax.program import Apply, Copy, Display, Effect, Value
from tangent.syntax.trees import call, method_call, name, names_in, rebuild, stored

CONSUMERS = (
    *(sum, max, min, any, all, list, tuple, sorted, dict, set, enumerate, zip),
    *(math.fsum, math.prod, functools.reduce, np.fromiter),
)


def list_comprehension(self: Lowering, node: Any) -> Value:
    """A loop that appends."""
    written = written_elements(self, node)
    if written is not None:
        return self.value(written)
    node = with_last_items(self, node)
    target = _empty_list(self)
    _fill(self, node, [_appended(target, node.elt)])
    return Copy(name(target), frozenset({target}), target)


def _empty_list(self: Lowering) -> str:
    empty = gast.List(elts=[], ctx=gast.Load())
    target = str(self.temporary(Display(empty, frozenset(), "list", (), ())).id)
    self.local.add(target)
    return target


def _appended(target: str, element: Any) -> Any:
    return gast.Expr(value=method_call(name(target), "append", element))


def dict_comprehension(self: Lowering, node: Any) -> Value:
    """A loop that appends the keys to one list, and the entries to another."""
    written = written_elements(self, node)
    if written is not None:
        return self.value(written)
    node = with_last_items(self, node)
    keys, entries = _empty_list(self), _empty_list(self)
    body = [_appended(keys, node.key), _appended(entries, node.value)]
    _fill(self, node, body)
    arguments = {"keys": name(keys), "entries": name(entries)}
    expr = call(self.unit.registry.symbols.runtime("keyed"), *arguments.values())
    return Apply(expr, frozenset((keys, entries)), lookup(keyed), arguments)


def consumed(self: Lowering, node: gast.Call) -> gast.Call:
    """`sum(f(v) for v in xs)` as `sum([f(v) for v in xs])`."""
    found = static_of(self, node.func)[0]
    if is_class_of(self, node.func) and len(node.args) == 1:
        if makes_iterator(self, node.args[0]):
            _refuse_for_object(self, node)
        found = list  # as that of a tuple or set would do
    if found not in CONSUMERS:
        return node
    if found in (min, max) and len(node.args) > 1:
        return node  # of several they compare these themselves
    args = [as_list(a) if isinstance(a, gast.GeneratorExp) else a for a in node.args]
    if found in TO_THE_END:
        args = [drawn_out(self, a) for a in args]
    else:
        _refuse_early(self, node, found)
    if all(a is b for a, b in zip(args, node.args, strict=True)):
        return node
    return gast.copy_location(gast.Call(func=node.func, args=args, keywords=node.keywords), node)


def _refuse_for_object(self: Lowering, node: gast.Call) -> None:
    """`type(t)(f(v) for v in t)` of an object, which would hold the iterator; of what is not known
    the text asks.
    """
    held = node.func.args[0]
    if class_of_object(self, node.func) is not None:
        what = "an iterator is handed on, and may be gone through twice"
        self.refuse(what, "iterator", node.args[0], "make a list of it: `list(...)`")
    one = self.atom(held)
    if isinstance(one, gast.Name) and self.kinds.get(one.id) not in CONTAINERS:
        asked = call(self.unit.registry.symbols.runtime("no_object"), one)
        effect = gast.Expr(value=asked)
        self.code.append(Effect(self.here(), effect, frozenset(names_in(asked)), asks=True))


def _refuse_early(self: Lowering, node: gast.Call, found: Any) -> None:
    """What may stop in front of the end draws no further item of a generator."""
    for argument in node.args:
        first = argument.generators[0].iter if isinstance(argument, gast.GeneratorExp) else argument
        if is_lazy(self, first):
            what = f"a generator in `{found.__name__}`, which may not go through all of it"
            self.refuse(what, "generator", argument, "write it as a loop")


def drawn_out(self: Lowering, node: Any) -> Any:
    """A list of the items, where a generator of the user's is unpacked."""
    if not is_lazy(self, node):
        return node
    one = self.names.fresh("item")
    return placed(comprehension(name(one), stored(one), node), node)


def as_list(node: gast.GeneratorExp) -> Any:
    return gast.copy_location(gast.ListComp(elt=node.elt, generators=node.generators), node)


def _fill(self: Lowering, node: Any, innermost: list[Any]) -> None:
    """The loops of a comprehension around its innermost statements."""
    body = [placed(s, node) for s in innermost]
    own: dict[str, str] = {}
    for generator in reversed(node.generators):
        for part in gast.walk(generator.target):
            if isinstance(part, gast.Name):
                own[part.id] = part.id
        for condition in reversed(generator.ifs):
            body = [gast.copy_location(gast.If(test=condition, body=body, orelse=[]), node)]
        loop = gast.For(
            target=generator.target,
            iter=generator.iter,
            body=body,
            orelse=[],
            type_comment=None,
        )
        body = [gast.copy_location(loop, node)]
    _lower_comprehension(self, body[0], own)


def _reads(node: Any) -> bool:
    return isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load)


def _lower_comprehension(self: Lowering, loop: Any, own: dict[str, str]) -> None:
    """The variables of a comprehension are its own: where the function uses the same name, they
    get another.
    """
    read = {n.id for n in gast.walk(loop) if _reads(n)}
    for variable in own:
        if variable in self.local and (variable in read or variable != "_"):
            own[variable] = self.names.fresh(variable)
            self.originals[own[variable]] = variable
    first = loop.iter

    def change(n: Any) -> Any | None:
        if n is first:  # evaluated outside, where the names are the function's
            return n
        if isinstance(n, gast.Name) and own.get(n.id, n.id) != n.id:
            return gast.copy_location(gast.Name(own[n.id], n.ctx, None, None), n)
        return None

    self.local.update(own.values())
    origin = self.current
    self.lower([rebuild(loop, change)])
    self.current = origin
