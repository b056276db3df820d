"""BPMN 2.0 XML, read strictly and written back without loss."""

from importlib.resources import files

import pytest
from drawn import content, process
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tongban.process import (
    Attributes,
    Definition,
    EventKind,
    Faulty,
    Formula,
    Lane,
    LimitUnit,
    Mapping,
    MultiInstance,
    NodeKind,
    Participant,
    Process,
    Severity,
    Special,
    SpecialProcedure,
    StandardLoop,
    StepLimit,
    TimerKind,
    Unreadable,
    compiled,
    examine,
    read,
    stored,
    write,
)
from tongban.process.model.bpmn.vocabulary import ABSTRACT, ELEMENTS
from tongban.process.model.definition import Event, Node, Timer

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = f'''<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:tongban="urn:tongban:process:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 id="d" targetNamespace="urn:test">'''


def file(inside: str) -> bytes:
    return f"{HEAD}\n{inside}\n</bpmn:definitions>".encode()


def of_process(inside: str) -> Definition:
    return read(file(f'<bpmn:process id="p" isExecutable="true">{inside}</bpmn:process>'))


def errors(definition: Definition) -> list[str]:
    return [one.told() for one in definition.problems if one.severity is Severity.ERROR]


def test_a_plain_file_is_read_and_runs() -> None:
    definition = of_process("""
      <bpmn:startEvent id="start"/>
      <bpmn:userTask id="review" name="审核" tongban:role="reviewer" tongban:limit="3"/>
      <bpmn:exclusiveGateway id="gw" default="f3"/>
      <bpmn:endEvent id="yes"/><bpmn:endEvent id="no"/>
      <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
      <bpmn:sequenceFlow id="f2" sourceRef="review" targetRef="gw"/>
      <bpmn:sequenceFlow id="f3" sourceRef="gw" targetRef="no"/>
      <bpmn:sequenceFlow id="f4" sourceRef="gw" targetRef="yes">
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">outcome = "grant"
        </bpmn:conditionExpression>
      </bpmn:sequenceFlow>""")
    assert errors(definition) == []
    graph = compiled(definition)
    assert graph.node("review").attributes.limit == StepLimit(3)
    assert len(definition.hash) == 32


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<bpmn:teleportTask id="x" name="传送"/>', "BPMN 没有名为“teleportTask”的元素"),
        ('<bpmn:lane id="x"/>', "元素“lane”不能放在“process”里"),
        ('<bpmn:task id="a"/><bpmn:task id="a"/>', "编号“a”用了不止一次"),
        ('<bpmn:sequenceFlow id="f" sourceRef="nowhere" targetRef="x"/>', "指向不存在的“nowhere”"),
        (
            '<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m"/>'
            "</bpmn:startEvent>",
            "“messageRef”指向不存在的“m”",
        ),
        ('<bpmn:task id="a" tongban:rôle="x"/>', "没有名为“tongban:rôle”的属性"),
        ('<bpmn:task id="a" tongban:limit="three"/>', "“tongban:limit”应为1 到 9999 的整数"),
        ('<bpmn:task id="a" tongban:promised="3"/>', "“tongban:promised”不能用在“task”上"),
        ('<bpmn:task id="a" tongban:special="magic"/>', "应为特别程序的种类"),
    ],
)
def test_what_breaks_the_standard_is_refused_with_its_line(inside: str, told: str) -> None:
    definition = of_process(f"\n\n{inside}")
    assert any(told in one for one in errors(definition)), errors(definition)
    assert all(one.startswith("第 7 行") for one in errors(definition))
    with pytest.raises(Faulty):
        compiled(definition)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<definitions/>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>',
        b"<a>" * 300 + b"</a>" * 300,
        file("<bpmn:a>" * 120 + "</bpmn:a>" * 120),
    ],
)
def test_what_is_no_bpmn_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert str(refused.value)
    assert refused.value.told("en")


