"""The catalogue written for others: tables that harm nobody, lines of JSON that lose nothing."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

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

RICH = replace(
    GOOD,
    charged=True,
    fees=(Fee("工本费", "10元/本", 1000, "财综〔2012〕1号"),),
    themes=("生育 收养",),
    everyday_words=("开饭店",),
)


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
