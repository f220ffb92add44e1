"""Which parameter of a function of the user's gets which argument of a call."""

from __future__ import annotations

from typing import Any

import gast

from tangent.errors import UnsupportedSyntax
from tangent.passes.known import Known, Nothing
from tangent.passes.lowering import Lowering
from tangent.passes.stars import gathered, refuse_stars, spread, taken_by
from tangent.passes.templates import named
from tangent.passes.units import Unit
from tangent.syntax.trees import names_in


def bound_arguments(
    self: Lowering, node: Any, unit: Unit, args: list[Any], words: dict[str, Any]
) -> dict[str, Any]:
    """What each parameter of a unit gets: an atom, a function, or the items of `*args` and
    `**kwargs`.
    """
    tree = unit.tree.args
    args, words = spread(self, node, taken_by(tree, unit.default), args, words)
    positional = [a.id for a in (*tree.posonlyargs, *tree.args)]
    given = dict(zip(positional, args, strict=False))
    extra = args[len(positional) :]
    problem = f"takes {len(positional)} positional arguments" if extra and not tree.vararg else ""
    further: dict[str, Any] = {}
    for word, atom in words.items():
        if word in given or (word not in unit.all_parameters and not tree.kwarg):
            problem = f"`{word}`: unexpected or given twice"
        (given if word in unit.all_parameters else further)[word] = atom
    complete = {p: given.get(p, unit.default(p)) for p in unit.all_parameters}
    lacking = [p for p, a in complete.items() if a is None]
    if problem or lacking:
        what = problem or f"lacks {', '.join(lacking)}"
        raise UnsupportedSyntax(
            f"the call of `{unit.name}` does not fit its signature: {what}",
            code="call",
            location=self.unit.source.location(node),
            help="Python would raise a TypeError here",
        )
    if tree.vararg is not None:
        complete[tree.vararg.id] = _further(self, node, extra)
    if tree.kwarg is not None:
        complete[tree.kwarg.id] = further
    called = unit.called
    for parameter, atom in complete.items():
        if parameter in called and isinstance(atom, gast.Constant) and atom.value is None:
            complete[parameter] = Nothing()
    return complete


def _further(self: Lowering, node: Any, items: list[Any]) -> Any:
    """What `*args` of a callee gets: the arguments one by one, or a tuple of unknown length."""
    if not any(isinstance(one, gast.Starred) for one in items):
        return tuple(items)
    if any(isinstance(one, Known) for one in items):
        refuse_stars(self, node)
    whole = gathered(items)
    self.local.update(n for n in names_in(whole) if n[0] != "@")  # they are names of values by now
    return named(self, whole, node)
