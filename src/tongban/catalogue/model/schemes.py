"""Codes as (scheme, code): each scheme has a pattern and a check digit, and both only warn. Pure.

Real catalogues are full of codes that break their own standard, so nothing is refused for its
code and nothing is ever read out of one. An installation adds its own schemes with
``read_schemes`` from a file of the shape of ``code_schemes.toml``.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongban.catalogue.model.coded import Code
from tongban.foundation.errors import Problem

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of code.

    ``example`` shows its form to people. ``check`` names a rule of CHECKS, which is applied to
    what the group ``checked`` of the pattern matched, or to the whole code.
    """

    key: str
    name: str
    pattern: str
    example: str = ""
    check: str = ""


def credit_code_checks(text: str) -> bool:
    """Tell whether the last character fits (GB 32100, weights 3^i modulo 31).

    >>> credit_code_checks("91350100M000100Y43"), credit_code_checks("91350100M000100Y40")
    (True, False)
    """
    if any(character not in _CREDIT for character in text) or len(text) != 18:
        return False
    total = sum(_CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    return _CREDIT[-total % 31] == text[17]


CHECKS: dict[str, Callable[[str], bool]] = {
    "gb32100": credit_code_checks,
}


def read_schemes(text: str) -> dict[str, Scheme]:
    """Read schemes from TOML.

    :raises ValueError: if a pattern is no regular expression, or a check is not known.
    """
    found = {}
    for row in tomllib.loads(text)["scheme"]:
        scheme = Scheme(**row)
        re.compile(scheme.pattern)
        if scheme.check and scheme.check not in CHECKS:
            raise ValueError(f"{scheme.key}: no check is called {scheme.check}")
        found[scheme.key] = scheme
    return found


@cache
def known_schemes() -> Mapping[str, Scheme]:
    """Return the schemes that the product knows."""
    return read_schemes(Path(__file__).with_name("code_schemes.toml").read_text(encoding="utf-8"))


def code_warnings(
    codes: Iterable[Code], *, schemes: Mapping[str, Scheme] | None = None
) -> list[Problem]:
    """Return what is doubtful about codes, in words. A scheme that is not known warns of nothing.

    >>> [str(one) for one in code_warnings([Code("basic_code", "00012302")])]
    ['“基本编码”00012302 的形式不对（例：000123020000），请核对']
    """
    known = known_schemes() if schemes is None else schemes
    found = []
    for code in codes:
        if (scheme := known.get(code.scheme)) is None:
            continue
        told = {"scheme": scheme.name, "code": code.code, "example": scheme.example}
        match = re.fullmatch(scheme.pattern, code.code)
        if match is None:
            found.append(
                Problem("codes", "“{scheme}”{code} 的形式不对（例：{example}），请核对", told)
            )
        elif scheme.check:
            checked = match.groupdict().get("checked") or code.code
            if not CHECKS[scheme.check](checked):
                told["part"] = checked
                found.append(
                    Problem("codes", "“{scheme}”{code} 中的 {part} 校验位不对，请核对", told)
                )
    return found
