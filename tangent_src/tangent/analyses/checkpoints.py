"""What a checkpointed loop runs in each sweep, and which names make up its state.

The backward sweep goes through such a loop in segments.  It restores the *state* of a snapshot,
runs the segment once more, storing what the plan stores, and reverses it.  So there are three
versions of the body, each no more than its purpose needs:

* the forward sweep (`Checkpoints.swept`): what the rest of the program reads, and the state;
* `advanced`: the state alone, from one snapshot to the next;
* `recorded`: what the adjoints of the segment read, and what must be stored for them.

The state is what `recorded` reads at the head of an iteration and the loop changes.  What it reads
and the loop leaves alone is `fixed`: the plan sees to it that this is at hand.  Dauvergne and
Hascoet, "The data-flow equations of checkpointing in reverse automatic differentiation", 2006.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tangent.analyses.exposure import OUTSIDE
from tangent.analyses.liveness import Liveness, Rerun, liveness
from tangent.analyses.needs import Needs
from tangent.analyses.recording import Save
from tangent.analyses.shadows import Shadows
from tangent.syntax.program import Effect, For, Program, Statement, Try, assigned, blocks, every


@dataclass(frozen=True)
class Checkpointed:
    """The facts of one loop."""

    around: tuple[For, ...]
    state: tuple[str, ...]
    fixed: frozenset[str]
    recorded: frozenset[Statement]
    advanced: frozenset[Statement]


@dataclass(frozen=True)
class Checkpoints:
    """The checkpointed loops, and the statements of the forward sweep."""

    loops: Mapping[For, Checkpointed] = field(default_factory=dict)
    swept: frozenset[Statement] = frozenset()

    def visible(self, block: Iterable[Statement]) -> Iterator[Statement]:
        """The statements of a block at all depths, those inside checkpointed loops left out."""
        for statement in block:
            yield statement
            if statement not in self.loops:
                for inner in blocks(statement):
                    yield from self.visible(inner)


def checkpoints(
    program: Program,
    needs: Needs,
    live: Liveness,
    saves: tuple[Save, ...],
    at_end: frozenset[str],
    shadows: Shadows,
) -> Checkpoints:
    """The facts of all loops with a schedule in which something is stored, inner loops first."""
    found: dict[For, Checkpointed] = {}
    stored = _reading(needs, saves)
    at = {save.at for save in saves}
    raised = _raised(program)
    for loop, around in reversed(list(_annotated(program.body, ()))):
        inside = set(every(loop.whole))
        if loop in live.kept and loop in needs.reversed and not inside.isdisjoint(at):
            hidden = _hidden(stored, loop.whole, found)
            found[loop] = _facts(loop, around, hidden, shadows, frozenset(inside & at), raised)
    if not found:
        return Checkpoints({}, live.kept)
    swept = liveness(program, _hidden(needs, program.body, found), at_end, shadows)
    return Checkpoints(found, swept.kept)


Around = tuple[For, ...]


def _annotated(block: tuple[Statement, ...], around: Around) -> Iterator[tuple[For, Around]]:
    """The loops with a schedule and the loops around them, outer ones first."""
    for statement in block:
        within = (*around, statement) if isinstance(statement, For) else around
        if isinstance(statement, For) and statement.schedule is not None:
            yield statement, around
        for inner in blocks(statement):
            yield from _annotated(inner, within)


def _raised(program: Program) -> frozenset[Statement]:
    """What is raised under a `try`, so that its handlers run again as they ran."""
    tries = (s for s in every(program.body) if isinstance(s, Try))
    under = (s for one in tries for s in every(one.under))
    return frozenset(s for s in under if isinstance(s, Effect) and s.raises)


def _facts(
    loop: For,
    around: Around,
    needs: Needs,
    shadows: Shadows,
    kept: frozenset[Statement],
    raised: frozenset[Statement],
) -> Checkpointed:
    recording = Rerun(needs, shadows, kept | raised)
    head = recording.around(loop, set())
    changed = assigned(loop.whole).union(*(showing(shadows, s) for s in every(loop.whole)))
    state = tuple(sorted(head & changed))
    advancing = Rerun(Needs({}, {}, frozenset()), shadows, raised)
    advancing.around(loop, set(state))
    fixed = loop.scheduled | (head - changed)
    return Checkpointed(around, state, fixed, frozenset(recording.kept), frozenset(advancing.kept))


def showing(shadows: Shadows, statement: Statement) -> frozenset[str]:
    """The other names that show what a statement writes, unless it asks for them when it runs."""
    asked = shadows.guards.get(statement, frozenset[str]())
    return shadows.exposed.get(statement, frozenset[str]()) - asked - {OUTSIDE}


def _reading(needs: Needs, saves: tuple[Save, ...]) -> Needs:
    """Needs in which a save reads what it stores."""
    before, after = dict(needs.before), dict(needs.after)
    for save in saves:
        table = after if save.at_end else before
        table[save.at] = table.get(save.at, frozenset()) | {save.name}
    return replace(needs, before=before, after=after)


def _hidden(needs: Needs, block: tuple[Statement, ...], loops: Mapping[For, Checkpointed]) -> Needs:
    """The needs of a block in which checkpointed loops ask only for what they start from."""
    before, after = dict(needs.before), dict(needs.after)
    outermost = [s for s in Checkpoints(loops).visible(block) if s in loops]
    for loop in outermost:
        assert isinstance(loop, For)
        facts = loops[loop]
        for inner in every(loop.whole):
            before.pop(inner, None)
            after.pop(inner, None)
        after[loop] = after.get(loop, frozenset()) | facts.fixed
        first = loop.whole[0]
        table = after if isinstance(first, For) else before
        table[first] = frozenset(facts.state)
    return replace(needs, before=before, after=after)


def with_fixed(needs: Needs, loops: Mapping[For, Checkpointed]) -> Needs:
    """The needs of a program, if checkpointed loops read what they need to run again."""
    after = dict(needs.after)
    for loop, facts in loops.items():
        after[loop] = after.get(loop, frozenset()) | facts.fixed
    return replace(needs, after=after)
