"""What is filled in beside an opinion at a step of a process, by the name of its form. Pure.

Values become variables of the process under the keys of the fields, so conditions can ask for them.
"""

from collections.abc import Mapping
from typing import Any

from tongban.catalogue import Field, Option, Widget, schema

FORMS: Mapping[str, dict[str, Any]] = {
    "opinion": schema(
        (
            Field(
                key="conditions",
                title="附带条件",
                widget=Widget.TEXTAREA,
                required=False,
                largest=500,
            ),
        )
    ),
    "site-visit": schema(
        (
            Field(key="visited_on", title="核查日期", widget=Widget.DATE),
            Field(
                key="visit_result",
                title="核查结果",
                widget=Widget.CHOICE,
                options=(Option("fit", "符合要求"), Option("mend", "需要整改")),
            ),
            Field(key="visitors", title="核查人员", hint="两人以上", largest=100),
        )
    ),
    "expert-review": schema(
        (
            Field(key="reviewed_on", title="评审日期", widget=Widget.DATE),
            Field(
                key="experts_count", title="专家人数", widget=Widget.NUMBER, smallest=1, largest=99
            ),
            Field(
                key="needs_hearing",
                title="是否需要听证",
                widget=Widget.CHOICE,
                options=(Option("yes", "需要"), Option("no", "不需要")),
            ),
        )
    ),
    "hearing": schema(
        (
            Field(key="heard_on", title="听证日期", widget=Widget.DATE),
            Field(
                key="heard_count", title="参加人数", widget=Widget.NUMBER, smallest=1, largest=9999
            ),
        )
    ),
    "publication": schema(
        (
            Field(key="published_on", title="公示日期", widget=Widget.DATE),
            Field(key="published_where", title="公示地点或网址", largest=200),
        )
    ),
    "objections": schema(
        (
            Field(
                key="objections",
                title="公示期间收到异议",
                widget=Widget.NUMBER,
                hint="没有收到请填 0",
                smallest=0,
                largest=9999,
            ),
        )
    ),
}
_NONE: dict[str, Any] = {}


def form_of(name: str) -> dict[str, Any]:
    """Return the form of a step as JSON Schema; without fields where there is none of the name."""
    return FORMS.get(name, _NONE)
