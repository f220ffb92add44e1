"""`verify=True`: at each call the derivative is held against what must be true of it.

* <gradient, v> is the derivative in the direction v that the tangent program gives, for a random v.
  The tangent of a rule of the user's is taken by differences, so that a wrong one contradicts it.
* No argument and no captured array is changed by the call, or between `vjp` and its pullback.
* A gradient has the structure, the shapes and the dtypes of its argument.

Where the numbers differ, both programs run once more and are watched: the error names the first
statement, from the result backward, whose adjoint does not fit its tangent, or the one that changes
a value in secret.
"""

from __future__ import annotations

import contextlib
import copy
import random
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tangent import pipeline
from tangent.directions import Unsure, differences, pairing, random_like, single
from tangent.errors import TangentError, VerificationError
from tangent.runtime import Refusal, inside, like, tangent_like
from tangent.syntax.program import AdjointCode, Apply, Assign, Augment
from tangent.tracing import explained, primal_of
from tangent.trees import leaves, misfit
from tangent.watching import Lost, Recorder, checksum, differ


class Verified:
    """One function at one place: what its derivative is held against."""

    def __init__(
        self,
        function: Any,
        parameters: Sequence[str],
        values: tuple[Any, ...],
        wrt: tuple[int, ...],
        leading: tuple[Any, ...] = (),
    ) -> None:
        self.function, self.parameters, self.leading = function, tuple(parameters), leading
        self.values, self.wrt = values, tuple(i for i in sorted(wrt) if leaves(values[i]))
        self.names = tuple(self.parameters[i] for i in self.wrt)
        self.types = pipeline.types_of_arguments(function, (*leading, *values))
        self.module = _doubted(function, self.names, self.types)
        self.inputs = {**dict(zip(self.parameters, values, strict=True)), **self.captured()}
        self.draws = Draws(list(self.inputs.values()))
        self.bound = 2e-3 if single(values) else 1e-7 if self.module is not None else 1e-5
        rng = np.random.default_rng(len(self.names))
        drawn = {i: random_like(values[i], rng) for i in self.wrt}
        self.v = {i: like(d, values[i], copy=True) for i, d in drawn.items()}
        self.before = self.checksums()

    def captured(self) -> Mapping[str, Any]:
        """The captured values that the tangent program reads."""
        if self.module is None:
            return {}
        self.module.refresh()
        return {n: self.module.namespace[n] for n, _ in self.module.captured}

    # ------------------------------------------------------------ what must stay

    def checksums(self) -> Mapping[str, int]:
        """Of the arrays in the arguments, and of captured ones."""
        named = self.inputs.items()
        return {path: checksum(a) for n, v in named for path, a in arrays(v, n)}

    def refuse_changed(self, when: str) -> None:
        """Refuse arguments that are no longer what they were."""
        for path, number in self.checksums().items():
            if self.before.get(path, number) != number:
                raise self.changed_by(self.watched(None)) or VerificationError(
                    f"`{path}` was changed {when}", code="changed-value", help="work on a copy"
                )

    # ------------------------------------------------------------ what must be equal

    def check(self, gradients: Mapping[int, Any], cotangent: Any, part: int | None = None) -> None:
        """The gradients of <cotangent, f>, of what the function returns or of one part of it."""
        for i in self.wrt:
            complaint = misfit(self.values[i], gradients[i])
            if complaint:
                raise VerificationError(
                    f"the gradient of `{self.parameters[i]}` {complaint}", code="structure"
                )
        try:
            tangent = self.tangent()
        except Unsure:  # at a kink there is nothing to compare with
            return
        one, scale = pairing(cotangent, tangent if part is None else tangent[part])
        pairs = [pairing(gradients[i], self.v[i]) for i in self.wrt]
        other, scale = sum(p[0] for p in pairs), scale + sum(p[1] for p in pairs)
        if differ(one, other, scale, self.bound):
            whole = cotangent
            if part is not None:
                whole = [cotangent if i == part else None for i in range(len(tangent))]
            self.refuse(one, other, scale, whole)

    def tangent(self) -> Any:
        """The derivative in the direction v, in which no rule of the user's is trusted; where there
        is no tangent program, by differences.
        """
        if self.module is not None:
            with contextlib.suppress(TangentError), self.draws.again(), explained(self.module):
                return self.run(self.module[0])[1]
        self.bound = max(self.bound, 1e-5)

        def moved(*moving: Any) -> Any:
            with self.draws.again():
                values = list(copy.deepcopy(self.values))
                for i, value in zip(self.wrt, moving, strict=True):
                    values[i] = value
                return self.function(*self.leading, *values)

        return differences(moved, tuple(self.values[i] for i in self.wrt), tuple(self.v.values()))

    def run(self, function: Any) -> Any:
        """The value and the tangent by a generated tangent function."""
        code = function.__code__
        words = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
        moving = [tangent_like(self.v[i], self.values[i]) for i in self.wrt]
        given = (*self.leading, *self.values)[: code.co_argcount]
        return function(*given, **dict(zip(words, moving, strict=True)))

    # ------------------------------------------------------------ which statement

    def watched(self, cotangent: Any) -> Recorder:
        """Both programs once more, watched as far as they go the same way."""
        seen = Recorder(bound=self.bound)
        try:
            module, seen.places = pipeline.watched(self.function, self.names, seen, self.types)
            module.refresh()
            with self.draws.again():
                self.run(module[0])
            with self.draws.again():
                value, record = module[1](*self.leading, *self.values)
            module[2](inside(like(cotangent, value, copy=True), value), record)
        except (Lost, Unsure, Refusal, TangentError):
            pass
        return seen

    def refuse(self, one: float, other: float, scale: float, cotangent: Any) -> None:
        """Raise, unless terms that cancel explain the difference."""
        seen = self.watched(cotangent)
        raised = self.changed_by(seen) or self.wrong_at(seen)
        if raised is not None:
            raise raised
        if differ(one, other, max(scale, seen.scale), self.bound):
            raise VerificationError(
                f"the tangent program gives {one!r}, and the gradient {other!r}, "
                "in the same direction",
                code="dot-product",
                help="no statement is wrong by itself: please report it",
            )

    def changed_by(self, seen: Recorder) -> VerificationError | None:
        """The error for a statement that changes a value in secret, if there is one."""
        if seen.changed is None:
            return None
        number, name = seen.changed
        origin = seen.places[number].statement.origin
        return VerificationError(
            f"`{origin.text}` changes `{name}`, which is taken for unchanged",
            code="changed-value",
            location=origin.location,
            help=f"work on a copy: `{name}.copy()`",
        )

    def wrong_at(self, seen: Recorder) -> VerificationError | None:
        """The error for a statement whose adjoint does not fit its tangent, if there is one."""
        if seen.jump is None:
            return None
        place = seen.places[seen.jump.number]
        sums = f"{seen.jump.behind:.6g} behind it, {seen.jump.front:.6g} in front of it"
        message = f"{blamed(place.statement)}: adjoints times tangents are {sums}"
        return error_at(place, message, advice(place.statement))

    def suspect(self, cotangent: Any) -> VerificationError | None:
        """The error for the statement whose derivative is wrong, by differences, if one is found:
        first of all tangents, then of the adjoints.
        """
        seen = Recorder(bound=self.bound)
        module, seen.places = pipeline.doubted(self.function, self.names, seen, True, self.types)
        module.refresh()
        with self.draws.again():
            self.run(module[0])
        if seen.farthest[1] is None:
            return self.wrong_at(self.watched(cotangent))
        place = seen.places[seen.farthest[1]]
        message = f"{blamed(place.statement, 'differences')}: it is {seen.farthest[0]:.3g} away"
        return error_at(place, message, advice(place.statement))


