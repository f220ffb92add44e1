"""Assignment: tuples, chains, names written again, and augmented assignment on names."""

import numpy as np

from programs.registry import exactly, floats, normal, positive, program


@program(floats(2), wrt=(0, 1), smooth=True)
def swap(x, y):
    x, y = y, x
    return x * x * y


@program(floats(3), wrt=(0, 1, 2), smooth=True)
def rotate_twice(x, y, z):
    x, y, z = y, z * x, x
    x, y, z = y + z, z, x * y
    return x * y + z


@program(floats(2), wrt=(0, 1), smooth=True)
def nested_targets(x, y):
    (a, b), [c, (d, e)] = (x, x * y), [y, (2.0, x + y)]
    return a * b + c * d * e


@program(floats(1), smooth=True)
def chain(x):
    a = b = x * x
    c = d = a * 3
    return a * b + c * d


@program(normal((3,)), smooth=True)
def chain_of_arrays(x):
    a = b = np.sin(x)
    a = a * 2
    return np.sum(a * b)


@program(floats(1), smooth=True)
def overwritten_parameter(x):
    x = x * x
    x = np.sin(x) * x
    x = x + x * 3
    return x


@program(normal((4,)), smooth=True)
def written_four_times(x):
    y = x * 2
    z = y * x
    y = np.sin(z) * y
    z = y + z * y
    y = z * z
    z = np.sum(y) * z
    return np.sum(z)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def add_to_fresh_array(x, y):
    z = x * 2
    z += y
    z += z
    return np.sum(z * z)


@program(positive((3,), (3,)), wrt=(0, 1), smooth=True)
def every_augmented_operator(x, y):
    z = x * y
    z += x
    z -= y * 2
    z *= x
    z /= y
    z **= 2
    return np.sum(z)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def old_value_needed_after_update(x, y):
    z = x * y
    w = z * z
    z *= x
    v = z * w
    z -= v
    return np.sum(z * v)


@program(normal((2, 3), (3,), (2, 1)), wrt=(0, 1, 2), smooth=True)
def update_by_smaller_shapes(x, row, column):
    y = x * 1.5
    y += row
    y *= column
    y -= 1
    return np.sum(y**3)


@program(normal((3,)), smooth=True)
def add_to_zeros(x):
    y = np.zeros(3)
    y += x
    y += x * x
    return np.sum(y * x)


@program(normal((3,)), smooth=True)
def add_to_zeros_like(x):
    y = np.zeros_like(x)
    y += 2 * x
    return np.sum(y * y)


@program(normal((3,)), smooth=True)
def update_a_copy(x):
    y = x.copy()
    y *= x
    return np.sum(y * y + x)


@program(normal((2, 2), (2, 2)), wrt=(0, 1), smooth=True)
def matrix_update(A, B):
    C = A * 2
    C @= B
    return np.sum(C * C)


@program(floats(1), smooth=True)
def second_name_of_a_number(x):
    y = x
    y += 1
    y *= x
    return x * y


@program(floats(2), wrt=(0, 1), smooth=True)
def update_number_by_itself(x, y):
    z = x
    z += z
    z *= z
    z -= y
    z /= x
    return z


@program(floats(1), smooth=True)
def integer_zero_becomes_number(x):
    total = 0
    total += x
    total += 2 * x * x
    return total


@program(normal((3,)), smooth=True)
def integer_zero_becomes_array(x):
    total = 0
    total += x * x
    total = total + x
    return np.sum(total)


@program(normal((4,)), smooth=True)
def integer_one_multiplied(x):
    product = 1
    product *= x[0]
    product *= x[3]
    return product * x[1]


@program(floats(2), wrt=(0, 1), smooth=True)
def values_nobody_reads(x, y):
    unused = np.exp(x * y)
    other = unused * 2
    z = x * y
    other = z * 3  # noqa: F841
    return z * z


@program(normal((2,)), smooth=True)
def unpack_an_array(x):
    a, b = x
    return a * a * b


@program(normal((2, 3)), smooth=True)
def unpack_rows(x):
    first, second = x
    return np.sum(first * second)


@program(floats(2), wrt=(0, 1), smooth=True)
def unpack_a_list(x, y):
    pair = [x * y, x]
    a, b = pair
    b = b * a
    return a + b + pair[1]


@program(floats(1), smooth=True)
def constant_in_between(x):
    y = x * x
    z = y * 3
    y = 2.0
    w = y * z
    y = w * x
    return y


@program(floats(1), smooth=True)
def name_of_the_engine(x):
    x_bar = x * x
    result_bar = x_bar * x
    t1 = x_bar + result_bar
    x_stored = t1 * x
    record = x_stored * t1
    return record


@program(normal((3,)), smooth=True)
def names_of_temporaries_and_adjoints(x):
    t1_bar = np.sin(x * x + 1)
    t2_bar = np.cos(np.exp(x) - t1_bar)
    t3_stored = t1_bar * t2_bar
    x_part = np.sum(t3_stored * np.tanh(t1_bar + x))
    result = x_part * np.sum(t2_bar)
    return result


@program(normal((3,)), smooth=True)
def passed_on_under_new_names(x):
    a = x
    b = a
    c = b * b
    d = c
    return np.sum(d * a)


@program(normal((3,), (3,)), wrt=(0, 1), smooth=True)
def one_value_in_two_sums(x, y):
    z = x + y
    p = z + x
    q = z + y
    return np.sum(p * q + z)


@program(floats(1), smooth=True)
def several_on_one_line(x):
    a = x * 2; b = a * x; a = b * b  # noqa: E702  # fmt: skip
    return a + b


@program(normal((4,)), smooth=True)
def bound_to_itself(x):
    x = g = x
    return np.sum(x * x * x) + np.sum(g)


@program(floats(2), wrt=(0, 1), smooth=True)
def names_that_generated_code_uses(t1_stored, t2_bar):
    t1_bar = np.sin(t1_stored) * t2_bar
    t2_stored = 1.0
    for t3_old in (t1_bar * t2_bar, t1_stored):
        t2_stored = t2_stored * np.cos(t3_old * t1_bar)
    return t2_stored + t1_bar


@program(exactly(np.array([0.3, 1.2, 0.7, 0.45])), smooth=True)
def masks_updated_by_operators(x):
    m = x > 0.5
    k = m
    m |= x < 0.4
    low = np.sum(x[m] ** 2)
    m &= x < 1.0
    m ^= True
    return low * np.sum(np.where(k, x, x * x))


@program(floats(1), smooth=True)
def bits_and_sets_updated_by_operators(x):
    n = 1
    for _ in range(2):
        n <<= 1
        n |= 4
    n &= 7
    s = frozenset([1]) | {0}
    s |= {2}
    return x * x * n * len(s)
