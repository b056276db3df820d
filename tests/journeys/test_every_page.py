"""Every page that the application has: readable for all, on every screen, in both languages.

The pages are taken from the table of routes, so a new one is looked at as soon as it exists.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from starlette.routing import BaseRoute, Mount, Route

from journeys.town import Doors, Town
from tongban.main.app import ROUTES

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = """() => document.documentElement.scrollWidth <= 320 ? [] :
  [...document.querySelectorAll("body *")].filter(it =>
    it.getBoundingClientRect().right > 321 &&
    !it.closest(".visually-hidden, .table-box, .flow-scroll"))
  .map(it => it.outerHTML.slice(0, 120))"""
# What answers a GET but is no page.
NOT_PAGES = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/items/{code}/code.svg",
    "/search/suggestions",
    "/files/{id:uuid}",
    "/console/rules/{code}/versions/{version}/dmn",
    "/items/{code}/notice.pdf",
    "/guide-files/{id:uuid}",
    "/items/{code}/service.jsonld",
    "/lists/{list}.csv",
    "/lists/{list}.json",
    "/console/imports/template",
    "/console/imports/{number:int}/rejects",
    "/console/words.csv",
    "/console/exports/{form}",
    # Pages of drafts and imports, which the seeded city has not; tests of the console open them.
    "/console/drafts/{id}",
    "/console/drafts/{id}/sections/{section}",
    "/console/drafts/{id}/steps/{step:int}",
    "/console/drafts/{id}/situations",
    "/console/sets/{id}",
    "/console/entries/{id}",
    "/console/items/{code}/compare",
    "/console/imports/{number:int}",
    "/console/exchange/{id:int}",
    "/console/exchange/held-back/{list}/{code}",
    "/console/exchange/batches/{number}",
    # Pages of drafts of processes, which the seeded city has not; tests/channels/test_processes.py
    # opens them.
    "/console/processes/drafts/{draft:uuid}",
    "/console/processes/drafts/{draft:uuid}/design",
    "/console/processes/drafts/{draft:uuid}/file",
    "/console/processes/published/{process}",
    "/console/processes/published/{process}/compare",
    "/console/processes/published/{process}/simulate",
    "/console/processes/published/{process}/migrations",
    "/console/processes/published/{process}/migrations/new",
    "/console/migrations/{number:int}",
    "/console/instances/{key}",
    "/console/processes/published/{process}/{version:int}/file",
    # Pages, but of a second version and of a replay that somebody began, which the seeded city has
    # not; tests/channels/test_rulebook.py opens them.
    "/console/rules/{code}/compare",
    "/console/rules/{code}/replays/{replay}",
}
RULES_OF_ITEM = "AL-MZ-001-instant"
GUIDES = ["AL-SCJG-001", "AL-MZ-001", "AL-RSSB-001"]
# One test for each of them, so that two processes share the looking.
PUBLIC = ["", "zhang", "li", "wang", "chen", "zhao"]
OFFICERS = ["clerk", "handler", "approver", "supervisor", "operator", "admin", "auditor"]
OFFICERS += ["cataloguer"]
STEPS = ["choices", "form", "materials", "delivery", "check"]


def routes(all_of: list[BaseRoute] = ROUTES) -> Iterator[str]:
    for route in all_of:
        if isinstance(route, Mount):
            continue  # The interface for machines and the static files.
        if isinstance(route, Route) and "GET" in (route.methods or {"GET"}):
            yield route.path


def visits(town: Town) -> dict[str, list[tuple[str, str]]]:
    """For every route, who goes to which addresses of it."""
    stages = town.rows("select distinct on (stage, step) number, stage, step from cases.case_file")
    everybody = [number for number, _, _ in stages]
    [(zhang,)] = town.rows("select subject from identity.account where login = 'zhang'")
    own = [
        number
        for (number,) in town.rows(
            "select distinct on (stage) number from cases.case_file where holder = any(%s)",
            [zhang, *town.firms_of(zhang)],
        )
    ]
    correcting, login = town.case_in("correcting")
    return {
        "/": [("", "/"), ("zhang", "/")],
        "/sign-in": [("", "/sign-in"), ("", "/sign-in?next=/my")],
        "/search": [("", "/search"), ("", "/search?q=开饭店"), ("", "/search?q=qqqq")],
        "/services": [("", "/services"), ("", "/services?audience=business&kind=01")],
        "/departments": [("", "/departments")],
        "/regions": [("", "/regions?back=/services")],
        "/zones/{code}": [("", "/zones/stage-permit"), ("", "/zones/restaurant")],
        "/halls": [("", "/halls")],
        "/items/{code}": [("", f"/items/{code}") for code in GUIDES]
        + [("", "/items/AL-SCJG-001?format=restaurant")],
        "/items/{code}/versions/{version:int}": [("", f"/items/{GUIDES[0]}/versions/1")],
        "/apply/{code}": [("zhang", f"/apply/{GUIDES[0]}?step={step}") for step in STEPS],
        "/my": [("zhang", "/my"), ("li", "/my")],
        "/my/cases/{number}": [("zhang", f"/my/cases/{number}") for number in own],
        "/my/cases/{number}/receipt": [("zhang", f"/my/cases/{own[0]}/receipt")],
        "/my/cases/{number}/trace": [("zhang", f"/my/cases/{own[0]}/trace")],
        "/my/cases/{number}/correct": [(login, f"/my/cases/{correcting}/correct")],
        "/my/profile": [("zhang", "/my/profile")],
        "/track": [("", "/track")],
        "/counter": [("clerk", "/counter")],
        "/counter/cases/{number}": [("clerk", f"/counter/cases/{number}") for number in everybody],
        "/counter/delivery": [("clerk", "/counter/delivery")],
        "/counter/delivery/{number}": [
            ("clerk", f"/counter/delivery/{number}")
            for number, stage, _ in stages
            if stage in ("granted", "refused", "delivered", "closed")
        ],
        "/counter/people": [("clerk", "/counter/people")],
        "/counter/people/{holder}": [
            ("clerk", f"/counter/people/{zhang}"),
            ("clerk", f"/counter/people/{zhang}?q=食品经营"),
            ("clerk", f"/counter/people/{zhang}?q=qqqq"),
        ],
        "/counter/people/{holder}/receive/{code}": [
            ("clerk", f"/counter/people/{zhang}/receive/{GUIDES[0]}"),
            ("clerk", f"/counter/people/{zhang}/receive/{GUIDES[0]}?asked=1"),
            (
                "clerk",
                f"/counter/people/{zhang}/receive/{GUIDES[0]}?choice.format=restaurant&choice.cold=simple",
            ),
        ],
        "/counter/cases/{number}/correct": [("clerk", f"/counter/cases/{correcting}/correct")],
        "/workbench": [("handler", "/workbench"), ("supervisor", "/workbench")],
        "/workbench/done": [("handler", "/workbench/done"), ("supervisor", "/workbench/done")],
        "/workbench/cases/{number}": [
            ("approver" if step == "approving" else "handler", f"/workbench/cases/{number}")
            for number, _, step in stages
        ],
        "/workbench/steps": [("handler", "/workbench/steps"), ("approver", "/workbench/steps")],
        "/workbench/steps/{item}": [
            ("handler", f"/workbench/steps/{region}-{month:04}-{instance}-{token}")
            for region, month, instance, token in town.rows(
                """
                select region, month, instance, id from process.token
                 where state = 'work' and role = 'handler' and node in ('traffic', 'visit')
                 order by id limit 2
                """
            )
        ],
        "/workbench/steps/done": [("handler", "/workbench/steps/done")],
        "/workbench/steps/cases/{number}": [
            ("handler", f"/workbench/steps/cases/{number}")
            for (number,) in town.rows(
                """
                select i.number from process.token t
                  join process.instance i on i.region = t.region and i.month = t.month
                                         and i.id = t.instance
                 where t.state = 'work' and t.role = 'handler' and t.node in ('traffic', 'visit')
                 order by t.id limit 1
                """
            )
        ],
        "/workbench/cases/{number}/trace": [("handler", f"/workbench/cases/{everybody[0]}/trace")],
        "/console": [("operator", "/console"), ("admin", "/console")],
        "/console/calendar": [
            ("admin", "/console/calendar"),
            ("admin", "/console/calendar?year=2030"),
        ],
        "/console/dead-letters": [("operator", "/console/dead-letters")],
        "/console/jobs": [("operator", "/console/jobs")],
        "/console/trace": [
            ("auditor", "/console/trace"),
            ("auditor", f"/console/trace?subject={everybody[0]}"),
            ("auditor", "/console/trace?subject=nothing"),
        ],
        "/api/v1/docs": [("", "/api/v1/docs")],
        **rule_visits(),
        **catalogue_visits(),
    }


def rule_visits() -> dict[str, list[tuple[str, str]]]:
    """The pages of rules: for everybody, for those who write them, for those who look again."""
    one, version = f"/console/rules/{RULES_OF_ITEM}", f"/console/rules/{RULES_OF_ITEM}/versions/1"
    writer = "cataloguer"
    return {
        "/items/{code}/eligibility": [("", "/items/AL-MZ-001/eligibility")],
        "/rules": [("", "/rules")],
        "/rules/{code}": [("", f"/rules/{RULES_OF_ITEM}")],
        "/workbench/rechecks": [("handler", "/workbench/rechecks")],
        "/console/rules": [(writer, "/console/rules")],
        "/console/rules/new": [(writer, "/console/rules/new")],
        "/console/rules/{code}": [(writer, one), ("approver", one)],
        "/console/rules/{code}/versions/{version}/edit": [(writer, f"{version}/edit")],
        "/console/rules/{code}/versions/{version}/tests": [(writer, f"{version}/tests")],
        "/console/rules/{code}/replays": [(writer, f"{one}/replays")],
    }


def catalogue_visits() -> dict[str, list[tuple[str, str]]]:
    """The lists for everybody, and the desk of those who keep the catalogue."""
    writer = "cataloguer"
    lists = ["powers", "duties", "fees", "intermediaries", "services", "materials", "directory"]
    return {
        "/lists": [("", "/lists")],
        "/lists/negative": [("", "/lists/negative"), ("", "/lists/negative?q=餐饮")],
        "/lists/{list}": [("", f"/lists/{one}") for one in lists],
        "/lists/{list}/{code}": [("", "/lists/powers/AL-Q-GA-001")],
        "/items/{code}/changes": [("", f"/items/{GUIDES[0]}/changes")],
        "/console/items": [(writer, "/console/items"), ("approver", "/console/items")],
        "/console/items/new": [(writer, "/console/items/new")],
        "/console/items/{code}": [(writer, f"/console/items/{GUIDES[0]}")],
        "/console/sets": [(writer, "/console/sets")],
        "/console/sets/new": [
            (writer, "/console/sets/new"),
            (
                writer,
                "/console/sets/new?department=AL-MZ&field=channels.hours&act=set&value=工作日",
            ),
        ],
        "/console/materials": [(writer, "/console/materials")],
        "/console/themes": [(writer, "/console/themes")],
        "/console/zones": [(writer, "/console/zones")],
        "/console/zones/{code}": [(writer, "/console/zones/restaurant")],
        "/console/lists": [(writer, "/console/lists"), (writer, "/console/lists?list=material")],
        "/console/lists/{list}/new": [(writer, "/console/lists/power/new")],
        "/console/lists/{list}/entries/{code}": [
            (writer, "/console/lists/power/entries/AL-Q-GA-001")
        ],
        "/console/exchange": [(writer, "/console/exchange")],
        "/console/exchange/held-back": [(writer, "/console/exchange/held-back")],
        "/console/exchange/batches": [("operator", "/console/exchange/batches")],
        "/console/agreement": [(writer, "/console/agreement")],
        "/console/search": [(writer, "/console/search")],
        "/console/words": [(writer, "/console/words")],
        "/console/quality": [(writer, "/console/quality")],
        "/console/quality/{rule}": [(writer, "/console/quality/channels.no_consult")],
        "/console/imports": [(writer, "/console/imports")],
        "/console/processes": [("approver", "/console/processes"), (writer, "/console/processes")],
        "/console/instances": [("operator", "/console/instances")],
        "/console/instances/stuck": [
            ("operator", f"/console/instances/stuck?kind={kind}")
            for kind in ("failed", "timers", "overdue", "unmoved")
        ],
        "/console/instances/timers": [("supervisor", "/console/instances/timers")],
        "/console/processes/new": [(writer, "/console/processes/new")],
    }


def by_person(town: Town, *, portal_only: bool = False) -> dict[str, list[str]]:
    """Every address to look at, once, by who looks."""
    found: dict[str, dict[str, None]] = {}
    for path, looks in visits(town).items():
        if portal_only and path.startswith(("/counter", "/workbench", "/console", "/api")):
            continue
        for login, address in looks:
            found.setdefault(login, {})[address] = None
    return {login: list(addresses) for login, addresses in found.items()}


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, one line for each rule and element."""
    # Axe comes in by the debugging door, which the policy of the page does not guard.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE.read_text()} }}")
    found = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules})", RULES
    )
    return [
        f"{it['id']}: {node['html'][:160]} {node['failureSummary'][-160:]}"
        for it in found["violations"]
        for node in it["nodes"]
    ]


