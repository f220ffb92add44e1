"""How a pair of halves is written: what the forward half returns, the backward half takes apart."""

import ast

import numpy as np
import pytest

import tangent
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
    lists = [n for n in record(forward) if n.endswith("_stored")]
    wanted = ", ".join(n for n in record(forward) if n not in lists) or "nothing"
    assert f"Keeps: {wanted}." in said
    assert ("Stores: " in said) == bool(lists)
    assert all(f"{one.removesuffix('_stored')} once per iteration (" in said for one in lists)


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


# ---------------------------------------------------------------- functions that share halves


def dense(x, W, b):
    return np.maximum(x @ W + b, 0)


def two_layers(x, W, b, V, c):
    return np.sum(dense(dense(x, W, b), V, c))


def scaled(x, s):
    t = np.exp(s)
    return x * t


def scaled_by_each(x, s):
    return np.sum(scaled(x, 2.0) + scaled(3.0, s))


def outer(x, W, b):
    return np.tanh(dense(x, W, b))


def two_outer(x, W, b, V, c):
    return np.sum(outer(outer(x, W, b), V, c))


def functions_of(primal, wrt):
    return [
        f.name for f in ast.parse(pipeline.gradient(primal, wrt).source).body if hasattr(f, "args")
    ]


def test_equal_forward_halves_are_one_function():
    names = functions_of(two_layers, ("W", "b", "V", "c"))
    want = ["dense_forward", "dense_backward", "dense_backward_W_b", "two_layers_grad"]
    assert names == want


def test_forward_halves_that_call_equal_ones_are_equal():
    names = functions_of(two_outer, ("W", "b", "V", "c"))
    assert sorted(n for n in names if "forward" in n) == ["dense_forward", "outer_forward"]
    assert len([n for n in names if "backward" in n]) == 4


def sums(values):
    total = 0.0
    for v in values:
        total = total + v * v
    return total


def sums_of_a_list_and_of_an_array(x):
    return sums(x) * sums([x[0], x[1] * 2.0])


@pytest.mark.parametrize("transform", [pipeline.gradient, pipeline.tangent])
def test_a_function_called_with_lists_and_with_arrays_is_written_once(transform):
    source = transform(sums_of_a_list_and_of_an_array, ("x",)).source
    names = [f.name for f in ast.parse(source).body if hasattr(f, "args")]
    assert not [n for n in names if n.endswith("_2")], names
    assert len(names) == len(set(names))


def test_without_a_pair_for_all_that_is_active_each_has_its_suffix():
    names = functions_of(scaled_by_each, ("x", "s"))
    assert {n for n in names if "backward" in n} == {"scaled_backward_x", "scaled_backward_s"}


def test_a_parameter_that_is_never_active_gives_no_suffix():
    names = [f.__name__ for f in (pipeline.halves(keeps_a_list, ("x",))[i] for i in (0, 1))]
    assert names == ["keeps_a_list_forward", "keeps_a_list_backward"]


def test_shared_halves_give_the_right_gradient():
    x, W, V = np.random.default_rng(0).normal(size=(3, 3, 3))
    b, c = np.random.default_rng(1).normal(size=(2, 3))
    for primal in (two_layers, two_outer):
        gradients = tangent.grad(primal, wrt=("W", "b", "V", "c"))(x, W, b, V, c)
        for position, gradient in enumerate(gradients, 1):
            step = np.zeros((5,), object)
            args = [x, W, b, V, c]
            d = np.random.default_rng(2).normal(size=np.shape(args[position]))
            step[position] = 1e-6 * d
            above, below = (
                primal(*(a + s * t for a, t in zip(args, step, strict=True))) for s in (1, -1)
            )
            assert np.isclose(np.sum(gradient * d), (above - below) / 2e-6, rtol=1e-6)
