"""`scipy.special`: the partials stand in Abramowitz & Stegun, or in the DLMF, dlmf.nist.gov.

A parameter whose derivative has no closed form (`...`) must not depend on the input.
"""

import math

import numpy as np
from scipy import special

from tangent.rules.language import constant, defjvp, defprogram, defvjp, elementwise
from tangent.runtime import (
    betainc_slope,
    expand_reduced,
    gammainc_slope,
    log_or_zero,
    psi_slope,
    quotient,
    unbroadcast,
)

# fmt: off

# ------------------------------------------------------------------------------ error functions
elementwise(special.erf,      lambda y, x: 2 / math.sqrt(math.pi) * np.exp(-x * x))  # 7.1.19
elementwise(special.erfc,     lambda y, x: -2 / math.sqrt(math.pi) * np.exp(-x * x))
elementwise(special.erfcx,    lambda y, x: 2 * x * y - 2 / math.sqrt(math.pi))
elementwise(special.erfi,     lambda y, x: 2 / math.sqrt(math.pi) * np.exp(x * x))
elementwise(special.dawsn,    lambda y, x: 1 - 2 * x * y)
elementwise(special.erfinv,   lambda y, x: math.sqrt(math.pi) / 2 * np.exp(y * y))
elementwise(special.erfcinv,  lambda y, x: -math.sqrt(math.pi) / 2 * np.exp(y * y))
elementwise(special.ndtr,     lambda y, x: np.exp(-x * x / 2) / math.sqrt(2 * math.pi))
elementwise(special.log_ndtr,
            lambda y, x: np.exp(-x * x / 2 - y) / math.sqrt(2 * math.pi))
elementwise(special.ndtri,    lambda y, x: math.sqrt(2 * math.pi) * np.exp(y * y / 2))

# ------------------------------------------------------------------------------ logistic functions
elementwise(special.expit,    lambda y, x: y * (1 - y))
elementwise(special.logit,    terms=lambda y_bar, y, x: y_bar / (x * (1 - x)))
elementwise(special.log_expit, lambda y, x: special.expit(-x))

# ------------------------------------------------------------------------ logarithms and entropies
elementwise(special.xlogy,    lambda z, x, y: (log_or_zero(y), quotient(x, y)))
elementwise(special.xlog1py,  lambda z, x, y: (np.log1p(y), x / (1 + y)))
elementwise(special.entr,     lambda y, x: -np.log(x) - 1)
elementwise(special.rel_entr, lambda z, x, y: (np.log(x / y) + 1, -x / y))
elementwise(special.kl_div,   lambda z, x, y: (np.log(x / y), 1 - x / y))
elementwise(special.exp2,     lambda y, x: y * math.log(2))
elementwise(special.exp10,    lambda y, x: y * math.log(10))
elementwise(special.cbrt,     lambda y, x: 1 / (3 * y * y))
elementwise(special.cosm1,    lambda y, x: -np.sin(x))
elementwise(special.lambertw, lambda y, z, k=0, tol=1e-8: y / (z * (1 + y)))
elementwise(special.expi,     lambda y, x: np.exp(x) / x)
elementwise(special.exp1,     lambda y, x: -np.exp(-x) / x)
elementwise(special.spence,   lambda y, x: np.log(x) / (1 - x))
elementwise(special.boxcox,
            lambda z, x, lmbda: (x ** (lmbda - 1), (x ** lmbda * np.log(x) - z) / lmbda))
elementwise(special.inv_boxcox,
            lambda z, y, lmbda: (z ** (1 - lmbda), z * (y / (lmbda * y + 1) - np.log(z)) / lmbda))
# the kink of the quadratic part of `huber` has no jump in the slope
elementwise(special.huber,
            lambda z, delta, r: (np.where(np.abs(r) > delta, np.abs(r) - delta, 0),
                                 np.clip(r, -delta, delta)))
elementwise(special.pseudo_huber,
            lambda z, delta, r: (2 * z / delta - r * r / (delta * np.sqrt(1 + (r / delta) ** 2)),
                                 r / np.sqrt(1 + (r / delta) ** 2)))

