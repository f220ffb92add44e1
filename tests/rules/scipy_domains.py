"""One domain for each rule of SciPy, and for each function of it that is known by a program."""

import numpy as np

from rules.draws import C, positive, r, regular, restart, separated, symmetric

restart(4)

REAL, POSITIVE, UNIT, PART = (-2.0, 2.0), (0.3, 2.5), (-0.9, 0.9), (0.1, 0.9)
ORDER = np.array([1, 2, 0])


def bands(lower, upper, n):
    """The bands of a matrix with a strong diagonal."""
    ab = r(lower + upper + 1, n)
    ab[upper] += 8
    return ab


def named(module, table):
    return {f"scipy.{module}.{name}": entry for name, entry in table.items()}


STEPS5 = np.array([0.0, 0.4, 1.1, 1.5, 2.4])
STEPS = STEPS5[:4]


SAMPLED = [
    C(r(3, 4), r(2, 6, low=-3.4, high=7.2), order=order, mode=mode, cval=0.7, prefilter=filtered)
    for order, mode, filtered in (
        (0, "mirror", True),
        (1, "wrap", True),
        (1, "grid-constant", True),
        (2, "constant", True),
        (2, "reflect", False),
        (2, "nearest", False),
        (3, "nearest", True),
        (3, "wrap", True),
        (3, "grid-wrap", True),
        (4, "mirror", True),
        (5, "grid-constant", True),
    )
]

