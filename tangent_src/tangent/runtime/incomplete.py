"""The incomplete gamma and beta functions, differentiated in their parameters, by power series.

All terms t of the series are positive, and so are smooth functions of the parameters:
dt = t dlog(t), d2t = t (dlog(t)^2 + d2log(t)).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.refusals import Refusal


def gammainc_slope(a: Any, x: Any, order: int = 1) -> Any:
    """The derivative of order 1 or 2 of the regularised gamma function P(a, x) in `a`.

    P(a, x) is the sum of x^(a + n) exp(-x) / Gamma(a + n + 1).  DLMF 8.7.1.
    """
    if order > 2:
        what = "a derivative of third order of `scipy.special.gammainc` in its parameter"
        raise Refusal(what, "order", "differentiate it twice at most, or in the argument alone")
    from scipy import special

    kind = np.result_type(a, x)
    kind = kind if kind.kind == "f" else np.dtype(float)
    a, x = np.broadcast_arrays(np.asarray(a, float), np.asarray(x, float))
    inside = x > 0
    x = np.where(inside, x, 1.0)
    logarithm, n, total = np.log(x), 0, np.zeros(np.shape(x))
    term = np.exp(a * logarithm - x - special.gammaln(a + 1))
    first, second = special.psi(a + 1), special.polygamma(1, a + 1)
    while n < 100_000 and np.any((term > 1e-18) | (n < x - a)):
        slope = logarithm - first
        total = total + term * (slope if order == 1 else slope * slope - second)
        n += 1
        first, second = first + 1 / (a + n), second - 1 / (a + n) ** 2
        term = term * x / (a + n)
    value = np.where(inside, total, 0).astype(kind)
    return value if value.ndim else value[()]


def betainc_slope(a: Any, b: Any, x: Any, i: int = 1, j: int = 0) -> Any:
    """The derivative of I_x(a, b), of order `i` in `a` and `j` in `b`, together 1 or 2.

    I_x(a, b) is 1 - I_{1 - x}(b, a), whose series may converge faster.  DLMF 8.17.4.
    """
    if i + j > 2:
        what = "a derivative of third order of `scipy.special.betainc` in its parameters"
        raise Refusal(what, "order", "differentiate it twice at most, or in the argument alone")
    kind = np.result_type(a, b, x)
    kind = kind if kind.kind == "f" else np.dtype(float)
    a, b, x = np.broadcast_arrays(*(np.asarray(v, float) for v in (a, b, x)))
    inside = (x > 0) & (x < 1)
    x = np.where(inside, x, 0.5)
    turned = x > (a + 1) / (a + b + 2)
    p, q, z = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1 - x, x)
    slopes = np.where(turned, -betainc_series(p, q, z, j, i), betainc_series(p, q, z, i, j))
    value = np.where(inside, slopes, 0).astype(kind)
    return value if value.ndim else value[()]


def betainc_series(a: Any, b: Any, x: Any, i: int, j: int) -> Any:
    """The derivative of I_x(a, b), where `x` is small: that of the sum of
    Gamma(a + b + n) / (Gamma(a + n + 1) Gamma(b)) x^(a + n) (1 - x)^b.  DLMF 8.17.8.
    """
    from scipy import special

    logarithm, rest, n = np.log(x), np.log1p(-x), 0
    term = np.exp(a * logarithm + b * rest - special.betaln(a, b)) / a
    total = np.zeros(np.shape(x))
    both, own, other = special.psi(a + b), special.psi(a + 1), special.psi(b)
    curved = [special.polygamma(1, v) for v in (a + b, a + 1, b)]
    while n < 100_000 and np.any(term > 1e-18 * (1 - x)):
        in_a, in_b = both - own + logarithm, both - other + rest
        if i + j == 1:
            factor = in_a if i else in_b
        elif i == j:
            factor = in_a * in_b + curved[0]
        else:
            factor = in_a**2 + curved[0] - curved[1] if i else in_b**2 + curved[0] - curved[2]
        total = total + term * factor
        term = term * x * (a + b + n) / (a + 1 + n)
        both, own = both + 1 / (a + b + n), own + 1 / (a + 1 + n)
        curved[0] = curved[0] - 1 / (a + b + n) ** 2
        curved[1] = curved[1] - 1 / (a + 1 + n) ** 2
        n += 1
    return total
