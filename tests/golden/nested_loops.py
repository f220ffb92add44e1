"""A loop in a loop: `a` and `b` cost one pass over what is at hand, so they are computed again
rather than stored; the state that the inner loop overwrites is stored once per inner iteration.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal


@golden(followed_by(normal((4, 3)), 0.6), wrt="x s")
def f(x, s):
    total = 1.0
    for i in range(4):
        for j in range(3):
            a = x[i, j] * s
            b = a + x[i, 0]
            total = total * np.cos(a * b)
    return total
