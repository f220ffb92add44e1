"""Calls: which function is called, and which argument goes to which of its parameters."""

from __future__ import annotations

import inspect
from dataclasses import replace
from itertools import zip_longest
from types import FunctionType
from typing import Any

import gast
import numpy as np

from tangent.errors import NoRule, SourceUnavailable, TangentError, UnsupportedSyntax
from tangent.passes.changing import refuse_change
from tangent.passes.dispatching import dispatched, is_dispatched
from tangent.passes.entering import refuse_maker
from tangent.passes.function_values import method_atom, passing, values_of
from tangent.passes.inert import captured
from tangent.passes.inlining import (
    inlined,
    is_chosen,
    shows_what_is_written,
    writes_into_arguments,
    written_flat,
)
from tangent.passes.kinds import CONTAINERS
from tangent.passes.known import (
    Bound,
    Choice,
    Closure,
    Known,
    Nothing,
    Outside,
    Table,
    Unclear,
    moved,
    names_of,
)
from tangent.passes.later import call_later
from tangent.passes.lowering import Lowering, method_key, standing, static_of
from tangent.passes.met_objects import asked_arguments, is_met_method
from tangent.passes.no_objects import asked, of_no_object
from tangent.passes.objects import Container, Function, Seen, Stream, holds_objects, type_of
from tangent.passes.operands import as_array, takes_arrays
from tangent.passes.options import is_option
from tangent.passes.random_numbers import INTEGERS, is_draw
from tangent.passes.rule_arguments import bind_arguments, by_words, fits
from tangent.passes.signatures import bound_arguments
from tangent.passes.standing_in import written_out
from tangent.passes.stars import ANY_NUMBER, Spread, spread, taken_by, taken_by_rule
from tangent.passes.units import MISSING, WHOLE, Unit
from tangent.passes.unknown_calls import unknown_call
from tangent.passes.yielding import refuse_generator
from tangent.rules.kinds import DISCRETE, PAIRS
from tangent.rules.language import (
    Constant,
    Gap,
    Program,
    Rule,
    Spelling,
    Write,
    has_methods,
    lookup,
    program_for,
)
from tangent.runtime import checkpoints
from tangent.syntax.names import free_name
from tangent.syntax.program import Apply, Call, Copy, Effect, If, Plain, Value
from tangent.syntax.trees import call, literal, name, names_in

# what they do depends on the variables of their caller, which in a generated text are others
_READERS_OF_FRAMES = (eval, exec, locals, globals, vars, dir, super, breakpoint)


def call_value(
    self: Lowering, node: gast.Call, receiver: Any | None, args: list[Any], words: dict[str, Any]
) -> Value:
    """The value of a call whose arguments are atoms, of a method or of a function that no name of
    the program stands for.
    """
    args, words = values_of(self, node, args, words)
    refuse_change(self, node)
    if receiver is not None and is_met_method(self, receiver, node.func.attr):
        return call_later(self, node, method_atom(self, receiver, node), args, words)
    if receiver is not None:
        receiver = asked(self, receiver, node.func.attr)
        function = gast.Attribute(value=receiver, attr=node.func.attr, ctx=gast.Load())
        return known_value(
            self, node, method_key(node.func.attr), function, [receiver], args, words
        )
    found, _ = static_of(self, node.func)
    if found is MISSING:
        return call_later(self, node, self.atom(node.func), args, words)
    if any(found is reader for reader in _READERS_OF_FRAMES):
        self.refuse(
            f"`{found.__name__}` sees the variables of the function that calls it",
            "frame",
            node,
            "name the variables that are needed",
        )
    return known_value(self, node, found, captured(self, node.func).expr, [], args, words)


