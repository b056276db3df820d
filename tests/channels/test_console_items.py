"""Officials change services on pages: section by section, four eyes, compared, withdrawn."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from given_site import Browser, Page, Site
from tongban import catalogue
from tongban.catalogue import Basis, Channels, Item, Step


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


HOSTILE = '<script>alert(1)</script><a href="javascript:alert(2)">x</a>'


class Keeping:
    """A site with one service, whose text the linter accepts, and the officers who keep it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.given() as given:
            self.item = given.item(
                code="HZ-1",
                name="食品经营许可",
                conditions="有固定的场所。",
                service_object="企业法人",
                legal_basis=(Basis("食品安全法", "第三十五条"),),
                steps=tuple(Step(n, standard="齐全") for n in ("受理", "审查", "决定", "送达")),
                channels=Channels(
                    forms=("窗口办理", "网上办理"),
                    address="海州市新港区和平路18号政务服务中心1号窗口",
                    hours="工作日 9:00—17:00",
                    consult="0999-8812001",
                    complaint="0999-8813001",
                    online=True,
                ),
            )
        unit = self.item.department
        self.editor = site.officer(role="cataloguer", name="郑编目", department=unit)
        self.approver = site.officer(role="approver", name="钱局长", department=unit)

    def begun(self, browser: Browser | None = None) -> Page:
        return (browser or self.editor).open("/console/items/HZ-1").press("修改")

    def section(self, page: Page, name: str, browser: Browser | None = None) -> Page:
        return (browser or self.editor).open(f"{page.address}/sections/{name}")

    def present(self) -> Item:
        with self.site.work() as work:
            return catalogue.item(work, code="HZ-1")


@pytest.fixture
def keeping(site: Site) -> Keeping:
    return Keeping(site)


def test_a_service_is_changed_reviewed_and_published_on_pages(keeping: Keeping) -> None:
    draft = keeping.begun()
    page = keeping.section(draft, "limits").press("保存", promised="3")
    page = page.press("保存说明", change_note="办得更快了")
    page = page.press("提交审核", within="/submit")
    assert "待审核" in page.text

    page = keeping.approver.open(draft.address)
    assert "“承诺时限”由“5个工作日”改为“3个工作日”" in page.text
    page = page.press("提交审核意见", agree="yes").press("发布")

    assert "已发布" in page.text
    assert str(keeping.present().promised) == "3个工作日"
    page = keeping.site.visitor().open("/items/HZ-1/changes")
    assert "办得更快了" in page.text
    assert "“承诺时限”由“5个工作日”改为“3个工作日”" in page.text


def test_sending_back_without_a_word_is_refused_beside_the_field(keeping: Keeping) -> None:
    draft = keeping.begun()
    draft.press("提交审核", within="/submit")
    page = keeping.approver.open(draft.address).press("提交审核意见", agree="no")
    assert page.errors == {"comment": "退回时请写明要改什么"}


def test_whoever_wrote_it_finds_no_button_to_approve_it(keeping: Keeping) -> None:
    both = keeping.site.officer(
        role=["cataloguer", "approver"], name="两岗", department=keeping.item.department
    )
    draft = keeping.begun(both)
    page = draft.press("提交审核", within="/submit")
    assert "提交审核意见" not in page.buttons()
    assert "不能自己审核或者发布" in page.text


def test_of_two_editors_the_later_loses_nothing(keeping: Keeping) -> None:
    other = keeping.site.officer(
        role="cataloguer", name="吴编目", department=keeping.item.department
    )
    draft = keeping.begun()
    mine, theirs = keeping.section(draft, "basics"), keeping.section(draft, "basics", other)
    theirs.press("保存", summary="吴写的")

    page = mine.press("保存", summary="郑写的")

    assert page.status == 422
    assert "吴编目在您之后改过这份草稿" in page.text
    assert page.value("summary") == "郑写的"
    assert "“一句话说明”由“吴写的”改为“郑写的”" in page.text
    page.press("保存")
    with keeping.site.work() as work:
        held = catalogue.open_draft(work, item_code="HZ-1")
    assert held is not None
    assert held.item.summary == "郑写的"


