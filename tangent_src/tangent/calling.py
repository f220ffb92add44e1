"""Functions that are known only when the program runs: their derivatives, written when they are
called, and kept.

A call of `f` is written as a text in which the function is known::

    def called(f, x0, x1):                  def called(f, x0):
        return function(x0, scale=x1)           return function(x0, a=f.a)

The second is that of a closure, whose values are arguments of its code.  The text goes through the
same stages as any other: what is refused there is refused here, and its halves are differentiated
again like those of the user's functions.
"""

from __future__ import annotations

import inspect
import itertools
import keyword
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

from tangent import pipeline
from tangent.api import Derivative
from tangent.errors import TangentError
from tangent.kept import kept_by
from tangent.passes.objects import types_of
from tangent.rules.language import lookup
from tangent.runtime import Refusal, calling, is_record
from tangent.runtime.calling import Closure, Gradient, Partial, callee_of, held_by
from tangent.syntax.source import read
from tangent.syntax.stores import CHANGES, stores
from tangent.syntax.texts import hide_after, show

_numbers = itertools.count(1)
_lock = threading.RLock()
_tables: OrderedDict[int, tuple[Any, dict[Any, Any]]] = OrderedDict()
_OURS = re.compile("called|f|x[0-9]+|function_[0-9]+")
_KEPT = 256  # functions whose texts are kept, of those that cannot hold them themselves


class Engine:
    """Writes what `tangent.runtime.calling` asks for, once for each function and way to call it."""

    def halves(
        self, f: Any, args: tuple[Any, ...], wrt: tuple[int, ...], words: tuple[str, ...]
    ) -> tuple[Callable[..., Any], Callable[..., Any]]:
        """The forward and the backward half of a call."""
        _refuse_hidden(f, 0 in wrt)
        module = self.module(f, args, words, ("halves", wrt))
        return module[0], module[1]

    def tangent(
        self, f: Any, args: tuple[Any, ...], tangents: tuple[str, ...], words: tuple[str, ...]
    ) -> Callable[..., Any]:
        """The function that gives the value of a call and its tangent."""
        names = ["f_dot", *(f"x{i}_dot" for i in range(len(args)))]
        wrt = tuple(sorted(names.index(t) for t in tangents))
        _refuse_hidden(f, 0 in wrt)
        return self.module(f, args, words, ("tangent", wrt))[0]

    def check(self, f: Any, args: tuple[Any, ...]) -> None:
        """Refuses a function that can be read, and writes into its arguments."""
        function = callee_of(f)
        while isinstance(function, Partial):
            args = (*function.args, *args)
            function = callee_of(function.function)
        if isinstance(function, Closure):
            return  # looked at when it was made
        word = getattr(function, "__name__", "")
        if word in CHANGES and not isinstance(function, FunctionType):
            raise _writing(word)
        if is_record(function):
            args = (function, *args)
            function = inspect.getattr_static(type(function), "__call__", None)
        if isinstance(function, FunctionType) and lookup(function) is None:
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            types = types_of(names[: len(args)], args[: len(names)])
            table, key = _table(function), ("writes", *types.items())
            if key not in table:
                table[key] = _writes(function, types)
            if table[key]:
                raise _writing(function.__qualname__.rpartition("<locals>.")[2])

    def derivative(self, gradient: Gradient) -> Callable[..., Any]:
        """The gradient of a function that is known at run time, as a function of its arguments."""

        def found(*args: Any, **words: Any) -> Any:
            shape = _Shape.of(gradient, len(args), tuple(words))
            return shape.function(gradient, *args, *words.values())

        return found

    def module(
        self, f: Any, args: tuple[Any, ...], words: tuple[str, ...], kind: tuple[str, Any]
    ) -> pipeline.Module:
        """The module of one kind for a call, written if it is not there or no longer holds."""
        f = callee_of(f)
        shape = _Shape.of(f, len(args) - len(words), words)
        names = ("f", *(f"x{i}" for i in range(len(args))))
        types = types_of(names, (f, *args))
        known = isinstance(f, (Closure, Partial, Gradient)) or "f" in types
        if is_record(f) and not known:
            raise _unread(f)
        table, key = _table(shape.anchor), (shape.key, kind, *types.items())
        module = table.get(key)
        if module is None or module.stale():
            self.check(f, args)
            with _lock:
                module = table[key] = _written(shape, names, kind, types)
        module.refresh()
        return module


def _table(anchor: Any) -> dict[Any, Any]:
    """What is kept for a function: by itself, where it can hold it."""
    if isinstance(anchor, FunctionType):
        return kept_by(anchor, "_tangent_calls")
    with _lock:
        _tables.setdefault(id(anchor), (anchor, {}))
        _tables.move_to_end(id(anchor))
        if len(_tables) > _KEPT:
            _tables.popitem(last=False)
        return _tables[id(anchor)][1]