def call_function(
    self: Lowering, node: gast.Call, known: Known, args: list[Any], words: dict[str, Any]
) -> Value:
    """The value of a call of a known function; arguments are atoms or functions."""
    what, advice = "a table of functions is called", "call one of its entries"
    match known:
        case Bound(inner=inner, args=first, words=bound):
            return call_function(self, node, inner, [*first, *args], {**bound, **words})
        case Choice():
            return _call_choice(self, node, known, args, words)
        case Outside(function=checkpoints.checkpoint):
            place = "write it around the items of a `for` loop, or the test of a `while` loop"
            self.refuse("there is nothing here to checkpoint", "checkpoint-place", node, place)
        case Outside(function=function) if program_for(function) is not None:
            return _call_program(self, node, program_for(function), known.expr, args, words)
        case Outside(function=function) if is_dispatched(function):
            chosen = dispatched(self, function, args)
            if chosen is not None:
                return call_function(self, node, chosen, args, words)
            what, advice = "a call that does not say by which class", "pass the first argument"
        case Outside(function=function) if not is_own(function):
            args, words = values_of(self, node, args, words)
            return known_value(self, node, function, known.expr, [], args, words)
        case Closure() | Outside():
            if isinstance(known, Outside):
                refuse_maker(self, known.function, node)
            unit, more = unit_of(self, node, known)
            refuse_generator(self, unit.tree, node)
            given = () if any(isinstance(a, Spread) for a in args) else unit.parameters[: len(args)]
            more = {p: a for p, a in more.items() if p not in given}  # defaults
            made = _call_unit(self, node, unit, args, {**more, **words})
            if isinstance(known, Outside) and known.cached and isinstance(made, Call):
                return replace(made, plain=_as_written(known.expr, args, words))
            return made
        case Unclear(where=where, error=error):
            if error is not None:
                raise error
            what, advice = f"which function this is depends on {where}", "put the choice inside it"
        case Nothing():
            what, advice = "`None` is called", "test for it first: `if f is not None`"
    return self.refuse(what, "unknown-call", node, advice)


def unit_of(self: Lowering, node: Any, known: Known) -> tuple[Unit, dict[str, Any]]:
    """The unit of a function, and the arguments that it gets beside those of the call."""
    if isinstance(known, Closure):
        if known.home is self.unit:  # what it calls is looked up when it is called
            known = standing(self, known, _functions_of_now(self))
        own = replace(known, holders={v: v for v in known.holders})
        closure = replace(known, functions={**known.functions, known.tree.name: own})
        free = {v: name(h) for v, h in known.holders.items()}
        return self.unit.registry.nested(closure), {**known.defaults, **free}
    assert isinstance(known, Outside)
    self.unit.registry.resolve(known.reference, known.function)
    generated = getattr(known.function, "generated", None)
    return _unit(self, generated or known.function, node), {}


def _functions_of_now(self: Lowering) -> dict[str, Known]:
    """The functions that are known here; those that stand here know each other."""
    found: dict[str, Known] = {}
    for variable, known in self.functions.items():
        if isinstance(known, Closure) and known.home is self.unit:
            known = standing(self, known, found)
        found[variable] = known
    return found


def _call_choice(
    self: Lowering, node: gast.Call, known: Choice, args: list[Any], words: dict[str, Any]
) -> Value:
    """A branch for each entry of a table, and the error of a key that it does not have."""
    target = self.names.temporary()
    entries = list(known.table.entries.items())
    count = len(entries) if known.table.by_position else 0
    places = [*known.table.entries, *range(-count, 0)]
    keys = gast.Tuple(elts=[literal(k) for k in places], ctx=gast.Load())
    stranger = Plain(
        gast.Compare(left=known.at, ops=[gast.NotIn()], comparators=[keys]),
        frozenset(names_in(known.at)),
        scalar=True,
    )
    error = call("@builtin:IndexError" if count else "@builtin:KeyError", known.at)
    statement = gast.Raise(exc=error, cause=None)
    raised = Effect(self.here(), statement, frozenset(names_in(known.at)))
    self.code.append(If(self.here(), self.held(stranger), (raised,), ()))

    def write(position: int) -> None:
        key, function = entries[position]
        if position == len(entries) - 1:
            self.emit(target, call_function(self, node, function, args, words))
            return
        is_key = gast.Compare(left=known.at, ops=[gast.Eq()], comparators=[literal(key)])
        if count:  # from the end as well
            both = gast.Tuple(elts=[literal(key), literal(key - count)], ctx=gast.Load())
            is_key = gast.Compare(left=known.at, ops=[gast.In()], comparators=[both])
        test = self.held(Plain(is_key, frozenset(names_in(known.at)), scalar=True))
        first = self.block(
            lambda: self.emit(target, call_function(self, node, function, args, words))
        )
        self.code.append(If(self.here(), test, first, self.block(lambda: write(position + 1))))

    write(0)
    return Copy(name(target), frozenset({target}), target)


