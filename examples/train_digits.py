"""Train a small network on handwritten digits with a gradient that you can read.

    python examples/train_digits.py
    python examples/train_digits.py --backend cupy        # the same on a CUDA device

The data are the UCI handwritten digits (1797 images of 8 x 8 pixels) that come with scikit-learn.
The loss is ordinary NumPy; `tangent.value_and_grad` writes its gradient, which is printed once.
Two pictures are saved: the loss curve, and a sheet of the digits that the network misreads.
"""

import argparse
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from tangent import to_device, to_host, value_and_grad


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
    W1 = rng.normal(size=(inputs, hidden)) * np.sqrt(2 / inputs)
    W2 = rng.normal(size=(hidden, classes)) * np.sqrt(2 / hidden)
    return {
        "W1": W1.astype(np.float32),
        "b1": np.zeros(hidden, np.float32),
        "W2": W2.astype(np.float32),
        "b2": np.zeros(classes, np.float32),
    }


def shifted(images):
    """The images, then the same moved by one pixel to each side: five times as many to learn."""
    framed = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    corners = [(1, 1), (1, 0), (1, 2), (0, 1), (2, 1)]
    moved = [framed[:, top : top + 8, left : left + 8] for top, left in corners]
    return np.concatenate(moved).reshape(-1, 64)


def train(step, params, data, orders, batch=64, rate=0.05, momentum=0.9, decay=1e-4):
    """Stochastic gradient descent with momentum, through the data in each of the orders; the
    parameters, and the loss of each step.
    """
    velocity = {name: 0 * value for name, value in params.items()}
    x, one_hot = data
    losses = []
    for order in tqdm(orders, desc="epochs"):
        for start in range(0, len(x), batch):
            chosen = order[start : start + batch]
            value, gradient = step(params, x[chosen], one_hot[chosen], decay)
            losses.append(value)
            for name in params:
                velocity[name] = momentum * velocity[name] - rate * gradient[name]
                params[name] = params[name] + velocity[name]
    return params, [float(value) for value in losses]


def draw_losses(losses, path):
    window = max(1, len(losses) // 50)
    smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.semilogy(losses, linewidth=0.4, color="tab:gray", label="each batch of 64 images")
    middle = np.arange(len(smooth)) + window / 2
    axes.semilogy(middle, smooth, color="tab:blue", label=f"mean of {window} batches")
    axes.set(xlabel="training step", ylabel="cross-entropy (nats) + weight decay")
    axes.set_title("Training loss on handwritten digits")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def draw_misread(guesses, x, labels, path, most=24):
    wrong = np.flatnonzero(guesses != labels)
    shown = wrong[:most]
    columns = min(6, max(len(shown), 1))
    rows = max(1, -(-len(shown) // columns))
    figure, axes = plt.subplots(
        rows, columns, figsize=(1.6 * max(columns, 3), 1.9 * rows + 0.6), squeeze=False
    )
    for panel in axes.flat:
        panel.axis("off")
    for panel, i in zip(axes.flat, shown, strict=False):
        panel.imshow(x[i].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        panel.set_title(f"{labels[i]} read as {guesses[i]}", fontsize=9)
    some = "" if len(shown) == len(wrong) else f", the first {len(shown)}"
    figure.suptitle(f"Misread: {len(wrong)} of {len(x)} test digits{some}", fontsize=11)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", choices=["numpy", "cupy"], default="numpy")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "output")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)

    rng = np.random.default_rng(0)
    digits = load_digits()
    images = (digits.data / 16).astype(np.float32)
    x, x_test, labels, labels_test = train_test_split(
        images, digits.target, test_size=0.2, random_state=0, stratify=digits.target
    )
    home = to_device if options.backend == "cupy" else lambda tree: tree
    step = value_and_grad(loss, backend=options.backend)
    print(step.source)
    began = time.perf_counter()
    with threadpool_limits(1):  # threads that share matrices this small wait for each other
        one_hot = np.eye(10, dtype=np.float32)[np.tile(labels, 5)]
        start, data = initial(rng), (shifted(x), one_hot)
        orders = [rng.permutation(len(one_hot)) for _ in range(options.epochs)]
        params, losses = train(step, *home((start, data, orders)))
        params = to_host(params) if options.backend == "cupy" else params
    seconds = time.perf_counter() - began

    guesses = np.argmax(logits(params, x_test), axis=1)
    print(f"loss {losses[0]:.3f} -> {np.mean(losses[-20:]):.4f}")
    print(f"{len(losses)} steps in {seconds:.1f} s")
    print(f"test accuracy {100 * np.mean(guesses == labels_test):.2f} %")
    draw_losses(losses, options.output / "train_digits_loss.png")
    draw_misread(guesses, x_test, labels_test, options.output / "train_digits_misread.png")
    print(f"pictures: {options.output / 'train_digits_*.png'}")


if __name__ == "__main__":
    main()
