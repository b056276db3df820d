"""The catalogue goes to the national platform as rows; what it refuses comes back as work."""

import json
from dataclasses import replace
from typing import Any

import pytest

from given import Given
from tongban import catalogue
from tongban.catalogue import Basis, Faq, Fee, Material, SentBack, Status
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

BASIC = "up_task_general_basic"


class Exchange:
    def __init__(self, work: Work, given: Given) -> None:
        self.work = work
        self.item = given.item(
            code="X-1",
            legal_basis=(Basis("食品安全法", "第三十五条"),),
            faq=(Faq("要多久？", "五天"),),
            fees=(Fee("工本费", "10元"),),
        )

    def send(self) -> list[catalogue.OutRow]:
        made = catalogue.make_batch(self.work)
        return catalogue.batch_rows(self.work, number=made.number) if made else []

    def publish(self, **changes: Any) -> None:
        present = catalogue.item(self.work, code="X-1")
        catalogue.publish(self.work, item=replace(present, **changes))

    def refuse(self, guid: str, field: str = "by_law") -> None:
        back = [SentBack(guid, "设定依据不规范", field)]
        assert catalogue.take_refusals(self.work, back=back).unknown == ()

    def open(self) -> list[catalogue.Refusal]:
        return catalogue.refusals(self.work, regions=("",))


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
    assert {one["is_need"] for one in materials} == {"0", "1"}


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


def test_a_refused_row_is_work_for_its_department_until_it_has_gone_out_again(
    exchange: Exchange, given: Given
) -> None:
    basic = next(row for row in exchange.send() if row.table_name == BASIC)
    exchange.refuse(basic.row_guid)
    exchange.refuse(basic.row_guid)

    [one] = exchange.open()
    assert (one.item_code, one.field, one.reason) == ("X-1", "by_law", "设定依据不规范")
    assert one.sent["by_law"] == "食品安全法第三十五条"
    assert catalogue.refusals(exchange.work, departments=(exchange.item.department,)) == [one]
    other = given.department(name="海州市民政局")
    assert catalogue.refusals(exchange.work, departments=(other.code,)) == []
    assert exchange.send() == []

    exchange.publish(legal_basis=(Basis("中华人民共和国食品安全法", "第三十五条"),))
    again = exchange.send()
    # It was new and refused, so the platform does not have it: it is new once more.
    assert [(row.row_guid, row.cd_operation) for row in again] == [(basic.row_guid, "I")]
    assert exchange.open() == []
    assert catalogue.refusal(exchange.work, id=one.id).settled_batch > one.batch


def test_what_was_refused_through_no_fault_of_ours_goes_out_again_unchanged(
    exchange: Exchange, given: Given
) -> None:
    first = exchange.send()
    exchange.publish(faq=())
    gone = next(row for row in exchange.send() if row.cd_operation == "D")
    exchange.refuse(gone.row_guid, "")
    [one] = exchange.open()
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
    assert [one.row_guid for one in exchange.open()] == [guid]
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
    assert exchange.open() == []


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
