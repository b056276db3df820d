"""What words mean, as numbers: a question is near a name with which it shares no word. Pure, numpy.

Each of some forty thousand words is a row of numbers in ``words/meanings.npz`` (made by
``bench/meanings.py``); words that are used alike point the same way. A text points where its words
do together, those that few names hold weighing most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np

from tongban.catalogue.model.index.cutting import segmenter
from tongban.catalogue.model.index.text import is_han, runs

LONGEST = 4
# A word that this share of all names hold weighs half of what a word does that none holds.
COMMON = 0.005

Floats = np.ndarray[Any, np.dtype[np.float32]]
# The rows of the words of a text, as often as each is said.
Said = tuple[int, ...]


class Nearness(Protocol):
    """What tells how near the names of documents are to a question in meaning."""

    def near(self, asked: str) -> Floats:
        """Return for each document, in their order, how nearly it says a folded text: 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """The row of each word, and the rows, whose numbers are ``steps`` of their column."""

    rows: Mapping[str, int]
    numbers: np.ndarray[Any, np.dtype[np.int8]]
    steps: Floats


@cache
def table() -> Table:
    path = files("tongban.catalogue.model.index") / "words" / "meanings.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        words = kept["words"].tobytes().decode("utf-8").split("\n")
        rows = {word: row for row, word in enumerate(words)}
        return Table(rows, kept["numbers"], kept["steps"])


def said(text: str) -> Said:
    """Return the rows of the words of a folded text; of a word unknown as a whole, of its parts."""
    known = table().rows
    found: list[int] = []
    for run in runs(text):
        for word in segmenter().cut(run) if is_han(run[0]) else ():
            at = 0
            while at < len(word):
                ends = range(min(len(word), at + LONGEST), at, -1)
                end = next((end for end in ends if word[at:end] in known), 0)
                found += [known[word[at:end]]] if end else []
                at = end or at + 1
    return tuple(found)


class Meanings:
    """Nearness by the table: where all names of the documents point, one after the other."""

    def __init__(self, documents: Sequence[Sequence[Said]]) -> None:
        names = [name for document in documents for name in document]
        rows = np.fromiter((row for name in names for row in set(name)), np.int64)
        held = np.bincount(rows, minlength=len(table().numbers))
        self._weights = (COMMON / (COMMON + held / max(1, len(names)))).astype(np.float32)
        self._names = np.array([self._pointing(name) for name in names], np.float32)
        counts = np.fromiter(map(len, documents), np.int64, len(documents))
        self._starts = np.cumsum(counts) - counts

    def near(self, asked: str) -> Floats:
        words = said(asked)
        if not (words and len(self._names)):
            return np.zeros(len(self._starts), np.float32)
        nearest: Floats = np.maximum.reduceat(self._names @ self._pointing(words), self._starts)
        return np.maximum(nearest, np.float32(0.0))

    def _pointing(self, words: Said) -> Floats:
        known = table()
        rows = np.asarray(words, np.int64)
        together: Floats = self._weights[rows] @ (known.numbers[rows] * known.steps)
        return together / np.float32(max(1e-6, float(np.linalg.norm(together))))
