"""What the index knows of a service: one document for each handling item by its main name. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A service as people look for it, wherever it is offered.

    The same service of three hundred counties is one document; which county's is meant is
    found out afterwards. ``key`` is given by the database from name and parent name.
    ``depth`` is the best online depth (1-4) of its items, ``popularity`` their highest.
    """

    key: int
    name: str
    parent_name: str = ""
    aliases: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    audience: str = "both"
    depth: int = 0
    popularity: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that may answer, how well, and whether by the very words that were asked."""

    document: Document
    score: float
    exact: bool
    lexical: float
