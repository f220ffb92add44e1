"""Every program of the corpus under every oracle, and what single programs cannot show.

A program marked `may_refuse` may raise an error of the library's own family; then what is tested is
that error.  A wrong answer fails it like any other.
"""

import contextlib
import hashlib
import inspect
import os
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

import checks
import tangent
from derivatives import again, derivative, three_ways
from programs.registry import corpus
from tangent import TangentError, grad, jvp, stop_gradient, value_and_grad, vjp

TESTS = Path(__file__).parent
PROGRAMS = corpus()
CASES = [(p, case) for p in PROGRAMS for case in range(len(p.cases))]


def has_scalar_result(program):
    return (
        checks.is_active(program.function(*program.draw()))
        and np.ndim(program.function(*program.draw())) == 0
    )


SCALAR = {p.name for p in PROGRAMS if has_scalar_result(p)}


def is_refused(program, case):
    if not program.may_refuse or program.name not in SCALAR:
        return False
    try:
        derivative(program)(*program.draw(case))
    except TangentError:
        return True
    return False


REFUSED = {(p.name, case) for p, case in CASES if is_refused(p, case)}


def per_case(select=lambda program: True, refused=False):
    chosen = [(p, c) for p, c in CASES if select(p) and ((p.name, c) in REFUSED) == refused]
    return pytest.mark.parametrize(
        ("program", "case"), chosen, ids=[f"{p.name}-{c}" for p, c in chosen]
    )


def per_program(select=lambda program: True):
    chosen = [p for p in PROGRAMS if select(p) and (p.name, 0) not in REFUSED]
    return pytest.mark.parametrize("program", chosen, ids=[p.name for p in chosen])


def scalar(program):
    return program.name in SCALAR


def drawn(program, share):
    """One program in `share`: the same ones, whatever is added to the corpus."""
    return zlib.crc32(program.name.encode()) % share == 0


@contextlib.contextmanager
def refusals(program):
    """What is inside may be refused, if the program is marked so and the refusal is a good one."""
    try:
        yield
    except TangentError as error:
        if not program.may_refuse:
            raise
        check_refusal(error)


def check_refusal(error):
    assert not isinstance(error, tangent.BrokenInvariant), error
    assert error.location is not None, f"no location: {error}"
    assert error.location.filename, error
    assert error.help, error


def gradients_of(program, args):
    """The gradients as a tuple, one per position of `wrt`."""
    found = derivative(program)(*args)
    return found if isinstance(program.wrt, tuple) else (found,)


def positions(program):
    return checks.positions_of(program.function, program.wrt)


# ---------------------------------------------------------------- every program, every oracle


@per_case(scalar, refused=True)
def test_refused_clearly(program, case):
    args = program.draw(case)
    with checks.unchanged(args), pytest.raises(TangentError) as caught:
        derivative(program)(*args)
    check_refusal(caught.value)


@per_case(scalar)
def test_gradient_agrees_with_differences(program, case):
    found = gradients_of(program, program.draw(case))
    checks.check_value(found, program.function, program.draw(case), positions(program), seed=case)


@per_case(scalar)
def test_gradient_has_the_argument_s_structure(program, case):
    args = program.draw(case)
    found = gradients_of(program, program.draw(case))
    for position, gradient in zip(positions(program), found, strict=True):
        checks.check_structure(gradient, args[position], f"gradient {position}")


@per_case(scalar)
def test_arguments_stay_as_they_were(program, case):
    args = program.draw(case)
    with checks.unchanged(args):
        gradients_of(program, args)


@per_case(scalar)
def test_gradients_share_no_memory(program, case):
    args = program.draw(case)
    first, second = gradients_of(program, args), gradients_of(program, args)
    checks.check_same(first, second, "the gradient asked for again")
    checks.check_separate([first, second], args, program.function)


@per_case(scalar)
def test_value_and_gradient(program, case):
    args = program.draw(case)
    want = program.function(*program.draw(case))
    with checks.unchanged(args):
        value, found = derivative(program, value_and_grad)(*args)
    checks.check_same(want, value)
    checks.check_same(derivative(program)(*program.draw(case)), found, "gradient")


