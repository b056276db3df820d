"""What the shell promises of every request: its origin, its number, its safe answer, one effect."""

import logging
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from given_cases import _pdf as pdf
from given_site import PASSWORD, Browser, Page, Site
from tongban import catalogue, identity
from tongban.channels.shell import observe
from tongban.foundation.actor import Actor

NUMBER = re.compile(r"请求编号：([0-9a-f]{12})")


def token_of(browser: Browser) -> str:
    return browser.open("/track").value("csrf_token")


def profile_form(browser: Browser, **changes: str) -> dict[str, Any]:
    page = browser.open("/my/profile")
    return {
        "csrf_token": page.value("csrf_token"),
        "idempotency_key": page.value("idempotency_key"),
        "telephone": "10000000002",
        "address": "海州市新港区和平路19号",
    } | changes


def login_of(site: Site, actor: Actor) -> str:
    with site.work() as work:
        found = work.value("select login from identity.account where subject = %(s)s", s=actor.id)
    return str(found)


def telephone_of(site: Site, person: Actor) -> str:
    with site.work(person) as work:
        return identity.details(work, holder=person.id).telephone


# Errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/nothing/here", 404, "网址可能输错了"),
        ("/items/NO-SUCH", 404, "NO-SUCH"),
        ("/items/NO-SUCH/versions/99999999999999999999", 404, "网址可能输错了"),
        ("/services?after=nonsense", 422, "请从第一页重新开始"),
        ("/files/00000000-0000-0000-0000-000000000000", 404, "没有找到"),
    ],
)
def test_an_address_that_leads_nowhere_says_what_to_do(
    site: Site, address: str, status: int, says: str
) -> None:
    page = site.person().open(address)

    assert page.status == status
    assert says in page.text
    found = NUMBER.search(page.text)
    assert found
    assert found[1] == page.headers["x-request-number"]


def test_a_wrong_method_is_refused_and_a_reloaded_form_leads_to_its_page(site: Site) -> None:
    visitor = site.visitor()

    refused = visitor.client.put("/search", content=b"x")
    assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (
        405,
        {"GET", "HEAD"},
    )
    assert "不能这样打开" in refused.text
    # An answer to a form stands at the address of its action; reloading it or changing the
    # language there opens the page that the form belongs to.
    reloaded = visitor.client.get("/apply/X-1/form", follow_redirects=False)
    assert (reloaded.status_code, reloaded.headers["location"]) == (303, "/apply/X-1")


def test_a_fault_is_told_with_a_number_that_the_log_has_and_leaves_nothing_half_done(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = site.person()
    form = profile_form(person)
    changed = identity.change_contact

    def change_and_fail(*things: Any, **named: Any) -> None:
        changed(*things, **named)
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(identity, "change_contact", change_and_fail)
    with caplog.at_level(logging.ERROR):
        page = Page(person, person.client.post("/my/profile", data=form))
    monkeypatch.undo()

    assert page.status == 500
    assert "也没有留下一半" in page.text
    assert "disk on fire" not in page.text
    found = NUMBER.search(page.text)
    assert found
    [line] = [record for record in caplog.records if record.message == "fault"]
    assert getattr(line, "request", "") == found[1]
    assert telephone_of(site, person.actor) == "10000000001"
    # The same form may be sent once more, and now it is done.
    assert person.client.post("/my/profile", data=form).status_code == 200
    assert telephone_of(site, person.actor) == "10000000002"


def test_more_than_any_form_can_hold_is_refused_with_a_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observe, "BODY_MAX", 1000)
    person = site.person()

    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"x" * 2000
        answer = person.client.post("/my/profile", content=body, headers={"content-type": kind})
        assert answer.status_code == 413, kind
        assert "分开上传" in answer.text


