"""A function written out for options that are literals: the tests on them are decided.

    def total(x, axis=None):               def total(x):
        if axis is None:                       return np.sum(x)
            return np.sum(x)         ->
        return np.sum(x, axis)

Only what reads nothing but literals is decided; all else stays as it stands.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from typing import Any

import gast

from tangent.syntax.printing import print_expression
from tangent.syntax.trees import copied, is_literal, literal

ASKED = {f: getattr(builtins, f) for f in ("isinstance", "len", "abs", "min", "max")}
ASKED |= {t.__name__: t for t in (int, float, bool, str, tuple, list)}


_VALUES = (gast.Constant, gast.Tuple, gast.List, gast.Call)
_OPERATIONS = (gast.Compare, gast.BoolOp, gast.UnaryOp, gast.BinOp)
_PARTS = (gast.expr_context, gast.operator, gast.unaryop, gast.boolop, gast.cmpop)
_LITERAL = _VALUES + _OPERATIONS + _PARTS


def is_option(node: Any) -> bool:
    """Is it a literal, or a tuple or list of literals?"""
    if isinstance(node, (gast.Tuple, gast.List)):
        return all(is_option(e) for e in node.elts)
    return is_literal(node)


def with_options(
    tree: Any, options: Mapping[str, Any], lengths: Mapping[str, int], there: Iterable[str] = ()
) -> Any:
    """`tree`, changed: the parameters `options` are gone, and their values stand in their place.

    `lengths` holds how many arguments stand in `*args`; the parameters `there` are not None.
    """
    options = {**options, **{f"len({p})": literal(n) for p, n in lengths.items()}}
    options |= {f"{p} is None": literal(False) for p in there}
    arguments = tree.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip([a.id for a in positional][::-1], arguments.defaults[::-1], strict=False))
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    defaults |= {a.id: d for a, d in pairs if d is not None}
    arguments.posonlyargs = [a for a in arguments.posonlyargs if a.id not in options]
    arguments.args = [a for a in arguments.args if a.id not in options]
    arguments.kwonlyargs = [a for a in arguments.kwonlyargs if a.id not in options]
    left = [a.id for a in (*arguments.posonlyargs, *arguments.args)]
    arguments.defaults = [defaults[a] for a in left if a in defaults]
    arguments.kw_defaults = [defaults.get(a.id) for a in arguments.kwonlyargs]
    tree.body = _block(tree.body, options)
    return tree


def bound_names(tree: Any) -> set[str]:
    """The names that a function binds anew, which are therefore no options."""
    return {
        n.id
        for statement in tree.body
        for n in gast.walk(statement)
        if isinstance(n, gast.Name) and isinstance(n.ctx, (gast.Store, gast.Del))
    }


def _block(body: list[Any], options: Mapping[str, Any]) -> list[Any]:
    """The statements that are left; nothing stands behind a jump."""
    found: list[Any] = []
    for statement in body:
        found += _statement(statement, options)
        if found and isinstance(found[-1], (gast.Return, gast.Raise, gast.Continue, gast.Break)):
            break
    return found


def _statement(node: Any, options: Mapping[str, Any]) -> list[Any]:
    if isinstance(node, gast.If):
        test = _expression(node.test, options)
        known = _decided(test)
        if known is not None:
            return _block(node.body if known else node.orelse, options)
        node.test, node.body = test, _block(node.body, options) or [_nothing(node)]
        node.orelse = _block(node.orelse, options)
        return [node]
    for field, value in gast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], gast.stmt):
            setattr(node, field, _block(value, options) or [_nothing(node)])
        elif isinstance(value, list):
            parts = [_expression(v, options) if isinstance(v, gast.AST) else v for v in value]
            setattr(node, field, parts)
        elif isinstance(value, gast.AST):
            setattr(node, field, _expression(value, options))
    return [node]


def _nothing(node: Any) -> Any:
    return gast.copy_location(gast.Pass(), node)


def _expression(node: Any, options: Mapping[str, Any]) -> Any:
    asked = isinstance(node, (gast.Call, gast.Compare))  # `len(args)`, `args is None`
    if asked and print_expression(node) in options:
        return gast.copy_location(copied(options[print_expression(node)]), node)
    if isinstance(node, gast.Name):
        if node.id in options and isinstance(node.ctx, gast.Load):
            return gast.copy_location(copied(options[node.id]), node)
        return node
    for field, value in gast.iter_fields(node):
        if isinstance(value, list):
            parts = [_expression(v, options) if isinstance(v, gast.AST) else v for v in value]
            setattr(node, field, parts)
        elif isinstance(value, gast.AST):
            setattr(node, field, _expression(value, options))
    if isinstance(node, gast.IfExp):
        known = _decided(node.test)
        return node if known is None else node.body if known else node.orelse
    if isinstance(node, gast.BinOp):
        return _computed(node)
    return _shortened(node) if isinstance(node, gast.BoolOp) else node


def _computed(node: Any) -> Any:
    """`0 + 3` as `3`: of natural numbers."""
    match node.left, node.right:
        case gast.Constant(value=int(a)), gast.Constant(value=int(b)):
            done = {gast.Add: a + b, gast.Sub: a - b, gast.Mult: a * b}.get(type(node.op), -1)
            return node if done < 0 else gast.copy_location(literal(done), node)
    return node


def _shortened(node: Any) -> Any:
    """`True and c` is `c`, `False and c` is False; the same with `or` the other way round."""
    absorbing = isinstance(node.op, gast.Or)
    left: list[Any] = []
    for part in node.values:
        known = _decided(part)
        if known is None or part is node.values[-1]:
            left.append(part)
        elif known is absorbing:
            return part if not left else gast.BoolOp(node.op, [*left, part])
    return left[0] if len(left) == 1 else gast.copy_location(gast.BoolOp(node.op, left), node)


def _decided(test: Any) -> bool | None:
    """The truth of a test on literals; None if it reads anything else."""
    for node in gast.walk(test):
        known = isinstance(node, gast.Name) and node.id in ASKED
        if not known and not isinstance(node, _LITERAL):
            return None
    try:
        return bool(eval(print_expression(_by_value(test)), {"__builtins__": {}}, dict(ASKED)))
    except TypeError:  # `None > 0`
        return None


def _by_value(test: Any) -> Any:
    """A copy with `==` for `is`: Python warns of `is` between literals."""
    test = copied(test)
    same = {gast.Is: gast.Eq, gast.IsNot: gast.NotEq}
    for node in gast.walk(test):
        if isinstance(node, gast.Compare):
            node.ops = [same.get(type(op), type(op))() for op in node.ops]
    return test
