"""The source of a function: its text, its tree, and proof that this text is what runs.

`read` takes the file that the function's code object names, finds the one `def` or `lambda` in it,
and compiles the file again.  The tree is handed out only if that gives the function's own code
object.  A file that was edited after its import is refused, and so is a function whose code was
replaced.

    >>> def area(r):  # a circle
    ...     return 3.14159 * r ** 2
    >>> source = read(area)
    >>> source.tree.name, source.segment(source.tree.body[0])
    ('area', 'return 3.14159 * r ** 2')
"""

from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import gast

from tangent.errors import Location, SourceMismatch, SourceUnavailable, UnsupportedSyntax
from tangent.syntax import compiled
from tangent.syntax.printing import print_expression, print_header
from tangent.syntax.trees import room_for

LAMBDA_NAME = "lambda_"


class Line(int):
    """A line of a function whose statements were written into another one: it knows its source,
    and the trees of the functions that were written into one another there.
    """

    source: Source
    around: tuple[Any, ...]

    def __new__(cls, number: int, source: Source, around: tuple[Any, ...] = ()) -> Line:
        made = super().__new__(cls, number)
        made.source, made.around = source, around
        return made

    def __deepcopy__(self, memo: Any) -> Line:
        return self


@dataclass(frozen=True, eq=False)
class Source:
    """The text of one function.

    `tree` is a `gast.FunctionDef` of the reader's own, free to change; its nodes carry the line
    numbers and columns of the file.  Decorators are dropped; a `lambda` becomes a function named
    `lambda_` with one `return`; private names (`__x` in a class) are mangled.
    """

    tree: gast.FunctionDef
    filename: str
    lines: tuple[str, ...]
    function: types.FunctionType

    def location(self, node: ast.AST) -> Location:
        """Where `node` stands in the file; a node without position stands at the `def` line."""
        name = self.function.__qualname__
        line = getattr(node, "lineno", None)
        if isinstance(line, Line) and line.source is not self:
            return line.source.location(node)
        if line is None:
            line = self.tree.lineno
            return Location(self.filename, line, text=self._line(line), function=name)
        start, end = self._columns(node)
        return Location(self.filename, line, start, end, self._line(line), name)

    def segment(self, node: ast.AST) -> str:
        """The text of `node` in one line, without comments; of a compound statement the header."""
        if isinstance(node, (ast.mod, ast.expr_context)) or not hasattr(node, "lineno"):
            return _reprinted(node)
        if isinstance(node.lineno, Line) and node.lineno.source is not self:
            return node.lineno.source.segment(node)
        if _is_body_of_lambda(node):
            return self.segment(node.value)  # type: ignore[attr-defined]
        last = _last_of_header(node)
        if last is None or self._is_comprehension(node):
            return self._between(node, node) or _reprinted(node)
        return self._header(node, last) or _reprinted(node)

    def _is_comprehension(self, node: Any) -> bool:
        """Is it the loop that a comprehension became, in the place of that?"""
        line = self._line(node.lineno)
        return line[_characters(line, node.col_offset) :][:1] in ("[", "(", "{")

    def _line(self, number: int) -> str:
        return self.lines[number - 1].rstrip("\n") if 0 < number <= len(self.lines) else ""

    def _columns(self, node: Any) -> tuple[int, int]:
        """First and last column in characters; a tree counts bytes."""
        line = self._line(node.lineno)
        start = _characters(line, node.col_offset)
        if node.end_lineno != node.lineno or node.end_col_offset is None:
            return start, len(line.rstrip())
        return start, _characters(line, node.end_col_offset)

    def _between(self, first: Any, last: Any) -> str:
        """The text from the start of one node to the end of another; empty if not on one line."""
        if last.end_lineno != first.lineno:
            return ""
        line = self._line(first.lineno)
        start = _characters(line, first.col_offset)
        end = _characters(line, last.end_col_offset)
        return _single_spaced(line[start:end])

    def _header(self, node: Any, last: Any) -> str:
        """The text up to the colon; after the last expression only brackets close before it."""
        if getattr(last, "end_lineno", None) != node.lineno:
            return ""
        line = self._line(node.lineno)
        end = _characters(line, last.end_col_offset)
        colon = line.find(":", end)
        return _single_spaced(line[_characters(line, node.col_offset) : max(colon, end)])


def read(function: Callable[..., Any]) -> Source:
    """The source of `function`, checked against its code object.

    Raises `SourceUnavailable` where there is no text, `SourceMismatch` where the text is not what
    runs, and `UnsupportedSyntax` for an `async def`.
    """
    plain = _plain_function(function)
    code = plain.__code__
    lines = _file_lines(plain)
    try:
        file = compiled.parse(code.co_filename, "".join(lines))
    except (SyntaxError, ValueError):
        _mismatch(plain)
    found = compiled.find(file, code)
    if found is None:
        _mismatch(plain)
    if isinstance(found, compiled.Ambiguous):
        _ambiguous(plain, lines)
    source = Source(_function_tree(found), code.co_filename, lines, plain)
    if isinstance(found.node, ast.AsyncFunctionDef):
        raise UnsupportedSyntax(
            "an `async def` cannot be differentiated",
            code="async",
            location=source.location(found.node),
            help="move the computation into an ordinary function and differentiate that",
        )
    return source


