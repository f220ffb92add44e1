"""Generated code is code: the debugger, tracebacks, `inspect`, pickles and threads treat it so."""

import copy
import doctest
import functools
import inspect
import io
import linecache
import pdb  # noqa: T100
import pickle
import re
import subprocess
import sys
import textwrap
import threading
import traceback
from pathlib import Path

import numpy as np
import pytest

import checks
import tangent
from errors import user
from tangent import grad, pipeline, value_and_grad, vjp

TESTS = Path(__file__).parent
ROOTS = [str(TESTS), *(str(TESTS.parent / name) for name in ("tangent_src", "backends"))]


def inner(x):
    rows = np.ones((2, 2))
    return rows @ x


def outer(x, scale=2.0):
    """The sum of two products."""
    y = x * scale
    return np.sum(inner(y))


def cube(x):
    return x * x * x


@grad
def decorated(x):
    return x * x * x


def line_of(function, text):
    lines, first = inspect.getsourcelines(function)
    return next(first + i for i, line in enumerate(lines) if text in line)


def notes(error):
    return "\n".join(getattr(error, "__notes__", []))


def python(code, *flags, **options):
    head = f"import sys\nsys.path[:0] = {ROOTS!r}\n"
    return subprocess.run(
        [sys.executable, *flags, "-c", head + code],
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


# ---------------------------------------------------------------- text


def test_inspect_finds_the_generated_function():
    df = grad(outer)
    text = inspect.getsource(df.generated)
    assert text.startswith("def outer_grad(x, scale=2.0, *, result_bar=1.0):\n")
    assert text in df.source
    forward = df.module.namespace["inner_forward"]
    assert inspect.getsource(forward).startswith("def inner_forward(x):\n")


def test_linecache_knows_the_text_as_long_as_it_is_used():
    df = grad(outer)
    df(np.ones(2))
    filename = df.generated.__code__.co_filename
    linecache.checkcache()
    assert "".join(linecache.getlines(filename)) == df.source
    generated = df.generated
    del df
    assert linecache.getlines(filename)
    del generated
    import gc

    gc.collect()
    assert not linecache.getlines(filename)


# ---------------------------------------------------------------- tracebacks and notes


def test_a_traceback_shows_the_generated_line():
    with pytest.raises(ValueError, match="matmul") as caught:
        grad(outer)(np.ones(3))
    shown = "".join(traceback.format_exception(caught.value))
    assert re.search(
        r'File "<tangent outer \d+>", line \d+, in inner_forward\n *return rows @', shown
    )
    assert re.search(r'File "<tangent outer \d+>", line \d+, in outer_grad\n *t1, inner_', shown)


def test_notes_name_the_callee_first_and_then_the_caller():
    with pytest.raises(ValueError, match="matmul") as caught:
        grad(outer)(np.ones(3))
    file = inspect.getsourcefile(outer)
    assert notes(caught.value).splitlines() == [
        f'  in the primal: File "{file}", line {line_of(inner, "return")}, in inner',
        f'    called from: File "{file}", line {line_of(outer, "return")}, in outer',
    ]


def test_notes_of_a_callee_in_another_file():
    def f(x):
        return np.sum(user.callee(x))

    with pytest.raises(ValueError, match="matmul") as caught:
        grad(f)(np.ones(3))
    first, second = notes(caught.value).splitlines()
    assert f'File "{user.__file__}", line {line_of(user.callee, "return")}, in callee' in first
    assert f'File "{__file__}", line {line_of(f, "return")}' in second


def test_notes_of_a_nested_function():
    def f(x):
        def fails(y):
            return y @ np.ones(7)

        return fails(x * 2)

    with pytest.raises(ValueError, match="matmul") as caught:
        grad(f)(np.ones(3))
    assert f"line {line_of(f, 'np.ones(7)')}, in fails" in notes(caught.value)


def countdown(x, n):
    if n == 0:
        return x @ np.ones(7)
    return countdown(x * 2, n - 1)


def test_a_recursion_is_one_note():
    with pytest.raises(ValueError, match="matmul") as caught:
        grad(countdown)(np.ones(3), 20)
    assert len(notes(caught.value).splitlines()) <= 4


def two_lines(x):
    y = np.sin(x)
    return y * 2


def test_the_backward_sweep_names_the_primal_line():
    """An error in the backward sweep stands at the primal line whose adjoint it is."""
    df = grad(two_lines)
    line = next(n for n, t in enumerate(df.source.splitlines(), 1) if "np.cos" in t)
    place = tangent.tracing.place(df.module, "two_lines_grad", line)
    assert place.line == line_of(two_lines, "np.sin")


def mixed(x, flag):
    y = x * "# 3: text"[0:0].count("a")
    if flag:
        y = (
            y
            + x[10]
        )  # fmt: skip
    return np.sum(y)


def test_a_statement_of_several_lines_and_a_string_with_a_comment():
    with pytest.raises(IndexError) as caught:
        grad(mixed)(np.ones(3), True)
    assert f"line {line_of(mixed, 'y = (')}, in mixed" in notes(caught.value)


def comprehended(x):
    return x * sum([1.0 / v for v in (1, 0)])


def test_an_error_in_a_comprehension():
    with pytest.raises(ZeroDivisionError) as caught:
        grad(comprehended)(2.0)
    assert f"line {line_of(comprehended, 'return')}, in comprehended" in notes(caught.value)


def test_the_pullback_has_notes_too():
    _, pullback = vjp(lambda x: np.sin(x), np.ones(3))
    with pytest.raises(tangent.InvalidArgument) as caught:
        pullback(np.ones((4, 5, 6)))
    assert caught.value.help


# ---------------------------------------------------------------- second order


def product_of_row(x):
    y = x * x
    return np.sum(y @ np.ones(7))


row_gradient = grad(product_of_row)


def test_second_order_names_the_user_s_file():
    df = grad(lambda x: np.sum(row_gradient(x)))
    with pytest.raises(ValueError, match="matmul") as caught:
        df(np.ones(3))
    first = notes(caught.value).splitlines()[0]
    file = inspect.getsourcefile(product_of_row)
    assert f'File "{file}", line {line_of(product_of_row, "@")}, in product_of_row' in first


def test_a_refusal_at_second_order_is_at_the_primal_line():
    with pytest.raises(tangent.NonScalarOutput) as caught:
        grad(grad(cube))(np.ones(3))
    location = caught.value.location
    assert location.filename == inspect.getsourcefile(cube)
    assert location.line in (line_of(cube, "return"), line_of(cube, "def"))
    assert "^" in str(caught.value)


def test_a_text_that_cannot_be_differentiated_names_its_own_line_and_the_primal_s(monkeypatch):
    """The generated text is refused: file, line and text are those of the generated text."""
    first, real = grad(cube), tangent.passes.calls.lookup

    def lookup(function):
        return None if function is tangent.runtime.seed else real(function)

    def read(function):
        if function is tangent.runtime.seed:
            raise tangent.SourceUnavailable("gone", code="no-source", help="none")
        return tangent.syntax.source.read(function)

    monkeypatch.setattr("tangent.passes.calls.lookup", lookup)
    monkeypatch.setattr("tangent.passes.units.read", read)
    with pytest.raises(tangent.TangentError) as caught:
        grad(first)(2.0)
    location = caught.value.location
    assert location.filename == first.generated.__code__.co_filename
    assert location.text == linecache.getline(location.filename, location.line).rstrip("\n")
    assert f'File "{__file__}", line {line_of(cube, "return")}, in cube' in notes(caught.value)


# ---------------------------------------------------------------- pdb


def debugged(function, *args, commands):
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("\n".join(commands) + "\n"), stdout=out, nosigint=True)
    debugger.use_rawinput = False
    result = debugger.runcall(function, *args)
    return result, out.getvalue()


