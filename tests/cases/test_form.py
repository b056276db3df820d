"""Answers against a form: what is read, what is refused and in which words. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.cases.model import form

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {
            "title": "经营者姓名",
            "type": "string",
            "minLength": 2,
            "maxLength": 5,
            "x-source": "holder.name",
        },
        "number": {"title": "身份证号", "type": "string", "format": "id-number"},
        "telephone": {
            "title": "联系电话",
            "type": "string",
            "format": "phone",
            "x-source": "holder.telephone",
        },
        "code": {"title": "门牌", "type": "string", "pattern": "^[A-Z][0-9]+$"},
        "since": {"title": "开业日期", "type": "string", "format": "date"},
        "area": {"title": "面积", "type": "number", "minimum": 5, "maximum": 500},
        "tables": {"title": "桌数", "type": "integer"},
        "kind": {
            "title": "业态",
            "type": "string",
            "oneOf": [{"const": "a", "title": "餐饮"}, {"const": "b", "title": "销售"}],
        },
        "size": {"title": "规模", "enum": ["大", "小"]},
        "promise": {"title": "承诺", "type": "boolean", "const": True},
        "wishes": {"title": "要求", "type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "promise"],
    "additionalProperties": False,
}
GOOD = {"name": "张小明", "promise": True}


def refused(**answers: object) -> dict[str, str]:
    return {p.field: str(p) for p in form.problems(SCHEMA, {**GOOD, **answers})}


def test_good_answers_have_no_problem() -> None:
    assert refused() == {}
    assert (
        refused(
            number="11010519491231002X",
            telephone="010-12345678",
            code="A12",
            since="2024-02-29",
            area=20.5,
            tables=3,
            kind="a",
            size="大",
            wishes=["快"],
        )
        == {}
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "张", "经营者姓名至少2个字"),
        ("name", "张小明张小明", "经营者姓名最多5个字"),
        ("number", "110105194912310021", "身份证号不是有效的身份证件号码，请核对"),
        ("telephone", "12", "联系电话应为手机号码，或带区号的固定电话"),
        ("code", "12A", "门牌的格式不对，请核对"),
        ("since", "2024-02-30", "开业日期应为日期，写成 2026-01-31 的样子"),
        ("area", 4, "面积不能小于5"),
        ("area", 501, "面积不能大于500"),
        ("area", "很大", "面积应为数字"),
        ("tables", 1.5, "桌数应为整数"),
        ("kind", "c", "业态请从列出的选项中选择"),
        ("size", "中", "规模请从列出的选项中选择"),
        ("promise", False, "请勾选“承诺”"),
        ("shoe", "42", "表单里没有“shoe”这一项"),
    ],
)
def test_a_wrong_answer_is_told_by_its_label_and_rule(
    field: str, value: object, words: str
) -> None:
    assert refused(**{field: value}) == {field: words}


def test_a_missing_answer_is_asked_for() -> None:
    assert [str(p) for p in form.problems(SCHEMA, {})] == ["请填写经营者姓名", "请填写承诺"]


def test_problems_stand_in_the_order_of_the_page() -> None:
    found = form.problems(SCHEMA, {"area": 1, "code": "x", "promise": True})
    assert [p.field for p in found] == ["name", "code", "area"]


def test_fields_of_a_page_become_what_the_form_means() -> None:
    raw = {
        "name": " 张小明 ",
        "area": "1,20.5",
        "tables": "3",
        "promise": "on",
        "kind": "",
        "wishes": ["快", ""],
        "unknown": "x",
    }
    assert form.read(SCHEMA, raw) == {
        "name": "张小明",
        "area": 120.5,
        "tables": 3,
        "promise": True,
        "wishes": ["快"],
    }


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x"]), st.text(max_size=20)))  # type: ignore[misc]
def test_whatever_is_typed_is_read_and_judged_without_a_fault(raw: dict[str, str]) -> None:
    form.problems(SCHEMA, form.read(SCHEMA, raw))


def test_personal_answers_are_masked_and_choices_shown_in_words() -> None:
    answers = {"name": "张小明", "telephone": "13800001234", "kind": "b", "promise": True}

    masked = {a.key: a.text for a in form.shown(SCHEMA, answers, mask=True)}
    clear = {a.key: a.text for a in form.shown(SCHEMA, answers, mask=False)}

    assert masked == {"name": "张**", "telephone": "138****1234", "kind": "销售", "promise": "是"}
    assert clear["telephone"] == "13800001234"
