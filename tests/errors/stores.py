"""Stores through something that is not understood, and arguments that share the memory written to.

The exact refusal is not fixed: what is fixed is that there is one, at that line.
"""

import numpy as np

from errors.registry import refused

CACHE = {}
HISTORY = []
BUFFER = np.zeros(3)
ONE = np.ones(3)


@refused("TangentError", np.ones(3))
def cache_of_the_module(x):
    CACHE["y"] = x * x  # error
    return np.sum(CACHE["y"])


@refused("InvalidArgument", 1.5)
def array_of_integers(x):
    y = np.zeros(3, int)
    y[0] = x * 10  # error
    return np.sum(y) * x


@refused("InvalidArgument", 1.5, np.arange(3))
def copy_of_an_argument_of_integers(x, k):
    k = k.copy()
    k[0] = x  # error
    return np.sum(k) * x


@refused("TangentError", np.ones(3))
def entry_of_a_dict_that_another_name_shows(x):
    y = x * 2
    tree = {"a": y}
    tree["a"] -= x * x  # error
    return np.sum(y * y)


@refused("TangentError", np.ones(3))
def list_of_the_module(x):
    HISTORY.append(x * x)  # error
    return np.sum(HISTORY[-1])


@refused("TangentError", np.ones(3))
def array_of_the_module(x):
    BUFFER[:] = x * x  # error
    return np.sum(BUFFER)


@refused("TangentError", np.ones(3))
def array_of_the_module_by_another_name(x):
    y = BUFFER
    y += x * x  # error
    return np.sum(BUFFER)


@refused("TangentError", ONE, ONE, wrt=(0, 1))
def two_arguments_share_what_is_written(x, y):
    x += y
    return np.sum(x * y)


@refused("TangentError", ONE[:2], ONE[1:], wrt=(0, 1))
def two_views_share_what_is_written(x, y):
    x *= 2
    return np.sum(x * y)


@refused("TangentError", {"a": ONE, "b": ONE})
def entries_share_what_is_written(params):
    params["a"] += 1
    return np.sum(params["a"] * params["b"])


@refused("TangentError", np.ones(4))
def shape_is_assigned(x):
    y = x * 2
    y.shape = (2, 2)  # error
    return np.sum(y[0])


@refused("NoRule", np.ones(4))
def method_that_resizes(x):
    y = x * 2
    y.resize((2, 2), refcheck=False)  # error[no-rule]
    return np.sum(y)


@refused("TangentError", np.ones(3))
def array_of_the_module_among_others(x):
    y, z = BUFFER, BUFFER * x
    y[0] = 1.5  # error
    return np.sum(z)


@refused("UnsupportedSyntax", np.ones(4))
def sorted_by_fields(x):
    y = x * 2
    y.sort(order="a")  # error[rule-arguments]
    return np.sum(y)


@refused("NoRule", np.ones(4))
def numbers_put_in_place_of_others(x):
    y = x * 2
    z = np.nan_to_num(y, copy=False)  # error[no-rule-yet]
    z *= 2.0
    return np.sum(y)


@refused("TangentError", np.ones(3), np.full(3, 2.0))
def either_of_two_the_other_read(x, y):
    z, w = x * 1.0, y * 1.0
    v = z if x[0] > 0 else w
    v[0] = y[1]  # error[shared-store]: `z` shows the same memory
    return np.sum(z * z)


@refused("InvalidArgument", np.ones(3), np.full(3, 2.0))
def item_of_a_list_that_holds_it_twice(x, y):
    z = x * y
    a = [z, y * 2.0, z]
    p = a[0]
    p += y  # error[shared-store]: holds the same memory twice
    return np.sum(a[2] * p)


@refused("InvalidArgument", [np.ones(3), np.full(3, 2.0)], np.full(3, 2.0))
def entry_replaced_that_a_name_shows(xs, y):
    p = xs[0]
    xs[0] = y * y  # error[shared-store]: replaces an entry
    p *= y
    return np.sum(p * xs[0])


@refused("UnsupportedSyntax", 1.5)
def list_turned_around_under_its_loop(x):
    a, b = [1.0, 2.0], [1.5, x]
    for u, v in zip(a, b, strict=True):  # error[loop-length]: `b` gets longer or shorter
        b.reverse()
        x = x + u * v
    return x


@refused("UnsupportedSyntax", 1.5)
def list_cut_under_its_loop(x):
    b = [1.5, x, x * x]
    for v in b:  # error[loop-length]
        b[1:] = []
        x = x + v
    return x


@refused("TangentError", 1.5)
def list_that_grows_by_another_name_under_its_loop(x):
    b = [1.5, x]
    c = b
    for v in b:
        if len(c) < 5:
            c.append(v)  # error[shared-store]
        x = x + v
    return x


@refused("TangentError", [1.5, 2.5, 3.5])
def slice_of_a_list_that_is_given(xs):
    xs[1:] = [xs[0] * 2.0]  # error[list-slice]: a slice of a list
    return xs[0] * xs[1]


@refused("InvalidArgument", 0.7, 1.3)
def repeated_list_of_two_names(x, y):
    b = [x, y, x * y]
    c = b
    b *= 2  # error
    return c[0] * 2 + c[-1]


@refused("InvalidArgument", 0.7, 1.3)
def one_row_in_two_places(x, y):
    row = [x, y]
    rows = [row, row]
    rows[0][1] = x * y  # error[shared-store]
    return rows[1][1] * x


@refused("InvalidArgument", 0.7, 1.3)
def longer_row_in_the_place_of_one_that_grew(x, y):
    rows = [[x], [y]]
    rows[0].append(x * y)
    z = rows[0][1]
    rows[0] = [x, y, z]  # error[shared-store]: another length
    return rows[0][2] * rows[1][0]


@refused("InvalidArgument", 0.7, [1.3, 2.5])
def entry_that_grows_by_a_list_that_is_given(x, more):
    rows = {"a": [x]}
    rows["a"] += more  # error[list-growth]: a list that is kept in another one
    return rows["a"][0] * rows["a"][1]


STEPS = np.array([0.5, -1.5, 2.5])


@refused("InvalidArgument", np.array([1.5, 0.5, 2.0]))
def global_array_under_a_second_name(x):
    steps = STEPS
    steps[0] = x[0]  # error[shared-store]: `STEPS` shows the same memory
    return np.sum(steps * x)


@refused("InvalidArgument", np.array([1.5, 0.5, 2.0]))
def part_of_a_global_array_updated(x):
    part = STEPS[1:] if x[0] > 1.0 else x[1:] * x[:2]
    part *= x[0]  # error[shared-store]: `STEPS` shows the same memory
    return np.sum(part * x[1:])


class TwoNames:
    pass


@refused("InvalidArgument", np.array([0.7, 1.3, 0.2]))
def array_that_two_attributes_show(x):
    v = TwoNames()
    v.a = x * 2.0
    v.b = v.a
    v.b[0] = v.a[1] * x[2]  # error[shared-store]
    return np.sum(v.a * v.b)


@refused("InvalidArgument", 0.7)
def entry_that_may_be_merged_with_a_dict(x):
    v = {"p": {"a": x}, "q": {"b": x * x}}
    v["p"] |= v["q"]  # error[structure]
    return v["p"]["a"] * v["p"]["b"]


class Linked:
    def __init__(self, values, other=None):
        self.values = values
        self.other = other


@refused("TangentError", np.array([0.7, 1.3, 0.2]))
def array_of_an_object_that_is_inside_itself(x):
    a = Linked(x * 1.0)
    b = Linked(x * 2.0, a)
    a.other = b  # error[shared-store]
    b.values[0] += b.values[1] * a.values[2]
    return np.sum(b.values * a.values)


@refused("InvalidArgument", np.ones(3))
def captured_in_a_list(x):
    rows = [STEPS, x]
    rows[0][1] = x[0] * 2.0  # error[shared-store]
    return np.sum(STEPS * x)


@refused("InvalidArgument", np.ones(3))
def captured_reshaped(x):
    part = STEPS.reshape(-1)
    part[1] = x[0] * 2.0  # error[shared-store]: `STEPS` shows the same memory
    return np.sum(STEPS) * x[1]


