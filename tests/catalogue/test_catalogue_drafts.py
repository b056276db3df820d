"""From draft to force and out of it again: four eyes, planned days, two editors, notices."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from conftest import MONDAY, as_application
from given import Given
from tongban import cases, catalogue
from tongban.catalogue import BaseItem, Basis, Item, State, Status, subscribers
from tongban.foundation import jobs, outbox
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

TODAY = date(2024, 6, 3)


@pytest.fixture
def editor(given: Given) -> Actor:
    return given.officer(role="cataloguer", name="编目员")


@pytest.fixture
def approver(given: Given) -> Actor:
    return given.officer(role="approver", name="发布员")


def clean(given: Given, **changes: Any) -> Item:
    """An item in which the linter finds no error."""
    channels = catalogue.Channels(
        forms=("窗口办理", "网上办理"),
        address="海州市新港区和平路18号政务服务中心1号窗口",
        hours="工作日 9:00—17:00",
        consult="0999-8812001",
        complaint="0999-8813001",
        online=True,
    )
    plain: dict[str, Any] = {
        "channels": channels,
        "conditions": "有与经营规模相适应的固定场所。",
        "legal_basis": (Basis("食品安全法", "第三十五条"),),
        "service_object": "企业法人",
        "steps": tuple(
            catalogue.Step(name, standard="齐全") for name in ("受理", "审查", "决定", "送达")
        ),
    }
    return given.item(**plain | changes)


def changed(work: Work, item: Item, by: Actor, **changes: object) -> str:
    """A draft in which somebody changed something, handed in."""
    with work.acting_as(by):
        draft = catalogue.begin_draft(work, item_code=item.code)
        catalogue.save_draft(
            work, id=draft.id, revision=draft.revision, item=replace(draft.item, **changes)
        )
        catalogue.submit_draft(work, id=draft.id)
    return draft.id


def approved(work: Work, id: str, by: Actor) -> str:
    with work.acting_as(by):
        catalogue.review_draft(work, id=id, agree=True)
    return id


def round_on(work: Work, day: date) -> None:
    now = MONDAY + (day - TODAY)
    later = Work(work._connection, actor=SYSTEM, now=now)
    subscribers.take_up_planned(later, {})


def test_a_change_goes_from_draft_through_review_into_force(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    item = clean(given, promised=catalogue.Limit(10))
    id = changed(work, item, editor, promised=catalogue.Limit(5))
    assert catalogue.item(work, code=item.code).promised == catalogue.Limit(10)

    approved(work, id, approver)
    with work.acting_as(approver):
        published = catalogue.publish_draft(work, id=id)

    assert published is not None
    assert (published.version, published.promised) == (2, catalogue.Limit(5))
    assert catalogue.draft(work, id=id).state is State.PUBLISHED
    assert catalogue.open_draft(work, item_code=item.code) is None


def test_nobody_reviews_or_publishes_what_they_wrote(work: Work, given: Given) -> None:
    item = clean(given)
    both = given.officer(role=["cataloguer", "approver"], name="一人两岗")
    other = given.officer(role="approver", name="另一人")
    id = changed(work, item, both, summary="新的说明")

    with work.acting_as(both), pytest.raises(catalogue.OwnDraft):
        catalogue.review_draft(work, id=id, agree=True)
    approved(work, id, other)
    with work.acting_as(both), pytest.raises(catalogue.OwnDraft):
        catalogue.publish_draft(work, id=id)


def test_who_wrote_and_was_written_over_is_still_an_author(work: Work, given: Given) -> None:
    item = clean(given)
    first = given.officer(role=["cataloguer", "approver"], name="甲")
    second = given.officer(role="cataloguer", name="乙")
    with work.acting_as(first):
        draft = catalogue.begin_draft(work, item_code=item.code)
    id = changed(work, item, second, summary="乙改的")

    with work.acting_as(first), pytest.raises(catalogue.OwnDraft):
        catalogue.review_draft(work, id=id, agree=True)
    assert draft.id == id


def test_an_editor_changes_only_what_belongs_to_their_department(
    work: Work, given: Given, approver: Actor
) -> None:
    elsewhere = given.department(name="海州市公安局")
    item = clean(given, department=elsewhere.code, department_name=elsewhere.name)
    stranger = given.officer(role="cataloguer", name="别的部门")

    with work.acting_as(stranger), pytest.raises(Forbidden):
        catalogue.begin_draft(work, item_code=item.code)
    draft = catalogue.begin_draft(work, item_code=item.code)
    for act in (
        lambda: catalogue.save_draft(work, id=draft.id, revision=1, item=item),
        lambda: catalogue.comment_draft(work, id=draft.id, text="看看"),
        lambda: catalogue.withdraw_draft(work, id=draft.id),
    ):
        with work.acting_as(stranger), pytest.raises(Forbidden):
            act()
    with work.acting_as(approver), pytest.raises(Forbidden):
        catalogue.withdraw_item(work, code=item.code, reason="取消")


def test_sending_back_says_why_and_the_author_goes_on(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    id = changed(work, clean(given), editor, summary="新的")
    with work.acting_as(approver):
        with pytest.raises(Invalid, match="退回时请写明要改什么"):
            catalogue.review_draft(work, id=id, agree=False)
        catalogue.review_draft(work, id=id, agree=False, comment="请写明办理地点的门牌号")

    draft = catalogue.draft(work, id=id)
    assert draft.state is State.DRAFT
    [said] = catalogue.comments(work, draft=id)
    assert (said.text, said.author_name) == ("请写明办理地点的门牌号", "发布员")
    with work.acting_as(editor):
        catalogue.save_draft(work, id=id, revision=draft.revision, item=draft.item)


def test_acts_that_the_state_does_not_know_are_refused(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    id = changed(work, clean(given), editor, summary="新的")
    draft = catalogue.draft(work, id=id)
    with pytest.raises(catalogue.WrongState, match="待审核"):
        catalogue.save_draft(work, id=id, revision=draft.revision, item=draft.item)
    with pytest.raises(catalogue.WrongState, match="待审核"):
        catalogue.submit_draft(work, id=id)
    with work.acting_as(approver), pytest.raises(catalogue.WrongState, match="待审核"):
        catalogue.publish_draft(work, id=id)


def test_a_version_is_not_published_in_the_past(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    id = approved(work, changed(work, clean(given), editor, summary="新的"), approver)
    with work.acting_as(approver), pytest.raises(Invalid, match="生效日期不能早于今天"):
        catalogue.publish_draft(work, id=id, effective_from=TODAY - timedelta(days=1))


def test_a_planned_version_takes_effect_on_its_day(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    item = clean(given, summary="旧的")
    id = approved(work, changed(work, item, editor, summary="新的"), approver)
    with work.acting_as(approver):
        assert catalogue.publish_draft(work, id=id, effective_from=date(2024, 6, 10)) is None

    round_on(work, date(2024, 6, 9))
    assert catalogue.item(work, code=item.code).summary == "旧的"
    round_on(work, date(2024, 6, 10))

    now = catalogue.item(work, code=item.code)
    assert (now.summary, now.effective_from) == ("新的", date(2024, 6, 10))


def test_what_no_longer_fits_on_its_day_goes_back_to_its_authors(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    item = clean(given, summary="旧的")
    id = approved(work, changed(work, item, editor, summary="新的"), approver)
    with work.acting_as(approver):
        catalogue.publish_draft(work, id=id, effective_from=date(2024, 6, 10))
    catalogue.publish(work, item=replace(item, summary="紧急更正"))

    round_on(work, date(2024, 6, 10))

    assert catalogue.item(work, code=item.code).summary == "紧急更正"
    draft = catalogue.draft(work, id=id)
    assert draft.state is State.DRAFT
    assert "第2版" in catalogue.comments(work, draft=id)[-1].text
    with pytest.raises(catalogue.DraftOutdated):
        catalogue.submit_draft(work, id=id)
    catalogue.rebase_draft(work, id=id)
    catalogue.submit_draft(work, id=id)


def test_of_two_editors_at_once_the_later_is_told_and_loses_nothing(
    work: Work, given: Given, editor: Actor
) -> None:
    item = clean(given)
    draft = catalogue.begin_draft(work, item_code=item.code)
    with work.acting_as(editor):
        first = replace(draft.item, summary="编目员写的")
        catalogue.save_draft(work, id=draft.id, revision=1, item=first)

    with pytest.raises(catalogue.DraftChanged, match="编目员在您之后改过"):
        catalogue.save_draft(
            work, id=draft.id, revision=1, item=replace(draft.item, summary="我写的")
        )
    held = catalogue.draft(work, id=draft.id)
    assert (held.item.summary, held.revision) == ("编目员写的", 2)


def test_two_people_who_begin_at_once_share_one_draft(own_database: str) -> None:
    with as_application(own_database) as connection:
        item = Given(Work(connection, actor=SYSTEM, now=MONDAY)).item()
        connection.commit()

    def begin(_: int) -> str:
        with as_application(own_database) as connection:
            work = Work(connection, actor=SYSTEM, now=MONDAY)
            id = catalogue.begin_draft(work, item_code=item.code).id
            connection.commit()
            return id

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(begin, range(2)))) == 1


def test_a_new_service_begins_as_a_draft_and_codes_are_not_taken_twice(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    unit = given.department()
    new = replace(clean(given), code="990100-NEW", name="新事项", department=unit.code)
    with work.acting_as(editor):
        draft = catalogue.begin_item(work, item=new)
        with pytest.raises(catalogue.CodeTaken):
            catalogue.begin_item(work, item=new)
        catalogue.submit_draft(work, id=draft.id)
    approved(work, draft.id, approver)
    with work.acting_as(approver):
        published = catalogue.publish_draft(work, id=draft.id)
    assert published is not None
    assert published.version == 1


def test_name_and_basis_are_not_altered_by_a_draft_either(
    work: Work, given: Given, editor: Actor
) -> None:
    law = Basis("食品安全法", "第三十五条")
    catalogue.publish_entries(
        work, entries=[BaseItem("000131010000", "食品经营许可", legal_basis=(law,))]
    )
    item = clean(given, name="食品经营许可", base_code="000131010000", legal_basis=(law,))
    with work.acting_as(editor):
        draft = catalogue.begin_draft(work, item_code=item.code)
        catalogue.save_draft(
            work, id=draft.id, revision=1, item=replace(draft.item, legal_basis=())
        )
        with pytest.raises(Invalid, match="缺少上级列明的“食品安全法 第三十五条”"):
            catalogue.submit_draft(work, id=draft.id)


def test_what_the_linter_calls_an_error_is_not_handed_in(
    work: Work, given: Given, editor: Actor
) -> None:
    item = clean(given)
    bad = replace(item.channels, complaint=item.channels.consult)
    with work.acting_as(editor):
        draft = catalogue.begin_draft(work, item_code=item.code)
        catalogue.save_draft(work, id=draft.id, revision=1, item=replace(item, channels=bad))
        with pytest.raises(Invalid, match="电话"):
            catalogue.submit_draft(work, id=draft.id)


def test_a_change_in_the_directory_reaches_those_below_as_a_notice(
    work: Work, given: Given, editor: Actor, approver: Actor
) -> None:
    base = BaseItem("000131010000", "食品经营许可", note="第一版")
    catalogue.publish_entries(work, entries=[base])
    item = clean(given, name="食品经营许可", base_code=base.code)
    catalogue.publish_entries(work, entries=[replace(base, note="只改备注")])
    catalogue.publish_entries(work, entries=[replace(base, legal_basis=(Basis("新法", "第一条"),))])
    while outbox.deliver_next(work):
        pass

    [notice] = catalogue.notices(work, departments=(item.department,))
    assert (notice.item_code, notice.source) == (item.code, "directory/000131010000")
    assert catalogue.item(work, code=item.code).legal_basis == item.legal_basis

    id = changed(work, item, editor, legal_basis=(Basis("新法", "第一条"),))
    approved(work, id, approver)
    with work.acting_as(approver):
        catalogue.publish_draft(work, id=id)
    assert catalogue.notices(work, departments=(item.department,)) == []


def test_a_cancelled_item_takes_no_new_cases_and_open_ones_go_on(
    work: Work, given: Given, approver: Actor
) -> None:
    case = given.submitted_case()
    with work.acting_as(approver):
        catalogue.withdraw_item(
            work, code=case.item_code, reason="国家取消该事项", withdrawn_from=date(2024, 6, 4)
        )
    assert catalogue.item(work, code=case.item_code).status is Status.PUBLISHED
    planned = catalogue.withdrawal(work, code=case.item_code)
    assert planned is not None
    assert planned.done_at is None

    round_on(work, date(2024, 6, 4))

    assert catalogue.item(work, code=case.item_code).status is Status.CANCELLED
    pinned = catalogue.item(work, code=case.item_code, version=case.item_version)
    assert pinned.status is Status.PUBLISHED
    clerk = given.officer(role="clerk")
    with work.acting_as(clerk):
        cases.accept(work, number=case.number)
    assert cases.case(work, number=case.number).stage is cases.Stage.ACCEPTED
    with pytest.raises(cases.NotOpen):
        given.submitted_case(item=catalogue.item(work, code=case.item_code))


@pytest.mark.parametrize(
    ("reason", "day", "told"),
    [("", TODAY, "请写明取消的原因"), ("过时", date(2024, 6, 2), "取消日期不能早于今天")],
)
def test_a_service_is_not_cancelled_silently_or_in_the_past(
    work: Work, given: Given, reason: str, day: date, told: str
) -> None:
    with pytest.raises(Invalid, match=told):
        catalogue.withdraw_item(work, code=clean(given).code, reason=reason, withdrawn_from=day)


@pytest.mark.parametrize("id", ["", "x", "00000000-0000-0000-0000-000000000000", "\0"])
def test_a_draft_that_is_not_there_is_not_found(work: Work, id: str) -> None:
    with pytest.raises(catalogue.NoSuchDraft):
        catalogue.draft(work, id=id)


def test_the_planned_round_asks_for_the_next_one(work: Work) -> None:
    subscribers.schedule_round(work)
    subscribers.take_up_planned(work, {})
    [line] = [one for one in jobs.unfinished(work) if one.kind == "catalogue.take_up_planned"]
    assert line.due_at.date() >= TODAY


def test_the_database_itself_keeps_four_eyes(work: Work, given: Given) -> None:
    id = catalogue.begin_draft(work, item_code=clean(given).code).id
    with pytest.raises(psycopg.errors.CheckViolation):
        work.run(
            "update catalogue.draft set state = 'approved', reviewer = 'system'"
            " where id = %(id)s::uuid",
            id=id,
        )
