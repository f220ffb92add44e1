"""`raise`, `assert`, and what stands under a `try` (`passes.attempts`)."""

from __future__ import annotations

from typing import Any

import gast

from tangent.analyses.half_done import may_raise
from tangent.passes.attempts import Attempt
from tangent.passes.expressions import test
from tangent.passes.inert import captured
from tangent.passes.jumps import settled
from tangent.passes.lowering import Lowering, static_of
from tangent.passes.second_names import in_front
from tangent.syntax.program import Effect, If, Plain, Try
from tangent.syntax.trees import literal, names_in


def lower_attempt(self: Lowering, node: Attempt) -> None:
    """The statements under a `try`: the `if` that follows takes them in."""
    start = len(self.code)
    caught = Plain(literal(0), frozenset(), pure=False, cheap=False, scalar=True)
    self.emit(node.caught, caught)
    catches = []
    for kind, error in node.catches:
        if error is not None:
            self.emit(error, Plain(literal(None), frozenset(), pure=False, cheap=False))
            self.local.add(error)
        catches.append((None if kind is None else _caught(self, kind), error))
    in_front(self, node.body)
    self.tries += 1
    under = self.block(lambda: self.lower(settled(node.body, self.flag)))
    self.tries -= 1
    self.attempts[node.caught] = under, tuple(catches), tuple(self.code[start:])


def _caught(self: Lowering, kind: Any) -> Any:
    """The type of a handler: classes from outside."""
    if isinstance(kind, gast.Tuple):
        return gast.Tuple(elts=[_caught(self, k) for k in kind.elts], ctx=gast.Load())
    found, _ = static_of(self, kind)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        advice = "name a class of exceptions"
        self.refuse("what this handler catches is not known", "try", kind, advice)
    return captured(self, kind).expr


def tried(self: Lowering, node: gast.If, whole: If) -> If:
    """The `if` behind the statements under a `try`, and these."""
    if getattr(node.test, "id", None) not in self.attempts:
        return whole
    under, catches, flags = self.attempts.pop(node.test.id)
    origin, test, orelse = whole.origin, whole.test, (*under, *whole.orelse)
    protected = len(under)
    while protected > 1 and not may_raise(under[protected - 1]):
        protected -= 1
    more = {"protected": protected, "catches": catches, "flags": flags}
    return Try(origin, test, whole.body, orelse, **more)


def lower_assert(self: Lowering, node: gast.Assert) -> None:
    condition = test(self, node.test)
    message = test(self, node.msg) if node.msg is not None else None
    reads = condition.reads | (message.reads if message else frozenset())
    statement = gast.Assert(test=condition.expr, msg=message.expr if message else None)
    self.code.append(Effect(self.here(), statement, reads))


def lower_raise(self: Lowering, node: gast.Raise) -> None:
    error = _error(self, node.exc) if node.exc is not None else None
    cause = test(self, node.cause) if node.cause is not None else None
    reads = (error.reads if error else frozenset()) | (cause.reads if cause else frozenset())
    statement = gast.Raise(exc=error.expr if error else None, cause=cause.expr if cause else None)
    self.code.append(Effect(self.here(), statement, reads))


def _error(self: Lowering, node: Any) -> Plain:
    """What is raised: the arguments of an error may be anything."""
    if not isinstance(node, gast.Call) or node.keywords:
        return test(self, node)
    found, _ = static_of(self, node.func)
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return test(self, node)
    args = [test(self, a).expr for a in node.args]
    expr = gast.Call(func=captured(self, node.func).expr, args=args, keywords=[])
    return Plain(expr, frozenset(names_in(expr)))
