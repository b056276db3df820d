"""Cases on their processes: all eight shapes to their delivery, and what leaves the way."""

from datetime import timedelta
from pathlib import Path

import pytest

import given_cases as people
import given_tables
from given import Given
from tongban import cases, catalogue, process, rulebook
from tongban.cases import Stage, Step, subscribers
from tongban.cases.commands import deem
from tongban.foundation import calendar, jobs, outbox
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import LOCAL, Work
from tongban.process.model.compile import compiled

DRAWN = Path(__file__).parents[2] / "seed" / "processes"
PLAIN = Path(cases.__file__).parent / "processes"
FORMS = {
    "site-visit": {"visited_on": "2024-06-04", "visit_result": "fit", "visitors": "王工、李工"},
    "expert-review": {"reviewed_on": "2024-06-04", "experts_count": "5", "needs_hearing": "yes"},
    "hearing": {"heard_on": "2024-06-05", "heard_count": "12"},
    "publication": {"published_on": "2024-06-05", "published_where": "社区公示栏"},
    "objections": {"objections": "0"},
}
WAYS = {
    "plain-instant": ["受理", "审查与决定", "送达"],
    "plain-committed": ["受理", "承办", "审核", "批准", "送达"],
    "simple-committed": ["受理", "承办", "批准", "送达"],
    "parallel-departments": [
        "受理", "承办", "规划部门意见", "公安交管部门意见", "建设部门技术意见", "联合决定", "送达",
    ],
    "site-visit": ["受理", "承办", "现场核查", "审核", "批准", "送达"],
    "expert-review-hearing": ["受理", "承办", "专家评审", "听证", "审核", "批准", "送达"],
    "benefit-publication": [
        "受理", "承办：入户调查", "审核", "发布公示", "公示期满", "核对公示异议", "批准", "送达",
    ],
    "correction-loop": ["受理", "承办", "批准", "送达"],
}  # fmt: skip


def submitted(work: Work, given: Given, name: str) -> cases.Case:
    """A case of a service that runs on one of the shapes."""
    instant = name == "plain-instant"
    handling = catalogue.Handling.INSTANT if instant else catalogue.Handling.COMMITTED
    item = given.item(handling=handling)
    folder = PLAIN if name.startswith("plain-") else DRAWN
    bpmn = (folder / f"{name}.bpmn").read_bytes()
    process.publish(work, bpmn=bpmn, department=item.department, region=item.region)
    cases.set_course(work, item_code=item.code, process_id=name)
    return given.submitted_case(item=item)


def standing(work: Work, case: cases.Case) -> list[process.Standing]:
    return cases.standing(work, case=cases.case(work, number=case.number))


def forward(work: Work, case: cases.Case, one: process.Standing) -> None:
    """Do what a case waits for, by somebody who has done nothing of it before."""
    number = case.number
    if one.waits == "event":
        due = work.value("select due_at from process.alarm where token = %(t)s", t=one.item.token)
        work.now = due + timedelta(minutes=1)
        assert process.ring_due(work) == 1
        cases.catch_up(work, number=number)
        return
    act = one.attributes.act
    by = people.officer("process.work", f"role.{one.role}", department=one.department)
    if act == "accept":
        by = people.clerk(case)
    elif act in ("handle", "review"):
        by = people.handler(case)
    elif act == "decide":
        by = people.approver(case)
    elif act == "deliver":
        by = people.clerk(case)
    with work.acting_as(by):
        if act == "accept":
            cases.accept(work, number=number)
        elif act in ("handle", "review"):
            cases.review(work, number=number, opinion="符合条件", agree=True)
        elif act == "decide":
            cases.decide(work, number=number, grant=True)
        elif act == "deliver":
            cases.deliver(work, number=number, way="online")
        else:
            said = cases.Said(True, "没有意见", FORMS.get(one.attributes.form, {}))
            cases.do_step(work, item=one.item, said=said)


def brought_to(work: Work, case: cases.Case, name: str) -> process.Standing:
    """Do everything until the case waits at a step."""
    while True:
        found = standing(work, case)
        for one in found:
            if one.name == name:
                return one
        forward(work, case, found[0])


