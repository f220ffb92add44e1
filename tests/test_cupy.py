"""CuPy: the text for it, on a strict double where there is no device, and on the device else.

What the double cannot show (numbers that come out of a device, its memory, its time) is asked by
the tests marked `gpu`.
"""

import ast
import copy
import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

import strict_cupy
import tangent
from checkpoint_programs import PROGRAMS as CHECKPOINTED
from programs.registry import corpus

PROGRAMS = corpus()
SAMPLE = PROGRAMS[::12]


def leaves(value):
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in leaves(v)]
    if isinstance(value, (tuple, list)):
        return [leaf for v in value for leaf in leaves(v)]
    return [value]


def compare(found, wanted, tolerance):
    for x, y in zip(leaves(found), leaves(wanted), strict=True):
        assert (x is None) == (y is None)
        if x is not None:
            assert np.asarray(x).dtype == np.asarray(y).dtype
            np.testing.assert_allclose(x, y, rtol=tolerance, atol=tolerance)


def on_numpy(program):
    """The gradient on NumPy; None where it is refused, or of no use here."""
    try:
        return tangent.grad(program.function, wrt=program.wrt)(*program.draw())
    except Exception:
        return None


LACKING = (
    r"no attribute|has no|conversion|Unsupported|ufuncs|the host|float\(\)|known only at run time"
    r"|iteration over a 0-d array|indices must be|leaves open"
    # on a device an element in an object or list is a view
    r"|shows the same memory|share memory|through a second name|arrays that both hold"
)
REFUSALS = (TypeError, AttributeError)  # CuPy's own, where the double cannot run a program


@pytest.mark.parametrize("program", SAMPLE, ids=lambda p: p.name)
def test_the_corpus_on_the_double(program):
    wanted = on_numpy(program)
    if wanted is None:
        return
    with strict_cupy.installed():
        derivative = tangent.grad(program.function, wrt=program.wrt, backend="cupy")
        try:
            found = derivative(*tangent.to_device(program.draw()))
        except (tangent.TangentError, *REFUSALS) as error:
            assert re.search(LACKING, str(error))  # noqa: PT017
            return
        assert all(not isinstance(leaf, np.ndarray) for leaf in leaves(found))
        compare(tangent.to_host(found), wanted, 1e-12)


