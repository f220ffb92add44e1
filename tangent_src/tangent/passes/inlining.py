"""A function that writes into its arguments is written into its caller.

    def clear(u):                   u[0] = 0.0
        u[0] = 0.0          ->      y = np.sum(u)
    clear(u)
    y = np.sum(u)

Then a store is a store, whichever function it stands in.  A parameter that keeps its argument has
the name of that; the variables of the function get names of their own, for each call.  Of a
function that returns nothing, `u += e` is there for its caller to see if `u` is an array:

    def add_to(u, v):               if is_array(u):
        u += v              ->          u[...] += v
    add_to(u, v)                    else:
                                        u_2 += v
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from tangent.analyses.heap import UNWRITTEN
from tangent.passes.chosen_calls import DEEPEST, LARGEST
from tangent.passes.companions import forget_items
from tangent.passes.literal_arguments import for_its_literals
from tangent.passes.lowering import Lowering, atom_value
from tangent.passes.objects import holds_objects
from tangent.passes.units import Unit
from tangent.syntax.program import (
    Assign,
    Augment,
    Call,
    Copy,
    If,
    Origin,
    Plain,
    Program,
    Statement,
    Store,
    Value,
    every,
    targets,
)
from tangent.syntax.renaming import Renaming
from tangent.syntax.trees import call, literal, name


def writes_into_arguments(self: Lowering, unit: Unit) -> bool:
    """Is it a function that writes into its arguments, and can be written into its caller?"""
    if unit in self.unit.registry.unfinished or unit.library or not _may_write(unit.tree):
        return False
    return bool(unit.writes) and not unit.checkpointed and not unit.program.contexts


def shows_what_is_written(self: Lowering, node: Any, unit: Unit) -> bool:
    """Is the result of this call written into, and may it be memory of an argument?  Objects that
    it gives are known as such, and under a `try` a call is one step.
    """
    if id(node) not in self.unit.written_results or unit in self.unit.registry.unfinished:
        return False
    if self.tries or unit.library or unit.checkpointed or unit.inverse is not None:
        return False
    if holds_objects(unit.returns):
        return False
    return bool(unit.shared_parameters) and not unit.program.contexts


def is_chosen(self: Lowering, node: Any) -> bool:
    """May a choice pass over elements of the value of a call (see `passes.chosen_calls`)?"""
    return id(node) in self.unit.chosen_calls or self.unit.source.filename.startswith("<call ")


def written_flat(self: Lowering, unit: Unit) -> Unit | None:
    """A function as it can be written into its caller, with all that it calls; or None."""
    around = [id(u.tree) for u in self.unit.registry.unfinished]
    if (
        id(unit.tree) in around
        or len(around) > DEEPEST
        or unit.library
        or unit.checkpointed
        or unit.inverse is not None
    ):
        return None
    flat = unit.copy()
    flat.flat = True
    program = flat.program
    short = sum(1 for _ in every(program.body)) <= LARGEST
    return flat if short and not program.contexts else None


def _returns_nothing(program: Program) -> bool:
    results = [s.value for s in every(program.body) if program.result in targets(s)]  # type: ignore[attr-defined]
    return all(isinstance(getattr(v, "expr", None), gast.Constant) for v in results)


def _may_write(tree: Any) -> bool:
    """Could it, by its text alone?  A function of the user's that it calls may write, too."""
    for node in gast.walk(tree):
        stored = isinstance(node, gast.Subscript) and not isinstance(node.ctx, gast.Load)
        called = isinstance(node, gast.Call) and (
            isinstance(node.func, gast.Name) or getattr(node.func, "attr", "") == "append"
        )
        if stored or called or isinstance(node, (gast.AugAssign, gast.Expr)):
            return True
        if isinstance(node, gast.keyword) and node.arg == "out":
            return True
    return False


def inlined(self: Lowering, made: Call, home: Origin | None = None) -> Value:
    """The statements of the called function, with its arguments, and its result; those of a rule's
    program are from the statement `home`, since nobody looks for a line of the library's.
    """
    made = for_its_literals(self, made)
    program = made.callee.program
    moved = _Moved(self, program, home)
    rebound = {t for s in every(program.body) for t in targets(s)}
    written = made.callee.writes  # a captured value gets a name, of which stores ask
    for parameter, atom in made.arguments.items():
        stands = isinstance(atom, gast.Name) and (atom.id[0] != "@" or parameter not in written)
        if parameter not in rebound and stands:
            moved.names[parameter] = atom.id
        else:
            self.emit(moved.name_of(parameter), atom_value(atom))
    self.code += [moved.statement(s) for s in program.body]
    forget_items(self, made.callee, made.arguments)
    self.companions.meet(self.companions.known(made.reads))
    result = moved.name_of(program.result)
    return Copy(name(result), frozenset({result}), result)


class _Moved(Renaming):
    """A program's statements under the names that they have in the caller."""

    def __init__(self, lowering: Lowering, program: Program, home: Origin | None) -> None:
        super().__init__(self.name_of)
        self.lowering, self.program = lowering, program
        self.names: dict[str, str] = {}
        self.split = _returns_nothing(program)
        self.home = home

    def name_of(self, identifier: str) -> str:
        if identifier[0] == "@":
            return identifier
        if identifier[-1] == "%":  # the index of a `while`, named after its counter
            return self.name_of(identifier[:-1]) + "%"
        if identifier not in self.names:
            new = self.lowering.names
            own = identifier in self.program.names.temporaries
            self.names[identifier] = new.temporary() if own else new.fresh(identifier)
            self.lowering.local.add(self.names[identifier])
            self.lowering.moved.add(self.names[identifier])
        return self.names[identifier]

    def changed(self, before: Statement, made: Statement) -> Statement:
        if self.home is not None:
            made = replace(made, origin=self.home)
        if self.split and isinstance(before, Augment):
            writes = before.rule.function not in UNWRITTEN
            if writes and before.target in self.program.parameters:
                made = self._by_kind(made)
        if isinstance(made, Assign) and isinstance(made.value, Call):
            self.lowering.calls += 1
            made = replace(made, value=replace(made.value, number=self.lowering.calls))
        return made

    def _by_kind(self, update: Any) -> Statement:
        """An array is written into, a number is not."""
        symbols = self.lowering.unit.registry.symbols
        asked = call(symbols.runtime("is_array"), name(update.target))
        test = Plain(asked, frozenset({update.target}), scalar=True)
        operator, rule = update.operator, update.rule
        whole = Store(update.origin, update.target, literal(...), update.operand, operator, rule)
        return If(update.origin, test, (whole,), (update,))
