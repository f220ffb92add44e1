"""A Jacobian as a program, which is read where a Jacobian is differentiated."""

from __future__ import annotations

import functools
import itertools
import linecache
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from tangent.api import signature_of
from tangent.callables import readable
from tangent.operator_parts import Operator
from tangent.rules.language import constant
from tangent.runtime import call_jvp
from tangent.runtime.refusals import Refusal

_numbers = itertools.count(1)


def jacobian_at(f, x, *rest):  # type: ignore[no-untyped-def]  # it is read, not called
    """The Jacobian of `f` with respect to its first argument, an array or a number of reals: a
    column for each element.
    """
    refuse_complex(x)
    units = np.eye(np.size(x), dtype=np.result_type(x))
    columns = [call_jvp(f, x, *rest, x0_dot=np.reshape(one, np.shape(x)))[1] for one in units]
    return np.reshape(np.stack(columns, axis=-1), np.shape(columns[0]) + np.shape(x))


def refuse_complex(x: Any) -> None:
    """Refuse arguments of which the Jacobian is no array of such columns."""
    if not isinstance(x, float | np.floating | np.ndarray) or np.iscomplexobj(x) or not np.size(x):
        raise Refusal(
            "a Jacobian by this argument is differentiated",
            "jacobian",
            "differentiate it with respect to one array of real numbers, with elements",
        )


class JacobianOfFirst(Operator):
    """What is read when it is differentiated is the program `jacobian_at` of the function `of`."""

    leading: tuple[Any, ...] = ()

    def __init__(self, call: Callable[..., Any], primal: Any, text: Callable[[], str], of: Any):
        super().__init__(call, primal, text)
        self._of = of
        self.__signature__ = signature_of(primal)

    @functools.cached_property
    def generated(self) -> FunctionType:
        """The program for the function, with a text that can be read."""
        function, leading = readable(self._of)
        names = ", ".join(self.__signature__.parameters)
        text = f"def jacobian({names}):\n    return jacobian_at(function, {names})\n"
        filename = f"<jacobian {next(_numbers)}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        namespace: dict[str, Any] = {
            "jacobian_at": jacobian_at,
            "function": functools.partial(function, *leading) if leading else function,
            "__name__": __name__,
        }
        exec(compile(text, filename, "exec"), namespace)
        written = namespace["jacobian"]
        assert isinstance(written, FunctionType)
        return written


constant(refuse_complex, pure=False)
