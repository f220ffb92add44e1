"""Where a function is checkpointed, its backward half gives up what it has used.

    def block_backward(h_bar, record):                  h_bar = block_backward(
        h, W, z, t1, *records = record                      h_bar, block_forward(h, W)[1]
        del record                   # release          )
        # 8: h + np.tanh(z) * dense(h, W)
        t2_bar = h_bar * t1                             the record has no other name: an entry is
        del t1                       # release          gone when its last reader has run
        h_part = dense_backward(t2_bar, records.pop())

Nobody else holds such a record, and the records in it are given on to the halves of callees, which
do the same.  What the others make for themselves is given up as well, at the end of each group of
statements; so is, in the function that calls, what was read for the last time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gast

from tangent.passes.glance import COMPOUND, inner
from tangent.passes.piecemeal import in_steps
from tangent.passes.waiting import host_numbers
from tangent.syntax.names import Names
from tangent.syntax.printing import Comment, Noted
from tangent.syntax.trees import method_call, name, stored, walk

_WITHOUT_ARRAYS = {"@unbroadcast", "@private", "@add_at"}


def release(functions: Sequence[Any]) -> None:
    """Changes the functions of a module in place."""
    known = {function.name: function for function in functions}
    callers = [f for f in functions if any(_recalled(f))]
    owning: dict[str, None] = {}
    waiting = sorted({back for f in callers for back in _recalled(f)})
    while waiting:
        one = waiting.pop()
        if one in known and one not in owning:
            owning[one] = None
            _give_on(known[one])
            waiting += sorted({*_recalled(known[one]), *_given(known[one])})
    for one in owning:
        _release(known[one], True)
    reached = {f.name for f in callers} - owning.keys()
    waiting = sorted({*reached, *owning})
    seen = {*waiting}
    while waiting:
        called = {c for c in _called(known[waiting.pop()]) if c in known} - seen
        seen |= called
        waiting += sorted(called)
    for one in known:
        if one in seen - owning.keys():
            _release(known[one], False)


def _recalled(function: Any) -> Iterator[str]:
    """The backward halves that are given a record which is made for them alone."""
    for node in walk(function):
        match node:
            case gast.Call(
                func=gast.Name(id=back),
                args=[_, gast.Subscript(value=gast.Call(), slice=gast.Constant(value=1))],
            ) if back.startswith("@function:"):
                yield back


def _given(function: Any) -> Iterator[str]:
    """The backward halves that are given a record out of a list, which holds it no longer."""
    for node in walk(function):
        match node:
            case gast.Call(
                func=gast.Name(id=back),
                args=[_, gast.Call(func=gast.Attribute(attr="pop"), args=[])],
            ) if back.startswith("@function:"):
                yield back


def _called(function: Any) -> set[str]:
    calls = (n.func for n in walk(function) if isinstance(n, gast.Call))
    return {f.id for f in calls if isinstance(f, gast.Name)}


def _give_on(function: Any) -> None:
    """The records of callees at the end of a record become a list, from which each half takes its
    own, where they are read once and the last one first.
    """
    record = _record(function)
    targets = [] if record is None else [t.id for t in record.targets[0].elts]
    readers = dict(_readers(function, {*targets}))
    given = [one for one in readers if targets and one == targets[-1]]
    for one in readers:
        if given and one == targets[len(targets) - 1 - len(given)]:
            given.append(one)
    if record is None or not given or len(given) == len(targets):
        return
    taken = {n.id for n in walk(function) if isinstance(n, gast.Name)}
    records = Names(taken).fresh("records")
    rest = gast.Starred(value=stored(records), ctx=gast.Store())
    record.targets[0].elts[-len(given) :] = [rest]
    for one in given:
        readers[one].args[-1] = method_call(name(records), "pop")


def _readers(function: Any, targets: set[str]) -> Iterator[tuple[str, Any]]:
    """The calls of backward halves that are the only readers of a record, in order."""
    # each of them is there twice, once bound and once read
    names = [n.id for n in walk(function) if isinstance(n, gast.Name) and n.id in targets]
    for statement in function.body:
        if isinstance(inner(statement), COMPOUND):
            continue
        for node in walk(statement):
            match node:
                case gast.Call(func=gast.Name(id=back), args=[_, gast.Name(id=one)]):
                    if back.startswith("@function:") and names.count(one) == 2:
                        yield one, node


def _release(function: Any, owning: bool) -> None:
    """Gives up names behind their last reader: before the next statement that makes something,
    where the record is its own, else behind the group of statements.
    """
    record = _record(function) if owning else None
    bound = _bound(function, record is None)
    if record is not None:
        in_steps(function, bound)
        bound = _bound(function, False)
    last = {}
    for position, statement in enumerate(function.body):
        for node in walk(statement):
            if isinstance(node, gast.Name) and (node.id in bound):
                last[node.id] = position
    start = next((i for i, s in enumerate(function.body) if _says(s, "backward")), 0)
    made: list[Any] = []
    held: list[str] = []
    for position, statement in enumerate(function.body):
        if position > start and (_ends(statement) or (owning and _makes(statement))):
            done = [n for n in held if start <= last[n] < position]
            held = [n for n in held if n not in done]
            made += [_del(done)] if done else []
        made.append(statement)
        held += [n for n in _binds(statement) if n in bound and n not in held]
        if record is not None and inner(statement) is record:
            made.append(_del([record.value.id]))
    function.body = made


def _ends(statement: Any) -> bool:
    """Does it start another group of statements?"""
    return isinstance(statement, Comment) or isinstance(inner(statement), gast.For | gast.While)


def _makes(statement: Any) -> bool:
    """May it make another array?"""
    value = getattr(inner(statement), "value", None)
    return isinstance(inner(statement), COMPOUND) or any(
        isinstance(node, gast.BinOp)
        or (isinstance(node, gast.Call) and getattr(node.func, "id", "") not in _WITHOUT_ARRAYS)
        for node in (walk(value) if value is not None else ())
    )


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
    """The names in a target, a list of records apart, which is empty in the end."""
    if isinstance(target, gast.Tuple | gast.List):
        return [n for t in target.elts for n in _names(t)]
    return [target.id] if isinstance(target, gast.Name) else []


def _del(names: list[str]) -> Any:
    targets = [gast.Name(id=n, ctx=gast.Del(), annotation=None, type_comment=None) for n in names]
    return Noted(gast.Delete(targets=targets), "release")
