"""What was asked: the terms of a question, what they may mean, and what is to be done. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tongban.catalogue.model.index import data, terms
from tongban.catalogue.model.index.sound import blurred, said
from tongban.catalogue.model.index.spelling import Lexicon
from tongban.catalogue.model.index.text import core, folded, is_han, runs

LONGEST = 100
# How much a term of each kind says, in a question in characters and in one in letters.
WRITTEN = {"w": 0.8, "b": 1.0, "c": 0.7, "g": 0.5, "p": 0.2, "q": 0.1, "i": 0.0}
SPOKEN = {"w": 0.5, "b": 0.5, "p": 1.0, "q": 0.4}
SHORTENED = {"w": 1.0, "i": 1.0}
# A term that is there only because something was put right.
GUESSED = 0.6
EXPRESSIONS = 5
LONGEST_WORD = 8

Weighted = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for.

    ``text`` is folded, ``core`` without words of asking, ``sound`` its syllables. ``official``
    names, each with a weight, are what everyday words stand for; ``covered`` is the share of the
    core that those take up. ``synonyms`` are single words, each with its terms and with the words
    that a name may have in its place. ``letters``: it was typed in pinyin or initials.
    """

    text: str
    core: str
    sound: str
    terms: tuple[tuple[str, float], ...]
    official: tuple[tuple[str, float], ...] = ()
    actions: frozenset[str] = frozenset()
    covered: float = 0.0
    letters: bool = False
    synonyms: tuple[tuple[Weighted, tuple[str, ...]], ...] = ()


def read(text: str, lexicon: Lexicon) -> Question:
    """Read a question as it was typed: in characters, in pinyin or in initials."""
    whole = folded(text[:LONGEST])
    if not (whole.isascii() and whole.replace(" ", "").isalpha() and len(whole) > 1):
        return _written(whole, lexicon)
    pieces = lexicon.spoken(whole.replace(" ", ""))
    row = [syllable for _, said_so in pieces for syllable in said_so]
    full = sum(len(syllable) for syllable in row if len(syllable) > 1)
    # A word of Latin letters, such as ETC, is itself too.
    own = ["w" + word for word in whole.split()]
    if full < 0.6 * len(whole.replace(" ", "")):
        row = list(whole.replace(" ", ""))
        weighted = _weighted([*own, *terms.of_initials(row)], SHORTENED)
        return Question(whole, "".join(row), "", weighted, letters=True)
    return _spoken(whole, own, pieces)


def _written(whole: str, lexicon: Lexicon) -> Question:
    asked = core(whole)
    put_right = core(
        "".join(lexicon.corrected(r) if is_han(r[0]) else f" {r} " for r in runs(whole))
    )
    weighted = dict(_weighted(terms.of_text(asked), WRITTEN))
    for term, weight in _weighted(terms.of_text(put_right), WRITTEN):
        weighted.setdefault(term, weight * GUESSED)
    official, length = _expressions(f"{whole} {asked}", put_right)
    return Question(
        whole,
        asked,
        said(asked),
        tuple(weighted.items()),
        official,
        _actions(whole) or _actions(put_right),
        min(1.0, length / max(1, len(asked.replace(" ", "")))),
        synonyms=_synonyms(asked, put_right),
    )


def _spoken(whole: str, own: list[str], pieces: list[tuple[str, tuple[str, ...]]]) -> Question:
    # What is no word stands for itself, so that words of asking are taken out around it.
    text = " ".join(word or "".join(row) for word, row in pieces)
    joined = "".join(word or f" {''.join(row)} " for word, row in pieces)
    asked = core(" ".join(joined.split())) if any(word for word, _ in pieces) else text
    row = [
        s for run in runs(asked) for s in (said(run).split() if is_han(run[0]) else [blurred(run)])
    ]
    official, length = _expressions(f"{joined} {asked}", "")
    found = [*own, *terms.of_syllables(row), *terms.of_text(asked)]
    return Question(
        whole,
        asked,
        " ".join(row),
        _weighted(found, SPOKEN),
        official,
        _actions(joined),
        min(1.0, length / max(1, len(row))),
        True,
        _synonyms(asked, ""),
    )


def _weighted(found: Iterable[str], kinds: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    once = dict.fromkeys(found)
    return tuple((term, kinds[term[0]]) for term in once if kinds.get(term[0]))


def _synonyms(text: str, put_right: str) -> tuple[tuple[Weighted, tuple[str, ...]], ...]:
    """Return the words of a question that names say otherwise, each with its terms and with those.

    The longest words are taken first, from left to right, and none twice.
    """
    known = data.synonyms()
    found: dict[str, tuple[str, ...]] = {}
    for said_so in (text, put_right):
        at = 0
        while at < len(said_so):
            pieces = (said_so[at : at + n] for n in range(LONGEST_WORD, 0, -1))
            word = next((piece for piece in pieces if piece in known), "")
            if word and (said_so is text or word not in text):
                found[word] = known[word]
            at += len(word) or 1
    return tuple((_weighted(terms.of_text(word), WRITTEN), meant) for word, meant in found.items())


def _actions(text: str) -> frozenset[str]:
    return frozenset(a.name for a in data.actions() if any(form in text for form in a.said))


@cache
def _forms() -> tuple[str, ...]:
    """Return every form of an everyday word."""
    return tuple({form for entry in data.everyday() for part in entry.parts for form in part})


def _expressions(text: str, put_right: str) -> tuple[tuple[tuple[str, float], ...], int]:
    """Return the official names that everyday words of the question stand for, and their length.

    What is an everyday word only after it was put right counts for less.
    """
    heard: dict[str, float] = {}
    for form in _forms():
        if form in text:
            heard[form] = float(len(form))
        elif form in put_right:
            heard[form] = 0.8 * len(form)
    matched: list[tuple[float, int, frozenset[str], data.Everyday]] = []
    for entry in data.everyday():
        best = [max(part, key=lambda form: heard.get(form, 0.0)) for part in entry.parts]
        if all(form in heard for form in best):
            forms = frozenset(best)
            worth = sum(heard[form] for form in forms)
            matched.append((worth, sum(map(len, forms)), forms, entry))
    matched.sort(key=lambda one: -one[0])
    kept: list[tuple[float, int, frozenset[str], data.Everyday]] = []
    for one in matched:
        # "A restaurant" says nothing beside "open a restaurant".
        if not any(one[2] < other[2] for other in kept):
            kept.append(one)
    kept = kept[:EXPRESSIONS]
    official: dict[str, float] = {}
    for worth, _, _, entry in kept:
        for place, name in enumerate(entry.official):
            weight = worth / kept[0][0] * 0.93**place
            official[name] = max(official.get(name, 0.0), weight)
    return tuple(official.items()), max((one[1] for one in kept), default=0)
