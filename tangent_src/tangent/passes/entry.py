"""What a generated function does first: it works on copies of parameters that it would change.

A parameter that is bound anew keeps its first value under another name (`x_0`), in whose
structure the gradient is returned; one whose memory is written into is copied, since the caller's
values are never changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

import tangent.runtime
from tangent.analyses.shadows import reshaped
from tangent.analyses.shapes import shapes
from tangent.analyses.sharing import Sharing, sharing
from tangent.errors import UnsupportedSyntax
from tangent.rules.language import lookup
from tangent.syntax.program import (
    Append,
    Apply,
    Assign,
    Augment,
    Copy,
    Display,
    Plain,
    Pop,
    Program,
    Statement,
    Store,
    Unpack,
    Value,
    assigned,
    every,
)
from tangent.syntax.symbols import Symbols
from tangent.syntax.trees import call, is_number, name


def private_parameters(
    program: Program, wrt: tuple[str, ...], symbols: Symbols, root: bool
) -> tuple[Program, dict[str, str]]:
    """The program with its entry, and the name under which each parameter's first value stays."""
    names = program.names.copy()
    changed = assigned(program.body)
    facts = sharing(program, shapes(program, False))
    written, lying = _written(program, facts, root), reshaped(program, facts)
    entry: list[Statement] = []
    heading = f"def {program.name}"
    origin = replace(program.result_origin, line=program.line, text=heading)
    originals = {}
    for parameter in program.parameters:
        originals[parameter] = parameter
        if parameter in wrt and parameter in changed:
            originals[parameter] = names.fresh(f"{parameter}_0")
            value = Copy(name(parameter), frozenset({parameter}), parameter)
            entry.append(Assign(origin, originals[parameter], value))
        if parameter in written:
            atom = name(parameter)
            expr = call(symbols.runtime("own"), atom)
            rule = lookup(tangent.runtime.own)
            own = Apply(expr, frozenset({parameter}), rule, {"value": atom})
            made = names.temporary() if parameter in lying else parameter
            entry.append(Assign(origin, made, own))
            if parameter in lying:
                entry.append(Assign(origin, parameter, _laid_out(made, parameter, symbols)))
    return replace(program, body=(*entry, *program.body), names=names), originals


def _laid_out(copy: str, parameter: str, symbols: Symbols) -> Apply:
    """A copy in the layout of a parameter, of which the same views are no copies."""
    arguments = {"adjoint": name(copy), "primal": name(parameter)}
    expr = call(symbols.runtime("laid_out"), *arguments.values())
    rule = lookup(tangent.runtime.laid_out)
    return Apply(expr, frozenset({copy, parameter}), rule, arguments)


def value_and_aux(program: Program) -> tuple[Program, str]:
    """The program whose result is the first of the two values that `program` returns, and the
    name that holds the second.
    """
    names = program.names.copy()
    value, aux = names.fresh("value"), names.fresh("aux")
    origin, last = program.result_origin, program.body[-1] if program.body else None
    made = last.value if isinstance(last, Assign) and last.target == program.result else None
    number = isinstance(made, Apply) and made.rule.numeric
    other = isinstance(made, Display) and (made.kind != "tuple" or len(made.elements) != 2)
    if number or other:
        raise UnsupportedSyntax(
            "what is returned with `has_aux=True` is no pair",
            code="has-aux",
            location=origin.location,
            help="return `value, aux`: the number to differentiate, and the rest",
        )
    if isinstance(made, Display):
        pair = zip((value, aux), made.elements, strict=True)
        parts: tuple[Statement, ...] = tuple(Assign(origin, t, _atom(e)) for t, e in pair)
        body = (*program.body[:-1], *parts)
    else:
        body = (*program.body, Unpack(origin, (value, aux), program.result))
    names.made += [value, aux]
    return replace(program, body=body, result=value, names=names), aux


def with_aux(result: Any, aux: str) -> Any:
    """The result, and beside it what `aux` holds, if there is such a name."""
    return gast.Tuple(elts=[result, name(aux)], ctx=gast.Load()) if aux else result


def _atom(atom: Any) -> Value:
    if isinstance(atom, gast.Name) and atom.id[0] != "@":
        return Copy(atom, frozenset({atom.id}), atom.id)
    return Plain(atom, frozenset(), fresh=False, scalar=is_number(atom))


def refuse_writers(program: Program) -> None:
    """A function that writes into its arguments is written into its caller; one that is called all
    the same calls itself, and nobody would know what it changes.
    """
    for statement in every(program.body):
        callee = getattr(getattr(statement, "value", None), "callee", None)
        if callee is not None and callee.stores:
            raise UnsupportedSyntax(
                f"a called function writes into its argument `{min(callee.stores)}`",
                code="callee-store",
                location=statement.origin.location,
                help="write into a copy, and return it",
            )


def _written(program: Program, facts: Sharing, root: bool) -> set[str]:
    """The parameters whose memory is written into, through whatever name.

    `y += e` on a parameter outside loops copies where it stands (`passes.sweep`).
    """
    found: set[str] = set()
    changed = assigned(program.body)
    for statement in every(program.body):
        if not isinstance(statement, (Store, Append, Pop, Augment)):
            continue
        direct = isinstance(statement, Augment)
        alone = statement in program.body and not facts.others(statement)
        if direct and (not root or alone):
            continue
        parameters = facts.into(statement)
        if not root and not parameters & changed:
            continue  # through another name: the text asks in front of the store
        if not root:
            raise UnsupportedSyntax(
                f"a called function writes into its argument `{sorted(parameters)[0]}`",
                code="callee-store",
                location=statement.origin.location,
                help="write into a copy, and return it",
            )
        found |= parameters
    return found
