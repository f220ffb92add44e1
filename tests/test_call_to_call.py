"""What holds from one call to the next: after exceptions, for several pullbacks at once, in
threads, and when what the function reads was bound anew in between.
"""

import sys
import threading

import numpy as np
import pytest

import tangent
from checks import check_same, copied

X = np.array([0.3, -1.2, 2.0])


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


# ---------------------------------------------------------------- exceptions, pullbacks, threads


def stops(x, last):
    y, kept = x * 2, []
    for i in range(3):
        kept.append(y)
        y = y * x
        if i == last:
            raise ValueError("stop")
    return np.sum(y) + np.sum(kept[1])


def test_an_exception_leaves_nothing_behind():
    df = tangent.grad(stops)
    before = df(X, 9)
    with pytest.raises(ValueError, match="stop"):
        df(X, 1)
    with pytest.raises(ValueError, match="stop"):
        tangent.vjp(stops, X, 1)
    close(df(X, 9), before)
    close(tangent.vjp(stops, X, 9)[1](1.0)[0], before)


def running(x, y):
    z = x.copy()
    for i in range(len(x)):
        z[i] = z[i] * y[i] + z[i - 1]
    return z, [np.sum(z) * x, z * y]


def test_interleaved_pullbacks():
    """Pullbacks of one function in turns, values and gradients overwritten in between."""
    cotangents = [(np.full(3, k), [np.arange(3.0) * k, np.ones(3) - k]) for k in (1.0, 2.0, 3.0)]
    pairs = [tangent.vjp(running, X, X * 2), tangent.vjp(running, X * 3, X)]
    wanted = [[copied(list(pullback(c))) for c in cotangents] for _, pullback in pairs]
    for value, _ in pairs:
        value[0].fill(7)
        value[1][0].fill(7)
    for k in (2, 0, 1, 2):
        for (_, pullback), entries in zip(pairs, wanted, strict=True):
            found = pullback(cotangents[k])
            check_same(list(found), entries[k])
            for gradient in found:
                gradient.fill(99.0)


def test_a_pullback_in_threads():
    _, pullback = tangent.vjp(running, X, X * 2)
    cotangent = (np.ones(3), [X, X])
    wanted, found = pullback(cotangent), []

    def work():
        found.extend(pullback(cotangent) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    for entries in found:
        check_same(entries, wanted)


# ---------------------------------------------------------------- bound anew


def square(x):
    return x * x


def cube(x):
    return x * x * x


def helped(x):
    return np.sum(helper(x))


helper = square
HERE = sys.modules[__name__]


def test_a_helper_that_becomes_a_function_with_a_rule_and_comes_back(monkeypatch):
    df = tangent.grad(helped)
    close(df(X), 2 * X)
    for function, wanted in ((np.sin, np.cos(X)), (square, 2 * X), (cube, 3 * X * X)):
        monkeypatch.setattr(HERE, "helper", function)
        close(df(X), wanted)
        close(tangent.vjp(helped, X)[1](1.0)[0], wanted)


class Table:
    @staticmethod
    def of(x):
        return x * x

    rate = 2.0


def looked_up(x):
    return np.sum(Table.of(x)) * Table.rate


def test_a_function_of_a_class_is_bound_anew(monkeypatch):
    df = tangent.grad(looked_up)
    close(df(X), 4 * X)
    monkeypatch.setattr(Table, "rate", 3.0)
    close(df(X), 6 * X)
    monkeypatch.setattr(Table, "of", staticmethod(cube))
    close(df(X), 9 * X * X)


def longest(x):
    return np.sum(x) * len(x)


def test_a_builtin_is_hidden_by_a_global(monkeypatch):
    df = tangent.grad(longest)
    close(df(X), np.full(3, 3.0))
    monkeypatch.setattr(HERE, "len", lambda _: 5.0, raising=False)
    close(df(X), np.full(3, 5.0))
    monkeypatch.undo()
    close(df(X), np.full(3, 3.0))


helped_grad = tangent.grad(helped)


def slope(x):
    return np.sum(helped_grad(x) * x)


def test_the_helper_of_a_derivative_that_is_differentiated(monkeypatch):
    second = tangent.grad(slope)
    close(second(X), 4 * X)
    monkeypatch.setattr(HERE, "helper", cube)
    close(second(X), 9 * X * X)


def test_a_module_gives_way_to_another(monkeypatch):
    class Other:
        sum = staticmethod(lambda x: 2.0 * x[0])

    df = tangent.grad(longest)
    close(df(X), np.full(3, 3.0))
    monkeypatch.setattr(HERE, "np", Other)
    found = df(X)
    monkeypatch.undo()
    close(found, [6.0, 0.0, 0.0])


def told(x, note):
    note(x[0])
    for v in x:
        note(v)
    return np.sum(x * x)


def test_a_function_known_at_run_time_is_called_though_its_value_is_not_read():
    seen = []

    def note(v):
        seen.append(v)
        return v

    close(tangent.grad(told)(X, note), 2 * X)
    close(seen, [X[0], *X])
    tangent.jvp(told, (X, note), (X, None))
    close(seen, [X[0], *X, X[0], *X])
