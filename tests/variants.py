"""Programs of the corpus, written in other ways that mean the same: so must their derivatives.

    python tests/variants.py --ways for each_if names --jobs 2
    python tests/variants.py --ways for --only loops.

A variant stands in a file of its own, which has everything that the file of the program has.  It
may be refused where the program is not; what it gives must be what the program gives.
"""

import argparse
import ast
import collections
import contextlib
import copy
import functools
import importlib.util
import itertools
import multiprocessing
import random
import signal
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "tangent_src"), str(ROOT / "backends")]

import checks  # noqa: E402
import tangent  # noqa: E402
from programs.registry import corpus  # noqa: E402

YES = "YES = len(__name__) > 0"  # true, as only a run can tell
SECONDS = 60  # of the processor, for one variant

# ---------------------------------------------------------------- ways of writing a program

BLOCKS = {  # around all statements but the last one, a `return`
    "for": "for _k in range(1):\n    pass",
    "while": "while True:\n    pass\n    break",
    "if": "if YES:\n    pass",
    "try": "try:\n    pass\nexcept ZeroDivisionError:\n    raise",
    "with": "with np.errstate(all='ignore'):\n    pass",
    "flag": "_go = True\nfor _k in range(2):\n    if _go:\n        pass\n        _go = False",
}

EACH = {"each_for": BLOCKS["for"], "each_if": BLOCKS["if"]}  # around every simple statement

CALLS = {  # of the program, under another name: `{f}({p})`
    "callee": "return {f}({p})",
    "closure": "def inner():\n    return {f}({p})\nreturn inner()",
    "lambda": "g = lambda: {f}({p})\nreturn g()",
    "comprehension": "outs = [{f}({p}) for _ in range(1)]\nreturn outs[0]",
    "later": "out = None\nfor k in range(2):\n    if k == 1:\n        out = {f}({p})\nreturn out",
    "twice": "a = {f}({p})\nb = {f}({p})\nreturn a",
    "entry": "d = {{'k': {f}({p}), 'n': 1}}\nreturn d['k']",
    "unpacked": "a, b = ({f}({p}), 2.0)\nreturn a",
    "yielded": "def items():\n    yield {f}({p})\nfor out in items():\n    pass\nreturn out",
    "method": (
        "class Box:\n    def __init__(self, {p}):\n        self.held = ({p},)\n"
        "    def run(self):\n        ({p},) = self.held\n        return {f}({p})\n"
        "return Box({p}).run()"
    ),
    "starred": "held = [{p}]\nreturn {f}(*held)",
    "given": "def apply(g, *a, **k):\n    return g(*a, **k)\nreturn apply({f}, {p})",
    "tried": "try:\n    return {f}({p})\nexcept ZeroDivisionError:\n    return None",
    "recursive": (
        "def go(_n, {p}):\n    if _n == 0:\n        return {f}({p})\n    return go(_n - 1, {p})\n"
        "return go(2, {p})"
    ),
}

OURS = """t1 t2 t3 t4 x_bar z_bar result_bar total_bar t1_bar t1_stored t2_stored y_stored record
result i j count key args add like seed own shadow zeros_like whole private overwrite unbroadcast
spread"""  # names that generated code has


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.FunctionDef, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)


def parsed(text):
    return ast.parse(text).body


