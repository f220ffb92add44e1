"""Writes docs/language.md: what the library differentiates, and what it refuses.

    python tests/language_page.py

The page is made of what the tests run (the corpus, a program for each node class of the grammar,
one for each of many operations) and of what the passes say when they refuse.
`test_language_page.py` fails when it is not what this script writes.
"""

import ast
import importlib
import linecache
import pkgutil
import textwrap
from collections import Counter
from pathlib import Path

import programs
from grammar import OPERATIONS, PROGRAMS, f
from programs.registry import corpus
from tangent import TangentError, grad

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "language.md"
LAYERS = ("passes", "analyses")
# of Python 3.12 and later: the page is the same on each version
NEWER = {"TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple", "TemplateStr", "Interpolation"}


def page():
    """The text of the page."""
    return "\n".join([HEAD, *families(), *grammar(), *operations(), *refusals()]) + "\n"


HEAD = """# The language

What is differentiated exactly, and what is refused; what is not understood is refused at its line.
This page is written by `tests/language_page.py` from what the tests run and from the messages in
the code."""


# ---------------------------------------------------------------- what is differentiated


def families():
    """A row for each file of the corpus."""
    count = Counter(p.name.split(".")[0] for p in corpus() if not p.may_refuse)
    yield "\n## Programs that are differentiated\n"
    yield "Each is held against differences, in both modes, and where it is smooth to second order"
    yield "(`tests/programs`).\n"
    yield "| family | programs | what |"
    yield "|---|---|---|"
    for info in sorted(pkgutil.iter_modules(programs.__path__), key=lambda i: i.name):
        if count[info.name]:
            module = importlib.import_module(f"programs.{info.name}")
            what = " ".join(module.__doc__.strip().split("\n\n")[0].split())
            yield f"| `{info.name}` | {count[info.name]} | {cell(what)} |"


def grammar():
    """The node classes of Python's grammar, by what becomes of their programs."""
    old = ((name, texts) for name, texts in PROGRAMS.items() if name not in NEWER)
    found = {name: [outcome(text) for text in texts] for name, texts in old}
    whole = [name for name, outcomes in found.items() if not any(outcomes)]
    yield "\n## Python's grammar\n"
    yield "Node classes all of whose programs in `tests/grammar.py` are differentiated:\n"
    yield textwrap.fill(", ".join(f"`{name}`" for name in sorted(whole)) + ".", 100)
    yield "\nNode classes of which some are refused:\n"
    yield "| node | refused |"
    yield "|---|---|"
    for name, outcomes in sorted(found.items()):
        messages = dict.fromkeys(m for m in outcomes if m is not None)
        if messages:
            yield f"| `{name}` | {cell('; '.join(messages))} |"


def operations():
    """Operations on numbers, containers and arrays."""
    yield "\n## Operations\n"
    yield "Of those in `tests/grammar.py` these are refused; the others are differentiated.\n"
    yield "| program | refused |"
    yield "|---|---|"
    start = f("").rindex("def f(")
    for text in OPERATIONS:
        message = outcome(text)
        if message is not None:
            body = "; ".join(line.strip() for line in text[start:].splitlines()[1:])
            yield f"| `{body}` | {cell(message)} |"


def outcome(text):
    """The message with which a program is refused; None if it is differentiated."""
    file = f"<a program of the page, {len(linecache.cache)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {"__name__": "language_page"}
    try:
        exec(compile(text, file, "exec"), namespace)
        grad(namespace["f"])(1.5)
    except TangentError as error:
        return error.message
    return None


# ---------------------------------------------------------------- what is refused


def refusals():
    """Every refusal of the passes: its code, what is met, what to write instead."""
    yield "\n## Refusals\n"
    yield "The code stands in brackets behind the message; `…` stands for a part of your program.\n"
    yield "| code | met | help |"
    yield "|---|---|---|"
    rows = set()
    for layer in LAYERS:
        for file in sorted((ROOT / "tangent_src" / "tangent" / layer).glob("*.py")):
            rows |= set(of_file(ast.parse(file.read_text(encoding="utf-8"))))
    for code, what, advice in sorted(rows):
        yield f"| `{code}` | {cell(what)} | {cell(advice)} |"


def of_file(tree):
    """(code, message, help) of the refusals in a file whose code is written out."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    wrapped = next((wrapped_code(f) for f in functions if f.name == "_refuse"), None)
    for function in functions:
        named = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named.setdefault(node.targets[0].id, []).append(words(node.value))
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                yield from of_call(node, named, wrapped)


def wrapped_code(function):
    """The code of all refusals that a helper `_refuse(self, node, what, advice)` makes."""
    inner = [n for n in ast.walk(function) if isinstance(n, ast.Call) and len(n.args) == 4]
    return words(inner[0].args[1]) if inner and len(function.args.args) == 4 else None


def of_call(node, named, wrapped):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    by_word = {k.arg: k.value for k in node.keywords}
    if name == "refuse" and len(node.args) == 4:
        parts = node.args[1], node.args[0], node.args[3]
    elif name == "_refuse" and wrapped and len(node.args) == 4:
        parts = ast.Constant(wrapped), node.args[2], node.args[3]
    elif name == "UnsupportedSyntax" and node.args and {"code", "help"} <= by_word.keys():
        parts = by_word["code"], node.args[0], by_word["help"]
    else:
        return
    code, what, advice = (spelled(part, named) for part in parts)
    if code and what:
        yield code, what, advice


def spelled(node, named):
    """The words of an argument; of a name, what it is bound to in this function."""
    if isinstance(node, ast.Name):
        found = [text for text in named.get(node.id, ()) if text]
        return found[0] if found else ""
    return words(node)


def words(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else "…" for p in node.values]
        return "".join(parts)
    return ""


def cell(text):
    """A text in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
