"""Statements of the intermediate form under other names, and the names that they mention."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import gast

from tangent.syntax.program import Schedule, Statement, Value, every
from tangent.syntax.trees import names_in, rebuild

# the fields of statements and values that are names, or tuples of names
_NAMES = ("target", "targets", "source", "base", "of", "bar", "index", "simple", "count", "catches")
_KEPT = ("origin", "kind")


class Renaming:
    """Gives statements with `local(name)` in place of each name.

    A statement or a node that stands in two places is the same one in both afterwards.
    """

    def __init__(self, local: Callable[[str], str], literals: dict[str, Any] | None = None) -> None:
        self.local = local
        self.literals = {} if literals is None else literals
        self.statements: dict[Statement, Statement] = {}
        self.nodes: dict[int, Any] = {}

    def statement(self, statement: Statement) -> Statement:
        if statement not in self.statements:
            self.statements[statement] = self.changed(statement, self.parts(statement))
        return self.statements[statement]

    def changed(self, before: Statement, made: Statement) -> Statement:
        """What stands for a statement that has its new names."""
        return made

    def parts(self, whole: Any) -> Any:
        changed = {
            f.name: self.part(f.name, getattr(whole, f.name))
            for f in fields(whole)
            if f.name not in _KEPT
        }
        return replace(whole, **changed)

    def part(self, field: str, value: Any) -> Any:
        match value:
            case Statement():
                return self.statement(value)
            case Value() | Schedule():
                return self.parts(value)
            case gast.AST():
                return rebuild(value, self._node)
            case str() if field in _NAMES:
                return self.local(value)
            case tuple():
                return tuple(self.part(field, v) for v in value)
            case frozenset():
                return frozenset(self.local(v) for v in value)
            case Mapping():
                return {k: self.part("", v) for k, v in value.items()}
        return value

    def _node(self, node: Any) -> Any | None:
        """A name: in an expression and among its operands, the same node stays the same."""
        if not isinstance(node, gast.Name):
            return None
        if id(node) not in self.nodes:
            self.nodes[id(node)] = gast.Name(self.local(node.id), node.ctx, None, None)
        return self.nodes[id(node)]


def own_mentions(statement: Statement) -> Iterator[str]:
    """The names in a statement, not those of statements inside."""
    todo: list[tuple[str, Any]] = [("", statement)]
    while todo:
        field, value = todo.pop()
        match value:
            case Statement() if value is not statement and field != "flags":
                pass
            case Statement() | Value() | Schedule():
                parts = [f.name for f in fields(value) if f.name not in _KEPT]
                todo += [(f, getattr(value, f)) for f in parts]
            case gast.AST():
                yield from names_in(value)
            case str() if field in _NAMES:
                yield value.removesuffix("%")
            case tuple() | list():
                todo += [(field, v) for v in value]
            case frozenset():
                yield from value
            case Mapping():
                todo += [("", v) for v in value.values()]


def mentions(statement: Statement) -> set[str]:
    """The names in a statement and in those inside."""
    return {n for s in every((statement,)) for n in own_mentions(s)}
