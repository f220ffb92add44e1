"""The stages, in order: read this file aloud to know what happens to a function.

read        source of the function, proved to be what runs          syntax.source
normalise   Python -> a small language in which every value         passes.normalise
            has a name and every call is resolved
analyse     activity, sharing, shapes, adjoints, terms,             analyses
            then liveness, then recording: the storage plan
write       forward sweep and backward sweep of each function       passes.sweep, passes.reverse
            or, in forward mode, each statement and its tangent     passes.tangents
optimise    single-use temporaries and idle statements go           passes.optimise
link        names for imports, helpers and captured values          passes.link
print       text                                                    syntax.printing
compile     a module that Python runs and `linecache` knows         (here)
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import gast

import tangent.rules.load as _rules
from tangent.errors import TangentError
from tangent.passes import assemble
from tangent.passes.by_tangents import Origin, follows, pair_by_tangents
from tangent.passes.device import on_device
from tangent.passes.halves import Pair, shared, suffix
from tangent.passes.halves import halves as halves_of
from tangent.passes.jvp import jvp, tangent_names
from tangent.passes.later import HALVES, Later
from tangent.passes.link import Linked, link
from tangent.passes.merging import merged, redirected
from tangent.passes.no_objects import words_about
from tangent.passes.normalise import normalise
from tangent.passes.objects import GENERATORS, types_of
from tangent.passes.probes import Point, Probes
from tangent.passes.releasing import release
from tangent.passes.seeds import NotSeeded, for_several_seeds
from tangent.passes.units import GRADIENT, Unit, Units
from tangent.syntax.homes import NUMPY, Home
from tangent.syntax.printing import print_source
from tangent.syntax.quotes import double_quotes
from tangent.syntax.symbols import Reference, Symbol, Symbols
from tangent.syntax.texts import hide_after, show
from tangent.syntax.trees import walk

_numbers = itertools.count(1)

Types = Mapping[str, Any]  # parameters that are objects, and of which classes (`passes.objects`)
NO_TYPES: Types = {}


@dataclass(frozen=True)
class Module:
    """A generated module: its text, its functions, and the captured values that it reads at each
    call.
    """

    source: str
    nodes: tuple[Any, ...]  # the statements that `source` prints: `.save` changes a copy
    filename: str
    namespace: dict[str, Any]
    functions: tuple[str, ...]  # the wanted ones: the gradient, or the two halves
    captured: tuple[tuple[str, Reference], ...]
    objects: tuple[tuple[str, Any], ...]
    resolved: tuple[tuple[Reference, Any], ...]
    runtime: tuple[str, ...]
    unit: Unit
    written: Mapping[str, assemble.Written]  # every function under its name: where it comes from

    def refresh(self) -> None:
        """Read globals and cells again, as Python does at each call."""
        for spelled, reference in self.captured:
            self.namespace[spelled] = reference.get()

    def stale(self) -> bool:
        """Has a callee been rebound since it was read?"""
        return any(reference.get() is not value for reference, value in self.resolved)

    def __getitem__(self, position: int) -> Callable[..., Any]:
        function: Callable[..., Any] = self.namespace[self.functions[position]]
        return function


def types_of_arguments(function: Any, values: tuple[Any, ...]) -> dict[str, Any]:
    """The arguments that are objects or containers, and of which classes."""
    told = (list, tuple, dict, *GENERATORS)
    if not any(hasattr(v, "__dict__") or isinstance(v, told) for v in values):
        return {}
    names = tuple(inspect.signature(function, follow_wrapped=False).parameters)
    return types_of(names[: len(values)], values[: len(names)])


def gradient(
    function: Any,
    wrt: tuple[str, ...],
    value: bool = False,
    tupled: bool = False,
    has_aux: bool = False,
    home: Home = NUMPY,
    types: Types = NO_TYPES,
    checkpoints: bool = True,
) -> Module:
    """The module whose one function gives the gradient of a scalar function.

    With `value` it returns (value, gradient); `tupled` makes the gradient a tuple, one entry for
    each of `wrt`; with `has_aux` the primal returns a pair, whose second part comes back as it is.
    `home` is the array library that it runs on; `types` says of which classes its arguments are,
    where these are objects; without `checkpoints` those in the program play no part.

    The gradient of a gradient that would ask, when it runs, whether names share memory, or is
    refused, is written from the tangent along 1, which is that gradient of a number.
    """
    options = wrt, value, tupled, has_aux, home, types, checkpoints
    found, refused = None, None
    try:
        found, asks = _gradient(function, *options)
    except TangentError as error:
        asks, refused = True, error
    if asks and home is NUMPY:
        with suppress(TangentError):
            if (slope := _slope(function)) is not None:
                return _gradient(slope, *options)[0]
    if refused is not None:
        raise refused
    assert found is not None
    return found


def _gradient(
    function: Any,
    wrt: tuple[str, ...],
    value: bool,
    tupled: bool,
    has_aux: bool,
    home: Home,
    types: Types,
    checkpoints: bool,
) -> tuple[Module, bool]:
    """The gradient from the text of the function; does it ask when it runs?"""
    writer = _Writer(home=home, checkpoints=checkpoints)
    unit = writer.unit(function, types)
    suffix = "value_and_grad" if value else "grad"
    symbol = writer.symbols.function(f"{unit.name}_{suffix}", (id(unit), "main"))
    made = assemble.gradient(unit, wrt, value, tupled, symbol, writer.wanted, has_aux)
    writer.main.append(made)
    module = writer.module(unit, [symbol])
    if home is NUMPY and not has_aux:
        module[0].__dict__[GRADIENT] = Origin(function, wrt, value, tupled, types)
    return module, made.asks or any(pair.asks for pair in writer.pairs)


def _slope(function: Any) -> Any:
    """In place of a generated gradient by one number, the tangent along 1; None if it is none.

    Of a gradient of a gradient it is the tangent of that tangent: nothing runs backward in it.
    """
    origin = vars(function).get(GRADIENT)
    if origin is None or origin.value or origin.tupled or not _follows(function):
        return None
    inner = _slope(origin.function) if GRADIENT in vars(origin.function) else origin.function
    if inner is None:
        return None
    writer = _Writer()
    unit = writer.unit(inner, origin.types)
    symbol = writer.own_symbol(unit, "grad")
    active = frozenset(origin.wrt)
    made = jvp(unit, active, symbol, writer.wanted, True, False, along_one=True)
    writer.main.append(made)
    return writer.module(unit, [symbol])[0]


def halves(
    function: Any,
    wrt: tuple[str, ...],
    has_aux: bool = False,
    types: Types = NO_TYPES,
    home: Home = NUMPY,
) -> Module:
    """The module whose two functions are the forward and the backward half of a function.

    With `has_aux` the primal returns a pair, whose second part comes back as it is.
    """
    writer = _Writer(home=home)
    unit = writer.unit(function, types)
    active = frozenset(wrt)
    writer.root = unit
    kinds = ("forward", "backward")
    if not has_aux:
        return writer.module(unit, [writer.wanted(unit, active, half) for half in kinds])
    made = [writer.own_symbol(unit, half) for half in kinds]  # a recursive call is another one
    pair = halves_of(unit, active, (made[0], made[1]), writer.wanted, True, has_aux=True)
    writer.pairs.append(pair)
    return writer.module(unit, made)


def tangent(
    function: Any,
    wrt: tuple[str, ...],
    value: bool = True,
    name: str | None = None,
    has_aux: bool = False,
    types: Types = NO_TYPES,
    home: Home = NUMPY,
) -> Module:
    """The module whose one function gives the value of a function and its tangent.

    Without `value` it gives the tangent alone; `name` is what it is called then.  With `has_aux`
    the primal returns a pair, whose second part comes back behind the tangent.
    """
    writer = _Writer(home=home)
    unit = writer.unit(function, types)
    active = frozenset(wrt)
    if value and not has_aux:
        return writer.module(unit, [writer.wanted(unit, active, "jvp", root=True)])
    symbol = writer.own_symbol(unit, "jvp" if value else "tangent", name)
    writer.main.append(jvp(unit, active, symbol, writer.wanted, True, value, has_aux=has_aux))
    return writer.module(unit, [symbol])


def several_seeds(function: Any, words: Sequence[str], adjoints: bool = False) -> Module | None:
    """The module of a generated tangent function, for several seeds at once: its parameters `words`
    have an axis of seeds in front, and so has the tangent.  Or of a backward half, which gives
    `adjoints`.

    None where nothing shows that this is the same as one seed after another.
    """
    writer = _Writer()
    unit = writer.unit(function, {})
    try:
        unit.__dict__["program"] = for_several_seeds(unit, frozenset(words), adjoints)
    except (NotSeeded, TangentError):  # what can be generated need not be readable again
        return None
    symbol = writer.own_symbol(unit, "several")
    axis = "each with an axis of seeds in front" if len(words) > 1 else "an axis of them in front"
    said = f"Value and tangents in the directions {', '.join(words)}: {axis}."
    if adjoints:
        said = f"Adjoints for several cotangents {words[0]}: an axis of them in front."
    writer.main.append(assemble.primal(unit, symbol, writer.wanted, said))
    return writer.module(unit, [symbol])


def doubted(
    function: Any,
    wrt: tuple[str, ...],
    seen: Any,
    compares: bool = False,
    types: Types = NO_TYPES,
) -> tuple[Module, Sequence[Point]]:
    """The module of the tangent program in which rules of the user's give way to differences:
    `seen.moved(tangent, f, values, tangents)`.

    With `compares` each tangent by a rule goes through `seen.compared`; the statements that are
    numbered there come back as well.
    """
    writer = _Writer()
    unit = writer.watched(function, seen, types, compares=compares)
    module = writer.module(unit, [writer.wanted(unit, frozenset(wrt), "jvp", root=True)])
    return module, writer.places


def watched(
    function: Any, wrt: tuple[str, ...], seen: Any, types: Types = NO_TYPES
) -> tuple[Module, Sequence[Point]]:
    """The module of the tangent program and the two halves, which `seen` watches, and the
    statements that are numbered in them.
    """
    writer = _Writer()
    unit = writer.watched(function, seen, types, points=True)
    active = frozenset(wrt)
    writer.root = unit
    # the halves come first: they number the statements
    halves = [writer.wanted(unit, active, half) for half in ("forward", "backward")]
    tangents = writer.wanted(unit, active, "jvp", root=True)
    return writer.module(unit, [tangents, *halves]), writer.places


def program_of(function: Any, types: Types = NO_TYPES) -> Unit:
    """A function read and resolved, before any analysis."""
    return _Writer().unit(function, types)


@dataclass
class _Writer:
    """Collects the functions of one module; callees are written when somebody wants them."""

    symbols: Symbols = field(default_factory=Symbols)
    main: list[assemble.Written] = field(default_factory=list)
    written: list[assemble.Written] = field(default_factory=list)
    queue: list[tuple[Unit, frozenset[str], str]] = field(default_factory=list)
    known: dict[Any, str] = field(default_factory=dict)
    values: dict[str, Unit] = field(default_factory=dict)  # functions that may be used as values
    pairs: list[Pair] = field(default_factory=list)
    root: Unit | None = None
    probes: Probes | None = None
    home: Home = NUMPY
    checkpoints: bool = True

    def __post_init__(self) -> None:
        self.units = Units(normalise, self.symbols, self.checkpoints)
        self.units.primal = self.held

    def watched(
        self, function: Any, seen: Any, types: Types, points: bool = False, compares: bool = False
    ) -> Unit:
        """The unit of a function whose programs `seen` watches."""
        self.probes = Probes(self.symbols.constant("seen", seen), points, compares)
        return self.unit(function, types)

    @property
    def places(self) -> Sequence[Point]:
        """The statements that are numbered in what is watched."""
        return self.probes.places if self.probes is not None else ()

    def unit(self, function: Any, types: Types) -> Unit:
        """A function, written for objects of these types."""
        unit = self.units.of(function)
        self.units.objects = words_about(function, types.values())
        return self.units.typed(unit, types) if types else unit

    def own_symbol(self, unit: Unit, kind: str, wish: str | None = None) -> str:
        """The symbol of a function that only the user calls."""
        return self.symbols.function(wish or f"{unit.name}_{kind}", (id(unit), "main", kind))

    def wanted(
        self, unit: Unit | Later, active: frozenset[str], half: str, root: bool = False
    ) -> str:
        """The symbol of a half of a callee (or of its tangent, or of the primal); the function is
        written later, once.
        """
        if isinstance(unit, Later):
            return self.symbols.runtime(HALVES[half])
        key = (id(unit), active, half)
        if root:
            self.root = unit
        if self.values.pop(self.known.get(key, ""), None) is not None:  # a value, and called
            self.queue.append((unit, active, half))
        if key not in self.known:
            for kind in ("forward", "backward") if half in ("forward", "backward") else (half,):
                wish = unit.name if kind == "primal" else f"{unit.name}_{kind}"
                if kind == "jvp" and not root:
                    wish += suffix(unit, active, unit.all_parameters)
                one = (id(unit), active, kind)
                self.known[one] = self.symbols.function(wish, one)
            self.queue.append((unit, active, half))
        return self.known[key]

    def held(self, unit: Unit) -> str:
        """The symbol of a function that is used as a value; it is written if some text has it."""
        key = (id(unit), frozenset[str](), "primal")
        if key not in self.known:
            self.known[key] = self.symbols.function(unit.name, key)
            self.values[self.known[key]] = unit
        return self.known[key]

    def use_values(self) -> None:
        """Queue the functions that are values in the texts so far."""
        trees = [s for w in (*self.written, *self.main) for s in w.tree.body]
        trees += [s for pair in self.pairs for s in (*pair.head, *pair.tail)]
        used = {n.id for s in trees for n in walk(s) if isinstance(n, gast.Name)}
        for symbol in [s for s in self.values if s in used]:
            self.queue.append((self.values.pop(symbol), frozenset(), "primal"))

    def module(self, unit: Unit, symbols: list[str]) -> Module:
        self.write_queue()
        while self.values:
            self.use_values()
            if not self.queue:
                break
            self.write_queue()
        made, halves = shared(self.pairs, self.symbols)
        written = [*self.written, *made, *self.main]
        for one in written:
            one.tree.body = redirected(one.tree.body, halves)
        written, instead = merged(written)
        trees = [w.tree for w in written]
        release(trees)
        if self.home is not NUMPY:
            on_device(trees, self.symbols)
        linked = link(trees, self.symbols, self.home)
        return _compile(
            linked, written, self.units, unit, [instead[halves.get(s, s)] for s in symbols]
        )

    def write_queue(self) -> None:
        """Write the callees that somebody wants, and theirs."""
        while self.queue:
            callee, active, half = self.queue.pop(0)
            if half == "primal":
                symbol = self.known[id(callee), active, half]
                self.written.append(assemble.primal(callee, symbol, self.wanted))
            elif half == "jvp":
                symbol = self.known[id(callee), active, half]
                root = callee is self.root
                self.written.append(
                    jvp(callee, active, symbol, self.wanted, root, probes=self.probes)
                )
            else:
                self.write_pair(callee, active)

    def write_pair(self, callee: Unit, active: frozenset[str]) -> None:
        """Both halves of a callee.  What would ask when it runs whether names share memory, or is
        refused, is written by tangents if it is the text of a gradient.
        """
        symbols = (
            self.known[id(callee), active, "forward"],
            self.known[id(callee), active, "backward"],
        )

        def direct() -> Pair:
            root = callee is self.root
            return halves_of(callee, active, symbols, self.wanted, root, self.probes)

        origin = _origin(callee)
        if origin is None or self.probes is not None:
            self.pairs.append(direct())
            return
        queue, self.queue = self.queue, []
        before, first = self.state(), len(self.pairs)
        try:
            self.pairs.append(direct())
            self.write_queue()
        except TangentError:
            asks = True
        else:
            asks = any(pair.asks for pair in self.pairs[first:])
        if asks:
            self.go_back(before)
            try:
                self.pairs.append(self.by_tangents(callee, active, symbols, origin))
                self.write_queue()
            except TangentError:
                self.go_back(before)
                self.pairs.append(direct())
        self.queue += queue

    def by_tangents(
        self, callee: Unit, active: frozenset[str], symbols: tuple[str, str], origin: Origin
    ) -> Pair:
        """The pair of a gradient, from the tangent program of its primal."""
        made = tangent(origin.function, origin.wrt, origin.value, types=origin.types)
        words = tangent_names(made.unit, frozenset(origin.wrt))
        unit = self.units.of(made[0])
        types = {
            **callee.types,
            **{w: callee.types[p] for p, w in words.items() if p in callee.types},
        }
        unit = self.units.typed(unit, types) if types else unit
        return pair_by_tangents(callee, active, symbols, origin, unit, words, self.wanted)

    def state(self) -> tuple[Any, ...]:
        """What is written and wanted so far."""
        parts = self.written, self.queue, self.known, self.values, self.pairs
        return tuple(part.copy() for part in parts)

    def go_back(self, state: tuple[Any, ...]) -> None:
        parts = (part.copy() for part in state)
        self.written, self.queue, self.known, self.values, self.pairs = parts


def _origin(unit: Unit) -> Origin | None:
    """What a unit is the gradient of, where that may be taken from the tangent."""
    origin: Origin | None = vars(unit.function).get(GRADIENT)
    if origin is None or unit.given or unit.packed or unit.free:
        return None
    return origin if _follows(unit.function) else None


def _follows(function: Any) -> bool:
    """Is a generated gradient surely the transpose of the tangent of its primal?"""
    module = function.__globals__["__tangent__"]
    return follows([w.unit for w in module.written.values()], module.runtime)


def _compile(
    linked: Linked, written: list[assemble.Written], units: Units, unit: Unit, symbols: list[str]
) -> Module:
    source = double_quotes(print_source(list(linked.nodes)))
    filename = f"<tangent {unit.name} {next(_numbers)}>"
    show(filename, source)
    namespace: dict[str, Any] = {"__name__": f"tangent.generated.{unit.name}"}
    captured, objects, runtime = [], [], []
    for identifier, spelled in linked.spelling.items():
        symbol = units.symbols.table.get(identifier)
        if symbol is None:
            continue
        if symbol.kind == "value":
            captured.append((spelled, symbol.payload))
        elif symbol.kind == "object":
            objects.append((spelled, symbol.payload))
        elif symbol.kind == "runtime":
            runtime.append(symbol.wish)
    namespace.update(objects)
    module = Module(
        source,
        linked.nodes,
        filename,
        namespace,
        tuple(linked.spelling[s] for s in symbols),
        tuple(captured),
        tuple(objects),
        tuple(units.resolved.values()),
        tuple(runtime),
        unit,
        {w.tree.name: w for w in written},
    )
    namespace["__tangent__"] = module  # so that a generated function is known as one
    module.refresh()
    exec(compile(source, filename, "exec"), namespace)
    hide_after(module[0], filename)
    return module


_ = (Symbol, _rules)
