"""Programs of the kinds that people publish: models, simulations, test functions."""

import math

import numpy as np

from programs.registry import exactly, floats, followed_by, normal, positive, program


@program(normal((5,)), exactly(np.ones(4) * 0.9), smooth=True)
def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@program(floats(2), wrt=("x", "y"), smooth=True)
def himmelblau(x, y):
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


@program(normal((4,)), smooth=True)
def ackley(x):
    n = len(x)
    first = -20 * np.exp(-0.2 * np.sqrt(np.sum(x**2) / n))
    second = -np.exp(np.sum(np.cos(2 * np.pi * x)) / n)
    return first + second + 20 + np.e


def softmax(scores):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=1, keepdims=True)


@program(
    lambda rng: (
        rng.normal(size=(4, 3)),
        rng.normal(size=3),
        rng.normal(size=(6, 4)),
        np.array([0, 2, 1, 1, 0, 2]),
    ),
    wrt=("W", "b"),
    smooth=True,
)
def softmax_classifier(W, b, X, labels, penalty=0.01):
    p = softmax(X @ W + b)
    data_loss = -np.mean(np.log(p[np.arange(len(labels)), labels]))
    return data_loss + 0.5 * penalty * np.sum(W * W)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@program(
    lambda rng: (rng.normal(size=4), rng.normal(size=(6, 4)), rng.integers(0, 2, size=6)),
    smooth=True,
)
def logistic_regression(w, X, labels):
    p = sigmoid(X @ w)
    likelihood = p * labels + (1 - p) * (1 - labels)
    return -np.sum(np.log(likelihood))


def rnn_step(params, x, h):
    return np.tanh(x @ params["Wx"] + h @ params["Wh"] + params["b"])


@program(
    lambda rng: (
        {
            "Wx": rng.normal(size=(2, 3)),
            "Wh": rng.normal(size=(3, 3)),
            "b": rng.normal(size=3),
            "out": rng.normal(size=(3, 2)),
        },
        rng.normal(size=(5, 2)),
        rng.normal(size=(5, 2)),
    ),
    smooth=True,
)
def recurrent_network(params, inputs, targets):
    h = np.zeros(3)
    loss = 0.0
    for x, target in zip(inputs, targets):
        h = rnn_step(params, x, h)
        loss += np.mean((h @ params["out"] - target) ** 2)
    return loss / len(inputs)


@program(
    lambda rng: (
        {g: (rng.normal(size=(5, 3)), rng.normal(size=3)) for g in ("i", "f", "o", "c")},
        rng.normal(size=(4, 2)),
    ),
    smooth=True,
)
def lstm(params, inputs):
    h = np.zeros(3)
    c = np.zeros(3)
    for t in range(inputs.shape[0]):
        joined = np.concatenate((inputs[t], h))
        gates = {}
        W, b = params["i"]
        i = sigmoid(joined @ W + b)
        W, b = params["f"]
        f = sigmoid(joined @ W + b)
        W, b = params["o"]
        o = sigmoid(joined @ W + b)
        W, b = params["c"]
        c = f * c + i * np.tanh(joined @ W + b)
        h = o * np.tanh(c)
    return np.sum(h**2) + len(gates)


@program(
    lambda rng: (
        rng.normal(size=3),
        rng.normal(size=(3, 2)),
        rng.normal(size=(3, 2)),
        rng.normal(size=(7, 2)),
    ),
    wrt=(0, 1, 2, 3),
    smooth=True,
)
def mixture_of_gaussians(logits, means, log_scales, data):
    log_weights = logits - np.log(np.sum(np.exp(logits)))
    z = (data[:, None, :] - means[None, :, :]) / np.exp(log_scales)
    parts = log_weights + np.sum(-0.5 * z**2 - log_scales - 0.5 * math.log(2 * math.pi), axis=2)
    top = np.max(parts, axis=1)
    return np.sum(top + np.log(np.sum(np.exp(parts - top[:, None]), axis=1)))


@program(
    lambda rng: (float(rng.uniform(0.5, 1)), 0.3, 0.7, rng.normal(size=6)),
    wrt=(0, 1, 2),
    smooth=True,
)
def kalman_filter(a, q, r, observed):
    mean, variance = 0.0, 1.0
    log_likelihood = 0.0
    for y in observed:
        mean = a * mean
        variance = a * a * variance + q
        s = variance + r
        innovation = y - mean
        log_likelihood -= 0.5 * (np.log(2 * np.pi * s) + innovation**2 / s)
        gain = variance / s
        mean = mean + gain * innovation
        variance = (1 - gain) * variance
    return log_likelihood


