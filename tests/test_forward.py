"""Forward mode as users meet it: `jvp`, its text, and what it refuses."""

import math

import numpy as np
import pytest

import checks
import tangent
from tangent import jvp, vjp
from tangent.rules import language
from tangent.rules.language import defjvp, defvjp, elementwise
from tangent.rules.reading import read_jvp


def energy(x, A):
    y = np.tanh(A @ x)
    return np.sum(y * y)


def text(function, wrt=0):
    return tangent.Pushforward(function, wrt).source


def test_the_text_is_the_one_written_by_hand():
    lines = [line.partition("#")[0].strip() for line in text(energy).splitlines()]
    assert lines[-3:] == [
        "y = np.tanh(A @ x)",
        "y_dot = (1 - y * y) * (A @ x_dot)",
        "return np.sum(y * y), np.sum(2 * y * y_dot)",
    ]


def test_the_generated_function_takes_tangents_by_keyword():
    push = tangent.Pushforward(energy, ("x", "A"))
    assert push.words == ("x_dot", "A_dot")
    x, A = np.ones(2), np.eye(2)
    value, moved = push.module[0](x, A, x_dot=x, A_dot=np.zeros((2, 2)))
    assert moved == pytest.approx(4 * math.tanh(1) * (1 - math.tanh(1) ** 2))
    assert value == energy(x, A)


def test_tangents_come_in_the_order_of_wrt():
    first = tangent.Pushforward(energy, ("A", "x"))((np.ones(2), np.eye(2)), (np.eye(2), None))
    assert first == jvp(energy, (np.ones(2), np.eye(2)), (None, np.eye(2)))


# ---------------------------------------------------------------- what goes in and comes out


def test_none_stands_for_an_argument_that_does_not_move():
    assert jvp(lambda x, y: x * y, (2.0, 3.0), (None, 1.0)) == (6.0, 2.0)
    assert jvp(lambda x, y: x * y, (2.0, 3.0), (None, None)) == (6.0, 0.0)


def test_trees_and_integers():
    def f(p, n):
        return {"a": p["w"] ** n, "n": n, "pair": (p["k"] * p["w"][0], p["w"])}

    p = {"w": np.array([1.0, 2.0]), "k": 3, "name": "x"}
    value, moved = jvp(f, (p, 2), ({"w": np.array([1.0, 0.5]), "k": None, "name": None}, None))
    assert value["n"] == 2
    assert moved["n"] is None
    assert moved["a"].tolist() == [2.0, 2.0]
    assert moved["pair"][0] == 3.0
    assert isinstance(moved["pair"], tuple)


def test_an_entry_that_is_left_out_does_not_move():
    def f(p):
        return p["a"] * p["b"]

    assert jvp(f, ({"a": 2.0, "b": 3.0},), ({"a": 1.0},))[1] == 3.0
    assert jvp(f, ({"a": 2.0, "b": 3.0},), ({"a": 1.0, "b": None},))[1] == 3.0


def test_a_number_beside_a_constant_array_becomes_an_array():
    value, moved = jvp(lambda x, c: x + c, (1.0, np.ones(3)), (2.0, None))
    assert moved.tolist() == [2.0, 2.0, 2.0]
    assert value.shape == moved.shape


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_precision_stays(kind):
    x = np.array([0.5, 1.5], kind)
    value, moved = jvp(lambda x: np.exp(x) / 3 + x[0], (x,), (np.ones(2),))
    assert moved.dtype == value.dtype == kind


def test_complex_values():
    def f(x):
        z = np.exp(1j * x)
        return np.abs(z + 1), np.angle(z * z), np.real(z), z

    x = np.array([0.3, 0.7])
    _, (size, angle, real, z) = jvp(f, (x,), (np.ones(2),))
    assert size.dtype == float
    np.testing.assert_allclose(size, -np.sin(x / 2), rtol=1e-12)
    np.testing.assert_allclose(angle, 2.0)
    np.testing.assert_allclose(real, -np.sin(x))
    np.testing.assert_allclose(z, 1j * np.exp(1j * x))


def test_what_comes_back_is_not_shared():
    v = np.ones(2)
    (_, _), (first, second) = jvp(lambda x: (x + 1, x + 2), (np.zeros(2),), (v,))
    assert not np.shares_memory(first, second)
    assert not np.shares_memory(first, v)
    first[0] = 5.0
    assert v.tolist() == second.tolist() == [1.0, 1.0]


