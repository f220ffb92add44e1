"""Which names are read behind each statement, whatever for: plain liveness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent.analyses.terms import reads
from tangent.syntax.program import Break, Continue, For, If, Program, Statement, targets

Names = frozenset[str]


def read_behind(program: Program) -> Mapping[Statement, Names]:
    """The names whose values in hand are read behind each statement that is neither a branch nor a
    loop.

    Aho, Lam, Sethi, Ullman, Compilers, section 9.2.5.
    """
    walk = _Walk()
    walk.block(program.body, frozenset({program.result}))
    return walk.table


@dataclass
class _Walk:
    table: dict[Statement, Names] = field(default_factory=dict)
    around: list[Names] = field(default_factory=list)  # at the jumps of the loops around

    def block(self, body: tuple[Statement, ...], live: Names) -> Names:
        for statement in reversed(body):
            live = self.statement(statement, live)
        return live

    def statement(self, s: Statement, live: Names) -> Names:
        match s:
            case If():
                return self.block(s.body, live) | self.block(s.orelse, live) | reads(s)
            case For():
                return self.loop(s, live)
            case Break() | Continue():
                return self.around[-1]
        self.table[s] = live
        return live - frozenset(targets(s)) | reads(s)

    def loop(self, s: For, live: Names) -> Names:
        live |= reads(s)
        while True:
            self.around.append(live)
            found = live | self.block(s.whole, live) - {s.index}
            self.around.pop()
            if found == live:
                return live
            live = found
