"""How a file of refused programs declares them.

    @refused("UnsupportedSyntax", 1.5)
    def total(x):
        yield x * x  # error[generator]: a generator

The comment stands on the line that the error must name; after it come the error's code in brackets
and a part of its message, each where it is fixed.  A program without such a comment is refused for
how it is called, so its error names no line of it.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass

REFUSED = []
MARK = re.compile(r"# error(?:\[(?P<code>[\w-]+)\])?(?:: (?P<words>.*))?$")


@dataclass(frozen=True)
class Refused:
    """A function, how it is called, and the name of the exception that this must raise.

    `marked` is the function that holds the comment: the program itself, or one that it calls.
    """

    name: str
    function: Callable
    family: str
    args: tuple
    wrt: int | str | tuple
    marked: Callable

    def mark(self):
        """(line, code or None, words or None) of the comment; None if there is none."""
        lines, first = inspect.getsourcelines(self.marked)
        found = [(first + i, MARK.search(text.rstrip())) for i, text in enumerate(lines)]
        found = [(line, match["code"], match["words"]) for line, match in found if match]
        assert len(found) <= 1, f"{self.name} has {len(found)} marks"
        return found[0] if found else None


def refused(family, *args, wrt=0, marked=None, name=None):
    """Register a function that must be refused with `family` when called with `args`."""

    def register(function):
        home = function.__module__.split(".")[-1]
        label = f"{home}.{name or function.__name__}"
        assert all(label != known.name for known in REFUSED), f"two programs named {label}"
        REFUSED.append(Refused(label, function, family, args, wrt, marked or function))
        return function

    return register


def collection():
    """Every refused program of every file."""
    import errors

    for module in sorted(info.name for info in pkgutil.iter_modules(errors.__path__)):
        importlib.import_module(f"errors.{module}")
    return tuple(REFUSED)
