"""The conformance kit, where it is at hand, and its runner."""

from pathlib import Path

import pytest

from rules.models import decision, dmn, literal
from tongban.rules.tck import report, run_tck, total

KIT = Path(__file__).parents[2] / "../shared/tck"
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


@pytest.mark.parametrize(("level", "cases"), [(2, 116), (3, 2201)])
def test_the_kit_passes(level: int, cases: int) -> None:
    if not KIT.exists():
        pytest.skip("the conformance kit is not here")
    tallies = run_tck(KIT / f"compliance-level-{level}")
    found = total(tallies, "")
    assert [tally.failures for tally in tallies if tally.failures] == []
    assert found.values_passed + found.errors_passed == cases