@per_case()
def test_pullback_is_right_each_time(program, case):
    with refusals(program):
        checks.check_pullback(vjp, program.function, program.draw(case), seed=case)


@per_case()
def test_tangents_agree_with_differences_and_with_the_pullback(program, case):
    with refusals(program):
        checks.check_tangents(jvp, vjp, program.function, program.draw(case), seed=case)


@per_case(refused=True)
def test_other_doors_of_a_refused_program_are_refused_or_right(program, case):
    with refusals(program):
        checks.check_pullback(vjp, program.function, program.draw(case), seed=case)
    with refusals(program):
        checks.check_tangents(jvp, vjp, program.function, program.draw(case), seed=case)


@per_program(scalar)
def test_text_is_deterministic(program):
    anew = grad(program.function, wrt=program.wrt)
    for df in (derivative(program), anew):
        df(*program.draw(0))  # the text is written for the types of the latest arguments
    checks.check_deterministic([derivative(program), anew])


@per_case(lambda p: scalar(p) and p.saves)
def test_saved_file_stands_alone(program, case, tmp_path):
    name, path = program.function.__name__, tmp_path / "saved.py"
    checks.check_saved(derivative(program), path, name, program.draw(case), program.captured)


@per_case(lambda p: scalar(p) and p.smooth)
def test_gradient_of_the_gradient(program, case):
    with refusals(program):
        checks.check_second(
            again, derivative(program), program.draw(case), positions(program), seed=case
        )


@per_case(lambda p: scalar(p) and p.smooth and drawn(p, 2))
def test_three_ways_to_second_order_agree(program, case):
    args, wrt = program.draw(case), positions(program)
    df = again(program.function, wrt=wrt)
    ways = three_ways(program.function, args, wrt, df)
    with refusals(program):
        checks.check_three_ways(ways, df, args, wrt, seed=case)


# ---------------------------------------------------------------- the whole corpus at once

SOURCES = """
from test_programs import fingerprint
print(fingerprint())
"""


def fingerprint():
    """Of the texts and refusals of half of the corpus."""
    text = hashlib.sha256()
    for program in (p for p in PROGRAMS if drawn(p, 2)):
        try:
            text.update(derivative(program).source.encode())
        except TangentError as error:
            text.update(str(error).encode())
    return text.hexdigest()


