"""`with adjoint_of(x) as x_bar:`: what runs in the backward sweep, when, and what it may change."""

import sys
import threading

import numpy as np
import pytest

import checks
import tangent
from tangent import adjoint_of, checkpoint, grad

SEEN = []


@pytest.fixture(autouse=True)
def nothing_seen():
    SEEN.clear()


def note(*values):
    SEEN.append(values)


# ---------------------------------------------------------------- the function itself


def clipped(x):
    y = np.exp(x)
    with adjoint_of(y) as y_bar:
        note("clipped", y_bar)
        y_bar = np.clip(y_bar, -1.0, 1.0)
    return np.sum(y**2)


def one_line(x):
    with adjoint_of(x) as x_bar: note(x_bar)  # fmt: skip  # noqa: E701 (it is what the test is about)
    return x * x


@pytest.mark.parametrize("function", [clipped, one_line])
def test_the_block_does_not_run_in_the_function(function):
    before = sys.gettrace()
    function(np.float64(2.0))
    assert not SEEN
    assert sys.gettrace() is before


def test_a_tracer_is_put_back_and_sees_the_rest():
    lines = []

    def trace(frame, event, argument):
        if frame.f_code is clipped.__code__:
            lines.append(frame.f_lineno - clipped.__code__.co_firstlineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        clipped(np.zeros(2))
        kept = sys.gettrace()
    finally:
        sys.settrace(before)
    assert kept is trace
    assert lines == [0, 1, 2, 5, 5]


def test_other_threads_are_not_traced():
    values = []
    threads = [threading.Thread(target=lambda: values.append(clipped(0.0))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == [1.0] * 4
    assert not SEEN


def test_forward_mode_and_the_value_leave_it_out():
    assert tangent.jvp(clipped, (np.zeros(2),), (np.ones(2),))[1] == 4.0
    assert "note" not in tangent.Pushforward(clipped).source
    assert not SEEN


# ---------------------------------------------------------------- the backward sweep


def test_it_changes_the_adjoint():
    value, gradient = tangent.value_and_grad(clipped)(np.zeros(2))
    assert value == 2.0
    assert np.array_equal(gradient, [1.0, 1.0])
    assert np.array_equal(SEEN[0][1], [2.0, 2.0])


def test_it_runs_at_each_call_of_a_pullback():
    _, pullback = tangent.vjp(clipped, np.zeros(2))
    for scale in (1.0, 0.25):
        assert np.array_equal(pullback(scale)[0], [min(2 * scale, 1.0)] * 2)
    assert len(SEEN) == 2


def powers(x):
    y = x
    while y < 100.0:
        with adjoint_of(y) as y_bar:
            note(float(y), float(y_bar))
        y = y * y
    return y


def test_in_a_loop_it_runs_from_last_to_first_with_the_values_of_then():
    assert grad(powers)(3.0) == 8 * 3.0**7
    assert SEEN == [(81.0, 162.0), (9.0, 2916.0), (3.0, 17496.0)]
    SEEN.clear()
    assert grad(powers)(200.0) == 1.0
    assert not SEEN


def overwritten(x):
    y = np.sin(x)
    with adjoint_of(y) as y_bar:
        y_bar = y_bar * x * y
    x = y * 2.0
    y = x * 3.0
    return np.sum(y)


def test_it_reads_what_its_names_held_there():
    x = np.array([0.5, -1.0])
    have = grad(overwritten)(x)
    assert np.allclose(have, 6 * x * np.sin(x) * np.cos(x), rtol=1e-14)


def one_branch(x):
    if np.sum(x) > 0:
        y = x * 2
        with adjoint_of(y) as y_bar:
            note(y_bar)
    else:
        y = x * 3
    return np.sum(y * y)


def test_it_runs_where_its_path_was_taken():
    assert np.array_equal(grad(one_branch)(-np.ones(2)), [-18.0, -18.0])
    assert not SEEN
    assert np.array_equal(grad(one_branch)(np.ones(2)), [8.0, 8.0])
    assert len(SEEN) == 1


def constant_scale(x, n):
    k = n * 2.0
    with adjoint_of(k) as k_bar:
        note(k_bar)
    return np.sum(x) * k


def test_without_adjoint_it_is_left_out():
    assert np.array_equal(grad(constant_scale)(np.ones(2), 3.0), [6.0, 6.0])
    assert not SEEN
    assert grad(constant_scale, wrt="n")(np.ones(2), 3.0) == 4.0
    assert SEEN == [(2.0,)]


def tree(p):
    with adjoint_of(p) as p_bar:
        note(list(p_bar), p_bar["c"])
        p_bar["a"] *= 2
    return np.sum(p["a"] * p["b"])


def test_a_tree_has_all_its_entries():
    p = {"a": np.ones(2), "b": 2.0, "c": np.zeros(3)}
    have = grad(tree)(p)
    checks.check_same(have, {"a": np.full(2, 4.0), "b": 2.0, "c": np.zeros(3)})
    assert SEEN[0][0] == ["a", "b", "c"]
    assert np.array_equal(SEEN[0][1], np.zeros(3))


def scaled(W, x):
    with adjoint_of(W) as g:
        g = 2 * g
    z = W @ x
    with adjoint_of(z) as g:
        note(g.copy())
    return np.tanh(z)


def calls(W, x):
    return np.sum(scaled(W, x)) + np.sum(scaled(W, 2 * x))


def plain(W, x):
    return np.sum(np.tanh(W @ x)) + np.sum(np.tanh(W @ (2 * x)))


def test_in_a_callee_it_sees_the_adjoint_of_each_call():
    W, x = np.eye(2) / 2, np.array([0.5, -1.0])
    assert np.allclose(grad(calls)(W, x), 2 * grad(plain)(W, x), rtol=1e-14)
    assert len(SEEN) == 2


# ---------------------------------------------------------------- what it may do


def statements(x):
    y = x * x
    with adjoint_of(y) as y_bar:
        try:
            with np.errstate(all="raise"):
                y_bar = 1.0 / (y_bar - y_bar)
        except FloatingPointError as error:
            note(str(error))
        for i in range(3):
            if i == 1:
                break
        note([float(v) for v in y_bar], i)
    return np.sum(y)


def test_any_statements():
    assert np.array_equal(grad(statements)(np.ones(2)), [2.0, 2.0])
    assert SEEN == [("divide by zero encountered in divide",), ([1.0, 1.0], 1)]


def keeps(x):
    y = x * 1.5
    with adjoint_of(y) as y_bar:
        note(y_bar)
        y_bar *= 2
    y[0] = 0.0
    return np.sum(y)


def parameter(x):
    with adjoint_of(x) as x_bar:
        note(x_bar)
    return np.sum(x)


@pytest.mark.parametrize("function", [keeps, parameter])
def test_what_it_keeps_is_not_changed_behind_its_back(function):
    gradient = grad(function)(np.ones(2))
    kept = SEEN[0][0].copy()
    gradient[:] = 7.0
    assert np.array_equal(SEEN[0][0], kept)


def shared(x, z):
    y = x + z
    with adjoint_of(y) as y_bar:
        y_bar *= 3.0
    return np.sum(y) + np.sum(z)


def test_it_changes_no_other_adjoint():
    ones = np.ones(2)
    x_bar, z_bar = grad(shared, wrt=(0, 1))(ones, ones)
    assert np.array_equal(x_bar, [3.0, 3.0])
    assert np.array_equal(z_bar, [4.0, 4.0])


def half(x):
    y = x * np.float32(2)
    with adjoint_of(y) as y_bar:
        y_bar = y_bar * np.float64(0.5)
    return np.sum(y)


def test_the_adjoint_keeps_its_dtype():
    checks.check_same(grad(half)(np.ones(2, np.float32)), np.ones(2, np.float32))


def under_a_try(x):
    try:
        y = np.log(x)
        with adjoint_of(y) as y_bar:
            note("log", y_bar.copy())
            y_bar = 2 * y_bar
        if np.any(x < 1):
            raise ValueError("small")
        z = y * y
        with adjoint_of(z) as z_bar:
            norm = np.sum(z_bar)
            note("square", norm)
    except ValueError:
        z = x * 3
        with adjoint_of(z) as z_bar:
            note("linear", z_bar)
    return np.sum(z)


def test_under_a_try_it_runs_where_its_path_was_taken():
    x = np.array([2.0, 3.0])
    assert np.allclose(grad(under_a_try)(x), 4 * np.log(x) / x, rtol=1e-14)
    assert [s[0] for s in SEEN] == ["square", "log"]
    SEEN.clear()
    assert np.array_equal(grad(under_a_try)(x / 10), [3.0, 3.0])
    assert [s[0] for s in SEEN] == ["linear"]
    assert under_a_try(x) == np.sum(np.log(x) ** 2)


def checkpointed(x, n):
    for t in checkpoint(range(n), every=3):
        x = np.sin(x) * 1.5
        with adjoint_of(x) as x_bar:
            note(t, float(x), float(x_bar))
    return x


def plain_loop(x, n):
    for t in range(n):
        x = np.sin(x) * 1.5
        with adjoint_of(x) as x_bar:
            note(t, float(x), float(x_bar))
    return x


def test_segments_that_run_once_more_do_not_run_it():
    want = grad(plain_loop)(0.5, 7)
    seen = SEEN.copy()
    SEEN.clear()
    assert grad(checkpointed)(0.5, 7) == want
    assert seen == SEEN
    assert len(SEEN) == 7


def fails(x):
    y = x * x
    with adjoint_of(y):
        raise KeyError("in the block")
    return np.sum(y)


def test_its_exceptions_name_the_line():
    with pytest.raises(KeyError, match="in the block") as caught:
        grad(fails)(np.ones(2))
    line = fails.__code__.co_firstlineno + 2
    assert any(f"line {line}, in fails" in note for note in caught.value.__notes__)


def test_the_saved_file_runs_it(tmp_path):
    path = tmp_path / "saved.py"
    df = grad(overwritten)
    df.save(path)
    assert "y_bar = y_bar * x * y" in path.read_text()
    x = np.array([0.5, -1.0])
    saved = checks.saved_function(checks.load(path), "overwritten")
    checks.check_same(df(x), saved(x))


def test_second_order_is_of_the_changed_gradient():
    x = np.array([0.5, -1.0])
    moved = tangent.hvp(overwritten)(x, np.ones(2))
    want = 6 * (np.sin(x) * np.cos(x) + x * np.cos(2 * x))
    assert np.allclose(moved, want, rtol=1e-13)


def test_the_debugger_stops_in_the_generated_text(monkeypatch):
    stops = []
    monkeypatch.setattr(sys, "breakpointhook", lambda: stops.append(sys._getframe(1)))

    grad(stopping)(np.ones(2))
    assert stops[0].f_code.co_name == "stopping_grad"
    assert np.array_equal(stops[0].f_locals["y_bar"], [2.0, 2.0])


def stopping(x):
    y = x * 3
    with adjoint_of(y) as y_bar:
        y_bar = 2 * y_bar
        breakpoint()  # noqa: T100 (it is what the test is about)
    return np.sum(y)
