"""A derivative as a module of its own: the text, with the helpers that it needs written into it."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType
from typing import Any

import tangent.runtime
from tangent.errors import UnsupportedSyntax


def standalone(module: Any) -> str:
    """The text of a module that imports NumPy only."""
    tree = ast.parse(module.source)
    header = [n for n in tree.body if isinstance(n, ast.Import)]
    start = next(n.lineno for n in tree.body if isinstance(n, ast.FunctionDef))
    body = "".join(module.source.splitlines(keepends=True)[start - 1 :])
    imports = dict.fromkeys(ast.unparse(n) for n in header)
    helpers = _helpers(module, imports)
    constants, parameters = _captured(module)
    if parameters:
        body = _with_parameters(body, module.functions[0], parameters, tree)
    parts = ["\n".join(imports), *constants, *helpers, body]
    return "\n\n\n".join(p.rstrip("\n") for p in parts if p) + "\n"


def _helpers(module: Any, imports: dict[str, None]) -> list[str]:
    """The runtime functions that are called, and those that they call, in an order in which they
    resolve.
    """
    texts: dict[str, str] = {}
    todo = [(n.asname or n.name, n.name) for n in _imported(module)]
    renamed = [f"{spelled} = {wish}" for spelled, wish in todo if spelled != wish]
    queue = [wish for _, wish in todo]
    while queue:
        wish = queue.pop()
        if wish in texts:
            continue
        function = getattr(tangent.runtime, wish)
        texts[wish] = inspect.getsource(function)
        for used in _names(texts[wish]):
            value = vars(inspect.getmodule(function)).get(used)
            if getattr(tangent.runtime, used, None) is value and value is not None:
                queue.append(used)
            elif isinstance(value, ModuleType):
                imports.setdefault(_import(value, used))
            elif used == "Any":
                imports.setdefault("from typing import Any")
    return [*(texts[k] for k in sorted(texts)), *renamed]


def _import(module: ModuleType, used: str) -> str:
    return f"import {module.__name__}" + (f" as {used}" if used != module.__name__ else "")


def _imported(module: Any) -> list[Any]:
    tree = ast.parse(module.source)
    return [a for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names]


def _names(text: str) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}


def _captured(module: Any) -> tuple[list[str], list[str]]:
    """Captured numbers and strings as constants; the names of the other captured values."""
    constants, parameters = [], []
    module.refresh()
    values = [(s, module.namespace[s]) for s, _ in module.captured] + list(module.objects)
    for spelled, value in values:
        if isinstance(value, (bool, int, float, complex, str, type(None))) or _literal_container(
            value
        ):
            constants.append(f"{spelled} = {value!r}")
        elif callable(value):
            text = _function_import(spelled, value)
            constants.append(text)
        else:
            parameters.append(spelled)
    return constants, parameters


def _literal_container(value: Any) -> bool:
    plain = (bool, int, float, complex, str, type(None))
    return isinstance(value, tuple) and all(
        isinstance(v, plain) or _literal_container(v) for v in value
    )


def _function_import(spelled: str, value: Any) -> str:
    """An import for a function of NumPy or the standard library; the user's own functions make it
    refuse.
    """
    origin = getattr(value, "__module__", None)
    name = getattr(value, "__name__", "")
    root = (origin or "").split(".")[0]
    if origin == "builtins":
        return f"{spelled} = {name}"
    if root in ("numpy", "math", "operator"):
        return f"from {root} import {name}" + (f" as {spelled}" if name != spelled else "")
    raise UnsupportedSyntax(
        f"the saved file would need the function `{name}`",
        code="save-function",
        help="call functions whose source can be read, or NumPy's",
    )


def _with_parameters(body: str, main: str, parameters: list[str], tree: ast.Module) -> str:
    """Captured arrays become keyword-only parameters of the saved function."""
    users = [
        n.name for n in tree.body if isinstance(n, ast.FunctionDef)
        if {x.id for x in ast.walk(n) if isinstance(x, ast.Name)} & set(parameters)
    ]  # fmt: skip
    if users != [main]:
        raise UnsupportedSyntax(
            f"a callee reads the captured value `{parameters[0]}`",
            code="save-captured",
            help="pass it to the callee as an argument",
        )
    extra = ", ".join(parameters)
    lines = body.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith(f"def {main}("):
            lines[number] = (
                line.replace("):", f", {extra}):")
                if "*, " in line
                else line.replace("):", f", *, {extra}):")
            )
    return "".join(lines)
