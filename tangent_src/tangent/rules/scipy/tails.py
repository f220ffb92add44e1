"""`scipy.special`: distribution functions, their complements and their inverses.

The partial of a distribution function is the density, that of an inverse its reciprocal; a
parameter whose derivative has no closed form (`...`) must not depend on the input.
"""

import math

import numpy as np
from scipy import special

from tangent.rules.language import elementwise
from tangent.runtime import betainc_slope, gammainc_slope

# fmt: off

# ------------------------------------------------------------------------------ beta and gamma
elementwise(special.betaincc,
            lambda y, a, b, x: (-betainc_slope(a, b, x, 1, 0), -betainc_slope(a, b, x, 0, 1),
                                -np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x)
                                        - special.betaln(a, b))))
elementwise(special.betainccinv,
            lambda x, a, b, y: (
                -betainc_slope(a, b, x, 1, 0) * np.exp(
                    special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x)),
                -betainc_slope(a, b, x, 0, 1) * np.exp(
                    special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x)),
                -np.exp(special.betaln(a, b) - (a - 1) * np.log(x) - (b - 1) * np.log1p(-x))))
elementwise(special.gammainccinv,
            lambda x, a, y: (
                -gammainc_slope(a, x) * np.exp(x + special.gammaln(a) - (a - 1) * np.log(x)),
                -np.exp(x + special.gammaln(a) - (a - 1) * np.log(x))))
elementwise(special.gdtrc,
            lambda y, a, b, x: (-x * np.exp(special.xlogy(b - 1, a * x) - a * x
                                            - special.gammaln(b)), ...,
                                -a * np.exp(special.xlogy(b - 1, a * x) - a * x
                                            - special.gammaln(b))))
elementwise(special.gdtrix,
            lambda x, a, b, p: (-x / a, ...,
                                np.exp(a * x + special.gammaln(b)
                                       - special.xlogy(b - 1, a * x)) / a))
elementwise(special.chdtri,
            lambda x, v, p: (..., -np.exp(x / 2 + special.gammaln(v / 2) + v / 2 * math.log(2)
                                          - special.xlogy(v / 2 - 1, x))))

# ------------------------------------------------------------------------------ of counts
elementwise(special.nbdtr,
            lambda y, k, n, p: (None, None, np.exp(
                special.xlogy(n - 1, p) + special.xlog1py(k, -p) - special.betaln(n, k + 1))))
elementwise(special.nbdtrc,
            lambda y, k, n, p: (None, None, -np.exp(
                special.xlogy(n - 1, p) + special.xlog1py(k, -p) - special.betaln(n, k + 1))))
elementwise(special.pdtri,
            lambda m, k, y: (None, -np.exp(m + special.gammaln(k + 1) - special.xlogy(k, m))))

# ------------------------------------------------------------------------------ of Fisher
elementwise(special.fdtrc,
            lambda y, dfn, dfd, x: (..., ..., -np.exp(
                special.xlogy(dfn / 2, dfn / dfd) + special.xlogy(dfn / 2 - 1, x)
                - (dfn + dfd) / 2 * np.log1p(dfn * x / dfd) - special.betaln(dfn / 2, dfd / 2))))
elementwise(special.fdtri,
            lambda x, dfn, dfd, p: (..., ..., np.exp(
                special.betaln(dfn / 2, dfd / 2) + (dfn + dfd) / 2 * np.log1p(dfn * x / dfd)
                - special.xlogy(dfn / 2, dfn / dfd) - special.xlogy(dfn / 2 - 1, x))))
# fmt: on
