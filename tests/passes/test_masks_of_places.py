"""What an index, a store, an extreme or a bound leaves out, where its partial is infinite."""

import numpy as np
import pytest

import tangent

INPUT = np.array([0.0, 0.5, 2.0, -1.0])
CASES = []
POSITIVE = INPUT > 0


def case(f):
    CASES.append(f)
    return f


def root(x):
    return np.sqrt(x) * 2


# ---------------------------------------------------------------- indices


@case
def by_a_mask(x):
    y, m = np.sqrt(x), POSITIVE
    return y[m] ** 2 * 3


@case
def of_data_that_lacks_values(x):
    data = np.array([np.nan, 1.0, 2.0, np.nan])
    y = x * data
    return y[~np.isnan(data)] ** 2


@case
def into_zeros(x):
    y, z, m = np.sqrt(x), np.zeros_like(x), POSITIVE
    z[m] = y[m]
    return z**3


@case
def out_of_a_callee(x):
    y = root(x)
    return y[x > 0] * 2


@case
def by_a_slice(x):
    return np.log(x)[1:3]


@case
def by_a_number(x):
    return np.log(x)[2] * x


@case
def by_numbers(x):
    return np.take(np.sqrt(x), [1, 2, -3])


@case
def by_places(x):
    y = np.log(x)
    return y[np.nonzero(POSITIVE)]


@case
def named_twice(x):
    y, z = np.sqrt(x), np.zeros(4)
    z[1:3] = y[[1, 1]] + y[[2, 1]]
    w = np.sqrt(x)[[1, 0, 1]]
    w[1] = 0
    return np.sum(z) * w


@case
def twice(x):
    y = np.log(x)
    return y[1] * y[2:3]


@case
def in_another_order(x):
    return np.sqrt(x).reshape(2, 2)[::-1].T[0][:1] * np.sort(np.sqrt(x * x))[3]


@case
def of_an_outer_product(x):
    return np.triu(np.sqrt(np.outer(x, x)), 1)[1, 2]


@case
def extracted(x):
    return np.extract(POSITIVE, np.sqrt(x)) * np.compress(POSITIVE, np.log(x))


@case
def by_two_masks(x):
    y = np.log(np.outer(x, x + 2))
    return y[POSITIVE][:, POSITIVE]


@case
def rolled(x):
    return np.roll(np.sqrt(x), 1)[2:]


# ---------------------------------------------------------------- stores


@case
def part_of_what_is_overwritten(x):
    z = np.zeros((2, 4))
    z[0] = np.sqrt(x)
    z[1, 1:] = np.log(x + 2)[1:]
    z[0, 0] = z[0, 3] = 0
    return z**2


@case
def overwritten(x):
    y = np.sqrt(x)
    y[~POSITIVE] = 0
    return y**3


@case
def overwritten_as_a_whole(x):
    y = np.sqrt(x)
    np.putmask(y, ~POSITIVE, 0.0)
    np.copyto(y, 1.0, where=~POSITIVE)
    return y


@case
def constant_where_the_partial_is_infinite(x):
    x = x * 1.0
    x[0] = 0
    x[3] = 1.0
    return np.sqrt(x)


# ---------------------------------------------------------------- choices


@case
def selected(x):
    return np.select([x > 1, x > 0], [np.log(x), np.sqrt(x)], x)


@case
def selected_by_default(x):
    return np.select([x <= 0], [x], np.log(x))


@case
def chosen(x):
    return np.choose((x > 0).astype(int), [x, np.sqrt(x)])


# ---------------------------------------------------------------- extremes and bounds


@case
def greater_than_a_number(x):
    return np.maximum(np.sqrt(np.abs(x)), 0.8)


@case
def greater_of_two(x):
    return np.fmax(np.sqrt(x * x), np.ones(4) * 0.6)


@case
def least_of_powers(x):
    return np.minimum((1 / x) ** 2, 0.3)


@case
def clipped(x):
    return np.log(x * x).clip(-1.1, 1.2)


@case
def clipped_by_arrays(x):
    return np.clip(np.log(x * x + 0.0), -1, np.array([[0.5], [0.2]]))


