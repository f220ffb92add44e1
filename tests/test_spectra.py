"""Spectra, Gauss-Newton products and chains of Jacobians against dense matrices."""

import numpy as np
import pytest

import tangent
from tangent import InvalidArgument, chain_jacobian, gauss_newton, hessian, jacobian
from tangent import lanczos_spectrum as lanczos

RNG = np.random.default_rng(0)
A, X = RNG.normal(size=(6, 5)), RNG.normal(size=5)


def energy(x):
    return np.sum(np.log(np.cosh(A @ x))) + np.sum(x**4)


def residual(x):
    return np.sin(A @ x) * x[0]


# ---------------------------------------------------------------- spectra


def test_as_many_steps_as_numbers_give_the_eigenvalues():
    values, weights = lanczos(energy)(X)
    assert np.allclose(values, np.linalg.eigvalsh(hessian(energy)(X)), rtol=1e-10)
    assert np.isclose(weights.sum(), 1.0)
    assert np.all(weights >= 0)


def test_few_steps_find_the_ends_of_a_large_spectrum():
    scale = np.concatenate([np.linspace(0.0, 1.0, 198), [-5.0, 30.0]])

    def quadratic(x):
        return 0.5 * np.sum(scale * x * x)

    values, weights = lanczos(quadratic, steps=20, samples=3)(np.zeros(200))
    assert len(values) == len(weights) == 60
    assert np.allclose(values[[0, -1]], [-5.0, 30.0], rtol=1e-6)
    assert np.all(np.diff(values) >= 0)
    mean = np.sum(values * weights)  # of the eigenvalues, as far as three vectors tell
    assert abs(mean - scale.mean()) < 0.3


def test_equal_eigenvalues_end_the_run():
    values, weights = lanczos(lambda x: 1.5 * np.sum(x * x))(np.zeros(40))
    assert np.allclose(values, [3.0])
    assert np.allclose(weights, [1.0])


def test_spectrum_of_a_tree_and_of_several_arguments():
    def f(p, y):
        return np.sum(p["w"] ** 2) + p["b"] ** 2 * 2 + 3 * np.sum(y**2)

    values, _ = lanczos(f, wrt=("p", "y"))({"w": np.ones(2), "b": 1.0}, np.ones(2))
    assert np.allclose(values, [2.0, 4.0, 6.0])


def test_the_same_seed_gives_the_same_spectrum():
    assert np.array_equal(lanczos(energy, steps=2)(X), lanczos(energy, steps=2)(X))
    assert not np.allclose(lanczos(energy, steps=2)(X), lanczos(energy, steps=2, seed=1)(X))


def test_no_steps_are_refused():
    with pytest.raises(InvalidArgument, match="gives no estimate"):
        lanczos(energy, steps=0)


# ---------------------------------------------------------------- Gauss-Newton


def test_gauss_newton_is_that_of_the_jacobian():
    J, v = jacobian(residual)(X), RNG.normal(size=5)
    assert np.allclose(gauss_newton(residual)(X, v), J.T @ (J @ v))


def test_gauss_newton_with_a_loss():
    def loss(r):
        return np.sum(np.exp(r)) + r[0] * r[1]

    J, v = jacobian(residual)(X), RNG.normal(size=5)
    H = hessian(loss)(residual(X))
    have = gauss_newton(residual, loss=loss)(X, v)
    assert np.allclose(have, J.T @ (H @ (J @ v)))


def test_gauss_newton_of_trees():
    def f(p, x):
        return {"y": p["W"] @ x, "n": 3}

    p, v = {"W": A, "k": 1}, RNG.normal(size=(6, 5))
    found = gauss_newton(f)(p, X, {"W": v, "k": None})
    assert np.allclose(found["W"], np.outer(v @ X, X))
    assert found["k"] is None
    both = gauss_newton(f, wrt=("p", "x"))(p, X, ({"W": v, "k": None}, np.zeros(5)))
    assert np.allclose(both[1], A.T @ (v @ X))


def test_gauss_newton_shows_both_programs():
    text = gauss_newton(residual).source
    assert "def residual_jvp" in text
    assert "def residual_backward" in text


# ---------------------------------------------------------------- chains


def widen(x):
    return np.sin(np.outer(x, np.arange(1.0, 41.0)))


def narrow(y):
    return np.sum(y * y, axis=1)


def mix(z):
    return A[:4] @ z


CHAIN = [widen, narrow, mix, np.tanh, np.sum]


def whole(x):
    return np.sum(np.tanh(A[:4] @ np.sum(np.sin(np.outer(x, np.arange(1.0, 41.0))) ** 2, axis=1)))


def test_a_chain_is_the_jacobian_of_the_whole():
    found = chain_jacobian(CHAIN, X)
    assert np.allclose(found.jacobian, jacobian(whole)(X))
    assert found.value == whole(X)


def brute(sizes):
    """The least work over all ways to bracket a product."""
    if len(sizes) == 2:
        return 0
    return min(
        brute(sizes[: k + 1]) + brute(sizes[k:]) + sizes[0] * sizes[k] * sizes[-1]
        for k in range(1, len(sizes) - 1)
    )


def test_the_order_takes_least_work():
    for count in range(1, 6):
        found = chain_jacobian(CHAIN[:count], X)
        sizes = [5, 200, 5, 4, 4, 1][: count + 1]
        assert found.multiplications == brute(sizes)
        assert found.multiplications <= min(found.forward, found.reverse)


def test_the_order_is_told():
    shrink = chain_jacobian(CHAIN, X)  # down to one number: from the last to the first
    assert shrink.order == "(((J5 J4) J3) J2) J1"
    assert shrink.multiplications == shrink.reverse
    grow = chain_jacobian([np.sum, lambda s: s * X, np.exp], X)
    assert grow.order == "(J3 J2) J1"
    assert grow.jacobian.shape == (5, 5)
    assert chain_jacobian([np.exp], X).order == "J1"


def test_shapes_are_those_of_both_ends():
    found = chain_jacobian([widen, np.cos], X)
    assert found.jacobian.shape == (5, 40, 5)
    assert isinstance(chain_jacobian([np.sin, np.exp], 0.5).jacobian, float)


def test_an_empty_chain_is_refused():
    with pytest.raises(InvalidArgument, match="no list of functions"):
        chain_jacobian([], X)
    assert tangent.ChainedJacobian is type(chain_jacobian([np.exp], X))
