"""The corpus with all its loops checkpointed: the same bits as without.

Each program is written anew with `checkpoint(…)` around the items of its loops and the tests of its
`while` loops; the schedule goes round.
"""

import ast
import inspect
import itertools
import linecache
import textwrap

import numpy as np
import pytest

import tangent
from programs.registry import corpus

SCHEDULES = itertools.cycle([("every", 2), ("snapshots", 1), ("states", 3), ("snapshots", 3)])


class Marked(ast.NodeTransformer):
    """Puts a schedule on every loop; what is checkpointed already is left out."""

    def __init__(self, kind, amount):
        self.kind, self.amount, self.loops = kind, amount, 0

    def call(self, node, kind):
        self.loops += 1
        words = [ast.keyword(kind, ast.Constant(self.amount))]
        return ast.Call(ast.Name("checkpoint_", ast.Load()), [node], words)

    def visit_For(self, node):
        self.generic_visit(node)
        node.iter = self.call(node.iter, self.kind)
        return node

    def visit_While(self, node):
        self.generic_visit(node)
        node.test = self.call(node.test, self.kind)
        return node


def marked(function, kind, amount):
    """The function with its loops marked; None if there is none, or no text of its own."""
    if not inspect.isfunction(function) or function.__closure__:
        return None
    text = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(text)
    if not isinstance(tree.body[0], ast.FunctionDef) or "checkpoint(" in text:
        return None
    tree.body[0].decorator_list = []
    marker = Marked(kind, amount)
    text = ast.unparse(ast.fix_missing_locations(marker.visit(tree)))
    if not marker.loops:
        return None
    filename = f"<checkpointed {function.__module__}.{function.__name__}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace = {**function.__globals__, "checkpoint_": tangent.checkpoint}
    exec(compile(text, filename, "exec"), namespace)
    return namespace[function.__name__]


def leaves(value):
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in leaves(v)]
    if isinstance(value, (tuple, list)):
        return [leaf for v in value for leaf in leaves(v)]
    return [value]


def same_bits(a, b):
    for x, y in zip(leaves(a), leaves(b), strict=True):
        assert type(x) is type(y)
        if x is not None:
            np.testing.assert_array_equal(np.asarray(x), np.asarray(y), strict=True)


CASES = [
    pytest.param(p, twin, id=f"{p.name}-{kind}")
    for p in corpus()
    if not p.name.startswith("reversible.")  # inverses round: another order gives other bits
    if (twin := marked(p.function, *(chosen := next(SCHEDULES)))) is not None
    for kind in chosen[:1]
]


REFUSED = (
    *("checkpoint-effect", "checkpoint-shared", "iteration", "attribute-store", "object"),
    *("iterator", "generator"),  # what gives each item once is not run through again
    "shared-store",  # the body of a checkpointed loop is not written once for each name
)


@pytest.mark.parametrize(("program", "twin"), CASES)
def test_the_corpus_with_its_loops_checkpointed(program, twin):
    try:
        value, pullback = tangent.vjp(program.function, *program.draw())
        expected = pullback(value)
    except (tangent.TangentError, TypeError, ValueError):
        return  # what is refused, or has no cotangent like its value, says nothing here
    try:
        again, other = tangent.vjp(twin, *program.draw())
    except tangent.TangentError as error:
        assert error.code in REFUSED, error  # noqa: PT017
        return
    same_bits(again, value)
    for _ in range(2):
        same_bits(other(value), expected)


def test_there_are_loops_enough():
    assert len(CASES) > 150
