"""Functions known by a program: it computes what they do, and its derivatives are right."""

import linecache
from itertools import count

import numpy as np
import pytest

import checks
import tangent
import tangent.rules.load
from rules import program_domains, scipy_domains
from rules.test_rules import about, cotangent, keys
from tangent.rules.language import Program, registered

_numbers = count(1)
CASES = program_domains.CASES | scipy_domains.PROGRAMS
PROGRAMS = [e for e in registered() if isinstance(e, Program) and e.function is not e.text]
each = pytest.mark.parametrize("entry", PROGRAMS, ids=[keys(e.function)[0] for e in PROGRAMS])


def domain(entry):
    found = [k for k in keys(entry.function) if k in CASES]
    assert found, f"no case for {keys(entry.function)} in tests/rules/program_domains.py"
    return CASES[found[0]]


def moves(argument):
    return bool(checks.active_leaves(argument)) or isinstance(argument, np.ndarray)


def called(entry, case, still=()):
    """A Python function of the arguments that move, and these; options are written out.

    Arguments at the positions `still` are constants.
    """
    names, given, namespace = [], [], {"function": entry.function}

    def written(argument, position=None):
        if position in still:
            namespace[f"f{len(namespace)}"] = argument
            return list(namespace)[-1]
        if moves(argument):
            names.append(f"x{len(names)}")
            given.append(argument)
            return names[-1]
        if callable(argument):
            namespace[f"f{len(namespace)}"] = argument
            return list(namespace)[-1]
        return repr(argument)

    parts = [written(a, i) for i, a in enumerate(case.args)]
    parts += [f"{word}={written(a)}" for word, a in case.options.items()]
    call = f"function({', '.join(parts)})"
    call = f"tuple({call})" if entry.function.__name__.startswith("unique_") else call
    text = f"def case({', '.join(names)}):\n    return {call}\n"
    filename = f"<case {next(_numbers)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compile(text, filename, "exec"), namespace)
    return namespace["case"], tuple(given)


def drawn_cotangent(value):
    """Random numbers in the structure of a result, complex where it is; None for integers."""
    drawn = cotangent(value)
    return checks.tree_map(
        lambda path, leaf: checks.at(drawn, path) if np.asarray(leaf).dtype.kind in "fc" else None,
        value,
    )


def inner(y_bar, y):
    """The real part of the sum of products, in every leaf that has an adjoint."""
    total = 0.0
    for path, leaf in checks.leaves(y):
        bar = checks.at(y_bar, path)
        total += 0.0 if bar is None else float(np.real(np.sum(np.asarray(bar) * np.asarray(leaf))))
    return total


@each
def test_value_and_derivatives(entry):
    for case in domain(entry):
        with about(case):
            function, args = called(entry, case)  # one function: its texts are written once
            check(function, args)
            check_single_precision(function, args)


def check(function, args):
    plain = function(*checks.copied(args))
    value, pullback = tangent.vjp(function, *args)
    for (path, want), (_, have) in zip(checks.leaves(plain), checks.leaves(value), strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-11, atol=1e-13, err_msg=str(path))
        assert np.asarray(have).dtype == np.asarray(want).dtype, f"dtype at {path}"
    y_bar = drawn_cotangent(plain)
    pulled = pullback(y_bar)

    def scalar(*moved):
        return inner(y_bar, function(*moved))

    positions = tuple(i for i, a in enumerate(args) if checks.active_leaves(a))
    checks.check_value([pulled[i] for i in positions], scalar, args, positions)
    drawn = checks.random_direction(np.random.default_rng(5), args, positions)
    along = checks.tree_map(lambda path, leaf: drawn.get(path), args)
    tangents = tuple(None if i not in positions else t for i, t in enumerate(along))
    moved = tangent.jvp(function, args, tangents)[1]
    back, scale = checks.contraction([pulled[i] for i in positions], positions, drawn)
    assert abs(inner(y_bar, moved) - back) <= 1e-9 * max(scale, 1.0)


def check_single_precision(function, args):
    """Of arrays in single precision the gradients are, too."""
    narrow = checks.tree_map(
        lambda _, x: x.astype(np.float32) if checks.is_active(x) and np.ndim(x) else x, args
    )
    value, pullback = tangent.vjp(function, *narrow)
    plain = function(*narrow)
    for (_, want), (_, have) in zip(checks.leaves(plain), checks.leaves(value), strict=True):
        assert np.asarray(have).dtype == np.asarray(want).dtype
    pulled = pullback(drawn_cotangent(plain))
    for gradient, argument in zip(pulled, narrow, strict=True):
        checks.check_pullback_structure(gradient, argument, "gradient")


SECOND = ["average", "interp", "polyder", "vander", "cov", "trapezoid", "multiply.outer"]


@pytest.mark.parametrize("name", SECOND)
def test_second_order(name):
    """In what programs are written in has rules, which are tested to second order by themselves."""
    entry = next(e for e in PROGRAMS if name in keys(e.function))
    function, args = called(entry, domain(entry)[0])
    tangent.check_grads(function, args, order=2)
