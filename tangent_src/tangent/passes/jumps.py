"""Jumps, structured: each stands at the end of its path, and `return` at the end of the function.

    for v in x:                             returned = False
        if v < 0:                           for v in x:
            continue                            if v < 0:
        total = total + v * v       ->              continue
        if total > limit:                       else:
            return total * v                        total = total + v * v
    return total                                    if total > limit:
                                                        returned = True
                                                        break
                                            if returned:
                                                return total * v
                                            else:
                                                return total

What follows an `if` that jumps moves into the branch that does not.  A `return` in a loop ends it,
and its expression is evaluated behind, where all variables are still the same; nested loops end
one another.  The `else` of a loop stands behind it, asked by a flag if the loop may break.  Only
where an `if` may either jump or fall through in one branch, a flag guards what follows.

Holds afterwards: behind a `break` or `continue`, on its path through the body, comes nothing of
the loop; no loop holds a `return` or has an `else`; each path of the function ends with `return`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from tangent.syntax.trees import literal, name, stored

Body = list[Any]
_LOOPS = (gast.For, gast.While)
_JUMPS = (gast.Break, gast.Continue, gast.Return)
_SMALL = 8  # statements that are written once for each path, instead of a flag


def structured(body: Body, flag: Callable[[str], str]) -> Body:
    """`body` with its jumps structured; `flag` makes a variable of a wished name."""
    jumps = _Jumps(flag)
    return jumps.closed(jumps.block(body))


def settled(body: Body, flag: Callable[[str], str]) -> Body:
    """Statements without a jump of their own, the loops in them structured."""
    return _Jumps(flag).block(body)


class Leave(gast.Return):  # type: ignore[misc]
    """The end of statements that stand in the place of a call, as `return` is of a function."""


def left(body: Body, flag: Callable[[str], str]) -> Body:
    """Statements that `Leave` ends, structured: behind each of them comes nothing of `body`."""
    jumps = _Jumps(flag)
    whole = jumps.tail(jumps.block(body))
    return replaced_in(whole, lambda node: [] if isinstance(node, Leave) else None)


class _Jumps:
    def __init__(self, flag: Callable[[str], str]) -> None:
        self.make = flag
        self.depth = 0
        self.flags: dict[str, str] = {}  # of the outermost loop: expression returned -> flag
        self.exits: dict[int, tuple[str, Any, Any]] = {}  # `if flag: return e`, behind loops
        self.broken: dict[int, str] = {}  # a `break` -> the flag that is set with it
        self.alive: Body = []  # nodes that the tables know by their identity

    # ------------------------------------------------------------ loops, innermost first

    def block(self, body: Body) -> Body:
        """A list of statements in which all loops are structured."""
        code: Body = []
        for node in body:
            if isinstance(node, _LOOPS):
                code += self.loop(node)
            elif isinstance(node, gast.If):
                code.append(_if(node, node.test, self.block(node.body), self.block(node.orelse)))
            else:
                code.append(node)
        return code

    def loop(self, node: Any) -> Body:
        if not self.depth:
            self.flags = {}
        self.depth += 1
        body = self.block(node.body)
        breaks = jumps_of(body, (gast.Break,))
        exits: dict[str, Any] = {}
        body = self.returns(body, exits)
        self.depth -= 1
        flags = list(exits)
        behind = [self.exit(flag, one) for flag, one in exits.items()]
        if isinstance(node, gast.While) and _always_true(node.test) and not breaks and behind:
            behind[-1:] = [list(exits.values())[-1]]  # the loop ends in no other way
        orelse = self.block(node.orelse)
        if orelse and breaks:
            flags.append(self.make("broken"))
            body = self.marked(body, flags[-1])
            behind.append(_if(node.orelse[0], name(flags[-1]), [], orelse))
        else:
            behind += orelse
        loop = _loop(node, self.tail(body))
        return [*(_set(flag, False, node) for flag in flags), loop, *behind]

    def exit(self, flag: str, one: Any) -> Any:
        """Behind a loop that a `return` may have ended."""
        made = _if(one, name(flag), [one], [])
        self.exits[id(made)] = flag, one, made
        return made

    def returns(self, body: Body, exits: dict[str, Any]) -> Body:
        """`flag = True; break` for each `return` of a loop."""
        code: Body = []
        for node in body:
            if isinstance(node, gast.Return):
                flag = self.flags.get(_text(node)) or self.make("returned")
                self.flags[_text(node)] = flag
                exits.setdefault(flag, node)
                return [*code, _set(flag, True, node), self.leave(flag, node)]
            if id(node) in self.exits:
                flag, one, _ = self.exits[id(node)]
                exits.setdefault(flag, one)
                code.append(_if(node, node.test, [self.leave(flag, node)], []))
            elif isinstance(node, gast.If):
                both = self.returns(node.body, exits), self.returns(node.orelse, exits)
                code.append(_if(node, node.test, *both))
            else:
                code.append(node)
        return code

    def leave(self, flag: str, node: Any) -> Any:
        made = gast.copy_location(gast.Break(), node)
        self.broken[id(made)] = flag
        self.alive.append(made)
        return made

    def marked(self, body: Body, flag: str) -> Body:
        """The user's own `break`s with a flag, for the `else` of the loop."""

        def mark(node: Any) -> Body | None:
            if isinstance(node, gast.Break) and id(node) not in self.broken:
                return [_set(flag, True, node), self.leave(flag, node)]
            return None

        return replaced_in(body, mark)

    # ------------------------------------------------------------ ends of paths

    def closed(self, body: Body) -> Body:
        """The body of the function, in which each path ends with its `return`."""
        if not _leaves(body):
            nothing = gast.Return(value=literal(None))
            body = [*body, gast.copy_location(nothing, body[-1]) if body else nothing]
        return self.tail(body)

    def tail(self, body: Body) -> Body:
        """A body with its jumps at the end of their paths."""
        for position, node in enumerate(body):
            if isinstance(node, _JUMPS):
                return body[: position + 1]
            if isinstance(node, gast.If) and jumps_of([node]):
                return [*body[:position], *self.tail_of(node, body[position + 1 :])]
        return body

    def tail_of(self, node: Any, rest: Body) -> Body:
        first, second = rest, rest
        if _leaves(node.body):
            first = []
        elif _leaves(node.orelse):
            second = []
        elif rest and (_size(rest) > _SMALL or jumps_of([node], (gast.Break, gast.Continue))):
            return self.guarded(node, rest)
        both = self.tail([*node.body, *first]), self.tail([*node.orelse, *second])
        return [_if(node, node.test, *both)]

    def guarded(self, node: Any, rest: Body) -> Body:
        """An `if` that may jump or fall through: it sets a flag, and what follows asks."""
        inside = _if(node, node.test, self.tail(node.body), self.tail(node.orelse))
        jumps = jumps_of([inside])
        known = {self.broken.get(id(n)) for n in jumps if isinstance(n, gast.Break)}
        shared = known.pop() if len(known) == 1 else None
        flags: dict[str, tuple[str, Any]] = {}  # the kind of jump -> its flag, and the jump

        def note(jump: Any) -> Body | None:
            if not isinstance(jump, _JUMPS):
                return None
            kind, wish = _kind(jump)
            if kind not in flags:
                given = shared if isinstance(jump, gast.Break) else None
                flags[kind] = given or self.make(wish), jump
            done = isinstance(jump, gast.Break) and shared
            return [] if done else [_set(flags[kind][0], True, jump)]

        lifted: Body = []  # the start of a flag that a branch has, and that is read behind it
        noted = replaced_in(replaced_in([inside], note), lambda n: _lift(n, shared, lifted))
        start = [_set(flag, False, node) for flag, _ in flags.values() if flag != shared or lifted]
        rest = self.tail(rest)
        for flag, jump in reversed(list(flags.values())):
            again = self.leave(flag, jump) if isinstance(jump, gast.Break) else jump
            rest = [_if(jump, name(flag), [again], rest)]
        return [*start, *noted, *rest]


