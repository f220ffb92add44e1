"""What the backward sweep reads at each statement: the needs from which storage is planned.

`before[s]` is read once what `s` overwrote is back; `after[s]` in front of that, when the values
are still those that `s` left behind.  An `If` is reversed by its test, a loop by its header; both
come `after`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent.analyses.adjoints import Adjoints
from tangent.analyses.binding import Bound
from tangent.analyses.reversals import Reversal
from tangent.analyses.shadows import Shadows
from tangent.analyses.shapes import Shapes
from tangent.analyses.terms import Terms
from tangent.syntax.program import (
    AdjointCode,
    Append,
    Apply,
    Assign,
    For,
    If,
    Item,
    Pop,
    Program,
    Statement,
    Store,
    Unpack,
    every,
)
from tangent.syntax.trees import names_in


@dataclass(frozen=True)
class Needs:
    """Names read by the backward sweep at each statement; `end` at its start, before any
    statement.
    """

    before: Mapping[Statement, frozenset[str]]
    after: Mapping[Statement, frozenset[str]]
    reversed: frozenset[Statement]  # the `If`s and `For`s that the backward sweep repeats
    # of which only shape and layout are read
    objects: Mapping[Statement, frozenset[str]] = field(default_factory=dict)

    def content(self, statement: Statement, names: frozenset[str]) -> frozenset[str]:
        """Those of the names read at `statement` whose values are read, not their shapes only."""
        return names - self.objects.get(statement, frozenset())

    def read_before(self, statement: Statement) -> frozenset[str]:
        return self.before.get(statement, frozenset())

    def read_after(self, statement: Statement) -> frozenset[str]:
        return self.after.get(statement, frozenset())


def needs(
    program: Program,
    terms: Terms,
    adjoints: Adjoints,
    also: frozenset[Statement],
    bound: Mapping[Statement, Bound],
    shadows: Shadows,
    reversals: Mapping[Statement, Reversal],
    shapes: Shapes,
) -> Needs:
    """The needs of a program; `also` are branches and loops to reverse because values are put
    back in them; `reversals` are put back from the values that their statements leave behind.
    """
    before: dict[Statement, frozenset[str]] = {}
    after: dict[Statement, frozenset[str]] = {}
    objects: dict[Statement, frozenset[str]] = {}
    containers = _containers(program, shadows, shapes)
    inside = set(also) | {s for s in adjoints.zeros if any(adjoints.zeros[s]) and isinstance(s, If)}
    inside |= {s for s in adjoints.zeros if adjoints.zeros[s][1] and isinstance(s, For)}
    for statement in every(program.body):
        if statement in adjoints.emitted:
            before[statement] = terms.before.get(statement, frozenset())
            after[statement] = terms.after.get(statement, frozenset()) | _of_code(statement)
            first = after if isinstance(statement, Pop) else before
            touched = adjoints.touched.get(statement, frozenset())
            indices, owners = _viewed(statement, touched, shadows)
            fresh = adjoints.allocated.get(statement, frozenset())
            layouts = owners | fresh | _allocated(statement, adjoints, shadows)
            objects[statement] = layouts - containers - before[statement] - after[statement]
            first[statement] |= indices | layouts
            after[statement] |= _unset(statement, adjoints)
            if shadows.enters(statement):
                before[statement] |= {statement.base}  # type: ignore[attr-defined]
            base = item_base(statement)
            before[statement] |= adjoints.made_whole[statement] & base
            after[statement] |= adjoints.made_whole[statement] - base
    for statement, reversal in reversals.items():
        if isinstance(statement, Unpack):  # the adjoint of its source is a display
            before[statement] = before.get(statement, frozenset()) - {statement.source}
        after[statement] = after.get(statement, frozenset()) | reversal.reads
    _reverse(program.body, before, inside)
    for statement in every(program.body):
        if statement in inside and isinstance(statement, If):
            after[statement] = statement.test.reads
            before[statement] = _zeros(statement, objects, adjoints, bound, shadows)
            objects[statement] -= containers
        elif statement in inside and isinstance(statement, For):
            header = frozenset(names_in(statement.passed))
            zeros = _zeros(statement, objects, adjoints, bound, shadows)
            objects[statement] -= containers
            after[statement] = header | zeros
    return Needs(before, after, frozenset(inside), objects)


def _containers(program: Program, shadows: Shadows, shapes: Shapes) -> frozenset[str]:
    """The names of memory in which a store may put something of another shape or structure."""
    found = {
        shadows.memory.get(s.base)
        for s in every(program.body)
        if isinstance(s, Store | Append | Pop) and not shapes.is_numeric(s, s.base)
        if not isinstance(s, Store) or s.replaces
    }
    return frozenset(n for n, memory in shadows.memory.items() if memory in found)


def _viewed(
    statement: Statement, names: frozenset[str], shadows: Shadows
) -> tuple[frozenset[str], frozenset[str]]:
    """What is read when the adjoints of views are taken: indices, and whose layout is asked for."""
    indices: set[str] = set()
    owners: set[str] = set()
    for one in names:
        indices |= shadows.indices(statement, one)
        if any(isinstance(m.value, Apply) for _, m in shadows.chain(statement, one)):
            owners.add(shadows.bases(statement, one)[-1])
    return frozenset(indices), frozenset(owners)


def _zeros(
    statement: Statement,
    objects: dict[Statement, frozenset[str]],
    adjoints: Adjoints,
    bound: Mapping[Statement, Bound],
    shadows: Shadows,
) -> frozenset[str]:
    """What is read when adjoints are set to zero in front of a branch or a loop: indices of views,
    and shapes.
    """
    zeros = bound[statement].among(adjoints.inits(statement))
    views = frozenset(z for z in zeros if shadows.bases(statement, z))
    indices, owners = _viewed(statement, views, shadows)
    whole = adjoints.made_whole.get(statement, frozenset[str]())
    objects[statement] = (zeros - views) | owners | whole
    return indices | objects[statement]


def _allocated(statement: Statement, adjoints: Adjoints, shadows: Shadows) -> frozenset[str]:
    """The container whose adjoint is allocated at its first contribution: `zeros_like(x)` reads
    `x`.  That of a view is a view.
    """
    if isinstance(statement, Assign) and isinstance(statement.value, Item):
        value = statement.value
        if shadows.bases(statement, value.base):
            return frozenset()
        if (statement, value.base) in adjoints.first and statement not in adjoints.keyed:
            return frozenset({value.base})
    if isinstance(statement, Pop) and (statement, statement.base) in adjoints.first:
        return frozenset({statement.base})
    return frozenset()


def _of_code(statement: Statement) -> frozenset[str]:
    """What code of the user's reads, and the value that an adjoint bound anew must fit."""
    if not isinstance(statement, AdjointCode):
        return frozenset()
    return statement.reads | ({statement.of} if statement.rebinds else frozenset())


def item_base(statement: Statement) -> frozenset[str]:
    """What an item is taken from: its adjoint is written into once its value is back."""
    if isinstance(statement, Assign) and isinstance(statement.value, Item):
        return frozenset({statement.value.base}) - {statement.target}
    return frozenset()


def _unset(statement: Statement, adjoints: Adjoints) -> frozenset[str]:
    """Targets without adjoint, of which zeros are taken."""
    return adjoints.unset[statement] if isinstance(statement, (Unpack, Pop)) else frozenset()


def _reverse(
    body: tuple[Statement, ...], emitted: Mapping[Statement, frozenset[str]], inside: set[Statement]
) -> bool:
    found = False
    for statement in body:
        if isinstance(statement, If):
            both = [_reverse(b, emitted, inside) for b in (statement.body, statement.orelse)]
            hit = any(both)
        elif isinstance(statement, For):
            hit = _reverse(statement.whole, emitted, inside)
        else:
            hit = statement in emitted
        if hit and isinstance(statement, (If, For)):
            inside.add(statement)
        found = found or hit or statement in inside
    return found
