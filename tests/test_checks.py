"""Each oracle passes a right derivative and fails a wrong one; each program is fit to judge by.

Every derivative here is written by hand, so these tests run without the library.
"""

import types

import numpy as np
import pytest

import checks
from programs.registry import corpus

SHARED = np.array([1.0, 2.0])


def energy(x, y):
    return np.sum(x * x * y)


def energy_args():
    rng = np.random.default_rng(3)
    return rng.normal(size=3), rng.normal(size=3)


def right(x, y):
    return 2 * x * y, x * x


def fails(message):
    return pytest.raises(AssertionError, match=message)


# ---------------------------------------------------------------- trees


def test_active_leaves_are_real_floating_point_numbers():
    tree = {"a": 1.0, "b": [np.float32(2), 3, True, None], "c": (np.ones(2), np.arange(2), "s")}
    assert [path for path, _ in checks.active_leaves(tree)] == [("a",), ("b", 0), ("c", 0)]
    assert not checks.is_active(1j)
    assert not checks.is_active(np.array([True]))


def test_moved_keeps_types_and_leaves_the_original_alone():
    args = ({"n": 3, "w": np.array(1.5)}, np.float32(2), np.ones(2, np.float32), 0.5)
    direction = checks.random_direction(np.random.default_rng(0), args, range(4))
    there = checks.moved(args, direction, 0.1)
    assert there[0]["n"] == 3
    kinds = [(type(leaf), np.asarray(leaf).dtype) for _, leaf in checks.leaves(there)]
    assert kinds == [(type(leaf), np.asarray(leaf).dtype) for _, leaf in checks.leaves(args)]
    assert args[0]["w"] == 1.5
    assert there[0]["w"] != 1.5


def test_positions_of_names_and_numbers():
    assert checks.positions_of(energy, 1) == (1,)
    assert checks.positions_of(energy, ("y", 0)) == (1, 0)


# ---------------------------------------------------------------- values


def test_a_right_gradient_passes():
    args = energy_args()
    checks.check_value(right(*args), energy, args, (0, 1))
    checks.check_value(right(*args)[::-1], energy, args, (1, 0))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, y: (2 * x * y, x * x * (1 + 1e-6)),
        lambda x, y: (x * y, x * x),
        lambda x, y: (2 * x * y, np.zeros(3)),
        lambda x, y: (-2 * x * y, x * x),
        lambda x, y: (2 * x * y + np.array([0, 0, 1e-6]), x * x),
    ],
    ids=["slightly off", "half", "zero", "sign", "one element"],
)
def test_a_wrong_value_fails(wrong):
    args = energy_args()
    with fails("differences"):
        checks.check_value(wrong(*args), energy, args, (0, 1))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_never_pass(bad):
    args = energy_args()
    with fails("the gradient holds"):
        checks.check_value((np.full(3, bad), args[0] ** 2), energy, args, (0, 1))
    with fails("holds"):
        checks.check_structure(np.full(3, bad), np.ones(3))
    with fails("the difference itself"):
        checks.check_value((np.ones(3),), lambda x: np.sum(x) * bad, (np.ones(3),), (0,))


def test_a_missing_entry_fails():
    with fails("no gradient for argument 0"):
        checks.check_value((None,), lambda x: np.sum(x), (np.ones(3),), (0,))


def test_a_wrong_entry_of_a_tree_fails():
    def f(tree):
        return tree["a"] * tree["b"][0]

    args = ({"a": 2.0, "b": [3.0, 4.0]},)
    checks.check_value(({"a": 3.0, "b": [2.0, 0.0]},), f, args, (0,))
    with fails("differences"):
        checks.check_value(({"a": 3.0, "b": [2.0, 1e-3]},), f, args, (0,))


def test_single_precision_is_judged_by_its_own_measure():
    x = np.array([1.1, 0.3], np.float32)
    checks.check_value((2 * x,), lambda x: np.sum(x * x), (x,), (0,))
    with fails("differences"):
        checks.check_value((2.01 * x,), lambda x: np.sum(x * x), (x,), (0,))


def test_nothing_to_differentiate_by_is_no_difference():
    checks.check_value((np.zeros(0),), lambda x: np.sum(x) + 1.0, (np.zeros(0),), (0,))


# ---------------------------------------------------------------- structure


