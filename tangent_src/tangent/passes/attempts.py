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
could see such a name bound half-way (`passes.halfway`), the program is refused; memory that is
written to half-way is a matter of `analyses.half_done`.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, replace
from typing import Any

import gast

from tangent.passes.halfway import read_behind, read_halfway
from tangent.passes.jumps import jumps_of
from tangent.passes.leaving import led_out
from tangent.passes.lowering import Lowering
from tangent.passes.stepping import asked_first
from tangent.syntax.scopes import inner_names
from tangent.syntax.trees import literal, name, quote, rebuild, stored


class Attempt(ast.stmt):
    """The statements under a `try`; `catches` are (type or None, name or None) of each handler."""

    _fields = ("body",)

    def __init__(
        self, original: Any, body: list[Any], caught: str, catches: list[tuple[Any, str | None]]
    ) -> None:
        self.original, self.body, self.caught, self.catches = original, body, caught, catches


@dataclass(frozen=True)
class Around:
    """Where a `try` stands: in which function, and in a loop or not."""

    function: list[Any]
    loop: bool = False


def attempted(self: Lowering, body: list[Any], around: Around | None = None) -> list[Any]:
    """`body` with an `Attempt` and an `if` in place of each `try`."""
    around = around or Around(body)
    code: list[Any] = []
    for node in body:
        asked = asked_first(self, node) if isinstance(node, gast.Try) else None
        if asked is not None:
            node = asked
        if isinstance(node, gast.Try):
            code += _attempt(self, node, around)
            continue
        if isinstance(node, (gast.If, gast.For, gast.While)):
            inner = around if isinstance(node, gast.If) else replace(around, loop=True)
            node = copy.copy(node)
            node.body = attempted(self, node.body, inner)
            node.orelse = attempted(self, node.orelse, inner)
        code.append(node)
    return code


def _attempt(self: Lowering, node: gast.Try, around: Around) -> list[Any]:
    """The statements that stand for one `try`."""
    inside = attempted(self, node.body, around)
    last = _last(self, inside)
    late = _late(self, inside)
    out = led_out(self, inside)
    inside = out.body
    run = [s for s in inside if not isinstance(s, gast.With)] or [gast.Pass()]  # not backward
    moved = _renamed(self, node, run, around)
    last_only = {old for old in moved if old in _final(run) and _bound(run)[old] == 1}
    live = [old for old in moved if read_behind(around.function, node, old)]
    whole = [node.body, out.body] if out.behind else [node.body]
    stays = {old for old in live if not all(_surely_bound(b, old) for b in whole)}
    before = _bound_before(around, node) | set(self.unit.all_parameters)
    read = [old for old in moved if old not in last_only and _read_first(run, old)]
    early = [old for old in read if old in before]
    early += sorted(stays.intersection(before).difference(early))
    unbound = sorted(stays.union(read).difference(before, early))
    inside = _changed(inside, moved, last_only)
    start = [_bind(moved[old], name(old)) for old in early]
    start += [_bind(moved[old], literal(None)) for old in unbound]
    commits = [_bind(old, name(moved[old])) for old in live]
    rest = [*commits, *out.unless([*late, *attempted(self, node.orelse, around)])]
    last = [*out.behind, *last]
    return _placed(_assembled(self, node, [*start, *inside], rest, last, around), node)


def _last(self: Lowering, inside: list[Any]) -> list[Any]:
    """The jump at the end of a `try`, which is taken off; what it returns is computed before."""
    if not isinstance(inside[-1], (gast.Return, gast.Break, gast.Continue)):
        return []
    jump = inside.pop()
    if not isinstance(jump, gast.Return) or jump.value is None:
        return [jump]
    value = self.flag("value")
    inside.append(gast.copy_location(_bind(value, jump.value), jump))
    return [gast.copy_location(gast.Return(value=name(value)), jump)]


