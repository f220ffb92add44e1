"""Methods and attributes of arrays."""

import numpy as np

from programs.registry import followed_by, normal, positive, program


@program(normal((2, 3)), smooth=True)
def reductions(x):
    return x.sum() * x.mean() + (x.sum(axis=0) * x.mean(0)).sum() + x.sum(1, keepdims=True)[0, 0]


@program(normal((2, 3)), smooth=True)
def extrema(x):
    return x.max() * x.min() + (x.max(axis=1) ** 2).sum() - x.min(axis=0).sum()


@program(normal((2, 3)), smooth=True)
def variances(x):
    return x.var() + x.std() + x.var(axis=0).sum() * x.prod()


@program(normal((2, 3)), smooth=True)
def transposes(x):
    return (x.T @ x).sum() + (x @ x.transpose())[0, 1] + x.transpose(1, 0)[2, 1] ** 2


@program(normal((2, 6)), smooth=True)
def reshapes(x):
    a = x.reshape(3, 4)
    b = x.reshape((4, 3))
    c = x.reshape(-1)
    return (a @ b).sum() + (c * x.ravel()).sum() + x.flatten()[3] * x.reshape(2, -1)[1, 1]


@program(normal((3,), (3, 3)), wrt=(0, 1), smooth=True)
def products(x, A):
    return x.dot(A).dot(x) + A.dot(x).sum() + A.trace()


@program(positive((3,)), smooth=True)
def chained_methods(x):
    return np.log(x).copy().reshape(3, 1).T.sum(axis=1).mean() * x.cumsum()[-1]


@program(normal((4,)), smooth=True)
def limited(x):
    return (x.clip(-0.5, 0.7) * x).sum() + x.clip(min=0).sum()


@program(normal((2, 3)), smooth=True)
def attributes(x):
    return x.sum() / x.size + x.shape[1] * x[0, 0] * x.ndim + x.T.shape[0] * x.mean()


@program(normal((1, 3, 1)), smooth=True)
def squeezed(x):
    return (x.squeeze() ** 2).sum() + x.squeeze(0)[1, 0] * x.swapaxes(0, 1)[2, 0, 0]


@program(normal((3,)), smooth=True)
def kept_in_its_type(x):
    return (x.astype(x.dtype) * x).sum() + (x.astype(np.float64) ** 2).sum()


@program(normal((3,)), smooth=True, may_refuse=True)
def element_as_a_number(x):
    return x[1].item() * x[0] + x.item(2)


@program(followed_by(normal((5, 2)), np.array([0, 3, 3])), smooth=True)
def taken(x, index):
    return (x.take(index, axis=0) ** 2).sum() + x.repeat(2).sum() * x[0, 0]


@program(normal((3,)), smooth=True)
def methods_of_temporaries(x):
    return (x * x).sum() + (x - x.mean()).dot(x + 1) + (x[None] * x[:, None]).T.sum()
