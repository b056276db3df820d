"""Usual cases of a service are put together in the console, and are one click on the guide."""

from dataclasses import replace

import pytest

from given_site import Browser, Site
from tongban import catalogue
from tongban.catalogue import Choice, Item, Material, Question, Scenario

WHO = Question("who", "谁来申请？", (Choice("self", "本人"), Choice("other", "代办", ("proxy",))))
WHERE = Question("where", "住在哪里？", (Choice("here", "本市"), Choice("away", "外地")))
PROXY = Scenario("s1", "请别人代办", {"who": "other"}, "带上委托书")


@pytest.fixture
def item(site: Site) -> Item:
    with site.given() as given:
        return given.item(
            code="HZ-1",
            name="食品经营许可",
            materials=(Material("id", "身份证"), Material("proxy", "授权委托书")),
            questions=(WHO, WHERE),
            scenarios=(PROXY,),
        )


@pytest.fixture
def editor(site: Site, item: Item) -> Browser:
    return site.officer(role="cataloguer", department=item.department)


def sheet(editor: Browser) -> str:
    return editor.open("/console/items/HZ-1").press("修改").address + "/sections/scenarios"


def drafted(site: Site) -> Item:
    with site.work() as work:
        found = catalogue.open_draft(work, item_code="HZ-1")
    assert found is not None
    return found.item


def changed(site: Site, **said: object) -> None:
    """Somebody else, or an import, changes the draft."""
    with site.work() as work:
        draft = catalogue.open_draft(work, item_code="HZ-1")
        assert draft is not None
        catalogue.save_draft(
            work,
            id=draft.id,
            revision=draft.revision,
            item=replace(draft.item, **said),  # type: ignore[arg-type]
        )


def test_a_usual_case_is_added_by_choosing_answers_and_told_in_words(
    site: Site, editor: Browser
) -> None:
    page = editor.open(sheet(editor))
    draft = page.press(
        "保存",
        **{"1-title": "外地人自己办", "1-answers-who": "self", "1-answers-where": "away"},
    )
    added = Scenario("s2", "外地人自己办", {"who": "self", "where": "away"})
    assert drafted(site).scenarios == (PROXY, added)
    assert "“常见情形”增加了“外地人自己办”" in draft.text


def test_a_usual_case_is_changed_and_compared_in_words(site: Site, editor: Browser) -> None:
    draft = editor.open(sheet(editor)).press(
        "保存", **{"0-explanation": "带上双方身份证", "0-answers-where": "away"}
    )
    [kept] = drafted(site).scenarios
    assert kept == Scenario("s1", "请别人代办", {"who": "other", "where": "away"}, "带上双方身份证")
    assert "原为“谁来申请：代办”，现为“谁来申请：代办、住在哪里：外地”" in draft.text
    assert "现为“带上双方身份证”" in draft.text


def test_a_usual_case_is_taken_away_by_emptying_its_name(site: Site, editor: Browser) -> None:
    draft = editor.open(sheet(editor)).press("保存", **{"0-title": ""})
    assert drafted(site).scenarios == ()
    assert "“常见情形”去掉了“请别人代办”" in draft.text


def test_what_was_added_is_one_click_on_the_guide(site: Site, editor: Browser) -> None:
    editor.open(sheet(editor)).press("保存", **{"1-title": "自己办", "1-answers-who": "self"})
    with site.work() as work:
        catalogue.publish(work, item=drafted(site))
    chosen = site.visitor().open("/items/HZ-1").follow("自己办")
    assert chosen.address.endswith("who=self")
    assert "授权委托书" not in chosen.text


def test_two_usual_cases_of_one_name_are_refused_and_what_was_typed_stays(
    site: Site, editor: Browser
) -> None:
    again = editor.open(sheet(editor)).press(
        "保存",
        **{"1-title": "请别人代办", "1-explanation": "又一个", "1-answers-where": "away"},
    )
    assert again.errors == {"1-title": "“请别人代办”前面已经有了，请换一个名称"}
    assert "又一个" in again.text
    assert "“常见情形”增加了“请别人代办（2）”" in again.text
    assert drafted(site).scenarios == (PROXY,)


def test_an_answer_that_is_gone_is_told_and_chosen_anew(site: Site, editor: Browser) -> None:
    address = sheet(editor)
    changed(site, questions=(replace(WHO, choices=(WHO.choices[0], Choice("kin", "亲属"))), WHERE))
    page = editor.open(address)
    assert "选的答案（other）已经不在问题“谁来申请？”中" in page.text
    again = page.press("保存")
    told = "问题“谁来申请？”没有您选的这个答案（已经改了），请重新选择"
    assert again.errors == {"0-answers-who": told}
    again.press("保存", **{"0-answers-who": "kin"})
    assert drafted(site).scenarios == (replace(PROXY, answers={"who": "kin"}),)


def test_a_question_that_is_gone_keeps_a_draft_from_review_until_it_is_looked_at(
    site: Site, editor: Browser
) -> None:
    address = sheet(editor)
    changed(site, questions=(WHERE,))
    draft = editor.open(address.removesuffix("/sections/scenarios"))
    assert "常见情形“请别人代办”回答的问题（who）已经没有了" in draft.press("提交审核").text
    page = editor.open(address)
    assert "原来还回答了已经没有的问题（who），保存时去掉" in page.text
    page.press("保存", **{"0-answers-where": "here"})
    assert drafted(site).scenarios == (replace(PROXY, answers={"where": "here"}),)


def test_questions_changed_by_somebody_else_meanwhile_are_told(site: Site, editor: Browser) -> None:
    page = editor.open(sheet(editor))
    changed(site, questions=(WHERE,))
    again = page.press("保存", **{"0-title": "代办"})
    assert "在您之后改过这份草稿" in again.text
    assert drafted(site).scenarios == (PROXY,)


def test_save_and_add_another_opens_an_empty_one(site: Site, editor: Browser) -> None:
    page = editor.open(sheet(editor)).press("保存并再加一项", **{"0-title": "代办"})
    [last] = page.tree.xpath("//details[summary[contains(., '增加一项')]]")
    assert "open" in last.attrib
    assert drafted(site).scenarios == (replace(PROXY, title="代办"),)


def test_in_english_the_sheet_and_its_errors_are_english(editor: Browser) -> None:
    address = sheet(editor)
    editor.client.cookies.set("tongban_lang", "en")
    page = editor.open(address)
    assert "Answers it stands for" in page.text
    again = page.press("Save", **{"1-title": "请别人代办"})
    assert '"请别人代办" is there already' in again.errors["1-title"]


def test_without_questions_the_way_to_them_is_shown(site: Site, editor: Browser) -> None:
    address = sheet(editor)
    changed(site, questions=(), scenarios=())
    page = editor.open(address)
    assert page.follow("先写情形问题").address.endswith("/situations")
