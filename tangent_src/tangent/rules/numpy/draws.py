"""Draws whose place and scale may be differentiated: the draw itself is a constant.

Each program draws what NumPy draws, in the same order, and scales it in the same way.
"""

import numpy as np

from tangent.rules.language import defprogram

# ------------------------------------------------------------------------------ normal


@defprogram(np.random.normal)
def normal(loc=0.0, scale=1.0, size=None):
    size = np.broadcast_shapes(np.shape(loc), np.shape(scale)) if size is None else size
    return loc + scale * np.random.standard_normal(size)


@defprogram(np.random.lognormal)
def lognormal(mean=0.0, sigma=1.0, size=None):
    size = np.broadcast_shapes(np.shape(mean), np.shape(sigma)) if size is None else size
    return np.exp(mean + sigma * np.random.standard_normal(size))


# ------------------------------------------------------------------------------ uniform


@defprogram(np.random.uniform)
def uniform(low=0.0, high=1.0, size=None):
    size = np.broadcast_shapes(np.shape(low), np.shape(high)) if size is None else size
    return low + (high - low) * np.random.random_sample(size)


@defprogram(np.random.logistic)
def logistic(loc=0.0, scale=1.0, size=None):
    size = np.broadcast_shapes(np.shape(loc), np.shape(scale)) if size is None else size
    u = np.random.random_sample(size)
    return loc + scale * np.log(u / (1.0 - u))


@defprogram(np.random.gumbel)
def gumbel(loc=0.0, scale=1.0, size=None):
    size = np.broadcast_shapes(np.shape(loc), np.shape(scale)) if size is None else size
    return loc - scale * np.log(-np.log(1.0 - np.random.random_sample(size)))


# ------------------------------------------------------------------------------ exponential


@defprogram(np.random.exponential)
def exponential(scale=1.0, size=None):
    return scale * np.random.standard_exponential(np.shape(scale) if size is None else size)


@defprogram(np.random.weibull)
def weibull(a, size=None):
    return np.random.standard_exponential(np.shape(a) if size is None else size) ** (1.0 / a)


@defprogram(np.random.pareto)
def pareto(a, size=None):
    return np.expm1(np.random.standard_exponential(np.shape(a) if size is None else size) / a)
