"""Forward mode: the names whose tangents must share memory as their primals do.

    y = np.zeros(3)                         y = np.zeros(3)
    v = y if c else z                       y_dot = zero_tangent(y)
    v[0] = x                  ->            v = y if c else z
    return np.sum(y)                        v_dot = y_dot if c else z_dot
                                            v[0] = x
                                            v_dot[0] = x_dot

Where a store of what moves may be seen through another name, all names of that memory have a
tangent from the beginning: what is a view of one of them is a view in the tangent, too, and a store
into the one is a store into the other.  Nobody needs to know which name shows which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tangent.analyses.activity import Activity, activity, into, sources, useful_with, writes
from tangent.analyses.exposure import named
from tangent.analyses.sharing import Sharing
from tangent.syntax.program import Program, Statement, every

Names = frozenset[str]


def mirrored(
    program: Program,
    wrt: Names,
    sharing: Sharing,
    exposed: Mapping[Statement, Names],
) -> tuple[Names, Activity]:
    """The names whose tangents mirror the memory of their primals, and the active operands."""
    seen = named(exposed)
    found = activity(program, wrt, seen)
    moving = wrt.union(*map(writes, found.varied))
    stores = [s for s, names in seen.items() if not moving.isdisjoint({str(into(s)), *names})]
    names = sharing.names_of(frozenset().union(*(sharing.sites[s] for s in stores)))
    return names, _with(program, found, names) if names else found


def _with(program: Program, found: Activity, names: Names) -> Activity:
    """The operands, if these names always move, and their tangents are always wanted."""
    useful = useful_with(program, names)
    operands = {
        s: moved
        for s in every(program.body)
        if s in useful and (moved := (found.varied.get(s, Names()) | sources(s) & names))
    }
    return replace(found, operands=operands, useful=useful)
