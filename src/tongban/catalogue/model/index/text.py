"""How texts are made comparable before anything is counted. Pure.

Full width, case, punctuation and traditional characters do not count. Libraries with large tables
are loaded at the first use, so that whoever never searches does not pay for them.
"""

import unicodedata
from functools import cache, lru_cache
from typing import Any

from tongban.catalogue.model.index.data import fillers


@cache
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or character >= "𠀀"


def folded(text: str) -> str:
    """Return a text in simplified characters, half width and small letters, cut by single spaces.

    >>> folded("補領身份證（Ｎｅｗ）")
    '补领身份证 new'
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if any(is_han(character) for character in plain):
        plain = _simplifier().convert(plain)
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def runs(text: str) -> list[str]:
    """Cut a folded text where Chinese meets letters and digits, and at spaces.

    >>> runs("etc办理 新办")
    ['etc', '办理', '新办']
    """
    found: list[str] = []
    before = ""
    for character in text:
        kind = " " if character == " " else "h" if is_han(character) else "a"
        if kind != " ":
            if kind == before:
                found[-1] += character
            else:
                found.append(character)
        before = kind
    return found


@lru_cache(maxsize=4096)
def core(text: str) -> str:
    """Return what a folded question asks for, without politeness and words of asking.

    Where nothing else would remain, the text is returned as it is.

    >>> core("请问我想补办身份证需要什么材料")
    '补办身份证'
    """
    left = text
    for filler in fillers():
        # A single character is part of too many words to be taken out from between others.
        if len(filler) > 1 and filler in left:
            left = left.replace(filler, " ")
    ends = "".join(filler for filler in fillers() if len(filler) == 1) + " "
    kept = " ".join(left.strip(ends).split())
    return kept if len(kept.replace(" ", "")) > 1 else text
