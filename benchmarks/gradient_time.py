"""How fast generated gradients are: their time over that of adjoints written by hand.

    python benchmarks/gradient_time.py
    python benchmarks/gradient_time.py --rounds 100 --only heat

Value and gradient, in one process, in rounds in which each takes its turn; the ratio is that of the
medians: 1 is as fast as by hand.  `primal` is the time of the program alone over that by hand.
Before anything is timed, the gradients are compared.
"""

import argparse
import platform
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("tangent_src", "backends")]

from handwritten import WORKLOADS  # noqa: E402

from tangent import TangentError, value_and_grad  # noqa: E402


def same(found, wanted):
    """Equal to rounding, in structure too."""
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[k], wanted[k]) for k in wanted)
    if isinstance(wanted, tuple):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, 1e-9, 1e-12)


def medians(calls, args, rounds):
    """The median time of each call in seconds; the first round is not counted."""
    times = [[] for _ in calls]
    for _ in range(rounds + 1):
        for call, taken in zip(calls, times, strict=True):
            start = time.perf_counter()
            call(*args)
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken[1:]) for taken in times]


def row(program, by_hand, wrt, draw, rounds):
    """One line of the table."""
    args = draw(np.random.default_rng(0))
    gradient = value_and_grad(program, wrt=wrt)
    try:
        found = gradient(*args)
    except TangentError as error:
        return f"{program.__name__:20} refused [{error.code}]"
    if not same(found, by_hand(*args)):
        raise SystemExit(f"the two gradients of `{program.__name__}` differ")
    alone, hand, generated = medians([program, by_hand, gradient], args, rounds)
    return f"{program.__name__:20} {hand * 1e3:9.3f} {generated / hand:10.2f} {alone / hand:8.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", help="a part of a workload's name")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    print(f"{'program':20} {'hand (ms)':>9} {'generated':>10} {'primal':>8}")
    with threadpool_limits(1):  # what is measured is the text, not how threads share matrices
        for workload in WORKLOADS:
            if (options.only or "") in workload[0].__name__:
                print(row(*workload, options.rounds), flush=True)


if __name__ == "__main__":
    main()
