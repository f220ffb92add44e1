"""`.save`: a file that needs NumPy only, the same each time, or a refusal that names the reason."""

import ast
import builtins
import dis
import inspect
import math
import os
import subprocess
import sys
import traceback
import types
from pathlib import Path

import numpy as np
import pytest

import checks
import tangent
from tangent import UnsupportedSyntax, grad, runtime, value_and_grad
from tangent.saving import AT_RUN_TIME

TESTS = Path(__file__).parent
W = np.arange(6.0).reshape(2, 3)
NUMBERS = {
    "half": 0.5,
    "whole": 3,
    "huge": float("inf"),
    "lowest": -math.inf,
    "single": np.float32(0.1),
    "double": np.float64(0.1),
    "wide": np.longdouble("0.1"),
    "unbounded": np.float64("inf"),
    "short": np.int16(3),
    "yes": True,
    "numpy_yes": np.True_,
}
seed = 2.0
cast = 3.0
settings = types.ModuleType("settings")
settings.scale = 2.0
sys.modules["settings"] = settings
norm = np.linalg.norm


def total(x):
    return np.sum(np.tanh(x) ** 2)


def with_array(x):
    return np.sum((x @ W) ** 2)


def written(df, tmp_path, name="saved"):
    df.save(tmp_path / f"{name}.py")
    return checks.load(tmp_path / f"{name}.py", name)


# ---------------------------------------------------------------- what stands in the file


def test_header(tmp_path):
    grad(total).save(tmp_path / "a.py")
    text = (tmp_path / "a.py").read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree) == (
        "The gradient of `total`, written by tangent, which this file does not need."
    )
    assert "from __future__ import annotations" in text
    assert str(TESTS) not in text
    assert str(tmp_path) not in text
    assert checks.imported_roots(text) <= {"numpy", "typing", "__future__"}


def test_value_and_gradient(tmp_path):
    module = written(value_and_grad(total), tmp_path)
    assert "value and gradient of `total`" in module.__doc__
    x = np.array([0.5, 1.5])
    value, gradient = module.total_value_and_grad(x)
    want, wanted = value_and_grad(total)(x)
    assert value == want
    np.testing.assert_array_equal(gradient, wanted)


def test_second_order(tmp_path):
    def cube(x):
        return x * x * x

    df = grad(grad(cube))
    checks.check_saved(df, tmp_path / "second.py", "cube_grad", (2.0,))
    assert df(2.0) == 12.0


def test_captured_arrays_are_keyword_only(tmp_path):
    module = written(grad(with_array), tmp_path)
    x = np.array([0.5, 1.5])
    np.testing.assert_array_equal(module.with_array_grad(x, W=W), grad(with_array)(x))
    parameter = inspect.signature(module.with_array_grad).parameters["W"]
    assert parameter.kind is parameter.KEYWORD_ONLY
    with pytest.raises(TypeError, match="W"):
        module.with_array_grad(x)


def many(alpha_one, alpha_two, alpha_three, alpha_four, alpha_five, alpha_six, alpha_seven):
    return np.sum(alpha_one * alpha_two + alpha_three * alpha_four - alpha_five * W) * alpha_six


def test_captured_arrays_in_a_header_of_many_lines(tmp_path):
    args = (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5)
    checks.check_saved(grad(many), tmp_path / "many.py", "many", args, {"W": W})


# ---------------------------------------------------------------- what callees capture

V = np.array([0.5, -1.5, 2.0])


def product_with_array(x):
    return x @ W


def two_levels(x):
    return np.tanh(product_with_array(x) * V)


def callee_captures(x):
    return np.sum(product_with_array(x) ** 2)


def callee_of_a_callee_captures(x):
    return np.sum(two_levels(x)) + np.sum(product_with_array(x * 2))


def repeated(x, n):
    if n == 0:
        return np.sum(x @ W)
    return repeated(x * x, n - 1) * np.sum(V)


def in_a_loop(x):
    total = 0.0
    for v in V:
        total = total + np.sum(two_levels(x * v))
    return total


def inside(x):
    def scaled(y):
        return y @ W * V

    return np.sum(scaled(x) ** 2)


class Layer:
    def __init__(self, weights):
        self.weights = weights

    def __call__(self, x):
        return np.tanh(x @ self.weights)


LAYER = Layer(W)


def reads_an_object(x):
    return np.sum(np.tanh(x @ LAYER.weights))


