"""What callers know of functions that call themselves, or each other."""

import numpy as np
import pytest

from tangent import pipeline

table = np.ones(3)


def itself(n, u, v):
    return u if n == 0 else itself(n - 1, v, u)


def new(n, u, v):
    return u * v if n == 0 else new(n - 1, u, v) * 2.0


def even(n, u, v):
    return u if n == 0 else odd(n - 1, u, v)


def odd(n, u, v):
    return v * 2.0 if n == 0 else even(n - 1, u, v)


def outside(n, u, v):
    if n == 0:
        return table
    return outside(n - 1, u, v)


def loud(n, u, v):
    if n == 2:
        print(n)
    return u if n == 0 else loud(n - 1, u * u, v)


def summary(function):
    return pipeline.program_of(function).summary


def test_arguments_that_change_places_are_shared_both():
    assert summary(itself).shared == {"u", "v"}
    assert summary(itself).shares_outside == frozenset()


def test_what_is_computed_is_shared_with_nobody():
    assert summary(new).shared == summary(new).shares_outside == frozenset()
    assert summary(new).useful == {"u", "v"}


def test_functions_that_call_each_other():
    for first, second in ((even, odd), (odd, even)):
        unit = pipeline.program_of(first)
        other = unit.registry.of(second)
        assert unit.summary.shared == other.summary.shared == {"u"}
        assert unit.summary.useful == other.summary.useful == {"u", "v"}


def test_captured_values_effects_and_what_is_passed_on_for_nothing():
    assert summary(outside).shares_outside != frozenset()
    assert summary(outside).useful == frozenset()
    assert (summary(loud).effects, summary(loud).repeatable) == (True, False)
    assert (summary(itself).effects, summary(itself).repeatable) == (False, True)
    assert summary(loud).useful == {"u"}


def test_a_summary_that_cannot_be_found_leaves_no_guess_behind():
    unit = pipeline.program_of(even)
    other = unit.registry.of(odd)
    summaries = unit.registry.summaries

    def broken():
        other.summary  # noqa: B018  leans on the guess of `even`
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        summaries.of(unit, broken)
    assert not summaries.guesses
    assert not summaries.leaning
    assert other.summary.shared == {"u"}
