"""Jacobians, Hessians, their products, and what they return for every kind of argument."""

import collections

import numpy as np
import pytest

import tangent
from tangent import (
    elementwise_grad,
    finite_difference,
    flatten,
    grad,
    hessian,
    hutchinson_trace,
    hvp,
    jacobian,
    linearize,
    value_and_grad,
)

X = np.array([0.3, -0.7, 1.1])


def wave(x, k=2.0):
    return np.sin(k * x) * x[0], np.sum(x * x)


def bowl(x, y):
    return np.sum(np.exp(x) * x[::-1]) + np.sum(x) * y["s"] ** 2 * np.sum(y["v"])


Y = {"v": np.array([0.5, 2.0]), "s": 1.5}


def refused(call, code):
    with pytest.raises(tangent.TangentError) as caught:
        call()
    assert caught.value.code == code


# ---------------------------------------------------------------- Jacobians


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
def test_jacobian_against_differences(mode):
    first, second = jacobian(wave, mode=mode)(X)
    want = finite_difference(lambda x: wave(x)[0], X)
    np.testing.assert_allclose(first, want, atol=1e-8)
    np.testing.assert_allclose(second, 2 * X)
    assert first.shape == (3, 3)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_shapes_of_a_jacobian(mode):
    def f(x, p):
        return {"m": np.outer(x, x) * p["a"], "n": 3, "s": x[0] * p["b"][1]}

    p = {"a": 2.0, "b": [1.0, 5.0], "k": 7}
    by_x, by_p = jacobian(f, wrt=(0, "p"), mode=mode)(X, p)
    assert by_x["m"].shape == (3, 3, 3)
    assert by_x["s"].shape == (3,)
    assert by_x["n"] is None
    assert by_p["m"]["a"].shape == (3, 3)
    assert by_p["m"]["b"][0].shape == (3, 3)
    assert by_p["m"]["k"] is None
    assert by_p["s"]["b"] == [0.0, X[0]]
    np.testing.assert_allclose(by_p["m"]["a"], np.outer(X, X))


def test_single_precision_of_a_jacobian():
    x = X.astype(np.float32)
    for mode in ("forward", "reverse"):
        assert jacobian(lambda x: x * x, mode=mode)(x).dtype == np.float32


Z = np.array([0.3 + 0.5j, -0.7 + 0.2j])


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_jacobians_of_complex_numbers(mode):
    """Of both parts of a result; a real result has the gradient of the convention."""
    found = jacobian(lambda x: np.exp(1j * x), mode=mode)(X)
    np.testing.assert_allclose(found, np.diag(1j * np.exp(1j * X)))
    np.testing.assert_allclose(jacobian(lambda z: z * z, mode=mode)(Z), np.diag(2 * Z))
    found = jacobian(lambda z: np.abs(z) ** 2, mode=mode)(Z)
    np.testing.assert_allclose(found, np.diag(2 * np.conj(Z)))
    both = jacobian(lambda x, z: x * z, wrt=(0, 1), mode=mode)(X[:2], Z)
    np.testing.assert_allclose(both, [np.diag(Z), np.diag(X[:2])])
    refused(lambda: jacobian(np.conj, mode=mode)(Z), "complex")
    refused(lambda: jacobian(np.square, mode=mode, sparsity=np.eye(2))(Z), "complex")


def test_second_order_of_complex_numbers():
    refused(lambda: hessian(lambda z: np.sum(np.abs(z) ** 2))(Z), "complex")
    found = tangent.gauss_newton(lambda x: np.exp(1j * x))(X, np.ones(3))
    np.testing.assert_allclose(found, np.ones(3))


def test_the_mode_follows_from_the_shapes(monkeypatch):
    runs = collections.Counter()
    forward = tangent.Pushforward.__call__

    def counted(self, *args, **kwargs):
        runs["forward"] += 1
        return forward(self, *args, **kwargs)

    monkeypatch.setattr(tangent.Pushforward, "__call__", counted)
    jacobian(lambda p: np.outer(p["x"], p["x"]))({"x": X})  # no array: one run for each column
    assert runs["forward"] == 3
    jacobian(lambda p: p["x"][:2])({"x": X})
    assert runs["forward"] == 3


