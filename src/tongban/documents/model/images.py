"""Pictures, judged by their headers: nothing is ever decoded, so a pixel bomb stays asleep."""

from collections.abc import Callable
from struct import unpack_from

from tongban.documents.model.problems import damaged, too_many_pixels
from tongban.foundation.errors import Problem

PIXELS_MAX = 120_000_000  # More than the largest telephone camera; 360 MB once decoded.
SIDE_MAX = 30_000

Size = tuple[int, int]

# Start-of-frame markers of JPEG (ITU-T T.81, table B.1); C4, C8 and CC mean something else.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD9)}  # Markers without a length.


def check(name: str, content: bytes, size_of: Callable[[bytes], Size | None]) -> Problem | None:
    """Return what is wrong with a picture, by the function that reads its size."""
    size = size_of(content)
    if size is None or not all(size):
        return damaged(name)
    width, height = size
    if width * height > PIXELS_MAX or max(size) > SIDE_MAX:
        return too_many_pixels(name, width=width, height=height, limit=PIXELS_MAX)
    return None


def png_size(content: bytes) -> Size | None:
    """Return width and height, or None if the chunks do not lead from IHDR to IEND."""
    position = 8
    size: Size | None = None
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        chunk = content[position + 4 : position + 8]
        if chunk == b"IHDR" and length == 13:
            width, height = unpack_from(">II", content, position + 8)
            size = width, height
        if size is None:
            return None
        if chunk == b"IEND":
            return size
        position += 12 + length
    return None


def jpeg_size(content: bytes) -> Size | None:
    """Return width and height, or None if there is no frame or the picture breaks off."""
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xFF or marker in _BARE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            if content.rfind(b"\xff\xd9") <= position:
                return None
            height, width = unpack_from(">HH", content, position + 5)
            return width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return None


def webp_size(content: bytes) -> Size | None:
    """Return width and height, or None if the picture breaks off or is of an unknown kind."""
    if len(content) < 30 or int.from_bytes(content[4:8], "little") + 8 > len(content):
        return None
    match content[12:16]:
        case b"VP8X":
            return (
                int.from_bytes(content[24:27], "little") + 1,
                int.from_bytes(content[27:30], "little") + 1,
            )
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
    return None
