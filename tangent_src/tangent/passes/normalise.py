"""Python -> the intermediate form: every value gets a name, every name its meaning (grammar:
`syntax.program`).

    h = np.tanh(x @ W + b)      ->      t1 = x @ W
    return h.sum()                      t2 = t1 + b
                                        h = np.tanh(t2)
                                        result = h.sum()

Evaluation order is kept: left to right, each expression once.  `a if c else b`, `and` and `or` on
values become `If`; jumps stand at the end of their paths (`passes.jumps`), so that `return` is an
assignment of `result`. Whatever is not in the grammar is refused at its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import gast

from tangent.analyses.heap import JOINS
from tangent.passes.adjoint_code import lower_adjoint_code
from tangent.passes.attempts import Attempt, attempted
from tangent.passes.augmented import changes_on_the_way, read_first
from tangent.passes.blanks import name_blanks
from tangent.passes.bound_methods import called_by_name
from tangent.passes.carrying import with_carried
from tangent.passes.changing import refuse_named_view
from tangent.passes.class_operators import updated
from tangent.passes.coalescing import coalesced
from tangent.passes.collections_ import plain_collections
from tangent.passes.companions import taken_out, widen, widen_by_items
from tangent.passes.comprehensions import drawn_out
from tangent.passes.container_methods import (
    delete_element,
    extend_slice,
    grown_entry,
    list_slice,
    merged_entry,
)
from tangent.passes.contexts import flattened
from tangent.passes.decisions import with_decisions
from tangent.passes.decorators import decorated, undecorated
from tangent.passes.entering import Entering
from tangent.passes.expressions import (
    atom,
    call_method,
    index_expression,
    named_test,
    test,
    value,
)
from tangent.passes.factories import with_written_factories
from tangent.passes.function_values import (
    bind_function,
    bound_in_blocks,
    forget_function,
    only_read,
)
from tangent.passes.functions import function_of, known_truth, narrow, narrowed
from tangent.passes.jumps import escaping, structured
from tangent.passes.kept_results import with_kept_results
from tangent.passes.kinds import ARRAY, GIVEN, joined_kinds
from tangent.passes.known import Known, Table
from tangent.passes.loops import lower_for, lower_while
from tangent.passes.lowering import Lowering, nested_function, owned_base, static_of
from tangent.passes.matching import unmatched
from tangent.passes.members import store_item, store_member
from tangent.passes.met_objects import ask_target, asked_operands
from tangent.passes.object_contexts import lower_entering
from tangent.passes.objects import ANY, Container, has_lists, types_behind
from tangent.passes.operands import operands
from tangent.passes.operator_rules import operator_rule
from tangent.passes.patterns import bind
from tangent.passes.raising import lower_assert, lower_attempt, lower_raise, tried
from tangent.passes.recursive_changes import with_own_containers
from tangent.passes.scheduled import is_marker
from tangent.passes.second_names import in_front
from tangent.passes.stars import pack
from tangent.passes.templates import builtin_call, comprehension, named
from tangent.passes.units import Unit
from tangent.passes.used_up import refuse_used_twice
from tangent.passes.wrapped import Drawn, lower_drawn
from tangent.passes.writes import lower_own_update, place
from tangent.passes.yielding import refuse_generator
from tangent.passes.yields import binds_iterator
from tangent.runtime import a_list
from tangent.syntax.names import Names
from tangent.syntax.program import (
    Augment,
    Break,
    Continue,
    Copy,
    Effect,
    If,
    Plain,
    Pop,
    Program,
    Store,
)
from tangent.syntax.trees import item, literal, name, names_in, stored


def normalise(unit: Unit) -> Program:
    """The program of a function."""
    lowering = Lowering(unit, Names(_every_name(unit)), _locals(unit))
    name_blanks(unit, lowering.names)
    lowering.local |= _locals(unit)
    unit.change(with_written_factories(lowering, unit.tree))
    lowering.local |= _locals(unit)
    unit.change(with_own_containers(lowering, unit.tree))
    lowering.local |= _locals(unit)
    unit.change(with_kept_results(lowering, unit.tree))
    unit.change(with_carried(lowering, unit.tree))
    lowering.local |= _locals(unit)
    lowering.functions = {k: v for k, v in unit.outer.items() if k not in lowering.local}
    lowering.valued = bound_in_blocks(unit.tree)
    containers = {p: t.kind for p, t in unit.types.items() if isinstance(t, Container)}
    objects = {p: t for p, t in unit.types.items() if p not in containers and t != ANY}
    lowering.types.update(objects)
    lowering.kinds.update(dict.fromkeys((*unit.all_parameters, *unit.free)))
    lowering.kinds.update({p: GIVEN if k == "list" else k for p, k in containers.items()})
    if any(map(has_lists, unit.types.values())):
        lowering.companions.meet(unit.all_parameters)
    lowering.first = name(unit.parameters[0]) if unit.parameters else None
    refuse_generator(lowering, unit.tree)
    refuse_used_twice(lowering, unit.tree.body)
    body = plain_collections(lowering, called_by_name(lowering, unit.tree))
    body = flattened(lowering, unmatched(lowering, body))
    body = attempted(lowering, body)
    body = structured(body, lowering.flag)
    lowering.escaping = frozenset(escaping(body))
    result = lowering.names.fresh("result")
    lowering.result = result
    _prepare(lowering)
    lowering.packed = dict(unit.packed)
    _refuse_packed(lowering)
    lowering.current = lowering.origin(unit.tree)
    pack(lowering)
    for parameter, known in unit.given.items():
        bind_function(lowering, parameter, known, unit.tree)
    lowering.lower(body)
    program = Program(
        unit.name,
        unit.all_parameters,
        tuple(lowering.code),
        result,
        lowering.result_origin or lowering.origin(unit.tree),
        unit.tree.lineno,
        lowering.names,
        tuple(lowering.contexts),
        lowering.types.get(result),
    )
    return with_decisions(coalesced(program, lowering.moved))


def _prepare(lowering: Lowering) -> None:
    """The parts of a run that know each other."""
    lowering.lower = lambda statements: _statements(lowering, statements)
    lowering.atom = lambda node: atom(lowering, node)
    lowering.value = lambda node: value(lowering, node)
    lowering.index = lambda node: index_expression(lowering, node)
    lowering.prepare = _prepare


def _refuse_packed(self: Lowering) -> None:
    """`*args` and `**kwargs` are known where a call asked for them."""
    for star, mark in ((self.unit.tree.args.vararg, "*"), (self.unit.tree.args.kwarg, "**")):
        if star is not None and star.id not in self.packed:
            advice = "name the parameters one by one, or pass a tuple or a dict"
            what = f"`{mark}{star.id}` in the signature"
            self.refuse(what, "star-parameter", self.unit.tree, advice)


def _every_name(unit: Unit) -> set[str]:
    return names_in(unit.tree) | set(unit.all_parameters)


def _locals(unit: Unit) -> set[str]:
    """The names bound in a function: parameters, targets, nested functions; not those of
    comprehensions.
    """
    found = set(unit.all_parameters) | set(unit.packed)
    todo = list(unit.tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, gast.ClassDef):
            found |= {node.name} - unit.imported.keys()
        elif isinstance(node, (gast.FunctionDef, gast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, (gast.Import, gast.ImportFrom)):
            names = {(a.asname or a.name).split(".")[0] for a in node.names}
            found.update(names - unit.imported.keys())
        elif isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
            found.add(node.id)
        elif not isinstance(
            node, (gast.Lambda, gast.ListComp, gast.DictComp, gast.SetComp, gast.GeneratorExp)
        ):
            todo.extend(gast.iter_child_nodes(node))
    return found


def _statements(self: Lowering, body: list[Any]) -> None:
    for node in body:
        handler = _STATEMENTS.get(type(node))
        if handler is None:
            kind = _KINDS.get(type(node).__name__, type(node).__name__)
            self.refuse(f"{kind} is not supported", *_help(type(node).__name__, node))
        self.current = self.origin(getattr(node, "original", node))
        _refuse_early_reads(self, node)
        handler(self, node)


def _refuse_early_reads(self: Lowering, node: Any) -> None:
    """`y + (y := 2)`: the first `y` would be read after it was bound anew."""
    if isinstance(node, (gast.If, gast.For, gast.While)):
        node = node.iter if isinstance(node, gast.For) else node.test
    elif isinstance(node, gast.FunctionDef):
        return
    order = list(_in_order(node)) if any(map(_is_walrus, gast.walk(node))) else []
    for position, walrus in enumerate(order):
        own = {id(n) for n in gast.walk(walrus)} if _is_walrus(walrus) else set()
        for early in order[:position] if own else ():
            read = isinstance(early, gast.Name) and isinstance(early.ctx, gast.Load)
            if read and early.id == walrus.target.id and id(early) not in own:
                advice = "assign it in a statement of its own"
                self.refuse("a name is read before `:=` binds it", "namedexpr", early, advice)


def _is_walrus(node: Any) -> bool:
    return isinstance(node, gast.NamedExpr)


def _in_order(node: Any) -> Iterator[Any]:
    """The nodes of an expression or statement, each behind its parts, as they are evaluated."""
    parts = list(gast.iter_child_nodes(node))
    if isinstance(node, (gast.ListComp, gast.SetComp, gast.GeneratorExp)):
        parts = [*node.generators, node.elt]
    elif isinstance(node, gast.DictComp):
        parts = [*node.generators, node.key, node.value]
    elif isinstance(node, gast.comprehension):
        parts = [node.iter, node.target, *node.ifs]
    elif isinstance(node, gast.IfExp):
        parts = [node.test, node.body, node.orelse]
    for part in parts:
        yield from _in_order(part)
    yield node


def _delete(self: Lowering, node: gast.Delete) -> None:
    """`del x` frees a name that nobody reads any more."""
    for target in node.targets:
        if isinstance(target, gast.Subscript):
            delete_element(self, target)
        elif not isinstance(target, gast.Name):
            self.refuse("`del` of an attribute", "delete", target, "set it to None")


def _return(self: Lowering, node: gast.Return) -> None:
    self.result_origin = self.result_origin or self.current
    self.emit(self.result, value(self, node.value if node.value is not None else literal(None)))


def _assign(self: Lowering, node: gast.Assign) -> None:
    unpacks = any(isinstance(t, (gast.Tuple, gast.List)) for t in node.targets)
    if not unpacks:
        refuse_named_view(self, node.value)
    if all(isinstance(t, gast.Name) for t in node.targets) and _assign_function(self, node):
        return
    if len(node.targets) == 1 and isinstance(node.targets[0], gast.Name):
        if lower_own_update(self, node) or binds_iterator(self, node):
            return
        self.functions.pop(node.targets[0].id, None)
        self.emit(node.targets[0].id, value(self, node.value))
        return
    if len(node.targets) == 1 and _transposed(self, node.targets[0], node.value):
        return
    if len(node.targets) == 1 and _parallel(node.targets[0], node.value):
        _assign_parallel(self, node.targets[0], node.value)
        return
    whole = atom(self, drawn_out(self, node.value) if unpacks else node.value)
    for target in node.targets:
        bind(self, target, whole)


def _assign_function(self: Lowering, node: gast.Assign) -> bool:
    """`f = lambda x: …`, `f = functools.partial(…)`: the names stand for a function from here."""
    if isinstance(node.value, gast.Lambda):
        known: Known | None = nested_function(self, node.value, node.targets[0].id)
    else:
        known = function_of(self, node.value)
    if known is None or (isinstance(known, Table) and not _stays(self, node)):
        return False
    for target in node.targets:
        bind_function(self, target.id, known, node)
    return True


def _stays(self: Lowering, node: gast.Assign) -> bool:
    """Does a table of functions stay as it is, as one sees from the text alone?"""
    tree, one = self.unit.tree, node.targets[0].id
    one = self.originals.get(one, one)
    return len(node.targets) == 1 and one in names_in(tree) and only_read(tree, one)


def _transposed(self: Lowering, target: Any, node: Any) -> bool:
    """`xs, ys = zip(*rows)`: the columns of the rows, one after the other."""
    columns = isinstance(target, (gast.Tuple, gast.List)) and isinstance(node, gast.Call)
    if not columns or static_of(self, node.func)[0] is not zip or node.keywords:
        return False
    if len(node.args) != 1 or not isinstance(node.args[0], gast.Starred):
        return False
    rows = named(self, node.args[0].value, node)
    for position, part in enumerate(target.elts):
        row = self.names.fresh("row")
        entry = gast.Subscript(value=name(row), slice=literal(position), ctx=gast.Load())
        column = builtin_call("tuple", comprehension(entry, stored(row), rows))
        bind(self, part, named(self, column, node))
    return True


def _parallel(target: Any, value: Any) -> bool:
    both = isinstance(target, (gast.Tuple, gast.List)) and isinstance(
        value, (gast.Tuple, gast.List)
    )
    return (
        both
        and len(target.elts) == len(value.elts)
        and not any(isinstance(e, gast.Starred) for e in (*target.elts, *value.elts))
    )


def _assign_parallel(self: Lowering, target: Any, values: Any) -> None:
    """`a, b = b, a + b`: all values first, then the targets."""
    atoms: list[Any] = []
    bound = {n.id for n in gast.walk(target) if isinstance(n, gast.Name)}
    for part, element in zip(target.elts, values.elts, strict=True):
        known = function_of(self, element) if isinstance(part, gast.Name) else None
        one = known if known is not None else atom(self, element)
        if isinstance(one, gast.Name) and one.id in bound:
            one = self.temporary(Copy(one, frozenset({one.id}), one.id))
        atoms.append(one)
    for part, one in zip(target.elts, atoms, strict=True):
        if isinstance(one, Known):
            bind_function(self, part.id, one, target)
        else:
            bind(self, part, one)


def _annotated(self: Lowering, node: gast.AnnAssign) -> None:
    if node.value is not None:
        plain = gast.Assign(targets=[node.target], value=node.value, type_comment=None)
        _assign(self, plain)


def _augmented(self: Lowering, node: gast.AugAssign) -> None:
    if changes_on_the_way(self, node):
        self.lower(read_first(self, node))
    elif isinstance(node.target, gast.Name):
        operand = atom(self, node.value)
        defined = updated(self, node, operand)
        if defined is not None:
            self.emit(node.target.id, defined)
            return
        operand = operands(
            self, gast.BinOp(node.target, node.op, node.value), [node.target, operand]
        )[1]
        known = self.kinds.get(node.target.id) in ("dict", "set")
        if not known and merged_entry(self, node, name(node.target.id), operand):
            return
        rule = operator_rule(self, node.op, node, node.target, operand)
        ask_target(self, node, name(node.target.id))
        operand = asked_operands(self, node.op, [None, operand])[-1]
        self.code.append(Augment(self.here(), node.target.id, node.op, rule, operand))
        if isinstance(node.op, gast.Add):
            widen_by_items(self, node.target.id, operand)
        if rule.function not in JOINS and self.kinds.get(node.target.id) != ARRAY:
            self.kinds[node.target.id] = None
    elif isinstance(node.target, gast.Subscript) and list_slice(self, node.target):
        extend_slice(self, node.target, node.op, atom(self, node.value))
    elif isinstance(node.target, gast.Subscript):
        if store_item(self, node.target, lambda: atom(self, node.value), node.op):
            return
        base, index = place(self, node.target)
        operand = atom(self, node.value)
        entry = item(name(base), index)
        if grown_entry(self, node, entry, operand) or merged_entry(self, node, entry, operand):
            return
        rule = operator_rule(self, node.op, node, node.target, operand)
        if base in self.types:
            ask_target(self, node, item(name(base), index))
        operand = asked_operands(self, node.op, [None, operand])[-1]
        self.code.append(Store(self.here(), base, index, operand, node.op, rule))
        widen(self, base, None)
    else:
        _augmented_attribute(self, node)


def _augmented_attribute(self: Lowering, node: gast.AugAssign) -> None:
    """`object.attribute += e`: in place, where it is an array."""
    target = node.target
    making = isinstance(target.value, gast.Name) and target.value.id in self.virtual
    if making or not isinstance(node.op, (gast.Add, gast.Sub)):
        old = gast.Attribute(value=target.value, attr=target.attr, ctx=gast.Load())
        held = self.temporary(value(self, gast.copy_location(old, target))).id
        self.local.add(held)
        changed = gast.AugAssign(target=stored(held), op=node.op, value=node.value)
        _augmented(self, gast.copy_location(changed, node))
        done = store_member(self, target, name(held))
    else:
        done = store_member(self, target, atom(self, node.value), node.op)
    if not done:
        advice = "keep the value in a variable"
        self.refuse("an attribute is assigned to", "attribute-store", node, advice)


def _expression(self: Lowering, node: gast.Expr) -> None:
    inner = node.value
    if isinstance(inner, gast.Constant):
        return
    method = call_method(self, inner)
    if method == "pop" and not inner.args:
        base = atom(self, inner.func.value)
        self.code.append(Pop(self.here(), self.names.temporary(), owned_base(self, base, node)))
        taken_out(self, base.id)
    else:
        result = value(self, inner)
        _note_asked(self, inner)
        if isinstance(result, Plain) and not result.pure:
            statement = gast.Expr(value=result.expr)
            self.code.append(Effect(self.here(), statement, result.reads, result.known))
        elif not isinstance(result, (Plain, Copy)):
            self.temporary(result)


def _note_asked(self: Lowering, node: Any) -> None:
    """`a_list(x)`, as generated text has it: `x` is one behind that."""
    called = static_of(self, node.func)[0] if isinstance(node, gast.Call) else None
    if called is a_list and isinstance(node.args[0], gast.Name):
        self.kinds[node.args[0].id] = GIVEN


def _if(self: Lowering, node: gast.If) -> None:
    truth = known_truth(self, node.test)
    if truth is not None:
        self.lower(node.body if truth else node.orelse)
        return
    origin = self.here()
    condition = named_test(self, test(self, node.test))
    in_front(self, [*node.body, *node.orelse])
    before, kinds, types = dict(self.functions), dict(self.kinds), dict(self.types)
    found = narrowed(self, node.test)
    narrow(self, found, True)
    body = self.block(lambda: self.lower(node.body))
    made = {one: fields.last for one, fields in self.virtual.items()}
    after, self.functions = self.functions, before
    kinds_after, self.kinds = self.kinds, kinds
    types_after, self.types = self.types, types
    narrow(self, found, False)
    orelse = self.block(lambda: self.lower(node.orelse))
    for one, attributes in made.items():
        self.virtual[one].joined(attributes)
    self.types = types_behind(types_after, self.types, kinds_after, self.kinds)
    self.kinds = joined_kinds(kinds_after, self.kinds)
    for known in {k for k in (*after, *self.functions) if after.get(k) != self.functions.get(k)}:
        forget_function(self, known, "a branch")
    self.code.append(tried(self, node, If(origin, condition, body, orelse)))


def _function(self: Lowering, node: gast.FunctionDef) -> None:
    node = undecorated(self, node)
    decorators = [d for d in node.decorator_list if not is_marker(self, d)]
    if decorators:
        self.lower(decorated(self, node, decorators))
        return
    bind_function(self, node.name, nested_function(self, node, node.name), node)


def _break(self: Lowering, node: gast.Break) -> None:
    self.code.append(Break(self.here()))


def _continue(self: Lowering, node: gast.Continue) -> None:
    self.code.append(Continue(self.here()))


def _import(self: Lowering, node: Any) -> None:
    """An import is followed when the function is read (`Unit.imported`)."""
    for alias in node.names:
        bound = (alias.asname or alias.name).split(".")[0]
        if bound not in self.unit.imported:
            what = f"an import that cannot be followed: `{bound}`"
            self.refuse(what, "import", node, "import at the top of the module")


def _class(self: Lowering, node: gast.ClassDef) -> None:
    """A class is made when the function is read (`Unit.imported`)."""
    if node.name not in self.unit.imported:
        what = f"the class `{node.name}` reads variables of this function, or runs code of its own"
        advice = "define it at module level, and pass to `__init__` what it needs"
        self.refuse(what, "classdef", node, advice)


def _nothing(self: Lowering, node: Any) -> None:
    pass


_STATEMENTS: Mapping[type, Callable[[Lowering, Any], None]] = {
    gast.Return: _return,
    gast.Assign: _assign,
    gast.AnnAssign: _annotated,
    gast.AugAssign: _augmented,
    gast.Expr: _expression,
    gast.If: _if,
    gast.For: lower_for,
    gast.While: lower_while,
    gast.Break: _break,
    gast.Continue: _continue,
    gast.With: lower_adjoint_code,
    gast.Assert: lower_assert,
    gast.Raise: lower_raise,
    gast.FunctionDef: _function,
    gast.ClassDef: _class,
    gast.Pass: _nothing,
    gast.Import: _import,
    gast.ImportFrom: _import,
    gast.Delete: _delete,
    Attempt: lower_attempt,
    Entering: lower_entering,
    Drawn: lower_drawn,
}

_KINDS = {
    "TryStar": "`except*`",
    "TypeAlias": "a `type` statement",
    "Global": "`global`",
    "Nonlocal": "`nonlocal`",
    "AsyncFunctionDef": "an `async` function",
    "AsyncFor": "an `async` loop",
    "AsyncWith": "an `async with`",
}

_HELP = {
    "TryStar": "write `except`",
    "TypeAlias": "define it outside of the function",
    "Global": "pass the value in and return it",
    "Nonlocal": "pass the value in and return it",
}


def _help(kind: str, node: Any) -> tuple[str, Any, str]:
    return kind.lower(), node, _HELP.get(kind, "move it out of the differentiated function")
