"""`continue` and a `return` in a loop: nested `if`s backward, one count and one flag."""

import numpy as np

from golden.registry import golden
from programs.registry import exactly


@golden(exactly(np.array([0.4, -1.3, 1.2, 0.9, 2.5]), 3.0), wrt="x")
def energy_until(x, limit):
    energy = 0.0
    for i in range(len(x)):
        if x[i] < 0:
            continue
        energy = energy + x[i] ** 2
        if energy > limit:
            return energy * limit
    return energy
