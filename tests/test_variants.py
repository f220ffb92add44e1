"""Programs of the corpus, each written in one other way that means the same.

All of them in all ways: `python tests/variants.py`.
"""

import zlib

import pytest

import variants
from programs.registry import corpus

SHARE = 6  # one program in so many


def drawn():
    """A share of the programs, each with a way of writing it, by their names."""
    ways = list(variants.WAYS)
    for program in corpus():
        number = zlib.crc32(program.name.encode())
        if number % SHARE == 0:
            yield program, ways[number // SHARE % len(ways)]


@pytest.mark.parametrize(("program", "way"), list(drawn()), ids=lambda v: getattr(v, "name", v))
def test_another_way_of_writing_it_means_the_same(program, way, tmp_path):
    family = program.name.split(".")[0]
    variant = variants.written(family, way, [program], tmp_path).get(program.function.__name__)
    verdict = variant and variants.judged(program, variant)
    assert verdict is None or verdict[0] in ("right", "refused"), verdict


def test_a_wrong_gradient_of_a_variant_is_told(tmp_path, monkeypatch):
    program = next(p for p in corpus() if p.name == "branches.if_else")
    (function,) = variants.written("branches", "callee", [program], tmp_path).values()
    assert variants.judged(program, function) == ("right", "")
    pull = variants.tangent.vjp

    def wrong(f, *args):
        value, pullback = pull(f, *args)
        factor = 1.0 if f is program.function else 1.001
        return value, lambda c: [None if a is None else a * factor for a in pullback(c)]

    monkeypatch.setattr(variants.tangent, "vjp", wrong)
    assert variants.judged(program, function)[0] == "wrong"
