"""Texts in, texts out, for the passes that work on statements."""

import ast
from textwrap import dedent

import gast

from tangent.syntax.printing import print_source


def parsed(text):
    """The statements of a text, as the passes take them: `np` is the module, not a variable."""
    body = gast.ast_to_gast(ast.parse(dedent(text))).body
    for node in (n for statement in body for n in gast.walk(statement)):
        if isinstance(node, gast.Name) and node.id == "np":
            node.id = "@np"
    return body


def printed(statements):
    return print_source(list(statements)).replace("@np", "np").strip()


def lines(text):
    return dedent(text).strip()
