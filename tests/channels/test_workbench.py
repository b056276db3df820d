"""Officers at the workbench: what waits, one case on one page, the acts, and who may do them."""

from datetime import UTC, datetime, timedelta

import pytest

from given_site import Browser, Page, Site
from tongban import cases, catalogue
from tongban.cases import Stage, Step
from tongban.foundation import trace


def waiting(site: Site, *, step: Step = Step.HANDLING, **changes: object) -> cases.Case:
    """An accepted case at a step."""
    with site.given() as given:
        item = given.item(**changes)
        return given.case(item=item, stage=Stage.ACCEPTED, step=step)


def opened(browser: Browser, case: cases.Case) -> Page:
    return browser.open(f"/workbench/cases/{case.number}")


def stage_of(site: Site, case: cases.Case) -> cases.Case:
    with site.work() as work:
        return cases.case(work, number=case.number)


def test_a_case_goes_from_submission_to_delivery_through_the_pages(site: Site) -> None:
    with site.given() as given:
        applicant = given.person()
        case = given.submitted_case(by=applicant)
    clerk, handler = site.officer(role="clerk"), site.officer(role="handler", name="王承办")
    reviewer, approver = site.officer(role="reviewer"), site.officer(role="approver")

    page = clerk.open("/counter").follow(case.number).press("受理", checked=["application"])
    assert "已受理" in page.text
    page = handler.open("/workbench?desk=handling").follow(case.number)
    page = page.press("提交意见", **{"review.agree": "yes", "review.opinion": "材料齐全"})
    assert "意见已提交" in page.text
    page = reviewer.open("/workbench?desk=reviewing").follow(case.number)
    assert "材料齐全" in page.text
    page.press("提交意见", **{"review.agree": "yes", "review.opinion": "同意承办意见"})
    page = approver.open("/workbench?desk=approving").follow(case.number)
    page = page.press("作出决定", **{"decide.grant": "yes"})
    assert "决定已作出" in page.text
    site.settle()
    page = clerk.open("/counter/delivery").follow(case.number)
    assert "准予" in page.text
    assert page.press("准予决定书", within="/files/").content.startswith(b"%PDF")
    page = page.press("登记送达", way="pick_up", receiver="张小明")

    assert "已登记送达" in page.text
    assert stage_of(site, case).stage is Stage.DELIVERED
    page = approver.open(f"/workbench/cases/{case.number}/trace")
    told = ["提交申请", "受理申请", "完成承办", "完成审核", "作出准予的决定", "送达结果"]
    places = [page.text.index(each) for each in told]
    assert places == sorted(places)
    assert "王承办" in page.text


def test_the_list_shows_the_desks_of_the_officer_and_what_expires_first(site: Site) -> None:
    with site.given(now=datetime.now(UTC) - timedelta(days=20)) as given:
        late = given.case(stage=Stage.ACCEPTED)
    with site.given() as given:
        fresh = given.case(stage=Stage.ACCEPTED)
        given.case(stage=Stage.ACCEPTED, step=Step.APPROVING)

    page = site.officer(role="handler").open("/workbench")

    assert page.text.index(late.number) < page.text.index(fresh.number)
    assert "已超期" in page.text
    assert "待批准" not in page.text
    assert "待承办2" in page.text.replace(" ", "")


def test_a_long_list_is_turned_by_key(site: Site) -> None:
    with site.given() as given:
        item = given.item()
        by = given.person()
        numbers = {given.case(item=item, by=by, stage=Stage.ACCEPTED).number for _ in range(23)}
    first = site.officer(role="handler").open("/workbench")

    second = first.follow("下一页")

    assert sum(number in first.text for number in numbers) == 20
    assert sum(number in second.text for number in numbers) == 3


def test_a_case_is_found_by_its_number_as_typed(site: Site) -> None:
    case = waiting(site)
    handler = site.officer(role="handler")

    assert handler.open(f"/workbench?q=%20{case.number.lower()}").heading == case.item_name
    assert "校验位不对" in handler.open(f"/workbench?q={case.number[:-1]}*").text


def test_a_case_of_another_department_is_not_found(site: Site) -> None:
    case = waiting(site)
    with site.given() as given:
        other = given.department(name="海州市公安局")
    stranger = site.officer(role=["handler", "clerk"], department=other.code)

    for address in (
        f"/workbench/cases/{case.number}",
        f"/workbench/cases/{case.number}/trace",
        f"/counter/cases/{case.number}",
        f"/counter/delivery/{case.number}",
        "/workbench/cases/990100-2611-0000001-A",
    ):
        assert stranger.open(address).status == 404, address
    assert case.number not in stranger.open("/workbench").text


