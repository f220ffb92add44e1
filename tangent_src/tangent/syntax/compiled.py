"""Which part of a file a code object was compiled from, and whether it still says the same.

A file is parsed and compiled once for each text.  A `def` is found by its first line and name; a
`lambda` by the columns of its instructions, since several may stand on one line.
"""

from __future__ import annotations
import __future__

import ast
import threading
import types
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from tangent.syntax.trees import room_for

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_FUTURE_FLAGS = reduce(
    or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)
_COMPARED = (
    "co_code",
    "co_names",
    "co_varnames",
    "co_freevars",
    "co_cellvars",
    "co_flags",
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_name",
    "co_exceptiontable",
)
_warnings_lock = threading.Lock()


@dataclass(frozen=True)
class Found:
    """A function's node, and the class whose private names it mangles."""

    node: FunctionNode
    class_name: str | None


@dataclass(frozen=True)
class Ambiguous:
    """Several lambdas stand on the line, and nothing tells them apart."""


@dataclass(frozen=True, eq=False)
class ParsedFile:
    """A file's text and tree; `functions` maps a first line and a name to what stands there."""

    filename: str
    text: str
    tree: ast.Module
    functions: Mapping[tuple[int, str], tuple[Found, ...]]


@lru_cache(maxsize=64)
def parse(filename: str, text: str) -> ParsedFile:
    """The parsed file; raises `SyntaxError` or `ValueError` if the text is not Python."""
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, filename)
    functions: dict[tuple[int, str], tuple[Found, ...]] = {}
    for found in _functions(tree, None):
        key = _first_line(found.node), getattr(found.node, "name", "<lambda>")
        functions[key] = (*functions.get(key, ()), found)
    return ParsedFile(filename, text, tree, functions)


def find(file: ParsedFile, code: types.CodeType) -> Found | Ambiguous | None:
    """The node that `code` was compiled from; `None` if compiling the file gives another code."""
    candidates = file.functions.get((code.co_firstlineno, code.co_name), ())
    if not candidates:
        return None
    found = candidates[0] if len(candidates) == 1 else _lambda(candidates, code)
    if found is None or isinstance(found, Ambiguous):
        return found
    if _asserts_rewritten(code):
        return found
    same_place = _codes(file, code.co_flags & _FUTURE_FLAGS).get(_place(code), ())
    for other in same_place:
        if equal(code, other) and (len(candidates) == 1 or _lambda(candidates, other) == found):
            return found
    return None


def equal(code: types.CodeType, other: types.CodeType) -> bool:
    """Whether two code objects do the same, positions and file names aside."""
    return all(
        getattr(code, name) == getattr(other, name) for name in _COMPARED
    ) and _equal_constants(code.co_consts, other.co_consts)


def _equal_constants(one: Any, other: Any) -> bool:
    """Equality of constants that tells `1`, `1.0` and `True` apart, and `0.0` from `-0.0`."""
    if type(one) is not type(other):
        return False
    if isinstance(one, types.CodeType):
        return equal(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_equal_constants, one, other))
    if isinstance(one, frozenset):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return repr(one) == repr(other)


def _functions(node: ast.AST, class_name: str | None) -> Iterator[Found]:
    """Every function below `node`, in the order of the text."""
    todo = [(node, class_name)]
    while todo:
        here, inside = todo.pop()
        if isinstance(here, FunctionNode) and here is not node:
            yield Found(here, inside)
        if isinstance(here, ast.ClassDef):
            inner = here.name if here.name.strip("_") else None
            below = [(n, inside) for n in (*here.decorator_list, *here.bases, *here.keywords)]
            below += [(n, inner) for n in here.body]
        else:
            below = [(n, inside) for n in ast.iter_child_nodes(here)]
        todo += reversed(below)


def _first_line(node: FunctionNode) -> int:
    """The first line of the code object: that of the first decorator, if there is one."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


@lru_cache(maxsize=64)
def _codes(file: ParsedFile, flags: int) -> dict[tuple[str, int], tuple[types.CodeType, ...]]:
    """Every code object of the file, by qualified name and first line."""
    # a notebook's cell may await at top level
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with _warnings_lock, warnings.catch_warnings(), room_for(file.tree):
            warnings.simplefilter("ignore")
            module = compile(file.tree, file.filename, "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        return {}
    codes: dict[tuple[str, int], tuple[types.CodeType, ...]] = {}
    for code in _nested(module):
        codes[_place(code)] = (*codes.get(_place(code), ()), code)
    return codes


def _place(code: types.CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _nested(constant)


def _lambda(candidates: tuple[Found, ...], code: types.CodeType) -> Found | Ambiguous | None:
    """The lambda whose body holds the positions of every instruction; the innermost, if nested."""
    spans = list(_spans(code))
    if not spans:
        return _lambda_by_code(candidates, code)
    holding = [found for found in candidates if all(_holds(_body(found), span) for span in spans)]
    return min(holding, key=lambda found: _size(_body(found)), default=None)


def _lambda_by_code(
    candidates: tuple[Found, ...], code: types.CodeType
) -> Found | Ambiguous | None:
    """The lambda that compiles to `code`.

    Some code has no columns: constants on Python 3.12, everything under `-X no_debug_ranges`.
    """
    same = [found for found in candidates if _same_alone(found.node, code)]
    if len({ast.dump(found.node) for found in same}) > 1:
        return Ambiguous()
    return same[0] if same else Ambiguous()


def _same_alone(node: Any, code: types.CodeType) -> bool:
    """Whether the lambda gives this code by itself; never so if it reads a closure."""
    expression = compile(ast.Expression(node), "<lambda>", "eval")
    alone = [c for c in _nested(expression) if c.co_qualname == "<lambda>"][-1]
    return alone.co_code == code.co_code and _equal_constants(
        (alone.co_consts, alone.co_names, alone.co_varnames),
        (code.co_consts, code.co_names, code.co_varnames),
    )


Span = tuple[tuple[int, int], tuple[int, int]]


def _spans(code: types.CodeType) -> Iterator[Span]:
    """The ranges of text that the instructions stand for, without those of the frame's own."""
    for line, end_line, column, end_column in code.co_positions():
        if line is None or end_line is None or column is None or end_column is None:
            continue
        if (line, column) != (end_line, end_column):
            yield (line, column), (end_line, end_column)


def _body(found: Found) -> Any:
    return found.node.body


def _holds(body: Any, span: Span) -> bool:
    start, end = span
    return (body.lineno, body.col_offset) <= start and end <= (body.end_lineno, body.end_col_offset)


def _size(body: Any) -> tuple[int, int]:
    return body.end_lineno - body.lineno, body.end_col_offset - body.col_offset


def _asserts_rewritten(code: types.CodeType) -> bool:
    """Whether pytest rewrote an `assert` of this function: then its code cannot be compared."""
    return "@pytest_ar" in code.co_names or any(map(_asserts_rewritten, _nested(code)))
