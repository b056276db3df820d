"""What rules have said about a case, as it is kept with it."""

from tongban.cases.model import InstantAnswer, NoticedRisk, ScenarioFound, key_of
from tongban.foundation.db import Db


def scenario(db: Db, *, number: str) -> ScenarioFound | None:
    """Return what rules found that the case needs and costs; None where none were asked."""
    return db.one(
        ScenarioFound,
        """
        select needed, not_needed, fee, notes, rule_set_code, rule_version
          from cases.scenario
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        **key_of(number),
    )


def instant(db: Db, *, number: str) -> InstantAnswer | None:
    """Return whether rules granted the case at once, or why not; None where none were asked.

    Row-level security shows it to those who see the case.
    """
    return db.one(
        InstantAnswer,
        """
        select granted, why, reasons, coalesce(evaluation::text, '') as evaluation, rule_set_code,
               rule_version
          from cases.instant
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        **key_of(number),
    )


def risks(db: Db, *, number: str) -> list[NoticedRisk]:
    """Return the risks that rules have noticed in a case, to officers who see it."""
    return db.all(
        NoticedRisk,
        """
        select risk, level, advice, at, noticed_at
          from cases.risk
         where region = %(region)s and month = %(month)s and number = %(number)s
         order by noticed_at, risk
        """,
        **key_of(number),
    )
