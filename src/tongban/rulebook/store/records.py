"""How evaluations, choices, rechecks and replays are kept."""

from uuid import UUID, uuid4

import msgspec

from tongban.foundation.work import Work
from tongban.rulebook.model.outcome import About, Choice, Instant, Outcome
from tongban.rulebook.model.replay import Replay
from tongban.rulebook.model.rule_set import RuleSet
from tongban.rulebook.model.running import canonical
from tongban.rulebook.model.sealed import seal


def add_evaluation(work: Work, outcome: Outcome, about: About) -> UUID:
    """Record an outcome and return the number of the record."""
    values = _evaluation(work, outcome, about)
    work.run(
        """
        insert into rulebook.evaluation (id, rule_set_code, version, content_hash, number,
               item_code, region, department, holder, result, fired, missing, to_a_person, sealed,
               actor, evaluated_at)
        values (%(id)s, %(code)s, %(version)s, %(hash)s, %(number)s, %(item_code)s, %(region)s,
                %(department)s, %(holder)s, %(result)s::json, %(fired)s, %(missing)s, %(person)s,
                %(sealed)s, %(actor)s, %(now)s)
        """,
        **values,
    )
    return values["id"]  # type: ignore[return-value]


def add_instant(work: Work, instant: Instant, about: About) -> UUID:
    """Record an instant approval and, where the lot fell on it, that it is to be rechecked."""
    assert instant.outcome is not None
    values = _evaluation(work, instant.outcome, about)
    work.run(
        """
        with evaluated as (
            insert into rulebook.evaluation (id, rule_set_code, version, content_hash, number,
                   item_code, region, department, holder, result, fired, missing, to_a_person,
                   granted, sealed, actor, evaluated_at)
            values (%(id)s, %(code)s, %(version)s, %(hash)s, %(number)s, %(item_code)s, %(region)s,
                    %(department)s, %(holder)s, %(result)s::json, %(fired)s, %(missing)s,
                    %(person)s, %(granted)s, %(sealed)s, %(actor)s, %(now)s)
        )
        insert into rulebook.recheck (evaluation, rule_set_code, number, region, department,
                                      opened_at)
        select %(id)s, %(code)s, %(number)s, %(region)s, %(department)s, %(now)s
         where %(recheck)s
        """,
        granted=instant.granted,
        recheck=instant.recheck,
        **values,
    )
    return values["id"]  # type: ignore[return-value]


def _evaluation(work: Work, outcome: Outcome, about: About) -> dict[str, object]:
    return {
        "id": uuid4(),
        "code": outcome.rule_set_code,
        "version": outcome.version,
        "hash": outcome.content_hash,
        "number": about.number,
        "item_code": about.item_code,
        "region": about.region,
        "department": about.department,
        "holder": about.holder,
        "result": canonical(outcome.value),
        "fired": [fired.number for fired in outcome.fired],
        "missing": [missing.name for missing in outcome.missing],
        "person": outcome.to_a_person,
        "sealed": seal(outcome),
        "actor": work.actor.id,
        "now": work.now,
    }


def add_choice(work: Work, choice: Choice, holder: str) -> bool:
    """Write a choice; return False if one was made under this evaluation."""
    return bool(
        work.run(
            """
            insert into rulebook.choice (evaluation, rule_set_code, number, region, department,
                   holder, chosen, least, most, deviates, reasons, chosen_by, chosen_name,
                   chosen_at)
            values (%(evaluation)s, %(code)s, %(number)s, %(region)s, %(department)s, %(holder)s,
                    %(chosen)s, %(least)s, %(most)s, %(deviates)s, %(reasons)s, %(by)s, %(name)s,
                    %(now)s)
            on conflict do nothing
            """,
            evaluation=choice.evaluation,
            code=choice.rule_set_code,
            number=choice.number,
            region=choice.region,
            department=choice.department,
            holder=holder,
            chosen=choice.chosen,
            least=choice.least,
            most=choice.most,
            deviates=choice.deviates,
            reasons=choice.reasons,
            by=choice.chosen_by,
            name=choice.chosen_name,
            now=choice.chosen_at,
        )
    )


def held_choice(work: Work, evaluation: UUID) -> Choice | None:
    """Return a choice, held until the transaction ends."""
    return work.one(
        Choice,
        """
        select evaluation, rule_set_code, number, region, department, chosen, least, most, deviates,
               reasons, chosen_by, chosen_name, chosen_at, confirmed_by, confirmed_name,
               confirmed_at
          from rulebook.choice where evaluation = %(evaluation)s for update
        """,
        evaluation=evaluation,
    )


def confirm(work: Work, evaluation: UUID) -> None:
    work.run(
        """
        update rulebook.choice
           set confirmed_by = %(actor)s, confirmed_name = %(name)s, confirmed_at = %(now)s
         where evaluation = %(evaluation)s
        """,
        evaluation=evaluation,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )


def check_again(work: Work, evaluation: UUID, *, agreed: bool, note: str) -> bool:
    """Write what a recheck found; return False if there is none open."""
    return bool(
        work.run(
            """
            update rulebook.recheck
               set agreed = %(agreed)s, note = %(note)s, checked_by = %(actor)s,
                   checked_name = %(name)s, checked_at = %(now)s
             where evaluation = %(evaluation)s and agreed is null
            """,
            evaluation=evaluation,
            agreed=agreed,
            note=note,
            actor=work.actor.id,
            name=work.actor.name,
            now=work.now,
        )
    )


def add_replay(work: Work, rule_set: RuleSet, run: Replay) -> None:
    work.run(
        """
        insert into rulebook.replay (id, rule_set_code, version, since, until, region, department,
                                     total, asked_by, asked_name, asked_at)
        values (%(id)s, %(code)s, %(version)s, %(since)s, %(until)s, %(region)s, %(department)s,
                %(total)s, %(actor)s, %(name)s, %(now)s)
        """,
        id=run.id,
        code=run.rule_set_code,
        version=run.version,
        since=run.since,
        until=run.until,
        region=rule_set.region,
        department=rule_set.department,
        total=run.total,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )


def save_replay(work: Work, run: Replay) -> None:
    work.run(
        """
        update rulebook.replay
           set done = %(done)s, counts = %(counts)s::jsonb, changes = %(changes)s::json,
               cursor_at = %(at)s, cursor_id = %(cursor)s, finished_at = %(finished)s
         where id = %(id)s
        """,
        id=run.id,
        done=run.done,
        counts=msgspec.json.encode(run.counts).decode(),
        changes=msgspec.json.encode(run.changes).decode(),
        at=run.reached[0] if run.reached else None,
        cursor=run.reached[1] if run.reached else None,
        finished=run.finished_at,
    )
