"""Exceptions that leave generated code: the library's own get their kind, all get the primal's
line in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tangent import errors
from tangent.runtime import Refusal

_KINDS: dict[str, type[errors.TangentError]] = {"non-scalar": errors.NonScalarOutput}


@contextmanager
def explained(module: Any) -> Iterator[None]:
    """Run generated code; a note on an exception names the primal's file and line."""
    try:
        yield
    except Refusal as refusal:
        kind = _KINDS.get(refusal.code, errors.InvalidArgument)
        location = _location(refusal, module)
        error = kind(refusal.message, code=refusal.code, location=location, help=refusal.help)
        raise error.with_traceback(refusal.__traceback__) from None
    except Exception as error:
        location = _location(error, module)
        if location is not None and not isinstance(error, errors.TangentError):
            error.add_note(
                f'  in the primal: File "{location.filename}", line {location.line}, '
                f"in {location.function}"
            )
        raise


def _location(error: BaseException, module: Any) -> errors.Location | None:
    """The primal's line of the innermost generated frame."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == module.filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None:
        return None
    number = primal_line(module.source.splitlines(), line)
    source = module.unit.source
    if number is None:
        number = module.unit.tree.lineno
    lines = source.lines
    text = lines[number - 1].rstrip("\n") if 0 < number <= len(lines) else ""
    return errors.Location(source.filename, number, None, None, text, source.function.__qualname__)


def primal_line(lines: list[str], line: int) -> int | None:
    """The primal's line number that the generated line, or the nearest one above it, shows."""
    for text in reversed(lines[:line]):
        found = re.search(r"#\s(\d+)(?::|$)", text)
        if found:
            return int(found.group(1))
        if text.startswith("def "):
            return None
    return None
