"""Derivatives of the gamma function, and of sums of powers."""

from __future__ import annotations

from typing import Any

import numpy as np


def bernoulli_numbers() -> tuple[float, ...]:
    """The first ones of even index, from the second on."""
    return 1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6


def polygamma(x: Any, n: int = 0) -> float:
    """The derivative of order `n + 1` of the logarithm of the gamma function, at a number `x`.

    By the recurrence towards larger arguments and the asymptotic series there (Abramowitz & Stegun,
    6.4.6, 6.3.18 and 6.4.11).  At 0, -1, -2, … it is NaN.
    """
    x = float(x)
    if x <= 0 and x == np.floor(x):
        return float("nan")
    total = 0.0
    factor = float(np.prod(np.arange(1.0, n + 1)))  # n!
    while x < 15 + n:  # the asymptotic series has double precision from there on
        total += factor / x ** (n + 1)
        x += 1
    total += factor / (2 * x ** (n + 1)) + (factor / n / x**n if n else -float(np.log(x)))
    for k, number in enumerate(bernoulli_numbers(), start=1):
        ratio = float(np.prod(np.arange(2.0 * k + 1, 2 * k + n)))  # (2k + n - 1)! / (2k)!
        total += number * (ratio if n else 1 / (2 * k)) / x ** (2 * k + n)
    return float(total if n % 2 else -total)


def psi_slope(x: Any, n: int = 1) -> Any:
    """The derivative of order `n` of the digamma function, for complex numbers, too."""
    from scipy import special

    if not np.iscomplexobj(x):
        return special.polygamma(n, x)
    z = np.asarray(x, complex)
    steps = int(np.ceil(max(0.0, 15 + n - np.min(z.real, initial=0.0))))
    total = np.zeros_like(z)
    for _ in range(steps):  # to where the asymptotic series has double precision
        total, z = total + z ** -(n + 1.0), z + 1
    total = special.factorial(n) * (total + 0.5 * z ** -(n + 1.0)) + special.gamma(n) * z ** -float(
        n
    )
    for k, number in enumerate(bernoulli_numbers(), start=1):
        ratio = special.gamma(2 * k + n) / special.gamma(2 * k + 1)
        total = total + number * ratio * z ** -(2.0 * k + n)
    value = (-((-1.0) ** n) * total).astype(np.result_type(x))
    return value if value.ndim else value[()]


def zeta_slope(x: Any, q: Any) -> Any:
    """The derivative of the zeta function, the sum of (q + k)^-x, in `x`.

    By the formula of Euler and Maclaurin: DLMF 25.11.5, differentiated.
    """
    total, far = 0.0, q + 12.0
    for k in range(12):
        total = total - np.log(q + k) * (q + k) ** -x
    logarithm, power = np.log(far), far**-x
    total = total - far * power * (logarithm / (x - 1) + 1 / (x - 1) ** 2)
    total = total - logarithm * power / 2
    rising, slope = x * power / far, 1 / x
    for k, number in enumerate((1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160)):
        total = total + number * rising * (slope - logarithm)
        first, second = x + 2 * k + 1, x + 2 * k + 2
        rising = rising * first * second / far**2
        slope = slope + 1 / first + 1 / second
    return total
