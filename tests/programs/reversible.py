"""Reversible functions: what they were given is computed from what they returned."""

import numpy as np

from programs.registry import followed_by, normal, program
from tangent import checkpoint, reversible


def back(x, v, k):
    x = x - k * v
    return x, v + k * np.sin(x)


@reversible(back)
def kick(x, v, k):
    v = v - k * np.sin(x)
    return x + k * v, v


def unscaled(u, k):
    return {"a": u["a"] - k * np.cos(u["b"]), "b": u["b"]}


@reversible(inverse=unscaled)
def sheared(u, k):
    return {"a": u["a"] + k * np.cos(u["b"]), "b": u["b"]}


@program(
    followed_by(normal((4,), (4,)), 0.3, 6),
    followed_by(normal((4,), (4,)), 0.3, 0),
    wrt=(0, 1, 2),
)
def among_other_statements(x, v, k, steps):
    total = 0.0
    for t in range(steps):
        x, v = kick(x, v, k)
        total = total + np.sum(x * x * v)
        if t % 2:
            x, v = kick(x, v, 2 * k)
            x = np.tanh(x)
        elif np.sum(v) > 9.0:
            break
    return total + np.sum(v)


@program(followed_by(normal((3,), (3,)), 0.3, 5), wrt=(0, 1, 2), smooth=True)
def in_a_checkpointed_loop(x, v, k, steps):
    u = {"a": x, "b": v}
    for _ in checkpoint(range(steps), snapshots=2):
        for _ in range(2):
            u = sheared(u, k)
        v = np.sin(v * k) + u["a"]
        x, v = kick(x, v, k)
    return np.sum(u["a"] * v) + np.sum(x)


@program(followed_by(normal((3,), (3,)), 0.3), wrt=(0, 1, 2), smooth=True)
def bound_to_other_names(x, v, k):
    y, w = kick(x, v, k)
    x, w = kick(x, w, k)
    return np.sum(x * y * w)