def test_pdb_steps_through_the_text():
    df = grad(outer)
    x = np.array([0.5, 1.5])
    result, out = debugged(
        df.generated, x, commands=["next", "p y", "step", "step", "next", "p rows", "where", "c"]
    )
    np.testing.assert_array_equal(result, [4.0, 4.0])
    assert "y = x * scale" in out
    assert "array([1., 3.])" in out
    assert "-> rows = np.ones((2, 2))" in out
    assert "-> return rows @ x, (x, rows)" in out
    assert out.index("outer_grad()\n-> t1, inner_") < out.rindex("inner_forward()")


def test_pdb_stops_at_a_breakpoint_in_the_text():
    """As a user would: step into the call, break in what it is going to run."""
    commands = ["tbreak self.generated", "continue", "next", "next", "p t1", "list", "continue"]
    result, out = debugged(grad(outer), np.array([0.5, 1.5]), commands=commands)
    np.testing.assert_array_equal(result, [4.0, 4.0])
    assert "array([4., 4.])" in out
    assert "# forward" in out
    assert "# backward" in out


def test_pdb_goes_post_mortem():
    with pytest.raises(ValueError, match="matmul") as caught:
        grad(outer)(np.ones(3))
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("p rows.shape, x.shape\nlist\nq\n"), stdout=out)
    debugger.use_rawinput = False
    debugger.reset()
    debugger.interaction(None, caught.value.__traceback__)
    assert "((2, 2), (3,))" in out.getvalue()
    assert "rows @ x" in out.getvalue()


