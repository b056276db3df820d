"""Text in a chart: how wide it is, and where it breaks. Pure."""

import unicodedata


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is in a proportional font, in the unit of ``size``.

    >>> width_of("审核ab", 10)
    31.0
    """
    return sum(size if _is_wide(letter) else size * 0.55 for letter in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def wrapped(text: str, *, width: float, size: float, lines: int) -> list[str]:
    """Return a text broken into lines that fit a width; what does not fit ends with an ellipsis."""
    found, line = [], ""
    for part in _parts(text):
        if line and width_of(line + part.rstrip(), size) > width:
            found.append(line.strip())
            line = ""
        while width_of(part, size) > width and len(part) > 1:
            fits = max(1, int(len(part) * width / width_of(part, size)))
            found.append(part[:fits])
            part = part[fits:]
        line += part
    if line.strip():
        found.append(line.strip())
    if len(found) <= lines:
        return found
    kept = found[:lines]
    last = kept[-1]
    while last and width_of(last + "…", size) > width:
        last = last[:-1]
    return [*kept[:-1], last + "…"]


def _parts(text: str) -> list[str]:
    """Where a text may break: after each Chinese character, after each word."""
    parts: list[str] = []
    for letter in text:
        joins = parts and not _is_wide(letter) and not _is_wide(parts[-1][-1])
        if joins and not parts[-1].endswith(" "):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts
