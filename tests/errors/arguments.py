"""Wrong results, wrong `wrt`, and arguments that have no derivative."""

import numpy as np

from errors.registry import refused


class Metres(np.ndarray):
    """An array whose operators are its own."""

    def __mul__(self, other):
        return super().__mul__(other) * 2


def metres(x):
    return np.asarray(x).view(Metres)


# ---------------------------------------------------------------- results


@refused("NonScalarOutput", np.ones(3))
def array_result(x):
    y = x * 2
    return y * y  # error: shape (3,)


@refused("NonScalarOutput", np.ones(1))
def array_of_one_element(x):
    return x * x  # error: shape (1,)


@refused("NonScalarOutput", 1.5)
def tuple_result(x):
    return x, x * x  # error: tuple


@refused("NonScalarOutput", {"a": 1.5})
def dict_result(params):
    return {"loss": params["a"] ** 2}  # error: dict


@refused("NonScalarOutput", 1.5)
def no_result(x):
    return None  # error: None


@refused("NonScalarOutput", 1.5)
def complex_result(x):
    return x * (1 + 2j)  # error: complex


@refused("NonScalarOutput", np.ones(3))
def complex_array_element(x):
    return np.sum(x * 1j)  # error: complex


@refused("InvalidArgument", np.array([1.5, -0.5]))
def sign_of_complex_numbers(x):
    return np.sum(np.sign(x * (1 + 2j)).real)  # error[complex]: `np.sign` of complex numbers


@refused("NonScalarOutput", 1.5)
def one_branch_returns_an_array(x):
    if x > 1:
        return np.ones(2) * x
    return x * x


# ---------------------------------------------------------------- `wrt`


def product(x, y):
    return x * y


for label, wrt in {
    "unknown_name": "z",
    "position_too_large": 2,
    "position_too_small": -3,
    "unknown_name_in_a_tuple": (0, "z"),
    "neither_name_nor_position": 1.0,
}.items():
    refused("InvalidArgument", 1.5, 2.5, wrt=wrt, name=f"wrt_{label}")(product)

for label, value in {
    "integer": 3,
    "boolean": True,
    "integer_array": np.arange(3),
    "boolean_array": np.ones(3, bool),
    "numpy_integer": np.int64(3),
    "text": "three",
    "none": None,
}.items():
    refused("InvalidArgument", value, 2.5, name=f"{label}_in_wrt")(product)


@refused("InvalidArgument", 1.5, 3, wrt=(0, "n"))
def one_integer_of_two(x, n):
    return x * n


# ---------------------------------------------------------------- kinds of arrays


def total(x):
    return np.sum(x * x)


def weighted(x, w):
    return np.sum(x * w)


for label, array in {
    "matrix": np.ones((2, 2)).view(np.matrix),
    "masked_array": np.ma.masked_array([1.0, 2.0], [False, True]),
    "subclass": metres([1.0, 2.0]),
    "object_array": np.array([1.0, None], dtype=object),
}.items():
    refused("TangentError", array, name=label)(total)

refused("TangentError", np.ones(2), metres([1.0, 2.0]), name="subclass_beside_wrt")(weighted)
refused("TangentError", [np.ma.ones(2)], np.ones(2), name="masked_array_in_a_list")(
    lambda xs, w: np.sum(xs[0] * w)
)


# ---------------------------------------------------------------- too few, too many

refused("TypeError", 1.5, name="argument_missing")(product)
refused("TypeError", 1.5, 2.5, 3.5, name="argument_too_many")(product)


OUTSIDE, BOX = np.array([1.0, 2.0]), [1.0, 2.0]


WINDOWS = np.lib.stride_tricks.as_strided(np.arange(5.0), (3, 3), (8, 8))


@refused("AliasedArguments", WINDOWS)
def written_where_elements_share_a_place(x):
    x[0, 1] = 10.0 * x[2, 2]
    return np.sum(x * x)


@refused("AliasedArguments", OUTSIDE)
def argument_that_is_read_from_outside_too(a):
    a[0] = a[1] * 2.0
    return OUTSIDE[0] * 3.0


@refused("AliasedArguments", BOX, BOX)
def one_list_for_two_arguments(a, b):
    a.append(a[0] * 2.0)
    return b[-1] * 3.0
