"""The processes of the product belong to no unit; in the city two people change them."""

from uuid import UUID

import pytest

from tongban import cases, identity, process
from tongban.cases.subscribers import renew_courses
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden
from tongban.foundation.work import Work
from tongban.process.events import ProcessPublished

PLAIN = "plain-committed"


def officer(city: Work, login: str) -> Actor:
    [found] = [one for one in identity.officers(city) if one.login == login]
    return identity.actor(city, id=found.id)


def changed(city: Work, *, by: Actor, name: str = "受理申请") -> UUID:
    """The next version of the plain process, with another name for its first step, handed in."""
    present = process.published(city, process=PLAIN)
    text = process.write(present.definition).decode().replace('name="受理"', f'name="{name}"')
    with city.acting_as(by):
        draft = process.begin_draft(city, bpmn=text.encode(), department="", region="")
        process.submit_draft(city, draft=draft)
    return draft


def test_one_designer_draws_and_the_other_publishes(city: Work) -> None:
    one, other = officer(city, "designer"), officer(city, "designer2")
    before = process.latest(city, process=PLAIN)
    assert before is not None
    draft = changed(city, by=one)
    with city.acting_as(one), pytest.raises(process.OwnDraft):
        process.publish_draft(city, draft=draft)
    with city.acting_as(other):
        line = process.publish_draft(city, draft=draft)
    assert (line.version, line.department) == (before.version + 1, "")
    renew_courses(city, ProcessPublished(PLAIN, line.version, "", ""))
    bound = city.value("select definition from cases.course where item_code = '* committed'")
    assert bound == line.id
    # Who starts the product again does not take the change back.
    cases.install_courses(city)
    assert process.in_force(city, PLAIN) == line.id


@pytest.mark.parametrize("login", ["cataloguer", "approver", "operator", "admin"])
def test_who_is_of_one_unit_or_city_does_not_change_what_runs_everywhere(
    city: Work, login: str
) -> None:
    present = process.write(process.published(city, process=PLAIN).definition)
    with city.acting_as(officer(city, login)), pytest.raises(Forbidden):
        process.begin_draft(city, bpmn=present, department="", region="")
    draft = changed(city, by=officer(city, "designer"))
    with city.acting_as(officer(city, login)), pytest.raises(Forbidden):
        process.publish_draft(city, draft=draft)


def test_designers_touch_no_cases(city: Work) -> None:
    for login in ("designer", "designer2"):
        actor = officer(city, login)
        assert not any(
            actor.may(one)
            for one in ("cases.read", "cases.decide", "catalogue.edit", "process.work")
        )


def test_a_version_without_the_steps_of_a_case_is_not_begun_with(city: Work) -> None:
    present = process.write(process.published(city, process=PLAIN).definition)
    bound = "select definition from cases.course where item_code = '* committed'"
    before = city.value(bound)
    lacking = present.replace(b'tongban:act="deliver"', b"")
    line = process.publish(city, bpmn=lacking, department="", region="")
    acts = {said.act for said in process.steps(city, definition=line.id).values()}
    with pytest.raises(cases.NotACourse, match="送达"):
        cases.must_carry(city, process_id=PLAIN, acts=acts)
    renew_courses(city, ProcessPublished(PLAIN, line.version, "", ""))
    assert city.value(bound) == before
    with pytest.raises(cases.TooLong):
        cases.must_carry(
            city,
            process_id="plain-instant",
            acts={"accept", "correct", "handle", "decide", "deliver"},
        )
