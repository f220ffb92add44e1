"""Second names, names that may show either of two arrays, and stores that callees' records keep."""

import numpy as np

from programs.registry import exactly, floats, normal, program


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def elements_as_loop_variables(x, y):
    b = x * x
    t = 0.0
    for v in b:
        v *= 2.0
        t += v * v
    return t + np.sum(b)


@program(normal((3,)), may_refuse=True)
def one_of_two_that_is_written(x):
    y = np.zeros(3)
    v = y if x[0] < 5 else np.ones(3)
    y[0] = x[1]
    v[1] = y[0] * x[2]
    v *= y
    return np.sum(v * v) + np.sum(y)


@program(normal((3,)), may_refuse=True, smooth=True)
def layouts_of_what_is_reshaped(x):
    y = np.outer(x, x)
    v, r = y.T.reshape(-1), y.reshape(-1)
    r[2] = x[0]
    v[1] *= x[1]
    y **= 2
    return np.sum(v * r) + np.sum(y)


@program(normal((3,)), may_refuse=True)
def entries_through_second_names(x):
    y = x * 2
    z = [y, x]
    w = z[0]
    w[1:] *= x[:2]
    z.append(w)
    z[2][0] = x[2]
    return np.sum(y * z[0] * w)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def second_name(x, y):
    a = x * 2.0
    b = a
    b += y
    b[0] = a[1] * a[2]
    return np.sum(a * b)


@program(floats(2), wrt=(0, 1), smooth=True)
def second_name_of_a_number_in_use(x, y):
    a = x * 2.0
    b = a
    b += y
    b *= a
    return a * b


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def swap_of_elements(x, y):
    z = x * y
    t = z[0]
    z[0] = z[1]
    z[1] = t * y[0]
    return np.sum(z * x)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def double_buffer(x, y):
    old = x * 1.0
    new = np.zeros(6)
    for t in range(3):
        new[1:-1] = old[2:] * y[0] + old[:-2] * old[1:-1]
        old, new = new, old
    return np.sum(old * old)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def either_of_two_read_itself(x, y):
    z = x * 1.0
    w = y * 1.0
    if x[0] > 0:
        v = z
    else:
        v = w
    v[0] = y[1]
    return np.sum(v * v)


@program(normal((6,), (6,)), wrt=(0, 1), writes=True, smooth=True)
def view_of_an_argument(x, y):
    v = x[1:3]
    v *= y[:2]
    x[0] = v[1]
    return np.sum(x * y)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def value_of_out(x, y):
    w = np.zeros(6)
    r = np.multiply(x, y, out=w)
    w[:] *= y
    return np.sum(w * r)


@program(normal((6,), (6,)), wrt=(0, 1), may_refuse=True, smooth=True)
def list_with_two_names(x, y):
    a = [x * 1.0, y * 2.0]
    b = a
    b.append(x * y)
    a[0] = b[2] * y
    return np.sum(a[0] * b[1]) + np.sum(b[2])


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def copy_by_integer_array(x, y):
    z = x * 1.0
    i = np.array([1, 2])
    v = z[i]
    v *= 3.0
    z[1] = y[0]
    return np.sum(z * z) + np.sum(v * v)


def scaled_square(v, k):
    w = v * k
    return w * v


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def record_written_later(x, y):
    z = x * y
    v = z[1:4]
    t = scaled_square(v, y[0])
    v *= 3.0
    s = scaled_square(z, 2.0)
    z[0] = s[1]
    return np.sum(z * z) + np.sum(t)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def index_bound_anew(x, y):
    z = x * y
    w = z * z
    i = 0
    z[i] = z[i + 1] * y[0]
    u = x[i] * y[i]
    i = 3
    z[i] = z[0] * y[1]
    q = z * z
    return np.sum(z * z) * u + np.sum(w) * np.sum(q)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def view_taken_in_a_branch(x, y):
    z = x * 1.0
    for i in range(3):
        if y[i] > 0.5:
            v = z[i : i + 2]
            v *= y[i]
            s = v * v
            z[5] += np.sum(s)
    return np.sum(z * z)


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def old_view_shows_new_value(x, y):
    z = x * 1.0
    v = z[1:3]
    z[1] = y[0]
    return v[0] * z[1] * v[1]


@program(normal((6,), (6,)), wrt=(0, 1), smooth=True)
def three_names(x, y):
    z = x * y
    a = b = z
    a += 1.0
    c = a[2:]
    b[2] *= y[0]
    c -= b[0]
    return np.sum(a * b) + np.sum(c)


@program(exactly(np.array([0.5, 2.0, 0.7])), writes=True)
def a_choice_in_place_under_a_second_name(x):
    x = b = x
    x /= np.maximum(1.5, x)
    return b
