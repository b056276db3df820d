"""Clerks at the counter: accept, ask for corrections once, decline, find people, hand out."""

from datetime import UTC, datetime, timedelta

import pytest

from given_site import Browser, Page, Site
from tongban import cases, catalogue, identity
from tongban.cases import Act, Stage


def submitted(site: Site, *, days_ago: int = 0, **changes: object) -> cases.Case:
    with site.given(now=datetime.now(UTC) - timedelta(days=days_ago)) as given:
        return given.submitted_case(item=given.item(**changes))


def opened(browser: Browser, case: cases.Case) -> Page:
    return browser.open(f"/counter/cases/{case.number}")


def now(site: Site, case: cases.Case) -> cases.Case:
    with site.work() as work:
        return cases.case(work, number=case.number)


@pytest.fixture
def clerk(site: Site) -> Browser:
    return site.officer(role="clerk", name="窗口小李")


def test_the_list_shows_what_waits_to_be_accepted_most_urgent_first(
    site: Site, clerk: Browser
) -> None:
    fresh, late = submitted(site), submitted(site, days_ago=14)

    page = clerk.open("/counter")

    assert page.text.index(late.number) < page.text.index(fresh.number)
    assert "已超期" in page.text
    assert "还剩 5 个工作日" in page.text


def test_a_scanned_number_leads_to_its_case_however_it_is_written(
    site: Site, clerk: Browser
) -> None:
    case = submitted(site)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in case.number.lower())

    assert clerk.open(f"/counter?q={wide}").heading == case.item_name
    wrong = clerk.open("/counter?q=12345")
    assert "不是办件编号" in wrong.text
    assert wrong.value("q") == "12345"


def test_a_case_shows_person_materials_with_their_standard_and_clock(
    site: Site, clerk: Browser
) -> None:
    with site.given() as given:
        material = catalogue.Material(key="a", name="申请书", accept_standard="每页加盖公章")
        item = given.item(materials=(material,))
        applicant = given.person(name="欧阳小明")
        case = given.submitted_case(item=item, by=applicant)

    page = opened(clerk, case)

    with site.work() as work:
        number = identity.reveal(work, holder=applicant.id, field="id_number", reason="测试")
    assert "欧阳小明" in page.text
    assert number[-4:] in page.text
    assert number not in page.text
    assert "材料.pdf" in page.text
    assert "每页加盖公章" in page.text
    assert "受理或告知补正期限" in page.text
    assert "还剩 5 个工作日" in page.text


def test_accepting_ticks_the_materials_and_brings_the_slip(site: Site, clerk: Browser) -> None:
    case = submitted(site)

    page = opened(clerk, case).press("受理", checked=["application"])

    assert "已受理" in page.text
    assert "已核对" in page.text
    site.settle()
    page = opened(clerk, case)
    assert page.press("受理通知书", within="/files/").content.startswith(b"%PDF")


def test_a_case_without_a_required_material_is_not_accepted_and_the_ticks_stay(
    site: Site, clerk: Browser
) -> None:
    paper = catalogue.Material(key="deed", name="不动产权证书", upload=False)
    layout = catalogue.Material(key="layout", name="布局图", need=catalogue.Need.OPTIONAL)
    case = submitted(site, materials=(paper, layout))

    page = opened(clerk, case).press("受理", checked=["layout"])

    assert page.status == 422
    assert "还缺少材料：不动产权证书" in page.text
    assert page.tree.xpath("//input[@name='checked'][@value='layout']/@checked")
    page.press("受理", checked=["layout", "deed"])
    assert now(site, case).stage is Stage.ACCEPTED


def test_what_is_missing_is_told_once_for_each_material_and_field(
    site: Site, clerk: Browser
) -> None:
    case = submitted(site)

    page = opened(clerk, case).press(
        "一次性告知补正",
        **{"wrong.application": "第二页没有签名", "wrong.shop_name": "与营业执照不一致"},
        workdays="10",
    )

    assert "已告知补正 2 项" in page.text
    after = now(site, case)
    assert [(c.key, c.what) for c in after.to_correct] == [
        ("application", "第二页没有签名"),
        ("shop_name", "与营业执照不一致"),
    ]
    assert after.clock is not None
    assert after.clock.amount == 10
    site.settle()
    assert opened(clerk, case).press("补正告知书", within="/files/").content.startswith(b"%PDF")


def test_a_correction_notice_without_words_or_days_is_asked_for_again(
    site: Site, clerk: Browser
) -> None:
    case = submitted(site)

    page = opened(clerk, case).press("一次性告知补正", workdays="半个月", checked=["layout"])

    assert page.status == 422
    assert "请填写补正期限" in page.errors["workdays"]
    assert "写明要补正什么" in page.text
    assert page.tree.xpath("//input[@name='checked'][@value='layout']/@checked")
    assert now(site, case).stage is Stage.SUBMITTED


def test_accepting_while_something_is_written_as_wrong_is_refused(
    site: Site, clerk: Browser
) -> None:
    case = submitted(site)

    page = opened(clerk, case).press("受理", **{"wrong.application": "缺公章"})

    assert page.status == 422
    assert page.value("wrong.application") == "缺公章"
    assert now(site, case).stage is Stage.SUBMITTED