def test_a_negative_base_under_an_exponent_that_stays():
    def f(p):
        return p["x"] ** p["n"]

    value, moved = jvp(f, ({"x": np.array([-2.0, 0.0]), "n": 3},), ({"x": np.ones(2)},))
    assert value.tolist() == [-8.0, 0.0]
    assert moved.tolist() == [12.0, 0.0]


def test_where_only_one_path_moves():
    def f(x, flags):
        y, seen = 1.0, []
        for flag in flags:
            if flag:
                y = y * x
                seen.append(x)
            else:
                y = 2.0
                seen.append(3.0)
        return y + sum(seen)

    for flags in ([1, 1], [0, 1], [1, 0], [0, 0], []):
        checks.check_tangents(jvp, vjp, f, (1.5, flags))


def test_a_name_that_only_some_paths_bind():
    def f(x, n, c):
        if c:
            y = 2.0
        for _ in range(n):
            y = x * x
        return y * 1.0

    assert jvp(f, (3.0, 0, True), (1.0, None, None)) == (2.0, 0.0)
    assert jvp(f, (3.0, 1, True), (1.0, None, None)) == (9.0, 6.0)
    assert jvp(f, (3.0, 1, False), (1.0, None, None)) == (9.0, 6.0)
    with pytest.raises(UnboundLocalError):
        jvp(f, (3.0, 0, False), (1.0, None, None))


def test_an_identity_that_is_written_into():
    """`x + 0` moves as x does; the store must not reach the tangent of x."""

    def f(x):
        y = x + 0.0
        y[0] = 7.0
        return y * x

    value, moved = jvp(f, (np.array([2.0, 3.0]),), (np.ones(2),))
    assert value.tolist() == [14.0, 9.0]
    assert moved.tolist() == [7.0, 6.0]


def test_an_update_that_another_name_shows():
    """The tangent of `held * held` is taken before the memory that `held` shows is updated."""

    def f(rows, c):
        total = rows[0] * 1.0
        for row in rows:
            held = total if c else row
            total += row / (1.5 + held * held)
        return total

    rows = np.array([[0.5, 1.5], [2.0, -1.0], [0.25, 0.75]])
    for c in (True, False):
        checks.check_tangents(jvp, vjp, f, (rows, c))


def test_a_store_into_an_array_of_integers_is_loud():
    def f(x):
        counts = np.zeros(2, int)
        counts[0] = x * 10
        return counts[0] * x

    with pytest.raises(ValueError, match="read-only"):
        jvp(f, (1.57,), (1.0,))


def test_effects_happen_once(capsys):
    def f(x):
        print("called")
        return x * x

    assert jvp(f, (3.0,), (1.0,)) == (9.0, 6.0)
    assert capsys.readouterr().out == "called\n"


def test_an_iterator_that_does_not_move_is_gone_through_once():
    def f(x, steps):
        for step in steps:
            x = x * step
        return x

    assert jvp(f, (2.0, iter([3.0, 4.0])), (1.0, None)) == (24.0, 12.0)


# ---------------------------------------------------------------- derivatives of derivatives


def test_the_tangent_of_a_gradient_and_of_a_tangent():
    cube = lambda x: x * x * x  # noqa: E731
    assert jvp(tangent.grad(cube), (2.0,), (1.0,)) == (12.0, 12.0)
    once = tangent.Pushforward(cube).module[0]
    assert jvp(once, (2.0, 1.0), (1.0, None))[1] == (12.0, 12.0)


# ---------------------------------------------------------------- refusals


