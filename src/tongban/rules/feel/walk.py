"""Walking over trees."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from tongban.rules.feel import ast


def children(node: ast.Node) -> Iterator[ast.Node]:
    """The direct parts of a node, in the order of the source."""
    for field in fields(node):
        yield from _nodes(getattr(node, field.name))


def _nodes(value: Any) -> Iterator[ast.Node]:
    if isinstance(value, ast.Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)


def walk(node: ast.Node) -> Iterator[ast.Node]:
    """A node and all below it."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(children(found))


def mentions(node: ast.Node, name: str) -> bool:
    """Whether a name occurs anywhere in a tree."""
    return any(isinstance(found, ast.Name) and found.name == name for found in walk(node))
