"""Derivatives of the gamma function, which Python has and NumPy has not."""

from __future__ import annotations

import math
from typing import Any


def polygamma(x: Any, n: int = 0) -> float:
    """The derivative of order `n + 1` of the logarithm of the gamma function, at a number `x`.

    By the recurrence towards larger arguments and the asymptotic series there (Abramowitz & Stegun,
    6.4.6, 6.3.18 and 6.4.11).  At 0, -1, -2, … it is NaN.
    """
    x = float(x)
    if x <= 0 and x == math.floor(x):
        return math.nan
    sign, factor = (-1.0) ** (n + 1), math.factorial(n)
    total = 0.0
    while x < 15 + n:  # the asymptotic series has double precision from there on
        total += sign * factor / x ** (n + 1)
        x += 1
    return total + _far_away(n, x, sign)


def _far_away(n: int, x: float, sign: float) -> float:
    whole = -math.log(x) if n == 0 else math.factorial(n - 1) / x**n
    whole += math.factorial(n) / (2 * x ** (n + 1))
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
    for k, number in enumerate(bernoulli, start=1):
        whole += number * math.factorial(2 * k + n - 1) / math.factorial(2 * k) / x ** (2 * k + n)
    return sign * whole