@pytest.mark.parametrize(
    ("gradient", "argument", "message"),
    [
        (np.float64(1), 1.0, "float"),
        (1.0, np.float64(1), "float"),
        (np.ones(()), 1.0, "ndarray"),
        (1.0, np.ones(()), "float"),
        (np.ones(3), np.ones(3, np.float32), "float64 for float32"),
        (np.ones(3), np.ones((3, 1)), r"\(3,\)"),
        (np.broadcast_to(1.0, (3,)), np.ones(3), "read-only"),
        ({"a": 1.0, "b": 1.0}, {"b": 1.0, "a": 1.0}, "keys"),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, "keys"),
        ([1.0], (1.0,), "list"),
        ((1.0,), [1.0, 2.0], "tuple"),
        ([1.0], [1.0, 2.0], "keys"),
        ([0.0], [3], "for the constant"),
        ([np.zeros(2)], [np.arange(2)], "for the constant"),
        ([False], [True], "for the constant"),
        ([None], [1.0], "NoneType"),
        (np.ma.ones(3), np.ones(3), "Masked"),
    ],
)
def test_a_wrong_structure_fails(gradient, argument, message):
    with fails(message):
        checks.check_structure(gradient, argument)


def test_a_right_structure_passes():
    argument = {"b": 1.0, "a": [np.float32(1), 3, None, "s"], "c": (np.ones(()), np.arange(2))}
    gradient = {"b": 2.0, "a": [np.float32(2), None, None, None], "c": (np.zeros(()), None)}
    checks.check_structure(gradient, argument)


# ---------------------------------------------------------------- memory


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1.0, np.float64(1.0)),
        (0.0, -0.0),
        (1, True),
        ([1.0], (1.0,)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.ones(2), np.ones(2, np.float32)),
        (np.ones(2), np.ones((2, 1))),
        (np.array([1.0, 0.0]), np.array([1.0, -0.0])),
    ],
)
def test_values_that_are_not_the_same(first, second):
    checks.check_same(first, first)
    with pytest.raises(AssertionError):
        checks.check_same(first, second)


def test_a_changed_argument_fails():
    x = np.ones(3)
    with fails("arguments"), checks.unchanged((x,)):
        x[1] = 2
    table = {"a": [1.0]}
    with fails("arguments"), checks.unchanged((table,)):
        table["a"].append(2.0)
    table = {"a": np.ones(2)}
    with fails("replaced"), checks.unchanged((table,)):
        table["a"] = table["a"].copy()


def captures(weights):
    return lambda x: np.sum(weights * x * SHARED)


def test_shared_memory_fails():
    x, weights = np.ones(2), np.ones(2)
    function = captures(weights)
    checks.check_separate((x * 2, x * 3), (x, x), function)
    both = np.ones(2)
    for gradients, message in [
        ((both, both), "two gradients"),
        (({"a": both}, [both[:1]]), "two gradients"),
        ((x[::-1],), "an argument"),
        ((SHARED,), "a global"),
        ((weights,), "a global, cell"),
    ]:
        with fails(message):
            checks.check_separate(gradients, (x,), function)
    with fails("another result"):
        checks.check_separate((both,), (x,), function, {"cotangent": both})


# ---------------------------------------------------------------- pullbacks


def product(x, y, n):
    return {"z": x * y * n, "m": n}, np.sum(x)


def vjp_by_hand(pull, value=None):
    """A `vjp` of `product`, made of one function of (cotangent, x, y, n)."""

    def vjp(function, x, y, n):
        result = function(x, y, n) if value is None else value(x, y, n)
        return result, lambda cotangent: pull(cotangent, x, y, n)

    return vjp


def pull_right(cotangent, x, y, n):
    z_bar, total_bar = cotangent[0]["z"], cotangent[1]
    return z_bar * y * n + total_bar, z_bar * x * n, None


def product_args():
    return (*energy_args(), 2)


def test_a_right_pullback_passes():
    checks.check_pullback(vjp_by_hand(pull_right), product, product_args())


def pull_lists(cotangent, x, y, n):
    return list(pull_right(cotangent, x, y, n))


def pull_two(cotangent, x, y, n):
    return pull_right(cotangent, x, y, n)[:2]


def pull_zero_for_the_count(cotangent, x, y, n):
    return (*pull_right(cotangent, x, y, n)[:2], 0)


def pull_half(cotangent, x, y, n):
    x_bar, y_bar, _ = pull_right(cotangent, x, y, n)
    return x_bar, y_bar / 2, None


@pytest.mark.parametrize("pull", [pull_lists, pull_two, pull_zero_for_the_count, pull_half])
def test_a_wrong_pullback_fails(pull):
    with pytest.raises(AssertionError):
        checks.check_pullback(vjp_by_hand(pull), product, product_args())