def accelerations(positions, masses):
    found = []
    for i in range(len(positions)):
        total = np.zeros(2)
        for j in range(len(positions)):
            if i != j:
                d = positions[j] - positions[i]
                total = total + masses[j] * d / (np.sum(d * d) + 0.1) ** 1.5
        found.append(total)
    return found


@program(
    lambda rng: (
        [rng.normal(size=2) for _ in range(3)],
        [rng.normal(size=2) for _ in range(3)],
        [1.0, 0.5, 2.0],
        3,
    ),
    wrt=("positions", "masses"),
    smooth=True,
)
def leapfrog(positions, velocities, masses, steps, dt=0.1):
    for _ in range(steps):
        forces = accelerations(positions, masses)
        halves = []
        moved = []
        for x, v, a in zip(positions, velocities, forces):
            half = v + 0.5 * dt * a
            halves.append(half)
            moved.append(x + dt * half)
        positions = moved
        forces = accelerations(positions, masses)
        velocities = []
        for v, a in zip(halves, forces):
            velocities.append(v + 0.5 * dt * a)
    energy = 0.0
    for m, v in zip(masses, velocities):
        energy += 0.5 * m * np.sum(v**2)
    return energy


def normal_cdf(x):
    t = 1 / (1 + 0.2316419 * abs(x))
    rest = t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))
    tail = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    tail *= t * (0.319381530 + t * (-0.356563782 + rest))
    return 1 - tail if x >= 0 else tail


@program(
    exactly(110.0, 100.0, 1.0, 0.05, 0.2),
    exactly(60.0, 100.0, 1.0, 0.05, 0.2),
    wrt=(0, 3, 4),
    smooth=True,
)
def black_scholes(spot, strike, years, rate, volatility):
    root = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + volatility**2 / 2) * years) / root
    return spot * normal_cdf(d1) - strike * math.exp(-rate * years) * normal_cdf(d1 - root)


@program(
    lambda rng: (rng.normal(size=6), rng.normal(size=3), np.ones(6)),
    wrt=("log_params", "x"),
    smooth=True,
)
def gaussian_process_kernel(x, log_params, y):
    length, scale, noise = np.exp(log_params)
    squared = (x[:, None] - x[None, :]) ** 2
    K = scale * np.exp(-0.5 * squared / length**2) + noise * np.eye(len(x))
    return y @ np.linalg.solve(K, y) + np.log(np.linalg.det(K))


@program(floats(3), wrt=("alpha", "beta", "gamma"), smooth=True)
def predator_and_prey(alpha, beta, gamma):
    prey, predators = 1.0, 0.5
    dt = 0.05
    for _ in range(30):
        births = alpha * prey - beta * prey * predators
        deaths = 0.3 * prey * predators - gamma * predators
        prey = prey + dt * births
        predators = predators + dt * deaths
    return (prey - 1) ** 2 + predators**2


def derivative_of_pendulum(state, damping):
    angle, speed = state
    return np.array([speed, -np.sin(angle) - damping * speed])


@program(lambda rng: (rng.normal(size=2), 0.2, 0.1, 5), wrt=(0, 1), smooth=True)
def runge_kutta(state, damping, dt, steps):
    for _ in range(steps):
        k1 = derivative_of_pendulum(state, damping)
        k2 = derivative_of_pendulum(state + 0.5 * dt * k1, damping)
        k3 = derivative_of_pendulum(state + 0.5 * dt * k2, damping)
        k4 = derivative_of_pendulum(state + dt * k3, damping)
        state = state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return np.sum(state**2)


@program(followed_by(normal((12,)), 0.1, 4), wrt=("u", "nu"), smooth=True)
def heat_equation(u, nu, steps):
    for _ in range(steps):
        u = u + nu * (np.roll(u, 1) - 2 * u + np.roll(u, -1))
    return np.sum(u**2)


@program(followed_by(normal((10,)), 0.2, 3), wrt=(0, 1), smooth=True)
def burgers_with_slices(u, dt, steps):
    for _ in range(steps):
        inner = u[1:-1] - dt * u[1:-1] * (u[2:] - u[:-2]) / 2
        u = np.concatenate((u[:1], inner, u[-1:]))
    return np.sum(u * u)


