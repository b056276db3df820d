"""A service as linked data: the Core Public Service Vocabulary of the EU (CPSV-AP 3), in JSON-LD.

What is mandatory there always stands: identifier, name, description and competent authority of the
service; name and place of the authority; identifier and name of evidence, channels, rules, outputs
and costs. What each property may hold is as in the constraints (SHACL) of release 3.2.0; the tests
say them anew. Pure.
"""

import re
from typing import Any
from urllib.parse import quote

from tongban.catalogue.model import Item, Limit, Unit

CONTEXT: dict[str, Any] = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcat": "http://www.w3.org/ns/dcat#",
}
_YUAN = {
    "@id": "http://publications.europa.eu/resource/authority/currency/CNY",
    "@type": "skos:Concept",
    "skos:prefLabel": {"@value": "人民币", "@language": "zh"},
}
# Codes and themes are words of others; not all of their characters may stand in an address.
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_UNITS = {Unit.WORKDAY: "P{}D", Unit.DAY: "P{}D", Unit.HOUR: "PT{}H", Unit.MINUTE: "PT{}M",
          Unit.MONTH: "P{}M"}  # fmt: skip


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
        "cv:thematicArea": [
            {"@id": _address(f"{base}#theme-{theme}"), "@type": "skos:Concept",
             "skos:prefLabel": _zh(theme)}
            for theme in item.themes
        ],
        "dcat:keyword": [_zh(word) for word in item.everyday_words],
    }  # fmt: skip
    if item.promised:
        service["cv:processingTime"] = _duration(item.promised)
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
    return [
        {
            "@id": f"{at}#channel-{i}",
            "@type": "cv:Channel",
            "dct:identifier": f"{item.code}-channel-{i}",
            "dct:title": _zh(form),
            "dct:description": _zh(form),
        }
        for i, form in enumerate(item.channels.forms, 1)
    ]


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


def _named(at: str, kind: str, identifier: str, name: str) -> dict[str, Any]:
    return {"@id": at, "@type": kind, "dct:identifier": identifier, "dct:title": _zh(name)}


def _duration(limit: Limit) -> dict[str, str]:
    return {"@value": _UNITS[limit.unit].format(limit.amount), "@type": "xsd:duration"}


def _zh(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "zh"}


def _address(text: str) -> str:
    """Return an address (IRI) with what must not stand in one written as ``%20`` and the like."""
    return _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0], safe=""), text)
