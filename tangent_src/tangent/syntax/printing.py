"""Prints a tree as the text of a program, with comments.

Statements are printed here, expressions by `ast.unparse`, which brackets only what it must.  Three
nodes of our own stand in the statement lists of a `gast` tree: `Comment`, a line of its own,
`Noted`, a statement with a remark after it, and `Verbatim`, statements that no pass looks into.

    >>> tree = gast.parse("h = np.tanh(x @ W)")
    >>> print(print_source([Comment("forward"), Noted(tree.body[0], "10")]), end="")
    # forward
    h = np.tanh(x @ W)                           # 10
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import gast
from astunparse import Unparser

from tangent.syntax.wrapping import STEP, WIDTH, body, wrap, wrap_brackets

NOTE_COLUMN = 45


class Comment(ast.stmt):
    """A line `# text`; a blank line where the text is empty."""

    _fields = ("text",)

    def __init__(self, text: str = "") -> None:
        self.text = text


class Noted(ast.stmt):
    """A statement with a remark after it; of a compound statement, after its header."""

    _fields = ("statement", "note")

    def __init__(self, statement: Any = None, note: str = "") -> None:
        self.statement = statement
        self.note = note


class Verbatim(ast.stmt):
    """Statements that stay together as the user wrote them."""

    _fields = ("body",)

    def __init__(self, body: list[Any] | None = None) -> None:
        self.body = body or []


def print_source(nodes: Any, width: int = WIDTH) -> str:
    """The text of a `gast.Module`, a statement, or a list of statements; it ends with a newline.

    Lines longer than `width` columns are broken inside brackets.  What cannot be broken, such as a
    string, stays long.
    """
    printer = _Printer(width)
    if isinstance(nodes, gast.Module):
        return printer.text(nodes.body, docstring=True)
    return printer.text(nodes if isinstance(nodes, (list, tuple)) else [nodes])


def print_expression(node: Any) -> str:
    """The text of an expression in one line, without outer brackets around a tuple."""
    if isinstance(node, gast.Tuple) and node.elts:
        comma = "," if len(node.elts) == 1 else ""
        return ", ".join(map(_plain, node.elts)) + comma
    return _plain(node)


def print_header(node: Any) -> str:
    """The text of a statement; of a compound one its header, without the colon."""
    printer = _Printer(sys.maxsize, headers_only=True)
    text = printer.text([node]).strip()
    return text.removesuffix(":")


def _plain(node: Any) -> str:
    """The text of any expression or small part of a statement; the commonest ones the short way."""
    if isinstance(node, gast.Name):
        return str(node.id)
    return ast.unparse(_native(node))


def _native(node: Any) -> Any:
    """An expression, or a statement that holds one, as a tree of Python's own nodes."""
    kind = type(node)
    if kind is gast.Name:
        return ast.Name(node.id, node.ctx)
    if kind is gast.arguments:
        return gast.gast_to_ast(node)
    if not kind._fields:  # an operator
        return node
    made = getattr(ast, kind.__name__)
    new = made.__new__(made)  # its fields follow; newer Pythons want them at once
    for field in kind._fields:
        value = getattr(node, field, None)
        if type(value) is list:
            value = [_native(v) if isinstance(v, ast.AST) else v for v in value]
        elif isinstance(value, ast.AST):
            value = _native(value)
        setattr(new, field, value)
    return new


def _joined(nodes: Iterable[Any]) -> str:
    return ", ".join(map(_plain, nodes))


