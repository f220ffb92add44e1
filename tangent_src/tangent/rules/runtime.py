"""The rules of the runtime: what generated code calls can be differentiated again.

Most are linear in the adjoint that they move, and their transposes are the functions that they
transposed.  `add_at` and `take_out` write, and are the business of the engine.
"""