def own(tree):
    """The nodes of a statement, but for those of functions and classes inside."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from own(child)


def yields(tree):
    return any(isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(tree))


def in_a_block(header, tree, _):
    body = tree.body
    returns = sum(isinstance(n, ast.Return) for s in body for n in own(s))
    last = body[-1]
    if len(body) < 2 or returns != 1 or not isinstance(last, ast.Return) or yields(tree):
        return None
    *before, block = parsed(header)
    inner = block
    while not isinstance(inner.body[0], ast.Pass):
        inner = inner.body[0]
    inner.body = [*body[:-1], *inner.body[1:]]
    tree.body = [*before, block, last]
    return [tree]


class Statements(ast.NodeTransformer):
    """Changes the simple statements of a function, not those of functions inside."""

    def __init__(self, function, change, kinds):
        self.function, self.change, self.kinds = function, change, kinds

    def visit(self, node):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node is not self.function:
            return node
        return self.change(node) if isinstance(node, self.kinds) else self.generic_visit(node)


def each(header, tree, _):
    def change(statement):
        (block,) = parsed(header)
        block.body = [statement]
        return block

    if yields(tree) or ast.get_docstring(tree):
        return None
    return [Statements(tree, change, (ast.Assign, ast.AugAssign, ast.Expr)).visit(tree)]


def name_of(statement):
    """The name that `x = …` binds."""
    target = statement.targets[0]
    return target.id if len(statement.targets) == 1 and isinstance(target, ast.Name) else None


def second_names(tree, _):
    """Behind `x = …` a second name that nobody reads."""

    def change(node):
        bound = name_of(node)
        return [node, *parsed(f"{bound}_2 = {bound}")] if bound else node

    return [Statements(tree, change, ast.Assign).visit(tree)]


def handed_on(how, tree, _):
    """`x_0 = …; x = x_0`, and what is in between."""

    def change(node):
        bound = name_of(node)
        if bound is None:
            return node
        node.targets = [ast.Name(f"{bound}_0", ast.Store())]
        return [node, *parsed(how.format(bound))]

    changed = Statements(tree, change, ast.Assign).visit(tree)
    if "_pair(" in how:
        changed.body[:0] = parsed("def _pair(v, n):\n    return (v, n)")
    return [changed]


def either_way(tree, _):
    """`x = … if YES else …`, the same on both sides."""

    def change(node):
        if not yields(node) and not any(isinstance(n, ast.NamedExpr) for n in ast.walk(node)):
            other = copy.deepcopy(node.value)
            node.value = ast.IfExp(ast.Name("YES", ast.Load()), node.value, other)
        return node

    return [Statements(tree, change, ast.Assign).visit(tree)]


def forgotten(tree, program):
    """In front of the last `return` all variables but the result's are bound to something else."""
    last = tree.body[-1]
    if not isinstance(last, ast.Return) or last.value is None or yields(tree):
        return None
    nodes = [n for s in tree.body[:-1] for n in own(s)]
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    inner = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Lambda))
    read = {n.id for f in inner if f is not tree for n in ast.walk(f) if isinstance(n, ast.Name)}
    bound |= {a.arg for a in ast.walk(tree.args) if isinstance(a, ast.arg)}
    made = [ast.Assign([ast.Name("_out", ast.Store())], last.value)]
    made += [s for n in sorted(bound - read) for s in parsed(f"{n} = None")]
    tree.body[-1:] = [*made, *parsed("return _out")]
    return [tree]


class Renamed(ast.NodeTransformer):
    def __init__(self, table):
        self.table = table

    def generic_visit(self, node):
        for field in ("id", "arg", "name", "rest"):
            old = getattr(node, field, None)
            if isinstance(old, str) and not isinstance(node, ast.keyword):
                setattr(node, field, self.table.get(old, old))
        if isinstance(node, ast.Nonlocal):
            node.names = [self.table.get(n, n) for n in node.names]
        return super().generic_visit(node)


def other_names(tree, program):
    """The variables have names that generated code uses, too."""
    nodes = list(ast.walk(tree))
    if any(isinstance(n, ast.ClassDef | ast.Global | ast.Import | ast.ImportFrom) for n in nodes):
        return None
    mine = {n.arg for n in nodes if isinstance(n, ast.arg)}
    mine |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    mine |= {n.name for n in nodes if isinstance(n, ast.FunctionDef) and n is not tree}
    words = {k.arg for n in nodes if isinstance(n, ast.Call) for k in n.keywords}
    read = {n.id for n in nodes if isinstance(n, ast.Name)} - mine
    free = [n for n in OURS.split() if n not in read]
    wrt = program.wrt if isinstance(program.wrt, tuple) else (program.wrt,)
    if mine & words or len(mine) > len(free) or any(isinstance(w, str) for w in wrt):
        return None
    random.Random(tree.name).shuffle(free)
    title = tree.name
    tree = Renamed(dict(zip(sorted(mine), free, strict=False))).visit(tree)
    tree.name = title
    return [tree]