def error_at(place: Any, message: str, help: str) -> VerificationError:
    """The error for one statement; of generated text it also names the primal's."""
    origin = place.statement.origin
    error = VerificationError(message, code="dot-product", location=origin.location, help=help)
    for primal in primal_of(place.unit.function, origin.line):
        error.add_note(f'  in the primal: File "{primal.filename}", line {primal.line}')
    return error


def blamed(statement: Any, by: str = "the tangent") -> str:
    """What is wrong with a statement."""
    if isinstance(statement, AdjointCode):
        return f"the block of `adjoint_of({statement.of})` changes the adjoint"
    rule, text = rule_of(statement), statement.origin.text
    of = f"the rule of `{rule.name}`" if rule is not None else "the adjoint"
    return f"{of} does not fit {by} in `{text}`"


def rule_of(statement: Any) -> Any:
    """The rule that a statement applies."""
    match statement:
        case Assign(value=Apply(rule=rule)) | Augment(rule=rule):
            return rule
    return None


def advice(statement: Any) -> str:
    """Where to look."""
    rule = rule_of(statement)
    if isinstance(statement, AdjointCode):
        return "leave `verify` out where that is meant"
    if rule is None or rule.call.__module__.startswith("tangent.rules."):
        return "a value was changed in secret, or the library is wrong: please report it"
    code = rule.call.__code__
    return f"look at the rule in {code.co_filename}, line {code.co_firstlineno}"


_known: weakref.WeakKeyDictionary[Any, dict[Any, pipeline.Module | None]]
_known = weakref.WeakKeyDictionary()


def _doubted(
    function: Any, names: tuple[str, ...], types: Mapping[str, Any]
) -> pipeline.Module | None:
    """The tangent program that trusts no rule of the user's, kept as long as the function lives;
    None where it is refused.
    """
    table, key = _known.setdefault(function, {}), (names, *types.items())
    known = table.get(key)
    if key not in table or (known is not None and known.stale()):
        try:
            table[key], _ = pipeline.doubted(function, names, Recorder(), types=types)
        except TangentError:
            table[key] = None
    return table[key]


# ---------------------------------------------------------------- values


def arrays(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The arrays in a value, and how they are written."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from arrays(entry, f"{path}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for index, entry in enumerate(value):
            yield from arrays(entry, f"{path}[{index}]")
    elif isinstance(value, np.ndarray) and value.dtype != object:
        yield path, value


# ---------------------------------------------------------------- random draws


class Draws:
    """The state of the random generators in use, so that a second run draws the same numbers."""

    def __init__(self, values: Any) -> None:
        self.generators = list(_generators(values))
        self.states = self.state()

    def state(self) -> tuple[Any, ...]:
        bits = [copy.deepcopy(g.bit_generator.state) for g in self.generators]
        return np.random.get_state(), random.getstate(), bits  # noqa: NPY002 (what programs use)

    @contextlib.contextmanager
    def again(self) -> Iterator[None]:
        """Run with the generators as they were; behind it they are as in front of it."""
        now = self.state()
        self.put(self.states)
        try:
            yield
        finally:
            self.put(now)

    def put(self, states: tuple[Any, ...]) -> None:
        np.random.set_state(states[0])  # noqa: NPY002 (what programs use)
        random.setstate(states[1])
        for generator, bits in zip(self.generators, states[2], strict=True):
            generator.bit_generator.state = bits


def _generators(value: Any) -> Iterator[np.random.Generator]:
    if isinstance(value, np.random.Generator):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _generators(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _generators(entry)
