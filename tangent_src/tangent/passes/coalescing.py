"""What stands in a function that is written into its caller has the caller's names where it can.

    m_2 = state["m"]                    m = state["m"]
    m = m_2                    ->       m *= 0.9
    m *= 0.9

    for p in rows:                      for p in rows:
        p_2 = p                ->           p *= 2
        p_2 *= 2                            y += np.sum(p)
        y += np.sum(p_2)

One name stands for both where the first is mentioned nowhere but in front of the copy, in its
block, and the second not there; or the second nowhere but behind it, and the first was bound in
this block and is not mentioned any more.  Under a `try` names stay as they are: what is bound
early would be seen by a handler.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import cache

from tangent.syntax.program import (
    Assign,
    Copy,
    For,
    If,
    Program,
    Statement,
    Try,
    Unpack,
    every,
    targets,
    with_blocks,
)
from tangent.syntax.renaming import Renaming, mentions, own_mentions

Block = tuple[Statement, ...]


def coalesced(program: Program, candidates: Set[str]) -> Program:
    """The program without those `candidates` that are copies of a name, or are copied to one."""
    own = candidates - {program.result, *program.parameters}
    return replace(program, body=_Coalescing(program, own).block(program.body)) if own else program


class _Coalescing:
    def __init__(self, program: Program, candidates: Set[str]) -> None:
        self.candidates = candidates
        self.result = program.result
        self.kept = {program.result, *program.parameters}
        self.counted = candidates | {
            s.value.source
            for s in every(program.body)
            if isinstance(s, Assign) and isinstance(s.value, Copy) and s.target in candidates
        }
        self.everywhere: Counter[str] = Counter()  # how many statements mention each
        for statement in program.body:
            self.everywhere += self.count(statement)
        self.mentions = cache(mentions)

    def own(self, statement: Statement) -> Set[str]:
        return self.counted & set(own_mentions(statement))

    def count(self, statement: Statement) -> Counter[str]:
        """How many statements in this one mention each of the names that are counted."""
        return Counter(n for s in every((statement,)) for n in self.own(s))

    def block(self, body: Block, loop: For | None = None) -> Block:
        """Statements, those of the body of a `loop` behind what this binds."""
        made: list[Statement] = []
        here: Counter[str] = Counter()  # as `everywhere`, of those in `made`
        bound: set[str] = set()  # what this block binds before it reads it
        if loop is not None:
            here.update(self.own(loop))
            here += sum((self.count(s) for s in loop.items), Counter())
            bound.update(t for s in loop.items for t in targets(s))
        rest = list(body)
        while rest:
            statement = self.inside(rest.pop(0))
            match statement:
                case Assign(target=new, value=Copy(source=old)) if self.ends(old, new, here):
                    if region := self.region(made, old, new):
                        made[-len(region) :] = _renamed(region, old, new)
                        self.joined(old, new, here)
                        continue
            match statement:
                case Assign(target=new, value=Copy(source=old)) if (
                    old in bound - self.kept and self.begins(new, old, here, rest)
                ):
                    rest = _renamed(rest, new, old)
                    self.joined(new, old, Counter())
                    continue
            bound.update(t for t in _fresh(statement) if not here[t])
            made.append(statement)
            here += self.count(statement)
        return tuple(made)

    def ends(self, old: str, new: str, here: Counter[str]) -> bool:
        """Is a candidate mentioned nowhere but in the statements so far, and in this copy of it?"""
        if new == self.result:  # which is bound by assignments alone
            return False
        return old in self.candidates and here[old] + 1 == self.everywhere[old]

    def begins(self, new: str, old: str, here: Counter[str], rest: Sequence[Statement]) -> bool:
        """Is a candidate mentioned nowhere but in this copy, and behind it, where `old` is not?"""
        if new not in self.candidates or here[old] + 1 != self.everywhere[old]:
            return False
        tried = any(isinstance(s, Try) for s in every(tuple(rest)))
        return not tried and sum(self.count(s)[new] for s in rest) + 1 == self.everywhere[new]

    def joined(self, gone: str, stays: str, here: Counter[str]) -> None:
        """One name is written in place of another, and their copy is gone."""
        self.everywhere[stays] += self.everywhere.pop(gone) - 2
        here[stays] += here.pop(gone, 0)

    def inside(self, statement: Statement) -> Statement:
        match statement:
            case Try():
                return statement
            case If():
                return with_blocks(statement, self.block)
            case For(body=body):
                made = self.block(body, statement)
                return statement if made == body else replace(statement, body=made)
        return statement

    def region(self, made: Sequence[Statement], old: str, new: str) -> list[Statement]:
        """The last statements from the first that mentions `old`; none if one mentions `new`."""
        left = self.everywhere[old] - 1
        for position in range(len(made) - 1, -1, -1):
            statement = made[position]
            tried = any(isinstance(s, Try) for s in every((statement,)))
            if tried or new in self.mentions(statement):
                return []
            left -= self.count(statement)[old]
            if not left:
                return list(made[position:])
        return []


def _fresh(statement: Statement) -> Set[str]:
    """The names that a statement binds and does not read."""
    if not isinstance(statement, Assign | Unpack):
        return set()
    value = statement.value.reads if isinstance(statement, Assign) else {statement.source}
    return set(targets(statement)) - value


def _renamed(region: Sequence[Statement], old: str, new: str) -> list[Statement]:
    renaming = Renaming(lambda one: new + one[len(old) :] if one in (old, f"{old}%") else one)
    return [renaming.statement(s) if old in mentions(s) else s for s in region]