def inside_of(made, place, tree, _):
    """The variables stand in a container: `v["y"] = v["x"] * 2`."""
    nodes = list(own(tree))
    inner = [n for n in ast.walk(tree) if isinstance(n, SCOPES) and n is not tree]
    theirs = {n.id for f in inner for n in ast.walk(f) if isinstance(n, ast.Name)}
    plain = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    plain |= {a.arg for a in tree.args.args}
    loops = [n.target for n in ast.walk(tree) if isinstance(n, ast.For | ast.NamedExpr)]
    kept = {n.id for t in loops for n in ast.walk(t) if isinstance(n, ast.Name)} | theirs
    kept |= {n.name for n in nodes if isinstance(n, ast.ExceptHandler)}
    moved = plain - kept
    numbers = {one: k for k, one in enumerate(sorted(moved))}
    if yields(tree) or ast.get_docstring(tree) or not moved or "v" in plain | kept:
        return None
    if any(isinstance(n, ast.Delete | ast.With | ast.Match | ast.Global) for n in nodes):
        return None

    class Moved(ast.NodeTransformer):
        def visit_Name(self, node):
            if node.id not in moved:
                return node
            new = ast.parse(place.format(node.id, numbers[node.id]), mode="eval").body
            new.ctx = node.ctx
            return new

    given = [a.arg for a in tree.args.args if a.arg in moved]
    first = [s for n in given for s in parsed(f"{place.format(n, numbers[n])} = {n}")]
    body = [Moved().visit(s) for s in tree.body]
    tree.body = [*parsed(made.format(len(moved))), *first, *body]
    return [tree]


def called(text, tree, program):
    given = tree.args
    if given.vararg or given.kwarg or given.kwonlyargs or (program.writes and "b = " in text):
        return None
    outer = copy.deepcopy(tree)
    tree.name = f"{outer.name}_0"
    parameters = ", ".join(a.arg for a in (*given.posonlyargs, *given.args))
    outer.body = parsed(text.format(f=tree.name, p=parameters))
    return [tree, outer]


WAYS = {
    **{way: functools.partial(in_a_block, header) for way, header in BLOCKS.items()},
    **{way: functools.partial(each, header) for way, header in EACH.items()},
    **{way: functools.partial(called, text) for way, text in CALLS.items()},
    "second_names": second_names,
    "handed_on": functools.partial(handed_on, "{0} = {0}_0"),
    "through_a_list": functools.partial(handed_on, "{0}_1 = [{0}_0, 1.0]\n{0} = {0}_1[0]"),
    "through_a_callee": functools.partial(handed_on, "{0}, _ = _pair({0}_0, 1.0)"),
    "either_way": either_way,
    "names": other_names,
    "forgotten": forgotten,
    "entries": functools.partial(inside_of, "v = dict()", "v['{}']"),
    "places": functools.partial(inside_of, "v = [None] * {}", "v[{1}]"),
    "attributes": functools.partial(inside_of, "class Held:\n    pass\nv = Held()", "v.{}"),
}

# ---------------------------------------------------------------- files of variants

_numbers = itertools.count()


def is_program(node):
    decorators = [ast.unparse(d) for d in getattr(node, "decorator_list", ())]
    return isinstance(node, ast.FunctionDef) and any("program(" in d for d in decorators)


def written(family, way, programs, folder):
    """The functions of a file in which the programs of a family are written in another way, by
    their names.
    """
    path = Path(importlib.import_module(f"programs.{family}").__file__)
    known = {p.function.__name__: p for p in programs}
    body, made = [], set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not is_program(node):
            body.append(node)
            continue
        node.decorator_list = [d for d in node.decorator_list if "program(" not in ast.unparse(d)]
        program = known.get(node.name)
        variant = WAYS[way](copy.deepcopy(node), program) if program is not None else None
        body += variant or [node]
        made |= {node.name} if variant else set()
    first = next(i for i, s in enumerate(body) if isinstance(s, ast.Import | ast.ImportFrom))
    body.insert(first + 1, *parsed(YES))
    file = Path(folder) / f"{family}_{way}_{next(_numbers)}.py"
    tree = ast.fix_missing_locations(ast.Module(body, []))
    file.write_text(ast.unparse(tree) + "\n", encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: getattr(module, name) for name in made}


