"""A `return` out of two loops and the `else` of a loop: flags end the loops around."""

import numpy as np

from golden.registry import golden
from programs.registry import exactly

ROWS = np.array([[0.4, 1.3], [0.2, 0.9], [2.5, 0.1]])


@golden(exactly(ROWS, 2.0), wrt="A")
def first_large(A, limit):
    y = 1.0
    for row in A:
        for v in row:
            y = y * v
            if v > limit:
                return y * y
        else:
            y = np.sin(y)
    return y
