"""Trees as text: nothing changes on the way, comments stand where they should, long lines break."""

import ast
import copy
import pickle
import sysconfig
import tokenize
import warnings
from pathlib import Path
from textwrap import dedent

import gast
import pytest

from counting import growth, work
from tangent.syntax.printing import (
    NOTE_COLUMN,
    Comment,
    Noted,
    print_expression,
    print_header,
    print_source,
)
from tangent.syntax.wrapping import WIDTH

LIBRARY = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))


def parsed(text):
    with warnings.catch_warnings():
        # the standard library has a few odd escapes of its own
        warnings.simplefilter("ignore")
        return ast.parse(text)


def printed(text, width=WIDTH):
    return print_source(gast.ast_to_gast(parsed(text)), width)


def same(text, width=WIDTH):
    return ast.dump(parsed(text)) == ast.dump(parsed(printed(text, width)))


def lines(text):
    return dedent(text).lstrip("\n")


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
def test_the_standard_library_comes_back_unchanged(path):
    with tokenize.open(path) as file:
        assert same(file.read())


@pytest.mark.parametrize("path", LIBRARY[::12], ids=lambda path: path.name)
@pytest.mark.parametrize("width", [24, 50])
def test_breaking_lines_changes_nothing(path, width):
    with tokenize.open(path) as file:
        assert same(file.read(), width)


@pytest.mark.parametrize(
    "text",
    [
        "return_ = a, b",
        "a, b = f(x)",
        "a, = f(x)",
        "*a, b = c = d, e",
        "for x, y in zip(a, b):\n    pass",
        "def f():\n    return a, b",
        "x[1:, 0]",
        "x[..., None, ::-1] = y[:, i]",
        "x[i, *j]",
        "y = a - (b - c) * -d ** 2",
        "del x[0], y",
        "async def f():\n    async with a as b, c:\n        return await d",
        "with a as (b, c), d:\n    pass",
        "raise A(b) from None",
        "x: int = 3\n(y): int\nz.a: int",
        "try:\n    a\nexcept A as e:\n    b\nexcept (B, C):\n    c\nelse:\n    d\nfinally:\n    f",
        "try:\n    a\nexcept* A as e:\n    b",
        "def f(a, /, b: int=1, *c, d=2, **e) -> int:\n    'text'",
        "class A(B, metaclass=C):\n    'text'\n    @property\n    def f(self): 'more'",
        "if a:\n    b\nelif c:\n    d\nelse:\n    if e:\n        f\n    g",
        "while (a := b()):\n    break\nelse:\n    pass",
        "f'{a!r:>{b}} {{}} {c:.3f}'",
        "lambda a, *b, c=1, **d: (yield)",
        "from . import a as b, c\nfrom ..d import *\nimport e.f as g",
        "def f():\n    global a, b\n    def g():\n        nonlocal c\n    c = 1",
        "match a, b:\n    case [1, *_] | {'k': None, **r} if c:\n        pass\n"
        "    case A(x, y=-1j):\n        pass\n"
        "    case str() as s:\n        pass\n    case _:\n        pass",
        "'not a docstring'; x = '''two\nlines'''",
        "x = u'kind', b'bytes', 1e400, 3j, ...",
    ],
)
def test_a_statement_comes_back_unchanged(text):
    assert same(text)
    assert same(text, width=10)


def test_type_statements_come_back_unchanged():
    text = "type A[T: int, *Ts, **P] = dict[T, P]\ndef f[T](x: T) -> T: pass\nclass B[T]: pass"
    try:
        ast.parse(text)
    except SyntaxError:
        pytest.skip("type statements came with Python 3.12")
    assert same(text)


def test_tuples_have_no_needless_brackets():
    text = lines("""
        for x, y in zip(a, b):
            u, (v, w) = f(x)
            return u, v[1:, 0], (w,)
        """)
    assert printed(text) == text


def test_a_docstring_is_a_block():
    text = lines('''
        def f(x):
            """One line.

            More, with "quotes" and a \\\\ backslash.
            """
            return x
        ''')
    assert same(text)
    assert '    """One line.\n' in printed(text)


def test_blank_lines_around_definitions():
    text = lines("""
        import numpy as np


        def f(x):
            y = x

            def g():
                return y

            return g


        class A:
            def m(self):
                pass

            def n(self):
                pass


        a = f(1)
        """)
    assert printed(text) == text


def test_comments_and_notes():
    (function,) = gast.parse("def f(x):\n    for i in x:\n        y = i\n    return y").body
    loop, result = function.body
    loop.body = [Noted(loop.body[0], "store: overwritten at 3")]
    function.body = [Comment("forward"), Noted(loop, "2"), Comment(), Comment("backward"), result]
    assert print_source([Comment("generated"), Noted(function, "1")]) == lines("""
        # generated
        def f(x):                                    # 1
            # forward
            for i in x:                              # 2
                y = i                                # store: overwritten at 3

            # backward
            return y
        """)


