"""The tests that `write_test` writes: they pass as they are, and fail for a wrong derivative."""

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import checks
from tangent import InvalidArgument, grad, value_and_grad, write_test

SCALE = np.array([1.0, 2.0])


def energy(p, n, s):
    x = p["x"] * SCALE
    for _ in range(n):
        x = np.sin(x) * s
    return np.sum(x**2) + p["b"]


def with_aux(x):
    return np.sum(x**3), {"n": 3}


def linear(x, weights):
    return np.dot(x, weights[0])


ENERGY = {"x": np.array([0.5, 0.2]), "b": 0.3, "k": 2}, 3, 1.5
THREE = np.array([0.5, 1.0, -2.0])

CASES = {
    "tree": (grad(energy, wrt=("s", "p")), ENERGY),
    "single": (grad(energy, wrt="s"), ENERGY),
    "aux": (grad(with_aux, has_aux=True), (THREE,)),
    "value": (value_and_grad(with_aux, has_aux=True), (THREE,)),
    "float32": (grad(with_aux, has_aux=True), (THREE.astype(np.float32),)),
    "linear": (grad(linear, wrt=(0, 1)), (THREE, (np.ones(3), np.zeros(0), np.inf, "s"))),
}


def functions(path, monkeypatch):
    """The test functions of a file, each with its cases, run in this process."""
    monkeypatch.syspath_prepend(str(path.parent))
    for name in ("energy_grad", "energy_jvp", "with_aux_grad", "with_aux_jvp", "linear_grad"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = checks.load(path, path.stem)
    tests = {n: f for n, f in vars(module).items() if n.startswith("test_")}
    assert sorted(tests) == ["test_dot_product", "test_taylor"]
    return SimpleNamespace(**tests)


@pytest.mark.parametrize("name", CASES)
def test_it_passes(name, tmp_path, monkeypatch):
    df, args = CASES[name]
    path = tmp_path / f"test_{name}.py"
    write_test(df, path, args)
    with checks.library_hidden():
        tests = functions(path, monkeypatch)
        for seed in range(3):
            tests.test_dot_product(seed)
            tests.test_taylor(seed)


def test_it_fails_for_a_wrong_derivative(tmp_path, monkeypatch):
    path = tmp_path / "test_energy.py"
    write_test(CASES["tree"][0], path, ENERGY)
    saved = tmp_path / "energy_grad.py"
    text = saved.read_text()
    assert text.count("np.cos(") == 1
    saved.write_text(text.replace("np.cos(", "1.5 * np.cos("))
    tests = functions(path, monkeypatch)
    for test in (tests.test_dot_product, tests.test_taylor):
        with pytest.raises(AssertionError):
            test(0)


def test_pytest_runs_it(tmp_path):
    write_test(CASES["single"][0], tmp_path / "test_it.py", ENERGY)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert "6 passed" in done.stdout, done.stdout + done.stderr


def test_the_text_is_checked_like_any_other(tmp_path):
    path = tmp_path / "test_energy.py"
    write_test(CASES["tree"][0], path, ENERGY)
    text = path.read_text()
    assert max(map(len, text.splitlines())) <= 100
    assert checks.imported_roots(text) == {
        "__future__",
        "numpy",
        "pytest",
        "energy_grad",
        "energy_jvp",
    }


# ---------------------------------------------------------------- refusals


def test_another_file_is_not_replaced(tmp_path):
    (tmp_path / "energy_grad.py").write_text("mine = 1\n")
    with pytest.raises(InvalidArgument, match="was not written by this library"):
        write_test(CASES["tree"][0], tmp_path / "test_energy.py", ENERGY)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["energy_grad.py"]
    (tmp_path / "energy_grad.py").unlink()
    for _ in range(2):  # its own files are
        write_test(CASES["tree"][0], tmp_path / "test_energy.py", ENERGY)


@pytest.mark.parametrize(
    ("args", "words"),
    [((np.ones(10_001),), "too many"), ((np.ones(2), {1, 2}), "type set")],
)
def test_arguments_that_cannot_be_written(args, words, tmp_path):
    def f(x, rest=0.0):
        return np.sum(x * x)

    with pytest.raises(InvalidArgument, match=words):
        write_test(grad(f), tmp_path / "test_f.py", args)
    assert not list(tmp_path.iterdir())


def test_a_bound_method_is_refused(tmp_path):
    class Model:
        def loss(self, x):
            return np.sum(x * x)

    with pytest.raises(InvalidArgument, match="bound method"):
        write_test(grad(Model().loss), tmp_path / "test_loss.py", (THREE,))
