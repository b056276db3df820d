"""Names of files: whatever they come as, they can be shown, stored and saved anywhere."""

import unicodedata
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tongban.documents import File, FileKind, download_headers
from tongban.documents.model.names import clean, shown


def cleaned(name: str) -> str:
    return clean(name, suffixes=("pdf",), wrong=frozenset({"jpg", "png"}))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("营业执照 (1).PDF", "营业执照 (1).pdf"),
        ("照片.jpg", "照片.pdf"),
        ("2026.06", "2026.06.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\我\\桌面\\身份证.pdf", "身份证.pdf"),
        ("报告\u202efdp.exe", "报告fdp.exe.pdf"),
        ("a\x00b\r\nc\t.pdf", "ab c.pdf"),
        ("零\u200b宽\ufeff.pdf", "零宽.pdf"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.anything.pdf", "_lpt1.anything.pdf"),
        ("....pdf", "未命名文件.pdf"),
        (".pdf", "未命名文件.pdf"),
        ("", "未命名文件.pdf"),
        ("/", "未命名文件.pdf"),
        ("。.pdf", "。.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("\ud800.pdf", "未命名文件.pdf"),
    ],
)
def test_hostile_names_become_plain_ones(name: str, safe: str) -> None:
    assert cleaned(name) == safe


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
@example("\u202e" * 300)
@example("aux")
@example("\U0001f600" * 90)
@example("a/../b\\..\\" + "名" * 300)
def test_every_name_is_safe_once_cleaned_and_stays_as_it_is(name: str) -> None:
    safe = cleaned(name)
    assert safe.endswith(".pdf")
    assert len(safe.encode()) <= 255
    assert not set(safe) & set('/\\<>:"|?*')
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") for c in safe)
    assert safe == safe.strip(" .")
    assert safe.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert cleaned(safe) == safe


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_a_name_in_a_message_is_short_and_visible(name: str) -> None:
    text = shown(name)
    assert 0 < len(text) <= 85
    text.encode()


def stored(name: str) -> File:
    return File(
        id=UUID(int=1),
        name=name,
        media_type="application/pdf",
        size=7,
        sha256="0" * 64,
        kind=FileKind.UPLOAD,
        title="",
        number="",
        template="",
        holder="p-1",
        department="",
        region="",
        case_number="",
        draft="",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        created_by="p-1",
    )


def test_a_download_is_saved_and_never_shown_or_run() -> None:
    headers = download_headers(stored("身份证 1.pdf"))
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"1.pdf\"; filename*=UTF-8''%E8%BA%AB%E4%BB%BD%E8%AF%81%201.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Length"] == "7"


@given(st.text(alphabet=st.characters(codec=None), max_size=100))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    for value in download_headers(stored(cleaned(name))).values():
        assert value.isascii()
        assert value.isprintable()
    disposition = download_headers(stored(cleaned(name)))["Content-Disposition"]
    assert disposition.count('"') == 2
    assert disposition.count(";") == 2
