"""Known functions of NumPy without a rule yet, and why."""

import numpy as np

from tangent.rules.language import no_rule_yet

no_rule_yet(
    np.linalg.eig,
    np.linalg.eigvals,
    np.linalg.lstsq,
    np.linalg.matrix_power,
    np.linalg.multi_dot,
    np.linalg.cond,
    np.linalg.tensorsolve,
    np.linalg.tensorinv,
    np.linalg.vector_norm,
    np.linalg.matrix_norm,
    reason="the rule is not written",
)
no_rule_yet(
    np.fft.rfft2,
    np.fft.irfft2,
    np.fft.rfftn,
    np.fft.irfftn,
    np.fft.hfft,
    np.fft.ihfft,
    reason="the transforms of real arrays in several dimensions have no rules yet",
)
no_rule_yet(
    np.random.normal,
    np.random.uniform,
    np.random.exponential,
    np.random.gamma,
    np.random.choice,
    reason="draw from the standard distribution, then shift and scale",
)
no_rule_yet(
    np.ndarray.partition,
    np.ndarray.resize,
    np.place,
    reason="the function writes into its argument; assign to elements instead",
)
