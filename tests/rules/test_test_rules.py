"""The checks of `test_rules`, each shown to fail on a wrong rule."""

import dataclasses

import numpy as np
import pytest

import tangent.rules.load  # noqa: F401
from rules import draws, test_rules, test_tangents
from tangent.rules import language
from tangent.rules.language import lookup

X = draws.r(2, 3)
TANH, SUM, MATMUL = lookup(np.tanh), lookup(np.sum), lookup(np.matmul)


def wrong(rule, **changes):
    return dataclasses.replace(rule, **changes)


def judged_on(monkeypatch, *cases):
    monkeypatch.setattr(test_rules, "domain", lambda rule: list(cases))


def test_the_right_rules_pass(monkeypatch):
    judged_on(monkeypatch, draws.Case(X))
    for rule in (TANH, SUM):
        test_rules.test_against_differences(rule)
        test_rules.test_shape_and_dtype(rule)
        test_rules.test_declared_memory(rule)
        test_rules.test_declared_shape(rule)
        test_rules.test_declared_tolerance(rule)


@pytest.mark.parametrize(
    "partial", [lambda y, x: 1 + y * y, lambda y, x: 1 - x * x, lambda y, x: 1 - y * y + 1e-5]
)
def test_a_wrong_partial(monkeypatch, partial):
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError, match="gradient"):
        test_rules.test_against_differences(wrong(TANH, call=partial))


def test_an_entry_that_is_nan(monkeypatch):
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError):
        test_rules.test_against_differences(wrong(TANH, call=lambda y, x: y * np.nan))


def test_an_entry_that_is_missing(monkeypatch):
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError, match="no entry"):
        test_rules.test_against_differences(wrong(TANH, call=lambda y, x: None))


def test_a_rule_that_writes_into_the_adjoint(monkeypatch):
    def call(y_bar, y, x):
        y_bar *= 1 - y * y
        return y_bar

    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError, match="the adjoint of the result"):
        test_rules.test_against_differences(wrong(TANH, kind="vjp", call=call))


def test_a_rule_that_writes_into_an_argument(monkeypatch):
    def call(y, x):
        x *= 1.0000001
        return 1 - y * y

    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError):
        test_rules.test_against_differences(wrong(TANH, call=call))


def test_a_rule_that_widens(monkeypatch):
    rule = wrong(SUM, call=lambda y_bar, a: (np.full(a.shape, y_bar, float), 0))
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError, match="float64"):
        test_rules.test_shape_and_dtype(rule)


def test_a_rule_with_the_wrong_shape(monkeypatch):
    rule = wrong(SUM, call=lambda y_bar, a: (np.full(a.size, y_bar, a.dtype), 0))
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError, match=r"\(6,\)"):
        test_rules.test_shape_and_dtype(rule)


def test_a_view_that_is_declared_fresh(monkeypatch):
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError):
        test_rules.test_declared_memory(wrong(lookup(np.ravel), fresh=True))


@pytest.mark.parametrize("shape", ["scalar", "reduction", "like first", "broadcast"])
def test_a_shape_that_is_declared_wrong(monkeypatch, shape):
    judged_on(monkeypatch, draws.Case(X))
    with pytest.raises(AssertionError):
        test_rules.test_declared_shape(wrong(lookup(np.ravel), shape=shape))


def test_a_tolerance_that_is_declared_wrong(monkeypatch):
    judged_on(monkeypatch, draws.Case(X, draws.r(3, 2)))
    rule = wrong(MATMUL, call=lambda y_bar, y, a, b: (y_bar[0] @ b.T, a.T @ y_bar[-1]))
    with pytest.raises((AssertionError, ValueError)):
        test_rules.test_declared_tolerance(rule)


def test_a_rule_without_domain(monkeypatch):
    judged_on(monkeypatch)
    with pytest.raises(AssertionError, match="no case"):
        test_rules.test_every_rule_has_a_domain(TANH)
    judged_on(monkeypatch, draws.Case(3))
    with pytest.raises(AssertionError, match="no case moves"):
        test_rules.test_every_rule_has_a_domain(TANH)


# ---------------------------------------------------------------- tangents


def check_tangent(rule, *args):
    test_tangents.check_tangent(rule, args, {})


def test_a_wrong_partial_is_found_in_forward_mode():
    check_tangent(TANH, X)
    with pytest.raises(AssertionError, match="differences"):
        check_tangent(wrong(TANH, call=lambda y, x: 1 - y * y + 1e-5), X)


def test_a_forward_rule_that_fits_no_reverse_rule_is_found():
    doubled = wrong(SUM, call=lambda y_bar, a, axis=None, *, keepdims=False: (2 * y_bar + 0 * a, 0))
    with pytest.raises(AssertionError, match="adjoint"):
        check_tangent(doubled, X)


@pytest.mark.parametrize("function", [np.linalg.inv, np.linalg.det, np.max])
def test_a_wrong_forward_rule_is_found(monkeypatch, function):
    right, A = language.forward_rule(function), draws.regular(3)
    check_tangent(lookup(function), A)
    bad = dataclasses.replace(right, call=lambda *given: right.call(*given) * 1.001)
    monkeypatch.setitem(language._TANGENTS, id(function), bad)
    with pytest.raises(AssertionError, match="differences"):
        check_tangent(lookup(function), A)


def test_a_tangent_of_another_shape_is_found(monkeypatch):
    right = language.forward_rule(np.max)
    bad = dataclasses.replace(right, call=lambda a_dot, *_: np.sum(a_dot, axis=0))
    monkeypatch.setitem(language._TANGENTS, id(np.max), bad)
    with pytest.raises(AssertionError, match="shape"):
        check_tangent(lookup(np.max), X)