def test_empty_and_scalar_jacobians():
    assert jacobian(lambda x: x * 2)(np.zeros(0)).shape == (0, 0)
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert "def wave_jvp" in jacobian(wave, mode="forward").source
    assert "def wave_backward" in jacobian(wave, mode="reverse").source
    refused(lambda: jacobian(wave, mode="sideways"), "mode")


def test_keywords_and_defaults():
    first = jacobian(wave, mode="forward")(X, k=3.0)[0]
    second = jacobian(wave, mode="reverse")(X, 3.0)[0]
    np.testing.assert_allclose(first, second, rtol=1e-12)
    assert not np.allclose(first, jacobian(wave)(X)[0])


# ---------------------------------------------------------------- second order


def test_hessian_against_differences():
    H = hessian(bowl)(X, Y)
    want = finite_difference(lambda x: grad(bowl)(x, Y), X)
    np.testing.assert_allclose(H, want, atol=1e-7)
    np.testing.assert_allclose(H, H.T, rtol=1e-12)


def test_hessian_of_several_arguments():
    (xx, xy), (yx, _) = hessian(bowl, wrt=(0, 1))(X, Y)
    np.testing.assert_allclose(xx, hessian(bowl)(X, Y))
    assert xy["v"].shape == (3, 2)
    np.testing.assert_allclose(yx["v"], xy["v"].T)
    np.testing.assert_allclose(yx["s"], xy["s"])


@pytest.mark.parametrize(
    "mode", ["forward_over_reverse", "reverse_over_reverse", "reverse_over_forward"]
)
def test_hessian_vector_products(mode):
    v = np.array([1.0, -2.0, 0.5])
    product = hvp(bowl, mode=mode)(X, Y, v)
    np.testing.assert_allclose(product, hessian(bowl)(X, Y) @ v, rtol=1e-10)
    w = {"v": np.array([1.0, 3.0]), "s": 2.0}
    by_x, by_y = hvp(bowl, wrt=("x", "y"), mode=mode)(X, Y, (v, w))
    (xx, xy), _ = hessian(bowl, wrt=(0, 1))(X, Y)
    np.testing.assert_allclose(by_x, xx @ v + xy["v"] @ w["v"] + xy["s"] * 2.0, rtol=1e-10)
    assert list(by_y) == ["v", "s"]
    assert isinstance(by_y["s"], float)


class Spring:
    def __init__(self, stiffness):
        self.stiffness = stiffness

    def energy(self, x):
        return 0.5 * self.stiffness * np.sum(x**4)


@pytest.mark.parametrize(
    "mode", ["forward_over_reverse", "reverse_over_reverse", "reverse_over_forward"]
)
def test_products_of_a_method_and_of_a_derivative(mode):
    product = hvp(Spring(2.0).energy, mode=mode)(X, np.ones(3))
    np.testing.assert_allclose(product, 12 * X**2)
    third = hvp(grad(lambda x: x**4), mode=mode)(2.0, 1.0)
    assert third == pytest.approx(48.0)


def test_the_hessian_of_a_function_that_stores():
    def f(x):
        out = np.zeros(4)
        for i in range(4):
            out[i] = x[i] * x[i]
        out[1:] = out[:-1] * x[0]
        return np.sum(out * out)

    x, v = np.array([0.5, 1.5, -1.0, 2.0]), np.array([1.0, -1.0, 0.5, 2.0])
    want = finite_difference(lambda x: grad(f)(x) @ v, x)
    np.testing.assert_allclose(hvp(f, mode="reverse_over_forward")(x, v), want, atol=1e-6)


def test_the_text_of_a_hessian_vector_product():
    def f(x, A):
        y = np.tanh(A @ x)
        return np.sum(y * y)

    text = hvp(f).source
    assert "def f_hvp(x, A, *, x_dot):" in text
    assert "y_bar_dot = " in text
    assert "def f_grad_backward" in hvp(f, mode="reverse_over_reverse").source
    refused(lambda: hvp(f, mode="both"), "mode")
    refused(lambda: hvp(f)(X, np.eye(3), np.ones((2, 3))), "shape")


def test_gradients_to_any_order():
    d = lambda x: x**5  # noqa: E731
    for want in (80.0, 160.0, 240.0, 240.0, 120.0, 0.0):
        d = grad(d)
        assert d(2.0) == want


