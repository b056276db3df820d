"""Intake at the counter: find the service, ask for the scenario, fill in, hand over the code."""

import re

import pytest

import given_cases as people
from given_site import Browser, Page, Site
from tongban import cases, catalogue, identity
from tongban.cases import Channel, MaterialState, Stage
from tongban.foundation.actor import Actor

SCAN = ("申请书.pdf", people._pdf("scanned at the counter"))


@pytest.fixture
def clerk(site: Site) -> Browser:
    return site.officer(role="clerk", name="窗口小李")


@pytest.fixture
def person(site: Site) -> Actor:
    with site.given() as given:
        return given.person(name="欧阳小明")


def item(site: Site, **changes: object) -> catalogue.Item:
    with site.given() as given:
        return given.item(**changes)


def intake(clerk: Browser, person: Actor, item: catalogue.Item) -> Page:
    return clerk.open(f"/counter/people/{person.id}/receive/{item.code}")


def test_the_clerk_searches_fills_in_and_hands_the_code_over(
    site: Site, clerk: Browser, person: Actor
) -> None:
    item(site, name="食品经营许可（新办）")
    found = clerk.open(f"/counter/people/{person.id}?q=食品经营许可")

    page = found.follow("食品经营许可（新办）").press(
        "收件",
        shop_name="新港小吃店",
        seen=["application"],
        declared="1",
        **{"delivery.way": "pick_up"},
    )

    assert "已收件" in page.text
    assert "窗口核验纸质原件" in page.text
    code = re.search(r"查询码 (\S+)", page.text)
    assert code is not None
    number = page.address.rsplit("/", 1)[1]
    with site.work() as work:
        case = cases.track(work, number=number, code=code[1])
    assert case is not None
    assert (case.channel, case.holder, case.acting) == (
        Channel.COUNTER,
        person.id,
        clerk.actor.id,
    )
    site.settle()
    assert clerk.open(page.address).press("打印收件回执").content.startswith(b"%PDF")
    assert number in clerk.open(f"/counter/people/{person.id}").text


def test_the_code_is_not_shown_to_a_colleague(site: Site, clerk: Browser, person: Actor) -> None:
    page = intake(clerk, person, item(site)).press(
        "收件", shop_name="小吃店", seen=["application"], declared="1", **{"delivery.way": "online"}
    )
    colleague = site.officer(role="clerk", name="窗口小陈")

    assert "查询码" in page.text
    assert "查询码" not in colleague.open(page.address).text


def test_nothing_is_lost_when_something_is_wrong(site: Site, clerk: Browser, person: Actor) -> None:
    deed = catalogue.Material(key="deed", name="不动产权证书", upload=False)
    application = catalogue.Material(key="application", name="申请书")
    page = intake(clerk, person, item(site, materials=(application, deed)))

    wrong = page.press(
        "收件",
        opening="明天",
        **{"delivery.way": "post", "delivery.receiver": "李四", "material.application": SCAN},
    )

    assert wrong.status == 422
    assert wrong.errors.keys() == {
        "shop_name",
        "opening",
        "material.deed",
        "delivery.telephone",
        "delivery.address",
        "declared",
    }
    assert wrong.value("delivery.receiver") == "李四"
    assert wrong.value("opening") == "明天"
    assert "申请书.pdf" in wrong.text
    done = wrong.press(
        "收件",
        shop_name="小吃店",
        opening="",
        seen=["deed"],
        declared="1",
        **{"delivery.way": "online"},
    )
    assert "已收件" in done.text
    with site.work() as work:
        case = cases.case(work, number=done.address.rsplit("/", 1)[1])
    assert [each.state for each in case.materials] == [
        MaterialState.PROVIDED,
        MaterialState.CHECKED,
    ]


def test_a_file_of_the_wrong_kind_is_named_and_the_ticks_stay(
    site: Site, clerk: Browser, person: Actor
) -> None:
    page = intake(clerk, person, item(site)).press(
        "收件",
        shop_name="小吃店",
        seen=["application"],
        declared="1",
        **{"delivery.way": "online", "material.layout": ("a.exe", b"MZ not a picture")},
    )

    assert page.status == 422
    assert page.errors.keys() == {"material.layout"}
    assert page.tree.xpath("//input[@name='seen'][@value='application']/@checked")
    assert "已收件" in page.press("收件").text


def test_what_the_register_knows_is_filled_in_and_never_shown(
    site: Site, clerk: Browser, person: Actor
) -> None:
    with site.work() as work:
        number = identity.reveal(work, holder=person.id, field="id_number", reason="测试")
    fields = (
        catalogue.Field(key="number", title="证件号码", source="holder.id_number"),
        catalogue.Field(key="telephone", title="电话", source="holder.telephone"),
    )
    page = intake(clerk, person, item(site, form=catalogue.schema(fields), materials=()))

    assert number not in str(page.content.decode())
    assert number[-4:] in page.text
    done = page.press("收件", telephone="10000000009", declared="1", **{"delivery.way": "online"})

    assert number not in done.content.decode()
    with site.work(person) as work:
        answers = cases.answers(work, number=done.address.rsplit("/", 1)[1])
    assert {each.key: each.text for each in answers} == {
        "number": number,
        "telephone": "10000000009",
    }


