"""Which files are let in, and what is said about the others. Every check reads real bytes."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from documents import samples
from tongban.documents.model import images, packages, pdf
from tongban.documents.model.uploads import SIZE_MAX, Accepted, examine
from tongban.foundation.errors import Problem
from tongban.foundation.messages import translate


def refusal(content: bytes, name: str = "材料.pdf") -> str:
    """What is said about a file that is not let in."""
    judged = examine(name=name, content=content)
    assert isinstance(judged, Problem), judged
    assert judged.field == "file"
    assert "材料" in str(judged) or name not in ("材料.pdf",)
    english = translate(judged.message, "en", **judged.details)
    assert english != str(judged), f"no translation of {judged.message}"
    return str(judged)


@pytest.mark.parametrize(
    ("content", "media_type", "suffix"),
    [
        (samples.pdf(), "application/pdf", "pdf"),
        (b"\xef\xbb\xbf\r\n" + samples.pdf(), "application/pdf", "pdf"),
        (samples.jpeg(3000, 4000), "image/jpeg", "jpg"),
        (samples.png(800, 600), "image/png", "png"),
        (samples.webp(640, 480), "image/webp", "webp"),
        (samples.ofd(), "application/ofd", "ofd"),
        (
            samples.docx(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        (
            samples.xlsx(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    ],
)
def test_type_is_told_by_content_and_the_name_follows_it(
    content: bytes, media_type: str, suffix: str
) -> None:
    assert examine(name="营业执照.exe", content=content) == Accepted(
        f"营业执照.exe.{suffix}", media_type
    )
    assert examine(name="营业执照.PDF", content=content) == Accepted(
        f"营业执照.{suffix}", media_type
    )


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "“材料.pdf”是空文件，没有内容；请检查后重新选择"


def test_a_file_that_is_too_large_is_refused_with_its_size_and_the_limit() -> None:
    said = refusal(samples.pdf() + b"\n" * SIZE_MAX)
    assert said.startswith("“材料.pdf”有 20.0 MB，超过单个文件 20 MB 的上限")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "DOC/XLS/WPS"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"MZ\x90\x00" + bytes(100), "EXE"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (samples.container({"a.txt": b"a"}), "ZIP"),
    ],
)
def test_other_formats_are_refused_by_their_own_name(content: bytes, found: str) -> None:
    assert f"的内容是 {found} 格式" in refusal(content)


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"just text", "中文".encode("gbk"), b"%PD", b"\x00" * 50],
)
def test_what_is_no_known_format_is_refused_whatever_its_name(content: bytes) -> None:
    assert "不是可以上传的格式" in refusal(content)


class TestPictures:
    """Only headers are read, so the size of what would come out costs nothing."""

    @pytest.mark.parametrize(
        "content",
        [samples.png(50_000, 50_000), samples.jpeg(65_000, 65_000), samples.webp(16_000, 16_000)],
    )
    def test_a_pixel_bomb_is_refused(self, content: bytes) -> None:
        assert "120 百万像素的上限" in refusal(content, "照片.png")

    def test_the_limit_itself_is_let_in(self) -> None:
        side = 10_000
        assert isinstance(
            examine(name="a.png", content=samples.png(side, images.PIXELS_MAX // side)), Accepted
        )

    @pytest.mark.parametrize(
        "whole", [samples.png(10, 10), samples.jpeg(10, 10), samples.webp(10, 10)]
    )
    def test_a_picture_that_breaks_off_is_refused(self, whole: bytes) -> None:
        assert "已损坏或不完整" in refusal(whole[:-6])
        assert "已损坏或不完整" in refusal(whole[:16])

    def test_a_picture_without_extent_is_refused(self) -> None:
        assert "已损坏或不完整" in refusal(samples.png(0, 10))


def written(change: Callable[[PdfWriter], None]) -> bytes:
    """A PDF of one page, changed before it is written."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(**entries: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in entries.items()}
    )


def on_opening(entry: DictionaryObject) -> Callable[[PdfWriter], None]:
    return lambda writer: writer.root_object.update({NameObject("/OpenAction"): entry})


def on_page(entry: DictionaryObject) -> Callable[[PdfWriter], None]:
    """Put an annotation on the page that acts when it is touched."""
    annotation = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([FloatObject(0)] * 4),
            NameObject("/A"): entry,
        }
    )
    return lambda writer: writer.pages[0].update({NameObject("/Annots"): ArrayObject([annotation])})