@dataclass
class _Shape:
    """The text of a call: the functions in it are `values`, all else comes from `f`."""

    values: list[Any] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    count: int = 0
    text: str = ""

    @classmethod
    def of(cls, f: Any, positional: int, words: tuple[str, ...]) -> _Shape:
        """The call of `f` with so many positional arguments, and these keywords."""
        made = cls(count=positional + len(words))
        args = [f"x{i}" for i in range(positional)]
        named = {w: f"x{positional + i}" for i, w in enumerate(words)}
        made.text = made.applied("f", f, args, named)
        return made

    @property
    def key(self) -> Any:
        return self.text, tuple(map(id, self.values))

    @property
    def anchor(self) -> Any:
        return self.values[0] if self.values else type(self)

    @property
    def function(self) -> FunctionType:
        """The Python function of this text."""
        names = ", ".join(["f", *(f"x{i}" for i in range(self.count))])
        text = f"def called({names}):\n    return {self.text}\n"
        filename = f"<call {next(_numbers)}>"
        namespace: dict[str, Any] = {"__name__": __name__, **self.names}
        show(filename, text)
        exec(compile(text, filename, "exec"), namespace)
        function: FunctionType = namespace["called"]
        hide_after(function, filename)
        return function

    def constant(self, value: Any) -> str:
        self.values.append(value)
        wish = str(getattr(value, "__name__", ""))
        plain = wish.isidentifier() and not keyword.iskeyword(wish)
        if not plain or wish in self.names or _OURS.fullmatch(wish):
            wish = f"function_{len(self.values)}"
        self.names[wish] = value
        return wish

    def applied(self, place: str, f: Any, args: list[str], words: dict[str, str]) -> str:
        """The text of the call of `f`, which stands at `place`."""
        if isinstance(f, Closure):
            held = {k: f"{place}.{k}" for k in held_by(f, len(args))}
            return _call_text(self.constant(type(f).code), args, {**held, **words})
        if isinstance(f, Partial):
            first = [f"{place}.args[{i}]" for i in range(len(f.args))]
            bound = {k: f"{place}.words[{k!r}]" for k in f.words}
            inner = f"{place}.function"
            return self.applied(inner, callee_of(f.function), [*first, *args], {**bound, **words})
        if isinstance(f, Gradient):
            derivative = self.constant(_derivative(f, len(args), tuple(words)))
            return _call_text(derivative, [f"{place}.function", *args, *words.values()], {})
        if is_record(f):
            self.values.append(type(f))
            return _call_text(place, args, words)
        return _call_text(self.constant(f), args, words)


def _call_text(function: str, args: list[str], words: dict[str, str]) -> str:
    return f"{function}({', '.join([*args, *(f'{k}={v}' for k, v in words.items())])})"


def _derivative(gradient: Gradient, positional: int, words: tuple[str, ...]) -> Derivative:
    """The gradient of the text of a call, whose first argument is the function."""
    inner = callee_of(gradient.function)
    shape = _Shape.of(inner, positional, words)
    wrt = gradient.wrt if isinstance(gradient.wrt, tuple) else (gradient.wrt,)
    order = [*_parameters(inner)[:positional], *words]
    places = tuple((order.index(w) if isinstance(w, str) else w % len(order)) + 1 for w in wrt)
    table, key = _table(shape.anchor), (shape.key, gradient.kind, gradient.wrt)
    if key not in table:
        single = places if isinstance(gradient.wrt, tuple) else places[0]
        table[key] = Derivative(shape.function, single, gradient.kind == "value_and_grad")
    found: Derivative = table[key]
    return found


def _parameters(f: Any) -> list[str]:
    if isinstance(f, Closure):
        return list(type(f).parameters)
    try:
        return list(inspect.signature(f, follow_wrapped=False).parameters)
    except (TypeError, ValueError):
        return []


def _written(
    shape: _Shape, names: tuple[str, ...], kind: tuple[str, tuple[int, ...]], types: dict[str, Any]
) -> pipeline.Module:
    write = pipeline.halves if kind[0] == "halves" else pipeline.tangent
    try:
        module = write(shape.function, tuple(names[i] for i in kind[1]), types=types)
        writes = module.unit.summary.writes
    except TangentError as error:
        if error.location is not None and error.location.filename.startswith("<call "):
            error.location = None  # that of the call
        raise Refusal(error.message, error.code, error.help or "", error) from None
    if writes:
        raise _writing(getattr(shape.anchor, "__name__", "the function"))
    return module


def _writes(function: FunctionType, types: dict[str, Any]) -> bool:
    """Does a function write into its arguments?  One that cannot be understood may, if it stores
    anything.
    """
    try:
        return bool(pipeline.program_of(function, types).summary.writes)
    except TangentError:
        with suppress(TangentError):
            return stores(read(function).tree)
        return False


def _writing(function: str) -> Refusal:
    return Refusal(
        f"`{function}`, which is known only at run time, writes into its argument",
        "callee-store",
        "call it by its name, or let it write into a copy and return that",
    )


def _unread(f: Any) -> Refusal:
    what = type(f).__name__
    return Refusal(
        f"an object of the class `{what}` is called, which has no rule",
        "no-rule",
        "compute with NumPy what it does",
    )


def _refuse_hidden(f: Any, active: bool) -> None:
    """What a method is bound to is no part of an object that holds the method."""
    if active and isinstance(f, MethodType):
        raise Refusal(
            f"the bound method `{f.__name__}` of a value that depends on the input",
            "unknown-call",
            "call the method of the object",
        )


calling.engine = Engine()
