"""Where a function is checkpointed, its backward half gives up what it has used.

    def block_backward(h_bar, record):                  h_bar = block_backward(
        h, W, z, t1 = record                                h_bar, block_forward(h, W)[1]
        del record                   # release          )
        # 8: h + np.tanh(z) * t1
        t2_bar = …                                      the record has no other name: an entry is
        del t1, z                    # release          gone when its last reader has run

Nobody else holds such a record.  What a callee's half makes for itself is given up as well, at the
end of each group of statements; so is, in the function that calls, what was read for the last time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gast

from tangent.passes.glance import inner
from tangent.passes.waiting import host_numbers
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.trees import walk


def release(functions: Sequence[Any]) -> None:
    """Changes the functions of a module in place."""
    known = {function.name: function for function in functions}
    callers = [f for f in functions if any(_recalled(f))]
    owning = {back for f in callers for back in _recalled(f)}
    reached: dict[str, None] = {f.name: None for f in callers}
    waiting = list(owning)
    while waiting:
        one = waiting.pop()
        if one in known and one not in reached:
            reached[one] = None
            waiting += sorted(_called(known[one]))
    for one in reached:
        _release(known[one], one in owning)


def _recalled(function: Any) -> Iterator[str]:
    """The backward halves that are given a record which is made for them alone."""
    for node in walk(function):
        match node:
            case gast.Call(
                func=gast.Name(id=back),
                args=[_, gast.Subscript(value=gast.Call(), slice=gast.Constant(value=1))],
            ) if back[0] == "@":
                yield back


def _called(function: Any) -> set[str]:
    calls = (n.func for n in walk(function) if isinstance(n, gast.Call))
    return {f.id for f in calls if isinstance(f, gast.Name)}


def _release(function: Any, owning: bool) -> None:
    body = function.body
    record = _record(function) if owning else None
    bound = _bound(function, record is None)
    last = {}
    for position, statement in enumerate(body):
        for node in walk(statement):
            if isinstance(node, gast.Name) and (node.id in bound):
                last[node.id] = position
    made: list[Any] = []
    held: list[str] = []
    start = next((i for i, s in enumerate(body) if _says(s, "backward")), 0)
    for position, statement in enumerate(body):
        ends = isinstance(statement, Comment) or isinstance(inner(statement), gast.For | gast.While)
        if ends and position > start:
            done = [n for n in held if start <= last[n] < position]
            held = [n for n in held if n not in done]
            made += [_del(done)] if done else []
        made.append(statement)
        held += [n for n in _binds(statement) if n in bound and n not in held]
        if record is not None and _binds(statement) and made[-1] is record:
            made.append(_del([record.value.id]))
    function.body = made


def _says(statement: Any, text: str) -> bool:
    return isinstance(statement, Comment) and statement.text == text


def _record(function: Any) -> Any | None:
    """The statement that takes the record of a backward half apart."""
    parameters = [a.id for a in function.args.args]
    for statement in function.body:
        match statement:
            case gast.Assign(targets=[gast.Tuple()], value=gast.Name(id=one)):
                return statement if one == parameters[-1] else None
    return None


def _bound(function: Any, whole: bool) -> set[str]:
    """The names that may be given up: bound by statements of the function itself, to what is no
    number; those of a record that others hold are left out where it is `whole`.
    """
    parameters = [a.id for a in (*function.args.args, *function.args.kwonlyargs)]
    found = {n for s in function.body for n in _binds(s)} - set(parameters) - {"_"}
    for statement in function.body:
        match inner(statement):
            case gast.Assign(targets=targets, value=gast.Name(id=one)) if whole:
                found -= {n for t in targets for n in _names(t)} if one in parameters else set()
            case gast.Assign(targets=[gast.Name(id=one)], value=gast.Constant()):
                found.discard(one)
            case gast.Return() as last:
                found -= {n.id for n in walk(last) if isinstance(n, gast.Name)}
    return found - host_numbers(function)


def _binds(statement: Any) -> list[str]:
    node = inner(statement)
    targets = node.targets if isinstance(node, gast.Assign) else []
    return [n for t in targets for n in _names(t)]


def _names(target: Any) -> list[str]:
    if isinstance(target, gast.Tuple | gast.List):
        return [n for t in target.elts for n in _names(t)]
    return [target.id] if isinstance(target, gast.Name) else []


def _del(names: list[str]) -> Any:
    targets = [gast.Name(id=n, ctx=gast.Del(), annotation=None, type_comment=None) for n in names]
    return Noted(gast.Delete(targets=targets), "release")
