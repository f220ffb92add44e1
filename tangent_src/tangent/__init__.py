"""Reads a Python function that uses NumPy and writes the function that computes its derivative."""

from tangent.api import Derivative, grad, stop_gradient, value_and_grad, vjp
from tangent.checking import check_grads
from tangent.differences import finite_difference
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
    VerificationError,
)
from tangent.forward import Pushforward, jvp
from tangent.operators import (
    Operator,
    elementwise_grad,
    hessian,
    hutchinson_trace,
    hvp,
    jacobian,
    linearize,
)
from tangent.runtime.marks import adjoint_of
from tangent.trees import flatten

__all__ = [
    "AliasedArguments",
    "BrokenInvariant",
    "Derivative",
    "InvalidArgument",
    "NoRule",
    "NonScalarOutput",
    "Operator",
    "Pushforward",
    "RuleError",
    "SourceMismatch",
    "SourceUnavailable",
    "TangentError",
    "UnsupportedSyntax",
    "VerificationError",
    "adjoint_of",
    "check_grads",
    "elementwise_grad",
    "finite_difference",
    "flatten",
    "grad",
    "hessian",
    "hutchinson_trace",
    "hvp",
    "jacobian",
    "jvp",
    "linearize",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
