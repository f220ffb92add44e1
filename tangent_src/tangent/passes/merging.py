"""Generated functions that do the same are one.

A function that is called with lists here and with arrays there is analysed once for each; where the
texts come out the same, callees included, one of them is written.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from tangent.passes.assemble import Written
from tangent.syntax.printing import print_source
from tangent.syntax.trees import name, substitute

ONE_LINE_EACH = sys.maxsize  # symbols such as `@np#2` are no text yet that could be broken


def merged(written: Sequence[Written]) -> tuple[list[Written], dict[str, str]]:
    """The functions that are written, and which symbol stands for that of each."""
    table = {w.symbol: w for w in written}

    def text(symbol: str, classes: Mapping[str, str]) -> str:
        one = table[symbol]
        tree = one.tree.__class__(**{**vars(one.tree), "name": one.kind})
        tree.body = redirected(one.tree.body, classes)
        return print_source([tree], ONE_LINE_EACH)

    instead = alike({w.symbol: (w.unit.name, w.kind) for w in written}, text)
    first = [w for w in written if instead[w.symbol] == w.symbol]
    for one in first:
        one.tree.body = redirected(one.tree.body, instead)
    return first, instead


def alike(
    kinds: Mapping[str, Hashable], text: Callable[[str, Mapping[str, str]], str]
) -> dict[str, str]:
    """For each symbol the first one of its kind that does the same, its callees included.

    As equal states of an automaton are found: all of a kind count as equal, until their texts
    differ.
    """
    first: dict[Hashable, str] = {}
    classes = {symbol: first.setdefault(kind, symbol) for symbol, kind in kinds.items()}
    members = Counter(classes.values())
    several = [symbol for symbol in classes if members[classes[symbol]] > 1]
    while True:
        leaders: dict[tuple[str, str], str] = {}
        split = dict(classes)
        for symbol in several:
            group = classes[symbol], text(symbol, classes)
            split[symbol] = leaders.setdefault(group, symbol)
        if split == classes:
            return classes
        classes = split


def redirected(body: list[Any], instead: Mapping[str, str]) -> list[Any]:
    """`body` with the symbols that stand for others."""
    values = {old: name(new) for old, new in instead.items() if old != new}
    return [substitute(s, values) for s in body] if values else body
