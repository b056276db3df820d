"""What an import would change is told before; what it changed can be undone."""

from dataclasses import replace
from pathlib import Path

import pytest
from catalogue_tables import PLAIN, Tables

from tongban import catalogue, identity
from tongban.catalogue import Status
from tongban.catalogue.commands import uploads
from tongban.foundation import jobs
from tongban.foundation.actor import Actor, Grant
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work
from tongban.main import wiring

HEADINGS = "编码,名称,部门,区划\n"
FIRST = HEADINGS + "A1,甲事,甲局,510000\nA2,乙事,甲局,510000\n"
SECOND = (
    HEADINGS + "A1,甲事,甲局,510000\nA2,乙事（改）,甲局,510000\nA3,丙事,甲局,510000\nA4,,甲局,1\n"
)


@pytest.fixture
def tables(work: Work, tmp_path: Path) -> Tables:
    return Tables(work, tmp_path)


def preview(tables: Tables, content: str) -> catalogue.Preview:
    file = tables.folder / "preview.csv"
    file.write_text(content, encoding="utf-8")
    rows = catalogue.mapped_rows(file, catalogue.read_mapping(PLAIN))
    return catalogue.preview_items(tables.work, source=rows)


def test_a_preview_tells_new_changed_unchanged_and_rejected_and_changes_nothing(
    tables: Tables,
) -> None:
    tables.take(FIRST)
    events = tables.work.value("select count(*) from foundation.event")

    found = preview(tables, SECOND)

    counts = found.counts
    assert (found.new, found.changed, counts.unchanged, counts.rejected) == (1, 1, 1, 1)
    assert [(one.code, one.name) for one in found.added] == [("A3", "丙事")]
    assert [(one.code, one.fields) for one in found.altered] == [("A2", ("name",))]
    assert [(one["line"], one["field"]) for one in found.rejects] == [(5, "name")]
    assert tables.work.value("select count(*) from foundation.event") == events
    assert tables.item("A2").name == "乙事"
    with pytest.raises(catalogue.NoSuchItem):
        tables.item("A3")


def test_undoing_withdraws_what_is_new_and_restores_what_was_changed(tables: Tables) -> None:
    tables.take(FIRST)
    report = tables.take(SECOND)

    undone = catalogue.undo_import(tables.work, number=report.number)

    assert (undone.withdrawn, undone.restored, undone.left_alone) == (1, 1, 0)
    assert (tables.item("A2").name, tables.item("A2").version) == ("乙事", 3)
    assert tables.item("A3").status is Status.CANCELLED
    assert [line.code for line in catalogue.browse(tables.work).rows] == ["A2", "A1"]
    # A case that pinned what was imported still reads it.
    assert catalogue.item(tables.work, code="A2", version=2).name == "乙事（改）"
    assert catalogue.one_import(tables.work, number=report.number).state == "undone"


def test_what_others_changed_since_is_left_alone(tables: Tables) -> None:
    report = tables.take(FIRST)
    catalogue.publish(tables.work, item=replace(tables.item("A1"), name="别人改过"))

    undone = catalogue.undo_import(tables.work, number=report.number)

    assert (undone.withdrawn, undone.left_alone) == (1, 1)
    assert tables.item("A1").name == "别人改过"


def test_an_import_is_undone_once_and_only_by_those_who_may(tables: Tables) -> None:
    report = tables.take(FIRST)
    grant = Grant(frozenset({"catalogue.import"}), region="4400")
    stranger = Actor("o", "外地", grants=(grant,))
    with pytest.raises(Forbidden), tables.work.savepoint(), tables.work.acting_as(stranger):
        catalogue.undo_import(tables.work, number=report.number)
    catalogue.undo_import(tables.work, number=report.number)
    with pytest.raises(catalogue.NotToBeUndone):
        catalogue.undo_import(tables.work, number=report.number)
    with pytest.raises(catalogue.NoSuchImport):
        catalogue.undo_import(tables.work, number=10**9)


def test_importing_again_after_undoing_offers_it_again(tables: Tables) -> None:
    catalogue.undo_import(tables.work, number=tables.take(FIRST).number)
    report = tables.take(FIRST)
    assert report.accepted == 2
    assert tables.item("A1").status is Status.PUBLISHED