def test_materials_are_added_changed_and_removed_by_forms(keeping: Keeping) -> None:
    draft = keeping.begun()
    page = keeping.section(draft, "materials")
    fields: dict[str, Any] = {
        "0-name": "申请书（新版）",
        "1-name": "",
        "2-name": "场所证明",
        "2-originals": "1",
    }
    page.press("保存", **fields)
    with keeping.site.work() as work:
        held = catalogue.open_draft(work, item_code="HZ-1")
    assert held is not None
    assert [(m.key, m.name) for m in held.item.materials] == [
        ("application", "申请书（新版）"),
        ("m1", "场所证明"),
    ]


@pytest.mark.parametrize("typed", ["三天", "1.5", "-1", "9" * 30])
def test_a_number_that_is_none_is_named_beside_its_field(keeping: Keeping, typed: str) -> None:
    page = keeping.section(keeping.begun(), "limits").press("保存", promised=typed)
    assert page.errors == {"promised": "请填写整数"}


def test_errors_of_the_linter_keep_a_draft_from_being_handed_in(keeping: Keeping) -> None:
    draft = keeping.begun()
    fields: dict[str, Any] = {"channels.complaint": "0999-8812001"}
    page = keeping.section(draft, "channels").press("保存", **fields)
    assert "处错误" in page.text
    page = page.press("提交审核", within="/submit")
    assert page.status == 422
    assert "电话" in page.text


def test_an_editor_sees_only_their_own_department(keeping: Keeping) -> None:
    with keeping.site.given() as given:
        elsewhere = given.department(name="海州市公安局")
    stranger = keeping.site.officer(role="cataloguer", name="外人", department=elsewhere.code)
    draft = keeping.begun()
    assert stranger.open("/console/items/HZ-1").status == 403
    assert stranger.open(draft.address).status == 403
    assert stranger.open(f"{draft.address}/sections/basics").status == 403
    page = stranger.open("/console/items?q=食品经营许可")
    assert page.status == 200
    assert "HZ-1" not in page.text


def test_a_service_is_cancelled_with_a_reason_from_a_day_on(keeping: Keeping) -> None:
    page = keeping.approver.open("/console/items/HZ-1")
    assert page.press("取消事项").errors == {"reason": "请写明取消的原因"}
    tomorrow = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011
    page = page.press("取消事项", reason="国家取消", withdrawn_from=tomorrow)
    assert "在办的办件" in page.text


def test_hostile_texts_stay_texts(keeping: Keeping) -> None:
    draft = keeping.begun()
    page = keeping.section(draft, "conditions").press("保存", conditions=HOSTILE)
    for address in (page.address, f"{draft.address}/sections/conditions"):
        shown = keeping.editor.open(address)
        assert b"<script>alert" not in shown.content
        assert b'href="javascript' not in shown.content


def test_hostile_texts_stay_texts_where_everybody_reads_them(keeping: Keeping) -> None:
    with keeping.site.given() as given:
        catalogue.publish(
            given.work,
            item=replace(
                keeping.item,
                name=f"食品{HOSTILE}",
                summary=HOSTILE,
                conditions=HOSTILE,
                everyday_words=(HOSTILE,),
                themes=(HOSTILE,),
                materials=(catalogue.Material("a", HOSTILE, remark=HOSTILE),),
                steps=(Step(HOSTILE, standard=HOSTILE),),
                faq=(catalogue.Faq(HOSTILE, HOSTILE),),
                channels=Channels(forms=("窗口办理",), address=HOSTILE, consult=HOSTILE),
            ),
        )
    visitor = keeping.site.visitor()
    for address in ("/items/HZ-1", "/items/HZ-1/changes", "/", "/services", "/search?q=食品"):
        shown = visitor.open(address)
        assert shown.status == 200
        assert b"<script>alert" not in shown.content
        assert b'href="javascript' not in shown.content
    assert HOSTILE in visitor.open("/items/HZ-1").text
    notice = visitor.open("/items/HZ-1/notice.pdf").content
    # Long words may be broken between any two letters there.
    assert "<script>alert(1)</script>" in text_of(notice).replace("\u200b", "")


def test_a_version_is_not_published_in_the_past_by_a_form(keeping: Keeping) -> None:
    draft = keeping.begun()
    keeping.section(draft, "limits").press("保存", promised="3")
    keeping.editor.open(draft.address).press("提交审核", within="/submit")
    page = keeping.approver.open(draft.address).press("提交审核意见", agree="yes")
    page = page.press("发布", effective_from="2020-01-01")
    assert "生效日期不能早于今天" in page.errors["effective_from"]
    assert str(keeping.present().promised) == "5个工作日"