# Safe headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/", "/nothing", "/my", "/healthz", "/readyz", "/metrics", "/static/x/tongban.js",
     "/static/nothing", "/api/v1/search", "/api/v1/nothing", "/api/v1/openapi.json",
     "/api/v1/docs"],
)  # fmt: skip
def test_every_answer_is_under_the_strict_policy(site: Site, address: str) -> None:
    answer = site.visitor().client.get(address, follow_redirects=False)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch("[0-9a-f]{12}", answer.headers["x-request-number"])


def test_so_is_a_fault_outside_of_any_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find", None)
    client = TestClient(site.app, raise_server_exceptions=False)

    answer = client.get("/api/v1/search?q=x")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]


# Whose form it is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_a_form_that_another_site_sends_does_nothing(site: Site, headers: dict[str, str]) -> None:
    person = site.person()
    form = profile_form(person)
    if "sec-fetch-site" not in headers:
        del person.client.headers["sec-fetch-site"]

    answer = person.client.post("/my/profile", data=form, headers=headers)

    assert answer.status_code == 403
    assert "不是从本网站的页面发出的" in answer.text
    assert telephone_of(site, person.actor) == "10000000001"


@pytest.mark.parametrize("token", [None, "", "wrong", "another"])
def test_a_form_without_the_visitors_own_token_asks_to_confirm_and_keeps_what_was_typed(
    site: Site, token: str | None
) -> None:
    person = site.person()
    form = profile_form(person)
    if token is None:
        del form["csrf_token"]
    else:
        form["csrf_token"] = token_of(site.visitor()) if token == "another" else token

    page = Page(person, person.client.post("/my/profile", data=form))

    assert page.status == 403
    assert "页面停留过久" in page.text
    assert telephone_of(site, person.actor) == "10000000001"
    page.press("继续提交")
    assert telephone_of(site, person.actor) == "10000000002"


# Once and once only ---------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_done_once_and_answered_alike(site: Site) -> None:
    with site.given() as given:
        item = given.item(materials=())
    person = site.person()
    form = {"csrf_token": token_of(person)}
    filled = form | {"shop_name": "早点铺", "contact_name": "张小明"}
    person.client.post(f"/apply/{item.code}/form", data=filled)
    person.client.post(f"/apply/{item.code}/delivery", data=form | {"delivery.way": "pick_up"})
    page = person.open(f"/apply/{item.code}?step=check")
    sent = form | {"declared": "1", "idempotency_key": page.value("idempotency_key")}

    first = person.client.post(f"/apply/{item.code}/submit", data=sent)
    second = person.client.post(f"/apply/{item.code}/submit", data=sent)

    assert "申请已提交" in first.text
    assert first.url == second.url
    assert person.open("/my").text.count(item.name) == 1


def test_a_key_that_comes_again_with_other_content_is_refused(site: Site) -> None:
    person = site.person()
    form = profile_form(person)
    person.client.post("/my/profile", data=form)

    answer = person.client.post("/my/profile", data=form | {"telephone": "10000000003"})

    assert answer.status_code == 409
    assert "已经提交过，但内容不同" in answer.text
    assert telephone_of(site, person.actor) == "10000000002"


def test_another_file_of_the_same_name_and_size_is_other_content(site: Site) -> None:
    admin = site.officer(role="administrator", region="")
    page = admin.open("/console/calendar")
    form = {
        "csrf_token": page.value("csrf_token"),
        "idempotency_key": "key-12345678",
        "region": "000000",
        "reason": "通知",
    }
    days = [f"date,kind,name\n2031-05-0{day},holiday,劳动节\n".encode() for day in (1, 2)]

    answers = [
        admin.client.post("/console/calendar/import", data=form, files={"file": ("d.csv", each)})
        for each in days
    ]

    assert [answer.status_code for answer in answers] == [200, 409]


@pytest.mark.parametrize("key", ["x", "短" * 10, "k" * 129, "a b\tc d e f g"])
def test_a_key_of_the_wrong_form_is_told(site: Site, key: str) -> None:
    person = site.person()

    answer = person.client.post("/my/profile", data=profile_form(person, idempotency_key=key))

    assert answer.status_code == 422
    assert telephone_of(site, person.actor) == "10000000001"


