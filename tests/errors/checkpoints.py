"""Loops that cannot be checkpointed."""

import numpy as np

from errors.registry import refused
from tangent import checkpoint

RNG = np.random.default_rng(0)


@refused("UnsupportedSyntax", 1.5)
def drawn_in_a_while_loop(x):
    for _ in checkpoint(range(3), every=2):
        t = 0
        while t < 2:
            noise = RNG.normal()  # error[checkpoint-effect]: drawn in a `while` loop
            x = x * noise
            t += 1
    return x


def noisy(x):
    print(x)
    return x * x


@refused("UnsupportedSyntax", 1.5)
def printed_by_a_callee(x):
    for _ in checkpoint(range(3), snapshots=2):
        x = noisy(x)  # error[checkpoint-effect]: `noisy` prints
    return x


@refused("UnsupportedSyntax", 1.5)
def two_schedules(x):
    for _ in checkpoint(range(3), every=2, snapshots=3):  # error[checkpoint-schedule]: one schedule
        x = x * x
    return x


@refused("UnsupportedSyntax", 1.5)
def no_schedule(x):
    for _ in checkpoint(range(3)):  # error[checkpoint-schedule]: one schedule
        x = x * x
    return x


@refused("UnsupportedSyntax", 1.5)
def no_snapshot(x):
    for _ in checkpoint(range(3), snapshots=0):  # error[checkpoint-number]: `snapshots=0`
        x = x * x
    return x


@refused("UnsupportedSyntax", 1.5)
def not_a_loop(x):
    y = checkpoint(x * x, every=2)  # error[checkpoint-place]: nothing here to checkpoint
    return y * x


@checkpoint
def noisy_block(x):
    print(x)
    return x * x


@refused("UnsupportedSyntax", 1.5)
def printed_by_a_checkpointed_callee(x):
    return noisy_block(x) * x  # error[checkpoint-effect]: `noisy_block` is checkpointed


@refused("UnsupportedSyntax", 1.5)
def left_by_a_jump(x):
    with checkpoint("block"):
        if x > 0:
            return x * x  # error[checkpoint-block]: a jump out of a checkpointed block
    return x


@refused("UnsupportedSyntax", 1.5)
def bound_to_a_name(x):
    with checkpoint("block") as x:  # error[checkpoint-block]: a checkpointed block has a name
        y = x * x
    return y


@refused("UnsupportedSyntax", np.ones(2))
def written_in_a_block(x):
    x = x * 1.0
    with checkpoint("block"):  # error[callee-store]: a called function writes into its argument
        x[0] = x[1] ** 2
    return np.sum(x)


@refused("UnsupportedSyntax", np.ones(3))
def seen_by_a_view_from_outside(x):
    u = x * 2.0
    first = u[:1]
    for _ in checkpoint(range(3), every=2):
        u[:] = u * u  # error[checkpoint-shared]: `first` and `u` may show both
    return np.sum(u) * first[0]
