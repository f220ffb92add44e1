"""A checkpointed loop of unknown length: five snapshots, of which the least useful one goes when
another is due.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal
from tangent import checkpoint


@golden(followed_by(normal((5,)), 0.3), wrt="u k")
def settle(u, k):
    while checkpoint(np.sum(u * u) > 0.5, snapshots=5):
        u = u - k * np.sin(u)
    return np.sum(u * u)
