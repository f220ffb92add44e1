"""Checkpointed loops give the bits of the plain loop, store what they say, and are refused clearly.

Each program is written once: `checkpoint` is the identity outside a derivative, so that the plain
loop is the same source with a `checkpoint` that the transformer does not know.
"""

import inspect
import linecache
import re
import textwrap

import numpy as np
import pytest

import tangent
from checkpoint_programs import PROGRAMS, WHILES
from tangent import checkpoint

SCHEDULES = [
    "every=1",
    "every=3",
    "every=100",
    "snapshots=1",
    "snapshots=2",
    "snapshots=4",
    "snapshots=100",
    "states=1",
    "states=4",
    "states=7",
]
LENGTHS = (0, 1, 2, 3, 7, 12)


def written(function, schedule, plain=False):
    """The program with a schedule, or with a `checkpoint` that is not the library's."""
    text = textwrap.dedent(inspect.getsource(function))
    text = text.replace("SCHEDULE", schedule)
    text = re.sub(r"checkpoint\((.*), \w+=[^=()]+\)", r"\1", text) if plain else text
    filename = f"<{function.__name__} {schedule} {plain}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace = {**function.__globals__}
    exec(compile(text, filename, "exec"), namespace)
    return namespace[function.__name__]


def same_bits(a, b):
    assert type(a) is type(b)
    if isinstance(a, tuple):
        for x, y in zip(a, b, strict=True):
            same_bits(x, y)
    else:
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b), strict=True)


def compare(function, schedule, lengths=LENGTHS):
    """The gradient and the pullback, asked twice, against those of the plain loop."""
    f, g = written(function, schedule), written(function, schedule, plain=True)
    df, dg = tangent.value_and_grad(f, wrt=("u", "k")), tangent.value_and_grad(g, wrt=("u", "k"))
    assert "checkpoint" not in dg.source
    u, k = np.linspace(0.2, 1.1, 5), 0.7
    for n in lengths:
        want = dg(u, k, n)
        same_bits(df(u, k, n), want)
        value, pullback = tangent.vjp(f, u, k, n)
        assert value == want[0]
        first, second = pullback(1.0), pullback(1.0)
        same_bits(first[:2], second[:2])
        expected = tangent.vjp(g, u, k, n)[1](1.0)
        same_bits(first[:2], expected[:2])
    return df


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_the_bits_of_the_plain_loop(function, schedule):
    compare(function, schedule, (0, 1, 5, 12) if schedule in ("every=3", "snapshots=2") else (7,))


@pytest.mark.parametrize("schedule", [s for s in SCHEDULES if not s.startswith("states")])
@pytest.mark.parametrize("function", WHILES, ids=lambda f: f.__name__)
def test_loops_of_unknown_length(function, schedule):
    compare(function, schedule, (1, 2, 9, 14))


def test_checkpoint_is_the_identity_outside_of_a_derivative():
    items = [1, 2]
    assert checkpoint(items, every=3) is items
    assert checkpoint(True, snapshots=np.int64(4)) is True


@pytest.mark.parametrize("amount", [0, -4, 2.0, True, "all"])
def test_a_schedule_that_makes_no_sense(amount):
    with pytest.raises(TypeError, match=r"every=.* of a checkpoint \[checkpoint-number\]"):
        checkpoint(range(3), every=amount)

    def f(x, k):
        for _ in checkpoint(range(3), every=k):
            x = x * x
        return x

    with pytest.raises(tangent.TangentError, match="checkpoint-number") as met:
        tangent.grad(f)(1.5, amount)
    assert "every" in str(met.value)


def test_forward_mode_takes_the_loop_as_it_stands():
    def f(x):
        for _ in checkpoint(range(4), every=2):
            x = np.sin(x)
        return x

    assert "snapshots" not in tangent.Pushforward(f, "x").source
    tangent.check_grads(f, (0.7,))


def test_an_exception_leaves_nothing_behind():
    def f(x, n):
        for t in checkpoint(range(n), every=2):
            x = x + 1 / (3.0 - t)
        return x * x

    df = tangent.grad(f)
    with pytest.raises(ZeroDivisionError):
        df(1.0, 5)
    assert df(1.0, 3) == 2 * (1.0 + 1 / 3 + 1 / 2 + 1)


def test_the_gradient_of_a_gradient():
    u = np.linspace(0.2, 0.8, 3)
    for schedule in ("every=2", "snapshots=2"):
        f = written(PROGRAMS[0], schedule)
        g = written(PROGRAMS[0], schedule, plain=True)
        for mode in ("forward_over_reverse", "reverse_over_forward"):
            v = np.array([0.3, -0.2, 0.5])
            have = tangent.hvp(f, mode=mode)(u, 0.7, 7, v)
            np.testing.assert_allclose(have, tangent.hvp(g)(u, 0.7, 7, v), rtol=1e-13)
