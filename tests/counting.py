"""Work that is counted, not timed: the same each time, and on a machine that others use, too."""

import cProfile
import itertools
import tracemalloc


def work(call):
    """How many calls are made in a call, and how many bytes are in use at its peak."""
    profile = cProfile.Profile()
    tracemalloc.start()
    try:
        profile.runcall(call)
        return sum(one.callcount for one in profile.getstats()), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def growth(amounts):
    """The largest ratio of the work for one size to that for the size before."""
    pairs = itertools.pairwise(amounts)
    return max(b / a for one, two in pairs for a, b in zip(one, two, strict=True))
