"""Times of gradients on a CUDA device, beside PyTorch eager: the table of `docs/gpu.md`.

    python benchmarks/gpu.py                       on CuPy, by the device's own events
    python benchmarks/gpu.py --backend numpy       on the host: shows that the script works

Three workloads: a perceptron, a block of GPT, and heat through 1000 steps that update the field in
place, with 20 snapshots.  PyTorch runs the same primal, where it is installed; it refuses to
differentiate the steps in place, and gets them out of place.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("tangent_src", "backends", "examples")]

import gpt2_memory  # noqa: E402
import heat_inverse  # noqa: E402

import tangent  # noqa: E402


def perceptron(params, x):
    h = x
    for W, b in params:
        h = np.tanh(h @ W + b)
    return np.sum(h * h)


def block(p, x):
    return np.sum(gpt2_memory.block(x, p) ** 2)


def workloads(small):
    """Name, function and arguments."""
    rng = np.random.default_rng(0)
    width, batch, steps = (16, 8, 20) if small else (2048, 4096, heat_inverse.STEPS)
    params = [(rng.normal(size=(width, width)) / width**0.5, np.zeros(width)) for _ in range(4)]
    yield "perceptron", perceptron, single((params, rng.normal(size=(batch, width))))
    whole, x, _ = gpt2_memory.drawn(rng)
    yield "GPT block", block, single((whole["blocks"][0], x))
    k, hot, seen = heat_inverse.plate(rng)
    yield "heat", heat_inverse.misfit, (*single((np.log(k), hot, seen)), steps, 20)


def single(tree):
    """The same structure in float32."""
    if isinstance(tree, dict):
        return {name: single(value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return type(tree)(map(single, tree))
    return tree.astype(np.float32)


# ---------------------------------------------------------------- PyTorch


def in_torch(name, args, device):
    """The same primal and arguments for PyTorch, as a function of nothing that runs both sweeps."""
    import torch

    def tensors(tree, grad=True):
        if isinstance(tree, dict):
            return {key: tensors(value, grad) for key, value in tree.items()}
        if isinstance(tree, list | tuple):
            return [tensors(value, grad) for value in tree]
        if not isinstance(tree, np.ndarray):
            return tree
        return torch.tensor(tree, device=device, requires_grad=grad)

    first, *rest = tensors(args[0]), *(tensors(a, False) for a in args[1:])
    primal = {"perceptron": torch_perceptron, "GPT block": torch_block, "heat": torch_heat}[name]
    return lambda: primal(torch, first, *rest).backward()


def torch_perceptron(torch, params, x):
    for W, b in params:
        x = torch.tanh(x @ W + b)
    return torch.sum(x * x)


def torch_norm(torch, x, scale, shift):
    centred = x - torch.mean(x, -1, keepdim=True)
    return scale * centred / torch.sqrt(torch.mean(centred**2, -1, keepdim=True) + 1e-5) + shift


def torch_block(torch, p, x):
    batch, length, width = x.shape
    heads = gpt2_memory.HEADS
    h = torch_norm(torch, x, p["scale1"], p["shift1"]) @ p["qkv"]
    q, k, v = h.reshape(batch, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    mask = torch.tensor(gpt2_memory.MASK[:length, :length], device=x.device, dtype=x.dtype)
    mixed = torch.softmax(q @ k.transpose(-1, -2) / (width // heads) ** 0.5 + mask, -1) @ v
    x = x + mixed.transpose(1, 2).reshape(batch, length, width) @ p["out"]
    h = torch_norm(torch, x, p["scale2"], p["shift2"]) @ p["up"]
    h = h * (1 + torch.tanh(0.79788456 * (h + 0.044715 * h**3))) / 2
    return torch.sum((x + h @ p["down"]) ** 2)


def torch_heat(torch, log_k, hot, seen, steps, snapshots):
    k, u, total = torch.exp(log_k), hot, 0.0
    down, across = (k[1:, 1:-1] + k[:-1, 1:-1]) / 2, (k[1:-1, 1:] + k[1:-1, :-1]) / 2
    for t in range(steps):
        sinking = down * (u[1:, 1:-1] - u[:-1, 1:-1])
        passing = across * (u[1:-1, 1:] - u[1:-1, :-1])
        flow = sinking[1:] - sinking[:-1] + passing[:, 1:] - passing[:, :-1]
        u = u + torch.nn.functional.pad(flow, (1, 1, 1, 1))
        if (t + 1) % (steps // len(seen)) == 0:
            total = total + torch.mean((u - seen[t // (steps // len(seen))]) ** 2)
    return total / len(seen)


# ---------------------------------------------------------------- times


def on_host(run, rounds):
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return min(times[1:])


def by_events(run, rounds):
    """The least of several times in ms, from event to event on CuPy's stream."""
    import cupy as cp

    times = []
    for _ in range(rounds + 1):
        start, end = cp.cuda.Event(), cp.cuda.Event()
        start.record()
        run()
        end.record()
        end.synchronize()
        times.append(cp.cuda.get_elapsed_time(start, end))
    return min(times[1:])


def by_torch_events(run, rounds):
    import torch

    times = []
    for _ in range(rounds + 1):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        run()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end))
    return min(times[1:])


def device_name(backend):
    if backend == "numpy":
        return "the host, by NumPy"
    import cupy as cp

    return cp.cuda.runtime.getDeviceProperties(0)["name"].decode()


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", choices=["numpy", "cupy"], default="cupy")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="sizes for a test")
    options = parser.parse_args(argv)
    on_device = options.backend == "cupy"
    torch = importlib.util.find_spec("torch") is not None
    print(f"{device_name(options.backend)}, {datetime.date.today()}, float32\n")
    print("| workload | primal ms | gradient ms | ratio | PyTorch eager, both sweeps, ms |")
    print("|---|---|---|---|---|")
    for name, function, args in workloads(options.small):
        there = tangent.to_device(args) if on_device else args
        gradient = tangent.grad(function, backend=options.backend)
        clock = by_events if on_device else on_host
        primal = clock(lambda f=function, a=there: f(*a), options.rounds)
        both = clock(lambda g=gradient, a=there: g(*a), options.rounds)
        other = "not installed"
        if torch:
            run = in_torch(name, args, "cuda" if on_device else "cpu")
            other = f"{(by_torch_events if on_device else on_host)(run, options.rounds):.2f}"
        print(f"| {name} | {primal:.2f} | {both:.2f} | {both / primal:.1f} | {other} |", flush=True)


if __name__ == "__main__":
    main()
