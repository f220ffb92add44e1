"""One site that stands for all in a large container claims all that the sites themselves claim."""

import pytest

from programs.registry import corpus
from tangent import pipeline
from tangent.analyses import heap
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import sharing
from tangent.errors import TangentError

FAMILIES = {"containers", "lists", "ownership", "rebinding"}
PROGRAMS = [p for p in corpus() if p.name.partition(".")[0] in FAMILIES]


def owned(facts):
    return {s for s in facts.sites if not facts.into(s) and not facts.outside(s)}


def outside(facts):
    return {s for s in facts.sites if facts.outside(s)}


def own(sites):
    """The sites but for those that stand for many."""
    return {s for s in sites if not (isinstance(s, tuple) and s[0] == "many")}


@pytest.fixture(scope="module")
def pairs():
    """The facts of many programs, with sites of their own and with one site for all."""
    found = {}
    for one in PROGRAMS:
        try:
            program = pipeline.program_of(one.function).program
        except TangentError:
            continue
        many, facts = heap.MANY, []
        for heap.MANY in (10**9, 0):
            facts.append(sharing(program, shapes(program, False)))
        heap.MANY = many
        found[one.name] = facts
    return found


def test_one_site_for_many_forgets_nothing(pairs):
    assert len(pairs) > 30
    for name, (exact, merged) in pairs.items():
        assert exact.sites.keys() == merged.sites.keys()
        assert all(exact.others(s) <= merged.others(s) for s in exact.sites), name
        assert exact.written <= merged.written, name
        assert own(exact.touched) <= merged.touched, name
        assert own(exact.result) <= merged.result, name
        assert outside(exact) <= outside(merged), name
        assert all(exact.into(s) <= merged.into(s) for s in exact.sites), name
        assert owned(merged) <= owned(exact), name


def test_one_site_for_many_is_tried(pairs):
    assert any(
        exact.others(s) != merged.others(s) for exact, merged in pairs.values() for s in exact.sites
    )
