"""Liveness comes before recording: in the other order gradients are wrong.

A statement that nothing needs is left out of the forward sweep.  If recording believes that it
runs, it saves `y` in front of it, where nothing is ever run, and takes `y` for destroyed behind
it, so that the statement that does overwrite `y` saves nothing.
"""

import numpy as np
import pytest

import tangent
from analyses.facts import analysed
from tangent.analyses import plan
from tangent.analyses.liveness import Liveness
from tangent.analyses.recording import recording
from tangent.syntax.program import every


def straight(x):
    y = x * x
    z = y * np.sin(y)
    y = 7.0
    y = np.cos(x)
    return z * y


def looped(x, n):
    y = x
    z = 1.0
    for _ in range(n):
        z = z + np.sin(y * y)
        y = 7.0
        y = np.cos(z * x)
    return z


DEAD = "y = 7.0"
PROGRAMS = pytest.mark.parametrize(
    ("function", "args", "real"),
    [
        (straight, (0.7,), "y = np.cos(x)"),
        (looped, (0.7, 3), "y = np.cos(z * x)"),
    ],
)


def saves_of_y(function, kept=None):
    """Texts of the statements in front of which `y` is saved, if `kept` were what runs."""
    facts = analysed(function)
    statements = frozenset(every(facts.program.body))
    live = Liveness(facts.plan.live.kept if kept is None else kept(statements), frozenset())
    known = (facts.adjoints.emitted, frozenset(), facts.sharing, facts.shadows)
    found = recording(facts.program, facts.plan.needs, live, *known)
    return [save.at.origin.text for save in found.saves if save.name == "y"]


def derivative(function, args):
    step = 1e-6
    above, below = (function(args[0] + d, *args[1:]) for d in (step, -step))
    return (above - below) / (2 * step)


@PROGRAMS
def test_the_dead_statement_is_left_out_and_saves_nothing(function, args, real):
    facts = analysed(function)
    dead = [s for s in every(facts.program.body) if s.origin.text == DEAD]
    assert dead
    assert not facts.plan.live.kept & set(dead)
    assert saves_of_y(function) == [real]
    assert DEAD not in tangent.grad(function).source


@PROGRAMS
def test_the_gradient_is_right(function, args, real):
    assert tangent.grad(function)(*args) == pytest.approx(derivative(function, args), rel=1e-8)


@PROGRAMS
def test_with_all_statements_taken_as_kept_the_real_overwriting_is_not_seen(function, args, real):
    found = saves_of_y(function, kept=lambda statements: statements)
    assert DEAD in found
    assert real not in found


@PROGRAMS
def test_in_the_other_order_the_gradient_is_wrong(function, args, real, monkeypatch):
    """The plan with recording first: saves in front of statements that are left out never run."""

    def recorded_first(program, needs, live, *rest):
        everything = Liveness(frozenset(every(program.body)), live.start)
        found = recording(program, needs, everything, *rest)
        run = tuple(save for save in found.saves if save.at in live.kept)
        return type(found)(run, found.records)

    monkeypatch.setattr(plan, "recording", recorded_first)
    have = tangent.grad(function)(*args)
    assert abs(have - derivative(function, args)) > 1e-3