def _plain_function(function: Any) -> types.FunctionType:
    if isinstance(function, types.MethodType):
        function = function.__func__
    if isinstance(function, types.FunctionType):
        return function
    name = getattr(function, "__name__", None) or type(function).__name__
    if hasattr(function, "__wrapped__"):
        raise SourceUnavailable(
            f"`{name}` is a {type(function).__name__} around a function, not the function itself",
            code="wrapped",
            help=f"pass `{name}.__wrapped__` if what the wrapper adds is not to be differentiated",
        )
    raise SourceUnavailable(
        f"`{name}` is a {type(function).__name__} without Python source",
        code="no-source",
        help="pass a function written with `def` or `lambda`, or register a rule for this one",
    )


def _file_lines(function: types.FunctionType) -> tuple[str, ...]:
    code = function.__code__
    linecache.checkcache(code.co_filename)
    # through the module, since doctest replaces `linecache.getlines` while its examples run
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        raise SourceUnavailable(
            f"the source of `{function.__qualname__}` is not available",
            code="no-source",
            location=Location(code.co_filename, code.co_firstlineno),
            help="define it in a file or a notebook, or put its text into `linecache`",
        )
    return tuple(lines)


def _mismatch(function: types.FunctionType) -> NoReturn:
    code = function.__code__
    line = linecache.getline(code.co_filename, code.co_firstlineno, function.__globals__)
    raise SourceMismatch(
        f"the source of `{function.__qualname__}` is not what it was compiled from",
        code="source-changed",
        location=Location(code.co_filename, code.co_firstlineno, text=line.rstrip("\n")),
        help="import the file again if it was edited; if a decorator or an import hook rewrites "
        "the function, differentiate the original",
    )


def _ambiguous(function: types.FunctionType, lines: tuple[str, ...]) -> NoReturn:
    line = function.__code__.co_firstlineno
    raise SourceUnavailable(
        "there are several lambdas on this line, and Python does not say which one this is",
        code="ambiguous-lambda",
        location=Location(function.__code__.co_filename, line, text=lines[line - 1].rstrip("\n")),
        help="write each on a line of its own, or use `def`",
    )


def _function_tree(found: compiled.Found) -> gast.FunctionDef:
    node = found.node
    with room_for(node):
        tree = gast.ast_to_gast(node)
    if isinstance(node, ast.Lambda):
        result = gast.copy_location(gast.Return(value=tree.body), tree.body)
        definition = gast.FunctionDef(
            name=LAMBDA_NAME,
            args=tree.args,
            body=[result],
            decorator_list=[],
            returns=None,
            type_comment=None,
            type_params=[],
        )
        tree = gast.copy_location(definition, tree)
    tree.decorator_list = []
    if found.class_name is not None:
        _Mangle(found.class_name).function(tree)
    return tree


class _Mangle(gast.NodeVisitor):  # type: ignore[misc]  # gast has no stubs
    """Spells private names as the compiler does in `class_name`: the tree will leave its class."""

    def __init__(self, class_name: str) -> None:
        self.prefix = "_" + class_name.lstrip("_")

    def function(self, tree: Any) -> None:
        """Everything inside the function; its own name is the business of the class."""
        self.generic_visit(tree)

    def mangled(self, name: Any) -> Any:
        private = isinstance(name, str) and name.startswith("__") and not name.endswith("__")
        return self.prefix + name if private and "." not in name else name

    def generic_visit(self, node: Any) -> None:
        for field in ("id", "attr", "arg", "asname"):
            if hasattr(node, field):
                setattr(node, field, self.mangled(getattr(node, field)))
        super().generic_visit(node)

    def visit_FunctionDef(self, node: Any) -> None:
        node.name = self.mangled(node.name)
        self.generic_visit(node)

    def visit_Global(self, node: Any) -> None:
        node.names = [self.mangled(name) for name in node.names]

    def visit_Nonlocal(self, node: Any) -> None:
        self.visit_Global(node)

    def visit_ClassDef(self, node: Any) -> None:
        """A class inside the function mangles by its own name."""


def _is_body_of_lambda(node: Any) -> bool:
    """Whether it is a `return` that nobody wrote: it begins where its value does."""
    return (
        isinstance(node, gast.Return) and getattr(node.value, "col_offset", None) == node.col_offset
    )


def _reprinted(node: Any) -> str:
    """The text of a node that has none in the file, or has it on several lines."""
    text: str = print_header(node) if isinstance(node, ast.stmt) else print_expression(node)
    return " ".join(line.strip() for line in text.splitlines())


def _last_of_header(node: Any) -> Any:
    """The last expression before the colon of a compound statement; `None` for any other node."""
    match node:
        case gast.If() | gast.While():
            return node.test
        case gast.For() | gast.AsyncFor():
            return node.iter
        case gast.With() | gast.AsyncWith():
            return node.items[-1].optional_vars or node.items[-1].context_expr
        case gast.Match():
            return node.subject
        case gast.FunctionDef() | gast.ClassDef() | gast.Try() | gast.TryStar():
            return node  # ends on another line, or is rare: printed instead
    return None


def _characters(line: str, offset: int) -> int:
    """A column in characters, from an offset in UTF-8 bytes."""
    if line.isascii():
        return offset
    return len(line.encode()[:offset].decode(errors="replace"))


def _single_spaced(text: str) -> str:
    """One space where the file lines things up, unless the spaces may stand in a string."""
    return text if "'" in text or '"' in text else " ".join(text.split())
