"""Python beyond what is promised so far: the library may refuse it, and must not be wrong."""

import functools

import numpy as np
import scipy.sparse

from programs.registry import exactly, floats, followed_by, normal, program


@program(normal((4,)), smooth=True, may_refuse=True)
def store_into_fresh_array(x):
    y = np.zeros(4)
    for i in range(4):
        y[i] = x[i] * x[i - 1]
    return np.sum(y * y)


@program(normal((4,)), smooth=True, may_refuse=True)
def store_recurrence(x):
    y = np.zeros(4)
    y[0] = x[0]
    for i in range(1, 4):
        y[i] = y[i - 1] * x[i]
    return np.sum(y)


@program(normal((4,)), smooth=True, may_refuse=True)
def update_of_an_element(x):
    y = x * 2
    y[1] += x[0]
    y[1] *= y[2]
    return np.sum(y * x)


@program(normal((4,)), smooth=True, may_refuse=True)
def store_through_a_slice(x):
    y = x * 2
    y[1:] = y[:-1]
    y[y > 1] = 0.5
    return np.sum(y * x)


@program(normal((4,)), smooth=True, may_refuse=True)
def store_through_a_view(x):
    y = x * 2
    z = y[1:3]
    z *= x[0]
    return np.sum(y * x)


@program(normal((4,)), smooth=True, may_refuse=True)
def store_through_a_transpose(x):
    y = x.reshape(2, 2) * 2
    z = y.T
    z += x[:2]
    return np.sum(y * y)


@program(normal((4,)), smooth=True, may_refuse=True)
def update_through_a_second_name(x):
    y = x * 2
    z = y
    z += x
    return np.sum(y * x)


@program(normal((4,)), smooth=True, may_refuse=True)
def update_of_a_row_in_a_loop(x):
    table = np.outer(x, x)
    for row in table:
        row *= x
    return np.sum(table**2)


@program(normal((4,)), smooth=True, may_refuse=True)
def update_of_an_array_in_a_list(x):
    parts = [x * 2, x * 3]
    y = parts[0]
    y += x
    return np.sum(parts[0] * parts[1])


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True, may_refuse=True, writes=True)
def update_of_an_argument(x, y):
    x += y
    x *= y
    return np.sum(x * x)


@program(normal((4,)), smooth=True, may_refuse=True, writes=True)
def update_of_an_argument_by_another_name(x):
    y = x
    y *= 2
    return np.sum(x * y)


def doubles_in_place(x):
    x *= 2
    return np.sum(x)


@program(normal((4,)), smooth=True, may_refuse=True)
def callee_writes_into_its_argument(x):
    y = x * x
    total = doubles_in_place(y)
    return np.sum(y * x) * total


@program(normal((4,)), smooth=True, may_refuse=True)
def updated_after_the_record_was_made(x):
    y = np.sin(x)
    z = y * y
    y += 1
    return np.sum(z * y)


@program(normal((4,)), smooth=True, may_refuse=True)
def updated_after_it_went_into_a_list(x):
    y = x * 1.0
    kept = []
    for _ in range(3):
        kept.append(y)
        y *= x
    return np.sum(kept[0] * kept[1] * kept[2])


@program(normal((4,)), smooth=True, may_refuse=True)
def result_of_a_callee_shares_its_argument(x):
    y = x * x
    z = functools.partial(lambda a, b: b, 1)(y)
    z += 1
    return np.sum(y * z)


@program(exactly(2.5), exactly(0.5), may_refuse=True, smooth=True)
def while_loop(x):
    y = x
    while y < 20:
        y = y * 2 + x
    return y * x


@program(normal((6,)), may_refuse=True, smooth=True)
def break_and_continue(x):
    total = 1.0
    for item in x:
        if item > 1.5:
            break
        if item < 0:
            continue
        total = total * item + 1
    return total


@program(normal((6,)), may_refuse=True, smooth=True)
def return_inside_a_loop(x):
    total = 0.0
    for item in x:
        total = total + item * item
        if total > 0.7:
            return total * item
    return total


