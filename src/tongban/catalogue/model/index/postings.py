"""The inverted index: which document holds which term, with which weight (BM25). Pure, numpy.

The weights are computed when the index is made, so a question only adds up rows of numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

K1, B = 1.2, 0.35
# What no service holds says nothing about which is meant: it counts less than a rare word would, or
# the many words of a long question would drown those that tell.
UNHELD = 0.7

Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows of (document, weight), one row after the other; ``starts`` says where each begins."""

    vocabulary: Mapping[str, int]
    starts: np.ndarray[Any, np.dtype[np.int64]]
    documents: np.ndarray[Any, np.dtype[np.int32]]
    weights: Floats
    rarity: Floats
    size: int

    @property
    def rarest(self) -> float:
        """The rarity of a term that no document holds."""
        return UNHELD * float(np.log(1 + self.size / 0.5))

    @property
    def memory(self) -> int:
        """Return the bytes that the arrays take, without the vocabulary."""
        arrays = (self.starts, self.documents, self.weights, self.rarity)
        return sum(array.nbytes for array in arrays)

    def rarity_of(self, term: str) -> float:
        row = self.vocabulary.get(term)
        return self.rarest if row is None else float(self.rarity[row])

    def add(self, scores: Floats, terms: Iterable[tuple[str, float]]) -> None:
        """Add what each term is worth to the scores of the documents that hold it."""
        for term, weight in terms:
            row = self.vocabulary.get(term)
            if row is None:
                continue
            begin, end = self.starts[row], self.starts[row + 1]
            # A row names each document once, so plain adding by index counts nothing twice.
            scores[self.documents[begin:end]] += self.weights[begin:end] * np.float32(weight)


def invert(documents: Sequence[Mapping[str, float]], lengths: Sequence[float]) -> Postings:
    """Return the index over documents, each given as its terms with their weighted counts."""
    vocabulary: dict[str, int] = {}
    sizes = np.fromiter((len(each) for each in documents), np.int64, len(documents))
    total = int(sizes.sum())
    rows = np.fromiter(
        (vocabulary.setdefault(term, len(vocabulary)) for each in documents for term in each),
        np.int32,
        total,
    )
    counts = np.fromiter((c for each in documents for c in each.values()), np.float32, total)
    holders = np.repeat(np.arange(len(documents), dtype=np.int32), sizes)
    held = np.bincount(rows, minlength=len(vocabulary)) if total else np.zeros(0, np.int64)
    rarity = np.log(1 + (len(documents) - held + 0.5) / (held + 0.5)).astype(np.float32)
    length = np.asarray(lengths, np.float32)
    share = length / max(1e-9, float(length.mean()) if len(length) else 1.0)
    damping = K1 * (1 - B + B * share)
    weights = rarity[rows] * counts * (K1 + 1) / (counts + damping[holders])
    order = np.argsort(rows, kind="stable")
    starts = np.zeros(len(vocabulary) + 1, np.int64)
    np.cumsum(held, out=starts[1:])
    return Postings(
        vocabulary,
        starts,
        holders[order],
        weights[order].astype(np.float32),
        rarity,
        len(documents),
    )
