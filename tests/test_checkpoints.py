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


@pytest.mark.parametrize("schedule", ["every=3", "snapshots=2", "states=4"])
@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_the_bits_of_the_plain_loop(function, schedule):
    compare(function, schedule, (0, 1, 5, 12))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("function", PROGRAMS[1:4], ids=lambda f: f.__name__)
def test_every_schedule(function, schedule):
    compare(function, schedule)


@pytest.mark.parametrize("schedule", ["every=2", "snapshots=1", "snapshots=4", "states=5"])
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


# ---------------------------------------------------------------- functions and blocks


def block(h, W, b):
    z = h @ W + b
    return h + np.tanh(z) * np.exp(-z * z)


kept_small = checkpoint(block)


def deep(h, layers, scale):
    for W, b in layers:
        h = kept_small(h, W, b * scale)
    return np.sum(kept_small(h, layers[0][0], layers[0][1]) ** 2)


def deep_as_it_stands(h, layers, scale):
    for W, b in layers:
        h = plain_block(h, W, b * scale)
    return np.sum(plain_block(h, layers[0][0], layers[0][1]) ** 2)


def plain_block(h, W, b):
    z = h @ W + b
    return h + np.tanh(z) * np.exp(-z * z)


def layers_for(count):
    rng = np.random.default_rng(3)
    return [(rng.normal(size=(3, 3)), rng.normal(size=3)) for _ in range(count)]


def test_a_checkpointed_function_keeps_its_arguments_alone():
    h = np.random.default_rng(4).normal(size=(2, 3))
    df = tangent.grad(deep, wrt=("h", "scale"))
    dg = tangent.grad(deep_as_it_stands, wrt=("h", "scale"))
    same_bits(df(h, layers_for(3), 0.5), dg(h, layers_for(3), 0.5))
    assert "block_backward(h_bar, block_forward(h, W, b * scale)[1])" in df.source
    assert "Checkpointed: `block` at" in df.source
    _, pullback = tangent.vjp(deep, h, layers_for(2), 0.5)
    expected = tangent.vjp(deep_as_it_stands, h, layers_for(2), 0.5)[1](1.0)
    same_bits(pullback(1.0)[0], expected[0])
    same_bits(pullback(1.0)[2], expected[2])
    assert kept_small is block


def with_block(h, K, n):
    for i in range(n):
        with checkpoint("attention"):
            s = h @ K
            p = np.exp(s - np.max(s))
            if i > 0:
                h = p / np.sum(p)
            total = np.sum(p)
        h = h + total * 0.1
    return np.sum(h * h)


def without_block(h, K, n):
    for i in range(n):
        s = h @ K
        p = np.exp(s - np.max(s))
        if i > 0:
            h = p / np.sum(p)
        total = np.sum(p)
        h = h + total * 0.1
    return np.sum(h * h)


def test_a_checkpointed_block_is_a_function_of_what_it_reads():
    rng = np.random.default_rng(5)
    args = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), 3
    df, dg = tangent.grad(with_block, wrt=("h", "K")), tangent.grad(without_block, wrt=("h", "K"))
    same_bits(df(*args), dg(*args))
    assert "def attention_backward(" in df.source
    assert with_block(*args) == without_block(*args)


def test_nested_functions_may_be_checkpointed():
    def f(x, k):
        @checkpoint
        def inner(q):
            return np.sin(q * k) * k

        return np.sum(inner(inner(x)))

    tangent.check_grads(f, (np.linspace(0.1, 0.9, 3), 0.7))
    assert "inner_forward(inner(" not in tangent.grad(f).source
    with pytest.raises(TypeError, match="checkpoint-function"):
        checkpoint(np.tanh)


def test_draws_are_drawn_once():
    def f(u, seed, n):
        rng = np.random.default_rng(seed)
        for t in checkpoint(range(n), snapshots=2):
            noise = rng.normal(size=3)
            for _ in range(2):
                if t % 2:
                    u = np.tanh(u) + 0.1 * noise * rng.random()
                else:
                    u = np.sin(u * noise)
        return np.sum(u)

    def g(u, seed, n):
        rng = np.random.default_rng(seed)
        for t in range(n):
            noise = rng.normal(size=3)
            for _ in range(2):
                if t % 2:
                    u = np.tanh(u) + 0.1 * noise * rng.random()
                else:
                    u = np.sin(u * noise)
        return np.sum(u)

    u = np.array([0.3, 0.5, 0.7])
    for n in (0, 1, 5, 8):
        same_bits(tangent.grad(f)(u, 1, n), tangent.grad(g)(u, 1, n))
    assert "Drawn once: noise, t1." in tangent.grad(f).source


# ---------------------------------------------------------------- records that are given up


def gated(h, W):
    z = np.sin(h @ W)
    return gate(z, W) * h


def gate(z, W):
    return np.tanh(z) * np.sum(W)


@checkpoint
def turned(W, h):
    return gated(h, W)


@checkpoint
def squared(h):
    return gated(h, h)


def through_both(h, weights):
    for W in weights:
        h = h + turned(W, h) + 0.1 * squared(h)
    return np.sum(h * h)


def test_a_function_that_only_calls_another_is_that_call():
    h = np.random.default_rng(6).normal(size=(3, 3))
    weights = [W[0] for W in layers_for(2)]
    df = tangent.grad(through_both, wrt=(0, 1))
    plain = tangent.grad(through_both, wrt=(0, 1), checkpoint=False)
    for given in (weights, np.array(weights), []):
        found, expected = df(h, given), plain(h, given)
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(np.array(found[1]), np.array(expected[1]))
    assert "gated_backward(" in df.source
    assert "turned_backward(" not in df.source
    assert "squared_backward(" in df.source  # one name, given twice: the sum keeps its order
    tangent.check_grads(through_both, (0.3 * h, [0.3 * W for W in weights]))


@checkpoint
def gelu(h):
    return h * (1 + np.tanh(0.8 * (h + 0.04 * h**3))) / 2


def through_gelu(h):
    for _ in range(3):
        h = gelu(h)
    return np.sum(h)


def test_what_a_factor_reads_last_is_given_up_before_the_next_one_is_made():
    h = np.random.default_rng(8).normal(size=(4, 5))
    df = tangent.grad(through_gelu)
    np.testing.assert_array_equal(df(h), tangent.grad(through_gelu, checkpoint=False)(h))
    half = df.source.partition("def gelu_backward(")[2].partition("\ndef ")[0]
    lines = [line.partition("#")[0].strip() for line in half.splitlines()]
    start = lines.index("t4_bar = t3_bar * h")
    assert lines[start : start + 5] == [
        "t4_bar = t3_bar * h",
        "del t3_bar",
        "t5 = t1 * t1",
        "del t1",
        "t4_bar = t4_bar * (1 - t5) * 0.8",
    ]


def test_a_record_is_given_up_as_it_is_used():
    text = tangent.grad(deep).source
    half = text.partition("def block_backward(")[2].partition("\ndef ")[0]
    assert "    del record   " in half
    assert half.index("del record") < half.index("del z, ")
    assert "del " not in tangent.grad(deep_as_it_stands).source
