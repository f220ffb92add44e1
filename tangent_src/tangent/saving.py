"""A derivative as a module of its own: the text, with the helpers that it needs written into it.

docstring, imports       NumPy (or CuPy) and the standard library
constants                captured numbers, strings, tuples of them
helpers                  the functions of `tangent.runtime` that the text calls, and theirs
functions                the text itself; captured arrays are keyword-only parameters of those
                         that read them
"""

from __future__ import annotations

import ast
import builtins
import copy
import functools
import importlib
import inspect
import math
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import gast
import numpy as np

from tangent.errors import BrokenInvariant, UnsupportedSyntax
from tangent.syntax import trees
from tangent.syntax.homes import NUMPY, Home
from tangent.syntax.printing import print_source
from tangent.syntax.quotes import double_quotes

_IMPORTABLE = {"numpy", "scipy", "cupy", *sys.stdlib_module_names}


def standalone(module: Any, home: Home = NUMPY) -> str:
    """The text of a module that does not need the library; `home` is its array library.

    Raises `UnsupportedSyntax` for what cannot be written into it: functions without source,
    modules of the user's own, arrays that a default holds.
    """
    module.refresh()  # constants are what they are now
    text = _Text(ast.parse(module.source), module, home)
    _refuse_run_time(text)
    constants, parameters = _captured(text)
    body = _with_parameters(text, parameters)
    helpers = _helpers(text)
    head = "\n".join(
        [
            f'"""The {_what(module)}, written by tangent, which this file does not need."""',
            "",
            "from __future__ import annotations",
            "",
            *sorted(text.imports, key=lambda line: (line.startswith("from"), line)),
        ]
    )
    parts = [head, "\n".join(constants), *helpers, body]
    return "\n\n\n".join(p.strip("\n") for p in parts if p) + "\n"


AT_RUN_TIME = {
    *("call", "call_forward", "call_backward", "call_jvp", "halves_of_call", "tangent_of_call"),
    *("closure", "callee_of", "Partial", "Gradient", "slope", "slopes"),
}


