"""The same request twice has one effect and one answer.

The key travels in the form (or in the Idempotency-Key header). It is claimed at the beginning of
the transaction and its answer stored at the end, so a double click waits for the first to commit
and is then given the first one's answer; if the first one fails, nothing of it is left.
"""

from dataclasses import dataclass
from datetime import timedelta

from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work


class KeyReused(Conflict):
    message = "这份表单已经提交过，但内容不同；请返回上一页刷新后再填写"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status and either a location or a body."""

    fingerprint: str
    status: int
    location: str
    body: str


def claim(work: Work, *, key: str, fingerprint: str) -> Answer | None:
    """Claim a key for this transaction. Return the earlier answer if it was used before.

    :raises KeyReused: if it was used before with another content.
    :raises Invalid: if it is not 8 to 128 visible ASCII characters.
    """
    if not (8 <= len(key) <= 128 and key.isascii() and key.isprintable()):
        raise Invalid(Problem("key", "防重复提交的编号应为 8 到 128 个可见字符，请刷新页面后重试"))
    claimed = work.run(
        """
        insert into foundation.idempotency (actor, key, fingerprint, created_at)
        values (%(actor)s, %(key)s, %(fingerprint)s, %(now)s)
        on conflict do nothing
        """,
        actor=work.actor.id,
        key=key,
        fingerprint=fingerprint,
        now=work.now,
    )
    if claimed:
        return None
    earlier = work.one(
        Answer,
        """
        select fingerprint, status, location, body
          from foundation.idempotency
         where actor = %(actor)s and key = %(key)s
        """,
        actor=work.actor.id,
        key=key,
    )
    if earlier is None or earlier.fingerprint != fingerprint:
        raise KeyReused
    return earlier


def answer(work: Work, *, key: str, status: int, location: str = "", body: str = "") -> None:
    """Keep the answer to a claimed key, for whoever sends the same again."""
    work.run(
        """
        update foundation.idempotency
           set status = %(status)s, location = %(location)s, body = %(body)s
         where actor = %(actor)s and key = %(key)s
        """,
        actor=work.actor.id,
        key=key,
        status=status,
        location=location,
        body=body,
    )


def forget_older_than(work: Work, *, days: int) -> int:
    """Delete keys of more than so many days ago. Return how many."""
    return work.run(
        "delete from foundation.idempotency where created_at < %(before)s",
        before=work.now - timedelta(days=days),
    )
