"""Nothing of what is published about a service stays unseen on its guide."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from given_site import Site
from tongban import catalogue
from tongban.catalogue import (
    Agency,
    Authority,
    Basis,
    Channels,
    Choice,
    Code,
    Faq,
    Fee,
    Item,
    Material,
    Offers,
    Place,
    Question,
    Redress,
    Result,
    Scenario,
    SpecialProcedure,
    Step,
)

# Keys and codes that are read by machines, what is shown as a file or a tag, and whose they are.
UNSEEN = {
    "code", "department", "region", "region_name", "parent_name", "kind", "kind_name", "power",
    "base_code", "main_item", "inherits", "flow_chart", "key", "standard_material", "blank_form",
    "sample", "licence_type", "entrusted_code", "system_level", "credit_code", "supplied_by",
    "source", "category", "post", "discretion", "nature",
}  # fmt: skip
PARTS: dict[str, type[Any]] = {
    "materials": Material, "fees": Fee, "results": Result, "legal_basis": Basis, "faq": Faq,
    "rights": Redress, "special_procedures": SpecialProcedure, "steps": Step,
}  # fmt: skip
SINGLE: dict[str, type[Any]] = {
    "channels": Channels, "agency": Agency, "authority": Authority, "town": Place, "village": Place,
}  # fmt: skip


def filled(kind: type[Any], path: str) -> tuple[dict[str, Any], list[str]]:
    """Fill every text of a part with a word of its own; return them, and those to be seen."""
    texts = {f.name: f"⟦{path}.{f.name}⟧" for f in fields(kind) if f.type in ("str", str)}
    if kind is Authority:
        texts |= {"source": "1"}
    if kind is Agency:
        texts |= {"nature": "1"}
    return texts, [word for name, word in texts.items() if name not in UNSEEN]


def whole() -> Iterator[tuple[str, Any, list[str]]]:
    texts, seen = filled(Item, "item")
    for name, word in texts.items():
        if name not in UNSEEN and name not in ("department_name", "name"):
            yield name, word, [word]
    for name, kind in PARTS.items():
        texts, seen = filled(kind, name)
        yield name, (kind(**texts),), seen
    for name, kind in SINGLE.items():
        texts, seen = filled(kind, name)
        yield (
            name,
            kind(**texts),
            [w for w in seen if name not in ("town", "village") or "name" in w],
        )


def test_every_text_of_a_service_stands_on_its_guide(site: Site) -> None:
    with site.given() as given:
        item = given.item(code="HZ-1", name="食品经营许可")
        changes: dict[str, Any] = {}
        wanted: list[str] = []
        for name, value, seen in whole():
            changes[name] = value
            wanted += seen
        assert len(wanted) > 50
        catalogue.publish(given.work, item=replace(item, **changes, charged=True))
    text = site.visitor().open("/items/HZ-1").text
    assert [word for word in wanted if word not in text] == []
    assert "法定本级行使" in text
    assert "法定机关" in text


def test_offers_are_named_and_codes_have_the_names_of_their_kinds(site: Site) -> None:
    with site.given() as given:
        given.item(
            code="HZ-1",
            name="食品经营许可",
            offers=Offers(in_hall=True, express=True, terminals=False),
            codes=(Code("basic_code", "000131007000"), Code("our_own", "X/1")),
        )
    visitor = site.visitor()
    text = visitor.open("/items/HZ-1").text
    assert "进驻大厅、快递" in text
    assert "自助终端" not in text
    assert "基本编码" in text
    assert "basic_code" not in text
    assert "our_own" in text


def test_a_usual_case_is_chosen_by_one_click(site: Site) -> None:
    choices = (Choice("self", "本人", ("id",)), Choice("other", "代办", ("proxy",)))
    with site.given() as given:
        given.item(
            code="HZ-1",
            name="食品经营许可",
            materials=(Material("id", "身份证"), Material("proxy", "授权委托书")),
            questions=(Question("who", "谁来申请？", choices),),
            scenarios=(Scenario("proxy", "请别人代办", {"who": "other"}, "带上委托书"),),
        )
    page = site.visitor().open("/items/HZ-1")
    assert "带上委托书" in page.text
    chosen = page.follow("请别人代办")
    assert chosen.address.endswith("who=other")
    assert "授权委托书" in chosen.text


def test_the_chart_of_a_service_names_the_risk_points_of_its_process(site: Site) -> None:
    with site.given() as given:
        given.item(code="HZ-1", name="食品经营许可")
    text = site.visitor().open("/items/HZ-1").text
    assert "廉政风险点：超出公布的清单要材料" in text
