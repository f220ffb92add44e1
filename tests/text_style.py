"""What no generated text may contain, found in its syntax tree and its comments."""

import ast
import re
from collections import Counter
from itertools import pairwise

HEADING = re.compile(r"^ *# (\d+: .*)$")


def complaints(text):
    """What is wrong with a text, one line each."""
    tree = ast.parse(text)
    found = [*_lines(text), *_headings(text), *_imports(tree)]
    for function in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
        found += [f"{function.name}: {c}" for c in _function(function)]
    return found


def _lines(text):
    return [f"line of {len(line)} columns" for line in text.splitlines() if len(line) > 100]


def _headings(text):
    """A heading of nothing, or the same one twice in a row."""
    found, last = [], None
    lines = [line for line in text.splitlines() if line.strip()]
    for line, following in pairwise([*lines, ""]):
        match = HEADING.match(line)
        indent = len(line) - len(line.lstrip())
        if match is None:
            last = None if last is not None and indent < last[1] else last
            continue
        inside = len(following) - len(following.lstrip())
        if HEADING.match(following) or inside < indent:
            found.append(f"heading of nothing: {match[1]}")
        if (match[1], indent) == last:
            found.append(f"heading twice: {match[1]}")
        last = match[1], indent
    return found


def _imports(tree):
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names = [
        a.asname or a.name.partition(".")[0]
        for n in tree.body
        if isinstance(n, ast.Import | ast.ImportFrom)
        for a in n.names
    ]
    return [f"unused import: {n}" for n in names if n not in used]


def _views(function):
    """The names that are bound to parts of other values, and written into."""
    nodes = list(ast.walk(function))
    parts = {
        t.id
        for n in nodes
        if isinstance(n, ast.Assign) and isinstance(n.value, ast.Subscript)
        for t in n.targets
        if isinstance(t, ast.Name)
    }
    written = (n.target for n in nodes if isinstance(n, ast.AugAssign))
    return parts & {t.id for t in written if isinstance(t, ast.Name)}


def _function(function):
    names = [n for n in ast.walk(function) if isinstance(n, ast.Name)]
    reads = Counter(n.id for n in names if isinstance(n.ctx, ast.Load))
    binds = Counter(n.id for n in names if isinstance(n.ctx, ast.Store))
    taken = {n.id for p in _patterns(function) for n in ast.walk(p) if isinstance(n, ast.Name)}
    taken |= _views(function)  # written into, to be read under another name
    for node in ast.walk(function):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            binds[node.target.id] += 1
    found = [f"never read: {n}" for n in binds if n not in reads and n not in {"_", *taken}]
    for block in _blocks(function):
        found += _zero_then_add(block)
        found += _single_use(block, reads, binds)
    return found


def _patterns(function):
    """The tuples that are bound: one name of them may be idle."""
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (t for t in targets if isinstance(t, ast.Tuple))


def _blocks(function):
    for node in ast.walk(function):
        for part in ("body", "orelse", "finalbody"):
            block = getattr(node, part, None)
            if isinstance(block, list):
                yield block


def _target(node):
    """The name that an assignment or an update binds, nothing else."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case ast.AugAssign(target=ast.Name(id=name)):
            return name
    return None


def _is_zeros(node):
    match node:
        case ast.Call(func=ast.Name(id="zeros_like") | ast.Attribute(attr="zeros_like")):
            return True
        case ast.Constant(value=0.0):
            return True
    return False


def _zero_then_add(block):
    """`x_bar = zeros_like(x)`, and the next statement with `x_bar` is `x_bar += …`."""
    for position, node in enumerate(block):
        name = _target(node)
        if name is None or not name.endswith("_bar") or not _is_zeros(node.value):
            continue
        for later in block[position + 1 :]:
            if _reads(later, name) or _target(later) == name:
                if isinstance(later, ast.AugAssign) and _target(later) == name:
                    yield f"zeros, then one addition: {name}"
                break


def _reads(node, name):
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


def _single_use(block, reads, binds):
    """`t1 = e`, and the next statement reads `t1` once, as the first thing that it evaluates."""
    for node, following in pairwise(block):
        name = _target(node)
        if (
            not isinstance(node, ast.Assign)
            or name is None
            or not re.fullmatch(r"t\d+(_bar)?", name)
        ):
            continue
        if reads[name] != 1 or binds[name] != 1 or not _simple(following):
            continue
        if _reads(following, name) and not _ordered(node.value):
            yield f"used once: {name}"


def _ordered(value):
    """Effects keep their place among others; what is put into a list or dict has a name."""
    calls = [ast.unparse(n.func) for n in ast.walk(value) if isinstance(n, ast.Call)]
    effect = any(c in ("take_out", "take_back") or c.endswith(".pop") for c in calls)
    return effect or isinstance(value, ast.Tuple | ast.List | ast.Dict)


def _simple(node):
    return isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr)
