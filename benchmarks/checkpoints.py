"""A loop of 10^4 steps with a state of 1 MB under every schedule, beside what theory says.

    python benchmarks/checkpoints.py                      the table, in some minutes
    python benchmarks/checkpoints.py --steps 200 --megabytes 0.01

*Forward steps* are counted in the generated text as it runs, *peak* is what `tracemalloc` saw
above the start.  Beside both stands what theory gives: t(n, c) = r n - beta(c + 1, r - 1) steps,
and one more, since the program goes on behind the loop (Griewank and Walther 2000); the states that
are held at once, and the workspace of one step, which a loop with two snapshots shows.  *Time* is
processor time of the gradient, the shorter of two runs, over what the steps explain: that of the
plain gradient, which stores all states, and of the further forward steps, each as long as in a
short loop in front of it or behind it.
"""

from __future__ import annotations

import argparse
import inspect
import linecache
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("tangent_src", "backends")]

import tangent  # noqa: E402
from tangent import checkpoint  # noqa: E402
from tangent.runtime import advances, best_segment  # noqa: E402

SCHEDULE = None
SHORT = 200


def logistic(u, steps):
    for _ in checkpoint(range(steps), SCHEDULE):
        u = u + 0.01 * np.sin(u)
    return np.sum(u)


def logistic_while(u, steps):
    t = 0
    while checkpoint(t < steps, SCHEDULE):
        t += 1
        u = u + 0.01 * np.sin(u)
    return np.sum(u)


def scheduled(function, schedule):
    """The function with a schedule written into it."""
    text = inspect.getsource(function).replace("SCHEDULE", schedule)
    filename = f"<{function.__name__} {schedule}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace = dict(function.__globals__)
    exec(compile(text, filename, "exec"), namespace)
    return namespace[function.__name__]


class Counting:
    """NumPy, counting the sines: there is one in each forward step, and none in an adjoint."""

    def __init__(self):
        self.sines = 0

    def sin(self, x):
        self.sines += 1
        return np.sin(x)

    def __getattr__(self, name):
        return getattr(np, name)


def forward_steps(derivative, steps):
    """How often a step ran forward."""
    counting = Counting()
    module = derivative.module
    module.namespace["np"] = counting
    try:
        derivative(np.ones(1), steps)
    finally:
        module.namespace["np"] = np
    return counting.sines


def predicted_steps(kind, amount, steps):
    if kind == "every":
        return 2 * steps - -(-steps // amount)
    if kind == "snapshots":
        return advances(steps, amount) + 1
    size = best_segment(steps, amount)
    segments = -(-steps // size)
    last = steps - size * (segments - 1)
    return size * advances(segments, amount - size) + last + steps - segments


def predicted_states(kind, amount, steps):
    """How many states are held at once, that with which the loop begins apart."""
    if kind == "every":
        return -(-steps // amount) + amount - 2
    if kind == "snapshots":
        return amount
    size = best_segment(steps, amount)
    return min(amount - size, -(-steps // size) - 1) - 1 + size


def peak(derivative, u, steps):
    """The peak above the start in bytes."""
    derivative(np.ones(1), 1)  # writes its text
    tracemalloc.start()
    derivative(u, steps)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def seconds(function, u, steps):
    """Processor time of a call."""
    start = time.process_time()
    function(u, steps)
    return time.process_time() - start


def rows(steps, megabytes):
    """The lines of the table."""
    u = np.linspace(0.1, 0.9, max(1, int(megabytes * 2**20 / 8)))
    two = tangent.grad(scheduled(logistic, "snapshots=2"))
    workspace = peak(two, u, 9) - 2 * u.nbytes
    step = scheduled(logistic, "every=1")
    step = step, tangent.grad(step, checkpoint=False)
    lists = [("every", 100), *(("snapshots", c) for c in (10, 20, 50))]
    lists += [("states", m) for m in (31, 101, 201)]
    for kind, amount in lists:
        derivative = tangent.grad(scheduled(logistic, f"{kind}={amount}"))
        yield line(kind, amount, derivative, u, steps, workspace, step)
    online = tangent.grad(scheduled(logistic_while, "snapshots=20"))
    yield line("snapshots", 20, online, u, steps, workspace, step, "online 20")


def step_times(step, u):
    """Seconds of one step forward, and of one step of the plain gradient."""
    return [min(seconds(f, u, SHORT) for _ in range(5)) / SHORT for f in step]


def line(kind, amount, derivative, u, steps, workspace, step, label=""):
    """One line; a step is timed in front of and behind the gradient that it explains."""
    ran, expected = forward_steps(derivative, steps), predicted_steps(kind, amount, steps)
    most = peak(derivative, u, steps)
    before = step_times(step, u)
    took = min(seconds(derivative, u, steps) for _ in range(2))
    times = [min(both) for both in zip(before, step_times(step, u), strict=True)]
    memory = predicted_states(kind, amount, steps) * u.nbytes + workspace
    explained = steps * times[1] + (ran - steps) * times[0]
    return (
        f"| {label or f'{kind}={amount}':14} | {ran:7} | {expected:7} | {ran / expected:6.3f} "
        f"| {most / 2**20:8.1f} | {memory / 2**20:8.1f} | {most / memory:6.3f} "
        f"| {took:7.1f} | {explained:7.1f} | {took / explained:5.2f} |"
    )


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--megabytes", type=float, default=1.0)
    options = parser.parse_args(argv)
    print("| schedule | forward steps | theory | ratio | peak MB | theory | ratio ", end="")
    print("| s | explained | ratio |\n|" + 10 * "---|")
    for text in rows(options.steps, options.megabytes):
        print(text, flush=True)


if __name__ == "__main__":
    main()
