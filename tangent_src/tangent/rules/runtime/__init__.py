"""The rules of the runtime: what generated code calls can be differentiated again.

Most of its functions are linear in the adjoint that they move, and the transposed map is the
function that they transposed.
"""
