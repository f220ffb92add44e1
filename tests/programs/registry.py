"""How a file of the corpus declares its programs.

    @program(normal((3,)), smooth=True)
    def energy(x):
        return np.sum(x * x)

`program` returns the function unchanged, so what is differentiated is what stands in the file.
"""

import importlib
import pkgutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np

PROGRAMS = []


@dataclass(frozen=True, eq=False)
class Program:
    """A function, ways to draw its arguments, and what may be asked of its derivative.

    smooth: twice differentiable at the drawn points, so the gradient of its gradient is asked for
    saves: its derivative can be saved; `captured` are the keyword arguments of the saved function
    may_refuse: outside the language so far: the library may refuse it, but must not be wrong
    writes: the primal changes its arguments (a derivative never does)
    """

    name: str
    function: Callable
    cases: tuple
    wrt: int | str | tuple = 0
    smooth: bool = False
    saves: bool = True
    captured: dict = field(default_factory=dict)
    may_refuse: bool = False
    writes: bool = False

    def draw(self, case=0):
        """Fresh arguments, the same ones each time."""
        return self.cases[case](np.random.default_rng(100 + case))


def program(*cases, name=None, **options):
    """Register a function; each of `cases` draws a tuple of arguments from a generator."""

    def register(function):
        family = function.__module__.split(".")[-1]
        label = f"{family}.{name or function.__name__}"
        assert all(label != known.name for known in PROGRAMS), f"two programs named {label}"
        PROGRAMS.append(Program(label, function, cases, **options))
        return function

    return register


def corpus():
    """Every program of every file, in the files' alphabetical order."""
    import programs

    for module in sorted(info.name for info in pkgutil.iter_modules(programs.__path__)):
        importlib.import_module(f"programs.{module}")
    return tuple(PROGRAMS)


# ---------------------------------------------------------------- ways to draw arguments


def normal(*shapes, dtype=np.float64):
    """One array of standard normal numbers per shape."""
    return lambda rng: tuple(np.asarray(rng.normal(size=s), dtype=dtype) for s in shapes)


def positive(*shapes):
    """One array of numbers between 1/2 and 2 per shape."""
    return lambda rng: tuple(np.asarray(rng.uniform(0.5, 2.0, size=s)) for s in shapes)


def floats(count, low=0.3, high=1.8):
    """`count` Python floats."""
    return lambda rng: tuple(float(rng.uniform(low, high)) for _ in range(count))


def exactly(*args):
    """These arguments; arrays and containers are copied at each draw."""

    def copy(value):
        if isinstance(value, np.ndarray):
            return value.copy()
        if isinstance(value, dict):
            return {key: copy(inner) for key, inner in value.items()}
        if hasattr(value, "_fields"):
            return type(value)(*map(copy, value))
        if isinstance(value, list | tuple):
            return type(value)(copy(inner) for inner in value)
        return deepcopy(value)

    return lambda _: tuple(copy(arg) for arg in args)


def followed_by(first, *constants):
    """Drawn arguments, then constants such as a count or a flag."""
    return lambda rng: (*first(rng), *constants)
