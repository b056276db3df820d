"""A service as linked data: the Core Public Service Vocabulary of the EU (CPSV-AP 3), in JSON-LD.

What is mandatory there always stands: identifier, name, description and competent authority of the
service; name and place of the authority; identifier and name of evidence, channels, rules, outputs,
events and costs. What each property may hold is as in the constraints (SHACL) of release 3.2.0; the
tests say them anew. Where the profile leaves the list of values open (status, audience, kind,
theme), they are concepts of this catalogue with addresses under its base. Pure.
"""

import re
from typing import Any
from urllib.parse import quote

from tongban.catalogue.model import KINDS, Audience, Item

CONTEXT: dict[str, Any] = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "adms": "http://www.w3.org/ns/adms#",
    "time": "http://www.w3.org/2006/time#",
}
_YUAN = {
    "@id": "http://publications.europa.eu/resource/authority/currency/CNY",
    "@type": "skos:Concept",
    "skos:prefLabel": {"@value": "人民币", "@language": "zh"},
}
# Codes and themes are words of others; not all of their characters may stand in an address.
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_EVENTS = {
    Audience.PERSON: ["cv:Event", "cv:LifeEvent"],
    Audience.BUSINESS: ["cv:Event", "cv:BusinessEvent"],
    Audience.BOTH: ["cv:Event"],
}


def as_cpsv(item: Item, *, base: str) -> dict[str, Any]:
    """Return a service as one JSON-LD document.

    :param base: the address under which items are found, such as ``https://example.org/items``.
    """
    at = _address(f"{base}/{item.code}")
    service: dict[str, Any] = {
        "@id": at,
        "@type": "cpsv:PublicService",
        "dct:identifier": item.code,
        "dct:title": _zh(item.name),
        "dct:description": _zh(item.summary or item.conditions or item.name),
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ZHO",
                         "@type": "dct:LinguisticSystem"},
        "dct:spatial": _place(item, base),
        "dct:audience": _concept(base, "audience", item.audience, item.audience.label),
        "adms:status": _concept(base, "status", item.status, item.status.label),
        "cv:isClassifiedBy": [
            _concept(base, "kind", code, KINDS[code]) for code in KINDS if code == item.kind
        ],
        "cv:isGroupedBy": [
            _named(_address(f"{base}#event-{event}"), _EVENTS[item.audience], event, event)
            for event in item.life_events
        ],
        "cv:hasCompetentAuthority": _authority(item, base),
        "cpsv:hasInput": [
            _named(_address(f"{at}#material-{m.key}"), "cv:Evidence", m.key, m.name)
            for m in item.materials
        ],
        "cpsv:produces": [
            _named(f"{at}#result-{i}", "cv:Output", f"{item.code}-result-{i}", result.name)
            for i, result in enumerate(item.results, 1)
        ],
        "cpsv:follows": _rules(item, at),
        "cv:hasLegalResource": [
            {"@id": f"{at}#basis-{i}", "@type": "eli:LegalResource",
             "dct:title": _zh(f"{basis.law}{basis.clause}")}
            for i, basis in enumerate(item.legal_basis, 1)
        ],
        "cv:hasChannel": _channels(item, at),
        "cv:hasCost": _costs(item, at),
        "cv:contactPoint": _contact(item, at),
        "cv:thematicArea": [_concept(base, "theme", theme, theme) for theme in item.themes],
        "dcat:keyword": [_zh(word) for word in item.everyday_words],
    }  # fmt: skip
    if item.promised:
        duration = {"@value": item.promised.duration, "@type": "xsd:duration"}
        service["cv:processingTime"] = duration
    return {"@context": CONTEXT, **{name: said for name, said in service.items() if said != []}}


def _authority(item: Item, base: str) -> dict[str, Any]:
    return {
        "@id": _address(f"{base}#department-{item.department}"),
        "@type": "cv:PublicOrganisation",
        "dct:identifier": item.department,
        "dct:title": _zh(item.department_name),
        "skos:prefLabel": _zh(item.department_name),
        "dct:spatial": _place(item, base),
    }


def _place(item: Item, base: str) -> dict[str, Any]:
    """The profile wants a location of a service and an administrative unit of an authority."""
    return {
        "@id": _address(f"{base}#region-{item.region}"),
        "@type": ["dct:Location", "http://data.europa.eu/88u/dataset/atu-type"],
        "dct:identifier": item.region,
        "skos:prefLabel": _zh(item.region_name),
    }


def _rules(item: Item, at: str) -> list[dict[str, Any]]:
    if not item.conditions:
        return []
    rule = _named(f"{at}#conditions", "cpsv:Rule", f"{item.code}-conditions", "受理条件")
    return [rule | {"dct:description": _zh(item.conditions)}]


def _channels(item: Item, at: str) -> list[dict[str, Any]]:
    """The office hours are those of the window; no other channel is bound to them."""
    forms = item.channels.forms or (("网上办理",) if item.online_apply else ())
    found = []
    for i, form in enumerate(forms, 1):
        channel = _named(f"{at}#channel-{i}", "cv:Channel", f"{item.code}-channel-{i}", form)
        channel["dct:description"] = _zh(form)
        if item.channels.hours and form.startswith("窗口"):
            channel["cv:openingHours"] = {"@id": f"{at}#hours", "@type": "time:TemporalEntity",
                                          "dct:description": _zh(item.channels.hours)}  # fmt: skip
        found.append(channel)
    return found


def _costs(item: Item, at: str) -> list[dict[str, Any]]:
    found = []
    for i, fee in enumerate(item.fees, 1):
        cost: dict[str, Any] = {
            "@id": f"{at}#fee-{i}",
            "@type": "cv:Cost",
            "dct:identifier": f"{item.code}-fee-{i}",
            "dct:description": _zh(f"{fee.name} {fee.standard}".strip()),
        }
        if fee.amount is not None:
            yuan = f"{fee.amount // 100}.{fee.amount % 100:02}"
            cost["cv:hasValue"] = {"@value": yuan, "@type": "xsd:double"}
            cost["cv:currency"] = _YUAN
        found.append(cost)
    return found


def _contact(item: Item, at: str) -> list[dict[str, Any]]:
    if not item.channels.consult:
        return []
    telephone = {"cv:telephone": item.channels.consult}
    return [{"@id": f"{at}#contact", "@type": "cv:ContactPoint", **telephone}]


def _named(at: str, kind: str | list[str], identifier: str, name: str) -> dict[str, Any]:
    return {"@id": at, "@type": kind, "dct:identifier": identifier, "dct:title": _zh(name)}


def _concept(base: str, scheme: str, code: str, label: str) -> dict[str, Any]:
    at = _address(f"{base}#{scheme}-{code}")
    return {"@id": at, "@type": "skos:Concept", "skos:prefLabel": _zh(label)}


def _zh(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "zh"}


def _address(text: str) -> str:
    """Return an address (IRI) with what must not stand in one written as ``%20`` and the like."""
    return _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0], safe=""), text)
