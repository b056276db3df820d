"""Names that files come with, made safe to show, to store and to save under on any system."""

import re
import unicodedata

STEM_MAX = 80  # Characters.
STEM_BYTES_MAX = 240  # So that the whole name stays below the 255 bytes of every file system.
NAMELESS = "未命名文件"

_FORBIDDEN = re.compile(r'[<>:"|?*\u2044\u2215\u29f8\uff0f\uff3c]')
# Device names of Windows, with which no file can be saved there, whatever follows the dot.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def clean(name: str, *, suffixes: tuple[str, ...], wrong: frozenset[str]) -> str:
    """Return a safe name whose ending tells the true type.

    :param suffixes: the endings of the true type without dot, the usual one first.
    :param wrong: endings that would tell another type and are therefore replaced.

    >>> clean("../../身份证.PDF", suffixes=("pdf",), wrong=frozenset())
    '身份证.pdf'
    >>> clean("照片.pdf", suffixes=("jpg", "jpeg"), wrong=frozenset({"pdf"}))
    '照片.jpg'
    """
    last = name[-1000:].replace("\\", "/").rpartition("/")[2]
    plain = _visible(unicodedata.normalize("NFC", last))
    stem, dot, suffix = plain.rstrip(" .").rpartition(".")
    suffix = suffix.strip().lower()
    if not dot or suffix not in wrong.union(suffixes):
        stem, suffix = plain, ""
    if suffix not in suffixes:
        suffix = suffixes[0]
    stem = stem.strip(" .")[:STEM_MAX].encode()[:STEM_BYTES_MAX].decode(errors="ignore")
    stem = stem.rstrip(" .") or NAMELESS
    if _RESERVED.match(stem):
        stem = "_" + stem
    return f"{stem}.{suffix}"


def shown(name: str) -> str:
    """Return a name fit to be shown in a message, whatever the file turns out to be."""
    return _visible(unicodedata.normalize("NFC", name[:1000]))[: STEM_MAX + 5] or NAMELESS


def _visible(text: str) -> str:
    """Drop what cannot be seen: control characters, directions, joiners, lone surrogates."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in _INVISIBLE
    )
    return re.sub(" +", " ", _FORBIDDEN.sub("_", kept)).strip()


_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
