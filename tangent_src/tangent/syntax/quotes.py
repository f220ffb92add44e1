"""Double quotes around the strings of a generated text, as formatters write them."""

from __future__ import annotations

import io
import tokenize


def double_quotes(text: str) -> str:
    """`text` with `"name"` for `'name'`, wherever that needs no escape."""
    if "'" not in text:
        return text
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        string = token.string
        plain = token.type == tokenize.STRING and string[0] == "'" and string[:3] != "'''"
        if plain and '"' not in string and "\\" not in string:
            row, column = token.start[0] - 1, token.start[1]
            line = lines[row]
            lines[row] = f'{line[:column]}"{string[1:-1]}"{line[column + len(string) :]}'
    return "".join(lines)
