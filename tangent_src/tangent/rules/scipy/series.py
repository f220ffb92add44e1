"""`scipy.special`: hypergeometric functions, polynomials, incomplete integrals, and what is scaled.

The partials stand in the DLMF, dlmf.nist.gov; a parameter whose derivative has no closed form
(`...`) must not depend on the input.
"""

import math

import numpy as np
from scipy import special

from tangent.rules.language import defjvp, defprogram, defvjp, elementwise
from tangent.runtime import log_or_zero, zeta_slope

# fmt: off

# ------------------------------------------------------------------------------ elementary
elementwise(special.expm1,    lambda y, x: y + 1)
elementwise(special.log1p,    lambda y, x: 1 / (1 + x))
elementwise(special.exprel,   lambda y, x: special.hyp1f1(2.0, 3.0, x) / 2)
elementwise(special.sindg,    lambda y, x: math.pi / 180 * special.cosdg(x))
elementwise(special.cosdg,    lambda y, x: -math.pi / 180 * special.sindg(x))
elementwise(special.tandg,    lambda y, x: math.pi / 180 * (1 + y * y))
elementwise(special.cotdg,    lambda y, x: -math.pi / 180 * (1 + y * y))
elementwise(special.radian,
            lambda y, d, m, s: (math.pi / 180, math.pi / 10800, math.pi / 648000))
elementwise(special.wrightomega, lambda y, z: y / (1 + y))
elementwise(special.boxcox1p,
            lambda z, x, lmbda: ((1 + x) ** (lmbda - 1),
                                 ((1 + x) ** lmbda * np.log1p(x) - z) / lmbda))
elementwise(special.inv_boxcox1p,
            lambda z, x, lmbda: ((1 + z) ** (1 - lmbda),
                                 (1 + z) * (x / (lmbda * x + 1) - np.log1p(z)) / lmbda))

# ------------------------------------------------------------------------------ hypergeometric
elementwise(special.hyp0f1,   lambda y, v, z: (..., special.hyp0f1(v + 1, z) / v))
elementwise(special.hyp1f1,
            lambda y, a, b, x: (..., ..., a / b * special.hyp1f1(a + 1, b + 1, x)))
elementwise(special.hyperu,   lambda y, a, b, x: (..., ..., -a * special.hyperu(a + 1, b + 1, x)))
elementwise(special.hyp2f1,
            lambda y, a, b, c, z: (
                ..., ..., ..., a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, z)))
elementwise(special.zeta,
            lambda y, x, q=None: (zeta_slope(x, 1.0 if q is None else q),
                                  None if q is None else -x * special.zeta(x + 1, q)))

# ------------------------------------------------------------------------------ Bessel functions
elementwise(special.kn,
            lambda y, n, x: (..., -(special.kv(n - 1, x) + special.kv(n + 1, x)) / 2))
elementwise(special.k0e,      lambda y, x: y - special.k1e(x))
elementwise(special.k1e,      lambda y, x: y - (special.k0e(x) + special.kve(2, x)) / 2)
# the second derivative: 10.47.1 and 10.47.2
elementwise(special.spherical_jn,
            lambda y, n, z, derivative=False: (
                ..., (n * (n + 1) / (z * z) - 1) * special.spherical_jn(n, z) - 2 * y / z
                if derivative else n / z * y - special.spherical_jn(n + 1, z)))
elementwise(special.spherical_yn,
            lambda y, n, z, derivative=False: (
                ..., (n * (n + 1) / (z * z) - 1) * special.spherical_yn(n, z) - 2 * y / z
                if derivative else n / z * y - special.spherical_yn(n + 1, z)))
elementwise(special.spherical_in,
            lambda y, n, z, derivative=False: (
                ..., (n * (n + 1) / (z * z) + 1) * special.spherical_in(n, z) - 2 * y / z
                if derivative else n / z * y + special.spherical_in(n + 1, z)))