def test_the_scenario_is_asked_first_and_decides_the_materials(
    site: Site, clerk: Browser, person: Actor
) -> None:
    question = catalogue.Question(
        "who",
        "谁来办？",
        (catalogue.Choice("self", "本人"), catalogue.Choice("agent", "代办人", ("letter",))),
    )
    letter = catalogue.Material(key="letter", name="授权委托书")
    asking = intake(clerk, person, item(site, questions=(question,), materials=(letter,)))

    assert "谁来办？" in asking.text
    assert "收件" not in asking.buttons()
    assert "请选择“谁来办？”" in clerk.open(f"{asking.address}?asked=1").text
    own = clerk.open(f"{asking.address}?choice.who=self")
    assert "授权委托书" not in own.text
    by_agent = clerk.open(f"{asking.address}?choice.who=agent")
    assert "授权委托书" in by_agent.text
    done = by_agent.press(
        "收件", shop_name="小吃店", seen=["letter"], declared="1", **{"delivery.way": "online"}
    )
    assert "已收件" in done.text


def test_two_clicks_take_in_one_case(site: Site, clerk: Browser, person: Actor) -> None:
    page = intake(clerk, person, item(site))
    fields = {"shop_name": "小吃店", "declared": "1", "delivery.way": "online"}

    first, second = (page.press("收件", seen=["application"], **fields) for _ in range(2))

    assert first.address == second.address
    with site.work(people.officer(region="")) as work:
        assert len(cases.of_holder(work, holder=person.id).rows) == 1


def test_services_of_other_departments_are_named_but_not_taken_in(
    site: Site, clerk: Browser, person: Actor
) -> None:
    with site.given() as given:
        police = given.department(name="海州市公安局")
        theirs = given.item(
            name="居住证签注", department=police.code, department_name="海州市公安局"
        )

    page = clerk.open(f"/counter/people/{person.id}?q=居住证签注")

    assert "另有 1 项由其他部门的窗口收件：海州市公安局" in page.text
    assert intake(clerk, person, theirs).status == 403


def test_a_suspended_service_is_told_at_once(site: Site, clerk: Browser, person: Actor) -> None:
    page = intake(clerk, person, item(site, status=catalogue.Status.SUSPENDED))

    assert page.status == 409
    assert "窗口不能收件" in page.text


def test_corrections_are_handed_in_at_the_counter(site: Site, clerk: Browser) -> None:
    with site.given() as given:
        case = given.submitted_case()
        wanted = [("application", "第二页没有签名"), ("contact_name", "与证件不一致")]
        with given._work.acting_as(people.clerk(case)):
            cases.request_correction(given._work, number=case.number, missing=wanted)
    page = clerk.open(f"/counter/cases/{case.number}").follow("补正材料已交来")

    wrong = page.press("登记补正", seen=["application"])
    assert wrong.errors == {"contact_name": "请填写联系人"}
    done = wrong.press("登记补正", contact_name="张小明")

    assert "补正材料已登记" in done.text
    with site.work() as work:
        after = cases.case(work, number=case.number)
    assert after.stage is Stage.SUBMITTED
    assert after.materials[0].state is MaterialState.CHECKED
    assert clerk.open(page.address).status == 409


def test_a_correction_without_its_material_keeps_what_was_typed(site: Site, clerk: Browser) -> None:
    with site.given() as given:
        case = given.case(stage=Stage.CORRECTING)
    page = clerk.open(f"/counter/cases/{case.number}/correct")

    wrong = page.press("登记补正")
    assert wrong.errors.keys() == {"material.application"}
    assert "补正材料已登记" in wrong.press("登记补正", **{"material.application": SCAN}).text


def test_handlers_take_nothing_in(site: Site, person: Actor) -> None:
    handler = site.officer(role="handler")
    assert intake(handler, person, item(site)).status == 403


def test_what_an_officer_has_done_is_a_tab_of_the_workbench(site: Site) -> None:
    handler = site.officer(role="handler", name="承办老王")
    with site.given() as given:
        case = given.case(stage=Stage.ACCEPTED)
    empty = handler.open("/workbench").follow("已办")
    assert "还没有办过的办件" in empty.text
    handler.open(f"/workbench/cases/{case.number}").press(
        "提交意见", **{"review.agree": "yes", "review.opinion": "符合条件"}
    )

    page = handler.open("/workbench/done")

    assert case.number in page.text
    assert "承办 同意" in page.text


def test_the_handler_is_told_that_somebody_else_reviews(site: Site) -> None:
    handler = site.officer(role="handler", name="承办老王")
    with site.given() as given:
        case = given.case(stage=Stage.ACCEPTED)
    page = handler.open(f"/workbench/cases/{case.number}").press(
        "提交意见", **{"review.agree": "yes", "review.opinion": "符合条件"}
    )

    assert "审核应当由其他人员作出" in page.text
    assert "提交意见" not in page.buttons()
    assert "您承办过，由他人办理" in handler.open("/workbench?desk=reviewing").text
    reviewer = site.officer(role="reviewer")
    assert "您承办过" not in reviewer.open("/workbench?desk=reviewing").text
