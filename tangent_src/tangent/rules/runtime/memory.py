"""Rules of what moves whole adjoints and tangents, and of what writes into their memory.

A helper that may show the memory of its argument is a view, one that writes is a store or an update
like `+=`: so the engine does with it what it does with views and stores of the user's.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import tangent.runtime as runtime
from tangent.rules.language import (
    SCALAR,
    constant,
    linear,
    no_rule_yet,
    spelled,
    store,
)
from tangent.runtime import (
    as_number,
    credited,
    credited_back,
    entries_at,
    entries_of,
    entry,
    entry_adjoint,
    entry_back,
    fit,
    is_number,
    keyed,
    left_behind,
    only_entry,
    place_of,
    shadow_if,
    shows,
    unbroadcast,
    unlike,
    zeros_like,
)

view = functools.partial(linear, fresh=False, cheap=True)
structure = functools.partial(linear, fresh=False, numeric=False)
seen = functools.partial(linear, view=True)

# fmt: off

# ------------------------------------------------------------------------------ tangents
view(runtime.recast,
     transpose=lambda w, tangent, dtype=None, copy=False: unbroadcast(w, tangent))
view(runtime.conform, transpose=lambda w, tangent, value: (unbroadcast(w, tangent), None))
seen(runtime.as_number,
     transpose=lambda w, value, number: (unlike(w, value), None), numeric=False)
spelled(runtime.of_kind, lambda tangent, value: as_number(tangent, is_number(value)))
constant(runtime.is_number, runtime.is_array, scalar=True)
structure(runtime.tangent_like, transpose=lambda w, tangent, value: (unlike(w, tangent), None))
constant(runtime.zero_tangent, runtime.filled)

# ------------------------------------------------------------------------------ structure
structure(runtime.like, transpose=lambda w, adjoint, primal, copy=False: (unlike(w, adjoint), None))
structure(runtime.unlike, transpose=lambda w, y_bar, adjoint: (unlike(w, y_bar), None))
linear(runtime.seed,
       transpose=lambda w, result_bar, result: (unbroadcast(w, result_bar), None),
       shape=SCALAR, cheap=True)
structure(runtime.whole,
          transpose=lambda w, adjoint, primal: (unlike(w, adjoint), None), cheap=True)
structure(runtime.add, transpose=lambda w, a, b: (unlike(w, a), unlike(w, b)))
structure(runtime.fit, transpose=lambda w, adjoint, primal: (fit(w, adjoint), None), cheap=True)
structure(runtime.pack_like, transpose=lambda w, adjoints, primal: (unlike(w, adjoints), None))
structure(runtime.keyed,
          transpose=lambda y_bar, keys, entries: (None, entries_at(y_bar, keys, entries)))
structure(runtime.entries_at,
          transpose=lambda w, adjoint, keys, entries: (keyed(keys, w), None, None))
structure(runtime.without,
          transpose=lambda w, d, key: (entries_of(w, d, (key,)), None))
structure(runtime.entries_of,
          transpose=lambda w, adjoint, primal, later:
              (entries_of(w, adjoint, later), None, None))
structure(runtime.only_fields, transpose=lambda w, adjoint, *fields, of=object: w, cheap=True)
constant(runtime.zeros_like, runtime.left_behind, runtime.blank_like, runtime.blank,
         runtime.room_like)
constant(runtime.refuse_unknown, runtime.has_field)

# ------------------------------------------------------------------------------ copies
linear(runtime.own, transpose=lambda w, value: w, numeric=False, deep=True)
linear(runtime.own_entry, transpose=lambda w, value: w, numeric=False, deep=True)
linear(runtime.private, transpose=lambda w, adjoint: w, numeric=False, deep=True)
linear(runtime.apart, transpose=lambda w, value: w, numeric=False, deep=True)
structure(runtime.credited, transpose=lambda w, buffer, index: credited_back(w, buffer, index))
structure(runtime.credited_back,
          transpose=lambda w, y_bar, buffer, index: (credited(w, index), None, None))
linear(runtime.entry,
       transpose=lambda w, target, index: (entry_back(w, target, index), None),
       numeric=False, deep=True)
linear(runtime.entry_back,
       transpose=lambda v, w, target, index: (entry(v, index), None, None), numeric=False)
structure(runtime.entry_adjoint,
          transpose=lambda w, taken, kept: (only_entry(w, taken), None))
structure(runtime.only_entry, transpose=lambda v, w, taken: (entry_adjoint(v, w), None))
store(runtime.restore, lambda target, index, kept: (target, index, kept), restores=True)

store(runtime.take_back, lambda buffer, index, primal:
      (buffer, index, left_behind(buffer, index, primal), credited(buffer, index)))
store(runtime.add_field,
      lambda buffer, primal, field, adjoint: (buffer, place_of(primal, field), adjoint), adds=True)
store(runtime.add_into_field,
      lambda buffer, primal, field, adjoint: (buffer, place_of(primal, field), adjoint), into=True)
store(runtime.add_into, lambda buffer, index, adjoint: (buffer, index, adjoint), into=True)
constant(runtime.place_of)
no_rule_yet(runtime.instance, runtime.tangent_parts, reason="they make objects by their attributes")
no_rule_yet(runtime.lifted, runtime.for_seeds, runtime.stack_seeds, runtime.plus_each,
            runtime.put_each, runtime.add_each, runtime.add_at_each,
            reason="a text for several seeds is the last: differentiate that for one")
no_rule_yet(runtime.closure, runtime.call, runtime.call_forward, runtime.call_backward,
            runtime.call_jvp, reason="they stand for calls of functions known at run time")

# ------------------------------------------------------------------------------ the same memory
structure(runtime.laid_out, transpose=lambda w, adjoint, primal: (w, None), cheap=True)
structure(runtime.inexact, transpose=lambda w, target: w, cheap=True)
structure(runtime.no_array, transpose=lambda w, value: w, cheap=True)
structure(runtime.no_copier, transpose=lambda w, value: w, cheap=True)
structure(runtime.no_part, transpose=lambda w, value: w, cheap=True)
structure(runtime.no_object, transpose=lambda w, value: w, cheap=True)
structure((runtime.in_place, runtime.may_change),
          transpose=lambda w, target, nothing: (w, None), cheap=True)
view(runtime.unshared, transpose=lambda w, value, name: w)
seen((runtime.replayable, runtime.sequence), transpose=lambda w, items: w, numeric=False)
seen(runtime.shadow_if,
     transpose=lambda w, candidate, shown: (shadow_if(w, shown), None), numeric=False)
spelled(runtime.shadow, lambda candidate, whole: shadow_if(candidate, shows(candidate, whole)))
# what shares memory is known of the values themselves, and not of copies that were stored
constant(runtime.shared, runtime.shows, scalar=True, cheap=False)
constant(runtime.overlap, runtime.parts, runtime.holds, runtime.owner_of, runtime.gathered_once,
         cheap=False)
constant(runtime.separate, runtime.separate_entry, runtime.separate_itself, pure=False)
constant(runtime.fixed_keys, pure=False)
constant(runtime.lacks, scalar=True, cheap=False)
constant(runtime.a_count, runtime.a_list, runtime.no_count, runtime.no_dict, runtime.no_list,
         runtime.no_growth, runtime.alike, runtime.distinct, runtime.no_entry, runtime.no_arrays,
         runtime.no_joined, pure=False)

# ------------------------------------------------------------------------------ updates in place
linear(runtime.overwrite,
       transpose=lambda w, target, value: (zeros_like(target), unlike(w, value)),
       updates=True, numeric=False, fresh=False)
linear(runtime.accumulate,
       transpose=lambda w, adjoint, contribution: (w, unlike(w, contribution)),
       updates=True, numeric=False, fresh=False)

# ------------------------------------------------------------------------------ what does not move
constant(runtime.stop_gradient, fresh=False)
constant(runtime.halves_of_call, runtime.tangent_of_call, runtime.method_of)
structure(runtime.callee_of, transpose=lambda w, f: w)
constant(runtime.picks_by_number, runtime.last_written, runtime.permutation)
constant(runtime.is_staircase, runtime.is_sparse)
constant(runtime.count, runtime.positive, scalar=True)
constant(runtime.stride, runtime.wait, runtime.dispensable, runtime.best_segment, scalar=True)
# fmt: on
