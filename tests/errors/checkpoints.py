"""Loops that cannot be checkpointed."""

import numpy as np

from errors.registry import refused
from tangent import checkpoint

RNG = np.random.default_rng(0)


@refused("UnsupportedSyntax", 1.5)
def drawn_in_the_loop(x):
    for _ in checkpoint(range(3), every=2):
        noise = RNG.normal()  # error[checkpoint-effect]: a random number
        x = x * x + noise
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
def slots_of_unknown_length(x):
    while checkpoint(x < 100.0, states=5):  # error[checkpoint-length]: the length of the loop
        x = x * x
    return x


@refused("UnsupportedSyntax", 1.5)
def not_a_loop(x):
    y = checkpoint(x * x, every=2)  # error[checkpoint-place]: nothing here to checkpoint
    return y * x
