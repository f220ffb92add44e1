"""Reads a Python function that uses NumPy and writes the function that computes its derivative."""

from tangent.api import Derivative, grad, stop_gradient, value_and_grad, vjp
from tangent.checking import check_grads
from tangent.errors import (
    AliasedArguments,
    BrokenInvariant,
    InvalidArgument,
    NonScalarOutput,
    NoRule,
    RuleError,
    SourceMismatch,
    SourceUnavailable,
    TangentError,
    UnsupportedSyntax,
)
from tangent.forward import Pushforward, jvp

__all__ = [
    "AliasedArguments",
    "BrokenInvariant",
    "Derivative",
    "InvalidArgument",
    "NoRule",
    "NonScalarOutput",
    "Pushforward",
    "RuleError",
    "SourceMismatch",
    "SourceUnavailable",
    "TangentError",
    "UnsupportedSyntax",
    "check_grads",
    "grad",
    "jvp",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
