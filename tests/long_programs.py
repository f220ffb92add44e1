"""Functions of any length, one for each way in which programs grow.

Each maker gives the lines of a module whose function `long(x)` has `count` statements (or
terms, or items) of one kind; `made` makes the function.
"""

import linecache

import numpy as np

OVERWRITES = ("np.sin(y) * x", "y + x * y", "y * 0.5")


def straight(count):
    """One state, overwritten again and again."""
    yield "def long(x):"
    yield "    y = x"
    for i in range(count - 2):
        yield f"    y = {OVERWRITES[i % 3]}"
    yield "    return np.sum(y)"


def named(count):
    """A name for each value."""
    yield "def long(x):"
    yield "    y0 = x"
    for i in range(1, count - 1):
        y = f"y{i - 1}"
        yield f"    y{i} = {(f'np.sin({y}) * x', f'{y} + x * {y}', f'{y} * 0.5')[i % 3]}"
    yield f"    return np.sum(y{count - 2})"


def late(count):
    """Values that are all read at the end: as many names are live as there are statements."""
    yield "def long(x):"
    for i in range(count // 2):
        yield f"    y{i} = np.sin(x * {i})"
    yield "    s = x"
    for i in range(count // 2):
        yield f"    s = s + y{i} * y{i // 2}"
    yield "    return np.sum(s)"


def stores(count):
    """Stores into one array."""
    yield "def long(x):"
    yield "    y = x.copy()"
    for i in range(count - 2):
        yield f"    y[{i % 5}] = y[{(i + 1) % 5}] * x[{i % 3}]"
    yield "    return np.sum(y)"


def updates(count):
    """A name that is updated in place, and another one that reads it."""
    yield "def long(x):"
    yield "    y = x * 1.0"
    yield "    z = x"
    for _ in range((count - 3) // 2):
        yield "    y += x * z"
        yield "    z = np.sin(y)"
    yield "    return np.sum(y + z)"


def loop(count):
    """A loop with a long body."""
    yield "def long(x):"
    yield "    y = x"
    yield "    for i in range(3):"
    for i in range(count - 3):
        yield f"        y = {OVERWRITES[i % 3]}"
    yield "    return np.sum(y)"


def named_in_loop(count):
    """A loop with a long body, a name for each value."""
    yield "def long(x):"
    yield "    y = x"
    yield "    for i in range(3):"
    yield "        z0 = y"
    for i in range(1, count - 5):
        z = f"z{i - 1}"
        yield f"        z{i} = {(f'np.sin({z}) * x', f'{z} + x * {z}', f'{z} * 0.5')[i % 3]}"
    yield f"        y = z{count - 6}"
    yield "    return np.sum(y)"


def stores_in_loop(count):
    """A loop with many stores."""
    yield "def long(x):"
    yield "    y = x.copy()"
    yield "    for i in range(3):"
    for i in range(count - 3):
        yield f"        y[{i % 5}] = y[{(i + 1) % 5}] * x[{i % 3}]"
    yield "    return np.sum(y)"


def branches(count):
    """Small branches, one behind the other: two statements each."""
    yield "def long(x):"
    yield "    y = x"
    for i in range((count - 2) // 2):
        yield f"    if x[{i % 3}] > {i}:"
        yield f"        y = {OVERWRITES[i % 3]}"
    yield "    return np.sum(y)"


def loops(count):
    """Small loops, one behind the other: two statements each."""
    yield "def long(x):"
    yield "    y = x"
    for i in range((count - 2) // 2):
        yield f"    for i in range({i % 4}):"
        yield f"        y = {OVERWRITES[i % 3]}"
    yield "    return np.sum(y)"


def nested(count):
    """Branches in loops, ten statements each."""
    yield "def long(x):"
    yield "    y = x"
    for i in range((count - 2) // 10):
        yield f"    for i in range({i % 3 + 1}):"
        yield from (f"        a{k} = np.sin(y * {k})" for k in range(3))
        yield "        if i < 1:"
        yield "            y = y * a0 + a1"
        yield "        else:"
        yield "            y = y + a2 * x"
        yield "        b = y * a0"
        yield "        y = y + b * a2"
    yield "    return np.sum(y)"


def calls(count):
    """Calls of a user's function."""
    yield "def step(y, x):"
    yield "    return np.sin(y) * x"
    yield ""
    yield "def long(x):"
    yield "    y = x"
    for _ in range(count - 2):
        yield "    y = step(y, x)"
    yield "    return np.sum(y)"


def terms(count):
    """One expression: a sum."""
    yield "def long(x):"
    yield "    return np.sum(x * 0.5"
    for i in range(count - 1):
        yield f"        + x * {i}.5"
    yield "    )"


def appends(count):
    """A list, item by item."""
    yield "def long(x):"
    yield "    ys = []"
    for i in range(count - 3):
        yield f"    ys.append(x * {i})"
    yield "    return np.sum(np.stack(ys))"


def additions(count):
    """Updates of the entries of one array."""
    yield "def long(x):"
    yield "    y = x * 1.0"
    for i in range(count - 2):
        yield f"    y[{i % 5}] += np.sin(x[{i % 3}]) * {i}"
    yield "    return np.sum(y)"


def jumps(count):
    """Small loops that are left early or cut short, four statements each."""
    yield "def long(x):"
    yield "    y = x"
    for i in range((count - 2) // 4):
        yield f"    for i in range({i % 4}):"
        yield f"        if x[{i % 3}] > i:"
        yield "            break" if i % 2 else "            continue"
        yield f"        y = {OVERWRITES[i % 3]}"
    yield "    return np.sum(y)"


def whiles(count):
    """Small `while` loops, four statements each."""
    yield "def long(x):"
    yield "    y = x"
    for i in range((count - 2) // 4):
        yield "    n = 0"
        yield f"    while n < {i % 4}:"
        yield f"        y = {OVERWRITES[i % 3]}"
        yield "        n = n + 1"
    yield "    return np.sum(y)"


def nested_loops(count):
    """Loops in loops in loops, five statements each."""
    yield "def long(x):"
    yield "    y = x"
    for i in range((count - 2) // 5):
        yield f"    for i in range({i % 3 + 1}):"
        yield "        for j in range(2):"
        yield "            for k in range(i + j):"
        yield f"                y = {OVERWRITES[i % 3]}"
        yield "            y = y + x * j"
    yield "    return np.sum(y)"


def entries(count):
    """A dict, entry by entry, and what is read out of it."""
    yield "def long(x):"
    yield "    p = {}"
    for i in range(count // 2):
        yield f'    p["w{i}"] = np.sin(x * {i})'
    yield "    s = x"
    for i in range(count // 2 - 3):
        yield f'    s = s + p["w{i}"]'
    yield "    return np.sum(s)"


def functions(count):
    """Functions that call each other, two statements each."""
    yield "def f0(x):"
    yield "    return np.sin(x)"
    for i in range(1, count // 2):
        yield f"def f{i}(x):"
        yield f"    y = f{i - 1}(x)"
        yield f"    return y * x + {i}"
    yield "def long(x):"
    yield f"    return np.sum(f{count // 2 - 1}(x))"


SHAPES = (
    straight,
    named,
    late,
    stores,
    updates,
    loop,
    named_in_loop,
    stores_in_loop,
    branches,
    loops,
    nested,
    calls,
    terms,
    appends,
    additions,
    jumps,
    whiles,
    nested_loops,
    entries,
    functions,
)


def made(lines):
    """The function `long` of a module's lines, with source."""
    text = "\n".join(lines) + "\n"
    filename = f"<made {hash(text)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace = {"np": np, "__name__": "long_programs"}
    exec(compile(text, filename, "exec"), namespace)
    return namespace["long"]
