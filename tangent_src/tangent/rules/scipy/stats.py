"""The densities and distribution functions of `scipy.stats`, as programs.

Outside of its support a density is 0, and flat.
"""

import math

import numpy as np
from scipy import special, stats

from tangent.rules.language import constant, defprogram

# ------------------------------------------------------------------------------ normal


@defprogram(stats.norm.logpdf)
def norm_logpdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return -(z**2) / 2.0 - math.log(2 * math.pi) / 2.0 - np.log(scale)


@defprogram(stats.norm.pdf)
def norm_pdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return np.exp(-(z**2) / 2.0) / (math.sqrt(2 * math.pi) * scale)


@defprogram(stats.norm.cdf)
def norm_cdf(x, loc=0, scale=1):
    return special.ndtr(np.divide(x - loc, scale, dtype=np.float64))


@defprogram(stats.norm.sf)
def norm_sf(x, loc=0, scale=1):
    return special.ndtr(np.divide(loc - x, scale, dtype=np.float64))


@defprogram(stats.norm.logcdf)
def norm_logcdf(x, loc=0, scale=1):
    return special.log_ndtr(np.divide(x - loc, scale, dtype=np.float64))


@defprogram(stats.norm.logsf)
def norm_logsf(x, loc=0, scale=1):
    return special.log_ndtr(np.divide(loc - x, scale, dtype=np.float64))


@defprogram(stats.norm.ppf)
def norm_ppf(q, loc=0, scale=1):
    return special.ndtri(np.asarray(q, np.float64)) * scale + loc


@defprogram(stats.norm.isf)
def norm_isf(q, loc=0, scale=1):
    return loc - special.ndtri(np.asarray(q, np.float64)) * scale


# ------------------------------------------------------------------------------ gamma and its kin


@defprogram(stats.gamma.logpdf)
def gamma_logpdf(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    density = special.xlogy(a - 1.0, z) - z - special.gammaln(a) - np.log(scale)
    return np.where(inside, density, -np.inf)


@defprogram(stats.gamma.pdf)
def gamma_pdf(x, a, loc=0, scale=1):
    return np.exp(stats.gamma.logpdf(x, a, loc, scale))


@defprogram(stats.gamma.cdf)
def gamma_cdf(x, a, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.gammainc(a, np.where(inside, z, 1.0)), 0.0)


@defprogram(stats.chi2.logpdf)
def chi2_logpdf(x, df, loc=0, scale=1):
    return stats.gamma.logpdf(x, df / 2.0, loc, 2.0 * scale)


@defprogram(stats.chi2.pdf)
def chi2_pdf(x, df, loc=0, scale=1):
    return np.exp(stats.chi2.logpdf(x, df, loc, scale))


@defprogram(stats.chi2.cdf)
def chi2_cdf(x, df, loc=0, scale=1):
    return stats.gamma.cdf(x, df / 2.0, loc, 2.0 * scale)


@defprogram(stats.expon.logpdf)
def expon_logpdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return np.where(z >= 0, -z - np.log(scale), -np.inf)


@defprogram(stats.expon.pdf)
def expon_pdf(x, loc=0, scale=1):
    return np.exp(stats.expon.logpdf(x, loc, scale))


@defprogram(stats.expon.cdf)
def expon_cdf(x, loc=0, scale=1):
    return -np.expm1(-np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0))


@defprogram(stats.expon.sf)
def expon_sf(x, loc=0, scale=1):
    return np.exp(-np.maximum(np.divide(x - loc, scale, dtype=np.float64), 0.0))


