"""How long it takes to write a gradient: for well-known small programs, and as programs grow.

    python benchmarks/transform_time.py

Medians of fresh transformations, with `time.process_time`, in ms.  The first table is read from
tests/golden (`mlp` is the network of two layers); the second from tests/long_programs.py.  `ratio`
is the time over that of the half as long function: 2 means that time grows linearly.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("tangent_src", "backends", "tests")]

from golden.registry import every  # noqa: E402
from long_programs import SHAPES, made  # noqa: E402
from tangent import pipeline  # noqa: E402


def median(call, repeats):
    """The median time of a call in milliseconds, after one call that is not counted."""
    call()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return 1e3 * statistics.median(times)


# ---------------------------------------------------------------- tables

TOO_LONG = 20_000  # ms: the next size is not tried


def small_programs(repeats):
    print(f"{'program':24}{'ms':>8}")
    for golden in every():
        if golden.form == "halves":
            write = lambda g=golden: pipeline.halves(g.primal, g.wrt)  # noqa: E731
        else:
            write = lambda g=golden: pipeline.gradient(g.primal, g.wrt)  # noqa: E731
        print(f"{golden.name:24}{median(write, repeats):8.1f}", flush=True)


def long_programs(sizes):
    print(f"\n{'function':16}" + "".join(f"{f'{n} (ms)':>12}{'ratio':>7}" for n in sizes))
    for make in SHAPES:
        row, last = "", None
        for count in sizes:
            if last and last > TOO_LONG:
                row += f"{'-':>12}{'':>7}"
                continue
            function = made(make(count))
            spent = median(lambda f=function: pipeline.gradient(f, ("x",)), 1)
            row += f"{spent:12.0f}" + (f"{spent / last:7.1f}" if last else " " * 7)
            last = spent
        print(f"{make.__name__:16}{row}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--sizes", type=int, nargs="*", default=[250, 500, 1000, 2000])
    options = parser.parse_args()
    small_programs(options.repeats)
    if options.sizes:
        long_programs(options.sizes)


if __name__ == "__main__":
    main()
