"""What bad input gets: an error of the right family, at the right line, that says what to do."""

import functools
import inspect
import pickle
import traceback

import numpy as np
import pytest

import checks
import tangent
from errors import user
from errors.registry import collection
from tangent import TangentError, grad, value_and_grad, vjp

CASES = collection()


def failure(case):
    """The exception that the call raises, whichever it is."""
    family = TypeError if case.family == "TypeError" else getattr(tangent, case.family)
    with pytest.raises(family) as caught:
        grad(case.function, wrt=case.wrt)(*case.args)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refused_at_its_line(case):
    error, mark = failure(case), case.mark()
    assert not isinstance(error, tangent.BrokenInvariant), error
    if mark is None:
        return
    line, code, words = mark
    file = inspect.getsourcefile(case.marked)
    assert error.location is not None, f"no location: {error}"
    assert (error.location.filename, error.location.line) == (file, line), str(error)
    assert code in (None, error.code), f"[{error.code}] for [{code}]"
    assert words is None or words in str(error), f"{words!r} is not in {error}"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_message_says_where_and_what_to_do(case):
    error = failure(case)
    if not isinstance(error, TangentError):
        return
    text = str(error)
    assert error.help, text
    assert f"help: {error.help}" in text
    assert f"[{error.code}]" in text
    if case.mark() is not None:
        line, _, _ = case.mark()
        file = inspect.getsourcefile(case.marked)
        assert f'File "{file}", line {line}' in text
        assert "^" in text, "no caret"
    elif error.location is not None:
        assert f'File "{error.location.filename}", line {error.location.line}' in text


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refused_again_and_by_the_other_doors(case):
    again = [failure(case), failure(case)]
    assert str(again[0]) == str(again[1])
    with pytest.raises(type(again[0])):
        value_and_grad(case.function, wrt=case.wrt)(*case.args)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_refusal_leaves_the_arguments_alone(case):
    with checks.unchanged(case.args):
        failure(case)


# ---------------------------------------------------------------- the user's own exceptions


@pytest.mark.parametrize(
    ("function", "args", "kind", "marked"), user.CASES, ids=[c[0].__name__ for c in user.CASES]
)
def test_a_user_s_exception_passes_through(function, args, kind, marked):
    with pytest.raises(kind) as plain:
        function(*args)
    with pytest.raises(kind) as caught:
        grad(function)(*args)
    assert type(caught.value) is type(plain.value)
    assert caught.value.args == plain.value.args
    lines, first = inspect.getsourcelines(marked)
    line = next(first + i for i, text in enumerate(lines) if text.rstrip().endswith("# raises"))
    notes = "\n".join(getattr(caught.value, "__notes__", []))
    assert inspect.getsourcefile(marked) in notes
    assert f"line {line}" in notes, notes


def test_a_traceback_shows_the_generated_line():
    with pytest.raises(ValueError, match="too large") as caught:
        grad(user.raised)(1.5)
    shown = "".join(traceback.format_exception(caught.value))
    assert (
        shown.count('raise ValueError("too large")') + shown.count("raise ValueError('too large')")
        >= 1
    )
    assert "raised_grad" in shown


# ---------------------------------------------------------------- source


def compiled(text, name):
    namespace = {}
    exec(compile(text, "<nowhere>", "exec"), namespace)
    return namespace[name]


def test_no_source():
    with pytest.raises(tangent.SourceUnavailable) as caught:
        grad(compiled("def f(x): return x * x", "f"))(1.5)
    assert caught.value.help


@pytest.mark.parametrize("function", [np.sign, len, int, functools.partial(pow, 2.0)])
def test_no_python_function(function):
    with pytest.raises(TangentError):
        grad(function)(1.5)


@pytest.mark.parametrize("thing", [3, "f", None, object(), [1]])
def test_nothing_that_can_be_called(thing):
    with pytest.raises(TypeError):
        grad(thing)(1.5)


def written(path, text):
    path.write_text(text)
    return checks.load(path, path.stem)


def test_a_file_that_changed_after_its_import(tmp_path):
    path = tmp_path / "changing.py"
    module = written(path, "def f(x):\n    return x * x\n")
    assert grad(module.f)(3.0) == 6.0
    fresh = written(tmp_path / "changing_too.py", "def f(x):\n    return x * x\n")
    (tmp_path / "changing_too.py").write_text("def f(x):\n    return x * x * x\n")
    with pytest.raises(tangent.SourceMismatch) as caught:
        grad(fresh.f)(3.0)
    assert "changing_too.py" in str(caught.value)
    assert caught.value.help


