"""Steps of a process at the workbench: found in a list, claimed, done; the case goes on."""

from pathlib import Path

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
