"""A reversible step: the states of before come from those of behind, by its inverse, and nothing is
stored.
"""

import numpy as np

from golden.registry import golden
from programs.registry import followed_by, normal
from tangent import reversible


def back(x, v, dt):
    x = x - dt * v
    return x, v + dt * np.sin(x)


@reversible(back)
def step(x, v, dt):
    v = v - dt * np.sin(x)
    return x + dt * v, v


@golden(followed_by(normal((4,), (4,)), 0.1, 9), wrt="x v")
def swing(x, v, dt, steps):
    for _ in range(steps):
        x, v = step(x, v, dt)
    return np.sum(x * v)
