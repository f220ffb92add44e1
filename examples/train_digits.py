"""Train a small network on handwritten digits with a gradient that you can read.

    python examples/train_digits.py

The data are the UCI handwritten digits (1797 images of 8 x 8 pixels) that come with scikit-learn.
The loss is ordinary NumPy; `tangent.value_and_grad` writes its gradient, which is printed once.
Two pictures are saved: the loss curve, and a sheet of the digits that the network misreads.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

from tangent import value_and_grad


def logits(params, x):
    """The scores of the ten digits, shape (images, 10)."""
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    return h @ params["W2"] + params["b2"]


def loss(params, x, y, decay):
    """Mean cross-entropy of one-hot labels `y`, and weight decay."""
    z = logits(params, x)
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    penalty = np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2)
    return -np.mean(np.sum(y * log_p, axis=1)) + decay * penalty


def initial(rng, inputs=64, hidden=256, classes=10):
    """Weights drawn for rectified units (He et al. 2015), biases 0, in float32."""
    draw = lambda m, n: (rng.normal(size=(m, n)) * np.sqrt(2 / m)).astype(np.float32)
    return {
        "W1": draw(inputs, hidden),
        "b1": np.zeros(hidden, np.float32),
        "W2": draw(hidden, classes),
        "b2": np.zeros(classes, np.float32),
    }


def accuracy(params, x, labels):
    return float(np.mean(np.argmax(logits(params, x), axis=1) == labels))


def train(params, x, labels, rng, epochs, batch=64, rate=0.05, momentum=0.9, decay=1e-4):
    """Stochastic gradient descent with momentum; the parameters, and the loss of each step."""
    step = value_and_grad(loss)
    print(step.source)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    one_hot = np.eye(10, dtype=np.float32)[labels]
    losses = []
    for _ in tqdm(range(epochs), desc="epochs"):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch):
            chosen = order[start : start + batch]
            value, gradient = step(params, x[chosen], one_hot[chosen], decay)
            losses.append(float(value))
            for name in params:
                velocity[name] = momentum * velocity[name] - rate * gradient[name]
                params[name] = params[name] + velocity[name]
    return params, losses


def draw_losses(losses, path):
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.semilogy(losses, linewidth=0.4, color="tab:gray", label="each step")
    window = max(1, len(losses) // 50)
    smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
    axes.semilogy(np.arange(len(smooth)) + window - 1, smooth, label=f"mean of {window} steps")
    axes.set(xlabel="step", ylabel="loss (nats)", title="Training loss on handwritten digits")
    axes.legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def draw_misread(params, x, labels, path, most=24):
    guesses = np.argmax(logits(params, x), axis=1)
    wrong = np.flatnonzero(guesses != labels)[:most]
    rows = max(1, -(-len(wrong) // 8))
    figure, axes = plt.subplots(rows, 8, figsize=(9, 1.5 * rows + 0.5), layout="constrained")
    for panel in np.ravel(axes):
        panel.axis("off")
    for panel, i in zip(np.ravel(axes), wrong):
        panel.imshow(x[i].reshape(8, 8), cmap="gray_r")
        panel.set_title(f"{labels[i]} read as {guesses[i]}", fontsize=9)
    figure.suptitle(f"The {np.sum(guesses != labels)} misread of {len(x)} test digits")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    rng = np.random.default_rng(0)
    digits = load_digits()
    images = (digits.data / 16).astype(np.float32)
    x, x_test, labels, labels_test = train_test_split(
        images, digits.target, test_size=0.2, random_state=0, stratify=digits.target
    )
    params, losses = train(initial(rng), x, labels, rng, options.epochs)

    print(f"loss {losses[0]:.3f} -> {np.mean(losses[-20:]):.4f}")
    print(f"test accuracy {100 * accuracy(params, x_test, labels_test):.2f} %")
    draw_losses(losses, options.output / "train_digits_loss.png")
    draw_misread(params, x_test, labels_test, options.output / "train_digits_misread.png")
    print(f"pictures in {options.output}")


if __name__ == "__main__":
    main()
