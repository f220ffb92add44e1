"""Shared oracles: what a derivative must satisfy, checked without the library's help.

Nothing here imports the library.  The functions under test are passed in, so `test_checks.py` can
pass wrong ones and see every oracle fail.  A parameter *tree* is a dict, list or tuple of trees, or
a leaf; a leaf is *active* if it is a real floating-point number or array.  All differences are
taken on fresh copies of the arguments.
"""

import ast
import contextlib
import copy
import functools
import importlib.util
import inspect
import linecache
import math
import sys
import types
from itertools import combinations

import numpy as np

STEP = 1e-3
LIBRARY = ("tangent", "tangent_backends")


# ---------------------------------------------------------------- parameter trees


def is_active(leaf):
    """Whether `leaf` is something that a gradient has an entry for."""
    if isinstance(leaf, np.ndarray | np.generic):
        return np.issubdtype(leaf.dtype, np.floating)
    return isinstance(leaf, float)


def children(tree):
    """The (key, subtree) pairs of a container, None for a leaf."""
    if isinstance(tree, dict):
        return list(tree.items())
    if isinstance(tree, list | tuple):
        return list(enumerate(tree))
    return list(vars(tree).items()) if is_object(tree) else None


def is_object(tree):
    """An instance of a class of the corpus."""
    home = type(tree).__module__.startswith(("programs.", "tests.", "test_"))
    return home and hasattr(tree, "__dict__") and not isinstance(tree, tuple | type)


def part(tree, key):
    return getattr(tree, key) if is_object(tree) else tree[key]


def leaves(tree, path=()):
    """Every leaf with its path, depth first, in the containers' own order."""
    inner = children(tree)
    if inner is None:
        return [(path, tree)]
    return [found for key, value in inner for found in leaves(value, (*path, key))]


def active_leaves(tree):
    return [(path, leaf) for path, leaf in leaves(tree) if is_active(leaf)]


def tree_map(function, tree, path=()):
    """A new tree with `function(path, leaf)` at each leaf; containers are always new ones."""
    inner = children(tree)
    if inner is None:
        return function(path, tree)
    mapped = [(key, tree_map(function, value, (*path, key))) for key, value in inner]
    if isinstance(tree, dict):
        return dict(mapped)
    if is_object(tree):
        new = copy.copy(tree)
        vars(new).update(mapped)
        return new
    if hasattr(tree, "_fields"):
        return type(tree)(*(value for _, value in mapped))
    return type(tree)(value for _, value in mapped)


def at(tree, path):
    for key in path:
        tree = part(tree, key)
    return tree


def copied(tree):
    """A copy that shares no array with the original."""
    return tree_map(lambda _, leaf: leaf.copy() if isinstance(leaf, np.ndarray) else leaf, tree)


def widened(tree):
    """The same tree in double precision, in which differences are sharp."""

    def widen(_, leaf):
        if not is_active(leaf) or isinstance(leaf, float):
            return leaf
        return leaf.astype(np.float64)

    return tree_map(widen, tree)


def random_direction(rng, tree, positions):
    """A direction of length 1 for the active leaves of the chosen arguments: path -> array."""
    return unit(
        {
            path: rng.normal(size=np.shape(leaf))
            for path, leaf in active_leaves(tree)
            if path[0] in positions
        }
    )


def unit(drawn):
    length = math.sqrt(sum(float(np.sum(np.square(change))) for change in drawn.values()))
    return {path: change / (length or 1.0) for path, change in drawn.items()}


def moved(args, direction, distance):
    """The arguments `distance` along `direction`, as fresh objects of the same types."""

    def move(path, leaf):
        if path not in direction:
            return leaf.copy() if isinstance(leaf, np.ndarray) else leaf
        if isinstance(leaf, np.ndarray):
            return np.asarray(leaf + distance * direction[path], dtype=leaf.dtype)
        return type(leaf)(leaf + distance * direction[path])

    return tree_map(move, tuple(args))


def positions_of(function, wrt):
    """`wrt` as a tuple of argument positions."""
    names = list(inspect.signature(function).parameters)
    chosen = wrt if isinstance(wrt, tuple) else (wrt,)
    return tuple(names.index(w) if isinstance(w, str) else w for w in chosen)


# ---------------------------------------------------------------- against differences


def inner_product(cotangent, value):
    """The sum over all active leaves of `value`, each weighted by `cotangent`'s leaf."""
    total = 0.0
    for path, leaf in active_leaves(value):
        total += float(np.sum(np.asarray(leaf) * at(cotangent, path)))
    return total


