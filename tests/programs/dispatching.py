"""`functools.singledispatch`: the class of the first argument says which function runs."""

import functools

import numpy as np

from programs.registry import exactly, normal, program


class Square:
    def __init__(self, side):
        self.side = side


class Box:
    def __init__(self, a, b):
        self.a, self.b = a, b


class Tile(Square):
    pass


@functools.singledispatch
def area(shape, k=1.0):
    raise TypeError(shape)


@area.register
def area_of_square(shape: Square, k=1.0):
    return shape.side**2 * k


@area.register
def area_of_box(shape: Box, k=1.0):
    return shape.a * shape.b * k


@area.register(list)
@area.register(tuple)
def area_of_all(shape, k=1.0):
    return sum(area(part, k) for part in shape)


@area.register(float)
def area_of_number(shape, k=1.0):
    return np.sin(shape) * k


@functools.singledispatch
def norm(x):
    return np.sum(x * x)


@norm.register(dict)
def norm_of_dict(x):
    return sum(norm(v) for v in x.values())


@norm.register(list)
def norm_of_list(x):
    return sum(map(norm, x))


@program(normal((3,)), smooth=True, saves=False)
def classes_that_are_known(x):
    return area(Square(x[0])) + area(Box(x[1], x[2]), x[0]) * area(Tile(x[2]), k=x[1])


@program(normal((3,)), saves=False)
def classes_in_a_list(x):
    return area([Square(x[1]), Box(x[0], x[1])], x[2])


@program(normal((3,)), saves=False)
def numbers_in_lists_in_lists(x):
    return area([x[0], (x[1], [x[2]])], x[2])


@program(normal((3,)), saves=False)
def tree_of_parameters(x):
    return norm({"w": x * 2, "layers": [x[:2], {"b": x[2]}]})


@program(exactly(np.array([0.5, -0.3]), [1.0, [2.0, 3.0]]), saves=False)
def tree_that_is_given(x, tree):
    return area(tree, x[0]) * x[1]
