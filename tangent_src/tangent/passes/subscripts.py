"""`np.einsum` by lists of indices: the same by letters.

np.einsum(x, [0, 1], y, [1, 2], [0, 2])     ->      np.einsum("ab,bc->ac", x, y)
"""

from __future__ import annotations

from typing import Any

import gast

from tangent.passes.lowering import Lowering
from tangent.syntax.trees import literal

_LISTS = (gast.List, gast.Tuple)


def written_subscripts(self: Lowering, node: gast.Call) -> Any | None:
    """`np.einsum(x, [0, 1], y, [1, 2], [0, 2])`: with a text of letters for the lists."""
    written = bool(node.args) and isinstance(node.args[0], gast.Constant)
    if written or len(node.args) < 2:
        return None
    if not all(isinstance(a, _LISTS) for a in node.args[1::2]):
        return None
    lists = node.args[1::2] + (node.args[-1:] if len(node.args) % 2 else [])
    texts = [_letters(items) for items in lists]
    if None in texts:
        self.refuse(
            "lists of indices that are not written as numbers",
            "subscripts",
            node,
            "write the indices as a text: 'ij,jk->ik'",
        )
    count = len(node.args[1::2])
    text = ",".join(map(str, texts[:count])) + (f"->{texts[count]}" if len(texts) > count else "")
    operands = node.args[0 : 2 * count : 2]
    return gast.Call(func=node.func, args=[literal(text), *operands], keywords=node.keywords)


def _letters(items: Any) -> str | None:
    """`[0, 1, ...]` as "ab..."; None where it holds anything but numbers written out."""
    letters = ""
    for item in items.elts if isinstance(items, _LISTS) else [items]:
        value = item.value if isinstance(item, gast.Constant) else None
        value = ... if isinstance(item, gast.Name) and item.id == "Ellipsis" else value
        if value is not ... and not (isinstance(value, int) and 0 <= value < 26):
            return None
        letters += "..." if value is ... else "abcdefghijklmnopqrstuvwxyz"[value]
    return letters
