"""What a callee shows of its argument is written into: the callee stands in its caller, with the
names and the options that this has for it.
"""

import numpy as np

from golden.registry import golden
from programs.registry import normal


def part(v, first):
    return v[first : first + 3]


@golden(normal((6,)), wrt="x")
def callee_views(x):
    v = np.sin(x)
    low = part(v, 0)
    low[0] = v[5] * v[4]
    high = part(v, 3)
    high *= low
    return np.sum(v * v)
