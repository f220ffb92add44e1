"""How a golden file names its primal.

    @golden(normal((3,)), wrt="x")
    def energy(x):
        return np.sum(x * x)

The function comes back unchanged: what is differentiated is what stands in the file.  `form` says
what is written: the gradient ("grad"), the value with it ("value_and_grad"), the two halves
that `vjp` calls ("halves"), or the value with its tangent ("jvp").
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import tangent
from tangent import pipeline

FOLDER = Path(__file__).parent
GOLDEN = {}


@dataclass(frozen=True)
class Golden:
    """A primal, a way to draw its arguments, and what is written for it."""

    name: str
    primal: Callable
    draw: Callable
    wrt: tuple
    form: str

    @property
    def path(self):
        """The file that holds the generated text."""
        return FOLDER / f"{self.name}.txt"

    @property
    def lines(self):
        """The lines of the file that holds the primal, under the numbers that the text quotes."""
        text = self.path.with_suffix(".py").read_text(encoding="utf-8")
        return dict(enumerate(text.splitlines(), 1))

    def derivative(self):
        """What the user calls; its gradients come as a tuple for several arguments only."""
        wrt = self.wrt if len(self.wrt) > 1 else self.wrt[0]
        form = tangent.grad if self.form == "grad" else tangent.value_and_grad
        return form(self.primal, wrt=wrt)

    def source(self):
        """The text, written now."""
        if self.form == "halves":
            return pipeline.halves(self.primal, self.wrt).source
        if self.form == "jvp":
            return tangent.Pushforward(self.primal, self.wrt).source
        return self.derivative().source

    def gradients(self, *args):
        """A tuple of gradients by the text; halves are run with the cotangent 1, tangents with
        each unit vector.
        """
        if self.form == "halves":
            value, pullback = tangent.vjp(self.primal, *args)
            found = pullback(np.ones_like(value))
            return tuple(g for g in found if g is not None)
        if self.form == "jvp":
            names = list(inspect.signature(self.primal).parameters)
            return tuple(self.partials(args, names.index(w)) for w in self.wrt)
        found = self.derivative()(*args)
        found = found if self.form == "grad" else found[1]
        return found if len(self.wrt) > 1 else (found,)

    def partials(self, args, position):
        """The gradient in one argument, an array or a float, one tangent for each element."""
        like = np.asarray(args[position])
        found = np.zeros(like.shape, like.dtype)
        for place in np.ndindex(*like.shape):
            unit = np.zeros_like(like)
            unit[place] = 1.0
            unit = type(args[position])(unit) if np.ndim(args[position]) == 0 else unit
            tangents = tuple(unit if i == position else None for i in range(len(args)))
            found[place] = np.sum(tangent.jvp(self.primal, args, tangents)[1])
        return found if isinstance(args[position], np.ndarray) else type(args[position])(found)


def golden(draw, *, wrt, form="grad"):
    """Register the primal of a golden file, which is named like the file."""

    def register(function):
        name = function.__module__.rpartition(".")[2]
        assert name not in GOLDEN, f"two primals in {name}.py"
        GOLDEN[name] = Golden(name, function, draw, tuple(wrt.split()), form)
        return function

    return register


def every():
    """Every golden file, in alphabetical order."""
    for name in sorted(info.name for info in pkgutil.iter_modules([str(FOLDER)])):
        importlib.import_module(f"golden.{name}")
    return tuple(GOLDEN[name] for name in sorted(GOLDEN))
