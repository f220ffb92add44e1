"""The docstring of a gradient: what it keeps, what it stores."""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.optimise import inner
from tangent.passes.sweep import Facts, Saved
from tangent.syntax.printing import Comment
from tangent.syntax.trees import names_in, walk


def describe(text: str, facts: Facts, saved: Saved, body: list[Any]) -> str:
    """`text`, with the values that the backward sweep finds under their names, and those that were stored."""
    position = next(i for i, s in enumerate(body) if isinstance(s, Comment) and s.text == "backward")
    bound = _bound(body[:position]) - {"result_bar"}
    read = {n for s in body[position:] for n in names_in(inner(s)) if not isinstance(inner(s), Comment)}
    places = {p: s for s, p in saved.places.items()}
    kept = [n for n in bound_in_order(body[:position]) if n in bound & read and n not in places]
    stored = [_stored(s, p) for p, s in places.items()]
    line = f"{text}  Kept: {', '.join(kept) or 'nothing'}.  Stored: {', '.join(stored) or 'nothing'}."
    return line


def _stored(save: Any, place: str) -> str:
    line = save.at.origin.line
    once = " once per iteration" if save.depth else ""
    return f"{save.name.partition('%')[0]}{once} ({line})"


def _bound(code: list[Any]) -> set[str]:
    return set(bound_in_order(code))


def bound_in_order(code: list[Any]) -> list[str]:
    found: dict[str, None] = {}
    for statement in code:
        for node in walk(statement):
            if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                found.setdefault(node.id)
    return list(found)