@pytest.mark.parametrize("name", list(WAYS))
def test_each_shape_leads_from_submission_to_delivery(work: Work, given: Given, name: str) -> None:
    case = submitted(work, given, name)
    way = []
    while found := standing(work, case):
        way.append(found[0].name)
        forward(work, case, found[0])

    assert way == WAYS[name]
    after = cases.case(work, number=case.number)
    assert after.stage is Stage.DELIVERED
    assert after.decision == "granted"
    assert not after.paused
    assert work.value("select outcome from process.instance") == "completed"


@pytest.mark.parametrize("name", list(WAYS))
def test_each_shape_is_sound(name: str) -> None:
    folder = PLAIN if name.startswith("plain-") else DRAWN
    known = ["clerk", "handler", "reviewer", "approver", "applicant"]
    report = process.check(process.read((folder / f"{name}.bpmn").read_bytes()), known_roles=known)
    assert report.sound, report.told("zh")


@pytest.mark.parametrize("name", list(WAYS))
def test_each_shape_names_the_risk_points_of_its_steps(name: str) -> None:
    folder = PLAIN if name.startswith("plain-") else DRAWN
    graph = compiled(process.read((folder / f"{name}.bpmn").read_bytes()))
    at = {node.attributes.act for node in graph.nodes if node.attributes.risk_point}
    assert at >= {"accept", "decide"}


def test_parallel_departments_see_the_step_and_not_the_case(work: Work, given: Given) -> None:
    case = submitted(work, given, "parallel-departments")
    planning = brought_to(work, case, "规划部门意见")
    assert cases.case(work, number=case.number).step is Step.ELSEWHERE
    theirs = people.officer("process.work", "role.handler", department="AL-ZRGH")
    other = people.officer("process.work", "role.handler", department="AL-JY")

    with work.acting_as(theirs):
        assert [one.name for one in process.worklist(work).rows] == ["规划部门意见"]
        todo = cases.step_todo(work, item=planning.item)
        assert not todo.part.own_case
        with pytest.raises(cases.NoSuchCase):
            cases.case(work, number=case.number)
        with pytest.raises(Invalid):
            cases.do_step(work, item=planning.item, said=cases.Said(True, "", {}))
    with work.acting_as(other), pytest.raises(Forbidden):
        cases.do_step(work, item=planning.item, said=cases.Said(True, "同意", {}))
    with work.acting_as(theirs):
        said = cases.Said(False, "退线不足", {"conditions": "后退 5 米"})
        cases.do_step(work, item=planning.item, said=said)

    assert [one.name for one in standing(work, case)] == ["公安交管部门意见", "建设部门技术意见"]
    [*_, last] = cases.opinions(work, number=case.number)
    assert (last.step_name, last.department, last.agree) == ("规划部门意见", "AL-ZRGH", False)
    told = process.variables(work, instance=cases.instance_of(case.number))
    assert (told["planning_agree"], told["conditions"]) == (False, "后退 5 米")


def test_a_special_procedure_holds_the_clocks_until_its_step_is_done(
    work: Work, given: Given
) -> None:
    case = submitted(work, given, "site-visit")
    visit = brought_to(work, case, "现场核查")
    held = cases.case(work, number=case.number)
    assert held.paused is not None
    assert (held.paused.kind, held.paused.node) == (cases.PauseKind.SITE_VISIT, "visit")
    assert "行政许可法" in held.paused.note
    assert held.due_on is None
    assert not held.may(cases.Act.RESUME)

    work.now += timedelta(days=2)
    forward(work, case, visit)

    after = cases.case(work, number=case.number)
    assert after.paused is None
    assert after.due_on is not None
    said = [line.say() for line in cases.trace(work, number=case.number)]
    assert any("现场踏勘结束，2 个工作日不计入" in line for line in said)


def test_the_time_for_a_correction_runs_out_by_the_timer_of_the_process(
    work: Work, given: Given
) -> None:
    case = submitted(work, given, "correction-loop")
    with work.acting_as(people.clerk(case)):
        wanted = [(case.materials[0].key, "看不清")]
        cases.request_correction(work, number=case.number, missing=wanted, workdays=3)
    assert [one.name for one in standing(work, case)] == ["申请人补正"]
    due = work.value("select due_at from process.alarm")
    work.now = due + timedelta(minutes=1)
    assert process.ring_due(work) == 1
    [job] = standing(work, case)
    process.do_service(work, item=job.item)

    assert cases.case(work, number=case.number).stage is Stage.DEEMED_WITHDRAWN
    assert standing(work, case) == []


