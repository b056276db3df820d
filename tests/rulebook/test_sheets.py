"""Tables and their files: what is written is read back; faults keep their place."""

from dataclasses import replace

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from given_rules import allowance
from tongban import rulebook, rules
from tongban.rulebook.model import dmn, words
from tongban.rules import HitPolicy

texts = st.text(st.characters(codec="utf-8"), max_size=12)
# White space at the ends of a cell and runs of it in a name carry no meaning, and are not kept.
plain = st.text("abc城市 \"<>&[]().,-=0123456789'", max_size=12).map(
    lambda text: " ".join(text.split())
)
names = st.from_regex(r"[a-z_城][a-z0-9_]{0,6}", fullmatch=True)


@st.composite
def sheets(draw: st.DrawFn) -> rulebook.Sheet:
    facts = draw(st.lists(names, unique=True, max_size=4))
    outputs = draw(st.lists(names, unique=True, min_size=1, max_size=3))
    inputs = draw(st.integers(0, 3))
    called = st.dictionaries(st.sampled_from(["a", "b c"]), plain.filter(bool), max_size=2)
    row = st.builds(
        rulebook.Row,
        st.tuples(*[plain.map(lambda text: text or "-")] * inputs),
        st.tuples(*[plain] * len(outputs)),
        plain,
        plain,
        plain,
    )
    return rulebook.Sheet(
        draw(plain.filter(bool)),
        tuple(
            rulebook.Term(
                name, draw(plain), draw(st.sampled_from(["string", "date"])), draw(called)
            )
            for name in facts
        ),
        tuple(
            rulebook.Input(draw(plain), draw(plain), "number", draw(plain)) for _ in range(inputs)
        ),
        tuple(
            rulebook.Output(draw(plain), name, "Any", draw(plain), draw(plain), draw(called))
            for name in outputs
        ),
        tuple(draw(st.lists(row, max_size=4))),
        draw(st.sampled_from(HitPolicy)),
    )


def _labelled(sheet: rulebook.Sheet) -> rulebook.Sheet:
    """A fact without a name of its own is called as the column that shows it."""
    columns = {column.expression: column.label for column in reversed(sheet.inputs) if column.label}
    facts = tuple(
        replace(term, label=term.label or columns.get(term.name, "")) for term in sheet.facts
    )
    return replace(sheet, facts=facts)


@settings(deadline=None)
@cases(sheets())
def test_a_sheet_is_read_back_as_it_was_written(sheet: rulebook.Sheet) -> None:
    again = dmn.read(dmn.write(sheet, code="X")).sheet
    assert again == _labelled(sheet)


@settings(deadline=None)
@cases(texts)
def test_any_text_at_all_can_stand_in_a_cell(text: str) -> None:
    sheet = allowance()
    odd = replace(sheet, rows=(replace(sheet.rows[0], note=text, conditions=(text, "-", "-")),))
    again = dmn.read(dmn.write(odd, code="X")).sheet
    assert again is not None
    rulebook.faults(again)


@settings(deadline=None)
@cases(sheets())
def test_looking_for_faults_never_fails(sheet: rulebook.Sheet) -> None:
    found = rulebook.faults(sheet)
    if not found:
        rulebook.Compiled(dmn.write(sheet, code="X"))


def test_other_readers_find_a_diagram_and_their_own_columns() -> None:
    text = dmn.write(allowance(), code="X")
    assert "DMNShape" in text
    model = rules.load_model(text.encode())
    assert model.problems == []
    given = {"age": 85, "household": "city", "years": None}
    assert model.evaluate("高龄津贴", given).value["decision"] == "grant"


def test_a_model_of_several_parts_is_no_sheet_but_decides() -> None:
    text = """
    <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
      <inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>
      <decision id="d1" name="old"><variable name="old"/>
        <informationRequirement><requiredInput href="#i"/></informationRequirement>
        <literalExpression><text>age >= 80</text></literalExpression></decision>
      <decision id="d2" name="answer"><variable name="answer"/>
        <informationRequirement><requiredDecision href="#d1"/></informationRequirement>
        <literalExpression><text>if old then "grant" else "person"</text></literalExpression>
      </decision>
    </definitions>"""
    summary = dmn.read(text)
    assert (summary.decision, summary.sheet) == ("answer", None)
    with pytest.raises(rules.ModelError):
        dmn.read(text, decision="none")


def test_sentences_call_values_as_people_do_and_leave_out_what_is_empty() -> None:
    sheet = rulebook.Sheet(
        "情形",
        (rulebook.Term("reason", "理由", "string", {"repair": "抢修"}),),
        (rulebook.Input("理由", "reason", "string", '"repair", "event"'),),
        (
            rulebook.Output("材料", "materials", "Any", words={"plan": "活动方案"}),
            rulebook.Output("费用（分）", "fee", "number"),
        ),
        (
            rulebook.Row(('"repair"',), ("[]", "0")),
            rulebook.Row(('"event"',), ('["plan"]', "null"), "城市道路管理条例", "第三十一条"),
        ),
        HitPolicy.RULE_ORDER,
    )
    first, second = words.sentences(sheet)
    assert first.text == "如果理由为抢修，则费用 0 分。"
    assert second.text == "如果理由为event，则材料为活动方案。"
    assert (second.law, second.clause) == ("城市道路管理条例", "第三十一条")


def test_the_analysis_says_what_is_wrong_in_words() -> None:
    sheet = allowance()
    twice = replace(sheet, rows=(sheet.rows[0], sheet.rows[0], *sheet.rows[1:]))
    found = words.analysed(twice)
    assert any(set(one.rules) == {1, 2} for one in found.findings)


def test_differences_are_told_rule_by_rule() -> None:
    told = words.compared(allowance(), allowance(age="85"))
    assert len(told) == 2
    assert all("80" in line and "85" in line for line in told)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"facts": (rulebook.Term("1a"),)}, "f-0-name"),
        ({"facts": (rulebook.Term("a"), rulebook.Term("a"))}, "f-1-name"),
        ({"outputs": (), "rows": ()}, "outputs"),
    ],
)
def test_faults_of_the_head_keep_their_place(change: dict[str, object], place: str) -> None:
    sheet = replace(allowance(), **change)  # type: ignore[arg-type]
    assert place in {problem.field for problem in rulebook.faults(sheet)}