def central_difference(scalar, args, direction, step=STEP):
    """The derivative of `scalar(*args)` along `direction`, to fourth order in `step`."""

    def value(distance):
        return float(scalar(*moved(args, direction, distance)))

    near = value(step) - value(-step)
    far = value(2 * step) - value(-2 * step)
    return (8 * near - far) / (12 * step)


def second_difference(scalar, args, direction, step):
    """The second derivative of `scalar(*args)` along `direction`, to fourth order in `step`."""

    def value(distance):
        return float(scalar(*moved(args, direction, distance)))

    near = value(step) + value(-step)
    far = value(2 * step) + value(-2 * step)
    return (16 * near - far - 30 * value(0.0)) / (12 * step**2)


def tolerance(args):
    """The relative error that a right gradient may have: that of the narrowest number in play."""
    widths = [np.asarray(leaf).dtype.itemsize for _, leaf in active_leaves(args)]
    return 1e-7 if min(widths, default=8) >= 8 else 5e-4


def directions(rng, args, positions, limit=8):
    """Two directions that move everything, then one per active leaf (the first `limit`)."""
    everything = [random_direction(rng, args, positions) for _ in range(2)]
    if not everything[0]:
        return []
    one_by_one = [unit({path: change}) for path, change in everything[0].items()]
    return everything + one_by_one[:limit]


def check_value(gradients, scalar, args, positions, seed=0):
    """`gradients`, one per position, agree with central differences of `scalar` at `args`."""
    wide, rtol = widened(tuple(args)), tolerance(args)
    size = abs(float(scalar(*copied(wide))))
    for direction in directions(np.random.default_rng(seed), wide, positions):
        want = central_difference(scalar, wide, direction)
        have, scale = contraction(gradients, positions, direction)
        assert math.isfinite(want), f"the difference itself is {want}"
        allowed = rtol * max(scale, abs(want)) + rtol * 1e-2 * max(size, 1.0)
        assert abs(have - want) <= allowed, (
            f"along {names_of(direction)}: gradient {have!r}, differences {want!r}"
        )


def contraction(gradients, positions, direction):
    """The gradient's component along `direction`, and the sum of its terms' magnitudes."""
    have = scale = 0.0
    for (position, *path), change in direction.items():
        entry = at(gradients[positions.index(position)], path)
        assert entry is not None, f"no gradient for argument {position}, entry {path}"
        assert np.all(np.isfinite(entry)), f"the gradient holds {entry}"
        terms = np.asarray(entry, dtype=np.float64) * change
        have += float(np.sum(terms))
        scale += float(np.sum(np.abs(terms)))
    return have, scale


def names_of(direction):
    return ", ".join("".join(f"[{key!r}]" for key in path) for path in direction)


# ---------------------------------------------------------------- structure


def check_structure(gradient, argument, path="gradient"):
    """Containers, key order, types, dtypes, shapes are the argument's; inactive leaves are None."""
    inner = children(argument)
    if inner is None:
        check_leaf(gradient, argument, path)
        return
    assert type(gradient) is type(argument), f"{path}: {type(gradient)} for {type(argument)}"
    keys, wanted = [k for k, _ in children(gradient)], [k for k, _ in inner]
    assert keys == wanted, f"{path}: keys {keys} for {wanted}"
    for key, value in inner:
        check_structure(part(gradient, key), value, f"{path}[{key!r}]")


def check_leaf(gradient, argument, path):
    if not is_active(argument):
        assert gradient is None, f"{path}: {gradient!r} for the constant {argument!r}"
        return
    assert type(gradient) is type(argument), f"{path}: {type(gradient)} for {type(argument)}"
    if isinstance(argument, np.ndarray):
        assert gradient.dtype == argument.dtype, f"{path}: {gradient.dtype} for {argument.dtype}"
        assert gradient.shape == argument.shape, f"{path}: {gradient.shape} for {argument.shape}"
        assert gradient.flags.writeable, f"{path} is read-only"
    assert np.all(np.isfinite(gradient)), f"{path} holds {gradient!r}"


def check_pullback_structure(entry, argument, path):
    """As `check_structure`; an argument without an active leaf may also have no entry at all."""
    if entry is None and not active_leaves(argument):
        return
    check_structure(entry, argument, path)


# ---------------------------------------------------------------- memory


def check_same(first, second, what="value", zeros=True):
    """Two trees are equal to the last bit, with the same types, keys and order.

    Without `zeros` the sign of a zero does not count: in a product of matrices it depends on where
    in memory the operands stand.
    """
    assert type(first) is type(second), f"{what}: {type(first)} and {type(second)}"
    inner = children(first)
    if inner is None:
        check_same_leaf(*((first, second) if zeros else map(without_sign, (first, second))), what)
        return
    keys, others = [k for k, _ in inner], [k for k, _ in children(second)]
    assert keys == others, f"{what}: keys {keys} and {others}"
    for key, value in inner:
        check_same(value, part(second, key), f"{what}[{key!r}]", zeros)


