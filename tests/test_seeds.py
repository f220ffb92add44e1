"""Several seeds at once: the same as one seed after another, or not done."""

import copy
import operator
import zlib

import numpy as np
import pytest

import tangent
from programs.registry import corpus
from tangent import runtime
from tangent.forward import Pushforward
from tangent.jacobians import AT_ONCE, _array, _Place
from tangent.operator_parts import arguments_of, positions_of
from tangent.rules.seeds import SEEDED
from tangent.trees import flatten

RNG = np.random.default_rng(0)
K = 4


def moved(*shape, dtype=float):
    return RNG.normal(size=shape).astype(dtype)


# ---------------------------------------------------------------- the table of functions

SHAPES = [(), (3,), (2, 3), (2, 3, 4)]
AXES = [None, 0, -1]


def calls():
    """For each row of the table (function, position of the seeds, other arguments, shape)."""
    for f in (np.sum, np.ndarray.sum, np.mean, np.ndarray.mean):
        yield from ((f, 0, (a,), s) for s in SHAPES for a in AXES if s or a is None)
        yield f, 0, ((0, -1),), (2, 3, 4)
    for f in (np.cumsum, np.ndarray.cumsum):
        yield from ((f, 0, (a,), s) for s in SHAPES for a in AXES if s or a is None)
    for f in (np.reshape, np.ndarray.reshape):
        yield from ((f, 0, (n,), s) for s in SHAPES for n in (-1, (1, -1)))
    for f in (np.ravel, np.ndarray.ravel, np.transpose, runtime.own, runtime.private):
        yield from ((f, 0, (), s) for s in SHAPES)
    yield np.transpose, 0, ((1, -1, 0),), (2, 3, 4)
    for f in (np.matmul, operator.matmul, np.dot, np.ndarray.dot):
        for left in [(3,), (2, 3), (5, 2, 3)]:
            for right in [(3,), (3, 2), (5, 3, 2)]:
                yield f, 0, (moved(*right),), left
                yield f, 1, (moved(*left),), right
    for f in (np.dot, np.ndarray.dot):
        yield from ((f, 0, (moved(*s),), ()) for s in SHAPES[1:])
        yield from ((f, 1, (moved(*s),), ()) for s in SHAPES[1:])
        yield from ((f, 1, (np.float64(2.0),), s) for s in SHAPES if f is np.dot)
    for primal in [moved(3), moved(2, 3), moved(1, 3), moved(3, dtype=np.float32), 1.0]:
        for shape in {np.shape(primal), (2, 3)}:
            yield runtime.unbroadcast, 0, (primal,), shape
            yield runtime.like, 0, (primal,), np.shape(primal)
            yield runtime.fit, 0, (primal,), shape
        yield runtime.whole, 0, (primal,), np.shape(primal)
    yield runtime.whole, 0, (moved(3),), ()
    for index in (0, (0, slice(None)), [1, 1, 0], np.array([True, False])):
        yield runtime.credited, 0, (index,), (2, 3)
    for left, right in [((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((3,), (3,))]:
        a, b = moved(*left), moved(*right)
        for f in (runtime.matmul_adjoint_left, runtime.matmul_adjoint_right):
            yield f, 0, (a, b), np.shape(a @ b)
            yield f, 0, (a.astype(np.float32), b), np.shape(a @ b)
    stacked = moved(5, 2, 3), moved(3, 4)
    yield runtime.matmul_adjoint_left, 0, stacked, (5, 2, 4)
    yield runtime.matmul_adjoint_right, 0, stacked, (5, 2, 4)
    for dtype in (float, np.float32):
        for shape, axis, keep, reduced in [
            ((3,), None, False, ()),
            ((2, 3), 0, False, (3,)),
            ((2, 3), -1, True, (2, 1)),
            ((2, 3), None, True, (1, 1)),
            ((2, 3), 0, False, (2, 3)),
            ((), None, False, ()),
        ]:
            yield runtime.spread, 0, (moved(*shape, dtype=dtype), axis, keep), reduced


@pytest.mark.parametrize(("f", "position", "others", "shape"), list(calls()))
@pytest.mark.parametrize("dtype", [float, np.float32])
def test_seeds_of_a_function(f, position, others, shape, dtype):
    seeds = moved(K, *shape, dtype=dtype)
    helper = list(SEEDED[f].values())[position]

    def given(one):
        return (*others[:position], one, *others[position:])

    found = helper(*given(seeds))
    want = np.stack([f(*given(np.asarray(seed))) for seed in seeds])
    assert found.dtype == want.dtype
    np.testing.assert_allclose(found, want, rtol=1e-5 if dtype is np.float32 else 1e-12, atol=1e-6)


def test_each_function_of_the_table_is_tested():
    assert {f for f, *_ in calls()} | {np.ndarray.T} == set(SEEDED)


@pytest.mark.parametrize(
    "index",
    [
        *[0, -1, slice(1, None), (0, 1), (slice(None), -1), (Ellipsis, 0), None, [0, 1]],
        *[(0, [1, 2]), (slice(None), [0, 2], 1), (1, slice(None), [0, 2]), True],
        *[np.array([[0, 1], [1, 0]]), np.array([True, False]), np.ones((2, 3), bool)],
    ],
    ids=str,
)
def test_parts_of_seeds(index):
    seeds = moved(K, 2, 3, 4)
    want = np.stack([seed[index] for seed in seeds])
    np.testing.assert_array_equal(runtime.part_each(seeds, index), want)
    values, expected = moved(*want.shape), seeds.copy()
    for seed, value in zip(expected, values, strict=True):
        seed[index] = value
    np.testing.assert_array_equal(runtime.put_each(seeds.copy(), index, values), expected)
    for each, one in ((runtime.add_each, operator.iadd), (runtime.add_at_each, None)):
        expected = seeds.copy()
        for seed, value in zip(expected, values, strict=True):
            if one is None:
                runtime.add_at(seed, index, value)
            else:
                seed[index] = one(seed[index], value)
        np.testing.assert_array_equal(each(seeds.copy(), index, values), expected)


def test_a_number_is_taken_out_of_memory_that_changes():
    seeds = moved(K, 3)
    part = runtime.part_each(seeds, 0)
    before = part.copy()
    seeds[:] = 0.0
    np.testing.assert_array_equal(part, before)


# ---------------------------------------------------------------- programs


def at(function, args, wrt=0):
    chosen = positions_of(function, wrt)
    values = arguments_of(function, tuple(args), {})
    return _Place(function, Pushforward(function, chosen), copy.deepcopy(values), chosen, False)


def both(function, args, wrt=0):
    """The Jacobian by single seeds and by all at once: None where these are not done."""
    single, several = at(function, args, wrt), at(function, args, wrt)
    numbers = flatten(single.inputs)[0]
    units = np.eye(len(numbers), dtype=numbers.dtype)
    found = several.columns_at_once(units) if len(units) > 1 and several.of_arrays() else None
    return single.columns_one_by_one(units), None if found is None else found.T


def both_by_rows(function, args, wrt=0):
    """The same in reverse mode."""
    single = at(function, args, wrt)
    pullback = single.pullback()
    numbers = flatten(single.value)[0]
    units = np.eye(len(numbers), dtype=numbers.dtype)
    able = len(units) > 1 and single.of_arrays() and _array(single.value)
    found = single.rows_at_once(pullback, units) if able else None
    return single.rows_one_by_one(pullback, units), found


def agree(want, found):
    rough = want.dtype.itemsize < 8
    assert found.dtype == want.dtype
    np.testing.assert_allclose(
        found, want, rtol=1e-4 if rough else 1e-9, atol=1e-5 if rough else 1e-10
    )


def test_programs_of_the_corpus():
    """Of the programs whose arguments are arrays, a good part takes several seeds at once: asked of
    a third of them, the same ones whatever is added to the corpus.
    """
    done = asked = 0
    for program in (p for p in corpus() if zlib.crc32(p.name.encode()) % 3 == 0):
        args = program.draw()
        try:
            want, found = both(program.function, args, program.wrt)
        except (tangent.TangentError, ValueError):
            continue  # no forward mode, or no numbers
        asked += at(program.function, args, program.wrt).of_arrays() and want.shape[1] > 1
        if found is not None:
            done += 1
            agree(want, found)
    assert done >= 0.38 * asked, f"{done} of {asked}"


def test_programs_of_the_corpus_in_reverse_mode():
    """A ninth of the programs, with three cotangents each."""
    done = asked = 0
    for program in corpus()[::9]:
        single = at(program.function, program.draw(), program.wrt)
        try:
            pullback = single.pullback()
            numbers = flatten(single.value)[0]
            units = RNG.normal(size=(3, len(numbers))).astype(numbers.dtype)
            want = single.rows_one_by_one(pullback, units)
        except (tangent.TangentError, ValueError):
            continue
        if single.of_arrays() and _array(single.value):
            found = single.rows_at_once(pullback, units)
            asked += 1
            if found is not None:
                done += 1
                agree(want, found)
    assert done >= 0.4 * asked, f"{done} of {asked}"


A = moved(3, 3)


def layers(x):
    return np.tanh(A @ np.tanh(A @ x))


def loop(x):
    total = 0.0
    for i in range(3):
        if i == 1:
            total = total + x[i] * np.sum(x * x)
        else:
            part = x[i]
            total = total - part
    return total * x


def skips(x):
    total, i = 0.0, 0
    while True:
        i = i + 1
        if i == 2:
            total = x * i
            continue
        if i > 4:
            break
        total = total * x + i
    return total


def stored(x):
    out = np.zeros((3, 2))
    out[:, 0] = x
    out[0] = x[1] * x[0]
    out *= x[2]
    return out


def wider(x):
    return x[0] * np.ones((2, 3)) + x


def no_trip(x):
    last = 1.0
    for i in range(0):
        last = x[i]
    return last * x + last


def solved(x):
    return np.linalg.solve(A.T @ A + np.diag(x * x), x)


def taken(x):
    first = x[0]
    y = x * 1.0
    y[0] = 5.0
    return first * y


def views(x):
    y = np.zeros((2, 3))
    y[0] = x
    for i in range(2):
        row = y[i]
        row += x * i
        y[1 - i] = row * x[0]
        head = y[0, 0]
        head += 1.0
    return y * head


def row_of_a_copy(x):
    y = x * x
    z = y
    for i in range(2):
        z[i] = x[i + 1] * y[i]
        y = y + x
    return y * z


def wave(u, k):
    return np.sin(k * u) * u


def bent(u, n):
    if n == 0:
        return u * u
    return bent(wave(u, n), n - 1) + u[0]


def calls_others(x):
    total = wave(x, 2.0)
    for i in range(2):
        total = wave(total, x[i]) + bent(x, 2)
    return total


def lists(x):
    rows = np.array([x, x * x, np.ones(3)])
    both = np.concatenate([rows[0], x[:1], rows[2]])
    return both * np.sum(np.stack((x[0] * x, x), axis=1))


def times(u, v):
    return u * v


def smaller_tangent(x):
    return times(np.ones(3) + x[0], np.ones((2, 3))) + times(np.ones(3), x[1])


PROGRAMS = [layers, loop, skips, stored, wider, no_trip, solved, taken]
PROGRAMS += [calls_others, smaller_tangent, lists]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [float, np.float32])
def test_programs(f, dtype):
    want, found = both(f, [moved(3, dtype=dtype)])
    agree(want, found)


def scattered(x):
    y = np.zeros(4)
    np.add.at(y, [0, 1, 1], x)
    y[1:] += x * x
    z = y[[0, 2, 0]]
    y[:2] = z[1:]
    return np.concatenate([y * z[0], y[::-1]])


def chosen_by_its_value(x):
    total = np.zeros(3)
    for i in range(3):
        if x[i] > 0.0:
            total[i] = np.sum(x * total) + x[i]
        else:
            total = total * x[0] - x
    return total


def through_a_store(x):
    y = x * 2.0
    for i in range(1, 3):
        y[i] = y[i - 1] * x[i] + wave(y, x[0])[i]
    return y


def nothing_of_it(x):
    return np.ones(3) + 0 * np.floor(x)


IN_REVERSE = [layers, loop, skips, stored, wider, no_trip, solved, calls_others]
IN_REVERSE += [chosen_by_its_value, through_a_store, nothing_of_it]


@pytest.mark.parametrize("f", IN_REVERSE, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", [float, np.float32])
def test_programs_in_reverse_mode(f, dtype):
    want, found = both_by_rows(f, [moved(3, dtype=dtype)])
    agree(want, found)


@pytest.mark.parametrize("f", [taken, scattered], ids=lambda f: f.__name__)
def test_one_cotangent_after_another(f):
    x = moved(3)
    want, found = both_by_rows(f, [x])
    assert found is None
    np.testing.assert_allclose(tangent.jacobian(f, mode="reverse")(x), want)


def test_several_arguments_in_reverse_mode():
    def f(x, s, n):
        return s * np.sin(x) ** n

    x = np.abs(moved(3))
    by_x, by_s = tangent.jacobian(f, wrt=(0, 1), mode="reverse")(x, 2.0, 2)
    np.testing.assert_allclose(by_x, np.diag(4 * np.sin(x) * np.cos(x)))
    np.testing.assert_allclose(by_s, np.sin(x) ** 2)
    want, found = both_by_rows(f, [x, 2.0, 2], wrt=(0, 1))
    agree(want, found)


def test_rows_come_in_blocks():
    n = int(AT_ONCE**0.5) + 30
    x = moved(n)
    found = tangent.jacobian(lambda x: x * x, mode="reverse")(x)
    np.testing.assert_array_equal(found, np.diag(2 * x))


def test_the_text_in_reverse_mode():
    text = tangent.jacobian(layers, mode="reverse").source
    assert "def layers_forward(x):" in text
    assert "def layers_backward_several(result_bar, record):" in text
    assert "matmul_adjoint_right_seeds(" in text


def second_name(x):
    y = np.zeros(3)
    z = y
    z[0] = x[1]
    return y * x


def decides(x):
    pair = [x, 2 * x]
    return pair[0] * pair[1]


@pytest.mark.parametrize(
    "f", [second_name, decides, views, row_of_a_copy], ids=lambda f: f.__name__
)
def test_one_seed_after_another(f):
    x = moved(3)
    want, found = both(f, [x])
    assert found is None
    got = tangent.jacobian(f, mode="forward")(x)
    np.testing.assert_allclose(got.reshape(want.shape), want)


def test_the_text():
    text = tangent.jacobian(layers, mode="forward").source
    assert "def layers_jvp_several(x, x_dot):" in text
    assert "matmul_right(A, x_dot)" in text


def test_captured_values_are_read_again():
    df = tangent.jacobian(layers, mode="forward")
    before = df(np.ones(3))
    kept, globals()["A"] = A, 2 * A
    try:
        np.testing.assert_allclose(
            df(np.ones(3)), tangent.jacobian(layers, mode="reverse")(np.ones(3))
        )
        assert not np.allclose(df(np.ones(3)), before)
    finally:
        globals()["A"] = kept


def test_seeds_come_in_blocks():
    n = int(AT_ONCE**0.5) + 30
    x = moved(n)
    found = tangent.jacobian(lambda x: x * x, mode="forward")(x)
    np.testing.assert_array_equal(found, np.diag(2 * x))


def test_an_error_is_that_of_the_function():
    def f(x):
        if x[0] > 0:
            raise KeyError("positive")
        return x * x

    with pytest.raises(KeyError, match="positive"):
        tangent.jacobian(f, mode="forward")(np.ones(2))


def test_several_arguments():
    def f(x, s):
        return s * np.sin(x)

    x = moved(3)
    by_x, by_s = tangent.jacobian(f, wrt=(0, 1), mode="forward")(x, 2.0)
    np.testing.assert_allclose(by_x, np.diag(2 * np.cos(x)))
    np.testing.assert_allclose(by_s, np.sin(x))
    want, found = both(f, [x, 2.0], wrt=(0, 1))
    agree(want, found)
