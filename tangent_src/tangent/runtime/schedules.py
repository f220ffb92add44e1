"""Checkpoint schedules as mathematics: how far it is to the next snapshot.

With `slots` snapshots, one of them the start, and no step run more than r times,

    beta(slots, r) = (slots + r)! / (slots! r!)

steps can be reversed.  The least number of steps that are run forward, so that each of n states is
met once from the last to the first, is

    t(n, slots) = r n - beta(slots + 1, r - 1),     r = min{r: beta(slots, r) >= n}.

Griewank and Walther, "Algorithm 799: revolve", ACM TOMS 26(1), 2000.  A *segment* of `size` steps
that are recorded at once counts as one step of such a schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def beta(slots: int, repetitions: int) -> int:
    """How many steps can be reversed from `slots` snapshots, if none is run more often than
    `repetitions` times.

    >>> [beta(3, r) for r in (0, 1, 2, 3)]
    [1, 4, 10, 20]
    """
    reached = int(repetitions >= 0)
    for i in range(1, repetitions + 1):
        reached = reached * (slots + i) // i
    return reached


def repetitions(steps: int, slots: int) -> int:
    """How often the busiest step is run: the least r with beta(slots, r) >= steps."""
    times = 0
    while beta(slots, times) < steps:
        times += 1
    return times


def advances(steps: int, slots: int) -> int:
    """t(n, slots): the least number of forward steps that reverse n steps.

    >>> advances(10_000, 20), advances(100, 5), advances(7, 6)
    (37976, 316, 6)
    """
    times = repetitions(steps, slots)
    return times * steps - beta(slots + 1, times - 1)


def stride(steps: int, slots: int, size: int = 1) -> int:
    """How many of `steps` steps lie between a snapshot and the next one, in an optimal schedule.

    `slots` counts the snapshots for these steps, the one at their start included; without others
    the stride leads to the last segment of `size` steps, which needs none.

    >>> stride(10, 3), stride(10, 1), stride(100, 3, size=10)
    (4, 9, 40)
    """
    segments = -(-steps // size)
    if slots <= 1:
        return size * max(segments - 1, 1)
    times = repetitions(segments, slots)
    first, rest = beta(slots, times - 1), segments - beta(slots - 1, times - 1)
    return size * max(min(first, rest), 1)


def wait(position: int, slots: int) -> float:
    """How many steps after a snapshot at `position` the next one is due, in a loop whose length
    is not known: as many as its last snapshot could reverse.

    >>> wait(0, 3), wait(50, 3), wait(0, 1)
    (1, 5, inf)
    """
    return repetitions(position + 2, slots) if slots > 1 else float("inf")


def dispensable(snapshots: Sequence[Any], now: int) -> int:
    """Which of the snapshots to give up for one at position `now`, in a loop whose length is not
    known: the one without which the steps so far are reversed with the fewest steps forward.

    Each snapshot begins with its position.  The first is never given up.  The steps between two
    snapshots are reversed with the slots of all that come later, so that each of these gaps gains
    a slot.  Wherever the loop ends: up to 10^5 steps with 5 to 50 snapshots run at most 10 % more
    forward steps than the optimum for a known length, each step's own run included.

    >>> dispensable([(0, "u"), (9, "u"), (12, "u"), (13, "u")], 14)
    3
    """
    slots = len(snapshots)
    ends = [*(entry[0] for entry in snapshots[1:]), now]
    gaps = [end - entry[0] for entry, end in zip(snapshots, ends, strict=True)]
    alone = [advances(gap, slots - i) for i, gap in enumerate(gaps)]
    gain, best, chosen = 0, 0, 0
    for i in range(slots - 1, 0, -1):
        joined = advances(gaps[i - 1] + gaps[i], slots - i + 1)
        added = joined - alone[i - 1] - alone[i] - gain
        if not chosen or added < best:
            best, chosen = added, i
        gain += alone[i] - advances(gaps[i], slots - i + 1)
    return chosen


def best_segment(steps: int, states: int) -> int:
    """The segment of recorded steps for which `states` slots, shared with the snapshots, serve
    best: the one that runs the fewest steps forward.

    >>> best_segment(10_000, 201), best_segment(50, 201)
    (115, 50)
    """
    if steps < states:
        return max(steps, 1)

    def forward(size: int) -> int:
        return size * advances(-(-steps // size), max(states - size, 1))

    return min(range(1, max(states, 2)), key=forward)
