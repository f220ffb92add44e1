"""Functions that are written out where they are called: those that change an object of their
caller's, and what makes an object.

    def add(self, v):                       counter.total += x
        self.total += v           ->
    counter.add(x)

Its variables get names of their own, its parameters stand for the arguments; names that it does not
bind are looked up where it was defined.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from tangent.passes.attempts import attempted
from tangent.passes.carrying import Carried
from tangent.passes.contexts import flattened
from tangent.passes.function_values import bound_in_blocks
from tangent.passes.jumps import structured
from tangent.passes.known import Known, Table, moved, names_of
from tangent.passes.lowering import Lowering, atom_value
from tangent.passes.matching import unmatched
from tangent.passes.stars import pack
from tangent.passes.units import Packed, Unit
from tangent.passes.used_up import refuse_used_twice
from tangent.syntax.program import Copy, Value
from tangent.syntax.trees import name, names_in, rebuild, replaced


def written_out(
    self: Lowering, node: Any, unit: Unit, arguments: Mapping[str, Any], shared: frozenset[str]
) -> Value:
    """The value of a call, whose statements stand here; `shared` parameters are the caller's own
    names.
    """
    key = id(unit.tree)
    if key in self.inlined:
        advice = "let it return what it changes"
        self.refuse("a function that changes an object calls itself", "recursion", node, advice)
    self.names.take(names_in(unit.tree))
    instead = _names(self, unit, arguments, shared)
    inside = Lowering(unit, self.names, {n.id for n in instead.values()})
    inside.local |= set(self.virtual)
    inside.code, inside.kinds, inside.types = self.code, self.kinds, self.types
    inside.roots = self.roots
    inside.companions = self.companions
    inside.virtual, inside.inlined = self.virtual, (*self.inlined, key)
    inside.making = self.making
    inside.functions = {**unit.outer, **_functions(self, node, unit, instead)}
    blocks = bound_in_blocks(unit.tree)
    inside.valued = frozenset(getattr(instead.get(n), "id", n) for n in blocks)
    inside.originals = {new.id: old for old, new in instead.items()}
    inside.contexts, inside.calls = self.contexts, self.calls
    inside.first = instead[unit.parameters[0]] if unit.parameters else None
    inside.result = self.names.temporary()
    self.local.add(inside.result)
    inside.local.add(inside.result)
    self.prepare(inside)
    inside.packed = {instead[s].id: _held(p, instead) for s, p in unit.packed.items()}
    inside.local |= set(inside.packed)
    inside.current = self.current
    pack(inside)
    body = [rebuild(s, lambda n: _renamed(n, instead)) for s in unit.tree.body]
    refuse_used_twice(inside, body)
    body = attempted(inside, flattened(inside, unmatched(inside, body)))
    inside.lower(structured(body, inside.flag))
    self.calls, self.kinds, self.types = inside.calls, inside.kinds, inside.types
    self.local |= inside.local
    return Copy(name(inside.result), frozenset({inside.result}), inside.result)


def _names(
    self: Lowering, unit: Unit, arguments: Mapping[str, Any], shared: frozenset[str]
) -> dict[str, Any]:
    """What each variable of the function is called here.

    A parameter that is bound anew is a second name of what it is given, and so is one whose own
    name here would mean something else in the function.
    """
    instead: dict[str, Any] = {}
    free = names_in(unit.tree) - unit.rebound - set(unit.all_parameters)
    for parameter, atom in arguments.items():
        if parameter in shared and isinstance(atom, gast.Name) and atom.id[0] != "@":
            if parameter not in unit.rebound and atom.id not in free:
                instead[parameter] = atom
                continue
        held = name(self.names.temporary())
        self.emit(held.id, atom_value(atom))
        instead[parameter] = held
    nested = {n.name for n in gast.walk(unit.tree) if isinstance(n, gast.FunctionDef)}
    for own in sorted((unit.rebound | unit.packed.keys()) - instead.keys() - nested):
        instead[own] = name(self.names.fresh(own))
    return instead


def _functions(self: Lowering, node: Any, unit: Unit, instead: dict[str, Any]) -> dict[str, Known]:
    """The functions among the arguments, of variables under the names that they have here."""
    for parameter, known in unit.given.items():
        if parameter in unit.rebound or isinstance(known, Table):
            advice = "pass values only"
            self.refuse("a function that changes an object", "object", node, advice)
    names = {old: str(new.id) for old, new in instead.items()}
    return {p: moved(k, {n: names[n] for n in names_of(k)}) for p, k in unit.given.items()}


def _held(packed: Packed, instead: dict[str, Any]) -> Packed:
    """What `args` or `kwargs` holds, under the names that it has here."""
    if isinstance(packed, str):
        return packed
    if isinstance(packed, Mapping):
        return {k: instead[p].id for k, p in packed.items()}
    return tuple(instead[p].id for p in packed)


def _renamed(node: Any, instead: dict[str, Any]) -> Any | None:
    if isinstance(node, gast.Name) and node.id in instead:
        new = gast.Name(instead[node.id].id, node.ctx, None, None)
        return gast.copy_location(new, node)
    return _carried(node, instead) if isinstance(node, Carried) else None


def _carried(node: Carried, instead: dict[str, Any]) -> Carried:
    """Such a call, whose variables are parameters of their own names of what it calls."""
    new = [rebuild(part, lambda n: _renamed(n, instead)) for part in (node.call, *node.targets)]
    words = new[0].keywords
    first = len(words) - len(node.targets)
    own = [gast.keyword(t.id, k.value) for t, k in zip(new[1:], words[first:], strict=True)]
    whole = replaced(new[0], keywords=[*words[:first], *own])
    moved: Carried = replaced(node, call=whole, targets=new[1:])
    return moved
