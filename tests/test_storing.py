"""`df.stored(…)`: the table says what is stored, how often, and how much memory that is."""

import numpy as np
import pytest

import tangent
from tangent import checkpoint


def simulate(u, k, steps):
    for _ in range(steps):
        u = u + 0.1 * np.sin(k * u)
    return np.sum(u * u)


def checkpointed(u, k, steps):
    for _ in checkpoint(range(steps), every=10):
        u = u + 0.1 * np.sin(k * u)
    return np.sum(u * u)


U = np.linspace(0.1, 0.9, 10_000)


def test_each_state_counts_but_the_argument():
    found = tangent.grad(simulate).stored(U, 0.7, 100)
    (row,) = found.rows
    assert (row.place, row.value, row.count, row.bytes) == ("u_stored", "u", 100, 99 * U.nbytes)
    assert row.why.startswith("store: overwritten at 12, needed by 12")
    assert found.total == 99 * U.nbytes
    assert found.total < found.peak < 1.1 * found.total


def test_checkpoints_store_less():
    found = tangent.grad(checkpointed).stored(U, 0.7, 100)
    rows = {row.place: row for row in found.rows}
    assert rows["snapshots"].count == 10
    assert rows["snapshots"].bytes == 9 * U.nbytes
    assert found.peak < 30 * U.nbytes
    assert "checkpoint: the state at the start of a segment" in str(found)


def test_a_table_and_a_picture(tmp_path):
    found = tangent.grad(simulate).stored(U, 0.7, 20)
    lines = str(found).splitlines()
    assert lines[0].split() == ["place", "count", "bytes", "reason"]
    assert lines[1].split()[:3] == ["u_stored", "20", str(19 * U.nbytes)]
    assert str(found.peak) in lines[-1]
    found.draw(tmp_path / "stored.png")
    alone = (tmp_path / "stored.png").stat().st_size
    assert alone > 5000
    few = tangent.grad(checkpointed).stored(U, 0.7, 20)
    found.draw(tmp_path / "stored.png", beside={"every=10": few})
    assert (tmp_path / "stored.png").stat().st_size > alone
    held = [b for _, b in found.curve]
    assert held.index(max(held)) > len(held) / 10
    assert held[-1] < max(held) / 2


def test_nothing_is_stored_twice_and_arguments_are_refused():
    found = tangent.grad(lambda x: x * x).stored(2.0)
    assert (found.rows, found.total) == ((), 0)
    with pytest.raises(tangent.InvalidArgument):
        tangent.grad(lambda x: x * x).stored(2)


def test_a_gradient_without_the_checkpoints_stores_all_states():
    few, plain = tangent.grad(checkpointed), tangent.grad(checkpointed, checkpoint=False)
    assert "snapshots" in few.source
    assert "snapshots" not in plain.source
    assert plain.stored(U, 0.7, 40).total > 3 * few.stored(U, 0.7, 40).total
    np.testing.assert_array_equal(few(U, 0.7, 40), plain(U, 0.7, 40))
    with pytest.raises(tangent.InvalidArgument, match="checkpoint=False"):
        tangent.grad(checkpointed, checkpoint="none")


def test_the_memory_of_a_long_call_is_a_bounded_curve():
    found = tangent.grad(simulate).stored(np.ones(3), 0.7, 1200)
    assert 1000 < len(found.curve) <= 2048
    assert list(found.curve) == sorted(found.curve, key=lambda point: point[0])


def network(W, V, x):
    h = np.tanh(x @ W)
    return np.sum((h @ V) ** 2)


def test_the_account_of_a_training_step():
    width, batch = 300, 100
    rng = np.random.default_rng(0)
    shapes = (width, width), (width, width), (batch, width)
    W, V, x = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
    stored = tangent.grad(network, wrt=("W", "V")).stored(W, V, x)
    account = stored.account()
    weights, activations = 2 * width**2, 2 * batch * width  # h, and what is squared
    assert account.together[0] == 4 * (4 * weights + activations)
    for predicted, measured in (account.gradients, account.activations, account.together):
        assert predicted <= measured * 1.02
        assert measured < 1.15 * predicted
    assert f"{4 * 2 * weights:12}" in str(account).splitlines()[4]  # two moments
    assert stored.account(slots=0).optimiser == 0
