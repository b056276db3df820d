"""How Chinese sounds: pinyin, initials, and syllables that people mix up. Pure.

People type ``shenfenzheng`` or ``sfz``, or a character that sounds like the right one. Tones do not
count, nor do the differences that many dialects do not make (zh/z, ch/c, sh/s, n/l, ang/an ...).
"""

from functools import cache, lru_cache
from typing import Any

from tongban.catalogue.model.index.cutting import segmenter
from tongban.catalogue.model.index.text import is_han, runs


@cache
def _reader() -> Any:
    from pypinyin import lazy_pinyin

    return lazy_pinyin


@lru_cache(maxsize=5_000)
def readings(run: str) -> tuple[str, ...]:
    """Return the syllables of a run of Chinese characters, without tones, one for each.

    >>> readings("银行卡")
    ('yin', 'hang', 'ka')
    """
    return tuple(syllable for word in segmenter().cut(run) for syllable in _word(word))


@lru_cache(maxsize=50_000)
def _word(word: str) -> tuple[str, ...]:
    """Names are made of the same few thousand words, so each word is looked up once."""
    return tuple(_reader()(word, errors=lambda rest: [""] * len(rest), v_to_u=False))


_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "f"), ("r", "l"))
_FINALS = (("iang", "ian"), ("uang", "uan"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=2000)
def blurred(syllable: str) -> str:
    """Return a syllable as those hear it who do not tell the similar ones apart.

    >>> blurred("zheng"), blurred("cen")
    ('zen', 'cen')
    """
    for told, heard in _INITIALS:
        if syllable.startswith(told):
            syllable = heard + syllable[len(told) :]
            break
    for told, heard in _FINALS:
        if syllable.endswith(told):
            return syllable[: -len(told)] + heard
    return syllable


def sounds(run: str) -> tuple[str, ...]:
    """Return the blurred syllables of a run of Chinese characters."""
    return tuple(blurred(one) for one in readings(run))


def said(text: str) -> str:
    """Return a folded text as blurred syllables between spaces; other letters stay as they are."""
    row = [one for run in runs(text) for one in (sounds(run) if is_han(run[0]) else (run,))]
    return " ".join(row)


def initials(text: str) -> str:
    """Return the first letters of a text's characters; letters and digits stay as they are.

    >>> initials("身份证")
    'sfz'
    """
    said: list[str] = []
    run = ""
    for character in text + " ":
        if is_han(character):
            run += character
            continue
        said += [one[:1] for one in readings(run)] if run else []
        run = ""
        said.append(character.strip())
    return "".join(said)
