"""Jacobians of known pattern, and what the colours of their columns and rows are good for."""

import numpy as np
import pytest
import scipy.sparse

import tangent
from tangent import InvalidArgument, jacobian
from tangent.sparsity import pattern

X = np.random.default_rng(0).normal(size=9)


def band(x):
    y = x**3
    inner = y[1:-1] * np.sin(x[:-2]) - x[2:]
    return np.concatenate([x[:1] * x[1:2], inner, y[-1:]])


BAND = np.abs(np.subtract.outer(range(9), range(9))) <= 1


def arrow(x):
    return np.concatenate([np.sum(x * x, keepdims=True), x[1:] * x[:1] * x[1:]])


ARROW = np.eye(9, dtype=bool)
ARROW[0] = ARROW[:, 0] = True


def runs(f, **options):
    """How often the pushforward or the pullback is called."""
    count = 0
    place = tangent.jacobians._Place
    push, pull = place.columns, place.rows

    def counted(function, position):
        def call(*args):
            nonlocal count
            count += len(args[position])
            return function(*args)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "columns", counted(push, 1))
        patch.setattr(place, "rows", counted(pull, 2))
        found = jacobian(f, **options)(X)
    return found, count


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
@pytest.mark.parametrize(("f", "places"), [(band, BAND), (arrow, ARROW)])
def test_the_matrix_is_the_same(f, places, mode):
    assert np.array_equal(jacobian(f, mode="forward")(X), jacobian(f, sparsity=places)(X))
    have, count = runs(f, mode=mode, sparsity=places)
    assert np.allclose(have, jacobian(f)(X), rtol=1e-14, atol=0)
    assert np.all(have[~places] == 0)
    if f is band:
        assert count == 3 + 1  # one run looks for entries outside of the pattern


def test_the_mode_with_fewer_colours_is_taken():
    places = np.ones((9, 1), bool) & (np.arange(9) == 0)  # all rows hold one column

    def first(x):
        return x[0] * np.arange(1.0, 10.0)

    assert runs(first, sparsity=places)[1] == 2
    assert runs(first, sparsity=places, mode="reverse")[1] == 10
    assert runs(lambda x: np.sum(x, keepdims=True), sparsity=np.ones((1, 9)))[1] == 2


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil"])
def test_a_sparse_pattern_gives_a_sparse_matrix(kind):
    places = scipy.sparse.coo_array(BAND.astype(float)).asformat(kind)
    have = jacobian(band, sparsity=places)(X)
    assert have.format == kind
    assert np.allclose(have.toarray(), jacobian(band)(X), rtol=1e-14, atol=0)


def test_several_arguments_and_containers():
    def f(p, y):
        return {"a": p["w"] * y, "b": y[:2]}

    args = {"w": X[:3], "n": 2}, X[3:6]
    eye = np.eye(3)
    places = np.block([[eye, eye], [np.zeros((2, 3)), eye[:2]]])
    want = jacobian(f, wrt=("p", "y"))(*args)
    have = jacobian(f, wrt=("p", "y"), sparsity=places)(*args)
    assert np.allclose(have[0]["a"]["w"], want[0]["a"]["w"])
    assert np.allclose(have[1]["b"], want[1]["b"])
    assert have[0]["a"]["n"] is None


def test_single_precision():
    x = X.astype(np.float32)
    have = jacobian(band, sparsity=BAND)(x)
    assert have.dtype == np.float32
    assert np.allclose(have, jacobian(band)(x), rtol=1e-6)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_pattern_that_lacks_an_entry_is_refused(mode):
    places = BAND.copy()
    places[4, 5] = False
    with pytest.raises(InvalidArgument, match="outside of the pattern") as caught:
        jacobian(band, mode=mode, sparsity=places)(X)
    assert caught.value.code == "sparsity"


def test_a_pattern_of_another_shape_is_refused():
    with pytest.raises(InvalidArgument, match=r"shape \(9, 8\) for a Jacobian of 9 rows and 9"):
        jacobian(band, sparsity=BAND[:, :-1])(X)


def test_an_empty_pattern_and_an_empty_argument():
    have = jacobian(lambda x: np.zeros(2) + 0 * x[:2], sparsity=np.zeros((2, 9)))(X)
    assert np.array_equal(have, np.zeros((2, 9)))
    assert jacobian(lambda x: 2 * x, sparsity=np.zeros((0, 0)))(X[:0]).shape == (0, 0)


def test_no_two_items_of_a_colour_share_a_neighbour():
    rng = np.random.default_rng(1)
    for _ in range(20):
        places = rng.random((12, 15)) < 0.2
        found = pattern(places, places.shape)
        for colours, matrix in ((found.of_columns, places), (found.of_rows, places.T)):
            for colour in range(colours.max() + 1):
                assert matrix[:, colours == colour].sum(axis=1).max() <= 1