def is_own(function: Any) -> bool:
    """Is it a function of the user's, without rule?"""
    readable = (
        isinstance(function, FunctionType) or getattr(function, "generated", None) is not None
    )
    return readable and lookup(function) is None


def _unit(self: Lowering, function: Any, node: Any) -> Unit:
    try:
        return self.unit.registry.of(function() if getattr(function, "lazy", False) else function)
    except SourceUnavailable as error:
        location = self.unit.source.location(node)
        raise NoRule(
            f"`{function.__name__}` has neither a rule nor source that can be read",
            code="no-source",
            location=location,
            help=error.help,
        ) from None


# ---------------------------------------------------------------- functions with a rule, or unknown


def known_value(
    self: Lowering,
    node: Any,
    key: Any,
    function: Any,
    first: list[Any],
    args: list[Any],
    words: dict[str, Any],
) -> Value:
    known = lookup(key) if key is not None else None
    new = known is None and is_draw(self, node, key, first)
    if not isinstance(known, Program):
        takes = ANY_NUMBER if new else taken_by_rule(known, len(first))
        args, words = spread(self, node, takes, args, words)
    if isinstance(known, Rule) and not first and takes_arrays(known.function, known.call):
        entries, unknown = known.entries, gast.Constant if known.elementwise else None
        moving = [entries.get(p, unknown) is not None for p in known.signature.parameters]
        args = [as_array(self, a) if m else a for a, m in zip_longest(args, moving)][: len(args)]
        args = asked_arguments(self, known.function, args)
    if isinstance(known, Constant) and known.checked:
        function = name(self.unit.registry.symbols.runtime(known.checked))
    expr = gast.Call(
        func=function, args=args, keywords=[gast.keyword(arg=k, value=v) for k, v in words.items()]
    )
    reads = frozenset(names_in(expr))
    if isinstance(known, Write):
        from tangent.passes.writes import lower_write

        return lower_write(self, known, node, [*first, *args], words)
    if isinstance(known, Spelling):
        from tangent.passes.writes import lower_spelling

        return lower_spelling(self, known, node, [*first, *args], words)
    if isinstance(known, Rule) and known.updates:
        from tangent.passes.writes import lower_update

        return lower_update(self, known, node, function, [*first, *args], words)
    if isinstance(known, Rule):
        taken, options = by_words(known.function, known.signature, [*first, *args], words)
        if not fits(known, taken, options):
            gap = f"its rule handles `{known.name}{known.signature}`"
            return unknown_call(self, node, None, function, args, words, gap)
        return Apply(expr, reads, known, bind_arguments(self, known, node, taken, options))
    if isinstance(known, Program):
        return _call_program(self, node, known, function, [*first, *args], words)
    if isinstance(known, Constant):
        word = getattr(known.function, "__name__", "").strip("_")
        if known.pure:  # what logs or prints tells nothing of an object
            expr = of_no_object(self, expr, [*args, *words.values()], (f"__{word}__", word))
        facts = known.pure, known.cheap, True, known.fresh, known.scalar, known.array
        return Plain(expr, reads, *facts)
    gap = known.reason if isinstance(known, Gap) else ""
    made = unknown_call(self, node, key, function, args, words, gap)
    return replace(made, fresh=True, array=node.func.attr not in INTEGERS) if new else made


# ---------------------------------------------------------------- the user's own functions


def _call_unit(
    self: Lowering, node: Any, unit: Unit, args: list[Any], words: dict[str, Any]
) -> Value:
    arguments = bound_arguments(self, node, unit, args, words)
    made = specialised_call(self, unit, passing(self, node, unit, arguments))
    if any(map(holds_objects, made.callee.types.values())) and made.callee.changes:
        typed = {p for p, a in made.arguments.items() if getattr(a, "id", None) in self.types}
        shared = frozenset(typed | made.callee.changes)
        return written_out(self, node, made.callee, made.arguments, shared)
    callee = made.callee
    if writes_into_arguments(self, callee) or shows_what_is_written(self, node, callee):
        return inlined(self, made)
    flat = written_flat(self, made.callee) if self.unit.flat or is_chosen(self, node) else None
    return made if flat is None else inlined(self, replace(made, callee=flat))


