"""How instances and definitions are kept. Private to the module."""

from tongban.process.store.definition import (
    DefinitionLine,
    graph,
    in_force,
    line,
    number_of,
    remember,
)
from tongban.process.store.rows import BLOCK, Book, RowWorld, encoded, hold_whole
from tongban.process.store.write import Note

__all__ = [
    "BLOCK",
    "Book",
    "DefinitionLine",
    "Note",
    "RowWorld",
    "encoded",
    "graph",
    "hold_whole",
    "in_force",
    "line",
    "number_of",
    "remember",
]