def test_foreign_extensions_drawing_and_documentation_survive() -> None:
    data = file("""<!-- drawn by hand -->
      <bpmn:process id="p" camunda:historyTimeToLive="P30D">
        <bpmn:documentation>为什么 <![CDATA[<b>如此</b>]]></bpmn:documentation>
        <bpmn:extensionElements><camunda:properties><camunda:property name="a" value="b"/>
        </camunda:properties></bpmn:extensionElements>
        <bpmn:userTask id="a" camunda:assignee="${who}"/>
        <bpmn:textAnnotation id="t"><bpmn:text>注</bpmn:text></bpmn:textAnnotation>
        <bpmn:association id="as" sourceRef="a" targetRef="t"/>
        <bpmn:dataObjectReference id="ref" dataObjectRef="obj"/><bpmn:dataObject id="obj"/>
        <bpmn:group id="g"/>
      </bpmn:process>
      <bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
        xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="dia">
        <bpmndi:BPMNPlane id="plane" bpmnElement="p"><bpmndi:BPMNShape id="s" bpmnElement="a">
        <dc:Bounds x="1" y="2" width="100" height="80"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>
      </bpmndi:BPMNDiagram>""")
    definition = read(data)
    assert errors(definition) == []
    before, after = etree.fromstring(data), etree.fromstring(write(definition))
    assert etree.canonicalize(before, with_comments=True) == etree.canonicalize(
        after, with_comments=True
    )
    assert read(write(definition)) == definition


