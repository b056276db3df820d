"""The index of the services: made from documents, asked with a text. Pure.

It never changes: what follows a publication is a new index, which takes the place of the old one.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tongban.catalogue.model.index import terms
from tongban.catalogue.model.index.document import Hit
from tongban.catalogue.model.index.meaning import Meanings, Nearness
from tongban.catalogue.model.index.postings import Floats, Postings, invert
from tongban.catalogue.model.index.question import WRITTEN, Question, read
from tongban.catalogue.model.index.spelling import Lexicon
from tongban.catalogue.model.index.suggesting import Suggestions
from tongban.catalogue.model.index.taking import Read
from tongban.catalogue.model.index.text import folded, is_han
from tongban.catalogue.model.index.weighing import Signs, weigh

CANDIDATES = 200
# What it is worth that a name means what was asked, beside the words that both hold.
NEAR = 0.6
# A name that shares no word with a question, nor a sound, must be so near to be shown at all.
NEAREST = 0.5
# How much of what was typed a service must hold to be offered although it begins otherwise.
GUESS = 0.4
# What a word of the same meaning is worth against the very word that was asked.
ALIKE = 0.7
# What a whole everyday expression is worth, more the more of the question it takes up; where some
# service is called just as was asked (``LED`` less twice its share) it is worth little.
MEANT, COVERED, LED, LEAST = 0.08, 0.45, 2.2, 0.25


class Index:
    """The services that can be found at one moment."""

    def __init__(self, read_documents: Sequence[Read], lexicon: Lexicon) -> None:
        self.read = tuple(read_documents)
        self.postings: Postings = invert(
            [each.terms for each in self.read], [each.length for each in self.read]
        )
        self.lexicon = lexicon
        self.meanings: Nearness = Meanings([each.meant for each in self.read])
        self._suggestions = Suggestions(self.read)
        self._named: dict[str, list[int]] = {}
        for place, each in enumerate(self.read):
            for name in each.held.names:
                self._named.setdefault(name, []).append(place)

    def read_question(self, text: str) -> Question:
        return read(text, self.lexicon)

    def search(
        self,
        question: Question,
        *,
        audience: str = "",
        limit: int = CANDIDATES,
        nearness: Nearness | None = None,
    ) -> list[Hit]:
        """Return the documents that answer best, the best first.

        :param nearness: what knows the meaning of names; without it, the table of ``meaning``.
        """
        lexical = self.lexical(question)
        near = (nearness or self.meanings).near(question.core)
        promising = lexical + np.float32(NEAR) * near
        count = min(max(limit, CANDIDATES), len(promising))
        if not count:
            return []
        best = {int(place) for place in np.argpartition(-promising, count - 1)[:count]}
        # What is called just so may be lost among hundreds that hold a common word.
        for said in {question.text.replace(" ", ""), question.core.replace(" ", "")}:
            best.update(self._named.get(said, ()))
        hits = [
            weigh(
                question,
                self.read[i].document,
                self.read[i].held,
                Signs(float(lexical[i]), NEAR * float(near[i])),
                audience,
            )
            for i in best
            if lexical[i] > 0 or near[i] > NEAREST
        ]
        hits.sort(
            key=lambda hit: (
                -hit.score,
                -hit.document.popularity,
                len(hit.document.name),
                hit.document.key,
            )
        )
        return hits[:limit]

    def suggest(self, typed: str, *, limit: int = 8) -> list[str]:
        """Return what somebody may be about to type; where nothing begins so, the best guesses."""
        offered = self._suggestions.of(typed, limit=limit)
        # Whoever types 护照h is about to choose the next character.
        if not offered and (chosen := _COMPOSING.sub("", typed)) != typed:
            offered = self._suggestions.of(chosen, limit=limit)
        if len(offered) < limit // 2 and _is_word(typed.strip()):
            hits = self.search(self.read_question(typed), limit=limit)
            sure = [hit.document.name for hit in hits if hit.lexical >= GUESS]
            offered = list(dict.fromkeys([*offered, *sure]))[:limit]
        return offered

    def lexical(self, question: Question) -> Floats:
        """Return for each document how much of what was asked it holds, weighted by rarity."""
        own = self._own(question)
        if not question.official:
            return own
        meant = np.zeros_like(own)
        for name, weight in question.official:
            np.maximum(meant, self._share(_terms_of(name)) * np.float32(weight), out=meant)
        led = min(1.0, max(LEAST, LED - 2 * float(own.max(initial=0.0))))
        part = np.float32((MEANT + COVERED * question.covered) * led)
        return own * (1 - part) + meant * part

    def _own(self, question: Question) -> Floats:
        """Return how much of the words of a question each document holds, or words like them."""
        own = self._share(question.terms)
        most = self._mass(question.terms)
        for written, meant in question.synonyms:
            as_said = self._share(written)
            alike = np.max([self._share(_terms_of(name)) for name in meant], axis=0)
            gained = np.maximum(0, alike * np.float32(ALIKE) - as_said)
            own += gained * np.float32(self._mass(written) / max(most, 1e-6))
        return own

    def _mass(self, weighted: Sequence[tuple[str, float]]) -> float:
        return sum(self.postings.rarity_of(term) * weight for term, weight in weighted)

    def _share(self, weighted: Sequence[tuple[str, float]]) -> Floats:
        scores = np.zeros(len(self.read), np.float32)
        if not weighted:
            return scores
        self.postings.add(scores, weighted)
        return scores / np.float32(max(self._mass(weighted), 1e-6))


_COMPOSING = re.compile(r"(?<=[\u4e00-\u9fff])[a-z]+$")


def _is_word(typed: str) -> bool:
    """Tell whether so much has been typed that it may be meant as it stands."""
    return len(typed) > (1 if all(map(is_han, typed)) else 2)


@lru_cache(maxsize=5000)
def _terms_of(name: str) -> tuple[tuple[str, float], ...]:
    found = dict.fromkeys(terms.of_text(folded(name)))
    return tuple((term, WRITTEN[term[0]]) for term in found if term[0] in "wb")
