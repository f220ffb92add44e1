"""Parts of arrays whose shapes are said to be equal are compared for arrays of every length."""

import itertools

import gast
import numpy as np
import pytest

from tangent.analyses.parts import has_axis, is_sliced, part_key, part_of

BOUNDS = ["", "0", "1", "2", "-1", "-2"]
SLICES = [f"{a}:{b}{s}" for a, b, s in itertools.product(BOUNDS, BOUNDS, ["", ":2", ":-1"])]


def index_of(text):
    return gast.parse(f"u[{text}]", mode="eval").body.slice


def test_equal_keys_leave_equal_shapes():
    groups = {}
    for text in SLICES:
        groups.setdefault(part_key(index_of(text), ()), []).append(text)
    assert set(groups[part_key(index_of("2:"), ())]) == {"2:", "1:-1", ":-2", "0:-2"}
    for n in range(6):
        u = np.zeros(n)
        for texts in groups.values():
            assert len({u[eval(f"np.s_[{text}]")].shape for text in texts}) == 1, (n, texts)


def test_several_axes():
    key = part_key(index_of("1:-1, i, 2:"), {"i"})
    assert key == part_key(index_of(":-2, 3 - i, :-2"), {"i"})
    assert key != part_key(index_of("1:-1, 2:, i"), {"i"})
    assert part_key(index_of("1:, :"), ()) == part_key(index_of(":-1"), ())
    assert part_key(index_of(":"), ()) == ()


@pytest.mark.parametrize("text", ["k", "True", "k:", "...", "None, 1:", "x > 0", "[0, 1]", "1.0"])
def test_unknown_indices_have_no_key(text):
    assert part_key(index_of(text), ()) is None


def test_axes():
    assert is_sliced(index_of("0, 1:"))
    assert not is_sliced(index_of("0, 1"))
    assert has_axis(part_of("u", part_key(index_of("0, 1:"), ())))
    assert not has_axis(part_of("u", part_key(index_of("0, 1"), ())))