# ---------------------------------------------------------------- interrupts and threads

stopped = []


def interrupting(n):
    if stopped:
        raise KeyboardInterrupt
    return n


def interrupted(x, n):
    y = x * x
    k = interrupting(n)
    return y * k


def test_an_interrupt_in_the_run_leaves_it_usable():
    df = grad(interrupted)
    stopped.append(True)
    with pytest.raises(KeyboardInterrupt) as caught:
        df(3.0, 2)
    assert not notes(caught.value)
    stopped.clear()
    assert df(3.0, 2) == 12.0


@pytest.mark.parametrize("stage", ["normalise", "link", "print_source", "_compile"])
def test_an_interrupt_in_the_transformation_leaves_it_usable(monkeypatch, stage):
    def interrupt(*args):
        raise KeyboardInterrupt

    df = grad(outer)
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, stage, interrupt)
        with pytest.raises(KeyboardInterrupt):
            df(np.ones(2))
    np.testing.assert_array_equal(df(np.ones(2)), [4.0, 4.0])


def test_threads():
    df = grad(outer)
    found, start = [], threading.Barrier(8)

    def work(k):
        start.wait()
        for _ in range(20):
            found.append((k, df(np.ones(2) * k, float(k)), vjp(outer, np.ones(2))[0]))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    for k, gradient, _ in found:
        np.testing.assert_array_equal(gradient, np.full(2, 2.0 * k))


def test_threads_while_a_helper_is_redefined(monkeypatch):
    """Each result is that of one helper or of the other, never of a mixture."""
    df, found, stop = grad(calls_helper), [], threading.Event()

    def work():
        while not stop.is_set():
            found.append(df(3.0))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(12):
        monkeypatch.setitem(globals(), "helper", (helper, square_of)[number % 2])
        df.module  # noqa: B018  # writes the text, as any call does
    stop.set()
    for thread in threads:
        thread.join()
    assert found
    assert set(found) <= {12.0, 27.0}


# ---------------------------------------------------------------- what it looks like


def marked(x):
    """One."""
    return x * x


marked.unit = "metre"


def test_metadata():
    df = grad(marked)
    assert (df.__name__, df.__doc__, df.__module__) == ("marked", "One.", __name__)
    assert df.__qualname__ == marked.__qualname__
    assert df.unit == "metre"
    assert df.primal is marked
    assert not hasattr(df, "__wrapped__")
    assert inspect.signature(grad(outer)) == inspect.signature(outer)
    assert callable(df)
    assert "marked" in repr(df)


def test_the_gradient_of_a_gradient_is_not_the_gradient():
    assert [f(2.0) for f in (grad(cube), grad(grad(cube)), grad(grad(grad(cube))))] == [12, 12, 6]
    assert grad(grad(cube))(3.0) == 18.0
    assert grad(cube)(3.0) == 27.0
    assert value_and_grad(grad(cube))(3.0) == (27.0, 18.0)
    assert grad(decorated)(3.0) == 18.0


factor = 2.0


def helper(x):
    return x * factor


def square_of(x):
    return x * x


def calls_helper(x):
    return helper(x) * x


def test_a_helper_redefined_is_seen_at_second_order_too(monkeypatch):
    df = grad(calls_helper)
    ddf = grad(df)
    assert (df(3.0), ddf(3.0)) == (12.0, 4.0)
    monkeypatch.setitem(globals(), "factor", 5.0)
    assert (df(3.0), ddf(3.0)) == (30.0, 10.0)
    monkeypatch.setitem(globals(), "helper", lambda x: x * x)
    assert (df(3.0), ddf(3.0)) == (27.0, 18.0)


@pytest.mark.parametrize("df", [grad(outer), value_and_grad(outer, wrt=("x", "scale")), decorated])
def test_pickles(df):
    args = (np.array([0.5, 1.5]),) if df is not decorated else (2.0,)
    again = pickle.loads(pickle.dumps(df))
    checks.check_same(df(*args), again(*args), "the pickled derivative")
    checks.check_same(df(*args), copy.deepcopy(df)(*args), "the copied derivative")
    checks.check_same(df(*args), copy.copy(df)(*args), "the copied derivative")


class Model:
    weight = 3.0

    @grad(wrt="x")
    def loss(self, x):
        return self.weight * x * x


