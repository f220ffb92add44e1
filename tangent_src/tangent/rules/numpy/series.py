"""`numpy.polynomial`: what all kinds of series share, and the classes that hold coefficients.

The functions of each kind are NumPy's own, which call these.
"""

import linecache

import numpy as np
from numpy.polynomial import polynomial, polyutils

from tangent.rules.language import constant, defclass, defprogram

# ------------------------------------------------------------------------------ coefficients


@defprogram(polyutils.as_series)
def as_series(alist, trim=True):
    """Arrays of one type, without zeros at their ends."""
    kind = kind_of(alist)
    arrays = [np.array(a, kind, ndmin=1) for a in alist]
    return [a[: length_of(a)] for a in arrays] if trim else arrays


@defprogram(polyutils.trimseq)
def trimseq(seq):
    return seq[: length_of(seq)]


@defprogram(polyutils.trimcoef)
def trimcoef(c, tol=0):
    c = polyutils.as_series([c])[0]
    n = length_above(c, tol)
    return c[:n] if n > 0 else c[:1] * 0


@defprogram(polyutils._add)
def added(c1, c2):
    """The shorter one is filled up with zeros."""
    c1, c2 = polyutils.as_series([c1, c2])
    n = max(np.size(c1), np.size(c2))
    return polyutils.trimseq(np.pad(c1, (0, n - np.size(c1))) + np.pad(c2, (0, n - np.size(c2))))


@defprogram(polyutils._sub)
def subtracted(c1, c2):
    c1, c2 = polyutils.as_series([c1, c2])
    n = max(np.size(c1), np.size(c2))
    return polyutils.trimseq(np.pad(c1, (0, n - np.size(c1))) - np.pad(c2, (0, n - np.size(c2))))


@defprogram(polynomial.polydiv)
def polydiv(c1, c2):
    """The quotient and the rest, by long division."""
    rest, divisor = polyutils.as_series([c1, c2])
    n = np.size(divisor)
    quotient = [rest[:1] * 0]
    for k in range(np.size(rest) - n, -1, -1):
        factor = rest[-1:] / divisor[-1]
        rest = rest[:-1] - np.pad(factor * divisor[:-1], (k, 0))
        quotient.append(factor)
    found = np.concatenate(quotient[::-1])
    if np.size(rest) == 0:
        return polyutils.trimseq(found), found[:1] * 0
    return polyutils.trimseq(found), polyutils.trimseq(rest)


@defprogram(polyutils.getdomain)
def getdomain(x):
    x = polyutils.as_series([x], trim=False)[0]
    if np.iscomplexobj(x):
        first, last = np.min(x.real) + 1j * np.min(x.imag), np.max(x.real) + 1j * np.max(x.imag)
        return np.stack((first, last))
    return np.stack((np.min(x), np.max(x)))