# fmt: off
INTERVALS = named("special", {
    "erf": [REAL], "erfc": [REAL], "erfcx": [REAL], "erfi": [REAL], "dawsn": [REAL],
    "erfinv": [UNIT], "erfcinv": [(0.2, 1.8)], "ndtr": [REAL], "log_ndtr": [REAL], "ndtri": [PART],
    "expit": [REAL], "logit": [PART], "log_expit": [REAL], "xlogy": [POSITIVE, POSITIVE],
    "xlog1py": [REAL, POSITIVE], "entr": [POSITIVE], "rel_entr": [POSITIVE, POSITIVE],
    "kl_div": [POSITIVE, POSITIVE], "exp2": [REAL], "exp10": [UNIT], "cbrt": [POSITIVE],
    "cosm1": [REAL], "expi": [POSITIVE], "exp1": [POSITIVE], "spence": [(1.2, 2.5)],
    "boxcox": [POSITIVE, POSITIVE], "inv_boxcox": [POSITIVE, POSITIVE],
    "huber": [(1.1, 1.3), (-1.0, 1.0)], "pseudo_huber": [POSITIVE, REAL], "gamma": [POSITIVE],
    "gammaln": [POSITIVE], "loggamma": [POSITIVE], "rgamma": [POSITIVE], "psi": [POSITIVE],
    "beta": [POSITIVE, POSITIVE], "betaln": [POSITIVE, POSITIVE], "poch": [POSITIVE, POSITIVE],
    "factorial": [POSITIVE], "binom": [(3.1, 4.9), POSITIVE], "comb": [(3.1, 4.9), POSITIVE],
    "j0": [REAL], "j1": [REAL], "y0": [POSITIVE], "y1": [POSITIVE], "i0": [REAL], "i1": [REAL],
    "i0e": [POSITIVE], "i1e": [POSITIVE], "k0": [POSITIVE], "k1": [POSITIVE], "ellipk": [PART],
    "ellipe": [PART], "expm1": [REAL], "log1p": [POSITIVE], "exprel": [REAL], "sindg": [REAL],
    "cosdg": [REAL], "tandg": [REAL], "cotdg": [(30.0, 60.0)], "radian": [REAL, REAL, REAL],
    "wrightomega": [POSITIVE], "boxcox1p": [POSITIVE, POSITIVE],
    "inv_boxcox1p": [POSITIVE, POSITIVE], "k0e": [POSITIVE], "k1e": [POSITIVE],
    "ndtri_exp": [(-2.0, -0.2)], "owens_t": [REAL, REAL], "ellipkm1": [PART],
    "ellipkinc": [PART, PART], "ellipeinc": [PART, PART], "gammainc": [POSITIVE, POSITIVE],
    "gammaincc": [POSITIVE, POSITIVE], "betainc": [POSITIVE, POSITIVE, PART],
    "betaincc": [POSITIVE, POSITIVE, PART], "powm1": [POSITIVE, REAL],
    "elliprc": [POSITIVE, POSITIVE], "agm": [POSITIVE, POSITIVE],
    "voigt_profile": [REAL, POSITIVE, POSITIVE],
    **{f: [POSITIVE] for f in (
        "ber", "bei", "ker", "kei", "berp", "beip", "kerp", "keip", "itstruve0", "it2struve0",
        "itmodstruve0")},
})
DEGREES = np.array([0, 1, 3])
SPECIAL = {
    "lambertw": [C(r(3, low=0.3))],
    "polygamma": [C(1, r(3, low=0.5)), C(ORDER + 1, r(3, low=0.5))],
    "gammaincinv": [C(2, r(3, low=0.1, high=0.9)), C(r(3, low=0.5), 0.4)],
    "betaincinv": [C(2, 3, r(3, low=0.1, high=0.9)), C(r(3, low=0.5), r(3, low=0.5), 0.4)],
    "stdtr": [C(3, r(3)), C(r(3, low=0.5), r(3)), C(2.5, np.array([-0.7, 0.4]))],
    "jv": [C(ORDER, r(3, low=0.3)), C(2, 0.7)], "yn": [C(ORDER, r(3, low=0.5))],
    "yv": [C(ORDER, r(3, low=0.5))], "iv": [C(ORDER, r(3, low=0.3))],
    "ive": [C(ORDER, r(3, low=0.3))], "kv": [C(ORDER, r(3, low=0.5))],
    "kve": [C(ORDER, r(3, low=0.5))],
    "hyp0f1": [C(1.5, r(3))], "hyp1f1": [C(0.5, 1.5, r(3))],
    "hyperu": [C(1.0, 1.5, r(3, low=0.3))], "hyp2f1": [C(0.5, 1.0, 1.5, r(3, low=-0.8, high=0.8))],
    "zeta": [C(2.5, r(3, low=0.3)), C(r(3, low=1.5, high=4.0), r(3, low=0.3)), C(2.5)],
    **{f: [C(ORDER, r(3, low=0.5))] for f in (
        "hankel1", "hankel2", "hankel1e", "hankel2e", "jve", "yve",
        "kn", "spherical_jn", "spherical_yn", "spherical_in", "spherical_kn", "struve",
        "modstruve", "expn")},
    **{f"eval_{f}": [C(DEGREES, r(3, low=-0.8, high=0.8))] for f in (
        "legendre", "chebyt", "chebyu", "hermite", "hermitenorm", "laguerre", "chebyc",
        "chebys", "sh_legendre", "sh_chebyt", "sh_chebyu")},
    "eval_jacobi": [C(DEGREES, 0.5, 1.5, r(3, low=-0.8, high=0.8))],
    "eval_gegenbauer": [C(DEGREES, 0.5, r(3, low=-0.8, high=0.8))],
    "eval_genlaguerre": [C(DEGREES, 0.5, r(3, low=-0.8, high=0.8))],
    "wofz": [C(r(3))], "stdtrit": [C(3, r(3, low=0.1, high=0.9))],
    "chdtr": [C(3, r(3, low=0.3))], "chdtrc": [C(3, r(3, low=0.3))],
    "fdtr": [C(3, 4, r(3, low=0.3))], "gdtr": [C(r(3, low=0.3), 2.5, r(3, low=0.3))],
    "pdtr": [C(2, r(3, low=0.3))], "pdtrc": [C(2, r(3, low=0.3))],
    "sici": [C(r(3, low=0.3))], "shichi": [C(r(3, low=0.3))], "fresnel": [C(r(3))],
    "airy": [C(r(3))], "ellipj": [C(0.7, 0.4), C(-1.2, 0.9)],
    "elliprf": [C(0.7, 0.4, 1.3), C(r(3, low=0.3), 0.5, r(3, low=0.3))],
    "lpmv": [C(1, 3, r(3, low=-0.8, high=0.8))],
    "wright_bessel": [C(0.5, 1.2, r(3, low=0.3))],
    "log_wright_bessel": [C(0.5, 1.2, r(3, low=0.3))],
    **{f: [C(r(3, low=0.3))] for f in (
        "itj0y0", "iti0k0", "it2j0y0", "it2i0k0", "kelvin")},
    "itairy": [C(0.7)],
    "betainccinv": [C(2, 3, r(3, low=0.1, high=0.9)), C(r(3, low=0.5), r(3, low=0.5), 0.4)],
    "gammainccinv": [C(2, r(3, low=0.1, high=0.9)), C(r(3, low=0.5), 0.4)],
    "gdtrc": [C(r(3, low=0.3), 2.5, r(3, low=0.3))],
    "gdtrix": [C(r(3, low=0.3), 2.5, r(3, low=0.1, high=0.9))],
    "chdtri": [C(3, r(3, low=0.1, high=0.9))],
    **{f: [C(2, 5, r(3, low=0.1, high=0.9))] for f in (
        "nbdtr", "nbdtrc")},
    "pdtri": [C(2, r(3, low=0.1, high=0.9))], "fdtrc": [C(3, 4, r(3, low=0.3))],
    "fdtri": [C(3, 4, r(3, low=0.1, high=0.9))],
    "logsumexp": [
        C(r(3)), C(r(2, 3), 1, keepdims=True), C(r(2, 3), 0, r(2, 3, low=0.3)), C(r(2, 3), (0, 1)),
        C(r(2, 3), 1, return_sign=True),
    ],
    "softmax": [C(r(3)), C(r(2, 3), 1)], "log_softmax": [C(r(3)), C(r(2, 3), axis=0)],
}
LINALG = {
    # of larger matrices SciPy may turn the sign of a vector from one call to the next
    "eigh": [
        C(np.array([[2.0, 1.0], [1.0, 3.0]])),
        C(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([[1.5, 0.4], [0.4, 0.9]])),
        C(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([[1.5, 0.4], [0.4, 0.9]]), lower=False),
    ],
    "solve_triangular": [
        C(regular(3), r(3)), C(regular(3), r(3, 2), lower=True), C(regular(3), r(3), trans="T"),
        C(regular(3), r(3), 1, True, True), C(regular(3), r(3), trans=2),
    ],
    "solve_banded": [C((1, 1), bands(1, 1, 4), r(4)), C((1, 2), bands(1, 2, 5), r(5, 2))],
    "lu_factor": [C(regular(3))], "block_diag": [C(r(2, 2), r(1, 3)), C(r(2))],
    "expm": [C(r(3, 3))], "logm": [C(0.05 * r(3, 3) + np.eye(3))], "sqrtm": [C(positive(3))],
    "solve_sylvester": [C(regular(3), regular(2), r(3, 2))],
}
FFT = {
    "dct": [
        C(r(5)), C(r(3, 2), axis=0, norm="ortho"), C(r(5), 1), C(r(5), 3), C(r(5), type=4),
        C(r(5), norm="forward"), C(r(5), 1, norm="forward"), C(r(5), 2, 3), C(r(2, 3), 3, 5, 0),
    ],
    "idct": [
        C(r(5)), C(r(5), norm="ortho"), C(r(5), 1), C(r(5), 3), C(r(5), 4),
        C(r(5), 3, norm="forward"), C(r(5), 2, 3), C(r(3), 1, 5),
    ],
}
SIGNAL = {
    "lfilter": [
        C(r(3), np.array([1.0, -0.3]), r(6)), C(r(2), np.array([2.0, -0.3, 0.1]), r(5, 2), axis=0),
        C(r(4), np.array([1.5]), r(2)),
    ],
}
CASES = named("special", SPECIAL) | named("linalg", LINALG) | named("fft", FFT)
CASES |= named("signal", SIGNAL)

