"""Random numbers: drawn once, differentiated for the parameters of their distributions."""

import numpy as np

from programs.registry import normal, positive, program
from tangent import checkpoint


@program(positive((3,), (3,)), wrt=(0, 1), smooth=True)
def of_places_and_scales(loc, scale):
    rng = np.random.default_rng(1)
    y = rng.normal(loc, scale) * rng.laplace(loc, scale, size=(2, 3))
    y += rng.gumbel(scale=scale) + rng.logistic(loc) + rng.uniform(loc, loc + scale)
    return np.sum(y * y) + np.sum(rng.standard_normal(3) * loc)


@program(positive((3,), (3,)), wrt=(0, 1), smooth=True)
def of_scales_and_shapes(a, b):
    rng = np.random.RandomState(2)
    y = rng.exponential(a) * rng.rayleigh(b) + rng.lognormal(a, b) + rng.gamma(2.0, a)
    return np.sum(y) + np.sum(rng.weibull(a) * rng.power(b)) + np.sum(rng.pareto(b + 2.0))


def step(rng, x, noise):
    return x * 0.5 + rng.normal(0.0, noise, size=3)


@program(normal((3,)), smooth=True)
def walk_of_random_steps(x):
    rng = np.random.default_rng(4)
    for t in checkpoint(range(3), every=2):
        x = 0.5 * x + rng.normal(x[0] * x[1], 0.3, size=3) * t
    for _ in range(2):
        x = step(rng, x, 0.1 + x[1] * x[1])
    return np.sum(x * x)


class Dropout:
    def __init__(self, rate, rng):
        self.rate, self.rng = rate, rng

    def __call__(self, x):
        shape = x.shape
        noise = self.rng.random(shape)
        return x * (noise > self.rate) / (1 - self.rate)


class Noisy:
    def __init__(self, seed, scale):
        self.rng, self.scale, self.calls = np.random.RandomState(seed), scale, 0

    def __call__(self, x):
        self.calls += 1
        return self.rng.normal(x, self.scale**2) * self.calls


@program(normal((4,)), saves=False, smooth=True)
def generators_that_objects_hold(x):
    rng = np.random.default_rng(3)
    drop, noisy = Dropout(0.3, rng), Noisy(1, x[0])
    y = drop(x)
    total = np.sum(noisy(y) ** 2)
    return total + np.sum(drop(x)) * rng.normal(x[1], 0.1)
