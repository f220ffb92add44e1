"""A function that is written into its caller stands there as it is for the literals in the call.

def part(v, first, back=False):         u = v[2:5]
    if back:
        return v[:first]        <-      u = part(v, 2)
    return v[first : first + 3]
"""

from __future__ import annotations

import builtins
from dataclasses import replace
from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.passes.options import ASKED
from tangent.passes.units import Unit, parameters, static
from tangent.syntax.program import Call
from tangent.syntax.trees import is_literal, walk


def for_its_literals(self: Lowering, made: Call) -> Call:
    """The call of the function that is written for the literals among its arguments, where that
    does not call itself.
    """
    unit = made.callee
    around = ((u.source, u.name) for u in self.unit.registry.unfinished)
    if (unit.source, unit.name) in around or unit.generated:
        return made
    if not all(_is_builtin(n, unit) for n in walk(unit.tree)):
        return made
    own = set(parameters(unit.tree)) - _kept(unit.tree)
    options = {p: a for p, a in made.arguments.items() if is_literal(a) and p in own}
    if not options:
        return made
    left = {p: a for p, a in made.arguments.items() if p not in options}
    return replace(made, callee=self.unit.registry.for_literals(unit, options), arguments=left)


def _kept(tree: Any) -> set[str]:
    """The parameters that stay: those that are bound anew, that a question of the library's names,
    or that have the name of a parameter of a function inside.
    """
    found = set()
    for node in (n for statement in tree.body for n in walk(statement)):
        match node:
            case gast.Name(id=one, ctx=gast.Store() | gast.Del() | gast.Param()):
                found.add(one)
            case gast.Call(func=gast.Name(id=helper), keywords=words) if helper[0] == "@":
                found |= {w.value.id for w in words if isinstance(w.value, gast.Name)}
    return found


def _is_builtin(node: Any, unit: Unit) -> bool:
    """Is what a test on literals may ask the function of Python's that it seems to be?"""
    if not isinstance(node, gast.Name) or node.id not in ASKED:
        return True
    local = unit.rebound | {*unit.all_parameters, *parameters(unit.tree)}
    return static(node, unit, local.__contains__)[0] is getattr(builtins, node.id)