def specialised_call(self: Lowering, unit: Unit, arguments: dict[str, Any]) -> Call:
    """The call of a function, written for the functions and objects among its arguments."""
    unit, arguments = taken_apart(self, unit, arguments)
    types = _types(self, arguments)
    if types:
        unit = self.unit.registry.typed(unit, types)
    reads = frozenset(n for a in arguments.values() for n in names_in(a))
    expr = gast.Call(func=name(unit.name), args=list(arguments.values()), keywords=[])
    self.calls += 1
    return Call(expr, reads, unit, arguments, self.calls)


def taken_apart(
    self: Lowering, unit: Unit, arguments: dict[str, Any]
) -> tuple[Unit, dict[str, Any]]:
    """The function that knows the functions among its arguments, and what `*args` and `**kwargs`
    hold; its arguments are atoms.
    """
    given = {p: a for p, a in arguments.items() if isinstance(a, Known)}
    packed: dict[str, Any] = {p: a for p, a in arguments.items() if isinstance(a, tuple | dict)}
    packed |= {p: WHOLE for p in arguments if p not in (*unit.all_parameters, *packed)}
    if given or packed:
        return _specialised(self, unit, arguments, given, packed)
    return unit, arguments


def _types(self: Lowering, arguments: dict[str, Any]) -> dict[str, Any]:
    """The parameters that get objects of known classes, or containers."""
    found: dict[str, Any] = {}
    symbols = self.unit.registry.symbols.table
    for parameter, atom in arguments.items():
        identifier = getattr(atom, "id", "")
        if identifier in self.types:
            if _is_passed(self.types[identifier]):
                found[parameter] = self.types[identifier]
        kind = self.kinds.get(identifier)
        if parameter not in found and kind in CONTAINERS:
            found[parameter] = Container(CONTAINERS[kind])
        elif identifier in symbols and symbols[identifier].kind == "value":
            known = type_of(symbols[identifier].payload.get())
            if _is_passed(known):
                found[parameter] = known
                self.unit.registry.watch_type(Seen(symbols[identifier].payload, known))
        elif identifier in symbols and isinstance(symbols[identifier].payload, type):
            found[parameter] = Function(symbols[identifier].payload)
    return found


def _is_passed(known: Any) -> bool:
    return holds_objects(known) or isinstance(known, Stream)


def _call_program(
    self: Lowering,
    node: Any,
    known: Any,
    function: Any,
    args: list[Any],
    words: dict[str, Any],
) -> Value:
    """The call of a function known by a program, which is written out for the literals in it."""
    given = values_of(self, node, args, words) if lookup(known.function) is None else (args, words)
    try:
        return _written_out(self, node, known, function, *given)
    except (TangentError, RecursionError):
        if lookup(known.function) is not None:
            raise
    args, words = spread(self, node, None, *values_of(self, node, args, words))
    return unknown_call(self, node, known.function, function, args, words)


def _written_out(
    self: Lowering,
    node: Any,
    known: Program,
    function: Any,
    args: list[Any],
    words: dict[str, Any],
) -> Value:
    first = [Outside(f, _named(self, f)) for f in known.first]
    unit = self.unit.registry.of(known.text)
    takes = taken_by(unit.tree.args, unit.default)
    takes = replace(takes, positional=takes.positional[len(first) :])
    args, words = spread(self, node, takes, args, words)
    written = args, words
    if lookup(known.function) is not None:
        args, words = by_words(known.function, _own_signature(known), args, words)
    if takes_arrays(known.function, known.text):
        names = list(unit.parameters)[len(first) :]
        owner = getattr(known.function, "__self__", None)
        method = has_methods(owner) and not isinstance(owner, np.ufunc)  # whose `k` are counts
        moving = [method or p not in DISCRETE | PAIRS for p in names]
        args = [as_array(self, a) if m else a for a, m in zip_longest(args, moving)][: len(args)]
        args = asked_arguments(self, known.function, args)
    try:
        arguments = bound_arguments(self, node, unit, [*first, *args], words)
    except UnsupportedSyntax as error:
        raise _unfit(self, node, known, error) from None
    options = {
        p: literal(None) if isinstance(a, Nothing) else a
        for p, a in arguments.items()
        if p not in unit.rebound and (isinstance(a, Nothing) or is_option(a))
    }
    lengths = {p: len(a) for p, a in arguments.items() if isinstance(a, tuple)}
    lengths |= {p: len(a.entries) for p, a in arguments.items() if isinstance(a, Table)}
    there = frozenset(arguments.keys() - options.keys() - unit.rebound) & _never_none(known)
    if options or lengths or there:
        unit = self.unit.registry.written_out(known.text, options, lengths, there)
    left = {p: a for p, a in arguments.items() if p not in options}
    if lookup(known.function) is None:
        unit.understood()  # now: what cannot be read is a function without rule
    made = specialised_call(self, unit, left)
    if lookup(known.function) is not None and made.callee.writes:
        return inlined(self, made, self.here())
    return replace(made, plain=_as_written(function, *written))


