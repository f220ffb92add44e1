"""Methods of objects whose class is known only when the program runs; layers in lists."""

import numpy as np

from programs.registry import floats, normal, program


class Constant:
    def __init__(self, value):
        self.value = value

    def at(self, variables):
        return self.value


class Variable:
    def __init__(self, name):
        self.name = name

    def at(self, variables):
        return variables[self.name]


class Sum:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def at(self, variables):
        return self.left.at(variables) + self.right.at(variables)


class Product(Sum):
    def at(self, variables):
        return self.left.at(variables) * self.right.at(variables)


class Image(Constant):
    def __init__(self, function, inner):
        self.function, self.inner = function, inner

    def at(self, variables):
        return self.function(self.inner.at(variables))


@program(floats(2), saves=False)
def expressions_in_expressions(x, y):
    square = Product(Variable("x"), Variable("x"))
    whole = Sum(Product(Variable("x"), Constant(y)), Image(np.sin, square))
    return whole.at({"x": x})


@program(floats(2), saves=False)
def expression_that_a_loop_makes(x, y):
    whole = Constant(1.0)
    for _ in range(3):
        whole = Sum(Product(whole, Variable("x")), Constant(y))
    return whole.at({"x": x})


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def total(self):
        total = self.value**2
        if self.left is not None:
            total = total + self.left.total()
        if self.right is not None:
            total = total + 2 * self.right.total()
        return total


@program(normal((4,)), saves=False)
def trees_of_another_shape_each(x):
    return Tree(x[0], Tree(x[1]), Tree(x[2], None, Tree(x[3]))).total()


class Square:
    def __init__(self, a):
        self.a = a

    def area(self, k=1.0):
        return k * self.a**2


class Disc:
    def __init__(self, r):
        self.r = r

    def area(self, k=1.0):
        return k * np.pi * self.r**2


@program(normal((4,)), saves=False)
def shapes_that_a_branch_makes(x):
    shapes = []
    for i in range(4):
        if i % 2:
            shapes.append(Square(x[i]))
        else:
            shapes.append(Disc(x[i]))
    return sum(s.area() for s in shapes) * shapes[1].area(k=x[0])


def of_either_kind(x, flat):
    if flat:
        return Square(x)
    return Disc(x)


@program(normal((4,)), saves=False)
def shapes_that_a_function_gives(x):
    total = 0.0
    for i in range(4):
        total = total + of_either_kind(x[i], i > 1).area() * of_either_kind(x[0], i < 2).area()
    return total


@program(normal((3,)), saves=False)
def shapes_of_a_dict(x):
    shapes = {"a": Square(x[0]), "b": Disc(x[1])}
    shapes["c"] = Square(x[2])
    return sum(s.area() for s in shapes.values()) * shapes["b"].area()


class Grown(Square):
    def area(self, k=1.0):
        self.a = 2 * self.a
        return k * self.a


@program(normal((2,)), saves=False, may_refuse=True)
def shapes_that_change_themselves(x):
    shapes = []
    for i in range(2):
        shapes.append(Grown(x[i]) if i else Disc(x[i]))
    return sum(s.area() for s in shapes) * shapes[1].a


# ---------------------------------------------------------------- layers


class Linear:
    def __init__(self, w):
        self.w, self.x = w, None

    def __call__(self, x):
        self.x = x
        return x @ self.w

    def backward(self, g):
        self.slope = np.outer(self.x, g)
        return g @ self.w.T


class Tanh:
    def __call__(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, g):
        return g * (1 - self.y**2)


class Applied:
    def __init__(self, function):
        self.function = function

    def __call__(self, x):
        return self.function(x)


class Sequential:
    def __init__(self, *layers):
        self.layers = list(layers)

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, g):
        for layer in reversed(self.layers):
            g = layer.backward(g)
        return g


@program(normal((3, 2), (2, 2)), saves=False, smooth=True)
def layers_that_keep_what_they_were_given(v, w):
    model = Sequential(Linear(v), Tanh(), Linear(w))
    y = model(np.ones(3))
    return np.sum(y**2) + np.sum(model.layers[2].x)


@program(normal((3, 2), (2, 2)), saves=False, may_refuse=True)
def slopes_written_by_hand(v, w):
    model = Sequential(Linear(v), Tanh(), Linear(w))
    g = model.backward(model(np.ones(3)))
    return np.sum(g * g) + np.sum(model.layers[0].slope ** 2)


@program(normal((3, 2), (2, 2)), saves=False)
def layers_that_hold_functions(v, w):
    model = Sequential(Linear(v), Applied(np.tanh), Linear(w), Applied(lambda y: y * y))
    return np.sum(model(np.ones(3)))


class All:
    def __init__(self, *parts):
        self.parts = [*parts]

    def __call__(self, x):
        return sum(part(x) for part in self.parts)


@program(normal((3,)), saves=False, smooth=True)
def parts_of_a_starred_display(x):
    return np.sum(All(Applied(np.sin), Applied(lambda v: v * x))(x) ** 2)


class Deep(Sequential):
    def __call__(self, x):
        for k, layer in enumerate(self.layers[:-1]):
            x = (k + 1) * layer(x)
        return self.layers[-1](x)


@program(normal((3, 2), (2, 2)), saves=False)
def all_layers_but_the_last(v, w):
    return np.sum(Deep(Linear(v), Tanh(), Linear(w), Applied(np.exp))(np.ones(3)))


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __iter__(self):
        yield self.x
        yield self.y

    def __sub__(self, other):
        return Point(self.x - other.x, self.y - other.y)

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Ball:
    def __init__(self, centre, radius):
        self.centre = centre
        self.radius = radius

    def distance(self, p):
        d = p - self.centre
        return np.sqrt(d.dot(d)) - self.radius

    def normal(self, p):
        return (p.x - self.centre.x) / self.radius


class Ground:
    def __init__(self, height):
        self.height = height

    def distance(self, p):
        return p.y - self.height

    def normal(self, p):
        return p.y * self.height


@program(normal((3,)), saves=False, smooth=True)
def surfaces_have_normals(x):
    scene = [Ball(Point(x[0], 0.1), x[1] ** 2 + 0.5), Ground(x[2] - 5.0)]
    p = Point(1.5, 2.0)
    nearest = min(scene, key=lambda s: s.distance(p))
    return nearest.normal(p) * nearest.distance(p)


class Curve:
    def __init__(self, kernel):
        self.kernel = kernel

    def at(self, t):
        return np.sum(self.kernel(t))


def scaled(var, T, code):
    return lambda t: var * t + T * code


@program(normal((3,)), saves=False)
def closures_over_names_that_arrays_have(x):
    return Curve(scaled(x[0] * x[1], x[2], x[0])).at(np.sin(x))


class Shift:
    def __init__(self, by):
        self.mean = by * by

    def __call__(self, v):
        return v - self.mean


class Stretch:
    def __init__(self, by):
        self.mean = by

    def __call__(self, v):
        return v * self.mean


@program(normal((3,)), saves=False, smooth=True)
def attributes_that_are_methods_of_arrays(x):
    larger = max([Shift(x[0]), Stretch(x[1])], key=lambda layer: np.sum(layer(x)))
    return larger.mean * np.sum(larger(x))
