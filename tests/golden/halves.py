"""The two halves that `vjp` calls: the backward half reads its record and never changes it, so it
can be called again; the cotangent stays the caller's.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal


@golden(followed_by(normal((5,)), 0.3, 6), wrt="u k", form="halves")
def decay(u, k, steps):
    for _ in range(steps):
        u = u * np.exp(-k * u)
    return u
