"""What balancers and monitors are told."""

from datetime import UTC, datetime

import pytest

from given_site import Site
from tongban.main import install, migrate


def test_alive_says_nothing_of_the_database(site: Site) -> None:
    visitor = site.visitor()
    site.close()

    assert visitor.client.get("/healthz").text == "ok\n"


def test_not_ready_says_what_it_waits_for_until_everything_is_there(site: Site) -> None:
    visitor = site.visitor()
    waiting = visitor.client.get("/readyz")
    assert waiting.status_code == 503
    assert waiting.json() == {"ready": False, "waiting_for": ["migrations", "seed", "worker"]}

    with site.work() as work:
        install.mark(work, "schema", migrate.newest())
        install.mark(work, "ready", "")
    assert visitor.client.get("/readyz").json()["waiting_for"] == ["worker"]
    with site.work() as work:
        work.run(
            "insert into foundation.heartbeat (worker, seen_at) values ('w', %(at)s)",
            at=datetime.now(UTC),
        )

    ready = visitor.client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)


def test_without_a_database_it_is_not_ready_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.app.state.pool, "connection", _away)

    answer = site.visitor().client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["waiting_for"] == ["database: TimeoutError"]


def _away(**_: object) -> None:
    raise TimeoutError


def test_figures_name_routes_and_never_a_case_or_an_address(site: Site) -> None:
    visitor = site.visitor()
    visitor.open("/items/SECRET-1")
    visitor.client.get("/my/cases/990100-2611-0000001-X", follow_redirects=False)
    visitor.open("/nothing/SECRET-2")

    figures = visitor.client.get("/metrics").text

    assert 'route="/items/{code}",status="404"' in figures
    assert 'route="/my/cases/{number}",status="303"' in figures
    assert 'route="unknown",status="404"' in figures
    assert "SECRET" not in figures
    assert "990100-2611" not in figures
