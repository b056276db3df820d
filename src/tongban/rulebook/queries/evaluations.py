"""What was decided by rules before: records read back, to whoever may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString
from uuid import UUID

from tongban import rules
from tongban.foundation.db import Db
from tongban.foundation.work import LOCAL, Work
from tongban.rulebook.model import conclude, sealed
from tongban.rulebook.model.outcome import (
    About,
    Choice,
    Evaluation,
    Outcome,
    Repetition,
)
from tongban.rulebook.model.rule_set import NoSuchEvaluation
from tongban.rulebook.model.running import canonical
from tongban.rulebook.queries.rule_sets import compiled

_COLUMNS: LiteralString = """
    id, rule_set_code, version, content_hash, number, item_code, region, department, holder,
    result::text as result, to_a_person, sealed, actor, evaluated_at
"""


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    rule_set_code: str
    version: int
    content_hash: bytes
    number: str
    item_code: str
    region: str
    department: str
    holder: str
    result: str
    to_a_person: bool
    sealed: bytes
    actor: str
    evaluated_at: datetime

    def evaluation(self) -> Evaluation:
        opened = sealed.unseal(self.sealed)
        outcome = Outcome(
            self.rule_set_code,
            self.version,
            self.content_hash,
            value=sealed.plain(self.result),
            fired=opened.fired,
            reasons=opened.reasons,
            missing=opened.missing,
            to_a_person=self.to_a_person,
            facts=opened.facts,
            evaluation=self.id,
        )
        about = About(self.number, self.item_code, self.region, self.department, self.holder)
        return Evaluation(
            self.id,
            self.rule_set_code,
            self.version,
            about,
            outcome,
            self.actor,
            self.evaluated_at,
        )


def evaluation(db: Db, *, id: UUID) -> Evaluation:
    """Return a recorded evaluation.

    :raises NoSuchEvaluation: if there is none, or the actor may not know of it.
    """
    found = db.one(_Row, f"select {_COLUMNS} from rulebook.evaluation where id = %(id)s", id=id)
    if found is None:
        raise NoSuchEvaluation
    return found.evaluation()


def evaluations_of(db: Db, *, number: str) -> list[Evaluation]:
    """Return what rules said about a case, the oldest first, as far as the actor may see it."""
    rows = db.all(
        _Row,
        f"""
        select {_COLUMNS} from rulebook.evaluation
         where number = %(number)s and number <> '' order by evaluated_at, id limit 200
        """,
        number=number,
    )
    return [row.evaluation() for row in rows]


def past(
    db: Db, *, code: str, since: date, until: date, after: tuple[datetime, UUID] | None, size: int
) -> Sequence[Evaluation]:
    """Return a batch of evaluations of a rule set in days of a period, the oldest first."""
    begin, end = _period(since, until)
    rows = db.all(
        _Row,
        f"""
        select {_COLUMNS} from rulebook.evaluation
         where rule_set_code = %(code)s and evaluated_at >= %(begin)s and evaluated_at < %(end)s
           and (evaluated_at, id) > (%(at)s, %(id)s)
         order by evaluated_at, id
         limit %(size)s
        """,
        code=code,
        begin=begin,
        end=end,
        at=after[0] if after else begin - timedelta(1),
        id=after[1] if after else UUID(int=0),
        size=size,
    )
    return [row.evaluation() for row in rows]


def count(db: Db, *, code: str, since: date, until: date) -> int:
    """Return how many evaluations of a rule set there were in days of a period."""
    begin, end = _period(since, until)
    found: int = db.value(
        """
        select count(*) from rulebook.evaluation
         where rule_set_code = %(code)s and evaluated_at >= %(begin)s and evaluated_at < %(end)s
        """,
        code=code,
        begin=begin,
        end=end,
    )
    return found


def _period(since: date, until: date) -> tuple[datetime, datetime]:
    first = datetime(since.year, since.month, since.day, tzinfo=LOCAL)
    last = datetime(until.year, until.month, until.day, tzinfo=LOCAL)
    return first, last + timedelta(days=1)


def repeat(work: Work, *, id: UUID) -> Repetition:
    """Evaluate a recorded decision again: the same version, the same facts, the same day.

    :raises NoSuchEvaluation: if there is none, or the actor may not know of it.
    """
    before = evaluation(work, id=id)
    said = before.outcome
    version, compiled_rules = compiled(
        work, code=said.rule_set_code, number=said.version, content_hash=said.content_hash
    )
    again = compiled_rules.outcome(version, said.facts, now=before.evaluated_at.astimezone(LOCAL))
    same = version.content_hash == said.content_hash and same_outcome(said, again)
    return Repetition(before, again, same)


def explain(work: Work, *, id: UUID) -> rules.Explanation:
    """Return why a recorded evaluation came out so, and which rule was nearest to granting.

    ``rules.explanation_text`` puts it into sentences. It names facts with their values: show it
    only to whoever may see those.

    :raises NoSuchEvaluation: if there is none, or the actor may not know of it.
    """
    before = evaluation(work, id=id)
    said = before.outcome
    _, compiled_rules = compiled(
        work, code=said.rule_set_code, number=said.version, content_hash=said.content_hash
    )
    return compiled_rules.explanation(
        said.facts, now=before.evaluated_at.astimezone(LOCAL), grants=conclude.grants
    )


def same_outcome(one: Outcome, other: Outcome) -> bool:
    """Tell whether two outcomes say the same, for the same reasons."""
    return (
        canonical(one.value) == canonical(other.value)
        and one.to_a_person == other.to_a_person
        and one.reasons == other.reasons
        and one.missing == other.missing
        and [f.number for f in one.fired] == [f.number for f in other.fired]
    )


def choices(db: Db, *, number: str) -> list[Choice]:
    """Return what was chosen for a case under discretion standards, the oldest first."""
    return db.all(
        Choice,
        """
        select evaluation, rule_set_code, number, region, department, chosen, least, most, deviates,
               reasons, chosen_by, chosen_name, chosen_at, confirmed_by, confirmed_name,
               confirmed_at
          from rulebook.choice
         where number = %(number)s and number <> '' order by chosen_at
        """,
        number=number,
    )