# ------------------------------------------------------------------------------ gamma functions
elementwise(special.gamma,    lambda y, x: y * special.psi(x))  # 6.3.1
elementwise((special.gammaln, special.loggamma), lambda y, x: special.psi(x))
elementwise(special.rgamma,   lambda y, x: -y * special.psi(x))
elementwise(special.psi,      lambda y, x: psi_slope(x))
elementwise(psi_slope,        lambda y, x, n=1: psi_slope(x, n + 1))
elementwise(special.polygamma, lambda y, n, x: (..., special.polygamma(n + 1, x)))
elementwise(special.beta,
            lambda z, a, b: (z * (special.psi(a) - special.psi(a + b)),
                             z * (special.psi(b) - special.psi(a + b))))
elementwise(special.betaln,
            lambda z, a, b: (special.psi(a) - special.psi(a + b),
                             special.psi(b) - special.psi(a + b)))
elementwise(special.poch,
            lambda y, z, m: (y * (special.psi(z + m) - special.psi(z)), y * special.psi(z + m)))
elementwise(special.factorial, lambda y, n: y * special.psi(n + 1))
elementwise(special.binom,
            lambda z, n, k: (z * (special.psi(n + 1) - special.psi(n - k + 1)),
                             z * (special.psi(n - k + 1) - special.psi(k + 1))))
elementwise(special.comb,
            lambda z, N, k: (z * (special.psi(N + 1) - special.psi(N - k + 1)),
                             z * (special.psi(N - k + 1) - special.psi(k + 1))))
elementwise(special.gammainc,
            lambda y, a, x: (gammainc_slope(a, x),
                             np.exp((a - 1) * np.log(x) - x - special.gammaln(a))))
elementwise(special.gammaincc,
            lambda y, a, x: (-gammainc_slope(a, x),
                             -np.exp((a - 1) * np.log(x) - x - special.gammaln(a))))
elementwise(special.gammaincinv,
            lambda x, a, y: (
                -gammainc_slope(a, x) * np.exp(x + special.gammaln(a) - (a - 1) * np.log(x)),
                np.exp(x + special.gammaln(a) - (a - 1) * np.log(x))))
elementwise(special.betainc,
            lambda y, a, b, x: (betainc_slope(a, b, x, 1, 0), betainc_slope(a, b, x, 0, 1),
                                np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x)
                                       - special.betaln(a, b))))
elementwise(special.betaincinv,
            lambda x, a, b, y: (
                -betainc_slope(a, b, x, 1, 0) * np.exp(
                    special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x)),
                -betainc_slope(a, b, x, 0, 1) * np.exp(
                    special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x)),
                np.exp(special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x))))
elementwise(gammainc_slope,
            lambda y, a, x, order=1: (
                gammainc_slope(a, x, order + 1),
                np.exp((a - 1) * np.log(x) - x - special.gammaln(a)) * (
                    (np.log(x) - special.psi(a)) ** 2 - special.polygamma(1, a)
                    if order == 2 else np.log(x) - special.psi(a))))
elementwise(betainc_slope,
            lambda y, a, b, x, i=1, j=0: (
                betainc_slope(a, b, x, i + 1, j), betainc_slope(a, b, x, i, j + 1),
                np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b))
                * (special.psi(a + b) + (np.log(x) - special.psi(a) if i
                                         else np.log1p(-x) - special.psi(b)))))
elementwise(special.stdtr,
            lambda y, df, t: (
                -np.sign(t) / 2 * (betainc_slope(df / 2, 0.5, df / (df + t * t)) / 2
                                   + np.exp((df / 2 - 1) * np.log(df / (df + t * t))
                                            - special.betaln(df / 2, 0.5))
                                   * np.abs(t) * (df + t * t) ** -1.5),
                np.exp(special.gammaln((df + 1) / 2) - special.gammaln(df / 2)
                                           - (df + 1) / 2 * np.log1p(t * t / df))
                              / np.sqrt(df * math.pi)))

# ------------------------------------------------------------------------------ Bessel functions
# 9.1.27, 9.1.28 and 9.6.26 to 9.6.28; the order has no closed form
elementwise(special.j0,       lambda y, x: -special.j1(x))
elementwise(special.j1,       lambda y, x: (special.j0(x) - special.jv(2, x)) / 2)
elementwise(special.jv,
            lambda y, v, x: (..., (special.jv(v - 1, x) - special.jv(v + 1, x)) / 2))
elementwise(special.y0,       lambda y, x: -special.y1(x))
elementwise(special.y1,       lambda y, x: (special.y0(x) - special.yn(2, x)) / 2)
elementwise(special.yn,
            lambda y, n, x: (..., (special.yv(n - 1, x) - special.yv(n + 1, x)) / 2))
