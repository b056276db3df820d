"""What the files of other tools hold: read as the standard says, or refused in words."""

from datetime import UTC, datetime, timedelta

import pytest

from given_files import HEAD, file, one_step, ran, refusal, written_from_its_parts
from tongban.foundation.work import Work
from tongban.process import (
    Faulty,
    New,
    Severity,
    check,
    compiled,
    publish,
    published,
    read,
    start,
    with_diagram,
)
from tongban.process.model.times import parse_cycle, parse_moment, parse_period


def test_fields_of_two_forms_may_share_an_identifier() -> None:
    form = '<extensionElements><other:field id="agreed"/></extensionElements>'
    steps = f'<userTask id="t">{form}</userTask><userTask id="u">{form}</userTask>'
    assert compiled(read(one_step(steps + '<sequenceFlow id="g" sourceRef="t" targetRef="u"/>')))
    assert "编号“t”用了不止一次" in refusal(one_step('<userTask id="t"/><userTask id="t"/>'))


def test_another_expression_language_is_named_in_the_refusal() -> None:
    script = '<scriptTask id="t" scriptFormat="javascript"><script>a()</script></scriptTask>'
    assert "第 4 行：表达式语言是“javascript”" in refusal(one_step(script))


@pytest.mark.parametrize("name", ["startQuantity", "completionQuantity"])
def test_quantities_of_tokens_other_than_one_are_refused(name: str) -> None:
    assert f"{name}“2”" in refusal(one_step(f'<task id="t" {name}="2"/>'))
    assert compiled(read(one_step(f'<task id="t" {name}="1"/>')))


def test_a_parallel_event_gateway_is_refused() -> None:
    gateway = (
        '<eventBasedGateway id="t" instantiate="true" eventGatewayType="{}"/>'
        '<receiveTask id="r" messageRef="own:m"/><sequenceFlow id="g" sourceRef="t" targetRef="r"/>'
    )
    message = '<message id="m" name="m"/>'
    assert "eventGatewayType“Parallel”" in refusal(file(gateway.format("Parallel"), message))
    assert compiled(read(file(gateway.format("Exclusive"), message)))


def test_a_call_of_a_global_task_is_refused() -> None:
    call = '<callActivity id="t" calledElement="own:g"/>'
    assert "全局任务“own:g”" in refusal(one_step(call, '<globalUserTask id="g"/>'))


def test_a_choreography_is_refused_by_name_unless_something_else_runs() -> None:
    choreography = '<choreography id="c" name="来往"/>'
    assert "不执行“来往”" in refusal(f"{HEAD}{choreography}</definitions>".encode())
    beside = read(one_step('<task id="t"/>', choreography))
    assert [one.severity for one in beside.problems] == [Severity.WARNING]
    assert compiled(beside)


def test_a_truth_that_is_none_is_not_read_as_its_default() -> None:
    boundary = (
        '<userTask id="t"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="{}">'
        "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
        "</boundaryEvent>"
    )
    assert "应为 true 或 false，现为“no”" in refusal(one_step(boundary.format("no")))
    assert compiled(read(one_step(boundary.format("0"))))