# ---------------------------------------------------------------- looking at statements


def jumps_of(body: Body, kinds: tuple[type, ...] = _JUMPS) -> Body:
    """The jumps of these kinds, outside nested loops and functions."""
    found: Body = []
    for node in body:
        if isinstance(node, kinds):
            found.append(node)
        elif isinstance(node, gast.If):
            found += jumps_of([*node.body, *node.orelse], kinds)
    return found


def _kind(jump: Any) -> tuple[str, str]:
    """Jumps of one kind share a flag; and the name that one wishes for."""
    if isinstance(jump, gast.Return):
        return _text(jump), "returned"
    return ("break", "left") if isinstance(jump, gast.Break) else ("continue", "skipped")


def _text(jump: Any) -> str:
    return gast.dump(jump.value) if jump.value is not None else ""


def _leaves(body: Body) -> bool:
    """Does every path through `body` jump?"""
    last = body[-1] if body else None
    if isinstance(last, gast.If):
        return _leaves(last.body) and _leaves(last.orelse)
    return isinstance(last, (*_JUMPS, gast.Raise))


def _always_true(test: Any) -> bool:
    return isinstance(test, gast.Constant) and bool(test.value)


def _size(body: Body) -> int:
    return sum(1 for s in body for n in gast.walk(s) if isinstance(n, gast.stmt))


