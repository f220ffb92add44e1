"""What is given beside the arguments of a function, and does not fit: refused by name."""

import numpy as np
import pytest

import tangent
from tangent import InvalidArgument, TangentError, grad, hvp, jvp, vjp

X = np.array([1.0, 2.0, 3.0])


def two(x, y):
    return x * y, {"s": np.sum(x), "n": 3}


def cubes(x):
    return np.sum(x**3)


def squares(x):
    return x * x


def pulled(cotangent):
    return vjp(two, X, 2 * X)[1](cotangent)


WAYS = ("forward_over_reverse", "reverse_over_reverse", "reverse_over_forward")

REFUSED = {
    "tuple too short": (lambda: pulled((X,)), "cotangent is a tuple of 1, for a tuple of 2"),
    "number for a tuple": (lambda: pulled(1.0), "cotangent is a float, for a tuple of 2"),
    "shape inside": (lambda: pulled((X[:2], None)), r"at \[0\], has shape \(2,\), .* \(3,\)"),
    "unknown key": (lambda: pulled((None, {"t": 1.0})), r"at \[1\], has the key 't'"),
    "text": (lambda: vjp(cubes, X)[1]("a"), "the cotangent is a str"),
    "complex": (lambda: vjp(cubes, X)[1](1j), "the cotangent is complex"),
    "tangent of a shape": (lambda: jvp(cubes, (X,), (X[:2],)), r"tangent of `x` has shape \(2,\)"),
    "tangent of one number": (lambda: jvp(cubes, (X,), (X[:1],)), r"has shape \(1,\)"),
    "no vector": (lambda: tangent.gauss_newton(squares)(), "no vector to multiply with"),
    "vector for a tuple": (lambda: hvp(cubes, wrt=(0,))(X, X), "`v` is no tuple of 1"),
    "vector of a shape": (lambda: tangent.gauss_newton(squares)(X, X[:1]), r"`v` has shape \(1,\)"),
    "integers": (lambda: tangent.jacobian(squares)(np.arange(3)), "`x` is an integer"),
    "integers elementwise": (lambda: tangent.elementwise_grad(squares)(3), "`x` is an integer"),
    "arguments of check_grads": (lambda: tangent.check_grads(cubes, X), "are no tuple"),
    "differences of a tree": (lambda: tangent.finite_difference(cubes, {"a": X}), "is a dict"),
    "chain of one": (lambda: tangent.chain_jacobian(np.sin, X), "no list of functions"),
    "chain of pairs": (lambda: tangent.chain_jacobian([lambda x: (x, x)], X), "returns a tuple"),
    "test of a function": (lambda: tangent.write_test(cubes, "t.py", (X,)), "is no derivative"),
    "no pair": (lambda: grad(cubes, has_aux=True)(X), "is no pair"),
    **{
        f"shape of v, {way}": (lambda way=way: hvp(cubes, mode=way)(X, X[:2]), "`v`")
        for way in WAYS
    },
    **{f"no scalar, {way}": (lambda way=way: hvp(squares, mode=way)(X, X), "real") for way in WAYS},
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name):
    call, words = REFUSED[name]
    with pytest.raises(TangentError, match=words) as caught:
        call()
    assert isinstance(caught.value, InvalidArgument | tangent.NonScalarOutput | SyntaxError)
    assert caught.value.help


def test_none_and_single_numbers_stand_for_whole_values():
    assert np.array_equal(pulled((None, {"s": 2.0}))[0], np.full(3, 2.0))
    assert np.array_equal(pulled((1.0, None))[0], 2 * X)
    assert np.array_equal(jvp(squares, (X,), (1.0,))[1], 2 * X)
    assert jvp(cubes, (X,), (np.arange(3),))[1] == 66.0
