"""Imports run one way: from what users call down to what knows nothing of the rest.

tangent -> checking, writing_tests, chains, spectra -> operators -> jacobians -> forward, pullbacks
calling, operators, elementwise -> api
forward, pullbacks, api -> kept, arguments, callables, tracing, switching, verifying -> pipeline
verifying -> watching -> directions -> trees, and pipeline
pipeline -> passes -> analyses -> rules -> runtime, syntax -> errors
runtime -> tangent_backends, and nothing else: its functions are written into saved files
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {"tangent": "tangent_src/tangent", "tangent_backends": "backends/tangent_backends"}

# What a layer may import.  `tangent` alone is the file that users import.
ALLOWED = {
    "tangent_backends": set(),
    "tangent.errors": set(),
    "tangent.syntax": {"tangent.errors"},
    "tangent.runtime": {"tangent_backends"},
    "tangent.rules": {"tangent.runtime", "tangent.syntax", "tangent.errors"},
    # an analysis may ask what is known of a function, and looks at no file of rules
    "tangent.analyses": {
        "tangent.rules.language",
        "tangent.rules.folding",
        "tangent.runtime",
        "tangent.syntax",
        "tangent.errors",
    },
    "tangent.passes": {
        "tangent.analyses",
        "tangent.rules",
        "tangent.runtime",
        "tangent.syntax",
        "tangent.errors",
    },
    "tangent.pipeline": {
        "tangent.passes",
        "tangent.analyses",
        "tangent.rules",
        "tangent.runtime",
        "tangent.syntax",
        "tangent.errors",
    },
    "tangent.arguments": {"tangent.runtime", "tangent.errors", "tangent_backends"},
    "tangent.on_cupy": {"tangent.runtime", "tangent_backends"},
    "tangent.storing": set(),
    "tangent.switching": {"tangent.syntax", "tangent.errors", "tangent_backends"},
    "tangent.callables": {"tangent.rules", "tangent.errors"},
    "tangent.tracing": {"tangent.runtime", "tangent.syntax", "tangent.errors"},
    "tangent.saving": {"tangent.syntax", "tangent.errors"},
    "tangent.kept": set(),
    "tangent.calling": {
        "tangent.api",
        "tangent.kept",
        "tangent.pipeline",
        "tangent.passes.objects",
        "tangent.rules.language",
        "tangent.runtime",
        "tangent.syntax",
        "tangent.errors",
    },
    "tangent.api": {
        "tangent.kept",
        "tangent.syntax",
        "tangent.storing",
        "tangent.switching",
        "tangent.pipeline",
        "tangent.arguments",
        "tangent.callables",
        "tangent.tracing",
        "tangent.saving",
        "tangent.verifying",
        "tangent.runtime",
        "tangent.errors",
        "tangent_backends",
    },
    "tangent.pullbacks": {
        "tangent.kept",
        "tangent.syntax",
        "tangent.switching",
        "tangent.pipeline",
        "tangent.arguments",
        "tangent.callables",
        "tangent.tracing",
        "tangent.verifying",
        "tangent.runtime",
    },
    "tangent.trees": {"tangent.errors"},
    "tangent.directions": {"tangent.runtime", "tangent.trees"},
    "tangent.watching": {"tangent.directions", "tangent.syntax"},
    "tangent.verifying": {
        "tangent.pipeline",
        "tangent.watching",
        "tangent.directions",
        "tangent.tracing",
        "tangent.trees",
        "tangent.syntax",
        "tangent.runtime",
        "tangent.errors",
    },
    "tangent.differences": {"tangent.errors"},
    "tangent.operator_parts": {
        "tangent.api",
        "tangent.pullbacks",
        "tangent.arguments",
        "tangent.trees",
        "tangent.runtime",
        "tangent.errors",
    },
    "tangent.sparsity": {"tangent.errors"},
    "tangent.jacobian_text": {
        "tangent.api",
        "tangent.callables",
        "tangent.operator_parts",
        "tangent.rules.language",
        "tangent.runtime",
    },
    "tangent.jacobians": {
        "tangent.jacobian_text",
        "tangent.rules.language",
        "tangent.operator_parts",
        "tangent.sparsity",
        "tangent.pullbacks",
        "tangent.forward",
        "tangent.trees",
        "tangent.errors",
    },
    "tangent.operators": {
        "tangent.jacobian_text",
        "tangent.operator_parts",
        "tangent.jacobians",
        "tangent.api",
        "tangent.pullbacks",
        "tangent.forward",
        "tangent.tracing",
        "tangent.trees",
        "tangent.runtime",
        "tangent.errors",
    },
    "tangent.elementwise": {
        "tangent.operator_parts",
        "tangent.api",
        "tangent.pullbacks",
        "tangent.trees",
    },
    "tangent.spectra": {
        "tangent.operator_parts",
        "tangent.operators",
        "tangent.trees",
        "tangent.errors",
    },
    "tangent.chains": {"tangent.jacobians", "tangent.errors"},
    "tangent.writing_tests": {
        "tangent.api",
        "tangent.forward",
        "tangent.arguments",
        "tangent.directions",
        "tangent.trees",
        "tangent.syntax",
        "tangent.errors",
    },
    "tangent.forward": {
        "tangent.kept",
        "tangent.syntax",
        "tangent.switching",
        "tangent.pipeline",
        "tangent.saving",
        "tangent.arguments",
        "tangent.callables",
        "tangent.tracing",
        "tangent.runtime",
        "tangent.errors",
    },
    "tangent.checking": {
        "tangent.api",
        "tangent.pullbacks",
        "tangent.forward",
        "tangent.verifying",
        "tangent.directions",
        "tangent.callables",
        "tangent.trees",
        "tangent.runtime",
        "tangent.syntax",
        "tangent.errors",
    },
    "tangent.inverses": {"tangent.errors"},
    "tangent": {
        "tangent.calling",
        "tangent.api",
        "tangent.pullbacks",
        "tangent.checking",
        "tangent.inverses",
        "tangent.forward",
        "tangent.operator_parts",
        "tangent.operators",
        "tangent.elementwise",
        "tangent.jacobians",
        "tangent.spectra",
        "tangent.chains",
        "tangent.writing_tests",
        "tangent.differences",
        "tangent.switching",
        "tangent.trees",
        "tangent.rules.language",
        "tangent.runtime",
        "tangent.errors",
        "tangent_backends",
    },
}


def modules(root):
    """Every module of both source roots: its dotted name and its file."""
    for package, folder in SOURCES.items():
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root / folder).with_suffix("").parts
            yield ".".join([package, *parts]).removesuffix(".__init__"), path


def layer(module):
    """The longest entry of the table that the module belongs to."""
    fitting = [name for name in ALLOWED if module == name or module.startswith(f"{name}.")]
    return max(fitting, key=len)


def imported(module, path):
    """Every module that a file imports, anywhere in it, with the line."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            ancestors = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = (
                ".".join([*ancestors, *filter(None, [node.module])]) if node.level else node.module
            )
            # `from tangent import api` imports the layer `tangent.api`
            yield from ((f"{start}.{alias.name}", node.lineno) for alias in node.names)


