"""From the stars that somebody gives to what is done about it."""

import pytest

from given_site import Page, Site
from tongban import cases, evaluation
from tongban.cases import Stage


def decided(site: Site) -> tuple[Page, cases.Case]:
    """A decided case, on the page of its holder."""
    with site.given() as given:
        person = given.person()
        case = given.case(stage=Stage.GRANTED, by=person)
    return site.signed_in(person).open(f"/my/cases/{case.number}"), case


def rated(site: Site, *, stars: str, comment: str = "") -> cases.Case:
    """A decided case that its holder has rated on the page."""
    page, case = decided(site)
    page = page.press("提交评价", stars=stars, comment=comment)
    assert "感谢您的评价" in page.text
    return case


def test_a_handling_is_rated_once(site: Site) -> None:
    page, case = decided(site)
    page = page.press("提交评价", stars="5", comment="办得快")

    with site.work() as work:
        assert evaluation.summary(work, item_code=case.item_code).average == 5
    assert "提交评价" not in page.buttons()
    assert "办得快" in page.text


def test_without_stars_the_form_says_so(site: Site) -> None:
    page = decided(site)[0].press("提交评价")

    assert page.status == 422
    assert page.errors["stars"] == "请选择 1 到 5 星"


def test_a_bad_rating_is_followed_until_it_is_settled(site: Site) -> None:
    case = rated(site, stars="1", comment="让我跑了三次")
    supervisor = site.officer(role="supervisor", region="990100")

    page = supervisor.open("/console/ratings").follow(case.number)
    assert "让我跑了三次" in page.text
    page = page.press("记录", outcome="confirmed", note="窗口没有一次讲清")
    assert "联系情况已记录" in page.text
    page = page.press("整改办结", measure="窗口已重新培训，并向本人致歉")
    assert "没有待整改的差评" in page.text
    with site.work() as work:
        remedy = evaluation.remedy(work, case_number=case.number)
    assert remedy.state is evaluation.State.SETTLED


@pytest.mark.parametrize("role", ["handler", "clerk", "approver"])
def test_the_department_that_was_rated_does_not_see_the_rater(site: Site, role: str) -> None:
    case = rated(site, stars="2")
    officer = site.officer(role=role)

    assert officer.open("/console/ratings").status == 403
    assert officer.open(f"/console/ratings/{case.number}").status == 403
