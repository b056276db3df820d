"""The conformance kit, where it is at hand, and its runner."""

from pathlib import Path

import pytest

from conftest import beside
from rules.models import decision, dmn, fact, literal, needs
from tongban.rules import compile_expression
from tongban.rules.dmn.xml import parse_xml
from tongban.rules.tck import agrees, read_value, report, run_tck, total

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName>
 <testCase id="1"><resultNode name="d"><expected><value xsi:type="xsd:decimal">2</value></expected>
 </resultNode></testCase>
 <testCase id="2"><resultNode name="d"><expected><value xsi:type="xsd:decimal">3</value></expected>
 </resultNode></testCase>
 <testCase id="3"><resultNode name="e" errorResult="true"><expected><value xsi:nil="true"/>
 </expected></resultNode></testCase></testCases>"""


def test_values_and_errors_are_counted_apart(tmp_path: Path) -> None:
    folder = tmp_path / "compliance-level-2" / "0001-own"
    folder.mkdir(parents=True)
    (folder / "m.dmn").write_bytes(
        dmn(decision("d", literal("1 + 1")) + decision("e", literal("1 / 0")))
    )
    (folder / "m-test-01.xml").write_text(CASES)
    [tally] = run_tck(tmp_path)
    assert (tally.values_passed, tally.values_failed) == (1, 1)
    assert (tally.errors_passed, tally.errors_failed) == (1, 0)
    assert "2 d: 3 != 2" in report([tally], details=True)


FORMS = [
    ('<value xsi:type="xsd:string"> a </value>', '" a "'),
    ('<value xsi:type="xs:double">1.50000000001</value>', "1.5"),
    ('<value xsi:type="xsd:boolean">true</value>', "true"),
    ('<value xsi:type="xsd:date">2020-01-31</value>', '@"2020-01-31"'),
    ('<value xsi:type="xsd:time">10:00:00Z</value>', '@"10:00:00@Etc/UTC"'),
    ('<value xsi:type="xsd:dateTime">2020-01-31T10:00:00</value>', '@"2020-01-31T10:00:00"'),
    ('<value xsi:type="xsd:duration">P1Y2M</value>', '@"P14M"'),
    ('<value xsi:type="xsd:dayTimeDuration">PT36H</value>', '@"P1DT12H"'),
    ('<value xsi:type="xsd:yearMonthDuration">P12M</value>', '@"P1Y"'),
    ("<value>2.0</value>", "2"),
    ("<value>abc</value>", '"abc"'),
    ('<value xsi:nil="true"/>', "null"),
    ("", "null"),
    ("<list/>", "[]"),
    ('<list xsi:nil="true"/>', "null"),
    ('<list><item><value>a</value></item><item xsi:nil="true"/></list>', '["a", null]'),
    (
        '<component name="x  y"><value>1</value></component><component name="z"><list><item>'
        '<component name="w" xsi:nil="true"/></item></list></component>',
        '{"x  y": 1, z: [{w: null}]}',
    ),
]


@pytest.mark.parametrize(("form", "text"), FORMS)
def test_every_form_of_a_value_is_read(form: str, text: str) -> None:
    namespace = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    expected = read_value(parse_xml(f"<expected {namespace}>{form}</expected>".encode()))
    assert agrees(compile_expression(text).evaluate({}).value, expected)
    assert not agrees("something else", expected)


SERVICE = """<testCases><modelName>folder/m.dmn</modelName>
 <testCase id="1" type="decisionService" invocableName="s">
 <inputNode name="x"><value>1</value></inputNode>
 <resultNode name="y"><expected><value>2</value></expected></resultNode>
 <resultNode name="z"><expected><value>3</value></expected></resultNode></testCase>
 <testCase id="2" type="bkm" invocableName="plus"><inputNode name="a">
 <value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:int">4</value>
 </inputNode>
 <resultNode name="plus"><expected><value>5</value></expected></resultNode></testCase>
 <testCase id="3"><resultNode name="no such"><expected><value>5</value></expected></resultNode>
 </testCase></testCases>"""


def test_services_and_knowledge_are_invoked_and_bad_neighbours_do_not_matter(
    tmp_path: Path,
) -> None:
    body = fact("x", "number")
    body += decision("y", literal("x + 1"), requires=needs(facts="x"))
    body += decision("z", literal("x + 2"), requires=needs(facts="x"))
    body += (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#y"/>'
        '<outputDecision href="#z"/><inputData href="#x"/></decisionService>'
        '<businessKnowledgeModel id="plus" name="plus"><variable name="plus"/><encapsulatedLogic>'
        f'<formalParameter name="a" typeRef="number"/>{literal("a + 1")}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )
    (tmp_path / "m.dmn").write_bytes(dmn(body))
    (tmp_path / "bad.dmn").write_text("<html>")
    (tmp_path / "other.xml").write_text("<html/>")
    (tmp_path / "tests of services.xml").write_text(SERVICE)
    [tally] = run_tck(tmp_path)
    assert (tally.values_passed, tally.values_failed) == (2, 1)
    assert [failure.case for failure in tally.failures] == ["3 no such"]


@pytest.mark.parametrize(("level", "cases"), [(2, 116), (3, 2201)])
def test_the_kit_passes(level: int, cases: int) -> None:
    tallies = run_tck(beside(f"tck/compliance-level-{level}"))
    found = total(tallies, "")
    assert [tally.failures for tally in tallies if tally.failures] == []
    assert found.values_passed + found.errors_passed == cases