def test_a_record_that_is_used_up_fails():
    def vjp(function, x, y, n):
        record = [x, x, x, x * 1.001]
        return function(x, y, n), lambda c: (
            c[0]["z"] * y * n + c[1],
            c[0]["z"] * record.pop(0) * n,
            None,
        )

    with fails("called again"):
        checks.check_pullback(vjp, product, product_args())


def test_a_pullback_that_remembers_fails():
    def vjp(function, x, y, n):
        total = [np.zeros(3)]

        def pullback(c):
            x_bar, y_bar, _ = pull_right(c, x, y, n)
            total[0] = total[0] + y_bar
            return x_bar, total[0], None

        return function(x, y, n), pullback

    with pytest.raises(AssertionError):
        checks.check_pullback(vjp, product, product_args())


def test_a_record_that_shares_the_returned_value_fails():
    def vjp(function, x):
        y = np.exp(x)
        return y, lambda c: (c * y,)

    with fails("called again"):
        checks.check_pullback(vjp, lambda x: np.exp(x), (np.ones(3),))


def test_a_wrong_value_of_vjp_fails():
    vjp = vjp_by_hand(pull_right, value=lambda x, y, n: product(x + 1e-15, y, n))
    with fails("the value of vjp"):
        checks.check_pullback(vjp, product, product_args())


def test_a_pullback_that_writes_into_an_argument_fails():
    def vjp(function, x, y, n):
        def pullback(c):
            y[0] = 0.25
            return pull_right(c, x, y, n)

        return function(x, y, n), pullback

    with fails("arguments"):
        checks.check_pullback(vjp, product, product_args())


def test_a_pullback_that_hands_on_its_cotangent_fails():
    def vjp(function, x):
        return function(x), lambda c: (c,)

    with fails("another result"):
        checks.check_pullback(vjp, lambda x: x * 1.0, (np.ones(3),))


def test_linearity_is_judged():
    a, b, both = ({"x": np.full(2, v)} for v in (1.0, 2.0, 0.0))
    checks.check_linear(a, b, both, 1e-7)
    with fails("not linear"):
        checks.check_linear(a, b, {"x": np.full(2, 1e-3)}, 1e-7)


# ---------------------------------------------------------------- text and saved files


def test_text_that_changes_fails():
    one, two = types.SimpleNamespace(source="a = 1"), types.SimpleNamespace(source="a_2 = 1")
    checks.check_deterministic([one, one])
    with fails("differs"):
        checks.check_deterministic([one, two])
    with fails("no source"):
        checks.check_deterministic([types.SimpleNamespace(source=" ")] * 2)


def test_the_library_is_back_afterwards():
    import sys

    before = dict(sys.modules)
    with checks.library_hidden(), pytest.raises(ImportError):
        import tangent  # noqa: F401
    assert sys.modules == before


class Saved:
    """A derivative that saves the given text."""

    def __init__(self, text):
        self.text = text

    def __call__(self, x):
        return 2 * x

    def save(self, path):
        path.write_text(self.text)


GOOD = """
import numpy as np


def helper(x):
    return 2 * x


def f_grad(x, *, k=1):
    return helper(x) * k
"""


def test_a_right_saved_file_passes(tmp_path):
    checks.check_saved(Saved(GOOD), tmp_path / "f.py", "f", (1.5,))
    checks.check_saved(Saved(GOOD), tmp_path / "g.py", "<lambda>", (1.5,), {"k": 1})


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (GOOD.replace("2 * x", "2 * x + 1e-15"), AssertionError),
        (GOOD.replace("* k", "* k * np.float64(1)"), AssertionError),
        ("import tangent\n" + GOOD, AssertionError),
        (GOOD.replace("    return helper", "    import scipy\n    return helper"), AssertionError),
        (
            GOOD.replace("    return helper", "    __import__('tangent')\n    return helper"),
            ImportError,
        ),
        ("__import__('tangent.runtime')\n" + GOOD, ImportError),
    ],
    ids=["bits", "kind", "imports it", "imports another", "imports when called", "hidden import"],
)
def test_a_wrong_saved_file_fails(tmp_path, text, error):
    with pytest.raises(error):
        checks.check_saved(Saved(text), tmp_path / "f.py", "f", (1.5,))


# ---------------------------------------------------------------- second order


def cubic(x, tree):
    return np.sum(x**3) * tree["s"]


def cubic_gradient(x, tree):
    return 3 * x**2 * tree["s"], {"s": float(np.sum(x**3)), "n": None}


def second_by_differences(function, wrt):
    """A `grad` that is right, but for rounding, by differences along each axis."""

    def gradient(x, tree):
        def along(direction):
            return checks.central_difference(function, (x, tree), direction)

        axes = [along({(0,): axis}) for axis in np.eye(len(x))]
        return np.array(axes), {"s": along({(1, "s"): 1.0}), "n": None}

    return gradient


