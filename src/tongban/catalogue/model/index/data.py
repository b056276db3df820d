"""The word lists of the search, read once: fillers, actions, everyday words, synonyms. Pure."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Everyday:
    """How people say what officials call otherwise.

    All of ``parts`` must be said, each in one of its forms; then the service is probably one of
    ``official``, the likeliest first.
    """

    parts: tuple[tuple[str, ...], ...]
    official: tuple[str, ...]


class BadLine(ValueError):
    """A line of a word list that cannot be read; the message names file and line."""


def _lines(name: str) -> list[tuple[int, str]]:
    text = (files(__package__) / "words" / name).read_text(encoding="utf-8")
    kept = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in kept if line and not line.startswith("#")]


@cache
def fillers() -> tuple[str, ...]:
    """Return words of asking and politeness, the longest first."""
    said = [word for _, line in _lines("fillers.txt") for word in line.split()]
    return tuple(sorted(set(said), key=lambda word: (-len(word), word)))


@cache
def syllables() -> frozenset[str]:
    """Return all syllables of standard Chinese, as they are typed: without tones."""
    return frozenset(word for _, line in _lines("syllables.txt") for word in line.split())


@cache
def ordinary() -> frozenset[str]:
    """Return names of places that are ordinary words and hardly ever mean those places."""
    return frozenset(word for _, line in _lines("ordinary.txt") for word in line.split())


@cache
def everyday() -> tuple[Everyday, ...]:
    """Return the everyday expressions.

    A line is ``part part => official; official``. The forms of a part are divided by ``|``;
    ``@name`` stands for the forms that a line ``@name = form|form`` gave before.

    :raises BadLine: if a line is not of that shape.
    """
    groups: dict[str, tuple[str, ...]] = {}
    found: list[Everyday] = []
    for number, line in _lines("everyday.txt"):
        said, arrow, meant = line.partition("=>")
        if not arrow:
            name, _, forms = (piece.strip() for piece in line.partition("="))
            groups[name] = _forms(forms, groups, number)
            continue
        official = tuple(one.strip() for one in meant.split(";") if one.strip())
        parts = tuple(_forms(part, groups, number) for part in said.split())
        if not (parts and official):
            raise BadLine(f"everyday.txt:{number}: {line}")
        found.append(Everyday(parts, official))
    return tuple(found)


def _forms(text: str, groups: dict[str, tuple[str, ...]], number: int) -> tuple[str, ...]:
    forms: list[str] = []
    for form in text.split("|"):
        if form.startswith("@") and form not in groups:
            raise BadLine(f"everyday.txt:{number}: {form}")
        forms += groups.get(form, (form,))
    if not all(forms):
        raise BadLine(f"everyday.txt:{number}: {text}")
    return tuple(forms)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Return how services may be called by what people say for a single word of theirs.

    A line is ``said|said = official|official``; a word said in several lines may mean all of them.

    :raises BadLine: if a line is not of that shape.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, line in _lines("synonyms.txt"):
        left, _, right = line.partition("=")
        said, official = ([one.strip() for one in side.split("|")] for side in (left, right))
        if not all((*said, *official)):
            raise BadLine(f"synonyms.txt:{number}: {line}")
        for word in said:
            others = [one for one in official if one != word]
            if known := tuple(dict.fromkeys((*found.get(word, ()), *others))):
                found[word] = known
    return found


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done with a licence or status: ``said`` by people, ``named`` by officials.

    One that steps back is offered only after the others unless it was asked for.
    """

    name: str
    steps_back: bool
    said: tuple[str, ...]
    named: tuple[str, ...]


@cache
def actions() -> tuple[Action, ...]:
    """Return the actions.

    :raises BadLine: if a line is not ``name [back] : said said : named named``.
    """
    found = []
    for number, line in _lines("actions.txt"):
        pieces = [piece.split() for piece in line.split(":")]
        if len(pieces) != 3 or not all(pieces):
            raise BadLine(f"actions.txt:{number}: {line}")
        (name, *flags), said, named = pieces
        found.append(Action(name, "back" in flags, tuple(said), tuple(named)))
    return tuple(found)
