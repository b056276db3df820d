"""Names of places in a question. Pure.

Whoever writes 长沙市身份证补办 means Changsha, wherever the page stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from tongban.catalogue.model.index import data
from tongban.catalogue.model.index.cutting import segmenter

KINDS = [
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "新区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
]
SHORTEST = 2


class Place(Protocol):
    """A division as ``identity`` knows it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def level(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Places:
    """Codes by full name, and by the name without its kind (长沙), the highest level first."""

    full: dict[str, tuple[str, ...]]
    short: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, regions: Iterable[Place]) -> "Places":
        full: dict[str, tuple[str, ...]] = {}
        short: dict[str, tuple[str, ...]] = {}
        for region in sorted(regions, key=lambda one: (one.level, one.code)):
            if len(region.name) > SHORTEST:
                full[region.name] = (*full.get(region.name, ()), region.code)
            kind = next((kind for kind in KINDS if region.name.endswith(kind)), "")
            name = region.name.removesuffix(kind)
            if kind and len(name) >= SHORTEST:
                short[name] = (*short.get(name, ()), region.code)
        return cls(full, short)

    def found_in(self, text: str, *, near: str, words: frozenset[str]) -> tuple[str, str]:
        """Return the code of the place that a text names, if any, and the text without it.

        A name without its kind counts only at the beginning, as a word of its own (合作社 is no
        place), and only if it is no word of the catalogue nor an ordinary one: 公安 is a county,
        but hardly ever meant. Of several places of one name the one within the region asked for
        is meant, else the highest.

        >>> class P: code, name, level = "430100", "长沙市", 2
        >>> Places.of([P()]).found_in("长沙身份证补办", near="", words=frozenset())
        ('430100', '身份证补办')
        """
        code = ""
        for start in range(len(text)):
            for end in range(min(len(text), start + 12), start + SHORTEST, -1):
                if codes := self.full.get(text[start:end]):
                    code, text = _nearest(codes, code or near), text[:start] + " " + text[end:]
                    break
        if not code:
            for end in range(min(len(text), 10), SHORTEST - 1, -1):
                name = text[:end]
                if (codes := self.short.get(name)) and self._meant(name, text, words):
                    code, text = _nearest(codes, near), text[end:]
                    break
        return code, text.strip()

    @staticmethod
    def _meant(name: str, text: str, words: frozenset[str]) -> bool:
        if name in words or name in data.ordinary():
            return False
        # A word must end where the name does.
        return len(name) in accumulate(len(word) for word in segmenter().cut(text))


def _nearest(codes: tuple[str, ...], near: str) -> str:
    for digits in (4, 2):
        if near and (within := [code for code in codes if code[:digits] == near[:digits]]):
            return within[-1] if digits == 4 else within[0]
    return codes[0]
