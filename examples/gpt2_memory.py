"""What a GPT-2-shaped network keeps for its gradient, with and without a checkpoint at each block.

    python examples/gpt2_memory.py

Twelve blocks of attention and a perceptron, in NumPy, with small widths.  `@checkpoint` above a
block is all that differs: of each block its input is kept, and its record is made again in the
backward sweep.  Both gradients are the same to the last bit; the picture shows the memory over the
time of one gradient.
"""

import argparse
import time
import tracemalloc
from pathlib import Path

import numpy as np
from tqdm import tqdm

from tangent import checkpoint, grad, vjp

BLOCKS, HEADS, WIDTH, LENGTH, BATCH, VOCABULARY = 12, 4, 96, 96, 16, 100
MEGABYTE = 2**20


def norm(x, scale, shift):
    centred = x - np.mean(x, axis=-1, keepdims=True)
    variance = np.mean(centred * centred, axis=-1, keepdims=True)
    return scale * centred / np.sqrt(variance + 1e-5) + shift


def attention(x, p):
    batch, length, width = x.shape
    parts = (x @ p["qkv"]).reshape(batch, length, 3, HEADS, width // HEADS)
    q, k, v = np.transpose(parts, (2, 0, 3, 1, 4))
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(width // HEADS) + MASK[:length, :length]
    e = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    mixed = e / np.sum(e, axis=-1, keepdims=True) @ v
    return np.swapaxes(mixed, 1, 2).reshape(batch, length, width) @ p["out"]


def perceptron(x, p):
    h = x @ p["up"]
    return h * (1 + np.tanh(0.79788456 * (h + 0.044715 * h * h * h))) / 2 @ p["down"]


def block(x, p):
    x = x + attention(norm(x, p["scale1"], p["shift1"]), p)
    return x + perceptron(norm(x, p["scale2"], p["shift2"]), p)


@checkpoint
def kept_small(x, p):
    return block(x, p)


def loss(params, x, goals):
    for p in params["blocks"]:
        x = block(x, p)
    return cross_entropy(x @ params["head"], goals)


def loss_with_checkpoints(params, x, goals):
    for p in params["blocks"]:
        x = kept_small(x, p)
    return cross_entropy(x @ params["head"], goals)


def cross_entropy(logits, goals):
    logits = logits - np.max(logits, axis=-1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(logits), axis=-1)) - np.sum(logits * goals, axis=-1))


MASK = np.triu(np.full((LENGTH, LENGTH), -1e9), 1)


def drawn(rng):
    """Parameters, the embedded input, and the goals."""

    def weights(*shape):
        return rng.normal(scale=0.02, size=shape)

    ones, zeros = np.ones(WIDTH), np.zeros(WIDTH)
    blocks = [
        {
            "scale1": ones.copy(),
            "shift1": zeros.copy(),
            "scale2": ones.copy(),
            "shift2": zeros.copy(),
            "qkv": weights(WIDTH, 3 * WIDTH),
            "out": weights(WIDTH, WIDTH),
            "up": weights(WIDTH, 4 * WIDTH),
            "down": weights(4 * WIDTH, WIDTH),
        }
        for _ in range(BLOCKS)
    ]
    goals = np.eye(VOCABULARY)[rng.integers(VOCABULARY, size=(BATCH, LENGTH))]
    x = rng.normal(size=(BATCH, LENGTH, WIDTH))
    return {"blocks": blocks, "head": weights(WIDTH, VOCABULARY)}, x, goals


def one_block(params, x):
    """The bytes that one block keeps for its adjoint."""
    vjp(block, x, params["blocks"][0])  # its text is written
    tracemalloc.start()
    value, pullback = vjp(block, x, params["blocks"][0])
    record = tracemalloc.get_traced_memory()[0] - value.nbytes
    tracemalloc.stop()
    del pullback
    return record


def seconds(derivative, args, rounds):
    times = []
    for _ in tqdm(range(rounds)):
        start = time.perf_counter()
        derivative(*args)
        times.append(time.perf_counter() - start)
    return min(times)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in leaves(v)]
    return [leaf for v in value for leaf in leaves(v)] if isinstance(value, list) else [value]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path())
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    args = drawn(np.random.default_rng(0))
    derivatives = {"plain": grad(loss), "checkpoints": grad(loss_with_checkpoints)}
    plain, small = (leaves(d(*args)) for d in derivatives.values())
    same = all(np.array_equal(a, b) for a, b in zip(plain, small, strict=True))
    print(f"the same bits: {'yes' if same else 'no'}")
    del plain, small
    kept = {name: derivative.stored(*args) for name, derivative in derivatives.items()}
    kept["checkpoints"].draw(options.output / "gpt2_memory.png", beside={"plain": kept["plain"]})
    inputs, record = BLOCKS * args[1].nbytes, one_block(args[0], args[1])
    gradient = sum(leaf.nbytes for leaf in leaves(args[0]))
    print(f"one block keeps {record / MEGABYTE:.1f} MB for its adjoint")
    print(f"{BLOCKS} inputs {inputs / MEGABYTE:.1f} MB, the gradient {gradient / MEGABYTE:.1f} MB")
    account = inputs + record
    for name, one in kept.items():
        shares = one.peak / account, one.peak / (account + gradient)
        print(
            f"peak {name}: {one.peak / MEGABYTE:.1f} MB, {shares[0]:.2f} of the inputs and the "
            f"record of one block, {shares[1]:.2f} with the gradient"
        )
    print("a training step by Adam with checkpoints, in bytes:")
    print(kept["checkpoints"].account())
    times = {n: seconds(d, args, options.rounds) for n, d in derivatives.items()}
    print(f"time with checkpoints: {times['checkpoints'] / times['plain']:.2f} of that without")


if __name__ == "__main__":
    main()
