"""Stores into containers that are kept in others: tables of rows, lists in dicts, layers."""

import numpy as np

from programs.registry import floats, normal, program


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def time_warp(x, y):
    n, m = len(x), len(y)
    D = [[0.0] * m for _ in range(n)]
    for i in range(1, n):
        for j in range(1, m):
            D[i][j] = (x[i] - y[j]) ** 2 + D[i - 1][j - 1] * x[0] + 0.5 * D[i][j - 1]
    return D[n - 1][m - 1]


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def table_read_and_updated(x, y):
    table = [[0.0 for _ in range(3)] for _ in range(3)]
    for i in range(3):
        row = table[i]
        for j in range(3):
            row[j] = x[i] * y[j]
    for i in range(1, 3):
        table[i][i] += table[i - 1][i] * table[i][i - 1]
        table[0][i] *= table[i][i]
    return table[2][2] * table[0][1] + sum([sum(row) for row in table])


@program(normal((3,)), smooth=True)
def history_in_lists_of_a_dict(x):
    history = {"x": [], "loss": []}
    s = 1.0
    for k in range(3):
        s = s * x[k] + 0.3
        history["x"].append(s)
        history["loss"].append(s * s)
    return history["x"][0] * history["x"][1] + sum(history["loss"])


@program(normal((4,)), smooth=True)
def groups_by_key(x):
    groups = {}
    for k in range(4):
        groups.setdefault(k % 2, []).append(x[k] * x[0])
    return groups[0][0] * groups[1][1] + sum(groups[1])


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True)
def steps_on_nested_parameters(x, y):
    params = {"a": {"W": x * 2.0, "b": y * 1.0}, "c": {"W": y * x}}
    for _ in range(3):
        g = params["a"]["W"] * params["c"]["W"]
        params["a"]["W"] = params["a"]["W"] - 0.1 * g
        params["a"]["b"] -= 0.1 * params["a"]["b"] * g
    return np.sum(params["a"]["W"] * params["a"]["b"])


@program(floats(2), wrt=(0, 1), smooth=True)
def state_with_a_list_beside_a_number(x, y):
    state = {"x": x, "seen": []}
    for k in range(3):
        state["x"] = state["x"] * y + 0.1 * k
        state["seen"].append(state["x"])
    return state["seen"][0] * state["seen"][2] * state["x"]


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def rows_that_grow_and_shrink(x, y):
    rows = []
    for i in range(3):
        rows.append([])
        for j in range(3):
            rows[i].append(x[i] * y[j])
    a, b = rows[0].pop(), rows[2].pop()
    rows[1] += [a * b, x[0]]
    rows[0].append(rows[1][3] * rows[-1][0])
    return rows[0][2] * rows[1][4] * rows[2][1]


@program(normal((2,), (2,)), wrt=(0, 1), smooth=True)
def three_levels(x, y):
    cube = [[[0.0 for _ in range(2)] for _ in range(2)] for _ in range(2)]
    for i in range(2):
        for j in range(2):
            for k in range(2):
                cube[i][j][k] = x[i] * y[j] * x[k]
    cube[0][1][0] = cube[1][1][1] * cube[0][0][1]
    return cube[0][1][0] * cube[1][0][0]


@program(normal((2,), (2,)), wrt=(0, 1), smooth=True)
def row_replaced_by_one_of_the_same_length(x, y):
    rows = [[x[0], x[1]], [y[0], y[1]]]
    old = rows[0]
    rows[0] = [y[1], y[0] * x[0]]
    old[0] = x[1] * y[1]
    rows[0][1] = rows[0][0] * rows[0][1]
    return old[0] * rows[0][1] * rows[0][0]


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def number_times_an_entry_that_is_no_list(x, y):
    state = {"d": {"k": x[0]}, "seen": [], "w": x[1]}
    for k in range(3):
        state["seen"].append(state["w"] * y[k])
        state["d"]["k"] = state["d"]["k"] * y[k]
        state["w"] = state["w"] * 0.5 + state["seen"][-1]
    return state["seen"][0] * state["seen"][2] * state["d"]["k"]


@program(normal((3,), (3,)), wrt=(0, 1), may_refuse=True, smooth=True)
def number_or_list_under_one_index(x, y):
    mixed, s = [0.0, [x[0], y[0]]], 0.0
    for k in range(1):
        z = mixed[k]
        c = z
        mixed[1][0] = x[1] * y[1] * mixed[1][0]
        mixed[0] = mixed[1][0] * x[2]
        s = s + c * mixed[1][0] + mixed[0]
    return s


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def entry_that_grows_under_a_name(x, y):
    table, z = {"a": [x[0], y[0]], "b": [y[1], x[1]]}, 1.0
    for _, row in table.items():
        z = z * row[1] * x[2]
    for k in range(2):
        row = table["b"]
        row.append(z * y[k] * row[0])
    return table["a"][0] * z * table["b"][3]


@program(normal((2,), (2,)), wrt=(0, 1), may_refuse=True)
def last_of_a_list_of_a_number_and_a_list(x, y):
    mixed = [0.5]
    z = mixed[-1]
    mixed.append([x[0], y[0]])
    mixed[-1][0] = mixed[-1][1] * x[1] * z
    return mixed[0] * mixed[-1][0] * mixed[1][1]


class Layer:
    def __init__(self, w):
        self.w = {"a": w, "b": w * 2.0}
        self.seen = []
        self.table = [[0.0] * 2 for _ in range(2)]

    def keep(self, v):
        self.seen.append(v)
        self.w["a"] = self.w["a"] - 0.1 * v