def filled(buffer, value):
    buffer[1] = value  # error[shared-store]: `STEPS` shows the same memory


@refused("InvalidArgument", np.ones(3))
def captured_filled_by_a_callee(x):
    filled(STEPS, x[0])
    return np.sum(STEPS) * x[1]


class Held:
    def __init__(self, w):
        self.w = w


@refused("InvalidArgument", np.ones(2))
def object_that_is_changed_and_replaced(x):
    held, z = [Held(x[0]), Held(x[1])], 0.0
    for one in held:
        z = z + one.w * one.w
    held[1].w = 2.0
    held[1] = Held(z)  # error[shared-store]: an entry that is changed
    return held[0].w * held[1].w


@refused("InvalidArgument", np.ones(2))
def dict_that_is_changed_and_replaced(x):
    rows, z = [{"w": x[0]}, {"w": x[1]}], 0.0
    for row in rows:
        for other in rows:
            z = z + row["w"] * other["w"]
    rows[0]["w"] *= 2.0
    rows[0] = {"w": z}  # error[shared-store]: an entry that is changed
    return rows[0]["w"] * rows[1]["w"]


ROWS = [np.ones(3), np.ones(3)]


@refused("InvalidArgument", np.ones(3))
def captured_in_a_sum_of_lists(x):
    rows = ROWS + [x * 2.0]  # error[shared-store]
    rows[0][1] = x[0] * 2.0
    return np.sum(rows[0] * rows[2])


@refused("InvalidArgument", np.ones(3))
def rows_of_an_entry_that_is_repeated(x):
    rows = [np.ones(3)]
    table = {"rows": rows}
    both = table["rows"] * 2  # error[shared-store]
    both[0][1] = x[0] * 2.0
    return np.sum(rows[0] * x)


def made_rows():
    return [np.ones(3), np.zeros(3)]


@refused("InvalidArgument", np.ones(3))
def copy_of_a_list_that_a_call_gave(x):
    rows = made_rows()
    other = rows.copy()  # error[shared-store]
    other[0][1] = x[0] * 2.0
    return np.sum(rows[0] * x)


@refused("InvalidArgument", np.ones(3))
def list_that_a_captured_one_is_added_to(x):
    table = {"rows": [x * 2.0]}
    table["rows"] = rows = made_rows()
    rows += ROWS  # error[shared-store]
    rows[2][1] = x[0] * 2.0
    return np.sum(ROWS[0] * x)


def repeated(rows, n):
    return rows * n


def pair(x):
    return [x * 2.0, x + 1.0]


def copy_of_the_captured():
    return ROWS.copy()


@refused("InvalidArgument", np.ones(3))
def rows_that_a_callee_repeats(x):
    rows = pair(x)
    twice = repeated(rows, 2)  # error[shared-store]
    twice[0][1] = x[0] * 3.0
    return np.sum(rows[0] * x)


@refused("InvalidArgument", np.ones(3))
def copy_that_a_callee_makes_of_a_captured_list(x):
    rows = copy_of_the_captured()  # error[shared-store]
    rows[0][1] = x[0] * 3.0
    return np.sum(ROWS[0] * x)


@refused("InvalidArgument", np.ones(3))
def rows_that_are_summed_up(x):
    rows = [x * 2.0, x + 1.0]
    joined = sum([rows, [x]], [])  # error[shared-store]
    joined[0][1] = x[0] * 3.0
    return np.sum(rows[0] * x)


@refused("InvalidArgument", np.ones(3))
def greater_of_two_captured_lists(x):
    rows = max(ROWS * 2, ROWS * 2)  # error[shared-store]
    rows[0][1] = x[0] * 3.0
    return np.sum(rows[2] * x)


PAIRS = [[1.0, 2.0], [3.0, 4.0]]


@refused("InvalidArgument", np.ones(3))
def item_that_is_the_greatest(x):
    row = max([PAIRS[0], PAIRS[1]])
    row[1] = x[0] * 3.0  # error[shared-store]: `row`
    return PAIRS[1][1] * x[1]
