"""A run that is watched, statement by statement: `Recorder` is what the probes call.

For each statement the tangent program notes the tangents in front of it; the backward sweep, which
comes to the same statements in the opposite order, pairs its adjoints with them.  The sum of
adjoints times tangents is the same everywhere in a function.  Where it changes, the adjoint of a
statement does not fit its tangent.

    sum x_bar x_dot + sum y_bar y_dot + …   =   result_bar result_dot

Griewank & Walther, Evaluating Derivatives, section 3.2.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tangent.directions import differences, distance, pairing
from tangent.syntax.program import every, targets

Locals = Mapping[str, Any]
LIMIT = 200_000  # statements of a run that may be noted


class Lost(Exception):
    """The two programs went different ways, or too far."""


@dataclass(frozen=True)
class Jump:
    """Where the sum changed, and from what to what."""

    number: int
    behind: float
    front: float


@dataclass
class _Frame:
    """A call in the tangent program: the arrays that nobody should change, as last seen."""

    seen: dict[str, tuple[int, int]] = field(default_factory=dict)  # id, checksum
    last: int | None = None


@dataclass
class Recorder:
    """What is called by both programs: first the whole tangent program, then the backward sweep."""

    places: Sequence[Any] = ()
    variables: dict[Any, frozenset[str]] = field(default_factory=dict)  # of each function
    log: list[tuple[int | None, Mapping[str, Any]]] = field(default_factory=list)
    calls: list[_Frame] = field(default_factory=list)
    sums: list[tuple[float, float]] = field(default_factory=list)  # of the calls, backward
    jump: Jump | None = None
    changed: tuple[int, str] | None = None  # the statement that changed a value in secret
    farthest: tuple[float, int | None] = (0.0, None)  # a tangent from differences, and where
    scale: float = 0.0
    bound: float = 1e-7  # the relative error that rounding may make

    # ------------------------------------------------------------ the tangent program

    def moved(self, tangent: Any, function: Callable[..., Any], values: Any, tangents: Any) -> Any:
        """The tangent of a function by differences, and where there are kinks by its rule."""
        return differences(function, values, tangents, tangent)

    def compared(
        self,
        number: int,
        tangent: Any,
        function: Callable[..., Any],
        values: Any,
        tangents: Any,
    ) -> Any:
        """A tangent as it is; the statement where it is farthest from differences is noted."""
        far, scale = distance(tangent, differences(function, values, tangents, tangent))
        if far > (100 * self.bound) * scale and far > self.farthest[0]:
            self.farthest = far, number
        return tangent

    def begin(self, moving: Locals) -> None:
        """A function starts, with the tangents of its parameters."""
        self.calls.append(_Frame())
        self.note(None, moving)

    def watch(self, number: int, values: Locals) -> None:
        """In front of a statement: has the one before it changed what it should not?"""
        frame = self.calls[-1]
        self.look(frame, values, number)
        frame.last = number

    def look(self, frame: _Frame, values: Locals, number: int) -> None:
        """Compare the arrays of a call with what they were."""
        place = self.places[number]
        for name in self.kept(place):
            value = values.get(name)
            if isinstance(value, np.ndarray) and value.dtype != object:
                now = id(value), checksum(value)
                before = frame.seen.get(name, now)
                if before[0] == now[0] and before[1] != now[1] and frame.last is not None:
                    self.changed = self.changed or (frame.last, name)
                frame.seen[name] = now

    def kept(self, place: Any) -> frozenset[str]:
        """The variables of a function into whose memory it does not write."""
        if place.unit not in self.variables:
            program = place.unit.program
            bound = (t for s in every(program.body) for t in targets(s))
            self.variables[place.unit] = frozenset((*program.parameters, *bound))
        kept: frozenset[str] = self.variables[place.unit] - place.written
        return kept

    def front(self, number: int, values: Locals) -> None:
        """The tangents in front of a statement."""
        place = self.places[number]
        dots = {n: place.dots[n] for n in place.names if n in place.dots}
        self.note(number, {n: values[d] for n, d in dots.items() if d in values})

    def leave(self, tangent: Any, values: Locals) -> None:
        """A function ends."""
        frame = self.calls.pop()
        if frame.last is not None:
            self.look(frame, values, frame.last)
        self.note(None, {"": tangent})

    def note(self, number: int | None, tangents: Mapping[str, Any]) -> None:
        if len(self.log) >= LIMIT:
            raise Lost
        self.log.append((number, copy.deepcopy(dict(tangents))))

    # ------------------------------------------------------------ the backward sweep

    def enter(self, result_bar: Any) -> None:
        """The backward half of a function starts."""
        self.sums.append(self.total(None, {"": result_bar}) or (0.0, 0.0))

    def behind(self, number: int, adjoints: Mapping[str, Any]) -> None:
        """A statement is reversed: these are the adjoints in front of it."""
        if not self.places[number].dots:  # the tangent program takes it apart
            return
        found = self.total(number, adjoints)
        if found is None:
            return
        total, scale = found
        before, largest = self.sums[-1]  # terms that cancel leave their rounding behind
        largest = max(largest, scale)
        if self.jump is None and differ(before, total, largest, self.bound):
            self.jump = Jump(number, before, total)
        self.sums[-1] = total, largest

    def exit(self, adjoints: Mapping[str, Any]) -> None:
        """The backward half of a function ends."""
        self.total(None, adjoints)
        self.sums.pop()

    def total(self, number: int | None, adjoints: Mapping[str, Any]) -> tuple[float, float] | None:
        """The sum of adjoints times tangents, and that of the magnitudes of its terms; None where
        adjoints overlap, so that nobody can tell.
        """
        if not self.log or self.log[-1][0] != number:
            raise Lost
        _, tangents = self.log.pop()
        shadows = self.places[number].shadows if number is not None else frozenset(adjoints)
        names = apart({n: b for n, b in adjoints.items() if n in tangents}, shadows)
        if names is None:
            return None
        pairs = [pairing(adjoints[n], tangents[n]) for n in names]
        total, scale = sum(p[0] for p in pairs), sum(p[1] for p in pairs)
        self.scale = max(self.scale, scale)
        return total, scale


def apart(adjoints: Mapping[str, Any], shadows: frozenset[str]) -> list[str] | None:
    """The names whose adjoints are no parts of others; None where two overlap in another way.

    The adjoint of a view is a view of an adjoint, and counts with that; so does that of an array,
    list or dict which is an entry of another one.  Adjoints of other names that are the same array
    are two adjoints.
    """
    inside = {id(one) for bar in adjoints.values() for one in _entries(bar)}
    adjoints = {n: bar for n, bar in adjoints.items() if id(bar) not in inside}
    found = [n for n in adjoints if n not in shadows]
    first = len(found)
    wide = sorted(adjoints.keys() - set(found), key=lambda n: _breadth(adjoints[n]))
    for name in wide:
        bar = adjoints[name]
        over = [n for n in found[first:] if overlap(bar, adjoints[n])]
        if not over:
            found.append(name)
        elif not any(adjoints[n] is bar or holds(adjoints[n], bar) for n in over):
            return None
    return found


def _entries(bar: Any) -> Iterator[Any]:
    """The lists and dicts in the adjoint of a container."""
    held = bar.values() if isinstance(bar, dict) else bar if isinstance(bar, list) else ()
    for one in held:
        if isinstance(one, list | dict):
            yield one
            yield from _entries(one)


def _arrays(bar: Any) -> Iterator[Any]:
    """The arrays of an adjoint, one in a list or dict as well."""
    if isinstance(bar, np.ndarray):
        yield bar
    elif isinstance(bar, list | dict | tuple):
        for one in bar.values() if isinstance(bar, dict) else bar:
            yield from _arrays(one)


def _breadth(bar: Any) -> tuple[int, bool]:
    """The more memory, the sooner; of the same, a container of it may hold numbers, too."""
    return -sum(one.nbytes for one in _arrays(bar)), isinstance(bar, np.ndarray)


def overlap(a: Any, b: Any) -> bool:
    """Do two adjoints share memory, or are two containers one?"""
    if a is b and isinstance(a, list | dict):
        return True
    return any(np.shares_memory(one, other) for one in _arrays(a) for other in _arrays(b))


def holds(whole: Any, part: Any) -> bool:
    """Is all the memory of a part within that of arrays of a whole without gaps?"""
    return all(any(_within(one, other) for other in _arrays(whole)) for one in _arrays(part))


def _within(part: Any, whole: Any) -> bool:
    first, last = np.lib.array_utils.byte_bounds(whole)
    start, end = np.lib.array_utils.byte_bounds(part)
    return bool(whole.nbytes == last - first and first <= start and end <= last)


def differ(one: float, other: float, scale: float, bound: float) -> bool:
    """Are two numbers different, as far as rounding in terms of this scale goes?"""
    if not np.isfinite(one) or not np.isfinite(other):
        return bool(np.isfinite(one) != np.isfinite(other))
    return abs(one - other) > bound * scale


def checksum(value: Any) -> int:
    """A number that changes when an array does."""
    return hash((value.shape, value.dtype.str, value.tobytes()))