def without_sign(leaf):
    """A leaf in which no zero has a sign."""
    floating = getattr(getattr(leaf, "dtype", None), "kind", "") in ("f", "c")
    return leaf + 0.0 if floating or isinstance(leaf, float) else leaf


def check_same_leaf(first, second, what):
    if isinstance(first, np.ndarray | np.generic):
        assert first.dtype == second.dtype, f"{what}: {first.dtype} and {second.dtype}"
        assert np.shape(first) == np.shape(second), f"{what}: shapes differ"
        assert first.tobytes() == second.tobytes(), f"{what}: {first!r} and {second!r}"
    elif isinstance(first, float):
        assert first.hex() == second.hex(), f"{what}: {first!r} and {second!r}"
    else:
        assert first is second or first == second, f"{what}: {first!r} and {second!r}"


def arrays_in(tree):
    return [leaf for _, leaf in leaves(tree) if isinstance(leaf, np.ndarray)]


def arrays_behind(function):
    """The arrays that a function can reach by a global, a closure cell or a default."""
    reach = [value for name, value in function.__globals__.items() if not name.startswith("__")]
    reach += [cell.cell_contents for cell in function.__closure__ or ()]
    reach += list(function.__defaults__ or ())
    return [array for value in reach for array in arrays_in(value)]


def check_separate(gradients, args, function, *others):
    """The gradients share no memory with each other, the arguments, globals or `others`."""
    own = arrays_in(gradients)
    for first, second in combinations(own, 2):
        assert not np.shares_memory(first, second), "two gradients share memory"
    for what, arrays in (
        ("an argument", arrays_in(tuple(args))),
        ("a global, cell or default", arrays_behind(function)),
        ("another result", arrays_in(others)),
    ):
        for gradient in own:
            shared = any(np.shares_memory(gradient, array) for array in arrays)
            assert not shared, f"a gradient shares memory with {what}"


@contextlib.contextmanager
def unchanged(args):
    """The arguments are the same objects with the same bits when the block ends."""
    before, objects = copied(tuple(args)), [id(leaf) for _, leaf in leaves(tuple(args))]
    yield
    check_same(before, tuple(args), "arguments")
    assert objects == [id(leaf) for _, leaf in leaves(tuple(args))], "an entry was replaced"


# ---------------------------------------------------------------- pullbacks


def random_cotangent(rng, value):
    """A cotangent of `value`'s own structure, types and dtypes; None at inactive leaves."""

    def draw(_, leaf):
        if not is_active(leaf):
            return None
        drawn = rng.normal(size=np.shape(leaf))
        if isinstance(leaf, np.ndarray):
            return np.asarray(drawn, dtype=leaf.dtype)
        return type(leaf)(drawn)

    return tree_map(draw, value)


def check_pullback(vjp, function, args, seed=0):
    """A pullback called with three cotangents is right each time, linear, and repeats itself."""
    rng = np.random.default_rng(seed)
    with unchanged(args):
        value, pullback = vjp(function, *args)
        check_same(function(*copied(tuple(args))), value, "the value of vjp")
        first, second = random_cotangent(rng, value), random_cotangent(rng, value)
        both = tree_map(lambda path, leaf: combined(leaf, at(second, path)), first)
        given = copied([first, second, both])
        pulled = [pullback(cotangent) for cotangent in given]
    check_same([first, second, both], given, "cotangent")
    for entries, cotangent in zip(pulled, (first, second, both), strict=True):
        check_pulled(entries, cotangent, function, args)
    check_linear(*pulled, tolerance(args))
    check_separate(pulled, args, function, given)
    spoil(value, args, function)
    check_same(pulled[0], pullback(first), "a pullback called again")


def combined(first, second):
    if first is None:
        return None
    total = 2.0 * first - second
    return np.asarray(total, first.dtype) if isinstance(first, np.ndarray) else type(first)(total)


def check_pulled(entries, cotangent, function, args):
    """One entry per argument, of its structure, and right against differences of <cotangent, f>."""
    assert isinstance(entries, tuple), f"a pullback returned {type(entries)}"
    assert len(entries) == len(args), f"{len(entries)} entries for {len(args)} arguments"
    for i, (entry, argument) in enumerate(zip(entries, args, strict=True)):
        check_pullback_structure(entry, argument, f"entry {i}")
    positions = tuple(range(len(args)))
    check_value(
        entries, lambda *xs: inner_product(cotangent, function(*xs)), args, positions, seed=1
    )


