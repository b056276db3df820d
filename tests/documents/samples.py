"""Files to hand in, made byte by byte, so that each test knows what is in them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument."
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def pdf(
    *, catalogue: bytes = b"", pages: bytes = b"/Kids [3 0 R] /Count 1", extra: bytes = b"null"
) -> bytes:
    """A PDF of one empty page; ``extra`` is an object that nothing refers to."""
    return _numbered(
        [
            b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
            b"<< /Type /Pages " + pages + b" >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            extra,
        ]
    )


def _numbered(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )


def pdf_with_object_stream(hidden: bytes) -> bytes:
    """A PDF whose opening action lies compressed in an object stream (ISO 32000-1, 7.5.7)."""
    packed = zlib.compress(b"4 0 " + hidden)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream"
        % (len(packed), packed),
    ]
    numbers = [1, 2, 3, 5]
    out, places = b"%PDF-1.7\n", {}
    for number, body in zip(numbers, objects, strict=True):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    places[6] = len(out)
    rows = b"".join(
        struct.pack(">BIB", 2, 5, 0)
        if number == 4
        else struct.pack(">BIB", 1 if number else 0, places.get(number, 0), 0)
        for number in range(7)
    )
    return out + (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%b\n"
        b"endstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(rows), rows, len(out))
    )


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size; its picture data are empty."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"")),
            (b"IEND", b""),
        )
    )


def jpeg(width: int, height: int) -> bytes:
    """A JPEG with a thumbnail's worth of application data before its frame."""
    return (
        b"\xff\xd8\xff\xe1\x00\x08Exif\x00\x00\xff\xff\xc0\x00\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x0c"
        + bytes(40)
        + b"\xff\xd9"
    )


def webp(width: int, height: int) -> bytes:
    """A WebP with the lossy header of RFC 9649."""
    frame = b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(20)
    body = b"WEBPVP8 " + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def container(parts: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method) as archive:
        for path, content in parts.items():
            archive.writestr(zipfile.ZipInfo(path), content, method)
    return out.getvalue()


def office(main: str, path: str, parts: Mapping[str, bytes] | None = None) -> bytes:
    return container({**_office_parts(main, path), **(parts or {})})


def _office_parts(main: str, path: str) -> dict[str, bytes]:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{path}" ContentType="{main}"/></Types>'
    )
    return {"[Content_Types].xml": types.encode(), path: b"<document/>"}


def docx(
    parts: Mapping[str, bytes] | None = None,
    *,
    related: Mapping[str, str] | None = None,
    packed: bool = True,
) -> bytes:
    """A text document; ``related`` are things outside of it, by the kind of relationship."""
    lines = "".join(
        f'<Relationship Id="r{i}" Type="{_TYPES}{kind}" Target="{target}" TargetMode="External"/>'
        for i, (kind, target) in enumerate((related or {}).items())
    )
    main = f"{_OFFICE}wordprocessingml.document.main+xml"
    return container(
        {
            **_office_parts(main, "word/document.xml"),
            "word/_rels/document.xml.rels": (
                f'<Relationships xmlns="{_RELATIONSHIPS}">{lines}</Relationships>'.encode()
            ),
            **(parts or {}),
        },
        packed=packed,
    )


def xlsx(parts: Mapping[str, bytes] | None = None) -> bytes:
    return office(f"{_OFFICE}spreadsheetml.sheet.main+xml", "xl/workbook.xml", parts)


def ofd() -> bytes:
    """A fixed-layout file as GB/T 33190 packs it."""
    return container({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})
