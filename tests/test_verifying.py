"""`verify=True`, and what `check_grads` says: wrong rules and secret changes, found by name."""

import inspect

import numpy as np
import pytest

import checks
import tangent
from programs.registry import corpus
from tangent import VerificationError, adjoint_of, grad, pipeline, value_and_grad, vjp
from tangent.rules import language
from tangent.rules.language import constant, defjvp, defvjp, elementwise
from tangent.tracing import explained
from tangent.verifying import Verified
from tangent.watching import Recorder

A = np.array([[4.0, 1.0], [2.0, 5.0]])
B = np.array([1.0, 2.0])


def cube(x):
    return np.asarray(x) ** 3


def settle(A, b):
    return np.linalg.solve(A, b)


def double(h):
    h *= 2


def marked(function, text):
    """The line of a function that holds a text."""
    lines, first = inspect.getsourcelines(function)
    return first + next(i for i, line in enumerate(lines) if text in line)


# ---------------------------------------------------------------- rules


def steps(A, b):
    total = 0.0
    for _ in range(3):
        b = np.tanh(settle(A, b))  # here
        total = total + np.sum(b * b)
    return total


def outer(A, b):
    return 2 * steps(A, np.sin(b)) + np.sum(b)


def cubes(x):
    y = x * 2
    return np.sum(cube(y) * y)  # here


@pytest.fixture
def wrong_vjp(registry):
    @defvjp(settle)
    def rule(x_bar, x, A, b):
        b_bar = np.linalg.solve(A, x_bar)  # A is to be transposed
        return -np.outer(b_bar, x), b_bar


@pytest.fixture
def wrong_partial(registry):
    elementwise(cube, lambda y, x: 2 * x * x)


def names_the_rule(error, rule, function):
    assert f"the rule of `{rule}`" in str(error)
    assert f'File "{__file__}", line {marked(function, "# here")}' in str(error)


@pytest.mark.usefixtures("wrong_vjp")
@pytest.mark.parametrize("function", [steps, outer])
def test_verify_names_a_wrong_reverse_rule(function):
    grad(function)(A, B)
    with pytest.raises(VerificationError) as caught:
        grad(function, verify=True)(A, B)
    names_the_rule(caught.value, "settle", steps)
    assert caught.value.code == "dot-product"
    assert f"look at the rule in {__file__}" in caught.value.help


@pytest.mark.usefixtures("wrong_partial")
def test_verify_names_a_wrong_partial():
    with pytest.raises(VerificationError) as caught:
        value_and_grad(cubes, verify=True)(B)
    names_the_rule(caught.value, "cube", cubes)


@pytest.mark.usefixtures("wrong_vjp")
def test_verify_of_a_pullback_names_the_rule():
    _, pullback = vjp(lambda A, b: settle(A, b), A, B, verify=True)
    with pytest.raises(VerificationError, match="the rule of `settle`"):
        pullback(np.ones(2))


@pytest.mark.usefixtures("wrong_vjp")
def test_check_grads_names_a_wrong_reverse_rule():
    with pytest.raises(AssertionError, match=r"^reverse mode") as caught:
        tangent.check_grads(outer, (A, B), order=1, modes=("reverse",))
    names_the_rule(caught.value, "settle", steps)


@pytest.mark.usefixtures("wrong_partial")
def test_check_grads_names_a_wrong_partial():
    with pytest.raises(AssertionError, match=r"^forward mode") as caught:
        tangent.check_grads(cubes, (B,))
    names_the_rule(caught.value, "cube", cubes)


@pytest.mark.usefixtures("registry")
def test_check_grads_names_a_wrong_forward_rule():
    @defvjp(settle)
    def rule(x_bar, x, A, b):
        b_bar = np.linalg.solve(A.T, x_bar)
        return -np.outer(b_bar, x), b_bar

    @defjvp(settle)
    def tangent_rule(A_dot, b_dot, x, A, b):
        return np.linalg.solve(A, b_dot + A_dot @ x)  # the sign is wrong

    with pytest.raises(AssertionError, match=r"^forward mode") as caught:
        tangent.check_grads(outer, (A, B), order=1)
    names_the_rule(caught.value, "settle", steps)
    grad(outer, verify=True)(A, B)  # the gradient is right


def second(x):
    return np.sum(np.sin(x))


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_check_grads_names_a_rule_that_is_wrong_to_second_order(mode):
    del language._REGISTRY[id(np.cos)]
    elementwise(np.cos, lambda y, x: np.sin(x))  # the sign is wrong, which sin alone shows
    with pytest.raises(AssertionError, match=rf"^{mode} over {mode}") as caught:
        tangent.check_grads(second, (B,), modes=(mode,))
    assert "the rule of `cos`" in str(caught.value)
    line = second.__code__.co_firstlineno + 1
    assert f'in the primal: File "{__file__}", line {line}' in str(caught.value)


# ---------------------------------------------------------------- values that were changed


def changed_value(x):
    h = np.sin(x)
    y = h * h
    double(h)  # here
    return np.sum(y) + np.sum(h)


def changed_argument(x):
    y = x * x
    double(x)  # here
    return np.sum(y)


KEPT = np.array([2.0, 3.0])


def changed_global(x):
    y = x * KEPT
    double(KEPT)
    return np.sum(y)


@pytest.fixture
def secret(registry):
    constant(double, pure=False)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("function", [changed_value, changed_argument])
def test_verify_names_what_changes_a_value(function):
    with pytest.raises(VerificationError, match=r"`double\(.\)` changes `.`") as caught:
        grad(function, verify=True)(B.copy())
    assert caught.value.code == "changed-value"
    assert caught.value.location.line == marked(function, "# here")


@pytest.mark.usefixtures("secret")
def test_verify_finds_a_captured_array_that_was_changed(monkeypatch):
    monkeypatch.setitem(globals(), "KEPT", KEPT.copy())
    with pytest.raises(VerificationError, match="`KEPT` was changed during the call"):
        grad(changed_global, verify=True)(B)


def test_verify_finds_a_write_between_vjp_and_pullback():
    x = {"w": B.copy()}
    _, pullback = vjp(lambda x: x["w"] * x["w"], x, verify=True)
    assert np.array_equal(pullback(np.ones(2))[0]["w"], 2 * B)
    x["w"][0] = 7.0
    with pytest.raises(VerificationError, match=r"`x\['w'\]` was changed after `vjp`"):
        pullback(np.ones(2))


def test_a_function_s_own_verify_goes_to_the_function():
    value, _ = vjp(lambda x, verify=1.0: x * verify, 2.0, verify=3.0)
    assert value == 6.0


# ---------------------------------------------------------------- no false alarms


def noisy(x, rng):
    for _ in range(3):
        x = x * rng.normal(size=2) + np.random.normal(size=2)  # noqa: NPY002 (programs do)
    return np.sum(x * x)


def test_both_programs_draw_the_same_numbers():
    def run(**options):
        np.random.seed(5)  # noqa: NPY002
        rng = np.random.default_rng(3)
        found = grad(noisy, **options)(B, rng)
        return found, rng.normal(), np.random.normal()  # noqa: NPY002

    checks.check_same(run(), run(verify=True))


def cancels(x):
    big = x * 1e12
    return np.sum((big + x) - big)


def test_terms_that_cancel_are_no_error():
    rng = np.random.default_rng(0)
    for _ in range(5):
        grad(cancels, verify=True)(rng.normal(size=2))


RAMPS = np.linspace(-1.0, 1.0, 20_001)


def ramp(x):
    return np.maximum(np.asarray(x), 0.0)


@pytest.mark.usefixtures("registry")
def test_kinks_are_no_error():
    elementwise(ramp, lambda y, x: np.where(x > 0, 1.0, 0.0))
    grad(lambda x: np.sum(ramp(x) * x + ramp(x)), verify=True)(RAMPS)


@pytest.mark.usefixtures("registry")
def test_kinks_of_a_rule_without_forward_rule_are_no_error():
    @defvjp(ramp)
    def rule(y_bar, y, x):
        return y_bar * np.where(x > 0, 1.0, 0.0)

    grad(lambda x: np.sum(ramp(x)), verify=True)(RAMPS)
    assert np.array_equal(grad(lambda x: np.sum(ramp(x)), verify=True)(B), [1.0, 1.0])