def test_visitors_sign_in_and_people_are_refused(site: Site) -> None:
    case = waiting(site)

    assert site.visitor().open("/workbench").address == "/sign-in?next=%2Fworkbench"
    assert site.person().open(f"/workbench/cases/{case.number}").status == 403


def test_an_opinion_without_words_is_asked_for_beside_its_field(site: Site) -> None:
    case = waiting(site)
    page = opened(site.officer(role="handler"), case)

    page = page.press("提交意见", **{"review.agree": "no", "review.opinion": " "})

    assert page.status == 422
    assert page.errors == {"review.opinion": "请填写意见"}
    assert page.tree.xpath("//input[@name='review.agree'][@value='no']/@checked")
    page.press("提交意见", **{"review.opinion": "面积不足"})
    assert stage_of(site, case).step is Step.REVIEWING


def test_a_refusal_needs_its_reason(site: Site) -> None:
    case = waiting(site, step=Step.APPROVING)
    page = opened(site.officer(role="approver"), case)

    page = page.press("作出决定", **{"decide.grant": "no"})
    assert page.errors == {"decide.reason": "请写明不予许可的理由"}

    page.press("作出决定", **{"decide.reason": "经营场所不符合条件"})
    assert stage_of(site, case).stage is Stage.REFUSED


def test_nothing_is_decided_unless_the_decision_is_named(site: Site) -> None:
    case = waiting(site, step=Step.APPROVING)

    page = opened(site.officer(role="approver"), case).press("作出决定")

    assert page.status == 422
    assert "decide.grant" in page.errors
    assert stage_of(site, case).stage is Stage.ACCEPTED


def test_the_second_of_two_officers_who_decide_at_once_is_told_what_changed(site: Site) -> None:
    case = waiting(site, step=Step.APPROVING)
    first, second = site.officer(role="approver", name="赵局长"), site.officer(role="approver")
    pages = [opened(each, case) for each in (first, second)]

    pages[0].press("作出决定", **{"decide.grant": "yes"})
    late = pages[1].press("作出决定", **{"decide.grant": "no", "decide.reason": "不同意"})

    assert late.status == 409
    assert "赵局长" in late.text
    assert "准予" in late.text
    assert late.follow("重新打开").heading == case.item_name
    assert stage_of(site, case).stage is Stage.GRANTED


def test_a_form_sent_twice_acts_once_and_answers_the_same(site: Site) -> None:
    case = waiting(site)
    page = opened(site.officer(role="handler"), case)
    opinion = {"review.agree": "yes", "review.opinion": "符合条件"}

    answers = [page.press("提交意见", **opinion) for _ in range(2)]

    assert [each.status for each in answers] == [200, 200]
    assert answers[0].address == answers[1].address
    with site.work() as work:
        assert len(cases.opinions(work, number=case.number)) == 1


def test_an_act_of_another_desk_is_not_offered_and_refused_when_sent(site: Site) -> None:
    case = waiting(site, step=Step.APPROVING)
    handler = site.officer(role="handler")

    page = opened(handler, case)
    assert "作出决定" not in page.buttons()
    token = page.value("csrf_token")
    sent = handler.post(
        f"/workbench/cases/{case.number}/decide",
        {"csrf_token": [token], "decide.grant": ["yes"], "revision": ["1"]},
    )

    assert sent.status == 403
    assert stage_of(site, case).stage is Stage.ACCEPTED


def test_a_form_from_another_site_or_without_its_token_does_nothing(site: Site) -> None:
    case = waiting(site)
    handler = site.officer(role="handler")
    address = f"/workbench/cases/{case.number}/review"
    opinion = {"review.agree": ["yes"], "review.opinion": ["好"], "revision": ["2"]}

    without = handler.post(address, opinion)
    handler.client.headers["sec-fetch-site"] = "cross-site"
    foreign = handler.post(address, opinion)

    assert (without.status, foreign.status) == (403, 403)
    assert stage_of(site, case).step is Step.HANDLING


def test_whoever_handled_a_case_is_told_that_somebody_else_decides_it(site: Site) -> None:
    case = waiting(site)
    approver = site.officer(role=["handler", "approver"])
    opinion = {"review.agree": "yes", "review.opinion": "符合条件"}
    opened(approver, case).press("提交意见", **opinion)
    opened(site.officer(role="reviewer"), case).press("提交意见", **opinion)

    page = opened(approver, case)

    assert "应当由其他负责人作出" in page.text
    assert "作出决定" not in page.buttons()