@program(normal((6,)), may_refuse=True, smooth=True)
def loop_with_else(x):
    total = 1.0
    for item in x:
        total = total * item
    else:
        total = total * 2
    return total


@program(normal((4,)), smooth=True)
def list_comprehension(x):
    parts = [item * item for item in x]
    return sum(parts) * parts[0]


@program(lambda rng: ({k: rng.normal(size=2) for k in "ab"},), smooth=True)
def loop_over_a_dict(params):
    total = 0.0
    for key in params:
        total = total + np.sum(params[key] ** 2)
    for key, value in params.items():
        total = total * np.sum(value) + len(key)
    for value in params.values():
        total = total + np.sum(value**3)
    return total


@program(lambda rng: ({k: rng.normal(size=2) for k in "ab"},), smooth=True, may_refuse=True)
def dict_comprehension(params):
    doubled = {key: value * 2 for key, value in params.items()}
    return np.sum(doubled["a"] * params["b"])


@program(floats(1), smooth=True, may_refuse=True)
def store_into_a_dict(x):
    table = {}
    table["a"] = x * x
    table["b"] = table["a"] * x
    table["a"] = 3.0
    return table["b"] * table["a"]


@program(floats(1), smooth=True, may_refuse=True)
def store_into_a_list(x):
    xs = [x, 1.0, 2.0]
    xs[1] = x * x
    xs[0] += xs[1]
    return xs[0] * xs[1] * xs[2]


@program(floats(1), smooth=True, may_refuse=True)
def other_list_methods(x):
    xs = [x, x * x]
    xs.extend([x * 2, 3.0])
    xs.insert(0, x + 1)
    xs.reverse()
    return xs[0] * xs[-1] + xs[1]


@program(floats(2), wrt=(0, 1), smooth=True, may_refuse=True)
def list_arithmetic(x, y):
    xs = [x] + [y, x * y]
    xs += [y]
    zs = [x, y] * 2
    return xs[0] * xs[2] + xs[3] * zs[2]


@program(floats(1), smooth=True)
def annotated(x):
    y: float = x * x
    z: float
    z = y * x
    return z


@program(exactly((1.5, 2.5, 0.5)), smooth=True, may_refuse=True)
def starred_target(xs):
    first, *rest = xs
    return first * rest[0] * rest[1]


@program(exactly(1.5, 2.5), wrt=(0, 1), smooth=True, may_refuse=True)
def starred_parameter(x, *others):
    return x * others[0]


@program(exactly([1.5, 2.5]), smooth=True)
def starred_call(xs):
    return np.hypot(*xs)


@program(floats(1), smooth=True)
def walrus(x):
    if (y := x * x) > 0.1:
        return y * x
    return y


@program(floats(1), smooth=True, may_refuse=True)
def nonlocal_counter(x):
    total = x

    def add(y):
        nonlocal total
        total = total + y

    add(x * x)
    add(x)
    return total * x


@program(floats(1), smooth=True, may_refuse=True)
def try_and_except(x):
    try:
        y = x * x
    except ValueError:
        y = x
    return y


@program(floats(1), smooth=True)
def context_manager(x):
    with np.errstate(all="ignore"):
        y = x * x
    return y * x


class Spring:
    def __init__(self, stiffness):
        self.stiffness = stiffness

    def energy(self, x):
        return 0.5 * self.stiffness * x * x


SPRING = Spring(3.0)


@program(floats(1), smooth=True, may_refuse=True, saves=False)
def method_of_an_object(x):
    return SPRING.energy(x) * x


@program(floats(2), wrt=(0, 1), smooth=True, may_refuse=True, saves=False)
def object_made_inside(x, k):
    spring = Spring(k * 2)
    return spring.energy(x)


@program(floats(1), smooth=True, saves=False)
def table_of_functions(x):
    table = {"sin": np.sin, "square": lambda z: z * z}
    return table["sin"](x) * table["square"](x)


@program(floats(1), smooth=True, saves=False)
def partial_application(x):
    f = functools.partial(pow, x)
    return f(3)


@program(floats(1), smooth=True)
def sum_of_a_generator(x):
    return sum(x**i for i in range(3))


