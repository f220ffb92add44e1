"""Reading by subscript: numbers, slices, ellipsis, masks, integer arrays, tuples and keys."""

import bisect

import numpy as np

from programs.registry import exactly, followed_by, normal, positive, program


@program(normal((4,)), smooth=True)
def one_element(x):
    return x[2] * x[0] * x[2]


@program(normal((4,)), smooth=True)
def negative_index(x):
    return x[-1] * x[-4] + x[-2]


@program(normal((3, 4)), smooth=True)
def pairs_of_indices(x):
    return x[1, 2] * x[-1, 0] + x[0][3] * x[2][-2]


@program(normal((6,)), smooth=True)
def slices(x):
    return np.sum(x[1:4] * x[:3] * x[3:]) + np.sum(x[::2] * x[1::2]) - np.sum(x[-2:])


@program(normal((5,)), smooth=True)
def backward_slices(x):
    return np.sum(x[::-1] * x) + np.sum(x[4:1:-1] * x[0:3]) + np.sum(x[3::-2])


@program(normal((5,)), smooth=True)
def empty_slice(x):
    return np.sum(x[3:1]) + np.sum(x[5:]) + x[0]


@program(normal((3, 4)), smooth=True)
def rows_and_columns(x):
    return np.sum(x[0] * x[2]) + np.sum(x[:, 1] * x[:, -1]) + np.sum(x[1:, ::2] * x[:2, 1:3])


@program(normal((2, 3, 2)), smooth=True)
def ellipsis(x):
    return np.sum(x[..., 0] * x[..., 1]) + np.sum(x[1, ...] ** 2) + np.sum(x[0, ..., 1])


@program(normal((3,)), smooth=True)
def new_axes(x):
    return np.sum(x[:, None] * x[None, :] ** 2) + np.sum(x[np.newaxis, :, np.newaxis])


@program(normal((6,)), smooth=True)
def mask(x):
    return np.sum(x[x > 0] ** 2) - np.sum(x[(x < 0) & (x > -1)])


@program(
    followed_by(normal((3, 2)), np.array([[True, False], [False, False], [True, True]])),
    smooth=True,
)
def mask_of_two_dimensions(x, m):
    return np.sum(x[m] ** 3) + np.sum(x[~m])


@program(followed_by(normal((4,)), np.array([0, 0, 2, -1, 0])), smooth=True)
def integer_array_with_repeats(x, index):
    return np.sum(x[index] * np.arange(1.0, 6.0)) + np.sum(x[index] ** 2)


@program(normal((4, 3)), smooth=True)
def list_of_integers(x):
    return np.sum(x[[0, 2, 0]] ** 2) + np.sum(x[:, [1, 1]]) * x[0, 0]


@program(followed_by(normal((4, 3)), np.array([0, 1, 0]), np.array([2, 2, 2])), smooth=True)
def two_integer_arrays(x, i, j):
    return np.sum(x[i, j] ** 2) + np.sum(x[i, 1] * x[2, j])


@program(followed_by(normal((4, 3)), np.zeros(0, dtype=int)), smooth=True)
def empty_integer_array(x, index):
    return np.sum(x[index]) + np.sum(x[0])


@program(followed_by(normal((5, 3)), np.array([2, 0, 1, 1, 0])), smooth=True)
def label_of_each_row(scores, labels):
    chosen = scores[np.arange(len(labels)), labels]
    return -np.mean(chosen - np.log(np.sum(np.exp(scores), axis=1)))


@program(normal((5,)), smooth=True)
def subscript_of_subscript(x):
    return x[1:][2] * x[1:4][::-1][0] + np.sum(x[[3, 1, 1]][1:])


@program(followed_by(normal((3, 4)), (1, 2), slice(1, None)), smooth=True)
def index_objects(x, place, part):
    return x[place] ** 2 + np.sum(x[part] ** 2) + np.sum(x[part, 0])


@program(followed_by(normal((4,)), 1, 3), followed_by(normal((4,)), 0, -1), smooth=True)
def indices_from_arguments(x, i, j):
    return x[i] * x[j] + np.sum(x[i:j]) + x[i + 1] * x[j - 1]


@program(normal((5,)), smooth=True)
def index_by_argmax(x):
    return x[np.argmax(x)] ** 2 + np.sum(x[np.argsort(x)] * np.arange(5.0))


@program(normal((3, 3)), smooth=True)
def diagonal_by_hand(x):
    total = 0.0
    for i in range(3):
        total = total + x[i, i] * x[i, -i - 1]
    return total


@program(exactly((1.5, [0.5, 2.5], {"k": 3.5})), smooth=True)
def through_containers(tree):
    return tree[0] * tree[1][-1] * tree[2]["k"] + tree[1][0] * tree[0]


@program(exactly([0.5, 1.5, 2.5, 3.5]), smooth=True)
def slice_of_a_list(xs):
    middle = xs[1:3]
    return middle[0] * middle[1] * xs[-1] + xs[::-1][0]


@program(exactly((0.5, 1.5, 2.5)), smooth=True)
def slice_of_a_tuple(xs):
    a, b = xs[1:]
    return a * b * xs[0]


@program(exactly(np.array(0.7)), smooth=True)
def empty_subscript(x):
    return x[()] * x[...] ** 2


@program(normal((4,), (2, 2)), wrt=(0, 1), smooth=True)
def one_element_many_times(x, y):
    z = x[1]
    return z * z + np.sum(z * y) + np.sum(x * z) + y[1][1]


@program(normal((2, 3)), smooth=True)
def index_bound_to_what_it_picks(x):
    i = 1
    i = np.tanh(x)[i, 1:]
    return np.sum(i * i)


@program(normal((3,)), smooth=True)
def axes_of_numbers(x):
    total, first = np.sum(x * x), x[0]
    return np.sum(total[..., None] * x) + np.sum(first[None, None] * x) + np.sum(total[...] * x)


@program(normal((2, 3)), smooth=True)
def indices_of_a_shape(x):
    total = 0.0
    for i in np.ndindex(*x.shape):
        total += x[i] ** 2 * (i[0] + 1)
    return total + np.sum([x[j] * i for i, j in enumerate(np.ndindex(2, 3))])


@program(normal((2, 3)), smooth=True)
def elements_in_order(x):
    y = x * 2
    part = y.flat[1:3]
    y[0, 1] = 5.0
    total = np.sum(part) * y.flat[-1]
    for i in range(x.size):
        total = total + x.flat[i] * x.flat[i - 1]
    return total


@program(positive((3,)), smooth=True)
def interpolation_at_a_position_found_by_bisect(x):
    knots = np.cumsum(x)
    i = max(bisect.bisect(knots, knots[1] * 0.9), 1)
    share = (0.8 - knots[i - 1]) / (knots[i] - knots[i - 1])
    return share * knots[i] ** 2 + x[bisect.bisect_left(sorted(x), x[0])]
