"""Is a name that a `try` binds half-way read after an exception?

    try:
        t = x / y
        z = g(t)          an exception here leaves `t` bound, or as it was before
    except ValueError:
        z = x
    return z * t          refused: which `t` is this?

The paths through the function are followed with what is known on each: was the name bound half-way,
and is the variable true that the handlers set (`flag`)?  So `t` may be read behind `if ok`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gast

State = tuple[bool | None, bool]  # is the flag true (None: unknown), is the name as it was left
States = frozenset[State]
NONE: States = frozenset()
_SCOPES = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef)


def read_halfway(function: list[Any], attempt: gast.Try, identifier: str) -> bool:
    """May `identifier`, which `attempt` binds, be read on a path from an exception in it?"""
    return _read(function, _Walk(attempt, identifier, _flag(attempt), raised=True))


def read_behind(function: list[Any], attempt: gast.Try, identifier: str) -> bool:
    """May what `identifier` is when `attempt` is through be read?"""
    return _read(function, _Walk(attempt, identifier, _flag(attempt), raised=False))


def _read(function: list[Any], walk: _Walk) -> bool:
    name = walk.identifier
    for node in (n for s in function for n in gast.walk(s)):
        inner = isinstance(node, _SCOPES) and any(_mentions(n, name) for n in gast.walk(node))
        if inner or name in getattr(node, "names", ()):  # `nonlocal`, `global`
            return True
    walk.block(function, frozenset({(None, False)}))
    assert walk.met, "the `try` stands in the function"
    return walk.found


def _mentions(node: Any, identifier: str) -> bool:
    return isinstance(node, gast.Name) and node.id == identifier


def _flag(attempt: gast.Try) -> str | None:
    """The variable that each handler which goes on sets, first of all, to a constant."""
    flags: set[str | None] = set()
    for handler in attempt.handlers:
        match handler.body[0]:
            case gast.Assign(targets=[gast.Name(id=flag)], value=gast.Constant()):
                flags.add(flag)
            case gast.Raise(exc=None):
                pass
            case _:
                return None
    return flags.pop() if len(flags) == 1 else None


class _Walk:
    """Along all paths of a function; `found` says that the name was read as the `try` left it:
    when something was `raised`, or when it was through.
    """

    def __init__(self, attempt: gast.Try, identifier: str, flag: str | None, raised: bool) -> None:
        self.attempt, self.identifier, self.flag, self.raised = attempt, identifier, flag, raised
        self.found = self.met = self.inside = False
        self.passed: list[set[State]] = []  # what may hold when something is raised, by `try`
        self.leaving: list[dict[type, set[State]]] = []  # the jumps out of each loop

    def block(self, body: Iterable[Any], states: States) -> States:
        """What holds behind the statements."""
        for node in body:
            for passed in self.passed:
                passed |= states
            states = _KINDS.get(type(node), _Walk.simple)(self, node, states)
        for passed in self.passed:
            passed |= states
        return states

    def reads(self, node: Any, states: States) -> None:
        if any(half for _, half in states) and node is not None:
            names = (n for n in gast.walk(node) if _mentions(n, self.identifier))
            self.found |= any(not isinstance(n.ctx, gast.Store) for n in names)

    # ------------------------------------------------------------ statements

    def simple(self, node: Any, states: States) -> States:
        self.reads(node, states)
        if isinstance(node, gast.AugAssign):
            self.found |= _mentions(node.target, self.identifier) and any(h for _, h in states)
        targets = node.targets if isinstance(node, gast.Assign) else [getattr(node, "target", None)]
        return self.bound(targets, getattr(node, "value", None), node, states)

    def bound(self, targets: list[Any], value: Any, node: Any, states: States) -> States:
        flat = [t for target in targets for t in getattr(target, "elts", (target,))]
        if any(_mentions(t, self.identifier) for t in flat):
            states = frozenset((flag, False) for flag, _ in states)
        if any(_mentions(n, self.flag or "") for t in flat if t is not None for n in gast.walk(t)):
            known = isinstance(node, gast.Assign) and isinstance(value, gast.Constant)
            flag = bool(value.value) if known else None
            states = frozenset((flag, half) for _, half in states)
        return states

    def branches(self, node: Any, states: States) -> States:
        self.reads(node.test, states)
        yes, no = self.where(node.test, states)
        return self.block(node.body, yes) | self.block(node.orelse, no)

    def where(self, test: Any, states: States) -> tuple[States, States]:
        """What holds where a condition is true, and where it is not."""
        if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
            return self.where(test.operand, states)[::-1]
        if isinstance(test, gast.Constant):
            return (states, NONE) if test.value else (NONE, states)
        if not _mentions(test, self.flag or ""):
            return states, states
        yes = frozenset((True, half) for flag, half in states if flag is not False)
        no = frozenset((False, half) for flag, half in states if not flag)
        return yes, no

    def loop(self, node: Any, states: States) -> States:
        self.leaving.append({gast.Break: set(), gast.Continue: set()})
        while True:
            if isinstance(node, gast.While):
                self.reads(node.test, states)
                inside, behind = self.where(node.test, states)
            else:
                self.reads(node.iter, states)
                inside, behind = self.bound([node.target], None, node, states), states
            after = self.block(node.body, inside)
            grown = states | after | self.leaving[-1][gast.Continue]
            if grown == states:
                break
            states = grown
        left = self.leaving.pop()[gast.Break]
        return self.block(node.orelse, behind) | left

    def jump(self, node: Any, states: States) -> States:
        if type(node) in (gast.Break, gast.Continue):
            through = self.inside and not self.raised
            self.leaving[-1][type(node)] |= _left(states) if through else states
        else:
            self.reads(node, states)
        return NONE

    def attempted(self, node: Any, states: States) -> States:
        self.passed.append(set())
        self.inside |= node is self.attempt
        through = self.block(node.body, states)
        raised = frozenset(self.passed[-1])
        if node is self.attempt:
            self.met, self.inside = True, False
            raised, through = (_left(raised), through) if self.raised else (raised, _left(through))
        through = self.block(node.orelse, through)
        for handler in node.handlers:
            through |= self.block(handler.body, raised)
        anywhere = frozenset(self.passed.pop()) | raised
        self.block(node.finalbody, anywhere)
        return self.block(node.finalbody, through)

    def within(self, node: Any, states: States) -> States:
        for part in node.items:
            self.reads(part, states)
        return self.block(node.body, states)

    def cases(self, node: Any, states: States) -> States:
        self.reads(node.subject, states)
        through = states
        for case in node.cases:
            self.reads(case.guard, states)
            through |= self.block(case.body, states)
        return through


def _left(states: States) -> States:
    return frozenset((flag, True) for flag, _ in states)


_KINDS: dict[type, Callable[[_Walk, Any, States], States]] = {
    gast.If: _Walk.branches,
    gast.While: _Walk.loop,
    gast.For: _Walk.loop,
    gast.Break: _Walk.jump,
    gast.Continue: _Walk.jump,
    gast.Return: _Walk.jump,
    gast.Raise: _Walk.jump,
    gast.Try: _Walk.attempted,
    gast.With: _Walk.within,
    gast.Match: _Walk.cases,
}
