"""Polynomials by their coefficients, the highest power first, and their roots."""

import numpy as np

from tangent.rules.language import defclass, defjvp, defprogram, defvjp
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


# ------------------------------------------------------------------------------ objects


@defclass(np.poly1d)
class Poly1d:
    """`np.poly1d(c)`."""

    def __init__(self, c_or_r, r=False, variable=None):
        found = np.atleast_1d(np.poly(c_or_r) if r else c_or_r)
        self.coeffs = found[min(leading_zeros(found), np.size(found) - 1) :]

    @property
    def c(self):
        return self.coeffs

    @property
    def coef(self):
        return self.coeffs

    @property
    def coefficients(self):
        return self.coeffs

    @property
    def order(self):
        return len(self.coeffs) - 1

    @property
    def o(self):
        return len(self.coeffs) - 1

    @property
    def roots(self):
        return np.roots(self.coeffs)

    @property
    def r(self):
        return np.roots(self.coeffs)

    def __call__(self, val):
        return np.polyval(self.coeffs, val)

    def __getitem__(self, power):
        return self.coeffs[len(self.coeffs) - 1 - power] if power < len(self.coeffs) else 0.0

    def deriv(self, m=1):
        return Poly1d(np.polyder(self.coeffs, m))

    def integ(self, m=1, k=None):
        return Poly1d(np.polyint(self.coeffs, m, k))

    def __neg__(self):
        return Poly1d(-self.coeffs)

    def __add__(self, other):
        return Poly1d(np.polyadd(self.coeffs, coefficients_of(other)))

    def __radd__(self, other):
        return Poly1d(np.polyadd(other, self.coeffs))

    def __sub__(self, other):
        return Poly1d(np.polysub(self.coeffs, coefficients_of(other)))

    def __rsub__(self, other):
        return Poly1d(np.polysub(other, self.coeffs))

    def __mul__(self, other):
        return Poly1d(np.polymul(self.coeffs, coefficients_of(other)))

    def __rmul__(self, other):
        return Poly1d(np.polymul(other, self.coeffs))

    def __truediv__(self, other):
        if isinstance(other, Poly1d):
            quotient, rest = np.polydiv(self.coeffs, other.coeffs)
            return Poly1d(quotient), Poly1d(rest)
        return Poly1d(self.coeffs / other)

    def __pow__(self, power):
        whole = np.ones(1)
        for _ in np.arange(power):
            whole = np.polymul(whole, self.coeffs)
        return Poly1d(whole)


def coefficients_of(one):
    return one.coeffs if isinstance(one, Poly1d) else one
