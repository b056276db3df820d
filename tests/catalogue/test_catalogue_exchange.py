"""The catalogue goes to the national platform as rows; what it refuses comes back as work."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conftest import beside
from given import Given
from given_national import SENDABLE
from tongban import catalogue
from tongban.catalogue import (
    Agency,
    BaseItem,
    Basis,
    Code,
    Demand,
    Faq,
    Material,
    SentBack,
    Status,
)
from tongban.catalogue.model.national import national_rows
from tongban.catalogue.model.national_check import demanded
from tongban.catalogue.queries.exchange import due_for_exchange
from tongban.catalogue.store.exchange import note_done
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

BASIC = "up_task_general_basic"


class Exchange:
    """A service that has all that the national tables demand."""

    def __init__(self, work: Work, given: Given) -> None:
        self.work = work
        self.item = given.item(code="X-1", **SENDABLE)

    def send(self) -> list[catalogue.OutRow]:
        made = catalogue.make_batch(self.work)
        return catalogue.batch_rows(self.work, number=made.number) if made else []

    def publish(self, **changes: Any) -> None:
        present = catalogue.item(self.work, code="X-1")
        catalogue.publish(self.work, item=replace(present, **changes))

    def refuse(self, guid: str, field: str = "by_law") -> None:
        back = [SentBack(guid, "设定依据不规范", field)]
        assert catalogue.take_refusals(self.work, back=back).unknown == ()

    def refused(self) -> list[catalogue.Refusal]:
        return [*catalogue.refusals(self.work, regions=("",)).rows]

    def held_back(self) -> list[catalogue.HeldBack]:
        return [*catalogue.held_back(self.work, regions=("",)).rows]


@pytest.fixture
def exchange(work: Work, given: Given) -> Exchange:
    return Exchange(work, given)


def told(rows: list[catalogue.OutRow]) -> list[tuple[str, str]]:
    return sorted((row.table_name.removeprefix("up_task_"), row.cd_operation) for row in rows)


def test_a_new_service_goes_out_as_rows_of_its_tables(exchange: Exchange) -> None:
    rows = exchange.send()

    assert told(rows) == [
        ("general_basic", "I"),
        ("general_extend", "I"),
        ("general_fee_project", "I"),
        ("general_material", "I"),
        ("general_material", "I"),
        ("general_questions", "I"),
    ]
    basic = next(row for row in rows if row.table_name == BASIC)
    assert basic.fields["task_name"] == "食品经营许可（新办）"
    assert basic.fields["by_law"] == "食品安全法第三十五条"
    assert (basic.fields["anticipate_day"], basic.fields["anticipate_type"]) == ("20", "1")
    assert basic.data_source == "99"
    materials = [row.fields for row in rows if row.table_name == "up_task_general_material"]
    assert {one["task_guid"] for one in materials} == {basic.row_guid}
    assert {one["is_need"] for one in materials} == {"1", "2"}


def test_only_what_has_changed_since_goes_out_again_under_the_same_guid(exchange: Exchange) -> None:
    first = {row.row_guid: row.table_name for row in exchange.send()}
    assert exchange.send() == []

    exchange.publish(materials=(*exchange.item.materials[:1], Material("plan", "平面图")), faq=())
    rows = exchange.send()

    assert told(rows) == [
        ("general_basic", "U"),
        ("general_material", "D"),
        ("general_material", "I"),
        ("general_questions", "D"),
    ]
    assert all(row.row_guid in first for row in rows if row.cd_operation != "I")


def test_a_cancelled_service_goes_out_as_deletions(exchange: Exchange) -> None:
    number = len(exchange.send())
    exchange.publish(status=Status.CANCELLED)
    rows = exchange.send()
    assert [row.cd_operation for row in rows] == ["D"] * number


def test_the_day_of_a_planned_cancellation_goes_out_before_it_comes(exchange: Exchange) -> None:
    exchange.send()
    day = exchange.work.today + timedelta(days=30)
    catalogue.withdraw_item(exchange.work, code="X-1", reason="改为备案", withdrawn_from=day)
    [row] = exchange.send()
    assert (row.table_name, row.cd_operation) == (BASIC, "U")
    assert row.fields["plan_cancel_date"] == day.isoformat()
    assert exchange.send() == []


def test_a_service_that_came_back_to_life_is_new_there(exchange: Exchange) -> None:
    first = exchange.send()
    exchange.publish(status=Status.CANCELLED)
    exchange.send()
    exchange.publish(status=Status.PUBLISHED)
    rows = exchange.send()
    assert {row.cd_operation for row in rows} == {"I"}
    assert {row.row_guid for row in rows} == {row.row_guid for row in first}


def test_what_was_cancelled_before_it_ever_went_out_says_nothing(exchange: Exchange) -> None:
    exchange.publish(status=Status.CANCELLED)
    assert exchange.send() == []


def test_words_go_out_as_codes_and_what_has_none_as_other_with_the_word_beside(
    exchange: Exchange,
) -> None:
    exchange.publish(
        service_object="自然人|企业法人|社会组织法人",
        cross_region_scope="全自治区",
        person_themes=("005",),
        local_themes=("人才服务",),
        materials=(
            Material("a", "申请书", form="纸质或电子", kind="原件", source="申请人自备"),
            Material("b", "鉴定报告", source="中介机构出具"),
        ),
    )
    rows = exchange.send()
    by_table = {row.table_name.removeprefix("up_task_general_"): row.fields for row in rows}
    basic, extend = by_table["basic"], by_table["extend"]
    assert (basic["handle_type"], basic["server_type"]) == ("1^2", "1^2^4")
    assert (extend["result_type"], extend["handle_area"]) == ("10", "2")
    assert extend["user_topic_type"] == "005^998"
    assert extend["user_character_topic_type"] == "人才服务"
    first, other = sorted(
        (row.fields for row in rows if row.table_name.endswith("material")),
        key=lambda fields: fields["order_num"],
    )
    assert (first["material_format"], first["material_type"]) == ("3", "1")
    assert (first["source_type"], first.get("source_explain")) == ("10", None)
    assert (other["source_type"], other["source_explain"]) == ("99", "中介机构出具")


def test_entries_of_the_directory_go_out_before_the_services(exchange: Exchange) -> None:
    entry = BaseItem(
        "000123020000",
        "食品经营许可",
        region="990100",
        kind="01",
        levels=("3", "4"),
        legal_basis=(Basis("食品安全法"),),
        codes=(Code("local_basic_code", "99A0123"),),
    )
    catalogue.publish_entries(exchange.work, entries=[entry])
    made = catalogue.make_batch(exchange.work, limit=1)
    assert made is not None
    [row] = catalogue.batch_rows(exchange.work, number=made.number)
    assert (row.table_name, row.cd_operation) == ("up_task_directory", "I")
    assert row.fields["catalog_code"] == "000123020000"
    assert row.fields["local_catalog_code"] == "99A0123"
    assert (row.fields["use_level"], row.fields["by_law"]) == ("3^4", "食品安全法")
    assert {row.table_name for row in exchange.send()} >= {BASIC}

    exchange.refuse(row.row_guid, "use_level")
    [one] = exchange.refused()
    assert (one.list, one.item_name, one.waiting) == ("directory", "食品经营许可", False)
    catalogue.send_again(exchange.work, id=one.id)
    assert told(exchange.send()) == [("directory", "I")]

    catalogue.publish_entries(exchange.work, entries=[replace(entry, status=Status.CANCELLED)])
    assert told(exchange.send()) == [("directory", "D")]


def test_what_the_tables_would_not_take_is_held_back_with_field_and_rule(
    exchange: Exchange, given: Given
) -> None:
    exchange.publish(
        materials=(*exchange.item.materials, Material("x", "证" * 201)),
        faq=(Faq("问", "答" * 257),),
    )
    made = catalogue.make_batch(exchange.work, longest_text=256)
    assert made is not None
    assert made.held_back == 1
    rows = catalogue.batch_rows(exchange.work, number=made.number)
    assert ("general_material", "I") in told(rows)
    assert len(rows) == 5

    [one] = exchange.held_back()
    assert (one.code, one.whole) == ("X-1", True)
    assert [(f.field, f.demand, f.longest, f.length) for f in one.flaws] == [
        ("answer", Demand.SHORT, 256, 257),
        ("material_name", Demand.SHORT, 200, 201),
    ]
    assert one.flaws[0].row == "问"
    other = given.department(name="海州市民政局")
    assert catalogue.held_back(exchange.work, departments=(other.code,)).rows == []

    exchange.publish(materials=exchange.item.materials, faq=())
    assert told(exchange.send()) == [("general_basic", "U")]
    assert exchange.held_back() == []


def test_without_its_basic_row_nothing_of_a_service_goes_out(exchange: Exchange) -> None:
    exchange.publish(conditions="", agency=Agency())
    assert exchange.send() == []

    [one] = exchange.held_back()
    assert not one.whole
    assert {(f.field, f.label) for f in one.flaws} == {
        ("accept_condition", "受理条件"),
        ("dept_code", "实施主体编码"),
        ("dept_type", "实施主体性质"),
    }
    exchange.publish(conditions="有场所", agency=exchange.item.agency)
    assert {row.cd_operation for row in exchange.send()} == {"I"}


def test_what_is_there_stays_while_its_change_is_held_back(exchange: Exchange) -> None:
    question = next(row for row in exchange.send() if row.table_name.endswith("questions"))
    exchange.publish(faq=(Faq("要多久？", ""),))
    assert told(exchange.send()) == [("general_basic", "U")]
    exchange.publish(faq=())
    gone = next(row for row in exchange.send() if row.cd_operation == "D")
    assert gone.row_guid == question.row_guid


def test_a_cancelled_service_is_deleted_there_although_it_was_held_back(exchange: Exchange) -> None:
    number = len(exchange.send())
    exchange.publish(conditions="")
    assert exchange.send() == []
    exchange.publish(status=Status.CANCELLED)
    assert [row.cd_operation for row in exchange.send()] == ["D"] * number
    assert exchange.held_back() == []


def test_a_refusal_stays_open_while_its_mended_row_is_held_back(exchange: Exchange) -> None:
    question = next(row for row in exchange.send() if row.table_name.endswith("questions"))
    exchange.refuse(question.row_guid, "answer")
    exchange.publish(faq=(Faq("要多久？", ""),))
    assert told(exchange.send()) == [("general_basic", "U")]
    assert [one.row_guid for one in exchange.refused()] == [question.row_guid]


def test_texts_go_out_as_long_as_they_are(exchange: Exchange) -> None:
    exchange.publish(conditions="字" * 5000, legal_basis=(Basis("食品安全法", "", "文" * 300),))
    basic = next(row for row in exchange.send() if row.table_name == BASIC)
    assert basic.fields["accept_condition"] == "字" * 5000
    assert basic.fields["by_law"] == "食品安全法" + "文" * 300
    assert exchange.held_back() == []


def test_a_platform_that_takes_only_short_texts_is_sent_no_others(exchange: Exchange) -> None:
    exchange.publish(
        conditions="字" * 300, legal_basis=(Basis("食品安全法", "第一条", "文" * 300),)
    )
    assert catalogue.make_batch(exchange.work, longest_text=256).rows == 0  # type: ignore[union-attr]
    [one] = exchange.held_back()
    assert [(f.field, f.longest) for f in one.flaws] == [("accept_condition", 256)]

    assert catalogue.check_again(exchange.work) == 1
    assert exchange.held_back()[0].waiting
    made = catalogue.make_batch(exchange.work)
    assert made is not None
    rows = catalogue.batch_rows(exchange.work, number=made.number)
    basic = next(row for row in rows if row.table_name == BASIC)
    assert basic.fields["accept_condition"] == "字" * 300
    assert basic.fields["by_law"].endswith("文" * 300)
    assert exchange.held_back() == []


def test_a_long_legal_basis_goes_out_as_laws_and_clauses(exchange: Exchange) -> None:
    exchange.publish(legal_basis=(Basis("食品安全法", "第一条", "文" * 300), Basis("行政许可法")))
    made = catalogue.make_batch(exchange.work, longest_text=256)
    assert made is not None
    rows = catalogue.batch_rows(exchange.work, number=made.number)
    basic = next(row for row in rows if row.table_name == BASIC)
    assert basic.fields["by_law"] == "食品安全法第一条；行政许可法"


def test_worklists_are_paged_by_key(exchange: Exchange, given: Given) -> None:
    for n in range(3):
        given.item(code=f"H-{n}")
    rows = exchange.send()
    for row in rows[:3]:
        exchange.refuse(row.row_guid)
    for pages in (catalogue.held_back, catalogue.refusals):
        first = pages(exchange.work, regions=("9901",), size=2)
        second = pages(exchange.work, regions=("9901",), size=2, after=first.following)
        assert (len(first.rows), len(second.rows), second.following) == (2, 1, "")
        both = pages(exchange.work, regions=("",), departments=(exchange.item.department,))
        assert both.rows == [*first.rows, *second.rows]
        assert pages(exchange.work, regions=("9902",)).rows == []
        with pytest.raises(Invalid):
            pages(exchange.work, regions=("",), after="bm90aGluZw")


def test_what_is_published_while_a_batch_is_made_goes_out_with_the_next(
    exchange: Exchange,
) -> None:
    due = due_for_exchange(exchange.work, limit=10)
    exchange.publish(faq=())
    note_done(exchange.work, due=due)
    [again] = due_for_exchange(exchange.work, limit=10)
    assert (again.code, again.version) == ("X-1", 2)


@pytest.mark.parametrize("table", [table for table in demanded() if "_basic" in table])
def test_all_that_a_row_says_is_known_to_its_table(exchange: Exchange, table: str) -> None:
    kinds = {"general": "01", "punish": "02", "check": "03", "handle": "04", "public": "20"}
    item = replace(exchange.item, kind=kinds[table.split("_")[2]])
    for row in national_rows(item):
        required, optional = demanded()[row.table]
        assert row.fields.keys() <= {*required, *optional}


def test_the_demands_are_those_that_are_published() -> None:
    published: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
    marks = {"row_guid", "cd_operation", "cd_time", "cd_batch", "data_source"}
    with beside("data/national_fields.tsv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            if line["table"].startswith("up_task_") and line["field"] not in marks:
                both = published.setdefault(line["table"], ({}, {}))
                both[line["nullable"] == "NULL"][line["field"]] = line["type"]
    ours = {"text": "varchar(256)", "number": "int", "time": "datetime"}
    assert published.keys() == demanded().keys()
    for table, both in published.items():
        for theirs, known in zip(both, demanded()[table], strict=True):
            assert theirs.keys() == known.keys()
            for field, size in known.items():
                wanted = ours.get(str(size), f"varchar({size})")
                assert theirs[field].startswith(wanted), (table, field)


def test_a_refused_row_is_work_for_its_department_until_it_has_gone_out_again(
    exchange: Exchange, given: Given
) -> None:
    basic = next(row for row in exchange.send() if row.table_name == BASIC)
    exchange.refuse(basic.row_guid)
    exchange.refuse(basic.row_guid)

    [one] = exchange.refused()
    assert (one.item_code, one.field, one.reason) == ("X-1", "by_law", "设定依据不规范")
    assert one.sent["by_law"] == "食品安全法第三十五条"
    mine = catalogue.refusals(exchange.work, departments=(exchange.item.department,))
    assert mine.rows == [one]
    other = given.department(name="海州市民政局")
    assert catalogue.refusals(exchange.work, departments=(other.code,)).rows == []
    assert exchange.send() == []

    exchange.publish(legal_basis=(Basis("中华人民共和国食品安全法", "第三十五条"),))
    again = exchange.send()
    # It was new and refused, so the platform does not have it: it is new once more.
    assert [(row.row_guid, row.cd_operation) for row in again] == [(basic.row_guid, "I")]
    assert exchange.refused() == []
    assert catalogue.refusal(exchange.work, id=one.id).settled_batch > one.batch


def test_what_was_refused_through_no_fault_of_ours_goes_out_again_unchanged(
    exchange: Exchange, given: Given
) -> None:
    first = exchange.send()
    exchange.publish(faq=())
    gone = next(row for row in exchange.send() if row.cd_operation == "D")
    exchange.refuse(gone.row_guid, "")
    [one] = exchange.refused()
    clerk = given.officer(role="clerk", department=exchange.item.department)
    with exchange.work.acting_as(clerk), pytest.raises(Forbidden):
        catalogue.send_again(exchange.work, id=one.id)

    editor = given.officer(role="cataloguer", department=exchange.item.department)
    with exchange.work.acting_as(editor):
        catalogue.send_again(exchange.work, id=one.id)

    [again] = exchange.send()
    assert (again.row_guid, again.cd_operation) == (gone.row_guid, "D")
    sent = next(row for row in first if row.row_guid == gone.row_guid)
    assert again.fields == sent.fields
    with pytest.raises(catalogue.NoSuchRefusal):
        catalogue.send_again(exchange.work, id=one.id)


def test_an_integrator_writes_what_came_back_into_a_table(exchange: Exchange) -> None:
    guid = exchange.send()[0].row_guid
    unknown = "00000000-0000-0000-0000-000000000001"
    for given in (guid, unknown, "x"):
        exchange.work.run(
            "insert into catalogue.exchange_return (row_guid, reason) values (%(id)s, '重复')",
            id=given,
        )
    taken = catalogue.take_returns(exchange.work)
    assert (taken.taken, set(taken.unknown)) == (1, {unknown, "x"})
    assert [one.row_guid for one in exchange.refused()] == [guid]
    left = "select count(*) from catalogue.exchange_return"
    assert exchange.work.value(left) == 2


def test_refusals_are_read_from_a_table_and_from_json() -> None:
    line = {"row_guid": "g", "reason": "重复", "field": "by_law"}
    wanted = [SentBack("g", "重复", "by_law")]
    assert catalogue.read_refusals("row_guid,field,reason\ng,by_law,重复\n") == wanted
    assert catalogue.read_refusals(json.dumps(line)) == wanted
    assert catalogue.read_refusals(json.dumps([line])) == wanted
    for bad in ("guid,reason\n1,2\n", "{", '[{"reason":"x"}]'):
        with pytest.raises(catalogue.UnreadableFile):
            catalogue.read_refusals(bad)


def test_a_refusal_without_guid_or_reason_is_told_with_its_line(exchange: Exchange) -> None:
    guid = exchange.send()[0].row_guid
    with pytest.raises(Invalid) as refused:
        catalogue.take_refusals(exchange.work, back=[SentBack(guid, " "), SentBack("?", "重复")])
    assert [(p.field, p.details["line"]) for p in refused.value.problems] == [
        ("reason", 1),
        ("row_guid", 2),
    ]
    assert exchange.refused() == []


def test_only_operators_send(exchange: Exchange, given: Given) -> None:
    editor = given.officer(role="cataloguer", region="")
    with exchange.work.acting_as(editor), pytest.raises(Forbidden):
        catalogue.make_batch(exchange.work)
    with exchange.work.acting_as(given.officer(role="operator", region="")):
        assert catalogue.make_batch(exchange.work) is not None


def test_a_batch_as_a_file_carries_the_marks(exchange: Exchange) -> None:
    made = catalogue.make_batch(exchange.work, source="990")
    assert made is not None
    rows = catalogue.batch_rows(exchange.work, number=made.number)
    basic = next(row for row in rows if row.table_name == BASIC)
    whole = catalogue.exchanged(basic, batch=made.number)
    assert (whole["cd_operation"], whole["cd_batch"], whole["data_source"]) == (
        "I",
        made.number,
        "990",
    )
    head, line = catalogue.exchange_csv([whole], columns=sorted(whole))
    assert head.startswith("row_guid,cd_operation,cd_batch,cd_time,data_source,")
    assert basic.row_guid in line
    with pytest.raises(catalogue.NoSuchBatch):
        catalogue.batch(exchange.work, number="1")


def test_a_kind_without_tables_sends_nothing(exchange: Exchange, given: Given) -> None:
    exchange.send()
    given.item(code="X-2", kind="16", name="我要开餐馆")
    assert exchange.send() == []
    assert catalogue.make_batch(exchange.work) is None
