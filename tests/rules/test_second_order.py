"""The record of second derivatives is whole, and a part of it comes out again."""

import numpy as np
import pytest

from rules import second_order

STEP = 50  # one function out of so many is run again


def test_the_record_is_whole():
    """`python tests/rules/second_order.py --missing` adds what is new."""
    assert list(second_order.recorded()) == list(second_order.entries())
    assert "wrong" not in second_order.recorded().values()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", list(second_order.entries())[::STEP])
def test_the_record_is_true(name):
    with np.errstate(all="ignore"):
        assert second_order.outcome(second_order.entries()[name]) == second_order.recorded()[name]
