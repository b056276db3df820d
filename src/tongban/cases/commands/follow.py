"""Looking at a case from outside, and looking at what is personal in it. Both leave a trace."""

from datetime import timedelta

from tongban import identity
from tongban.cases import queries
from tongban.cases.commands.act import of_case, told
from tongban.cases.events import CaseLookedAt
from tongban.cases.model import Answer, Case, NoSuchCase, code_is_right, key_of
from tongban.foundation.actor import SYSTEM, Actor, Kind
from tongban.foundation.errors import Conflict
from tongban.foundation.work import Work

WRONG_CODES_MAX = 10
WITHIN = timedelta(hours=1)
KEPT = timedelta(days=30)


class TooManyWrongCodes(Conflict):
    message = "编号 {number} 的查询码输错次数过多，请一小时后再试，或登录后查看"


def follower(number: str) -> Actor:
    """Return the actor that somebody is who knows number and code: sees this case, does nothing."""
    return Actor(id=f"case:{number}", name="凭查询码", kind=Kind.CASE, case_number=number)


def track(work: Work, *, number: str, code: str) -> Case | None:
    """Return the case that has this number and query code, or None where there is none such.

    Permits everyone: the code is the permission. A wrong code is counted, so the caller must
    commit after None as well; the same answer is given for a number that does not exist.

    :raises TooManyWrongCodes: after ten wrong codes for a number within an hour.
    """
    try:
        key = key_of(number)
    except NoSuchCase:
        return None
    with work.acting_as(SYSTEM):
        # One after the other, or many guesses at the same moment would not be counted.
        work.run(
            "select pg_advisory_xact_lock(hashtextextended(%(number)s, 0))", number=key["number"]
        )
        if _wrong_codes(work, key) >= WRONG_CODES_MAX:
            raise TooManyWrongCodes(number=key["number"])
        kept = work.value(
            """
            select code_hash from cases.private
             where region = %(region)s and month = %(month)s and number = %(number)s
            """,
            **key,
        )
        if not code_is_right(str(key["number"]), code, kept or b""):
            work.run(
                "insert into cases.code_attempt (number, at) values (%(number)s, %(now)s)",
                number=key["number"],
                now=work.now,
            )
            return None
        return queries.load(work, number=str(key["number"]))


def reveal(work: Work, *, number: str, reason: str) -> list[Answer]:
    """Return the answers of a case in the clear, to an officer who says what for.

    The applicant sees in the trace of the case, and among the looks at them, who looked and why.
    """
    case = queries.load(work, number=number)
    work.actor.must("cases.read", department=case.department, region=case.region)
    reason = told(reason, field="reason", ask="请填写查看个人信息的用途，申请人会看到")
    identity.note_look(work, holder=case.holder, field="answers", reason=reason)
    work.record(CaseLookedAt(**of_case(case), reason=reason))
    return queries.shown(work, case, mask=False)


def _wrong_codes(work: Work, key: dict[str, object]) -> int:
    count: int = work.value(
        "select count(*) from cases.code_attempt where number = %(number)s and at > %(since)s",
        number=key["number"],
        since=work.now - WITHIN,
    )
    return count
