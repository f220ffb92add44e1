"""Reversible functions store nothing, and give the gradient of the function that stores all."""

import numpy as np
import pytest

import tangent
from programs import reversible as programs
from tangent import reversible


def unshift(x, v):
    x = x - v
    return x, v - 2.0 * x


@reversible(unshift)
def shift(x, v):
    v = v + 2.0 * x
    return x + v, v


def loop(x, v, steps):
    total = 0.0
    for _ in range(steps):
        x, v = shift(x, v)
        total = total + np.sum(x * x * v)
    return total


WHOLE = np.array([1.0, -2.0, 3.0]), np.array([2.0, 0.0, -1.0])  # exact under `shift` and back


@pytest.mark.parametrize("steps", [0, 1, 2, 7])
def test_an_exact_inverse_gives_the_bits_of_the_plain_loop(steps):
    df = tangent.value_and_grad(loop, wrt=(0, 1))
    plain = tangent.value_and_grad(loop, wrt=(0, 1), checkpoint=False)
    assert "unshift" not in plain.source
    value, pullback = tangent.vjp(loop, *WHOLE, steps)
    expected = plain(*WHOLE, steps)
    for found in (df(*WHOLE, steps), (value, pullback(1.0)), (value, pullback(1.0))):
        assert found[0] == expected[0]
        for have, want in zip(found[1], expected[1], strict=False):
            np.testing.assert_array_equal(have, want, strict=True)


def test_nothing_is_stored_however_long_the_loop():
    x, v = np.linspace(-0.9, 0.9, 5000), np.zeros(5000)
    df = tangent.grad(swing)
    few, many = (df.stored(x, v, 1e-3, steps) for steps in (10, 100))
    assert few.rows == many.rows == ()
    assert many.peak < 1.05 * few.peak
    assert tangent.grad(swing, checkpoint=False).stored(x, v, 1e-3, 100).total > 100 * x.nbytes


def swing(x, v, k, steps):
    for _ in range(steps):
        x, v = programs.kick(x, v, k)
    return np.sum(x * v)


def test_the_inverse_is_checked():
    x, v = WHOLE
    tangent.check_inverse(shift, x, v)
    tangent.check_inverse(programs.kick, x, v, 0.3)
    tangent.check_inverse(programs.sheared, {"a": x, "b": v}, 0.3)

    @reversible(lambda x, k: x / k + 1e-3)
    def stretch(x, k):
        return x * k

    with pytest.raises(tangent.VerificationError, match=r"`x` is off by 1.0e-03"):
        tangent.check_inverse(stretch, x, 1.5)

    @reversible(lambda x, k: x[:2] / k)
    def cut(x, k):
        return x * k

    with pytest.raises(tangent.VerificationError, match=r"`x` was float64\[3\], and is"):
        tangent.check_inverse(cut, x, 1.5)
    with pytest.raises(tangent.InvalidArgument, match="is not reversible"):
        tangent.check_inverse(unshift, x, v)


def wrong(x, k):
    return x * k


@reversible(wrong)
def doubled(x, k):
    return x * k


def through_doubled(x, k):
    for _ in range(3):
        x = doubled(np.sin(x), k)
        x = doubled(x, k)
    return np.sum(x)


def test_verify_finds_a_wrong_inverse():
    with pytest.raises(tangent.VerificationError):
        tangent.grad(through_doubled, wrt=(0, 1), verify=True)(np.ones(3), 1.5)


def test_a_decorator_refuses_what_does_not_fit():
    with pytest.raises(TypeError, match="takes 1 arguments, and `step` 2"):

        @reversible(lambda x: x)
        def step(x, k):
            return x * k

    with pytest.raises(TypeError, match="cannot be reversed"):
        reversible(np.sin)(shift)


def test_outside_a_derivative_it_is_the_function():
    assert shift(1.0, 2.0) == (5.0, 4.0)
