"""The analyses of a function as text, line by line, to be compared with comments in its source.

    def f(x, y):
        a = x * y  # active: x
        b = y * 2  # active: -
        return a * b  # active: a

Several facts on one line are separated by semicolons.  A line says nothing where nothing is
claimed; `-` claims that there is nothing.
"""

import inspect

from tangent import pipeline
from tangent.passes.assemble import analyse
from tangent.passes.entry import private_parameters
from tangent.syntax.program import For, If, every, targets


def analysed(function, wrt=("x",)):
    """All facts about a function, as the gradient with respect to `wrt` has them."""
    unit = pipeline.program_of(function)
    symbols = unit.registry.symbols
    program, originals = private_parameters(unit.program, wrt, symbols, True)
    likes = frozenset(originals[w] for w in wrt)
    return analyse(program, frozenset(wrt), likes, True, symbols, True)


def claims(function):
    """{(line, key): text} of the comments in the function's source."""
    lines, first = inspect.getsourcelines(function)
    found = {}
    for number, line in enumerate(lines, first):
        _, mark, comment = line.rstrip().partition("  # ")
        for claim in comment.split("; ") if mark else ():
            key, _, text = claim.partition(": ")
            found[number, key] = text
    return found


def found(function, key, wrt=("x",)):
    """{line: text} of what an analysis says about each line of the function."""
    facts = analysed(function, wrt)
    table = {}
    for statement in every(facts.program.body):
        said = table.setdefault(statement.origin.line, [])
        said += [word for word in DESCRIBE[key](facts, statement) if word not in said]
    return {line: ", ".join(said) or "-" for line, said in table.items()}


# ---------------------------------------------------------------- one function for each analysis


def active(facts, statement):
    """The operands through which a derivative flows."""
    return sorted(facts.activity.operands.get(statement, ()))


def kept(facts, statement):
    """Whether the forward sweep still runs it."""
    return ["yes" if statement in facts.plan.live.kept else "no"]


def saved(facts, statement):
    """What is saved in front of it, or, of names that go out of scope, behind it."""
    for save in facts.plan.saves:
        if save.at is statement:
            part = " (a part)" if save.region else " (undone)" if save.undo else ""
            yield save.name + part + (" at the end" if save.at_end else "")


def again(facts, statement):
    """What is computed again in the backward sweep, instead of being saved."""
    return [s.target for _, s in facts.plan.recomputed if s is statement]


def shape(facts, statement):
    """The names whose shapes broadcast to the target's, `()` for a scalar.

    In brackets: a name whose own shape nothing else tells.
    """
    if isinstance(statement, If | For) or not targets(statement):
        return []
    known = facts.shapes.result(statement)
    return ["?" if known is None else " & ".join(sorted(map(_shape_name, known))) or "()"]


def _shape_name(shape):
    if isinstance(shape, str):
        return shape
    return f"[{shape[1] if isinstance(shape, tuple) else targets(shape)[0]}]"


def shared(facts, statement):
    """At a statement that writes in place: the other names that may see it."""
    return sorted(facts.sharing.others(statement)) if statement in facts.sharing.sites else []


def adjoint(facts, statement):
    """The adjoints that it sets, the others being added to; and those that start as zeros."""
    first = sorted(operand for one, operand in facts.adjoints.first if one is statement)
    yield from (f"sets {operand}" for operand in first)
    for place, names in zip(PLACES[type(statement).__name__], zeros(facts, statement), strict=True):
        yield from (f"zeros of {name} {place}" for name in sorted(names))


PLACES = {"If": ("in the body", "in the else"), "For": ("before", "at the end")}
PLACES |= dict.fromkeys(("Assign", "Augment", "Store", "Append", "Pop", "Unpack", "Effect"), ())


def zeros(facts, statement):
    pair = facts.adjoints.zeros.get(statement, (frozenset(), frozenset()))
    return pair if isinstance(statement, If | For) else ()


DESCRIBE = {
    "active": active,
    "kept": kept,
    "saves": saved,
    "again": again,
    "shape": shape,
    "shared": shared,
    "adjoint": adjoint,
}
