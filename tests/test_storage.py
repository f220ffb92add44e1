"""How much a forward half keeps: arrays counted in its record, not lines counted in its text."""

import numpy as np
import pytest

import tangent
from golden.registry import every
from tangent import pipeline

STEPS = 50
GOLDEN = {g.name: g for g in every()}


def arrays(record):
    """The arrays in a record, each once, numbers of no dimension included."""
    found, todo = {}, [record]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list | tuple):
            todo += value
        elif isinstance(value, np.ndarray | np.generic):
            found[id(value)] = value
    return list(found.values())


def stored(function, wrt, *args):
    """The arrays in the record that are not the arguments themselves."""
    module = pipeline.halves(function, wrt)
    module.refresh()
    _, record = module[0](*args)
    given = {id(argument) for argument in arrays(args)}
    return [array for array in arrays(record) if id(array) not in given]


# ---------------------------------------------------------------- loops that carry a state


def recurrence(x, y, n):
    for _ in range(n):
        y = y * x + np.sin(y)
    return y


def test_a_loop_of_50_steps_stores_50_arrays():
    """One state per step; the first of them is the argument itself."""
    x, y = np.random.default_rng(0).normal(size=(2, 4))
    module = pipeline.halves(recurrence, ("x", "y"))
    _, record = module[0](x, y, STEPS)
    states = [array for array in arrays(record) if array is not x]
    assert len(states) <= STEPS
    assert all(array.shape == (4,) for array in states)
    assert any(array is y for array in states)


@pytest.mark.parametrize("n", [0, 1, 7])
def test_what_is_stored_grows_by_one_array_a_step(n):
    x, y = np.random.default_rng(0).normal(size=(2, 4))
    assert len(stored(recurrence, ("x", "y"), x, y, n)) <= max(n - 1, 0)


def test_the_pullback_of_50_steps_is_right():
    x, y = np.random.default_rng(0).uniform(0.2, 0.6, size=(2, 4))
    _, pullback = tangent.vjp(recurrence, x, y, STEPS)
    step = 1e-6 * np.ones(4)
    above, below = (recurrence(x + d, y, STEPS) for d in (step, -step))
    np.testing.assert_allclose(pullback(np.ones(4))[0], (above - below) / 2e-6, rtol=1e-6)


# ---------------------------------------------------------------- loops that only add


def sum_of_squares(x, n):
    total = 0.0
    for i in range(n):
        total = total + np.sin(x[i]) * x[i] ** 2
    return total


def augmented_sum(x, n):
    total = 0.0
    for i in range(n):
        total += x[i] * x[i]
    return total


def sum_over_items(x, n):
    total = 0.0
    for item in x:
        total = total + item * item
    return total


def nested_sum(x, n):
    total = 0.0
    for i in range(n):
        for j in range(i):
            total = total + x[i] * x[j]
    return total


def sum_with_a_branch(x, n):
    total = 0.0
    for i in range(n):
        if x[i] > 0:
            total = total + x[i] ** 3
        else:
            total = total - x[i]
    return total


def sum_of_cheap_values(x, n):
    total = 0.0
    for i in range(n):
        a = x[i] * 2
        b = a + i
        total = total + a * b
    return total


SUMS = [sum_of_squares, augmented_sum, sum_over_items, nested_sum]
SUMS += [sum_with_a_branch, sum_of_cheap_values]


@pytest.mark.parametrize("function", SUMS, ids=lambda f: f.__name__)
def test_sum_loops_store_nothing(function):
    text = tangent.grad(function).source
    assert "# store" not in text
    assert ".append(" not in text


@pytest.mark.parametrize("function", SUMS, ids=lambda f: f.__name__)
def test_sum_loops_store_nothing_in_halves(function):
    """Not even where it is unknown that the sum is a scalar: a shape is no array."""
    x = np.random.default_rng(0).normal(size=9)
    assert stored(function, ("x",), x, 9) == []


def sum_of_growing_shapes(items):
    """The sum is a number, then a row, then a matrix: its adjoint is larger than it was."""
    total = 0.0
    for item in items:
        total = total + item * item
    return total


def test_a_loose_adjoint_is_summed_where_it_is_used_up():
    rng = np.random.default_rng(0)
    items = [0.7, rng.normal(size=3), rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), 0.3]
    value, pullback = tangent.vjp(sum_of_growing_shapes, items)
    cotangent = rng.normal(size=(2, 3))
    (gradient,) = pullback(cotangent)
    sums = [np.sum(cotangent), cotangent.sum(axis=0), cotangent]
    sums += [cotangent.sum(axis=1, keepdims=True), np.sum(cotangent)]
    assert value.shape == (2, 3)
    for got, item, part in zip(gradient, items, sums, strict=True):
        assert np.shape(got) == np.shape(item)
        np.testing.assert_allclose(got, 2 * item * part, rtol=1e-12)


# ---------------------------------------------------------------- elsewhere


def linear(u, n):
    for _ in range(n):
        u = 2 * u + np.roll(u, 1)
    return u


def test_a_linear_recurrence_stores_no_states():
    assert len(stored(linear, ("u",), np.ones(4), STEPS)) <= 1


def test_a_recurrence_from_another_shape():
    """The first state may be smaller than the others: its adjoint is summed at the very end."""

    def growing(u, w, n):
        for _ in range(n):
            u = u + w
        return u

    value, pullback = tangent.vjp(growing, 0.5, np.ones((2, 3)), 3)
    u_bar, w_bar, _ = pullback(np.ones((2, 3)))
    assert value.shape == (2, 3)
    assert u_bar == 6.0
    np.testing.assert_array_equal(w_bar, np.full((2, 3), 3.0))


def test_a_list_is_no_state_of_a_linear_recurrence():
    """`2 * u` repeats a list: what is taken for an array is checked."""
    with pytest.raises(tangent.TangentError):
        tangent.vjp(linear, [5.0], 1)[1](np.ones(2))


@pytest.mark.parametrize("name", ["decay", "recurrence", "tree_loop"])
def test_records_grow_by_one_array_a_step(name):
    golden = GOLDEN[name]
    args = golden.draw(np.random.default_rng(0))
    module = pipeline.halves(golden.primal, golden.wrt)
    _, record = module[0](*args)
    steps = {"decay": 6, "recurrence": 6, "tree_loop": 3}[name]
    given = {id(argument) for argument in arrays(args)}
    # the states but the first, which is an argument; behind the loop the last state and a residual
    made = [array for array in arrays(record) if id(array) not in given]
    assert len(made) <= steps + 1