@pytest.fixture
def looked_at(doors: Doors, town: Town) -> "Looking":
    return Looking(doors, town)


class Looking:
    """Goes to every page as each of the people who may, and gathers what is wrong with it."""

    def __init__(self, doors: Doors, town: Town) -> None:
        self.doors, self.town = doors, town

    def at_all(
        self, login: str, widths: list[int], *, portal_only: bool = False, **cookies: str
    ) -> None:
        wrong: list[str] = []
        visitor = self.doors.visitor(login)
        visitor.context.add_cookies(
            [
                {"name": f"tongban_{name}", "value": value, "url": self.town.address}
                for name, value in cookies.items()
            ]
        )
        for address in by_person(self.town, portal_only=portal_only).get(login, []):
            status = visitor.open(address)
            assert status == 200, f"{status} for {login or 'anybody'} at {address}"
            for width in widths:
                visitor.page.set_viewport_size({"width": width, "height": 900})
                wrong += [f"{address} at {width}: {it}" for it in violations(visitor.page)]
            visitor.page.set_viewport_size({"width": 320, "height": 700})
            wide = visitor.page.evaluate(WIDE)
            wrong += [f"{address} at 320: {it}" for it in wide]
        if wrong:
            pytest.fail("\n".join(wrong))


def test_every_page_is_on_the_list(town: Town) -> None:
    assert set(routes()) - NOT_PAGES == set(visits(town))


def test_everybody_who_looks_is_on_the_list(town: Town) -> None:
    # Whose case stands at a stage depends on the day the city was seeded.
    assert set(by_person(town)) <= {*PUBLIC, *OFFICERS}
    assert set(by_person(town, portal_only=True)) <= set(PUBLIC)


@pytest.mark.parametrize("login", [*PUBLIC, *OFFICERS])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(looked_at: Looking, login: str) -> None:
    looked_at.at_all(login, [390, 1280])


@pytest.mark.parametrize("login", PUBLIC)
def test_nor_in_elder_mode(looked_at: Looking, login: str) -> None:
    looked_at.at_all(login, [390], portal_only=True, mode="elder")


@pytest.mark.parametrize("login", PUBLIC)
def test_nor_in_english(looked_at: Looking, login: str) -> None:
    looked_at.at_all(login, [1280], portal_only=True, lang="en")
