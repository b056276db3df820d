"""Notices as people get them: the text that stands in the PDF."""

import io
import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from documents.notices import COMMON, DATA
from tongban.documents import FORMS, FontsMissing, Template, WrongData, render
from tongban.documents.adapters import fetch_fonts, fonts
from tongban.documents.adapters.typesetting import clean
from tongban.documents.model.notices import in_words, number_text


def text_of(pdf: bytes) -> str:
    """The text of a notice without the spaces and lines that only its layout has."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"\s", "", "".join(pages))


def notice(template: str, **data: Any) -> str:
    return text_of(render(template=template, data={**COMMON, **DATA[Template(template)], **data}))


@pytest.mark.parametrize("template", Template)
def test_every_notice_names_the_case_the_unit_the_date_and_the_number(template: Template) -> None:
    text = notice(template)
    for words in (
        FORMS[template].title,
        "云州市市场监督管理局",
        "2026年11月22日",
        "云市监受字〔2026〕12号",
        "990100-2611-0000012-K",
        "云州市青禾餐饮管理有限公司",
        "食品经营许可（新办）",
        "扫码查询办理进度",
    ):
        assert words in text or (words.startswith("食品") and template is Template.GRANT), words


@pytest.mark.parametrize("template", Template)
def test_every_notice_is_pdf_a_and_carries_its_fonts(template: Template) -> None:
    pdf = render(template=template, data={**COMMON, **DATA[template]})
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>B<" in pdf
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert FORMS[template].title in str(reader.metadata.title)
    assert len(pdf) < 120_000


def test_an_acceptance_states_the_clock() -> None:
    text = notice("acceptance")
    assert "承诺办结时限8个工作日" in text
    assert "应当办结日期2026年12月2日" in text
    assert "可能调整" not in text
    assert "可能调整" in notice("acceptance", provisional=True)


def test_a_correction_lists_everything_at_once_with_what_is_wrong_and_how_to_put_it_right() -> None:
    text = notice("correction")
    for line in DATA[Template.CORRECTION]["missing"]:
        assert line["name"] in text
        assert line["wrong"] in text
        assert line["remedy"] in text
    assert "（共3项）" in text
    assert "请于2026年12月11日前补正" in text


@pytest.mark.parametrize("template", ["refusal", "not_accepted"])
def test_an_adverse_decision_gives_reasons_and_the_ways_of_redress(template: str) -> None:
    text = notice(template)
    assert "六十日内向云州市人民政府申请行政复议" in text
    assert "六个月内依法向云州市城关区人民法院提起行政诉讼" in text
    assert "加工场所面积6平方米" in text or "不属于本机关职权范围" in text
    bare = notice(template, reconsideration="", court="")
    assert "向本级人民政府申请行政复议" in bare
    assert "有管辖权的人民法院" in bare


def test_the_refusal_of_a_benefit_is_not_called_the_refusal_of_a_licence() -> None:
    text = notice("refusal", title="不予办理决定书", verdict="不予发放高龄津贴")
    assert "不予办理决定书" in text
    assert "本机关决定不予发放高龄津贴。" in text
    assert "不予许可" not in text


HOSTILE = (
    r'#panic("x") $x^2$ *粗* _斜_ \ `code` <label> @ref #[内容] // 注 /* 释 */ "直" ~ -- ... {{ }}'
)


@pytest.mark.parametrize("template", Template)
def test_what_people_write_is_printed_as_they_wrote_it(template: Template) -> None:
    data = {
        key: [dict.fromkeys(line, HOSTILE) for line in value]
        if isinstance(value, list)
        else HOSTILE
        for key, value in DATA[template].items()
    }
    text = text_of(render(template=template, data={**COMMON, **data, "note": HOSTILE}))
    assert re.sub(r"\s", "", HOSTILE) in text


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_no_text_makes_a_notice_fail(text: str) -> None:
    pdf = render(
        template="refusal", data={**COMMON, **DATA[Template.REFUSAL], "reason": text + "。"}
    )
    assert pdf.startswith(b"%PDF")


def test_a_character_that_the_font_lacks_is_given_by_its_code() -> None:
    assert "王〔U+0F40〕" in notice("refusal", applicant="王\u0f40")


def test_marks_that_change_the_direction_of_reading_are_taken_out() -> None:
    assert clean("元001\u202e\u2066\x07\u200f 共", shown=lambda _: True) == "元001 共"


def test_a_long_list_flows_over_pages_under_a_repeated_head_and_loses_no_line() -> None:
    missing = [
        {"name": f"材料{i}号", "wrong": "缺少签名", "remedy": "签名后重新上传，" * (i % 5 + 1)}
        for i in range(1, 201)
    ]
    pdf = render(
        template="correction", data={**COMMON, **DATA[Template.CORRECTION], "missing": missing}
    )
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 5
    for number, page in enumerate(pages[:-1], start=1):
        assert "存在的问题" in page
        assert f"第{number}页，共{len(pages)}页" in re.sub(r"\s", "", page)
    whole = text_of(pdf)
    assert all(f"材料{i}号" in whole for i in range(1, 201))
    assert "云州市市场监督管理局" in re.sub(r"\s", "", pages[-1])


def _right_edges(pdf: bytes) -> Iterator[float]:
    for page in PdfReader(io.BytesIO(pdf)).pages:
        edges: list[float] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: edges.append(cm[0] * tm[4] + cm[4])  # noqa: ARG005, B023
        )
        yield from edges


def test_words_without_end_are_broken_and_stay_on_the_paper() -> None:
    word = "x" * 2000
    pdf = render(template="refusal", data={**COMMON, **DATA[Template.REFUSAL], "reason": word})
    assert text_of(pdf).count("x") == len(word)
    assert max(_right_edges(pdf)) < 595


def test_a_very_long_name_of_a_unit_stays_readable() -> None:
    unit = "云州市城关区经济技术开发区行政审批和政务服务数据管理局驻临江片区综合服务中心" * 2
    assert unit in notice("grant", unit=unit)


def test_what_a_notice_must_say_cannot_be_left_out() -> None:
    data = {**COMMON, "reason": "", "where": "x"}
    with pytest.raises(WrongData, match=r"missing \['reason'\], unknown \['where'\]"):
        render(template="refusal", data=data)
    with pytest.raises(WrongData, match=r"missing \['missing.name'\], unknown \['missing.what'\]"):
        render(template="correction", data={**COMMON, "missing": [{"what": "x"}]})
    with pytest.raises(WrongData, match="list of mappings"):
        render(template="correction", data={**COMMON, "missing": "全部"})
    with pytest.raises(ValueError, match="no_such"):
        render(template="no_such", data={})


def test_threads_may_typeset_at_the_same_time() -> None:
    made: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda: made.append(
                render(template="grant", data={**COMMON, **DATA[Template.GRANT]})
            )
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert all(pdf.startswith(b"%PDF") for pdf in made)


def test_numbers_and_dates_are_written_as_official_papers_write_them() -> None:
    assert number_text(mark="云市监", word="受", year=2026, serial=7) == "云市监受字〔2026〕7号"
    assert in_words(date(2026, 1, 2)) == "2026年1月2日"
    assert in_words(datetime(2026, 1, 1, 16, 5, tzinfo=UTC)) == "2026年1月2日00:05"
    assert in_words(({"a": 1.5}, [None, True])) == [{"a": "1.5"}, ["", True]]


class TestFonts:
    def test_without_a_font_it_is_said_what_to_run(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("TONGBAN_FONTS", str(tmp_path))
        monkeypatch.setattr(fonts, "DEBIAN", tmp_path)
        with pytest.raises(FontsMissing, match=r"tongban\.documents\.adapters\.fetch_fonts"):
            fonts.installed()

    def test_without_npm_it_is_said_what_to_install(
        self,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("TONGBAN_FONTS", str(tmp_path))
        monkeypatch.setenv("PATH", str(tmp_path))
        assert fetch_fonts.main() == 1
        assert "找不到 npm" in capsys.readouterr().err

    def test_a_failing_npm_is_quoted(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        npm = tmp_path / "npm"
        npm.write_text("#!/bin/sh\necho 'network unreachable' >&2\nexit 1\n")
        npm.chmod(0o755)
        monkeypatch.setenv("TONGBAN_FONTS", str(tmp_path / "fonts"))
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        with pytest.raises(fetch_fonts.CannotFetch, match="network unreachable"):
            fetch_fonts.fetch()

    def test_a_package_that_was_tampered_with_is_not_installed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        npm = tmp_path / "npm"
        npm.write_text(
            "#!/bin/sh\nmkdir -p package/400Regular package/700Bold\n"
            "echo wrong > package/400Regular/NotoSansSC_400Regular.ttf\n"
            "echo wrong > package/700Bold/NotoSansSC_700Bold.ttf\n"
            "echo OFL > package/LICENSE_FONT\ntar czf fonts.tgz package\n"
        )
        npm.chmod(0o755)
        target = tmp_path / "fonts"
        monkeypatch.setenv("TONGBAN_FONTS", str(target))
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        with pytest.raises(fetch_fonts.CannotFetch, match="SHA-256"):
            fetch_fonts.fetch()
        assert not list(target.glob("*.ttf"))
