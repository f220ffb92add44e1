"""What a gradient stores: each stored value with its bytes, beside the peak that was measured.

The text tells what is stored, and why, in its remarks; a run under a tracer tells how much.

    4 (4 P + A)      bytes of a training step by Adam in float32, with P weights: the weights, their
                     gradients, two moments of each, and A numbers that the backward sweep waits for
"""

from __future__ import annotations

import re
import sys
import time
import tracemalloc
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

_WHERE = r"^ *(?P<place>\w+)(?:\.append\((?P<many>.*)\)| = (?P<one>.*?))"
_STORED = re.compile(_WHERE + r"  +# (?P<why>(store|checkpoint): .*)$")


@dataclass(frozen=True)
class Row:
    """One stored value: its place in the text, how often it is there at most, and its bytes."""

    place: str
    value: str
    why: str
    count: int
    bytes: int


@dataclass(frozen=True)
class Turn:
    """What is held where the backward sweep begins, above the start of the call: the bytes of the
    arrays that variables and lists hold, and all that was measured.
    """

    kept: int
    measured: int


@dataclass(frozen=True)
class Account:
    """The memory of a training step, in bytes: what each part should take, beside what was
    measured.

    The state of the optimiser is not held during the call, and so not measured.
    """

    weights: int
    gradients: tuple[int, int]
    activations: tuple[int, int]
    optimiser: int
    peak: int

    @property
    def together(self) -> tuple[int, int]:
        """All parts, and the most that is held at one time in a step."""
        outside = self.weights + self.optimiser
        return outside + self.gradients[0] + self.activations[0], outside + self.peak

    def __str__(self) -> str:
        lines = [f"{'':12}  {'predicted':>12}  {'measured':>12}"]
        lines.append(f"{'weights':12}  {self.weights:12}")
        lines.append(f"{'gradients':12}  {self.gradients[0]:12}  {self.gradients[1]:12}")
        lines.append(f"{'activations':12}  {self.activations[0]:12}  {self.activations[1]:12}")
        lines.append(f"{'optimiser':12}  {self.optimiser:12}")
        lines.append(f"{'together':12}  {self.together[0]:12}  {self.together[1]:12}  at the peak")
        return "\n".join(lines)


@dataclass(frozen=True)
class Stored:
    """The rows, the bytes of all of them at their most, the peak of the whole call above its start,
    and the memory over time as (seconds, bytes).

    What is held in several places counts once, and what belongs to the arguments not at all.
    """

    rows: tuple[Row, ...]
    total: int
    peak: int
    turn: Turn
    weights: int  # the bytes of the arguments that have a gradient
    returned: int  # what the call leaves behind: the gradient
    curve: tuple[tuple[float, int], ...] = field(repr=False)

    def __str__(self) -> str:
        width = max((len(r.place) for r in self.rows), default=5)
        lines = [f"{'place':{width}}  {'count':>7}  {'bytes':>12}  reason"]
        lines += [f"{r.place:{width}}  {r.count:7}  {r.bytes:12}  {r.why}" for r in self.rows]
        lines.append(f"{'at most':{width}}  {'':7}  {self.total:12}  stored at one time")
        lines.append(f"{'peak':{width}}  {'':7}  {self.peak:12}  measured, workspace included")
        return "\n".join(lines)

    def account(self, slots: int = 2) -> Account:
        """The memory of a training step: weights, gradients, what the backward sweep waits for,
        and an optimiser that holds `slots` arrays for each weight (Adam 2, momentum 1).
        """
        gradients, activations = (self.weights, self.returned), (self.turn.kept, self.turn.measured)
        return Account(self.weights, gradients, activations, slots * self.weights, self.peak)

    def draw(self, file: str | Path, *, beside: Mapping[str, Stored] | None = None) -> None:
        """The memory over time, as a picture (by matplotlib): rising in the forward sweep, falling
        in the backward sweep.

        `beside` names other calls, drawn into the same picture:

            df.stored(x).draw("memory.png", beside={"no checkpoints": plain.stored(x)})

        with `plain = grad(f, checkpoint=False)`.
        """
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.subplots()
        for label, one in {"as written": self, **(beside or {})}.items():
            seconds, held = zip(*one.curve, strict=True)
            axes.plot(seconds, [b / 2**20 for b in held], label=label)
        axes.set(xlabel="s", ylabel="MB", title="memory held during one gradient")
        if beside:
            axes.legend()
        figure.savefig(file, dpi=120)


