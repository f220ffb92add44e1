"""How a pair of halves is written: what the forward half returns, the backward half takes apart."""

import ast

import numpy as np
import pytest

from tangent import pipeline


def keeps_nothing(x):
    return 2.0 * x


def keeps_one(x):
    return np.sin(x)


def keeps_several(x, w):
    y = np.exp(x * w)
    return y * np.sin(y)


def keeps_a_list(x, n):
    y = x
    for _ in range(n):
        y = y * np.sin(y)
    return y


def has_their_names(record, result_bar):
    result = record * result_bar
    return result * np.sin(result)


CASES = {
    keeps_nothing: (("x",), (0.3,)),
    keeps_one: (("x",), (0.3,)),
    keeps_several: (("x", "w"), (0.3, 1.2)),
    keeps_a_list: (("x",), (0.3, 4)),
    has_their_names: (("record", "result_bar"), (0.3, 1.2)),
}
PAIRS = pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)


def halves(function):
    """The module, and the trees of its forward and its backward half."""
    module = pipeline.halves(function, CASES[function][0])
    trees = [n for n in ast.parse(module.source).body if isinstance(n, ast.FunctionDef)]
    return module, *trees


def record(forward):
    """The names in the record that the forward half returns."""
    returned = forward.body[-1]
    assert isinstance(returned, ast.Return)
    _, kept = returned.value.elts
    return [ast.unparse(one) for one in kept.elts]


@PAIRS
def test_two_functions_are_written_and_nothing_else(function):
    module, forward, backward = halves(function)
    assert "_forward" in forward.name
    assert "_backward" in backward.name
    assert (module.functions[0], module.functions[1]) == (forward.name, backward.name)


@PAIRS
def test_the_backward_half_takes_the_record_apart(function):
    _, forward, backward = halves(function)
    adjoint, taken = (a.arg for a in backward.args.args)
    assert adjoint.startswith("result_bar")
    assert taken.startswith("record")
    unpack = [n for n in backward.body if isinstance(n, ast.Assign)]
    unpack = [n.targets[0] for n in unpack if ast.unparse(n.value) == taken]
    assert [len(target.elts) for target in unpack] == ([len(record(forward))] * len(unpack))
    assert bool(unpack) == bool(record(forward))


@PAIRS
def test_the_forward_half_says_what_it_keeps(function):
    _, forward, _ = halves(function)
    said = " ".join(ast.get_docstring(forward).split())
    wanted = ", ".join(record(forward)) or "nothing"
    assert f"Keeps: {wanted}." in said


@PAIRS
def test_the_forward_half_has_no_adjoints(function):
    _, forward, _ = halves(function)
    given = set(CASES[function][0])
    names = {n.id for n in ast.walk(forward) if isinstance(n, ast.Name)} - given
    assert not [n for n in names if n.endswith("_bar")]


@PAIRS
def test_a_record_is_read_and_never_changed(function):
    module, _, _ = halves(function)
    value, kept = module[0](*CASES[function][1])
    assert value == function(*CASES[function][1])
    assert module[1](1.0, kept) == module[1](1.0, kept)