@case
def root_of_what_is_clipped(x):
    return np.sqrt(np.clip(x - 0.1, 0, 1.5)) + np.sqrt(np.maximum(x - 0.2, 0))


@case
def overflowing(x):
    return np.minimum(np.exp((x - 0.1) * 500), 1.0)


@case
def greatest(x):
    return np.max(np.sqrt(x * x)) * np.nanmax(np.sqrt(x))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_what_is_left_out_has_no_derivative(f):
    slopes = np.zeros(4)
    for i, unit in enumerate(np.eye(4)):
        if i or not one_sided(f):
            slopes[i] = (np.sum(f(INPUT + 1e-6 * unit)) - np.sum(f(INPUT - 1e-6 * unit))) / 2e-6
            moved = tangent.jvp(f, (INPUT,), (unit,))[1]
            np.testing.assert_allclose(np.sum(moved), slopes[i], rtol=1e-6, atol=1e-5)
    df = tangent.grad(lambda x: np.sum(f(x)))
    got = df(INPUT)
    assert np.isfinite(got).all()
    skipped = slice(1 if one_sided(f) else 0, None)
    np.testing.assert_allclose(got[skipped], slopes[skipped], rtol=1e-6, atol=1e-5)
    assert np.isfinite(tangent.hvp(lambda x: np.sum(f(x)))(INPUT, np.ones(4))).all()


def one_sided(f):
    """Does the mask itself change at the first element, so that there is no slope in it?"""
    step = np.array([1e-6, 0, 0, 0])
    ahead, behind = np.sum(f(INPUT + step)), np.sum(f(INPUT - step))
    return not np.isfinite(ahead - behind) or abs(ahead - behind) > 1e-4


# ---------------------------------------------------------------- where the product counts


def root_squared(x):
    y = np.sqrt(x)
    z = y[x > -1]
    return np.sum(z**2)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_zero_times_infinity_is_no_zero_where_something_arrived():
    """The derivative is 1, and no mask may make it 0."""
    assert np.isnan(tangent.grad(root_squared)(np.array([0.0, 1.0]))[0])


def layer(x, W):
    h = np.maximum(W @ x, 0) * 2
    return h * h


def test_no_mask_where_all_is_finite():
    assert "where" not in tangent.grad(lambda x, W: np.sum(layer(x, W))).source


# ---------------------------------------------------------------- memory that is shared


def store_through_a_view(x):
    y = x * 1.0
    v = y[1:3]
    v[0] = 0.0
    w = np.sqrt(y) * np.log(y + 3)
    y[1] = x[0]
    return np.sum(w[[0, 2, 3]]) + np.sum(np.log(y))


def store_in_a_loop(x):
    y = x / 2
    for k in range(3):
        y[k] = 0 if k == 1 else y[k + 1] / x[k]
        y = y / x
    return np.sum(y)


def mask_bound_again(x):
    m = x > 0.6
    y = np.exp(x) / x
    z = y[m]
    m = x > 0
    return np.sum(z) * np.sum((y / x)[m])


def mask_written_into(x):
    m = x > 0.6
    y = np.exp(x) / x
    z = y[m] / 2
    m[0] = True
    return np.sum(z) * np.sum((y / x)[m])


def base_that_is_updated(x):
    z = np.maximum(1 / x, np.log(x))
    z[0] = 0
    z[1:3] += (1 / x)[0:2] / x[1:3]
    return np.sum(z * x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "f",
    [
        store_through_a_view,
        store_in_a_loop,
        mask_bound_again,
        mask_written_into,
        base_that_is_updated,
    ],
)
def test_masks_see_what_is_written(f):
    x = np.array([0.5, 0.75, 2.0, 1.25])
    tangent.check_grads(f, (x,), order=2, modes=("forward", "reverse"))


def scales_of_rows(x):
    a, b = x[0], x[1:3].reshape(2, 1)
    z = np.where(x > 0.6, x / a - np.log(a) + b * np.log(b * x), 0)
    return np.sum(np.maximum(z * np.log(a) / b, a / x))


def test_a_mask_of_what_was_broadcast_in_second_derivatives():
    """A shape that the first derivative keeps is no array whose shape counts."""
    tangent.check_grads(scales_of_rows, (np.array([0.5, 0.75, 2.0, 1.25]),))
