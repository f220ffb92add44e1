"""The intermediate form: a small structured language in which every value has a name.

Grammar (made by `passes.normalise`; `atom` is a name, a symbol or a literal)::

    program   = Program(parameters, body, result)
    body      = statement*
    statement = Assign(target, value)              target = value
              | Unpack(targets, source)            a, b = source
              | Augment(target, operator, operand) target += operand; target = f(target, operand)
              | Store(base, index, value, op)      base[index] = value, op= value, add_at(…)
              | Append(base, value)                base.append(value)
              | Pop(target, base)                  target = base.pop()
              | Effect(expression)                 what runs once, in the forward sweep
              | AdjointCode(of, bar, code)         with adjoint_of(of) as bar: code
              | If(test, body, orelse)
              | Try(test, body, orelse, …)       under `try`, the first statements of `orelse`
              | For(index, header, items, body)    for index in header: items; body
              | While(test, body)                  while test: body
              | Break                              last of an iteration: the loop ends here
              | Continue                           last of an iteration, for the reader
    value     = Apply(rule, arguments)             a function with a rule, applied to atoms
              | Call(callee, arguments)            one of the user's functions, applied to atoms
              | Item(base, index)                  base[index]
              | Copy(atom)                         another name for a value
              | Display(kind, keys, elements)      a list, tuple or dict of atoms
              | Plain(expression)                  anything that has no derivative

Statements are compared by identity: analyses are tables from statements to facts.

A jump is the last thing on its path through the loop's body (`passes.jumps` sees to that).  So
every iteration runs the whole body, the last one too; a loop that may leave early is, for every
analysis, a loop of unknown length, and a jump does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import gast

from tangent.errors import Location
from tangent.syntax.trees import assign, augment, call, item, name, names_in, walk

Expr = Any  # a gast expression


@dataclass(frozen=True, eq=False)
class Origin:
    """The primal statement that a statement comes from."""

    line: int
    text: str
    location: Location


# ---------------------------------------------------------------- values


@dataclass(frozen=True, eq=False)
class Value:
    """What stands on the right of an assignment: `expr` is its text, `reads` the names in it."""

    expr: Expr
    reads: frozenset[str]


@dataclass(frozen=True, eq=False)
class Apply(Value):
    rule: Any  # tangent.rules.language.Rule
    arguments: Mapping[str, Expr]  # rule parameter -> atom


@dataclass(frozen=True, eq=False)
class Call(Value):
    callee: Any  # a Unit of the pipeline
    arguments: Mapping[str, Expr]  # parameter -> atom, every parameter
    number: int  # which call of its function it is
    plain: Expr | None = None  # the call as it was written, of a function of a library


@dataclass(frozen=True, eq=False)
class Item(Value):
    base: str
    index: Expr


@dataclass(frozen=True, eq=False)
class Copy(Value):
    source: str


@dataclass(frozen=True, eq=False)
class Display(Value):
    kind: str  # "list", "tuple", "dict" or "object"
    keys: tuple[Expr, ...]
    elements: tuple[Expr, ...]
    made: Any = None  # the class of an object, or of a named tuple


@dataclass(frozen=True, eq=False)
class Plain(Value):
    pure: bool = True  # may be evaluated again, or not at all
    cheap: bool = True
    known: bool = True  # nothing in it is a call of unknown meaning
    fresh: bool = True  # shares no memory with what it reads
    scalar: bool = False  # a number, or a truth value
    array: bool = False  # not a container of arrays
    gap: str = ""  # why the function that is called has no rule yet


@dataclass(frozen=True, eq=False)
class Schedule:
    """Where a loop takes its snapshots: `kind` is "every", "snapshots" or "states", `amount` the
    number given with it.
    """

    kind: str
    amount: Expr


# ---------------------------------------------------------------- statements

SCATTER = "scatter"  # the operator of a store that adds, repeated indices included: `add_at`
INTO = "into"  # of one that adds, and changes a list or dict that stands there: `add_into`
RESTORE = "restore"  # of one that puts an entry back, or takes it out: `restore`


@dataclass(frozen=True, eq=False)
class Statement:
    origin: Origin


@dataclass(frozen=True, eq=False)
class Assign(Statement):
    target: str
    value: Value


@dataclass(frozen=True, eq=False)
class Unpack(Statement):
    targets: tuple[str, ...]
    source: str


@dataclass(frozen=True, eq=False)
class Augment(Statement):
    target: str
    operator: Any  # the gast operator, or a function that updates
    rule: Any
    operand: Expr

    @cached_property
    def made(self) -> Expr:
        """The new value, as an expression of the old one and the operand."""
        own = name(self.target)
        if isinstance(self.operator, gast.operator):
            return gast.BinOp(left=own, op=self.operator, right=self.operand)
        return gast.Call(func=self.operator, args=[own, self.operand], keywords=[])

    @property
    def code(self) -> Any:
        """The statement as Python."""
        if isinstance(self.operator, gast.operator):
            return augment(self.target, self.operator, self.operand)
        return assign(self.target, self.made)


@dataclass(frozen=True, eq=False)
class Store(Statement):
    base: str
    index: Expr
    value: Expr
    operator: Any = None  # gast.Add for `+=`, …, SCATTER for `np.add.at`, None for `=`, …
    rule: Any = None  # of the operator

    @property
    def replaces(self) -> bool:
        """Does nothing stay of what stood there?"""
        return self.operator in (None, RESTORE)


@dataclass(frozen=True, eq=False)
class Append(Statement):
    base: str
    value: Expr


@dataclass(frozen=True, eq=False)
class Pop(Statement):
    target: str
    base: str


@dataclass(frozen=True, eq=False)
class Effect(Statement):
    node: Any  # a gast statement
    reads: frozenset[str]
    known: bool = True
    asks: bool = False  # a question of the library's: it raises, or does nothing

    @property
    def raises(self) -> bool:
        """Does it raise, and do nothing else?"""
        return isinstance(self.node, (gast.Raise, gast.Assert))


@dataclass(frozen=True, eq=False)
class AdjointCode(Statement):
    """What the user runs in the backward sweep, on the adjoint of `of`, there called `bar`.

    `reads` are the variables of the function that it reads; in the forward sweep it is nothing.
    """

    of: str
    bar: str
    code: tuple[Any, ...]  # gast statements
    reads: frozenset[str]

    @cached_property
    def rebinds(self) -> bool:
        """Does it bind the adjoint anew?"""
        names = (n for s in self.code for n in walk(s) if isinstance(n, gast.Name))
        return any(n.id == self.bar and isinstance(n.ctx, gast.Store) for n in names)


@dataclass(frozen=True, eq=False)
class If(Statement):
    test: Plain
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class Try(If):
    """The first `protected` statements of `orelse` stand under a `try`; the rest of it follows if
    nothing was raised, and `body` if something was: `test` is the variable that says so.

    `catches` holds the type (or None) of each handler, and the variable that gets the error; what
    `flags` set in front of the `try` has its value only behind it.
    """

    protected: int = field(kw_only=True)
    flags: tuple[Statement, ...] = field(kw_only=True)  # these set the variables of the handlers
    catches: tuple[tuple[Expr, str | None], ...] = field(kw_only=True)

    @property
    def under(self) -> tuple[Statement, ...]:
        return self.orelse[: self.protected]


@dataclass(frozen=True, eq=False)
class For(Statement):
    """`header` gives an exact range or, where the loop needs no index, `None`.

    `sugar` is (target, iterable) as the user wrote them; `items` are the assignments of the
    user's loop variables from `index`; `sources` are the names that `header` and `items` read,
    which nothing in the body may change.  A loop that may end early, or whose length is not known
    before it has run, counts its iterations in `count`.  One with a `schedule` is checkpointed.
    """

    index: str
    header: Expr
    items: tuple[Statement, ...]
    body: tuple[Statement, ...]
    sugar: tuple[Expr, Expr] | None = None
    distinct: bool = True  # the index takes pairwise different values, none of them negative
    simple: str | None = None  # the sequence, where items are just `x = sequence[index]`
    count: str | None = None
    schedule: Schedule | None = None

    @property
    def scheduled(self) -> frozenset[str]:
        """The names in its schedule."""
        return frozenset() if self.schedule is None else frozenset(names_in(self.schedule.amount))

    @cached_property
    def whole(self) -> tuple[Statement, ...]:
        return self.items + self.body

    @cached_property
    def passed(self) -> Expr:
        """The exact range of the iterations that were run."""
        if self.count is None:
            return self.header
        if isinstance(self.header, gast.Call) and len(self.header.args) == 1:
            return call("@builtin:range", name(self.count))
        return item(self.header, gast.Slice(None, name(self.count), None))


@dataclass(frozen=True, eq=False)
class While(For):
    """`test` is asked in front of each iteration; `index` and `header` are those of the loop that
    repeats the iterations, and play no part in this one.
    """

    test: Plain = field(kw_only=True)

    @property
    def endless(self) -> bool:
        """Is `break` the only way out?"""
        return isinstance(self.test.expr, gast.Constant) and bool(self.test.expr.value)


@dataclass(frozen=True, eq=False)
class Break(Statement):
    pass


@dataclass(frozen=True, eq=False)
class Continue(Statement):
    pass


@dataclass(frozen=True, eq=False)
class Program:
    """One function in the intermediate form; `result` is the name that holds what it returns."""

    name: str
    parameters: tuple[str, ...]
    body: tuple[Statement, ...]
    result: str
    result_origin: Origin
    line: int
    names: Any  # syntax.names.Names: what is taken
    contexts: tuple[Expr, ...] = ()  # under which all of it runs
    returns: Any = None  # the type of the result, where it is an object


def targets(statement: Statement) -> tuple[str, ...]:
    """The names that a statement itself binds (stores into a value bind nothing)."""
    match statement:
        case Assign(target=t) | Augment(target=t) | Pop(target=t):
            return (t,)
        case Unpack(targets=ts):
            return ts
        case For(index=i):
            return (i,)
    return ()


def blocks(statement: Statement) -> tuple[tuple[Statement, ...], ...]:
    """The statement lists inside."""
    match statement:
        case If(body=b, orelse=o):
            return (b, o)
        case For():
            return (statement.whole,)
    return ()


def with_blocks(branch: If, change: Callable[[tuple[Statement, ...]], tuple[Statement, ...]]) -> If:
    """A branch with other blocks, of a `try` with as much under it; itself where none changes."""
    body = change(branch.body)
    if isinstance(branch, Try):
        under, behind = change(branch.under), change(branch.orelse[branch.protected :])
        made: If = replace(branch, body=body, orelse=(*under, *behind), protected=len(under))
    else:
        made = replace(branch, body=body, orelse=change(branch.orelse))
    return branch if made.body == branch.body and made.orelse == branch.orelse else made


def every(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements, nested ones included, in order."""
    for statement in body:
        yield statement
        for block in blocks(statement):
            yield from every(block)


def is_elementwise(operator: Any) -> bool:
    """Is an operator of an augmented assignment one that goes element by element, not `@`?"""
    return isinstance(operator, gast.operator) and not isinstance(operator, gast.MatMult)


def assigned(body: tuple[Statement, ...]) -> set[str]:
    """Names bound, and containers or arrays written to, anywhere in `body`."""
    found: set[str] = set()
    for statement in every(body):
        found.update(targets(statement))
        if isinstance(statement, (Store, Append, Pop)):
            found.add(statement.base)
    return found


def record_name(statement: Statement) -> str:
    """The name under which a caller holds the record of a call: `dense_12`."""
    assert isinstance(statement, Assign)
    assert isinstance(statement.value, Call)
    return f"{statement.target}%{statement.value.number}"


def own_jumps(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """The jumps of the loop whose body this is: those of loops inside are not."""
    for statement in body:
        if isinstance(statement, (Break, Continue)):
            yield statement
        elif isinstance(statement, If):
            yield from own_jumps(statement.body + statement.orelse)
