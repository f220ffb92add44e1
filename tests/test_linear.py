"""The transformer's work grows with the primal as the primal does, whatever it is made of.

Counted, not timed (`counting`): a scan for each statement makes calls, a table takes memory.
"""

import sys

import pytest

import long_programs
from counting import growth, work
from tangent import pipeline

SIZES = (42, 82)  # of these each shape makes one with twice as many statements
MOST = 2.1  # twice as long a primal takes twice the work, and what grows by its logarithm


@pytest.fixture(scope="module", autouse=True)
def _once():
    """What is done once for all: rules are read, tables are filled."""
    for shape in long_programs.SHAPES:
        pipeline.gradient(long_programs.made(shape(12)), ("x",))


@pytest.mark.parametrize("shape", long_programs.SHAPES, ids=lambda shape: shape.__name__)
def test_work_grows_as_the_primal(shape):
    functions = [long_programs.made(shape(size)) for size in SIZES]
    amounts = [work(lambda f=f: pipeline.gradient(f, ("x",))) for f in functions]
    assert growth(amounts) < MOST, amounts


def test_a_scan_for_each_statement_is_seen():
    def scans(count):
        return lambda: [len([abs(one) for one in range(count)]) for _ in range(count)]

    assert growth([work(scans(size)) for size in SIZES]) > 3


def test_a_table_for_each_statement_is_seen():
    def tables(count):
        return lambda: [list(range(100 * count)) for _ in range(count)]

    assert growth([work(tables(size)) for size in SIZES]) > 3


@pytest.mark.parametrize(
    ("name", "count"), [("terms", 1200), ("named_in_loop", 1100), ("functions", 260)]
)
def test_no_limit_of_recursion(name, count):
    function = long_programs.made(getattr(long_programs, name)(count))
    limit = sys.getrecursionlimit()
    assert pipeline.gradient(function, ("x",)).source
    assert sys.getrecursionlimit() == limit
