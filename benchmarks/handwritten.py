"""Ordinary NumPy programs, each with value and adjoint as one would write them by hand.

`WORKLOADS` lists (program, by hand, names to differentiate, arguments of a random generator).  The
adjoints store what a good programmer would store, and use no insight into the problem beyond that.
"""

from __future__ import annotations

import numpy as np


def three_products(A, B, C):
    G = (A @ B) @ C
    return 0.5 * np.sum(G * G)


def three_products_by_hand(A, B, C):
    E = A @ B
    G = E @ C
    E_bar = G @ C.T
    return 0.5 * np.sum(G * G), (E_bar @ B.T, A.T @ E_bar, E.T @ G)


def normal_equations(A, x):
    y = (A @ x) @ A
    return 0.5 * np.sum(y * y)


def normal_equations_by_hand(A, x):
    t = A @ x
    y = t @ A
    t_bar = A @ y
    return 0.5 * np.sum(y * y), (np.outer(t, y) + np.outer(t_bar, x), t_bar @ A)


def substitution(L, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return np.sum(x)


def substitution_by_hand(L, b):
    x, n = np.zeros_like(b), len(b)
    for i in range(n):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    x_bar, b_bar, L_bar = np.ones_like(x), np.zeros_like(b), np.zeros_like(L)
    for i in range(n - 1, -1, -1):
        t = x_bar[i] / L[i, i]
        b_bar[i] = t
        L_bar[i, i] = -t * x[i]
        L_bar[i, :i] = -t * x[:i]
        x_bar[:i] -= t * L[i, :i]
    return np.sum(x), (L_bar, b_bar)


def logistic_map(x, r, steps):
    for _ in range(steps):
        x = r * x * (1.0 - x)
    return x


def logistic_map_by_hand(x, r, steps):
    stored = []
    for _ in range(steps):
        stored.append(x)
        x = r * x * (1.0 - x)
    value, x_bar, r_bar = x, 1.0, 0.0
    for x in reversed(stored):
        r_bar += x_bar * x * (1.0 - x)
        x_bar = x_bar * r * (1.0 - 2.0 * x)
    return value, (x_bar, r_bar)


def oscillator(q, p, h, steps):
    """Explicit Euler steps of the oscillator of van der Pol."""
    for _ in range(steps):
        q, p = q + h * p, p + h * ((1.0 - q * q) * p - q)
    return q * q + p * p


def oscillator_by_hand(q, p, h, steps):
    stored = []
    for _ in range(steps):
        stored.append((q, p))
        q, p = q + h * p, p + h * ((1.0 - q * q) * p - q)
    value, q_bar, p_bar = q * q + p * p, 2.0 * q, 2.0 * p
    for q, p in reversed(stored):
        t = h * p_bar
        p_bar = p_bar + h * q_bar + t * (1.0 - q * q)
        q_bar = q_bar - t * (2.0 * q * p + 1.0)
    return value, (q_bar, p_bar)


def heat(u, k, steps):
    """Explicit steps of the heat equation on a ring."""
    for _ in range(steps):
        u = u + k * (np.roll(u, 1) - 2.0 * u + np.roll(u, -1))
    return np.sum(u * u)


def heat_by_hand(u, k, steps):
    for _ in range(steps):
        u = u + k * (np.roll(u, 1) - 2.0 * u + np.roll(u, -1))
    u_bar = 2.0 * u
    for _ in range(steps):
        t = k * u_bar
        u_bar = u_bar + np.roll(t, -1) - 2.0 * t + np.roll(t, 1)
    return np.sum(u * u), (u_bar,)


def smoothing(a, steps):
    """Three-point means, written in place."""
    u = a.copy()
    for _ in range(steps):
        u[1:-1] = (u[:-2] + u[1:-1] + u[2:]) / 3.0
    return np.sum(u * u)


def smoothing_by_hand(a, steps):
    u = a.copy()
    for _ in range(steps):
        u[1:-1] = (u[:-2] + u[1:-1] + u[2:]) / 3.0
    u_bar = 2.0 * u
    for _ in range(steps):
        t = u_bar[1:-1] / 3.0
        u_bar[1:-1] = t
        u_bar[:-2] += t
        u_bar[2:] += t
    return np.sum(u * u), (u_bar,)


def network(params, x, y):
    h = np.tanh(x @ params["W1"] + params["b1"])
    z = h @ params["W2"] + params["b2"]
    return np.mean((z - y) ** 2)


def network_by_hand(params, x, y):
    W2 = params["W2"]
    h = np.tanh(x @ params["W1"] + params["b1"])
    d = h @ W2 + params["b2"] - y
    z_bar = d * (2.0 / d.size)
    t_bar = z_bar @ W2.T * (1.0 - h * h)
    gradient = {
        "W1": x.T @ t_bar,
        "b1": t_bar.sum(axis=0),
        "W2": h.T @ z_bar,
        "b2": z_bar.sum(axis=0),
    }
    return np.mean(d**2), (gradient,)


def softmax_regression(W, x, one_hot):
    z = x @ W
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(np.sum(one_hot * log_p, axis=1))


def softmax_regression_by_hand(W, x, one_hot):
    z = x @ W
    z = z - np.max(z, axis=1, keepdims=True)
    e = np.exp(z)
    s = np.sum(e, axis=1, keepdims=True)
    z_bar = (e / s - one_hot) / len(x)
    return -np.mean(np.sum(one_hot * (z - np.log(s)), axis=1)), (x.T @ z_bar,)


def recurrent(W, U, h, xs):
    for x in xs:
        h = np.tanh(W @ h + U @ x)
    return np.sum(h * h)


def recurrent_by_hand(W, U, h, xs):
    stored = []
    for x in xs:
        stored.append(h)
        h = np.tanh(W @ h + U @ x)
    value, h_bar = np.sum(h * h), 2.0 * h
    W_bar, U_bar = np.zeros_like(W), np.zeros_like(U)
    for x, before in zip(xs[::-1], reversed(stored), strict=True):
        t_bar = h_bar * (1.0 - h * h)
        W_bar += np.outer(t_bar, before)
        U_bar += np.outer(t_bar, x)
        h_bar = W.T @ t_bar
        h = before
    return value, (W_bar, U_bar)


def repulsion(points, size):
    """The energy of points that repel each other."""
    d = points[:, None, :] - points[None, :, :]
    r2 = np.sum(d * d, axis=2) + size
    return np.sum(1.0 / np.sqrt(r2))


def repulsion_by_hand(points, size):
    d = points[:, None, :] - points[None, :, :]
    r2 = np.sum(d * d, axis=2) + size
    root = np.sqrt(r2)
    d_bar = (-1.0 / (r2 * root))[:, :, None] * d
    return np.sum(1.0 / root), (np.sum(d_bar, axis=1) - np.sum(d_bar, axis=0),)


def arrays(*shapes):
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def triangle(n):
    return lambda rng: (np.tril(rng.normal(size=(n, n))) + n * np.eye(n), rng.normal(size=n))


def network_arguments(rng, inputs=32, hidden=64, outputs=8, rows=128):
    params = {
        "W1": rng.normal(size=(inputs, hidden)) / 6,
        "b1": np.zeros(hidden),
        "W2": rng.normal(size=(hidden, outputs)) / 8,
        "b2": np.zeros(outputs),
    }
    return params, rng.normal(size=(rows, inputs)), rng.normal(size=(rows, outputs))


def softmax_arguments(rng, inputs=64, classes=10, rows=256):
    labels = np.eye(classes)[rng.integers(classes, size=rows)]
    return rng.normal(size=(inputs, classes)), rng.normal(size=(rows, inputs)), labels


def recurrent_arguments(rng, width=32, inputs=16, steps=50):
    W, U = rng.normal(size=(width, width)) / 8, rng.normal(size=(width, inputs)) / 4
    return W, U, np.zeros(width), rng.normal(size=(steps, inputs))


WORKLOADS = (
    (three_products, three_products_by_hand, ("A", "B", "C"), arrays(*[(128, 128)] * 3)),
    (normal_equations, normal_equations_by_hand, ("A", "x"), arrays((400, 300), 300)),
    (substitution, substitution_by_hand, ("L", "b"), triangle(100)),
    (logistic_map, logistic_map_by_hand, ("x", "r"), lambda _: (0.3, 3.7, 1000)),
    (oscillator, oscillator_by_hand, ("q", "p"), lambda _: (0.5, 1.0, 0.01, 1000)),
    (heat, heat_by_hand, ("u",), lambda rng: (rng.normal(size=2000), 0.2, 100)),
    (smoothing, smoothing_by_hand, ("a",), lambda rng: (rng.normal(size=2000), 100)),
    (network, network_by_hand, ("params",), network_arguments),
    (softmax_regression, softmax_regression_by_hand, ("W",), softmax_arguments),
    (recurrent, recurrent_by_hand, ("W", "U"), recurrent_arguments),
    (repulsion, repulsion_by_hand, ("points",), lambda rng: (rng.normal(size=(150, 3)), 0.01)),
)
