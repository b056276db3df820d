"""A service is cancelled while cases are open: those concerned are told, and the cases go on."""

from datetime import date, timedelta

import pytest

from given_site import Browser, Site
from tongban import cases, catalogue
from tongban.cases import Case, Stage


def with_case(site: Site, stage: Stage) -> tuple[Browser, Case]:
    with site.given() as given:
        applicant = given.person()
        case = given.case(stage=stage, by=applicant)
    return site.signed_in(applicant), case


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.CORRECTING, Stage.ACCEPTED])
def test_whoever_has_an_open_case_is_told_that_it_goes_on(
    site: Site, stage: Stage, days: int
) -> None:
    person, mine = with_case(site, stage)
    day = date.today() + timedelta(days=days + 1 if days else 0)  # noqa: DTZ011
    with site.work() as work:
        catalogue.withdraw_item(
            work,
            code=mine.item_code,
            reason="国家已经取消",
            withdrawn_from=max(day, work.today),
        )
    site.settle()

    text = person.open("/my").text
    assert "国家已经取消" in text
    assert "您的办件不受影响" in text
    assert "您的办件不受影响" in person.open(f"/my/cases/{mine.number}").text
    assert "本件按原来的版本继续办理" in person.open(f"/my/cases/{mine.number}/trace").text
    with site.work() as work:
        assert cases.case(work, number=mine.number).item_version == mine.item_version


def test_nobody_is_told_of_a_case_that_is_over(site: Site) -> None:
    person, mine = with_case(site, Stage.GRANTED)
    with site.work() as work:
        catalogue.withdraw_item(work, code=mine.item_code, reason="国家已经取消")
    site.settle()
    assert "国家已经取消" not in person.open("/my").text
    assert "国家已经取消" not in person.open(f"/my/cases/{mine.number}/trace").text
