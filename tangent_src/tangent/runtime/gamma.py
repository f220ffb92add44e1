"""Derivatives of the gamma function, which Python has and NumPy has not."""

from __future__ import annotations

from typing import Any

import numpy as np


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
    bernoulli = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
    for k, number in enumerate(bernoulli, start=1):
        ratio = float(np.prod(np.arange(2.0 * k + 1, 2 * k + n)))  # (2k + n - 1)! / (2k)!
        total += number * (ratio if n else 1 / (2 * k)) / x ** (2 * k + n)
    return float(total if n % 2 else -total)