def test_a_note_starts_at_its_column_or_after_longer_code():
    short, long = gast.parse(f"a = 1\n{'b' * 50} = 2").body
    first, second = print_source([Noted(short, "3"), Noted(long, "4")]).splitlines()
    assert first.index("#") == NOTE_COLUMN
    assert second == f"{'b' * 50} = 2  # 4"


def test_a_note_that_finds_no_room_goes_above():
    (statement,) = gast.parse(f"{'b' * 60} = 2").body
    note = "store: overwritten at 12, needed by 10, and again by 11"
    assert print_source(Noted(statement, note)) == f"# {note}\n{'b' * 60} = 2\n"


def test_a_note_does_not_enter_a_string():
    (statement,) = gast.parse('"""two\nlines"""').body
    tree = gast.Module([Noted(statement, "7")], [])
    assert ast.dump(ast.parse(print_source(tree))) == ast.dump(ast.parse('"""two\nlines"""'))


def test_a_note_on_an_elif():
    (branch,) = gast.parse("if a:\n    b\nelif c:\n    d\nelse:\n    e").body
    branch.orelse = [Noted(branch.orelse[0], "3")]
    assert print_source(Noted(branch, "1")) == lines("""
        if a:                                        # 1
            b
        elif c:                                      # 3
            d
        else:
            e
        """)


def test_a_block_of_comments_is_still_a_block():
    (loop,) = gast.parse("for x in y:\n    pass").body
    loop.body = [Comment("nothing to do")]
    assert print_source(loop) == "for x in y:\n    # nothing to do\n    pass\n"


def test_a_long_comment_is_broken():
    text = print_source(Comment("12: " + "word " * 40))
    assert all(line.startswith("# ") and len(line) <= WIDTH for line in text.splitlines())
    assert text.count("word") == 40


WRAPPED = """
def model_grad(
    first_weights, first_offsets, second_weights, second_offsets, x, *, result_bar=1.0, **options
):
    t1_bar = (
        result_bar_name * (1 - hidden_state_one * hidden_state_one)
        + other_long_name_here @ weights_long_name.T
    )
    x_bar[1:, 0] += np.einsum(
        pattern, some_long_function(argument_one, argument_two), another_argument_name, axis=-1
    )
    table = {
        'a': some_long_function(argument_one, argument_two),
        'b': another_argument_name,
        'c': -third_argument_name,
    }
    y = [
        some_long_function_name(value, other)
        for value, other in zip(first_long_list, second_long_list) if value > 0
    ]
    if (
        some_long_function(argument_one, argument_two) > 0
        and another_argument_name_x < third_arg_name_long
        or maybe_so
    ):
        raise ValueError(
            f'a string that is long, {long}, and that nobody {can} break {anywhere} in its middle',
            long,
        )
    return (
        first_weights_bar,
        first_offsets_bar,
        second_weights_bar,
        second_offsets_bar,
        x_bar * 2 + y_bar,
    )
"""


def test_long_lines_are_broken_inside_brackets():
    text = WRAPPED.lstrip("\n")
    assert printed(text) == text
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_what_cannot_be_broken_stays():
    text = f"x = {'a' * 120!r}\n"
    assert printed(text) == text


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("if a and b:\n    c", "if a and b"),
        ("for x, y in z:\n    c", "for x, y in z"),
        ("def f(x):\n    c", "def f(x)"),
        ("with a as b:\n    c", "with a as b"),
        ("try:\n    a\nexcept B:\n    c", "try"),
        ("x = y", "x = y"),
    ],
)
def test_headers(text, header):
    assert print_header(gast.parse(text).body[0]) == header


def test_expressions():
    tree = gast.parse("a[1:, 0], b * (c + d)").body[0].value
    assert print_expression(tree) == "a[1:, 0], b * (c + d)"


def test_printing_takes_work_as_the_text_is_long():
    def printing(count):
        tree = gast.parse("for i in x:\n" + "    y[i] = np.tanh(a @ y[i - 1]) + b\n" * count)
        return work(lambda: print_source(tree))

    printing(10)
    assert growth([printing(100), printing(200)]) < 2.1


def test_comments_and_notes_can_be_copied_and_visited():
    (statement,) = gast.parse("a = b").body
    nodes = [Comment("why"), Noted(statement, "3")]
    copied = copy.deepcopy(nodes)
    assert print_source(copied) == print_source(nodes)
    assert copied[1].statement is not statement
    assert pickle.loads(pickle.dumps(nodes))[0].text == "why"
    names = [n.id for n in gast.walk(gast.Module(nodes, [])) if isinstance(n, gast.Name)]
    assert names == ["a", "b"]
