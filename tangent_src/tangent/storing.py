"""What a gradient stores: each stored value with its bytes, beside the peak that was measured.

The text tells what is stored, and why, in its remarks; a run under a tracer tells how much.
"""

from __future__ import annotations

import re
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
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
class Stored:
    """The rows, the bytes of all of them at their most, the peak of the whole call above its start,
    and the memory over time as (seconds, bytes).

    What is held in several places counts once, and what belongs to the arguments not at all.
    """

    rows: tuple[Row, ...]
    total: int
    peak: int
    curve: tuple[tuple[float, int], ...] = field(repr=False)

    def __str__(self) -> str:
        width = max((len(r.place) for r in self.rows), default=5)
        lines = [f"{'place':{width}}  {'count':>7}  {'bytes':>12}  reason"]
        lines += [f"{r.place:{width}}  {r.count:7}  {r.bytes:12}  {r.why}" for r in self.rows]
        lines.append(f"{'at most':{width}}  {'':7}  {self.total:12}  stored at one time")
        lines.append(f"{'peak':{width}}  {'':7}  {self.peak:12}  measured, workspace included")
        return "\n".join(lines)

    def draw(self, file: str | Path) -> None:
        """The memory over time, as a picture (by matplotlib)."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 4))
        axes = figure.subplots()
        axes.plot([t for t, _ in self.curve], [b / 2**20 for _, b in self.curve])
        axes.set(xlabel="s", ylabel="MB", title="memory held during one gradient")
        figure.savefig(file, dpi=120)


def stored(source: str, function: Any, arguments: tuple[Any, ...]) -> Stored:
    """What a generated function stores in a call."""
    reasons = _reasons(source, function.__name__)
    watch = _Watch(function.__code__, tuple(reasons), _owners(arguments))
    earlier = sys.gettrace()
    tracemalloc.start()
    start = time.perf_counter()
    sys.settrace(watch.enter)
    try:
        function(*arguments)
    finally:
        sys.settrace(earlier)
        curve = tuple((at - start, held) for at, held in watch.curve)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    rows = [Row(p, *reasons[p], *watch.most[p]) for p in reasons if watch.most[p][0]]
    return Stored(tuple(rows), watch.total, peak, curve)


def _reasons(source: str, name: str) -> dict[str, tuple[str, str]]:
    """The places in a function of the text, each with the value that goes there, and why."""
    body = source.partition(f"def {name}(")[2]
    found: dict[str, tuple[str, str]] = {}
    for line in body.splitlines():
        match = _STORED.match(line)
        if match is not None and "back to the last" not in match["why"]:
            found.setdefault(match["place"], (match["many"] or match["one"], match["why"]))
    return found


@dataclass
class _Watch:
    """Looks at the variables of the function in front of each of its lines."""

    code: Any
    places: tuple[str, ...]
    given: frozenset[int]
    most: dict[str, tuple[int, int]] = field(default_factory=dict)
    total: int = 0
    curve: list[tuple[float, int]] = field(default_factory=list)
    lengths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.most = dict.fromkeys(self.places, (0, 0))

    def enter(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        return self.line if frame.f_code is self.code else None

    def line(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        self.curve.append((time.perf_counter(), tracemalloc.get_traced_memory()[0]))
        values = frame.f_locals
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


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (list, dict)) else int(value is not None)


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
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
