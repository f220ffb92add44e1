"""The transformer's work grows with the primal as the primal does, whatever it is made of.

Counted, not timed: the lines and calls of Python that run, each turn of a comprehension included.
"""

import itertools
import sys

import pytest

import long_programs
from tangent import pipeline

SIZES = (50, 100, 200)
MOST = 2.4  # twice as long a primal takes twice the work, and what grows by its logarithm


def work(call):
    """How many lines of Python run in a call, each turn of a comprehension counted."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def growth(amounts):
    return [after / before for before, after in itertools.pairwise(amounts)]


@pytest.mark.parametrize("shape", long_programs.SHAPES, ids=lambda shape: shape.__name__)
def test_work_grows_as_the_primal(shape):
    functions = [long_programs.made(shape(size)) for size in SIZES]
    pipeline.gradient(functions[0], ("x",))  # what is done once for all
    amounts = [work(lambda f=f: pipeline.gradient(f, ("x",))) for f in functions]
    assert max(growth(amounts)) < MOST, amounts


def test_a_scan_for_each_statement_is_seen():
    def scans(count):
        return lambda: [[one for one in range(count) if one == of] for of in range(count)]

    assert min(growth([work(scans(size)) for size in SIZES])) > 3


@pytest.mark.parametrize(("name", "count"), [("terms", 2000), ("named_in_loop", 1100)])
def test_no_limit_of_recursion(name, count):
    function = long_programs.made(getattr(long_programs, name)(count))
    limit = sys.getrecursionlimit()
    assert pipeline.gradient(function, ("x",)).source
    assert sys.getrecursionlimit() == limit
