"""The docstring of a gradient: what it keeps, what it stores."""

from __future__ import annotations

import textwrap
from typing import Any

import gast

from tangent.passes.glance import inner
from tangent.passes.sweep import Saved
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.trees import walk


def describe(text: str, saved: Saved, body: list[Any], inherited: list[str]) -> str:
    """`text`, with what the backward sweep finds under its name (of `inherited`), and what was
    stored.
    """
    position = next(
        i for i, s in enumerate(body) if isinstance(s, Comment) and s.text == "backward"
    )
    segments = saved.segments.values()
    read = set(inherited) - {p for seg in segments for p in seg.places}
    hidden = set(saved.draws.values())
    places = {p: s for s, p in saved.places.items() if p in read}
    first = _first_lines(body[:position])
    kept = [
        _with_line(n, line) for n, line in first.items() if n in read - hidden and n not in places
    ]
    stored = [stored_value(s, p) for p, s in places.items()]
    stored += _in_segments(saved, body[position:])
    parts = [f"Kept: {', '.join(kept) or 'nothing'}.", f"Stored: {', '.join(stored) or 'nothing'}."]
    if saved.draws:
        names = dict.fromkeys(d.target for d, place in saved.draws.items() if place in read)
        parts.append(f"Drawn once: {', '.join(names)}.")
    said = [seg.said for seg in segments]
    said += [f"`{callee}` at {line}" for line, callee in sorted(set(saved.recalls))]
    inverses = [f"`{of}` at {line}, by `{by}`" for line, of, by in sorted(set(saved.inverses))]
    if inverses:
        parts.insert(0, f"Reversed: {'; '.join(inverses)}.")
    if said:
        parts.insert(0, f"Checkpointed: {'; '.join(said)}.")
    return sentences(text, parts)


def _in_segments(saved: Saved, backward: list[Any]) -> list[str]:
    """What is stored while a segment is run once more: `u once per iteration of one segment`."""
    bound = {
        n.id
        for s in backward
        for n in walk(s)
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
    }
    made = [(s, p) for s, p in saved.places.items() if s.depth and p in bound]
    return [stored_value(s, p).replace(" (", " of one segment (") for s, p in made]


def sentences(text: str, parts: list[str]) -> str:
    """A docstring of one line, or of one line and a paragraph."""
    line = "  ".join([text, *parts])
    if len(line) <= 90:
        return line
    indented = [
        textwrap.fill(p, 95, initial_indent="    ", subsequent_indent="        ") for p in parts
    ]
    return "\n".join([text, "", *indented, "    "])


def _with_line(name: str, line: str) -> str:
    return f"{name} ({line})" if line else name


def stored_value(save: Any, place: str) -> str:
    """`u once per iteration (7)`."""
    what = place.removesuffix("_stored") if "%" in save.name else save.name
    once = " once per iteration" if save.depth else ""
    return f"{what}{once} ({save.at.origin.line})"


def _first_lines(code: list[Any]) -> dict[str, str]:
    """The names that the forward sweep binds at its top level, and the line where each is bound
    last.
    """
    found: dict[str, str] = {}
    for statement in code:
        line = statement.note if isinstance(statement, Noted) else ""
        for node in walk(statement):
            if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                loop = isinstance(inner(statement), (gast.For, gast.While))
                found[node.id] = "after the loop" if loop else line
    return {n: line for n, line in found.items() if n != "result_bar"}
