"""Guides that many open: shown as kept, once PostgreSQL has confirmed that they still hold."""

import pytest

from given_site import Site
from tongban.channels.shell import kept, pages
from tongban.foundation.errors import NotFound


def _nothing(*_: object) -> None:
    raise NotFound


def test_a_guide_confirmed_just_now_needs_no_connection(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.given() as given:
        address = f"/items/{given.item(name='护士执业注册').code}"
    visitor, other = site.visitor(), site.visitor()
    first = visitor.open(address)
    monkeypatch.setattr(pages, "_with_connection", _nothing)

    assert visitor.open(address).text == first.text
    assert other.open(address).heading == first.heading
    assert other.client.cookies.get("tongban_visit")
    # Each has a token of their own in the same page.
    tokens = {browser.open(address).value("csrf_token") for browser in (visitor, other)}
    assert len(tokens) == 2
    # What decides how a page looks is asked for anew.
    other.client.cookies.set("tongban_lang", "en", domain="testserver.local")
    assert other.open(address).status == 404
    assert visitor.open(f"{address}?a=b").status == 404


def test_what_may_be_counted_or_is_signed_in_asks_postgresql(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.given() as given:
        address = f"/items/{given.item().code}"
    visitor, person = site.visitor(), site.person()
    assert visitor.open(address).status == person.open(address).status == 200
    monkeypatch.setattr(pages, "_with_connection", _nothing)

    assert person.open(address).status == 404
    visitor.client.cookies.set("tongban_asked", "6aOf5ZOB", domain="testserver.local")
    assert visitor.open(address).status == 404


def test_trust_ends_after_a_second_and_with_every_act(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.given() as given:
        item = given.item(name="护士执业注册")
    visitor, address = site.visitor(), f"/items/{item.code}"
    assert visitor.open(address).heading == "护士执业注册"
    with site.given() as given:
        given.item(code=item.code, name="护士注册")
    assert visitor.open(address).heading == "护士执业注册"

    visitor.open("/sign-in").press("English")  # Any act of this process.
    visitor.client.cookies.delete("tongban_lang")
    assert visitor.open(address).heading == "护士注册"

    with site.given() as given:
        given.item(code=item.code, name="护士登记")
    monkeypatch.setattr(kept, "TRUSTED_SECONDS", 0.0)
    assert visitor.open(address).heading == "护士登记"


def test_a_kept_guide_is_found_by_one_statement_outside_of_a_transaction(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.given() as given:
        item = given.item()
    visitor, address = site.visitor(), f"/items/{item.code}"
    first = visitor.open(address)
    monkeypatch.setattr(kept, "TRUSTED_SECONDS", 0.0)
    monkeypatch.setattr(pages, "transaction", _nothing)
    assert visitor.open(address).text == first.text
    monkeypatch.undo()
    # Whoever gets the connection afterwards has transactions again.
    assert visitor.open("/services").status == 200
    with site.given() as given:
        given.item(code=item.code, name="改名")
    monkeypatch.setattr(kept, "TRUSTED_SECONDS", 0.0)
    assert visitor.open(address).heading == "改名"
