"""What a program alone says about shapes, with no value at hand.

A shape is the set of the unknown shapes that it is the broadcast of: `()` is the empty set, each
parameter has a shape of its own, `x * y` has `{x, y}`, `2 * x` and `np.tanh(x)` have `{x}`.  Two
values of equal sets have equal shapes.  Where the result must be a real scalar (the seed checks
it), each operand of an elementwise operation that gave it has shape `()` as well, and so on
backward, through branches and loops.

At the head of a loop a name has the shape that it has in front of the loop if the body gives that
shape back; this is assumed of all names first, and of fewer until it holds.

A part of an array, `u[1:-1]`, has a shape of its own, which equal parts of equal shapes share
(`analyses.parts`).  What is added to a part in place cannot be larger than it: in
`u[1:-1] += c * v`, where `v` has the shape of the part, the product has it, too.

`numeric` says that a value is a number or an array: `x / y` would have raised for a list, `x * 3`
and `x + y` not.  It is known where the value was made so, behind a statement that shows it, and in
front of one that will be reached on every path.  A name that is bound again starts afresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import gast

from tangent.analyses.parts import has_axis, is_sliced, part_key, part_of
from tangent.analyses.scalars import must_be_scalars
from tangent.rules.language import BROADCAST, LIKE_FIRST, REDUCTION, SCALAR
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    For,
    If,
    Item,
    Plain,
    Program,
    Statement,
    Store,
    Unpack,
    assigned,
    every,
    is_elementwise,
    targets,
)
from tangent.syntax.trees import is_field, is_literal, is_number, literal, names_in

Shape = frozenset[Any]
Body = tuple[Statement, ...]
Pairs = set[tuple[Statement, str]]
POINT: Shape = frozenset()


@dataclass(frozen=True)
class Shapes:
    """Facts about the operands of each statement (before it) and about its target (after it)."""

    before: Mapping[tuple[Statement, str], Shape]
    after: Mapping[Statement, Shape]
    numeric: frozenset[tuple[Statement, str]]  # of operands
    made_numeric: frozenset[tuple[Statement, str]]  # of targets
    scalars: frozenset[Statement]  # elementwise statements whose operands and target have shape ()
    holders: Mapping[tuple[Statement, str], str]  # another name of equal shape, at that statement
    fills: frozenset[Statement]  # stores whose value surely has the shape of the part

    def of(self, statement: Statement, name: str) -> Shape | None:
        return POINT if statement in self.scalars else self.before.get((statement, name))

    def result(self, statement: Statement) -> Shape | None:
        return POINT if statement in self.scalars else self.after.get(statement)

    def is_numeric(self, statement: Statement, name: str) -> bool:
        return statement in self.scalars or (statement, name) in self.numeric

    def makes_numeric(self, statement: Statement, target: str) -> bool:
        return statement in self.scalars or (statement, target) in self.made_numeric


@dataclass
class _State:
    """What is known in front of a statement, and the facts found so far.

    Each change is noted in `log`, so that a block costs what it changes: `back` undoes it.
    """

    shape: dict[str, Shape] = field(default_factory=dict)
    numeric: set[str] = field(default_factory=set)
    known: dict[Shape, dict[str, None]] = field(default_factory=dict)  # names that had a shape
    log: list[tuple[str, Shape | None, bool, Shape | None]] = field(default_factory=list)
    before: dict[tuple[Statement, str], Shape] = field(default_factory=dict)
    after: dict[Statement, Shape] = field(default_factory=dict)
    facts: set[tuple[Statement, str]] = field(default_factory=set)
    made: set[tuple[Statement, str]] = field(default_factory=set)
    holders: dict[tuple[Statement, str], str] = field(default_factory=dict)
    fills: set[Statement] = field(default_factory=set)
    integers: frozenset[str] = frozenset()  # the names that surely hold one
    expected: Mapping[Statement, set[str]] = field(default_factory=dict)  # will prove numeric

    def trial(self) -> _State:
        """The same knowledge, to be enlarged by assumptions that may fail."""
        trial = _State(self.shape, self.numeric, self.known, self.log)
        trial.integers, trial.expected = self.integers, self.expected
        return trial

    def adopt(self, other: _State) -> None:
        """What a trial found, now that its assumptions hold."""
        self.before.update(other.before)
        self.after.update(other.after)
        self.facts |= other.facts
        self.made |= other.made
        self.holders.update(other.holders)
        self.fills |= other.fills

    def set(self, name: str, shape: Shape, numeric: bool) -> None:
        names = self.known.setdefault(shape, {})
        new = shape if name not in names else None
        self.log.append((name, self.shape.get(name), name in self.numeric, new))
        names.setdefault(name)
        self.shape[name] = shape
        (self.numeric.add if numeric else self.numeric.discard)(name)

    def prove_numeric(self, name: str) -> None:
        if name not in self.numeric:
            self.log.append((name, self.shape.get(name), False, None))
            self.numeric.add(name)

    def back(self, mark: int) -> frozenset[str]:
        """Undo all changes but the first `mark`; the names that had proved numeric meanwhile."""
        proved = []
        while len(self.log) > mark:
            name, shape, numeric, new = self.log.pop()
            if new is not None:
                del self.known[new][name]
            if name in self.numeric and not numeric:
                proved.append(name)
            (self.numeric.add if numeric else self.numeric.discard)(name)
            if shape is None:
                self.shape.pop(name, None)
            else:
                self.shape[name] = shape
        return frozenset(proved)

    def holder(self, name: str) -> str | None:
        shape = self.shape.get(name)
        found = self.known.get(shape, {}) if shape is not None else {}
        return next((n for n in found if n != name and self.shape.get(n) == shape), None)


def shapes(program: Program, scalar_result: bool, numeric: frozenset[str] = frozenset()) -> Shapes:
    """Shape facts of a program; `scalar_result` if its caller has checked that the result is a
    scalar, and `numeric` the parameters that it takes care to be numbers or arrays.
    """
    found = _one_pass(program, scalar_result, numeric, {})
    if not any(_part_of(s) is not None for s in every(program.body)):
        return found
    expected: dict[Statement, set[str]] = {}  # what proves numeric only later is known at once
    for statement, name in found.numeric:
        expected.setdefault(statement, set()).add(name)
    return _one_pass(program, scalar_result, numeric, expected)


def _one_pass(
    program: Program,
    scalar_result: bool,
    numeric: frozenset[str],
    expected: Mapping[Statement, set[str]],
) -> Shapes:
    indices = {s.index for s in every(program.body) if isinstance(s, For)}
    bound = {t for s in every(program.body) if not isinstance(s, For) for t in targets(s)}
    state = _State(integers=frozenset(indices - bound.union(program.parameters)), expected=expected)
    for parameter in program.parameters:
        state.set(parameter, frozenset({parameter}), parameter in numeric)
    _forward(program.body, state)
    scalars = must_be_scalars(program) if scalar_result else frozenset()
    state.facts |= {(s, n) for s in scalars for n in _operands(s)}
    facts: Pairs = set()
    made: Pairs = set()
    _anticipated(program.body, frozenset(), state, facts, made)
    return Shapes(
        state.before,
        state.after,
        frozenset(state.facts | facts),
        frozenset(state.made | made),
        scalars,
        state.holders,
        frozenset(state.fills),
    )


def _part_of(statement: Statement) -> str | None:
    """The name of which a statement takes a slice."""
    value = statement.value if isinstance(statement, Assign) else None
    return value.base if isinstance(value, Item) and is_sliced(value.index) else None


def _forward(body: tuple[Statement, ...], state: _State) -> None:
    made: dict[Shape, list[Statement]] = {}  # in this very block
    for statement in body:
        for name in state.expected.get(statement, ()):
            if name in state.shape:
                state.prove_numeric(name)
        match statement:
            case If():
                _branches(statement, state)
            case For():
                _loop(statement, state)
            case Store(base=base) if base in state.numeric:  # an array keeps its shape
                _store(statement, state, made)
            case _:
                _statement(statement, state)
        if isinstance(statement, Assign):
            made.setdefault(state.shape[statement.target], []).append(statement)


def _store(statement: Store, state: _State, made: Mapping[Shape, list[Statement]]) -> None:
    """What is known of the part that is written, and then of the value.

    In `u[1:-1] += v` the value cannot be larger than the part, and in front of the store lies what
    made it.
    """
    _note_numeric(statement, state)
    part, value = _part(statement.base, statement.index, state), _atom_shape(statement.value, state)
    elementwise = statement.operator is None or is_elementwise(statement.operator)
    if part is None or value is None or not elementwise:
        return
    if value == part or (statement.operator is not None and part and part < value):
        state.fills.add(statement)
    if statement in state.fills and value != part:
        for maker in made.get(value, ()):
            state.after[maker] = part


def _part(base: str, index: Any, state: _State) -> Shape | None:
    """The shape of a part of an array."""
    whole, key = state.shape.get(base), part_key(index, state.integers)
    if whole is None or key is None or base not in state.numeric:
        return None
    return frozenset({part_of(whole, key)}) if key else whole


def _branches(statement: If, state: _State) -> None:
    changed = sorted(assigned(statement.body) | assigned(statement.orelse))
    start = len(state.log)
    _forward(statement.body, state)
    first = {n: (state.shape.get(n), n in state.numeric) for n in changed}
    proved = state.back(start)
    _forward(statement.orelse, state)
    second = {n: (state.shape.get(n), n in state.numeric) for n in changed}
    proved &= state.back(start)
    for name in sorted(proved.difference(changed)):
        state.prove_numeric(name)
    for name in changed:
        (one, numeric), (other, also) = first[name], second[name]
        same = one if one is not None and one == other else frozenset({(statement, name)})
        state.set(name, same, numeric and also)


def _loop(loop: For, state: _State) -> None:
    changed = sorted(assigned(loop.whole))
    shapes_kept = {n: state.shape[n] for n in changed if n in state.shape}
    numeric_kept = state.numeric.intersection(changed)
    start = len(state.log)
    while True:
        trial = state.trial()
        for name in changed:
            shape = shapes_kept.get(name, frozenset({(loop, name)}))
            trial.set(name, shape, name in numeric_kept)
        trial.set(loop.index, POINT, True)
        _forward(loop.whole, trial)
        lost = {n for n, shape in shapes_kept.items() if trial.shape.get(n) != shape}
        fell = numeric_kept - trial.numeric
        state.back(start)  # the body may not have run
        if not lost and not fell:
            break
        shapes_kept = {n: shape for n, shape in shapes_kept.items() if n not in lost}
        numeric_kept -= fell
    state.adopt(trial)
    state.set(loop.index, POINT, loop.index in state.numeric)
    for name in changed:
        after: Shape = frozenset({(loop, name, "after")})
        state.set(name, shapes_kept.get(name, after), name in numeric_kept)


def _statement(statement: Statement, state: _State) -> None:
    match statement:
        case Assign(target=target, value=value):
            _note(statement, value.reads, state)
            shape, numeric = _value(statement, value, state)
        case Augment(target=target, operand=operand):
            names = {target, *names_in(operand)}
            _note(statement, frozenset(names), state)
            own, other = state.shape.get(target), _atom_shape(operand, state)
            fits = own is not None and other is not None and other <= own
            shape = own if fits and own is not None else frozenset({statement})
            numeric = target in state.numeric or _atom_numeric(operand, state)
        case Unpack(targets=targets):
            for position, one in enumerate(targets):
                state.set(one, frozenset({(statement, position)}), False)
            return
        case _:
            _note_numeric(statement, state)
            for name in assigned((statement,)):
                state.set(name, frozenset({(statement, name)}), False)
            return
    _note_numeric(statement, state)
    state.after[statement] = shape
    state.set(target, shape, numeric)
    if numeric:
        state.made.add((statement, target))


def _note(statement: Statement, names: frozenset[str], state: _State) -> None:
    for name in names:
        if name in state.shape:
            state.before[statement, name] = state.shape[name]
            holder = state.holder(name)
            if holder is not None:
                state.holders[statement, name] = holder


def _note_numeric(statement: Statement, state: _State) -> None:
    state.facts.update((statement, n) for n in _operands(statement) if n in state.numeric)


def _operands(statement: Statement) -> frozenset[str]:
    """The names that a simple statement reads as values."""
    match statement:
        case Assign(value=value):
            return value.reads
        case Augment(target=target, operand=operand):
            return frozenset({target, *names_in(operand)})
        case Store(base=base, value=value) | Append(base=base, value=value):
            return frozenset({base, *names_in(value)})
    return frozenset()


def _atom_shape(atom: Any, state: _State) -> Shape | None:
    if is_number(atom):
        return POINT
    return state.shape.get(atom.id) if isinstance(atom, gast.Name) else None


def _atom_numeric(atom: Any, state: _State) -> bool:
    return is_number(atom) or (isinstance(atom, gast.Name) and atom.id in state.numeric)


def _value(statement: Assign, value: Any, state: _State) -> tuple[Shape, bool]:
    unknown: Shape = frozenset({statement})
    match value:
        case Copy(source=source):
            return state.shape.get(source, unknown), source in state.numeric
        case Plain(scalar=True):
            text = isinstance(_constant(value.expr), str)
            return (unknown, False) if text else (POINT, True)
        case Plain(expr=gast.Compare() as expr) if _orders(expr, state):
            parts = [_atom_shape(a, state) for a in (expr.left, *expr.comparators)]
            known = [p for p in parts if p is not None]
            return (unknown if None in parts else frozenset[Any]().union(*known)), True
        case Plain(array=array):
            return unknown, array
        case Item(base=base, index=index):
            part = _part(base, index, state)
            return unknown if part is None else part, base in state.numeric and not is_field(index)
        case Apply():
            return _apply(statement, value, state)
    return unknown, False


def _orders(expr: Any, state: _State) -> bool:
    """Is a comparison surely one of numbers or arrays, element by element?  Then all of its
    operands are: what is no number cannot be less than one.
    """
    atoms = [expr.left, *expr.comparators]
    order = (gast.Lt, gast.LtE, gast.Gt, gast.GtE)
    if len(atoms) > 2 or not isinstance(expr.ops[0], order):
        return False
    if not any(is_number(a) for a in atoms):
        return any(_atom_numeric(a, state) for a in atoms)
    for atom in atoms:
        if isinstance(atom, gast.Name) and atom.id[0] != "@":
            state.prove_numeric(atom.id)
    return True


def _constant(expr: Any) -> Any:
    return expr.value if isinstance(expr, gast.Constant) else None


def _apply(statement: Assign, value: Apply, state: _State) -> tuple[Shape, bool]:
    unknown: Shape = frozenset({statement})
    rule, arguments = value.rule, value.arguments
    if not rule.numeric:
        return unknown, False
    if isinstance(value.expr, (gast.BinOp, gast.UnaryOp)) and not _safe_operator(value, state):
        return unknown, False
    if rule.function is sum and not _atom_numeric(arguments.get("start", literal(0)), state):
        return unknown, False  # lists, joined to a first one
    if rule.shape == SCALAR or (rule.shape == REDUCTION and _whole(arguments)):
        return POINT, True
    atoms = list(arguments.values())
    if rule.shape == LIKE_FIRST:
        first = _atom_shape(atoms[0], state)
        return (first if first is not None else unknown), rule.numeric and _atom_numeric(
            atoms[0], state
        )
    if rule.shape == BROADCAST:
        parts = [_atom_shape(a, state) for a in atoms if not (is_literal(a) and not is_number(a))]
        known = [p for p in parts if p is not None]
        return (frozenset().union(*known) if len(known) == len(parts) else unknown), True
    return unknown, rule.numeric


def _whole(arguments: Mapping[str, Any]) -> bool:
    axis, keep = arguments.get("axis"), arguments.get("keepdims")
    return (axis is None or _is_none(axis)) and (
        keep is None or (isinstance(keep, gast.Constant) and not keep.value)
    )


def _is_none(node: Any) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


def _safe_operator(value: Apply, state: _State) -> bool:
    """Is an operator surely arithmetic, not the repetition or joining of lists?  Then its
    operands are numeric, too.
    """
    expr = value.expr
    atoms = list(value.arguments.values())
    numeric = [_atom_numeric(a, state) for a in atoms]
    if isinstance(expr, gast.BinOp) and isinstance(expr.op, gast.Add):
        safe = any(numeric)
    elif isinstance(expr, gast.BinOp) and isinstance(expr.op, gast.Mult):
        real = any(isinstance(_constant(a), (float, complex)) for a in atoms)
        squared = (
            len(atoms) == 2
            and len({a.id for a in atoms if isinstance(a, gast.Name)}) == 1
            and not any(numeric)
        )
        squared = squared and all(isinstance(a, gast.Name) for a in atoms)
        safe = all(numeric) or real or squared or any(_surely_array(a, state) for a in atoms)
    else:
        safe = True
    for atom in atoms if safe else ():
        if isinstance(atom, gast.Name) and atom.id[0] != "@":
            state.prove_numeric(atom.id)
    return safe


def _surely_array(atom: Any, state: _State) -> bool:
    """Has an atom an axis: is it a slice of an array, or made of one element by element?"""
    shape = (_atom_shape(atom, state) or POINT) if _atom_numeric(atom, state) else POINT
    return any(isinstance(unknown, tuple) and has_axis(unknown) for unknown in shape)


# ---------------------------------------------------------------- backward: what will prove numeric


def _anticipated(
    body: Body, after: frozenset[str], state: _State, facts: Pairs, made: Pairs
) -> frozenset[str]:
    """The names whose values in front of `body` surely prove to be numbers or arrays; `after`
    those behind it.  What follows of operands goes to `facts`, of targets to `made`.
    """
    for statement in reversed(body):
        match statement:
            case If():
                other = _anticipated(statement.orelse, after, state, facts, made)
                after = _anticipated(statement.body, after, state, facts, made) & other
            case For():
                after = _anticipated_by_loop(statement, after, state, facts, made)
            case _:
                bound = targets(statement)
                made.update((statement, t) for t in bound if t in after)
                whole = _part_of(statement)  # a slice of a list is one
                if whole is not None and not after.isdisjoint(bound):
                    facts.add((statement, whole))
                    after |= {whole}
                after = after.difference(bound) if bound else after
                operands = _operands(statement)
                facts.update((statement, n) for n in operands & after)
                proved = {n for n in operands if (statement, n) in state.facts}
                after = after if proved <= after else after | proved
    return after


def _anticipated_by_loop(
    loop: For, after: frozenset[str], state: _State, facts: Pairs, made: Pairs
) -> frozenset[str]:
    head = after
    while True:
        inside: Pairs = set()
        targets_inside: Pairs = set()
        now = head & _anticipated(loop.whole, head, state, inside, targets_inside)
        if now == head:
            facts |= inside
            made |= targets_inside
            return head - {loop.index}
        head = now