def work_off(work: Work) -> int:
    """Do all jobs that are due, as the worker does."""
    wiring.connect()
    done = 0
    while taken := jobs.take(work):
        jobs.perform(work, taken)
        done += 1
    return done


def reviewer(region: str, department: str = "") -> Actor:
    grant = Grant(frozenset({"catalogue.review"}), department, region)
    return Actor("o-2", "审核员", grants=(grant,))


def test_an_upload_is_checked_confirmed_and_taken_over_in_parts(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PART", 2)
    work = tables.work
    identity.add_region(work, region=identity.Region("510000", "四川省", 1))
    rows = "".join(f"A{i},事项{i},甲局,510000\n" for i in range(5)) + "A1,事项1,甲局,510000\n"
    officer = Actor("o-1", "编目员", grants=(Grant(frozenset({"catalogue.import"}), region="51"),))
    work.run("delete from foundation.job")
    with work.acting_as(officer):
        number = catalogue.upload_items(
            work, file="list.csv", content=(HEADINGS + rows).encode("gb18030"), mapping=PLAIN
        )
    work_off(work)
    checked = catalogue.one_import(work, number=number)
    assert (checked.state, checked.entries, checked.preview and checked.preview["new"]) == (
        "checked", 6, 5,
    )  # fmt: skip
    assert catalogue.browse(work).rows == []

    both = frozenset({"catalogue.import", "catalogue.review"})
    with (
        work.acting_as(replace(officer, grants=(Grant(both, region="51"),))),
        pytest.raises(Forbidden, match="不能自己审核"),
    ):
        catalogue.confirm_upload(work, number=number)
    with work.acting_as(reviewer("51")):
        catalogue.confirm_upload(work, number=number)
        with pytest.raises(catalogue.NotWaiting):
            catalogue.confirm_upload(work, number=number)
    assert work_off(work) == 4

    done = catalogue.one_import(work, number=number)
    assert (done.state, done.read, done.accepted, done.rejected) == ("done", 6, 5, 1)
    [rejected] = catalogue.import_rejects(work, number=number)
    assert (rejected["line"], rejected["rule"]) == (7, "duplicate")
    [first, *_] = catalogue.versions(work, code="A0")
    assert first.published_by == "o-1"
    assert work.value("select content from catalogue.import where id = %(n)s", n=number) is None


def test_an_upload_goes_only_where_both_may_have_it(tables: Tables) -> None:
    work = tables.work
    identity.add_region(work, region=identity.Region("510000", "四川省", 1))
    identity.add_region(work, region=identity.Region("510100", "成都市", 2, "510000"))
    rows = HEADINGS + "A1,事项甲,甲局,510000\nA2,事项乙,乙局,510100\n"
    officer = Actor("o-1", "编目员", grants=(Grant(frozenset({"catalogue.import"}), region="51"),))
    with work.acting_as(officer):
        number = catalogue.upload_items(work, file="list.csv", content=rows.encode(), mapping=PLAIN)
    work_off(work)
    with work.acting_as(reviewer("44")), pytest.raises(Forbidden):
        catalogue.confirm_upload(work, number=number)
    with work.acting_as(reviewer("5101")):
        catalogue.confirm_upload(work, number=number)
    work_off(work)

    done = catalogue.one_import(work, number=number)
    assert (done.accepted, done.rejected) == (1, 1)
    assert tables.item("A2").version == 1


def test_an_upload_that_is_no_list_is_told_and_ends(tables: Tables) -> None:
    work = tables.work
    for content, reason in (
        (b"%PDF-1.7 ...", "PDF"),
        ("甲\n乙\n".encode(), "没有分隔符"),
        ("颜色,大小\n红,1\n".encode(), "事项名称在哪一列"),
    ):
        number = catalogue.upload_items(work, file="x.csv", content=content)
        work_off(work)
        found = catalogue.one_import(work, number=number)
        assert found.state == "failed"
        assert reason in found.problem


@pytest.mark.parametrize(
    ("content", "mapping", "reason"),
    [(b"", "", "是空的"), (b"x" * 20_000_001, "", "超过20MB"), (b"a,b", "[fields", "TOML")],
)
def test_an_upload_that_cannot_be_is_refused_at_once(
    tables: Tables, content: bytes, mapping: str, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        catalogue.upload_items(tables.work, file="x.csv", content=content, mapping=mapping)
