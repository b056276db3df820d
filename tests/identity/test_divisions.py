"""The official divisions are imported: every good line, and a reason for every other."""

import json
from pathlib import Path

import pytest

from conftest import beside
from given import Given
from tongban import identity
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

HEADING = "code,name,level,parent_code\n"


def imported(
    work: Work, folder: Path, text: str | bytes
) -> tuple[identity.DivisionReport, list[dict[str, object]]]:
    file = folder / "divisions.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    rejects = folder / "rejects" / "divisions.jsonl"
    report = identity.import_divisions(work, file=file, rejects=rejects)
    return report, [json.loads(line) for line in rejects.read_text().splitlines()]


def test_divisions_stand_below_their_parents_whatever_their_order(
    work: Work, tmp_path: Path
) -> None:
    report, _ = imported(
        work,
        tmp_path,
        HEADING + "450602,港口区,3,450600\n450600,防城港市,2,450000\n450000,广西壮族自治区,1,\n",
    )

    assert (report.read, report.accepted, report.rejected) == (3, 3, 0)
    assert identity.region(work, code="450602").full_name == "广西壮族自治区防城港市港口区"
    assert [r.code for r in identity.regions(work, within="450600")] == ["450600", "450602"]


def test_a_division_that_only_groups_others_is_not_part_of_their_names(
    work: Work, tmp_path: Path
) -> None:
    imported(
        work,
        tmp_path,
        HEADING + "310000,上海市,1,\n310100,市辖区,2,310000\n310114,嘉定区,3,310100\n",
    )

    assert identity.ensure_region(work, name="上海市嘉定区").code == "310114"


def test_the_same_file_again_changes_nothing(work: Work, tmp_path: Path) -> None:
    text = HEADING + "450000,广西壮族自治区,1,\n450600,防城港市,2,450000\n"
    imported(work, tmp_path, text)

    report, _ = imported(work, tmp_path, text)

    assert (report.accepted, report.unchanged) == (0, 2)


def test_two_divisions_may_swap_their_names(work: Work, tmp_path: Path) -> None:
    imported(work, tmp_path, HEADING + "450601,甲区,3,\n450602,乙区,3,\n")

    report, _ = imported(work, tmp_path, HEADING + "450601,乙区,3,\n450602,甲区,3,\n")

    assert report.accepted == 2
    assert identity.ensure_region(work, name="甲区").code == "450602"


def test_the_official_code_replaces_a_provisional_one(work: Work, tmp_path: Path) -> None:
    provisional = identity.ensure_region(work, name="广西壮族自治区防城港市")
    below = identity.ensure_region(work, name="广西壮族自治区防城港市港口区")
    assert below.parent == provisional.code

    imported(work, tmp_path, HEADING + "450000,广西壮族自治区,1,\n450600,防城港市,2,450000\n")

    assert identity.ensure_region(work, name="广西壮族自治区防城港市").code == "450600"
    assert identity.region(work, code=provisional.code).name == "广西壮族自治区防城港市"
    assert provisional.code not in {region.code for region in identity.regions(work)}
    assert identity.region(work, code=below.code).parent == "450600"


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("45060,防城港市,2,", "code", "6位数字"),
        ("４５０６００,防城港市,2,", "code", "6位数字"),
        ("980001,防城港市,2,", "code", "98"),
        ("450600,,2,", "name", "缺少"),
        ("450600,防城港市,市,", "level", "0至5"),
        ("450600,防城港市", "level", "0至5"),
        ("450600,防城港市,2,450600", "parent_code", "自己"),
        ("450600,防城港市,2,459999", "parent_code", "459999"),
        ("450000,又一个,1,", "code", "第2行"),
        ("460000,广西壮族自治区,1,", "name", "450000"),
        ('"450600,防城港市,2,', "code", "6位数字"),
        ("450600," + "长" * 2000 + ",2,", "", "超过1000个字"),
    ],
)
def test_a_bad_line_is_rejected_with_its_reason_and_the_good_ones_stay(
    work: Work, tmp_path: Path, line: str, field: str, reason: str
) -> None:
    report, rejects = imported(
        work, tmp_path, f"{HEADING}450000,广西壮族自治区,1,\n{line}\n450700,钦州市,2,450000\n"
    )

    assert (report.read, report.accepted, report.rejected) == (3, 2, 1)
    [reject] = rejects
    assert reject["line"] == 3
    assert reject["field"] == field
    assert reason in str(reject["reason"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ((HEADING + "450000,广西壮族自治区,1,\n").encode("gb18030"), "UTF-8"),
        (b"", "缺少列"),
        (b"code,name\n450000,x\n", "level"),
        (b"\x00" * 1000, "缺少列"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    work: Work, tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        imported(work, tmp_path, content)

    assert identity.regions(work) == []


def test_a_missing_file_is_named(work: Work, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="读不到文件"):
        identity.import_divisions(work, file=tmp_path / "none.csv", rejects=tmp_path / "rejects")


def test_only_who_manages_identities_everywhere_may_import(
    work: Work, given: Given, tmp_path: Path
) -> None:
    of_city = given.officer(role="administrator", region="990100")
    with work.acting_as(of_city), pytest.raises(Forbidden):
        imported(work, tmp_path, HEADING)


def test_all_published_divisions_are_read(work: Work, tmp_path: Path) -> None:
    file = beside("data/divisions.csv")

    report = identity.import_divisions(work, file=file, rejects=tmp_path / "rejects.jsonl")

    # Three cities without counties stand a second time in the file, below themselves.
    assert (report.read, report.accepted, report.rejected) == (3351, 3348, 3)
    assert identity.ensure_region(work, name="广西壮族自治区防城港市").code == "450600"
    assert identity.ensure_region(work, name="河南省济源市").code == "419001"