@program(normal((4,)), smooth=True, may_refuse=True)
def reduce_by_a_method(x):
    return np.add.reduce(x * x) + np.multiply.outer(x, x)[0, 1]


@program(normal((4,)), smooth=True, may_refuse=True)
def out_argument(x):
    y = np.zeros(4)
    np.multiply(x, x, out=y)
    return np.sum(y * x)


@program(normal((4,)), smooth=True, may_refuse=True)
def sum_where(x):
    return np.sum(x * x, where=x > 0)


@program(followed_by(normal((4,)), np.array([0, 0, 1])), smooth=True, may_refuse=True)
def add_at(x, index):
    y = np.zeros(4)
    np.add.at(y, index, x[:3])
    return np.sum(y * y)


@program(exactly(0.7), smooth=True, may_refuse=True)
def complex_on_the_way(x):
    z = x * (1.0 + 2.0j)
    return (z * z).real + abs(z)


@program(exactly(1.5), smooth=True, may_refuse=True)
def casts_that_keep(x):
    return float(x) * x + float(np.float64(x))


@program(exactly(2.3), may_refuse=True, smooth=True)
def casts_that_cut(x):
    return int(x) * x + round(x) + float(np.floor(x)) * x


@program(floats(1), smooth=True, may_refuse=True)
def match_statement(x):
    match len("ab"):
        case 2:
            return x * x
        case _:
            return x


@program(floats(1), smooth=True)
def deleted_name(x):
    y = x * x
    z = y * x
    del y
    return z


@program(normal((3,)), smooth=True, may_refuse=True)
def iterated_by_hand(x):
    it = iter(x)
    return next(it) * next(it) + x[0]


@program(normal((4,)), smooth=True, may_refuse=True)
def in_place_sort(x):
    y = x * 1.0
    y.sort()
    return np.sum(y * np.arange(4.0))


@program(normal((4,)), smooth=True, may_refuse=True)
def fill_and_copyto(x):
    y = x * 2
    z = np.empty(4)
    np.copyto(z, y)
    y.fill(3.0)
    return np.sum(z * y)


@program(normal((4,)), smooth=True, may_refuse=True)
def view_updated_in_one_branch(x):
    y = x * x
    z = y[:2] if x[0] > -9 else x[:2] * 1.0
    z += 1
    return np.sum(y)


@program(normal((4,), (4,)), wrt=(0, 1), smooth=True, may_refuse=True)
def loop_carried_alias(x, y):
    a, b = x * 1.0, y * 1.0
    for _ in range(3):
        a, b = b, a
        a *= x
    return np.sum(a * b)


@program(normal((4,)), smooth=True, may_refuse=True)
def copy_that_may_be_a_view(x):
    y = x * 2
    z = y.reshape(2, 2)
    w = np.asarray(z)
    w += 1
    return np.sum(y * x)


@program(normal((3,)), smooth=True, may_refuse=True)
def store_into_the_diagonal_that_einsum_shows(x):
    y = np.ones((3, 3))
    z = np.einsum("ii->i", y)
    z[:] = x
    return np.sum(y * y)


@program(normal((3,)), smooth=True, may_refuse=True)
def store_through_a_copied_list(x):
    y = np.ones(3)
    z = [y].copy()
    z[0][0] = x[1]
    return np.sum(y * y)


@program(floats(1), smooth=True, may_refuse=True)
def number_in_an_array_of_records(x):
    y = np.array((x, 2.0), dtype=[("a", float), ("b", float)])
    return y["a"] * x


@program(floats(1), smooth=True, may_refuse=True)
def number_in_an_array_of_texts(x):
    return float(np.float64(x).astype(str)) * x


LAPLACIAN = scipy.sparse.csr_array(np.diag([2.0] * 4) - np.eye(4, k=1) - np.eye(4, k=-1))


@program(normal((4,)), smooth=True, captured={"LAPLACIAN": LAPLACIAN})
def products_with_a_sparse_matrix(u):
    for _ in range(2):
        u = u - 0.1 * (LAPLACIAN @ (u * u))
    return u @ LAPLACIAN @ u + np.sum((LAPLACIAN @ np.outer(u, u)) ** 2)
