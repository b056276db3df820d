"""The catalogue written for others: tables that harm nobody, linked data by the European profile.

The constraints below are written anew from those of CPSV-AP 3.2.0 (releases/3.2.0/shacl of
SEMICeu/CPSV-AP): for each class that the export uses, every property with its cardinality, datatype
and class. The official file itself is not brought along; ``CPSV_AP_SHACL`` may name a copy of it.
"""

import csv
import io
import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import given as for_all
from hypothesis import strategies as st
from test_catalogue_lint import GOOD

from tongban import catalogue
from tongban.catalogue import (
    Audience,
    Choice,
    Code,
    Faq,
    Fee,
    Item,
    Limit,
    Question,
    Status,
    Step,
    Unit,
)
from tongban.catalogue.adapters.checks import flaws
from tongban.catalogue.adapters.reading import read_guide
from tongban.catalogue.adapters.translation import item_of
from tongban.catalogue.adapters.written import HEADINGS, harmless

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
RICH = replace(
    GOOD,
    charged=True,
    fees=(Fee("工本费", "10元/本", 1000, "财综〔2012〕1号"),),
    themes=("生育 收养",),
    everyday_words=("开饭店",),
)


def graph(item: Item) -> rdflib.Graph:
    told = catalogue.as_cpsv(item, base="https://example.org/items")
    return rdflib.Graph().parse(data=json.dumps(told), format="json-ld")


@pytest.mark.parametrize("item", [RICH, Item("c", "名称", "d", "部门", "990100", "云江市")])
def test_a_service_is_linked_data_by_the_european_profile(item: Item) -> None:
    conforms, _, report = pyshacl.validate(
        graph(item), shacl_graph=SHAPES, shacl_graph_format="turtle"
    )
    assert conforms, report


def test_the_cost_of_a_service_has_its_value_and_currency() -> None:
    [cost] = catalogue.as_cpsv(RICH, base="https://example.org/items")["cv:hasCost"]
    assert cost["cv:hasValue"] == {"@value": "10.00", "@type": "xsd:double"}
    assert cost["cv:currency"]["@id"].endswith("/currency/CNY")


def names(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(names, node))
    if not isinstance(node, dict):
        return set()
    found = {name for name in node if not name.startswith("@")}
    return found.union(*map(names, node.values()))


def test_every_property_of_a_service_is_one_of_the_profile() -> None:
    told = catalogue.as_cpsv(RICH, base="https://example.org/items")
    assert names({name: said for name, said in told.items() if name != "@context"}) <= KNOWN


def test_no_address_holds_what_must_not_stand_in_one() -> None:
    nodes = (node for triple in graph(RICH) for node in triple)
    addresses = {str(node) for node in nodes if isinstance(node, rdflib.URIRef)}
    assert "https://example.org/items#theme-生育%20收养" in addresses
    assert not any(set(address) & set(' <>"{}|\\^`') for address in addresses)


@pytest.mark.skipif("CPSV_AP_SHACL" not in os.environ, reason="CPSV_AP_SHACL names no file")
@pytest.mark.parametrize("item", [RICH, Item("c", "名称", "d", "部门", "990100", "云江市")])
def test_a_service_conforms_to_the_official_shapes(item: Item) -> None:
    shapes = Path(os.environ["CPSV_AP_SHACL"]).read_text(encoding="utf-8")
    conforms, _, report = pyshacl.validate(
        graph(item), shacl_graph=shapes, shacl_graph_format="turtle"
    )
    assert conforms, report


def test_the_constraints_find_what_is_missing() -> None:
    told = catalogue.as_cpsv(RICH, base="https://example.org/items")
    for gone in ("dct:title", "dct:identifier", "cv:hasCompetentAuthority"):
        less = {name: said for name, said in told.items() if name != gone}
        data = rdflib.Graph().parse(data=json.dumps(less), format="json-ld")
        assert not pyshacl.validate(data, shacl_graph=SHAPES, shacl_graph_format="turtle")[0]


@for_all(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_cell_of_a_table_begins_like_a_formula(name: str) -> None:
    [_, line] = catalogue.as_csv([replace(GOOD, name=name, summary=name)])
    cells = next(csv.reader(io.StringIO(line, newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert len(cells) == len(HEADINGS)


def test_a_formula_is_made_harmless_and_the_rest_stays() -> None:
    assert harmless("=1+1") == "'=1+1"
    assert harmless("食品经营许可") == "食品经营许可"


def test_everything_of_an_item_is_in_a_line_of_json_and_read_back() -> None:
    item = replace(
        RICH,
        audience=Audience.PERSON,
        service_object="自然人|企业法人",
        online_apply=not RICH.online_apply,
        materials=(replace(RICH.materials[0], exempt=True, upload=True, supplied_by="公安"),),
        steps=(Step("审查", Limit(3, Unit.HOUR)), Step("评审", Limit(2), counted=False)),
        questions=(Question("q", "哪种", (Choice("a", "甲", forms=("表一",)), Choice("b", "乙"))),),
        faq=(Faq("问", "答"),),
        form={},
        status=Status.SUSPENDED,
        extra={"color": "红"},
        codes=(Code("basic_code", "000131007000"), Code("partner", "X")),
        effective_until=date(2030, 1, 1),
    )
    [line] = catalogue.as_jsonl([item])
    guide = read_guide(json.loads(line))
    assert not flaws(guide)
    again = item_of(guide, department=item.department, region=item.region)
    assert again == replace(item, version=0, effective_from=None)
    assert list(catalogue.as_jsonl([again])) == [line]