def conv(x, kernel):
    n = len(x) - len(kernel) + 1
    out = 0.0
    for k in range(len(kernel)):
        out = out + kernel[k] * x[k : k + n]
    return out


@program(normal((12,), (3,), (2,)), wrt=(1, 2), smooth=True)
def small_convolutional_network(x, first, second):
    h = np.tanh(conv(x, first))
    h = conv(h, second)
    return np.mean(h**2)


@program(
    lambda rng: (
        rng.normal(size=(4, 3)),
        rng.normal(size=(3, 3)),
        rng.normal(size=(3, 3)),
        rng.normal(size=(3, 3)),
    ),
    wrt=(0, 1, 2, 3),
    smooth=True,
)
def attention(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    weights = softmax(q @ k.T / np.sqrt(k.shape[1]))
    return np.sum((weights @ v) ** 2)


@program(positive((2, 8), (8,), (8,)), wrt=(0, 1, 2), smooth=True)
def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return np.sum(np.sin(gain * (x - mean) / np.sqrt(variance + eps) + bias))


@program(normal((5, 2), (3, 2)), wrt=(0, 1), smooth=True)
def k_means_distortion(data, centres):
    distances = np.sum((data[:, None, :] - centres[None, :, :]) ** 2, axis=2)
    return np.sum(np.min(distances, axis=1))


@program(
    lambda rng: (
        rng.normal(size=(4, 2)),
        rng.normal(size=(3, 2)),
        np.array([0, 1, 3, 3]),
        np.array([2, 0, 1, 2]),
        rng.normal(size=4),
    ),
    wrt=("U", "V"),
    smooth=True,
)
def matrix_factorisation(U, V, users, items, ratings):
    predicted = np.sum(U[users] * V[items], axis=1)
    return np.mean((predicted - ratings) ** 2) + 0.1 * (np.sum(U**2) + np.sum(V**2))


@program(positive((4,), (4,)), wrt=0, smooth=True)
def kullback_leibler(p, q):
    p = p / np.sum(p)
    q = q / np.sum(q)
    return np.sum(p * np.log(p / q))


@program(lambda rng: (rng.uniform(0.1, 0.4, size=3), 8), smooth=True)
def robot_arm(angles, n):
    x = y = 0.0
    heading = 0.0
    for angle in angles:
        heading += angle
        x += math.cos(heading)
        y += math.sin(heading)
    return (x - 1.0) ** 2 + (y - 2.0) ** 2


@program(floats(2), wrt=(0, 1), smooth=True)
def horner(x, c):
    coefficients = [1.0, -2.0, c, 0.5]
    value = 0
    for a in coefficients:
        value = value * x + a
    return value


@program(exactly(1.3, 10), exactly(0.2, 10), smooth=True)
def taylor_series_of_sine(x, terms):
    term = x
    total = x
    for k in range(1, terms):
        term = -term * x * x / ((2 * k) * (2 * k + 1))
        total += term
    return total


@program(lambda rng: (rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5)), smooth=True)
def ridge_with_pseudo_huber(w, X, y):
    r = X @ w - y
    return np.sum(np.sqrt(1 + r**2) - 1) + 0.1 * w @ w


@program(lambda rng: (rng.uniform(0.2, 0.8, size=2), rng.normal(size=8)), smooth=True)
def garch_likelihood(params, returns):
    a, b = params
    variance = np.var(returns)
    total = 0.0
    for r in returns:
        total += np.log(variance) + r**2 / variance
        variance = 0.1 + a * r**2 + b * variance
    return total


@program(
    lambda rng: (
        [rng.normal(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=(4, 1))],
        rng.normal(size=(5, 3)),
    ),
    smooth=True,
)
def deep_network_with_skips(weights, x):
    h = x
    for i, W in enumerate(weights):
        z = h @ W
        if i < len(weights) - 1:
            z = np.tanh(z)
        h = z + h if z.shape == h.shape else z
    return np.mean(h**2)


@program(followed_by(positive((2, 3), (3, 2)), 3), wrt=(0, 1), smooth=True)
def power_iteration(A, B, n):
    M = A @ B
    v = np.ones(2)
    for _ in range(n):
        v = M @ v
        v = v / np.sqrt(np.sum(v**2))
    return v @ M @ v


@program(normal((4,)), smooth=True)
def two_modes(w):
    v = w[1] * np.log(np.abs(w[0]) + 2)
    return v + np.sqrt(v * v + 1)
