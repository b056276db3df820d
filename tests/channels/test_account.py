"""Signing in and out through the pages."""

import pytest

from given_site import Site


@pytest.mark.parametrize(
    ("role", "home"),
    [("clerk", "/counter"), ("handler", "/workbench"), ("operator", "/console")],
)
def test_officers_begin_where_their_work_is(site: Site, role: str, home: str) -> None:
    with site.given() as given:
        officer = given.officer(role=role)

    browser = site.signed_in(officer)

    assert browser.open(home).status == 200


def test_a_wrong_password_is_told_without_saying_which_half_was_wrong(site: Site) -> None:
    page = site.visitor().sign_in("nobody", "wrong-password")

    assert page.status == 422
    assert "密码" in page.text


def test_a_page_for_officers_asks_visitors_to_sign_in_and_comes_back(site: Site) -> None:
    page = site.visitor().open("/console/jobs")

    assert page.address == "/sign-in?next=%2Fconsole%2Fjobs"


def test_behind_a_tls_terminator_cookies_travel_by_https_only(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "secure" not in site.visitor().open("/").headers["set-cookie"].lower()
    monkeypatch.setenv("TONGBAN_HTTPS", "1")
    page = site.visitor().open("/")

    assert "secure" in page.headers["set-cookie"].lower()
    assert page.headers["strict-transport-security"].startswith("max-age=")