def _bind(target: str, value: Any) -> Any:
    return gast.Assign(targets=[stored(target)], value=value, type_comment=None)


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
    inside[-1] = gast.copy_location(_bind(value, update.value), update)
    update = gast.AugAssign(target=update.target, op=update.op, value=name(value))
    return [gast.copy_location(update, inside[-1])]


def _assembled(
    self: Lowering,
    node: gast.Try,
    inside: list[Any],
    rest: list[Any],
    last: list[Any],
    around: Around,
) -> list[Any]:
    caught = self.flag("caught")
    final = attempted(self, node.finalbody, around)
    for jump in jumps_of(final):
        _refuse(self, jump, "a jump in a `finally`", "put it behind the `try`")
    handlers = [_handler(self, h, around) for h in node.handlers]
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
    self: Lowering, handler: Any, around: Around
) -> tuple[tuple[Any, str | None], list[Any]]:
    """What a handler catches, and its statements."""
    body = attempted(self, handler.body, around)
    raises = any(isinstance(n, gast.Raise) and n.exc is None for s in body for n in gast.walk(s))
    error = handler.name.id if handler.name is not None else None
    if error is not None:
        _check_error(self, handler.body, error, around)
    if raises and error is None:
        error = self.flag("error")
    if raises:
        body = [rebuild(s, lambda n: _raised(n, str(error))) for s in body]
    return (handler.type, error), body


def _check_error(self: Lowering, body: list[Any], error: str, around: Around) -> None:
    """An error is raised again, shown or kept: what it holds may depend on the input."""
    shown: set[int] = set()
    for n in (n for s in body for n in gast.walk(s)):
        text = isinstance(n, gast.Call) and isinstance(n.func, gast.Name) and n.func.id in _SHOWING
        if text or isinstance(n, (gast.Raise, gast.FormattedValue)):
            shown |= {id(inner) for inner in gast.walk(n)}
        if isinstance(n, gast.Attribute) and id(n.value) in shown:
            shown.discard(id(n.value))
        if isinstance(n, gast.Assign) and getattr(n.value, "id", None) == error:
            shown.add(id(n.value))
            for second in {t.id for t in n.targets if isinstance(t, gast.Name)} - {error}:
                _check_error(self, around.function, second, around)
    for n in (n for s in body for n in gast.walk(s)):
        read = isinstance(n, gast.Name) and n.id == error and isinstance(n.ctx, gast.Load)
        if read and id(n) not in shown:
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
    body = list(body)
    last = [body.pop()] if isinstance(body[-1], gast.Raise) else _last(self, body)
    out = led_out(self, body)
    return [*out.body, *final, *out.behind, *last]


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


def _renamed(self: Lowering, node: gast.Try, inside: list[Any], around: Around) -> dict[str, str]:
    """The names that a `try` binds anew, and what they are called until it is through."""
    bound, final = _bound(inside), _final(inside)
    moved: dict[str, str] = {}
    for identifier in sorted(bound):
        outside = _uses(self, node, identifier, around)
        if identifier in final and bound[identifier] == 1:  # nothing can go wrong behind it
            if outside and (around.loop or _read_first(inside, identifier)):  # it may run twice
                moved[identifier] = self.flag(identifier)
        elif outside:
            if not self.unit.generated and read_halfway(around.function, node, identifier):
                what = f"an exception may leave `{identifier}` bound or not"
                _refuse(self, node, what, "bind it in the last statement of the `try`")
            moved[identifier] = self.flag(identifier)
    return moved


def _final(inside: list[Any]) -> set[str]:
    """The names that the last statement binds, when all that could go wrong is behind it."""
    targets = inside[-1].targets if isinstance(inside[-1], gast.Assign) else []
    flat = [n for t in targets for n in (t.elts if isinstance(t, gast.Tuple) else (t,))]
    return {n.id for n in flat if isinstance(n, gast.Name)}