def check_linear(first, second, both, rtol):
    for path, leaf in active_leaves(both):
        a, b = np.asarray(at(first, path)), np.asarray(at(second, path))
        error = np.abs(2.0 * a - b - leaf)
        scale = 2.0 * np.abs(a) + np.abs(b)
        assert np.all(error <= rtol * np.max(scale, initial=1e-3)), f"not linear at {path}"


def spoil(value, args, function):
    """Overwrite what `vjp` returned, as its owner may, where it is not also the caller's memory."""
    theirs = arrays_in(tuple(args)) + arrays_behind(function)
    for array in arrays_in(value):
        if array.flags.writeable and not any(np.shares_memory(array, other) for other in theirs):
            array.fill(-7)


# ---------------------------------------------------------------- tangents


def tangents_along(args, direction):
    """One tangent per argument: None where it does not move, and at each leaf that does not."""

    def pick(path, leaf):
        if path not in direction:
            return None
        drawn = direction[path]
        if isinstance(leaf, np.ndarray):
            return np.asarray(drawn, dtype=leaf.dtype)
        return type(leaf)(drawn)

    moving = {path[0] for path in direction}
    found = tree_map(pick, tuple(args))
    return tuple(tangent if i in moving else None for i, tangent in enumerate(found))


def check_tangents(jvp, vjp, function, args, seed=0, limit=3):
    """Forward mode against differences, and <w, J v> against <J^T w, v> of reverse mode."""
    rng = np.random.default_rng(seed)
    positions = tuple(range(len(args)))
    for direction in directions(rng, tuple(args), positions, limit=limit)[1:]:
        tangents = tangents_along(args, direction)
        before = copied(list(tangents))
        with unchanged(args):
            value, tangent = jvp(function, args, tangents)
        check_same(before, list(tangents), "the tangents given")
        check_same(function(*copied(tuple(args))), value, "the value of jvp")
        check_structure(tangent, value, "tangent")
        check_separate([tangent], args, function, tangents)
        check_directional(tangent, value, vjp, function, args, direction, rng)


def check_directional(tangent, value, vjp, function, args, direction, rng):
    cotangent, wide, rtol = random_cotangent(rng, value), widened(tuple(args)), tolerance(args)

    def scalar(*xs):
        return inner_product(cotangent, function(*xs))

    want, size = central_difference(scalar, wide, direction), abs(float(scalar(*copied(wide))))
    have = inner_product(cotangent, tangent)
    pulled = vjp(function, *args)[1](cotangent)
    back, scale = contraction(pulled, tuple(range(len(args))), direction)
    allowed = rtol * max(scale, abs(want)) + rtol * 1e-2 * max(size, 1.0)
    where = names_of(direction)
    assert math.isfinite(want), f"the difference itself is {want}"
    assert abs(have - want) <= allowed, f"along {where}: jvp {have!r}, differences {want!r}"
    assert abs(have - back) <= allowed, f"along {where}: <w, J v> {have!r}, <J^T w, v> {back!r}"


# ---------------------------------------------------------------- text


def check_deterministic(derivatives):
    """Derivatives made afresh of one function have one text."""
    texts = [df.source for df in derivatives]
    assert all(isinstance(text, str) and text.strip() for text in texts), "no source"
    assert len(set(texts)) == 1, "the text differs from one transformation to the next"


@contextlib.contextmanager
def library_hidden():
    """Inside the block the library cannot be imported, nor found by who imported it before."""
    hidden = {n: m for n, m in sys.modules.items() if n.split(".")[0] in LIBRARY}
    try:
        sys.modules.update(dict.fromkeys([*hidden, *LIBRARY]))
        yield
    finally:
        for name in [*hidden, *LIBRARY]:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)


def imported_roots(text):
    """The top-level packages that a module's text imports, anywhere in it."""
    roots = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add((node.module or "").split(".")[0])
    return roots


def load(path, name="saved_derivative"):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def saved_function(module, name):
    """The derivative in a saved module: `name_grad`, else the last function that it defines."""
    found = getattr(module, f"{name}_grad", None)
    if found is not None:
        return found
    own = [f for f in vars(module).values() if isinstance(f, types.FunctionType)]
    return [f for f in own if f.__module__ == module.__name__][-1]