elementwise(special.spherical_kn,
            lambda y, n, z, derivative=False: (
                ..., (n * (n + 1) / (z * z) + 1) * special.spherical_kn(n, z) - 2 * y / z
                if derivative else n / z * y - special.spherical_kn(n + 1, z)))
elementwise(special.struve,
            lambda y, v, x: (..., (
                special.struve(v - 1, x) - special.struve(v + 1, x)
                + (x / 2) ** v * special.rgamma(v + 1.5) / math.sqrt(math.pi)) / 2))
elementwise(special.modstruve,
            lambda y, v, x: (..., (
                special.modstruve(v - 1, x) + special.modstruve(v + 1, x)
                + (x / 2) ** v * special.rgamma(v + 1.5) / math.sqrt(math.pi)) / 2))

# ------------------------------------------------------------------------------ polynomials
# 18.9.15 to 18.9.27; the constant one has no derivative, and there is none of a lower degree
elementwise(special.eval_legendre,
            lambda y, n, x: (..., np.where(n > 0, (n + 1) / 2 * special.eval_jacobi(
                n - 1, 1.0, 1.0, x), 0)))
elementwise(special.eval_jacobi,
            lambda y, n, alpha, beta, x: (..., ..., ..., np.where(
                n > 0, (n + alpha + beta + 1) / 2 * special.eval_jacobi(
                    n - 1, alpha + 1, beta + 1, x), 0)))
elementwise(special.eval_gegenbauer,
            lambda y, n, alpha, x: (..., ..., np.where(
                n > 0, 2 * alpha * special.eval_gegenbauer(n - 1, alpha + 1, x), 0)))
elementwise(special.eval_chebyt,
            lambda y, n, x: (..., np.where(n > 0, n * special.eval_chebyu(n - 1, x), 0)))
elementwise(special.eval_chebyu,
            lambda y, n, x: (..., np.where(n > 0, 2 * special.eval_gegenbauer(n - 1, 2.0, x), 0)))
elementwise(special.eval_hermite,
            lambda y, n, x: (..., np.where(
                n > 0, 2 * n * special.eval_hermite(np.maximum(n - 1, 0), x), 0)))
elementwise(special.eval_hermitenorm,
            lambda y, n, x: (..., np.where(
                n > 0, n * special.eval_hermitenorm(np.maximum(n - 1, 0), x), 0)))
elementwise(special.eval_laguerre,
            lambda y, n, x: (..., np.where(
                n > 0, -special.eval_genlaguerre(n - 1, 1.0, x), 0)))
elementwise(special.eval_genlaguerre,
            lambda y, n, alpha, x: (..., ..., np.where(
                n > 0, -special.eval_genlaguerre(n - 1, alpha + 1, x), 0)))

elementwise(special.eval_chebyc,
            lambda y, n, x: (..., np.where(n > 0, n * special.eval_chebyu(n - 1, x / 2), 0)))
elementwise(special.eval_chebys,
            lambda y, n, x: (..., np.where(
                n > 0, special.eval_gegenbauer(n - 1, 2.0, x / 2), 0)))
elementwise(special.eval_sh_legendre,
            lambda y, n, x: (..., np.where(n > 0, (n + 1) * special.eval_jacobi(
                n - 1, 1.0, 1.0, 2 * x - 1), 0)))
elementwise(special.eval_sh_chebyt,
            lambda y, n, x: (..., np.where(
                n > 0, 2 * n * special.eval_chebyu(n - 1, 2 * x - 1), 0)))
elementwise(special.eval_sh_chebyu,
            lambda y, n, x: (..., np.where(
                n > 0, 4 * special.eval_gegenbauer(n - 1, 2.0, 2 * x - 1), 0)))
elementwise(special.lpmv,
            lambda y, m, v, x: (..., ..., ((v - m + 1) * special.lpmv(m, v + 1, x)
                                           - (v + 1) * x * y) / (x * x - 1)))  # 14.10.4

