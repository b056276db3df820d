"""What the files of other tools hold: read as the standard says, or refused in words."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.process import Faulty, Severity, compiled, read
from tongban.process.model.times import parse_cycle, parse_moment, parse_period

HEAD = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:own"
 xmlns:own="urn:own" xmlns:other="urn:engine">"""


def file(body: str, roots: str = "") -> bytes:
    return (
        f'{HEAD}{roots}<process id="p" isExecutable="true">{body}</process></definitions>'
    ).encode()


def one_step(step: str, roots: str = "") -> bytes:
    flow = '<sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
    return file(f'<startEvent id="s"/>\n{step}{flow}', roots)


def refusal(data: bytes) -> str:
    with pytest.raises(Faulty) as refused:
        compiled(read(data))
    # Every language is told, since a detail of a message might clash with what tells it.
    assert refused.value.told("en")
    return refused.value.told()


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
    daily = parse_cycle("R5/2026-03-01T13:00:00Z/2026-03-02T13:00:00Z")
    assert daily == parse_cycle("R5/2026-03-01T13:00:00Z/P1D")
    assert parse_cycle("R5/2026-03-02T13:00:00Z/2026-03-01T13:00:00Z") is None