@program(normal((3,), (3,)), wrt=(0, 1), saves=False, smooth=True)
def containers_in_attributes(x, y):
    layer = Layer(x[0])
    for k in range(3):
        layer.keep(x[k] * y[k])
    layer.table[0][1] = layer.seen[0] * layer.seen[2]
    layer.table[1][0] += layer.table[0][1] * layer.w["b"]
    return layer.table[1][0] * layer.w["a"]


@program(floats(2), wrt=(0, 1), smooth=True)
def rows_that_do_not_move_at_first(x, y):
    still = [[0.0], [1.0]]
    rows = [still, [[x], [y]]]
    rows[0][0][0] = x * x
    rows[1][1][0] += rows[0][0][0] * y
    rows[0][1] = [y]
    return rows[1][1][0] * rows[0][1][0]


@program(floats(2), wrt=(0, 1), may_refuse=True)
def one_row_in_two_places(x, y):
    rows = [[x, y]] * 3
    rows[0][1] = x * y
    rows[1][1] = rows[1][1] * x
    return rows[2][1] * y


@program(floats(2), wrt=(0, 1), may_refuse=True)
def row_kept_under_a_name_as_well(x, y):
    row = [x, y]
    rows = [row, [y]]
    rows[0][1] = x * y
    return row[1] * x


@program(floats(2), wrt=(0, 1), smooth=True)
def entries_of_each_dict_by_what_they_were(x, y):
    rows = [{"x": x, "v": y}, {"x": y, "v": y * x}]
    for _ in range(3):
        for row in rows:
            row["x"] = row["x"] + 0.1 * row["v"] * y
            row["v"] = row["v"] - 0.1 * np.sin(row["x"])
    return rows[0]["x"] * rows[1]["v"] + rows[1]["x"]


@program(normal((3,)), smooth=True)
def rows_that_grow_and_are_read_in_turn(x):
    table = [[x[0], x[1]], [x[1], x[2]]]
    for k in range(2):
        table[k].append(table[k][0] * x[0])
    total = 0.5
    for k in range(2):
        row = table[1 - k]
        total = total * row[1] + row[2]
    return total


@program(normal((3,)), smooth=True)
def rows_that_are_popped_when_they_have_grown(x):
    table, total = [[x[0], x[1]], [x[1], x[2]]], 0.0
    for i in range(2):
        table[i].append(table[i][-1] * table[(i + 1) % 2][0])
    while table:
        row = table.pop()
        total = total * row[1] + row[2] * row[0]
    return total


@program(normal((3,)), smooth=True)
def rows_that_change_when_they_are_popped(x):
    table, total = [[x[0], x[1]], [x[1], x[2]], [x[2], x[0]]], 0.0
    for _ in range(2):
        total = total * table[0][0] + table[-1][1] * table[-1][0]
        row = table.pop()
        row[1] = row[0] ** 2
        total = total * row[1]
        table[0][0] = table[0][0] * row[1]
    return total


@program(normal((3,)), smooth=True)
def row_with_a_name_that_is_popped(x):
    table = [[x[0], x[1]], [x[1], x[2]]]
    last = table[1]
    last.append(last[0] * table[0][0])
    row = table.pop()
    row[0] = row[1] * row[2]
    return row[0] * table[0][1] * row[2]


@program(normal((3,)), smooth=True)
def lists_in_lists_in_lists(x):
    table = [[[x[0], x[1]], [x[2]]], [[x[1]], [x[2], x[0]]]]
    for i in range(2):
        for row in table[i]:
            row[0] = row[0] * row[-1] * x[i]
    last = table[1][1]
    last.append(last[0] * table[0][0][0])
    return last[2] * table[1][0][0] * table[0][1][0]


@program(floats(2))
def popped_under_a_computed_key_behind_a_loop(x, y):
    k = "a"
    t = {"a": [1.5, y], "b": [1.5, 1.5, 1.5]}
    if x < 9:
        for c in t["a"]:
            z = c * x
        y = t[k].pop()
    return t["a"][0] + z


@program(lambda rng: ([{"b": 0.3, "c": 0.2}, {"b": rng.normal(size=4), "c": 0.1}], 0.7), wrt=(0, 1))
def layers_of_other_shapes_in_one_place(layers, x):
    held = [None, 1.0]
    for k in range(2):
        held[0] = layers[k]
        x = np.sum(np.tanh(x * held[0]["b"] + held[0]["c"]))
    return x


@program(
    lambda rng: (
        [[rng.normal(size=(m, n)), rng.normal(size=n)] for m, n in ((3, 4), (4, 1), (1, 2))],
        rng.normal(size=3),
    ),
    wrt=(0, 1),
)
def pairs_of_other_shapes_in_one_place(layers, x):
    held = [None] * 2
    held[1] = x
    for pair in layers:
        held[0] = pair
        held[1] = np.tanh(held[1] @ held[0][0] + held[0][1])
    return np.sum(held[1] ** 2)


def _made(b, c):
    return {"b": b, "c": c}


def _beside(v, n):
    return v, n


@program(floats(1), may_refuse=True)  # in forward mode
def zeros_of_what_stood_in_a_place_before(x):
    d = {"p": {"b": 1.5, "c": x}, "q": x}
    e, _ = _beside(d["q"], 1.5)
    for k in ("p",):
        d[k] = _made(1.5, np.ones(3))
        d["p"]["b"] = 1.5
    return e * x
