"""The catalogue as linked data by the European profile of public services.

The constraints below are written anew from those of CPSV-AP 3.2.0 (releases/3.2.0/shacl of
SEMICeu/CPSV-AP): for each class that the export uses, every property with its cardinality, datatype
and class. The official file itself is not brought along; ``CPSV_AP_SHACL`` may name a copy of it.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
from test_catalogue_lint import GOOD

from conftest import beside
from tongban import catalogue
from tongban.catalogue import Audience, Fee, Item, Limit, Status, Unit
from tongban.catalogue.adapters.reading import read_guide
from tongban.catalogue.adapters.translation import item_of

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix cpsv: <http://purl.org/vocab/cpsv#> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix time: <http://www.w3.org/2006/time#> .
[] a sh:NodeShape ; sh:targetClass cpsv:PublicService ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path cv:hasCompetentAuthority ; sh:minCount 1 ; sh:class cv:PublicOrganisation ] ,
    [ sh:path dct:language ; sh:class dct:LinguisticSystem ] ,
    [ sh:path dct:spatial ; sh:class dct:Location ] ,
    [ sh:path dct:audience ; sh:class skos:Concept ] ,
    [ sh:path dct:type ; sh:class skos:Concept ] ,
    [ sh:path dct:isPartOf ; sh:class dcat:Dataset ] ,
    [ sh:path dct:requires ; sh:class cpsv:PublicService ] ,
    [ sh:path adms:status ; sh:maxCount 1 ; sh:class skos:Concept ] ,
    [ sh:path cv:sector ; sh:class skos:Concept ] ,
    [ sh:path cv:isClassifiedBy ; sh:class skos:Concept ] ,
    [ sh:path cv:relatedService ; sh:class cpsv:PublicService ] ,
    [ sh:path cv:hasInputType ; sh:class cv:EvidenceType ] ,
    [ sh:path cv:holdsRequirement ; sh:class cv:Requirement ] ,
    [ sh:path cv:isGroupedBy ; sh:class cv:Event ] ,
    [ sh:path cv:hasParticipation ; sh:class cv:Participation ] ,
    [ sh:path cv:processingTime ; sh:maxCount 1 ; sh:datatype xsd:duration ] ,
    [ sh:path cv:hasChannel ; sh:class cv:Channel ] , [ sh:path cv:hasCost ; sh:class cv:Cost ] ,
    [ sh:path cv:contactPoint ; sh:class cv:ContactPoint ] ,
    [ sh:path cpsv:hasInput ; sh:class cv:Evidence ] ,
    [ sh:path cpsv:produces ; sh:class cv:Output ] ,
    [ sh:path cpsv:follows ; sh:class cpsv:Rule ] ,
    [ sh:path cv:hasLegalResource ; sh:class eli:LegalResource ] ,
    [ sh:path cv:thematicArea ; sh:class skos:Concept ] ,
    [ sh:path dcat:keyword ; sh:datatype rdf:langString ] .
[] a sh:NodeShape ; sh:targetClass cv:PublicOrganisation ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:spatial ; sh:minCount 1 ;
      sh:class <http://data.europa.eu/88u/dataset/atu-type> ] .
[] a sh:NodeShape ; sh:targetClass cv:Channel ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:type ; sh:maxCount 1 ; sh:class skos:Concept ] ,
    [ sh:path dct:description ; sh:datatype rdf:langString ] ,
    [ sh:path cv:processingTime ; sh:maxCount 1 ; sh:datatype xsd:duration ] ,
    [ sh:path cv:openingHours ; sh:class time:TemporalEntity ] ,
    [ sh:path cv:specialOpeningHoursSpecification ; sh:class time:TemporalEntity ] ,
    [ sh:path cv:ownedBy ; sh:class org:Organization ] ,
    [ sh:path cpsv:hasInput ; sh:class cv:Evidence ] .
[] a sh:NodeShape ; sh:targetClass cv:ContactPoint ;
  sh:property [ sh:path cv:openingHours ; sh:class time:TemporalEntity ] ,
    [ sh:path cv:specialOpeningHoursSpecification ; sh:class time:TemporalEntity ] ,
    [ sh:path cv:contactPage ; sh:class foaf:Document ] .
[] a sh:NodeShape ; sh:targetClass cv:Evidence , cv:Output , cpsv:Rule ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:description ; sh:datatype rdf:langString ] ,
    [ sh:path dct:language ; sh:class dct:LinguisticSystem ] ,
    [ sh:path dct:type ; sh:class skos:Concept ] .
[] a sh:NodeShape ; sh:targetClass cv:Evidence , cpsv:Rule ;
  sh:property [ sh:path dct:type ; sh:maxCount 1 ] .
[] a sh:NodeShape ; sh:targetClass cv:Evidence ;
  sh:property [ sh:path dct:conformsTo ; sh:class cv:EvidenceType ] ,
    [ sh:path cv:supportsRequirement ; sh:class cv:Requirement ] ,
    [ sh:path foaf:page ; sh:class foaf:Document ] .
[] a sh:NodeShape ; sh:targetClass cpsv:Rule ;
  sh:property [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path cpsv:implements ; sh:class eli:LegalResource ] .
[] a sh:NodeShape ; sh:targetClass eli:LegalResource ;
  sh:property [ sh:path dct:relation ; sh:class eli:LegalResource ] .
[] a sh:NodeShape ; sh:targetClass cv:Event ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:description ; sh:datatype rdf:langString ] ,
    [ sh:path cv:hasRelatedService ; sh:class cpsv:PublicService ] .
[] a sh:NodeShape ; sh:targetClass cv:LifeEvent , cv:BusinessEvent ;
  sh:property [ sh:path dct:type ; sh:class skos:Concept ] .
[] a sh:NodeShape ; sh:targetClass time:TemporalEntity ;
  sh:property [ sh:path cv:frequency ; sh:class skos:Concept ] ,
    [ sh:path dct:description ; sh:datatype rdf:langString ] .
[] a sh:NodeShape ; sh:targetClass cv:Cost ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:description ; sh:datatype rdf:langString ] ,
    [ sh:path cv:hasValue ; sh:maxCount 1 ; sh:datatype xsd:double ] ,
    [ sh:path cv:currency ; sh:maxCount 1 ; sh:class skos:Concept ] ,
    [ sh:path cv:isDefinedBy ; sh:class org:Organization ] ,
    [ sh:path cv:ifAccessedThrough ; sh:maxCount 1 ; sh:class cv:Channel ] .
"""
# What a property of our export may be called: a misspelt name would break no constraint.
KNOWN = set(re.findall(r"sh:path (\w+:\w+)", SHAPES)) | {"cv:telephone"}
BASE = "https://example.org/items"
SEED = Path(__file__).parents[2] / "seed" / "services"
BARE = Item("c", "名称", "d", "部门", "990100", "云江市")
RICH = replace(
    GOOD,
    charged=True,
    fees=(Fee("工本费", "10元/本", 1000, "财综〔2012〕1号"),),
    themes=("生育 收养",),
    everyday_words=("开饭店",),
    life_events=("开办 餐饮店",),
)


