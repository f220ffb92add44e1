"""Loops to be checkpointed: each test writes its schedule in the place of `SCHEDULE`."""

import numpy as np

from tangent import checkpoint

SCHEDULE = None


def state_only(u, k, n):
    for _ in checkpoint(range(n), SCHEDULE):
        u = u + 0.1 * np.sin(k * u)
    return np.sum(u * u)


def value_behind(u, k, n):
    for t in checkpoint(range(n), SCHEDULE):
        u = np.tanh(k * u + 0.1 * t)
    return np.sum(u * u)


def two_states(u, k, n):
    v = 0.1 * u
    for t in checkpoint(range(n), SCHEDULE):
        a = -k * np.sin(u)
        v = v + 0.1 * a
        u = u + 0.1 * v * (t + 1)
    return np.sum(u * v)


def total_beside(u, k, n):
    total = 0.0
    for _ in checkpoint(range(n), SCHEDULE):
        u = np.exp(-k * u)
        total = total + np.sum(u * u)
    return total


def odd_range(u, k, n):
    for t in checkpoint(range(2 * n, 0, -2), SCHEDULE):
        u = np.sin(u * t) + k * u
    return np.sum(u)


def in_place(u, k, n):
    u = u.copy()
    for _ in checkpoint(range(n), SCHEDULE):
        u[1:-1] = u[1:-1] + k * (u[2:] * u[:-2] - u[1:-1] ** 2)
    return np.sum(u**2)


def augmented(u, k, n):
    u = u.copy()
    for _ in checkpoint(range(n), SCHEDULE):
        u += 0.1 * np.sin(k * u)
    return np.sum(u * u)


def over_array(u, k, n):
    rows = np.outer(np.arange(1.0, n + 1), u)
    h = u
    for row in checkpoint(rows, SCHEDULE):
        h = np.tanh(k * h + row)
    return np.sum(h)


def zipped(u, k, n):
    weights = [k * (i + 1.0) for i in range(n)]
    h = u
    for w, s in checkpoint(zip(weights, range(n), strict=False), SCHEDULE):
        h = np.sin(w * h) * (s + 1)
    return np.sum(h)


def branches(u, k, n):
    for t in checkpoint(range(n), SCHEDULE):
        if t % 3 == 1:
            u = u * u * k
        elif np.sum(u) > 1.0:
            v = np.sin(u)
            u = v * u
    return np.sum(u)


def leaves_early(u, k, n):
    for _ in checkpoint(range(n), SCHEDULE):
        if np.sum(u) > 4.0:
            break
        u = u + 0.2 * k * np.cos(u)
    return np.sum(u * u)


def skips(u, k, n):
    for t in checkpoint(range(n), SCHEDULE):
        if t % 2:
            continue
        u = u + 0.2 * k * np.cos(u)
    return np.sum(u * u)


def returns_early(u, k, n):
    for _ in checkpoint(range(n), SCHEDULE):
        u = u + 0.2 * k * np.cos(u)
        if np.sum(u) > 5.0:
            return np.sum(u * k)
    return np.sum(u * u)


def nested_inside(u, k, n):
    for i in range(3):
        for _ in checkpoint(range(n - i), SCHEDULE):
            u = np.sin(u * k) + 0.1 * i
        k = k * 1.1
    return np.sum(u)


def nested_outside(u, k, n):
    for t in checkpoint(range(n), SCHEDULE):
        for i in range(3):
            u = np.sin(u * k) + 0.1 * i * t
    return np.sum(u)


def nested_both(u, k, n):
    for t in checkpoint(range(3), SCHEDULE):
        for i in checkpoint(range(n), SCHEDULE):
            u = np.sin(u * k) + 0.1 * i * t
        k = k * np.sum(u) / 4
    return np.sum(u)


def step(u, k, t):
    v = np.sin(k * u)
    return v * u + t


def with_call(u, k, n):
    for t in checkpoint(range(n), SCHEDULE):
        u = step(u, k, 0.1 * t)
    return np.sum(u)


def history(u, k, n):
    seen = [u]
    for _ in checkpoint(range(n), SCHEDULE):
        seen.append(np.sin(seen[-1] * k))
    return np.sum(seen[-1] * seen[0])


def overwritten_behind(u, k, n):
    c = k * 2.0
    for _ in checkpoint(range(n), SCHEDULE):
        u = np.tanh(c * u)
    c = c * c
    return np.sum(u * c)


def twice(u, k, n):
    for _ in checkpoint(range(n), SCHEDULE):
        u = np.tanh(k * u)
    for _ in checkpoint(range(n), SCHEDULE):
        u = np.sin(k * u)
    return np.sum(u)


def first_state_needed(u, k, n):
    w = u * k
    for _ in checkpoint(range(n), SCHEDULE):
        w = np.tanh(w) * u
    return np.sum(w)


def dict_state(u, k, n):
    p = {"x": u, "v": k * u}
    for _ in checkpoint(range(n), SCHEDULE):
        p = {"x": p["x"] + 0.1 * p["v"], "v": p["v"] - 0.1 * np.sin(p["x"])}
    return np.sum(p["x"] * p["v"])


def listed(u, k, n):
    return sum([np.sum(np.sin(u * k) * t) for t in checkpoint(range(n), SCHEDULE)])


def through_a_view(u, k, n):
    u = u * 1.0
    for t in checkpoint(range(n), SCHEDULE):
        inner = u[1:-1]
        inner += k * (u[2:] * u[:-2] - inner * inner)
        first = u[:2]
        first[0] = np.sin(first[1]) * t
    return np.sum(u**2)


PROGRAMS = [
    state_only,
    value_behind,
    two_states,
    total_beside,
    odd_range,
    in_place,
    augmented,
    over_array,
    zipped,
    branches,
    leaves_early,
    skips,
    returns_early,
    nested_inside,
    nested_outside,
    nested_both,
    with_call,
    history,
    overwritten_behind,
    twice,
    first_state_needed,
    dict_state,
    listed,
    through_a_view,
]


def while_loop(u, k, n):
    t = 0
    while checkpoint(t < n and np.sum(u) < 50.0, SCHEDULE):
        u = u + 0.1 * k * np.sin(u) + 0.01 * t
        t += 1
    return np.sum(u * u)


def while_with_break(u, k, n):
    t = 0
    while checkpoint(True, SCHEDULE):
        t += 1
        u = np.tanh(u * k) + 0.1
        if t >= n:
            break
    return np.sum(u * u)


def asked_by_call(u, k, n):
    t = 0
    while checkpoint(np.linalg.norm(u) < 20.0, SCHEDULE):
        t = t + 1
        if t > n:
            break
        u = u + 0.1 * k * u * u
    return np.sum(u)


WHILES = [while_loop, while_with_break, asked_by_call]
