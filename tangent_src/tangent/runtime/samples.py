"""Random numbers as functions of the parameters of their distribution.

What is drawn for parameters a and b is a function of them and of a standard number that does not
depend on them: `loc + scale * standard` for a normal number.  Its derivative is exact, at the
standard number that was drawn (Kingma & Welling, Auto-encoding variational Bayes, 2014, section
2.4).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tangent.runtime.refusals import Refusal


def located(standard: Any, loc: Any, scale: Any) -> Any:
    """Normal, Laplace, logistic and Gumbel numbers."""
    return loc + scale * standard


def between(standard: Any, low: Any, high: Any) -> Any:
    """Uniform numbers, of one between 0 and 1."""
    return low + (high - low) * standard


def scaled(standard: Any, scale: Any) -> Any:
    """Exponential, Rayleigh and gamma numbers."""
    return scale * standard


def log_located(standard: Any, mean: Any, sigma: Any) -> Any:
    """Log-normal numbers."""
    return np.exp(mean + sigma * standard)


def rooted(standard: Any, a: Any) -> Any:
    """Weibull numbers, of an exponential one; those of the power distribution, of a uniform one."""
    return standard ** (1 / a)


def grown(standard: Any, a: Any) -> Any:
    """Pareto numbers, of an exponential one."""
    return np.expm1(standard / a)


def drawing(generator: Any) -> Any:
    """`generator`, whose methods draw as NumPy's do."""
    if isinstance(generator, np.random.Generator | np.random.RandomState):
        return generator
    raise Refusal(
        f"a {type(generator).__name__} draws numbers that depend on the input",
        "draw",
        "draw standard numbers, and scale them: `loc + scale * rng.standard_normal(n)`",
    )