def _named(self: Lowering, function: Any) -> Any:
    """How a function that a rule gives to a program is written."""
    symbols, word = self.unit.registry.symbols, function.__name__
    if getattr(np, word, None) is function:
        return gast.Attribute(name(symbols.imported(np)), word, gast.Load())
    return name(symbols.constant(word, function))


def _own_signature(known: Program) -> inspect.Signature:
    """What the text of a program takes of the arguments of a call."""
    own = list(inspect.signature(known.text).parameters.values())
    return inspect.Signature(own[len(known.first) :])


def _never_none(known: Program) -> frozenset[str]:
    """The parameters for which None is what a program takes for `left out`, and the function that
    it stands for does not.
    """
    try:
        theirs = inspect.signature(known.function).parameters
    except (TypeError, ValueError):
        return frozenset()
    own = inspect.signature(known.text).parameters.values()
    left_out = {p.name for p in own if p.default is None}
    return frozenset(p for p in left_out & theirs.keys() if theirs[p].default == ())


def _unfit(self: Lowering, node: Any, known: Program, error: UnsupportedSyntax) -> TangentError:
    """The error for arguments that a program given by a rule does not take."""
    if error.code != "call" or lookup(known.function) is None:
        return error
    what, handled = known.function.__name__, inspect.signature(known.text)
    reason = error.message.partition("signature: ")[2]
    return NoRule(
        f"the rule of `{what}` does not handle these arguments: {reason}",
        code="rule-arguments",
        location=self.unit.source.location(node),
        help=f"it handles `{what}{handled}`",
    )


def _as_written(function: Any, args: list[Any], words: dict[str, Any]) -> Any | None:
    """The call as the program has it; None where it passes a function that has no name."""

    def plain(one: Any) -> Any:
        return one.expr if isinstance(one, Outside) else one

    values = [plain(a) for a in (*args, *words.values())]
    if any(isinstance(v, Known) for v in values):
        return None
    keywords = [gast.keyword(arg=k, value=plain(v)) for k, v in words.items()]
    return gast.Call(func=function, args=values[: len(args)], keywords=keywords)


def _specialised(
    self: Lowering,
    unit: Unit,
    arguments: dict[str, Any],
    given: dict[str, Known],
    packed: dict[str, Any],
) -> tuple[Unit, dict[str, Any]]:
    """The unit for these functions and further arguments; what they read is passed as well."""
    taken = names_in(unit.tree) | set(unit.all_parameters)
    renamed: dict[str, str] = {}
    for known in given.values():
        for one in names_of(known):
            renamed.setdefault(one, free_name(one, taken))
    inside = {p: moved(k, renamed) for p, k in given.items()}
    plain = {p: a for p, a in arguments.items() if p not in given and packed.get(p, WHOLE) is WHOLE}
    places: dict[str, Any] = {}
    for parameter, items in packed.items():
        if items is WHOLE:
            places[parameter] = WHOLE
        elif isinstance(items, tuple):
            places[parameter] = tuple(
                free_name(f"{parameter}_{i}", taken) for i, _ in enumerate(items)
            )
            plain.update(zip(places[parameter], items, strict=True))
        else:
            places[parameter] = {k: free_name(k, taken) for k in items}
            plain.update({places[parameter][k]: a for k, a in items.items()})
    plain.update({new: name(old) for old, new in renamed.items()})
    special = self.unit.registry.specialised(unit, inside, places)
    return special, {p: plain[p] for p in special.all_parameters}
