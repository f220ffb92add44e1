"""What the points-to analysis says of a store, beside what is so when the program runs.

In front of each statement that writes in place the names are asked which of them show what it
writes into: each of these must have been foreseen.
"""

import inspect
import zlib

import numpy as np
import pytest

from checks import positions_of
from programs.registry import corpus
from tangent import pipeline
from tangent.analyses.activity import into
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import sharing
from tangent.errors import TangentError
from tangent.runtime import Refusal, is_record, parts, tangent_like, zeros_like

SHARE = 5  # one program in so many
# a name that is bound to a number which nobody reads: the text does not bind it
DEAD = {"rebinding.needed_array_under_a_name_that_is_written_to"}


class Watcher:
    """Gets the names in front of each statement of a tangent program, and notes who was missed."""

    def __init__(self):
        self.places, self.facts, self.met, self.missed = (), {}, 0, set()

    def watch(self, number, held):
        point = self.places[number]
        facts = self.facts.setdefault(point.unit, sharing_of(point.unit))
        statement = point.statement
        base = into(statement) if statement in facts.showing else None
        if base not in held or not _may_be_shown(held[base]):
            return
        self.met += 1
        for name in facts.pointed.keys() & held.keys() - {base}:
            if _shows(held[name], held[base]) and not facts.shows(statement, name):
                self.missed.add((point.unit.name, statement.origin.line, base, name))

    def moved(self, made, *_):
        return 0.0 if made is None else made

    def __getattr__(self, name):
        return lambda *_: None


def sharing_of(unit):
    return sharing(unit.program, shapes(unit.program, False))


def _may_be_shown(value):
    return isinstance(value, np.ndarray | list | dict | set) or is_record(value)


def _shows(value, written):
    array = isinstance(written, np.ndarray)
    return any(
        p is written or (array and isinstance(p, np.ndarray) and np.shares_memory(p, written))
        for p in parts(value)
    )


def watched(function, args, positions):
    """A watcher that has seen the function run; None where it cannot be written."""
    watcher = Watcher()
    types = pipeline.types_of_arguments(function, args)
    parameters = pipeline.program_of(function).parameters
    names = tuple(parameters[i] for i in positions)
    module, watcher.places = pipeline.watched(function, names, watcher, types)
    module.refresh()
    taken = [p for p in inspect.signature(module[0]).parameters if p.endswith("_dot")]
    given = [tangent_like(zeros_like(args[i]), args[i]) for i in sorted(positions)]
    module[0](*args, **dict(zip(taken, given, strict=True)))
    return watcher


def drawn():
    return [p for p in corpus() if zlib.crc32(p.name.encode()) % SHARE == 0 and p.name not in DEAD]


@pytest.mark.parametrize("program", drawn(), ids=lambda p: p.name)
def test_who_shows_what_is_written_is_foreseen(program):
    args = program.draw()
    try:
        watcher = watched(program.function, args, positions_of(program.function, program.wrt))
    except (TangentError, Refusal):
        pytest.skip("refused")
    assert not watcher.missed


def another_name(x):
    rows = [x, 2 * x]
    other = rows if x > 0 else [x, x]
    rows[1] = x * x
    return other[1]


def test_what_is_missed_is_told(monkeypatch):
    assert not watched(another_name, (1.5,), (0,)).missed
    known = sharing_of
    monkeypatch.setattr(f"{__name__}.sharing_of", lambda unit: Blind(known(unit)))
    missed = watched(another_name, (1.5,), (0,)).missed
    assert {(base, name) for *_, base, name in missed} >= {("rows", "other")}


class Blind:
    """An analysis that foresees nothing."""

    def __init__(self, facts):
        self.showing, self.pointed = facts.showing, facts.pointed

    def shows(self, *_):
        return False