def run_python(text, seed):
    roots = [TESTS, *(TESTS.parent / name for name in ("tangent_src", "backends"))]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join(map(str, roots)),
    }
    done = subprocess.run(
        [sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_text_does_not_depend_on_the_hash_seed():
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    assert run_python(SOURCES, seed).strip() == fingerprint()


def test_saved_file_runs_in_another_process(tmp_path):
    path = tmp_path / "saved.py"
    program = next(p for p in PROGRAMS if p.name == "public_style.rosenbrock")
    derivative(program).save(path)
    text = f"""
import sys
sys.path[:] = [p for p in sys.path if not p.rstrip("/").endswith(("tangent_src", "backends"))]
sys.modules["tangent"] = sys.modules["tangent_backends"] = None
sys.path.insert(0, {str(tmp_path)!r})
import numpy as np
import saved
print(saved.rosenbrock_grad(np.array([0.5, 1.5, 2.0])).tobytes().hex())
"""
    want = derivative(program)(np.array([0.5, 1.5, 2.0])).tobytes().hex()
    assert run_python(text, "0").strip() == want


@per_program(lambda p: scalar(p) and not p.may_refuse and p.name.startswith("public_style"))
def test_library_s_own_check_agrees(program):
    """In both modes; of every third program that is smooth, each mode over each."""
    twice = program.smooth and PROGRAMS.index(program) % 3 == 0
    tangent.check_grads(program.function, program.draw(), order=2 if twice else 1)


# ---------------------------------------------------------------- between calls


def helper(x):
    return x * x


def calls_helper(x):
    return helper(x) * 2


def test_a_helper_redefined_between_calls(monkeypatch):
    df = grad(calls_helper)
    assert df(3.0) == 12.0
    monkeypatch.setitem(globals(), "helper", lambda x: x * x * x)
    assert df(3.0) == 54.0
    monkeypatch.undo()
    assert df(3.0) == 12.0


SCALE = 2.0
TABLE = {"a": np.array([1.0, 2.0])}


def reads_globals(x):
    return SCALE * np.sum(TABLE["a"] * x * x)


def test_a_global_changed_between_calls(monkeypatch):
    df = grad(reads_globals)
    x = np.ones(2)
    assert df(x).tolist() == [4.0, 8.0]
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert df(x).tolist() == [6.0, 12.0]
    monkeypatch.setitem(TABLE, "a", np.array([5.0, 7.0]))
    assert df(x).tolist() == [30.0, 42.0]


def test_a_global_changed_between_calls_of_a_second_derivative(monkeypatch):
    """What the text of the gradient holds of a captured value is as old as its last call."""
    df, x = grad(reads_globals), np.ones(2)
    twice, hessian = grad(lambda x: np.sum(df(x))), tangent.hessian(reads_globals)
    for scale in (2.0, 3.0, 5.0):
        monkeypatch.setitem(globals(), "SCALE", scale)
        want = (2 * scale * TABLE["a"]).tolist()
        assert twice(x).tolist() == np.diag(hessian(x)).tolist() == want
        assert tangent.vjp(df, x)[1](x)[0].tolist() == want
        assert tangent.jvp(df, (x,), (x,))[1].tolist() == want


def test_a_global_array_written_between_the_halves():
    weights = np.array([1.0, 2.0])

    def f(x):
        return np.sum(weights * x * x)

    df = grad(f)
    assert df(np.ones(2)).tolist() == [2.0, 4.0]
    weights *= 10
    assert df(np.ones(2)).tolist() == [20.0, 40.0]


def test_a_cell_changed_between_calls():
    power = 2

    def f(x):
        return x**power

    df = grad(f)
    assert df(3.0) == 6.0
    power = 3
    assert df(3.0) == 27.0


def test_a_module_s_helper_replaced(monkeypatch):
    from programs import left
    from programs.calls import callees_that_call_one_name

    df = grad(callees_that_call_one_name)
    before = df(0.5)
    monkeypatch.setattr(left, "scale", lambda x: 7 * x)
    changed = checks.central_difference(callees_that_call_one_name, (0.5,), {(0,): 1.0})
    assert df(0.5) == pytest.approx(changed, rel=1e-8)
    monkeypatch.undo()
    assert df(0.5) == before


def announced(x, n):
    print("called with", n)
    return x * x * n


def test_effects_happen_once(capsys):
    assert grad(announced)(1.5, 3) == 9.0
    assert capsys.readouterr().out == "called with 3\n"


def random_walk(x, rng):
    step = rng.normal()
    return x * step * x


def test_random_numbers_are_drawn_once():
    want = np.random.default_rng(4).normal()
    assert grad(random_walk)(1.5, np.random.default_rng(4)) == pytest.approx(3.0 * want)


def test_other_shapes_and_kinds_with_one_derivative():
    def f(x, y):
        return np.sum(x * y + x)

    df = grad(f, wrt=(0, 1))
    shapes = [(3,), (), (2, 3), (2, 1), (1,), (0,), (1, 3)]
    for a in shapes:
        for b in shapes:
            try:
                np.broadcast_shapes(a, b)
            except ValueError:
                continue
            args = (np.full(a, 1.5), np.full(b, 0.5, np.float32))
            found = df(*args)
            for gradient, argument in zip(found, args, strict=True):
                checks.check_structure(gradient, argument)
            checks.check_value(found, f, args, (0, 1))
    assert df(1.5, 0.5) == (1.5, 1.5)


# ---------------------------------------------------------------- ways to call


def cubic(x, scale=2.0, *, n=3):
    """A docstring to keep."""
    return scale * x**n


def test_keyword_arguments():
    df = grad(cubic)
    assert df(2.0) == 24.0
    assert df(x=2.0) == 24.0
    assert df(2.0, scale=1.0) == 12.0
    assert df(2.0, n=2) == 8.0
    assert grad(cubic, wrt="scale")(2.0, 5.0, n=2) == 4.0
    assert grad(cubic, wrt=("scale", "x"))(x=2.0, n=2, scale=1.0) == (4.0, 4.0)


def test_a_default_is_a_constant_until_it_is_given():
    with pytest.raises(TangentError):
        grad(cubic, wrt="n")(2.0)
    value, pullback = vjp(cubic, 2.0, n=2)
    assert value == 8.0
    assert pullback(1.0) == (8.0,)


def test_a_derivative_looks_like_its_function():
    df = grad(cubic)
    assert df.__name__ == "cubic"
    assert df.__doc__ == "A docstring to keep."
    assert df.primal is cubic
    assert inspect.signature(df).parameters.keys() == inspect.signature(cubic).parameters.keys()
    assert "def cubic_grad(" in df.source
    compile(df.source, "source", "exec")


def test_as_a_decorator():
    @grad
    def slope(x):
        return x**3

    @grad(wrt="y")
    def slope_of_y(x, y):
        return x * y**2

    assert slope(2.0) == 12.0
    assert slope_of_y(3.0, 2.0) == 12.0
    assert slope.primal(2.0) == 8.0


class Spring:
    stiffness = 3.0

    def __init__(self, mass):
        self.mass = mass

    @grad(wrt="x")
    def force(self, x):
        return 0.5 * self.stiffness * x**2 * self.mass

    @grad(wrt=("x", "y"))
    def two(self, x, y):
        return x * y * self.mass


def test_on_a_method():
    spring = Spring(2.0)
    assert spring.force(1.5) == 9.0
    assert spring.two(1.5, 0.5) == (1.0, 3.0)
    spring.mass = 4.0
    assert spring.force(1.5) == 18.0


def test_value_and_gradient_of_a_tuple():
    value, (dx, ds) = value_and_grad(cubic, wrt=(0, "scale"))(2.0, 3.0)
    assert (value, dx, ds) == (24.0, 36.0, 8.0)


def stopped(x):
    return x * stop_gradient(x * x) + np.sum(stop_gradient(np.ones(2)))


def test_stop_gradient():
    assert stop_gradient(3.5) == 3.5
    assert stopped(3.0) == 29.0
    assert grad(stopped)(3.0) == 9.0


def test_from_threads():
    from programs.public_style import lstm

    program = next(p for p in PROGRAMS if p.function is lstm)
    df, want, found = grad(lstm), derivative(program)(*program.draw()), []

    def work():
        for _ in range(3):
            found.append(df(*program.draw()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    for gradient in found:
        checks.check_same(want, gradient)


def test_a_pullback_refuses_a_cotangent_of_another_shape():
    _, pullback = vjp(lambda x: np.sin(x), np.ones(3))
    with pytest.raises(TangentError):
        pullback(np.ones((2, 3)))


def test_vjp_of_a_dict_takes_a_dict():
    from programs.containers import returned_tree

    program = next(p for p in PROGRAMS if p.function is returned_tree)
    value, pullback = vjp(returned_tree, *program.draw())
    zeros = checks.tree_map(lambda _, leaf: leaf * 0 if checks.is_active(leaf) else None, value)
    (entry,) = pullback(zeros)
    checks.check_structure(entry, program.draw()[0])
    assert all(np.all(leaf == 0) for _, leaf in checks.leaves(entry))


def deep_loop(x, n):
    y = x
    for _ in range(n):
        y = y * 0.999 + np.sin(y) * 0.001
    return np.sum(y)


def test_many_iterations_need_no_deep_stack():
    x = np.ones(2)
    checks.check_value((grad(deep_loop)(x, 3000),), lambda x: deep_loop(x, 3000), (x,), (0,))


def test_a_thousand_statements(tmp_path):
    lines = ["def long_one(x):\n"]
    lines += [f"    x = x * 0.999 + {i % 3} * 0.001\n" for i in range(1000)]
    path = tmp_path / "long_one.py"
    path.write_text("".join([*lines, "    return x\n"]))
    function = checks.load(path, "long_one").long_one
    assert grad(function)(1.0) == pytest.approx(0.999**1000)
