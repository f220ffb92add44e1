"""Which statements carry derivatives: varied (depends on `wrt`) and useful (reaches the result).

    varied, forward    V+ = V + {t}  if a differentiable operand is in V
                       V+ = V - {t}  if none is and t is a whole name
    useful, backward   U- = (U - {t}) + operands  if t in U
    active             a varied operand of a statement whose target is useful

A branch joins by union, a loop repeats until nothing is added; linear in the program for bounded
nesting.
Hascoet and Pascual, "The Tapenade Automatic Differentiation tool", ACM TOMS 39(3), 2013, section 3.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import gast

from tangent.errors import NoRule, TangentError, UnsupportedSyntax
from tangent.rules.language import Constant, near_matches
from tangent.runtime import keyed
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Call,
    Copy,
    Display,
    Effect,
    For,
    If,
    Item,
    Plain,
    Pop,
    Program,
    Statement,
    Store,
    Unpack,
    Value,
)
from tangent.syntax.trees import is_field, names_in

Shown = Mapping[Statement, frozenset[str]]


class _Varied(dict[Statement, frozenset[str]]):
    """The varied operands of each statement, the statements with a varied key, and the names that
    are no operands, such as indices, and are computed from varied ones.
    """

    def __init__(self, plain: bool = False) -> None:
        super().__init__()
        self.plain = plain  # the function runs as it stands: no text of ours asks for its keys
        self.keyed: set[Statement] = set()
        self.beside: set[str] = set()
        self.lists: set[str] = set()  # no list is a key

    def note(self, statement: Statement, now: set[str]) -> None:
        if not _keys(statement).isdisjoint(now | self.beside):
            self.keyed.add(statement)
            if self.plain and _keys(statement) & now - self.lists:
                _refuse_key(statement)
        if isinstance(statement, Assign):
            made = isinstance(statement.value, Display) and statement.value.kind == "list"
            (self.lists.add if made else self.lists.discard)(statement.target)
        if isinstance(statement, Assign) and isinstance(statement.value, Plain):
            beside = statement.value.reads & (now | self.beside)
            (self.beside.add if beside else self.beside.discard)(statement.target)


@dataclass(frozen=True)
class Activity:
    """`operands[s]` are the operands of `s` that get an adjoint contribution: none if `s` is not
    active; `useful[s]` are the names that reach the result from behind a branch or loop `s`;
    `varied` are the operands that depend on the input, whether or not they reach the result;
    `keyed` are the statements that may put something under a key that does.
    """

    operands: Mapping[Statement, frozenset[str]]
    useful_parameters: frozenset[str]
    useful: Mapping[Statement, frozenset[str]]
    varied: Mapping[Statement, frozenset[str]]
    keyed: frozenset[Statement]

    def active(self, statement: Statement) -> bool:
        return bool(self.operands.get(statement))


def activity(program: Program, wrt: frozenset[str], shown: Shown) -> Activity:
    """The active operands of each statement, with respect to the parameters `wrt`.

    `shown` are the names that show what a store writes (`analyses.shadows`).  Refuses functions
    without rule that are given varied values.
    """
    varied = _Varied()
    _finished(_varied(program.body, set(wrt), varied, shown))
    useful: dict[Statement, frozenset[str]] = {}
    parameters = _useful(program.body, {program.result}, useful, shown)
    operands = {s: v for s, v in varied.items() if v and s in useful}
    reaching = frozenset(parameters & set(program.parameters))
    still = {s: v for s, v in varied.items() if v}
    return Activity(operands, reaching, useful, still, frozenset(varied.keyed))


def useful_parameters(program: Program, shown: Shown) -> frozenset[str]:
    """The parameters from which a derivative may reach the result."""
    useful = _useful(program.body, {program.result}, {}, shown)
    return frozenset(useful & set(program.parameters))


def useful_with(program: Program, always: frozenset[str]) -> dict[Statement, frozenset[str]]:
    """The statements that are useful if the names `always` are wanted at any time, with the useful
    names behind each branch and loop.
    """
    useful: dict[Statement, frozenset[str]] = {}
    _useful(program.body, {program.result} | always, useful, {}, always)
    return useful


# ---------------------------------------------------------------- which operands differentiate


def operands(value: Value) -> frozenset[str]:
    """The names through which a derivative may flow into a value."""
    match value:
        case Apply(rule=rule, arguments=arguments):
            found: set[str] = set()
            for parameter, atom in arguments.items():
                if rule.entries.get(parameter) is not None:
                    found |= names_in(atom)
            return frozenset(found)
        case Call(callee=callee, arguments=arguments):
            useful = callee.useful_parameters
            return frozenset(n for p, a in arguments.items() if p in useful for n in names_in(a))
        case Item(base=base):
            return frozenset({base})
        case Copy(source=source):
            return frozenset({source})
        case Display(elements=elements):
            return frozenset(n for e in elements for n in names_in(e))
    return frozenset()


def sources(statement: Statement) -> frozenset[str]:
    """The names through which a derivative may flow into what a statement writes."""
    match statement:
        case Assign(value=value):
            return operands(value)
        case Unpack(source=source):
            return frozenset({source})
        case Augment(target=target, operand=operand):
            return frozenset({target, *names_in(operand)})
        case Store(base=base, value=value):
            return frozenset({base, *names_in(value)})
        case Append(base=base, value=value):
            return frozenset({base, *names_in(value)})
        case Pop(base=base):
            return frozenset({base})
    return frozenset()


def writes(statement: Statement) -> tuple[str, ...]:
    """The names whose values a statement defines or changes."""
    match statement:
        case Assign(target=target) | Augment(target=target):
            return (target,)
        case Unpack(targets=targets):
            return targets
        case Store(base=base) | Append(base=base):
            return (base,)
        case Pop(target=target, base=base):
            return (target, base)
    return ()


def into(statement: Statement) -> str | None:
    """The name into whose value a statement writes, if it changes one in place."""
    match statement:
        case Augment(target=base) | Store(base=base) | Append(base=base) | Pop(base=base):
            return base
    return None


def weak(statement: Statement) -> bool:
    """Does a statement change a part of what it writes, and leave the rest?"""
    return isinstance(statement, (Store, Append, Pop))


# ---------------------------------------------------------------- varied


# One body's walk: it gives the walk of a callee's body that comes first, and ends with what is
# varied behind it.  So callees are looked into one inside the other without recursion.
_Walk = Generator[Any, None, set[str]]


def _finished(walk: _Walk) -> set[str]:
    """Takes a walk, and those of callees that it asks for, to the end."""
    stack, error, now = [walk], None, set[str]()
    while stack:
        try:
            step = next(stack[-1]) if error is None else stack[-1].throw(error)
            error = None
            stack.append(step)
        except StopIteration as end:
            stack.pop()
            error, now = None, end.value
        except TangentError as raised:
            stack.pop()
            error = raised
    if error is not None:
        raise error
    return now


def _varied(
    body: tuple[Statement, ...],
    now: set[str],
    table: _Varied,
    shown: Shown,
) -> _Walk:
    for statement in body:
        if isinstance(statement, If):
            _refuse_unknown(statement.test, statement, now)
            other = yield from _varied(statement.orelse, set(now), table, shown)
            now = (yield from _varied(statement.body, now, table, shown)) | other
        elif isinstance(statement, For):
            now = yield from _varied_loop(statement, now, table, shown)
        else:
            if isinstance(statement, Assign) and isinstance(statement.value, Call):
                yield from _look_into(statement.value, statement, now)
                if table.plain or operands(statement.value).isdisjoint(now):
                    yield from _look_for_keys(statement.value, now)
            _varied_statement(statement, now, table, shown)
    return now


def _varied_loop(loop: For, now: set[str], table: _Varied, shown: Shown) -> _Walk:
    now.discard(loop.index)
    while True:
        after = now | (yield from _varied(loop.whole, set(now), table, shown))
        if after == now:
            return now
        now = after


def _varied_statement(
    statement: Statement,
    now: set[str],
    table: _Varied,
    shown: Shown,
) -> None:
    if isinstance(statement, Assign):
        _refuse_unknown(statement.value, statement, now)
        _refuse_option(statement.value, statement, now)
    if isinstance(statement, Augment):
        _refuse_update(statement, now)
    if isinstance(statement, Effect) and not statement.known:
        _refuse_call(statement.node.value, statement, statement.reads & now)
    table.note(statement, now)
    found = sources(statement) & now
    table[statement] = table.get(statement, frozenset()) | found
    for target in writes(statement):
        if found:
            now.add(target)
        elif not weak(statement):
            now.discard(target)
    if found:
        now |= shown.get(statement, frozenset())


def _keys(statement: Statement) -> frozenset[str]:
    """The names in the keys under which a statement may put something into a dict."""
    match statement:
        case Store(index=index) if not is_field(index) and not isinstance(index, gast.Slice):
            return frozenset(names_in(index))
        case Assign(value=Display(kind="dict", keys=keys)):
            return frozenset(n for k in keys if k is not None for n in names_in(k))
        case Assign(value=Apply(rule=rule, arguments=arguments)) if rule.function is keyed:
            return frozenset(names_in(arguments["keys"]))
    return frozenset()


def _refuse_update(statement: Augment, now: set[str]) -> None:
    """`//=` changes memory that others may see, and leaves no derivative in it."""
    names = {statement.target} | names_in(statement.operand)
    if isinstance(statement.rule, Constant) and names & now:
        raise UnsupportedSyntax(
            f"`{statement.origin.text}` updates by an operator that has no derivative",
            code="update",
            location=statement.origin.location,
            help="write the operation out, and give its result a name of its own",
        )


def _refuse_unknown(value: Value, statement: Statement, now: set[str]) -> None:
    if isinstance(value, Plain) and not value.known and value.reads & now:
        _refuse_call(value.expr, statement, value.reads & now, value.gap)


def _look_into(value: Call, statement: Statement, now: set[str]) -> Generator[_Walk, None, None]:
    """A callee that gives a varied argument to a function without rule, wherever its result goes,
    is refused at its own line; a function of a library is one without rule itself.
    """
    callee = value.callee
    varied = frozenset(p for p, a in value.arguments.items() if names_in(a) & now)
    if not varied or varied in callee.accepted:
        return
    if value.plain is not None and only_raises(callee.program.body):
        _refuse_call(value.plain, statement, value.reads, "its rule does not handle these options")
    callee.accepted.add(varied)  # first, since it may call itself
    try:
        yield _varied(callee.program.body, set(varied), _Varied(), callee.shown)
    except TangentError:
        if not callee.library or value.plain is None:
            raise
        callee.accepted.discard(varied)
        _refuse_call(value.plain, statement, value.reads)


def _look_for_keys(value: Call, now: set[str]) -> Generator[_Walk, None, None]:
    """A callee through which no derivative flows puts nothing under a key that is varied: nobody
    would ask for that when it runs.
    """
    callee = value.callee
    varied = frozenset(p for p, a in value.arguments.items() if names_in(a) & now)
    if varied and (known := varied | {_PLAIN}) not in callee.accepted:
        callee.accepted.add(known)
        yield _varied(callee.program.body, set(varied), _Varied(plain=True), callee.shown)


_PLAIN = "@plain"  # no parameter: what is accepted is the callee as it stands


def _refuse_key(statement: Statement) -> NoReturn:
    raise UnsupportedSyntax(
        "a key of a dict depends on the input",
        code="key",
        location=statement.origin.location,
        help="keep pairs in a list; a key that is only looked up: `stop_gradient(key)`",
    )


def only_raises(body: tuple[Statement, ...]) -> bool:
    """Does a program end in an error, whatever it is given?  The function it is for does not."""
    return any(isinstance(s, Effect) and isinstance(s.node, gast.Raise) for s in body)


def _refuse_call(expr: Any, statement: Statement, names: frozenset[str], gap: str = "") -> None:
    if not names:
        return
    if isinstance(expr, gast.BinOp):
        raise UnsupportedSyntax(
            f"`|` is given `{sorted(names)[0]}`, which depends on the input",
            code="union",
            location=statement.origin.location,
            help="write the entries of the new dict one by one",
        )
    function = expr.func if isinstance(expr, gast.Call) else expr
    text = _dotted(function)
    near = near_matches(text)
    if gap:
        raise NoRule(
            f"`{text}` has no rule yet, and is given `{sorted(names)[0]}`,"
            " which depends on the input",
            code="no-rule-yet",
            location=statement.origin.location,
            help=gap,
        )
    raise NoRule(
        f"`{text}` has no rule, and is given `{sorted(names)[0]}`, which depends on the input",
        code="no-rule",
        location=statement.origin.location,
        help=f"write one: `@defvjp({text})` above `def rule(y_bar, y, x): return x_bar`"
        + (f"; near matches: {', '.join(near)}" if near else ""),
    )


def _dotted(node: Any) -> str:
    if isinstance(node, gast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, gast.Subscript):
        return f"{_dotted(node.value)}[…]"
    return (
        str(node.id).rpartition(":")[2].lstrip("@")
        if isinstance(node, gast.Name)
        else "this expression"
    )


def _refuse_option(value: Value, statement: Statement, now: set[str]) -> None:
    """An option (an axis, a condition without entry in the rule) may not depend on the input."""
    if not isinstance(value, Apply):
        return
    for parameter, atom in value.arguments.items():
        free = parameter in value.rule.entries or value.rule.without_derivative(parameter)
        if not free and names_in(atom) & now:
            raise UnsupportedSyntax(
                f"the argument `{parameter}` of `{value.rule.name}` depends on the input",
                code="option",
                location=statement.origin.location,
                help="the rule has no derivative with respect to it; pass `stop_gradient(…)`",
            )


# ---------------------------------------------------------------- useful


def _useful(
    body: tuple[Statement, ...],
    after: set[str],
    marked: dict[Statement, frozenset[str]],
    shown: Shown,
    always: frozenset[str] = frozenset(),
) -> set[str]:
    """The useful names in front of `body`; `marked` gets the useful statements, with the useful
    names behind each branch and loop.
    """
    for statement in reversed(body):
        if isinstance(statement, If):
            marked[statement] = frozenset(after)
            other = _useful(statement.orelse, set(after), marked, shown, always)
            after = _useful(statement.body, after, marked, shown, always) | other
        elif isinstance(statement, For):
            while True:
                before = after | _useful(statement.whole, set(after), marked, shown, always)
                if before == after:
                    break
                after = before
            marked[statement] = frozenset(after)
        else:
            _useful_statement(statement, after, marked, shown, always)
    return after


def _useful_statement(
    statement: Statement,
    now: set[str],
    marked: dict[Statement, frozenset[str]],
    shown: Shown,
    always: frozenset[str] = frozenset(),
) -> None:
    reached = not now.isdisjoint((*writes(statement), *shown.get(statement, ())))
    if not weak(statement):
        now.difference_update(set(writes(statement)) - always)
    if reached:
        marked[statement] = frozenset()
        now |= sources(statement)
