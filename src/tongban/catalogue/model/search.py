"""Plain search over names: how texts are compared, and how well one answers another. Pure.

Chinese has no spaces, so texts are compared by pairs of neighbouring characters (grams); a single
character is a gram too, so that one character can be searched for.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tongban.catalogue.model.item import Item

LONGEST_QUERY = 100
_BESIDE = re.compile(r"[^0-9A-Za-z]+")


class Match(StrEnum):
    """How a service answers a search. ``SIMILAR`` is a guess and should be shown as one."""

    EXACT = "exact"  # A name, an everyday word or a code is what was asked.
    PREFIX = "prefix"
    PART = "part"
    AROUND = "around"  # Its department or the service above it says the rest.
    SIMILAR = "similar"


_WORTH = {
    Match.EXACT: 3.0,
    Match.PREFIX: 2.5,
    Match.PART: 2.0,
    Match.AROUND: 1.5,
    Match.SIMILAR: 0.0,
}


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: the normalised terms and their grams."""

    terms: tuple[str, ...]
    grams: tuple[str, ...]

    @property
    def whole(self) -> str:
        return "".join(self.terms)


def normalise(text: str) -> str:
    """Return the letters and digits of a text: full width, case and punctuation do not count.

    >>> normalise("ＥＴＣ 办理（新办）")
    'etc办理新办'
    """
    return _BESIDE.sub("", text).lower() if text.isascii() else _normalised(text)


@lru_cache(maxsize=20_000)
def _normalised(text: str) -> str:
    # Letters that come together when what stood between them is left out may compose.
    return unicodedata.normalize("NFKC", "".join(terms(text)))


def terms(text: str) -> list[str]:
    """Return the normalised words between spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c if c.isalnum() or _is_vowel_sign(c) else " " for c in folded).split()


def _is_vowel_sign(character: str) -> bool:
    """Tell whether it belongs to a letter, as vowels do in Tibetan and Uyghur writing."""
    return unicodedata.category(character)[0] == "M"


def grams(text: str) -> list[str]:
    """Return each pair of neighbours of a normalised text once, or the text if it has no pair.

    >>> grams("身份证"), grams("税")
    (['身份', '份证'], ['税'])
    """
    if len(text) < 2:
        return [text] if text else []
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))


def query(text: str) -> Query:
    found = terms(text[:LONGEST_QUERY])
    return Query(tuple(found), tuple(dict.fromkeys(g for term in found for g in grams(term))))


def words_of(item: Item) -> list[str]:
    """Return what an exact search for the item may say: its names first, then its codes."""
    codes = [item.code, *(code.code for code in item.codes if code.code != item.code)]
    words = _words((item.name, item.short_name, *item.everyday_words))
    return list(dict.fromkeys((*words, *(normalise(code) or code for code in codes if code))))


@lru_cache(maxsize=10_000)
def _words(names: tuple[str, ...]) -> tuple[str, ...]:
    # A name of nothing but punctuation is still the name, and always the first of the words.
    return tuple(normalise(name) or name for name in names if name)


def grams_of(names: Sequence[str], around: str) -> tuple[str, ...]:
    """Return by what a service is found: the grams of its names and of the service above it.

    Each character of its own names counts too.
    """
    texts = [normalise(text) for text in (*names, around)]
    found = [gram for text in texts for gram in grams(text)]
    return tuple(dict.fromkeys((*found, *(sign for text in texts[:-1] for sign in text))))


def judge(asked: Query, *, words: Sequence[str], around: Sequence[str]) -> tuple[Match, float]:
    """Return how an item answers a query, and how well: the higher the better, 0 not at all.

    :param words: the item's ``words_of``.
    :param around: the names of its department and of the service above it.
    """
    beside = [normalise(text) for text in around]
    match = _match(asked, words, beside)
    held = [any(gram in text for text in (*words, *beside)) for gram in asked.grams]
    if not any(held):
        return match, 0.0
    share = sum(held) / len(held)
    # Of two names that both hold what was asked, the one that says little else is meant.
    brevity = len(asked.whole) / max(1, len(asked.whole), len(words[0]))
    return match, _WORTH[match] + share + 0.2 * brevity


def nearness(*, asked: str, region: str) -> float:
    """Return how near an item's region is to the one asked for, from six-digit division codes.

    The place itself comes first, then what stands above it, then the places within it.
    """
    if not asked:
        return 0.0
    mine, its = asked.rstrip("0"), region.rstrip("0")
    if asked == region:
        return 0.3
    if mine.startswith(its):
        return 0.2
    return 0.1 if its.startswith(mine) else 0.0


def above(region: str) -> list[str]:
    """Return a six-digit division code, its city's and its province's.

    >>> above("450602")
    ['450602', '450600', '450000']
    """
    if len(region) != 6:
        return [region] if region else []
    return list(dict.fromkeys((region, region[:4] + "00", region[:2] + "0000")))


def _match(asked: Query, words: Sequence[str], around: Sequence[str]) -> Match:
    whole = asked.whole
    if whole in words:
        return Match.EXACT
    if any(word.startswith(whole) for word in words):
        return Match.PREFIX
    for match, texts in ((Match.PART, words), (Match.AROUND, (*words, *around))):
        if all(any(term in text for text in texts) for term in asked.terms):
            return match
    return Match.SIMILAR
