"""How what belongs to a case is kept: materials, opinions, pauses, wrong codes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from tongban.cases.model import SEEN, Case, ClockKind, Correction, Opinion, Pause, Step, key_of
from tongban.foundation.db import Db
from tongban.foundation.work import Work


def check_materials(db: Db, number: str, *, keys: Collection[str]) -> None:
    """Note that an officer has seen these materials and found them in order."""
    if not keys:
        return
    db.run(
        """
        update cases.material set state = 'checked'
         where region = %(region)s and month = %(month)s and number = %(number)s
           and key = any (%(keys)s)
        """,
        keys=list(keys),
        **key_of(number),
    )


def see_originals(db: Db, number: str, *, keys: Collection[str]) -> None:
    """Note that the counter has seen the paper originals of these materials."""
    if not keys:
        return
    db.run(
        """
        update cases.material set state = 'checked', note = %(note)s
         where region = %(region)s and month = %(month)s and number = %(number)s
           and key = any (%(keys)s)
        """,
        keys=list(keys),
        note=SEEN,
        **key_of(number),
    )


def ask_for_materials(db: Db, number: str, *, corrections: Sequence[Correction]) -> None:
    """Note which materials have to be put right, and what is wrong with each."""
    db.run(
        """
        update cases.material m set state = 'to_correct', note = c.what
          from unnest(%(keys)s::text[], %(whats)s::text[]) as c (key, what)
         where m.region = %(region)s and m.month = %(month)s and m.number = %(number)s
           and m.key = c.key
        """,
        keys=[each.key for each in corrections if each.of == "material"],
        whats=[each.what for each in corrections if each.of == "material"],
        **key_of(number),
    )


def give_materials(db: Db, number: str, *, files: Mapping[str, Sequence[str]]) -> None:
    """Put these files in the place of those that the materials had."""
    db.run(
        """
        update cases.material m set files = g.files, state = 'provided', note = ''
          from jsonb_to_recordset(%(given)s::jsonb) as g (key text, files uuid[])
         where m.region = %(region)s and m.month = %(month)s and m.number = %(number)s
           and m.key = g.key
        """,
        given=msgspec.json.encode(
            [{"key": key, "files": list(each)} for key, each in files.items()]
        ).decode(),
        **key_of(number),
    )


def add_opinion(work: Work, case: Case, *, step: Step, agree: bool, opinion: str) -> None:
    """Keep what the acting officer thinks of a case."""
    work.run(
        """
        insert into cases.opinion (region, month, number, turn, step, officer, officer_name, agree,
                                   opinion, given_at)
        select %(region)s, %(month)s, %(number)s, 1 + count(*), %(step)s, %(officer)s,
               %(officer_name)s, %(agree)s, %(opinion)s, %(now)s
          from cases.opinion
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        step=step,
        officer=work.actor.id,
        officer_name=work.actor.name,
        agree=agree,
        opinion=opinion,
        now=work.now,
        **key_of(case.number),
    )


def add_step_opinion(
    work: Work, case: Case, opinion: Opinion, *, answers: Mapping[str, Any]
) -> None:
    """Keep what was thought and filled in at a step of the process."""
    work.run(
        """
        insert into cases.opinion (region, month, number, turn, step, officer, officer_name, agree,
                                   opinion, given_at, step_name, department, answers)
        select %(region)s, %(month)s, %(number)s, 1 + count(*), %(step)s, %(officer)s,
               %(officer_name)s, %(agree)s, %(opinion)s, %(now)s, %(step_name)s, %(department)s,
               %(answers)s
          from cases.opinion
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        step=opinion.step,
        officer=opinion.officer,
        officer_name=opinion.officer_name,
        agree=opinion.agree,
        opinion=opinion.opinion,
        now=opinion.given_at,
        step_name=opinion.step_name,
        department=opinion.department,
        answers=msgspec.json.encode(answers).decode(),
        **key_of(case.number),
    )


def extend_clocks(db: Db, number: str, *, workdays: int) -> None:
    db.run(
        """
        update cases.clock set extended = extended + %(workdays)s
         where region = %(region)s and month = %(month)s and number = %(number)s
           and state = 'running' and kind = any (%(kinds)s)
        """,
        workdays=workdays,
        kinds=[ClockKind.STATUTORY, ClockKind.PROMISED],
        **key_of(number),
    )


def begin_pause(work: Work, case: Case, pause: Pause) -> None:
    work.run(
        """
        insert into cases.pause (region, month, number, turn, kind, begun_on, days_needed, note,
                                 node)
        values (%(region)s, %(month)s, %(number)s, %(turn)s, %(kind)s, %(begun_on)s,
                %(days_needed)s, %(note)s, %(node)s)
        """,
        turn=pause.turn,
        kind=pause.kind,
        begun_on=pause.begun_on,
        days_needed=pause.days_needed,
        note=pause.note,
        node=pause.node,
        **key_of(case.number),
    )


def end_pause(work: Work, case: Case) -> None:
    work.run(
        """
        update cases.pause set ended_on = %(today)s
         where region = %(region)s and month = %(month)s and number = %(number)s
           and ended_on is null
        """,
        today=work.today,
        **key_of(case.number),
    )