def test_a_file_in_which_lines_moved(tmp_path):
    path = tmp_path / "moving.py"
    module = written(path, "def f(x):\n    return x * x\n\n\ndef g(x):\n    return x * 5\n")
    path.write_text("def g(x):\n    return x * 5\n\n\ndef f(x):\n    return x * x\n")
    for function, right in ((module.f, 6.0), (module.g, 5.0)):
        try:
            found = grad(function)(3.0)
        except tangent.SourceMismatch:
            continue
        assert found == right


def test_a_callee_whose_file_changed(tmp_path):
    path = tmp_path / "callees.py"
    module = written(
        path, "def square(x):\n    return x * x\n\n\ndef f(x):\n    return square(x) * 2\n"
    )
    path.write_text(path.read_text().replace("x * x", "x + x"))
    with pytest.raises(TangentError):
        grad(module.f)(3.0)


def logged(f):
    @functools.wraps(f)
    def wrapper(*args):
        return f(*args) * 2

    return wrapper


@logged
def wrapped(x):
    return x * x


def test_a_wrapper_is_never_looked_through():
    try:
        found = grad(wrapped)(3.0)
    except TangentError:
        return
    assert found == 12.0


def replaced(x):
    return x * x


def test_replaced_code():
    def other(x):
        return x * x * x

    def target(x):
        return x * x

    target.__code__ = other.__code__
    try:
        found = grad(target)(3.0)
    except TangentError:
        return
    assert found == 27.0


def test_a_function_edited_in_place_by_its_default(tmp_path):
    module = written(tmp_path / "defaults.py", "def f(x, scale=2.0):\n    return x * scale\n")
    module.f.__defaults__ = (5.0,)
    assert grad(module.f)(3.0) == 5.0


def test_two_equal_lambdas_on_a_line():
    first, second = (lambda x: x * x), (lambda x: x * x)
    assert grad(first)(3.0) == grad(second)(3.0) == 6.0


# ---------------------------------------------------------------- the errors themselves


@pytest.mark.parametrize("case", CASES[:12], ids=[case.name for case in CASES[:12]])
def test_an_error_survives_pickling(case):
    error = failure(case)
    if isinstance(error, TangentError):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)


def test_a_wrong_cotangent_is_refused():
    _, pullback = vjp(lambda x: (x * x, {"a": x}), np.ones(3))
    for wrong in (
        1.0,
        (np.ones(3),),
        (np.ones(3), {"b": np.ones(3)}),
        (np.ones(2), {"a": np.ones(3)}),
    ):
        with pytest.raises(TangentError):
            pullback(wrong)


# ---------------------------------------------------------------- carets

CARETS = {
    "tabs": ("def f(x):\n\tif x > 0:\n\t\ty = {x}\n\treturn x\n", "{x}"),
    "beyond_ascii": ("def f(x):\n    ä = 'äöü'; y = {x}  # ß\n    return x\n", "{x}"),
    "wide_characters": ("def f(x):\n    名 = x; y = {名}\n    return x\n", "{名}"),
    "several_lines": ("def f(x):\n    y = {\n        x,\n    }\n    return x\n", "{"),
    "continued": ("def f(x):\n    y = x + \\\n        sum({x})\n    return x\n", "{x}"),
    "in_a_call": ("def f(x):\n    y = sum(\n        {x},\n    )\n    return x\n", "{x}"),
    "a_lambda": ("f = lambda x: sum({x})\n", "{x}"),
    "a_decorator": ("def same(f):\n    return f\n\n\n@same\ndef f(x): return {x}\n", "{x}"),
}


@pytest.mark.parametrize("name", CARETS)
def test_the_caret_stands_below_what_is_meant(name, tmp_path):
    text, meant = CARETS[name]
    function = written(tmp_path / f"{name}.py", text).f
    with pytest.raises(tangent.UnsupportedSyntax) as caught:
        grad(function)(1.5)
    place = caught.value.location
    assert place.text == text.splitlines()[place.line - 1]
    assert place.text[place.column : place.end_column] == meant
    shown, caret = str(caught.value).splitlines()[2:4]
    start = len(caret) - len(caret.lstrip())
    assert shown[start : start + len(meant)] == meant
    assert caret.strip() == "^" * len(meant)


# ---------------------------------------------------------------- handlers of the primal


mystery = np.frompyfunc(lambda x: x * x, 1, 1)


def swallows(x):
    try:
        y = mystery(x)
    except Exception:
        y = x
    return y * x


def swallows_all(x):
    try:
        y = swallows(x)
    except BaseException:
        y = x
    finally:
        x = x * 1
    return y * x


@pytest.mark.parametrize("function", [swallows, swallows_all])
def test_no_handler_of_the_primal_catches_a_refusal(function):
    with pytest.raises(TangentError) as caught:
        grad(function)(1.5)
    assert caught.value.location.filename == __file__