def calls(source):
    """The functions of `cp` that a text calls, with their keywords."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and re.fullmatch(r"cp\.[\w.]+", ast.unparse(node.func)):
            yield ast.unparse(node.func)[3:], {k.arg for k in node.keywords}


def check_texts(known, programs):
    """Every name is known, and every keyword is one of its parameters."""
    seen = 0
    for program in programs:
        try:
            text = tangent.grad(program.function, wrt=program.wrt, backend="cupy").source
        except tangent.TangentError:
            continue
        for name, keywords in calls(text):
            home, _, method = name.rpartition(".")
            parameters = known[name] if name in known else known[home]
            if name not in known:
                assert method in parameters, f"{program.name}: cp.{name}"
            elif parameters and parameters[0] != "*ufunc":
                assert keywords <= set(parameters), f"{program.name}: cp.{name}"
            seen += 1
    assert seen > len(programs) // 2


def test_texts_call_what_cupy_has():
    with strict_cupy.installed():
        check_texts(strict_cupy.KNOWN, SAMPLE)


@pytest.mark.skipif(importlib.util.find_spec("cupy") is None, reason="CuPy is not installed")
@pytest.mark.filterwarnings("ignore")
def test_the_double_knows_the_names_of_cupy():
    import cupy

    for name, parameters in strict_cupy.KNOWN.items():
        found = cupy
        for part in name.split("."):
            found = getattr(found, part)
        assert callable(found) or parameters is None


def layer(x, W):
    h = np.tanh(x @ W)
    return np.sum(h * h)


def element_updated(x):
    v = x[0]
    v *= 2.0
    return np.sum(x) * v


def test_text_says_cp_and_imports_cupy_alone():
    with strict_cupy.installed():
        text = tangent.grad(layer, backend="cupy").source
    assert text.startswith("import cupy as cp\nfrom tangent.on_cupy import ")
    code = [line.split("#")[0] for line in text.splitlines() if "Adjoint" not in line]
    assert not any("np." in line for line in code)


def test_switching():
    x, W = np.linspace(0.1, 0.9, 6).reshape(2, 3), np.ones((3, 2))
    df = tangent.grad(layer)
    wanted = df(x, W)
    with strict_cupy.installed() as cp:
        on_device = tangent.to_device({"x": x, "W": W})
        assert isinstance(on_device["x"], cp.ndarray)
        found = df(on_device["x"], on_device["W"])  # by the type of the arguments
        assert isinstance(found, cp.ndarray)
        compare(tangent.to_host(found), wanted, 1e-14)
        with tangent.use_backend("cupy"):
            assert "cp." in df.source
        assert "cp." not in df.source
        for given in ((on_device["x"], W), (x, on_device["W"])):
            with pytest.raises(tangent.InvalidArgument, match="mixed-backends") as met:
                df(*given)
            name = "W" if given[1] is W else "x"
            assert f"`{name}` holds an array in the memory of the host" in str(met.value)
        with pytest.raises(tangent.InvalidArgument, match="memory of the device"):
            tangent.grad(layer, backend="numpy")(on_device["x"], on_device["W"])


def test_an_element_is_a_number_of_its_own():
    x = np.array([0.5, 1.5, -2.0])
    wanted = tangent.grad(element_updated)(x)
    with strict_cupy.installed():
        device = tangent.to_device(x)
        compare(tangent.to_host(tangent.grad(element_updated)(device)), wanted, 1e-14)
        np.testing.assert_array_equal(tangent.to_host(device), x)
        assert "v = element(x[0])" in tangent.grad(element_updated, backend="cupy").source


@pytest.mark.parametrize("function", CHECKPOINTED[:5], ids=lambda f: f.__name__)
def test_checkpointed_loops_on_the_double(function):
    from test_checkpoints import written

    f, u = written(function, "snapshots=2"), np.linspace(0.2, 1.1, 5)
    wanted = tangent.grad(f, wrt=("u", "k"))(u, 0.7, 7)
    with strict_cupy.installed():
        found = tangent.grad(f, wrt=("u", "k"))(tangent.to_device(u), 0.7, 7)
        compare(tangent.to_host(found), wanted, 1e-12)


def on_both(wrt, function, *given, tolerance=1e-13):
    """The text for CuPy, whose gradient is that of NumPy's, three ways."""
    wanted = tangent.grad(function, wrt=wrt)(*given)
    with strict_cupy.installed():
        df = tangent.grad(function, wrt=wrt, backend="cupy")
        device = tangent.to_device(given)
        compare(tangent.to_host(df(*device)), wanted, tolerance)
        _, pullback = tangent.vjp(function, *device)
        for _ in range(2):
            found = pullback(tangent.to_device(np.array(1.0)))
            picked = found[wrt] if isinstance(wrt, int) else tuple(found[i] for i in wrt)
            compare(tangent.to_host(picked), wanted, tolerance)
        return df.source


def test_reductions_leave_out_what_where_says():
    def left_out(x, m):
        most = np.max(x, axis=1, where=m, initial=-1.0).sum() + x.min(initial=0.5)
        none = np.any(x > 5, where=m) or np.all(x < 5, where=m)
        part = np.sum(x * x, axis=0, where=m, keepdims=True, initial=2.0)
        return np.prod(x, where=m, initial=2.0) * np.sum(part) + most + none

    x = np.linspace(-1, 1, 6).reshape(2, 3)
    text = on_both(0, left_out, x, x > -0.5)
    assert "cp.maximum(cp.max(cp.where(m, x, -1.0), axis=1), -1.0)" in text
    assert "where=" not in re.sub(r"#.*", "", text.partition("# backward")[0])
    for function in (lambda x, m: np.mean(x, where=m), lambda x, m: np.max(x, where=m)):
        with strict_cupy.installed(), pytest.raises(tangent.UnsupportedSyntax, match="no `where`"):
            _ = tangent.grad(function, backend="cupy").source


