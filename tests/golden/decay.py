"""A call in a gradient is the callee's two halves; the record is the state of each iteration."""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal


def decay(u, k, steps):
    for _ in range(steps):
        u = u * np.exp(-k * u)
    return u


@golden(followed_by(normal((5,)), 0.3, 6), wrt="u k")
def scalar_decay(u, k, steps):
    return np.sum(decay(u, k, steps))