def refused(call, code):
    with pytest.raises(tangent.TangentError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.help
    return caught.value


def test_tangents_that_do_not_fit():
    x = np.ones(3)
    refused(lambda: jvp(energy, x, x), "tangents")
    refused(lambda: jvp(energy, (x, np.eye(3)), (x,)), "tangents")
    refused(lambda: jvp(lambda x: x, (x,), (np.ones((2, 3)),)), "shape")
    refused(lambda: jvp(lambda x: x, (x,), ([1.0],)), "structure")
    refused(lambda: jvp(lambda p: p["a"], ({"a": 1.0},), ({"b": 1.0},)), "structure")
    refused(lambda: jvp(lambda n: 2.0 * n, (3,), (1.0,)), "integer-argument")


def halved(x):
    return 0.5 * x


def uses_halved(x, y):
    z = y * 2
    return halved(x) + halved(z)


@pytest.mark.usefixtures("registry")
def test_a_function_without_forward_rule():
    @defvjp(halved)
    def rule(y_bar, y, x):
        return 0.5 * y_bar

    error = refused(lambda: jvp(uses_halved, (1.0, 2.0), (1.0, None)), "no-forward-rule")
    assert isinstance(error, tangent.NoRule)
    assert "@defjvp(halved)" in error.help
    assert "def rule(x_dot, y, x)" in error.help
    assert "halved(x)" in str(error)

    @defjvp(halved)
    def forward(x_dot, y, x):
        return 0.5 * x_dot

    assert jvp(uses_halved, (1.0, 2.0), (1.0, 1.0)) == (2.5, 1.5)


@pytest.mark.usefixtures("registry")
def test_a_partial_serves_both_modes():
    elementwise(halved, lambda y, x: 0.5)
    assert jvp(uses_halved, (1.0, 2.0), (1.0, 1.0)) == (2.5, 1.5)
    tangent.check_grads(uses_halved, (1.0, 2.0))


def test_an_error_names_the_line_of_the_primal():
    with pytest.raises(ZeroDivisionError) as caught:
        jvp(lambda x: 1.0 / x, (0.0,), (1.0,))
    assert "in the primal" in "".join(caught.value.__notes__)


# ---------------------------------------------------------------- check_grads


def test_check_grads_names_the_path_that_fails(monkeypatch):
    right = language.forward_rule(np.linalg.inv)
    tangent.check_grads(np_inv, (np.eye(2) * 2.0,))

    def call(a_dot, Y, a):
        return Y @ a_dot @ Y

    bad = read_jvp(np.linalg.inv, call)
    assert bad.tangents == right.tangents
    monkeypatch.setitem(language._TANGENTS, id(np.linalg.inv), bad)
    with pytest.raises(AssertionError, match=r"^forward mode"):
        tangent.check_grads(lambda a: np.linalg.inv(a), (np.eye(2) * 2.0,))
    tangent.check_grads(lambda a: np.linalg.inv(a), (np.eye(2) * 2.0,), order=1, modes=("reverse",))


def np_inv(a):
    return np.linalg.inv(a)


@pytest.mark.usefixtures("registry")
def test_check_grads_finds_a_rule_that_is_wrong_to_second_order():
    del language._REGISTRY[id(np.cos)]
    elementwise(np.cos, lambda y, x: np.sin(x))  # the sign is wrong, which sin alone shows
    tangent.check_grads(lambda x: np.sin(x), (0.5,), order=1)
    with pytest.raises(AssertionError, match=r"^(forward|reverse) over (forward|reverse)"):
        tangent.check_grads(lambda x: np.sin(x), (0.5,), order=2)


def test_check_grads_refuses_other_orders_and_modes():
    refused(lambda: tangent.check_grads(lambda x: x, (1.0,), order=3), "option")
    refused(lambda: tangent.check_grads(lambda x: x, (1.0,), modes=("sideways",)), "option")


def bound_to_what_moves_and_then_not(x, y):
    g = y
    while True:
        if len(x):
            break
        g = y
    g = np.ones(3)
    for _, _ in zip(g, x, strict=True):
        g -= x
    return g + y


def test_a_loop_over_what_does_not_move():
    x, y = np.array([0.5, 1.5, 2.0]), np.ones(3)
    _, moved = tangent.Pushforward(bound_to_what_moves_and_then_not, (1,))((x, y), (y,))
    assert moved.tolist() == [1.0, 1.0, 1.0]


def entry_of_what_is_made_under_a_try(x):
    try:
        tree = {"a": x}
        tree["a"] += 1.0
    except ZeroDivisionError:
        raise
    return np.sum(tree["a"] * tree["a"])


def test_memory_is_not_changed_twice():
    x = np.array([1.0, 2.0])
    with pytest.raises(tangent.UnsupportedSyntax, match="has effects"):
        tangent.jvp(entry_of_what_is_made_under_a_try, (x,), (np.ones(2),))
    np.testing.assert_array_equal(tangent.grad(entry_of_what_is_made_under_a_try)(x), [4.0, 6.0])


def name_that_a_loop_binds_twice(x):
    d = x * x
    for j in [1.5, 1.5]:  # noqa: B007
        pass
    for j, j in zip(x, d, strict=True):  # noqa: B007
        pass
    return j * x[0]


def constant_under_the_name_of_the_dict_that_holds_it(x):
    t = 1.5
    t = {"b": x[0], "w": t, "l": x[1]}
    return np.max(t["w"]) * t["b"] + t["l"]


@pytest.mark.parametrize(
    "function", [name_that_a_loop_binds_twice, constant_under_the_name_of_the_dict_that_holds_it]
)
def test_names_that_are_bound_again(function):
    checks.check_tangents(jvp, vjp, function, (np.array([0.5, -0.3, 1.2]),))
