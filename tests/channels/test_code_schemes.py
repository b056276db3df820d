"""Codes of the installation's own kind, in the console and on the guide."""

from collections.abc import Iterator

import pytest

from given_site import Site
from tongban import catalogue
from tongban.catalogue import Code

OWN = """
[[scheme]]
key = "city_code"
name = "本市事项编码（试）"
name_en = "City service code (trial)"
lengths = [6]

[[scheme]]
key = "card_code"
name = "本市卡面编码（试）"
pattern = "K(?P<checked>[0-9]+)"
check = "luhn"
"""


@pytest.fixture(autouse=True)
def own() -> Iterator[None]:
    catalogue.add_schemes(catalogue.read_schemes(OWN))
    yield
    catalogue.add_schemes({})


def test_an_own_scheme_is_chosen_in_the_console_linted_and_shown_on_the_guide(
    site: Site,
) -> None:
    with site.given() as given:
        item = given.item(code="HZ-1", name="食品经营许可", codes=(Code("city_code", "AL-100"),))
    guide = site.visitor().open("/items/HZ-1")
    assert "本市事项编码（试）" in guide.text
    english = site.visitor()
    english.client.cookies.set("tongban_lang", "en")
    assert "City service code (trial)" in english.open("/items/HZ-1").text
    editor = site.officer(role="cataloguer", department=item.department)
    draft = editor.open("/console/items/HZ-1").press("修改")
    sheet = f"{draft.address}/sections/authority"
    saved = editor.open(sheet).press("保存", **{"0-scheme": "card_code", "0-code": "K79927398710"})
    assert "校验位不对" in saved.text
    with site.work() as work:
        found = catalogue.open_draft(work, item_code="HZ-1")
    assert found is not None
    assert found.item.codes == (Code("card_code", "K79927398710"),)
