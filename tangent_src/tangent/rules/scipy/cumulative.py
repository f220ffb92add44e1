"""Distribution functions of `scipy.stats`, their complements and logarithms, as programs.

Complements and logarithms follow where SciPy computes them so.  Elsewhere they are written, since a
difference from 1 has no digits in the tail.
"""

import math

import numpy as np
from scipy import special, stats

from tangent.rules.language import defprogram, lookup


def complement(function, x, *parameters, **options):
    return 1.0 - function(x, *parameters, **options)


def logarithm(function, x, *parameters, **options):
    part = function(x, *parameters, **options)
    inside = np.greater(part, 0)
    return np.where(inside, np.log(np.where(inside, part, 1.0)), -np.inf)


def cumulative(*distributions):
    """Register a distribution function."""

    def register(text):
        for one in distributions:
            defprogram(one.cdf)(text)
        return text

    return register


def tail(*distributions):
    """Register the complement of a distribution function."""

    def register(text):
        for one in distributions:
            defprogram(one.sf)(text)
        return text

    return register


# ------------------------------------------------------------------------------ half a line


@tail(stats.pareto)
def pareto_sf(x, b, loc=0, scale=1):
    return np.maximum(np.divide(x - loc, scale, dtype=np.float64), 1.0) ** -np.asarray(b, float)


@tail(stats.rayleigh)
def rayleigh_sf(x, loc=0, scale=1):
    z = np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0)
    return np.exp(-z * z / 2)


@defprogram(stats.rayleigh.logsf)
def rayleigh_logsf(x, loc=0, scale=1):
    z = np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0)
    return -z * z / 2


@defprogram(stats.expon.logsf)
def expon_logsf(x, loc=0, scale=1):
    return -np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0)


@tail(stats.weibull_min)
def weibull_sf(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, np.exp(-(np.where(inside, z, 1.0) ** c)), 1.0)


@cumulative(stats.weibull_max)
def weibull_max_cdf(x, c, loc=0, scale=1):
    return stats.weibull_min.sf(loc - x, c, 0, scale)


@tail(stats.lognorm)
def lognorm_sf(x, s, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.ndtr(-np.log(np.where(inside, z, 1.0)) / s), 1.0)


@cumulative(stats.halfnorm)
def halfnorm_cdf(x, loc=0, scale=1):
    z = np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0)
    return special.erf(z / math.sqrt(2))


@cumulative(stats.halfcauchy)
def halfcauchy_cdf(x, loc=0, scale=1):
    z = np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0)
    return 2.0 / math.pi * np.arctan(z)


@cumulative(stats.maxwell)
def maxwell_cdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammainc(1.5, np.where(inside, z, 1.0) ** 2 / 2), 0.0)


@tail(stats.maxwell)
def maxwell_sf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammaincc(1.5, np.where(inside, z, 1.0) ** 2 / 2), 1.0)


@tail(stats.chi)
def chi_sf(x, df, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammaincc(df / 2.0, np.where(inside, z, 1.0) ** 2 / 2), 1.0)


@cumulative(stats.chi)
def chi_cdf(x, df, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammainc(df / 2.0, np.where(inside, z, 1.0) ** 2 / 2), 0.0)


@cumulative(stats.invgamma)
def invgamma_cdf(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammaincc(a, 1 / np.where(inside, z, 1.0)), 0.0)


@cumulative(stats.levy)
def levy_cdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.erfc(np.sqrt(0.5 / np.where(inside, z, 1.0))), 0.0)


