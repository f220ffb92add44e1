"""A checkpointed loop with three snapshots, placed as the binomial schedule has it: back to the
last snapshot, forward to the last iteration, whose adjoint follows.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal
from tangent import checkpoint


@golden(followed_by(normal((5,)), 0.7, 11), wrt="u k")
def simulate(u, k, steps):
    for _ in checkpoint(range(steps), snapshots=3):
        u = u + 0.1 * np.sin(k * u)
    return np.sum(u * u)