def test_jacobians_are_differentiated_again():
    """Of a Jacobian that is there, and of one that the function makes, in both modes."""

    def f(x):
        return np.sin(np.outer(x, x)) * x[0]

    x, held = np.array([0.3, 0.7]), jacobian(f)
    second = jacobian(jacobian(f))(x)
    assert second.shape == (2, 2, 2, 2)
    np.testing.assert_allclose(second, np.swapaxes(second, -1, -2))
    assert jacobian(jacobian(jacobian(f)))(x).shape == (2,) * 5
    for g in (lambda x: np.sin(held(x)), lambda x: np.sin(jacobian(f)(x))):
        tangent.check_grads(g, (x,))
    tangent.check_grads(hessian(lambda x: np.sum(f(x))), (x,), order=1)
    assert jacobian(jacobian(f))(x.astype(np.float32)).dtype == np.float32
    refused(lambda: jacobian(jacobian(lambda z: z * z))(x + 1j), "jacobian")


def test_trace_of_the_hessian():
    def f(x):
        return np.sum(np.outer(x, x) ** 2)

    estimate, error = hutchinson_trace(f, samples=400, seed=3)(X)
    exact = np.trace(hessian(f)(X))
    assert 0 < error < 0.1 * exact
    assert abs(estimate - exact) < 4 * error
    assert hutchinson_trace(f, seed=1)(X) == hutchinson_trace(f, seed=1)(X)
    both = hutchinson_trace(bowl, wrt=(0, 1), samples=300)(X, Y)
    (xx, _), (_, yy) = hessian(bowl, wrt=(0, 1))(X, Y)
    total = np.trace(xx) + np.trace(yy["v"]["v"]) + yy["s"]["s"]
    assert abs(both[0] - total) < 4 * both[1]
    refused(lambda: hutchinson_trace(f, samples=1), "samples")


# ---------------------------------------------------------------- linear maps


def test_elementwise_gradients_are_differentiated_again():
    t = np.tanh(X)
    slope = elementwise_grad(np.tanh)
    second = -2 * t * (1 - t * t)
    np.testing.assert_allclose(elementwise_grad(slope)(X), second)
    np.testing.assert_allclose(jacobian(slope)(X), np.diag(second))
    third = (1 - t * t) * (6 * t * t - 2)
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(slope))(X), third)
    by_second = elementwise_grad(elementwise_grad(lambda x, y: x * y**3, 1), 1)
    np.testing.assert_allclose(by_second(X, X + 1), 6 * X * (X + 1))


def test_elementwise_gradient():
    df = elementwise_grad(lambda x, k: np.sin(k * x))
    np.testing.assert_allclose(df(X, 2.0), 2 * np.cos(2 * X))
    assert df(0.0, 3.0) == 3.0
    assert df(X.astype(np.float32), 2.0).dtype == np.float32
    both = elementwise_grad(lambda x, y: x * y, wrt=(0, 1))(X, 2 * X)
    np.testing.assert_allclose(both, (2 * X, X))
    assert "_backward" in elementwise_grad(wave).source


def test_a_linearised_function_is_linear():
    value, push = linearize(wave, X, 2.0)
    assert value[1] == wave(X)[1]
    v, w = np.array([1.0, 2.0, -1.0]), np.array([0.5, 0.0, 3.0])
    first, second, both = push(v, None)[0], push(w, 1.0)[0], push(v + 2 * w, 2.0)[0]
    np.testing.assert_allclose(first + 2 * second, both, rtol=1e-12)
    np.testing.assert_allclose(first, jacobian(wave)(X)[0] @ v)
    assert "def wave_jvp" in push.source
    refused(lambda: push(v), "tangents")


# ---------------------------------------------------------------- beside the value


def beside(x, n):
    h = x
    for _ in range(n):
        h = np.sin(h) * x
    return np.sum(h), {"h": h, "n": n}


def test_a_second_value_comes_back_as_it_is():
    gradient, aux = grad(beside, has_aux=True)(X, 3)
    (value, again), other = value_and_grad(beside, has_aux=True)(X, 3)
    want, expected = beside(X, 3)
    assert value == want
    for found in (aux, again):
        assert found["n"] == 3
        np.testing.assert_array_equal(found["h"], expected["h"])
    np.testing.assert_array_equal(gradient, other)
    np.testing.assert_allclose(gradient, grad(lambda x: beside(x, 3)[0])(X))