def graph(*items: Item) -> rdflib.Graph:
    """All of them together, as whoever collects them has them."""
    told = [catalogue.as_cpsv(item, base=BASE) for item in items]
    return rdflib.Graph().parse(data=json.dumps(told), format="json-ld")


def read(guides: Iterable[dict[str, Any]]) -> list[Item]:
    return [item_of(read_guide(guide), department="D-1", region="990100") for guide in guides]


@pytest.fixture(scope="module", params=["own", "official"])
def shapes(request: pytest.FixtureRequest) -> rdflib.Graph:
    if request.param == "own":
        return rdflib.Graph().parse(data=SHAPES, format="turtle")
    if "CPSV_AP_SHACL" not in os.environ:
        pytest.skip("CPSV_AP_SHACL names no file")
    return rdflib.Graph().parse(os.environ["CPSV_AP_SHACL"], format="turtle")


def assert_conforms(data: rdflib.Graph, shapes: rdflib.Graph) -> None:
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, report


def test_services_are_linked_data_by_the_european_profile(shapes: rdflib.Graph) -> None:
    suspended = replace(RICH, code="S", status=Status.SUSPENDED, audience=Audience.PERSON)
    assert_conforms(graph(BARE, RICH, suspended), shapes)


def test_the_demonstration_city_is_linked_data_by_the_profile(shapes: rdflib.Graph) -> None:
    files = sorted(SEED.glob("*.toml"))[::3]
    guides = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    assert_conforms(graph(*read(guides)), shapes)