@pytest.mark.parametrize("when", ["-PT1H", "P0003-06-04T12:30:05", "R3/PT1X", "2026-13-01"])
def test_a_time_that_is_none_is_refused_at_load_and_not_when_due(when: str) -> None:
    timer = (
        '<intermediateCatchEvent id="t"><timerEventDefinition>'
        f"<timeDuration>{when}</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    assert f"“{when}”不是可用的 ISO 8601 写法" in refusal(one_step(timer))


def test_fractions_short_dates_and_intervals_between_two_moments_are_understood() -> None:
    half = parse_period("PT1.5H")
    assert half is not None
    assert half.rest == timedelta(minutes=90)
    assert parse_period("P1.5M") is None
    assert parse_moment("20261122T100000Z") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert parse_moment("2026-12-31T24:00:00Z") == datetime(2027, 1, 1, tzinfo=UTC)
    assert parse_moment("2026-12-31T24:00:01") is None
    daily = parse_cycle("R5/2026-03-01T13:00:00Z/2026-03-02T13:00:00Z")
    assert daily == parse_cycle("R5/2026-03-01T13:00:00Z/P1D")
    assert parse_cycle("R5/2026-03-02T13:00:00Z/2026-03-01T13:00:00Z") is None


CHOICE = """<exclusiveGateway id="t" default="g"/><userTask id="u"/><userTask id="v"/>
 <sequenceFlow id="g" sourceRef="t" targetRef="u"/>
 <sequenceFlow id="h" sourceRef="t" targetRef="v">
 <conditionExpression{}>{}</conditionExpression></sequenceFlow>"""


@pytest.mark.parametrize(
    "declared",
    ["", "http://www.w3.org/1999/XPath", "https://www.omg.org/spec/DMN/20191111/FEEL/"],
)
def test_conditions_are_feel_where_the_file_declares_nothing_else(declared: str) -> None:
    data = one_step(CHOICE.format("", "x > 5")).replace(
        b"<definitions", b'<definitions expressionLanguage="%s"' % declared.encode(), 1
    )
    assert [token.node for token in ran(data, {"x": 6}).waiting()] == ["v"]


def test_the_language_of_a_file_is_that_of_its_expressions_unless_they_say_otherwise() -> None:
    def in_mvel(attribute: str, text: str) -> bytes:
        plain = one_step(CHOICE.format(attribute, text))
        mvel = b'<definitions expressionLanguage="http://www.mvel.org/2.0"'
        return plain.replace(b"<definitions", mvel, 1)

    assert "第 7 行：表达式语言是“http://www.mvel.org/2.0”" in refusal(in_mvel("", "x > 5"))
    for attribute, text in ((' language="feel"', "x > 5"), ("", "= x > 5")):
        assert [one.node for one in ran(in_mvel(attribute, text), {"x": 6}).waiting()] == ["v"]


def test_an_expression_without_text_is_none() -> None:
    definition = read(one_step(CHOICE.format(' language="http://www.w3.org/1999/XPath"', "")))
    assert not definition.processes[0].content.flows[1].condition
    assert written_from_its_parts(definition).processes == definition.processes


def test_what_nothing_refers_to_needs_no_id() -> None:
    loose = '<task name="a"/><userTask id="task_1"/><scriptTask><script>1</script></scriptTask>'
    data = file(f'{loose}<task id="b"/><sequenceFlow sourceRef="task_1" targetRef="b"/>')
    definition = read(data)
    content = definition.processes[0].content
    assert [node.id for node in content.nodes] == ["task_1_", "task_1", "scriptTask_1", "b"]
    assert [flow.id for flow in content.flows] == ["sequenceFlow_1"]
    assert {one.severity for one in definition.problems} == {Severity.NOTE}
    assert b'id="task_1_"' not in definition.source
    # What is drawn is referred to, so that a drawing brings the ids with it.
    assert b'<task name="a" id="task_1_"/>' in with_diagram(definition).source
    memory = ran(data)
    memory.complete(memory.waiting()[0])
    assert memory.outcome == "completed"


def test_a_process_must_have_an_id() -> None:
    assert "“process”没有编号" in refusal(file('<task id="a"/>').replace(b'id="p" ', b""))


def test_references_find_ids_with_a_colon_and_ids_with_a_prefix() -> None:
    steps = (
        '<startEvent id="x:s"/><task id="x:t" default="x:g"/><userTask id="u"/><task id="v"/>'
        '<sequenceFlow id="f" sourceRef="x:s" targetRef="x:t"/>'
        '<sequenceFlow id="x:g" sourceRef="x:t" targetRef="own:u"/>'
        '<sequenceFlow id="h" sourceRef="x:t" targetRef="v">'
        "<conditionExpression>false</conditionExpression></sequenceFlow>"
    )
    assert [token.node for token in ran(file(steps)).waiting()] == ["u"]


def test_an_id_with_white_space_is_refused() -> None:
    assert "编号“a b”里有空白" in refusal(file('<task id="a b"/>'))


@pytest.mark.parametrize("word", ["converging", "Both"])
def test_a_word_that_the_schema_does_not_have_is_refused(word: str) -> None:
    gateway = f'<parallelGateway id="t" gatewayDirection="{word}"/>'
    assert f"Mixed 之一，现为“{word}”" in refusal(one_step(gateway))


def test_a_lane_may_list_what_is_merely_drawn_in_it() -> None:
    lane = (
        '<laneSet id="ls"><lane id="l"><flowNodeRef>t</flowNodeRef><flowNodeRef>d</flowNodeRef>'
        '<flowNodeRef>n</flowNodeRef></lane></laneSet><dataObject id="d"/><userTask id="t"/>'
        '<textAnnotation id="n"/>'
    )
    assert ran(one_step(lane)).waiting()
    assert "指向不存在的" in refusal(one_step(lane.replace(">n<", ">nowhere<")))


def test_what_another_pool_asks_for_does_not_keep_a_process_from_running() -> None:
    other = '<process id="q"><task id="two" startQuantity="2"/></process>'
    assert compiled(read(one_step('<task id="t"/>', other)), process="p")
    with pytest.raises(Faulty, match="startQuantity"):
        compiled(read(one_step('<task id="t"/>', other)), process="q")


def test_a_service_that_nobody_named_passes_as_the_check_says() -> None:
    step = one_step('<serviceTask id="t"/><userTask id="u"/>'
                    '<sequenceFlow id="g" sourceRef="t" targetRef="u"/>')  # fmt: skip
    assert "没有指明服务（tongban:service），直接通过" in check(read(step)).told()
    assert [token.node for token in ran(step).waiting()] == ["u"]


@pytest.mark.parametrize("interrupts", ["true", "false"])
def test_a_step_that_ends_the_way_may_have_an_event_on_its_border(interrupts: str) -> None:
    step = (
        '<userTask id="t"/><task id="after"/><sequenceFlow id="g" sourceRef="b" targetRef="after"/>'
        f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="{interrupts}">'
        "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
        "</boundaryEvent>"
    )
    assert check(read(one_step(step))).sound


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "iso-8859-1", "utf-8-sig"])
def test_a_file_may_be_published_in_any_encoding(work: Work, encoding: str) -> None:
    name = "café" if encoding.startswith("iso") else "受理"
    text = one_step(f'<userTask id="t" name="{name}"/>').decode()
    declared = encoding.removesuffix("-sig")
    data = text.replace("?>", f' encoding="{declared}"?>', 1).encode(encoding)
    publish(work, bpmn=data, department="D1", region="990100")
    assert published(work, process="p").graph.node("t").name == name
    start(work, process="p", new=New("n1", "990100", "D1"))


