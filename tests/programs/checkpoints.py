"""Checkpointed loops, under all that is asked of other programs; schedules are tested apart."""

import numpy as np

from programs.registry import floats, followed_by, normal, program
from tangent import checkpoint


@program(
    followed_by(normal((4,)), 0.6, 9), followed_by(normal((4,)), 0.6, 0), wrt=(0, 1), smooth=True
)
def every_fourth_state(u, k, steps):
    for _ in checkpoint(range(steps), every=4):
        u = u + 0.1 * np.sin(k * u)
    return np.sum(u * u)


@program(
    followed_by(normal((4,)), 0.6, 9), followed_by(normal((4,)), 0.6, 1), wrt=(0, 1), smooth=True
)
def three_snapshots_of_two_states(u, k, steps):
    v = k * u
    for t in checkpoint(range(1, steps + 1), snapshots=3):
        v = v - 0.1 * np.sin(u) * t
        u = u + k * v
    return np.sum(u * v)


@program(followed_by(normal((6,)), 0.6, 9), wrt=(0, 1))
def slots_for_a_stencil(u, k, steps):
    u = u.copy()
    for _ in checkpoint(range(steps), states=5):
        u[1:-1] = np.sin(u[1:-1] + k * u[2:] * u[:-2])
    return np.sum(u**2)


@program(followed_by(floats(1), 0.5), wrt=(0, 1), smooth=True)
def to_a_tolerance(x, c):
    while checkpoint(abs(x * x - c * c) > 1e-6, snapshots=2):
        x = 0.5 * (x + c * c / x)
    return x * c