def escaping(body: Body, bound: frozenset[str] = frozenset()) -> set[str]:
    """Names that are read where no loop around binds them; or only one in which another loop binds
    them as well.
    """
    found: set[str] = set()
    for node in body:
        if isinstance(node, gast.For):
            inside = [n for s in node.body for n in gast.walk(s) if isinstance(n, gast.For)]
            again = set[str]().union(*(_targets(n) for n in inside))
            found |= _loads(node.iter) - bound
            found |= escaping(node.body, (bound | _targets(node)) - again)
            found |= escaping(node.orelse, bound)
        elif isinstance(node, (gast.If, gast.While)):
            found |= _loads(node.test) - bound
            found |= escaping(node.body, bound) | escaping(node.orelse, bound)
        else:
            found |= _loads(node) - bound
    return found


def _targets(loop: gast.For) -> set[str]:
    return {n.id for n in gast.walk(loop.target) if isinstance(n, gast.Name)}


def _loads(node: Any) -> set[str]:
    return {
        n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)
    }


# ---------------------------------------------------------------- making statements


def replaced_in(body: Body, change: Callable[[Any], Body | None]) -> Body:
    """`body` with what `change` gives for a statement in its place, in branches too."""
    code: Body = []
    for node in body:
        new = change(node)
        if new is not None:
            code += new
        elif isinstance(node, gast.If):
            both = replaced_in(node.body, change), replaced_in(node.orelse, change)
            code.append(_if(node, node.test, *both))
        else:
            code.append(node)
    return code


def _lift(node: Any, flag: str | None, lifted: Body) -> Body | None:
    """Takes `flag = False` out of where it stands."""
    match node:
        case gast.Assign(targets=[gast.Name(id=one)], value=gast.Constant(value=False)):
            if one == flag:
                lifted.append(node)
                return []
    return None


def _if(origin: Any, test: Any, body: Body, orelse: Body) -> Any:
    return gast.copy_location(gast.If(test=test, body=body, orelse=orelse), origin)


def _loop(node: Any, body: Body) -> Any:
    if isinstance(node, gast.While):
        made = gast.While(test=node.test, body=body, orelse=[])
    else:
        made = gast.For(target=node.target, iter=node.iter, body=body, orelse=[], type_comment=None)
    return gast.copy_location(made, node)


def _set(flag: str, value: bool, origin: Any) -> Any:
    made = gast.Assign(targets=[stored(flag)], value=literal(value), type_comment=None)
    return gast.copy_location(made, origin)
