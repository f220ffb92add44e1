"""Imports, helpers, temporaries and adjoints give way to the user's names, and every text runs."""

import ast
import re

import numpy as np
import pytest

import checks
import tangent

np_alias = np  # a module under another name: nothing else is imported for it
seed_of_the_module = 3.0


def shadowed_module(np, x):
    return np_alias.sum(np_alias.sin(x) * np)


def shadowed_helpers(x, seed, like, unbroadcast, zeros_like):
    return np.sum(x * seed) + like * unbroadcast * zeros_like


def shadowed_temporaries(t1, t2):
    t3 = np.exp(t1 * t2) * np.cos(t1 + t2)
    return t3 * np.sin(t3 * t1)


def shadowed_adjoints(x, x_bar, y_bar):
    y = x * x_bar * y_bar
    return y * np.sin(y)


def shadowed_result(result, result_bar, record):
    return result * result * result_bar + record


def shadowed_stores(x, y_stored, n):
    y = x
    for _ in range(n):
        y = y * np.sin(y) * y_stored
    return y


def shadowed_save(x, y_9):
    y = np.exp(x)
    z = y * y * y_9
    y = np.sin(x)
    return z * y


def shadowed_locals(x):
    np_ = x * x
    own = np_ * x
    add_at = own + x
    spread = add_at * own
    return spread * np_


def shadowed_derivative(f_grad, shadowed_derivative_grad):
    return f_grad * shadowed_derivative_grad


def helper(x, helper_forward):
    return x * np.sin(helper_forward)


def shadowed_halves(x, helper_forward, helper_backward, helper_34):
    return helper(x, helper_forward) * helper(helper_backward, helper_34)


def shadowed_builtin_reversed(x):
    reversed = x * x  # noqa: A001
    y = x
    for i in (1, 2):
        y = y * i * reversed
    return y


def shadowed_builtins_len_and_range(x, y):
    len, range = x * x, x * y  # noqa: A001
    for i, c in enumerate([x, y]):
        y = y * c * i + len * range
    return y


PROGRAMS = [f for name, f in sorted(globals().items()) if name.startswith("shadowed_")]


def numbers(function):
    """An argument for each parameter: a count for `n`, else a number."""
    parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
    return tuple(3 if p == "n" else 0.6 + 0.1 * i for i, p in enumerate(parameters))


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_the_gradient_is_right_whatever_the_names(function):
    args = numbers(function)
    positions = tuple(i for i, value in enumerate(args) if isinstance(value, float))
    gradients = tangent.grad(function, wrt=positions)(*args)
    checks.check_value(gradients, function, args, positions)
    value, pullback = tangent.vjp(function, *args)
    assert value == function(*args)
    found = pullback(1.0)
    assert [found[i] for i in positions] == pytest.approx(list(gradients))


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_parameters_keep_their_names(function):
    derivative = tangent.grad(function)
    (text,) = (n for n in ast.parse(derivative.source).body if "_grad" in getattr(n, "name", ""))
    own = function.__code__.co_varnames[: function.__code__.co_argcount]
    assert tuple(a.arg for a in text.args.args) == own


@pytest.mark.parametrize(
    ("function", "spelled"),
    [
        (shadowed_module, "import numpy as np_2"),
        (shadowed_helpers, "like as like_2"),
        (shadowed_helpers, "seed as seed_2"),
        (shadowed_adjoints, "x_bar_2 ="),
        (shadowed_result, "result_bar_2=1.0"),
        (shadowed_stores, "y_stored_2 = []"),
        (shadowed_temporaries, "t4 ="),
    ],
)
def test_the_librarys_names_give_way(function, spelled):
    assert spelled in tangent.grad(function).source


def test_a_number_follows_only_where_the_name_is_taken():
    text = tangent.grad(shadowed_adjoints, wrt="x").source
    assert "import numpy as np\n" in text
    assert not re.search(r"\b(like|seed)_\d", text)
