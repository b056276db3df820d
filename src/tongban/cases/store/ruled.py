"""How what rules have said about a case is kept. Nothing of it is ever changed."""

import msgspec

from tongban.cases.model import At, InstantAnswer, key_of
from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.rulebook import Risk, Scenario


def keep_scenario(db: Db, number: str, found: Scenario) -> None:
    db.run(
        """
        insert into cases.scenario (region, month, number, evaluation, rule_set_code, rule_version,
                                    needed, not_needed, fee, notes)
        values (%(region)s, %(month)s, %(number)s, %(evaluation)s, %(code)s, %(version)s,
                %(needed)s, %(not_needed)s, %(fee)s, %(notes)s)
        """,
        evaluation=found.outcome.evaluation,
        code=found.outcome.rule_set_code,
        version=found.outcome.version,
        needed=sorted(found.materials),
        not_needed=sorted(found.not_needed),
        fee=found.fee,
        notes=list(found.notes),
        **key_of(number),
    )


def keep_instant(db: Db, number: str, answer: InstantAnswer) -> None:
    db.run(
        """
        insert into cases.instant (region, month, number, granted, why, reasons, evaluation,
                                   rule_set_code, rule_version)
        values (%(region)s, %(month)s, %(number)s, %(granted)s, %(why)s, %(reasons)s::jsonb,
                nullif(%(evaluation)s, '')::uuid, %(code)s, %(version)s)
        """,
        granted=answer.granted,
        why=answer.why,
        reasons=msgspec.json.encode(answer.reasons).decode(),
        evaluation=answer.evaluation,
        code=answer.rule_set_code,
        version=answer.rule_version,
        **key_of(number),
    )


def add_risk(work: Work, number: str, risk: Risk, *, at: At) -> bool:
    """Keep a risk; return whether it is new to this case."""
    return bool(
        work.run(
            """
            insert into cases.risk (region, month, number, risk, level, advice, at, noticed_at)
            values (%(region)s, %(month)s, %(number)s, %(risk)s, %(level)s, %(advice)s, %(at)s,
                    %(now)s)
            on conflict do nothing
            """,
            risk=risk.risk,
            level=risk.level,
            advice=risk.advice,
            at=at,
            now=work.now,
            **key_of(number),
        )
    )