@pytest.mark.parametrize(
    ("function", "args", "captured"),
    [
        (callee_captures, (), {"W": W}),
        (callee_of_a_callee_captures, (), {"W": W, "V": V}),
        (repeated, (2,), {"W": W, "V": V}),
        (in_a_loop, (), {"W": W, "V": V}),
        (inside, (), {"W": W, "V": V}),
        (reads_an_object, (), {"LAYER": LAYER}),
    ],
)
def test_what_callees_capture_is_keyword_only_too(function, args, captured, tmp_path):
    args = (np.array([0.5, 1.5]), *args)
    name = function.__name__
    checks.check_saved(grad(function), tmp_path / "first.py", name, args, captured)
    checks.check_saved(
        value_and_grad(function), tmp_path / "value.py", f"{name}_value_and", args, captured
    )
    module = checks.load(tmp_path / "first.py")
    found = inspect.signature(getattr(module, f"{name}_grad")).parameters
    extra = {p for p in found if found[p].kind is found[p].KEYWORD_ONLY} - {"result_bar"}
    assert extra == captured.keys()


def test_a_text_with_captured_values_keeps_its_comments(tmp_path):
    df = grad(callee_captures)
    df.save(tmp_path / "a.py")
    text = (tmp_path / "a.py").read_text()
    kept = [line.strip() for line in df.source.splitlines() if line.strip().startswith("# ")]
    assert kept
    assert [line for line in kept if line not in text] == []
    assert "def product_with_array_forward(x, *, W):" in text
    assert "product_with_array_forward(x, W=W)" in text


def test_second_derivative_of_what_captures(tmp_path):
    def slope(x):
        return np.sum(first(x) * V[:2])

    first = grad(callee_captures)
    df = grad(slope)
    x = np.array([0.5, 1.5])
    want = df(x)
    df.save(tmp_path / "second.py")
    with checks.library_hidden():
        saved = checks.load(tmp_path / "second.py").slope_grad
        checks.check_same(want, saved(x, W=W, V=V))


def test_a_saved_file_runs_where_the_library_is_not(tmp_path):
    grad(callee_of_a_callee_captures).save(tmp_path / "alone.py")
    np.save(tmp_path / "W.npy", W)
    np.save(tmp_path / "V.npy", V)
    code = (
        "import sys; assert not any(m.startswith('tangent') for m in sys.modules)\n"
        "import numpy as np, alone\n"
        "x, W, V = np.array([0.5, 1.5]), np.load('W.npy'), np.load('V.npy')\n"
        "print(alone.callee_of_a_callee_captures_grad(x, W=W, V=V).tobytes().hex())\n"
        "try:\n    import tangent.runtime\nexcept ImportError:\n    print('alone')\n"
        "try:\n    alone.callee_of_a_callee_captures_grad(np.ones(7), W=W, V=V)\n"
        "except ValueError as error:\n    print(type(error).__name__, 'matmul' in str(error))\n"
    )
    site = str(Path(np.__file__).parents[1])
    (tmp_path / "site").mkdir()
    for entry in Path(site).iterdir():
        if entry.name.startswith("numpy"):
            (tmp_path / "site" / entry.name).symlink_to(entry)
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{tmp_path / 'site'}", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    want = grad(callee_of_a_callee_captures)(np.array([0.5, 1.5])).tobytes().hex()
    assert done.stdout.split("\n")[:3] == [want, "alone", "ValueError True"]


def closed_over(value):
    def f(x):
        return x * x * value

    return f


@pytest.mark.parametrize("name", NUMBERS)
def test_captured_numbers_are_constants(name, tmp_path):
    df = grad(closed_over(NUMBERS[name]))
    module = written(df, tmp_path)
    with np.errstate(all="ignore"):
        checks.check_same(df(1.5), module.f_grad(1.5), "the saved gradient")


def picked(x, where=(1, slice(0, 2)), scale=None):
    return np.sum(x[where] ** 2)


def test_defaults_and_tuples_of_literals(tmp_path):
    checks.check_saved(grad(picked), tmp_path / "a.py", "picked", (np.ones((3, 3)) * 2,))


def with_imported_function(x):
    return norm(x * x)


def test_functions_of_numpy_are_imported(tmp_path):
    checks.check_saved(
        grad(with_imported_function), tmp_path / "a.py", "with_imported_function", (np.ones(3),)
    )


# ---------------------------------------------------------------- names


def quotient(x, y):
    return x - y


def unbroadcast_to(x):
    return int(np.size(x))


def max(x):  # noqa: A001  # the helpers call the builtin
    return int(np.size(x)) * 10


def names_of_helpers(x, y):
    like = np.linalg.norm(x) * quotient(x, y) * seed * cast
    return np.sum(like) * unbroadcast_to(x) * max(x)


def test_names_of_helpers_that_are_the_user_s(tmp_path):
    args = (np.array([0.5, 1.5]), np.ones(2))
    checks.check_saved(grad(names_of_helpers), tmp_path / "a.py", "names_of_helpers", args)