def test_corrections_lead_back_to_acceptance_and_are_counted(work: Work, given: Given) -> None:
    case = submitted(work, given, "correction-loop")
    for _ in range(2):
        with work.acting_as(people.clerk(case)):
            wanted = [(case.materials[0].key, "看不清")]
            cases.request_correction(work, number=case.number, missing=wanted)
        with work.acting_as(people.holder_of(case)):
            file = people.upload(work, by=work.actor, holder=case.holder)
            filled = cases.Filled(materials={case.materials[0].key: (file,)})
            cases.correct(work, number=case.number, filled=filled)
    assert [one.name for one in standing(work, case)] == ["受理"]
    told = process.variables(work, instance=cases.instance_of(case.number))
    assert told["corrections"] == 2


def test_withdrawing_ends_the_process(work: Work, given: Given) -> None:
    case = submitted(work, given, "parallel-departments")
    brought_to(work, case, "规划部门意见")
    with work.acting_as(people.holder_of(case)):
        cases.withdraw(work, number=case.number, reason="不办了")
    assert standing(work, case) == []
    assert work.value("select outcome from process.instance") == "cancelled"


def test_sending_back_withdraws_what_came_after(work: Work, given: Given) -> None:
    case = submitted(work, given, "site-visit")
    brought_to(work, case, "审核")
    with work.acting_as(people.handler(case)):
        after = cases.send_back(work, number=case.number, reason="请再核对面积")
    assert after.step is Step.HANDLING
    assert [one.name for one in standing(work, case)] == ["承办"]


def test_a_business_rule_task_asks_the_rulebook_with_the_answers_of_the_case(
    work: Work, given: Given
) -> None:
    item = given_tables.allowance_item(given)
    code = given_tables.instant(work, given, item)
    rulebook.unbind(work, code=code, item_code=item.code)
    bpmn = (DRAWN / "benefit-publication.bpmn").read_bytes()
    bpmn = bpmn.replace(b"AL-ZJ-002-eligibility", code.encode())
    process.publish(work, bpmn=bpmn, department=item.department, region=item.region)
    cases.set_course(work, item_code=item.code, process_id="benefit-publication")
    case = given.submitted_case(item=item)
    brought_to(work, case, "承办：入户调查")

    assert len(rulebook.evaluations_of(work, number=case.number)) == 1
    told = process.variables(work, instance=cases.instance_of(case.number))
    assert "eligibility" in told
    assert not {"age", "household"} & told.keys()


def test_cases_stay_on_the_version_that_they_began_with(work: Work, given: Given) -> None:
    before = submitted(work, given, "simple-committed")
    bpmn = (DRAWN / "simple-committed.bpmn").read_bytes().replace("承办后直接批准".encode(), b"x")
    bpmn = bpmn.replace(b'tongban:role="approver"', b'tongban:role="reviewer"')
    process.publish(work, bpmn=bpmn, department=before.department, region=before.region)
    from tongban.cases.subscribers import renew_courses
    from tongban.process.events import ProcessPublished

    renew_courses(work, ProcessPublished("simple-committed", 2, "", ""))
    after = given.submitted_case(item=catalogue.item(work, code=before.item_code))
    assert before.definition != after.definition
    assert cases.case(work, number=before.number).definition == before.definition


def test_a_process_without_the_acts_of_a_case_cannot_carry_one(work: Work, given: Given) -> None:
    item = given.item()
    bpmn = (DRAWN / "simple-committed.bpmn").read_bytes().replace(b'tongban:act="deliver"', b"")
    process.publish(work, bpmn=bpmn, department=item.department, region=item.region)
    with pytest.raises(cases.NotACourse, match="送达"):
        cases.set_course(work, item_code=item.code, process_id="simple-committed")


def test_a_case_needs_one_place_to_begin(work: Work, given: Given) -> None:
    item = given.item()
    drawn = (DRAWN / "simple-committed.bpmn").read_bytes()
    bpmn = drawn.replace(b"<bpmn:startEvent", b'<bpmn:startEvent id="other"/><bpmn:startEvent', 1)
    process.publish(work, bpmn=bpmn, department=item.department, region=item.region)
    with pytest.raises(process.SeveralStarts, match="other、"):
        cases.set_course(work, item_code=item.code, process_id="simple-committed")


