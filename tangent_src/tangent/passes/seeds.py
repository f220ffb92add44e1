"""A program for several seeds at once: tangents, or adjoints, have an axis of seeds in front.

    y_dot = (1 - y * y) * x_dot                  y_dot = (1 - y * y) * x_dot
    result_dot = np.sum(y_dot, axis=0)    ->     result_dot = sum_each(y_dot, axis=0)

    W_bar[i] += y_bar * x                 ->     W_bar = add_each(W_bar, i, y_bar * x)

What depends on the seeds has the axis, all else is computed once.  Elementwise operations stay as
they are, others are what `rules.seeds` says, and the rest runs for one seed after another.  A name
that has the axis on one path only gets it where the paths meet.

`NotSeeded` where a program does with its seeds what is not done to arrays alone: decides by them,
puts them into containers, writes into memory that another name shows.

Griewank & Walther, Evaluating Derivatives, section 3.1 ("vector mode").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import gast
import numpy as np

from tangent.analyses.behind import read_behind
from tangent.analyses.shapes import Shapes, shapes
from tangent.analyses.sharing import Sharing, sharing
from tangent.passes.seed_statements import (
    expressions,
    gives_several,
    merged,
    names_read,
    of_arrays,
    plain_value,
    same_name,
    store_helper,
)
from tangent.passes.units import Unit
from tangent.rules.language import lookup
from tangent.rules.seeds import element_by_element, seeded
from tangent.runtime import add
from tangent.syntax.program import (
    AdjointCode,
    Apply,
    Assign,
    Augment,
    Break,
    Call,
    Continue,
    Copy,
    Display,
    Effect,
    For,
    If,
    Item,
    Program,
    Statement,
    Store,
    Try,
    Unpack,
    While,
    assigned,
    every,
    is_elementwise,
    targets,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import as_argument, call, is_number, name, names_in, stored, substitute

Block = tuple[Statement, ...]
Callees = dict[tuple[int, frozenset[str]], Unit]


class NotSeeded(Exception):
    """This program runs for one seed after another."""


def for_several_seeds(
    unit: Unit, words: frozenset[str], adjoints: bool, callees: Callees | None = None
) -> Program:
    """The program of a generated function whose parameters `words` have an axis of seeds.

    It is a tangent function, or a backward half, which gives `adjoints`.  `callees` are what the
    first one calls, as far as it is written for several seeds.  Only in the first one it is known
    that tangents have the shapes of the arguments.
    """
    program, symbols = unit.program, unit.registry.symbols
    program = replace(program, body=of_arrays(program.body))
    plain = shapes(_alike(program, words) if callees is None else program, False)
    share = sharing(program, plain)
    known = {} if callees is None else callees
    writer = _Writer(program, tuple(sorted(words)), adjoints, symbols, plain, share, known)
    given = frozenset(program.parameters)
    body, _ = writer.block(program.body, _State(frozenset(words), given, given))
    bound = [s for s in every(program.body) if program.result in targets(s)]
    if bound != [program.body[-1]] or not (adjoints or gives_several(program)):
        raise NotSeeded("its result is bound in more than one place")
    return replace(program, body=body)


def _alike(program: Program, words: frozenset[str]) -> Program:
    """The program for the analysis of shapes: `x_dot` has the shape of `x`."""
    made: list[Statement] = []
    for word in sorted(words):
        primal = word.removesuffix("_dot")  # the library gives this name to no other tangent
        if primal == word or primal not in program.parameters:
            continue
        operands = {"x": name(word), "y": name(primal)}
        value = Apply(name(word), frozenset({word, primal}), lookup(np.add), operands)
        made.append(Assign(program.result_origin, word, value))
    return replace(program, body=(*made, *program.body))


@dataclass(frozen=True)
class _State:
    """The names that have the axis of seeds, those that are surely and those that may be bound."""

    seeded: frozenset[str]
    bound: frozenset[str]
    maybe: frozenset[str]

    def set(self, names: Iterable[str], has_axis: bool) -> _State:
        one = frozenset(names)
        axis = self.seeded | one if has_axis else self.seeded - one
        return _State(axis, self.bound | one, self.maybe | one)


@dataclass
class _Head:
    """What has the axis wherever an iteration of a loop begins, and what was met at its jumps."""

    seeded: frozenset[str]
    met: frozenset[str] = frozenset()


@dataclass
class _Writer:
    program: Program
    words: tuple[str, ...]
    adjoints: bool
    symbols: Symbols
    shapes: Shapes
    sharing: Sharing
    callees: Callees
    pairs: set[str] = field(default_factory=set)  # (value, tangents) or adjoints, of a callee
    heads: list[_Head] = field(default_factory=list)
    trial: int = 0  # a loop is gone through before it is known what has the axis at its head

    # ------------------------------------------------------------ blocks

    def block(self, body: Block, state: _State) -> tuple[Block, _State | None]:
        """The statements of a block for all seeds, and what is known behind it: None if each path
        ends in a jump.
        """
        code: list[Statement] = []
        now: _State | None = state
        rest = list(body)
        while rest:
            assert now is not None  # nothing stands behind a jump
            s = rest.pop(0)
            if rest and self.is_used_up(s, rest[0], now):
                s = merged(s, rest.pop(0))
            match s:
                case Try() | AdjointCode():
                    raise NotSeeded("it has a `try`")
                case If():
                    made, now = self.branches(s, now)
                case For():
                    made, now = self.loop(s, now)
                case Break() | Continue():
                    head = self.heads[-1]
                    head.met |= now.seeded
                    made, now = [*self.promoted(s, head.seeded, now), s], None
                case _:
                    made, now = self.statement(s, now)
            code += made
        return tuple(code), now

    @cached_property
    def behind(self) -> Mapping[Statement, frozenset[str]]:
        """The names that are read behind each statement."""
        return read_behind(self.program)

    @cached_property
    def uses(self) -> Counter[str]:
        """In how many statements each name is bound or read."""
        return Counter(n for s in every(self.program.body) for n in {*names_read(s), *targets(s)})

    def is_used_up(self, s: Any, following: Any, state: _State) -> bool:
        """Is a list with seeds an argument of the next statement, and of nothing else?"""
        if not isinstance(s, Assign) or not isinstance(s.value, Display):
            return False
        if not isinstance(following, Assign) or not isinstance(following.value, Apply):
            return False
        if following.value.rule.updates or not following.value.rule.numeric:
            return False
        if following is self.program.body[-1] or state.seeded.isdisjoint(s.value.reads):
            return False
        return self.uses[s.target] == 2 and s.target in names_read(following)

    def promoted(self, s: Statement, wanted: frozenset[str], state: _State) -> list[Statement]:
        """Gives the axis to those of the `wanted` names that are bound without it."""
        names = sorted((wanted & state.maybe) - state.seeded)
        if not self.trial and not state.bound.issuperset(names):
            raise NotSeeded("a name may be bound or not")
        return [self.assign(s, n, self.for_seeds(n, state)) for n in names]

    def branches(self, s: If, state: _State) -> tuple[list[Statement], _State | None]:
        self.refuse_seeded(s.test.reads, state)
        (body, one), (orelse, other) = (self.block(b, state) for b in (s.body, s.orelse))
        if one is None or other is None:
            return [replace(s, body=body, orelse=orelse)], one or other
        axis = one.seeded | other.seeded
        body = (*body, *self.promoted(s, axis, one))
        orelse = (*orelse, *self.promoted(s, axis, other))
        joined = _State(axis, one.bound & other.bound, one.maybe | other.maybe)
        return [replace(s, body=body, orelse=orelse)], joined

    def loop(self, s: For, state: _State) -> tuple[list[Statement], _State]:
        """A name that has the axis behind an iteration has it in front of the loop as well."""
        head = state.seeded
        maybe = state.maybe | assigned((s,))
        self.trial += 1
        while True:
            _, _, found = self.iteration(s, head, state.bound, maybe)
            if found <= head:
                break
            head |= found
        self.trial -= 1
        items, body, _ = self.iteration(s, head, state.bound, maybe)
        made = [*self.promoted(s, head, state), replace(s, items=items, body=body)]
        return made, _State(head, state.bound, maybe)

    def iteration(
        self, s: For, seeded: frozenset[str], bound: frozenset[str], maybe: frozenset[str]
    ) -> tuple[Block, Block, frozenset[str]]:
        """The parts of a loop, and what has the axis behind one of its iterations."""
        state = _State(seeded, bound, maybe)
        test = s.test.reads if isinstance(s, While) else frozenset()
        self.refuse_seeded(names_in(s.header) | s.scheduled | test, state)
        self.heads.append(_Head(seeded))
        items, inside = self.block(s.items, state.set({s.index}, False))
        assert inside is not None
        body, end = self.block(s.body, inside)
        found = self.heads.pop().met
        if end is not None:
            body = (*body, *self.promoted(s, seeded, end))
            found |= end.seeded
        return items, body, found

    # ------------------------------------------------------------ statements

    def statement(self, s: Statement, state: _State) -> tuple[list[Statement], _State]:
        if any(self.pairs & names_in(e) for e in expressions(s)) and not isinstance(s, Unpack):
            raise NotSeeded("a value and its tangent go on together")
        match s:
            case Unpack(targets=parts, source=source) if source in self.pairs:
                one = 0 if self.adjoints else 1  # of (value, tangent) the first has no axis
                return [s], state.set(parts[:one], False).set(parts[one:], True)
            case Assign(target=target, value=value):
                if s is not self.program.body[-1] and state.seeded.isdisjoint(value.reads):
                    return [s], state.set({target}, False)
                made = self.value(s, value, state)
                return [replace(s, value=made)], state.set({target}, target not in self.pairs)
            case Augment(target=target, operand=operand):
                if state.seeded.isdisjoint({target, *names_in(operand)}):
                    return [s], state
                return [self.augmented(s, state)], state.set({target}, True)
            case Store(base=base, value=value):
                if state.seeded.isdisjoint({base, *names_in(value), *names_in(s.index)}):
                    return [s], state
                return self.stored(s, state), state.set({base}, True)
            case Effect():
                self.refuse_seeded(s.reads, state)
        self.refuse_seeded({n for v in expressions(s) for n in names_in(v)}, state)
        return [s], state.set(targets(s), False)

    def augmented(self, s: Augment, state: _State) -> Statement:
        """`x_dot += y_dot` as `x_dot = x_dot + y_dot`: no other name shows its memory."""
        if not is_elementwise(s.operator):
            raise NotSeeded("an operator of its own")
        self.refuse_shared(s)
        made = self.elementwise(s, s.made, [name(s.target), s.operand], state)
        return self.assign(s, s.target, made)

    def stored(self, s: Store, state: _State) -> list[Statement]:
        self.refuse_shared(s)
        self.refuse_seeded(names_in(s.index), state)
        helper = store_helper(s.operator)
        if helper is None:
            raise NotSeeded("a store of its own")
        base, value = (self.with_axis(part, state) for part in (name(s.base), s.value))
        put = call(self.symbols.runtime(helper), base, as_argument(s.index), value)
        return [self.assign(s, s.base, put)]

    # ------------------------------------------------------------ values

    def value(self, s: Assign, value: Any, state: _State) -> Any:
        if s is self.program.body[-1]:
            if isinstance(value, Display):
                return self.result(value, state)
            if state.seeded.isdisjoint(value.reads):
                return plain_value(self.for_seeds(value.expr, state))
        match value:
            case Copy():
                return value
            case Item(base=base, index=index):
                self.refuse_seeded(names_in(index), state)
                part = call(self.symbols.runtime("part_each"), name(base), as_argument(index))
                return plain_value(part)
            case Call():
                return self.called(s, value, state)
            case Apply():
                return plain_value(self.applied(s, value, state))
        raise NotSeeded(f"`{s.target}` is not known to be an array")

    def result(self, value: Display, state: _State) -> Any:
        """(value, tangent, …), where the tangent alone has the axis, and always; or adjoints, each
        of which has it.
        """
        if self.adjoints:
            each = [self.with_axis(e, state) for e in value.elements]
            return plain_value(gast.Tuple(elts=each, ctx=gast.Load()))
        first, tangent, *rest = value.elements
        if any(self.has_axis(e, state) for e in (first, *rest)):
            raise NotSeeded("a value depends on the seeds")
        elements = [first, self.with_axis(tangent, state), *rest]
        return plain_value(gast.Tuple(elts=elements, ctx=gast.Load()))

    def called(self, s: Assign, value: Call, state: _State) -> Any:
        """A call of another generated function: of the one that is written for several seeds."""
        callee = value.callee
        if not getattr(callee, "generated", False) or callee.writes:
            raise NotSeeded("a callee is not generated, or writes into its arguments")
        words = frozenset(p for p, a in value.arguments.items() if self.has_axis(a, state))
        key = id(callee), words
        if key not in self.callees:
            several = replace(callee.copy(), name=f"{callee.name}gives_several")
            self.callees[key] = several
            program = for_several_seeds(callee, words, self.adjoints, self.callees)
            several.__dict__["program"] = program
        if gives_several(callee.program):
            self.pairs.add(s.target)
        return replace(value, callee=self.callees[key])

    def applied(self, s: Assign, value: Apply, state: _State) -> Any:
        """A function of operands some of which have the axis."""
        rule, arguments = value.rule, value.arguments
        moving = [p for p, atom in arguments.items() if self.has_axis(atom, state)]
        if rule.updates:
            raise NotSeeded("a function that writes into its argument")
        if not moving:  # a list of seeds
            return self.one_by_one(value.expr, state)
        if element_by_element(rule) and set(arguments) <= set(rule.entries):
            return self.elementwise(s, value.expr, list(arguments.values()), state)
        if rule.function is add and len(moving) == 2:
            return call(self.symbols.runtime("plus_each"), *arguments.values())
        row = seeded(rule.function)
        if len(moving) == 1 and moving[0] in row:
            made = self.by_table(row[moving[0]], arguments, moving[0])
            if made is not None:
                return made
        return self.one_by_one(value.expr, state)

    def by_table(self, helper: Any, arguments: Any, moving: str) -> Any:
        """A call of the function that `rules.seeds` names; None if it has not these arguments."""
        code = helper.__code__
        taken = code.co_varnames[: code.co_argcount]
        if not set(arguments) <= set(taken):
            return None
        first: list[Any] = []
        for parameter in taken:
            if parameter not in arguments:
                break
            first.append(arguments[parameter])
        others = {p: a for p, a in arguments.items() if p not in taken[: len(first)]}
        return call(self.symbols.runtime(helper.__name__), *first, **others)

    def elementwise(self, s: Statement, expr: Any, atoms: list[Any], state: _State) -> Any:
        """The expression, in which operands that may have less axes than others are lifted."""
        lifts = {}
        both = [a for a in atoms if self.has_axis(a, state)]
        if len(both) == 2 and not all(self.widest(s, a, atoms) for a in both):
            return self.sum_of(expr, both)
        for atom in atoms:
            if self.has_axis(atom, state) and not self.widest(s, atom, atoms):
                others = [a for a in atoms if not is_number(a) and not same_name(a, atom)]
                lifts[atom.id] = call(self.symbols.runtime("lifted"), name(atom.id), *others)
        return substitute(expr, lifts) if lifts else expr

    def widest(self, s: Statement, atom: Any, atoms: list[Any]) -> bool:
        """Has an operand surely as many axes as any other?"""
        if all(is_number(a) or same_name(a, atom) for a in atoms):
            return True
        own = self.shapes.of(s, atom.id)
        others = [self.shapes.of(s, a.id) for a in atoms if isinstance(a, gast.Name)]
        return own is not None and all(o is not None and o <= own for o in others)

    def sum_of(self, expr: Any, both: list[Any]) -> Any:
        """A sum or difference of two values that have the axis."""
        first, second = both
        match expr:
            case gast.BinOp(op=gast.Add()):
                pass
            case gast.BinOp(op=gast.Sub()):
                second = gast.UnaryOp(op=gast.USub(), operand=second)
            case _:
                raise NotSeeded("a function of two tangents")
        return call(self.symbols.runtime("plus_each"), first, second)

    def one_by_one(self, expr: Any, state: _State) -> Any:
        """`expr` for one seed after another."""
        moving = sorted(n for n in names_in(expr) if n in state.seeded)
        ones = {n: name(self.program.names.fresh(f"{n}_one")) for n in moving}
        several = len(moving) > 1
        if several:
            target = gast.Tuple(elts=[stored(o.id) for o in ones.values()], ctx=gast.Store())
            source = call(self.symbols.builtin("zip"), *map(name, moving))
        else:
            target, source = stored(ones[moving[0]].id), name(moving[0])
        each = gast.comprehension(target=target, iter=source, ifs=[], is_async=0)
        found = gast.ListComp(elt=substitute(expr, ones), generators=[each])
        return call(self.symbols.runtime("stack_seeds"), found)

    # ------------------------------------------------------------ parts

    def has_axis(self, atom: Any, state: _State) -> bool:
        return not state.seeded.isdisjoint(names_in(atom))

    def with_axis(self, atom: Any, state: _State) -> Any:
        return atom if self.has_axis(atom, state) else self.for_seeds(atom, state)

    def for_seeds(self, value: Any, state: _State) -> Any:
        """A value without the axis, once for each seed."""
        word = next((w for w in self.words if w in state.seeded), None)
        if word is None:
            raise NotSeeded("nothing is left that says how many seeds there are")
        atom = name(value) if isinstance(value, str) else value
        return call(self.symbols.runtime("for_seeds"), atom, name(word))

    def assign(self, s: Statement, target: str, expr: Any) -> Statement:
        return Assign(s.origin, target, plain_value(expr))

    def refuse_seeded(self, reads: Any, state: _State) -> None:
        if not state.seeded.isdisjoint(reads):
            raise NotSeeded("it reads the seeds in a way of its own")

    def refuse_shared(self, s: Statement) -> None:
        """A write becomes a new value of the name: none that is read later may show the memory."""
        if self.sharing.others(s) & self.behind[s] or self.sharing.outside(s):
            raise NotSeeded("another name may show what is written into")
