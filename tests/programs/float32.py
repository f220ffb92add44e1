"""Single precision: the gradient keeps each argument's own dtype, whatever it meets inside."""

import numpy as np

from programs.registry import normal, program

SINGLE = np.float32


@program(normal((3,), dtype=SINGLE), smooth=True)
def stays_single(x):
    return np.sum(x * x * 2 + np.sin(x) / 3)


@program(
    lambda rng: (rng.normal(size=(3, 2)).astype(SINGLE), rng.normal(size=3)),
    wrt=(0, 1),
    smooth=True,
)
def single_meets_double(A, x):
    return np.sum((x @ A) ** 2)


@program(
    lambda rng: (rng.normal(size=3), rng.normal(size=3).astype(SINGLE)), wrt=(1, 0), smooth=True
)
def double_meets_single(x, y):
    z = x * y
    return np.sum(z * y)


@program(normal((2, 3), (3,), dtype=SINGLE), wrt=(0, 1), smooth=True)
def single_with_broadcasting(A, b):
    return np.mean((A + b) ** 2) * np.max(b)


@program(lambda rng: (SINGLE(0.7), rng.normal(size=3).astype(SINGLE)), wrt=(0, 1), smooth=True)
def single_scalar(s, x):
    return np.sum(s * x) * s


@program(lambda rng: (0.7, rng.normal(size=3).astype(SINGLE)), wrt=(0, 1), smooth=True)
def python_number_times_single(s, x):
    return np.sum(s * x * x)


@program(lambda rng: (0.7, rng.normal(size=3).astype(SINGLE), 4), wrt=(0, 1), smooth=True)
def single_in_a_loop(s, x, n):
    y = x
    for i in range(n):
        y = y * s + x * i
    return np.sum(y * y) / n


@program(
    lambda rng: ({"W": rng.normal(size=(2, 2)).astype(SINGLE), "b": rng.normal(size=2), "s": 0.5},),
    smooth=True,
)
def three_kinds_in_a_dict(params):
    return np.sum(np.tanh(params["W"] @ params["b"])) * params["s"]


@program(
    lambda rng: (
        np.array([[1, 40], [2, 30], [3, 20], [4, 10]], SINGLE) / SINGLE(40),
        np.array([0.3, -0.2], SINGLE),
        np.array([42, 34, 26, 18], SINGLE) / SINGLE(40),
    ),
    wrt=("w",),
    smooth=True,
)
def linear_regression(X, w, y):
    residual = X @ w - y
    return np.mean(residual**2)


@program(lambda rng: (rng.normal(size=3).astype(SINGLE),), smooth=True)
def widened_on_the_way(x):
    y = x.astype(np.float64)
    return np.sum(y * y * x)


@program(lambda rng: (rng.normal(size=4).astype(SINGLE),), smooth=True)
def single_updated_in_place(x):
    y = np.zeros_like(x)
    y += x
    y *= np.float32(2)
    return np.sum(y[1:] * y[:-1])


@program(lambda rng: (np.array(0.7, SINGLE),), smooth=True)
def single_without_axes(x):
    return x * x * 2


@program(lambda rng: (rng.normal(size=(4, 2)).astype(SINGLE), np.array([0, 0, 3])), smooth=True)
def single_gathered(x, index):
    return np.sum(x[index] ** 2) + np.mean(x, axis=0)[0]


def two_outputs(x):
    return x * 2, np.sum(x)


@program(normal((3,), dtype=SINGLE), smooth=True)
def single_through_a_callee(x):
    a, b = two_outputs(x)
    return np.sum(a * a) * b
