"""Office hours read out of words, for machines, where the words leave nothing open. Pure.

Guides tell them as a sentence: "工作日：上午9：00—12：00，下午13：30—16：30（法定节假日除外）".
"""

import re
import unicodedata
from dataclasses import dataclass

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMERALS = "一二三四五六日"
_DAY = r"(?:周|星期)([一二三四五六日天])"
_DAYS = re.compile(rf"(工作日|每天|每日)|{_DAY}(?:[至到\-](?:周|星期)?([一二三四五六日天]))?")
_SPAN = re.compile(r"(上午|下午)?:?(\d{1,2}):(\d\d)-(?:(上午|下午))?(\d{1,2}):(\d\d)")
# Every office is closed on holidays; any other exception or season changes the hours.
_HOLIDAYS = re.compile(r"\(?(?:法定节?假日(?:除外|休息)|除法定节?假日外)\)?")
# So does whatever is said of one more place, in brackets.
_OPEN = re.compile(r"[\d(一二三四五六日天至到季月年]|周|星期|除外|工作日|每天|每日|节假日")


@dataclass(frozen=True, slots=True)
class Opening:
    """On these days (``WEEK``), from ``opens`` to ``closes`` (``HH:MM``)."""

    days: tuple[str, ...]
    opens: str
    closes: str


def openings(text: str) -> tuple[Opening, ...]:
    """Return the hours that a sentence names; none if a part of it could mean something else."""
    plain = unicodedata.normalize("NFKC", text).replace("∶", ":")
    plain = re.sub(r"\s+", "", re.sub(r"[—–~−-]+|(?<=\d)至(?=\d)", "-", plain))
    found: list[Opening] = []
    days: tuple[str, ...] = ()
    for part in filter(None, re.split(r"[;。]", _HOLIDAYS.sub("", plain))):
        named = _DAYS.match(part)
        days = _days(named) if named else days
        rest = part[named.end() :] if named else part
        spans = [_opening(days, span) for span in _SPAN.finditer(rest)]
        if not days or not spans or _OPEN.search(_SPAN.sub("", rest)):
            return ()
        found += [one for one in spans if one.opens < one.closes <= "24:00"]
    return tuple(found)


def _days(named: re.Match[str]) -> tuple[str, ...]:
    """Working days are Monday to Friday; which Saturday is worked instead changes each year."""
    whole, first, last = named.groups()
    if whole:
        return WEEK if whole != "工作日" else WEEK[:5]
    begin = _NUMERALS.index(first.replace("天", "日"))
    end = _NUMERALS.index(last.replace("天", "日")) if last else begin
    return WEEK[begin : end + 1]


def _opening(days: tuple[str, ...], span: re.Match[str]) -> Opening:
    half, opens, opens_at, other, closes, closes_at = span.groups()
    return Opening(
        days,
        f"{_hour(int(opens), half):02}:{opens_at}",
        f"{_hour(int(closes), other or half):02}:{closes_at}",
    )


def _hour(hour: int, half: str | None) -> int:
    return hour + 12 if half == "下午" and hour < 12 else hour
