"""A case on its process: the acts of the case complete its work items, and where it then stands.

The caller has locked the case and permitted the act; the process asks role, hand and four eyes of
the step once more. A case without a process (older than its item's) is left as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tongban import process
from tongban.cases import queries, store
from tongban.cases.commands.act import of_case
from tongban.cases.events import CasePaused, CaseResumed
from tongban.cases.model import Case, Pause, Stage, Step
from tongban.cases.model.stage import DECIDE, HANDLE, REVIEW
from tongban.cases.queries.course import PAUSES, instance_of, special_of, step_of
from tongban.foundation import calendar
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import Standing

FOLLOW = "cases.follow_migration"
SOON = timedelta(seconds=10)
# Told to the applicant where a special procedure has no limit of its own.
DAYS_NEEDED = 10


def begin(work: Work, case: Case) -> None:
    """Start the instance of a new case.

    What is personal stays with the case: variables of a process can be seen by every department
    that has a step in it. Permits everyone: part of a submission, which was permitted.
    """
    if case.definition is None:
        return
    first = {
        "number": case.number,
        "item": case.item_code,
        "department": case.department,
        "channel": case.channel.value,
        "submitted_on": work.today.isoformat(),
    }
    process.begin(
        work,
        definition=case.definition,
        new=process.New(case.number, case.region, case.department, case.holder, first),
        id=instance_of(case.number).id,
    )


def go_on(work: Work, case: Case, after: Case, *, act: str, **data: object) -> Case:
    """Complete the step of an act; return ``after`` at the step to which the process has come.

    Permits everyone: the act has asked, and the process asks for the role of the step.

    :raises NoSuchItem: if the process does not wait for this act.
    """
    if case.definition is None:
        return after
    process.complete_act(work, instance=instance_of(case.number), act=act, data=data)
    return at_step(work, after)


def go_back(work: Work, case: Case, after: Case, *, reason: str) -> Case:
    """Send the process back to where the case is handled, from review or approval.

    Permits everyone: the act has asked, and the process asks for the role of the step.

    :raises NotEarlier: if the case was not handled before, in this process.
    """
    if case.definition is None:
        return after
    key = instance_of(case.number)
    act = REVIEW if case.step is Step.REVIEWING else DECIDE
    item = process.item_for(work, instance=key, act=act)
    steps = process.steps(work, definition=case.definition)
    to = next((node for node, said in steps.items() if said.act == HANDLE), "")
    if item is None:
        raise process.NoSuchItem
    process.send_back(work, item=item, to=to, reason=reason)
    return at_step(work, after)


def end(work: Work, case: Case, *, act: str, reason: str) -> None:
    """End the process of a case that has ended otherwise: withdrawn, or lapsed.

    Permits everyone: part of an act that was permitted.
    """
    if case.definition is not None:
        process.end(work, instance=instance_of(case.number), act=act, reason=reason)


def at_step(work: Work, case: Case) -> Case:
    """Return an accepted case at the step where its process has it; others as they are.

    Permits everyone: nothing is shown.
    """
    if case.definition is None or case.stage is not Stage.ACCEPTED:
        return case
    found = process.standing(work, instance=instance_of(case.number))
    return replace(case, step=step_of(found, instant=case.instant))


def followed(work: Work, case: Case) -> Case:
    """Let a special procedure to which the process has come hold the clocks, or let them run on.

    Who acted, and the basis in law that the step names, are recorded. Permits everyone: it follows
    from an act that was permitted.
    """
    if case.definition is None or case.stage is not Stage.ACCEPTED:
        return case
    steps = process.steps(work, definition=case.definition)
    if not any(said.special for said in steps.values()):
        return case
    special = special_of(process.standing(work, instance=instance_of(case.number)))
    held = case.paused
    if held is not None and held.node and (special is None or special.node != held.node):
        case = _run_on(work, case, held)
    if special is not None and case.paused is None:
        case = _hold(work, case, special)
    return case


def follow_migration(work: Work, *, numbers: Sequence[str]) -> None:
    """Note for cases the version on which their processes run now, and where those have come.

    Cases that somebody else holds are looked at again soon: a part of a migration is many, and who
    waits for one while holding others may be waited for. Permits everyone: it follows from a
    migration that was permitted.
    """
    held, missed = store.hold_free(work, numbers)
    versions = process.versions_run(work, instances=[instance_of(number) for number in held])
    store.keep_versions(work, {n: versions[instance_of(n)] for n in held})
    for number in held:
        catch_up(work, number=number)
    if missed:
        schedule(work, kind=FOLLOW, due_at=work.now + SOON, numbers=missed)


def catch_up(work: Work, *, number: str) -> None:
    """Bring a case to where its process has come by itself: a timer, a service, an operator.

    Permits everyone: called by subscribers, as the system.
    """
    store.hold(work, number)
    case = queries.load(work, number=number)
    after = at_step(work, case)
    if after.step is not case.step:
        after = replace(after, revision=case.revision + 1)
        store.touch(work, after)
    followed(work, after)


def _hold(work: Work, case: Case, special: Standing) -> Case:
    said = special.attributes
    assert said.special is not None
    reason = f"{special.name}：{said.special.basis}"
    begun = Pause(
        kind=PAUSES[said.special.kind],
        turn=len(case.pauses) + 1,
        begun_on=work.today,
        ended_on=None,
        days_needed=said.limit.amount if said.limit else DAYS_NEEDED,
        note=reason,
        node=special.node,
    )
    store.begin_pause(work, case, begun)
    store.reckon(work, case)
    work.record(
        CasePaused(**of_case(case), kind=begun.kind, days_needed=begun.days_needed, reason=reason)
    )
    return queries.load(work, number=case.number)


def _run_on(work: Work, case: Case, held: Pause) -> Case:
    store.end_pause(work, case)
    store.reckon(work, case)
    resumed = queries.load(work, number=case.number)
    taken = calendar.working_days_between(
        work, start=held.begun_on, end=work.today, region=case.region
    )
    work.record(CaseResumed(**of_case(case), kind=held.kind, workdays=taken, due_on=resumed.due_on))
    return resumed
