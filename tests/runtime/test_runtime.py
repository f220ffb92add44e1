"""What generated code calls: values, shapes, dtypes, ownership, refusals."""

import ast
import builtins
import dis
import inspect
import pickle
from collections import OrderedDict, namedtuple

import numpy as np
import pytest

import tangent.runtime as runtime
from tangent.runtime import (
    Refusal,
    add,
    add_at,
    apart,
    count,
    credited,
    distinct,
    expand_reduced,
    inexact,
    like,
    matmul_adjoint_left,
    own,
    pack_like,
    private,
    replayable,
    seed,
    spread,
    take_back,
    take_out,
    unbroadcast,
    unbroadcast_to,
    unlike,
    unshared,
    whole,
    zeros_like,
)

Pair = namedtuple("Pair", "first second")

F32 = np.float32


class Subclass(np.ndarray):
    """An array whose operators may differ, as those of `np.matrix` do."""


def array(*numbers, dtype=float):
    return np.array(numbers, dtype=dtype)


def refused(function, *args, code=None):
    with pytest.raises(Refusal) as caught:
        function(*args)
    assert code is None or caught.value.code == code
    assert f"[{caught.value.code}]" in str(caught.value)
    return caught.value


def same(have, want):
    """Equal in value, type, dtype and structure."""
    assert type(have) is type(want), f"{type(have)} for {type(want)}"
    if isinstance(want, dict):
        assert list(have) == list(want)
        for key in want:
            same(have[key], want[key])
    elif isinstance(want, list | tuple):
        assert len(have) == len(want)
        for one, other in zip(have, want, strict=True):
            same(one, other)
    elif isinstance(want, np.ndarray | np.generic):
        assert have.dtype == want.dtype
        np.testing.assert_array_equal(have, want)
    else:
        assert have == want


# ---------------------------------------------------------------- seed


@pytest.mark.parametrize(
    ("result", "wanted"),
    [
        (2.5, 1.0),
        (3, 1.0),
        (True, 1.0),
        (np.float64(2), np.float64(1)),
        (F32(2), F32(1)),
        (np.array(2.0, F32), F32(1)),
        (np.array(2), 1.0),
        (np.int64(2), 1.0),
    ],
)
def test_seed(result, wanted):
    same(seed(1.0, result), wanted)


@pytest.mark.parametrize(
    "result",
    [np.ones(3), np.ones(1), 1j, np.complex128(1), np.array(1j), None, [1.0], (1.0,), {}, "x"],
)
def test_seed_refuses(result):
    assert refused(seed, 1.0, result, code="non-scalar").help


# ---------------------------------------------------------------- like


@pytest.mark.parametrize(
    ("adjoint", "primal", "wanted"),
    [
        (np.float64(2), 1.5, 2.0),
        (np.array(2.0), 1.5, 2.0),
        (2.0, F32(1), F32(2)),
        (2.0, np.float64(1), np.float64(2)),
        (2.0, np.array(1.0), np.array(2.0)),
        (2.0, np.ones(2, F32), array(2, 2, dtype=F32)),
        (array(1, 2), np.ones((2, 2)), np.array([[1.0, 2], [1, 2]])),
        (array(1 + 1j, 2, dtype=complex), np.ones(2), array(1, 2)),
        (array(1, 2), np.ones(2, complex), array(1, 2, dtype=complex)),
        (1 + 1j, 0.5, 1.0),
        (1.0, 1j, 1 + 0j),
        (None, np.ones(2, F32), np.zeros(2, F32)),
        (None, 1.5, 0.0),
        (None, 1j, 0j),
        (None, F32(1), F32(0)),
        (None, None, None),
        (5.0, 3, None),
        (5.0, True, None),
        (array(5.0), np.array([3]), None),
        (None, "name", None),
        (None, len, None),
        ({"a": 1.0}, {"b": 2.0, "a": 3.0}, {"b": 0.0, "a": 1.0}),
        ([1.0, np.float64(2)], (1.0, 2.0), (1.0, 2.0)),
        ([1.0, 2.0], Pair(1.0, 3), Pair(1.0, None)),
        (None, [1.0, [np.ones(2)]], [0.0, [np.zeros(2)]]),
        ({"l": [1.0]}, {"l": [2.0], "n": "relu", "k": 3}, {"l": [1.0], "n": None, "k": None}),
    ],
)
def test_like(adjoint, primal, wanted):
    same(like(adjoint, primal), wanted)
    same(like(adjoint, primal, copy=True), wanted)


