"""`try`: the statements under it, and a variable that says which handler ran.

    try:                                  caught = 0
        y = x / (x - 1)                   try:
    except ZeroDivisionError:                 y = x / (x - 1)
        y = x                     ->      except ZeroDivisionError:
                                              caught = 1
                                          if caught:
                                              y = x

Behind the `try` stands an ordinary `if`, so that jumps, handlers and the `else` of the `try` are
what they are anywhere; the backward sweep asks `caught` again.  What the `try` binds has names of
its own until it is through, so that an exception half-way leaves nothing behind; where a handler
could see such a name bound half-way, or memory written to, the program is refused.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any

import gast

from tangent.passes.jumps import jumps_of
from tangent.passes.lowering import Lowering
from tangent.syntax.trees import literal, name, quote, rebuild, stored


class Attempt(ast.stmt):
    """The statements under a `try`; `catches` are (type or None, name or None) of each handler."""

    _fields = ("body",)

    def __init__(
        self, original: Any, body: list[Any], caught: str, catches: list[tuple[Any, str | None]]
    ) -> None:
        self.original, self.body, self.caught, self.catches = original, body, caught, catches


def attempted(self: Lowering, body: list[Any], looping: bool = False) -> list[Any]:
    """`body` with an `Attempt` and an `if` in place of each `try`."""
    code: list[Any] = []
    for node in body:
        if isinstance(node, gast.Try):
            code += _attempt(self, node, looping)
            continue
        if isinstance(node, (gast.If, gast.For, gast.While)):
            again = looping or not isinstance(node, gast.If)
            node = copy.copy(node)
            node.body = attempted(self, node.body, again)
            node.orelse = attempted(self, node.orelse, again)
        code.append(node)
    return code


def _attempt(self: Lowering, node: gast.Try, looping: bool) -> list[Any]:
    """The statements that stand for one `try`."""
    inside, last = attempted(self, node.body, looping), []
    if isinstance(inside[-1], (gast.Return, gast.Break, gast.Continue)):
        last = [inside.pop()]
        if isinstance(last[0], gast.Return) and last[0].value is not None:
            value = self.flag("value")
            first = gast.Assign(targets=[stored(value)], value=last[0].value, type_comment=None)
            inside.append(gast.copy_location(first, last[0]))
            last = [gast.copy_location(gast.Return(value=name(value)), last[0])]
    late = _late(self, inside)
    for jump in jumps_of(inside):
        _refuse(self, jump, "a jump in the middle of a `try`", "put it at the end, or behind it")
    run = [s for s in inside if not isinstance(s, gast.With)] or [gast.Pass()]  # not backward
    _check_memory(self, run)
    moved = _renamed(self, node, run, looping)
    last_only = {old for old in moved if old in _final(run) and _bound(run)[old] == 1}
    early = [old for old in moved if old not in last_only and _read_first(run, old)]
    inside = [rebuild(s, lambda n: _changed(n, moved, last_only)) for s in inside]
    start = [
        gast.Assign(targets=[stored(moved[old])], value=name(old), type_comment=None)
        for old in early
    ]
    commits = [
        gast.Assign(targets=[stored(old)], value=name(new), type_comment=None)
        for old, new in moved.items()
    ]
    rest = [*commits, *late, *attempted(self, node.orelse, looping)]
    return _placed(_assembled(self, node, [*start, *inside], rest, last, looping), node)


def _late(self: Lowering, inside: list[Any]) -> list[Any]:
    """What is left of `total += f(x)` at the end of a `try` once `f(x)` has not failed: sums and
    products of numbers raise nothing.
    """
    update = inside[-1] if inside else None
    if not isinstance(update, gast.AugAssign) or not isinstance(update.target, gast.Name):
        return []
    if not isinstance(update.op, (gast.Add, gast.Sub, gast.Mult)):
        return []
    value = self.flag("value")
    first = gast.Assign(targets=[stored(value)], value=update.value, type_comment=None)
    inside[-1] = gast.copy_location(first, update)
    update = gast.AugAssign(target=update.target, op=update.op, value=name(value))
    return [gast.copy_location(update, first)]


def _assembled(
    self: Lowering,
    node: gast.Try,
    inside: list[Any],
    rest: list[Any],
    last: list[Any],
    looping: bool,
) -> list[Any]:
    caught = self.flag("caught")
    final = attempted(self, node.finalbody, looping)
    for jump in jumps_of(final):
        _refuse(self, jump, "a jump in a `finally`", "put it behind the `try`")
    handlers = [_handler(self, h, looping) for h in node.handlers]
    branches = [_before_jump(self, b, final) for _, b in handlers]
    catches = [c for c, _ in handlers]
    if _acts(final):
        error = self.flag("error")
        again = gast.Raise(exc=name(error), cause=None)
        catches.append((name("@builtin:BaseException"), error))
        branches.append([*final, again])
    if not catches:
        return _placed([*inside, *rest, *final, *last], node)
    chosen = branches[-1]
    for number in reversed(range(len(branches) - 1)):
        test = quote("c == n", c=name(caught), n=literal(number + 1))
        chosen = [gast.If(test=test, body=branches[number], orelse=chosen)]
    attempt = Attempt(node, inside, caught, catches)
    behind = gast.If(test=name(caught), body=chosen, orelse=[*rest, *final, *last])
    return _placed([attempt, behind], node)


def _handler(
    self: Lowering, handler: Any, looping: bool
) -> tuple[tuple[Any, str | None], list[Any]]:
    """What a handler catches, and its statements."""
    body = attempted(self, handler.body, looping)
    raises = any(isinstance(n, gast.Raise) and n.exc is None for s in body for n in gast.walk(s))
    error = handler.name.id if handler.name is not None else None
    if error is not None:
        _check_error(self, handler, error)
    if raises and error is None:
        error = self.flag("error")
    if raises:
        body = [rebuild(s, lambda n: _raised(n, str(error))) for s in body]
    return (handler.type, error), body


def _check_error(self: Lowering, handler: Any, error: str) -> None:
    """An error is raised again or shown: what it holds may depend on the input."""
    shown: set[int] = set()
    for n in (n for s in handler.body for n in gast.walk(s)):
        text = isinstance(n, gast.Call) and isinstance(n.func, gast.Name) and n.func.id in _SHOWING
        if text or isinstance(n, (gast.Raise, gast.FormattedValue)):
            shown |= {id(inner) for inner in gast.walk(n)}
        if isinstance(n, gast.Attribute) and id(n.value) in shown:
            shown.discard(id(n.value))
    for n in (n for s in handler.body for n in gast.walk(s)):
        if isinstance(n, gast.Name) and n.id == error and id(n) not in shown:
            _refuse(self, n, "an error is looked into", "keep what is needed in a variable")


_SHOWING = ("print", "str", "repr", "isinstance", "type")


def _raised(node: Any, error: str) -> Any | None:
    if isinstance(node, gast.Raise) and node.exc is None:
        return gast.copy_location(gast.Raise(exc=name(error), cause=None), node)
    return None


def _before_jump(self: Lowering, body: list[Any], final: list[Any]) -> list[Any]:
    """`body` and what a `finally` does, in front of the jump at the end of `body`."""
    if not final:
        return body
    if jumps_of(body[:-1]) or (jumps_of(body[-1:]) and isinstance(body[-1], gast.If)):
        _refuse(self, body[-1], "a jump in front of a `finally`", "put it behind the `try`")
    if not isinstance(body[-1], (gast.Return, gast.Break, gast.Continue, gast.Raise)):
        return [*body, *final]
    if isinstance(body[-1], gast.Return) and body[-1].value is not None:
        value = self.flag("value")
        first = gast.Assign(targets=[stored(value)], value=body[-1].value, type_comment=None)
        return [*body[:-1], first, *final, gast.Return(value=name(value))]
    return [*body[:-1], *final, body[-1]]


def _acts(body: list[Any]) -> bool:
    """Does it more than bind names, so that it runs on the way out, too?"""
    return not all(isinstance(s, (gast.Assign, gast.Pass)) for s in body) or any(
        isinstance(n, gast.Call) for s in body for n in gast.walk(s)
    )


def _placed(body: list[Any], place: Any) -> list[Any]:
    for statement in body:
        for one in gast.walk(statement):
            if not hasattr(one, "lineno"):
                gast.copy_location(one, place)
                one.lineno = place.lineno
    return body


# ---------------------------------------------------------------- half-way


def _renamed(self: Lowering, node: gast.Try, inside: list[Any], looping: bool) -> dict[str, str]:
    """The names that a `try` binds anew, and what they are called until it is through."""
    bound, final = _bound(inside), _final(inside)
    moved: dict[str, str] = {}
    for identifier in sorted(bound):
        outside = _uses(self, node, identifier)
        if identifier in final and bound[identifier] == 1:  # nothing can go wrong behind it
            if outside and (looping or _read_first(inside, identifier)):  # it may run twice
                moved[identifier] = self.flag(identifier)
        elif outside:
            handled = all(_surely_binds(h.body, identifier) for h in node.handlers)
            if not _read_first(inside, identifier):
                handled = handled or _read_where_nothing_was_raised(self, node, identifier)
            if not handled or not _only_bound(node, identifier):
                what = f"an exception may leave `{identifier}` bound or not"
                _refuse(self, node, what, "bind it in the last statement of the `try`")
            moved[identifier] = self.flag(identifier)
    return moved


def _read_where_nothing_was_raised(self: Lowering, node: gast.Try, identifier: str) -> bool:
    """Is a name read, outside of a `try`, only where a flag says that no handler ran?

    That is how the library itself writes a `try`: the flag is 0 but for what the handlers set.
    """
    flag = _flag(node)
    if flag is None or not _tells(self, node, flag):
        return False
    reached = [*node.body, *_reached_without(flag, self.unit.tree)]
    safe = {id(n) for s in reached for n in gast.walk(s)}
    names = (n for n in gast.walk(self.unit.tree) if isinstance(n, gast.Name))
    reads = (n for n in names if n.id == identifier and isinstance(n.ctx, gast.Load))
    return all(id(n) in safe for n in reads)


def _reached_without(flag: str, tree: Any) -> Iterator[Any]:
    """The statements that run only where a flag is 0: under an `if` that asks it, and behind one
    that jumps away.
    """
    for one in gast.walk(tree):
        found = (getattr(one, "body", None), getattr(one, "orelse", None))
        for block in (b for b in found if isinstance(b, list)):
            for position, statement in enumerate(block):
                test = statement.test if isinstance(statement, gast.If) else None
                if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
                    yield from statement.body if _is_name(test.operand, flag) else ()
                elif _is_name(test, flag):
                    away = isinstance(statement.body[-1], _JUMPS)
                    yield from (*statement.orelse, *(block[position + 1 :] if away else ()))


def _is_name(node: Any, identifier: str) -> bool:
    return getattr(node, "id", None) == identifier


_JUMPS = (gast.Return, gast.Raise, gast.Break, gast.Continue)


def _flag(node: gast.Try) -> str | None:
    """The variable that each handler which goes on sets, first of all, to a number but 0."""
    flags = set()
    for handler in node.handlers:
        match handler.body[0]:
            case gast.Assign(targets=[gast.Name(id=flag)], value=gast.Constant(value=value)):
                flags.add(flag if value else None)
            case gast.Raise(exc=None):
                pass
            case _:
                return None
    return flags.pop() if len(flags) == 1 else None


def _tells(self: Lowering, node: gast.Try, flag: str) -> bool:
    """Is a flag 0 wherever no handler of this `try` has set it?"""
    mine = {id(n) for h in node.handlers for n in gast.walk(h)}
    zero = set()
    for one in gast.walk(self.unit.tree):
        if isinstance(one, gast.Assign) and isinstance(one.value, gast.Constant):
            zero |= {id(t) for t in one.targets if one.value.value == 0}
    names = (n for n in gast.walk(self.unit.tree) if isinstance(n, gast.Name) and n.id == flag)
    bound = [n for n in names if isinstance(n.ctx, gast.Store) and id(n) not in mine]
    return bool(bound) and all(id(n) in zero for n in bound)


def _final(inside: list[Any]) -> set[str]:
    """The names that the last statement binds, when all that could go wrong is behind it."""
    targets = inside[-1].targets if isinstance(inside[-1], gast.Assign) else []
    return {n.id for n in targets if isinstance(n, gast.Name)}


def _read_first(inside: list[Any], identifier: str) -> bool:
    """May a name be read before it is bound?"""
    for statement in inside:
        if isinstance(statement, gast.If):
            if any(_read_first(b, identifier) for b in ([statement.test], statement.body)):
                return True
            if _read_first(statement.orelse, identifier):
                return True
            continue
        names = [n for n in gast.walk(statement) if isinstance(n, gast.Name) and n.id == identifier]
        if any(isinstance(n.ctx, gast.Load) for n in names):
            return True
        if names and isinstance(statement, gast.Assign):
            return False
    return False


def _bound(body: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for n in (n for s in body for n in gast.walk(s)):
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store):
            found[n.id] = found.get(n.id, 0) + 1
        elif isinstance(n, gast.FunctionDef):
            found[n.name] = found.get(n.name, 0) + 1
    return found


def _uses(self: Lowering, node: gast.Try, identifier: str) -> bool:
    """Does the function mention a name anywhere but under this `try`?"""
    mine = {id(n) for s in node.body for n in gast.walk(s)}
    if identifier in self.unit.all_parameters:
        return True
    return any(
        isinstance(n, gast.Name) and n.id == identifier and id(n) not in mine
        for n in gast.walk(self.unit.tree)
    )


def _surely_binds(body: list[Any], identifier: str) -> bool:
    """Does a handler bind a name before anything reads it, or leave the function?"""
    for statement in body:
        names = [n for n in gast.walk(statement) if isinstance(n, gast.Name) and n.id == identifier]
        if any(isinstance(n.ctx, gast.Load) for n in names):
            return False
        if isinstance(statement, gast.Assign) and names:
            return True
    return bool(body) and isinstance(body[-1], (gast.Raise, gast.Return))


def _only_bound(node: gast.Try, identifier: str) -> bool:
    """Is a name not read by what runs on the way out?"""
    return not any(
        isinstance(n, gast.Name) and n.id == identifier
        for s in node.finalbody
        for n in gast.walk(s)
    )


def _check_memory(self: Lowering, inside: list[Any]) -> None:
    """A store in front of something that may raise would stay half done."""
    for position, statement in enumerate(inside):
        last = position == len(inside) - 1 and not isinstance(statement, (gast.For, gast.While))
        for n in gast.walk(statement):
            writes = isinstance(n, (gast.Subscript, gast.Attribute)) and isinstance(
                n.ctx, gast.Store
            )
            grows = isinstance(n, gast.Call) and isinstance(n.func, gast.Attribute)
            grows = grows and n.func.attr in _GROWING
            if (writes or grows or isinstance(n, (gast.AugAssign, gast.Delete))) and not last:
                what = "a `try` changes memory before something in it may fail"
                _refuse(self, n, what, "change it in the last statement of the `try`")


_GROWING = ("append", "extend", "insert", "pop", "update", "setdefault", "reverse", "sort", "clear")


def _changed(node: Any, moved: dict[str, str], last_only: set[str]) -> Any | None:
    """Reads in front of the only binding, in the last statement, are of what was there before."""
    if isinstance(node, gast.Name) and node.id in moved:
        if node.id in last_only and isinstance(node.ctx, gast.Load):
            return None
        new = gast.Name(moved[node.id], node.ctx, None, None)
        return gast.copy_location(new, node)
    return None


def _refuse(self: Lowering, node: Any, what: str, advice: str) -> None:
    self.refuse(what, "try", node, advice)
