"""Every exception of the library.

Each says what was met, at the user's own line, and what to write instead::

      File "model.py", line 14
        yield y.sum()
        ^^^^^^^^^^^^^
    tangent.UnsupportedSyntax: a generator cannot be differentiated [generator]
    help: collect the values in a list and return it

The word in brackets is the `code`: it never changes, so it can be searched for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Location:
    """A place in the user's source.

    `line` counts from 1, as in a traceback; `column` and `end_column` count characters from 0.
    `text` is the whole source line, with its indentation.
    """

    filename: str
    line: int
    column: int | None = None
    end_column: int | None = None
    text: str = ""
    function: str | None = None

    def __str__(self) -> str:
        place = f'  File "{self.filename}", line {self.line}'
        if self.function:
            place += f", in {self.function}"
        return "\n".join([place, *self._excerpt()])

    def _excerpt(self) -> list[str]:
        """The source line and the carets below it, both without the line's indentation."""
        code = self.text.strip()
        if not code:
            return []
        if self.column is None:
            return [f"    {code}"]
        indent = len(self.text) - len(self.text.lstrip())
        start = max(self.column - indent, 0)
        end = len(code) if self.end_column is None else min(self.end_column - indent, len(code))
        # a tab stays a tab, so that the carets stand below what they mean
        blank = "".join(c if c == "\t" else " " for c in code[:start])
        return [f"    {code}", f"    {blank}{'^' * max(end - start, 1)}"]


class TangentError(Exception):
    """The base of every exception that the library raises on purpose.

    `message` says what was met, `code` is the word to search for, `location` is where (or `None`),
    `help` what to write instead (or `None`).
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        location: Location | None = None,
        help: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.location = location
        self.help = help

    def __str__(self) -> str:
        parts = [self._title()]
        if self.location is not None:
            parts.append(str(self.location))
        if self.help:
            parts.append(f"help: {self.help}")
        return "\n".join(parts)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = (type(self), self.message, self.code, self.location, self.help)
        return _rebuild, fields, self.__dict__

    def _title(self) -> str:
        return f"{self.message} [{self.code}]"


def _rebuild(
    kind: type[TangentError], message: str, code: str, location: Location | None, help: str | None
) -> TangentError:
    """An equal exception in another process: keyword-only arguments defeat the default pickling."""
    return kind(message, code=code, location=location, help=help)


class UnsupportedSyntax(TangentError, SyntaxError):
    """The program uses a part of Python that the library does not differentiate.

    ::

        @grad
        def total(x):
            yield x.sum()  # a generator cannot be differentiated [generator]

        @grad
        def total(x):
            return x.sum()
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        location: Location | None = None,
        help: str | None = None,
    ) -> None:
        super().__init__(message, code=code, location=location, help=help)
        # Python prints `msg` below the caret that it draws itself, and never asks for `str()`
        self.msg = self._title() + (f"\nhelp: {help}" if help else "")
        if location is not None:
            self._place(location)

    def _place(self, location: Location) -> None:
        self.filename = location.filename
        self.lineno = self.end_lineno = location.line
        self.text = location.text
        if location.column is not None:
            self.offset = location.column + 1
            end = location.end_column
            self.end_offset = (len(location.text.rstrip()) if end is None else end) + 1


class SourceUnavailable(TangentError):
    """The text of the function cannot be found: it was compiled from a string, or written in C.

    ::

        exec("def f(x): return x * x")
        grad(f)  # the source of `f` is not available [no-source]

        def f(x):  # in a file
            return x * x
        grad(f)
    """


class SourceMismatch(TangentError):
    """The text that was found is not what this function was compiled from.

    Either the file was edited after it was imported, or something replaced the function's code::

        import model  # then model.py is edited
        grad(model.loss)  # the source of `loss` has changed since it was imported [source-changed]

        importlib.reload(model)
        grad(model.loss)
    """


class NoRule(TangentError):
    """The program calls a function whose derivative is not known, and whose source is not Python.

    ::

        grad(lambda x: np.spacing(x))(1.0)  # no rule for `numpy.spacing` [no-rule]

        elementwise(np.spacing, lambda y, x: np.zeros_like(x))
        grad(lambda x: np.spacing(x))(1.0)
    """


class NonScalarOutput(TangentError, TypeError):
    """A gradient was asked for, and the function does not return one real number.

    ::

        grad(lambda x: x * x)(np.ones(3))  # the result has shape (3,) [non-scalar]

        grad(lambda x: np.sum(x * x))(np.ones(3))
    """


class InvalidArgument(TangentError, TypeError):
    """The call itself is wrong: a `wrt` that names no parameter, or an argument without derivative.

    ::

        grad(lambda x: x * x)(3)  # `x` is an integer [integer-argument]

        grad(lambda x: x * x)(3.0)
    """


class AliasedArguments(TangentError):
    """Two arguments share memory, and the function writes to it: no partial is defined for either.

    ::

        def f(x, y):
            x[0] = 1.0
            return np.sum(x * y)

        grad(f)(a, a)  # `x` and `y` share memory that is written to [aliased]

        grad(f)(a, a.copy())
    """


class RuleError(TangentError):
    """A rule is wrong: its own text, its registration, or the shape of what it returned.

    ::

        elementwise(np.multiply, lambda z, x, y: y)  # one partial for two operands [partials]

        elementwise(np.multiply, lambda z, x, y: (y, x))
    """


class VerificationError(TangentError):
    """`verify=True` found that a derivative contradicts itself, or that a value was changed.

    ::

        @defvjp(settle)
        def rule(y_bar, y, x):
            return y_bar * x  # the rule of `settle` does not fit the tangent [dot-product]

        grad(lambda x: np.sum(settle(x)), verify=True)(x)
    """


class BrokenInvariant(TangentError):
    """A stage of the transformer left a program that breaks what the stage promises: our mistake.

    The message holds the program as it stood after the stage.  The user's program is
    not at fault; please report it.
    """


# A traceback and a pickle name them as the user imports them.
for _kind in [TangentError, *TangentError.__subclasses__()]:
    _kind.__module__ = "tangent"
del _kind