# ---------------------------------------------------------------- what a variant gives


def derivatives(function, program):
    """The value of a program, the pullback of a cotangent, and the tangent along a direction."""
    args = program.draw()
    value, pullback = tangent.vjp(function, *args)
    pulled = pullback(checks.random_cotangent(np.random.default_rng(5), value))
    positions = checks.positions_of(program.function, program.wrt)
    rng = np.random.default_rng(2)
    direction = checks.directions(rng, program.draw(), positions, limit=1)[0]
    args = program.draw()
    return value, pulled, tangent.jvp(function, args, checks.tangents_along(args, direction))


def close(one, other):
    """The same to rounding, leaf by leaf."""
    first, second = (list(checks.active_leaves(tree)) for tree in (one, other))
    if [path for path, _ in first] != [path for path, _ in second]:
        return False
    for (_, a), (_, b) in zip(first, second, strict=True):
        single = np.result_type(a, b) in (np.float16, np.float32, np.complex64)
        if not np.allclose(a, b, rtol=2e-4 if single else 1e-9, atol=1e-5 if single else 1e-10):
            return False
    return True


class TooLong(Exception):
    """A variant took more time of the processor than it may."""


@contextlib.contextmanager
def limited(seconds):
    def stop(*_):
        raise TooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def judged(program, variant):
    """right, refused, wrong or failed, and why; None where the program says nothing about it."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), limited(SECONDS):
        warnings.simplefilter("ignore")
        try:
            wanted = derivatives(program.function, program)
            value = variant(*program.draw())
        except Exception:
            return None
        if not close([value], [wanted[0]]):
            return None
        try:
            found = derivatives(variant, program)
        except tangent.BrokenInvariant as error:
            return "failed", f"BrokenInvariant: {error}"
        except tangent.TangentError as error:
            return "refused", error.code
        except Exception as error:
            return "failed", f"{type(error).__name__}: {error}"
        if close(found, wanted):
            return "right", ""
        return "wrong", f"{found[1:]!r}, the program gives {wanted[1:]!r}"


def attempt(task):
    """The verdicts of one family, written in one way."""
    family, way, names = task
    programs = [p for p in corpus() if p.name in names]
    with tempfile.TemporaryDirectory() as folder:
        functions = written(family, way, programs, folder)
        pairs = [(p, functions.get(p.function.__name__)) for p in programs]
        return [(p.name, way, judged(p, f)) for p, f in pairs if f is not None]


def tasks_of(programs, ways):
    """One task for each file of the corpus and each way."""
    families = collections.defaultdict(list)
    for program in programs:
        families[program.name.split(".")[0]].append(program.name)
    return [(family, way, tuple(names)) for way in ways for family, names in families.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--only", default="", help="the start of the names of programs")
    parser.add_argument("--jobs", type=int, help="processes; one per core if left out")
    given = parser.parse_args()
    programs = [p for p in corpus() if p.name.startswith(given.only)]
    counts = collections.defaultdict(collections.Counter)
    with multiprocessing.Pool(given.jobs, maxtasksperchild=16) as pool:  # texts stay in memory
        for found in pool.imap_unordered(attempt, tasks_of(programs, given.ways)):
            for name, way, verdict in found:
                kind, why = verdict or ("skipped", "")
                counts[way][kind] += 1
                if kind in ("wrong", "failed"):
                    print(f"{kind} {way} {name}: {why}", flush=True)
    for way, kinds in counts.items():
        print(f"{way}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    sys.exit(any(kinds["wrong"] or kinds["failed"] for kinds in counts.values()))


if __name__ == "__main__":
    main()