@cumulative(stats.f)
def f_cdf(x, dfn, dfd, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    part = dfn * np.where(inside, z, 1.0)
    return np.where(inside, special.betainc(dfn / 2.0, dfd / 2.0, part / (dfd + part)), 0.0)


@cumulative(stats.fisk)
def fisk_cdf(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, 1 / (1 + np.where(inside, z, 1.0) ** -np.asarray(c, float)), 0.0)


@cumulative(stats.erlang)
def erlang_cdf(x, a, loc=0, scale=1):
    return stats.gamma.cdf(x, a, loc, scale)


@tail(stats.erlang)
def erlang_sf(x, a, loc=0, scale=1):
    return stats.gamma.sf(x, a, loc, scale)


# ------------------------------------------------------------------------------ the whole line


@cumulative(stats.gumbel_r)
def gumbel_r_cdf(x, loc=0, scale=1):
    return np.exp(-np.exp(np.divide(loc - x, scale, dtype=np.float64)))


@defprogram(stats.gumbel_r.logcdf)
def gumbel_r_logcdf(x, loc=0, scale=1):
    return -np.exp(np.divide(loc - x, scale, dtype=np.float64))


@tail(stats.gumbel_r)
def gumbel_r_sf(x, loc=0, scale=1):
    return -np.expm1(-np.exp(np.divide(loc - x, scale, dtype=np.float64)))


@cumulative(stats.gumbel_l)
def gumbel_l_cdf(x, loc=0, scale=1):
    return -np.expm1(-np.exp(np.divide(x - loc, scale, dtype=np.float64)))


@defprogram(stats.gumbel_l.logsf)
def gumbel_l_logsf(x, loc=0, scale=1):
    return -np.exp(np.divide(x - loc, scale, dtype=np.float64))


@tail(stats.gumbel_l)
def gumbel_l_sf(x, loc=0, scale=1):
    return np.exp(-np.exp(np.divide(x - loc, scale, dtype=np.float64)))


@cumulative(stats.hypsecant)
def hypsecant_cdf(x, loc=0, scale=1):
    return 2.0 / math.pi * np.arctan(np.exp(np.divide(x - loc, scale, dtype=np.float64)))


@cumulative(stats.skewnorm)
def skewnorm_cdf(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return special.ndtr(z) - 2 * special.owens_t(z, a)


@tail(stats.laplace)
def laplace_sf(x, loc=0, scale=1):
    return stats.laplace.cdf(loc - x, 0, scale)


@tail(stats.logistic)
def logistic_sf(x, loc=0, scale=1):
    return special.expit(np.divide(loc - x, scale, dtype=np.float64))


@tail(stats.cauchy)
def cauchy_sf(x, loc=0, scale=1):
    return np.arctan2(1.0, np.divide(x - loc, scale, dtype=np.float64)) / math.pi


# ------------------------------------------------------------------------------ an interval


@cumulative(stats.arcsine)
def arcsine_cdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    part = 2.0 / math.pi * np.arcsin(np.sqrt(np.where(inside, z, 0.5)))
    return np.where(inside, part, np.greater_equal(z, 1) * 1.0)


@cumulative(stats.powerlaw)
def powerlaw_cdf(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    return np.where(inside, np.where(inside, z, 0.5) ** a, np.greater_equal(z, 1) * 1.0)


@cumulative(stats.truncnorm)
def truncnorm_cdf(x, a, b, loc=0, scale=1):
    z = np.clip(np.divide(x - loc, scale, dtype=np.float64), a, b)
    low = special.ndtr(np.asarray(a, np.float64))
    return (special.ndtr(z) - low) / (special.ndtr(np.asarray(b, np.float64)) - low)


# ------------------------------------------------------------------------------ what follows

_CONTINUOUS = (
    "arcsine", "beta", "cauchy", "chi", "chi2", "erlang", "expon", "f", "fisk", "gamma",
    "gumbel_l", "gumbel_r", "halfcauchy", "halfnorm", "hypsecant", "invgamma", "laplace",
    "levy", "logistic", "lognorm", "maxwell", "pareto", "powerlaw", "rayleigh", "skewnorm",
    "t", "truncnorm", "uniform", "weibull_max", "weibull_min",
)  # fmt: skip

_FOLLOWS = (("cdf", "sf", complement), ("sf", "cdf", complement)), (
    ("logcdf", "cdf", logarithm), ("logsf", "sf", logarithm),
)  # fmt: skip


def _follows(one, word):
    """Does SciPy compute it so itself, rather than by a text of its own for the tails?"""
    word = f"_{word}"
    return getattr(type(one), word) is getattr(stats.rv_continuous, word) or word == "_cdf"


for _pairs in _FOLLOWS:
    for _name in _CONTINUOUS:
        _of = getattr(stats, _name)
        for _word, _known, _text in _pairs:
            _function, _first = getattr(_of, _word), getattr(_of, _known)
            if lookup(_function) is None and lookup(_first) is not None and _follows(_of, _word):
                defprogram(_function, first=(_first,))(_text)
