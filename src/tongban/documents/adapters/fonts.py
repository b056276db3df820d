"""Finds the Chinese font of notices: Noto Sans SC, else what Debian has installed."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import unpack_from

FAMILY = "Noto Sans SC"
NAMES = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
DEBIAN = Path("/usr/share/fonts/opentype/noto")
DEBIAN_FAMILY = "Noto Sans CJK SC"
DEBIAN_NAMES = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")
FETCHER = "tongban.documents.adapters.fetch_fonts"


class FontsMissing(Exception):
    """No Chinese font is installed, so notices cannot be typeset."""

    def __init__(self) -> None:
        super().__init__(
            f"文书所需的中文字体没有安装在 {folder()}；请运行“{sys.executable} -m {FETCHER}”，"
            "或安装 Debian 软件包 fonts-noto-cjk"
        )


@dataclass(frozen=True, slots=True)
class Fonts:
    """An installed font: its family as typst calls it, the folder, and the file of the text."""

    family: str
    folder: Path
    regular: Path


def folder() -> Path:
    """Return where the fonts lie: ``TONGBAN_FONTS``, else beside the installed packages."""
    named = os.environ.get("TONGBAN_FONTS")
    return Path(named) if named else Path(sys.prefix) / "share" / "tongban" / "fonts"


def installed() -> Fonts:
    """Return the font to typeset with.

    :raises FontsMissing: if there is none.
    """
    for family, place, names in (
        (FAMILY, folder(), NAMES),
        (DEBIAN_FAMILY, DEBIAN, DEBIAN_NAMES),
    ):
        if all((place / name).is_file() for name in names):
            return Fonts(family, place, place / names[0])
    raise FontsMissing


@cache
def characters(font: Path) -> frozenset[str]:
    """Return every character that a font can show, read from its character map.

    The typesetter refuses to write PDF/A with a character that would come out as an empty box.
    """
    with font.open("rb") as file:
        head = file.read(16)
        file.seek(unpack_from(">I", head, 12)[0] if head[:4] == b"ttcf" else 0)
        count = unpack_from(">H", file.read(12), 4)[0]
        for _ in range(count):
            tag, _, offset, length = unpack_from(">4sIII", file.read(16))
            if tag == b"cmap":
                file.seek(offset)
                return frozenset(_mapped(file.read(length)))
    return frozenset()


def _mapped(cmap: bytes) -> Iterator[str]:
    """Yield the characters of the first full map (OpenType cmap, format 12)."""
    for place in range(unpack_from(">H", cmap, 2)[0]):
        table = unpack_from(">HHI", cmap, 4 + 8 * place)[2]
        if unpack_from(">H", cmap, table)[0] == 12:
            for group in range(unpack_from(">I", cmap, table + 12)[0]):
                first, last, _ = unpack_from(">III", cmap, table + 16 + 12 * group)
                yield from map(chr, range(first, last + 1))
            return
