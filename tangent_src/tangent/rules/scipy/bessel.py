"""`scipy.special`: scaled Bessel functions, those of Hankel and Kelvin, derivatives and integrals.

The partials stand in the DLMF, dlmf.nist.gov, chapter 10.
"""

import numpy as np
from scipy import special

from tangent.rules.language import defjvp, defprogram, defvjp, elementwise
from tangent.runtime import stop_gradient, unbroadcast

# fmt: off

# ------------------------------------------------------------------------------ Hankel functions
elementwise(special.hankel1,
            lambda y, v, z: (..., (special.hankel1(v - 1, z) - special.hankel1(v + 1, z)) / 2))
elementwise(special.hankel2,
            lambda y, v, z: (..., (special.hankel2(v - 1, z) - special.hankel2(v + 1, z)) / 2))
elementwise(special.hankel1e,
            lambda y, v, z: (..., (special.hankel1e(v - 1, z) - special.hankel1e(v + 1, z)) / 2
                             - 1j * y))
elementwise(special.hankel2e,
            lambda y, v, z: (..., (special.hankel2e(v - 1, z) - special.hankel2e(v + 1, z)) / 2
                             + 1j * y))

# ------------------------------------------------------------------------------ scaled ones
# by exp(-|Re z|) or exp(-|Im z|), which are not holomorphic: Re(dz), or Im(dz) = Re(-i dz), counts
elementwise(special.ive, terms=lambda y_bar, y, v, z: (
    ..., y_bar * (special.ive(v - 1, z) + special.ive(v + 1, z)) / 2
    - np.real(y_bar * y) * np.sign(np.real(z))))
elementwise(special.jve, terms=lambda y_bar, y, v, z: (
    ..., unbroadcast(y_bar * (special.jve(v - 1, z) - special.jve(v + 1, z)) / 2
                     + 1j * np.real(y_bar * y) * np.sign(np.imag(z)), z)))
elementwise(special.yve, terms=lambda y_bar, y, v, z: (
    ..., unbroadcast(y_bar * (special.yve(v - 1, z) - special.yve(v + 1, z)) / 2
                     + 1j * np.real(y_bar * y) * np.sign(np.imag(z)), z)))

# ------------------------------------------------------------------------------ Kelvin functions
elementwise(special.ber,  lambda y, x: special.berp(x))
elementwise(special.bei,  lambda y, x: special.beip(x))
elementwise(special.ker,  lambda y, x: special.kerp(x))
elementwise(special.kei,  lambda y, x: special.keip(x))
elementwise(special.berp, lambda y, x: -special.bei(x) - y / x)
elementwise(special.beip, lambda y, x: special.ber(x) - y / x)
elementwise(special.kerp, lambda y, x: -special.kei(x) - y / x)
elementwise(special.keip, lambda y, x: special.ker(x) - y / x)

# ------------------------------------------------------------------------------ integrals
elementwise(special.itstruve0,    lambda y, x: special.struve(0.0, x))
elementwise(special.it2struve0,   lambda y, x: -special.struve(0.0, x) / x)
elementwise(special.itmodstruve0, lambda y, x: special.modstruve(0.0, x))
# fmt: on


@defjvp(special.ive)
def ive_tangent(z_dot, y, v, z):
    slope = (special.ive(v - 1, z) + special.ive(v + 1, z)) / 2
    return slope * z_dot - y * np.sign(np.real(z)) * np.real(z_dot)


@defjvp(special.jve)
def jve_tangent(z_dot, y, v, z):
    slope = (special.jve(v - 1, z) - special.jve(v + 1, z)) / 2
    return slope * z_dot - y * np.sign(np.imag(z)) * np.imag(z_dot)


@defjvp(special.yve)
def yve_tangent(z_dot, y, v, z):
    slope = (special.yve(v - 1, z) - special.yve(v + 1, z)) / 2
    return slope * z_dot - y * np.sign(np.imag(z)) * np.imag(z_dot)


