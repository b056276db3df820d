"""Importing guides: every line is taken over or rejected with its reason, and none is lost."""

import json
import subprocess
import sys
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from catalogue_guides import Importing, as_line, guide, told

from conftest import MONDAY, as_application
from tongban import catalogue
from tongban.catalogue.commands import imports
from tongban.foundation.actor import SYSTEM, Actor, Grant
from tongban.foundation.errors import Forbidden
from tongban.foundation.work import Work


@pytest.fixture
def importing(work: Work, tmp_path: Path) -> Importing:
    return Importing(work, tmp_path)


def test_a_guide_becomes_a_published_item(importing: Importing) -> None:
    report = importing(guide(name="食品经营许可（新办）"))

    item = importing.only_item()
    assert json.loads(report.as_json()) == {
        "read": 1,
        "accepted": 1,
        "unchanged": 0,
        "rejected": 0,
        "rejects_file": report.rejects_file,
    }
    assert (item.name, item.version) == ("食品经营许可（新办）", 1)
    assert (item.department_name, item.region_name) == ("云江市市场监督管理局", "试验省云江市")
    assert item.department
    assert len(item.region) == 6
    assert told(report.rejects_file) == told(report.doubts_file) == []


def test_the_same_file_again_changes_nothing(importing: Importing, work: Work) -> None:
    lines = [guide(source_item_id=str(i), name=f"事项{i}") for i in range(5)]
    importing(*lines)
    events = work.value("select count(*) from foundation.event")

    report = importing(*lines)

    assert (report.read, report.accepted, report.unchanged, report.rejected) == (5, 0, 5, 0)
    assert work.value("select count(*) from foundation.event") == events
    assert work.value("select max(version) from catalogue.item") == 1


def test_a_changed_guide_is_a_new_version_of_the_same_item(importing: Importing) -> None:
    importing(guide(name="旧名称"))
    before = importing.only_item()

    report = importing(guide(name="新名称"))

    after = importing.only_item()
    assert (report.accepted, report.unchanged) == (1, 0)
    assert (after.code, after.name, after.version) == (before.code, "新名称", 2)


def test_departments_and_regions_are_made_once(importing: Importing) -> None:
    importing(
        guide(source_item_id="1"),
        guide(source_item_id="2"),
        guide(source_item_id="3", region="试验省另一市"),
    )
    importing(guide(source_item_id="4"))

    work = importing._work
    same = catalogue.counts(work, by=catalogue.By.DEPARTMENT)
    assert sorted(count.items for count in same) == [1, 3]


