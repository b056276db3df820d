"""Turns data into PDF/A notices with typst. What the data say is text and never becomes markup."""

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst

from tongban.documents.adapters import fonts
from tongban.documents.model.notices import form_of, in_words

TEMPLATES = Path(__file__).parents[1] / "templates"
STANDARD: Final = (
    "a-2b"  # PDF/A-2b, ISO 19005-2: can be read in the far future and carries its fonts.
)

# A word longer than this would run over the margin; it may be broken anywhere.
_LONG_WORD = re.compile(r"[!-~\u00a1-\u024f]{24,}")
_BREAK = "\u200b"
_INVISIBLE = {"Cc", "Cf", "Cs", "Cn", "Co"}
_compiling = threading.Lock()


def render(*, template: str, data: Mapping[str, object]) -> bytes:
    """Return a notice as PDF/A-2b, about 5 ms once the fonts are loaded.

    :raises WrongData: if the data do not fit the template.
    :raises FontsMissing: if no Chinese font is installed.
    """
    form = form_of(template, data)
    press = _press()
    words = _cleaned(in_words({"title": form.title, **data}), press.shows)
    if url := data.get("tracking_url"):
        # Trying all eight masks would cost four times as much for a code that is read alike.
        words["qr"] = segno.make(str(url), error="m", micro=False, mask=2).svg_inline(border=0)
    # One compiler serves a process: it keeps fonts and parsed templates, but is not reentrant.
    with _compiling:
        pdf = press.compiler.compile(
            input=TEMPLATES / f"{template}.typ",
            format="pdf",
            sys_inputs={"data": json.dumps(words), "font": press.family},
            pdf_standards=[STANDARD],
        )
    assert isinstance(pdf, bytes)
    return pdf


@dataclass(frozen=True, slots=True)
class _Press:
    """A compiler with the font it prints in, and the test whether that font has a character."""

    compiler: typst.Compiler
    family: str
    shows: Callable[[str], bool]


@cache
def _press() -> _Press:
    font = fonts.installed()
    loaded = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font.folder)],
    )
    compiler = typst.Compiler(root=TEMPLATES, font_paths=loaded, ignore_system_fonts=True)
    return _Press(compiler, font.family, fonts.characters(font.regular).__contains__)


def _cleaned(value: Any, shown: Callable[[str], bool]) -> Any:
    match value:
        case str():
            return clean(value, shown=shown)
        case dict():
            return {key: _cleaned(part, shown) for key, part in value.items()}
        case list():
            return [_cleaned(part, shown) for part in value]
    return value


def clean(text: str, *, shown: Callable[[str], bool]) -> str:
    """Return text as it can be printed.

    Control characters and changes of direction go, since they can make a notice read otherwise
    than it is written. A character that the font lacks is given by its code, so that a rare name
    stays identifiable.

    >>> clean("王\\u202e𠮷\\x07", shown="王".__contains__)
    '王〔U+20BB7〕'
    """
    parts = []
    for character in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"):
        if character == "\n" or character.isspace():
            parts.append(character if character == "\n" else " ")
        elif unicodedata.category(character) in _INVISIBLE:
            continue
        elif shown(character):
            parts.append(character)
        else:
            parts.append(f"〔U+{ord(character):04X}〕")
    return _LONG_WORD.sub(lambda word: _BREAK.join(word[0]), "".join(parts).strip())