def test_a_right_second_derivative_passes():
    args = (np.array([0.5, 1.5]), {"s": 0.7, "n": 3})
    checks.check_second(second_by_differences, cubic_gradient, args, (0, 1))


def test_a_wrong_second_derivative_fails():
    args = (np.array([0.5, 1.5]), {"s": 0.7, "n": 3})
    with fails("differences"):
        checks.check_second(
            lambda f, wrt: lambda x, tree: (x, {"s": 0.0, "n": None}), cubic_gradient, args, (0, 1)
        )


def test_the_slope_has_a_source():
    import inspect

    args = (np.array([0.5, 1.5]), {"s": 0.7, "n": 3})
    function = checks.slope(cubic_gradient, args, cubic_gradient(*args), cubic_gradient(*args))
    assert "np.sum(gradient[0] * direction[0])" in inspect.getsource(function)
    assert "gradient[1]['s'] * direction[1]['s']" in inspect.getsource(function)


# ---------------------------------------------------------------- tangents


def pull(function, *args):
    return function(*args), lambda w: tuple(w * entry for entry in right(*args))


def push(change=lambda tangent: tangent):
    def jvp(function, args, tangents):
        x, y = args
        moved = sum(
            float(np.sum(entry * dot))
            for entry, dot in zip(right(x, y), tangents, strict=True)
            if dot is not None
        )
        return function(x, y), change(np.float64(moved))

    return jvp


def test_right_tangents_pass():
    checks.check_tangents(push(), pull, energy, energy_args())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t * (1 + 1e-5), "differences"),
        (lambda t: float(t), "float"),
        (lambda t: np.float32(t), "float32"),
        (lambda t: t * np.nan, "nan"),
    ],
)
def test_wrong_tangents_are_found(change, message):
    with fails(message):
        checks.check_tangents(push(change), pull, energy, energy_args())


def test_a_pullback_that_is_no_adjoint_is_found():
    def twice(function, *args):
        value, pullback = pull(function, *args)
        return value, lambda w: tuple(2 * entry for entry in pullback(w))

    with fails(r"<J\^T w, v>"):
        checks.check_tangents(push(), twice, energy, energy_args())


def test_a_jvp_that_writes_into_its_tangents_is_found():
    def jvp(function, args, tangents):
        found = push()(function, args, tangents)
        next(t for t in tangents if t is not None)[...] = 0
        return found

    with fails("tangents given"):
        checks.check_tangents(jvp, pull, energy, energy_args())


def ways(*factors):
    """The Hessian of x * x * y by hand, three times, each times a factor."""
    x, y = 0.5, 1.5

    def product(v):
        return 2 * y * v[0] + 2 * x * v[1], 2 * x * v[0]

    return [lambda v, k=k: tuple(k * entry for entry in product(v)) for k in factors]


def test_three_ways_that_agree_and_that_do_not():
    df = lambda x, y: (2 * x * y, x * x)  # noqa: E731
    checks.check_three_ways(ways(1.0, 1.0, 1.0), df, (0.5, 1.5), (0, 1))
    with fails("reverse twice"):
        checks.check_three_ways(ways(1.0, 1.001, 1.0), df, (0.5, 1.5), (0, 1))
    with fails("the other way"):
        checks.check_three_ways(ways(1.0, 1.0, 0.999), df, (0.5, 1.5), (0, 1))


# ---------------------------------------------------------------- the corpus itself

CASES = [(p, case) for p in corpus() for case in range(len(p.cases))]


@pytest.mark.parametrize(("program", "case"), CASES, ids=[f"{p.name}-{c}" for p, c in CASES])
def test_a_program_is_fit_to_judge_by(program, case):
    checks.check_sound(program.function, program.draw(case), program.smooth, program.writes)


def test_the_corpus_is_large():
    assert sum(not program.may_refuse for program in corpus()) >= 110


@pytest.mark.parametrize(
    ("function", "args", "smooth"),
    [
        (lambda x: abs(x), (1e-4,), False),
        (lambda x: x * abs(x), (1e-3,), True),
        (lambda x: float(int(x)) * x, (1.0,), False),
        (lambda x: 7, (1.0,), False),
        (lambda x: x * float("nan"), (1.0,), False),
        (lambda x: np.sum(x.__imul__(2)), (np.ones(2),), False),
    ],
    ids=["kink", "kink of the slope", "jump", "integer", "nan", "writes"],
)
def test_an_unfit_program_is_found(function, args, smooth):
    with pytest.raises(AssertionError):
        checks.check_sound(function, args, smooth)