@pytest.mark.parametrize("prefix", ["", "bpmn:", "bpmn2:", "semantic:"])
def test_any_prefix_or_none_may_stand_for_the_namespace(prefix: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    data = f"""<{prefix}definitions {declared}="{BPMN}" targetNamespace="x">
      <{prefix}process id="p"><{prefix}startEvent id="s"><{prefix}outgoing>f</{prefix}outgoing>
      </{prefix}startEvent><{prefix}task id="t"/>
      <{prefix}sequenceFlow id="f" sourceRef="s" targetRef="t"/></{prefix}process>
      </{prefix}definitions>""".encode()
    definition = read(data)
    assert definition.problems == ()
    assert [node.id for node in compiled(definition).nodes] == ["s", "t"]


def test_sequence_flows_rule_over_incoming_and_outgoing() -> None:
    definition = of_process("""
      <bpmn:startEvent id="s"><bpmn:outgoing>ghost</bpmn:outgoing></bpmn:startEvent>
      <bpmn:task id="t"><bpmn:outgoing>f</bpmn:outgoing></bpmn:task>
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"/>""")
    assert errors(definition) == []
    assert {one.severity for one in definition.problems} == {Severity.NOTE}
    graph = compiled(definition)
    assert graph.node("t").incoming == graph.node("s").outgoing == (0,)


def test_pools_and_several_processes_in_one_file() -> None:
    definition = read(
        file("""
      <bpmn:collaboration id="c"><bpmn:participant id="a" name="审批局" processRef="p"/>
        <bpmn:participant id="b" name="申请人"/>
        <bpmn:messageFlow id="m" sourceRef="b" targetRef="start"/></bpmn:collaboration>
      <bpmn:process id="p"><bpmn:laneSet id="ls"><bpmn:lane id="l" name="窗口" tongban:role="clerk">
        <bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
        <bpmn:startEvent id="start"/><bpmn:userTask id="t"/>
        <bpmn:sequenceFlow id="f" sourceRef="start" targetRef="t"/></bpmn:process>
      <bpmn:process id="q"><bpmn:task id="u"/></bpmn:process>""")
    )
    assert errors(definition) == []
    assert definition.participants == (
        Participant("a", "审批局", "p"),
        Participant("b", "申请人"),
    )
    assert compiled(definition, process="p").node("t").attributes.role == "clerk"


def test_events_are_read_with_what_they_refer_to() -> None:
    definition = read(
        file("""<bpmn:message id="m1" name="材料已补"/><bpmn:error id="e1" errorCode="E42"/>
      <bpmn:timerEventDefinition id="shared"><bpmn:timeCycle>R3/P1D</bpmn:timeCycle>
      </bpmn:timerEventDefinition>
      <bpmn:process id="p">
        <bpmn:userTask id="a"/>
        <bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="false">
          <bpmn:timerEventDefinition tongban:workdays="5"/></bpmn:boundaryEvent>
        <bpmn:boundaryEvent id="often" attachedToRef="a" cancelActivity="false">
          <bpmn:eventDefinitionRef>shared</bpmn:eventDefinitionRef></bpmn:boundaryEvent>
        <bpmn:boundaryEvent id="wrong" attachedToRef="a">
          <bpmn:errorEventDefinition errorRef="e1"/></bpmn:boundaryEvent>
        <bpmn:receiveTask id="r" messageRef="m1" tongban:correlation="number"/>
        <bpmn:intermediateCatchEvent id="any" name="消息到"><bpmn:messageEventDefinition/>
        </bpmn:intermediateCatchEvent>
      </bpmn:process>""")
    )
    graph = examine(definition.processes[0]).graph
    assert graph.node("late").event.timer.fixed == 5
    assert not graph.node("late").interrupting
    assert graph.node("often").event.timer.fixed.times == 3
    assert graph.node("wrong").event.code == "E42"
    assert graph.node("r").event.name == "材料已补"
    assert graph.node("r").event.correlation.text == "number"
    assert graph.node("any").event.name == "消息到"


def test_standard_data_associations_become_mappings() -> None:
    definition = of_process("""
      <bpmn:dataObject id="obj" name="申请"/>
      <bpmn:userTask id="a">
        <bpmn:ioSpecification id="io"><bpmn:dataInput id="in" name="form"/>
          <bpmn:dataOutput id="out" name="结论"/><bpmn:inputSet/><bpmn:outputSet/>
        </bpmn:ioSpecification>
        <bpmn:dataInputAssociation id="x"><bpmn:sourceRef>obj</bpmn:sourceRef>
          <bpmn:targetRef>in</bpmn:targetRef></bpmn:dataInputAssociation>
        <bpmn:dataOutputAssociation id="y"><bpmn:targetRef>obj</bpmn:targetRef>
          <bpmn:assignment><bpmn:from>结论 + "。"</bpmn:from><bpmn:to>obj</bpmn:to>
          </bpmn:assignment></bpmn:dataOutputAssociation>
      </bpmn:userTask>""")
    assert errors(definition) == []
    (node,) = definition.processes[0].content.nodes
    assert node.inputs == (Mapping("form", Formula("申请")),)
    assert node.outputs == (Mapping("申请", Formula('结论 + "。"')),)


EVERYTHING = Process(
    "p",
    "全部",
    content(
        "start > a > b > sub > or > end",
        nodes=[
            Node(
                "a",
                NodeKind.USER,
                "审核",
                attributes=Attributes(
                    role="r",
                    department=Formula("unit"),
                    limit=StepLimit(3, LimitUnit.HOUR, statutory=False),
                    special=SpecialProcedure(Special.HEARING, "行政许可法第四十六条"),
                    documents=("d1", "d2"),
                    four_eyes=("b",),
                    automatic=True,
                    retries=0,
                ),
                documentation="说明",
                loop=MultiInstance(
                    True,
                    collection=Formula("units"),
                    item="unit",
                    results="opinions",
                    result=Formula("opinion"),
                    completion=Formula("done"),
                ),
            ),
            Node("b", NodeKind.SCRIPT, script=Formula("1 + 1"), loop=StandardLoop(maximum=3)),
            Node(
                "sub",
                NodeKind.SUB_PROCESS,
                inner=content("start_2 > c > end_2"),
                inputs=(Mapping("x", Formula("1")),),
                outputs=(Mapping("y", Formula("x")),),
            ),
            Node("or", NodeKind.INCLUSIVE, default="or-end"),
            Node("end", NodeKind.END, events=(Event(EventKind.ERROR, code="E1"),)),
            Node(
                "late",
                NodeKind.BOUNDARY,
                attached="sub",
                cancels=False,
                events=(Event(EventKind.TIMER, timer=Timer(TimerKind.WORKDAYS, Formula("5"))),),
            ),
            Node(
                "wait",
                NodeKind.CATCH,
                events=(Event(EventKind.MESSAGE, "m", correlation=Formula("number")),),
            ),
            Node("r", NodeKind.RECEIVE, events=(Event(EventKind.MESSAGE, "m"),), instantiate=True),
            Node(
                "es",
                NodeKind.SUB_PROCESS,
                by_event=True,
                inner=content(
                    "es_start > es_end",
                    nodes=[
                        Node(
                            "es_start",
                            NodeKind.START,
                            cancels=False,
                            events=(Event(EventKind.SIGNAL, "s"),),
                        )
                    ],
                ),
            ),
        ],
    ),
    True,
    "文档",
    20,
)


def with_lanes(drawn: Process) -> Process:
    lane = Lane("l", "办理", ("a",), "reviewer", (Lane("l2", "内层", ("b",)),))
    filled = content()
    return Process(
        "p2",
        content=type(filled)(drawn.content.nodes[:2], (), (lane,), ("申请 材料",)),
    )


def test_what_a_program_made_is_read_back_equal() -> None:
    made = Definition((EVERYTHING,), (Participant("pool", "单位", "p"),), name="d")
    again = read(write(made))
    assert errors(again) == []
    assert again.processes == made.processes
    assert again.participants == made.participants
    laned = Definition((with_lanes(EVERYTHING),))
    assert read(write(laned)).processes == laned.processes


names = st.sampled_from(["a", "b", "xor_1", "and_1", "or_1", "end", "call_1", "script_1"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(names, names), max_size=12), st.text(max_size=8))
def test_any_definition_is_read_back_equal(edges: list[tuple[str, str]], label: str) -> None:
    kept = "".join(letter for letter in label if letter.isprintable())
    shown = " ".join(kept.split())
    drawn = process(*(f"{a} > {b}" for a, b in edges), nodes=[Node("n", NodeKind.USER, shown)])
    made = stored(Definition((drawn,)))
    assert made.processes == (drawn,)
    assert stored(Definition((drawn,))).hash == made.hash


# Types that the schema declares as elements without marking them as abstract.
ONLY_TYPES = {"baseElementWithMixedContent", "artifact", "eventDefinition", "dataAssociation"}
ONLY_TYPES |= {"loopCharacteristics", "rootElement"}


def schema_folder() -> str:
    """Where the peer of our benchmarks keeps the schema of the standard."""
    return str(files("SpiffWorkflow") / "bpmn" / "parser" / "schema")


def test_what_is_written_is_valid_by_the_schema_of_the_standard() -> None:
    schema = etree.XMLSchema(etree.parse(f"{schema_folder()}/BPMN20.xsd"))
    plain = Definition((EVERYTHING,), (Participant("pool", "单位", "p"),), name="d")
    schema.assertValid(etree.fromstring(write(plain)))


def test_the_vocabulary_is_that_of_the_schema() -> None:
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    roots = [
        etree.parse(f"{schema_folder()}/{name}.xsd").getroot() for name in ("Semantic", "BPMN20")
    ]
    types = {one.get("name"): one for root in roots for one in root.iter(f"{xsd}complexType")}
    attributes: dict[str, set[str]] = {}

    def attributes_of(name: str) -> set[str]:
        if name not in attributes:
            own = {one.get("name") for one in types[name].iter(f"{xsd}attribute")}
            base = next(types[name].iter(f"{xsd}extension"), None)
            above = attributes_of(base.get("base")) if base is not None else set()
            attributes[name] = own | above
        return attributes[name]

    checked = 0
    for root in roots:
        for one in root.findall(f"{xsd}element"):
            name = one.get("name")
            if one.get("abstract") or name in ABSTRACT | ONLY_TYPES:
                continue
            assert ELEMENTS[name].attributes == attributes_of(one.get("type")), name
            checked += 1
    assert checked > 100
