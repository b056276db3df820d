"""Replaying a draft on what was decided before, in batches, as fast as the rules are."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from tongban.foundation import jobs
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import LOCAL, Work
from tongban.rulebook import store
from tongban.rulebook.model.replay import CHANGES_KEPT, Effect, Replay, compare, count
from tongban.rulebook.model.rule_set import RuleSet
from tongban.rulebook.queries import evaluations, replays, rule_sets

BATCH = 500
JOB = "rulebook.replay"
Progress = Callable[[int, int], None]


def replay(
    work: Work,
    *,
    code: str,
    version: int,
    since: date,
    until: date,
    progress: Progress | None = None,
) -> Replay:
    """Judge the evaluations of a period by another version, at once, and return what changes.

    ``progress`` is told how many are done, of how many. Only what the actor may see is judged.

    :raises NoSuchRuleSet, NoSuchVersion: if there is none.
    :raises Invalid: if the period is none, or the version cannot be read.
    """
    rule_set = rule_sets.rule_set(work, code=code)
    work.actor.must("rulebook.edit", department=rule_set.department, region=rule_set.region)
    run = _begun(work, rule_set, version, since, until)
    while run.finished_at is None:
        run = _batch(work, rule_set, run)
        if progress is not None:
            progress(run.done, run.total)
    return run


def ask_replay(work: Work, *, code: str, version: int, since: date, until: date) -> UUID:
    """Have a replay done by the worker; its page shows how far it is.

    :raises NoSuchRuleSet, NoSuchVersion: if there is none.
    :raises Invalid: if the period is none.
    """
    rule_set = rule_sets.rule_set(work, code=code)
    work.actor.must("rulebook.edit", department=rule_set.department, region=rule_set.region)
    run = _begun(work, rule_set, version, since, until)
    store.add_replay(work, rule_set, run)
    jobs.schedule(work, kind=JOB, due_at=work.now, key=str(run.id), id=str(run.id))
    return run.id


def go_on(work: Work, *, id: UUID) -> None:
    """Do the next batch of a replay, and ask for the one after it. For the worker only.

    :raises NoSuchReplay: if there is none.
    """
    work.actor.must("rulebook.replay_all")
    run = replays.replay(work, id=id)
    if run.finished_at is not None:
        return
    rule_set = rule_sets.rule_set(work, code=run.rule_set_code)
    run = _batch(work, rule_set, run)
    store.save_replay(work, run)
    if run.finished_at is None:
        jobs.schedule(work, kind=JOB, due_at=work.now, key=str(id), id=str(id))


def _begun(work: Work, rule_set: RuleSet, version: int, since: date, until: date) -> Replay:
    if until < since:
        raise Invalid(Problem("until", "结束日期不能早于开始日期"))
    rule_sets.version(work, code=rule_set.code, version=version)
    total = evaluations.count(work, code=rule_set.code, since=since, until=until)
    return Replay(
        uuid4(),
        rule_set.code,
        version,
        since,
        until,
        total,
        asked_name=work.actor.name,
        asked_at=work.now,
    )


def _batch(work: Work, rule_set: RuleSet, run: Replay) -> Replay:
    draft = rule_sets.version(work, code=run.rule_set_code, version=run.version)
    version, rules = rule_sets.compiled(
        work, code=draft.rule_set_code, number=draft.version, content_hash=draft.content_hash
    )
    past = evaluations.past(
        work,
        code=run.rule_set_code,
        since=run.since,
        until=run.until,
        after=run.reached,
        size=BATCH,
    )
    counts, changes = Counter(run.counts), list(run.changes)
    for before in past:
        now = before.evaluated_at.astimezone(LOCAL)
        change = compare(
            before, rules.outcome(version, before.outcome.facts, now=now), rule_set.favour
        )
        count(counts, change)
        if change.effect is not Effect.SAME and len(changes) < CHANGES_KEPT:
            changes.append(change)
    return replace(
        run,
        done=run.done + len(past),
        counts=dict(counts),
        changes=tuple(changes),
        reached=(past[-1].evaluated_at, past[-1].id) if past else run.reached,
        finished_at=work.now if len(past) < BATCH else None,
    )
