"""Filling in: kept, merged, checked, forgotten; and what is personal stays unreadable at rest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

import given_cases as people
from given import Given
from tongban import cases, catalogue, documents, identity
from tongban.cases.commands import deem
from tongban.foundation.errors import Forbidden
from tongban.foundation.work import Work


def saved(work: Work, item: catalogue.Item, holder: str, **filled: object) -> cases.Draft:
    return cases.save_draft(
        work,
        item_code=item.code,
        holder=holder,
        filled=cases.Filled(**filled),  # type: ignore[arg-type]
    )


def test_a_new_draft_knows_what_the_register_knows(work: Work, given: Given) -> None:
    person = given.person(name="张小明")
    item = given.item()
    with work.acting_as(person):
        draft = cases.draft(work, item_code=item.code, holder=person.id)
    assert draft.answers == {"contact_name": "张小明"}
    assert draft.saved_at is None


def test_an_organisations_draft_is_filled_in_from_its_own_entry(work: Work, given: Given) -> None:
    firm = given.organisation(name="海州星河餐饮有限公司")
    person = given.person(acts_for=[firm])
    item = given.item(
        form=catalogue.schema(
            (
                catalogue.Field(key="code", title="信用代码", source="holder.credit_code"),
                catalogue.Field(key="boss", title="法人", source="holder.legal_representative"),
            )
        )
    )
    with work.acting_as(person):
        draft = cases.draft(work, item_code=item.code, holder=firm.id)
    assert draft.answers == {"code": firm.credit_code, "boss": "王建国"}


def test_saving_adds_to_what_was_filled_in_before(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        saved(work, item, person.id, answers={"shop_name": "星河", "opening": "2024-07-01"})
        saved(work, item, person.id, answers={"shop_name": "星河小吃", "opening": ""})
        saved(work, item, person.id, delivery={"way": "online", "colour": "red"})
        draft = cases.draft(work, item_code=item.code, holder=person.id)

    assert draft.answers == {"shop_name": "星河小吃", "contact_name": "张小明"}
    assert draft.delivery == {"way": "online"}
    assert draft.saved_at == work.now


def test_there_is_one_draft_for_each_holder_and_item(work: Work, given: Given) -> None:
    firm = given.organisation()
    person = given.person(acts_for=[firm])
    first, second = given.item(), given.item(name="户外广告设置审批")
    with work.acting_as(person):
        saved(work, first, person.id, answers={"shop_name": "一"})
        saved(work, first, firm.id, answers={"shop_name": "二"})
        saved(work, second, person.id)
        saved(work, second, person.id)
        lines = cases.drafts(work)

    assert {(line.holder, line.item_code) for line in lines} == {
        (person.id, first.code),
        (firm.id, first.code),
        (person.id, second.code),
    }
    assert {line.forgotten_on - work.today for line in lines} == {timedelta(days=90)}


def test_files_are_held_for_a_draft_and_let_go_with_it(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        kept, dropped = people.upload(work, by=person), people.upload(work, by=person)
        saved(work, item, person.id, materials={"application": (kept, dropped), "no_such": ("x",)})
        saved(work, item, person.id, materials={"application": (kept,)})
        draft = cases.draft(work, item_code=item.code, holder=person.id)
        assert draft.materials == {"application": (kept,)}
        held = [
            bool(documents.file(work, id=id).draft) for id in (draft_id(kept), draft_id(dropped))
        ]
        assert held == [True, False]

        cases.discard_draft(work, item_code=item.code, holder=person.id)
        assert not documents.file(work, id=draft_id(kept)).draft
        assert cases.drafts(work) == []


def draft_id(text: str) -> UUID:
    return UUID(text)


def test_nobody_sees_or_fills_in_the_draft_of_another(work: Work, given: Given) -> None:
    person, other, item = given.person(), given.person(name="李四"), given.item()
    with work.acting_as(person):
        saved(work, item, person.id)
    with work.acting_as(other):
        assert cases.drafts(work) == []
        with pytest.raises(Forbidden):
            cases.draft(work, item_code=item.code, holder=person.id)
        with pytest.raises(Forbidden):
            saved(work, item, person.id, answers={"shop_name": "黑店"})
        assert work.value("select count(*) from cases.draft") == 0
    with work.acting_as(people.officer("cases.accept", region="99")):
        assert work.value("select count(*) from cases.draft") == 0


def test_what_is_personal_cannot_be_read_from_the_tables(work: Work, given: Given) -> None:
    person, item = given.person(name="欧阳可识"), given.item()
    with work.acting_as(person):
        saved(work, item, person.id, answers={"shop_name": "欧阳可识的小店"})
    kept = work.value("select row_to_json(d)::text from cases.draft d")
    assert "欧阳" not in kept

    case = given.submitted_case(item=item, by=person)
    row = work.value(
        """
        select concat(to_json(c), to_json(p), to_json(m))
          from cases.case_file c join cases.private p using (number)
          join cases.material m using (number)
         where number = %(number)s
        """,
        number=case.number,
    )
    assert case.number in row
    assert "可识" not in row
    assert case.applicant == "欧**识"


def test_what_a_newer_guide_does_not_ask_any_more_is_dropped(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        saved(work, item, person.id, answers={"shop_name": "星河", "opening": "2024-07-01"})
    newer = catalogue.publish(
        work,
        item=replace(
            item,
            form=catalogue.schema((catalogue.Field(key="shop_name", title="店名"),)),
            materials=(),
        ),
    )
    with work.acting_as(person):
        saved(work, item, person.id, delivery={"way": "online"})
        case = cases.submit(work, item_code=item.code, holder=person.id, declared=True)
    assert case.item_version == newer.version == item.version + 1


def test_a_draft_is_forgotten_after_ninety_days(work: Work, given: Given) -> None:
    person, item = given.person(), given.item()
    with work.acting_as(person):
        file = people.upload(work, by=person)
        saved(work, item, person.id, materials={"application": (file,)})
    for days, left in ((89, 1), (2, 0)):
        work.now += timedelta(days=days)
        deem.sweep(work)
        assert work.value("select count(*) from cases.draft") == left
    assert not documents.file(work, id=draft_id(file)).draft


class TestChecking:
    ITEM = catalogue.Item(
        code="i",
        name="食品经营许可",
        department="d",
        department_name="市监局",
        region="990100",
        region_name="海州市",
        materials=(
            catalogue.Material(key="form", name="申请书"),
            catalogue.Material(key="id", name="身份证", exempt=True),
            catalogue.Material(key="paper", name="纸质原件", upload=False),
            catalogue.Material(key="plan", name="平面图", need=catalogue.Need.OPTIONAL),
            catalogue.Material(key="lease", name="租赁合同"),
        ),
        questions=(
            catalogue.Question(
                key="place",
                title="经营场所是租的吗？",
                choices=(
                    catalogue.Choice(key="own", title="自有"),
                    catalogue.Choice(key="rent", title="租赁", materials=("lease",)),
                ),
            ),
        ),
        form=catalogue.schema((catalogue.Field(key="shop", title="店名"),)),
    )
    GOOD = cases.Draft(
        holder="p-1",
        item_code="i",
        item_version=1,
        item_name="食品经营许可",
        answers={"shop": "星河"},
        materials={"form": ("f",)},
        choices={"place": "own"},
        delivery={"way": "pick_up"},
        saved_at=datetime(2024, 6, 3, tzinfo=UTC),
    )

    def fields(self, **changes: object) -> list[str]:
        draft = replace(self.GOOD, **changes)  # type: ignore[arg-type]
        return [problem.field for problem in cases.check_draft(self.ITEM, draft)]

    def test_what_is_complete_has_no_problem(self) -> None:
        assert self.fields() == []

    def test_everything_that_lacks_is_named_at_once(self) -> None:
        assert self.fields(answers={}, materials={}, choices={}, delivery={}) == [
            "choice.place",
            "shop",
            "material.form",
            "delivery.way",
        ]

    def test_a_choice_brings_its_own_materials(self) -> None:
        assert self.fields(choices={"place": "rent"}) == ["material.lease"]
        assert self.fields(choices={"place": "cave"}) == ["choice.place"]

    def test_a_result_by_post_needs_an_address(self) -> None:
        assert self.fields(delivery={"way": "post", "receiver": "张小明"}) == [
            "delivery.telephone",
            "delivery.address",
        ]
        assert self.fields(delivery={"way": "online", "address": "长" * 201}) == [
            "delivery.address"
        ]


def test_the_name_in_a_draft_is_the_registers(work: Work, given: Given) -> None:
    person, item = given.person(name="张小明"), given.item()
    with work.acting_as(person):
        saved(work, item, person.id, answers={"contact_name": "别人"})
        assert identity.details(work, holder=person.id).name == "张小明"
    case = given.submitted_case(item=item, by=person)
    assert case.applicant == "张*明"
