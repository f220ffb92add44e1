"""The error of generated code.

The runtime imports nothing of the library, since its functions are written into saved files.  So it
raises one plain `TypeError`; `tangent.api` turns it into the exception of `tangent.errors` that has
the same `code` (`non-scalar` becomes `NonScalarOutput`) and adds the user's line.
"""


class Refusal(TypeError):
    """What generated code met has no derivative; `code` and `help` as in `tangent.errors`.

    `error` is that of the library, where a function was read that is known only at run time.
    """

    def __init__(
        self, message: str, code: str, help: str = "", error: BaseException | None = None
    ) -> None:
        super().__init__(f"{message} [{code}]" + (f"\nhelp: {help}" if help else ""))
        self.message, self.code, self.help, self.error = message, code, help, error

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.message, self.code, self.help, self.error)