def _read_first(inside: list[Any], identifier: str) -> bool:
    """May a name be read before it is bound?"""
    for statement in inside:
        if isinstance(statement, (gast.If, gast.For, gast.While)):
            loop = isinstance(statement, gast.For)
            if _read_first([statement.iter if loop else statement.test], identifier):
                return True
            binds = loop and identifier in _bound([statement.target])
            if not binds and _read_first(statement.body, identifier):
                return True
            if _read_first(statement.orelse, identifier):
                return True
            if _surely_bound([statement], identifier):
                return False
            continue
        inner = inner_names([statement])
        names = [n for n in gast.walk(statement) if getattr(n, "id", None) == identifier]
        names = [n for n in names if id(n) not in inner]
        if any(isinstance(n.ctx, gast.Load) for n in names):
            return True
        if names and isinstance(statement, gast.Assign):
            return False
    return False


def _surely_bound(block: list[Any], identifier: str) -> bool:
    """Is a name bound on each path to the end of a block?"""
    for statement in block:
        match statement:
            case gast.Assign() | gast.AnnAssign():
                if identifier in _bound([statement]):
                    return True
            case gast.With(body=body):
                if _surely_bound(body, identifier):
                    return True
            case gast.Raise():
                return True
            case gast.If(body=body, orelse=orelse):
                if all(_surely_bound(b, identifier) for b in (body, orelse)):
                    return True
            case gast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                through = [[*body, *orelse], *(h.body for h in handlers)]
                if _surely_bound(final, identifier) or all(
                    _surely_bound(b, identifier) for b in through
                ):
                    return True
    return False


def _bound_before(around: Around, node: gast.Try) -> set[str]:
    """The names that may be bound when a `try` begins."""
    if around.loop:
        mine = {id(n) for s in node.body for n in gast.walk(s)}
        others = (n for s in around.function for n in gast.walk(s) if id(n) not in mine)
        return {n.id for n in others if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
    found: set[str] = set()
    _until(node, around.function, found)
    return found


def _until(node: gast.Try, body: list[Any], found: set[str]) -> bool:
    """Adds what is bound in front of a `try`; tells whether it was met."""
    for statement in body:
        if statement is node:
            return True
        blocks = [getattr(statement, b, None) for b in ("body", "orelse", "finalbody")]
        blocks += [h.body for h in getattr(statement, "handlers", ())]
        if any(isinstance(b, list) and _until(node, b, found) for b in blocks):
            return True
        found.update(_bound([statement]))
    return False


def _bound(body: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    inner = inner_names(body)
    for n in (n for s in body for n in gast.walk(s) if id(n) not in inner):
        if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store):
            found[n.id] = found.get(n.id, 0) + 1
        elif isinstance(n, gast.FunctionDef):
            found[n.name] = found.get(n.name, 0) + 1
    return found


def _uses(self: Lowering, node: gast.Try, identifier: str, around: Around) -> bool:
    """Does the function mention a name anywhere but under this `try`?"""
    mine = {id(n) for s in node.body for n in gast.walk(s)}
    if identifier in self.unit.all_parameters:
        return True
    return any(
        isinstance(n, gast.Name) and n.id == identifier and id(n) not in mine
        for s in around.function
        for n in gast.walk(s)
    )


def _changed(inside: list[Any], moved: dict[str, str], last_only: set[str]) -> list[Any]:
    """Reads in front of the only binding, in the last statement, are of what was there before."""
    inner = inner_names(inside)

    def change(node: Any) -> Any | None:
        if not isinstance(node, gast.Name) or node.id not in moved or id(node) in inner:
            return None
        if node.id in last_only and isinstance(node.ctx, gast.Load):
            return None
        return gast.copy_location(gast.Name(moved[node.id], node.ctx, None, None), node)

    return [rebuild(s, change) for s in inside]


def _refuse(self: Lowering, node: Any, what: str, advice: str) -> None:
    self.refuse(what, "try", node, advice)