def test_two_files_in_one_directory(tmp_path):
    grad(total).save(tmp_path / "first.py")
    grad(with_imported_function).save(tmp_path / "second.py")
    code = (
        "import first, second, numpy as np\n"
        "print(first.total_grad(np.ones(2)), second.with_imported_function_grad(np.ones(2)))\n"
        "from first import *; from second import *\n"
        "assert (total_grad(np.ones(2)) == first.total_grad(np.ones(2))).all()"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


# ---------------------------------------------------------------- the same each time

SAVE = """
import sys
sys.path[:0] = {paths!r}
import test_saving as t
for number, f in enumerate((t.total, t.with_array, t.names_of_helpers, t.with_imported_function)):
    t.grad(f).save(sys.argv[1] + str(number) + ".py")
"""


def test_the_same_text_each_time(tmp_path):
    roots = [TESTS, *(TESTS.parent / name for name in ("tangent_src", "backends"))]
    code = SAVE.format(paths=[str(r) for r in roots])
    for hash_seed in ("1", "2", "77"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / f"{hash_seed}_")],
            env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
            check=True,
            timeout=120,
        )
    for number in range(4):
        texts = {(tmp_path / f"{s}_{number}.py").read_text() for s in ("1", "2", "77")}
        assert len(texts) == 1


# ---------------------------------------------------------------- refusals


def default_array(x, scale=W):
    return np.sum(x * scale)


def user_module(x):
    return x * x * settings.scale


table = [2.0, 4.0].__getitem__  # no module has it under a name


def unknown_function(x, n):
    return x * x * table(n)


def function_in_a_list(x, n):
    fs = [np.sin, np.cos]
    fs.append(np.tanh)
    return fs[n](x)


@pytest.mark.parametrize(
    ("function", "code", "words"),
    [
        (default_array, "save-default", ("`default_array`", "scale`")),
        (user_module, "save-module", ("`settings`",)),
        (unknown_function, "save-function", ("`__getitem__`",)),
        (function_in_a_list, "save-function", ("`fs[n]`",)),
    ],
)
def test_what_cannot_be_saved_is_named(function, code, words, tmp_path):
    with pytest.raises(UnsupportedSyntax) as caught:
        grad(function).save(tmp_path / "a.py")
    assert caught.value.code == code
    assert caught.value.help
    for word in words:
        assert word in caught.value.message
    assert not (tmp_path / "a.py").exists()


# ---------------------------------------------------------------- every helper can be saved

HELPERS = [
    name
    for name in runtime.__all__
    if inspect.isfunction(getattr(runtime, name)) and name not in AT_RUN_TIME
]


@pytest.mark.parametrize("name", HELPERS)
def test_every_helper_finds_what_it_reads(name):
    """Of the text of each helper with all that it calls, no global name is unbound."""
    text = f"from tangent.runtime import {name}\n\n\ndef f(x):\n    return {name}(x)\n"
    body = tangent.saving.standalone(module_of(text))
    namespace = {"__name__": "saved"}
    exec(compile(body, "<saved>", "exec"), namespace)
    own = [v for v in namespace.values() if getattr(v, "__module__", "") == "saved"]
    functions = [v for v in own if inspect.isfunction(v)]
    assert {"f", name} <= {f.__name__ for f in functions}
    for function in functions:
        unbound = set(global_names(function.__code__)) - set(namespace) - set(vars(builtins))
        assert not unbound, f"{function.__name__} reads {sorted(unbound)}"
    assert not checks.imported_roots(body) & {"tangent", "tangent_backends"}


def module_of(text):
    """As much of a generated module as `standalone` looks at."""

    def f(x):
        return x

    unit = types.SimpleNamespace(source=types.SimpleNamespace(function=f))
    return types.SimpleNamespace(
        source=text, captured=(), objects=(), functions=("f",), unit=unit, refresh=lambda: None
    )


def global_names(code):
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from global_names(constant)


# ---------------------------------------------------------------- exceptions in a saved file


def checked(x):
    if np.sum(x) > 5:
        raise ValueError("too large")
    return np.sum(x * x)


def calls_checked(x):
    return checked(x * 2) * 3


def test_an_exception_of_the_primal_passes_through_a_saved_file(tmp_path):
    module = written(grad(calls_checked), tmp_path)
    assert module.calls_checked_grad(np.ones(2)).tolist() == [24.0, 24.0]
    with checks.library_hidden(), pytest.raises(ValueError, match=r"^too large$") as caught:
        module.calls_checked_grad(np.ones(5))
    frames = [f.name for f in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[-2:] == ["calls_checked_grad", "checked_forward"]