def test_real_services_are_linked_data_by_the_profile(shapes: rdflib.Graph) -> None:
    real = beside("data/guides_guangxi.jsonl").read_text(encoding="utf-8").splitlines()
    assert_conforms(graph(*read(json.loads(line) for line in real[::40])), shapes)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("dct:title", None),
        ("dct:identifier", None),
        ("cv:hasCompetentAuthority", None),
        ("cv:processingTime", "P7D"),
        ("dct:title", "没有语言"),
        ("dct:audience", {"@id": "https://example.org/nobody"}),
        ("adms:status", [{"@id": "a", "@type": "skos:Concept"}, {"@id": "b"}]),
        ("cv:isGroupedBy", {"@id": "https://example.org/event", "@type": "cv:LifeEvent"}),
    ],
)
def test_what_breaks_a_rule_of_the_profile_is_found(
    shapes: rdflib.Graph, broken: str, said: object
) -> None:
    told = catalogue.as_cpsv(RICH, base=BASE)
    wrong = {**told, broken: said} if said else {k: v for k, v in told.items() if k != broken}
    data = rdflib.Graph().parse(data=json.dumps(wrong), format="json-ld")
    assert not pyshacl.validate(data, shacl_graph=shapes)[0]


def test_the_cost_of_a_service_has_its_value_and_currency() -> None:
    [cost] = catalogue.as_cpsv(RICH, base=BASE)["cv:hasCost"]
    assert cost["cv:hasValue"] == {"@value": "10.00", "@type": "xsd:double"}
    assert cost["cv:currency"]["@id"].endswith("/currency/CNY")


@pytest.mark.parametrize(
    ("promised", "duration"),
    [
        (Limit(1), "P1D"),
        (Limit(3), "P4D"),
        (Limit(5), "P7D"),
        (Limit(20), "P28D"),
        (Limit(20, Unit.DAY), "P20D"),
        (Limit(2, Unit.HOUR), "PT2H"),
        (Limit(30, Unit.MINUTE), "PT30M"),
        (Limit(1, Unit.MONTH), "P1M"),
    ],
)
def test_working_days_are_told_as_days_of_the_calendar(promised: Limit, duration: str) -> None:
    told = catalogue.as_cpsv(replace(RICH, promised=promised), base=BASE)
    assert told["cv:processingTime"] == {"@value": duration, "@type": "xsd:duration"}


def test_only_the_window_keeps_office_hours() -> None:
    window, online = catalogue.as_cpsv(RICH, base=BASE)["cv:hasChannel"]
    assert window["cv:openingHours"]["dct:description"]["@value"] == RICH.channels.hours
    assert "cv:openingHours" not in online


def test_a_suspended_service_is_told_to_be_so() -> None:
    told = catalogue.as_cpsv(replace(RICH, status=Status.SUSPENDED), base=BASE)
    assert told["adms:status"]["@id"] == f"{BASE}#status-suspended"


@pytest.mark.parametrize(
    ("audience", "kinds"),
    [
        (Audience.PERSON, ["cv:Event", "cv:LifeEvent"]),
        (Audience.BUSINESS, ["cv:Event", "cv:BusinessEvent"]),
        (Audience.BOTH, ["cv:Event"]),
    ],
)
def test_the_event_of_a_service_is_of_whom_it_is_for(audience: Audience, kinds: list[str]) -> None:
    [event] = catalogue.as_cpsv(replace(RICH, audience=audience), base=BASE)["cv:isGroupedBy"]
    assert (event["@type"], event["dct:title"]["@value"]) == (kinds, "开办 餐饮店")


def names(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(names, node))
    if not isinstance(node, dict):
        return set()
    found = {name for name in node if not name.startswith("@")}
    return found.union(*map(names, node.values()))


def test_every_property_of_a_service_is_one_of_the_profile() -> None:
    told = catalogue.as_cpsv(RICH, base=BASE)
    assert names({name: said for name, said in told.items() if name != "@context"}) <= KNOWN


def test_no_address_holds_what_must_not_stand_in_one() -> None:
    nodes = (node for triple in graph(RICH) for node in triple)
    addresses = {str(node) for node in nodes if isinstance(node, rdflib.URIRef)}
    assert f"{BASE}#theme-生育%20收养" in addresses
    assert f"{BASE}#event-开办%20餐饮店" in addresses
    assert not any(set(address) & set(' <>"{}|\\^`') for address in addresses)