@defprogram(stats.lognorm.logpdf)
def lognorm_logpdf(x, s, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.log(np.where(inside, z, 1.0))
    density = -((z / s) ** 2) / 2 - z - np.log(s * math.sqrt(2 * math.pi))
    return np.where(inside, density - np.log(scale), -np.inf)


@defprogram(stats.lognorm.pdf)
def lognorm_pdf(x, s, loc=0, scale=1):
    return np.exp(stats.lognorm.logpdf(x, s, loc, scale))


@defprogram(stats.lognorm.cdf)
def lognorm_cdf(x, s, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, special.ndtr(np.log(np.where(inside, z, 1.0)) / s), 0.0)


@defprogram(stats.weibull_min.logpdf)
def weibull_logpdf(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    z = np.where(inside, z, 1.0)
    density = np.log(c) + special.xlogy(c - 1, z) - z**c
    return np.where(inside, density - np.log(scale), -np.inf)


@defprogram(stats.weibull_min.pdf)
def weibull_pdf(x, c, loc=0, scale=1):
    return np.exp(stats.weibull_min.logpdf(x, c, loc, scale))


@defprogram(stats.weibull_min.cdf)
def weibull_cdf(x, c, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = z > 0
    return np.where(inside, -np.expm1(-(np.where(inside, z, 1.0) ** c)), 0.0)


# ------------------------------------------------------------------------------ symmetric


@defprogram(stats.laplace.logpdf)
def laplace_logpdf(x, loc=0, scale=1):
    return -np.abs(np.divide(x - loc, scale, dtype=np.float64)) - np.log(scale) - math.log(2)


@defprogram(stats.laplace.pdf)
def laplace_pdf(x, loc=0, scale=1):
    return np.exp(stats.laplace.logpdf(x, loc, scale))


@defprogram(stats.laplace.cdf)
def laplace_cdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    above = z > 0  # smooth at 0, where an absolute value would be flat
    upper, lower = np.exp(-np.where(above, z, 0.0)), np.exp(np.where(above, 0.0, z))
    return np.where(above, 1.0 - upper / 2, lower / 2)


@defprogram(stats.cauchy.logpdf)
def cauchy_logpdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return -np.log1p(z * z) - math.log(math.pi) - np.log(scale)


@defprogram(stats.cauchy.pdf)
def cauchy_pdf(x, loc=0, scale=1):
    return np.exp(stats.cauchy.logpdf(x, loc, scale))


@defprogram(stats.cauchy.cdf)
def cauchy_cdf(x, loc=0, scale=1):
    return np.arctan2(1.0, np.divide(loc - x, scale, dtype=np.float64)) / math.pi


@defprogram(stats.logistic.logpdf)
def logistic_logpdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return special.log_expit(z) + special.log_expit(-z) - np.log(scale)


@defprogram(stats.logistic.pdf)
def logistic_pdf(x, loc=0, scale=1):
    return np.exp(stats.logistic.logpdf(x, loc, scale))


@defprogram(stats.logistic.cdf)
def logistic_cdf(x, loc=0, scale=1):
    return special.expit(np.divide(x - loc, scale, dtype=np.float64))


@defprogram(stats.uniform.logpdf)
def uniform_logpdf(x, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    return np.where((z >= 0) & (z <= 1), -np.log(np.asarray(scale, np.float64)), -np.inf)


@defprogram(stats.uniform.pdf)
def uniform_pdf(x, loc=0, scale=1):
    return np.exp(stats.uniform.logpdf(x, loc, scale))


@defprogram(stats.uniform.cdf)
def uniform_cdf(x, loc=0, scale=1):
    return np.clip(np.divide(x - loc, scale, dtype=np.float64), 0.0, 1.0)


# ------------------------------------------------------------------------------ beta, t


@defprogram(stats.beta.logpdf)
def beta_logpdf(x, a, b, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    z = np.where(inside, z, 0.5)
    density = special.xlog1py(b - 1.0, -z) + special.xlogy(a - 1.0, z) - special.betaln(a, b)
    return np.where(inside, density - np.log(scale), -np.inf)


@defprogram(stats.beta.pdf)
def beta_pdf(x, a, b, loc=0, scale=1):
    return np.exp(stats.beta.logpdf(x, a, b, loc, scale))


@defprogram(stats.beta.cdf)
def beta_cdf(x, a, b, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    inside = (z > 0) & (z < 1)
    part = special.betainc(a, b, np.where(inside, z, 0.5))
    return np.where(inside, part, np.greater_equal(z, 1) * 1.0)


@defprogram(stats.t.logpdf)
def t_logpdf(x, df, loc=0, scale=1):
    z = np.divide(x - loc, scale, dtype=np.float64)
    norm = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - np.log(df * math.pi) / 2
    return norm - (df + 1) / 2 * np.log1p(z * z / df) - np.log(scale)


@defprogram(stats.t.pdf)
def t_pdf(x, df, loc=0, scale=1):
    return np.exp(stats.t.logpdf(x, df, loc, scale))


@defprogram(stats.t.cdf)
def t_cdf(x, df, loc=0, scale=1):
    return special.stdtr(df, np.divide(x - loc, scale, dtype=np.float64))


@defprogram(stats.t.logcdf)
def t_logcdf(x, df, loc=0, scale=1):
    return np.log(stats.t.cdf(x, df, loc, scale))


# ------------------------------------------------------------------------------ discrete


def counts(m, low, high):
    """Which numbers are whole and in a range: the others have no probability."""
    return (m == np.floor(m)) & (m >= low) & (m <= high)


constant(counts)


@defprogram(stats.poisson.logpmf)
def poisson_logpmf(k, mu, loc=0):
    inside = counts(k - loc, 0, np.inf)
    n = np.where(inside, k - loc, 0)
    return np.where(inside, special.xlogy(n, mu) - special.gammaln(n + 1) - mu, -np.inf)


@defprogram(stats.poisson.pmf)
def poisson_pmf(k, mu, loc=0):
    return np.exp(stats.poisson.logpmf(k, mu, loc))


@defprogram(stats.poisson.cdf)
def poisson_cdf(k, mu, loc=0):
    n = np.floor(k - loc)
    return np.where(n >= 0, special.gammaincc(np.maximum(n, 0) + 1.0, mu), 0.0)


@defprogram(stats.poisson.sf)
def poisson_sf(k, mu, loc=0):
    n = np.floor(k - loc)
    return np.where(n >= 0, special.gammainc(np.maximum(n, 0) + 1.0, mu), 1.0)


@defprogram(stats.binom.logpmf)
def binom_logpmf(k, n, p, loc=0):
    inside = counts(k - loc, 0, n)
    m = np.where(inside, k - loc, 0)
    ways = special.gammaln(n + 1) - special.gammaln(m + 1) - special.gammaln(n - m + 1)
    return np.where(inside, ways + special.xlogy(m, p) + special.xlog1py(n - m, -p), -np.inf)


@defprogram(stats.binom.pmf)
def binom_pmf(k, n, p, loc=0):
    return np.exp(stats.binom.logpmf(k, n, p, loc))


@defprogram(stats.bernoulli.logpmf)
def bernoulli_logpmf(k, p, loc=0):
    return stats.binom.logpmf(k, 1, p, loc)


@defprogram(stats.bernoulli.pmf)
def bernoulli_pmf(k, p, loc=0):
    return np.exp(stats.binom.logpmf(k, 1, p, loc))


@defprogram(stats.geom.logpmf)
def geom_logpmf(k, p, loc=0):
    inside = counts(k - loc, 1, np.inf)
    m = np.where(inside, k - loc, 1)
    return np.where(inside, np.log(p) + special.xlog1py(m - 1, -p), -np.inf)


@defprogram(stats.geom.pmf)
def geom_pmf(k, p, loc=0):
    return np.exp(stats.geom.logpmf(k, p, loc))


@defprogram(stats.nbinom.logpmf)
def nbinom_logpmf(k, n, p, loc=0):
    inside = counts(k - loc, 0, np.inf)
    m = np.where(inside, k - loc, 0)
    ways = special.gammaln(n + m) - special.gammaln(m + 1) - special.gammaln(n)
    return np.where(inside, ways + n * np.log(p) + special.xlog1py(m, -p), -np.inf)


@defprogram(stats.nbinom.pmf)
def nbinom_pmf(k, n, p, loc=0):
    return np.exp(stats.nbinom.logpmf(k, n, p, loc))


# ------------------------------------------------------------------------------ several variables


@defprogram(stats.dirichlet.logpdf)
def dirichlet_logpdf(x, alpha):
    norm = special.gammaln(np.sum(alpha)) - np.sum(special.gammaln(alpha))
    return norm + np.sum(special.xlogy(alpha - 1, x.T).T, axis=0)


@defprogram(stats.dirichlet.pdf)
def dirichlet_pdf(x, alpha):
    return np.exp(stats.dirichlet.logpdf(x, alpha))


def lower_half(S):
    """A symmetric matrix, of which SciPy reads the lower half."""
    return np.tril(S) + np.tril(S, -1).T


@defprogram(stats.multivariate_normal.logpdf)
def multivariate_normal_logpdf(x, mean=None, cov=1, allow_singular=False):
    """Of one point, or of points along the first axes; of a singular covariance on its range."""
    if mean is None:
        mean = np.zeros(np.shape(cov)[0] if np.ndim(cov) == 2 else 1)
    n = np.size(mean)
    if n == 1 and np.ndim(x) < 2:  # points of one dimension
        x = np.expand_dims(x, -1)
    S = lower_half(np.asarray(cov, np.float64)) if np.ndim(cov) == 2 else cov * np.eye(n)
    d = np.subtract(x, mean, dtype=np.float64)
    if allow_singular:
        w = np.linalg.eigvalsh(S)
        inside = w > 1e6 * np.finfo(np.float64).eps * np.max(np.abs(w))
        size, rank = np.sum(np.log(np.where(inside, w, 1.0))), np.count_nonzero(inside)
        distance = np.sum(d * (d @ np.linalg.pinv(S, hermitian=True)), axis=-1)
        return -(rank * math.log(2 * math.pi) + size + distance) / 2
    distance = np.sum(d * np.linalg.solve(S, d[..., None])[..., 0], axis=-1)
    return -(n * math.log(2 * math.pi) + np.linalg.slogdet(S)[1] + distance) / 2


@defprogram(stats.multivariate_normal.pdf)
def multivariate_normal_pdf(x, mean=None, cov=1, allow_singular=False):
    return np.exp(stats.multivariate_normal.logpdf(x, mean, cov, allow_singular))


@defprogram(stats.multivariate_normal.entropy)
def multivariate_normal_entropy(mean=None, cov=1):
    n = np.shape(cov)[0]
    cov = lower_half(np.asarray(cov, np.float64))
    return (n * math.log(2 * math.pi * math.e) + np.linalg.slogdet(cov)[1]) / 2
