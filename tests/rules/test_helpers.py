"""Every helper that a generated text may call can be differentiated again.

A helper is known by a rule (with both modes), as a store, by another spelling, as a constant, or by
its own text, all of which must be understood; or it is declared to have no rule, with the reason.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

import gast
import numpy as np
import pytest

import tangent
import tangent.runtime as runtime
from tangent import pipeline
from tangent.rules.language import Constant, Gap, Rule, forward_rule, lookup, registered
from tangent.rules.load import load_optional
from tangent.syntax.program import Assign, Plain, every

load_optional()
PASSES = Path(tangent.__file__).parent / "passes"
FIELDS = ("body", "entries", "region", "value", "result", "literal")


def named_by_passes():
    """The helpers whose names stand in the passes, in a call of `runtime(…)` or in a table."""
    texts = (ast.walk(ast.parse(path.read_text("utf-8"))) for path in PASSES.glob("*.py"))
    words = {n.value for text in texts for n in text if isinstance(n, ast.Constant)}
    return {w.lstrip("@") for w in words if isinstance(w, str)}.intersection(runtime.__all__)


def named_by_rules():
    """The helpers that rules write into a text."""
    entries = [*registered(), *filter(None, (forward_rule(e.function) for e in registered()))]
    return {n for entry in entries for n in read_by(entry)}


def read_by(entry):
    found = {n for field in FIELDS for n in names_in(getattr(entry, field, None))}
    space = getattr(entry, "namespace", {})
    return {n for n in found & set(runtime.__all__) if space.get(n) is getattr(runtime, n)}


def names_in(part):
    if isinstance(part, gast.AST):
        yield from (n.id for n in gast.walk(part) if isinstance(n, gast.Name))
    elif isinstance(part, Rule):
        yield from read_by(part)
    elif isinstance(part, tuple | Mapping):
        for inner in part.values() if isinstance(part, Mapping) else part:
            yield from names_in(inner)


NO_FUNCTIONS = {"Refusal", "Partial", "Gradient"}
OTHER_WORDS = {"fill"}  # the method of arrays, where the passes name it
OF_CLASSES = {"rebuilt"}  # read for the class of its argument (`programs.tree_maps`)
HELPERS = sorted((named_by_passes() | named_by_rules()) - NO_FUNCTIONS - OTHER_WORDS - OF_CLASSES)


def lacking(helper):
    """What is not known of a helper, or None."""
    known = lookup(helper)
    if known is None:
        return unread(helper)
    if isinstance(known, Gap):
        return None if known.reason else "no reason"
    derived = not isinstance(known, Rule) or known.kind != "vjp"
    return None if derived or forward_rule(helper) is not None else "no forward rule"


def unread(helper):
    """What in the text of a helper is not understood."""
    try:
        statements = every(pipeline.program_of(helper).program.body)
    except tangent.TangentError as error:
        return str(error)
    plain = (s.value for s in statements if isinstance(s, Assign) and isinstance(s.value, Plain))
    return next((gast.dump(value.expr) for value in plain if not value.known), None)


@pytest.mark.parametrize("name", HELPERS)
def test_every_helper_of_a_text_can_be_differentiated_again(name):
    assert lacking(getattr(runtime, name)) is None


def test_the_list_holds_what_texts_call():
    assert {"overwrite", "shadow", "restore", "take_out", "unbroadcast"} <= set(HELPERS)
    assert len(HELPERS) > 150


def odd(x):
    return np.busday_offset(x, 1)


def test_a_helper_without_a_rule_is_found():
    assert lookup(odd) is None
    assert lacking(odd)


def test_no_helper_is_without_derivative_by_a_gap():
    gaps = {name for name in HELPERS if isinstance(lookup(getattr(runtime, name)), Gap)}
    at_run_time = {"call", "call_forward", "call_backward", "call_jvp", "closure"}
    of_seeds = {
        "lifted",
        "for_seeds",
        "stack_seeds",
        "plus_each",
        "put_each",
        "add_each",
        "add_at_each",
    }
    assert gaps == {"instance", "tangent_parts", *at_run_time, *of_seeds}
    assert isinstance(lookup(runtime.zeros_like), Constant)