def test_like_passes_a_fitting_array_through():
    adjoint = np.ones(3)
    assert like(adjoint, np.zeros(3)) is adjoint
    assert not np.shares_memory(like(adjoint, np.zeros(3), copy=True), adjoint)


def test_like_is_writeable():
    frozen = np.broadcast_to(1.0, (3,))
    assert like(frozen, np.zeros(3)).flags.writeable
    assert like({"a": frozen}, {"a": np.zeros(3)})["a"].flags.writeable


@pytest.mark.parametrize(
    ("adjoint", "primal", "code"),
    [
        (np.ones((2, 3)), np.ones(3), "shape"),
        (np.ones(2), np.ones(3), "shape"),
        ([1.0, 2.0], np.ones(2), "shape"),
        ([1.0], [1.0, 2.0], "structure"),
        (np.ones(2), [1.0, 2.0], "structure"),
        ({"c": 1.0}, {"a": 1.0}, "structure"),
        (1.0, np.ones(1).view(Subclass), "unknown-type"),
        (1.0, np.ma.masked_array([1.0]), "unknown-type"),
        (1.0, OrderedDict(a=1.0), "unknown-type"),
        (1.0, object(), "unknown-type"),
        (1.0, {1.0}, "unknown-type"),
        (1.0, np.array([None]), "dtype"),
    ],
)
def test_like_refuses(adjoint, primal, code):
    refused(like, adjoint, primal, code=code)


def test_unlike_is_the_transposed_map():
    adjoint = {"a": 1.0, "c": [np.ones(2)]}
    w = {"b": 5.0, "a": np.float64(2), "c": (array(3, 4),)}
    same(unlike(w, adjoint), {"a": 2.0, "c": [array(3, 4)]})
    same(unlike(None, adjoint), {"a": 0.0, "c": [np.zeros(2)]})
    same(unlike([1.0, 2.0], 0.0), 0.0)


def test_the_number_zero_stands_for_zeros_of_any_structure():
    primal = {"a": np.ones(2), "b": [1.5, {"c": np.ones(1)}]}
    zeros = {"a": np.zeros(2), "b": [0.0, {"c": np.zeros(1)}]}
    same(whole(0.0, primal), zeros)
    same(whole({"a": array(1, 2)}, primal), {**zeros, "a": array(1, 2)})
    same(whole(0.5, 1.5), 0.5)
    same(add(0.0, [1.0, array(2)]), [1.0, array(2)])
    same(add({"a": 1.0}, 0.0), {"a": 1.0})
    same(like(0.0, primal), zeros)
    buffer = [array(1, 2), 3.0]
    add_at(buffer, slice(0, 2), 0.0)
    same(buffer, [array(1, 2), 3.0])


# ---------------------------------------------------------------- zeros, sums


@pytest.mark.parametrize(
    ("primal", "wanted"),
    [
        (1.5, 0.0),
        (3, 0.0),
        (1j, 0j),
        (F32(1), F32(0)),
        (np.int32(1), 0.0),
        (np.ones(2, F32), np.zeros(2, F32)),
        (np.array([1, 2]), np.zeros(2)),
        (np.ones(2, complex), np.zeros(2, complex)),
        (None, None),
        ("name", None),
        ((1.0, [np.ones(1)]), [0.0, [np.zeros(1)]]),
        (Pair(1.0, 2.0), [0.0, 0.0]),
        ({"a": 1.0, "n": None}, {"a": 0.0, "n": None}),
    ],
)
def test_zeros_like(primal, wanted):
    same(zeros_like(primal), wanted)


