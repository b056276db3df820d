"""How well a document answers a question, beyond the words they share. Pure.

Exact names and aliases come first, then what the question names in full; changes, cancellations
and re-issues step back unless they were asked for; popularity counts a little.
"""

import math
from dataclasses import dataclass

from tongban.catalogue.model.index import data
from tongban.catalogue.model.index.document import Document, Hit
from tongban.catalogue.model.index.question import Question
from tongban.catalogue.model.index.sound import initials, said

EXACT, PREFIX, PART, NAMED, SHARED = 1.2, 0.25, 0.2, 0.35, 0.3
ASKED_ACTION, OTHER_ACTION, UNASKED_ACTION = 0.12, -0.1, -0.11
POPULAR, DEEP, AUDIENCE, LIFE_EVENT = 0.06, 0.02, 0.08, 0.03


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a document for weighing: folded names, their initials, its actions."""

    names: tuple[str, ...]
    initials: tuple[str, ...]
    said: tuple[str, ...]
    parent: str
    actions: frozenset[str]

    @classmethod
    def of(cls, names: tuple[str, ...], parent: str) -> "Held":
        closed = tuple(name.replace(" ", "") for name in names)
        return cls(
            closed,
            tuple(initials(name) for name in closed),
            tuple(said(name) for name in names),
            parent.replace(" ", ""),
            actions_of(closed[0] if closed else ""),
        )


@dataclass(frozen=True, slots=True)
class Signs:
    """How much of the words of a question a document holds, and how near it is in meaning."""

    lexical: float
    near: float


def actions_of(name: str) -> frozenset[str]:
    return frozenset(a.name for a in data.actions() if any(form in name for form in a.named))


def weigh(question: Question, document: Document, held: Held, signs: Signs, audience: str) -> Hit:
    likeness, exact = _nearness(question, held)
    score = signs.lexical + signs.near + likeness + _action(question, held)
    score += POPULAR * math.log1p(max(0, min(document.popularity, 100))) / math.log(101)
    score += DEEP * document.depth / 4
    if audience and document.audience != "both":
        score += AUDIENCE if document.audience == audience else -AUDIENCE
    return Hit(document, score, exact, signs.lexical)


def _nearness(question: Question, held: Held) -> tuple[float, bool]:
    asked = question.core.replace(" ", "")
    whole = question.text.replace(" ", "")
    names = held.names
    if question.letters:
        asked = question.sound or question.core
        if asked in held.said or whole in held.initials:
            return 0.8 * EXACT, True
        names = held.said if question.sound else held.initials
    elif whole in names or asked in names:
        return EXACT + (0.1 if whole == names[0] else 0.0), True
    best = max((_likeness(asked, name, not place) for place, name in enumerate(names)), default=0.0)
    return best, False


def _likeness(asked: str, name: str, main: bool) -> float:
    if not asked or not name:
        return 0.0
    if name.startswith(asked):
        return PREFIX + 0.2 * len(asked) / len(name)
    if asked in name:
        return PART + 0.2 * len(asked) / len(name)
    if len(name) > 1 and name in asked:
        return (NAMED if main or len(name) > 2 else 0.1) * min(1.0, 0.3 + len(name) / len(asked))
    return SHARED * _shared(asked, name) / len(asked)


def _shared(asked: str, name: str) -> int:
    """Return the length of the longest piece of what was asked that stands in the name."""
    for length in range(min(len(asked), len(name)) - 1, 2, -1):
        for start in range(len(asked) - length + 1):
            if asked[start : start + length] in name:
                return length
    return 0


def _action(question: Question, held: Held) -> float:
    if question.actions & held.actions:
        return ASKED_ACTION
    back = {a.name for a in data.actions() if a.steps_back} & held.actions
    if not back:
        return 0.0
    return OTHER_ACTION if question.actions else UNASKED_ACTION
