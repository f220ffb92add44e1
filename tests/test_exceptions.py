"""Every exception: what it prints, where Python draws its caret, that it survives a pickle."""

import inspect
import pickle
import subprocess
import sys
import textwrap
import traceback

import pytest

from tangent import errors
from tangent.errors import Location, NoRule, TangentError, UnsupportedSyntax

KINDS = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and issubclass(kind, TangentError)
]
PLACE = Location("model.py", 14, 4, 17, "    yield y.sum()  # hm", "f")


def generator(kind=UnsupportedSyntax, location=PLACE):
    return kind(
        "a generator cannot be differentiated",
        code="generator",
        location=location,
        help="collect the values in a list and return it",
    )


def test_there_are_the_families_of_the_documentation():
    assert len(KINDS) == 11


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_says_what_where_and_what_to_do(kind):
    assert str(generator(kind)) == textwrap.dedent("""\
        a generator cannot be differentiated [generator]
          File "model.py", line 14, in f
            yield y.sum()  # hm
            ^^^^^^^^^^^^^
        help: collect the values in a list and return it""")


@pytest.mark.parametrize("kind", KINDS)
def test_without_place_and_help_there_is_one_line(kind):
    assert str(kind("wrong", code="some-code")) == "wrong [some-code]"


@pytest.mark.parametrize("kind", KINDS)
def test_an_uncaught_error_shows_its_caret_and_its_help_once(kind):
    printed = "".join(traceback.format_exception(generator(kind)))
    assert printed.count("^^^^^^^^^^^^^") == 1
    assert printed.count("help: collect") == 1
    assert f"tangent.{kind.__name__}: a generator cannot be differentiated [generator]" in printed


@pytest.mark.parametrize("kind", ["UnsupportedSyntax", "NoRule"])
def test_the_interpreter_prints_it_as_the_traceback_module_does(kind, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nsys.path[:] = {sys.path!r}\n"
        f"from tangent.errors import {kind}, Location\n"
        "place = Location('model.py', 14, 4, 17, '    yield y.sum()')\n"
        f"raise {kind}('no generators', code='generator', location=place, help='use a list')\n"
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    lines = run.stderr.splitlines()
    # Python 3.11 and 3.12 draw a single caret for a subclass of SyntaxError
    carets = [line for line in lines if line.startswith("    ^") and set(line.strip()) == {"^"}]
    assert len(carets) == 1
    assert run.stderr.count("help: use a list") == 1
    assert run.stderr.count("yield y.sum()") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_it_survives_a_pickle(kind):
    error = generator(kind)
    error.add_note("while differentiating f")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert copy.location == PLACE
    assert copy.__notes__ == ["while differentiating f"]


def test_only_the_families_that_say_so_are_syntax_or_type_errors():
    syntax = {kind.__name__ for kind in KINDS if issubclass(kind, SyntaxError)}
    types = {kind.__name__ for kind in KINDS if issubclass(kind, TypeError)}
    assert syntax == {"UnsupportedSyntax"}
    assert types == {"InvalidArgument", "NonScalarOutput"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_family_is_public_and_says_what_it_is(kind):
    module = sys.modules["tangent"]
    assert getattr(module, kind.__name__) is kind
    assert kind.__doc__


def test_python_reads_the_position_from_a_syntax_error():
    error = generator()
    assert (error.filename, error.lineno, error.offset, error.end_offset) == ("model.py", 14, 5, 18)
    assert error.text == PLACE.text


def test_a_place_without_column_has_no_caret():
    error = generator(NoRule, Location("model.py", 3, text="    z = g(y)"))
    assert "z = g(y)" in str(error)
    assert "^" not in str(error)


def test_the_caret_stands_below_its_code_after_a_tab():
    place = Location("model.py", 1, 4, 5, "a =\tb")
    assert str(place).splitlines()[1:] == ["    a =\tb", "       \t^"]
