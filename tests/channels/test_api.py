"""The interface for other systems: what it answers, how it refuses, how it describes itself."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from given_site import Site
from tongban import catalogue

PROBLEM = "application/problem+json"


@pytest.fixture
def client(site: Site) -> TestClient:
    return TestClient(site.app, raise_server_exceptions=False)


@pytest.fixture
def item(site: Site) -> catalogue.Item:
    with site.given() as given:
        return given.item()


def test_services_are_found_listed_and_read(client: TestClient, item: catalogue.Item) -> None:
    [found] = _found(client, q="食品经营", region="990100")
    listed = client.get("/api/v1/services", params={"department": item.department}).json()
    whole = client.get(f"/api/v1/services/{item.code}").json()

    assert (found["code"], found["name"], found["region"]) == (item.code, item.name, "990100")
    assert [line["code"] for line in listed["services"]] == [item.code]
    assert listed["following"] == ""
    assert whole["name"] == item.name
    assert whole["statutory"] == {"amount": 20, "unit": "workday"}
    assert [material["key"] for material in whole["materials"]] == ["application", "layout"]


def test_a_region_may_be_written_with_six_nine_or_twelve_digits(
    client: TestClient, item: catalogue.Item
) -> None:
    answers = [
        _found(client, q="食品经营", region=region)
        for region in ("990100", "990100000", "990100000000")
    ]

    assert answers[0][0]["code"] == item.code
    assert answers == [answers[0]] * 3


def _found(client: TestClient, **asked: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get("/api/v1/search", params=asked).json()["results"]
    return found


def test_pages_follow_one_another_without_gap_or_repetition(client: TestClient, site: Site) -> None:
    with site.given() as given:
        codes = {given.item(name=f"事项{number}").code for number in range(5)}

    seen: list[str] = []
    after = ""
    while True:
        page = client.get("/api/v1/services", params={"limit": 2, "after": after}).json()
        seen += [line["code"] for line in page["services"]]
        after = page["following"]
        if not after:
            break

    assert sorted(seen) == sorted(codes)


def test_departments_and_due_dates(client: TestClient, item: catalogue.Item) -> None:
    departments = client.get("/api/v1/departments", params={"region": "990100"}).json()
    # 2024-06-10 is the Dragon Boat festival.
    due = client.get("/api/v1/calendar/due-date", params={"start": "2024-06-07", "days": 1}).json()

    assert [each["name"] for each in departments] == [item.department_name]
    assert due["due_on"] == "2024-06-11"
    assert due["provisional"] is False


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/api/v1/search", 422, "q"),
        ("/api/v1/search?q=" + "x" * 101, 422, "q"),
        ("/api/v1/search?q=x&limit=0", 422, "limit"),
        ("/api/v1/search?q=x&limit=101", 422, "limit"),
        ("/api/v1/search?q=x&region=1", 422, "region"),
        ("/api/v1/search?q=x&region=99010000", 422, "region"),
        ("/api/v1/services?audience=martian", 422, "audience"),
        ("/api/v1/services?after=nonsense", 422, "after"),
        ("/api/v1/departments", 422, "region"),
        ("/api/v1/calendar/due-date?start=yesterday&days=1", 422, "start"),
        ("/api/v1/calendar/due-date?start=2024-06-07&days=99999", 422, "days"),
        ("/api/v1/services/NO-SUCH", 404, ""),
        ("/api/v1/nothing", 404, ""),
    ],
)
def test_a_refusal_is_a_problem_that_names_the_field(
    client: TestClient, path: str, status: int, field: str
) -> None:
    answer = client.get(path)
    body: dict[str, Any] = answer.json()

    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == PROBLEM
    assert body["type"].startswith("urn:tongban:problem:")
    assert body["title"]
    assert body["instance"] == f"urn:tongban:request:{answer.headers['x-request-number']}"
    assert field in {"", *(error["field"] for error in body.get("errors", []))}
    if field:
        assert field in {error["field"] for error in body["errors"]}


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh-CN", "没有编码为 X-1 的事项"), ("en-GB,en;q=0.9", "X-1"), ("fr", "没有编码为")],
)
def test_a_refusal_speaks_the_language_that_is_asked_for(
    client: TestClient, language: str, says: str
) -> None:
    answer = client.get("/api/v1/services/X-1", headers={"accept-language": language})

    assert says in answer.json()["title"]
    wrong = client.get("/api/v1/search", headers={"accept-language": language}).json()["errors"]
    english = language.startswith("en")
    assert answer.headers["content-language"] == ("en" if english else "zh-CN")
    assert wrong[0]["message"] == ("This parameter is missing" if english else "缺少这个参数")


def test_a_wrong_method_is_a_problem_too(client: TestClient) -> None:
    answer = client.post("/api/v1/search", json={})

    assert answer.status_code == 405
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["allow"] == "GET"


def test_a_fault_is_told_with_its_number_only(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "find", None)

    answer = client.get("/api/v1/search?q=x")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["instance"].endswith(answer.headers["x-request-number"])
    assert "NoneType" not in answer.text


def test_the_description_is_openapi_and_complete(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()

    assert re.fullmatch(r"3\.1\.\d", document["openapi"])
    assert document["servers"] == [{"url": "/api/v1"}]
    assert set(document["info"]) >= {"title", "version"}
    assert set(document["paths"]) == {
        "/search",
        "/services",
        "/services/{code}",
        "/departments",
        "/calendar/due-date",
    }
    ids = []
    for path, operations in document["paths"].items():
        for operation in operations.values():
            ids.append(operation["operationId"])
            assert operation["summary"]
            assert PROBLEM in operation["responses"]["4XX"]["content"]
            named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
    assert len(set(ids)) == len(ids)
    for reference in re.findall(r'"\$ref": ?"#/([^"]+)"', client.get("/api/v1/openapi.json").text):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]


def test_its_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/api/v1/docs")

    assert "/search" in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