def test_a_case_older_than_its_process_goes_on_by_the_steps_of_the_house(
    work: Work, given: Given
) -> None:
    work.run("delete from cases.course")
    case = given.case(stage=Stage.DELIVERED)
    assert case.definition is None
    assert work.value("select count(*) from process.instance") == 0


def test_the_trace_has_each_step_with_who_and_when(work: Work, given: Given) -> None:
    """What the process did without an act of the case is told from the history of the process."""
    case = submitted(work, given, "parallel-departments")
    planning = brought_to(work, case, "规划部门意见")
    theirs = people.officer("process.work", "role.handler", department="AL-ZRGH")
    work.now += timedelta(hours=1)
    with work.acting_as(theirs):
        process.claim(work, item=planning.item)
        work.now += timedelta(hours=1)
        said = cases.Said(False, "退线不足", {"conditions": "后退 5 米"})
        cases.do_step(work, item=planning.item, said=said)
    chief = people.officer("process.skip", "process.operate", department="AL-GA")
    [item] = [one.item for one in standing(work, case) if one.name == "公安交管部门意见"]
    work.now += timedelta(hours=1)
    with work.acting_as(chief):
        process.skip(work, item=item, reason="不临道路", authority="局长批示")
    with work.acting_as(people.holder_of(case)):
        lines = cases.trace(work, number=case.number)
        told = [line.say() for line in lines]
        found = cases.case(work, number=case.number)
        stops = [stop.sentence.say() for stop in cases.timeline(work, case=found)]
    assert (told[0], told[3:]) == (
        "提交申请",
        ["领取规划部门意见", "完成规划部门意见", "经批准跳过公安交管部门意见"],
    )
    assert [line.who for line in lines[3:]] == [theirs.name, theirs.name, chief.name]
    assert lines[-1].at == work.now
    assert "经批准跳过公安交管部门意见" in stops
    assert not any("领取" in stop for stop in stops)
    with work.acting_as(people.handler(case)):
        to_officer = [line.say() for line in cases.trace(work, number=case.number)]
    assert "经批准跳过公安交管部门意见，理由：不临道路" in to_officer
    assert not any("理由" in line for line in told)


def test_a_step_is_told_once(work: Work, given: Given) -> None:
    case = submitted(work, given, "simple-committed")
    while found := standing(work, case):
        work.now += timedelta(minutes=1)
        forward(work, case, found[0])
    lines = cases.trace(work, number=case.number)
    assert len({line.at for line in lines if "出具" not in line.say()}) == 5
    assert len(lines) == len({(line.at, line.say()) for line in lines}) == 5


def test_a_case_follows_its_process_to_another_version(work: Work, given: Given) -> None:
    case = submitted(work, given, "simple-committed")
    forward(work, case, standing(work, case)[0])
    bpmn = (DRAWN / "simple-committed.bpmn").read_bytes()
    bpmn = bpmn.replace('name="承办"'.encode(), 'name="承办和审查"'.encode())
    line = process.publish(work, bpmn=bpmn, department=case.department, region=case.region)
    old = case.definition
    assert old is not None
    pairs = process.propose_migration(work, source=old, target=line.id)
    number = process.migrate(
        work, source=old, target=line.id, nodes={it.node: it.to for it in pairs}, reason="新规定"
    )
    while process.go_on_migrating(work, migration=number):
        pass
    while outbox.deliver_next(work):
        pass
    after = cases.case(work, number=case.number)
    assert after.definition == line.id
    with work.acting_as(people.handler(case)):
        cases.review(work, number=case.number, opinion="符合条件", agree=True)
    told = [one.say() for one in cases.trace(work, number=case.number)]
    assert "改按流程的另一版本办理，理由：新规定" in told