def test_declining_needs_a_reason_and_says_where_to_go(site: Site, clerk: Browser) -> None:
    case = submitted(site)

    page = opened(clerk, case).press("不予受理")
    assert page.errors == {"reason": "请写明不予受理的理由"}
    page = page.press("不予受理", reason="不属于本局职权", where_to_go="海州市公安局")

    assert "已决定不予受理" in page.text
    assert now(site, case).stage is Stage.NOT_ACCEPTED
    site.settle()
    assert "不予受理决定书" in opened(clerk, case).text


def test_after_the_limit_for_a_notice_a_case_can_only_be_accepted(
    site: Site, clerk: Browser
) -> None:
    case = submitted(site, days_ago=30)
    page = opened(clerk, case)

    assert "视为受理" in page.text
    assert "一次性告知补正" not in page.buttons()
    assert "不予受理" not in page.buttons()
    page.press("受理")

    assert now(site, case).deemed


def test_a_stale_page_is_told_what_happened_meanwhile(site: Site, clerk: Browser) -> None:
    case = submitted(site)
    page = opened(clerk, case)
    opened(site.officer(role="clerk", name="窗口小陈"), case).press("受理")

    late = page.press("不予受理", reason="不属于本局职权")

    assert late.status == 409
    assert "窗口小陈" in late.text
    assert now(site, case).stage is Stage.ACCEPTED


def test_two_clicks_on_accept_are_one(site: Site, clerk: Browser) -> None:
    case = submitted(site)
    page = opened(clerk, case)

    answers = [page.press("受理"), page.press("受理")]

    assert [each.status for each in answers] == [200, 200]
    assert now(site, case).revision == case.revision + 1


def test_handlers_may_not_work_at_the_counter(site: Site) -> None:
    case = submitted(site)
    handler = site.officer(role="handler")

    for address in ("/counter", f"/counter/cases/{case.number}", "/counter/delivery"):
        assert handler.open(address).status == 403, address


def test_an_applicant_at_the_counter_withdraws(site: Site, clerk: Browser) -> None:
    case = submitted(site)
    page = opened(clerk, case)

    assert page.press("撤回申请").errors.keys() == {"withdraw.reason"}
    page.press("撤回申请", **{"withdraw.reason": "不开店了"})

    assert now(site, case).stage is Stage.WITHDRAWN


def test_the_slip_for_handing_materials_over_is_printed(site: Site, clerk: Browser) -> None:
    case = submitted(site)

    slip = opened(clerk, case).press("打印材料交接单")

    assert slip.content.startswith(b"%PDF")
    assert "材料交接单" in opened(clerk, case).text


def test_results_are_handed_out_to_a_named_receiver_and_filed_away(
    site: Site, clerk: Browser
) -> None:
    with site.given() as given:
        case = given.case(stage=Stage.GRANTED)
    site.settle()
    page = clerk.open("/counter/delivery").follow(case.number)
    assert "准予决定书" in page.text

    refused = page.press("登记送达", way="pick_up")
    assert refused.errors == {"receiver": "请填写领取人或收件人的姓名"}
    done = refused.press("登记送达", receiver="张小明")
    assert "张*明" in done.text
    assert case.number not in clerk.open("/counter/delivery").text
    closed = done.press("归档")

    assert "已归档" in closed.text
    assert now(site, case).stage is Stage.CLOSED


def test_nothing_is_handed_out_before_the_decision(site: Site, clerk: Browser) -> None:
    case = submitted(site)
    page = clerk.open(f"/counter/delivery/{case.number}")

    assert "还没有作出决定" in page.text
    assert "登记送达" not in page.buttons()
    sent = clerk.post(
        f"/counter/delivery/{case.number}/deliver",
        {"csrf_token": [page.value("csrf_token")], "way": ["online"], "revision": ["1"]},
    )
    assert sent.status == 409
    assert Act.DELIVER.word in sent.text


def test_a_person_is_found_by_the_document_and_sees_who_looked(site: Site, clerk: Browser) -> None:
    with site.given() as given:
        someone = given.person(name="欧阳小明")
    with site.work() as work:
        number = identity.reveal(work, holder=someone.id, field="id_number", reason="测试")

    page = clerk.open("/counter/people").press("查找", within="/find", document=f" {number} ")

    assert page.heading == "欧阳小明"
    assert number not in page.text
    assert number not in page.address
    with site.work() as work:
        looks = identity.looks(work, holder=someone.id)
    assert "窗口小李" in [look.officer_name for look in looks]


def test_a_firm_is_found_by_its_credit_code(site: Site, clerk: Browser) -> None:
    with site.given() as given:
        firm = given.organisation(name="海州星河餐饮有限公司")

    page = clerk.open("/counter/people").press("查找", within="/find", document=firm.credit_code)

    assert page.heading == "海州星河餐饮有限公司"


def test_an_unknown_document_leads_to_registering(clerk: Browser) -> None:
    body = "99010019900101777"
    number = body + identity.resident_check_character(body)
    page = clerk.open("/counter/people").press("查找", within="/find", document=number)
    assert "没有登记过" in page.errors["document"]

    wrong = page.press("登记", name="", id_number="123")
    assert wrong.errors.keys() == {"name", "id_number"}
    page = wrong.press("登记", name="周新来", id_number=number)

    assert page.heading == "周新来"
    twice = clerk.open("/counter/people").press("登记", name="周新来", id_number=number)
    assert "已经登记过" in twice.errors["id_number"]