# ------------------------------------------------------------------------------ integrals
elementwise(special.expn,     lambda y, n, x: (..., -(np.exp(-x) - (n - 1) * y) / x))  # 8.19.12
elementwise(special.wofz,     lambda y, z: 2j / math.sqrt(math.pi) - 2 * z * y)
elementwise(special.ndtri_exp, lambda y, x: math.sqrt(2 * math.pi) * np.exp(x + y * y / 2))
elementwise(special.owens_t,
            lambda y, h, a: (np.exp(-h * h / 2) * (0.5 - special.ndtr(a * h))
                             / math.sqrt(2 * math.pi),
                             np.exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a))))
elementwise(special.ellipkm1,
            lambda y, p: (y - special.ellipe(1 - p) / p) / (2 * (1 - p)))
# 19.4.1 to 19.4.4
elementwise(special.ellipkinc,
            lambda y, phi, m: (
                1 / np.sqrt(1 - m * np.sin(phi) ** 2),
                (special.ellipeinc(phi, m) / (1 - m) - y) / (2 * m)
                - np.sin(2 * phi) / (4 * (1 - m) * np.sqrt(1 - m * np.sin(phi) ** 2))))
elementwise(special.ellipeinc,
            lambda y, phi, m: (np.sqrt(1 - m * np.sin(phi) ** 2),
                               (y - special.ellipkinc(phi, m)) / (2 * m)))

# ------------------------------------------------------------------------------ distributions
elementwise(special.stdtrit,
            lambda t, df, p: (..., np.exp(special.gammaln(df / 2) - special.gammaln((df + 1) / 2)
                                          + (df + 1) / 2 * np.log1p(t * t / df))
                              * np.sqrt(df * math.pi)))
elementwise(special.chdtr,
            lambda y, v, x: (..., np.exp(special.xlogy(v / 2 - 1, x) - x / 2
                                         - special.gammaln(v / 2) - v / 2 * math.log(2))))
elementwise(special.chdtrc,
            lambda y, v, x: (..., -np.exp(special.xlogy(v / 2 - 1, x) - x / 2
                                          - special.gammaln(v / 2) - v / 2 * math.log(2))))
elementwise(special.fdtr,
            lambda y, dfn, dfd, x: (..., ..., np.exp(
                special.xlogy(dfn / 2, dfn / dfd) + special.xlogy(dfn / 2 - 1, x)
                - (dfn + dfd) / 2 * np.log1p(dfn * x / dfd) - special.betaln(dfn / 2, dfd / 2))))
elementwise(special.gdtr,
            lambda y, a, b, x: (x * np.exp(special.xlogy(b - 1, a * x) - a * x
                                           - special.gammaln(b)), ...,
                                a * np.exp(special.xlogy(b - 1, a * x) - a * x
                                           - special.gammaln(b))))
