"""People and organisations: what is known of them, who may see it, and who looked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from conftest import MONDAY, as_application
from given import Given
from tongban import identity
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Forbidden, Invalid, SignInNeeded
from tongban.foundation.secrets import vault
from tongban.foundation.work import Work

TELEPHONE = "10012345678"
ADDRESS = "海州市新港区和平路18号"


@pytest.fixture
def zhang(given: Given) -> Actor:
    return given.person(name="张小明", telephone=TELEPHONE, address=ADDRESS)


def test_an_officer_sees_a_person_masked(work: Work, given: Given, zhang: Actor) -> None:
    with work.acting_as(given.officer()):
        profile = identity.profile(work, holder=zhang.id)

    assert profile.name == "张小明"
    assert (profile.telephone, profile.address) == ("100****5678", "海州市新港区******")
    assert profile.id_number.startswith("990****")


def test_a_person_sees_their_own_data_in_the_clear(work: Work, zhang: Actor) -> None:
    with work.acting_as(zhang):
        details = identity.details(work, holder=zhang.id)

    assert (details.telephone, details.address) == (TELEPHONE, ADDRESS)
    assert identity.resident_id_problem(details.id_number) is None


def test_nothing_personal_is_stored_in_the_clear(work: Work, zhang: Actor) -> None:
    stored = work.value(
        """
        select string_agg(p::text || s::text || encode(s.content, 'escape'), ' ')
          from identity.person p join identity.sealed s on s.holder = p.id
         where p.id = %(id)s
        """,
        id=zhang.id,
    )

    assert TELEPHONE not in stored
    assert "和平路" not in stored
    assert vault().decrypt(
        work.value("select content from identity.sealed where field = 'telephone'")
    ) == TELEPHONE  # fmt: skip


def test_nobody_reads_the_details_of_others(work: Work, given: Given, zhang: Actor) -> None:
    with work.acting_as(given.person(name="李四")):
        with pytest.raises(Forbidden):
            identity.details(work, holder=zhang.id)
        with pytest.raises(identity.NoSuchHolder):
            identity.person(work, id=zhang.id)
    with work.acting_as(given.officer()), pytest.raises(Forbidden):
        identity.details(work, holder=zhang.id)


def test_a_look_is_shown_to_the_person(work: Work, given: Given, zhang: Actor) -> None:
    clerk = given.officer(name="李小红")
    with work.acting_as(clerk):
        seen = identity.reveal(
            work, holder=zhang.id, field="telephone", reason="材料有疑问，电话核实"
        )

    assert seen == TELEPHONE
    with work.acting_as(zhang):
        [look] = identity.looks(work, holder=zhang.id)
    assert (look.field, look.reason) == ("telephone", "材料有疑问，电话核实")
    assert (look.officer_name, look.department_name) == ("李小红", "海州市市场监督管理局")
    event = work.value("select body from foundation.event where topic like '%%PersonalDataShown'")
    assert event["holder"] == zhang.id
    assert TELEPHONE not in str(event)


def test_only_the_person_reads_who_looked(work: Work, given: Given, zhang: Actor) -> None:
    clerk = given.officer()
    with work.acting_as(clerk):
        identity.reveal(work, holder=zhang.id, field="address", reason="寄送证照")
        with pytest.raises(Forbidden):
            identity.looks(work, holder=zhang.id)
    with work.acting_as(given.person(name="李四")), pytest.raises(Forbidden):
        identity.looks(work, holder=zhang.id)


@pytest.mark.parametrize(
    ("field", "reason", "rule"),
    [
        ("telephone", " ", "理由"),
        ("telephone", "长" * 201, "200"),
        ("password", "好奇", "password"),
    ],
)
def test_without_a_proper_reason_nothing_is_shown(
    work: Work, given: Given, zhang: Actor, field: str, reason: str, rule: str
) -> None:
    with work.acting_as(given.officer()), pytest.raises(Invalid, match=rule):
        identity.reveal(work, holder=zhang.id, field=field, reason=reason)

    assert work.value("select count(*) from identity.look") == 0


def test_a_reason_of_two_hundred_characters_is_enough(
    work: Work, given: Given, zhang: Actor
) -> None:
    with work.acting_as(given.officer()):
        assert identity.reveal(work, holder=zhang.id, field="telephone", reason="长" * 200)


@pytest.mark.parametrize("role", ["cataloguer", "operator", "administrator", "auditor"])
def test_an_officer_without_cases_reveals_nothing(
    work: Work, given: Given, zhang: Actor, role: str
) -> None:
    with work.acting_as(given.officer(role=role)), pytest.raises(Forbidden):
        identity.reveal(work, holder=zhang.id, field="telephone", reason="好奇")


def test_a_look_can_neither_be_changed_nor_taken_away(
    work: Work, given: Given, zhang: Actor
) -> None:
    with work.acting_as(given.officer()):
        identity.reveal(work, holder=zhang.id, field="telephone", reason="核实")

    for statement in ("update identity.look set reason = ''", "delete from identity.look"):
        with pytest.raises(Exception, match=r"denied|append-only"), work.savepoint():
            work.run(statement)  # type: ignore[arg-type]


def test_somebody_at_the_counter_is_found_by_their_card(
    work: Work, given: Given, zhang: Actor
) -> None:
    with work.acting_as(zhang):
        number = identity.details(work, holder=zhang.id).id_number
    with work.acting_as(given.officer()):
        found = identity.find_person(work, id_number=number.lower(), reason="窗口收件")
        with pytest.raises(identity.NoSuchHolder) as missed:
            identity.find_person(work, id_number="110105194912310029", reason="窗口收件")

    assert found.id == zhang.id
    assert "194912" not in str(missed.value)
    with work.acting_as(zhang):
        assert [look.field for look in identity.looks(work, holder=zhang.id)] == ["lookup"]


def test_the_same_document_is_not_registered_twice(work: Work, zhang: Actor) -> None:
    with work.acting_as(zhang):
        number = identity.details(work, holder=zhang.id).id_number

    with pytest.raises(identity.PersonExists):
        identity.add_person(work, person=identity.NewPerson("张小明", f" {number} "))
    # The same characters on another kind of document are another document.
    passport = identity.NewPerson("John", number, identity.IdKind.PASSPORT)
    assert identity.add_person(work, person=passport).id != zhang.id


def test_every_wrong_field_is_named_at_once(work: Work) -> None:
    with pytest.raises(Invalid) as refused:
        identity.add_person(work, person=identity.NewPerson(" ", "123", telephone="abc"))

    assert [p.field for p in refused.value.problems] == ["name", "id_number", "telephone"]

    with pytest.raises(Invalid) as refused:
        identity.add_organisation(
            work, organisation=identity.NewOrganisation("", "91", "", telephone="1")
        )
    assert [p.field for p in refused.value.problems] == [
        "name",
        "credit_code",
        "legal_representative",
        "telephone",
    ]


def test_an_organisation_is_registered_once(work: Work, given: Given) -> None:
    firm = given.organisation(name="海州星河餐饮有限公司")

    again = identity.NewOrganisation("海州星河餐饮", firm.credit_code.lower(), "王建国")
    with pytest.raises(identity.OrganisationExists, match=firm.credit_code):
        identity.add_organisation(work, organisation=again)
    with work.acting_as(given.officer()):
        found = identity.find_organisation(work, credit_code=f" {firm.credit_code} ")
        assert found.id == firm.id
        assert identity.names(work, holders=[firm.id, "p-none"]) == {firm.id: firm.name}


def test_people_are_registered_at_the_counter_but_not_by_just_anybody(
    work: Work, given: Given, nobody: Actor
) -> None:
    body = "99010019850505001"
    person = identity.NewPerson("王芳", body + identity.resident_check_character(body))
    with work.acting_as(nobody), pytest.raises(Forbidden):
        identity.add_person(work, person=person)
    with work.acting_as(given.person()), pytest.raises(Forbidden):
        identity.add_person(work, person=person)

    with work.acting_as(given.officer(role="clerk")):
        assert identity.add_person(work, person=person).name == "王芳"


def test_a_person_changes_their_own_contact(work: Work, given: Given, zhang: Actor) -> None:
    with work.acting_as(zhang):
        profile = identity.change_contact(
            work, holder=zhang.id, telephone="１０００００００００２", address=ADDRESS
        )
        assert identity.details(work, holder=zhang.id).telephone == "10000000002"
        with pytest.raises(Invalid, match="电话"):
            identity.change_contact(work, holder=zhang.id, telephone="打我", address="")

    assert profile.telephone == "100****0002"
    event = work.value("select body from foundation.event where topic like '%%ProfileChanged'")
    assert event == {"holder": zhang.id, "fields": ["telephone"]}
    with work.acting_as(given.person(name="李四")), pytest.raises(Forbidden):
        identity.change_contact(work, holder=zhang.id, telephone="", address="")


def test_what_a_person_takes_out_is_forgotten(work: Work, zhang: Actor) -> None:
    with work.acting_as(zhang):
        identity.change_contact(work, holder=zhang.id, telephone="", address="")

        assert identity.details(work, holder=zhang.id).address == ""
        assert identity.profile(work, holder=zhang.id).telephone == ""
    assert work.value("select count(*) from identity.sealed") == 1


def test_an_authorised_person_acts_for_the_organisation_until_it_ends(
    work: Work, given: Given
) -> None:
    firm, agent = given.organisation(), given.person()
    identity.authorise(
        work,
        person=agent.id,
        organisation=firm.id,
        since=work.today,
        until=work.today + timedelta(days=1),
    )

    assert identity.actor(work, id=agent.id).holders == (agent.id, firm.id)
    work.now += timedelta(days=1)
    assert firm.id in identity.actor(work, id=agent.id).holders
    work.now += timedelta(days=1)
    assert identity.actor(work, id=agent.id).holders == (agent.id,)


def test_an_authorisation_that_begins_tomorrow_does_not_count_today(
    work: Work, given: Given
) -> None:
    firm, agent = given.organisation(), given.person()
    tomorrow = work.today + timedelta(days=1)
    identity.authorise(work, person=agent.id, organisation=firm.id, since=tomorrow)

    assert identity.actor(work, id=agent.id).holders == (agent.id,)


def test_whoever_acts_for_an_organisation_may_authorise_others_and_take_it_back(
    work: Work, given: Given
) -> None:
    firm = given.organisation()
    head, agent = given.person(name="王建国", acts_for=[firm]), given.person(name="赵六")
    with work.acting_as(agent), pytest.raises(Forbidden):
        identity.authorise(work, person=agent.id, organisation=firm.id, since=work.today)

    with work.acting_as(head):
        given_one = identity.authorise(
            work, person=agent.id, organisation=firm.id, since=work.today
        )
        assert len(identity.authorisations(work, holder=firm.id)) == 2
    agent = identity.actor(work, id=agent.id)
    assert firm.id in agent.holders
    with work.acting_as(agent):
        assert [a.organisation_name for a in identity.authorisations(work, holder=agent.id)] == [
            firm.name
        ]

    with work.acting_as(head):
        identity.revoke_authorisation(work, id=given_one.id)
    assert firm.id not in identity.actor(work, id=agent.id).holders
    with work.acting_as(head), pytest.raises(identity.NoSuchAuthorisation):
        identity.revoke_authorisation(work, id=given_one.id)


def test_a_stranger_revokes_no_authorisation(work: Work, given: Given) -> None:
    firm, stranger = given.organisation(), given.person(name="路人")
    head = given.person(acts_for=[firm])
    with work.acting_as(head):
        [own] = identity.authorisations(work, holder=firm.id)
    with work.acting_as(stranger), pytest.raises(Forbidden):
        identity.revoke_authorisation(work, id=own.id)


def test_an_authorisation_cannot_end_before_it_begins_or_before_today(
    work: Work, given: Given
) -> None:
    firm, agent = given.organisation(), given.person()
    for days in (-1, 0):
        with pytest.raises(Invalid, match="不能早于"):
            identity.authorise(
                work,
                person=agent.id,
                organisation=firm.id,
                since=work.today + timedelta(days=1),
                until=work.today + timedelta(days=days),
            )


def test_a_visitor_is_asked_to_sign_in(work: Work, zhang: Actor) -> None:
    from tongban.foundation.actor import ANONYMOUS

    with work.acting_as(ANONYMOUS), pytest.raises(SignInNeeded):
        identity.details(work, holder=zhang.id)


def test_two_counters_register_the_same_person_once(own_database: str) -> None:
    body = "99010019700707001"
    person = identity.NewPerson("孙悦", body + identity.resident_check_character(body))

    def register(_: int) -> str:
        with as_application(own_database) as connection:
            try:
                work = Work(connection, actor=SYSTEM, now=MONDAY)
                return identity.add_person(work, person=person).id
            except identity.PersonExists:
                connection.rollback()
                return "exists"

    with ThreadPoolExecutor(3) as counters:
        outcomes = sorted(counters.map(register, range(3)))

    assert outcomes[:2] == ["exists", "exists"]
    assert outcomes[2].startswith("p-")


def test_a_program_at_work_is_nobody_who_looks(work: Work, zhang: Actor) -> None:
    with work.acting_as(zhang):
        number = identity.details(work, holder=zhang.id).id_number

    assert identity.find_person(work, id_number=number, reason="导入").id == zhang.id

    with work.acting_as(zhang):
        assert identity.looks(work, holder=zhang.id) == []