# ---------------------------------------------------------------- known by a program

restart(5)

DENSITY = [C(r(3, low=0.1, high=0.9), 1.7), C(r(3, low=0.5), 1.7, 0.3, 1.2)]
NORMAL = [C(r(3), 0.3, 1.2), C(r(3)), C(0.4, loc=0.7)]
# what follows from a distribution function, or is one: tests/rules/test_densities.py
CUMULATIVE = {
    "cdf logcdf logsf sf": "arcsine chi erlang gumbel_l gumbel_r maxwell pareto rayleigh",
    "logcdf logsf": "beta chi2 expon gamma",
    "logcdf logsf sf": "cauchy laplace uniform",
    "cdf logcdf": "f halfcauchy halfnorm hypsecant invgamma levy skewnorm",
    "cdf": "fisk powerlaw truncnorm weibull_max",
    "sf": "logistic lognorm",
    "logsf": "t",
    "logcdf sf": "weibull_min",
}
PROGRAMS = named("special", {
    "diric": [C(r(3), 5), C(r(3), 4)],
    "multigammaln": [C(2.7, 3), C(r(2, low=2.0, high=3.0), 2)],
    **{f: [C(ORDER, r(3, low=0.5)), C(1, r(3, low=0.5), 2)] for f in (
        "jvp", "yvp", "ivp", "kvp", "h1vp", "h2vp")},
}) | named(
    "linalg", {
        "solve": [
            C(regular(3), r(3)), C(positive(3), r(3, 2), assume_a="pos"),
            C(positive(3), r(3), True, assume_a="sym"), C(regular(3), r(3), transposed=True),
            C(positive(3), r(3), assume_a="her"),
        ], "inv": [C(regular(3))], "det": [C(regular(3))],
        "pinv": [C(separated(3, 2))], "norm": [C(r(2, 3)), C(r(3), 1), C(r(2, 3), 1)],
        "eigvalsh": [
            C(symmetric(3)), C(symmetric(3), lower=False), C(symmetric(3), positive(3)),
        ],
        "svd": [C(separated(3, 2), False, False)], "svdvals": [C(separated(3, 2))],
        "cholesky": [C(positive(3)), C(positive(3), lower=True)], "cho_factor": [],
        "cho_solve": [C((np.linalg.cholesky(positive(3)), True), r(3))],
        "lu_solve": [], "toeplitz": [C(r(3)), C(r(3), r(4))],
    },
) | named("fft", {
    "fft": [C(r(5)), C(r(4, 2), 3, 0, "ortho")], "ifft": [C(r(4))], "rfft": [C(r(5))],
    "irfft": [C(r(4), 5)], "hfft": [C(r(4))], "ihfft": [C(r(4))], "fft2": [C(r(3, 2))],
    "ifft2": [C(r(3, 2))], "fftn": [C(r(3, 2))], "ifftn": [C(r(3, 2))], "rfft2": [C(r(3, 2))],
    "irfft2": [C(r(3, 2))], "rfftn": [C(r(3, 2))], "irfftn": [C(r(3, 2))],
    "fftshift": [C(r(5))], "ifftshift": [C(r(3, 2), 0)],
    "dctn": [C(r(3, 2)), C(r(3, 2), 3, (4,), (0,), "ortho")], "idctn": [C(r(3, 2))],
    "dst": [C(r(5)), C(r(3, 2), 1, axis=0, norm="ortho"), C(r(5), 3, 4), C(r(3), 4, 5)],
    "idst": [C(r(5)), C(r(3, 2), 1, axis=0), C(r(5), 3, norm="forward"), C(r(3), 4)],
    "dstn": [C(r(3, 2))], "idstn": [C(r(3, 2), 2, (4,), (1,))],
}) | named("signal", {
    "convolve": [
        C(r(5), r(3)), C(r(5), r(2), "same"), C(r(3), r(5), mode="valid"),
        C(r(4, 3), r(2, 2), "same"),
    ],
    "sosfilt": [],  # in test_filters.py
    "lfilter_zi": [C(r(3), np.array([1.0, -0.3])), C(r(2), np.array([2.0, -0.3, 0.4]))],
    "filtfilt": [
        C(r(2), np.array([1.0, -0.3]), r(12)), C(r(2), np.array([1.0, -0.3]), r(12, 2), 0, "even"),
        C(np.array([0.2, 0.5]), np.array([1.0, -0.3]), r(9), -1, None),
    ],
    "savgol_filter": [
        C(r(7), 5, 2), C(r(7, 2), 3, 1, axis=0), C(r(7), 5, 3, 1, 0.5),
        C(r(7), 5, 2, mode="nearest"),
    ],
    "fftconvolve": [C(r(5), r(3)), C(r(4, 3), r(2, 3), "valid")],
    "sosfiltfilt": [],  # in test_filters.py
}) | named("interpolate", {
    f: [] for f in (
        "interpn", "splrep", "splev", "barycentric_interpolate", "krogh_interpolate",
        "pchip_interpolate")  # in test_interpolators.py
}) | named("integrate", {
    "trapezoid": [C(r(4), r(4)), C(r(2, 3), dx=0.3, axis=0)],
    "cumulative_trapezoid": [
        C(r(4), STEPS), C(r(2, 3), dx=0.3), C(r(3, 2), axis=0, initial=0), C(r(2, 3), r(2, 3)),
    ],
    "romb": [C(r(5)), C(r(9, 2), 0.5, 0), C(r(2), dx=0.3)],
    "simpson": [
        C(r(5), x=STEPS5), C(r(4), x=STEPS), C(r(2, 5), dx=0.3), C(r(6, 2), axis=0),
        C(r(2), dx=0.3), C(r(4), dx=0.3), C(r(2, 4), x=STEPS + 0.1 * r(2, 4)),
    ],
    "fixed_quad": [],  # in tests/programs/roots.py
}) | named("spatial.distance", {
    "cdist": [
        C(r(2, 3), r(3, 3)), C(r(2, 3), r(2, 3), "cityblock"), C(r(2, 2), r(2, 2), "chebyshev"),
    ],
    "pdist": [C(r(3, 3)), C(r(3, 2), "sqeuclidean")],
}) | named("optimize", {
    "rosen": [C(r(4))],  # the others in tests/programs/roots.py
    **{f: [] for f in ("bisect", "brenth", "brentq", "fixed_point", "fsolve", "newton", "ridder")},
    "root": [], "root_scalar": [],
}) | named("stats", {
    **{f"{d}.{f}": [] for fs, ds in CUMULATIVE.items() for f in fs.split() for d in ds.split()},
    **{f"norm.{f}": NORMAL for f in ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf")},
    "norm.ppf": [C(r(3, low=0.1, high=0.9), 0.3, 1.2)],
    "norm.isf": [C(r(3, low=0.1, high=0.9), 0.3, 1.2)],
    **{f"{d}.{f}": DENSITY for d in ("gamma", "chi2") for f in ("logpdf", "pdf")},
    "gamma.cdf": [C(r(3, low=0.3), 1.7)], "chi2.cdf": [C(r(3, low=0.3), 3)],
    "expon.logpdf": [C(r(3, low=0.3), 0.1, 1.2)], "expon.pdf": [C(r(3, low=0.3))],
    **{f"beta.{f}": [C(r(3, low=0.1, high=0.9), 1.5, 2.5)] for f in ("logpdf", "pdf")},
    "expon.cdf": [C(r(3), 0.1, 1.2)], "expon.sf": [C(r(3), 0.1, 1.2)],
    **{f"{d}.{f}": DENSITY for d in ("lognorm", "weibull_min") for f in ("logpdf", "pdf", "cdf")},
    **{f"{d}.{f}": NORMAL for d in ("laplace", "cauchy", "logistic")
       for f in ("logpdf", "pdf", "cdf")},
    **{f"uniform.{f}": [C(r(3), -3.0, 6.0)] for f in ("logpdf", "pdf", "cdf")},
    "poisson.sf": [C(2, 1.5)],
    **{f"{d}.{f}": [C(ORDER, *a, 0.4)] for f in ("logpmf", "pmf")
       for d, a in (("binom", (5,)), ("nbinom", (3,)))},
    **{f"bernoulli.{f}": [C(np.array([0, 1, 1]), 0.4)] for f in ("logpmf", "pmf")},
    **{f"geom.{f}": [C(np.array([1, 3, 2]), 0.4)] for f in ("logpmf", "pmf")},
    "beta.cdf": [C(r(3, low=0.1, high=0.9), 2, 3)],
    **{f"t.{f}": [C(r(3), 3.2, 0.2, 1.4)] for f in ("logpdf", "pdf")},
    "t.cdf": [C(r(3), 3)], "t.logcdf": [C(r(3), 3)],
    "poisson.logpmf": [C(ORDER, 1.5)], "poisson.pmf": [C(2, 1.5)], "poisson.cdf": [C(2, 1.5)],
    "dirichlet.logpdf": [], "dirichlet.pdf": [],  # in tests/rules/test_densities.py
    "multivariate_normal.logpdf": [
        C(r(4, 3), r(3), 0.7), C(r(3), r(3), 0.7, allow_singular=True),
        C(r(3), r(3), r(3, low=0.3)),
    ],
    **{f"{d}.{f}": [C(r(3, low=low, high=high), *shapes, 0.1, 1.2)] for f in ("logpdf", "pdf")
       for d, low, high, *shapes in (
           ("pareto", 1.5, 3, 1.7), ("invgamma", 0.5, 3, 1.7), ("invgauss", 0.5, 3, 1.7),
           ("wald", 0.5, 3), ("halfnorm", 0.3, 3), ("halfcauchy", 0.3, 3), ("rayleigh", 0.3, 3),
           ("maxwell", 0.3, 3), ("chi", 0.3, 3, 2.7), ("f", 0.3, 3, 3.2, 4.1),
           ("loglaplace", 0.3, 1, 1.7), ("fisk", 0.3, 3, 1.7), ("nakagami", 0.3, 3, 1.7),
           ("rice", 0.3, 3, 0.7), ("levy", 0.3, 3), ("weibull_max", -3, -0.3, 1.7),
           ("erlang", 0.3, 3, 2), ("genpareto", 0.3, 3, 0.3), ("genpareto", 0.3, 3, 1e-5),
           ("gumbel_r", -2, 2), ("gumbel_l", -2, 2), ("skewnorm", -2, 2, 0.7),
           ("gennorm", 0.3, 2, 1.7), ("exponnorm", -2, 2, 1.3), ("hypsecant", 0.3, 2),
           ("vonmises", -2, 2, 1.3), ("arcsine", 0.2, 1.1), ("powerlaw", 0.2, 1.1, 1.7),
           ("triang", 0.2, 0.5, 0.6), ("truncnorm", -0.8, 0.8, -1.3, 1.1),
           ("truncnorm", 1.2, 1.8, 0.7, 1.9))},
    **{f"{d}.ppf": [C(r(3, low=0.1, high=0.9), *shapes, 0.1, 1.2)] for d, *shapes in (
        ("expon",), ("uniform",), ("lognorm", 0.7), ("weibull_min", 1.7), ("logistic",),
        ("cauchy",), ("gamma", 2), ("beta", 2, 3), ("t", 3))},
    **{f"{d}.sf": [C(r(3, low=0.3, high=0.9), *shapes)] for d, *shapes in (
        ("t", 3), ("gamma", 2), ("chi2", 3), ("beta", 2, 3))},
    "betabinom.logpmf": [C(ORDER, 5, r(3, low=0.5), r(3, low=0.5))],
    "binom.cdf": [C(ORDER, 5, 0.4), C(2, 5, r(3, low=0.1, high=0.9))],
    "multinomial.logpmf": [],  # in tests/rules/test_densities.py
    "entropy": [C(r(4, low=0.3)), C(r(4, 2, low=0.3), r(4, 2, low=0.3), 2)],
    "gmean": [C(r(4, low=0.3)), C(r(3, 2, low=0.3), weights=r(3, 2, low=0.3))],
    "hmean": [C(r(4, low=0.3)), C(r(3, 2, low=0.3), axis=1)],
    "zscore": [C(r(4)), C(r(3, 4), axis=1, ddof=1)], "skew": [C(r(5)), C(r(5, 2), bias=False)],
    "kurtosis": [C(r(5)), C(r(2, 5), 1, False, False)], "moment": [C(r(5), 3), C(r(5, 2), 2)],
    "sem": [C(r(5)), C(r(3, 2), ddof=0)], "variation": [C(r(5, low=0.3)), C(r(3, 2, low=0.3))],
    "multivariate_normal.pdf": [C(r(3), r(3), 0.7)], "multivariate_normal.entropy": [],
}) | named("linalg", {
    **{f: [C(0.3 * r(3, 3))] for f in ("cosm", "sinm", "tanm", "coshm", "sinhm", "tanhm")},
    "qr": [
        C(regular(3)), C(separated(3, 2), mode="economic"), C(regular(3), mode="r"),
        C(separated(3, 2), mode="r"), C(r(4, 2)),
    ],
    "lu": [C(regular(3)), C(regular(3), permute_l=True)],
    "eig": [C(np.diag([1.0, 2.0, 4.0]) + 0.1 * r(3, 3), right=False)],
    "orth": [C(separated(3, 2))], "null_space": [C(separated(2, 3))],
    "solveh_banded": [
        C(np.add(r(2, 4), [[0], [5]]), r(4)),
        C(np.add(r(3, 4), [[6], [0], [0]]), r(4, 2), lower=True),
    ],
    "matmul_toeplitz": [C(r(3), r(3))],
    "eigvals": [C(np.diag([1.0, 2.0, 4.0]) + 0.1 * r(3, 3))],
    "polar": [C(regular(3)), C(separated(3, 2), "left")],
    "pinvh": [C(positive(3)), C(positive(3), lower=False)],
    "lstsq": [], "circulant": [C(r(4))],  # in tests/rules/test_points.py
    "hankel": [C(r(3)), C(r(3), r(4))], "khatri_rao": [C(r(2, 3), r(4, 3))],
    "solve_toeplitz": [C(r(3) + np.array([6.0, 0, 0]), r(3))],
    "solve_circulant": [C(r(3) + np.array([6.0, 0, 0]), r(3))],
    "solve_continuous_lyapunov": [C(regular(3), r(3, 3))],
    "solve_discrete_lyapunov": [C(0.2 * r(3, 3), r(3, 3))],
}) | named("signal", {
    "oaconvolve": [C(r(6), r(3))], "correlate": [
        C(r(5), r(3)), C(r(3), r(5), "valid"), C(r(5), r(2), "same"), C(r(4, 3), r(2, 2)),
    ],
    "convolve2d": [
        C(r(4, 3), r(2, 2)), C(r(4, 3), r(3, 3), "same", "wrap"),
        C(r(4, 3), r(2, 3), "same", "symm"), C(r(4, 3), r(2, 2), "full", "fill", 1.5),
    ],
    "correlate2d": [C(r(4, 3), r(2, 2)), C(r(4, 3), r(2, 2), "valid")],
    "detrend": [C(r(5)), C(r(4, 3), 0, "constant"), C(r(3, 4))],
    "hilbert": [C(r(5)), C(r(4, 3), axis=0), C(r(4), 6)],
}) | named("ndimage", {
    "correlate1d": [C(r(5), r(3)), C(r(3, 4), r(2), 0, mode="wrap"), C(r(4), r(3), origin=1)],
    "convolve1d": [C(r(5), r(3)), C(r(3, 4), r(2), 0, mode="mirror"), C(r(4), r(3), origin=1)],
    "correlate": [C(r(3, 4), r(2, 3)), C(r(3, 4), r(3, 3), mode="constant", cval=1.5)],
    "convolve": [C(r(3, 4), r(2, 3)), C(r(3, 4), r(3, 3), mode="nearest"), C(r(5), r(2))],
    "uniform_filter1d": [C(r(5), 3), C(r(3, 4), 2, 0)],
    "uniform_filter": [C(r(3, 4), 3), C(r(3, 4), (2, 3), mode="wrap")],
    "gaussian_filter1d": [C(r(9), 0.7), C(r(5, 3), 0.5, 0, mode="wrap")],
    "gaussian_filter": [C(r(5, 6), 0.5), C(r(5, 6), (0.5, 0.7), mode="nearest")],
    "sobel": [C(r(3, 4)), C(r(3, 4), 0)], "prewitt": [C(r(3, 4)), C(r(3, 4), 0)],
    "laplace": [C(r(3, 4))],
    "maximum_filter": [
        C(r(3, 4), 2), C(r(4), 3, mode="nearest"), C(r(3, 4), (2, 3), origin=(0, 1)),
    ],
    "minimum_filter": [C(r(3, 4), 2), C(r(4), 3, mode="wrap")],
    "rank_filter": [C(r(3, 4), 1, 2), C(r(5), -2, 3, mode="mirror")],
    "median_filter": [C(r(3, 4), 3), C(r(5), 2)],
    "percentile_filter": [C(r(3, 4), 30, 3), C(r(5), -20, 3), C(r(5), 100, 3)],
    "map_coordinates": [
        C(r(3, 4), r(2, 5, low=0.1, high=1.9), order=1),
        C(r(5), r(1, 6, low=-1.7, high=4.7), order=1, cval=0.7),
        C(r(5), r(1, 6, low=-1.7, high=4.7), order=1, mode="nearest"),
        C(r(4, 5), r(2, 7, low=-3.4, high=8.2)), *SAMPLED,
    ],
    "shift": [
        C(r(3, 4), 0.3, order=1), C(r(5), np.array([-1.4]), order=1, mode="nearest"),
        C(r(3, 4), np.array([0.3, -1.2]), mode="reflect"), C(r(5), 0.7, order=0, cval=0.4),
    ],
    "zoom": [
        C(r(3, 4), 1.7), C(r(5), 0.6, order=1), C(r(3, 4), 1), C(r(3, 1), (2, 1), prefilter=False),
        C(r(3, 4), (2, 0.5), order=2, mode="grid-wrap", grid_mode=True),
    ],
    "affine_transform": [
        C(r(3, 4), np.eye(2) + 0.1 * r(2, 2), 0.3),
        C(r(3, 4), np.array([[0.9, 0.2, 0.3], [0.1, 0.8, 0.2]]), mode="wrap"),
        C(r(3, 4), np.array([0.7, 1.2]), np.array([0.4, 0.1]), (2, 2), order=2, cval=0.5),
    ],
    "spline_filter1d": [C(r(5)), C(r(3, 4), 2, 0, mode="reflect"), C(r(4), 1)],
    "spline_filter": [C(r(4, 3)), C(r(5), 5, mode="grid-wrap")],
}) | named("integrate", {  # in tests/rules/test_adaptive.py
    "quad": [], "dblquad": [], "odeint": [], "solve_ivp": [],
})
# fmt: on
