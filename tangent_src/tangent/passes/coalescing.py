"""What a function gives that is written into its caller has the caller's name at once.

    m_2 = state["m"]                    m = state["m"]
    m = m_2                    ->       m *= 0.9
    m *= 0.9

One name stands for both where the first is mentioned nowhere but in front of the copy, in its
block, and the second is not mentioned from there to the copy.  Under a `try` names stay as they
are: what is bound early would be seen by a handler.
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
    every,
    with_blocks,
)
from tangent.syntax.renaming import Renaming, mentions, own_mentions

Block = tuple[Statement, ...]


def coalesced(program: Program, candidates: Set[str]) -> Program:
    """The program without those of the `candidates` that are copied to one other name."""
    own = candidates - {program.result, *program.parameters}
    return replace(program, body=_Coalescing(program, own).block(program.body)) if own else program


class _Coalescing:
    def __init__(self, program: Program, candidates: Set[str]) -> None:
        self.candidates = candidates
        self.everywhere: Counter[str] = Counter()  # how many statements mention each
        for statement in program.body:
            self.everywhere += self.count(statement)
        self.mentions = cache(mentions)

    def count(self, statement: Statement) -> Counter[str]:
        """How many statements in this one mention each candidate."""
        return Counter(
            n
            for s in every((statement,))
            for n in self.candidates & {n for n, _ in own_mentions(s)}
        )

    def block(self, body: Block) -> Block:
        made: list[Statement] = []
        here: Counter[str] = Counter()  # as `everywhere`, of those in `made`
        for whole in body:
            statement = self.inside(whole)
            match statement:
                case Assign(target=new, value=Copy(source=old)) if (
                    old in self.candidates
                    and here[old] + 1 == self.everywhere[old]
                    and (region := self.region(made, old, new))
                ):
                    made[-len(region) :] = _renamed(region, old, new)
                    here[new] += here[old]
                    self.everywhere[new] += here[old] - 1
                    continue
            made.append(statement)
            here += self.count(statement)
        return tuple(made)

    def inside(self, statement: Statement) -> Statement:
        match statement:
            case Try():
                return statement
            case If():
                return with_blocks(statement, self.block)
            case For(body=body):
                made = self.block(body)
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


def _renamed(region: Sequence[Statement], old: str, new: str) -> list[Statement]:
    renaming = Renaming(lambda one: new + one[len(old) :] if one in (old, f"{old}%") else one)
    return [renaming.statement(s) if old in mentions(s) else s for s in region]
