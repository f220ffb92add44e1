"""Breaks a statement that is too long for its line, inside brackets, four spaces deeper.

    >>> print("\\n".join(wrap("", "y = ", "f(first_argument, second_argument)", "", 30)))
    y = f(
        first_argument,
        second_argument,
    )
    >>> print("\\n".join(wrap("", "y = ", "first_argument + second_argument", "", 30)))
    y = (
        first_argument
        + second_argument
    )

It works on the tokens of one line of text, never on trees: a break inside brackets changes nothing.
"""

from __future__ import annotations

import io
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 100
STEP = "    "

_OPEN = {"(": ")", "[": "]", "{": "}"}
# where an expression is broken, loosest operators first; the operator begins the new line
_LOOSENESS: tuple[frozenset[str], ...] = (
    frozenset({"for"}),
    frozenset({"if", "else"}),
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"==", "!=", "<", ">", "<=", ">="}),
    frozenset({"|"}),
    frozenset({"&"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "@", "//", "%"}),
)


@dataclass(frozen=True)
class Atom:
    """A token, or a whole string, at `start:end` of the text; `depth` counts the open brackets."""

    text: str
    start: int
    end: int
    depth: int
    in_lambda: bool


def wrap(indent: str, head: str, value: str, tail: str, width: int) -> list[str]:
    """The lines of the statement `head + value + tail`, of which only `value` may be broken."""
    line = indent + head + value + tail
    if len(line) <= width or "\n" in line:
        return [line]
    atoms = _atoms(value)
    if _breaks(atoms):
        inner = body(indent + STEP, value, width)
        return [f"{indent}{head}(", *inner, f"{indent}){tail}"]
    return _in_brackets(indent, head, value, tail, width) or [line]


def wrap_brackets(indent: str, head: str, value: str, tail: str, width: int) -> list[str]:
    """As `wrap`, where Python allows no brackets around `value` as a whole."""
    line = indent + head + value + tail
    if len(line) <= width or "\n" in line:
        return [line]
    return _in_brackets(indent, head, value, tail, width) or [line]


def _in_brackets(indent: str, head: str, value: str, tail: str, width: int) -> list[str]:
    """Breaks after an opening bracket: the last one whose two outer lines fit."""
    for start, end in reversed(_groups(_atoms(value))):
        first = indent + head + value[: start + 1]
        last = indent + value[end:] + tail
        content = value[start + 1 : end].strip()
        if content and len(first) <= width and len(last) <= width:
            return [first, *body(indent + STEP, content, width), last]
    return []


def body(indent: str, content: str, width: int) -> list[str]:
    """The lines between two brackets."""
    if len(indent + content) <= width:
        return [indent + content]
    atoms = _atoms(content)
    commas = [a.start for a in atoms if a.depth == 0 and a.text == "," and not a.in_lambda]
    if commas and not any(a.depth == 0 and a.text == "for" for a in atoms):
        return _items(indent, _cut(content, [c + 1 for c in commas]), width)
    breaks = _breaks(atoms)
    if not breaks:
        return _in_brackets(indent, "", content, "", width) or [indent + content]
    parts = _cut(content, breaks)
    return [line for part in parts for line in body(indent, part, width)]


def _items(indent: str, parts: list[str], width: int) -> list[str]:
    """One line for each item, each with its comma; plain names fill the lines."""
    if all(part.removesuffix(",").isidentifier() for part in parts):
        return textwrap.wrap(
            " ".join([*parts[:-1], parts[-1].removesuffix(",") + ","]),
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    lines: list[str] = []
    for part in parts:
        item = part.removesuffix(",")
        *rest, last = body(indent, item, width - 1)
        lines += [*rest, f"{last},"]
    return lines


def _cut(text: str, places: list[int]) -> list[str]:
    bounds = [0, *places, len(text)]
    parts = [text[a:b].strip() for a, b in pairwise(bounds)]
    return [part for part in parts if part]


def _breaks(atoms: list[Atom]) -> list[int]:
    """Where the text may be broken outside all brackets: after commas or at loose operators."""
    top = [a for a in atoms if a.depth == 0 and not a.in_lambda]
    commas = [a.end for a in top if a.text == ","]
    if commas and not any(a.text == "for" for a in top):
        return commas
    for operators in _LOOSENESS:
        places = [
            atom.start
            for before, atom in pairwise(top)
            if atom.text in operators and _ends_operand(before)
        ]
        if places:
            return places
    return []


def _ends_operand(atom: Atom) -> bool:
    """Whether an operator after `atom` has a left operand: `a - b`, but not `a * -b`."""
    if atom.text in _KEYWORDS:
        return False
    return atom.text[0].isalnum() or atom.text[0] in "_)]}\"'." or not atom.text.isascii()


_KEYWORDS = frozenset({"in", "is", "not", "and", "or", "if", "else", "lambda", "for", "await"})


def _groups(atoms: list[Atom]) -> list[tuple[int, int]]:
    """The outermost pairs of brackets, as offsets of the opening and the closing one."""
    opens = [a.start for a in atoms if a.depth == 0 and a.text in _OPEN]
    closes = [a.start for a in atoms if a.depth == 0 and a.text in _OPEN.values()]
    return list(zip(opens, closes, strict=True))


def _atoms(text: str) -> list[Atom]:
    """The tokens of one line, f-strings whole; a bracket has the depth of what is around it."""
    atoms: list[Atom] = []
    depth = 0
    lambdas: list[int] = []
    for token, start, end in _tokens(text):
        if token in _OPEN.values():
            depth -= 1
        if token == "lambda":
            lambdas.append(depth)
        atoms.append(Atom(token, start, end, depth, in_lambda=bool(lambdas)))
        if token == ":" and lambdas and lambdas[-1] == depth:
            lambdas.pop()
        if token in _OPEN:
            depth += 1
    return atoms


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    nested = 0
    began = 0
    for token in tokenize.generate_tokens(io.StringIO(f"({text})").readline):
        start, end = token.start[1] - 1, token.end[1] - 1
        kind = tokenize.tok_name[token.type]
        if kind.endswith("STRING_START"):
            began = began if nested else start
            nested += 1
        elif kind.endswith("STRING_END"):
            nested -= 1
            if not nested:
                yield '"', began, end
        elif not nested and 0 <= start < len(text) and token.string.strip():
            yield token.string, start, end