class TestPdf:
    @pytest.mark.parametrize(
        ("change", "found"),
        [
            (on_opening(action(S="JavaScript", JS="x")), "JavaScript"),
            (on_page(action(S="Launch", F="cmd.exe")), "Launch"),
            (on_page(action(S="SubmitForm")), "SubmitForm"),
            (on_page(action(S="ImportData")), "ImportData"),
            (lambda writer: writer.add_attachment("a.exe", b"MZ"), "EmbeddedFile"),
            (on_page(action(Subtype="RichMedia")), "RichMedia"),
            (
                lambda writer: writer.root_object.update(
                    {
                        NameObject("/AcroForm"): DictionaryObject(
                            {NameObject("/XFA"): TextStringObject("<xdp/>")}
                        )
                    }
                ),
                "XFA",
            ),
        ],
    )
    def test_active_content_is_refused_and_named(
        self, change: Callable[[PdfWriter], None], found: str
    ) -> None:
        assert f"（{found}）" in refusal(written(change))

    def test_active_content_hidden_in_an_object_stream_is_found(self) -> None:
        hidden = samples.pdf_with_object_stream(b"<< /S /JavaScript /JS (app.alert(1)) >>")
        assert b"JavaScript" not in hidden
        assert "（JavaScript）" in refusal(hidden)

    def test_an_action_named_elsewhere_is_found(self) -> None:
        indirect = samples.pdf(catalogue=b"/OpenAction << /S 4 0 R >>", extra=b"/SubmitForm")
        assert "（SubmitForm）" in refusal(indirect)

    def test_active_content_in_a_stream_that_our_parser_cannot_make_out_is_found(self) -> None:
        """Another reader might mend it."""
        broken = samples.pdf_with_object_stream(b"<< /Broken << /S /Java#53cript ")
        assert "（JavaScript）" in refusal(broken)

    def test_active_content_spelt_with_escapes_is_found(self) -> None:
        spelt = samples.pdf(catalogue=b"/OpenAction << /S /J#61vaScript /J#53 (1) >>")
        assert "（JavaScript）" in refusal(spelt)
        assert "（Launch）" in refusal(samples.pdf(extra=b"<< /S /#4c#61unch >>"))

    def test_an_object_that_no_reader_should_reach_is_found_all_the_same(self) -> None:
        assert "（Launch）" in refusal(samples.pdf(extra=b"<< /S /Launch /F (cmd) >>"))

    def test_opening_at_a_page_is_no_active_content(self) -> None:
        opened = samples.pdf(catalogue=b"/OpenAction [3 0 R /Fit]")
        assert isinstance(examine(name="a.pdf", content=opened), Accepted)

    @pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
    def test_a_pdf_with_a_password_is_refused(self, algorithm: str) -> None:
        locked = written(lambda writer: writer.encrypt("secret", algorithm=algorithm))
        assert "设有密码" in refusal(locked)

    @pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
    def test_a_pdf_that_only_forbids_changes_is_let_in(self, algorithm: str) -> None:
        """So are most official papers that people download to hand them in."""
        open_to_read = written(
            lambda writer: writer.encrypt("", owner_password="owner", algorithm=algorithm)
        )
        assert isinstance(examine(name="a.pdf", content=open_to_read), Accepted)

    def test_active_content_behind_an_empty_password_is_found(self) -> None:
        def both(writer: PdfWriter) -> None:
            on_page(action(S="SubmitForm"))(writer)
            writer.encrypt("", owner_password="owner", algorithm="AES-256")

        assert "（SubmitForm）" in refusal(written(both))

    def test_too_many_pages_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def four_more_pages(writer: PdfWriter) -> None:
            for _ in range(4):
                writer.add_blank_page(width=9, height=9)

        monkeypatch.setattr(pdf, "PAGES_MAX", 3)
        said = refusal(written(four_more_pages))
        assert "有 5 页，超过单个文件 3 页的上限" in said

    def test_a_pdf_of_too_many_objects_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "OBJECTS_MAX", 3)
        assert "结构过于复杂" in refusal(samples.pdf())

    def test_a_pdf_that_only_states_very_many_objects_is_refused_at_once(self) -> None:
        assert "结构过于复杂" in refusal(b"%PDF-1.7\n" + b"1 0 obj\n" * (pdf.STATED_MAX + 1))

    @pytest.mark.parametrize(
        "content",
        [
            b"%PDF-1.7\n",
            b"%PDF-1.7\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
            samples.pdf()[:200],
            b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000,
            samples.pdf(pages=b"/Kids [2 0 R] /Count 9"),
        ],
    )
    def test_a_broken_pdf_is_refused_without_a_fault(self, content: bytes) -> None:
        assert "已损坏或不完整" in refusal(content)


