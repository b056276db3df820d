"""The public chart: drawn from the file or laid out, marked, and in words."""

from itertools import combinations

import pytest
from drawn import content, process
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tongban.process import (
    Attributes,
    Definition,
    LimitUnit,
    NodeKind,
    Special,
    SpecialProcedure,
    StepLimit,
    chart,
    examine,
    outline,
    read,
    stored,
    the_process,
    with_diagram,
    write,
)
from tongban.process.model.definition import Node
from tongban.process.model.drawing.diagram import Box, drawn_diagram
from tongban.process.model.drawing.layout import laid_out
from tongban.process.model.drawing.text import width_of, wrapped

SVG = "{http://www.w3.org/2000/svg}"
PATHS = ("start > a > and > b > and_j > xor > end", "and > c > and_j", "xor > a")


def texts(svg: str) -> str:
    return "".join(etree.fromstring(svg).itertext())


def test_a_definition_without_drawing_is_laid_out_without_overlaps() -> None:
    for down in (False, True):
        diagram = laid_out(process(*PATHS), down=down)
        boxes = [shape.box for shape in diagram.shapes.values()]
        for one, other in combinations(boxes, 2):
            apart = (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart, (one, other)
        assert len(diagram.lines) == 9


places = st.sampled_from(["xor_1", "and_1", "or_1", "a", "b", "c", "end", "call_1"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(places, places), min_size=1, max_size=14), st.booleans())
def test_any_graph_can_be_laid_out_and_drawn(edges: list[tuple[str, str]], down: bool) -> None:
    drawn = process(*(f"{a} > {b}" for a, b in edges))
    made = chart(Definition((drawn,)), drawn, down=down)
    root = etree.fromstring(made.svg)
    assert len(root.findall(f".//{SVG}g[@data-node]")) == len(drawn.content.nodes)
    assert len(root.findall(f".//{SVG}polyline")) == len(drawn.content.flows)


def test_the_chart_has_no_style_of_its_own_and_escapes_what_people_wrote() -> None:
    drawn = process("start > a > end", nodes=[Node("a", NodeKind.USER, '<script>"&</script>')])
    svg = chart(Definition((drawn,)), drawn).svg
    assert "<script" not in svg
    assert "style" not in svg
    assert "<script>" in texts(svg)


def test_where_a_case_is_can_be_seen_and_read() -> None:
    drawn = process(*PATHS)
    svg = chart(Definition((drawn,)), drawn, marks={"b": "current", "a": "done"}).svg
    root = etree.fromstring(svg)
    here = root.find(f".//{SVG}g[@data-node='b']")
    assert "is-current" in here.get("class")
    assert here.findtext(f"{SVG}title") == "b（正在这里）"


def test_the_drawing_of_the_file_is_kept_and_one_that_we_made_can_be_opened_again() -> None:
    made = with_diagram(Definition((process(*PATHS),)))
    assert drawn_diagram(stored(Definition((process(*PATHS),)))) is None
    diagram = drawn_diagram(made)
    assert diagram is not None
    assert set(diagram.shapes) == {node.id for node in made.processes[0].content.nodes}
    assert with_diagram(made) is made
    again = read(write(made))
    assert [one.severity for one in again.problems] == []
    moved = write(made).replace(b'x="160"', b'x="1000"')
    assert drawn_diagram(read(moved)) != diagram


def test_lanes_annotations_and_collapsed_parts_of_a_drawing_are_shown() -> None:
    source = write(
        with_diagram(
            Definition(
                (
                    process(
                        "start > sub > end",
                        nodes=[
                            Node("sub", NodeKind.SUB_PROCESS, "踏勘", inner=content("s2 > visit"))
                        ],
                    ),
                )
            )
        )
    )
    extended = source.replace(
        b"</bpmn:process>",
        '<bpmn:textAnnotation id="note"><bpmn:text>法定二十日</bpmn:text></bpmn:textAnnotation>'
        "</bpmn:process>".encode(),
    ).replace(
        b"</bpmndi:BPMNPlane>",
        b'<bpmndi:BPMNShape id="nd" bpmnElement="note"><dc:Bounds x="0" y="0" width="100" '
        b'height="40"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>',
    )
    definition = read(extended)
    assert [p.told() for p in definition.problems] == []
    shown = texts(chart(definition, the_process(definition)).svg)
    assert "法定二十日" in shown
    assert "踏勘" in shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("审核", ["审核"]),
        ("住房和城乡建设部门", ["住房和城乡", "建设部门"]),
        ("review the whole file", ["review the", "whole file"]),
        ("一二三四五六七八九十一二三四五六", ["一二三四五", "六七八九十…"]),
    ],
)
def test_names_break_where_they_may(text: str, lines: list[str]) -> None:
    assert wrapped(text, width=58, size=10, lines=2) == lines
    assert all(width_of(line, 10) <= 60 for line in lines)


def test_a_box_knows_its_middle() -> None:
    assert Box(10, 20, 100, 50).middle == (60, 45)


def test_a_process_is_told_as_an_ordered_list() -> None:
    special = SpecialProcedure(Special.HEARING, "行政许可法第四十七条")
    drawn = process(
        *PATHS,
        nodes=[
            Node("a", NodeKind.USER, "受理", attributes=Attributes(limit=StepLimit(3))),
            Node(
                "b",
                NodeKind.USER,
                "听证",
                attributes=Attributes(limit=StepLimit(2, LimitUnit.DAY), special=special),
            ),
        ],
    )
    steps = outline(examine(drawn).graph, marks={"b": "current"})
    named = {step.name: step for step in steps}
    assert [step.name for step in steps] == ["start", "受理", "听证", "c", "end"]
    assert "时限 3 个工作日" in named["受理"].notes
    assert "之后同时进行第 3、4 步" in named["受理"].notes
    assert any("听证，所需时间不计入办理时限" in note for note in named["听证"].notes)
    assert named["听证"].mark == "current"
    told = outline(examine(drawn).graph, language="en")
    assert "Then steps 3、4 go on side by side" in told[1].notes


def test_a_step_list_goes_into_sub_processes_and_round_loops() -> None:
    inner = content("in_s > visit > in_e")
    drawn = process(
        "start > sub > xor > end",
        "xor > sub",
        nodes=[Node("sub", NodeKind.SUB_PROCESS, inner=inner)],
    )
    steps = outline(examine(drawn).graph)
    assert [step.node for step in steps] == ["start", "sub", "end"]
    assert "visit" in [step.node for step in steps[1].steps]


def test_a_hundred_departments_are_drawn_quickly() -> None:
    drawn = process(*(f"start > and > d{n} > and_j > end" for n in range(100)))
    made = chart(Definition((drawn,)), drawn)
    assert made.height > 9000