def within(module, layers):
    return any(module == name or module.startswith(f"{name}.") for name in layers)


def wrong_imports(root):
    """Every import that runs back, as `file:line: module imports module`."""
    for module, path in modules(root):
        here = layer(module)
        for target, line in imported(module, path):
            ours = target.split(".")[0] in SOURCES
            if ours and layer(target) != here and not within(target, ALLOWED[here]):
                yield f"{path.relative_to(root)}:{line}: {module} imports {target}"


def test_imports_run_one_way():
    assert list(wrong_imports(ROOT)) == []


def reached(name):
    """Every layer that a layer may import, directly or through others."""
    found, todo = set(), [name]
    while todo:
        here = todo.pop()
        new = {layer(target) for target in ALLOWED[here]} - found - {here}
        found |= new
        todo += new
    return found


def test_the_table_has_no_cycle():
    for name in ALLOWED:
        assert all(name not in reached(other) for other in reached(name)), name


def test_every_module_belongs_to_a_layer_of_its_own():
    """A new file at the top of the package needs its place in the table."""
    top = {module for module, _ in modules(ROOT) if layer(module) == "tangent"}
    assert top == {"tangent"}


def planted(root, file, text):
    """What is wrong in a tree whose one file is the planted one."""
    path = root / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return list(wrong_imports(root))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("tangent_src/tangent/errors.py", "import tangent.syntax.source"),
        ("tangent_src/tangent/syntax/planted.py", "from tangent.rules import language"),
        ("tangent_src/tangent/syntax/planted.py", "from ..passes import normalise"),
        ("tangent_src/tangent/syntax/planted.py", "def f():\n    from tangent.api import grad"),
        ("tangent_src/tangent/analyses/planted.py", "import tangent.rules.numpy.linalg"),
        ("tangent_src/tangent/analyses/planted.py", "from tangent.passes.reverse import reverse"),
        ("tangent_src/tangent/passes/planted.py", "from tangent import grad"),
        ("tangent_src/tangent/passes/planted.py", "from tangent import pipeline"),
        ("tangent_src/tangent/rules/numpy/planted.py", "from tangent.analyses import activity"),
        ("tangent_src/tangent/rules/planted.py", "from .. import api"),
        ("tangent_src/tangent/runtime/planted.py", "from tangent.rules.language import Rule"),
        ("tangent_src/tangent/runtime/planted.py", "from tangent.errors import TangentError"),
        ("tangent_src/tangent/pipeline.py", "from tangent.tracing import explained"),
        ("tangent_src/tangent/tracing.py", "from tangent import pipeline"),
        ("tangent_src/tangent/arguments.py", "from tangent.api import grad"),
        ("tangent_src/tangent/saving.py", "import tangent.passes.link"),
        ("tangent_src/tangent/api.py", "from tangent.checking import check_grads"),
        ("tangent_src/tangent/api.py", "from tangent.passes.normalise import normalise"),
        ("tangent_src/tangent/checking.py", "from tangent import pipeline"),
        ("tangent_src/tangent/__init__.py", "from tangent import pipeline"),
        ("backends/tangent_backends/planted.py", "from tangent.errors import TangentError"),
    ],
)
def test_a_planted_import_is_found(tmp_path, file, line):
    (found,) = planted(tmp_path, file, line + "\n")
    assert found.startswith(f"{file}:")


def test_allowed_imports_are_not_found(tmp_path):
    text = (
        "import numpy.linalg\nfrom tangent.analyses import activity\nfrom . import normalise\n"
        "from ..syntax.source import read\nimport tangent.rules.numpy.linalg\n"
    )
    assert planted(tmp_path, "tangent_src/tangent/passes/planted.py", text) == []