@defvjp(special.itj0y0, numeric=False)
def itj0y0(y_bars, y, x):
    return y_bars[0] * special.j0(x) + y_bars[1] * special.y0(x)


@defjvp(special.itj0y0)
def itj0y0_tangent(x_dot, y, x):
    return special.j0(x) * x_dot, special.y0(x) * x_dot


@defvjp(special.iti0k0, numeric=False)
def iti0k0(y_bars, y, x):
    return y_bars[0] * special.i0(x) + y_bars[1] * special.k0(x)


@defjvp(special.iti0k0)
def iti0k0_tangent(x_dot, y, x):
    return special.i0(x) * x_dot, special.k0(x) * x_dot


@defvjp(special.it2j0y0, numeric=False)
def it2j0y0(y_bars, y, x):
    return (y_bars[0] * (1 - special.j0(x)) - y_bars[1] * special.y0(x)) / x


@defjvp(special.it2j0y0)
def it2j0y0_tangent(x_dot, y, x):
    return (1 - special.j0(x)) / x * x_dot, -special.y0(x) / x * x_dot


@defvjp(special.it2i0k0, numeric=False)
def it2i0k0(y_bars, y, x):
    return (y_bars[0] * (special.i0(x) - 1) - y_bars[1] * special.k0(x)) / x


@defjvp(special.it2i0k0)
def it2i0k0_tangent(x_dot, y, x):
    return (special.i0(x) - 1) / x * x_dot, -special.k0(x) / x * x_dot


@defvjp(special.itairy, numeric=False)
def itairy(y_bars, y, x):
    there, back = special.airy(x), special.airy(-x)
    first = y_bars[0] * there[0] + y_bars[1] * there[2]
    return first + y_bars[2] * back[0] + y_bars[3] * back[2]


@defjvp(special.itairy)
def itairy_tangent(x_dot, y, x):
    there, back = special.airy(x), special.airy(-x)
    return there[0] * x_dot, there[2] * x_dot, back[0] * x_dot, back[2] * x_dot


@defvjp(special.kelvin, numeric=False)
def kelvin(y_bars, y, x):
    """Both functions fulfil w'' = i w - w'/x."""
    first = y_bars[0] * y[2] + y_bars[2] * (1j * y[0] - y[2] / x)
    second = y_bars[1] * y[3] + y_bars[3] * (1j * y[1] - y[3] / x)
    return unbroadcast(first + second, x)


@defjvp(special.kelvin)
def kelvin_tangent(x_dot, y, x):
    first, second = 1j * y[0] - y[2] / x, 1j * y[1] - y[3] / x
    return y[2] * x_dot, y[3] * x_dot, first * x_dot, second * x_dot


# ------------------------------------------------------------------------------ derivatives
# 10.6.7 and 10.29.5: the n-th one is a sum over orders from v - n to v + n


def derivative(of, v, z, n, sign):
    total = 0.0
    for k in range(n + 1):
        order = stop_gradient(v - n + 2 * k)
        total = total + sign**k * special.binom(n, k) * of(order, z)
    return total / 2**n


@defprogram(special.jvp)
def jvp(v, z, n=1):
    return derivative(special.jv, v, z, n, -1)


@defprogram(special.yvp)
def yvp(v, z, n=1):
    return derivative(special.yv, v, z, n, -1)


@defprogram(special.ivp)
def ivp(v, z, n=1):
    return derivative(special.iv, v, z, n, 1)


@defprogram(special.kvp)
def kvp(v, z, n=1):
    return (-1) ** n * derivative(special.kv, v, z, n, 1)


@defprogram(special.h1vp)
def h1vp(v, z, n=1):
    return derivative(special.hankel1, v, z, n, -1)


@defprogram(special.h2vp)
def h2vp(v, z, n=1):
    return derivative(special.hankel2, v, z, n, -1)