def test_a_case_stands_in_the_lists_where_its_process_went_on_in_another_version(
    work: Work, given: Given
) -> None:
    """An opinion for which the joint decision need not wait any more."""
    case = submitted(work, given, "parallel-departments")
    open_ = {"规划部门意见", "公安交管部门意见", "建设部门技术意见"}
    brought_to(work, case, "规划部门意见")
    for name in sorted(open_ - {"公安交管部门意见"}):
        [one] = [each for each in standing(work, case) if each.name == name]
        forward(work, case, one)
    assert cases.case(work, number=case.number).step is Step.ELSEWHERE
    bpmn = (DRAWN / "parallel-departments.bpmn").read_bytes()
    bpmn = bpmn.replace(
        b'sourceRef="traffic" targetRef="join"/>',
        b'sourceRef="traffic" targetRef="told"/><bpmn:endEvent id="told" name="told"/>',
    )
    line = process.publish(work, bpmn=bpmn, department=case.department, region=case.region)
    assert case.definition is not None
    pairs = process.propose_migration(work, source=case.definition, target=line.id)
    nodes = {it.node: it.to for it in pairs if it.to}
    number = process.migrate(
        work, source=case.definition, target=line.id, nodes=nodes, reason="不再等待"
    )
    while process.go_on_migrating(work, migration=number):
        pass
    assert {one.name for one in standing(work, case)} == {"公安交管部门意见", "联合决定"}
    while outbox.deliver_next(work):
        pass
    after = cases.case(work, number=case.number)
    assert (after.definition, after.step) == (line.id, Step.APPROVING)
    assert after.revision > case.revision


def test_a_case_is_not_moved_to_a_version_that_never_delivers(work: Work, given: Given) -> None:
    case = submitted(work, given, "simple-committed")
    bpmn = (DRAWN / "simple-committed.bpmn").read_bytes().replace(b' tongban:act="deliver"', b"")
    line = process.publish(work, bpmn=bpmn, department=case.department, region=case.region)
    old = case.definition
    assert old is not None
    pairs = process.propose_migration(work, source=old, target=line.id)
    nodes = {it.node: it.to for it in pairs if it.to}
    assert "deliver" not in nodes
    [found] = process.dry_run(work, source=old, target=line.id, nodes=nodes).troubled
    assert found.instance.number == case.number
    assert [one.said() for one in found.problems] == [
        "办件还需要“送达”（deliver）环节，新版本从这里往后没有"
    ]
    assert "deliver" in found.problems[0].said("en")
    with pytest.raises(process.BadMapping, match="不是任何办件行为"):
        process.dry_run(work, source=old, target=line.id, nodes=nodes | {"deliver": "deliver"})


def test_the_time_for_a_correction_follows_the_calendar(work: Work, given: Given) -> None:
    """A typhoon moves the clock of the case and the timer of its process to the same day."""
    case = submitted(work, given, "correction-loop")
    with work.acting_as(people.clerk(case)):
        wanted = [(case.materials[0].key, "看不清")]
        cases.request_correction(work, number=case.number, missing=wanted, workdays=3)
    before = work.value("select due_at from process.alarm")
    first = work.today + timedelta(days=1)
    stopped = calendar.add_stop_work(
        work, region=case.region, first=first, last=first, reason="台风停工"
    )
    assert stopped.days == (first,)
    while outbox.deliver_next(work):
        pass
    after = work.value("select due_at from process.alarm")
    assert after > before
    assert cases.case(work, number=case.number).due_on == after.astimezone(LOCAL).date()
    work.now = before + timedelta(minutes=1)
    assert process.ring_due(work) == 0
    deem.sweep(work)
    assert cases.case(work, number=case.number).stage is Stage.CORRECTING
    work.now = after + timedelta(minutes=1)
    assert process.ring_due(work) == 1
    [job] = standing(work, case)
    process.do_service(work, item=job.item)
    assert cases.case(work, number=case.number).stage is Stage.DEEMED_WITHDRAWN
    told = [one.say() for one in cases.trace(work, number=case.number)]
    assert any(one.startswith("工作日历调整，") and "补正" in one for one in told)


def test_silence_is_acceptance_by_the_worker_alone(work: Work, given: Given) -> None:
    """Nobody opens the case: the round of the night accepts it, and its process goes on."""
    case = submitted(work, given, "simple-committed")
    subscribers.schedule_round(work)
    came_at = case.materials_complete_at
    for _ in range(14):
        while taken := jobs.take(work):
            jobs.perform(work, taken)
        if cases.case(work, number=case.number).stage is not Stage.SUBMITTED:
            break
        assert not case.clocks[0].overdue(work.today)
        work.now += timedelta(days=1)
    after = cases.case(work, number=case.number)
    assert (after.stage, after.step, after.deemed) == (Stage.ACCEPTED, Step.HANDLING, True)
    assert after.accepted_at == came_at
    assert [one.name for one in standing(work, case)] == ["承办"]
    last = cases.trace(work, number=case.number)[-1]
    assert (last.who, "视为受理" in last.say()) == ("系统", True)