BAD: dict[str, tuple[bytes | dict[str, Any], str, str, str]] = {
    "broken JSON": (b'{"name": "\xe7\x94\xb2", "department"\n', "", "json", "不是完整的 JSON"),
    "no object": (b'["a"]\n', "", "object", "列表"),
    "a number": (b"12\n", "", "object", "整数"),
    "GBK": (json.dumps(guide(), ensure_ascii=False).encode("gbk") + b"\n", "", "encoding", "GBK"),
    "no encoding": (b'{"name": "\xff\xfe\xff"}\n', "", "encoding", "无法识别"),
    "deep": (b'{"name": ' + b"[" * 100_000 + b"\n", "", "json_depth", "嵌套太深"),
    "half a pair": (b'{"name": "\\ud800"}\n', "", "json", "不是完整的 JSON"),
    "NUL": (guide(conditions="甲\0乙"), "conditions", "nul", "U+0000"),
    "NUL inside": (
        guide(materials=[{"name": "甲"}, {"name": "乙\0"}]),
        "materials[1].name",
        "nul",
        "空字符",
    ),
    "no name": (guide(name=...), "name", "missing", "缺少“name”"),
    "empty name": (guide(name=" 　"), "name", "missing", "缺少“name”"),
    "null name": (guide(name=None), "name", "missing", "缺少“name”"),
    "no department": (guide(department=None), "department", "missing", "缺少"),
    "no region": (guide(region=""), "region", "missing", "缺少"),
    "material without name": (
        guide(materials=[{"required": True}]),
        "materials[0].name",
        "missing",
        "缺少",
    ),
    "name too long": (guide(name="长" * 501), "name", "text_too_long", "最多 500 个字"),
    "type": (guide(type_code="99"), "type_code", "unknown_code", "“99”不在代码表中"),
    "type name": (guide(type="神秘", type_code=None), "type", "unknown_code", "神秘"),
    "handling": (guide(handling_type="联办件"), "handling_type", "unknown_code", "即办件"),
    "audience": (guide(service_object="火星人"), "service_object", "unknown_code", "自然人"),
    "unit": (guide(day_unit="世纪"), "day_unit", "unknown_code", "工作日"),
    "need": (
        guide(materials=[{"name": "甲", "need": "或许"}]),
        "materials[0].need",
        "unknown_code",
        "容缺",
    ),
    "depth": (
        guide(channels={"online_depth": "五级"}),
        "channels.online_depth",
        "unknown_code",
        "四级标准",
    ),
    "days as text": (guide(statutory_days="20"), "statutory_days", "type", "应为整数，实际是文本"),
    "days as fraction": (guide(promised_days=1.5), "promised_days", "type", "小数"),
    "name as number": (guide(name=5), "name", "type", "应为文本，实际是整数"),
    "materials as text": (guide(materials="申请书"), "materials", "type", "列表"),
    "flag as text": (
        guide(materials=[{"name": "甲", "required": "是"}]),
        "materials[0].required",
        "type",
        "是或否",
    ),
    "negative": (guide(promised_days=-1), "promised_days", "negative", "不能是负数"),
    "negative copies": (
        guide(materials=[{"name": "甲", "copies": -2}]),
        "materials[0].copies",
        "negative",
        "-2",
    ),
    "enormous": (guide(statutory_days=10**30), "statutory_days", "too_large", "3650"),
    "bad code": (guide(item_code="../x"), "item_code", "key", "字母、数字"),
    "bad form": (guide(form={"type": "objekt"}), "form", "schema", "不是有效的表单定义"),
    "form that fetches": (
        guide(
            form={
                "type": "object",
                "properties": {"a": {"title": "甲", "$ref": "http://example.org/a.json"}},
            }
        ),
        "form",
        "schema",
        "表单定义",
    ),
    "unknown material": (
        guide(questions=[{"title": "哪种？", "choices": [{"title": "甲", "materials": ["乙"]}]}]),
        "questions[0]",
        "unknown_material",
        "乙",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_line_is_rejected_and_the_good_ones_around_it_are_not(
    importing: Importing, kind: str
) -> None:
    line, field, rule, reason = BAD[kind]

    report = importing(guide(source_item_id="before"), line, guide(source_item_id="after"))

    assert (report.read, report.accepted, report.rejected) == (3, 2, 1)
    [rejected] = told(report.rejects_file)
    assert (rejected["line"], rejected["field"], rejected["rule"]) == (2, field, rule)
    assert reason in rejected["reason"]
    assert rejected["reason_en"].isascii() or rejected["reason_en"] != rejected["reason"]
    assert rejected["record"]


def test_all_flaws_of_a_line_are_told_at_once(importing: Importing) -> None:
    report = importing(guide(type_code="99", promised_days=-1, handling_type="x"))

    [rejected] = told(report.rejects_file)
    assert report.rejected == 1
    fields = [rejected["field"], *(other["field"] for other in rejected["others"])]
    assert sorted(fields) == ["handling_type", "promised_days", "type_code"]


def test_the_second_of_two_lines_with_one_id_is_rejected(importing: Importing) -> None:
    report = importing(guide(name="先"), guide(source_item_id="2"), guide(name="后"))

    [rejected] = told(report.rejects_file)
    assert (rejected["line"], rejected["field"], rejected["rule"]) == (
        3,
        "source_item_id",
        "duplicate",
    )
    assert "与第 1 行是同一个事项" in rejected["reason"]
    names = {line.name for line in catalogue.browse(importing._work).rows}
    assert names == {"先", "食品经营许可（新办）"}


def test_a_rejected_line_does_not_make_a_later_good_one_a_duplicate(importing: Importing) -> None:
    report = importing(guide(promised_days=-1), guide())

    assert (report.accepted, report.rejected) == (1, 1)


def test_a_line_of_fifty_megabytes_is_skipped_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    with file.open("wb") as out:
        out.write(as_line(guide()))
        out.write(b'{"name": "')
        for _ in range(50):
            out.write(b"x" * 1_000_000)
        out.write(b'"}\n')
        out.write(as_line(guide()))
    program = """
import resource, sys
from pathlib import Path
from tongban.catalogue.adapters.lines import lines
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read = [(l.number, l.too_long, l.end) for l in lines(Path(sys.argv[1]))]
print(read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, file],
        env={"PYTHONPATH": str(Path(catalogue.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    read, kilobytes = done.stdout.rsplit(" ", 1)
    assert "(2, True, " in read
    assert f"(3, False, {file.stat().st_size})" in read
    assert int(kilobytes) < 25_000


def test_a_line_that_is_too_long_is_told(importing: Importing) -> None:
    report = importing(
        guide(), b'{"name": "' + b"x" * 5_100_000 + b'"}\n', guide(name="后", source_item_id="2")
    )

    [rejected] = told(report.rejects_file)
    assert (report.accepted, rejected["line"], rejected["rule"]) == (2, 2, "line_too_long")
    assert "超过 5 MB" in rejected["reason"]
    assert rejected["record"].startswith('{"name": "xxx')


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_do_no_harm(
    importing: Importing,
) -> None:
    first = as_line(guide(source_item_id="1")).replace(b"\n", b"\r\n")
    last = as_line(guide(source_item_id="2")).rstrip(b"\n")

    report = importing(b"\xef\xbb\xbf" + first, b"\n", b"   \r\n", last)

    assert (report.read, report.accepted) == (2, 2)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "是空的"),
        (b"\n  \n", "是空的"),
        (json.dumps(guide()).encode("utf-16"), "UTF-16"),
        (json.dumps(guide(), ensure_ascii=False).encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04\x14\x00", "ZIP / Excel"),
        (b"\x1f\x8b\x08\x00", "GZIP"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(
    importing: Importing, content: bytes, reason: str
) -> None:
    with pytest.raises(catalogue.UnreadableFile, match=reason) as refused:
        importing(content)
    assert refused.value.problems[0].field == "file"


def test_a_missing_file_and_a_folder_are_refused(importing: Importing, tmp_path: Path) -> None:
    with pytest.raises(catalogue.UnreadableFile, match="没有文件"):
        importing.take(tmp_path / "nowhere.jsonl")
    with pytest.raises(catalogue.UnreadableFile, match="是文件夹"):
        importing.take(tmp_path)
    assert importing.transactions == 0


def test_what_looks_wrong_is_told_and_taken_over(importing: Importing) -> None:
    report = importing(
        guide(
            promised_days=30,
            statutory_days=20,
            day_unit=None,
            handling_type=None,
            code="11450600MB1A68655X3451076001000",
            fees={"charged": True},
            conditions=None,
            materials=[{"name": "其他材料"}],
            channels={"consult": "电话：0770-2882370", "complaint": "0770-2882370"},
            steps=[{"name": "受理", "colour": "蓝"}],
            colour="红",
        )
    )

    item = importing.only_item()
    assert item.promised == catalogue.Limit(30)
    assert item.handling is catalogue.Handling.COMMITTED
    assert item.extra == {"colour": "红", "steps[0].colour": "蓝"}
    assert report.accepted == 1
    assert sorted(report.doubts) == [
        "bare_steps", "credit_code", "fee_missing", "no_conditions", "no_handling",
        "promised_over_statutory", "same_telephone", "unit_assumed", "unknown_field",
        "vague_material",
    ]  # fmt: skip
    assert {(doubt["line"], doubt["rule"]) for doubt in told(report.doubts_file)} == {
        (1, rule) for rule in report.doubts
    }


def test_large_files_commit_batch_by_batch_and_tell_how_far_they_are(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 10)
    file = importing.file(*(guide(source_item_id=str(i)) for i in range(25)))
    steps: list[tuple[int, int]] = []

    report = importing.take(file, progress=lambda done, total: steps.append((done, total)))

    assert report.accepted == 25
    # Each of three batches finds its places and is written; then it is noted that all is through.
    assert importing.transactions == 7
    assert steps[-1] == (file.stat().st_size, file.stat().st_size)
    assert sorted(steps) == steps


def test_an_import_that_died_is_finished_by_the_next_one(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 10)
    file = tmp_path / "guides.jsonl"
    file.write_bytes(b"".join(as_line(guide(source_item_id=str(i))) for i in range(25)))
    opened = 0

    def open_work(*, dies_at: int) -> AbstractContextManager[Work]:
        @contextmanager
        def opening() -> Any:
            nonlocal opened
            opened += 1
            with as_application(own_database) as connection:
                yield Work(connection, actor=SYSTEM, now=MONDAY)
                if opened == dies_at:
                    raise KeyboardInterrupt

        return opening()

    with pytest.raises(KeyboardInterrupt):
        catalogue.import_guides(lambda: open_work(dies_at=2), file=file, rejects=tmp_path / "r")
    report = catalogue.import_guides(
        lambda: open_work(dies_at=0), file=file, rejects=tmp_path / "r"
    )

    assert (report.read, report.accepted, report.unchanged) == (25, 15, 10)


def test_only_those_who_may_import_do(importing: Importing, work: Work, nobody: Actor) -> None:
    with work.acting_as(nobody), pytest.raises(Forbidden):
        importing(guide())
    assert catalogue.browse(work).rows == []


def test_an_officer_imports_for_the_own_region_only(importing: Importing, work: Work) -> None:
    importing(guide(region="试验省云江市"), guide(source_item_id="2", region="试验省另一市"))
    [own] = {line.region for line in catalogue.browse(work).rows if "云江" in line.region_name}
    officer = Actor("o-1", "编目员", grants=(Grant(frozenset({"catalogue.import"}), region=own),))

    with work.acting_as(officer):
        report = importing(
            guide(name="改"), guide(source_item_id="2", name="改", region="试验省另一市")
        )

    assert (report.accepted, report.rejected) == (1, 1)
    [rejected] = told(report.rejects_file)
    assert (rejected["line"], rejected["rule"]) == (2, "refused")
    assert "（试验省另一市）不在导入人和确认人都管理的部门和地区内" in rejected["reason"]
    assert "(试验省另一市) is outside" in rejected["reason_en"]
