"""More densities of `scipy.stats`, as programs: their logarithms, of which the densities follow.

Outside of its support a density is 0, and flat.
"""

import math

import numpy as np
from scipy import special, stats

from tangent.rules.language import defprogram


def exponential(logarithm, x, *parameters, **options):
    return np.exp(logarithm(x, *parameters, **options))


def density(*distributions):
    """Register the logarithm of a density, and the density."""

    def register(text):
        for one in distributions:
            defprogram(one.logpdf)(text)
            defprogram(one.pdf, first=(one.logpdf,))(exponential)
        return text

    return register


# ------------------------------------------------------------------------------ half a line


@density(stats.pareto)
def pareto(x, b, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    value = np.log(b) - (b + 1) * np.log(np.where(z >= 1, z, 1.0)) - np.log(scale)
    return np.where(z >= 1, value, -np.inf)


@density(stats.invgamma)
def invgamma(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    value = -(a + 1) * np.log(z) - special.gammaln(a) - 1 / z
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.invgauss)
def invgauss(x, mu, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    value = -math.log(2 * math.pi) / 2 - 1.5 * np.log(z) - ((z - mu) / mu) ** 2 / (2 * z)
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.wald)
def wald(x, loc=0, scale=1):
    return stats.invgauss.logpdf(x, 1.0, loc, scale)


@density(stats.halfnorm)
def halfnorm(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return np.where(z >= 0, math.log(2 / math.pi) / 2 - z * z / 2 - np.log(scale), -np.inf)


@density(stats.halfcauchy)
def halfcauchy(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return np.where(z >= 0, math.log(2 / math.pi) - np.log1p(z * z) - np.log(scale), -np.inf)


@density(stats.rayleigh)
def rayleigh(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    value = np.log(np.where(inside, z, 1.0)) - z * z / 2
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.maxwell)
def maxwell(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    value = math.log(2 / math.pi) / 2 + 2 * np.log(np.where(inside, z, 1.0)) - z * z / 2
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.chi)
def chi(x, df, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    norm = math.log(2) - df / 2 * math.log(2) - special.gammaln(df / 2)
    value = norm + (df - 1) * np.log(np.where(inside, z, 1.0)) - z * z / 2
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.f)
def f(x, dfn, dfd, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    n, m = dfn / 2, dfd / 2
    norm = m * np.log(dfd) + n * np.log(dfn) - special.betaln(n, m)
    value = norm + (n - 1) * np.log(z) - (n + m) * np.log(dfd + dfn * z)
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.loglaplace)
def loglaplace(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    log_z = np.log(np.where(inside, z, 1.0))
    value = np.log(c / 2.0) - log_z - c * np.abs(log_z)
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.fisk)
def fisk(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    value = np.log(c) + (c - 1) * np.log(z) - 2 * np.log1p(z**c)
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.nakagami)
def nakagami(x, nu, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    norm = math.log(2) + special.xlogy(nu, nu) - special.gammaln(nu)
    value = norm + (2 * nu - 1) * np.log(z) - nu * z * z
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.rice)
def rice(x, b, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    value = np.log(z) - (z - b) ** 2 / 2 + np.log(special.i0e(z * b))
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.levy)
def levy(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    value = -math.log(2 * math.pi) / 2 - 1.5 * np.log(z) - 1 / (2 * z)
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.weibull_max)
def weibull_max(x, c, loc=0, scale=1):
    return stats.weibull_min.logpdf(loc - x, c, 0, scale)


@density(stats.erlang)
def erlang(x, a, loc=0, scale=1):
    return stats.gamma.logpdf(x, a, loc, scale)


@density(stats.genpareto)
def genpareto(x, c, loc=0, scale=1):
    """The exponential one where `c` is 0."""
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z >= 0) & (1 + c * z > 0)
    z = np.where(inside, z, 0.0)
    return np.where(inside, -z - np.log1p(c * z) + stretched(c, z) - np.log(scale), -np.inf)


def stretched(c, z):
    """z - log(1 + c z) / c, which is 0 at c = 0."""
    small = np.abs(c * z) < 1e-4
    safe = np.where(small, 1.0, c * z)
    w = np.where(small, c * z, 0.0)
    near = w / 2 - w**2 / 3 + w**3 / 4 - w**4 / 5
    return z * np.where(small, near, 1 - np.log1p(safe) / safe)


defprogram(stretched)(stretched)

# ------------------------------------------------------------------------------ the whole line


@density(stats.gumbel_r)
def gumbel_r(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return -z - np.exp(-z) - np.log(scale)


@density(stats.gumbel_l)
def gumbel_l(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return z - np.exp(z) - np.log(scale)


@density(stats.skewnorm)
def skewnorm(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    norm = math.log(2) - math.log(2 * math.pi) / 2
    return norm - z * z / 2 + special.log_ndtr(a * z) - np.log(scale)


@density(stats.gennorm)
def gennorm(x, beta, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return np.log(beta / 2.0) - special.gammaln(1.0 / beta) - np.abs(z) ** beta - np.log(scale)


@density(stats.exponnorm)
def exponnorm(x, K, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    rate = 1.0 / K
    return np.log(rate) + rate * (rate / 2 - z) + special.log_ndtr(z - rate) - np.log(scale)


@density(stats.hypsecant)
def hypsecant(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return math.log(2 / math.pi) - np.logaddexp(z, -z) - np.log(scale)


@density(stats.vonmises)
def vonmises(x, kappa, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    norm = math.log(2 * math.pi) + np.log(special.i0e(kappa))
    return kappa * special.cosm1(z) - norm - np.log(scale)


# ------------------------------------------------------------------------------ an interval


@density(stats.arcsine)
def arcsine(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    z = np.where(inside, z, 0.5)
    value = -math.log(math.pi) - (np.log(z) + np.log1p(-z)) / 2
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.powerlaw)
def powerlaw(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z <= 1)
    value = np.log(a) + (a - 1) * np.log(np.where(inside, z, 1.0))
    return np.where(inside, value - np.log(scale), -np.inf)


@density(stats.triang)
def triang(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    z = np.where(inside, z, 0.5)
    part = np.where(z < c, z / np.where(z < c, c, 1.0), (1 - z) / np.where(z < c, 1.0, 1 - c))
    return np.where(inside, math.log(2) + np.log(part) - np.log(scale), -np.inf)


@density(stats.truncnorm)
def truncnorm(x, a, b, loc=0, scale=1):
    """Of a normal one between a and b standard deviations: the mass there is taken in the tail
    that is nearer, so that it does not cancel.
    """
    z = np.divide(x - loc, scale, dtype=np.float64)
    low, high = np.where(np.greater(a, 0), -b, a), np.where(np.greater(a, 0), -a, b)
    upper = special.log_ndtr(np.asarray(high, np.float64))
    lower = special.log_ndtr(np.asarray(low, np.float64))
    mass = upper + np.log1p(-np.exp(lower - upper))
    value = -math.log(2 * math.pi) / 2 - z * z / 2 - mass - np.log(scale)
    return np.where((z >= a) & (z <= b), value, -np.inf)


# ------------------------------------------------------------------------------ quantiles


@defprogram(stats.expon.ppf)
def expon_ppf(q, loc=0, scale=1):
    return loc - scale * np.log1p(-np.asarray(q, np.float64))


@defprogram(stats.uniform.ppf)
def uniform_ppf(q, loc=0, scale=1):
    return loc + scale * np.asarray(q, np.float64)


@defprogram(stats.lognorm.ppf)
def lognorm_ppf(q, s, loc=0, scale=1):
    return loc + scale * np.exp(s * special.ndtri(np.asarray(q, np.float64)))


@defprogram(stats.weibull_min.ppf)
def weibull_ppf(q, c, loc=0, scale=1):
    return loc + scale * (-np.log1p(-np.asarray(q, np.float64))) ** (1.0 / c)


@defprogram(stats.logistic.ppf)
def logistic_ppf(q, loc=0, scale=1):
    return loc + scale * special.logit(np.asarray(q, np.float64))


@defprogram(stats.cauchy.ppf)
def cauchy_ppf(q, loc=0, scale=1):
    return loc + scale * np.tan(math.pi * (np.asarray(q, np.float64) - 0.5))


@defprogram(stats.gamma.ppf)
def gamma_ppf(q, a, loc=0, scale=1):
    return loc + scale * special.gammaincinv(a, np.asarray(q, np.float64))


@defprogram(stats.beta.ppf)
def beta_ppf(q, a, b, loc=0, scale=1):
    return loc + scale * special.betaincinv(a, b, np.asarray(q, np.float64))


@defprogram(stats.t.ppf)
def t_ppf(q, df, loc=0, scale=1):
    return loc + scale * special.stdtrit(df, np.asarray(q, np.float64))


# ------------------------------------------------------------------------------ upper tails


@defprogram(stats.t.sf)
def t_sf(x, df, loc=0, scale=1):
    return special.stdtr(df, np.divide(loc - x, scale, dtype=np.float64))


@defprogram(stats.gamma.sf)
def gamma_sf(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammaincc(a, np.where(inside, z, 1.0)), 1.0)


@defprogram(stats.chi2.sf)
def chi2_sf(x, df, loc=0, scale=1):
    return stats.gamma.sf(x, df / 2.0, loc, 2.0 * scale)


@defprogram(stats.beta.sf)
def beta_sf(x, a, b, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    part = special.betainc(b, a, 1.0 - np.where(inside, z, 0.5))
    return np.where(inside, part, np.less_equal(z, 0) * 1.0)


# ------------------------------------------------------------------------------ discrete


@defprogram(stats.betabinom.logpmf)
def betabinom_logpmf(k, n, a, b, loc=0):
    m = k - loc
    ways = -np.log(n + 1.0) - special.betaln(n - m + 1.0, m + 1.0)
    return ways + special.betaln(m + a, n - m + b) - special.betaln(a, b)


@defprogram(stats.binom.cdf)
def binom_cdf(k, n, p, loc=0):
    m = np.floor(k - loc)
    inside = (m >= 0) & (m < n)
    m = np.where(inside, m, 0.0)
    part = special.betainc(n - m, m + 1.0, 1.0 - np.asarray(p, np.float64))
    return np.where(inside, part, np.where(np.floor(k - loc) < 0, 0.0, 1.0))


@defprogram(stats.multinomial.logpmf)
def multinomial_logpmf(x, n, p):
    ways = special.gammaln(n + 1.0) - np.sum(special.gammaln(np.add(x, 1.0)), axis=-1)
    return ways + np.sum(special.xlogy(x, p), axis=-1)


# ------------------------------------------------------------------------------ of samples


@defprogram(stats.entropy)
def entropy(pk, qk=None, base=None, axis=0):
    p = pk / np.sum(pk, axis=axis, keepdims=True)
    if qk is None:
        total = np.sum(special.entr(p), axis=axis)
    else:
        total = np.sum(special.rel_entr(p, qk / np.sum(qk, axis=axis, keepdims=True)), axis=axis)
    return total if base is None else total / math.log(base)


@defprogram(stats.gmean)
def gmean(a, axis=0, *, weights=None):
    return np.exp(np.average(np.log(a), axis=axis, weights=weights))


@defprogram(stats.hmean)
def hmean(a, axis=0, *, weights=None):
    return 1.0 / np.average(1.0 / a, axis=axis, weights=weights)


@defprogram(stats.zscore)
def zscore(a, axis=0, ddof=0):
    spread = np.std(a, axis=axis, ddof=ddof, keepdims=True)
    return (a - np.mean(a, axis=axis, keepdims=True)) / spread


@defprogram(stats.skew)
def skew(a, axis=0, bias=True):
    d = a - np.mean(a, axis=axis, keepdims=True)
    n = np.size(a) if axis is None else np.shape(a)[axis]
    g = np.mean(d**3, axis=axis) / np.mean(d**2, axis=axis) ** 1.5
    return g if bias or n < 3 else g * math.sqrt(n * (n - 1.0)) / (n - 2.0)


@defprogram(stats.kurtosis)
def kurtosis(a, axis=0, fisher=True, bias=True):
    d = a - np.mean(a, axis=axis, keepdims=True)
    n = np.size(a) if axis is None else np.shape(a)[axis]
    g = np.mean(d**4, axis=axis) / np.mean(d**2, axis=axis) ** 2
    if not bias and n > 3:
        g = ((n * n - 1.0) * g - 3.0 * (n - 1.0) ** 2) / ((n - 2.0) * (n - 3.0)) + 3.0
    return g - 3.0 if fisher else g


@defprogram(stats.moment)
def moment(a, order=1, axis=0):
    if order == 0:
        return np.ones(np.shape(np.mean(a, axis=axis)))
    return np.mean((a - np.mean(a, axis=axis, keepdims=True)) ** order, axis=axis)


@defprogram(stats.sem)
def sem(a, axis=0, ddof=1):
    n = np.size(a) if axis is None else np.shape(a)[axis]
    return np.std(a, axis=axis, ddof=ddof) / math.sqrt(n)


@defprogram(stats.variation)
def variation(a, axis=0, *, ddof=0):
    return np.std(a, axis=axis, ddof=ddof) / np.mean(a, axis=axis)