@pytest.mark.parametrize("primal", [object(), {1.0}, np.array([None]), np.ma.masked_array([1.0])])
def test_zeros_like_refuses(primal):
    refused(zeros_like, primal)


def test_add():
    same(add({"a": 1.0}, {"b": 2.0, "a": 3.0}), {"a": 4.0, "b": 2.0})
    same(add([1.0, None], (2.0, array(1, 2))), [3.0, array(1, 2)])
    same(add(array(1, 2), 1.0), array(2, 3))
    same(add(None, 2.0), 2.0)
    same(add(2.0, None), 2.0)


def test_add_changes_nothing():
    a, b = {"x": np.ones(2), "l": [1.0]}, {"x": np.ones(2), "l": [2.0]}
    add(a, b)
    same(a, {"x": np.ones(2), "l": [1.0]})


@pytest.mark.parametrize(
    ("a", "b"), [([1.0], np.ones(2)), ([1.0], [1.0, 2.0]), ({}, [1.0]), (1.0, {"a": 1.0})]
)
def test_add_refuses(a, b):
    refused(add, a, b, code="structure")


def test_pack_like():
    same(pack_like([1.0, None], (2.0, array(1, 2))), [1.0, np.zeros(2)])
    same(pack_like([None, array(1, 2)], np.ones((2, 2), F32)), np.array([[0, 0], [1, 2]], F32))
    same(pack_like([1.0, None], array(5, 6)), array(1, 0))
    refused(pack_like, [1.0], [1.0, 2.0], code="structure")


# ---------------------------------------------------------------- broadcasting

