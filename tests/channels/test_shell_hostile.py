"""Whatever is sent to any address, it is answered in words: no fault, nothing half done."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from starlette.routing import BaseRoute, Mount, Route

from given_site import Browser, Site
from tongban import cases
from tongban.foundation.actor import Kind
from tongban.main.app import ROUTES

# As they stand in an address, already quoted where need be.
STRANGE = [
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "..%2f..%2fetc%2fpasswd",
    "%27%22%3E%3Cscript%3E",
    "9" * 4500,
    "-1",
    "%C2%B2",
    "990100-2611-0000001-X",
    "%7Bx%7D%25s",
    "%0D%0ASet-Cookie:%20a=b",
    "eyJhIjoxfQ",
    "WzFd",
    "00000000-0000-0000-0000-000000000000",
]
QUERIES = ["q", "after", "year", "region", "step", "number", "subject", "next", "stage", "status"]
QUERIES += ["audience", "department", "kind", "theme", "filter", "desk", "view"]
EXPECTED = {200, 204, 303, 307, 400, 401, 403, 404, 405, 409, 422}
# Together these open every page; no one person may hold them all.
OFFICERS = (
    ["clerk", "handler", "operator"],
    ["approver", "administrator"],
    ["auditor", "cataloguer"],
)


def routes(method: str, all_of: list[BaseRoute] = ROUTES, before: str = "") -> Iterator[str]:
    for route in all_of:
        if isinstance(route, Mount):
            yield from routes(method, list(route.routes or []), before + route.path)
        elif isinstance(route, Route) and method in (route.methods or {"GET"}):
            yield before + route.path


def address(path: str, strange: str) -> str:
    # One long address is as good as many, and a client sends none beyond 65,000 characters.
    names = QUERIES if len(strange) < 1000 else ["q", "after", "year"]
    filled = re.sub(r"{[^}]*}", strange, path)
    return f"{filled}?" + "&".join(f"{name}={strange}" for name in names)


def opened_by_officer(browser: Browser, opened: set[tuple[Kind, str]]) -> set[str]:
    """Return what an officer need not try, because another officer was let in already."""
    if browser.actor.kind is not Kind.OFFICER:
        return set()
    return {path for kind, path in opened if kind is Kind.OFFICER}


@pytest.fixture
def everybody(site: Site) -> list[Browser]:
    officers = [site.officer(role=roles, region="", name=roles[0]) for roles in OFFICERS]
    return [site.visitor(), site.person(), *officers]


def test_no_address_makes_a_fault(everybody: list[Browser]) -> None:
    wrong, opened = [], set()
    for browser in everybody:
        for path in sorted(set(routes("GET")) - opened_by_officer(browser, opened)):
            for strange in STRANGE:
                answer = browser.client.get(address(path, strange), follow_redirects=False)
                if answer.status_code not in (303, 403):
                    opened.add((browser.actor.kind, path))
                if answer.status_code not in EXPECTED and path != "/readyz":
                    wrong.append((browser.actor.name, path, strange[:40], answer.status_code))
                if answer.status_code in (303, 403):
                    break  # Not for this visitor, whatever the address says.
    assert wrong == []
    assert {path for _, path in opened} >= set(routes("GET"))


FIELDS = [
    "login",
    "password",
    "next",
    "resumed",
    "holder",
    "lang",
    "mode",
    "contrast",
    "reason",
    "stars",
    "tags",
    "comment",
    "telephone",
    "address",
    "number",
    "code",
    "revision",
    "declared",
    "remove",
    "upload",
    "later",
    "day",
    "kind",
    "name",
    "region",
    "first",
    "last",
    "delivery.way",
    "delivery.receiver",
    "choice.x",
    "kept.application",
    "kept.",
    "material.",
    "score.efficiency",
    "checked",
    "wrong.application",
    "workdays",
    "where_to_go",
    "way",
    "receiver",
    "review.agree",
    "review.opinion",
    "decide.grant",
    "decide.reason",
    "send_back.reason",
    "pause.kind",
    "pause.days_needed",
    "pause.reason",
    "extend.reason",
    "reveal.reason",
    "withdraw.reason",
    "q",
    "id_number",
    "shop_name",
    "opening",
    "contact_name",
    "waived.application",
    "idempotency_key",
]
POSTED = ["", "\x00", "²", "-1", "9" * 5000, "<script>", "{x}", "\ud7ff\ufffe", "x" * 20_000]


def token_of(browser: Browser) -> str:
    return browser.open("/track").value("csrf_token")


def test_no_form_makes_a_fault(site: Site, everybody: list[Browser]) -> None:
    person = site.person()
    with site.given() as given:
        item = given.item()
        case = given.case(item=item, by=person.actor, stage=cases.Stage.CORRECTING)
    wrong, opened = [], set()
    for browser in [person, *everybody]:
        for path in sorted(set(routes("POST")) - opened_by_officer(browser, opened)):
            if path == "/sign-out":
                continue
            token = token_of(browser)
            for value in POSTED:
                to = path.replace("{code}", item.code).replace("{number}", case.number)
                data = dict.fromkeys(FIELDS, value) | {"csrf_token": token}
                answer = browser.client.post(
                    re.sub(r"{[^}]*}", "1", to), data=data, follow_redirects=False
                )
                if answer.status_code not in EXPECTED:
                    wrong.append((browser.actor.name, path, value[:9], answer.status_code))
                if answer.status_code in (401, 403):
                    break
                opened.add((browser.actor.kind, path))
    assert wrong == []


def test_files_with_hostile_fields_make_no_fault(site: Site) -> None:
    with site.given() as given:
        item = given.item()
    person = site.person()
    token = token_of(person)
    wrong = []
    for name in (
        "\x00.pdf",
        "../../etc/passwd",
        "a" * 3000 + ".pdf",
        "CON.pdf",
        "\u202egpj.exe",
        '"\r\n',
    ):
        for field in ("material.application", "material.", "material.nothing", "x", "upload"):
            answer = person.client.post(
                f"/apply/{item.code}/materials",
                data={"csrf_token": token},
                files={field: (name, b"%PDF-1.7")},
                follow_redirects=False,
            )
            if answer.status_code not in EXPECTED:
                wrong.append((name[:20], field, answer.status_code))
    assert wrong == []


def test_a_body_that_is_no_form_is_refused_in_words(site: Site) -> None:
    person = site.person()
    for kind, body in (
        ("application/json", b"{}"),
        ("multipart/form-data", b"--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--y garbage"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%zz&&&===&csrf_token=%FF"),
        (
            "application/x-www-form-urlencoded",
            urlencode({f"f{i}": "x" for i in range(9000)}).encode(),
        ),
        ("text/plain; charset=utf-99", b"x"),
    ):
        answer = person.client.post("/my/profile", content=body, headers={"content-type": kind})
        assert answer.status_code in EXPECTED, (kind, answer.status_code)
        assert "请求编号" in answer.text or "重新提交" in answer.text, kind


@pytest.mark.parametrize(
    "cookie",
    [
        "tongban_flash=%%%",
        "tongban_flash=WzFd",
        "tongban_flash=" + quote("不是"),
        "tongban_flash=eyJhIjoxfQ==",
        "tongban_flash=" + "A" * 3999,
        "tongban_session=nobody",
        "tongban_session=" + "x" * 5000,
        "tongban_visit=",
        "tongban_lang=xx; tongban_mode=giant; tongban_contrast=none",
        "unknown=1; =2; ;;; $Version=1",
    ],
)
def test_strange_cookies_change_nothing(site: Site, cookie: str) -> None:
    for address in ("/", "/my", "/sign-in"):
        answer = site.visitor().client.get(address, headers={"cookie": cookie})
        assert answer.status_code == 200, address


@pytest.mark.parametrize("value", ["http://[", "//[", "null", "", "\x80", "http://other.example"])
def test_strange_origins_and_referers_make_no_fault(site: Site, value: str) -> None:
    browser = site.visitor()
    token = token_of(browser)
    del browser.client.headers["sec-fetch-site"]
    for header in ("origin", "referer"):
        answer = browser.client.post(
            "/language",
            data={"csrf_token": token, "lang": "en"},
            headers={header: value.encode("latin-1")},
            follow_redirects=False,
        )
        assert answer.status_code in (303, 403), (header, answer.status_code)
        assert answer.headers.get("location", "/").startswith("/")
        assert not answer.headers.get("location", "/").startswith("//")
