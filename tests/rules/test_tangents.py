"""Every rule in forward mode: against differences, and <y_bar, J v> = <J^T y_bar, v>.

The tangent is computed here from what the rule says: the sum of partials times tangents, the
function itself, or the body of a rule by `defjvp`.
"""

import numpy as np
import pytest

import checks
from rules.test_rules import (
    about,
    adjoints,
    cotangent,
    domain,
    each,
    evaluated,
    inner,
    moving,
    place,
    places,
)
from tangent.rules.language import Jvp, Multilinear, forward_rule
from tangent.runtime import conform, zero_tangent

# SciPy's own remark, in single precision
pytestmark = pytest.mark.filterwarnings("ignore:logm result may be inaccurate")
LATER = "runtime.seed"  # refuses the tangent of a result that is no scalar


def tangent(rule, dots, y, args, options):
    """The tangent of the result; `dots` maps positions of moving arguments to their tangents."""
    forward = forward_rule(rule.function)
    still = [dots.get(i, zero_tangent(a)) for i, a in enumerate(args)]
    if isinstance(forward, Jvp):
        names = list(forward.signature.parameters)
        given = [
            still[names.index(p)] if names.index(p) < len(args) else 0 for p in forward.tangents
        ]
        return forward.call(*given, y, *args, **options)
    if isinstance(forward, Multilinear):
        names = list(rule.signature.parameters)
        positions = [names.index(p) for p in forward.parameters]
        return total(
            evaluated(rule, [*args[:i], dots[i], *args[i + 1 :]], options)
            for i in positions
            if i in dots
        )
    if rule.kind == "transpose":
        linear = places(rule, args)
        mixed = [still[i] if i in linear else a for i, a in enumerate(args)]
        moves = {o: zero_tangent(v) for o, v in options.items() if rule.entries.get(o) is not None}
        return evaluated(rule, mixed, options | moves)
    assert rule.elementwise, f"{rule.name} has no forward rule"
    return conform(total(elementwise(rule, dots, y, args, options)), y)


def elementwise(rule, dots, y, args, options):
    for name in rule.entries:
        position = place(rule, name)
        if position in dots and rule.entries[name] is not None:
            given = (y, *args) if rule.kind == "partials" else (dots[position], y, *args)
            returned = rule.call(*given, **options)
            entry = returned[position] if isinstance(returned, tuple) else returned
            if entry is not None:
                yield entry * dots[position] if rule.kind == "partials" else entry


def total(terms):
    found = list(terms)
    result = found[0]
    for term in found[1:]:
        result = result + term
    return result


def dots_of(direction, args):
    """The tangent of each argument that a direction moves, zero at the leaves that stay."""
    moved = {path[0] for path in direction}

    def pick(path, leaf):
        if path not in direction:
            return zero_tangent(leaf)
        drawn = direction[path]
        if isinstance(leaf, np.ndarray):
            return np.asarray(drawn, dtype=leaf.dtype)
        return type(leaf)(drawn)

    found = checks.tree_map(pick, tuple(args))
    return {i: entry for i, entry in enumerate(found) if i in moved}


@each
def test_tangent_against_differences_and_adjoint(rule):
    if rule.function in (np.float32, np.float16):
        pytest.skip("rounds to less than a difference resolves")
    for case in domain(rule):
        with about(case):
            check_tangent(rule, checks.copied(case.args), case.options)


def check_tangent(rule, args, options):
    y = evaluated(rule, args, options)
    y_bar = cotangent(y)
    positions = moving(rule, args)
    pulled = adjoints(rule, y_bar, y, args, options)
    rng, rtol = np.random.default_rng(7), checks.tolerance(args)

    def scalar(*moved):
        return inner(y_bar, evaluated(rule, moved, options))

    for direction in checks.directions(rng, args, positions, limit=3):
        dots = dots_of(direction, args)
        with checks.unchanged((*args, *dots.values())):
            y_dot = tangent(rule, dots, y, args, options)
        same_structure(y_dot, y)
        have = inner(y_bar, y_dot)
        want = checks.central_difference(scalar, args, direction)
        back, scale = checks.contraction([pulled[p] for p in positions], positions, direction)
        allowed = rtol * max(scale, abs(want)) + rtol * 1e-2 * max(abs(inner(y_bar, y)), 1.0)
        where = checks.names_of(direction)
        assert abs(have - want) <= allowed, f"along {where}: {have!r}, differences {want!r}"
        assert abs(have - back) <= allowed, f"along {where}: {have!r}, adjoint {back!r}"


def same_structure(y_dot, y):
    for path, leaf in checks.leaves(y):
        assert np.shape(checks.at(y_dot, path)) == np.shape(leaf), f"shape at {path}"


@each
def test_tangent_of_a_view(rule):
    """It is a view where the result is one, and a copy where that is a copy: stores tell."""
    for case in domain(rule) if rule.view else []:
        x = case.args[0]
        if isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.flags.forc:
            x_dot = np.full_like(x, 0.5)
            y = evaluated(rule, case.args, case.options)
            y_dot = tangent(rule, {0: x_dot}, y, case.args, case.options)
            with about(case):
                assert np.shares_memory(y_dot, x_dot) == np.shares_memory(y, x)


@each
def test_tangent_keeps_single_precision(rule):
    for case in domain(rule):
        given = (*case.args, *case.options.values())
        if not any(isinstance(value, type | np.dtype) for value in given):
            with about(case):
                options = checks.tree_map(narrowed, case.options)
                check_single(rule, checks.tree_map(narrowed, case.args), options)


def narrowed(_, leaf):
    return leaf.astype(np.float32) if checks.is_active(leaf) and np.ndim(leaf) else leaf


def check_single(rule, args, options):
    y = evaluated(rule, args, options)
    drawn = checks.random_direction(np.random.default_rng(8), args, moving(rule, args))
    if not drawn:
        return
    y_dot = tangent(rule, dots_of(drawn, args), y, args, options)
    for path, leaf in checks.leaves(y):
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fc":
            assert checks.at(y_dot, path).dtype == leaf.dtype, f"{path}"