class _Printer(Unparser):  # type: ignore[misc]  # astunparse has no stubs
    """Statements; every line goes through `_statement` or `_raw`."""

    def __init__(self, width: int, headers_only: bool = False) -> None:
        self._width = width
        self._lines: list[str] = []
        self._indent = 0
        self._note = ""
        self._headers_only = headers_only

    def text(self, statements: Sequence[Any], docstring: bool = False) -> str:
        self._statements(statements, docstring)
        return "\n".join(self._lines) + "\n" if self._lines else ""

    # ------------------------------------------------------------ lines

    def _raw(self, line: str) -> None:
        self._lines.append(STEP * self._indent + line)

    def _statement(
        self,
        head: str,
        value: str = "",
        tail: str = "",
        breaking: Callable[[str, str, str, str, int], list[str]] = wrap,
    ) -> None:
        """One statement or header, broken if it is too long, with the remark that waits for it."""
        first, *rest = breaking(STEP * self._indent, head, value, tail, self._width)
        self._lines += [self._with_note(first), *rest]

    def _with_note(self, line: str) -> str:
        note, self._note = self._note, ""
        if not note:
            return line
        noted = f"{line.ljust(NOTE_COLUMN - 2)}  # {note}"
        if len(noted) <= self._width and "\n" not in line:
            return noted
        self._comment(note)
        return line

    def _comment(self, text: str) -> None:
        width = max(self._width - len(STEP) * self._indent - 2, 40)
        for line in textwrap.wrap(
            text,
            width,
            subsequent_indent=STEP,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
            drop_whitespace=True,
        ):
            self._raw(f"# {line}")

    # ------------------------------------------------------------ lists of statements

    def _statements(self, statements: Sequence[Any], docstring: bool = False) -> None:
        before: Any = None
        for position, statement in enumerate(statements):
            self._blank_lines(before, statements, position)
            if position == 0 and docstring and _is_string(statement):
                self._docstring(statement.value.value)
            else:
                self.dispatch(statement)
            before = statement

    def _blank_lines(self, before: Any, statements: Sequence[Any], position: int) -> None:
        """Around a definition: two at the outermost level, one inside; comments stay with it."""
        if before is None or _is_comment(before):
            return
        if _is_definition(before) or _is_definition(_after_comments(statements, position)):
            wanted = 1 if self._indent else 2
            here = statements[position]
            if isinstance(here, Comment) and not here.text:
                wanted -= 1
            self._lines += [""] * wanted

    def _block(self, statements: Sequence[Any], docstring: bool = False) -> None:
        if self._headers_only:
            return
        self._indent += 1
        self._statements(statements, docstring)
        if all(isinstance(s, Comment) for s in statements):
            self._raw("pass")
        self._indent -= 1

    def _docstring(self, text: str) -> None:
        quoted = ast.unparse(ast.Module([ast.Expr(ast.Constant(text))], []))
        self._statement(quoted)

    def _Comment(self, node: Comment) -> None:
        if node.text:
            self._comment(node.text)
        else:
            self._lines.append("")

    def _Noted(self, node: Noted) -> None:
        self._note = node.note
        self.dispatch(node.statement)

    def _Verbatim(self, node: Verbatim) -> None:
        self._statements(node.body)

    # ------------------------------------------------------------ simple statements

    def _Expr(self, node: Any) -> None:
        text = ast.unparse(_native(node))
        self._statement("", text)

    def _Assign(self, node: Any) -> None:
        *others, last = node.targets
        head = "".join(f"{print_expression(target)} = " for target in others)
        value = print_expression(node.value)
        room = max(len(STEP), len(value) if isinstance(node.value, gast.Name) else 0)
        self._statement(self._target(head, last, " = ", room), value)

    def _target(self, head: str, target: Any, tail: str, room: int = len(STEP)) -> str:
        """The head of a statement that binds `target`; of a pattern that is too long, the rest.

        `room` is what the value needs on its first line.
        """
        text = print_expression(target)
        long = len(STEP) * self._indent + len(head + text + tail) > self._width - room
        if not (long and isinstance(target, gast.Tuple)):
            return f"{head}{text}{tail}"
        indent = STEP * self._indent
        self._lines += [
            self._with_note(f"{indent}{head}("),
            *body(indent + STEP, text, self._width),
        ]
        return f"){tail}"

    def _AugAssign(self, node: Any) -> None:
        operator = self.binop[type(node.op).__name__]
        self._statement(f"{_plain(node.target)} {operator}= ", print_expression(node.value))

    def _AnnAssign(self, node: Any) -> None:
        target = _plain(node.target)
        if not node.simple and isinstance(node.target, gast.Name):
            target = f"({target})"
        head = f"{target}: {_plain(node.annotation)}"
        if node.value is None:
            self._statement(head)
        else:
            self._statement(f"{head} = ", print_expression(node.value))

    def _Return(self, node: Any) -> None:
        if node.value is None:
            self._statement("return")
        else:
            self._statement("return ", print_expression(node.value))

    def _Delete(self, node: Any) -> None:
        self._statement("del ", _joined(node.targets), "", wrap_brackets)

    def _Raise(self, node: Any) -> None:
        if node.exc is None:
            self._statement("raise")
            return
        cause = f" from {_plain(node.cause)}" if node.cause else ""
        self._statement("raise ", _plain(node.exc), cause)

    def _Assert(self, node: Any) -> None:
        message = f", {_plain(node.msg)}" if node.msg else ""
        self._statement("assert ", _plain(node.test), message)

    def _Import(self, node: Any) -> None:
        self._statement("import " + _joined(node.names))

    def _ImportFrom(self, node: Any) -> None:
        head = f"from {'.' * (node.level or 0)}{node.module or ''} import "
        self._statement(head, _joined(node.names))

    def _Global(self, node: Any) -> None:
        self._statement("global " + ", ".join(node.names))

    def _Nonlocal(self, node: Any) -> None:
        self._statement("nonlocal " + ", ".join(node.names))

    def _Pass(self, node: Any) -> None:
        self._statement("pass")

    def _Break(self, node: Any) -> None:
        self._statement("break")

    def _Continue(self, node: Any) -> None:
        self._statement("continue")

    def _TypeAlias(self, node: Any) -> None:
        head = f"type {node.name.id}{_type_parameters(node)} = "
        self._statement(head, _plain(node.value))

    # ------------------------------------------------------------ compound statements

    def _If(self, node: Any, keyword: str = "if") -> None:
        self._statement(f"{keyword} ", _plain(node.test), ":")
        self._block(node.body)
        if self._headers_only or not node.orelse:
            return
        only = node.orelse[0] if len(node.orelse) == 1 else None
        nested = only.statement if isinstance(only, Noted) else only
        if isinstance(nested, gast.If):
            self._note = only.note if isinstance(only, Noted) else ""
            self._If(nested, "elif")
        else:
            self._else(node.orelse)

    def _else(self, statements: Sequence[Any]) -> None:
        if statements and not self._headers_only:
            self._raw("else:")
            self._block(statements)

    def _While(self, node: Any) -> None:
        self._statement("while ", _plain(node.test), ":")
        self._block(node.body)
        self._else(node.orelse)

    def _For(self, node: Any, keyword: str = "for") -> None:
        head = self._target(f"{keyword} ", node.target, " in ")
        self._statement(head, print_expression(node.iter), ":")
        self._block(node.body)
        self._else(node.orelse)

    def _AsyncFor(self, node: Any) -> None:
        self._For(node, "async for")

    def _With(self, node: Any, keyword: str = "with") -> None:
        self._statement(f"{keyword} ", _joined(node.items), ":", wrap_brackets)
        self._block(node.body)

    def _AsyncWith(self, node: Any) -> None:
        self._With(node, "async with")

    def _Try(self, node: Any, star: str = "") -> None:
        self._statement("try:")
        self._block(node.body)
        if self._headers_only:
            return
        for handler in node.handlers:
            self._handler(handler, star)
        self._else(node.orelse)
        if node.finalbody:
            self._raw("finally:")
            self._block(node.finalbody)

    def _TryStar(self, node: Any) -> None:
        self._Try(node, "*")

    def _handler(self, node: Any, star: str) -> None:
        kind = f" {_plain(node.type)}" if node.type else ""
        name = f" as {node.name.id}" if node.name else ""
        self._statement(f"except{star}", kind, f"{name}:", wrap_brackets)
        self._block(node.body)

    def _Match(self, node: Any) -> None:
        self._statement("match ", _plain(node.subject), ":", wrap_brackets)
        if self._headers_only:
            return
        self._indent += 1
        for case in node.cases:
            guard = f" if {_plain(case.guard)}" if case.guard else ""
            self._statement("case ", _plain(case.pattern), f"{guard}:", wrap_brackets)
            self._block(case.body)
        self._indent -= 1

    # ------------------------------------------------------------ definitions

    def _FunctionDef(self, node: Any, keyword: str = "def") -> None:
        self._decorators(node)
        returns = f" -> {_plain(node.returns)}" if node.returns else ""
        head = f"{keyword} {node.name}{_type_parameters(node)}"
        self._statement(head, f"({_plain(node.args)})", f"{returns}:", wrap_brackets)
        self._block(node.body, docstring=True)

    def _AsyncFunctionDef(self, node: Any) -> None:
        self._FunctionDef(node, "async def")

    def _ClassDef(self, node: Any) -> None:
        self._decorators(node)
        bases = _joined([*node.bases, *node.keywords])
        head = f"class {node.name}{_type_parameters(node)}"
        self._statement(head, f"({bases})" if bases else "", ":", wrap_brackets)
        self._block(node.body, docstring=True)

    def _decorators(self, node: Any) -> None:
        if not self._headers_only:
            for decorator in node.decorator_list:
                self._raw(f"@{_plain(decorator)}")


def _type_parameters(node: Any) -> str:
    parameters = getattr(node, "type_params", None)
    return f"[{_joined(parameters)}]" if parameters else ""


def _is_string(node: Any) -> bool:
    return (
        isinstance(node, gast.Expr)
        and isinstance(node.value, gast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_comment(node: Any) -> bool:
    return isinstance(node, Comment) and bool(node.text)


def _is_definition(node: Any) -> bool:
    if isinstance(node, Noted):
        node = node.statement
    return isinstance(node, gast.FunctionDef | gast.AsyncFunctionDef | gast.ClassDef)


def _after_comments(statements: Sequence[Any], position: int) -> Any:
    """The first statement from `position` on that is no comment."""
    for later in range(position, len(statements)):
        if not _is_comment(statements[later]):
            return statements[later]
    return None
