"""Every node class of Python's grammar: differentiated rightly, or refused by name at its place."""

import ast
import linecache

import pytest

import checks
import tangent
from grammar import OPERATIONS, PROGRAMS
from tangent import TangentError, grad

# not made by the parser of a module, or kept by `ast` for old programs only
OTHERS = {"AugLoad", "AugStore", "ExtSlice", "Index", "Num", "Str", "Bytes", "NameConstant"}
OTHERS |= {"Ellipsis", "Param", "Suite", "FunctionType", "TypeIgnore"}
OTHERS |= {"Module", "Interactive", "Expression", "mod", "slice", "type_ignore"}


def node_classes():
    """The classes that stand in trees: those without subclasses of their own."""
    found, todo = set(), [ast.AST]
    while todo:
        kind = todo.pop()
        inner = [c for c in kind.__subclasses__() if c.__module__ in ("ast", "_ast")]
        todo += inner
        if not [c for c in inner if c.__name__ not in OTHERS]:
            found.add(kind.__name__)
    return found - OTHERS


HERE = {name for name in PROGRAMS if hasattr(ast, name)}
CASES = [(name, text) for name in sorted(HERE) for text in PROGRAMS[name]]
IDS = [f"{name}-{i}" for name in sorted(HERE) for i in range(len(PROGRAMS[name]))]


def test_every_node_class_has_a_program():
    assert node_classes() - PROGRAMS.keys() == set()


@pytest.mark.parametrize(("name", "text"), CASES, ids=IDS)
def test_a_program_holds_its_node(name, text):
    assert any(type(node).__name__ == name for node in ast.walk(ast.parse(text)))


def loaded(name, text):
    file = f"<a program with {name}, {len(linecache.cache)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {"__name__": "grammar_of_python"}
    exec(compile(text, file, "exec"), namespace)
    return namespace["f"]


@pytest.mark.parametrize(("name", "text"), CASES, ids=IDS)
def test_differentiated_or_refused_by_name(name, text):
    function = loaded(name, text)
    try:
        found = grad(function)(1.5)
    except TangentError as error:
        check_refusal(error, function, text)
    else:
        checks.check_value((found,), function, (1.5,), (0,))


@pytest.mark.parametrize("text", OPERATIONS, ids=range(len(OPERATIONS)))
def test_an_operation_is_differentiated_or_refused(text):
    function = loaded("an operation", text)
    try:
        found = grad(function)(1.5)
    except TangentError as error:
        check_clear(error, function)
    else:
        checks.check_value((found,), function, (1.5,), (0,))


def check_refusal(error, function, text):
    line, words = mark(text)
    check_clear(error, function)
    assert error.location.line == line, error
    assert words in error.message, error
    source, caret = str(error).splitlines()[2:4]
    assert caret.strip(), error
    assert set(caret.strip()) == {"^"}, error
    assert len(caret) <= len(source), "the caret ends behind its code"


def check_clear(error, function):
    assert not isinstance(error, tangent.BrokenInvariant), error
    assert error.location is not None, error
    assert error.location.filename == function.__code__.co_filename, error
    assert error.help, error
    assert "^" in str(error), error


def mark(text):
    """The line that a refusal must name, and words of its message."""
    for number, line in enumerate(text.splitlines(), 1):
        if "# <-" in line:
            return number, line.partition("# <-")[2].strip()
    raise AssertionError("a program without a mark was refused")