def test_the_second_value_is_not_changed_by_the_backward_sweep():
    def f(x):
        out = np.zeros(3)
        for i in range(3):
            out[i] = x * i
        out[0] = out[1] * out[2]
        out[1] = out[0] * out[2]
        return np.sum(out * out), out

    gradient, out = grad(f, has_aux=True)(2.0)
    np.testing.assert_array_equal(out, f(2.0)[1])
    assert gradient == pytest.approx(finite_difference(lambda x: f(x)[0], 2.0), rel=1e-7)


def test_a_pair_made_elsewhere_and_no_pair():
    def pair(x):
        return (x * x, 3.0)

    def by_branch(x):
        if x > 0:
            return pair(x)
        return (x, "negative")

    df = grad(by_branch, has_aux=True)
    assert df(2.0) == (4.0, 3.0)
    assert df(-2.0) == (1.0, "negative")
    refused(lambda: grad(lambda x: (x, 1, 2), has_aux=True)(1.0), "has-aux")


# ---------------------------------------------------------------- differences, trees

METHODS = {"central": 1e-8, "forward": 1e-6, "complex_step": 1e-14}


@pytest.mark.parametrize("method", METHODS)
def test_differences(method):
    def f(x):
        return np.sum(x**3) * x

    found = finite_difference(f, X, method)
    want = np.diag([np.sum(X**3)] * 3) + np.outer(X, 3 * X**2)
    np.testing.assert_allclose(found, want, atol=METHODS[method])
    assert finite_difference(lambda x: x**2, 3.0, method) == pytest.approx(6.0, abs=1e-5)


@pytest.mark.parametrize("method", ["two_point_random", "multipoint"])
def test_random_differences_are_right_in_the_mean(method):
    def f(x):
        return np.sum(x**3)

    calls = []

    def counted(x):
        calls.append(x)
        return f(x)

    rng = np.random.default_rng(5)
    found = [finite_difference(counted, X, method, samples=4, seed=rng) for _ in range(3000)]
    assert len(calls) == 3000 * (2 if method == "two_point_random" else 5)
    spread = np.std(found, axis=0) / np.sqrt(3000)
    assert np.all(np.abs(np.mean(found, axis=0) - 3 * X**2) < 5 * spread)
    again = [finite_difference(f, X, method, seed=1) for _ in range(2)]
    np.testing.assert_array_equal(*again)


def test_an_unknown_method():
    refused(lambda: finite_difference(np.sin, 1.0, "sideways"), "method-of-differences")


Pair = collections.namedtuple("Pair", "a b")


def test_trees_as_vectors():
    tree = {"W": np.ones((2, 2), np.float32), "p": Pair(0.5, [np.arange(3), 2.0]), "n": None}
    vector, unflatten = flatten(tree)
    assert vector.tolist() == [1.0] * 4 + [0.5, 2.0]
    back = unflatten(vector * 2)
    assert back["W"].dtype == np.float32
    assert back["p"] == Pair(1.0, back["p"].b)
    assert back["p"].b[1] == 4.0
    assert back["p"].b[0].tolist() == [0, 1, 2]
    assert back["n"] is None
    refused(lambda: unflatten(np.ones(3)), "vector")
    assert flatten({"n": 3})[0].size == 0
    assert flatten({"n": 3})[1](np.zeros(0)) == {"n": 3}


def test_minimising_over_a_tree():
    optimize = pytest.importorskip("scipy.optimize")

    def loss(p, x, y):
        return np.mean((x @ p["w"] + p["b"] - y) ** 2)

    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 3))
    y = x @ np.array([1.0, -2.0, 0.5]) + 0.25
    start, unflatten = flatten({"w": np.zeros(3), "b": 0.0})
    both = value_and_grad(loss)

    def fun(vector):
        value, gradient = both(unflatten(vector), x, y)
        return value, flatten(gradient)[0]

    found = unflatten(optimize.minimize(fun, start, jac=True).x)
    np.testing.assert_allclose(found["w"], [1.0, -2.0, 0.5], atol=1e-4)
    assert found["b"] == pytest.approx(0.25, abs=1e-4)
