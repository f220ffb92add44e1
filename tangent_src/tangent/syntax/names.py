"""Fresh names, readable and the same on every run."""

from __future__ import annotations

import keyword
from collections.abc import Iterable


class Names:
    """Gives out names that nobody uses yet; asked for the same things in the same order, it
    answers the same.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken: set[str] = set()
        self._stems: set[str] = set()  # `t1` of the user's `t1_old`: ours are numbered with theirs
        self.take(taken)
        self._next: dict[str, int] = {}
        self.temporaries: list[str] = []
        self.made: list[str] = []  # other names of our own for single values

    def copy(self) -> Names:
        """The same names taken, from here on independent."""
        new = Names()
        new._taken, new._stems, new._next = set(self._taken), set(self._stems), dict(self._next)
        new.temporaries, new.made = list(self.temporaries), list(self.made)
        return new

    def take(self, names: Iterable[str]) -> None:
        """Names that are not given out from here on."""
        found = set(names)
        self._taken |= found
        self._stems |= {n.partition("_")[0] for n in found}

    def fresh(self, wish: str) -> str:
        """`wish` if it is free, else `wish_2`, `wish_3`, …"""
        if wish not in self._taken and not keyword.iskeyword(wish):
            self._taken.add(wish)
            return wish
        number = self._next.get(wish, 2)
        while f"{wish}_{number}" in self._taken:
            number += 1
        self._next[wish] = number + 1
        self._taken.add(f"{wish}_{number}")
        return f"{wish}_{number}"

    def temporary(self) -> str:
        """The next of `t1, t2, …`; `temporaries` lists them, so that the text may be numbered
        anew.
        """
        number = self._next.get("", 1)
        while f"t{number}" in self._taken or f"t{number}" in self._stems:
            number += 1
        self._next[""] = number + 1
        self._taken.add(f"t{number}")
        self.temporaries.append(f"t{number}")
        return self.temporaries[-1]

    def taken(self, name: str) -> bool:
        return name in self._taken


def free_name(wish: str, taken: set[str]) -> str:
    """`wish` with the first number that is free, and taken from here on."""
    number, free = 2, wish
    while free in taken:
        free, number = f"{wish}_{number}", number + 1
    taken.add(free)
    return free
