"""Schedules against exhaustive search, against the formula, and against another library."""

import functools

import pytest

from tangent.runtime.schedules import (
    advances,
    best_segment,
    beta,
    dispensable,
    repetitions,
    stride,
    wait,
)


@functools.cache
def least(steps, slots):
    """The least number of forward steps, by trying every place for the next snapshot."""
    if steps <= 1:
        return 0
    if slots == 1:
        return steps * (steps - 1) // 2
    return min(
        first + least(steps - first, slots - 1) + least(first, slots) for first in range(1, steps)
    )


def followed(steps, slots):
    """The forward steps of the schedule that `stride` describes, run as generated text runs it."""
    snapshots, stop, run = [0], steps, 0
    while stop > 0:
        start = snapshots.pop()
        while stop - start > 1:
            snapshots.append(start)
            assert len(snapshots) <= slots
            ahead = start + stride(stop - start, slots - len(snapshots) + 1)
            run += ahead - start
            start = ahead
        stop = start
    return run


@pytest.mark.parametrize("slots", [1, 2, 3, 5, 8])
def test_no_schedule_needs_fewer_steps(slots):
    for steps in range(1, 41):
        assert advances(steps, slots) == least(steps, slots) == followed(steps, slots)


def test_the_numbers_of_the_literature():
    assert [advances(n, c) + n for n, c in ((100, 5), (1000, 10), (10_000, 20))] == [
        416,
        4636,
        47_976,
    ]
    assert followed(1000, 10) == advances(1000, 10)
    assert beta(10, 3) == 286
    assert repetitions(286, 10) == 3
    assert repetitions(287, 10) == 4


@pytest.mark.parametrize(("steps", "slots"), [(1, 1), (17, 1), (100, 5), (333, 7), (1000, 10)])
def test_as_many_steps_as_another_library_finds(steps, slots):
    reason = "pip install checkpoint_schedules"
    theirs = pytest.importorskip("checkpoint_schedules", reason=reason)
    schedule = theirs.MultistageCheckpointSchedule(steps, slots, 0)
    run = 0
    for action in schedule:
        if isinstance(action, theirs.Forward):
            run += action.n1 - action.n0
        if isinstance(action, theirs.EndReverse):
            break
    assert run == advances(steps, slots) + steps  # theirs runs each step once more to record it


def cost(steps, states, size):
    return steps + size * advances(-(-steps // size), states - size)


def test_slots_shared_between_snapshots_and_recorded_steps():
    assert cost(10_000, 201, best_segment(10_000, 201)) / 10_000 == pytest.approx(1.99, abs=0.005)
    assert cost(10_000, 31, best_segment(10_000, 31)) / 10_000 == pytest.approx(3.72, abs=0.005)
    for steps, states in ((50, 7), (200, 20), (1000, 64)):
        costs = [cost(steps, states, size) for size in range(1, states)]
        assert cost(steps, states, best_segment(steps, states)) == min(costs)
    assert best_segment(5, 6) == 5
    assert best_segment(0, 6) == best_segment(1, 1) == 1


def test_segments_that_do_not_fill_the_loop():
    assert stride(25, 2, size=10) == 10 * stride(3, 2)
    assert stride(5, 3, size=10) == 10


def online(slots, steps):
    """The snapshots of a loop of unknown length, at each step where it might end."""
    snapshots, mark = [], 0
    for t in range(steps):
        if t == mark:
            mark += wait(t, slots)
            if len(snapshots) == slots:
                snapshots.pop(dispensable(snapshots, t))
            snapshots.append((t,))
        yield t + 1, snapshots


@pytest.mark.parametrize(
    ("slots", "steps"), [(5, 3000), (7, 3000), (10, 6000), (20, 6000), (50, 6000)]
)
def test_a_loop_of_unknown_length_is_near_the_optimum_wherever_it_ends(slots, steps):
    ends = {*range(2, 400), *range(400, steps + 1, 29), steps}
    for length, snapshots in online(slots, steps):
        if length in ends:
            assert len(snapshots) <= slots
            assert snapshots[0] == (0,)
            stops = [*(s for (s,) in snapshots[1:]), length]
            back = [
                advances(stop - start, slots - i)
                for i, ((start,), stop) in enumerate(zip(snapshots, stops, strict=True))
            ]
            assert length - 1 + sum(back) + length <= 1.1 * (advances(length, slots) + length)
