"""Exceptions that leave generated code: the library's own get their kind and the primal's line,
all others a note for each generated frame, the innermost first::

    in the primal: File "model.py", line 43, in callee
      called from: File "model.py", line 48, in loss
"""

from __future__ import annotations

import ast
import functools
import io
import itertools
import re
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import tangent.runtime
from tangent import errors
from tangent.runtime import Refusal
from tangent.syntax.program import Assign, every

_KINDS: dict[str, type[errors.TangentError]] = {"non-scalar": errors.NonScalarOutput}


@contextmanager
def explained(module: Any) -> Iterator[None]:
    """Run generated code; an exception names the primal's file and line."""
    try:
        yield
    except Refusal as refusal:
        kind = _KINDS.get(refusal.code, errors.InvalidArgument)
        found = _places(refusal, module, programs=False)
        location = found[0] if found else None
        error = kind(refusal.message, code=refusal.code, location=location, help=refusal.help)
        around = found[1:]
        if isinstance(refusal.error, errors.TangentError):  # of a function read at run time
            error = refusal.error
            around = found if error.location is not None else around
            error.location = error.location or location
        _note(error, ["  called from"] * len(found), around)
        raise error.with_traceback(refusal.__traceback__) from None
    except Exception as error:
        if not isinstance(error, errors.TangentError):
            found = _places(error, module)
            _note(error, ["in the primal", *["  called from"] * len(found)], found)
        raise


@contextmanager
def read_again(function: Any) -> Iterator[None]:
    """Transform `function`; a refusal of generated text also names the line of the primal."""
    try:
        yield
    except errors.TangentError as error:
        module = _module_of(function)
        here = error.location
        if module is not None and here is not None and here.filename == module.filename:
            _note(error, ["in the primal"], [place(module, here.function or "", here.line)])
        raise


def _note(error: BaseException, heads: list[str], places: list[errors.Location]) -> None:
    """One line for each place; a recursion that stays at one line is one line."""
    grouped = [(place, len(list(same))) for place, same in itertools.groupby(places)]
    for head, (place, times) in zip(heads, grouped, strict=False):
        again = f" ({times} times)" if times > 1 else ""
        name = f", in {place.function}" if place.function else ""
        error.add_note(f'  {head}: File "{place.filename}", line {place.line}{name}{again}')


def _places(error: BaseException, module: Any, programs: bool = True) -> list[errors.Location]:
    """The primal's line of each generated frame of the traceback, the innermost first; without
    `programs`, those by which functions of NumPy and SciPy are known are passed over.
    """
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        generated = code.co_filename == module.filename and code.co_name in module.written
        if generated and (programs or not _by_rule(module.written[code.co_name].unit)):
            found.append(place(module, code.co_name, trace.tb_lineno))
        trace = trace.tb_next
    return found[::-1]


def _by_rule(unit: Any) -> bool:
    """Is it a program that a rule gives, or the text of a library?"""
    home = str(unit.source.function.__module__)
    return home.startswith("tangent.rules.") or unit.library


# ---------------------------------------------------------------- a generated line -> the primal's


def place(module: Any, name: str, line: int) -> errors.Location:
    """The primal statement that a line of the generated function `name` comes from.

    The derivative of a derivative is followed down to the file that the user wrote.
    """
    written = module.written[name]
    if _computes_result(module, written.kind, line):
        number = _line_of_return(written.unit)
    else:
        number = primal_line(module.source, line)
    number = number or written.unit.tree.lineno
    function = written.unit.source.function
    inner = _module_of(function)
    if inner is not None and function.__name__ in inner.written:
        return place(inner, function.__name__, number)
    return _statement_at(written.unit, number)


def primal_of(function: Any, line: int) -> list[errors.Location]:
    """The primal statement behind a line of a generated function; none behind a user's own."""
    module = _module_of(function)
    known = module is not None and function.__name__ in module.written
    return [place(module, function.__name__, line)] if known else []


def primal_line(text: str, line: int) -> int | None:
    """The primal's line number that a generated line, or the nearest one above it, shows."""
    comments, starts = _comments_and_starts(text)
    for number in range(line, 0, -1):
        found = re.match(r"# (\d+)(?::|$)", comments.get(number, ""))
        if found:
            return int(found.group(1))
        if number in starts:
            return None
    return None


@functools.lru_cache(maxsize=32)
def _comments_and_starts(text: str) -> tuple[dict[int, str], frozenset[int]]:
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    comments = {t.start[0]: t.string for t in tokens if t.type == tokenize.COMMENT}
    starts = {t.start[0] for t in tokens if t.type == tokenize.NAME and t.string == "def"}
    return comments, frozenset(starts)


def _computes_result(module: Any, kind: str, line: int) -> bool:
    """Does a generated line compute what the primal returns?  Such a line carries no number."""
    statement = _generated_statement(module.source, line)
    if isinstance(statement, ast.Return):
        return kind in ("forward", "primal", "jvp")
    names = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name)]
    simple = isinstance(statement, ast.Assign)
    return simple and any(module.namespace.get(n) is tangent.runtime.seed for n in names)


@functools.lru_cache(maxsize=32)
def _generated_statement(text: str, line: int) -> ast.stmt:
    """The innermost statement at a line (a walk meets the outer ones first)."""
    around = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return around[-1]


def _line_of_return(unit: Any) -> int | None:
    """The line of the only `return`; with several, nobody knows which one it was."""
    program = unit.program
    lines = {
        s.origin.line
        for s in every(program.body)
        if isinstance(s, Assign) and s.target == program.result
    }
    return lines.pop() if len(lines) == 1 else None


def _statement_at(unit: Any, number: int) -> errors.Location:
    """The statement that begins at a line of the primal; without one, the whole line."""
    statements = [unit.tree, *(n for n in ast.walk(unit.tree) if isinstance(n, ast.stmt))]
    node = next((s for s in statements if getattr(s, "lineno", None) == number), None)
    if node is not None:
        location: errors.Location = unit.source.location(node)
    else:
        lines = unit.source.lines
        text = lines[number - 1].rstrip("\n") if 0 < number <= len(lines) else ""
        indent = len(text) - len(text.lstrip())
        name = unit.source.function.__qualname__
        location = errors.Location(
            unit.source.filename, number, indent, len(text.rstrip()), text, name
        )
    nested = unit.tree is not unit.source.tree
    return replace(location, function=unit.name) if nested else location


def _module_of(function: Any) -> Any:
    """The generated module that a function belongs to, if it was generated."""
    return getattr(function, "__globals__", {}).get("__tangent__")
