"""A service as linked data: the Core Public Service Vocabulary of the EU (CPSV-AP 3), in JSON-LD.

What is mandatory there always stands: identifier, name, description and competent authority of the
service; name and place of the authority; identifier and name of evidence, channels, rules, outputs
and costs. Pure.
"""

from typing import Any

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
_UNITS = {Unit.WORKDAY: "P{}D", Unit.DAY: "P{}D", Unit.HOUR: "PT{}H", Unit.MINUTE: "PT{}M",
          Unit.MONTH: "P{}M"}  # fmt: skip


def as_cpsv(item: Item, *, base: str) -> dict[str, Any]:
    """Return a service as one JSON-LD document.

    :param base: the address under which items are found, such as ``https://example.org/items``.
    """
    at = f"{base}/{item.code}"
    service: dict[str, Any] = {
        "@id": at,
        "@type": "cpsv:PublicService",
        "dct:identifier": item.code,
        "dct:title": _zh(item.name),
        "dct:description": _zh(item.summary or item.conditions or item.name),
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ZHO",
                         "@type": "dct:LinguisticSystem"},
        "cv:hasCompetentAuthority": _authority(item, base),
        "cpsv:hasInput": [
            _named(f"{at}#material-{m.key}", "cv:Evidence", m.key, m.name) for m in item.materials
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
            {"@id": f"{base}#theme-{theme}", "@type": "skos:Concept", "skos:prefLabel": _zh(theme)}
            for theme in item.themes
        ],
        "dcat:keyword": [_zh(word) for word in item.everyday_words],
    }  # fmt: skip
    if item.promised:
        service["cv:processingTime"] = _duration(item.promised)
    return {"@context": CONTEXT, **{name: said for name, said in service.items() if said != []}}


def _authority(item: Item, base: str) -> dict[str, Any]:
    return {
        "@id": f"{base}#department-{item.department}",
        "@type": "cv:PublicOrganisation",
        "dct:identifier": item.department,
        "dct:title": _zh(item.department_name),
        "skos:prefLabel": _zh(item.department_name),
        "dct:spatial": {
            "@id": f"{base}#region-{item.region}",
            "@type": ["dct:Location", "http://data.europa.eu/88u/dataset/atu-type"],
            "dct:identifier": item.region,
            "skos:prefLabel": _zh(item.region_name),
        },
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
            cost["cv:value"] = {"@value": yuan, "@type": "xsd:double"}
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
