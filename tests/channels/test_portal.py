"""What persons do in the portal with what is theirs, and cannot do with what is not."""

import pytest

from given_site import Site
from tongban import cases
from tongban.foundation import ids
from tongban.foundation.trace import trace

SUBMITTED, CORRECTING, GRANTED = cases.Stage.SUBMITTED, cases.Stage.CORRECTING, cases.Stage.GRANTED


@pytest.mark.parametrize("page", ["", "/receipt", "/trace", "/correct"])
@pytest.mark.parametrize("stage", [SUBMITTED, CORRECTING])
def test_a_case_of_somebody_else_is_not_found(site: Site, page: str, stage: cases.Stage) -> None:
    with site.given() as given:
        case = given.case(stage=stage)

    for visitor, statuses in ((site.person(), {404}), (site.visitor(), {200})):
        answer = visitor.open(f"/my/cases/{case.number}{page}")
        assert answer.status in statuses
        assert case.item_name not in answer.text
    assert answer.address.startswith("/sign-in")


@pytest.mark.parametrize(
    ("act", "stage"), [("withdraw", SUBMITTED), ("correct", CORRECTING), ("rate", GRANTED)]
)
def test_nobody_acts_in_the_case_of_somebody_else(site: Site, act: str, stage: cases.Stage) -> None:
    with site.given() as given:
        applicant = given.person()
        case = given.case(stage=stage, by=applicant)
    stranger, owner = site.person(), site.signed_in(applicant)
    [form] = [
        form
        for page in (f"/my/cases/{case.number}", f"/my/cases/{case.number}/correct")
        for form in owner.open(page).tree.forms
        if (form.get("action") or "").endswith(f"/{act}")
    ]
    token = stranger.open("/my/profile").value("csrf_token")
    typed = {name: [value] for name, value in form.form_values()} | {"csrf_token": [token]}
    with site.work() as work:
        before = [entry.id for entry in trace(work, subject=case.number)]

    answer = stranger.post(f"/my/cases/{case.number}/{act}", typed)

    assert answer.status == 404
    assert "没有找到" in answer.text
    with site.work() as work:
        assert cases.case(work, number=case.number).stage is stage
        assert [entry.id for entry in trace(work, subject=case.number)] == before


def test_a_wrong_code_and_an_unknown_number_say_the_same(site: Site) -> None:
    with site.given() as given:
        case = given.submitted_case()
    unknown = str(ids.case_number(region="990100", on=case.submitted_at.date(), serial=9999998))
    page = site.visitor().open("/track")
    said = {
        page.press("查询", within="/track", number=number, code="AAAAAA").text.replace(number, "")
        for number in (case.number, unknown)
    }
    assert len(said) == 1