def test_methods():
    assert Model().loss(2.0) == 12.0
    assert Model.loss(Model(), 2.0) == 12.0


def test_wrapped_by_others():
    @functools.wraps(outer)
    def logged(*args):
        return df(*args)

    df = grad(outer)
    np.testing.assert_array_equal(logged(np.ones(2)), [4.0, 4.0])
    assert functools.partial(df, scale=3.0)(np.ones(2)).tolist() == [6.0, 6.0]


@functools.lru_cache
def cached(n):
    return n * 2.0


@functools.lru_cache
def cached_square(x):
    return x * x


def test_cached_callees():
    assert grad(lambda x: x * x * cached(3))(2.0) == 24.0
    assert grad(lambda x: cached_square(x) * x)(2.0) == 12.0


def traced(function):
    @functools.wraps(function)
    def wrapper(x, scale):
        return function(x, scale) * 3

    return wrapper


@traced
def wrapped(x, scale):
    return x * x * scale


def test_a_wrapper_with_the_metadata_of_another_is_what_runs():
    df = grad(wrapped)
    assert df.__name__ == "wrapped"
    assert df(2.0, 5.0) == 60.0
    assert grad(lambda x: wrapped(x, 5.0))(2.0) == 60.0


# ---------------------------------------------------------------- where the source may come from


def test_text_that_was_executed():
    """With its lines in `linecache` it has source; without them it is refused."""
    text, name = "def f(x):\n    assert x > 0\n    return x * x\n", "<executed>"
    namespace = {"__name__": "executed"}
    exec(compile(text, name, "exec"), namespace)
    with pytest.raises(tangent.SourceUnavailable, match="no-source"):
        grad(namespace["f"])(2.0)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    assert grad(namespace["f"])(2.0) == 4.0
    with pytest.raises(AssertionError) as caught:
        grad(namespace["f"])(-2.0)
    assert 'File "<executed>", line 2' in notes(caught.value)


def with_an_assertion(x):
    assert x < 3, f"{x} is too large"
    return x * x


def test_an_assertion_that_pytest_rewrote():
    """The code object of this function is not that of its text: pytest put more into it."""
    assert grad(with_an_assertion)(2.0) == 4.0
    with pytest.raises(AssertionError, match="is too large") as caught:
        grad(with_an_assertion)(5.0)
    assert f"line {line_of(with_an_assertion, 'assert x')}" in notes(caught.value)


def test_in_a_doctest():
    text = """
    >>> from tangent import grad
    >>> import numpy as np
    >>> def f(x):
    ...     return np.sum(x ** 2)
    >>> grad(f)(np.ones(2))
    array([2., 2.])
    >>> @grad
    ... def g(x):
    ...     return f(x) * 3
    >>> g(np.ones(1))
    array([6.])
    """
    test = doctest.DocTestParser().get_doctest(textwrap.dedent(text), {}, "example", None, None)
    out = io.StringIO()
    assert doctest.DocTestRunner().run(test, out=out.write).failed == 0, out.getvalue()


def test_in_a_console_that_keeps_source():
    """As IPython and the REPL of Python 3.13 do: each input under a name in `linecache`."""
    namespace = {"__name__": "__console__"}
    cells = [
        "import numpy as np\nfrom tangent import grad\n",
        "def f(x):\n    return np.sum(x ** 2)\n",
        "df = grad(f)\nfirst = df(np.ones(2))\n",
        "def f(x):\n    return np.sum(x ** 3)\n",
        "second = grad(f)(np.ones(2)); third = df(np.ones(2))\n",
    ]
    for number, text in enumerate(cells):
        name = f"<input-{number}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), namespace)
    assert namespace["first"].tolist() == [2.0, 2.0]
    assert namespace["second"].tolist() == [3.0, 3.0]
    assert namespace["third"].tolist() == [2.0, 2.0]


@pytest.mark.parametrize("flag", ["-O", "-OO", "-Werror", "-Xdev", "-I"])
def test_under_flags_of_python(flag):
    code = """
import numpy as np, test_debugging as t
from tangent import grad, vjp
from errors import user
print(grad(t.outer)(np.ones(2)), grad(grad(t.cube))(2.0), vjp(t.inner, np.ones(2))[0])
print(grad(user.asserts)(0.5))
try:
    print(grad(user.asserts)(3.0))
except AssertionError:
    print("AssertionError")
"""
    done = python(code, flag)
    assert done.returncode == 0, done.stderr
    last = "6.0" if flag.startswith("-O") else "AssertionError"
    assert done.stdout.split("\n")[:3] == ["[4. 4.] 12.0 [2. 2.]", "1.0", last]
