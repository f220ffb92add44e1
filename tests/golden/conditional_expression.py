"""A conditional expression is a branch of its own: only the chosen side is evaluated, forward and
backward.
"""

import numpy as np

from golden.registry import golden
from programs.registry import exactly


@golden(exactly(0.7, -1.3), wrt="x y")
def f(x, y):
    z = np.sqrt(x) if x > 0 else x * y
    return z * y
