"""What every text of the corpus keeps of the contract: nothing idle, nothing said twice."""

import inspect

import pytest

from derivatives import derivative
from programs.registry import corpus
from tangent import TangentError
from tangent.pullbacks import halves_of
from text_style import complaints

PROGRAMS = corpus()


def names_of(program):
    """The names of the parameters that a program is differentiated with respect to."""
    parameters = list(inspect.signature(program.function).parameters)
    wrt = program.wrt if isinstance(program.wrt, tuple) else (program.wrt,)
    return tuple(parameters[w] if isinstance(w, int) else w for w in wrt)


def text(write):
    """A text; none where the library refuses the program, which is another test's business."""
    try:
        return write()
    except TangentError:
        return ""


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_gradients(program):
    assert complaints(text(lambda: derivative(program).source)) == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_halves(program):
    assert complaints(text(lambda: halves_of(program.function, names_of(program)).source)) == []


GOOD = """
import numpy as np
from tangent.runtime import zeros_like


def f_grad(x, y, n):
    # backward
    x_bar = zeros_like(x)
    for _ in range(n):
        # 3: y = x * y
        t1 = np.sin(y)
        x_bar += t1 * t1
    return x_bar
"""

WRONG = {
    "a statement that nobody reads": ("    return", "    z = 1\n    return", "never read"),
    "zeros and one addition": ("    for", "    x_bar += y\n    for", "zeros, then one addition"),
    "a helper": ("import zeros_like", "import zeros_like, add", "unused import"),
    "a heading twice": ("        t1", "        # 3: y = x * y\n        t1", "heading"),
    "a heading of nothing": ("    return", "    # 4: z = y\n    # 5: w\n    return", "of nothing"),
    "a temporary": ("t1 * t1", "t1", "used once"),
    "a long line": ("x * y", "x * y" * 20, "columns"),
}


def test_a_good_text_has_no_complaint():
    assert complaints(GOOD) == []


@pytest.mark.parametrize("case", WRONG)
def test_each_complaint_can_be_made(case):
    old, new, said = WRONG[case]
    assert GOOD.count(old) == 1
    assert any(said in c for c in complaints(GOOD.replace(old, new)))
