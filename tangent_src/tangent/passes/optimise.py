"""Clean-up of a generated function: single-use temporaries go where they are read, what nobody
reads goes away.

    t1 = x @ W                       h = np.tanh(x @ W + b)
    t2 = t1 + b              ->
    h = np.tanh(t2)

Only names that the library made are moved (`t1`, `t1_bar`, …); the user's variables stay, with
their own lines. An expression moves only past statements that neither bind nor write into what it
reads, so that no copy becomes an alias of something written to, and everything is still evaluated
once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import is_
from types import MappingProxyType
from typing import Any

import gast

from tangent.passes.glance import COMPOUND, Glances, call_acts, effects, inner, marked
from tangent.passes.one_name import under_one_name
from tangent.syntax.printing import Comment, Noted, Verbatim
from tangent.syntax.symbols import UNCHANGING
from tangent.syntax.trees import assign, names_in, rebuild, replaced, walk


def optimise(
    body: list[Any],
    movable: set[str],
    aliases: set[str],
    rewrite: Callable[[Any], Any] = lambda node: node,
    written: frozenset[str] = frozenset(),
    together: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> list[Any]:
    """`body` without idle statements; `movable` names may be substituted, `aliases` where they
    are another name; names that show the same memory change `together`.

    `rewrite` is applied to each statement in between (`passes.peephole`).  What is `written` into
    in place may be shared: nothing that reads one of these names moves past a write into another.
    """
    glance, settled = Glances(), _Settled(rewrite)
    while True:
        body = [settled(s) for s in body]
        moving = _Propagation(glance, _Uses.of(body, glance), movable, aliases, written, together)
        dead = _Dead(glance, movable)
        body, _ = dead.block(moving.block(body), set())
        found: list[Any] = []
        body = [_conditional(s, movable, found) for s in body]
        if not moving.changed and not dead.changed and not found:
            return _drop_headings(under_one_name(body, movable))


@dataclass
class _Settled:
    """Rewrites statements, but not again what it has left as it is."""

    rewrite: Callable[[Any], Any]
    known: dict[int, Any] = field(default_factory=dict)  # kept, so that none takes another's place

    def __call__(self, statement: Any) -> Any:
        if self.known.get(id(statement)) is statement:
            return statement
        new = self.rewrite(statement)
        if new is statement:
            self.known[id(new)] = new
        return new


def _conditional(statement: Any, movable: set[str], found: list[Any]) -> Any:
    """An `if` of one line whose branches bind a temporary and do nothing else is a conditional
    expression again.
    """
    node = inner(statement)
    if not isinstance(node, COMPOUND):
        return statement
    body = [_conditional(s, movable, found) for s in node.body]
    orelse = [_conditional(s, movable, found) for s in node.orelse]
    statement = _with_blocks(statement, body, orelse)
    match node := inner(statement):
        case gast.If(body=[first], orelse=[second]) if _one_line(statement, first, second):
            match inner(first), inner(second):
                case (
                    gast.Assign(targets=[gast.Name(id=one)], value=value),
                    gast.Assign(targets=[gast.Name(id=two)], value=other),
                ) if one == two and one in movable and not one.endswith("_bar"):
                    found.append(statement)
                    chosen = gast.IfExp(test=node.test, body=value, orelse=other)
                    return _like(statement, assign(one, chosen))
    return statement


def _with_blocks(statement: Any, body: list[Any], orelse: list[Any]) -> Any:
    """A compound statement with other blocks; the same one if these are the ones that it has."""
    node = inner(statement)
    if _alike(body, node.body) and _alike(orelse, node.orelse):
        return statement
    return _like(statement, replaced(node, body=body, orelse=orelse))


def _alike(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))


def _one_line(*statements: Any) -> bool:
    notes = {s.note if isinstance(s, Noted) else "" for s in statements}
    return len(notes) == 1


def jumps(code: list[Any]) -> bool:
    """Does a block end by going elsewhere?"""
    leaving = (gast.Break, gast.Continue, gast.Return, gast.Raise)
    return bool(code) and isinstance(inner(code[-1]), leaving)


# ---------------------------------------------------------------- counting


@dataclass
class _Uses:
    """How often each name is read and bound in the whole function, and what it is a part of."""

    reads: Counter[str] = field(default_factory=Counter)
    binds: Counter[str] = field(default_factory=Counter)
    wholes: dict[str, set[str]] = field(default_factory=dict)

    @staticmethod
    def of(body: list[Any], glance: Glances) -> _Uses:
        uses = _Uses()
        for statement in body:
            found = glance(inner(statement))
            uses.reads.update(found.reads)
            uses.binds.update(found.binds)
            for one, whole in found.parts:
                uses.wholes.setdefault(one, set()).add(whole)
        return uses

    def shown(self, names: frozenset[str]) -> frozenset[str]:
        """The names, and those of what they are parts of, where writes into them are seen."""
        found, todo = set(names), list(names)
        while todo:
            new = self.wholes.get(todo.pop(), set()) - found
            found |= new
            todo += new
        return frozenset(found)


# ---------------------------------------------------------------- substitution


LONGEST = 150  # nodes of an expression that may still move into another one


@dataclass
class _Waiting:
    """The expressions that may move to where their names are read, in one block.

    Of those of the block around it knows the aliases.  `places` says at which position of the
    block's code each was made.
    """

    around: _Waiting | None = None
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    readers: dict[str, set[str]] = field(default_factory=dict)  # name -> who waits and reads it
    hidden: set[str] = field(default_factory=set)  # of the blocks around, no longer good here

    def get(self, one: str) -> Any | None:
        if one in self.values:
            return self.values[one]
        if self.around is None or one in self.hidden:
            return None
        value = self.around.get(one)
        return value if isinstance(value, gast.Name) else None

    def add(self, one: str, value: Any, place: int) -> None:
        self.values[one], self.places[one] = value, place
        for read in names_in(value):
            self.readers.setdefault(read, set()).add(one)

    def reading(self, one: str) -> set[str]:
        """Who waits, here or around, and reads a name."""
        found = self.readers.get(one, set())
        return found if self.around is None else found | self.around.reading(one)

    def drop(self, changed: frozenset[str]) -> None:
        """An expression waits no longer once something that it reads is bound or written into."""
        for name in changed:
            for one in (name, *self.reading(name)):
                self.values.pop(one, None)
                self.hidden.add(one)


@dataclass
class _Propagation:
    glance: Glances
    uses: _Uses
    movable: set[str]
    aliases: set[str]
    written: frozenset[str] = frozenset()
    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changed: bool = False

    def block(self, body: list[Any], around: _Waiting | None = None) -> list[Any]:
        waiting = _Waiting(around)
        code: list[Any] = []
        by_call: frozenset[str] = frozenset()  # what marks say that the next statement changes
        for statement in body:
            if marked(inner(statement)):
                by_call |= self.touched(inner(statement))
                code.append(statement)
                continue
            statement = self.join(self.fill(statement, waiting, code), code)
            waiting.drop(self.touched(inner(statement)) | by_call)
            by_call = frozenset()
            statement = self.descend(statement, waiting)
            code.append(statement)
            node = inner(statement)
            if self.candidate(node):
                waiting.add(node.targets[0].id, node.value, len(code) - 1)
        return [c for c in code if c is not None]

    def touched(self, node: Any) -> frozenset[str]:
        """Names whose values a statement may change, those that share memory included."""
        found = self.glance(node)
        written = self.uses.shown(found.written)
        shown = self.written if written & self.written else frozenset[str]()
        together = (self.together.get(one, frozenset[str]()) for one in written)
        return found.stores | written.union(shown, *together)

    def join(self, statement: Any, code: list[Any]) -> Any:
        """`t = stack.pop()` into the statement right after it, which has no other effect, and
        whatever it is into `y = t`.
        """
        last = next((i for i in reversed(range(len(code))) if code[i] is not None), -1)
        before = code[last] if last >= 0 else None
        match inner(before):
            case gast.Assign(targets=[gast.Name(id=one)], value=value) if one in self.movable:
                once = self.uses.reads.get(one) == 1 and self.uses.binds.get(one) == 1
                node = inner(statement)
                if once and (_is_only(node, one) or _takes(node, one, _popped(value))):
                    self.changed = True
                    code[last] = None
                    joined = _substitute_shallow(statement, {one: value})
                    return joined if isinstance(joined, Noted) else _like(before, joined)
        return statement

    def candidate(self, node: Any) -> bool:
        if not isinstance(node, gast.Assign) or not isinstance(node.targets[0], gast.Name):
            return False
        identifier = node.targets[0].id
        if self.uses.binds.get(identifier) != 1:
            return False
        if (
            isinstance(node.value, gast.Subscript)
            and identifier in self.movable
            and self.twice(node)
        ):
            return True
        variable = isinstance(node.value, gast.Name) and (
            node.value.id[0] != "@" or node.value.id.startswith(UNCHANGING)
        )
        if variable and identifier in self.movable | self.aliases:
            adjoints = identifier.endswith("_bar"), str(node.value.id).endswith("_bar")
            return adjoints[0] == adjoints[1] and bool(node.value.id != identifier)  # no `x = x`
        return (
            identifier in self.movable
            and self.uses.reads.get(identifier) == 1
            and not self.glance(node).acts
            and not _long(node.value)
        )

    def twice(self, node: Any) -> bool:
        """`r[i]`, read twice, reads better than a temporary, but for what is written into."""
        if node.targets[0].id in self.together or node.targets[0].id in self.written:
            return False
        value, reads = node.value, self.uses.reads.get(node.targets[0].id, 0)
        simple = isinstance(value.value, gast.Name) and isinstance(
            value.slice, (gast.Name, gast.Constant)
        )
        return reads == 2 and simple

    def fill(self, statement: Any, waiting: _Waiting, code: list[Any]) -> Any:
        """Put waiting expressions into a statement that reads their names."""
        node = inner(statement)
        names = sorted(self.glance(node).header)
        values = {n: v for n in names if (v := waiting.get(n)) is not None}
        if not values:
            return statement
        if isinstance(node, COMPOUND):
            nested = {n for one in self.glance.inside(node) for n in one.names}
            values = {n: v for n, v in values.items() if n not in nested or _alias(v)}
        if not values or self.out_of_order(node, values):
            return statement
        self.changed = True
        filled = _substitute_shallow(statement, values)
        for one in values:
            if self.uses.reads.get(one) == 1 and one in waiting.values:
                del waiting.values[one]
                code[waiting.places[one]] = None
        return filled

    def out_of_order(self, node: Any, values: dict[str, Any]) -> bool:
        moved = (
            gast.Name,
            gast.BinOp,
            gast.Call,
            gast.Subscript,
            gast.UnaryOp,
            gast.Attribute,
            gast.IfExp,
            gast.Compare,
            gast.JoinedStr,
        )
        if all(isinstance(value, moved) for value in values.values()):
            return False
        return effects(node.value if getattr(node, "value", None) is not None else node)

    def descend(self, statement: Any, waiting: _Waiting) -> Any:
        node = inner(statement)
        if isinstance(node, gast.Try):  # nothing goes in, and nothing comes out
            body = self.block(node.body)
            same = _alike(body, node.body)
            return statement if same else _like(statement, replaced(node, body=body))
        if not isinstance(node, COMPOUND):
            return statement
        body, orelse = self.block(node.body, waiting), self.block(node.orelse, waiting)
        return _with_blocks(statement, body, orelse)


def _long(value: Any) -> bool:
    return next(islice(walk(value), LONGEST, None), None) is not None


def _alias(value: Any) -> bool:
    """What may be written several times: a name, an element."""
    return isinstance(value, (gast.Name, gast.Subscript))


def _popped(value: Any) -> set[str]:
    """The lists from which an expression pops, if it does nothing else."""
    lists: set[str] = set()
    for node in (n for n in walk(value) if _acts(n)):
        match node:
            case gast.Call(func=gast.Attribute(value=gast.Name(id=one), attr="pop"), args=[]):
                lists.add(one)
            case _:
                return set()
    return lists


def _is_only(node: Any, one: str) -> bool:
    """Is a statement `y = t`?"""
    alone = isinstance(node, gast.Assign) and isinstance(node.targets[0], gast.Name)
    return alone and isinstance(node.value, gast.Name) and node.value.id == one


def _takes(node: Any, one: str, touched: set[str]) -> bool:
    """Does a simple statement read `one`, on every path, and nothing else that may be affected?"""
    if not isinstance(node, (gast.Assign, gast.AugAssign, gast.Return, gast.Expr)):
        return False
    if not touched or touched & names_in(node) or one not in names_in(node.value):
        return False
    maybe = (gast.IfExp, gast.BoolOp, gast.Lambda, gast.ListComp, gast.GeneratorExp)
    parts = [n for n in walk(node) if not isinstance(n, gast.stmt)]
    return not any(isinstance(n, maybe) or (n is not node.value and _acts(n)) for n in parts)


def _acts(node: Any) -> bool:
    return isinstance(node, gast.Call) and call_acts(node)


def _substitute_shallow(statement: Any, values: dict[str, Any]) -> Any:
    node = inner(statement)

    def change(n: Any) -> Any | None:
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load) and n.id in values:
            return values[n.id]
        return None

    if isinstance(node, gast.If):
        new = gast.If(test=rebuild(node.test, change), body=node.body, orelse=node.orelse)
    elif isinstance(node, gast.For):
        new = gast.For(node.target, rebuild(node.iter, change), node.body, node.orelse, None)
    else:
        new = rebuild(node, change)
    return Noted(new, statement.note) if isinstance(statement, Noted) else new


# ---------------------------------------------------------------- dead statements


@dataclass
class _Dead:
    """Backward liveness over the generated text; assignments of dead names without effect are
    left out, and those of `movable` names with effect get none.  The set of live names that a
    method is given is used up.
    """

    glance: Glances
    movable: set[str]
    changed: bool = False
    around: list[set[str]] = field(default_factory=list)  # live at the heads of loops, or behind

    def block(self, body: list[Any], live: set[str]) -> tuple[list[Any], set[str]]:
        code: list[Any] = []
        for statement in reversed(body):
            kept, live = self.statement(statement, live)
            if kept is not None:
                code.append(kept)
        self.changed = self.changed or len(code) < len(body)
        code.reverse()
        return code, live

    def statement(self, statement: Any, live: set[str]) -> tuple[Any | None, set[str]]:
        node = inner(statement)
        match node:
            case Comment():
                return statement, live
            case Verbatim() | gast.Try():
                return statement, live | names_in(node)
            case gast.If():
                first, one = self.block(node.body, set(live))
                second, two = self.block(node.orelse, set(live))
                if not _real(first) and not _real(second):
                    return None, live
                first = first if _real(first) else [gast.Pass()]
                one.update(two, self.glance(node).header)
                return _with_blocks(statement, first, second if _real(second) else []), one
            case gast.For() | gast.While():
                return self.loop(statement, node, live)
            case gast.Break() | gast.Continue():
                return statement, set(self.around[-1])
            case gast.Assign(targets=[gast.Name(id=one)], value=gast.Name(id=other)) if (
                one == other
            ):
                return None, live
            case gast.Assign(targets=[gast.Name(id=target)]) if target not in live:
                found = self.glance(node)
                if not found.acts and not found.calls:
                    return None, live
                if target in self.movable and isinstance(node.value, gast.Call):
                    self.changed = True
                    return _like(statement, gast.Expr(value=node.value)), live | found.header
        live -= _bound(node)
        live.update(self.glance(node).header, _augmented(node))
        return statement, live

    def loop(self, statement: Any, node: Any, live: set[str]) -> tuple[Any | None, set[str]]:
        around, changed = set(live), self.changed
        around |= names_in(node.test) if isinstance(node, gast.While) else set()
        self.around.append(around)
        while True:
            self.changed = changed  # what only a first look takes for dead stays
            body, before = self.block(node.body, set(around))
            if before <= around:
                break
            around |= before
        self.around.pop()
        bound = names_in(node.target) if isinstance(node, gast.For) else set()
        endless = isinstance(node, gast.While) and isinstance(node.test, gast.Constant)
        if not _real(body) and not bound & live and not endless:
            return None, live
        body = body if _real(body) else [gast.Pass()]
        header = names_in(node.iter) if isinstance(node, gast.For) else names_in(node.test)
        return _with_blocks(statement, body, node.orelse), around | header


def _like(statement: Any, new: Any) -> Any:
    return Noted(new, statement.note) if isinstance(statement, Noted) else new


def _real(body: list[Any]) -> bool:
    return any(not isinstance(inner(s), (Comment, gast.Pass)) for s in body)


def _bound(node: Any) -> set[str]:
    if isinstance(node, gast.Assign):
        return {
            n.id
            for t in node.targets
            for n in walk(t)
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
        }
    return set()


def _augmented(node: Any) -> set[str]:
    return names_in(node.target) if isinstance(node, gast.AugAssign) else set()


def _drop_headings(body: list[Any]) -> list[Any]:
    """Without headings of groups that have become empty or repeat the one before, and marks."""
    code: list[Any] = []
    last = ""
    for position, statement in enumerate(body):
        following = body[position + 1] if position + 1 < len(body) else None
        node = inner(statement)
        if marked(node):
            continue
        if (
            isinstance(node, Comment)
            and node.text
            and (following is None or isinstance(inner(following), Comment))
        ):
            if node.text not in ("forward", "backward"):
                continue
        if isinstance(node, Comment) and node.text:
            if node.text == last:
                continue
            last = node.text
        if isinstance(node, COMPOUND):
            blocks = _drop_headings(node.body), _drop_headings(node.orelse)
            if any(isinstance(inner(s), Comment) for block in blocks for s in block):
                last = ""
            statement = _with_blocks(statement, *blocks)
        code.append(statement)
    return code
