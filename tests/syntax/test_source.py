"""The source of a function is found wherever it was written, and refused if it is not what runs."""

from __future__ import annotations

import ast
import doctest
import functools
import importlib.util
import linecache
import math
import os
import subprocess
import sys
import types
from textwrap import dedent

import gast
import pytest

from tangent.errors import SourceMismatch, SourceUnavailable, UnsupportedSyntax
from tangent.syntax.printing import print_source
from tangent.syntax.source import read


def text_of(function):
    return print_source(read(function).tree)


def lines(text):
    return dedent(text).lstrip("\n")


@pytest.fixture
def load(tmp_path):
    """Imports a module from text; calling it again with a module rewrites that module's file."""

    def load(text, module=None):
        if module is not None:
            path = module.__file__
        else:
            path = str(tmp_path / f"m{len(list(tmp_path.iterdir()))}.py")
        before = os.stat(path).st_mtime_ns if module else 0
        with open(path, "w", encoding="utf-8") as file:
            file.write(dedent(text))
        # a file system may keep whole seconds only
        os.utime(path, ns=(before + 2 * 10**9,) * 2) if module else None
        if module is None:
            spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        return module

    return load


# ---------------------------------------------------------------- where functions are written


def cube(x):
    """A docstring."""
    return x * x * x  # a comment


def test_a_plain_function():
    assert text_of(cube) == 'def cube(x):\n    """A docstring."""\n    return x * x * x\n'


def test_nodes_carry_the_positions_of_the_file():
    source = read(cube)
    returned = source.tree.body[1]
    assert source.lines[returned.lineno - 1] == "    return x * x * x  # a comment\n"
    assert returned.col_offset == 4


def test_the_tree_belongs_to_the_reader():
    read(cube).tree.body.clear()
    assert len(read(cube).tree.body) == 2


def test_an_indented_closure():
    scale = 3.0

    def scaled(x):
        return scale * x

    assert text_of(scaled) == "def scaled(x):\n    return scale * x\n"
    assert read(scaled).function is scaled


def test_two_closures_of_one_name():
    if scale := 1:

        def f(x):
            return x + scale

    first = f

    def f(x):
        return x - scale

    assert "x + scale" in text_of(first)
    assert "x - scale" in text_of(f)


class Model:
    __weight = 2.0

    def loss(self, x, __bias=1.0):
        if x > 0:
            return self.__scaled(x, __by=self.__weight) + __bias
        return self.__init__

    def __scaled(self, x, __by):
        return x * __by

    @staticmethod
    def twice(x):
        return 2 * x

    class __Inner:
        def __get(self):
            return self.__value

        def of(self):
            def __f():
                return [self.__get() for _ in (1,)]

            return __f


def test_a_bound_method_is_its_function():
    assert read(Model().loss).function is Model.loss
    assert text_of(Model.twice) == "def twice(x):\n    return 2 * x\n"


def test_private_names_are_spelled_as_python_does():
    source = read(Model.loss)
    assert print_source(source.tree) == lines("""
        def loss(self, x, _Model__bias=1.0):
            if x > 0:
                return self._Model__scaled(x, _Model__by=self._Model__weight) + _Model__bias
            return self.__init__
        """)
    # a message shows what the user wrote
    returned = source.tree.body[0].body[0]
    assert source.segment(returned).startswith("return self.__scaled(x, __by=")


def test_private_names_of_the_innermost_class():
    inner = Model._Model__Inner
    assert "self._Inner__value" in text_of(inner._Inner__get)
    assert "def _Inner__f" in text_of(inner.of)
    assert "self._Inner__get()" in text_of(inner().of())


def test_decorators_are_dropped():
    seen = []

    def look(function):
        # the name is not bound yet, as when `@grad` reads its function
        seen.append(text_of(function))
        return function

    @look
    @functools.partial(
        lambda option, function: function,
        "option",
    )
    def f(x):
        return x + 1

    assert seen == ["def f(x):\n    return x + 1\n"]
    assert text_of(f) == seen[0]


def test_a_wrapper_is_read_itself():
    def wrap(function):
        @functools.wraps(function)
        def wrapper(*args):
            return 2 * function(*args)

        return wrapper

    assert text_of(wrap(cube)) == "def wrapper(*args):\n    return 2 * function(*args)\n"


def test_annotations_and_defaults_stay():
    def f(x: float, *, n: int = 3) -> float:
        return x**n

    assert text_of(f).startswith("def f(x: float, *, n: int=3) -> float:\n")


# fmt: off
PAIR = lambda x: x + 1, lambda x: x + 2
CONSTANTS = [lambda: 1, lambda: 1.0, lambda: True, lambda: None, lambda: -0.0, lambda: 0.0]
NESTED = lambda x, g=lambda y: y * 2: lambda z: lambda: g(x) + z  # noqa: E731
LONG = (lambda x:  # noqa: E731
            x +  # here
            1)
# fmt: on