def test_without_tangent_program_differences_stand_for_it(monkeypatch):
    def refuse(*_):
        raise tangent.InvalidArgument("no tangent program", code="forward", help="none")

    monkeypatch.setattr(tangent.passes.jvp, "mirrored", refuse)

    def waves(x):
        return np.sum(np.sin(x) * x)

    with pytest.raises(tangent.InvalidArgument):
        tangent.jvp(waves, (B,), (B,))
    checks.check_same(grad(waves)(B), grad(waves, verify=True)(B))


def clipped(x):
    y = np.exp(x)
    with adjoint_of(y) as y_bar:
        y_bar = np.clip(y_bar, -1.0, 1.0)
    return np.sum(y**2)


def test_code_that_changes_an_adjoint_is_named():
    with pytest.raises(VerificationError, match=r"the block of `adjoint_of\(y\)`") as caught:
        grad(clipped, verify=True)(B)
    assert caught.value.location.line == marked(clipped, "with")
    grad(clipped, verify=True)(np.full(2, -3.0))  # nothing is clipped here


def test_several_arguments_containers_and_aux():
    def f(p, n, x):
        return np.sum(p["w"] * x) * n, {"n": n}

    gradient, aux = grad(f, wrt=("x", "p"), has_aux=True, verify=True)({"w": B}, 2, B)
    assert np.array_equal(gradient[0], 2 * B)
    assert aux == {"n": 2}
    single = grad(lambda x: np.sum(x * x), verify=True)(np.ones(2, np.float32))
    assert single.dtype == np.float32


def test_a_derivative_is_verified_as_well():
    df = grad(lambda x: np.sum(np.sin(x) * x))

    def slope(x):
        return np.sum(df(x))

    assert np.allclose(grad(slope, verify=True)(B), 2 * np.cos(B) - B * np.sin(B))


# ---------------------------------------------------------------- statement by statement


CHOSEN = corpus()[::6]


def fits(function, args, wrt):
    """Run both programs of a function, watched: adjoints fit tangents at each statement."""
    signature = tangent.api.signature_of(function)
    values = tangent.arguments.complete(signature, tuple(args), {})
    held = Verified(function, tuple(signature.parameters), values, wrt)
    seen = Recorder(bound=held.bound)
    module, seen.places = pipeline.watched(function, held.names, seen, held.types)
    module.refresh()
    with explained(module):
        value, _ = held.run(module[0])
        _, record = module[1](*held.values)
        assert seen.log
        cotangent = checks.random_cotangent(np.random.default_rng(0), value)
        run = tangent.runtime
        module[2](run.inside(run.like(cotangent, value, copy=True), value), record)
    assert seen.changed is None
    assert seen.jump is None, seen.places[seen.jump.number].statement.origin.text
    assert not seen.log


@pytest.mark.parametrize("program", CHOSEN, ids=[p.name for p in CHOSEN])
def test_adjoints_fit_tangents_at_each_statement(program):
    """Both programs of the corpus agree not only at their ends."""
    wrt = checks.positions_of(program.function, program.wrt)
    try:
        fits(program.function, program.draw(), wrt)
    except tangent.TangentError:
        assert program.may_refuse


def one_adjoint_for_two_views(x):
    s = x[1:] + x[1:]
    return np.sum(s * s)


def adjoint_of_a_view_is_a_view(x):
    r, k = (x[:1][0], 1.5)
    r *= k
    return r or x[1]


def local_of_a_rule_that_is_written_later(x):
    y = x * x
    p = np.prod(y)
    y -= p
    return np.sum(y * y)


@pytest.mark.parametrize(
    "function",
    [
        one_adjoint_for_two_views,
        adjoint_of_a_view_is_a_view,
        local_of_a_rule_that_is_written_later,
    ],
)
def test_memory_that_is_shared_counts_once(function):
    fits(function, (np.array([0.5, -1.0, 2.0]),), (0,))
