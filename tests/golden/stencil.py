"""A store into a slice inside a loop, as NumPy users write it: the update is linear in `u`, so
nothing of `u` is stored; only the factor of `c` is.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal


@golden(followed_by(normal((12,)), 0.2, 15), wrt="u c")
def heat(u, c, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += c * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)
