"""A double of CuPy for machines without a device: NumPy's numbers behind CuPy's refusals.

It has the names of `cupy_names.txt` and no others, takes the keywords that CuPy's functions take,
refuses arrays of NumPy's as operands and conversion to them, and gives arrays of no dimensions
where NumPy gives numbers.  `python tests/strict_cupy.py` writes the file from an installed CuPy,
which needs no device for that.
"""

import contextlib
import inspect
import sys
import types
from pathlib import Path

import numpy as np

NAMES = Path(__file__).with_name("cupy_names.txt")


def known():
    """Name -> parameters; None where CuPy does not say."""
    lines = [line.split() for line in NAMES.read_text().splitlines() if line[0] != "#"]
    return {name: rest or None for name, *rest in lines}


KNOWN = known()


class ndarray:  # noqa: N801  (CuPy's name)
    """An array on the pretended device."""

    __array_ufunc__ = None  # NumPy's functions refuse it
    __array_priority__ = 100

    def __init__(self, held):
        self._held = np.asarray(held)

    def __getattr__(self, name):
        if f"ndarray.{name}" not in KNOWN:
            raise AttributeError(f"cupy.ndarray has no `{name}`")
        found = getattr(self._held, name)
        return on_device(name, found) if callable(found) else wrapped(found)

    def __array__(self, *args, **kwargs):
        raise TypeError("Implicit conversion to a NumPy array is not allowed")

    def __getitem__(self, index):
        held = self._held[unwrapped(index)]
        if np.ndim(held) == 0 and isinstance(held, np.generic):  # a view of one element
            held = self._held[(*np.atleast_1d(unwrapped(index)), ...)] if simple(index) else held
        return ndarray(held)

    def __setitem__(self, index, value):
        self._held[unwrapped(index)] = unwrapped(value)

    def get(self):
        return self._held.copy()

    def __len__(self):
        return len(self._held)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        return bool(self._held)

    def __float__(self):
        return float(self._held)

    def __int__(self):
        return int(self._held)

    def __repr__(self):
        return f"on device: {self._held!r}"

    __hash__ = None


ndarray.__module__ = "cupy"


def simple(index):
    parts = index if isinstance(index, tuple) else (index,)
    return all(isinstance(p, int | np.integer) for p in parts)


def operator(name):
    def method(self, *others):
        return wrapped(getattr(self._held, name)(*map(unwrapped, others)))

    return method


def in_place(name):
    def method(self, other):
        getattr(self._held, name)(unwrapped(other))
        return self

    return method


for base in [
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "and",
    "or",
    "xor",
]:
    setattr(ndarray, f"__{base}__", operator(f"__{base}__"))
    setattr(ndarray, f"__r{base}__", operator(f"__r{base}__"))
    if base != "matmul":
        setattr(ndarray, f"__i{base}__", in_place(f"__i{base}__"))
for base in ["lt", "le", "eq", "ne", "gt", "ge", "neg", "pos", "abs", "invert"]:
    setattr(ndarray, f"__{base}__", operator(f"__{base}__"))


def unwrapped(value):
    """What NumPy is given; an array of NumPy's is refused, as CuPy refuses it."""
    if isinstance(value, ndarray):
        return value._held
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(value, tuple | list):
        return type(value)(unwrapped(v) for v in value)
    if isinstance(value, dict):
        return {k: unwrapped(v) for k, v in value.items()}
    return value


def wrapped(value):
    """Arrays and NumPy's numbers live on the device."""
    if isinstance(value, np.ndarray | np.generic) and not isinstance(value, np.dtype):
        return ndarray(value)
    if isinstance(value, tuple | list):
        made = [wrapped(v) for v in value]
        return tuple(made) if isinstance(value, tuple) else made
    return value


HOST = {"shape", "ndim", "size", "result_type", "promote_types", "can_cast", "broadcast_shapes"}


def on_device(name, function, parameters=None):
    """A function of NumPy's on the device, with the keywords that CuPy's has."""

    def run(*args, **kwargs):
        ours = parameters if parameters and parameters[0] != "*ufunc" else None
        unknown = (
            set(kwargs) - set(ours or kwargs) - {"out", "dtype", "axis", "keepdims", "casting"}
        )
        if unknown or (parameters and parameters[0] == "*ufunc" and "where" in kwargs):
            raise TypeError(f"cupy.{name} has no {', '.join(unknown) or 'where'}")
        if name in ("asarray", "array"):
            args = (args[0].copy() if isinstance(args[0], np.ndarray) else args[0], *args[1:])
            first = args[0] if isinstance(args[0], np.ndarray) else unwrapped(args[0])
            kinds = set(kinds_in(args[0]))
            if len(kinds) > 1 and ndarray in kinds:
                raise TypeError("Implicit conversion to a NumPy array is not allowed")
            return ndarray(function(first, *args[1:], **kwargs))
        found = function(*map(unwrapped, args), **{k: unwrapped(v) for k, v in kwargs.items()})
        return found if name in HOST else wrapped(found)

    run.__name__ = name.rpartition(".")[2]
    return run


