"""The public chart: drawn from the file or laid out, marked, and in words."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from drawn import content, process
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tongban.process import (
    Attributes,
    Definition,
    Lane,
    LimitUnit,
    NodeKind,
    Process,
    Special,
    SpecialProcedure,
    StepLimit,
    chart,
    examine,
    lane_names,
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
SEED = Path(__file__).parents[2] / "seed" / "processes"
each_of_the_city = pytest.mark.parametrize(
    "file", sorted(SEED.glob("*.bpmn")), ids=lambda file: file.stem
)
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


@each_of_the_city
@pytest.mark.parametrize("down", [False, True])
def test_no_box_hides_what_a_way_is_called(file: Path, down: bool) -> None:
    made = read(file.read_bytes())
    svg = chart(made, made.processes[0], down=down).svg
    named = [flow.name for flow in made.processes[0].content.flows if flow.name]
    assert named
    after_all_boxes = svg[svg.index("</g>", svg.rindex("data-node=")) :]
    assert all(name[:2] in after_all_boxes for name in named)


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


PLACES = ("a", "b", "c", "sub", "xor_1", "and_1", "call_1", "end")


@st.composite
def processes_with_lanes(draw: st.DrawFn) -> Process:
    """Any graph, its nodes in up to four lanes; one of them may have lanes in it, some may be in
    none, and one activity has a timer on its edge."""
    edges = draw(st.lists(st.tuples(*[st.sampled_from(PLACES)] * 2), min_size=1, max_size=12))
    timed = Node("late", NodeKind.BOUNDARY, "到期", attached=edges[0][0])
    inner = Node("sub", NodeKind.SUB_PROCESS, inner=content("s1 > s2"))
    drawn = process(*(f"{a} > {b}" for a, b in edges), nodes=[timed, inner])
    where = {node.id: draw(st.integers(0, 4)) for node in drawn.content.nodes}
    parts = [tuple(one for one, lane in where.items() if lane == n) for n in range(4)]
    within = Lane("outer", "住房和城乡建设部门", (), "", tuple(
        Lane(f"l{n}", f"岗位{n}", parts[n]) for n in (0, 1)
    ))  # fmt: skip
    lanes = (within, *(Lane(f"l{n}", f"部门{n}", parts[n]) for n in (2, 3)))
    return replace(drawn, content=replace(drawn.content, lanes=lanes))


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width + 0.01
        and inner.y + inner.height <= outer.y + outer.height + 0.01
    )


@settings(deadline=None, max_examples=80)
@given(processes_with_lanes())
def test_each_node_stands_in_its_lane_and_on_no_other(drawn: Process) -> None:
    shapes = laid_out(drawn).shapes
    nodes = [node for node in drawn.content.nodes if not node.attached]
    for one, other in combinations(nodes, 2):
        assert apart(shapes[one.id].box, shapes[other.id].box), (one, other)
    outer, *others = drawn.content.lanes
    leaves = (*outer.lanes, *others)
    for lane in leaves:
        standing = [node.id for node in nodes if node.id in lane.nodes]
        for node in standing:
            assert holds(shapes[lane.id].box, shapes[node].box), (lane, node)
        if "late" in shapes and drawn.content.nodes[0].id in standing:
            assert holds(shapes[lane.id].box, shapes["late"].box)
    for one, other in combinations(leaves, 2):
        assert apart(shapes[one.id].box, shapes[other.id].box)
    assert all(holds(shapes["outer"].box, shapes[lane.id].box) for lane in outer.lanes)
    free = {node.id for node in nodes} - {node for lane in leaves for node in lane.nodes}
    for node in free:
        assert all(apart(shapes[lane.id].box, shapes[node].box) for lane in leaves)


DEPARTMENTS = (
    Lane("l1", "综合窗口", ("start", "a", "end")),
    Lane("l2", "建设部门", (), "", (Lane("l3", "承办人", ("and", "b", "and_j", "xor")),)),
    Lane("l4", "规划部门", ("c",)),
)


def departments() -> Process:
    drawn = process(*PATHS)
    return replace(drawn, content=replace(drawn.content, lanes=DEPARTMENTS))


def test_who_does_a_step_is_drawn_and_told() -> None:
    drawn = departments()
    made = with_diagram(Definition((drawn,)))
    root = etree.fromstring(chart(made, made.processes[0]).svg)
    lanes = ["".join(one.itertext()) for one in root.findall(f".//{SVG}g[@class='flow-lane']")]
    assert lanes == ["综合窗口", "建设部门", "承办人", "规划部门"]
    steps = outline(examine(drawn).graph, lanes=lane_names(drawn.content))
    assert {step.node: step.who for step in steps}["b"] == "建设部门 · 承办人"
    assert {step.node: step.who for step in steps}["c"] == "规划部门"


def test_on_a_phone_each_step_names_who_does_it() -> None:
    drawn = departments()
    made = chart(Definition((drawn,)), drawn, down=True)
    root = etree.fromstring(made.svg)
    assert root.find(f".//{SVG}g[@class='flow-lane']") is None
    step = root.find(f".//{SVG}g[@data-node='b']")
    assert "建设部门" in "".join(step.itertext())


def test_a_drawing_with_lanes_is_read_again_as_it_was_written() -> None:
    made = with_diagram(Definition((departments(),)))
    again = read(write(made))
    assert not again.problems
    assert again.processes[0].content.lanes == DEPARTMENTS
    diagram = drawn_diagram(again)
    assert diagram is not None
    assert holds(diagram.shapes["l2"].box, diagram.shapes["b"].box)


def test_what_is_in_a_sub_process_is_done_by_those_of_its_lane() -> None:
    inner = Node("sub", NodeKind.SUB_PROCESS, inner=content("s1 > visit"))
    drawn = process("start > sub > end", nodes=[inner])
    laned = replace(drawn.content, lanes=(Lane("l", "现场组", ("sub",)),))
    assert lane_names(laned) == {"sub": "现场组", "s1": "现场组", "visit": "现场组"}


@each_of_the_city
def test_the_processes_of_the_demonstration_city_say_who_does_what(file: Path) -> None:
    definition = read(file.read_bytes())
    diagram = drawn_diagram(definition)
    assert diagram is not None
    nodes = {node.id for node in definition.processes[0].content.nodes}
    assert nodes <= lane_names(definition.processes[0].content).keys()
    for lane in definition.processes[0].content.lanes:
        assert all(holds(diagram.shapes[lane.id].box, diagram.shapes[n].box) for n in lane.nodes)