elementwise(special.pdtr,
            lambda y, k, m: (None, -np.exp(special.xlogy(k // 1, m) - m
                                           - special.gammaln(k // 1 + 1))))
elementwise(special.pdtrc,
            lambda y, k, m: (None, np.exp(special.xlogy(k // 1, m) - m
                                          - special.gammaln(k // 1 + 1))))

# ------------------------------------------------------------------------------ several parameters
elementwise(special.powm1,
            lambda z, x, y: (y * x ** (y - 1), (z + 1) * log_or_zero(x)))
elementwise(special.wright_bessel,
            lambda y, a, b, x: (..., ..., special.wright_bessel(a, a + b, x)))
elementwise(special.log_wright_bessel,
            lambda y, a, b, x: (..., ..., np.exp(special.log_wright_bessel(a, a + b, x) - y)))
# the integrals of Carlson: 19.18.1, and R_C(x, y) = R_F(x, y, y)
elementwise(special.elliprf,
            lambda f, x, y, z: (-special.elliprd(y, z, x) / 6, -special.elliprd(z, x, y) / 6,
                                -special.elliprd(x, y, z) / 6))
elementwise(special.elliprc,
            lambda f, x, y: (-special.elliprd(y, y, x) / 6, -special.elliprd(x, y, y) / 3))
# fmt: on


def voigt_profile(y, x, sigma, gamma):
    """V = Re w(z) / (sigma sqrt(2 pi)) at z = (x + i gamma) / (sigma sqrt(2)).  7.19.1, 7.10.1."""
    z = (x + 1j * gamma) / (sigma * math.sqrt(2))
    slope = (2j / math.sqrt(math.pi) - 2 * z * special.wofz(z)) / (2 * math.sqrt(math.pi))
    return (
        np.real(slope) / sigma**2,
        -y / sigma - np.real(slope * z) * math.sqrt(2) / sigma**2,
        -np.imag(slope) / sigma**2,
    )


def agm(y, a, b):
    """pi (a + b) / (4 K(m)) with m = ((a - b) / (a + b))^2.  19.8.5."""
    part = (a - b) / (a + b)
    turn = math.pi / 2 * special.hyp2f1(1.5, 1.5, 2.0, part * part) * part
    turn = turn * y / (special.ellipk(part * part) * (a + b) ** 2)
    return y / (a + b) - turn * b, y / (a + b) + turn * a


elementwise(special.voigt_profile, voigt_profile)
elementwise(special.agm, agm)

defprogram(zeta_slope)(zeta_slope)

# ------------------------------------------------------------------------------ several at once


@defvjp(special.sici, numeric=False)
def sici(y_bars, y, x):
    return (y_bars[0] * np.sin(x) + y_bars[1] * np.cos(x)) / x


@defjvp(special.sici)
def sici_tangent(x_dot, y, x):
    return np.sin(x) / x * x_dot, np.cos(x) / x * x_dot


@defvjp(special.shichi, numeric=False)
def shichi(y_bars, y, x):
    return (y_bars[0] * np.sinh(x) + y_bars[1] * np.cosh(x)) / x


@defjvp(special.shichi)
def shichi_tangent(x_dot, y, x):
    return np.sinh(x) / x * x_dot, np.cosh(x) / x * x_dot


@defvjp(special.fresnel, numeric=False)
def fresnel(y_bars, y, z):
    angle = math.pi / 2 * z * z
    return y_bars[0] * np.sin(angle) + y_bars[1] * np.cos(angle)


@defjvp(special.fresnel)
def fresnel_tangent(z_dot, y, z):
    angle = math.pi / 2 * z * z
    return np.sin(angle) * z_dot, np.cos(angle) * z_dot


@defvjp(special.airy, numeric=False)
def airy(y_bars, y, z):
    """Both functions fulfil w'' = z w."""
    first = y_bars[0] * y[1] + y_bars[1] * z * y[0]
    return first + y_bars[2] * y[3] + y_bars[3] * z * y[2]


@defjvp(special.airy)
def airy_tangent(z_dot, y, z):
    return y[1] * z_dot, z * y[0] * z_dot, y[3] * z_dot, z * y[2] * z_dot


@defvjp(special.ellipj, numeric=False)
def ellipj(y_bars, y, u, m):
    """sn, cn, dn, and the amplitude, of which u is the elliptic integral: 22.13.1 to 22.13.3, and
    19.4.6 for the parameter.
    """
    sn, cn, dn = y[0], y[1], y[2]
    lag = (special.ellipeinc(y[3], m) / (1 - m) - u) / (2 * m) - sn * cn / (2 * (1 - m) * dn)
    back = y_bars[0] * cn - y_bars[1] * sn + y_bars[3] - y_bars[2] * m * sn * cn / dn
    return back * dn, -back * dn * lag - y_bars[2] * sn * sn / (2 * dn)


@defjvp(special.ellipj)
def ellipj_tangent(u_dot, m_dot, y, u, m):
    sn, cn, dn = y[0], y[1], y[2]
    lag = (special.ellipeinc(y[3], m) / (1 - m) - u) / (2 * m) - sn * cn / (2 * (1 - m) * dn)
    angle = dn * u_dot - dn * lag * m_dot
    bent = -(2 * m * sn * cn * angle + sn * sn * m_dot) / (2 * dn)
    return cn * angle, -sn * angle, bent, angle
