"""A checkpointed loop: a snapshot of the state every four iterations; the states of one segment at
a time are recomputed and stored.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal
from tangent import checkpoint


@golden(followed_by(normal((5,)), 0.7, 11), wrt="u k")
def simulate(u, k, steps):
    for _ in checkpoint(range(steps), every=4):
        u = u + 0.1 * np.sin(k * u)
    return np.sum(u * u)