elementwise(special.yv,
            lambda y, v, x: (..., (special.yv(v - 1, x) - special.yv(v + 1, x)) / 2))
elementwise(special.i0,       lambda y, x: special.i1(x))
elementwise(special.i1,       lambda y, x: (special.i0(x) + special.iv(2, x)) / 2)
elementwise(special.iv,
            lambda y, v, x: (..., (special.iv(v - 1, x) + special.iv(v + 1, x)) / 2))
elementwise(special.i0e,      lambda y, x: special.i1e(x) - np.sign(x) * y)
elementwise(special.i1e,
            lambda y, x: (special.i0e(x) + special.ive(2, x)) / 2 - np.sign(x) * y)
elementwise(special.k0,       lambda y, x: -special.k1(x))
elementwise(special.k1,       lambda y, x: -(special.k0(x) + special.kv(2, x)) / 2)
elementwise(special.kv,
            lambda y, v, x: (..., -(special.kv(v - 1, x) + special.kv(v + 1, x)) / 2))
elementwise(special.kve,
            lambda y, v, x: (..., y - (special.kve(v - 1, x) + special.kve(v + 1, x)) / 2))

# ------------------------------------------------------------------------------ elliptic integrals
# 19.4.1 and 19.4.2, written as 15.2.1: right at m = 0, too
elementwise(special.ellipk,   lambda y, m: math.pi / 8 * special.hyp2f1(1.5, 1.5, 2.0, m))
elementwise(special.ellipe,   lambda y, m: -math.pi / 8 * special.hyp2f1(0.5, 1.5, 2.0, m))
# fmt: on

constant(special.gammasgn)


# ------------------------------------------------------------------------- sums of exponentials


@defvjp(special.logsumexp, differentiable=("b",), numeric=False)
def logsumexp(y_bar, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    """The shares are b exp(a - y), which add up to 1, or to the sign of the sum."""
    bar = y_bar[0] * y[1] if return_sign else y_bar
    value = y[0] if return_sign else y
    shares = np.exp(a - expand_reduced(value, a, axis, keepdims))
    bars = expand_reduced(bar, a, axis, keepdims) * shares
    return bars if b is None else b * bars, None if b is None else unbroadcast(bars, b)


@defjvp(special.logsumexp)
def logsumexp_tangent(a_dot, b_dot, y, a, axis=None, b=None, keepdims=False, return_sign=False):
    value = y[0] if return_sign else y
    shares = np.exp(a - expand_reduced(value, a, axis, keepdims))
    moved = np.sum(shares * (a_dot if b is None else b * a_dot + b_dot), axis, keepdims=keepdims)
    return (moved * y[1], np.zeros_like(y[1])) if return_sign else moved


@defvjp(special.softmax)
def softmax(y_bar, y, x, axis=None):
    return y * (y_bar - np.sum(y_bar * y, axis, keepdims=True))


@defjvp(special.softmax)
def softmax_tangent(x_dot, y, x, axis=None):
    return y * (x_dot - np.sum(x_dot * y, axis, keepdims=True))


@defvjp(special.log_softmax)
def log_softmax(y_bar, y, x, axis=None):
    return y_bar - np.exp(y) * np.sum(y_bar, axis, keepdims=True)


@defjvp(special.log_softmax)
def log_softmax_tangent(x_dot, y, x, axis=None):
    return x_dot - np.sum(np.exp(y) * x_dot, axis, keepdims=True)


@defprogram(special.diric)
def diric(x, n):
    """sin(n x / 2) / (n sin(x / 2)): 1 or -1 where both are 0, and flat there."""
    kind = np.result_type(x, np.asarray(n), np.float16)
    half = np.asarray(x, kind) / 2
    sine, order = np.sin(half), np.asarray(n, kind)
    flat = np.abs(sine) < (1e-7 if np.finfo(kind).eps < 1e-15 else 1e-3)
    peak = np.cos(math.pi * np.round(half / math.pi) * (order - 1))
    wave = np.sin(order * half) / (order * np.where(flat, 1, sine))
    whole = (order > 0) & (order == np.floor(order))
    return np.where(whole, np.where(flat, peak, wave), np.nan)


@defprogram(special.multigammaln)
def multigammaln(a, d):
    """The logarithm of the multivariate gamma function."""
    places = np.reshape(np.arange(d) / 2, (d,) + (1,) * np.ndim(a))
    return d * (d - 1) / 4 * math.log(math.pi) + np.sum(special.gammaln(a - places), axis=0)
