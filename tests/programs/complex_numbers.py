"""Complex numbers between real arguments and real results: adjoints of real values are real."""

import numpy as np

from programs.registry import floats, normal, program


@program(normal((3,)), smooth=True)
def product_of_parts(x):
    z = np.exp(x + 1j * x[::-1])
    return np.real(z[0]) * np.imag(z[1])


@program(normal((3,)), smooth=True)
def squared_modulus(x):
    z = x[::-1] * 1j + x
    return np.sum(np.abs(z) ** 2)


@program(normal((3,)), smooth=True)
def real_between_complex(x):
    size = np.abs(x * (1 + 2j))
    z = size * np.exp(1j * np.sum(x))
    return np.sum(np.real(z) ** 2)


@program(normal((3,), (3, 3)), wrt=(0, 1), smooth=True)
def carried_complex(x, A):
    z = x * 1j
    for _ in range(3):
        z = np.tanh(A @ x) * np.mean(z) + z * 0.5
    return np.sum(np.abs(z) ** 2)


@program(normal((3,)), smooth=True)
def complex_buffer(x):
    z = np.zeros(3, complex)
    z[0] = x[1] * 1j
    z[1:] = x[:2]
    z[2] += x[2] * (1 + 1j)
    return np.sum(np.abs(z) ** 2) + np.real(z[0] * z[2])


@program(normal((3,)), smooth=True)
def list_of_both(x):
    parts = [x, x * 1j]
    z = parts[0] * parts[1] + x
    return np.sum(z.real * z.imag)


@program(normal((3,)), smooth=True)
def sum_beside_a_complex_number(x):
    phase = np.exp(1j * x[0])
    parts = x[1:] * np.sum(x[1:] ** 2)
    return np.sum(parts * parts) + np.real(phase)


@program(floats(2), wrt=(0, 1), smooth=True)
def made_of_two_parts(x, y):
    c = complex(x, y)
    z = c
    for _ in range(3):
        z = z * z + c
    return z.real + abs(z) ** 2


@program(floats(2), wrt=(0, 1), smooth=True)
def made_of_parts_that_are_complex(x, y):
    return complex(x * 1j, y).real * x + abs(complex(x * 2j + y, imag=y * y) * complex(y)) ** 2


@program(normal((4,)), smooth=True)
def inverse_functions_in_each_quadrant(x):
    z = 0.1 * x + np.array([1 + 1j, -1 + 1j, -1 - 1j, 1 - 1j])
    angles = np.arcsin(z) * np.arccos(z) + np.arctan(z)
    hyperbolic = np.arcsinh(z) + np.arccosh(z) * np.arctanh(z)
    return np.sum(np.real(angles * hyperbolic * np.log(z) / np.sqrt(z) ** 3))


@program(normal((3, 3)), smooth=True)
def determinant_of_a_complex_matrix(A):
    sign, size = np.linalg.slogdet(A + 1j * A.T + 2j * np.eye(3))
    return np.real(sign) * size + np.imag(sign) ** 2


@program(normal((3,)), smooth=True)
def angle_of_a_sum_beside_a_real_part(x):
    return np.angle(np.sum(np.exp(1j * x))) + np.sum(x * x)


@program(normal((3, 3)), smooth=True)
def diagonal_of_a_complex_matrix_behind_its_square(A):
    z = (A + 1j) * A
    size = np.sum(np.abs(z @ z))
    return size + np.sum(np.real(np.diagonal(z)))


@program(normal((3, 3)), smooth=True)
def triangles_that_become_imaginary_parts(A):
    z = A + 1j * (np.tril(A) - np.triu(A)) * A
    return np.sum(np.abs(z) ** 2)


@program(normal((4, 3), (4, 3)), wrt=(0, 1), smooth=True)
def real_and_complex_parts_of_one_value(x, y):
    u, s, vh = np.linalg.svd(x + 1j * y, full_matrices=False)
    z = (u * s**2) @ vh
    return np.sum(np.real(z * (1 + 2j) * np.arange(3.0)))


def rebuilt(z):
    u, s, vh = np.linalg.svd(z, full_matrices=False)
    return (u * s**2) @ vh


@program(normal((4, 3), (4, 3)), wrt=(0, 1), smooth=True)
def singular_values_in_a_callee(x, y):
    return np.sum(np.abs(rebuilt(x + 1j * y) * x) ** 2)
