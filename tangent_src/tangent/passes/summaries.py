"""Summaries of functions that call themselves, or each other: the least that is consistent.

    def f(n, w):                        found with "nothing is shared" as a guess of `f`, and
        return w if n == 0 \\           again with what was found, until it stays the same:
            else f(n - 1, w)            the result shares memory with `w`

What holds of every run holds after finitely many calls, so it may start from nothing: a guess that
its own text confirms is right.  A summary that leans on a guess counts as long as that stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tangent.analyses.summary import Summary, nothing, unknown

ROUNDS = 10  # until here it is found; each round adds a parameter or a captured value


@dataclass
class Summaries:
    """The summaries of units that are known, and of those that are being found out."""

    known: dict[Any, Summary] = field(default_factory=dict)
    guesses: dict[Any, Summary] = field(default_factory=dict)
    leaning: dict[Any, tuple[Summary, set[Any]]] = field(default_factory=dict)  # and on whom
    asked: set[Any] = field(default_factory=set)  # guesses that were looked at

    def forget(self) -> None:
        self.known.clear()
        self.leaning.clear()

    def of(self, unit: Any, find: Callable[[], Summary]) -> Summary:
        """The summary of a unit; `find` makes it from those of its callees."""
        if unit in self.known:
            return self.known[unit]
        if unit in self.guesses:
            self.asked.add(unit)
            return self.guesses[unit]
        if unit not in self.leaning:
            self.leaning[unit] = self.settled(unit, find)
        found, on = self.leaning[unit]
        self.asked |= on
        if not self.guesses:  # nobody leans on anything any more
            self.known |= {one: summary for one, (summary, _) in self.leaning.items()}
            self.leaning.clear()
        return found

    def settled(self, unit: Any, find: Callable[[], Summary]) -> tuple[Summary, set[Any]]:
        """A summary that confirms itself, and the other guesses that it leans on."""
        before, self.asked = self.asked, set()
        try:
            self.guesses[unit] = nothing()
            for _ in range(ROUNDS):
                found = find()
                if unit not in self.asked or _same(found, self.guesses[unit]):
                    return found, self.asked - {unit}
                self.guess(unit, found)
            self.guess(unit, unknown(unit.all_parameters))
            return find(), self.asked - {unit}
        except BaseException:
            self.drop(unit)
            raise
        finally:
            del self.guesses[unit]
            self.asked = before

    def guess(self, unit: Any, found: Summary) -> None:
        """Another guess: what leaned on the old one is found out again."""
        self.guesses[unit] = found
        self.drop(unit)

    def drop(self, unit: Any) -> None:
        self.leaning = {one: pair for one, pair in self.leaning.items() if unit not in pair[1]}


def _same(one: Summary, other: Summary) -> bool:
    return replace(one, shown={}) == replace(other, shown={})