def kinds_in(value):
    """The types of what lists hold; CuPy makes an array of them where they are all its own."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from kinds_in(item)
    else:
        yield type(value)


class Grid:
    """`ogrid`, `r_` and their like."""

    def __init__(self, found):
        self._found = found

    def __getitem__(self, index):
        return wrapped(self._found[unwrapped(index)])


class Ufunc:
    """A ufunc with the methods that CuPy's has."""

    def __init__(self, name, function, methods):
        self.__name__, self._run = name, on_device(name, function, ["*ufunc"])
        for method in methods:
            setattr(self, method, on_device(f"{name}.{method}", getattr(function, method)))

    def __call__(self, *args, **kwargs):
        return self._run(*args, **kwargs)


def namespace(prefix=""):
    """The module `cupy`, or one inside it."""
    module = types.ModuleType(f"cupy{'.' if prefix else ''}{prefix.rstrip('.')}")
    source = np
    for part in prefix.rstrip(".").split(".") if prefix else ():
        source = getattr(source, part)
    for name, parameters in KNOWN.items():
        home, _, last = name.rpartition(".")
        if home != prefix.rstrip("."):
            continue
        found = getattr(source, last, None)
        if isinstance(found, np.ufunc):
            methods = parameters[1:] if parameters and parameters[0] == "*ufunc" else []
            made = Ufunc(name, found, methods)
        elif callable(found) and not inspect.isclass(found):
            made = on_device(name, found, parameters)
        elif last in ("ogrid", "mgrid", "r_", "c_"):
            made = Grid(found)
        else:
            made = found
        setattr(module, last, made)
    return module


def module():
    """The double of CuPy."""
    made = namespace()
    made.linalg, made.fft = namespace("linalg."), namespace("fft.")
    made.lib = types.SimpleNamespace(stride_tricks=namespace("lib.stride_tricks."))
    made.linalg.LinAlgError = np.linalg.LinAlgError
    made.ndarray, made.__version__ = ndarray, "double"
    made.may_share_memory = lambda a, b: np.may_share_memory(a._held, b._held)
    return made


@contextlib.contextmanager
def installed():
    """`import cupy` gives the double; what was written for it is forgotten behind."""
    names = [n for n in sys.modules if n == "cupy" or n.startswith(("cupy.", "tangent.on_cupy"))]
    before = {n: sys.modules.pop(n) for n in names}
    sys.modules["cupy"] = module()
    try:
        yield sys.modules["cupy"]
    finally:
        for name in [n for n in sys.modules if n.startswith(("cupy", "tangent.on_cupy"))]:
            del sys.modules[name]
        sys.modules.update(before)


def written_anew():
    import cupy

    lines = [f"# names of cupy {cupy.__version__}, with parameters, or the methods of ufuncs:"]
    lines.append("# written by python tests/strict_cupy.py")
    homes = {"": cupy, "linalg.": cupy.linalg, "fft.": cupy.fft}
    for prefix, home in {**homes, "lib.stride_tricks.": cupy.lib.stride_tricks}.items():
        for name in sorted(n for n in dir(home) if n[0] != "_"):
            found = getattr(home, name)
            if not inspect.ismodule(found):
                lines.append(f"{prefix}{name}{said(found, cupy.ufunc)}")
    lines += [f"ndarray.{n}" for n in sorted(dir(cupy.ndarray)) if n[0] != "_"]
    NAMES.write_text("\n".join(lines) + "\n")


def said(function, ufunc):
    if isinstance(function, ufunc):
        methods = ("reduce", "accumulate", "outer", "at", "reduceat")
        return " *ufunc " + " ".join(m for m in methods if hasattr(function, m))
    try:
        plain = callable(function) and not inspect.isclass(function)
        return " " + " ".join(inspect.signature(function).parameters) if plain else ""
    except (TypeError, ValueError):
        return ""


if __name__ == "__main__":
    written_anew()