@pytest.mark.parametrize(
    ("end", "outcome"), [("terminate", "terminated"), ("error", "error"), ("", "completed")]
)
def test_a_process_that_ends_where_it_begins_has_ended(work: Work, end: str, outcome: str) -> None:
    definition = f"<{end}EventDefinition/>" if end else ""
    data = one_step(f'<endEvent id="t">{definition}</endEvent>')
    memory = ran(data)
    publish(work, bpmn=data, department="D1", region="990100")
    following = start(work, process="p", new=New("n1", "990100", "D1"))
    assert following.outcome == memory.outcome == outcome
    kept = work.value("select array[state, outcome] from process.instance")
    assert kept == ["ended", outcome]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            '<userTask id="t"><standardLoopCharacteristics loopMaximum="2"/>'
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
            "</multiInstanceLoopCharacteristics></userTask>",
            "“t”只能有一种循环或多实例",
        ),
        (
            '<userTask id="t"/><subProcess id="h" triggeredByEvent="true">'
            '<startEvent id="e" isInterrupting="false"><errorEventDefinition/></startEvent>'
            "</subProcess>",
            "错误开始事件“e”必须中断",
        ),
        (
            '<intermediateCatchEvent id="t"><eventDefinitionRef>gone</eventDefinitionRef>'
            "</intermediateCatchEvent>",
            "“eventDefinitionRef”指向不存在的“gone”",
        ),
        (
            '<userTask id="t"/><association id="a" sourceRef="t" targetRef="gone"/>',
            "“targetRef”指向不存在的“gone”",
        ),
    ],
)
def test_what_the_standard_forbids_is_refused(step: str, told: str) -> None:
    assert told in refusal(one_step(step))


def test_the_default_is_taken_beside_what_has_no_condition_if_no_condition_holds() -> None:
    """The default flow asks the conditions of the others, and nothing else (8.4.13)."""
    steps = """<userTask id="t" default="d"/><userTask id="always"/><userTask id="maybe"/>
     <userTask id="else"/><sequenceFlow id="a" sourceRef="t" targetRef="always"/>
     <sequenceFlow id="m" sourceRef="t" targetRef="maybe">
      <conditionExpression>x > 1</conditionExpression></sequenceFlow>
     <sequenceFlow id="d" sourceRef="t" targetRef="else"/>"""
    for x, after in ((2, ["always", "maybe"]), (1, ["always", "else"])):
        memory = ran(one_step(steps), {"x": x})
        memory.complete(memory.waiting()[0])
        assert [token.node for token in memory.waiting()] == after
