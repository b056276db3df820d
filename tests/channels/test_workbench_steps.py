"""Steps of a process at the workbench: found in a list, claimed, done; the case goes on."""

from pathlib import Path

import given_cases as people
from given_site import Site
from tongban import cases, process
from tongban.cases import Stage, Step

SITE_VISIT = Path(__file__).parents[2] / "seed" / "processes" / "site-visit.bpmn"


def at_site_visit(site: Site) -> cases.Case:
    """A case that waits for its site visit."""
    with site.given() as given:
        item = given.item()
        process.publish(
            given.work,
            bpmn=SITE_VISIT.read_bytes(),
            department=item.department,
            region=item.region,
        )
        cases.set_course(given.work, item_code=item.code, process_id="site-visit")
        case = given.case(item=item, stage=Stage.ACCEPTED, step=Step.REVIEWING)
        assert cases.case(given.work, number=case.number).step is Step.ELSEWHERE
        return case


def test_a_step_is_found_claimed_and_done(site: Site) -> None:
    case = at_site_visit(site)
    handler, colleague = site.officer(role="handler", name="王承办"), site.officer(role="handler")
    page = handler.open("/workbench").follow("其他环节")
    assert case.number in page.text
    page = page.follow("现场核查").press("领取这一环节")
    assert "已领取" in page.text
    assert "特别程序" in page.text

    refused = page.press("完成这一环节", agree="yes", opinion="现场符合要求")
    assert set(refused.errors) == {"visited_on", "visit_result", "visitors"}
    assert refused.value("opinion") == "现场符合要求"
    assert case.number not in colleague.open("/workbench/steps").text

    filled = {"visited_on": "2026-11-20", "visit_result": "fit", "visitors": "王工、李工"}
    done = refused.press("完成这一环节", **filled)
    assert "已办理" in done.text
    assert "没有等您办理的环节" in done.text
    with site.work() as work:
        after = cases.case(work, number=case.number)
        assert (after.step, after.paused) == (Step.REVIEWING, None)
    page = site.officer(role="reviewer").open(f"/workbench/cases/{case.number}")
    assert "现场核查" in page.text


def test_the_case_page_shows_where_the_process_is(site: Site) -> None:
    case = at_site_visit(site)
    page = site.officer(role="handler").open(f"/workbench/cases/{case.number}")
    assert "流程走到哪里" in page.text
    assert "提交意见" not in page.buttons()
    assert page.follow("去办理").status == 200


def test_whoever_has_not_the_role_or_the_unit_is_refused(site: Site) -> None:
    case = at_site_visit(site)
    with site.work() as work:
        [step] = cases.standing(work, case=cases.case(work, number=case.number))
    with site.given() as given:
        other = given.department(name="海州市城管局").code
    assert site.officer(role="clerk").open(f"/workbench/steps/{step.item}").status == 403
    stranger = site.officer(role="handler", department=other)
    assert stranger.open(f"/workbench/steps/{step.item}").status == 403
    assert stranger.open("/workbench/steps/990100-2611-1-1").status == 404
    assert stranger.open("/workbench/steps/x").status == 404


PARALLEL = SITE_VISIT.with_name("parallel-departments.bpmn")


def test_another_unit_opens_the_papers_that_its_step_needs(site: Site) -> None:
    with site.given() as given:
        item = given.item()
        process.publish(
            given.work, bpmn=PARALLEL.read_bytes(), department=item.department, region=item.region
        )
        cases.set_course(given.work, item_code=item.code, process_id="parallel-departments")
        applicant = given.person()
        case = given.submitted_case(item=item, by=applicant)
        with given.work.acting_as(people.clerk(case)):
            cases.accept(given.work, number=case.number)
        with given.work.acting_as(people.handler(case)):
            cases.review(given.work, number=case.number, opinion="符合条件", agree=True)
        given.department(code="AL-ZRGH", name="海州市规划局")
        stranger = given.department(name="海州市教育局").code
    planning = site.officer(role="handler", department="AL-ZRGH", name="周规划")
    page = planning.open("/workbench/steps").follow("规划部门意见")
    [button] = {name for name in page.buttons() if name.startswith("材料.pdf")}
    assert page.press(button).content.startswith(b"%PDF")
    assert planning.open(f"/workbench/cases/{case.number}").status == 404

    page.press("完成这一环节", agree="yes", opinion="同意", conditions="无")
    page = planning.open("/workbench/steps").follow("办过的环节").follow("规划部门意见")
    assert page.press(button).content.startswith(b"%PDF")
    assert site.signed_in(applicant).open("/my/profile").text.count("周规划") == 2

    address = f"/workbench/steps/cases/{case.number}"
    for department in ("AL-ZRGH", stranger):
        other = site.officer(role="handler", department=department)
        assert other.open(address).status == 404
        token = [other.open("/workbench/steps").value("csrf_token")]
        sent = {"csrf_token": token}
        assert other.post(f"{address}/files/{case.materials[0].files[0]}", sent).status == 404
