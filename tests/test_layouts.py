"""Arguments that lie in memory in all ways: what is a view of them, and what a copy, stays so."""

import numpy as np
import pytest

import tangent
from tangent.runtime import laid_out

LAYOUTS = {
    "rows": lambda a: a,
    "columns": np.asfortranarray,
    "turned": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "mirrored": lambda a: np.ascontiguousarray(a[:, ::-1])[:, ::-1],
    "every second column": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "odd rows": lambda a: np.repeat(a, 2, axis=1)[:, :-1:2],
    "every second row": lambda a: np.repeat(a, 2, axis=0)[::2],
    "part": lambda a: np.concatenate([a, a], axis=1)[:, :4],
}


def raveled(x):
    y = x.ravel()
    y *= 2.0
    return np.sum(x * x) + 3 * np.sum(y)


def contiguous(x):
    y = np.ascontiguousarray(x)
    y *= 2.0
    return np.sum(x * x) + 3 * np.sum(y)


def part_reshaped(x):
    y = x[1:].reshape(-1)
    y[0] = 5 * x[0, 0]
    return np.sum(x * x) + 3 * np.sum(y)


def turned_and_raveled(x):
    y = x.T.ravel()
    y[0] = 5 * x[0, 1]
    y *= y
    return np.sum(x * x) + 3 * np.sum(y)


def made_in_columns(x):
    z = np.array(x, order="F")
    y = z.T.reshape(-1)
    y *= 2.0
    w = z[:2].ravel()
    w *= y[0]
    return np.sum(x * z) + np.sum(w * w)


def rows_of_a_list(xs):
    y = xs[0].ravel()
    y *= 2.0
    return np.sum(xs[0] * xs[0]) + 3 * np.sum(y)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "f", [raveled, contiguous, part_reshaped, turned_and_raveled, made_in_columns]
)
def test_layout_of_an_argument(f, layout):
    rng = np.random.default_rng(5)
    a, d = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    place = LAYOUTS[layout]

    def at(distance):
        return f(place(a + distance * d))

    want = (at(1e-5) - at(-1e-5)) / 2e-5
    value, moved = tangent.jvp(f, (place(a.copy()),), (d,))
    gradient = tangent.grad(f)(place(a.copy()))
    assert value == at(0.0)
    assert moved == pytest.approx(want, rel=1e-7)
    assert np.sum(gradient * d) == pytest.approx(want, rel=1e-7)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_of_what_a_list_holds(layout):
    a, place = np.arange(12.0).reshape(3, 4), LAYOUTS[layout]
    want = rows_of_a_list([place(a.copy())])
    value, gradient = tangent.value_and_grad(rows_of_a_list)([place(a.copy())])
    slope = (rows_of_a_list([place(a * 1.00001)]) - rows_of_a_list([place(a * 0.99999)])) / 2e-5
    assert value == want
    assert np.sum(gradient[0] * a) == pytest.approx(slope, rel=1e-7)


VIEWS = (
    *(np.ravel, np.ascontiguousarray, np.asfortranarray, lambda a: a.reshape(-1)),
    *(lambda a: a.T.ravel(), lambda a: a[1:].ravel(), lambda a: a[..., ::2].reshape(-1)),
    *(lambda a: a.ravel("K"), lambda a: a.reshape(a.shape[0], -1), lambda a: a[..., :1].ravel()),
)


def test_copies_are_laid_out_as_their_originals():
    rng = np.random.default_rng(0)
    for _ in range(300):
        axes = int(rng.integers(1, 4))
        cuts = [slice(None, None, int(rng.choice([1, 1, 2, -1, -2]))), slice(1, None), slice(0, 1)]
        index = tuple(cuts[int(rng.integers(3))] for _ in range(axes))
        a = np.zeros(tuple(rng.integers(2, 6, size=axes)))[index].transpose(rng.permutation(axes))
        made = laid_out(np.ones(a.shape), a)
        assert made.shape == a.shape
        assert np.all(made == 1.0)
        for view in VIEWS:
            assert np.shares_memory(view(made), made) == np.shares_memory(view(a), a)