EMPTY = [
    "/",
    "/services",
    "/search?q=食品",
    "/departments",
    "/regions",
    "/lists",
    "/api/v1/search?q=食品",
]


@pytest.mark.parametrize("address", EMPTY)
def test_the_portal_works_on_an_empty_catalogue(site: Site, address: str) -> None:
    assert site.visitor().open(address).status == 200


def test_a_new_service_begins_on_a_page(keeping: Keeping) -> None:
    page = keeping.editor.open("/console/items/new")
    assert page.press("建立草稿").errors.keys() == {"department", "kind"}
    page = page.press(
        "建立草稿", name="新事项", code="HZ-2", department=keeping.item.department, kind="20"
    )
    assert page.heading == "新事项"
    page = keeping.editor.open("/console/items/new").press(
        "建立草稿", name="又一个", code="HZ-1", department=keeping.item.department, kind="20"
    )
    assert page.status == 409


def test_versions_are_compared_in_plain_words(keeping: Keeping) -> None:
    with keeping.site.given() as given:
        catalogue.publish(
            given.work, item=replace(keeping.item, visits=1, everyday_words=("开饭店",))
        )
    page = keeping.editor.open("/console/items/HZ-1").follow("改了什么")
    page = keeping.editor.open("/console/items/HZ-1/compare?old=1&new=2")
    assert "“日常用语”增加了“开饭店”" in page.text
    assert "“跑几次”由“0”改为“1”" in page.text
    assert keeping.editor.open("/console/items/HZ-1/compare?old=1&new=99").status == 404


@pytest.mark.parametrize(
    "address",
    [
        "/console/items",
        "/console/agreement",
        "/console/items/new",
        "/console/materials",
        "/console/words",
        "/console/search",
    ],
)
def test_the_console_works_on_an_empty_catalogue(site: Site, address: str) -> None:
    assert site.officer(role="cataloguer", region="").open(address).status == 200


@pytest.mark.parametrize("id", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_draft_that_is_not_there_is_not_found(keeping: Keeping, id: str) -> None:
    assert keeping.editor.open(f"/console/drafts/{id}").status == 404
    draft = keeping.begun()
    assert keeping.editor.open(f"{draft.address}/sections/nothing").status == 404


def test_the_one_off_notice_lists_what_ones_own_case_needs(keeping: Keeping) -> None:
    choice = catalogue.Choice("yes", "新开店", ("layout",))
    with keeping.site.given() as given:
        catalogue.publish(
            given.work,
            item=replace(
                keeping.item, questions=(catalogue.Question("open", "哪种情形？", (choice,)),)
            ),
        )
    visitor = keeping.site.visitor()
    text = text_of(visitor.open("/items/HZ-1/notice.pdf?open=yes").content)
    assert "布局图" in text
    assert "新开店" in text
    bare = text_of(visitor.open("/items/HZ-1/notice.pdf").content)
    assert "申请书" in bare
    assert "布局图" not in bare
    assert visitor.open("/items/HZ-1").link("一次性告知书").endswith("/items/HZ-1/notice.pdf")


def test_the_guide_is_read_by_machines(keeping: Keeping) -> None:
    page = keeping.site.visitor().open("/items/HZ-1/service.jsonld")
    assert page.headers["content-type"].startswith("application/ld+json")
    told = json.loads(page.content)
    assert told["@type"] == "GovernmentService"
    assert told["name"] == "食品经营许可"
    assert told["provider"]["name"] == keeping.item.department_name
    guide = keeping.site.visitor().open("/items/HZ-1")
    assert b'type="application/ld+json"' in guide.content
    assert b"service.jsonld" in guide.content


def test_a_name_that_many_places_have_finds_the_own_service(keeping: Keeping) -> None:
    name = keeping.item.name
    with keeping.site.given() as given:
        given.region(code="450100", name="南宁市")
        unit = given.department(name="南宁市市场监督管理局", region="450100")
        there = {"department": unit.code, "department_name": unit.name, "region": "450100"}
        items = [replace(keeping.item, code=f"GX-{n}", **there) for n in range(100)]
        catalogue.publish_all(given.work, items=items)
    assert "HZ-1" in keeping.editor.open(f"/console/items?q={name}").text
