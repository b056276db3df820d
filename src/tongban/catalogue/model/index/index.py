"""The index of the services: made from documents, asked with a text. Pure.

It never changes: what follows a publication is a new index, which takes the place of the old one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tongban.catalogue.model.index import data, terms
from tongban.catalogue.model.index.document import Document, Hit
from tongban.catalogue.model.index.postings import Floats, Postings, invert
from tongban.catalogue.model.index.cutting import words
from tongban.catalogue.model.index.question import WRITTEN, Question, read
from tongban.catalogue.model.index.spelling import Lexicon
from tongban.catalogue.model.index.text import folded, is_han, runs
from tongban.catalogue.model.index.weighing import Held, weigh

CANDIDATES = 200
OWN, PARENT, DEPARTMENT, THEME = 1.0, 0.45, 0.25, 0.2


@dataclass(frozen=True, slots=True)
class Read:
    """A document taken apart: its terms, weighted by where they stand, and what is held of it."""

    document: Document
    terms: Mapping[str, float]
    length: float
    held: Held


def take_apart(document: Document) -> Read:
    names = tuple(dict.fromkeys(folded(one) for one in (document.name, *document.aliases)))
    counted: dict[str, float] = {}
    for place, text in enumerate(names):
        # An alias says the name again in other words: it does not make its words weigh more.
        for term, count in Counter(terms.of_text(text)).items():
            counted[term] = max(counted.get(term, 0.0), min(count, 2) * (OWN if not place else 1.0))
    for weight, texts in (
        (PARENT, (document.parent_name,)),
        (DEPARTMENT, document.departments[:3]),
        (THEME, (*document.themes, *document.life_events)),
    ):
        for term in {term for text in texts for term in terms.of_text(folded(text))}:
            counted[term] = counted.get(term, 0.0) + weight
    length = float(len(names[0].replace(" ", ""))) if names else 1.0
    return Read(document, counted, length, Held.of(names, folded(document.parent_name)))


class Index:
    """The services that can be found at one moment."""

    def __init__(self, read_documents: Sequence[Read]) -> None:
        self.read = tuple(read_documents)
        self.postings: Postings = invert(
            [each.terms for each in self.read], [each.length for each in self.read]
        )
        self.lexicon = _lexicon(self.read)

    def read_question(self, text: str) -> Question:
        return read(text, self.lexicon)

    def search(self, question: Question, *, audience: str = "", limit: int = CANDIDATES) -> list[Hit]:
        """Return the documents that answer best, the best first."""
        lexical = self.lexical(question)
        count = min(max(limit, CANDIDATES), len(lexical))
        if not count:
            return []
        best = np.argpartition(-lexical, count - 1)[:count]
        hits = [
            weigh(question, self.read[i].document, self.read[i].held, float(lexical[i]), audience)
            for i in best
            if lexical[i] > 0
        ]
        hits.sort(key=lambda hit: (-hit.score, -hit.document.popularity, len(hit.document.name), hit.document.key))
        return hits[:limit]

    def lexical(self, question: Question) -> Floats:
        """Return for each document the share of what was asked that it holds, weighted by rarity."""
        own = self._share(question.terms)
        if not question.official:
            return own
        meant = np.zeros_like(own)
        for name, weight in question.official:
            np.maximum(meant, self._share(_terms_of(name)) * np.float32(weight), out=meant)
        # What everyday words stand for counts more the more of the question they take up, and
        # little where some service is called just as was asked.
        led = float(own.max(initial=0.0))
        part = np.float32((0.35 + 0.45 * question.covered) * min(1.0, max(0.25, 2.2 - 2 * led)))
        return own * (1 - part) + meant * part

    def _share(self, weighted: Sequence[tuple[str, float]]) -> Floats:
        scores = np.zeros(len(self.read), np.float32)
        if not weighted:
            return scores
        self.postings.add(scores, weighted)
        most = sum(self.postings.rarity_of(term) * weight for term, weight in weighted)
        return scores / np.float32(max(most, 1e-6))


def _lexicon(read_documents: Sequence[Read]) -> Lexicon:
    """Collect the words that people may mean: those of asking, everyday ones, those of the names."""
    counted: Counter[str] = Counter()
    for each in read_documents:
        for name in each.held.names:
            counted.update({name, *(word for run in runs(name) if is_han(run[0]) for word in words(run))})
    spoken = [form for entry in data.everyday() for part in entry.parts for form in part]
    acting = [form for action in data.actions() for form in (*action.said, *action.named)]
    asking = [word for word in data.fillers()]
    return Lexicon.of([*asking, *acting, *spoken, *(word for word, _ in counted.most_common())])


@lru_cache(maxsize=5000)
def _terms_of(name: str) -> tuple[tuple[str, float], ...]:
    found = dict.fromkeys(terms.of_text(folded(name)))
    return tuple((term, WRITTEN[term[0]]) for term in found if term[0] in "wb")