def test_two_lambdas_on_one_line():
    assert [text_of(f) for f in PAIR] == [
        "def lambda_(x):\n    return x + 1\n",
        "def lambda_(x):\n    return x + 2\n",
    ]


def test_constant_lambdas_on_one_line():
    returned = [read(f).tree.body[0].value for f in CONSTANTS]
    assert [ast.unparse(gast.gast_to_ast(value)) for value in returned] == [
        "1",
        "1.0",
        "True",
        "None",
        "-0.0",
        "0.0",
    ]


def test_nested_lambdas():
    assert "return lambda z: lambda: g(x) + z" in text_of(NESTED)
    assert "return y * 2" in text_of(NESTED.__defaults__[0])
    assert "return lambda: g(x) + z" in text_of(NESTED(1))
    assert "return g(x) + z" in text_of(NESTED(1)(2))


def test_a_lambda_over_several_lines():
    source = read(LONG)
    returned = source.tree.body[0]
    assert source.segment(returned) == "x + 1"
    assert returned.lineno == source.tree.lineno + 1


@pytest.mark.parametrize(
    "text",
    [
        "lambda a, b: a if b else 1, lambda a, b: b if a else 1",
        "lambda q: [z for z in q], lambda q: [z + 1 for z in q], lambda q: {z for z in q}",
        "lambda x: x and 1, lambda x: x or 1, lambda x: not x, lambda x: (x, 1)",
        "lambda x: x, lambda x:x, lambda y: x",
        "lambda x: f(lambda y: y)[x], lambda x: g(lambda y: y)[x]",
        "lambda é: é + 'éé', lambda x: x + 'é'",
    ],
)
def test_every_lambda_of_a_line(text, load):
    functions = load(f"fs = [{text}]\n").fs
    expected = [
        f"def lambda_({ast.unparse(node.args)}):\n    return {ast.unparse(node.body).strip('()')}\n"
        for node in ast.parse(f"[{text}]").body[0].value.elts
    ]
    assert [text_of(f) for f in functions] == expected