# Where it leads -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_no_sign_in_leads_to_another_site(site: Site, target: str) -> None:
    browser = site.officer()
    login = login_of(site, browser.actor)
    browser.client.cookies.clear()
    token = Page(browser, browser.client.get("/sign-in", params={"next": target})).value(
        "csrf_token"
    )

    answer = browser.client.post(
        "/sign-in",
        data={"csrf_token": token, "next": target, "login": login, "password": PASSWORD},
        follow_redirects=False,
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/counter")


def test_nothing_that_is_typed_becomes_a_header(site: Site) -> None:
    visitor = site.visitor()
    token = token_of(visitor)

    for path, data in (
        ("/language", {"lang": "en\r\nSet-Cookie: a=b"}),
        ("/mode", {"mode": "elder\r\nX-Evil: 1", "contrast": "high\n"}),
        ("/act-for", {"holder": "p-1\r\nX-Evil: 1", "next": "/my\r\nX-Evil: 1"}),
    ):
        answer = visitor.client.post(
            path, data=data | {"csrf_token": token}, follow_redirects=False
        )
        assert "x-evil" not in answer.headers
        assert "a=b" not in answer.headers.get("set-cookie", "")


def test_the_language_changes_and_the_page_stays(site: Site) -> None:
    visitor = site.visitor()
    page = visitor.open("/services?audience=person").press("English")

    assert page.address == "/services?audience=person"
    assert page.heading == "Services"


# When the session has run out -----------------------------------------------------------------


def test_what_was_being_sent_is_sent_after_signing_in_again(site: Site) -> None:
    person = site.person()
    form = profile_form(person)
    with site.work() as work:
        work.run("delete from identity.session where subject = %(s)s", s=person.actor.id)
    login = login_of(site, person.actor)

    asked = Page(person, person.client.post("/my/profile", data=form))
    assert asked.status == 401
    wrong = asked.press("登录", within="/sign-in", login=login, password="wrong-password")
    assert "密码" in wrong.text
    again = wrong.press("登录", within="/sign-in", login=login, password=PASSWORD)
    done = again.press("继续提交")

    assert "联系方式已更新" in done.text
    assert telephone_of(site, person.actor) == "10000000002"


def test_files_that_could_not_be_kept_are_named_before_and_after_signing_in(site: Site) -> None:
    person = site.person()
    login = login_of(site, person.actor)
    with site.given() as given:
        item = given.item()
    page = person.open(f"/apply/{item.code}?step=materials")
    with site.work() as work:
        work.run("delete from identity.session where subject = %(s)s", s=person.actor.id)
    field = page.tree.xpath("//input[@type='file']/@name")[0]

    asked = page.press("保存并继续", **{field: ("租赁合同.pdf", pdf("合同"))})
    assert asked.status == 401
    again = asked.press("登录", within="/sign-in", login=login, password=PASSWORD)

    for shown in (asked, again):
        assert "请重新选择：租赁合同.pdf" in shown.text
    done = again.press("继续提交")
    assert done.status in (200, 422)
    assert person.open(f"/apply/{item.code}?step=materials").status == 200


@pytest.mark.parametrize(
    "resumed",
    ["{", "[]", '{"target": "https://evil.example", "kept": []}', '{"target": "/x", "kept": 1}',
     '{"target": "/my", "kept": [1, ["a"], ["a", 2], ["b", "c", "d"]]}', '{"kept": [["a", "b"]]}'],
)  # fmt: skip
def test_a_kept_form_that_is_none_of_ours_is_left_out(site: Site, resumed: str) -> None:
    person = site.person()
    login = login_of(site, person.actor)

    answer = person.client.post(
        "/sign-in",
        data={
            "csrf_token": token_of(person),
            "login": login,
            "password": PASSWORD,
            "resumed": resumed,
        },
    )

    assert answer.status_code == 200
    assert "evil" not in answer.text
