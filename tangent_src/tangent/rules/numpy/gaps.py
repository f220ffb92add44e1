"""Known functions of NumPy without a rule yet, and why."""

import numpy as np

from tangent.rules.language import no_rule_yet

no_rule_yet(
    np.median,
    np.percentile,
    np.quantile,
    np.partition,
    np.nanmedian,
    np.nanpercentile,
    np.nanquantile,
    reason="the rule for selected order statistics is not written",
)
no_rule_yet(np.average, reason="write `np.sum(w * x) / np.sum(w)`")
no_rule_yet(
    np.modf, np.frexp, np.divmod, divmod, reason="two results; use the functions that give one"
)
no_rule_yet(
    np.interp,
    np.convolve,
    np.correlate,
    np.gradient,
    np.cov,
    np.corrcoef,
    np.i0,
    np.ediff1d,
    reason="the rule is not written",
)
no_rule_yet(
    np.polyfit,
    np.polyadd,
    np.polymul,
    np.polysub,
    np.polyder,
    np.polyint,
    np.poly,
    np.roots,
    np.vander,
    reason="polynomials have no rules yet; write Horner's scheme",
)
no_rule_yet(
    np.block,
    np.select,
    np.choose,
    np.compress,
    np.extract,
    np.piecewise,
    np.insert,
    np.delete,
    np.resize,
    np.rollaxis,
    np.meshgrid,
    np.broadcast_arrays,
    np.diagflat,
    np.geomspace,
    np.logspace,
    np.unique,
    np.bincount,
    np.histogram,
    np.apply_along_axis,
    np.vectorize,
    np.vecdot,
    np.matvec,
    np.vecmat,
    reason="the rule is not written",
)
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
    np.ndarray.sort,
    np.ndarray.fill,
    np.ndarray.put,
    np.ndarray.partition,
    np.ndarray.resize,
    np.copyto,
    np.put,
    np.put_along_axis,
    np.place,
    np.putmask,
    np.fill_diagonal,
    reason="the function writes into its argument; assign to elements instead",
)