def check_saved(df, path, name, args, captured=()):
    """The saved file imports NumPy and the standard library only, and gives the same bits."""
    want = df(*copied(tuple(args)))
    df.save(path)
    strangers = imported_roots(path.read_text()) - {"numpy"} - set(sys.stdlib_module_names)
    assert not strangers, f"the saved file imports {sorted(strangers)}"
    with library_hidden():
        saved = saved_function(load(path), name)
        have = saved(*copied(tuple(args)), **dict(captured))
    check_same(want, have, "the saved gradient")


# ---------------------------------------------------------------- second order


def slope(df, args, gradient, direction):
    """<direction, df(...)> as a function with its own source, so that it can be differentiated.

    For equal structures it is one function, which reads the latest direction.
    """
    terms = tuple(term(path, leaf) for path, leaf in active_leaves(gradient))
    function = written_slope(df, len(args), terms)
    function.__globals__["direction"] = direction
    return function


@functools.cache
def written_slope(df, count, terms):
    names = ", ".join(f"a{i}" for i in range(count))
    lines = [
        f"def slope({names}):\n",
        f"    gradient = df({names})\n",
        f"    return {' + '.join(terms) or '0.0'}\n",
    ]
    file = f"<slope of {getattr(df, '__name__', 'f')} {len(linecache.cache)}>"
    linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    namespace = {"np": np, "df": df, "__name__": __name__}
    exec(compile("".join(lines), file, "exec"), namespace)
    return namespace["slope"]


def term(path, leaf):
    place = "".join(f"[{key!r}]" for key in path)
    product = f"gradient{place} * direction{place}"
    return f"np.sum({product})" if isinstance(leaf, np.ndarray) else product


def check_second(grad, df, args, positions, seed=0):
    """The gradient of <direction, df> agrees with differences of `df`."""
    gradient = df(*copied(tuple(args)))
    along = random_cotangent(np.random.default_rng(seed), gradient)
    function = slope(df, args, gradient, along)
    with unchanged(args):
        found = grad(function, wrt=positions)(*args)
    for position, entry in zip(positions, found, strict=True):
        check_structure(entry, args[position], f"second derivative {position}")
    check_value(found, function, args, positions, seed=seed + 1)


def check_three_ways(ways, df, args, positions, seed=0):
    """<u, H v> by each mode over each.

    The three `ways` are functions: forward over reverse gives H v, one entry per position; reverse
    over reverse (of u) and reverse over forward (of v) give one entry for each argument.
    """
    forward_reverse, reverse_reverse, reverse_forward = ways
    rng = np.random.default_rng(seed)
    gradient = df(*copied(tuple(args)))
    u = random_cotangent(rng, gradient)
    direction = random_direction(rng, widened(tuple(args)), positions)
    v = [tangents_along(args, direction)[i] for i in positions]
    with unchanged(args):
        product = forward_reverse(v)
        pulled, moved = reverse_reverse(u), reverse_forward(v)
    check_structure(product, gradient, "H v")
    first = inner_product(u, product)
    second, scale = contraction(pulled, tuple(range(len(args))), direction)
    third = inner_product(u, tuple(moved[i] for i in positions))
    allowed = 10 * tolerance(args) * max(scale, abs(first), 1.0)
    assert abs(first - second) <= allowed, f"forward over reverse {first}, reverse twice {second}"
    assert abs(first - third) <= allowed, f"forward over reverse {first}, the other way {third}"


# ---------------------------------------------------------------- programs


def check_sound(function, args, smooth, writes=False):
    """A program is fit to judge by: it runs, its differences are stable, as smooth as said."""
    before = copied(tuple(args))
    value = function(*args)
    if not writes:
        check_same(before, tuple(args), "arguments of the primal")
    assert active_leaves(value), f"{value!r} has nothing to differentiate"
    assert all(np.all(np.isfinite(leaf)) for _, leaf in active_leaves(value)), value
    rng, wide = np.random.default_rng(5), widened(before)
    cotangent = tree_map(lambda _, leaf: rng.normal(size=np.shape(leaf)), value)

    def scalar(*xs):
        return inner_product(cotangent, function(*xs))

    for direction in directions(rng, wide, range(len(args))):
        check_stable(scalar, wide, direction, smooth)


def check_stable(scalar, args, direction, smooth):
    size = max(1.0, abs(float(scalar(*copied(args)))))
    one, two = (central_difference(scalar, args, direction, h) for h in (STEP, STEP / 4))
    near = 1e-8 * (abs(one) + size)
    assert abs(one - two) <= near, f"first differences along {names_of(direction)}: {one}, {two}"
    if smooth:
        one, two = (second_difference(scalar, args, direction, h) for h in (8e-3, 4e-3))
        near = 1e-5 * (abs(one) + size)
        assert abs(one - two) <= near, f"second differences: {one}, {two}"
