"""The catalogue written for others: tables that harm nobody, linked data by the European profile.

The constraints below are ours. They say what CPSV-AP 3.2 makes mandatory and of which class or
datatype the values are; the official file of shapes is not brought along.
"""

import csv
import io
import json
from dataclasses import replace

import pyshacl
import pytest
import rdflib
from hypothesis import given as for_all
from hypothesis import strategies as st
from test_catalogue_lint import GOOD

from tongban import catalogue
from tongban.catalogue import Fee, Item
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
[] a sh:NodeShape ; sh:targetClass cpsv:PublicService ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path cv:hasCompetentAuthority ; sh:minCount 1 ; sh:class cv:PublicOrganisation ] ,
    [ sh:path dct:language ; sh:class dct:LinguisticSystem ] ,
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
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] .
[] a sh:NodeShape ; sh:targetClass cv:Evidence , cv:Output , cpsv:Rule ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] .
[] a sh:NodeShape ; sh:targetClass cpsv:Rule ;
  sh:property [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ] .
[] a sh:NodeShape ; sh:targetClass cv:Cost ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] .
"""
RICH = replace(GOOD, charged=True, fees=(Fee("工本费", "10元/本", 1000, "财综〔2012〕1号"),))


def graph(item: Item) -> rdflib.Graph:
    told = catalogue.as_cpsv(item, base="https://example.org/items")
    return rdflib.Graph().parse(data=json.dumps(told), format="json-ld")


@pytest.mark.parametrize("item", [RICH, Item("c", "名称", "d", "部门", "990100", "云江市")])
def test_a_service_is_linked_data_by_the_european_profile(item: Item) -> None:
    conforms, _, report = pyshacl.validate(
        graph(item), shacl_graph=SHAPES, shacl_graph_format="turtle"
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


def test_everything_of_an_item_is_in_a_line_of_json() -> None:
    [line] = catalogue.as_jsonl([GOOD])
    told = json.loads(line)
    assert (told["code"], told["materials"][0]["name"]) == (GOOD.code, GOOD.materials[0].name)
