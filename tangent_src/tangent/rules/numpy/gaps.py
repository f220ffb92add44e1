"""Known functions of NumPy without a rule yet, and why."""

import numpy as np

from tangent.rules.language import no_rule_yet

no_rule_yet(
    np.random.gamma,
    np.random.choice,
    reason="draw from the standard distribution, then shift and scale",
)
no_rule_yet(
    np.random.permutation,
    reason="permute the places: `x[np.random.permutation(len(x))]`",
)
no_rule_yet(
    np.ndarray.resize,
    reason="the function writes into its argument; assign to elements instead",
)
