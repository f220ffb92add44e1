"""Polynomials by their coefficients, the highest power first, and their roots."""

import numpy as np

from tangent.rules.language import defjvp, defprogram, defvjp
from tangent.runtime import conform, leading_zeros, unbroadcast, without_leading_zeros

# ------------------------------------------------------------------------------ arithmetic


@defprogram(np.polyadd)
def polyadd(a1, a2):
    """The shorter one is filled up with zeros in front."""
    a, b = np.atleast_1d(a1), np.atleast_1d(a2)
    n = max(np.size(a), np.size(b))
    return np.pad(a, (n - np.size(a), 0)) + np.pad(b, (n - np.size(b), 0))


@defprogram(np.polysub)
def polysub(a1, a2):
    """The shorter one is filled up with zeros in front."""
    a, b = np.atleast_1d(a1), np.atleast_1d(a2)
    n = max(np.size(a), np.size(b))
    return np.pad(a, (n - np.size(a), 0)) - np.pad(b, (n - np.size(b), 0))


@defprogram(np.polymul)
def polymul(a1, a2):
    """The coefficients of a product are a convolution."""
    return np.convolve(without_leading_zeros(a1), without_leading_zeros(a2))


@defprogram(np.polydiv)
def polydiv(u, v):
    """The quotient and the rest, by long division."""
    rest, divisor = np.atleast_1d(u) + 0.0, np.atleast_1d(v) + 0.0
    n = np.size(divisor)
    quotient = []
    for k in range(max(np.size(rest) - n + 1, 0)):
        factor = rest[k] / divisor[0]
        quotient.append(factor)
        behind = np.size(rest) - n - k
        rest = rest - np.pad(factor * divisor, (k, behind))
    if len(quotient) == 0:
        return np.zeros(1, rest.dtype), rest
    return np.array(quotient), rest[leading_zeros(rest) :]


@defprogram(np.polyval)
def polyval(p, x):
    """Horner's scheme."""
    y = np.zeros_like(x)
    for c in np.asarray(p):
        y = y * x + c
    return y


@defprogram(np.polyder)
def polyder(p, m=1):
    """The derivative, `m` times."""
    p = np.asarray(p)
    for _ in range(m):
        p = p[:-1] * np.arange(np.size(p) - 1, 0, -1)
    return p


@defprogram(np.polyint)
def polyint(p, m=1, k=None):
    """The integral, `m` times, with `k` as constants."""
    p = np.asarray(p)
    constants = np.zeros(m) if k is None else np.broadcast_to(k, (m,))
    for i in range(m):
        p = np.concatenate((p / np.arange(np.size(p), 0, -1), constants[i : i + 1]))
    return p


@defprogram(np.vander)
def vander(x, N=None, increasing=False):
    """The powers of each element."""
    powers = np.arange(np.size(x) if N is None else N)
    return np.asarray(x)[:, None] ** (powers if increasing else powers[::-1])


@defprogram(np.poly)
def poly(seq_of_zeros):
    """The polynomial with these roots, or that of a matrix: the product of its factors."""
    zeros = np.asarray(seq_of_zeros)
    if np.ndim(zeros) == 2:
        zeros = np.linalg.eigvals(zeros)
    if np.size(zeros) == 0:
        return 1.0
    p = np.ones(1, np.result_type(zeros, np.float16))
    for zero in zeros:
        p = np.convolve(p, np.array([1.0, -zero], p.dtype))
    return p


@defprogram(np.polyfit)
def polyfit(x, y, deg, rcond=None, *, w=None):
    """Least squares in the powers of `x`."""
    A, b = np.vander(x, deg + 1), np.asarray(y)
    if w is not None:
        A = A * w[:, None]
        b = (b.T * w).T
    scale = np.sqrt(np.sum(A * A, axis=0))
    c = np.linalg.lstsq(A / scale, b, np.size(x) * 2.0**-52 if rcond is None else rcond)[0]
    return (c.T / scale).T


# ------------------------------------------------------------------------------ roots
# p(r) = 0 gives p'(r) dr = -sum of dp_i r^(n-i), for simple roots.


@defvjp(np.roots)
def roots(y_bar, r, p):
    slopes = np.polyval(np.polyder(p), r)
    return unbroadcast(-((y_bar / slopes) @ np.vander(r, np.size(p))), p)


@defjvp(np.roots)
def roots_tangent(p_dot, r, p):
    return conform(-(np.vander(r, np.size(p)) @ p_dot) / np.polyval(np.polyder(p), r), r)