class TestContainers:
    def test_macros_are_refused(self) -> None:
        said = refusal(samples.docx({"word/vbaProject.bin": b"x"}), "材料.docx")
        assert "“材料.docx”里有宏" in said

    @pytest.mark.parametrize(
        "main", ["ms-word.document.macroEnabled.main+xml", "ms-excel.sheet.macroEnabled.main+xml"]
    )
    def test_a_macro_file_under_another_name_is_refused(self, main: str) -> None:
        assert "里有宏" in refusal(samples.office(f"application/vnd.{main}", "word/document.xml"))

    @pytest.mark.parametrize(
        "path",
        ["word/embeddings/oleObject1.bin", "word/activeX/activeX1.xml", "Attachs/看我.exe"],
    )
    def test_embedded_programs_are_refused(self, path: str) -> None:
        assert "里嵌有其他文件或程序" in refusal(samples.docx({path: b"x"}))
        assert "里嵌有其他文件或程序" in refusal(samples.docx({"word/media/a.png": b"MZ\x90"}))

    def test_the_table_of_a_chart_is_let_in_unless_it_carries_macros_itself(self) -> None:
        path = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
        assert isinstance(
            examine(name="a.docx", content=samples.docx({path: samples.xlsx()})), Accepted
        )
        assert "里有宏" in refusal(samples.docx({path: samples.xlsx({"xl/vbaProject.bin": b"x"})}))

    def test_files_in_files_in_files_are_refused(self) -> None:
        nested = samples.xlsx({"a.zip": samples.container({"b.txt": b""})})
        assert "（a.zip）" in refusal(samples.docx({"word/embeddings/a.xlsx": nested}))

    def test_a_template_fetched_from_elsewhere_is_refused(self) -> None:
        said = refusal(samples.docx(related={"attachedTemplate": "http://evil.example/a.dotm"}))
        assert "自动读取外部内容（attachedTemplate）" in said

    def test_a_link_that_a_person_may_click_is_let_in(self) -> None:
        linked = samples.docx(related={"hyperlink": "https://example.com"})
        assert isinstance(examine(name="a.docx", content=linked), Accepted)

    def test_a_bomb_is_refused_before_it_is_unpacked(self) -> None:
        bomb = samples.docx({"word/media/image1.png": bytes(packages.RATIO_FREE * 2)})
        assert len(bomb) < 100_000
        assert "压缩比异常" in refusal(bomb)

    def test_a_bomb_that_lies_about_its_size_is_refused(self) -> None:
        bomb = samples.docx({"word/media/image1.png": bytes(30 * 2**20)})
        true, lie = struct.pack("<I", 30 * 2**20), struct.pack("<I", 100)
        assert "已损坏或不完整" in refusal(bomb.replace(true, lie))

    def test_too_many_parts_are_refused(self) -> None:
        many = {f"word/{i}.xml": b"" for i in range(packages.ENTRIES_MAX)}
        assert f"超过 {packages.ENTRIES_MAX} 个的上限" in refusal(samples.docx(many))

    @pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "C:\\x", "a\\..\\b"])
    def test_paths_that_lead_out_are_refused(self, path: str) -> None:
        assert "已损坏或不完整" in refusal(samples.docx({path: b"x"}))

    def test_a_container_with_a_password_is_refused(self) -> None:
        content = bytearray(samples.docx())
        at = content.rindex(b"PK\x01\x02")
        content[at + 8] |= 1
        assert "设有密码" in refusal(bytes(content))

    def test_a_container_whose_bytes_were_damaged_is_refused(self) -> None:
        content = samples.docx({"word/media/a.bin": bytes(range(256)) * 40}, packed=False)
        at = content.index(bytes(range(256)))
        assert "已损坏或不完整" in refusal(content[:at] + b"!" + content[at + 1 :])

    def test_a_relationship_part_that_is_no_xml_is_refused(self) -> None:
        assert "已损坏或不完整" in refusal(samples.docx({"word/_rels/a.rels": b"<a"}))


def test_a_bomb_in_the_list_of_contents_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", bytes(packages.LISTING_MAX + 1))
    assert "ZIP" in refusal(out.getvalue())