def test_an_instant_item_is_decided_by_its_handler(site: Site) -> None:
    case = waiting(site, handling=catalogue.Handling.INSTANT)

    page = opened(site.officer(role="handler"), case).press("作出决定", **{"decide.grant": "yes"})

    assert page.status == 200
    assert stage_of(site, case).stage is Stage.GRANTED


def test_personal_data_are_masked_until_a_reason_is_given_and_the_look_is_recorded(
    site: Site,
) -> None:
    case = waiting(
        site,
        form=catalogue.schema(
            (catalogue.Field(key="contact_name", title="联系人", source="holder.name"),)
        ),
    )
    page = opened(site.officer(role="handler", name="王承办"), case)
    assert "说明文字" not in page.text
    assert "来自：身份信息" in page.text

    refused = page.press("显示")
    assert refused.errors.keys() == {"reveal.reason"}
    shown = page.press("显示", **{"reveal.reason": "核对联系人"})

    assert "说明文字" in shown.text
    with site.work() as work:
        looks = [e for e in trace.trace(work, subject=case.number) if "LookedAt" in e.topic]
    assert [each.actor_name for each in looks] == ["王承办"]
    assert "核对联系人" in opened(site.officer(role="handler"), case).text


def test_the_approver_sends_a_case_back_with_a_reason(site: Site) -> None:
    case = waiting(site, step=Step.APPROVING)
    page = opened(site.officer(role="approver"), case)

    assert page.press("退回").errors.keys() == {"send_back.reason"}
    page.press("退回", **{"send_back.reason": "请补充现场核查"})

    assert stage_of(site, case).step is Step.HANDLING


def test_the_limit_is_extended_once_with_a_reason(site: Site) -> None:
    case = waiting(site, step=Step.APPROVING)
    page = opened(site.officer(role="approver"), case)

    page = page.press("延长 10 个工作日", **{"extend.reason": "案情复杂"})

    assert "已延长 10 个工作日" in page.text
    again = page.press("延长 10 个工作日", **{"extend.reason": "仍然复杂"})
    assert again.status == 409
    assert "延长过一次" in again.text


def test_a_special_procedure_holds_the_clock_until_it_is_over(site: Site) -> None:
    case = waiting(site)
    page = opened(site.officer(role="handler"), case)

    wrong = page.press("进入特别程序", **{"pause.days_needed": "几天"})
    assert wrong.errors.keys() == {"pause.kind", "pause.days_needed"}
    paused = page.press(
        "进入特别程序",
        **{"pause.kind": "hearing", "pause.days_needed": "10", "pause.reason": "申请人要求听证"},
    )
    assert "已暂停" in paused.text
    listed = paused.follow("待办")
    assert "不计时" in listed.text
    assert "已超期" not in listed.text
    resumed = paused.press("结束特别程序")

    assert "已结束" in resumed.text
    assert stage_of(site, case).paused is None


@pytest.mark.parametrize("address", ["/workbench?after=xyz", "/counter?after=%00"])
def test_a_broken_cursor_is_refused_with_advice(site: Site, address: str) -> None:
    page = site.officer(role=["handler", "clerk"]).open(address)

    assert page.status == 422
    assert "从第一页重新开始" in page.text


def test_a_material_is_opened_by_officers_and_its_holder_only(site: Site) -> None:
    with site.given() as given:
        applicant = given.person()
        case = given.submitted_case(by=applicant)
        other = given.department(name="海州市公安局")
    address = f"/files/{case.materials[0].files[0]}"

    handler = site.officer(role="handler")
    asked = handler.open(address)
    assert "本人能看到谁在什么时候打开过" in asked.text
    got = asked.press("打开文件")
    assert got.content.startswith(b"%PDF")
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-security-policy"].startswith("sandbox")
    for _ in range(2):
        page = opened(handler, case)
        [button] = {name for name in page.buttons() if name.startswith("材料.pdf")}
        assert page.press(button, within=address).content == got.content
    owner = site.signed_in(applicant)
    looks = owner.open("/my/profile").text
    assert looks.count("提交的材料") == 3
    assert looks.count(case.number) == 3
    assert owner.open(address).status == 200
    assert site.person().open(address).status == 404
    assert site.officer(role="handler", department=other.code).open(address).status == 404
    assert site.visitor().open(address).address.startswith("/sign-in")
    assert site.visitor().open("/files/no-such-file").status == 404


def test_the_pages_speak_english_too(site: Site) -> None:
    case = waiting(site)
    handler = site.officer(role="handler")
    handler.client.cookies.set("tongban_lang", "en")

    page = opened(handler, case)

    assert "Submit opinion" in page.buttons()