def stored(
    source: str, function: Any, arguments: tuple[Any, ...], wrt: Iterable[Any] = ()
) -> Stored:
    """What a generated function stores in a call; `wrt` are the arguments that have a gradient."""
    reasons = _reasons(source, function.__name__)
    watch = _Watch(
        function.__code__, tuple(reasons), _owners(arguments), _turning(source, function)
    )
    earlier = sys.gettrace()
    tracemalloc.start()
    start = time.perf_counter()
    sys.settrace(watch.enter)
    try:
        result = function(*arguments)
    finally:
        sys.settrace(earlier)
        left, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    rows = [Row(p, *reasons[p], *watch.most[p]) for p in reasons if watch.most[p][0]]
    del result
    curve = watch.curve.points(start)
    return Stored(tuple(rows), watch.total, peak, watch.turn, _bytes(wrt), left, curve)


def _turning(source: str, function: Any) -> int:
    """The line at which the backward sweep begins."""
    first: int = function.__code__.co_firstlineno
    lines = source.splitlines()[first - 1 :]
    skipped = next((i for i, line in enumerate(lines) if line == "    # backward"), len(lines))
    return first + skipped


def _reasons(source: str, name: str) -> dict[str, tuple[str, str]]:
    """The places in a function of the text, each with the value that goes there, and why."""
    body = source.partition(f"def {name}(")[2]
    found: dict[str, tuple[str, str]] = {}
    for line in body.splitlines():
        match = _STORED.match(line)
        if match is not None and "back to the last" not in match["why"]:
            found.setdefault(match["place"], (match["many"] or match["one"], match["why"]))
    return found


class _Curve:
    """The memory over time in a bounded number of points, each the most of a stretch of equal
    length; it takes no memory itself while it grows.
    """

    def __init__(self, most: int = 2048) -> None:
        self.seconds, self.held = array("d", bytes(8 * most)), array("q", bytes(8 * most))
        self.seen, self.stretch = 0, 1

    def add(self, seconds: float, held: int) -> None:
        at, inside = divmod(self.seen, self.stretch)
        if at == len(self.held):
            self.halve()
            at, inside = divmod(self.seen, self.stretch)
        if not inside:
            self.seconds[at] = seconds
        self.held[at] = max(held, self.held[at]) if inside else held
        self.seen += 1

    def halve(self) -> None:
        self.stretch *= 2
        for i in range(len(self.held) // 2):
            self.seconds[i] = self.seconds[2 * i]
            self.held[i] = max(self.held[2 * i], self.held[2 * i + 1])

    def points(self, start: float) -> tuple[tuple[float, int], ...]:
        count = -(-self.seen // self.stretch)
        return tuple((self.seconds[i] - start, self.held[i]) for i in range(count))


@dataclass
class _Watch:
    """Looks at the variables of the function in front of each of its lines."""

    code: Any
    places: tuple[str, ...]
    given: frozenset[int]
    turning: int
    turn: Turn = Turn(0, 0)
    most: dict[str, tuple[int, int]] = field(default_factory=dict)
    total: int = 0
    curve: _Curve = field(default_factory=lambda: _Curve())
    lengths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.most = dict.fromkeys(self.places, (0, 0))

    def enter(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        if frame.f_code is self.code:
            return self.line
        return self.sample if frame.f_code.co_filename == self.code.co_filename else None

    def sample(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        """A line of a callee: the curve goes on."""
        self.curve.add(time.perf_counter(), tracemalloc.get_traced_memory()[0])
        return self.sample

    def line(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        held = tracemalloc.get_traced_memory()[0]
        self.curve.add(time.perf_counter(), held)
        values = frame.f_locals
        if frame.f_lineno >= self.turning and not self.turn.measured:
            self.turn = Turn(_bytes(values, self.given), held)
        lengths = tuple(_length(values.get(place)) for place in self.places)
        if lengths != self.lengths:
            self.lengths = lengths
            self.measure(values, lengths)
        return self.line

    def measure(self, values: Mapping[str, Any], lengths: tuple[int, ...]) -> None:
        seen: dict[int, int] = {}
        for place, length in zip(self.places, lengths, strict=True):
            own: dict[int, int] = {}
            for owner in map(_owner, _arrays(values.get(place))):
                if id(owner) not in self.given:
                    own[id(owner)] = owner.nbytes
            seen |= own
            if length > self.most[place][0]:
                self.most[place] = length, sum(own.values())
        self.total = max(self.total, sum(seen.values()))


def _bytes(values: Any, given: frozenset[int] = frozenset()) -> int:
    """The bytes of the arrays in a structure, each counted once, but for those that were given."""
    owners = {id(o): o.nbytes for o in map(_owner, _arrays(values))}
    return sum(size for one, size in owners.items() if one not in given)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (list, dict)) else int(value is not None)


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _arrays(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _arrays(entry)


def _owner(array: Any) -> Any:
    """The array whose memory another one shows."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _owners(values: Any) -> frozenset[int]:
    return frozenset(id(_owner(a)) for a in _arrays(values))