SHAPES = [(), (1,), (4,), (4, 1), (1, 4), (1, 1), (4, 4), (3, 1, 4)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("other", SHAPES)
@pytest.mark.parametrize("dtype", [F32, float])
def test_unbroadcast(shape, other, dtype):
    """It is the transposed map of broadcasting: <y_bar, broadcast(x)> = <unbroadcast(y_bar), x>."""
    rng = np.random.default_rng(1)
    full = np.broadcast_shapes(shape, other)
    x, y_bar = rng.integers(-4, 4, shape), rng.integers(-4, 4, full)
    x, y_bar = np.asarray(x, dtype), np.asarray(y_bar, dtype)
    x_bar = unbroadcast(y_bar, x)
    assert np.shape(x_bar) == shape
    assert x_bar.dtype == dtype
    assert np.sum(x_bar * x) == np.sum(y_bar * np.broadcast_to(x, full))
    # and its own: it broadcasts what is smaller
    back = unbroadcast(x, y_bar)
    assert np.array_equal(back, np.broadcast_to(x, full))
    assert shape == full or (full == () or back.flags.writeable)


def test_unbroadcast_of_a_list_for_an_array():
    """An entry of a list of lists may have an array as its adjoint, whose own adjoint is a list."""
    found = unbroadcast([0.5, 1.5], np.zeros(2, np.float32))
    assert found.dtype == np.float32
    assert found.tolist() == [0.5, 1.5]


def test_unbroadcast_keeps_what_fits():
    adjoint = np.ones(3)
    assert unbroadcast(adjoint, np.zeros(3)) is adjoint
    assert unbroadcast(adjoint, np.array([1, 2, 3])) is adjoint
    assert unbroadcast_to(adjoint, (3,)) is adjoint


@pytest.mark.parametrize(
    ("adjoint", "primal", "wanted"),
    [
        (np.ones((2, 3), F32), 1.5, 6.0),
        (np.float64(2), 1.5, 2.0),
        (1 + 2j, 1.5, 1.0),
        (array(1 + 2j, dtype=complex), np.ones(1), array(1)),
        (2.0, 1j, 2 + 0j),
        (2.0, F32(1), F32(2)),
        (np.ones(3), F32(1), F32(3)),
        (np.ones(3), 2, np.float64(3)),
        (2.0, np.ones(2, F32), array(2, 2, dtype=F32)),
        (np.ones((2, 0)), np.ones((2, 1)), np.zeros((2, 1))),
    ],
)
def test_unbroadcast_kinds(adjoint, primal, wanted):
    same(unbroadcast(adjoint, primal), wanted)


@pytest.mark.parametrize("primal", [[1.0], (1.0,), {"a": 1.0}, "text", None, object()])
def test_unbroadcast_refuses_containers(primal):
    error = refused(unbroadcast, 1.0, primal, code="not-a-number")
    assert "np.array" in error.help


def test_unbroadcast_refuses_other_shapes():
    refused(unbroadcast, np.ones(2), np.ones(3), code="shape")
    refused(unbroadcast, np.ones(2), np.ones(1).view(Subclass), code="not-a-number")


def test_spread():
    x = np.ones((2, 3), F32)
    same(spread(2.0, x), np.full((2, 3), 2, F32))
    same(spread(array(1, 2), x, 1), np.array([[1, 1, 1], [2, 2, 2]], F32))
    same(spread(array(1, 2, 3), x, 0), np.array([[1, 2, 3], [1, 2, 3]], F32))
    same(spread(np.ones((1, 1)), x, None, True), np.ones((2, 3), F32))
    same(spread(np.ones((5, 2)), x, 1), np.full((2, 3), 5, F32))
    same(spread(2.0, 1.5), 2.0)
    same(spread(2.0, [1.0, 2.0]), [2.0, 2.0])
    assert spread(2.0, x).flags.writeable


def test_count():
    x = np.ones((2, 3, 4))
    assert [count(x), count(x, 1), count(x, -1), count(x, (0, 2)), count(2.0)] == [24, 3, 4, 8, 1]
    assert count([1.0, 2.0]) == 2


def test_expand_reduced():
    x = np.ones((2, 3))
    assert expand_reduced(np.ones(2), x, 1).shape == (2, 1)
    assert expand_reduced(np.ones((2, 1)), x, 1, True).shape == (2, 1)
    assert expand_reduced(3.0, x).shape == (1, 1)


def test_matmul_with_an_adjoint_that_is_still_broadcast():
    a, b = np.ones((2, 3)), np.ones((3, 4))
    same(matmul_adjoint_left(np.ones((5, 2, 4)), a, b), np.full((2, 3), 20.0))
    same(matmul_adjoint_left(1.0, a, b), np.full((2, 3), 4.0))


# ---------------------------------------------------------------- buffers

INDICES = [
    2,
    -1,
    np.int64(1),
    slice(1, 3),
    slice(None, None, -2),
    ...,
    None,
    (0, 1),
    (slice(None), 1),
    (..., 0),
    [0, 2, 2],
    np.array([0, 0, -1]),
    (np.array([0, 0]), np.array([1, 1])),
    (slice(None), [0, 0]),
    np.array([True, False, True, True]),
    np.array([], int),
    np.arange(12).reshape(4, 3) % 5 == 0,
]


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_add_at(index):
    """Each read of an element counts: <add_at(0, i, a), x> = <a, x[i]>."""
    rng = np.random.default_rng(2)
    x = rng.integers(-5, 5, (4, 3)).astype(float)
    adjoint = rng.integers(-5, 5, np.shape(x[index])).astype(float)
    buffer = np.zeros((4, 3))
    assert add_at(buffer, index, adjoint) is None
    assert np.sum(buffer * x) == np.sum(adjoint * x[index])
    add_at(buffer, index, 1.0)
    assert np.sum(buffer * x) == np.sum((adjoint + 1) * x[index])


def test_add_at_takes_the_real_part():
    buffer = np.zeros(2, F32)
    add_at(buffer, 0, 1 + 2j)
    add_at(buffer, [1, 1], array(1j, 3 + 1j, dtype=complex))
    same(buffer, array(1, 3, dtype=F32))


def test_add_at_in_containers():
    buffer = [0.0, np.zeros(2), {"a": 0.0}, [0.0, 0.0]]
    for index, adjoint in [
        (0, 2.0),
        (1, array(1, 2)),
        (2, {"a": 3.0}),
        (-1, (4.0, 5.0)),
        (0, None),
    ]:
        add_at(buffer, index, adjoint)
    same(buffer, [2.0, array(1, 2), {"a": 3.0}, [4.0, 5.0]])
    add_at(buffer, slice(0, 2), [1.0, array(1, 1)])
    same(buffer[:2], [3.0, array(2, 3)])
    entries = {"a": 1.0}
    add_at(entries, "a", 2.0)
    add_at(entries, "new", array(1))
    same(entries, {"a": 3.0, "new": array(1)})


def test_add_at_never_writes_into_an_entry():
    shared = np.zeros(2)
    add_at([shared], 0, np.ones(2))
    same(shared, np.zeros(2))


@pytest.mark.parametrize("index", INDICES[:10] + INDICES[14:], ids=repr)
def test_take_out(index):
    buffer = np.arange(12.0).reshape(4, 3)
    before = buffer.copy()
    taken = take_out(buffer, index)
    np.testing.assert_array_equal(taken, before[index])
    assert not np.shares_memory(taken, buffer)
    assert np.all(buffer[index] == 0)
    assert np.sum(buffer) == np.sum(before) - np.sum(taken)


def test_take_out_of_containers():
    buffer = {"a": array(5, 6), "l": [array(1, 2)]}
    same(take_out(buffer, "l"), [array(1, 2)])
    same(take_out(buffer, "a"), array(5, 6))
    same(buffer, {"a": 0.0, "l": 0.0})  # something of another structure may have stood there


def test_apart_copies_memory_whose_axes_lie_in_another_order():
    whole = np.empty_like(np.ones((2, 3, 4)).transpose(1, 2, 0), order="K")
    whole[...] = np.arange(24.0).reshape(3, 4, 2)
    copy, part = apart((whole, whole[1]))
    same(copy, whole)
    part[0] = 7.0
    assert np.all(copy[1, 0] == 7.0)
    assert not np.shares_memory(copy, whole)


def test_take_back_leaves_zeros_for_what_stands_there_again():
    buffer = {"a": 2.0, "l": array(1, 2), "new": array(3, 4)}
    same(take_back(buffer, "l", {"a": 1.0, "l": np.ones((2, 3))}), array(1, 2))
    same(take_back(buffer, "new", {"a": 1.0}), array(3, 4))
    same(buffer, {"a": 2.0, "l": np.zeros((2, 3))})


@pytest.mark.parametrize(
    "index",
    [[0, 0], np.array([1, -3]), (np.array([0, 0]), np.array([1, 1])), (slice(None), [1, 1])],
)
def test_only_the_last_writer_of_a_place_is_credited(index):
    buffer, values = np.zeros((4, 3)), np.ones((4, 3))[index]
    numbers = np.arange(1.0, values.size + 1).reshape(values.shape)
    buffer[index] = numbers  # what NumPy keeps
    kept = np.isin(numbers, buffer)
    taken = take_out(np.ones((4, 3)), index)
    np.testing.assert_array_equal(taken, np.where(kept, 1.0, 0.0))
    assert not kept.all()
    np.testing.assert_array_equal(credited(np.ones((4, 3)), index), taken)


def test_own():
    x = np.asfortranarray(np.ones((2, 3)))
    copy = own(x)
    assert not np.shares_memory(copy, x)
    assert copy.flags.f_contiguous
    assert own("text") == "text"


def test_own_copies_the_arrays_in_containers():
    x = np.ones(3)
    tree = [x, (x[1:], {"x": x})]
    copy = own(tree)
    same(copy, tree)
    assert not np.shares_memory(copy[0], x)
    assert not np.shares_memory(copy[1][0], x)
    assert copy[1][1]["x"] is copy[0]


def test_private():
    tree = {"a": [np.ones(2), 1.0]}
    copy = private(tree)
    same(copy, tree)
    assert not np.shares_memory(copy["a"][0], tree["a"][0])


def test_unshared():
    assert unshared(1.5, "x") == 1.5
    assert unshared((1, 2), "x") == (1, 2)
    for value in (np.ones(2), [1.0], {}):
        assert "`x`" in str(refused(unshared, value, "x", code="shared-memory"))


@pytest.mark.parametrize("target", [np.ones(2), [1, 2], 0.5, np.ones(2, complex)])
def test_inexact(target):
    assert inexact(target) is target


@pytest.mark.parametrize("dtype", [int, bool, np.uint8])
def test_inexact_refuses_integers(dtype):
    refused(inexact, np.ones(2, dtype), code="integer-store")


def test_replayable():
    for items in (range(3), [1], (1,), np.ones(2), "ab", {"a": 1}):
        assert replayable(items) is items
    assert replayable({"a": 1}.items()) == [("a", 1)]
    assert replayable({"a": 1}.values()) == [1]
    assert replayable({"a": 1}.keys()) == ["a"]


@pytest.mark.parametrize(
    "items", [iter([1]), (x for x in [1]), {1}, zip([1], [2], strict=True), np.array(1.0)]
)
def test_replayable_refuses(items):
    error = refused(replayable, items, code="not-replayable")
    assert error.help == "collect the items in a list first"


def test_refusals_travel():
    error = pickle.loads(pickle.dumps(Refusal("met", "code", "help")))
    assert (str(error), error.code) == ("met [code]\nhelp: help", "code")
    assert isinstance(error, TypeError)


# ---------------------------------------------------------------- saved files

FUNCTIONS = [getattr(runtime, name) for name in runtime.__all__]


def free_names(code):
    """The global names that the code of a function reads."""
    names = {i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}
    return names.union(*(free_names(c) for c in code.co_consts if inspect.iscode(c)))


# the library itself answers these calls, so that a file which makes them cannot be saved
AT_RUN_TIME = {f for f in FUNCTIONS if f.__module__ == "tangent.runtime.calling"}


@pytest.mark.parametrize(
    "function", [f for f in FUNCTIONS if f not in AT_RUN_TIME], ids=lambda f: f.__name__
)
def test_self_contained(function):
    """It needs NumPy and other functions of the runtime only: it can be written into a file."""
    assert function.__doc__
    if not inspect.isclass(function):
        assert free_names(function.__code__) <= {"np", *runtime.__all__, *vars(builtins)}


def test_written_out():
    """All of the runtime in one text, as a saved file has it."""
    text = "from __future__ import annotations\nfrom typing import Any\nimport numpy as np\n\n"
    text += "\n\n".join(inspect.getsource(function) for function in FUNCTIONS)
    ast.parse(text)
    module = {}
    exec(compile(text, "saved", "exec"), module)
    same(module["unbroadcast"](np.ones((2, 3)), np.ones(3)), np.full(3, 2.0))
    same(module["like"](None, {"a": np.ones(2)}), {"a": np.zeros(2)})
    with pytest.raises(module["Refusal"]):
        module["seed"](1.0, None)


class Linked:
    def __init__(self, values, other=None):
        self.values = values
        self.other = other


def test_distinct_ends_in_objects_that_hold_each_other():
    a = Linked(array(1, 2))
    b = Linked(array(3, 4), a)
    distinct(b)
    a.other = b
    with pytest.raises(Refusal, match="twice"):
        distinct(b)
    with pytest.raises(Refusal, match="twice"):
        distinct(Linked(a.values, a.values[1:]))