def repeated(y, v, i):
    y, z = y * 1.0, np.zeros(4)
    z[i] = v * v
    for k in range(3):
        y[k] = v[k] * y[k + 1]
        if v[k] > 0:
            y[i] = v * y[i]
    y[i] += v
    return np.sum(y * z) * float(np.max(v))


def test_the_last_of_several_stores_to_one_place_stays():
    y, v, i = np.linspace(0.1, 0.5, 4), np.array([0.3, -0.2, 0.5, 0.8]), np.array([0, 2, 0, 2])
    text = on_both((0, 1), repeated, y, v, i)
    assert "    z[i] = latest(z, i, v * v)  " in text
    assert "y[i] = latest(y, i, y[i] + v)" in text
    assert "y[k] = v[k] *" in text


def test_a_device_that_keeps_any_of_several_values_makes_no_difference():
    def any_of_them(self, index, value):
        index, value = strict_cupy.unwrapped(index), strict_cupy.unwrapped(value)
        if isinstance(index, np.ndarray) and index.dtype.kind == "i":
            index, value = index[::-1], np.broadcast_to(value, self._held[index].shape)[::-1]
        self._held[index] = value

    y, v, i = np.linspace(0.1, 0.5, 4), np.array([0.3, -0.2, 0.5, 0.8]), np.array([0, 2, 0, 2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_cupy.ndarray, "__setitem__", any_of_them)
        on_both((0, 1), repeated, y, v, i)


def test_remarks_stand_where_the_device_is_waited_for():
    def waits(x, n):
        x = x * 1.0
        for k in range(n):
            if k % 2:
                x = x + 1.0
        while np.sum(x) < 9.0:
            x = x * 1.5
        t = int(np.argmax(x))
        return np.sum(x) * t if x[0] > x[1] else np.sum(x)

    lines = on_both(0, waits, np.linspace(0.1, 0.9, 3), 3).splitlines()
    marked = [line.split("#")[0].strip() for line in lines if "synchronises" in line]
    assert "while cp.sum(x) < 9.0:" in marked
    assert any("int(cp.argmax(x))" in line for line in marked)
    assert sum("x[0] > x[1]" in line for line in marked) >= 1
    assert not any("k % 2" in line or line.startswith("x") for line in marked)


def test_both_modes_and_mixed_arrays():
    x, W = np.linspace(0.1, 0.9, 6).reshape(2, 3), np.ones((3, 2))
    value, moved = tangent.jvp(np.dot, (x, W), (x, None))
    with strict_cupy.installed():
        device = tangent.to_device((x, W))
        found = tangent.jvp(lambda x, W: x @ W, device, (device[0], None))
        compare(tangent.to_host(found), (value, moved), 1e-14)
        with pytest.raises(tangent.InvalidArgument, match="`x_dot` holds an array in the memory"):
            tangent.jvp(lambda x, W: x @ W, device, (x, None))
        _, pullback = tangent.vjp(layer, *device)
        with pytest.raises(tangent.InvalidArgument, match="`cotangent` holds an array"):
            pullback(np.array(1.0))
        with pytest.raises(tangent.InvalidArgument, match="runs on NumPy"):
            tangent.grad(layer, backend="cupy", verify=True)(*device)


def test_arguments_that_share_memory_are_refused_on_the_device_too():
    def written(x, y):
        x[0] = y[1]
        return np.sum(x * y)

    with strict_cupy.installed():
        x = tangent.to_device(np.ones(3))
        with pytest.raises(tangent.AliasedArguments):
            tangent.grad(written, backend="cupy")(x, x[:2])


def test_a_saved_file_imports_cupy_alone(tmp_path):
    def gather(x, i):
        y = x * 2.0
        y[i] = x[i] * x[0]
        return np.sum(y[i])

    x, i = np.linspace(0.1, 0.9, 6).reshape(3, 2), np.array([0, 1, 1])
    wanted = tangent.grad(gather)(x, i)
    with strict_cupy.installed():
        tangent.grad(gather, backend="cupy").save(tmp_path / "saved.py")
        text = (tmp_path / "saved.py").read_text()
        imports = {line.split()[1] for line in re.findall(r"^(?:import|from) .*", text, re.M)}
        assert "cupy" in imports
        assert imports <= {"__future__", "cupy", "typing", "collections.abc"}
        exec(compile(text, "saved.py", "exec"), namespace := {})
        found = namespace["gather_grad"](*tangent.to_device((x, i)))
        compare(tangent.to_host(found), wanted, 1e-14)


def example(name):
    """A file of `examples`, imported."""
    path = Path(__file__).parent.parent / "examples" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    return module


def test_the_plate_cools_on_the_double():
    heat = example("heat_inverse")
    _, hot, seen = heat.plate(np.random.default_rng(0))
    given = np.full(hot.shape, np.log(0.06)), hot, seen
    wanted = tangent.value_and_grad(heat.misfit)(*given, 30, 3)
    with strict_cupy.installed():
        both = tangent.value_and_grad(heat.misfit, backend="cupy")
        compare(tangent.to_host(both(*tangent.to_device(given), 30, 3)), wanted, 1e-12)


def test_digits_are_learnt_on_the_double():
    digits, rng = example("train_digits"), np.random.default_rng(0)
    data = rng.random((130, 64), np.float32), np.eye(10, dtype=np.float32)[np.arange(130) % 10]
    given = digits.initial(rng), data, [rng.permutation(130)]
    wanted = digits.train(tangent.value_and_grad(digits.loss), *copy.deepcopy(given))
    with strict_cupy.installed():
        step = tangent.value_and_grad(digits.loss, backend="cupy")
        compare(tangent.to_host(digits.train(step, *tangent.to_device(given))), wanted, 1e-5)


def test_without_cupy_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cupy", None)
    with pytest.raises(tangent.InvalidArgument, match="CuPy is not installed") as met:
        tangent.grad(layer, backend="cupy")(np.ones((2, 2)), np.ones((2, 2)))
    assert "cupy-cuda12x" in str(met.value)
    with pytest.raises(tangent.InvalidArgument, match="there is no backend `torch`"):
        tangent.grad(layer, backend="torch")


def test_memory_that_runs_out_says_what_is_kept():
    class OutOfMemoryError(Exception):
        pass

    with strict_cupy.installed() as cp:
        df = tangent.grad(layer, backend="cupy")
        x = tangent.to_device(np.ones((2, 2)))

        def full(*args):
            raise OutOfMemoryError("out of memory")

        df.module_on("cupy").namespace["cp"] = type("Full", (), {"tanh": full, "sum": cp.sum})
        with pytest.raises(OutOfMemoryError) as met:
            df(x, x)
    assert any("Kept: h" in note for note in met.value.__notes__)


def device_reason():
    """Why there is no device; None if there is one."""
    if importlib.util.find_spec("cupy") is None:
        return "CuPy is not installed"
    import cupy

    try:
        return None if cupy.cuda.runtime.getDeviceCount() else "there is no CUDA device"
    except cupy.cuda.runtime.CUDARuntimeError as error:
        return f"there is no CUDA device that works: {error}"


@pytest.mark.gpu
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_the_corpus_on_the_device(program):
    if (reason := device_reason()) is not None:
        pytest.skip(reason)
    wanted = on_numpy(program)
    if wanted is None:
        return
    derivative = tangent.grad(program.function, wrt=program.wrt, backend="cupy")
    try:
        found = derivative(*tangent.to_device(program.draw()))
    except (tangent.TangentError, *REFUSALS):
        return
    single = any(np.asarray(leaf).dtype == np.float32 for leaf in leaves(wanted))
    compare(tangent.to_host(found), wanted, 1e-5 if single else 1e-12)
