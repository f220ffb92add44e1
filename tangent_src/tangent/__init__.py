"""Reads a Python function that uses NumPy and writes the function that computes its derivative."""

import tangent.calling as _calling
from tangent.api import Derivative, checkpoint, grad, stop_gradient, value_and_grad
from tangent.chains import ChainedJacobian, chain_jacobian
from tangent.checking import check_grads
from tangent.differences import finite_difference
from tangent.elementwise import elementwise_grad
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
from tangent.inverses import check_inverse
from tangent.jacobians import jacobian
from tangent.operator_parts import Operator
from tangent.operators import gauss_newton, hessian, hvp, linearize
from tangent.pullbacks import vjp
from tangent.runtime.checkpoints import reversible
from tangent.runtime.marks import adjoint_of
from tangent.spectra import hutchinson_trace, lanczos_spectrum
from tangent.switching import to_device, to_host, use_backend
from tangent.trees import flatten
from tangent.writing_tests import write_test

__all__ = [
    "AliasedArguments",
    "BrokenInvariant",
    "ChainedJacobian",
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
    "chain_jacobian",
    "check_grads",
    "check_inverse",
    "checkpoint",
    "elementwise_grad",
    "finite_difference",
    "flatten",
    "gauss_newton",
    "grad",
    "hessian",
    "hutchinson_trace",
    "hvp",
    "jacobian",
    "jvp",
    "lanczos_spectrum",
    "linearize",
    "reversible",
    "stop_gradient",
    "to_device",
    "to_host",
    "use_backend",
    "value_and_grad",
    "vjp",
    "write_test",
]

_ = _calling
