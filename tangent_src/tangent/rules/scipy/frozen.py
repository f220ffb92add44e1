"""Distributions of `scipy.stats` whose parameters are given beforehand: `norm(mu, s).logpdf(x)`.

Each gets a class that stands for what it makes.  The texts of these classes differ in names only
and are written here, where `linecache` keeps them for those who read source.
"""

import linecache

from scipy import stats

from tangent.rules.language import defclass

LOCATED, SHIFTED = "loc=0, scale=1", "loc=0"
SIGNATURES = {
    **dict.fromkeys(("norm", "expon", "laplace", "cauchy", "logistic", "uniform"), LOCATED),
    "gamma": f"a, {LOCATED}",
    "chi2": f"df, {LOCATED}",
    "t": f"df, {LOCATED}",
    "lognorm": f"s, {LOCATED}",
    "weibull_min": f"c, {LOCATED}",
    "beta": f"a, b, {LOCATED}",
    "poisson": f"mu, {SHIFTED}",
    "binom": f"n, p, {SHIFTED}",
    "bernoulli": f"p, {SHIFTED}",
    "geom": f"p, {SHIFTED}",
    "nbinom": f"n, p, {SHIFTED}",
}
MULTIVARIATE = {"multivariate_normal": "mean, cov"}
OF_NUMBERS = ("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf")
OF_NOTHING = ("mean", "median", "var", "std", "entropy", "support")


def text_of(name, signature, of_numbers, of_nothing):
    """The text of a class that holds parameters, and hands them to the methods of `stats.name`."""
    words = [word.partition("=")[0] for word in signature.split(", ")]
    given = ", ".join(f"self.{word}" for word in words)
    lines = [f"class {name}:", f"    def __init__(self, {signature}):"]
    lines += [f"        self.{word} = {word}" for word in words]
    for method in of_numbers:
        lines += [f"    def {method}(self, x):"]
        lines += [f"        return stats.{name}.{method}(x, {given})"]
    for method in of_nothing:
        lines += [f"    def {method}(self):"]
        lines += [f"        return stats.{name}.{method}({given})"]
    lines += ["    def rvs(self, size=1, random_state=None):"]
    lines += [f"        return stats.{name}.rvs({given}, size=size, random_state=random_state)"]
    return "\n".join(lines) + "\n"


def made(name, text):
    """The class of a text that is kept where source is looked for."""
    file = f"<tangent frozen {name}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    space = {"stats": stats, "__name__": __name__}
    exec(compile(text, file, "exec"), space)
    return space[name]


for _name, _signature in SIGNATURES.items():
    _of = getattr(stats, _name)
    _methods = [m for m in OF_NUMBERS if hasattr(_of, m)]
    defclass(_of)(made(_name, text_of(_name, _signature, _methods, OF_NOTHING)))

for _name, _signature in MULTIVARIATE.items():
    _text = text_of(_name, _signature, ("pdf", "logpdf"), ("entropy",))
    defclass(getattr(stats, _name))(made(_name, _text))
