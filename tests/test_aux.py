"""`has_aux`: a function that returns a pair, of which the first part is differentiated."""

import numpy as np
import pytest

import checks
import tangent
from tangent import UnsupportedSyntax, grad, hessian, hvp, jacobian, jvp, vjp

X = np.array([1.0, 2.0, 3.0])


def energy(x, n=2):
    h = np.sin(x)
    return np.sum(h**3) * n, {"h": h, "tag": "t", "at": np.argmax(h)}


def alone(x, n=2):
    return np.sum(np.sin(x) ** 3) * n


def by_name(x):
    pair = np.sum(x * x) * x[0], [x, 3]
    for _ in range(2):
        pair = pair[0] * 0.5, pair[1]
    return pair


def recursive(x, n):
    if n == 0:
        return x, 0
    y, depth = recursive(x * x, n - 1)
    return y * x, depth + 1


def writes(x):
    h = np.zeros(3)
    h[0] = x[0]
    seen = h.copy()
    h[0] = h[0] * x[1]
    return np.sum(h * h), (seen, h)


def same_aux(found, want=energy):
    checks.check_same(found, want(X)[1], "aux")


def test_of_a_pullback():
    value, pullback, aux = vjp(energy, X, has_aux=True)
    assert value == energy(X)[0]
    same_aux(aux)
    checks.check_same(pullback(1.0), vjp(alone, X)[1](1.0))
    aux["h"][:] = 7.0  # is the user's own
    checks.check_same(pullback(1.0), vjp(alone, X)[1](1.0))
    vjp(energy, X, has_aux=True, verify=True)[1](2.0)


def test_of_a_tangent():
    value, moved, aux = jvp(energy, (X,), (X,), has_aux=True)
    assert (value, moved) == jvp(alone, (X,), (X,))
    same_aux(aux)
    assert "aux_dot" not in tangent.Pushforward(energy, has_aux=True).source


@pytest.mark.parametrize("options", [{}, {"mode": "forward"}, {"sparsity": np.ones((1, 3))}])
def test_of_a_jacobian(options):
    found, aux = jacobian(energy, has_aux=True, **options)(X)
    assert np.allclose(found, grad(alone)(X), rtol=1e-14)
    same_aux(aux)


def test_of_a_hessian():
    found, aux = hessian(energy, has_aux=True)(X)
    checks.check_same(found, hessian(alone)(X))
    same_aux(aux)
    rows, _ = hessian(lambda x, y: (np.sum(x * y), x), wrt=(0, 1), has_aux=True)(X, X)
    assert np.array_equal(rows[0][1], np.eye(3))


@pytest.mark.parametrize(
    "mode", ["forward_over_reverse", "reverse_over_reverse", "reverse_over_forward"]
)
def test_of_a_product(mode):
    found, aux = hvp(energy, has_aux=True, mode=mode)(X, X)
    assert np.allclose(found, hvp(alone)(X, X), rtol=1e-14)
    same_aux(aux)
    assert hvp(energy, has_aux=True, mode=mode).source


@pytest.mark.parametrize("function", [by_name, writes])
def test_pairs_of_all_kinds(function):
    want, _ = grad(function, has_aux=True)(X)
    value, pullback, seen = vjp(function, X, has_aux=True)
    assert value == function(X)[0]
    checks.check_same(pullback(1.0)[0], want)
    checks.check_same(seen, function(X)[1])
    moved = jvp(function, (X,), (np.ones(3),), has_aux=True)
    assert np.isclose(moved[1], want.sum())
    checks.check_same(moved[2], function(X)[1])


def test_a_recursive_call_is_another_function():
    value, pullback, depth = vjp(recursive, 2.0, 3, has_aux=True)
    assert (value, depth) == recursive(2.0, 3)
    assert pullback(1.0)[0] == grad(recursive, has_aux=True)(2.0, 3)[0]
    assert jvp(recursive, (2.0, 3), (1.0, None), has_aux=True)[1] == pullback(1.0)[0]


def test_a_parameter_of_that_name_is_the_function_s():
    value, _ = vjp(lambda x, has_aux=1.0: x * has_aux, 2.0, has_aux=3.0)
    assert value == 6.0


@pytest.mark.parametrize(
    "call",
    [
        lambda f: vjp(f, X, has_aux=True),
        lambda f: jvp(f, (X,), (X,), has_aux=True),
        lambda f: jacobian(f, has_aux=True)(X),
        lambda f: hvp(f, has_aux=True)(X, X),
    ],
)
def test_what_is_no_pair_is_refused(call):
    with pytest.raises(UnsupportedSyntax, match="no pair"):
        call(alone_sum)


def alone_sum(x):
    return np.sum(x)