def test_without_columns_equal_lambdas_are_refused(tmp_path):
    """With `-X no_debug_ranges` only what compiles differently can be told apart."""
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nsys.path[:] = {sys.path!r}\n"
        "from tangent.syntax.source import read\n"
        "from tangent.errors import SourceUnavailable\n"
        "def make(k): return lambda x: x + k, lambda x: x - k\n"
        "f, g = lambda x: x + 1, lambda x: x - 1\n"
        "print(read(f).segment(read(f).tree.body[0].value))\n"
        "print(read(g).segment(read(g).tree.body[0].value))\n"
        "try:\n    read(make(1)[0])\nexcept SourceUnavailable as e:\n    print(e.code)\n"
    )
    run = subprocess.run(
        [sys.executable, "-X", "no_debug_ranges", script],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == ["x + 1", "x - 1", "ambiguous-lambda"]


def test_a_doctest():
    # an example of its own file name, which `linecache` knows only while it runs
    example = dedent("""
        >>> from tangent.syntax.source import read
        >>> def f(x):
        ...     return x + 1
        >>> read(f).segment(read(f).tree.body[0])
        'return x + 1'
        >>> read(lambda x: x).tree.name
        'lambda_'
        """)
    test = doctest.DocTestParser().get_doctest(example, {}, "example", None, None)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


def test_generated_text_in_linecache():
    text = "def f(x):\n    return x + 1\n"
    linecache.cache["<generated f>"] = (len(text), None, text.splitlines(True), "<generated f>")
    namespace = {}
    exec(compile(text, "<generated f>", "exec"), namespace)
    assert text_of(namespace["f"]) == text
    assert text_of(namespace["f"]) == text


def test_a_notebook_cell_with_top_level_await():
    text = "await g()\ndef f(x):\n    return x + 1\n"
    name = "<ipython-input-1-abc>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    code = compile(text, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    (inner,) = (c for c in code.co_consts if isinstance(c, types.CodeType))
    function = types.FunctionType(inner, {})
    assert text_of(function) == "def f(x):\n    return x + 1\n"


def test_future_annotations_of_a_module(load):
    module = load("from __future__ import annotations\ndef f(x: A) -> B:\n    return x\n")
    assert text_of(module.f) == "def f(x: A) -> B:\n    return x\n"


def test_names_beyond_ascii(load):
    module = load("def f(θ):\n    é = 'é'; β = θ * 2\n    return β\n")
    source = read(module.f)
    place = source.location(source.tree.body[1])
    assert source.segment(source.tree.body[1]) == "β = θ * 2"
    assert (place.column, place.end_column) == (13, 22)
    assert str(place).splitlines()[1:] == ["    é = 'é'; β = θ * 2", "             ^^^^^^^^^"]


def test_asserts_that_pytest_rewrote():
    def f(x):
        assert x > 0, "positive"
        return x

    assert "assert x > 0" in text_of(f)


# ---------------------------------------------------------------- refused


def test_a_function_from_a_string_has_no_source():
    namespace = {}
    # not "<string>": from Python 3.13 on, `python -c` keeps its own text under that name
    exec(compile("def f(x):\n    return x", "<nowhere>", "exec"), namespace)
    with pytest.raises(SourceUnavailable, match="no-source") as caught:
        read(namespace["f"])
    assert caught.value.help


@pytest.mark.parametrize("function", [math.sin, len, print, "text", functools.partial(cube, 1)])
def test_what_is_no_python_function_has_no_source(function):
    with pytest.raises(SourceUnavailable, match="no-source"):
        read(function)


def test_a_wrapped_object_is_not_followed():
    with pytest.raises(SourceUnavailable, match="wrapped") as caught:
        read(functools.lru_cache(cube))
    assert "cube.__wrapped__" in caught.value.help


@pytest.mark.parametrize(
    "after",
    [
        "def f(x):\n    return x * 3\n",
        "def f(x):\n    return x * 2.0\n",
        "def f(y):\n    return y * 2\n",
        "def f(x, y=1):\n    return x * 2\n",
        "\ndef f(x):\n    return x * 2\n",
        "def g(x):\n    return x * 2\n",
        "def f(x:\n",
        "",
    ],
)
def test_a_file_that_changed(load, after):
    module = load("def f(x):\n    return x * 2\n")
    assert "x * 2" in text_of(module.f)
    load(after, module)
    with pytest.raises((SourceMismatch, SourceUnavailable)) as caught:
        read(module.f)
    if after:
        assert isinstance(caught.value, SourceMismatch)


def test_a_change_elsewhere_in_the_file_is_no_change(load):
    module = load("def f(x):\n    return x * 2  # two\n")
    load("def f(x):\n    return  x * 2\n\n\ndef g(): pass\n", module)
    assert "x * 2" in text_of(module.f)


def test_lambdas_that_changed_places(load):
    module = load("f, g = lambda x: x + 1, lambda x: x + 2\n")
    load("f, g = lambda x: x + 2, lambda x: x + 1\n", module)
    with pytest.raises(SourceMismatch):
        read(module.f)


def test_a_nested_function_that_changed(load):
    module = load("def f(x):\n    def g():\n        return x + 1\n    return g()\n")
    load("def f(x):\n    def g():\n        return x + 2\n    return g()\n", module)
    with pytest.raises(SourceMismatch):
        read(module.f)


def test_replaced_code():
    def f(x):
        return x + 1

    f.__code__ = f.__code__.replace(co_consts=(None, 2))
    with pytest.raises(SourceMismatch, match="source-changed") as caught:
        read(f)
    assert caught.value.location.text.strip() == "def f(x):"


def test_an_async_function():
    async def f(x):
        return x

    with pytest.raises(UnsupportedSyntax) as caught:
        read(f)
    assert caught.value.text.strip() == "async def f(x):"


# ---------------------------------------------------------------- segments and locations


WRITTEN = """
def written(x, y, table):
    z  =  x*y;  w = table["a  b"]
    for  i in (range(3)):  # again: and again
        z = (z +  # part
             1)
    if (x and y):
        pass
    elif x:
        pass
    while x: break
    if (x and
            y):
        pass
    with open(x) as table: pass
    return max(
        z,
        w,
    )
"""


@pytest.fixture
def written(load):
    return read(load(WRITTEN).written)


def test_segments(written):
    source = written
    segments = [source.segment(node) for node in source.tree.body]
    assert segments == [
        "z = x*y",
        'w = table["a  b"]',
        "for i in (range(3))",
        "if (x and y)",
        "while x",
        "if x and y",
        "with open(x) as table",
        "return max(z, w)",
    ]
    assert source.segment(source.tree.body[2].body[0]) == "z = z + 1"
    assert source.segment(source.tree.body[3].orelse[0]) == "elif x"
    assert source.segment(source.tree.body[0].value) == "x*y"
    assert source.segment(source.tree) == "def written(x, y, table)"


def test_segments_of_nodes_without_position():
    source = read(cube)
    assign = gast.Assign([gast.Name("a", gast.Store(), None, None)], gast.Constant(1, None), None)
    assert source.segment(assign) == "a = 1"
    assert source.segment(gast.Return(None)) == "return"
    assert source.location(gast.Return(None)).line == source.tree.lineno


def test_locations(written):
    source = written
    place = source.location(source.tree.body[1])
    assert place.filename == source.function.__code__.co_filename
    assert place.line == source.tree.lineno + 1
    assert place.text == '    z  =  x*y;  w = table["a  b"]'
    assert place.text[place.column : place.end_column] == 'w = table["a  b"]'
    assert place.function == "written"


def test_a_location_of_several_lines_ends_with_its_first(written):
    source = written
    place = source.location(source.tree.body[-1])
    assert place.text[place.column : place.end_column] == "return max("