@defprogram(polyutils._fit)
def fitted(vander_f, x, y, deg, rcond=None, full=False, w=None):
    """Least squares, of columns that are scaled to length 1."""
    x, y, degrees = np.asarray(x) + 0.0, np.asarray(y) + 0.0, np.atleast_1d(deg)
    A, b = vander_f(x, highest(degrees)), y.T
    if np.ndim(deg) > 0:
        A = A[:, np.sort(degrees)]
    A = A.T
    if w is not None:
        A, b = A * w, b * w
    scale = np.sqrt(np.sum(np.abs(A) ** 2, axis=1))
    limit = np.size(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    found = np.linalg.lstsq(A.T / scale, b.T, limit)
    c = (found[0].T / scale).T
    if np.ndim(deg) > 0:
        whole = np.zeros((highest(degrees) + 1, *np.shape(c)[1:]), c.dtype)
        whole[np.sort(degrees)] = c
        c = whole
    return (c, [found[1], found[2], found[3], limit]) if full else c


@defprogram(polyutils._valnd)
def along_points(val_f, c, x, y, z=None):
    c = val_f(y, val_f(x, c), tensor=False)
    return c if z is None else val_f(z, c, tensor=False)


@defprogram(polyutils._gridnd)
def along_grid(val_f, c, x, y, z=None):
    c = val_f(y, val_f(x, c))
    return c if z is None else val_f(z, c)


def kind_of(arrays):
    return np.common_type(*[np.asarray(a) for a in arrays])


def length_of(c):
    """How many coefficients there are up to the last one that is not 0, and one at least."""
    return length_above(c, 0) or min(np.size(c), 1)


def length_above(c, tol):
    places = np.nonzero(np.abs(c) > tol)[0]
    return int(places[-1]) + 1 if np.size(places) else 0


def highest(degrees):
    return int(np.max(degrees))


constant(kind_of, length_of, length_above, highest)

# ------------------------------------------------------------------------------ classes
# The texts differ in the names of the functions that they call only, and are written here, where
# `linecache` keeps them for those who read source.

TEXT = """\
class KIND:
    def __init__(self, coef, domain=None, window=None, symbol="x"):
        self.coef = polyutils.as_series([coef], trim=False)[0]
        self.domain = np.array(own.domain) if domain is None else np.asarray(domain)
        self.window = np.array(own.window) if window is None else np.asarray(window)

    def of(self, coef):
        return KIND(coef, self.domain, self.window)

    def mapparms(self):
        return polyutils.mapparms(self.domain, self.window)

    def __call__(self, arg):
        shift, scale = polyutils.mapparms(self.domain, self.window)
        return module.Pval(shift + scale * arg, self.coef)

    def __len__(self):
        return len(self.coef)

    def degree(self):
        return len(self.coef) - 1

    def copy(self):
        return self.of(self.coef)

    def cutdeg(self, deg):
        return self.of(self.coef[: deg + 1])

    def truncate(self, size):
        return self.of(self.coef[:size])

    def trim(self, tol=0):
        return self.of(polyutils.trimcoef(self.coef, tol))

    def deriv(self, m=1):
        scale = polyutils.mapparms(self.domain, self.window)[1]
        return self.of(module.Pder(self.coef, m, scale))

    def integ(self, m=1, k=(), lbnd=None):
        shift, scale = polyutils.mapparms(self.domain, self.window)
        start = 0 if lbnd is None else shift + scale * lbnd
        return self.of(module.Pint(self.coef, m, k, start, 1.0 / scale))

    def roots(self):
        return polyutils.mapdomain(module.Proots(self.coef), self.window, self.domain)

    def convert(self, domain=None, kind=None, window=None):
        whole = KIND([0.0], domain, window)
        shift, scale = polyutils.mapparms(self.domain, self.window)
        back, stretch = polyutils.mapparms(whole.window, whole.domain)
        inner = np.stack((shift + scale * back, scale * stretch))
        powers = TO
        total = powers[-1:]
        for k in np.arange(len(powers) - 2, -1, -1):
            total = polynomial.polyadd(polynomial.polymul(total, inner), powers[k : k + 1])
        return whole.of(FROM)

    def linspace(self, n=100, domain=None):
        ends = self.domain if domain is None else domain
        x = np.linspace(ends[0], ends[1], n)
        return x, self(x)

    def __neg__(self):
        return self.of(-self.coef)

    def __pos__(self):
        return self

    def __add__(self, other):
        return self.of(module.Padd(self.coef, other.coef if isinstance(other, KIND) else other))

    def __radd__(self, other):
        return self.of(module.Padd(other, self.coef))

    def __sub__(self, other):
        return self.of(module.Psub(self.coef, other.coef if isinstance(other, KIND) else other))

    def __rsub__(self, other):
        return self.of(module.Psub(other, self.coef))

    def __mul__(self, other):
        return self.of(module.Pmul(self.coef, other.coef if isinstance(other, KIND) else other))

    def __rmul__(self, other):
        return self.of(module.Pmul(other, self.coef))

    def __truediv__(self, other):
        return self.of(self.coef / other)

    def __floordiv__(self, other):
        return self.of(module.Pdiv(self.coef, other.coef if isinstance(other, KIND) else other)[0])

    def __mod__(self, other):
        return self.of(module.Pdiv(self.coef, other.coef if isinstance(other, KIND) else other)[1])

    def __pow__(self, other):
        return self.of(module.Ppow(self.coef, other))

    @staticmethod
    def fit(x, y, deg, domain=None, rcond=None, *, w=None, window=None, symbol="x"):
        ends = spread_out(polyutils.getdomain(x)) if domain is None else domain
        whole = KIND([0.0], None if len(ends) == 0 else ends, window)
        moved = polyutils.mapdomain(x, whole.domain, whole.window)
        return whole.of(module.Pfit(moved, y, deg, rcond, False, w))

    @staticmethod
    def fromroots(roots, domain=(), window=None, symbol="x"):
        ends = polyutils.getdomain(roots) if domain is None else domain
        whole = KIND([0.0], None if len(ends) == 0 else ends, window)
        shift, scale = polyutils.mapparms(whole.domain, whole.window)
        moved = shift + scale * np.asarray(roots)
        return whole.of(module.Pfromroots(moved) / scale ** len(roots))

    @staticmethod
    def basis(deg, domain=None, window=None, symbol="x"):
        return KIND([0.0] * deg + [1.0], domain, window)

    @staticmethod
    def identity(domain=None, window=None, symbol="x"):
        whole = KIND([0.0], domain, window)
        shift, scale = polyutils.mapparms(whole.window, whole.domain)
        return whole.of(module.Pline(shift, scale))
"""


def spread_out(ends):
    """The ends of a range, of a single point the numbers beside it."""
    return ends + np.array([-1.0, 1.0], ends.dtype) * float(ends[0] == ends[1])


def stand_in(own, module, prefix):
    """The class that stands for `own`, whose functions in `module` begin with `prefix`."""
    name = own.__name__
    there = "self.coef" if prefix == "poly" else f"module.{prefix}2poly(self.coef)"
    back = "total" if prefix == "poly" else f"module.poly2{prefix}(total)"
    text = TEXT.replace("KIND", name).replace("module.P", f"module.{prefix}")
    text = text.replace("TO\n", there + "\n").replace("FROM", back)
    file = f"<tangent series {name}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    space = {
        "np": np, "own": own, "module": module, "polynomial": polynomial, "polyutils": polyutils,
        "spread_out": spread_out, "__name__": __name__,
    }  # fmt: skip
    exec(compile(text, file, "exec"), space)
    return space[name]


for _prefix, _own in (
    ("poly", np.polynomial.Polynomial),
    ("cheb", np.polynomial.Chebyshev),
    ("leg", np.polynomial.Legendre),
    ("lag", np.polynomial.Laguerre),
    ("herm", np.polynomial.Hermite),
    ("herme", np.polynomial.HermiteE),
):
    _module = getattr(np.polynomial, _own.__module__.rpartition(".")[2])
    defclass(_own)(stand_in(_own, _module, _prefix))