def _refuse_run_time(text: _Text) -> None:
    """What is called is found out when the program runs, and its halves are written then."""
    spelled = {a.asname or a.name for a in text.runtime() if a.name in AT_RUN_TIME}
    for node in ast.walk(text.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in spelled:
                raise UnsupportedSyntax(
                    f"`{ast.unparse(node.args[0])}` is a function that is known only at run time",
                    code="save-function",
                    help="call a function by its name",
                )


def _what(module: Any) -> str:
    name = module.functions[0]
    kinds = {"value_and_grad": "value and gradient", "_jvp": "tangent"}
    kind = next((kind for part, kind in kinds.items() if part in name), "gradient")
    return f"{kind} of `{module.unit.source.function.__qualname__}`"


@dataclass
class _Text:
    """A generated module, its imports, and the names that it binds to what is its own."""

    tree: ast.Module
    module: Any
    home: Home
    imports: dict[str, None] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    numpy: str = ""  # how the array library is called

    def __post_init__(self) -> None:
        self.numpy = self.home.alias
        self.taken |= {d.name for d in self.definitions()}
        self.taken |= {spelled for spelled, _ in (*self.module.captured, *self.module.objects)}
        self.taken |= {a.asname for a in self.runtime() if a.asname}
        for node in self.tree.body:
            if isinstance(node, ast.Import):
                self._add_import(node, node.names[0])
        if self.home.alias in self.taken and self.numpy == self.home.alias:
            self.numpy = self.home.module

    def _add_import(self, node: ast.Import, alias: ast.alias) -> None:
        if alias.name.split(".")[0] not in _IMPORTABLE:
            raise UnsupportedSyntax(
                f"the saved file would need the module `{alias.name}`",
                code="save-module",
                help="keep what the function reads of it in variables beside the function",
            )
        if alias.name == self.home.module:
            self.numpy = alias.asname or alias.name
        elif alias.asname == self.home.alias:
            self.taken.add(alias.asname)
        self.imports.setdefault(ast.unparse(node))

    def definitions(self) -> list[ast.FunctionDef]:
        """The functions, in their order."""
        return [n for n in self.tree.body if isinstance(n, ast.FunctionDef)]

    @functools.cached_property
    def helpers(self) -> Any:
        """The module from which the text imports its helpers."""
        return importlib.import_module(self.home.helpers)

    def is_helper(self, name: str, value: Any) -> bool:
        """Is it a function of the runtime?"""
        return name in self.helpers.__all__ and getattr(self.helpers, name) is value

    def runtime(self) -> list[ast.alias]:
        """What is imported from the runtime."""
        return [a for n in self.tree.body if isinstance(n, ast.ImportFrom) for a in n.names]

    def lines(self) -> list[str]:
        """The lines of the functions."""
        start = self.definitions()[0].lineno
        return str(self.module.source).splitlines(keepends=True)[start - 1 :]


# ---------------------------------------------------------------- helpers


def _helpers(text: _Text) -> list[str]:
    """The runtime functions that are called, and those that they call, each under a free name."""
    wanted = [a.name for a in text.runtime()]
    found: dict[str, Any] = {}
    while wanted:
        wish = wanted.pop()
        if wish not in found:
            found[wish] = getattr(text.helpers, wish)
            wanted += [n for n, v in _globals_of(found[wish]).items() if text.is_helper(n, v)]
    renamed: dict[str, str] = {}
    for wish in sorted(found):
        renamed[wish] = _free(wish, text.taken)
        for used, value in _globals_of(found[wish]).items():
            if not text.is_helper(used, value):
                renamed.setdefault(used, _imported(used, value, wish, text))
    sources = [_renamed(_source(found[wish]), wish, renamed) for wish in sorted(found)]
    pairs = [(a.asname or a.name, renamed[a.name]) for a in text.runtime()]
    return [*sources, *(f"{spelled} = {name}" for spelled, name in pairs if spelled != name)]


# the helpers do not change, and finding their text takes long
_source = functools.cache(inspect.getsource)


@functools.cache
def _globals_of(function: Any) -> Mapping[str, Any]:
    """The names that a runtime function reads from its module, or from the builtins."""
    tree = ast.parse(_source(function))
    home = vars(inspect.getmodule(function))
    found = {}
    for node in _global_names(tree):
        if node.id in home:
            found[node.id] = home[node.id]
        elif hasattr(builtins, node.id):
            found[node.id] = getattr(builtins, node.id)
    return dict(sorted(found.items()))


def _global_names(tree: ast.AST) -> list[ast.Name]:
    nodes = list(ast.walk(tree))
    local = {n.arg for n in nodes if isinstance(n, ast.arg)}
    local |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return [n for n in nodes if isinstance(n, ast.Name) and n.id not in local]


def _imported(name: str, value: Any, helper: str, text: _Text) -> str:
    """The name under which the saved file has what a helper reads; it is imported if need be."""
    if getattr(builtins, name, None) is value:
        free = _free(name, text.taken)
        if free != name:
            text.imports.setdefault(f"from builtins import {name} as {free}")
        return free
    if isinstance(value, ModuleType) and value.__name__ == text.home.module:
        return _library(text)
    free = _free(name, text.taken)
    home = getattr(value, "__module__", "").split(".")[0]
    if isinstance(value, ModuleType):
        text.imports.setdefault(_as(f"import {value.__name__}", value.__name__, free))
    elif home in sys.stdlib_module_names:
        text.imports.setdefault(_as(f"from {value.__module__} import {name}", name, free))
    else:
        raise BrokenInvariant(f"the helper `{helper}` reads `{name}`", code="save-helper")
    return free


def _library(text: _Text) -> str:
    """The name of the array library, which is imported if need be."""
    home = text.home.module
    text.imports.setdefault(_as(f"import {home}", home, text.numpy))
    return text.numpy


def _as(text: str, name: str, spelled: str) -> str:
    return text if spelled == name else f"{text} as {spelled}"


def _free(wish: str, taken: Iterable[str]) -> str:
    name, number = wish, 2
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    return name


def _renamed(source: str, wish: str, names: Mapping[str, str]) -> str:
    """A helper's text in which what it reads of its module has other names."""
    lines = source.encode().splitlines(keepends=True)
    found = [n for n in _global_names(ast.parse(source)) if names.get(n.id, n.id) != n.id]
    for node in sorted(found, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line, end = lines[node.lineno - 1], node.end_col_offset
        lines[node.lineno - 1] = line[: node.col_offset] + names[node.id].encode() + line[end:]
    text = b"".join(lines).decode()
    return re.sub(rf"^(def|class) {wish}\b", rf"\1 {names[wish]}", text, count=1, flags=re.M)


# ---------------------------------------------------------------- captured values


def _captured(text: _Text) -> tuple[list[str], list[str]]:
    """Captured numbers and strings as constants; the names of the other captured values."""
    module = text.module
    constants, parameters = [], []
    values = [(s, module.namespace[s]) for s, _ in module.captured] + list(module.objects)
    for spelled, value in values:
        literal = _literal(value, text)
        if literal is not None:
            constants.append(f"{spelled} = {literal}")
        elif isinstance(value, ModuleType) or _is_function_of(text, spelled, value):
            constants += _function(spelled, value, text)
        else:
            parameters.append(spelled)
    return constants, parameters


def _is_function_of(text: _Text, spelled: str, value: Any) -> bool:
    """A function, or an object that the text calls; what is only read may be a parameter."""
    calls = [n.func for n in ast.walk(text.tree) if isinstance(n, ast.Call)]
    called = {f.id for f in calls if isinstance(f, ast.Name)}
    return callable(value) and (hasattr(value, "__name__") or spelled in called)


def _literal(value: Any, text: _Text) -> str | None:
    """The text of a number, a string, or a tuple of them; None for anything else."""
    kind = type(value)
    if kind in (bool, int, str, bytes, type(None)) or value is ...:
        return repr(value)
    if kind is float:
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if kind is complex:
        return f"complex({_literal(value.real, text)}, {_literal(value.imag, text)})"
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        exact = np.isfinite(value) and kind is not np.longdouble
        shown = f"{value}" if exact else f'"{value}"'
        return f"{_library(text)}.{kind.__name__}({shown})"
    if kind in (tuple, slice, range):
        parts = value if kind is tuple else (value.start, value.stop, value.step)
        shown_parts = [_literal(p, text) for p in parts]
        if any(p is None for p in shown_parts):
            return None
        inside = ", ".join(str(p) for p in shown_parts)
        comma = "," if kind is tuple and len(parts) == 1 else ""
        return f"({inside}{comma})" if kind is tuple else f"{kind.__name__}({inside})"
    return None


def _function(spelled: str, value: Any, text: _Text) -> list[str]:
    """What makes a function of NumPy or the standard library known; the user's own are refused."""
    name = getattr(value, "__name__", type(value).__name__)
    origin = getattr(value, "__module__", None) or ""
    if origin == "builtins":
        return [f"{spelled} = {name}"] if spelled != name else []
    for home in (origin, origin.split(".")[0]):
        if home.split(".")[0] in _IMPORTABLE:
            if getattr(importlib.import_module(home), name, None) is value:
                text.imports.setdefault(_as(f"from {home} import {name}", name, spelled))
                return []
    raise UnsupportedSyntax(
        f"the saved file would need the function `{name}`",
        code="save-function",
        help="call functions whose source can be read, or NumPy's",
    )


def _with_parameters(text: _Text, parameters: list[str]) -> str:
    """The functions; captured arrays are keyword-only parameters of each that reads them, and of
    each that calls one of these.
    """
    if not parameters:
        return "".join(text.lines())
    functions = [copy.deepcopy(node) for node in text.module.nodes if _is_function(node)]
    wanted = _wanted(functions, parameters)
    for function in functions:
        _refuse_default(text, function, parameters)
        _pass_on(text, function, wanted)
        function.args.kwonlyargs += [trees.name(p) for p in wanted[function.name]]
        function.args.kw_defaults += [None] * len(wanted[function.name])
    return double_quotes(print_source(functions))


def _is_function(node: Any) -> bool:
    return isinstance(node, gast.FunctionDef)


def _wanted(functions: list[Any], parameters: list[str]) -> dict[str, list[str]]:
    """Which of `parameters` each function needs, for itself or for what it calls."""
    used = {f.name: {n.id for n in trees.walk(f) if isinstance(n, gast.Name)} for f in functions}
    wanted = {f: used[f].intersection(parameters) for f in used}
    changed = True
    while changed:
        changed = False
        for function, names in used.items():
            inherited = set().union(*(wanted[callee] for callee in names & wanted.keys()))
            if not inherited <= wanted[function]:
                wanted[function] |= inherited
                changed = True
    return {f: [p for p in parameters if p in wanted[f]] for f in wanted}


def _pass_on(text: _Text, function: Any, wanted: Mapping[str, list[str]]) -> None:
    """Every call of a function that has further parameters gives them."""
    called = set()
    for node in trees.walk(function):
        callee = getattr(node.func, "id", "") if isinstance(node, gast.Call) else ""
        if wanted.get(callee) and id(node.func) not in called:
            called.add(id(node.func))
            node.keywords += [gast.keyword(arg=p, value=trees.name(p)) for p in wanted[callee]]
    for node in trees.walk(function):
        if isinstance(node, gast.Name) and wanted.get(node.id) and id(node) not in called:
            unit = text.module.written[node.id].unit
            raise UnsupportedSyntax(
                f"`{unit.name}` is used as a value, and reads the captured value "
                f"`{wanted[node.id][0]}`",
                code="save-captured",
                help=f"pass the value to `{unit.name}` as an argument",
            )


def _refuse_default(text: _Text, function: Any, parameters: list[str]) -> None:
    """A default is evaluated when the file is read, before anybody brings a captured value."""
    defaults = [*function.args.defaults, *function.args.kw_defaults]
    read = {
        n.id for d in defaults if d is not None for n in trees.walk(d) if isinstance(n, gast.Name)
    }
    for parameter in read.intersection(parameters):
        unit = text.module.written[function.name].unit
        raise UnsupportedSyntax(
            f"a default of `{unit.name}` is no number, and stands for `{parameter}`",
            code="save-default",
            help="pass it as an argument in the function that is differentiated",
        )
